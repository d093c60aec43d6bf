// One desk in service: its profile, the packs in force, and the outside world it works with.
import type { Actor, DeskId } from "../kernel/ids.ts";
import { dayOf, zone, type Day, type Zone } from "../kernel/instant.ts";
import type { Vaulted } from "../kernel/vaulted.ts";
import type { Json } from "../ledger/canonical-json.ts";
import type { ContractPack } from "../policy/contract-pack.ts";
import type { DataCategories } from "../policy/data-categories.ts";
import type { JurisdictionPack, PolicyPack } from "../policy/pack.ts";
import { inForceOn } from "../policy/pack-versions.ts";
import { policyInForce, type PolicyInForce } from "../policy/policy-in-force.ts";
import type { ReadingPack } from "../policy/reading-pack.ts";
import type { Circumstances, History } from "../requests/decision.ts";
import { intakeOf } from "../requests/intake/module.ts";
import type { DeskSetUp, DirectoryFact } from "../requests/directory/events.ts";
import type { DeskPorts } from "./ports.ts";

/** How many tests name a clause, and the first of them. */
export interface ClauseProof {
  readonly tests: number;
  readonly named: readonly { readonly file: string; readonly test: string }[];
}

/** Packs as loaded and checked; the desk chooses among them. */
export interface Shelf {
  readonly policies: readonly PolicyPack[];
  readonly laws: readonly JurisdictionPack[];
  /** Contracts with partners, each clause with who owes whom. */
  readonly contracts: readonly ContractPack[];
  /** By clause: the tests that name it. Empty for packs that come without. */
  readonly proofs: Readonly<Record<string, ClauseProof>>;
  readonly readings: readonly ReadingPack[];
  /** What the kinds of data of a data map are called; empty for packs that come without. */
  readonly dataCategories: DataCategories;
}

/** What only people of the desk may see: it lies in the vault. */
export interface DeskProfile {
  readonly legalEntity: string;
  readonly mailboxes: readonly string[];
  /** Where the faces are reached, without a final slash. */
  readonly publicUrl?: string;
  readonly custodian?: string;
  readonly relay?: { readonly host: string; readonly port: number; readonly from: string; readonly user?: string; readonly password?: string };
}

export interface Desk {
  readonly id: DeskId;
  readonly setUp: DeskSetUp;
  readonly profile: DeskProfile;
  readonly zone: Zone;
  readonly policy: PolicyInForce;
  readonly laws: readonly JurisdictionPack[];
  readonly shelf: Shelf;
  readonly ports: DeskPorts;
}

export const deskStream = "desk";

/** The desk as its facts describe it; undefined before it was set up. Throws when it names a pack that is not on the shelf. */
export async function openDesk(id: DeskId, shelf: Shelf, ports: DeskPorts): Promise<Desk | undefined> {
  const facts = await ports.ledger.readStream(id, deskStream);
  const setUp = facts.map(({ fact }) => fact as unknown as DirectoryFact).findLast((fact) => fact.type === "DeskSetUp");
  if (setUp === undefined) return undefined;
  const profile = (await openSealed(ports, id, setUp.profile)) as unknown as DeskProfile;
  const today = dayOf(ports.clock.now(), zone(setUp.zone));
  const [first, ...rest] = setUp.policies.map((name) => find(shelf.policies, name, today));
  if (first === undefined) throw new Error("the desk has no policy pack");
  return {
    id,
    setUp,
    profile,
    zone: zone(setUp.zone),
    policy: policyInForce([first, ...rest]),
    laws: setUp.laws.map((name) => find(shelf.laws, name, today)),
    shelf,
    ports,
  };
}

/** The version in force on that day; before the first one the first, after the last one the last: a rule of a desk never vanishes with a date. */
function find<Pack extends PolicyPack | JurisdictionPack>(packs: readonly Pack[], id: string, on: Day): Pack {
  const versions = packs.filter(({ pack }) => pack.id === id);
  const byStart = versions.toSorted((one, other) => (one.pack.validFrom < other.pack.validFrom ? -1 : 1));
  const found = inForceOn(versions, on)[0] ?? (byStart.every(({ pack }) => on < pack.validFrom) ? byStart[0] : byStart.at(-1));
  if (found === undefined) throw new Error(`the desk uses the pack ${id}, which is not installed`);
  return found;
}

/** Opens a sealed value; throws when it was forgotten or is not the one the fact committed to. */
async function openSealed(ports: Pick<DeskPorts, "vault">, desk: DeskId, sealed: Vaulted): Promise<Json> {
  const found = await findSealed(ports, desk, sealed);
  if (found === undefined) throw new Error("a sealed value is missing or was forgotten");
  return found;
}

/** Undefined when the case was forgotten. */
export async function findSealed(ports: Pick<DeskPorts, "vault">, desk: DeskId, sealed: Vaulted): Promise<Json | undefined> {
  const opened = await ports.vault.open(desk, sealed.vault, sealed.commitment);
  return opened.kind === "open" ? opened.value : undefined;
}

/** As `circumstances`, under the packs of the day the paper was served: a case keeps the rules it began with. */
export function caseCircumstances(desk: Desk, history: History, by: Actor, fresh = desk.ports.chance.id()): Circumstances {
  const at = circumstances(desk, by, fresh);
  const { details, received } = intakeOf(history);
  const served = details?.instrument?.servedAt ?? received?.receivedAt;
  if (served === undefined) return at;
  const on = dayOf(served, desk.zone);
  const laws = desk.setUp.laws.map((name) => find(desk.shelf.laws, name, on));
  const [first, ...rest] = desk.setUp.policies.map((name) => find(desk.shelf.policies, name, on));
  return {
    ...at,
    ...(differ(laws, desk.laws) ? { laws } : {}),
    ...(first === undefined || !changed([first, ...rest], desk) ? {} : { policy: policyInForce([first, ...rest]) }),
  };
}

function differ(one: readonly JurisdictionPack[], other: readonly JurisdictionPack[]): boolean {
  return one.map(versionOf).toSorted().join() !== other.map(versionOf).toSorted().join();
}

function changed(policies: readonly PolicyPack[], { policy }: Desk): boolean {
  return policies.map(versionOf).toSorted().join() !== policy.versions.toSorted().join();
}

function versionOf({ pack }: PolicyPack | JurisdictionPack): string {
  return `${pack.id}@${pack.version}`;
}

export function circumstances(desk: Desk, by: Actor, fresh = desk.ports.chance.id()): Circumstances {
  const now = desk.ports.clock.now();
  const provider = desk.setUp.provider === undefined ? {} : { provider: desk.setUp.provider };
  return { now, today: dayOf(now, desk.zone), zone: desk.zone, by, policy: desk.policy, laws: desk.laws, ...provider, fresh };
}
