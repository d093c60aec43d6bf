// The desk's own directory: customers' workspaces and accounts, officers already called back, and its staff.
import type { Actor } from "../kernel/ids.ts";
import type { Day } from "../kernel/instant.ts";
import type { Json } from "../ledger/canonical-json.ts";
import type { Appended, Claim, FactBody } from "../ledger/port.ts";
import type { DirectoryFact, OfficerCalledBack, StaffAdmitted, StaffRole } from "../requests/directory/events.ts";
import type { SourceEntry } from "./source-settings.ts";
import { deskCase, type SealedValue } from "./vault-port.ts";
import { findSealed, type Desk } from "./desk.ts";
import type { DeskPorts } from "./ports.ts";
import type { DeskId } from "../kernel/ids.ts";

interface Contact {
  readonly name: string;
  readonly email: string;
}

export interface WorkspaceEntry {
  readonly id: string;
  readonly name: string;
  readonly aliases?: readonly string[] | undefined;
  /** In the order in which they are tried. */
  readonly owners: readonly Contact[];
}

export interface AccountEntry {
  /** As the source knows it. */
  readonly id: string;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly userName?: string | undefined;
}

export interface OfficerEntry {
  readonly name: string;
  readonly rank?: string | undefined;
  readonly agency: string;
  readonly email: string;
  readonly phone?: string | undefined;
  readonly calledBackOn: Day;
  readonly numberSource: string;
}

export interface StaffEntry {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly StaffRole[];
}

type Ports = Pick<DeskPorts, "ledger" | "vault" | "clock" | "claims">;

interface Entry {
  readonly stream: string;
  readonly by: Actor;
  readonly value: Json;
  readonly claims?: readonly Claim[];
  readonly fact: (sealed: SealedValue) => DirectoryFact;
}

/** Writes a fact of the directory to the end of its stream, with its private value sealed beside it. */
export async function recordEntry(ports: Ports, desk: DeskId, entry: Entry): Promise<"recorded" | { readonly claimedBy: string }> {
  for (;;) {
    const answer = await recordEntryAt(ports, desk, entry, (await ports.ledger.readStream(desk, entry.stream)).length);
    if (answer.kind === "appended") return "recorded";
    if (answer.kind === "claimed") return { claimedBy: answer.stream };
  }
}

/** As `recordEntry`, for a fact that was decided on what the stream held at this version: nothing is written when it holds more by now. */
export async function recordEntryAt(ports: Ports, desk: DeskId, entry: Entry, expectedVersion: number): Promise<Appended> {
  const { values, alongside } = await ports.vault.prepare(desk, deskCase, [entry.value]);
  const [sealed] = values;
  if (sealed === undefined) throw new Error("the vault sealed nothing");
  return ports.ledger.append({
    desk,
    stream: entry.stream,
    expectedVersion,
    at: ports.clock.now(),
    by: entry.by,
    facts: [entry.fact(sealed) as unknown as FactBody],
    alongside: { ...alongside, claims: entry.claims ?? [] },
  });
}

export async function registerWorkspace(
  ports: Ports,
  desk: DeskId,
  by: Actor,
  workspace: WorkspaceEntry,
): Promise<"recorded" | { readonly claimedBy: string }> {
  const names = [...new Set([workspace.id, workspace.name, ...(workspace.aliases ?? [])].map(plain))];
  const claims = await Promise.all(names.map(async (name) => ({ key: await ports.vault.digest(desk, "workspace", name) })));
  return recordEntry(ports, desk, {
    stream: `workspace:${workspace.id}`,
    by,
    value: json(workspace),
    claims,
    fact: (details) => ({ type: "WorkspaceRegistered", workspace: workspace.id, details }),
  });
}

/** Each account is found by its id, e-mail address and user name within its workspace. */
export async function registerAccounts(ports: Ports, desk: DeskId, by: Actor, workspace: string, accounts: readonly AccountEntry[]): Promise<void> {
  for (const account of accounts) {
    const names = [...new Set([account.id, account.email, account.userName].filter((name) => name !== undefined).map(plain))];
    const claims = await Promise.all(names.map(async (name) => ({ key: await accountKey(ports, desk, workspace, name) })));
    await recordEntry(ports, desk, {
      stream: accountStream(workspace, account.id),
      by,
      value: json(account),
      claims,
      fact: (sealed) => ({ type: "AccountsRegistered", workspace, count: 1, accounts: sealed }),
    });
  }
}

function accountStream(workspace: string, account: string): string {
  return `account:${workspace}:${account}`;
}

function accountKey(ports: Ports, desk: DeskId, workspace: string, name: string): Promise<string> {
  return ports.vault.digest(desk, "account", `${plain(workspace)}\n${plain(name)}`);
}

const officersStream = "officers";

export async function registerOfficer(ports: Ports, desk: DeskId, by: Actor, officer: OfficerEntry): Promise<void> {
  const digest = await ports.vault.digest(desk, "officer", plain(officer.email));
  const domain = plain(officer.email).split("@").at(-1) ?? "";
  await recordEntry(ports, desk, {
    stream: officersStream,
    by,
    value: json(officer),
    fact: (details) => ({ type: "OfficerCalledBack", officer: digest, domain, on: officer.calledBackOn, numberSource: officer.numberSource, details }),
  });
}

