// The keys of those who approve: the desk knows the public half, and whose it is; the other half is a passkey's or a phrase's, and never here.
import type { Actor } from "../kernel/ids.ts";
import type { FactBody } from "../ledger/port.ts";
import type { ApproverKeyAdded, DirectoryFact } from "../requests/directory/events.ts";
import { findStaff } from "./directory.ts";
import type { Desk } from "./desk.ts";
import type { Holder } from "./package-key.ts";

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
  const keys = await approverKeysOf(desk);
  const found = await Promise.all([...keys.keys()].map((id) => findStaff(desk, id)));
  return found.flatMap((staff) => {
    const key = staff?.roles.includes("approver") === true ? keys.get(staff.id) : undefined;
    return staff === undefined || key === undefined ? [] : [{ id: staff.id, recipient: key.recipient }];
  });
}

type Added = { readonly kind: "added" } | { readonly kind: "refused"; readonly because: string };

/** A person adds a key of their own; a later one takes the place of an earlier one for packages that are sealed from then on. */
export async function addApproverKey(desk: Place, staff: string, key: Pick<ApproverKeyAdded, "kind" | "recipient" | "credential">): Promise<Added> {
  if (!/^age1[02-9ac-hj-np-z]{58}$/.test(key.recipient)) return { kind: "refused", because: "This is no key: it does not have the form age1…" };
  const person = await findStaff(desk, staff);
  if (person?.roles.includes("approver") !== true) return { kind: "refused", because: "Only people who approve releases have such a key." };
  const fact: ApproverKeyAdded = { type: "ApproverKeyAdded", staff, ...key };
  for (;;) {
    const { length } = await desk.ports.ledger.readStream(desk.id, keysStream);
    const appended = await desk.ports.ledger.append({
      desk: desk.id,
      stream: keysStream,
      expectedVersion: length,
      at: desk.ports.clock.now(),
      by: `staff:${staff}` as Actor,
      facts: [fact as unknown as FactBody],
    });
    if (appended.kind === "appended") return { kind: "added" };
  }
}
