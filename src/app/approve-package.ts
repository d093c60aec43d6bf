// Approving with a key in hand: what the browser does for an approver, done here for the terminal and for rehearsals.
import type { Actor, CaseId } from "../kernel/ids.ts";
import type { Desk } from "./desk.ts";
import { handle, readCase, type Handled } from "./handle.ts";
import { holdersOf } from "./approver-keys.ts";
import { base64, handOver, joinOpening } from "./package-key.ts";
import { approvalMaterial, type ApprovalMaterial } from "./withheld-opening.ts";

/** `passphrase`: of a package that is sealed by one; the approver tells it to the agency, by another way. */
type Approved = Handled & { readonly passphrase?: string };

/** Throws when the key is not the one that the package was sealed for; every other no is an answer. */
export async function approveWithKey(desk: Desk, caseId: CaseId, staff: string, identity: CryptoKey): Promise<Approved> {
  const material = await approvalMaterial(desk, await readCase(desk, caseId), staff);
  const { passphrase, ...part } = material === undefined ? nothing : await partOf(desk, material, staff, identity);
  const command = { type: "ApproveRelease", package: material?.package ?? "", ...part };
  const handled = await handle(desk, { caseId, by: `staff:${staff}` as Actor, askers: ["approver"], command });
  return handled.kind === "done" && passphrase !== undefined ? { ...handled, passphrase } : handled;
}

interface Part {
  readonly gives: "share" | "opening";
  readonly private: object;
  readonly passphrase?: string | undefined;
}

const nothing: Part = { gives: "share", private: { shares: [] } };

async function partOf(desk: Desk, { due, share, handed, opening }: ApprovalMaterial, staff: string, identity: CryptoKey): Promise<Part> {
  if (due === "opening" && handed !== undefined) {
    const withheld = await joinOpening(identity, share, handed, opening);
    return { gives: due, private: { opening: base64(withheld.opening) }, passphrase: withheld.passphrase };
  }
  const others = (await holdersOf(desk)).filter(({ id }) => id !== staff);
  return { gives: "share", private: { shares: await handOver(identity, share, others) } };
}
