// Approving with a key in hand: what the browser does for an approver, done here for the terminal and for rehearsals.
import type { Actor, CaseId } from "../kernel/ids.ts";
import type { Desk } from "./desk.ts";
import { handle, readCase, type Handled } from "./handle.ts";
import { holdersOf } from "./approver-keys.ts";
import { base64, handOver, joinOpening } from "./package-key.ts";
import { approvalMaterial, type ApprovalMaterial } from "./withheld-opening.ts";

/** Throws when the key is not the one that the package was sealed for; every other no is an answer. */
export async function approveWithKey(desk: Desk, caseId: CaseId, staff: string, identity: CryptoKey): Promise<Handled> {
  const material = await approvalMaterial(desk, await readCase(desk, caseId), staff);
  const part = material === undefined ? { gives: "share", private: { shares: [] } } : await partOf(desk, material, staff, identity);
  const command = { type: "ApproveRelease", package: material?.package ?? "", ...part };
  return handle(desk, { caseId, by: `staff:${staff}` as Actor, askers: ["approver"], command });
}

async function partOf(desk: Desk, { due, share, handed, opening }: ApprovalMaterial, staff: string, identity: CryptoKey) {
  if (due === "opening" && handed !== undefined) return { gives: due, private: { opening: base64(await joinOpening(identity, share, handed, opening)) } };
  const others = (await holdersOf(desk)).filter(({ id }) => id !== staff);
  return { gives: "share", private: { shares: await handOver(identity, share, others) } };
}