/** One person, one entry: an id or a mailbox that differs only in case belongs to somebody who is here already. */
export async function admitStaff(ports: Ports, desk: DeskId, by: Actor, staff: StaffEntry): Promise<"recorded" | { readonly claimedBy: string }> {
  const names = [`id:${plain(staff.id)}`, `email:${plain(staff.email)}`];
  const claims = await Promise.all(names.map(async (name) => ({ key: await ports.vault.digest(desk, "staff", name) })));
  return recordEntry(ports, desk, {
    stream: `staff:${staff.id}`,
    by,
    value: json(staff),
    claims,
    fact: (details) => ({ type: "StaffAdmitted", staff: staff.id, roles: staff.roles, details }),
  });
}

export async function findWorkspace(desk: Desk, nameOrId: string): Promise<WorkspaceEntry | undefined> {
  const key = await desk.ports.vault.digest(desk.id, "workspace", plain(nameOrId));
  const stream = await desk.ports.claims.find(desk.id, key);
  return stream === undefined ? undefined : ((await newest(desk, stream, "WorkspaceRegistered")) as unknown as WorkspaceEntry | undefined);
}

export async function findAccount(desk: Desk, workspace: string, identifier: string): Promise<AccountEntry | undefined> {
  const stream = await desk.ports.claims.find(desk.id, await accountKey(desk.ports, desk.id, workspace, identifier));
  return stream === undefined ? undefined : ((await newest(desk, stream, "AccountsRegistered")) as unknown as AccountEntry | undefined);
}

/** Call-backs on record, oldest first. */
export async function officersOf(desk: Pick<Desk, "id" | "ports">): Promise<readonly OfficerCalledBack[]> {
  const facts = await desk.ports.ledger.readStream(desk.id, officersStream);
  return facts.map(({ fact }) => fact as unknown as DirectoryFact).filter((fact) => fact.type === "OfficerCalledBack");
}

export function officerDigest(desk: Pick<Desk, "id" | "ports">, email: string): Promise<string> {
  return desk.ports.vault.digest(desk.id, "officer", plain(email));
}

const sourcesStream = "sources";

/** A source connected again under the same name replaces the earlier one. */
export async function connectSource(ports: Ports, desk: DeskId, by: Actor, source: SourceEntry): Promise<void> {
  await recordEntry(ports, desk, {
    stream: sourcesStream,
    by,
    value: json(source),
    fact: (details) => ({ type: "SourceConnected", source: source.name, kind: source.kind, details }),
  });
}

export async function sourcesOf(desk: Desk): Promise<readonly SourceEntry[]> {
  const facts = (await desk.ports.ledger.readStream(desk.id, sourcesStream)).map(({ fact }) => fact as unknown as DirectoryFact);
  const newestOf = new Map(facts.flatMap((fact) => (fact.type === "SourceConnected" ? [[fact.source, fact.details] as const] : [])));
  const entries = await Promise.all([...newestOf.values()].map((details) => findSealed(desk.ports, desk.id, details)));
  return entries.flatMap((entry) => (entry === undefined ? [] : [entry as unknown as SourceEntry]));
}

export interface Staff extends StaffEntry {
  readonly passkeys: readonly { readonly credential: string; readonly passkey: SealedValue }[];
}

export async function findStaff(desk: Pick<Desk, "id" | "ports">, id: string): Promise<Staff | undefined> {
  const facts = (await desk.ports.ledger.readStream(desk.id, `staff:${id}`)).map(({ fact }) => fact as unknown as DirectoryFact);
  const admitted = facts.findLast((fact): fact is StaffAdmitted => fact.type === "StaffAdmitted");
  if (admitted === undefined) return undefined;
  const details = (await findSealed(desk.ports, desk.id, admitted.details)) as unknown as StaffEntry | undefined;
  return details === undefined
    ? undefined
    : {
        ...details,
        roles: admitted.roles,
        passkeys: facts.flatMap((fact) => (fact.type === "PasskeyAdded" ? [{ credential: fact.credential, passkey: fact.passkey }] : [])),
      };
}

async function newest(desk: Desk, stream: string, type: "WorkspaceRegistered" | "AccountsRegistered"): Promise<Json | undefined> {
  const facts = (await desk.ports.ledger.readStream(desk.id, stream)).map(({ fact }) => fact as unknown as DirectoryFact);
  const found = facts.findLast((fact) => fact.type === type);
  if (found?.type === "WorkspaceRegistered") return findSealed(desk.ports, desk.id, found.details);
  if (found?.type === "AccountsRegistered") return findSealed(desk.ports, desk.id, found.accounts);
  return undefined;
}

/** Names are compared without case, outer space and repeated space. */
export function plain(name: string): string {
  return name.normalize("NFKC").trim().replaceAll(/\s+/g, " ").toLowerCase();
}

function json(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
