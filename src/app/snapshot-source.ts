// Lets a production read what was kept: where a sealed snapshot covers a planned read, its records come from there and from nowhere else.
import { snapshotKey } from "./snapshot-key.ts";
import type { CaseId } from "../kernel/ids.ts";
import { dayOf, type Instant } from "../kernel/instant.ts";
import { canonicalJson, type Json } from "../ledger/canonical-json.ts";
import { dayWords } from "../policy/deadline-rule.ts";
import type { After, Collected, CollectedRecord, PlannedRead } from "../production/shapes.ts";
import type { History } from "../requests/decision.ts";
import { livingPreservations, openedForPlan, type LivingPreservation } from "../requests/preservation/module.ts";
import type { Desk } from "./desk.ts";
import { findWaitingCopies } from "./linked-cases.ts";
import type { Collector, Counted } from "./production-port.ts";
import { openSnapshot, type OpenSnapshot } from "./snapshot-object.ts";

interface KeptPlace {
  readonly living: LivingPreservation;
  /** The other case that keeps it; absent: the case that is answered. */
  readonly from?: CaseId;
}

export interface KeptCopy extends KeptPlace {
  readonly reads: readonly PlannedRead[];
  /** Opened anew for every read. */
  readonly open: () => Promise<OpenSnapshot>;
}

/** The living copies that answer a case: its own, and those of other cases that wait for it. Throws when one is not in the store. */
export async function keptCopies(desk: Desk, caseId: CaseId, history: History): Promise<readonly KeptCopy[]> {
  return openAll(desk, caseId, await placesOf(desk, caseId, history));
}

/** Exactly the copies that the newest plan was checked with; undefined when one of them is kept no longer. */
export async function findCheckedCopies(desk: Desk, caseId: CaseId, history: History): Promise<readonly KeptCopy[] | undefined> {
  const opened = openedForPlan(history);
  const isOf = ({ living, from }: KeptPlace) => opened.filter((use) => use.preservation === living.preservation && use.from === from);
  const places = (await placesOf(desk, caseId, history)).filter((place) => isOf(place).length > 0);
  return opened.every((use) => places.some((place) => isOf(place).includes(use))) ? openAll(desk, caseId, places) : undefined;
}

/** The earliest first: where two copies hold the same time, the later one may have lost what was deleted between them. */
async function placesOf(desk: Desk, caseId: CaseId, history: History): Promise<readonly KeptPlace[]> {
  const own = livingPreservations(history).map((living): KeptPlace => ({ living }));
  return [...own, ...(await findWaitingCopies(desk, caseId, history))].toSorted((a, b) => inOrder(a.living.sealedAt, b.living.sealedAt));
}

function inOrder(one: Instant, other: Instant): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

function openAll(desk: Desk, caseId: CaseId, places: readonly KeptPlace[]): Promise<readonly KeptCopy[]> {
  return Promise.all(places.map((place) => keptCopy(desk, caseId, place)));
}

async function keptCopy(desk: Desk, caseId: CaseId, place: KeptPlace): Promise<KeptCopy> {
  const { living, from = caseId } = place;
  const open = async (): Promise<OpenSnapshot> => {
    const bytes = await desk.ports.objects.get(desk.id, snapshotKey(from, living.preservation), living.sealed.object);
    if (bytes === undefined) throw new Error("a snapshot that is on record as kept is not in the store");
    const snapshot = await openSnapshot(bytes);
    if (snapshot.head.preservation !== living.preservation) throw new Error("a snapshot belongs to another preservation");
    return snapshot;
  };
  const { head, close } = await open();
  await close();
  return { ...place, reads: head.plan.reads, open };
}

/** The records as a plan should read them: from the copies as far as these reach, live around them. */
export function withKept(live: Collector, copies: readonly KeptCopy[]): Collector {
  if (copies.length === 0) return live;
  return {
    count: (read, signal) => countParts(partsOf(read, copies), live, signal),
    read: (read, signal, after) => readParts(partsOf(read, copies), live, signal, after),
  };
}

/** Reads of a plan that a copy serves, with how many of their records it gives. */
export async function usesOf(
  reads: readonly PlannedRead[],
  copies: readonly KeptCopy[],
): Promise<readonly { readonly copy: KeptCopy; readonly records: number }[]> {
  const uses: { readonly copy: KeptCopy; readonly records: number }[] = [];
  for (const copy of copies) {
    const parts = reads.flatMap((read) => partsOf(read, copies)).flatMap((part) => (part.kind === "kept" && part.copy === copy ? [part] : []));
    if (parts.length === 0) continue;
    const { records } = await copy.open();
    const used = new Set<string>();
    for await (const record of records)
      if (parts.some((part) => isPart(record, part))) used.add(`${record.source}\u0000${record.collection}\u0000${record.line}\u0000${record.key}`);
    uses.push({ copy, records: used.size });
  }
  return uses;
}

/** What the papers of a package say about a line whose records were kept; undefined when all of them are live. */
export function keptWords(line: string, reads: readonly PlannedRead[], copies: readonly KeptCopy[], zone: Desk["zone"]): string | undefined {
  const parts = reads.filter((read) => read.line === line).flatMap((read) => partsOf(read, copies));
  const used = new Set(parts.flatMap((part) => (part.kind === "kept" ? [part.copy] : [])));
  return used.size === 0 ? undefined : [...used].map((copy) => copyWords(copy, zone)).join(" ");
}

