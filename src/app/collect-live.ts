// Collects from the live sources: a planned read as it stands, or by the way that leads from the subject's own records to what belongs to them.
import type { After, Chain, ChainStep, Collected, CollectedRecord, Link, PlannedRead, SourceFailure, Through, ThroughPlace } from "../production/shapes.ts";
import type { Instant } from "../kernel/instant.ts";
import type { Collector, Counted, Source } from "./production-port.ts";

/** So many records are looked up at a time. */
const batchValues = 500;
/** Bounds against maps that lead nowhere near an end; past them the collection stops and says so. */
const deepestChain = 64;
const mostFollowed = 1_000_000;

export function liveCollector(sources: readonly Source[]): Collector {
  const sourceOf = (name: string) => sources.find((candidate) => candidate.name === name);
  const read = (planned: PlannedRead, signal?: AbortSignal, after?: After): AsyncIterable<Collected> =>
    planned.through === undefined
      ? readFrom(sourceOf, planned, signal, after)
      : new WayReader({ ...planned, through: planned.through }, sourceOf, signal).read();
  return {
    read,
    count: (planned, signal) => (planned.through === undefined ? countIn(sourceOf, planned, signal) : countAll(read({ ...planned, columns: [] }, signal))),
  };
}

type SourceOf = (name: string) => Source | undefined;

function countIn(sourceOf: SourceOf, read: PlannedRead, signal: AbortSignal | undefined): Promise<Counted> {
  return sourceOf(read.source)?.count(read, signal) ?? Promise.resolve({ kind: "failed", failure: notConnected(read) });
}

async function* readFrom(sourceOf: SourceOf, read: PlannedRead, signal: AbortSignal | undefined, after?: After): AsyncGenerator<Collected> {
  const source = sourceOf(read.source);
  if (source === undefined) yield { kind: "failed", failure: notConnected(read) };
  else yield* source.read(read, signal, after);
}

async function countAll(items: AsyncIterable<Collected>): Promise<Counted> {
  let records = 0;
  for await (const item of items) {
    if (item.kind === "failed") return item;
    if (item.kind === "record") records += 1;
  }
  return { kind: "counted", records };
}

function notConnected(read: PlannedRead): SourceFailure {
  return failure(read, "connect", "NOT_CONNECTED", 0, `The source ${read.source} of the plan is not connected.`);
}

function failure({ source, collection, line }: PlannedRead, step: SourceFailure["step"], code: string, recordsBefore: number, what: string): SourceFailure {
  return { source, collection, line, step, code, what, recordsBefore };
}

type WayRead = PlannedRead & { readonly through: Through };

class Unfollowable extends Error {
  readonly code: "BYTES_AS_REFERENCE" | "NO_KEY";

  constructor(code: Unfollowable["code"], what: string) {
    super(what);
    this.code = code;
  }
}

/** The ways by which records of one batch may be reached, by the value that the next ones refer to. */
type Batch = Map<string, (readonly [ChainStep, ...ChainStep[]])[]>;

/** Follows the links of one read. What was followed is remembered only where a record could be met twice. */
class WayReader {
  private readonly planned: WayRead;
  private readonly sourceOf: SourceOf;
  private readonly signal: AbortSignal | undefined;
  private readonly followed = new Set<string>();
  private readonly given = new Set<string>();
  /** The dates of the parents decide which of their children are inside. */
  private readonly inherits: boolean;
  private records = 0;
  private failed = false;

  constructor(planned: WayRead, sourceOf: SourceOf, signal: AbortSignal | undefined) {
    this.planned = planned;
    this.sourceOf = sourceOf;
    this.signal = signal;
    this.inherits = planned.from !== undefined && planned.witness.moment === undefined;
  }

  async *read(): AsyncGenerator<Collected> {
    try {
      for (const place of this.planned.through.places)
        if (place.subject !== undefined && !this.failed) yield* this.follow(this.startOf(place, place.subject), place);
    } catch (error) {
      if (!(error instanceof Unfollowable)) throw error;
      const { source, collection } = this.planned;
      const what = `${source} stopped at \`${collection}\`: ${error.message} (${error.code}). Correct the data map or the source.`;
      yield this.failure(failure(this.planned, "read", error.code, this.records, what));
    }
  }

  private startOf(place: ThroughPlace, subject: string): PlannedRead {
    const { planned } = this;
    const onlyMoment = this.inherits && planned.through.places.every((other) => other === place || other.moment === undefined);
    const { moment } = place;
    return {
      ...this.stepRead(place, subject, planned.accounts),
      ...(onlyMoment && moment !== undefined && planned.from !== undefined && planned.until !== undefined
        ? { witness: { ...witnessOf(place, subject), moment }, from: planned.from, until: planned.until }
        : {}),
    };
  }

