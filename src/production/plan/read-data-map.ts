// Reads what a source holds from a Fides dataset, and says everything that is wrong with it at once.
import { LineCounter, isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { Node, Pair, YAMLMap } from "yaml";
import type { DataType } from "../../policy/pack.ts";
import type { DataMap, FieldReference, MappedCollection, MappedField } from "../shapes.ts";

/** One thing to repair in a data map. `line` and `column` count from 1. */
export interface MapProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly what: string;
  readonly remedy: string;
}

/** Where a collection or a field stands in its file: `posts` or `posts.body`. */
type MapPlaces = ReadonlyMap<string, { readonly line: number; readonly column: number }>;

export interface LocatedDataMap {
  readonly file: string;
  readonly map: DataMap;
  readonly places: MapPlaces;
}

export type DataMapReading =
  | { readonly kind: "read"; readonly maps: readonly LocatedDataMap[] }
  | { readonly kind: "refused"; readonly problems: readonly [MapProblem, ...MapProblem[]] };

const largestMapBytes = 4_000_000;
const deepestField = 8;
const roles = ["subject", "workspace", "moment", "key", "owner"] as const;
/** Marks that one field of a collection may carry. */
const single = ["subject", "workspace", "moment", "key"] as const;
type Role = (typeof roles)[number];

/**
 * A Fides dataset file: one dataset or a `dataset:` list. Our marks stand in `fides_meta.portcullis`, which Fides readers
 * ignore: on a field `class`, `data_types` and `role`, on a collection `undated: true`. Nested fields become `a.b`.
 */
export function readDataMap(file: string, text: string, dataTypes: readonly DataType[]): DataMapReading {
  const reading = new Reading(file, dataTypes);
  if (text.length > largestMapBytes) return refused([reading.problemAt(1, 1, "The file is larger than 4 MB.", "Split it into one file a dataset.")]);
  const document = parseDocument(text, { lineCounter: reading.lines, prettyErrors: false, uniqueKeys: true });
  for (const error of document.errors) reading.tell(error.pos[0], `This is not YAML: ${error.message}`, "Repair the indentation or the quotes here.");
  const maps = document.errors.length === 0 ? readDatasets(reading, document.contents) : [];
  return reading.problems.length > 0 ? refused(reading.problems) : { kind: "read", maps };
}

/** What is gathered while one file is read. */
class Reading {
  readonly problems: MapProblem[] = [];
  readonly lines = new LineCounter();
  /** `collection.field`, as Fides says it. */
  readonly primaryKeys = new Set<string>();
  readonly file: string;
  readonly kinds: ReadonlyMap<string, DataType["kind"]>;

  constructor(file: string, dataTypes: readonly DataType[]) {
    this.file = file;
    this.kinds = new Map(dataTypes.map((type) => [type.id, type.kind]));
  }

