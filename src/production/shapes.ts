// The words that collecting, checking and packing share: scope, data map, plan and record. Types only, so that the checker shares no code with the compiler.
import type { DataClass } from "../policy/pack.ts";
import type { Instant, Zone } from "../kernel/instant.ts";
import type { Reason } from "../kernel/outcome.ts";

/** One accepted line of a request: whose data, which type, which moments. Nothing else reaches collection. */
export interface ScopeLine {
  readonly line: string;
  /** Data type of the policy pack, such as `messages`. */
  readonly dataType: string;
  readonly dataClass: DataClass;
  /** Account ids as the source knows them; resolved and confirmed by a person. Never empty. */
  readonly accounts: readonly string[];
  readonly workspace: string;
  /** First moment, inclusive; absent for facts that have no date of their own (a name). */
  readonly from?: Instant;
  /** Last moment, exclusive; never after the day the instrument was served. */
  readonly until: Instant;
}

export interface Scope {
  readonly caseId: string;
  readonly instrument: string;
  /** Classes the instrument compels: the ceiling, whatever the lines say. */
  readonly reach: readonly DataClass[];
  readonly servedAt: Instant;
  /** The desk's zone: in it the day of service ends, and no line reaches past that. */
  readonly zone: Zone;
  readonly lines: readonly ScopeLine[];
}

/**
 * What may be kept for an agency and never leaves by it. It has no `reach`, because its paper compels nothing, and so it is
 * no Scope: what packs a production cannot take it.
 */
export interface KeepingScope extends Omit<Scope, "reach"> {
  /** Classes of the lines: the ceiling of what is kept. */
  readonly keeps: readonly DataClass[];
}

export interface MappedField {
  readonly name: string;
  /** Fides data categories, such as `user.contact.email`. */
  readonly categories: readonly string[];
  /** Whether people made it (posts, files) or the system did. Absent: nobody has judged it yet, so it is never produced. */
  readonly class?: "content" | "non-content";
  /** Data types of the policy pack this field may be produced for. Empty: never produced. */
  readonly dataTypes: readonly string[];
  /**
   * `subject`: whose record it is; `workspace`: which workspace; `moment`: when it happened; `key`: identifies the record (the
   * subject does, where no field is marked); `owner`: the record belongs to whom the record belongs that this field refers to.
   */
  readonly role?: "subject" | "workspace" | "moment" | "key" | "owner";
  readonly references?: readonly FieldReference[];
}

/** A Fides reference. `from`: this field's record is found by the other's value; `to`: the other is found by this one's. */
export interface FieldReference extends Column {
  readonly direction?: "from" | "to";
}

/** One column of one collection of one source. */
export interface Column {
  readonly source: string;
  readonly collection: string;
  readonly column: string;
}

export interface MappedCollection {
  readonly name: string;
  /** Standing facts with no date of their own (a name): a date range does not apply to them. */
  readonly undated: boolean;
  /** How long its records are kept, in the map's own words; the public reads them. */
  readonly retention?: string;
  readonly fields: readonly MappedField[];
}

/** What one source holds: a Fides dataset with our class, subject and date marks. */
export interface DataMap {
  readonly source: string;
  readonly title: string;
  readonly collections: readonly MappedCollection[];
}

/** One bounded read. A source may not return any other column or row. */
export interface PlannedRead {
  readonly source: string;
  readonly collection: string;
  readonly line: string;
  readonly dataType: string;
  /** Columns that leave, in order. */
  readonly columns: readonly string[];
  /**
   * Columns read only so that the checker can judge the record; they leave only when they are in `columns`. Of a read that
   * goes `through` others, `subject` is the column that refers to them.
   */
  readonly witness: { readonly subject: string; readonly workspace?: string; readonly moment?: string; readonly key?: string };
  readonly accounts: readonly string[];
  readonly workspace: string;
  /** First moment, inclusive, and last, exclusive. Both are absent exactly when the collection is undated. */
  readonly from?: Instant;
  readonly until?: Instant;
  /** Where the collection does not say itself whose its records are: how they are found from records that do. */
  readonly through?: Through;
}

/** The way from the collections that name a subject to the one that is read. Cycles are allowed: a record is never followed twice. */
export interface Through {
  readonly places: readonly ThroughPlace[];
  /** Those into the collection that is read come first. */
  readonly links: readonly Link[];
  /** No record can be met twice: a tree of links that each start at a key. */
  readonly once: boolean;
}

/** A collection on the way: only these columns and those of its links are read of it, and none of them leaves by this read. */
export interface ThroughPlace {
  readonly source: string;
  readonly collection: string;
  /** The way begins where a subject is named. */
  readonly subject?: string;
  readonly workspace?: string;
  readonly moment?: string;
  readonly key?: string;
}

/** A record whose `to` has the value of `from` belongs to whom that record belongs. */
export interface Link {
  readonly from: Column;
  readonly to: Column;
}

