// The keys of those who approve: the desk knows the public half, and whose it is; the other half is a passkey's or a phrase's, and never here.
import type { Actor } from "../kernel/ids.ts";
import type { ApproverKeyAdded, DirectoryFact } from "../requests/directory/events.ts";
import { findSealed, type Desk } from "./desk.ts";
import { findStaff, recordEntry } from "./directory.ts";
import { isUsableRecipient, type Holder } from "./package-key.ts";

type Place = Pick<Desk, "id" | "ports">;

const keysStream = "approver-keys";

/** The newest key of everybody who added one. */
async function approverKeysOf(desk: Place): Promise<ReadonlyMap<string, ApproverKeyAdded>> {
  const facts = (await desk.ports.ledger.readStream(desk.id, keysStream)).map(({ fact }) => fact as unknown as DirectoryFact);
  return new Map(facts.flatMap((fact) => (fact.type === "ApproverKeyAdded" ? [[fact.staff, fact] as const] : [])));
}

export async function approverKeyOf(desk: Place, staff: string): Promise<ApproverKeyAdded | undefined> {
  return (await approverKeysOf(desk)).get(staff);
}

/** Everybody who may approve and has a key. */
export async function holdersOf(desk: Place): Promise<readonly Holder[]> {
  const keys = [...(await approverKeysOf(desk)).values()];
  const found = await Promise.all(keys.map((key) => holderOf(desk, key)));
  return found.filter((holder) => holder !== undefined);
}

async function holderOf(desk: Place, { staff, key }: ApproverKeyAdded): Promise<Holder | undefined> {
  const person = await findStaff(desk, staff);
  const known = person?.roles.includes("approver") === true ? await findSealed(desk.ports, desk.id, key) : undefined;
  return known === undefined ? undefined : { id: staff, recipient: (known as unknown as PublicKey).recipient };
}

interface PublicKey {
  /** `age1…` */
  readonly recipient: string;
}

type NewKey = PublicKey & Pick<ApproverKeyAdded, "kind" | "credential">;
type Added = { readonly kind: "added" } | { readonly kind: "refused"; readonly because: string };

/** A person adds a key of their own; a later one takes the place of an earlier one for packages that are sealed from then on. */
export async function addApproverKey(desk: Place, staff: string, { recipient, ...made }: NewKey): Promise<Added> {
  if (!/^age1[02-9ac-hj-np-z]{58}$/.test(recipient) || !(await isUsableRecipient(recipient)))
    return { kind: "refused", because: "This is no key that something can be sealed to." };
  const person = await findStaff(desk, staff);
  if (person?.roles.includes("approver") !== true) return { kind: "refused", because: "Only people who approve releases have such a key." };
  await recordEntry(desk.ports, desk.id, {
    stream: keysStream,
    by: `staff:${staff}` as Actor,
    value: { recipient },
    fact: (key) => ({ type: "ApproverKeyAdded", staff, ...made, key }),
  });
  return { kind: "added" };
}
