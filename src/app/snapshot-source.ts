// Lets a production read what was kept: where a sealed snapshot covers a planned read, its records come from there and from nowhere else.
import { snapshotKey } from "./snapshot-key.ts";
import type { CaseId } from "../kernel/ids.ts";
import { dayOf } from "../kernel/instant.ts";
import { dayWords } from "../policy/deadline-rule.ts";
import type { Collected, CollectedRecord, PlannedRead, SourceFailure } from "../production/shapes.ts";
import type { History } from "../requests/decision.ts";
import { livingPreservations, type LivingPreservation } from "../requests/preservation/module.ts";
import type { Desk } from "./desk.ts";
import type { Counted, Source } from "./production-port.ts";
import { openSnapshot, type OpenSnapshot } from "./snapshot-object.ts";

export interface KeptCopy {
  readonly living: LivingPreservation;
  readonly reads: readonly PlannedRead[];
  /** Opened anew for every read. */
  readonly open: () => Promise<OpenSnapshot>;
}

/** The living snapshots of a case; with `plan`, only those that this plan was checked with. Throws when one is gone. */
export async function keptCopies(desk: Desk, caseId: CaseId, history: History, plan?: string): Promise<readonly KeptCopy[]> {
  const wanted = livingPreservations(history).filter(({ opened }) => plan === undefined || opened.some((use) => use.plan === plan));
  return Promise.all(wanted.map((living) => keptCopy(desk, caseId, living)));
}

async function keptCopy(desk: Desk, caseId: CaseId, living: LivingPreservation): Promise<KeptCopy> {
  const open = async (): Promise<OpenSnapshot> => {
    const bytes = await desk.ports.objects.get(desk.id, snapshotKey(caseId, living.preservation), living.sealed.object);
    if (bytes === undefined) throw new Error("a snapshot that is on record as kept is not in the store");
    const snapshot = await openSnapshot(bytes);
    if (snapshot.head.preservation !== living.preservation) throw new Error("a snapshot belongs to another preservation");
    return snapshot;
  };
  const { head, close } = await open();
  await close();
  return { living, reads: head.plan.reads, open };
}

/** The sources as a plan should read them. Closing them closes the live ones. */
export function withKept(sources: readonly Source[], copies: readonly KeptCopy[]): readonly Source[] {
  if (copies.length === 0) return sources;
  const names = new Set([...sources.map(({ name }) => name), ...copies.flatMap(({ reads }) => reads.map(({ source }) => source))]);
  return [...names].map((name) => {
    const live = sources.find((source) => source.name === name);
    return {
      name,
      describe: () => (live === undefined ? Promise.resolve({ schema: { source: name, collections: [] }, findings: [] }) : live.describe()),
      count: (read, signal) => countParts(partsOf(read, copies), live, signal),
      read: (read, signal) => readParts(partsOf(read, copies), live, signal),
      close: async () => live?.close(),
    };
  });
}

/** Reads of a plan that a copy serves, with how many of their records it gives. */
export async function usesOf(
  reads: readonly PlannedRead[],
  copies: readonly KeptCopy[],
): Promise<readonly { readonly copy: KeptCopy; readonly records: number }[]> {
  const uses: { readonly copy: KeptCopy; readonly records: number }[] = [];
  for (const copy of copies) {
    const parts = reads.flatMap((read) => partsOf(read, [copy])).filter((part) => part.kind === "kept");
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
  const [part] = reads.filter((read) => read.line === line).flatMap((read) => partsOf(read, copies).filter((each) => each.kind === "kept"));
  if (part === undefined) return undefined;
  const { preservation, sealed, sealedAt } = part.copy.living;
  return `Taken from the copy that was sealed on ${dayWords(dayOf(sealedAt, zone))} to keep it (preservation ${preservation}, SHA-256 ${sealed.sha256}), as far as that copy reaches.`;
}

type Part =
  | { readonly kind: "live"; readonly read: PlannedRead }
  | { readonly kind: "kept"; readonly read: PlannedRead; readonly copy: KeptCopy; readonly kept: PlannedRead };

/** A read in the order of time: what lies before the copy is live, the copy gives its own stretch, what came after it is live. */
function partsOf(read: PlannedRead, copies: readonly KeptCopy[]): readonly Part[] {
  for (const copy of copies) {
    const kept = copy.reads.find((candidate) => covers(candidate, read));
    if (kept !== undefined) return [...before(read, kept), { kind: "kept", read: within(read, kept), copy, kept }, ...afterwards(read, kept)];
  }
  return [{ kind: "live", read }];
}

function covers(kept: PlannedRead, read: PlannedRead): boolean {
  const sameWitness = (["subject", "workspace", "moment", "key"] as const).every((role) => kept.witness[role] === read.witness[role]);
  const samePlace = kept.source === read.source && kept.collection === read.collection && kept.workspace === read.workspace;
  const wholeRows = read.columns.every((column) => kept.columns.includes(column)) && read.accounts.every((account) => kept.accounts.includes(account));
  return samePlace && sameWitness && wholeRows && meet(kept, read);
}

function meet(kept: PlannedRead, read: PlannedRead): boolean {
  if (read.from === undefined || read.until === undefined || kept.from === undefined || kept.until === undefined) return read.from === kept.from;
  return kept.from < read.until && read.from < kept.until;
}

function within(read: PlannedRead, kept: PlannedRead): PlannedRead {
  if (read.from === undefined || read.until === undefined || kept.from === undefined || kept.until === undefined) return read;
  return { ...read, from: read.from > kept.from ? read.from : kept.from, until: read.until < kept.until ? read.until : kept.until };
}

function before(read: PlannedRead, kept: PlannedRead): readonly Part[] {
  if (read.from === undefined || kept.from === undefined || read.from >= kept.from) return [];
  return [{ kind: "live", read: { ...read, until: kept.from } }];
}

function afterwards(read: PlannedRead, kept: PlannedRead): readonly Part[] {
  if (read.until === undefined || kept.until === undefined || read.until <= kept.until) return [];
  return [{ kind: "live", read: { ...read, from: kept.until } }];
}

async function countParts(parts: readonly Part[], live: Source | undefined, signal: AbortSignal | undefined): Promise<Counted> {
  let records = 0;
  for (const part of parts) {
    const counted = part.kind === "live" ? await (live?.count(part.read, signal) ?? notConnected(part.read)) : await countKept(part);
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

async function* readParts(parts: readonly Part[], live: Source | undefined, signal: AbortSignal | undefined): AsyncGenerator<Collected> {
  for (const part of parts) {
    if (part.kind === "kept") yield* readKept(part);
    else if (live === undefined) return yield notConnected(part.read);
    else
      for await (const item of live.read(part.read, signal)) {
        yield item;
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

function notConnected(read: PlannedRead): { readonly kind: "failed"; readonly failure: SourceFailure } {
  const what = `The source ${read.source} of the plan is not connected, and the kept copy does not reach that far.`;
  return {
    kind: "failed",
    failure: { source: read.source, collection: read.collection, line: read.line, step: "connect", code: "NOT_CONNECTED", what, recordsBefore: 0 },
  };
}