  placeOf(node: Node | null | undefined): { line: number; column: number } {
    const { line, col } = this.lines.linePos(node?.range?.[0] ?? 0);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  problemAt(line: number, column: number, what: string, remedy: string): MapProblem {
    return { file: this.file, line, column, what, remedy };
  }

  tell(at: Node | null | undefined | number, what: string, remedy: string): void {
    const { line, column } = typeof at === "number" ? this.placeAt(at) : this.placeOf(at);
    this.problems.push(this.problemAt(line, column, what, remedy));
  }

  private placeAt(offset: number): { line: number; column: number } {
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }
}

function refused(problems: readonly MapProblem[]): DataMapReading {
  const [first, ...rest] = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
  if (first === undefined) throw new Error("a refusal needs a problem");
  return { kind: "refused", problems: [first, ...rest] };
}

function readDatasets(reading: Reading, contents: Node | null): LocatedDataMap[] {
  if (!isMap(contents)) {
    reading.tell(contents, "The file holds no dataset.", "Begin with `dataset:` and a list, as Fides does.");
    return [];
  }
  const list = valueOf(contents, "dataset");
  if (list === undefined) return [readDataset(reading, contents)];
  if (!isSeq(list)) {
    reading.tell(list, "`dataset` is not a list.", "Write each dataset behind a dash.");
    return [];
  }
  return mapsIn(reading, list, "A dataset").map((dataset) => readDataset(reading, dataset));
}

function readDataset(reading: Reading, dataset: YAMLMap): LocatedDataMap {
  const places = new Map<string, { line: number; column: number }>();
  const source = textOf(reading, dataset, "fides_key", "A dataset needs a `fides_key`.") ?? "";
  if (source !== "" && !/^[A-Za-z0-9_.<>-]+$/.test(source)) {
    reading.tell(nodeOf(dataset, "fides_key"), `\`${source}\` is not a Fides key.`, "Use letters, digits, dots, dashes and underscores.");
  }
  const title = scalarText(nodeOf(dataset, "name")) ?? source;
  reading.primaryKeys.clear();
  const whole = { inherited: texts(reading, nodeOf(dataset, "data_categories"), "data_categories"), retention: retentionOf(dataset) };
  const collections = listOf(reading, dataset, "collections", "A dataset needs `collections`.").map((collection) =>
    readCollection(reading, collection, whole, places),
  );
  tellTwice(
    reading,
    dataset,
    collections.map((collection) => collection.name),
    "collection",
  );
  return { file: reading.file, map: { source, title, collections }, places };
}

/** What a dataset says for all its collections. */
interface Whole {
  readonly inherited: readonly string[];
  readonly retention: string | undefined;
}

function readCollection(reading: Reading, collection: YAMLMap, whole: Whole, places: Map<string, { line: number; column: number }>): MappedCollection {
  const name = textOf(reading, collection, "name", "A collection needs a `name`.") ?? "";
  places.set(name, reading.placeOf(nodeOf(collection, "name") ?? collection));
  const undated = readUndated(reading, ourMarks(reading, collection, ["undated"]));
  const stated = texts(reading, nodeOf(collection, "data_categories"), "data_categories");
  const inherited = stated.length > 0 ? stated : whole.inherited;
  const retention = retentionOf(collection) ?? whole.retention;
  const fields = readFields(reading, collection, { prefix: "", collection: name, inherited, depth: 1 }, places);
  const mapped = { name, undated, ...(retention === undefined ? {} : { retention }), fields: withKey(name, fields, reading.primaryKeys) };
  tellTwice(
    reading,
    collection,
    fields.map((field) => field.name),
    "field",
  );
  tellContradictions(reading, collection, mapped);
  return mapped;
}

function retentionOf(node: YAMLMap): string | undefined {
  const words = scalarText(nodeOf(node, "retention"))?.replaceAll(/\s+/g, " ").trim();
  return words === "" ? undefined : words;
}

/** Where no field is marked as key, the one primary key that Fides names identifies the record. */
function withKey(collection: string, fields: readonly MappedField[], primaryKeys: ReadonlySet<string>): readonly MappedField[] {
  const [only, ...others] = fields.filter(({ name }) => primaryKeys.has(`${collection}.${name}`));
  if (only === undefined || only.role !== undefined || others.length > 0 || fields.some(({ role }) => role === "key")) return fields;
  return fields.map((field) => (field === only ? { ...field, role: "key" as const } : field));
}

function readUndated(reading: Reading, marks: YAMLMap | undefined): boolean {
  const node = marks === undefined ? undefined : nodeOf(marks, "undated");
  if (node === undefined) return false;
  if (isScalar(node) && typeof node.value === "boolean") return node.value;
  reading.tell(node, "`undated` is neither true nor false.", "Write `undated: true` for standing facts such as a name; leave it out otherwise.");
  return false;
}

interface Around {
  readonly prefix: string;
  readonly collection: string;
  readonly inherited: readonly string[];
  readonly depth: number;
}

function readFields(reading: Reading, parent: YAMLMap, around: Around, places: Map<string, { line: number; column: number }>): MappedField[] {
  if (around.depth > deepestField) {
    reading.tell(parent, `Fields are nested deeper than ${deepestField} levels.`, "Flatten them.");
    return [];
  }
  if (isNull(nodeOf(parent, "fields"))) return [];
  return listOf(reading, parent, "fields", "A collection needs `fields`.").flatMap((field) => readField(reading, field, around, places));
}

function readField(reading: Reading, field: YAMLMap, around: Around, places: Map<string, { line: number; column: number }>): MappedField[] {
  const own = textOf(reading, field, "name", "A field needs a `name`.");
  if (own === undefined) return [];
  const name = around.prefix + own;
  places.set(`${around.collection}.${name}`, reading.placeOf(nodeOf(field, "name")));
  const marks = ourMarks(reading, field, ["class", "data_types", "role"]);
  const stated = texts(reading, nodeOf(field, "data_categories"), "data_categories");
  const categories = stated.length > 0 ? stated : around.inherited;
  if (valueOf(field, "fields") !== undefined) {
    if (marks !== undefined) reading.tell(marks, `\`${name}\` has fields of its own and marks too.`, "Mark the inner fields.");
    return readFields(reading, field, { ...around, prefix: `${name}.`, inherited: categories, depth: around.depth + 1 }, places);
  }
  const references = readReferences(reading, field, name);
  const read = { name, categories, ...readMarks(reading, name, marks) };
  if (isPrimaryKey(field)) reading.primaryKeys.add(`${around.collection}.${name}`);
  return [{ ...read, ...(references.length === 0 ? {} : { references }) }];
}

/** Fides says `primary_key: true`; older files say it in `fidesops_meta`. */
function isPrimaryKey(field: YAMLMap): boolean {
  return metaOf(field).some((meta) => {
    const node = nodeOf(meta, "primary_key");
    return isScalar(node) && node.value === true;
  });
}

function metaOf(node: YAMLMap): YAMLMap[] {
  return ["fides_meta", "fidesops_meta"].flatMap((name) => {
    const meta = nodeOf(node, name);
    return isMap(meta) ? [meta] : [];
  });
}

/** `references: [{ dataset, field: collection.field, direction }]`, as Fides writes them. */
function readReferences(reading: Reading, field: YAMLMap, name: string): FieldReference[] {
  return metaOf(field).flatMap((meta) => {
    const list = nodeOf(meta, "references");
    if (list === undefined || isNull(list)) return [];
    if (!isSeq(list)) {
      reading.tell(list, "`references` is not a list.", "Write each reference behind a dash.");
      return [];
    }
    return mapsIn(reading, list, "A reference").flatMap((reference) => readReference(reading, reference, name));
  });
}

function readReference(reading: Reading, reference: YAMLMap, name: string): FieldReference[] {
  const source = textOf(reading, reference, "dataset", "A reference needs a `dataset`.");
  const target = textOf(reading, reference, "field", "A reference needs a `field`.");
  const [, collection, column] = /^([^.]+)\.(.+)$/.exec(target ?? "") ?? [];
  if (target !== undefined && column === undefined)
    reading.tell(nodeOf(reference, "field"), `The reference of \`${name}\` names no field of a collection.`, "Write `collection.field`.");
  const direction = oneOf(reading, reference, "direction", ["from", "to"] as const);
  if (source === undefined || collection === undefined || column === undefined) return [];
  return [{ source, collection, column, ...(direction === undefined ? {} : { direction }) }];
}

function readMarks(reading: Reading, name: string, marks: YAMLMap | undefined): Pick<MappedField, "class" | "dataTypes" | "role"> {
  if (marks === undefined) return { dataTypes: [] };
  const dataTypes = texts(reading, nodeOf(marks, "data_types"), "data_types");
  const held = oneOf(reading, marks, "class", ["content", "non-content"] as const);
  const role = oneOf(reading, marks, "role", roles);
  if (dataTypes.length > 0 && held === undefined) {
    reading.tell(
      nodeOf(marks, "data_types"),
      `\`${name}\` has data types but no class.`,
      "Add `class: content` or `class: non-content`; a field without one is never produced.",
    );
  }
  for (const id of dataTypes) tellUnknownType(reading, nodeOf(marks, "data_types"), { name, id, held });
  return { dataTypes, ...(held === undefined ? {} : { class: held }), ...(role === undefined ? {} : { role }) };
}

function tellUnknownType(reading: Reading, at: Node | undefined, mark: { name: string; id: string; held: MappedField["class"] }): void {
  const kind = reading.kinds.get(mark.id);
  if (kind === undefined) return reading.tell(at, `\`${mark.id}\` is no data type of the policy.`, `Use one of: ${[...reading.kinds.keys()].join(", ")}.`);
  if (kind === "real-time") return reading.tell(at, `\`${mark.id}\` is real-time data, which is never collected (KDRP-6).`, "Take it out.");
  if (mark.held === "content" && kind === "non-content") {
    reading.tell(
      at,
      `\`${mark.name}\` is content and \`${mark.id}\` is not: a subpoena would reach content (KDRP-11).`,
      "Correct the class, or take the data type out.",
    );
  }
}

/** What a collection that can be produced must show, so that its records can be bounded and checked. */
function tellContradictions(reading: Reading, node: YAMLMap, collection: MappedCollection): void {
  const types = new Set(collection.fields.flatMap((field) => field.dataTypes));
  for (const role of single) {
    const marked = collection.fields.filter((field) => field.role === role);
    if (marked.length > 1) reading.tell(node, `\`${collection.name}\` marks ${marked.length} fields as ${role}.`, "Mark one.");
  }
  if (types.size === 0) return;
  const has = (role: Role) => collection.fields.find((field) => field.role === role);
  const refers = collection.fields.some((field) => field.role === "owner" || field.references !== undefined);
  if (has("subject") === undefined && !refers)
    reading.tell(
      node,
      `\`${collection.name}\` can be produced but does not say whose its records are.`,
      "Mark the account's field with `role: subject`, or the field that refers to a record of the account with `role: owner` and its `references`.",
    );
  if (collection.undated && has("moment") !== undefined)
    reading.tell(node, `\`${collection.name}\` is marked undated and has a moment.`, "Take one of the two out.");
  for (const role of ["subject", "workspace", "moment"] as const) {
    const witness = has(role);
    const missing = witness === undefined ? [] : [...types].filter((type) => !witness.dataTypes.includes(type));
    if (witness === undefined || missing.length === 0) continue;
    reading.tell(
      node,
      `\`${collection.name}\` gives ${missing.join(", ")} without its ${role} \`${witness.name}\`: a receiver could not check the record.`,
      `Add ${missing.join(", ")} to the data types of \`${witness.name}\`.`,
    );
  }
}

function tellTwice(reading: Reading, at: Node, names: readonly string[], word: string): void {
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  for (const name of twice) reading.tell(at, `The ${word} \`${name}\` is there twice.`, "Keep one.");
}

function ourMarks(reading: Reading, parent: YAMLMap, known: readonly string[]): YAMLMap | undefined {
  const meta = nodeOf(parent, "fides_meta");
  const marks = isMap(meta) ? valueOf(meta, "portcullis") : undefined;
  if (marks === undefined) return undefined;
  if (!isMap(marks)) {
    reading.tell(marks, "`portcullis` holds no marks.", `Write ${known.join(", ")} below it.`);
    return undefined;
  }
  for (const pair of marks.items) {
    const name = keyText(pair);
    if (!known.includes(name)) reading.tell(pair.key as Node, `\`${name}\` is no mark of ours.`, `Use ${known.join(", ")}.`);
  }
  return marks;
}

function oneOf<Word extends string>(reading: Reading, parent: YAMLMap, name: string, words: readonly Word[]): Word | undefined {
  const node = nodeOf(parent, name);
  if (node === undefined || isNull(node)) return undefined;
  const word = words.find((candidate) => candidate === scalarText(node));
  if (word === undefined) reading.tell(node, `\`${name}\` is none of ${words.join(", ")}.`, "Choose one of them.");
  return word;
}

function textOf(reading: Reading, parent: YAMLMap, name: string, what: string): string | undefined {
  const text = scalarText(nodeOf(parent, name));
  if (text === undefined || text === "") {
    reading.tell(nodeOf(parent, name) ?? parent, what, `Add \`${name}: …\`.`);
    return undefined;
  }
  return text;
}

function listOf(reading: Reading, parent: YAMLMap, name: string, what: string): YAMLMap[] {
  const list = nodeOf(parent, name);
  if (isSeq(list)) return mapsIn(reading, list, `An item of \`${name}\``);
  reading.tell(list ?? parent, what, `Add \`${name}:\` and a list.`);
  return [];
}

function mapsIn(reading: Reading, list: { items: unknown[] }, what: string): YAMLMap[] {
  return list.items.flatMap((item) => {
    if (isMap(item)) return [item];
    reading.tell(item as Node | null, `${what} is not a mapping.`, "Write names and values below the dash.");
    return [];
  });
}

function texts(reading: Reading, node: Node | undefined, name: string): readonly string[] {
  if (node === undefined || isNull(node)) return [];
  const words = isSeq(node) ? node.items.map((item) => scalarText(item as Node)) : [undefined];
  if (words.every((word) => word !== undefined)) return words;
  reading.tell(node, `\`${name}\` is not a list of words.`, "Write `[one, another]`.");
  return [];
}

function nodeOf(parent: YAMLMap, name: string): Node | undefined {
  return (parent.get(name, true) ?? undefined) as Node | undefined;
}

function valueOf(parent: YAMLMap, name: string): Node | undefined {
  const node = nodeOf(parent, name);
  return isNull(node) ? undefined : node;
}

function isNull(node: Node | undefined): boolean {
  return isScalar(node) && node.value === null;
}

function keyText(pair: Pair): string {
  return scalarText(pair.key as Node) ?? "";
}

function scalarText(node: Node | undefined): string | undefined {
  return isScalar(node) && typeof node.value === "string" ? node.value : undefined;
}
