// The papers that go with the records: what was asked, what became of each line, what each field means, who declares it.
import { canonicalJson } from "../../ledger/canonical-json.ts";
import type { Json } from "../../ledger/canonical-json.ts";
import type { Instant } from "../../kernel/instant.ts";
import type { AskedLine, Chain, ClassOf, DataMap, FieldValue, MappedCollection, Plan, Scope, SourceFinding } from "../shapes.ts";

/** The bytes of `data/plan.json`. Their digest in the ledger ties a package to the plan that was approved. */
export function planText(plan: Plan): string {
  return `${canonicalJson(plan as unknown as Json)}\n`;
}

/** `data/instrument.json`: the scope, every line asked with its verdict, and the class each data type has under the law. */
export interface InstrumentPaper {
  readonly scope: Scope;
  readonly asked: readonly AskedLine[];
}

export function instrumentText(paper: InstrumentPaper): string {
  return `${JSON.stringify(paper, null, 2)}\n`;
}

/** `data/dictionary.json`: the maps cut down to the collections and fields that the plan names. */
export function dictionaryOf(plan: Plan, maps: readonly DataMap[]): DataMap[] {
  return maps.flatMap((map) => {
    const collections = map.collections.flatMap((collection) => {
      const reads = plan.reads.filter((read) => read.source === map.source && read.collection === collection.name);
      const columns = new Set(reads.flatMap((read) => read.columns));
      const types = new Set(reads.map((read) => read.dataType));
      const onTheWay = wayColumns(plan, map.source, collection);
      const fields = collection.fields
        .filter((field) => columns.has(field.name) || onTheWay.has(field.name))
        .map((field) => ({ ...field, dataTypes: field.dataTypes.filter((type) => types.has(type)) }));
      return reads.length === 0 && onTheWay.size === 0 ? [] : [{ ...collection, fields }];
    });
    return collections.length === 0 ? [] : [{ ...map, collections }];
  });
}

/** Columns that say whose a record is and how the next one refers to it: a receiver needs them to check a chain. */
function wayColumns(plan: Plan, source: string, { name, fields }: MappedCollection): ReadonlySet<string> {
  const isHere = (place: { readonly source: string; readonly collection: string }) => place.source === source && place.collection === name;
  const ways = plan.reads.flatMap(({ through }) => (through === undefined ? [] : [through]));
  const linked = ways.flatMap(({ links }) => links.flatMap(({ from, to }) => [from, to])).filter(isHere);
  const isStep = linked.length > 0 || ways.some(({ places }) => places.some(isHere));
  const roles = isStep ? fields.filter(({ role, references }) => role !== undefined || references !== undefined) : [];
  return new Set([...linked.map(({ column }) => column), ...roles.map((field) => field.name)]);
}

/** The law's classes as the paper's own lines state them: all that a receiver without the policy has. */
export function classesOf(scope: Scope): ClassOf {
  const classes = new Map(scope.lines.map((line) => [line.dataType, line.dataClass]));
  return (dataType) => classes.get(dataType);
}

/** How a file's content is named inside its record. */
export interface FileReference {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface PackedRecord {
  readonly source: string;
  readonly collection: string;
  readonly line: string;
  readonly why: string;
  readonly fields: { readonly [column: string]: Exclude<FieldValue, Uint8Array> | FileReference };
  /** Of a record that does not say itself whose it is: what shows it, link by link. */
  readonly chain?: Chain;
}

export function recordText(record: PackedRecord): string {
  return `${JSON.stringify(record)}\n`;
}

export interface Declared {
  readonly custodian: string;
  readonly organisation: string;
  readonly declaredAt: Instant;
  readonly scope: Scope;
  readonly plan: Plan;
  readonly recordsByLine: { readonly [line: string]: number };
  readonly findings: readonly SourceFinding[];
  /** One sentence a line whose records come from a copy that was sealed earlier. */
  readonly keptCopies?: readonly string[];
  /** How many passages were blacked out, by reason code. */
  readonly redactions?: { readonly [reason: string]: number };
}

/** `data/declaration.txt`, in plain words. It says what is in the package, what was looked for and not found, and what could not be read. */
export function declarationText(declared: Declared): string {
  const { scope, plan, recordsByLine } = declared;
  return [
    "DECLARATION OF THE CUSTODIAN OF RECORDS",
    "",
    `Case: ${scope.caseId}`,
    `Instrument: ${scope.instrument}, served ${scope.servedAt}`,
    `Custodian: ${declared.custodian}, for ${declared.organisation}`,
    `Declared at: ${declared.declaredAt}`,
    "",
    "The records in this package were taken from the systems named in dictionary.json, through the reads in plan.json and",
    "no others. Each was checked by a second program against the lines of the instrument before the package was closed.",
    "They are copies of records kept in the ordinary course of business.",
    "",
    "Records by line:",
    ...scope.lines.map((line) => `  ${line.line}  ${line.dataType}: ${recordsByLine[line.line] ?? 0}`),
    "",
    ...section(
      "Passages blacked out, by reason:",
      Object.entries(declared.redactions ?? {}).map(([reason, count]) => `${reason}: ${count}`),
    ),
    ...section("Kept since an earlier day:", declared.keptCopies ?? []),
    ...section(
      "Looked for and not held:",
      plan.nothingHeld.map((held) => `${held.line}: ${held.because}`),
    ),
    ...section(
      "What the sources showed to be incomplete or unreadable:",
      declared.findings.map((finding) => `${finding.where}: ${finding.what}`),
    ),
    "",
  ].join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`), ""];
}
