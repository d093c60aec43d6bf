// A mailbox that asks for a link: how it is read, and how often one sender may ask.
import { z } from "zod";
import { plain } from "../app/directory.ts";
import { clientAddress } from "./client-address.ts";
import type { LinkLimits } from "./rate-limit.ts";
import { formText, type WebContext } from "./web.tsx";

const mailboxText = z.email().max(254);

export type AskedMailbox =
  | { readonly kind: "too-many" }
  | { readonly kind: "no-mailbox"; readonly given: string }
  /** Above the limit of its own no letter goes out, and the answer is the same. */
  | { readonly kind: "asked"; readonly given: string; readonly isMailed: boolean };

export async function askedMailbox(c: WebContext, limits: LinkLimits): Promise<AskedMailbox> {
  const given = ((await formText(c))["mailbox"] ?? "").trim().slice(0, 300);
  const nowMs = performance.now();
  if (!limits.perClient.allows(clientAddress(c), nowMs)) return { kind: "too-many" };
  if (!mailboxText.safeParse(given).success) return { kind: "no-mailbox", given };
  return { kind: "asked", given, isMailed: limits.perMailbox.allows(plain(given), nowMs) };
}