  private stepRead(place: ThroughPlace, subject: string, accounts: readonly string[]): PlannedRead {
    const { line, dataType, workspace, through } = this.planned;
    const out = through.links.filter(({ from }) => isAt(from, place)).map(({ from }) => from.column);
    const columns = [...new Set([...out, ...[place.workspace, place.moment, place.key].filter((column) => column !== undefined)])];
    return { source: place.source, collection: place.collection, line, dataType, columns, witness: witnessOf(place, subject), accounts, workspace };
  }

  /** Reads one place and what its records lead to, a batch at a time. */
  private async *follow(read: PlannedRead, place: ThroughPlace, by?: { readonly link: Link; readonly batch: Batch }): AsyncGenerator<Collected> {
    const pending = new Map<Link, Batch>();
    for await (const item of readFrom(this.sourceOf, read, this.signal)) {
      // Where one step of a way stands says nothing of the way.
      if (item.kind === "place") continue;
      if (item.kind !== "record") {
        yield item.kind === "failed" ? this.failure(item.failure) : item;
        if (item.kind === "failed") return;
        continue;
      }
      for (const before of chainsTo(item.record, by)) {
        yield* this.give(item.record, by?.link, before);
        this.note(item.record, place, by?.link, before, pending);
      }
      for (const [link, batch] of pending) {
        if (batch.size < batchValues) continue;
        pending.delete(link);
        yield* this.expand(link, batch);
        if (this.failed) return;
      }
    }
    for (const [link, batch] of pending) {
      yield* this.expand(link, batch);
      if (this.failed) return;
    }
  }

  private *give(record: CollectedRecord, link: Link | undefined, before: readonly ChainStep[]): Generator<Collected> {
    const [first, ...rest] = before;
    if (link === undefined || first === undefined || !isAt(link.to, this.planned)) return;
    const chain: Chain = { steps: [first, ...rest], column: link.to.column, value: record.witness.subject };
    const given = asPlanned(record, this.planned, chain);
    if (!this.isInTime(given) || !this.isNew(given, record.fields[this.planned.witness.key ?? ""])) return;
    this.records += 1;
    yield { kind: "record", record: given };
  }

  private isInTime({ witness: { moment } }: CollectedRecord): boolean {
    const { from, until } = this.planned;
    return from === undefined || until === undefined || (moment !== undefined && moment >= from && moment < until);
  }

  /** The compiler asks for a key wherever a record could come by two ways; a record without one could be lost or come twice. */
  private isNew({ key }: CollectedRecord, keyShown: unknown): boolean {
    if (this.planned.through.once) return true;
    if (keyShown === null || keyShown === undefined || keyShown === "")
      throw new Unfollowable("NO_KEY", "a record has no key and can be reached in more than one way");
    const before = this.given.size;
    return this.given.add(key).size > before;
  }

  private note(record: CollectedRecord, place: ThroughPlace, by: Link | undefined, before: readonly ChainStep[], pending: Map<Link, Batch>): void {
    for (const link of this.planned.through.links.filter(({ from }) => isAt(from, place))) {
      const value = record.fields[link.from.column];
      // Nothing refers to nobody: an empty value is no reference.
      if (value === null || value === undefined || value === "") continue;
      if (typeof value === "object")
        throw new Unfollowable("BYTES_AS_REFERENCE", `\`${link.from.collection}.${link.from.column}\` holds bytes, which are not followed`);
      const step = stepOf(record, place, by, { column: link.from.column, value: String(value) });
      const chain = [...before, step] as const;
      if (!this.isUnseen(link, String(value), chain)) continue;
      const batch = pending.get(link) ?? new Map();
      pending.set(link, batch.set(String(value), [...(batch.get(String(value)) ?? []), chain]));
    }
  }

  private isUnseen(link: Link, value: string, chain: readonly ChainStep[]): boolean {
    const { through } = this.planned;
    if (through.once) return true;
    const before = this.followed.size;
    return this.followed.add(JSON.stringify([through.links.indexOf(link), value, this.inherits ? (momentIn(chain) ?? "") : ""])).size > before;
  }

  private async *expand(link: Link, batch: Batch): AsyncGenerator<Collected> {
    const stop = this.boundReached(batch);
    if (stop !== undefined) return yield stop;
    const place = this.placeOf(link);
    const step = this.stepRead(place, link.to.column, [...batch.keys()]);
    yield* this.follow(isAt(link.to, this.planned) ? this.targetRead(step, place) : step, place, { link, batch });
  }