/** Of a copy that another case keeps no number is told: that case may be another agency's, and sealed. */
function copyWords({ living: { preservation, sealed, sealedAt }, from }: KeptCopy, zone: Desk["zone"]): string {
  const name = from === undefined ? `preservation ${preservation}, ` : "";
  return `Taken from the copy that was sealed on ${dayWords(dayOf(sealedAt, zone))} to keep it (${name}SHA-256 ${sealed.sha256}), as far as that copy reaches.`;
}

type Part =
  | { readonly kind: "live"; readonly read: PlannedRead }
  | { readonly kind: "kept"; readonly read: PlannedRead; readonly copy: KeptCopy; readonly kept: PlannedRead };

/** A read in the order of time: the first copy that covers some of it gives that stretch, and what lies around it is divided in the same way. */
function partsOf(read: PlannedRead, copies: readonly KeptCopy[]): readonly Part[] {
  for (const copy of copies) {
    const kept = copy.reads.flatMap((candidate) => asFarAsTaken(candidate, copy.living)).find((candidate) => covers(candidate, read));
    if (kept === undefined) continue;
    const around = (rest: readonly PlannedRead[]) => rest.flatMap((each) => partsOf(each, copies));
    return [...around(before(read, kept)), { kind: "kept", read: within(read, kept), copy, kept }, ...around(afterwards(read, kept))];
  }
  return [{ kind: "live", read }];
}

/** A copy that was taken in the course of the day of service holds nothing of the rest of that day. */
function asFarAsTaken(kept: PlannedRead, { begunAt }: KeptCopy["living"]): readonly PlannedRead[] {
  if (kept.until === undefined || kept.until <= begunAt) return [kept];
  return kept.from !== undefined && kept.from >= begunAt ? [] : [{ ...kept, until: begunAt }];
}

function covers(kept: PlannedRead, read: PlannedRead): boolean {
  const sameWitness = (["subject", "workspace", "moment", "key"] as const).every((role) => kept.witness[role] === read.witness[role]);
  const samePlace = kept.source === read.source && kept.collection === read.collection && kept.workspace === read.workspace;
  const wholeRows = read.columns.every((column) => kept.columns.includes(column)) && read.accounts.every((account) => kept.accounts.includes(account));
  const sameWay = canonicalJson((kept.through ?? null) as Json) === canonicalJson((read.through ?? null) as Json);
  return samePlace && sameWitness && sameWay && wholeRows && meet(kept, read);
}

function meet(kept: PlannedRead, read: PlannedRead): boolean {
  if (read.from === undefined || read.until === undefined || kept.from === undefined || kept.until === undefined) return read.from === kept.from;
  return kept.from < read.until && read.from < kept.until;
}

function within(read: PlannedRead, kept: PlannedRead): PlannedRead {
  if (read.from === undefined || read.until === undefined || kept.from === undefined || kept.until === undefined) return read;
  return { ...read, from: read.from > kept.from ? read.from : kept.from, until: read.until < kept.until ? read.until : kept.until };
}

function before(read: PlannedRead, kept: PlannedRead): readonly PlannedRead[] {
  if (read.from === undefined || kept.from === undefined || read.from >= kept.from) return [];
  return [{ ...read, until: kept.from }];
}

function afterwards(read: PlannedRead, kept: PlannedRead): readonly PlannedRead[] {
  if (read.until === undefined || kept.until === undefined || read.until <= kept.until) return [];
  return [{ ...read, from: kept.until }];
}

async function countParts(parts: readonly Part[], live: Collector, signal: AbortSignal | undefined): Promise<Counted> {
  let records = 0;
  for (const part of parts) {
    const counted = part.kind === "live" ? await live.count(part.read, signal) : await countKept(part);
    if (counted.kind === "failed") return counted;
    records += counted.records;
  }
  return { kind: "counted", records };
}

async function countKept(part: Extract<Part, { kind: "kept" }>): Promise<Counted> {
  let counted = 0;
  const { records } = await part.copy.open();
  for await (const record of records) if (isPart(record, part)) counted += 1;
  return { kind: "counted", records: counted };
}

/** What comes in parts has no places: they would be those of one part alone. */
async function* readParts(parts: readonly Part[], live: Collector, signal: AbortSignal | undefined, after: After | undefined): AsyncGenerator<Collected> {
  const [first, second] = parts;
  if (first?.kind === "live" && second === undefined) return yield* live.read(first.read, signal, after);
  if (after !== undefined) throw new Error("a read in parts gave no place to go on from");
  for (const part of parts) {
    if (part.kind === "kept") yield* readKept(part);
    else
      for await (const item of live.read(part.read, signal)) {
        if (item.kind !== "place") yield item;
        if (item.kind === "failed") return;
      }
  }
}

async function* readKept(part: Extract<Part, { kind: "kept" }>): AsyncGenerator<Collected> {
  const { records } = await part.copy.open();
  for await (const record of records) if (isPart(record, part)) yield { kind: "record", record: asAsked(record, part.read) };
}

function isPart({ source, collection, line, witness }: CollectedRecord, { kept, read }: Extract<Part, { kind: "kept" }>): boolean {
  if (source !== kept.source || collection !== kept.collection || line !== kept.line) return false;
  if (!read.accounts.includes(witness.subject) || (witness.workspace !== undefined && witness.workspace !== read.workspace)) return false;
  if (read.from === undefined || read.until === undefined) return true;
  return witness.moment !== undefined && witness.moment >= read.from && witness.moment < read.until;
}

/** The record under the number of the new line, with the columns of the new plan and no other. */
function asAsked(record: CollectedRecord, { line, columns }: PlannedRead): CollectedRecord {
  const fields = columns.flatMap((column) => (Object.hasOwn(record.fields, column) ? [[column, record.fields[column] ?? null] as const] : []));
  return { ...record, line, fields: Object.fromEntries(fields) };
}
