// What the vault holds about one case, opened for people and letters of the desk.
import { findSealed, type Desk } from "./desk.ts";
import type { CaseId } from "../kernel/ids.ts";
import type { Json } from "../ledger/canonical-json.ts";
import type { History } from "../requests/decision.ts";
import type { RequestReading } from "../requests/intake/details.ts";
import { intakeOf, type confirmDetailsSchema } from "../requests/intake/module.ts";
import type { z } from "zod";

export type PrivateDetails = z.output<typeof confirmDetailsSchema>["private"];

/** What intake keeps of a message: enough to show it and to answer it. */
export interface MessageContent {
  readonly messageId?: string;
  readonly subject?: string;
  readonly from: readonly { readonly name: string; readonly address: string }[];
  readonly replyTo: readonly { readonly name: string; readonly address: string }[];
  readonly date?: string;
  readonly sources: readonly { readonly id: string; readonly text: string }[];
  readonly problems: readonly { readonly code: string; readonly because: string; readonly attachment?: number }[];
  readonly attachments: readonly { readonly index: number; readonly fileName: string; readonly kind: string; readonly bytes: number }[];
}

export interface CaseSecrets {
  readonly caseId: CaseId;
  readonly message: MessageContent | undefined;
  readonly reading: RequestReading | undefined;
  readonly details: PrivateDetails | undefined;
}

/** Members are undefined where nothing was recorded, or where the case was forgotten. */
export async function openSecrets(desk: Desk, caseId: CaseId, history: History): Promise<CaseSecrets> {
  const { message, reading, details } = intakeOf(history);
  const open = async <Value>(sealed: Parameters<typeof findSealed>[2] | undefined): Promise<Value | undefined> =>
    sealed === undefined ? undefined : ((await findSealed(desk.ports, desk.id, sealed)) as (Json & Value) | undefined);
  return {
    caseId,
    message: await open<MessageContent>(message?.content),
    reading: await open<RequestReading>(reading?.reading),
    details: await open<PrivateDetails>(details?.details),
  };
}

/**
 * Where letters to the agency go: the mailbox the message came from. Another mailbox of the officer counts only at the same
 * domain, because nothing but that domain was vouched for: a download link must not follow a line in a letter elsewhere.
 */
export function agencyAddress({ details, message }: CaseSecrets): string | undefined {
  const from = message?.from[0]?.address;
  const officer = details?.officer?.email;
  return officer !== undefined && from !== undefined && domainOf(officer) === domainOf(from) ? officer : from;
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1).toLowerCase();
}