export interface Plan {
  readonly caseId: string;
  readonly reads: readonly PlannedRead[];
  /** What was looked for and is not held, or could not be searched within bounds, with the reason: the negative search. A line can stand here and have reads too. */
  readonly nothingHeld: readonly { readonly line: string; readonly because: string }[];
}

/** The reads of a snapshot: no Plan, so that no production can be made of it. */
export interface KeepingPlan {
  readonly keeping: KeepingScope;
  readonly reads: readonly PlannedRead[];
  readonly nothingHeld: Plan["nothingHeld"];
}

/** Bytes are a file's content: they leave as a file of their own, named by the record. */
export type FieldValue = null | boolean | number | string | Uint8Array;

/** A record on its way out: the fields that leave, and apart from them what the checker needs to judge it. */
export interface CollectedRecord {
  readonly source: string;
  readonly collection: string;
  readonly line: string;
  readonly key: string;
  readonly fields: { readonly [column: string]: FieldValue };
  readonly witness: { readonly subject: string; readonly workspace?: string; readonly moment?: Instant };
  /** Of a record that does not say itself whose it is: what shows it. */
  readonly chain?: Chain;
}

/** From the record that names the subject, link by link, to the value by which the last record refers to the one before it. */
export interface Chain {
  readonly steps: readonly [ChainStep, ...ChainStep[]];
  readonly column: string;
  readonly value: string;
}

export interface ChainStep {
  readonly source: string;
  readonly collection: string;
  /** How this record refers to the one before it; absent of the first. */
  readonly in?: { readonly column: string; readonly value: string };
  /** What the next record refers to. */
  readonly out: { readonly column: string; readonly value: string };
  readonly subject?: string;
  readonly workspace?: string;
  readonly moment?: Instant;
}

/** The data class of a data type under the law of the request; none when nobody may have it. */
export type ClassOf = (dataType: string) => DataClass | undefined;

/** What the checker says of one record. It gives every reason at once. */
type Judgement = { readonly kind: "inside" } | { readonly kind: "outside"; readonly reasons: readonly [Reason, ...Reason[]] };

export type Judge = (record: CollectedRecord) => Judgement;

/** A line as it was asked, with what became of it: what the receiver reads to see why a record is there or not. */
export type AskedLine =
  | { readonly verdict: "produced"; readonly line: string; readonly asked: string; readonly why: string }
  | { readonly verdict: "denied"; readonly line: string; readonly asked: string; readonly reasons: readonly [Reason, ...Reason[]] };

/** The columns a source has at this moment, whatever its data map says. */
export interface LiveSchema {
  readonly source: string;
  readonly collections: readonly LiveCollection[];
}

export interface LiveCollection {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly kind: "text" | "number" | "boolean" | "moment" | "bytes" | "other" }[];
}

/** Something in a source that is not what it claims or cannot be read. `where` names a file, an entry or a table, never a person. */
export interface SourceFinding {
  readonly code:
    | "MISSING_DAYS"
    | "UNREADABLE"
    | "UNLISTED"
    | "NO_ENTRIES"
    | "ODD_NAME"
    | "OTHER_WORKSPACE"
    | "TOO_LARGE"
    | "ENCRYPTED"
    | "NOT_AN_EXPORT"
    | "CAN_WRITE"
    | "UNREACHABLE"
    | "NO_TABLES"
    | "NO_SNAPSHOT"
    | "AMBIGUOUS_MOMENT"
    | "LEFT_OUT"
    | "TWICE"
    | "CHANGED_MEANWHILE"
    | "BROKEN_ROWS"
    | "OTHER_COLUMNS"
    | "UNDATED"
    | "SETTINGS";
  readonly where: string;
  readonly what: string;
}

/** Collection stopped: the source went away, took too long, or refused the query. Nothing may be released. */
export interface SourceFailure {
  readonly source: string;
  readonly collection: string;
  readonly line: string;
  /** `connect`, `query` or `read`, and a short technical code such as an SQLSTATE; never data. */
  readonly step: "connect" | "query" | "read";
  readonly code: string;
  readonly what: string;
  /** How many records had come out of this read before. */
  readonly recordsBefore: number;
}

/** Where a read stands between two records, in its source's own words, for a source that can go on there. It may name people. */
export interface ReadPlace {
  readonly source: string;
  readonly collection: string;
  readonly line: string;
  readonly place: string;
  /** How many the read had given before it, also before it was cut off. */
  readonly records: number;
}

/** Behind what a read that was cut off goes on. */
export interface After {
  /** All places that it gave, in their order. */
  readonly places: readonly string[];
  /** Records that it had given before the last of them. */
  readonly records: number;
}

/** One thing that comes out of a read. After `failed` nothing follows. */
export type Collected =
  | { readonly kind: "place"; readonly place: ReadPlace }
  | { readonly kind: "record"; readonly record: CollectedRecord }
  | { readonly kind: "finding"; readonly finding: SourceFinding }
  | { readonly kind: "failed"; readonly failure: SourceFailure };
