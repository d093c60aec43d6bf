// Takes out of records what the receiver may not see: whole fields by rule, forms and names inside text, and people by a name of this production.
import type { CollectedRecord, FieldValue } from "../shapes.ts";
import { type FindHits, hitFinder } from "./find-hits.ts";
import { type KeyedDigest, type KnownPerson, type Pseudonyms, pseudonymsFor } from "./pseudonyms.ts";
import { type RedactionLog, type RemovalCounter, removalCounter } from "./redaction-log.ts";
import { type Audience, type Removal, type RemovalReason, removalsFor } from "./removals.ts";
import { rewriteJson } from "./rewrite-json.ts";

interface FieldRule {
  /** Absent: in every source. */
  readonly source?: string;
  readonly collection: string;
  readonly field: string;
  /** Members on the way to a value inside JSON text, such as `["user", "email"]`. Absent: the whole field. */
  readonly path?: readonly [string, ...string[]];
  readonly action: FieldAction;
  readonly reason: RemovalReason;
  readonly audiences?: readonly Audience[];
}

/** `mask` leaves the last few signs of a long value; the length of what is hidden does not show. */
type FieldAction =
  | { readonly kind: "remove" }
  | { readonly kind: "replace"; readonly by: string }
  | { readonly kind: "mask"; readonly keepLast: 0 | 1 | 2 | 3 | 4 }
  | { readonly kind: "pseudonym" };

export interface RecordRedaction {
  readonly audience: Audience;
  readonly fields: readonly FieldRule[];
  /** Terms and patterns looked for in every text. Regions are places on a page and find nothing here. */
  readonly text: readonly Removal[];
  /** Whose names become pseudonyms wherever they stand in a text. */
  readonly people: readonly (KnownPerson & { readonly reason: RemovalReason; readonly audiences?: readonly Audience[] })[];
  readonly digest: KeyedDigest;
  /** Whom a production met before it was stopped, as `RecordRedactor.met` told. */
  readonly metBefore?: readonly string[];
}

interface RedactedRecord {
  readonly record: CollectedRecord;
  readonly removals: number;
  /** Columns that hold a file: what is inside them was not looked at here. */
  readonly files: readonly string[];
}

export interface RecordRedactor {
  redact(record: CollectedRecord): RedactedRecord;
  /** The key a record leaves with. Counts nothing. */
  keyOf(record: CollectedRecord): string;
  /** Digests of the people who were met in records, in the order of their numbers. */
  met(): readonly string[];
  log(): RedactionLog;
}

/** One redactor for one production and one audience: pseudonyms are stable inside it and nowhere else. */
export function recordRedactor(redaction: RecordRedaction): RecordRedactor {
  const { audience } = redaction;
  const applies = (rule: { readonly audiences?: readonly Audience[] }): boolean => rule.audiences?.includes(audience) ?? true;
  const text = removalsFor(audience, redaction.text);
  const people = redaction.people.filter(applies);
  const names = people.flatMap((person) => person.names.map((name) => ({ name, reason: person.reason })));
  const removals: Removal[] = [...text, ...names.map(({ name, reason }): Removal => ({ target: { kind: "term", term: name }, reason }))];
  const work: Work = {
    rules: redaction.fields.filter(applies),
    removals,
    nameOf: (removal) => names[removal - text.length]?.name,
    find: hitFinder(removals),
    pseudonyms: pseudonymsFor(redaction.digest, people, redaction.metBefore),
    digest: redaction.digest,
    counter: removalCounter(audience),
  };
  return {
    redact: (record) => redactRecord(record, work),
    keyOf: ({ key }) => safeKey(key, work),
    met: () => work.pseudonyms.met(),
    log: () => work.counter.log(),
  };
}

interface Work {
  readonly rules: readonly FieldRule[];
  readonly removals: readonly Removal[];
  /** The name a removal looks for when it stands for a person; none for other removals. */
  readonly nameOf: (removal: number) => string | undefined;
  readonly find: FindHits;
  readonly pseudonyms: Pseudonyms;
  readonly digest: KeyedDigest;
  readonly counter: RemovalCounter;
}

type Count = (reason: RemovalReason) => void;

