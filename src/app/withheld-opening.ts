// The first bytes of a package, apart from the rest: withheld when it is packed, given back by two approvers, put before the file at the download.
import { cite, type PolicyInForce } from "../policy/policy-in-force.ts";
import type { Reason } from "../kernel/outcome.ts";
import type { History } from "../requests/decision.ts";
import { releaseOf } from "../requests/disclosure/module.ts";
import type { CaseId } from "../kernel/ids.ts";
import type { Desk } from "./desk.ts";
import { findSealed } from "./desk.ts";
import { readCase } from "./handle.ts";
import { bytesOf, type SealedShare, type SplitOpening } from "./package-key.ts";
import type { PackageSink } from "./production-port.ts";

/**
 * So many bytes hold the key of an age file for as many recipients as an officer may name, and of an OpenPGP message for the
 * longest of keys. Without them the officer's own key opens nothing.
 */
const openingBytes = 32 * 1024;

export interface Withholding {
  readonly before: (sink: PackageSink) => PackageSink;
  readonly opening: () => Uint8Array;
}

interface Withheld {
  /** The first bytes of a package that is gone on with. */
  readonly from?: Uint8Array;
  /** Awaited before the first byte behind the opening is written. */
  readonly whenFull?: () => Promise<void>;
}

/** Keeps the first bytes back from one sink. They are complete once the packer has asked for `keep`; a shorter file is all opening. */
export function withholdOpening({ from = new Uint8Array(0), whenFull }: Withheld = {}): Withholding {
  const held = new Uint8Array(openingBytes);
  held.set(from);
  let filled = from.length;
  return {
    opening: () => held.subarray(0, filled),
    before: (sink) => ({
      ...sink,
      write: async (chunk) => {
        const first = chunk.subarray(0, openingBytes - filled);
        held.set(first, filled);
        filled += first.length;
        if (chunk.length === first.length) return;
        await whenFull?.();
        await sink.write(chunk.subarray(first.length));
      },
    }),
  };
}

/** Whether the whole key of an age file lies in these bytes: its header ends in them, and the nonce after it. */
export function holdsAgeKey(opening: Uint8Array): boolean {
  const text = new TextDecoder("latin1").decode(opening);
  const [mac] = /\n--- [A-Za-z0-9+/]+\n/.exec(text) ?? [];
  return mac !== undefined && text.indexOf(mac) + mac.length + 16 <= opening.length;
}

/** What two approvers opened together, when it is what was sealed; undefined otherwise. */
export async function findOpening(desk: Desk, history: History): Promise<Uint8Array | undefined> {
  const { sealed, approvals } = releaseOf(history);
  for (const { gives, part } of approvals) {
    if (sealed === undefined || gives !== "opening") continue;
    const given = (await findSealed(desk.ports, desk.id, part)) as { readonly opening?: string } | undefined;
    const opening = given?.opening === undefined ? undefined : decoded(given.opening);
    if (opening !== undefined && desk.ports.digest(opening) === sealed.opening) return opening;
  }
  return undefined;
}

function decoded(text: string): Uint8Array | undefined {
  try {
    return bytesOf(text);
  } catch {
    return undefined;
  }
}

export function notOpened(policy: PolicyInForce): Reason {
  return {
    clause: cite(policy, "IGRP-5", "KDRP-4"),
    code: "NOT_OPENED",
    because: "What the two approvers gave does not open the package that was sealed. Seal it anew and have it approved again.",
  };
}

/** The sealed file as the officer gets it, from this byte on; undefined when it is no longer kept or was never opened. */
export async function openPackage(desk: Desk, caseId: CaseId, from = 0): Promise<AsyncIterable<Uint8Array> | undefined> {
  const history = await readCase(desk, caseId);
  const { sealed } = releaseOf(history);
  const opening = await findOpening(desk, history);
  const rest =
    opening === undefined || sealed === undefined
      ? undefined
      : await desk.ports.objects.get(desk.id, caseId, sealed.object, Math.max(0, from - opening.length));
  return opening === undefined || rest === undefined ? undefined : joined(opening.subarray(from), rest);
}

async function* joined(opening: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (opening.length > 0) yield opening;
  yield* rest;
}

/** What one approver needs before them: the own share, what somebody handed over, and the sealed first bytes. */
export interface ApprovalMaterial {
  readonly package: string;
  readonly sha256: string;
  readonly due: "share" | "opening";
  readonly share: SealedShare;
  /** Present when `due` is `opening`. */
  readonly handed?: SealedShare;
  readonly opening: string;
}

/** Undefined while nothing is sealed, or for somebody who holds no share of it. Every value is sealed for its holder: nothing here opens anything by itself. */
export async function approvalMaterial(desk: Desk, history: History, staff: string): Promise<ApprovalMaterial | undefined> {
  const { sealed, approvals } = releaseOf(history);
  if (sealed === undefined) return undefined;
  const split = (await findSealed(desk.ports, desk.id, sealed.shares)) as unknown as SplitOpening | undefined;
  const share = split?.shares.find(({ holder }) => holder === staff);
  if (split === undefined || share === undefined) return undefined;
  const first = approvals.find(({ gives }) => gives === "share");
  const material = { package: sealed.package, sha256: sealed.sha256, share, opening: split.opening };
  if (first === undefined) return { ...material, due: "share" };
  const given = (await findSealed(desk.ports, desk.id, first.part)) as unknown as { readonly shares?: readonly SealedShare[] } | undefined;
  const handed = given?.shares?.find(({ holder }) => holder === staff);
  return { ...material, due: "opening", ...(handed === undefined ? {} : { handed }) };
}
