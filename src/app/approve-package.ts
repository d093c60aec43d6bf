// Approving with a key in hand: what the browser does for an approver, done here for the terminal and for rehearsals.
import type { Actor, CaseId } from "../kernel/ids.ts";
import type { Desk } from "./desk.ts";
import { handle, readCase, type Ask, type Handled } from "./handle.ts";
import { releaseOf } from "../requests/disclosure/module.ts";
import { base64, bytesOf, handOver, joinOpening, type PackageName } from "./package-key.ts";
import { approvalMaterial, notOpened, type ApprovalMaterial } from "./withheld-opening.ts";

/** Takes an approval, when what it gives back is what was withheld: bytes that open nothing are nobody's second approval. */
export async function approvePackage(desk: Desk, ask: Ask): Promise<Handled> {
  const { sealed } = releaseOf(await readCase(desk, ask.caseId));
  const { gives, private: given } = ask.command as { readonly gives?: unknown; readonly private?: { readonly opening?: unknown } };
  if (gives === "opening" && sealed !== undefined && !isOpening(desk, given?.opening, sealed.opening))
    return { kind: "refused", reasons: [notOpened(desk.policy)] };
  return handle(desk, ask);
}

function isOpening(desk: Desk, text: unknown, digest: string): boolean {
  if (typeof text !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return false;
  return desk.ports.digest(bytesOf(text)) === digest;
}

/** `passphrase`: of a package that is sealed by one; the approver tells it to the agency, by another way. */
type Approved = Handled & { readonly passphrase?: string };

/** Throws when the key is not the one that the package was sealed for; every other no is an answer. */
export async function approveWithKey(desk: Desk, caseId: CaseId, staff: string, identity: CryptoKey): Promise<Approved> {
  const material = await approvalMaterial(desk, await readCase(desk, caseId), staff);
  const { passphrase, ...part } = material === undefined ? nothing : await partOf(material, { caseId, sha256: material.sha256 }, identity);
  const command = { type: "ApproveRelease", package: material?.package ?? "", ...part };
  const handled = await approvePackage(desk, { caseId, by: `staff:${staff}` as Actor, askers: ["approver"], command });
  return handled.kind === "done" && passphrase !== undefined ? { ...handled, passphrase } : handled;
}

interface Part {
  readonly gives: "share" | "opening";
  readonly private: object;
  readonly passphrase?: string | undefined;
}

const nothing: Part = { gives: "share", private: { shares: [] } };

async function partOf({ due, share, handed, opening }: ApprovalMaterial, name: PackageName, identity: CryptoKey): Promise<Part> {
  if (due === "opening" && handed !== undefined) {
    const withheld = await joinOpening(identity, share, handed, opening, name);
    return { gives: due, private: { opening: base64(withheld.opening) }, passphrase: withheld.passphrase };
  }
  return { gives: "share", private: { shares: await handOver(identity, share, name) } };
}