function redactRecord(record: CollectedRecord, work: Work): RedactedRecord {
  const fields: { [column: string]: FieldValue } = {};
  const files: string[] = [];
  let removals = 0;
  for (const [column, value] of Object.entries(record.fields)) {
    const count: Count = (reason) => {
      removals++;
      work.counter.count(reason, { kind: "field", source: record.source, collection: record.collection, field: column });
    };
    const rules = work.rules.filter(
      (rule) => rule.collection === record.collection && rule.field === column && (rule.source === undefined || rule.source === record.source),
    );
    const redacted = redactField(value, rules, work, count);
    if (redacted instanceof Uint8Array) files.push(column);
    Object.defineProperty(fields, column, { value: redacted, enumerable: true, writable: true, configurable: true });
  }
  return { record: { ...record, key: safeKey(record.key, work), fields }, removals, files };
}

/** A key that holds what is taken out elsewhere, such as an address, would give it away as the name of a file. */
function safeKey(key: string, work: Work): string {
  return work.find(key).length === 0 ? key : `record-${work.digest(`key ${key}`).slice(0, 20)}`;
}

function redactField(value: FieldValue, rules: readonly FieldRule[], work: Work, count: Count): FieldValue {
  const whole = rules.find((rule) => rule.path === undefined);
  if (whole !== undefined && value !== null) {
    count(whole.reason);
    return act(whole.action, value, work);
  }
  if (typeof value === "string") return redactText(value, rules, work, count, 0);
  if (typeof value === "number") return redactNumber(value, work, count);
  return value;
}

function act(action: FieldAction, value: Exclude<FieldValue, null>, work: Work): string | null {
  switch (action.kind) {
    case "remove":
      return null;
    case "replace":
      return action.by;
    case "mask":
      return value instanceof Uint8Array ? null : mask(String(value), action.keepLast);
    case "pseudonym":
      return value instanceof Uint8Array ? null : work.pseudonyms.of(String(value));
    default:
      return action satisfies never;
  }
}

const hidden = "•••";
const shortestMasked = 8;

/** A short value is hidden whole: its last signs would be most of it. */
function mask(value: string, keepLast: number): string {
  const signs = [...value];
  return signs.length < shortestMasked || keepLast === 0 ? hidden : hidden + signs.slice(-keepLast).join("");
}

function redactNumber(value: number, work: Work, count: Count): FieldValue {
  const written = String(value);
  const redacted = redactPlain(written, work, count);
  return redacted === written ? value : redacted;
}

const deepestJson = 3;

/** JSON inside a text is redacted inside too, and JSON inside that; what is nested deeper than anybody can follow is removed whole. */
function redactText(value: string, rules: readonly FieldRule[], work: Work, count: Count, depth: number): string | null {
  const tooDeep = { isSo: false };
  const rewriting = rewriteJson(value, ({ path, kind, value: inner }) => {
    const rule = kind === "name" ? undefined : rules.find((each) => isPath(each.path, path));
    if (rule !== undefined) {
      count(rule.reason);
      return act(rule.action, inner, work) ?? "";
    }
    if (kind === "string" && /^\s*[{["]/.test(inner) && depth >= deepestJson) {
      tooDeep.isSo = true;
      return "";
    }
    const redacted = kind === "string" ? redactText(inner, [], work, count, depth + 1) : redactPlain(inner, work, count);
    return redacted === inner ? undefined : (redacted ?? "");
  });
  if (rewriting.kind === "not-json") return redactPlain(value, work, count);
  if (rewriting.kind === "rewritten" && !tooDeep.isSo) return rewriting.text;
  count("OUTSIDE_LINE");
  return null;
}

function isPath(wanted: readonly string[] | undefined, path: readonly string[]): boolean {
  return wanted !== undefined && wanted.length <= path.length && wanted.every((name, index) => path[index] === name);
}

function redactPlain(value: string, work: Work, count: Count): string {
  let text = "";
  let at = 0;
  for (const { from, to, removal } of work.find(value).toSorted((one, other) => one.from - other.from || other.to - one.to)) {
    if (to <= at) continue;
    const reason = work.removals[removal]?.reason ?? "OUTSIDE_LINE";
    // What overlaps an earlier find is part of the same hole.
    if (from >= at) {
      const name = work.nameOf(removal);
      text += value.slice(at, from) + (name === undefined ? `[removed: ${reason}]` : work.pseudonyms.of(name));
      count(reason);
    }
    at = to;
  }
  return text + value.slice(at);
}