  private placeOf({ to }: Link): ThroughPlace {
    const { planned } = this;
    const step = planned.through.places.find((candidate) => isAt(to, candidate));
    if (step !== undefined) return step;
    const { workspace, moment, key } = planned.witness;
    return {
      source: planned.source,
      collection: planned.collection,
      ...(workspace === undefined ? {} : { workspace }),
      ...(moment === undefined ? {} : { moment }),
      ...(key === undefined ? {} : { key }),
    };
  }

  /** The range bounds the last read itself, unless older records of it lead on to younger ones. */
  private targetRead(step: PlannedRead, place: ThroughPlace): PlannedRead {
    const { columns, witness, from, until, through } = this.planned;
    const all = { ...step, columns: [...new Set([...columns, ...step.columns])] };
    const leadsOn = through.links.some((link) => isAt(link.from, place));
    return leadsOn || witness.moment === undefined || from === undefined || until === undefined
      ? all
      : { ...all, witness: { ...step.witness, moment: witness.moment }, from, until };
  }

  private boundReached(batch: Batch): Collected | undefined {
    const deepest = batch.values().reduce((most, chains) => Math.max(most, ...chains.map(({ length }) => length)), 0);
    const code =
      deepest > deepestChain ? "CHAIN_TOO_LONG" : this.followed.size > mostFollowed || this.given.size > mostFollowed ? "TOO_MANY_REFERENCES" : undefined;
    if (code === undefined) return undefined;
    const { source, collection } = this.planned;
    const what = `${source} stopped at \`${collection}\`: its records refer to each other further than is followed (${code}). Correct the references of its data map.`;
    return this.failure(failure(this.planned, "read", code, this.records, what));
  }

  private failure(cause: SourceFailure): Collected {
    this.failed = true;
    return { kind: "failed", failure: { ...cause, recordsBefore: this.records } };
  }
}

function witnessOf({ workspace, key }: ThroughPlace, subject: string): PlannedRead["witness"] {
  return { subject, ...(workspace === undefined ? {} : { workspace }), ...(key === undefined ? {} : { key }) };
}

function isAt(one: { readonly source: string; readonly collection: string }, other: { readonly source: string; readonly collection: string }): boolean {
  return one.source === other.source && one.collection === other.collection;
}

/** The ways that led to this record; one that nobody asked for has none. */
function chainsTo(record: CollectedRecord, by: { readonly batch: Batch } | undefined): readonly (readonly ChainStep[])[] {
  return by === undefined ? [[]] : (by.batch.get(record.witness.subject) ?? []);
}

function stepOf(record: CollectedRecord, place: ThroughPlace, by: Link | undefined, out: ChainStep["out"]): ChainStep {
  const { source, collection, witness, fields } = record;
  const text = (column: string | undefined) => {
    const value = column === undefined ? undefined : fields[column];
    return value === undefined || value === null ? undefined : String(value);
  };
  const [workspace, moment] = [text(place.workspace), text(place.moment)];
  return {
    source,
    collection,
    out,
    ...(by === undefined ? { subject: witness.subject } : { in: { column: by.to.column, value: witness.subject } }),
    ...(workspace === undefined ? {} : { workspace }),
    ...(moment === undefined ? {} : { moment: moment as Instant }),
  };
}

/** The nearest record that has a date gives it. */
function momentIn(steps: readonly ChainStep[]): Instant | undefined {
  return steps.findLast(({ moment }) => moment !== undefined)?.moment;
}

/** The record with the columns of its plan, and with what its own columns or, failing these, the records before it say of it. */
function asPlanned(record: CollectedRecord, planned: PlannedRead, chain: Chain): CollectedRecord {
  const own = (column: string | undefined) => {
    const value = column === undefined ? undefined : record.fields[column];
    return value === undefined || value === null ? undefined : String(value);
  };
  const { witness } = planned;
  const workspace = witness.workspace === undefined ? chain.steps.findLast((step) => step.workspace !== undefined)?.workspace : own(witness.workspace);
  const moment = witness.moment === undefined ? momentIn(chain.steps) : (own(witness.moment) as Instant | undefined);
  return {
    source: record.source,
    collection: record.collection,
    line: planned.line,
    key: record.key,
    fields: Object.fromEntries(planned.columns.map((name) => [name, record.fields[name] ?? null])),
    witness: {
      subject: chain.steps[0].subject ?? "",
      ...(workspace === undefined ? {} : { workspace }),
      ...(planned.from === undefined || moment === undefined ? {} : { moment }),
    },
    chain,
  };
}
