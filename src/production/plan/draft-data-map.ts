// Drafts a data map from the columns that a source has now. It suggests and never classes: until a person writes a class, nothing of it can be produced.
import { LineCounter, isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { Node, YAMLMap, YAMLSeq } from "yaml";
import type { LiveCollection, LiveSchema } from "../shapes.ts";
import type { MapProblem } from "./read-data-map.ts";
import { suggestMarks, type Suggestion } from "./suggest-marks.ts";

export type Drafted =
  | { readonly kind: "drafted"; readonly text: string; readonly collections: number; readonly fields: number }
  | { readonly kind: "refused"; readonly problems: readonly [MapProblem, ...MapProblem[]] };

const opening = `# A draft, made from the columns that the source has. Nothing of it is produced before a person has judged it, field by field:
#   class       content (people made it) or non-content, below fides_meta.portcullis; a field without one is never produced
#   data_types  for which data types of the policy the field may be produced
#   role        subject, workspace, moment, key or owner
# What stands behind "suggested" is a guess from the name. docs/data-maps.md says how to go on.
`;

/** The same columns give the same text, in whatever order the source tells them. */
export function draftDataMap(schema: LiveSchema): Drafted {
  const collections = sorted(schema.collections);
  return {
    kind: "drafted",
    text: `${opening}dataset:\n${datasetLines(schema, collections, 2).join("\n")}\n`,
    collections: collections.length,
    fields: fieldCount(collections),
  };
}

/** Adds what the source has and the map does not name. Every character that a person wrote stays; `collections` and `fields` count what is new. */
export function draftOnto(file: string, text: string, schema: LiveSchema): Drafted {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const onto: Onto = { file, text, lines };
  if (document.errors.length > 0 || !isMap(document.contents))
    return refusedAt(onto, null, "The file holds no dataset that can be added to.", "Repair it first: portcullis data-map check --file says what is wrong.");
  const found = findDataset(document.contents, schema.source);
  if (found.kind === "none")
    return refusedAt(onto, document.contents, `The file describes another source than ${schema.source}.`, "Draft into a file of its own.");
  const added = found.kind === "list" ? addDataset(onto, found.list, schema) : addToDataset(onto, found.dataset, schema);
  if ("problem" in added) return { kind: "refused", problems: [added.problem] };
  return { kind: "drafted", text: insertAll(onto, added.insertions), collections: added.collections, fields: added.fields };
}

interface Onto {
  readonly file: string;
  readonly text: string;
  readonly lines: LineCounter;
}

interface Insertion {
  readonly at: number;
  readonly lines: readonly string[];
}

interface Added {
  readonly insertions: readonly Insertion[];
  readonly collections: number;
  readonly fields: number;
}

type Found = { readonly kind: "dataset"; readonly dataset: YAMLMap } | { readonly kind: "list"; readonly list: YAMLSeq } | { readonly kind: "none" };

/** The dataset of this source; where a list has none yet, the list it is added to. */
function findDataset(contents: YAMLMap, source: string): Found {
  const list = contents.get("dataset", true);
  if (!isSeq(list)) return textAt(contents, "fides_key") === source ? { kind: "dataset", dataset: contents } : { kind: "none" };
  const dataset = list.items.filter(isMap).find((each) => textAt(each, "fides_key") === source);
  return dataset === undefined ? { kind: "list", list } : { kind: "dataset", dataset };
}

function addDataset(onto: Onto, list: YAMLSeq, schema: LiveSchema): Added | { readonly problem: MapProblem } {
  const place = endOf(onto, list);
  if (place === undefined) return { problem: notAList(onto, list, "dataset") };
  const collections = sorted(schema.collections);
  return {
    insertions: [{ at: place.at, lines: datasetLines(schema, collections, place.indent) }],
    collections: collections.length,
    fields: fieldCount(collections),
  };
}

function addToDataset(onto: Onto, dataset: YAMLMap, schema: LiveSchema): Added | { readonly problem: MapProblem } {
  const list = dataset.get("collections", true);
  const mapped = isSeq(list) ? list.items.filter(isMap) : [];
  const insertions: Insertion[] = [];
  let fields = 0;
  for (const collection of mapped) {
    const live = schema.collections.find(({ name }) => name === textAt(collection, "name"));
    const fresh = live === undefined ? undefined : { ...live, columns: live.columns.filter(({ name }) => !isMapped(collection, name)) };
    if (live === undefined || fresh === undefined || fresh.columns.length === 0) continue;
    const place = endOf(onto, collection.get("fields", true));
    if (place === undefined) return { problem: notAList(onto, collection, "fields") };
    insertions.push({ at: place.at, lines: fieldsLines(schema, fresh, suggestMarks(live, schema.collections), place.indent) });
    fields += fresh.columns.length;
  }
  const missing = sorted(schema.collections.filter(({ name }) => !mapped.some((collection) => textAt(collection, "name") === name)));
  if (missing.length === 0) return { insertions, collections: 0, fields };
  const place = endOf(onto, list);
  if (place === undefined) return { problem: notAList(onto, dataset, "collections") };
  insertions.push({ at: place.at, lines: missing.flatMap((collection) => collectionLines(schema, collection, place.indent)) });
  return { insertions, collections: missing.length, fields: fields + fieldCount(missing) };
}

/** A column is mapped by its own name, or by fields nested below it. */
function isMapped(collection: YAMLMap, column: string): boolean {
  const fields = collection.get("fields", true);
  return (
    isSeq(fields) &&
    fields.items.some((field) => isMap(field) && (textAt(field, "name") === column || textAt(field, "name")?.startsWith(`${column}.`) === true))
  );
}

/** Behind the last item of a list with dashes and the remarks that are set in deeper than its dash. */
function endOf({ text, lines }: Onto, list: unknown): { readonly at: number; readonly indent: number } | undefined {
  if (!isSeq(list) || list.flow === true || list.items.length === 0) return undefined;
  const last = list.items.at(-1) as Node;
  const indent = lines.linePos(list.range?.[0] ?? 0).col - 1;
  let at = lineEnd(text, last.range?.[1] ?? text.length);
  for (let line = text.slice(at, lineEnd(text, at + 1)); /^ *#/.test(line) && line.indexOf("#") > indent; line = text.slice(at, lineEnd(text, at + 1)))
    at += line.length;
  return { at, indent };
}

/** The beginning of the next line, or of this one where the offset stands at it. */
function lineEnd(text: string, offset: number): number {
  if (offset > 0 && text[offset - 1] === "\n") return offset;
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end + 1;
}

function insertAll({ text }: Onto, insertions: readonly Insertion[]): string {
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  // From the end, so that the earlier places stay; of two at one place the fields of the last collection come before the next collection.
  const ordered = insertions.map((insertion, index) => ({ ...insertion, index })).toSorted((a, b) => b.at - a.at || b.index - a.index);
  return ordered.reduce((whole, { at, lines }) => {
    const before = whole.slice(0, at);
    const gap = before === "" || before.endsWith("\n") ? "" : newline;
    return `${before}${gap}${lines.join(newline)}${newline}${whole.slice(at)}`;
  }, text);
}

function notAList(onto: Onto, at: Node, name: string): MapProblem {
  return problemAt(
    onto,
    at,
    `\`${name}\` is not a list with dashes, so nothing can be added to it.`,
    "Write each item behind a dash on a line of its own, then draft again.",
  );
}

function refusedAt(onto: Onto, at: Node | null, what: string, remedy: string): Drafted {
  return { kind: "refused", problems: [problemAt(onto, at, what, remedy)] };
}

function problemAt({ file, lines }: Onto, at: Node | null, what: string, remedy: string): MapProblem {
  const { line, col } = lines.linePos(at?.range?.[0] ?? 0);
  return { file, line: Math.max(line, 1), column: Math.max(col, 1), what, remedy };
}

function textAt(parent: YAMLMap, name: string): string | undefined {
  const node = parent.get(name, true);
  return isScalar(node) && typeof node.value === "string" ? node.value : undefined;
}

function datasetLines(schema: LiveSchema, collections: readonly LiveCollection[], indent: number): readonly string[] {
  const inner = " ".repeat(indent + 2);
  const head = [`${" ".repeat(indent)}- fides_key: ${quoted(schema.source)}`, `${inner}name: ${quoted(schema.source)}`];
  if (collections.length === 0) return [...head, `${inner}collections: []`];
  return [...head, `${inner}collections:`, ...collections.flatMap((collection) => collectionLines(schema, collection, indent + 4))];
}

function collectionLines(schema: LiveSchema, collection: LiveCollection, indent: number): readonly string[] {
  const inner = " ".repeat(indent + 2);
  const suggested = suggestMarks(collection, schema.collections);
  const hasMoment = [...suggested.values()].some(({ role }) => role === "moment");
  return [
    `${" ".repeat(indent)}- name: ${quoted(collection.name)}`,
    ...(hasMoment ? [] : [`${inner}# suggested: fides_meta: { portcullis: { undated: true } }, if these are standing facts`]),
    ...(collection.columns.length === 0 ? [`${inner}fields: []`] : [`${inner}fields:`, ...fieldsLines(schema, collection, suggested, indent + 4)]),
  ];
}

function fieldsLines(schema: LiveSchema, { columns }: LiveCollection, suggested: ReadonlyMap<string, Suggestion>, indent: number): readonly string[] {
  return columns.toSorted((a, b) => order(a.name, b.name)).flatMap(({ name }) => fieldLines(schema, name, suggested.get(name) ?? {}, indent));
}

function fieldLines({ source }: LiveSchema, name: string, { category, role, refersTo }: Suggestion, indent: number): readonly string[] {
  const inner = " ".repeat(indent + 2);
  const target = refersTo === undefined ? undefined : quoted(`${refersTo.collection}.${refersTo.column}`);
  return [
    `${" ".repeat(indent)}- name: ${quoted(name)}`,
    ...(category === undefined ? [] : [`${inner}data_categories: [${category}]`]),
    ...(role === undefined ? [] : [`${inner}# suggested role: ${role}`]),
    ...(target === undefined ? [] : [`${inner}# suggested reference: { dataset: ${quoted(source)}, field: ${target}, direction: from }`]),
  ];
}

/** A name as YAML: plain where nothing can be misread, quoted and escaped otherwise, so that a column's name cannot write YAML. */
function quoted(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(name)) return name;
  return JSON.stringify(name).replaceAll(
    /[^\u0020-\u007E\u00A1-\u1FFF\u3000-\uD7FF\uE000-\uFDCF]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function sorted(collections: readonly LiveCollection[]): readonly LiveCollection[] {
  return collections.toSorted((a, b) => order(a.name, b.name));
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function fieldCount(collections: readonly LiveCollection[]): number {
  return collections.reduce((sum, { columns }) => sum + columns.length, 0);
}
