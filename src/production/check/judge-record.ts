// The second opinion: says of one record whether it may leave, from the scope and the data map alone. It shares no code with the compiler of plans.
import type { Reason } from "../../kernel/outcome.ts";
import type { Chain, ChainStep, ClassOf, CollectedRecord, DataMap, Judge, MappedCollection, MappedField, Scope, ScopeLine } from "../shapes.ts";

export interface Grounds {
  readonly scope: Scope;
  readonly maps: readonly DataMap[];
  readonly classOf: ClassOf;
}

/** A judge for one scope. It looks at what leaves (the fields) and at what the source says of it (the witness): both must be inside. */
export function judgeFor(grounds: Grounds): Judge {
  const lines = new Map(grounds.scope.lines.map((line) => [line.line, line]));
  const collections = new Map(grounds.maps.flatMap((map) => map.collections.map((collection) => [placeKey(map.source, collection.name), indexed(collection)])));
  const firstMomentTooLate = dayAfterService(grounds.scope);
  const ways = waysInto(grounds.maps);
  const held: HeldAt = (source, collection) => collections.get(placeKey(source, collection));
  const links: LinksTo = (source, collection) => ways.get(placeKey(source, collection)) ?? [];
  return (record) => {
    const line = lines.get(record.line);
    const place = held(record.source, record.collection);
    if (line === undefined) return outside(record, [no("IGRP-9", "NO_SUCH_LINE", "No line of the request asks for this record.")]);
    if (place === undefined) return outside(record, [no("IGRP-9", "NOT_MAPPED", "No data map describes the collection this record comes from.")]);
    const reasons = [
      ...lineFaults(line, grounds),
      ...(record.chain === undefined ? personFaults(record, line, place) : chainFaults(record, record.chain, line, held, links)),
      ...timeFaults(record, line, place, firstMomentTooLate),
      ...columnFaults(record, line, place),
    ];
    return reasons.length === 0 ? { kind: "inside" } : outside(record, reasons);
  };
}

type HeldAt = (source: string, collection: string) => Held | undefined;

/** A reference by which records of a collection belong to those of another, as the maps state it. */
interface StatedLink {
  readonly source: string;
  readonly collection: string;
  readonly column: string;
  readonly into: string;
}
type LinksTo = (source: string, collection: string) => readonly StatedLink[];

interface Held {
  readonly undated: boolean;
  readonly fields: ReadonlyMap<string, MappedField>;
  readonly subject: string | undefined;
  readonly workspace: string | undefined;
  readonly moment: string | undefined;
  readonly key: string | undefined;
}

function indexed(collection: MappedCollection): Held {
  const role = (wanted: string) => collection.fields.find((field) => field.role === wanted)?.name;
  const fields = new Map(collection.fields.map((field) => [field.name, field]));
  return {
    undated: collection.undated,
    fields,
    subject: role("subject"),
    workspace: role("workspace"),
    moment: role("moment"),
    key: role("key") ?? role("subject"),
  };
}

function lineFaults(line: ScopeLine, { scope, classOf }: Grounds): Reason[] {
  if (line.dataClass === "REALTIME_META" || line.dataClass === "REALTIME_CONTENT") {
    return [no("KDRP-6", "REALTIME", "Real-time data never leaves.")];
  }
  const faults: Reason[] = [];
  if (!scope.reach.includes(line.dataClass)) {
    faults.push(no(line.dataClass === "CONTENT" ? "KDRP-11" : "KDRP-12", "BEYOND_INSTRUMENT", `The instrument does not reach ${line.dataClass} data.`));
  }
  if (classOf(line.dataType) !== line.dataClass)
    faults.push(no("KDRP-12", "WRONG_CLASS", `Under this law \`${line.dataType}\` is not ${line.dataClass} data.`));
  return faults;
}

function personFaults(record: CollectedRecord, line: ScopeLine, held: Held): Reason[] {
  const faults: Reason[] = [];
  const person = shown(record, held.subject);
  if (held.subject === undefined || !line.accounts.includes(record.witness.subject) || (person !== undefined && person !== record.witness.subject))
    faults.push(otherAccount());
  if (held.workspace === undefined) return faults;
  return [...faults, ...placeFaults(record, line, held)];
}

function placeFaults(record: CollectedRecord, line: ScopeLine, held: Held): Reason[] {
  const place = shown(record, held.workspace);
  return record.witness.workspace !== line.workspace || (place !== undefined && place !== line.workspace) ? [otherWorkspace()] : [];
}

function otherAccount(): Reason {
  return no("IGRP-9", "OTHER_ACCOUNT", "The record does not belong to an account of its line.");
}

function otherWorkspace(): Reason {
  return no("IGRP-9", "OTHER_WORKSPACE", "The record does not belong to the workspace of its line.");
}

/**
 * A record that names no person is somebody's only by an unbroken chain: it begins with a record that names an account of the
 * line, each next one names nobody and refers to the one before it as the maps allow, and none of them lies in another workspace.
 */
function chainFaults(record: CollectedRecord, chain: Chain, line: ScopeLine, held: HeldAt, links: LinksTo): Reason[] {
  const own = held(record.source, record.collection);
  const [first] = chain.steps;
  const refers = shown(record, chain.column);
  const isWhole =
    held(first.source, first.collection)?.subject !== undefined &&
    first.in === undefined &&
    (refers === undefined || refers === chain.value) &&
    chain.steps.every((step) => agreesWithItself(step, held)) &&
    chain.steps.every((step, index) => followsFrom(step, chain.steps[index + 1] ?? { ...record, in: chain }, held, links));
  if (!isWhole) return [no("IGRP-9", "BROKEN_CHAIN", "Nothing shows unbroken whose the record is: a link is missing, or is none of the data map.")];
  const places = chain.steps.flatMap((step) => (held(step.source, step.collection)?.workspace === undefined ? [] : [step.workspace]));
  const faults = first.subject !== undefined && line.accounts.includes(first.subject) && record.witness.subject === first.subject ? [] : [otherAccount()];
  const isElsewhere = places.some((place) => place !== line.workspace) || (own?.workspace !== undefined && placeFaults(record, line, own).length > 0);
  const time = own === undefined || own.undated || own.moment !== undefined || record.witness.moment === dateOf(chain, held) ? [] : [noMoment()];
  return [...faults, ...(isElsewhere ? [otherWorkspace()] : []), ...time];
}

type Referring = Pick<ChainStep, "source" | "collection" | "in">;

/** What a step says twice of one column it says alike. */
function agreesWithItself(step: ChainStep, held: HeldAt): boolean {
  const here = held(step.source, step.collection);
  const said: (readonly [string | undefined, string | undefined])[] = [
    [here?.subject, step.subject],
    [here?.workspace, step.workspace],
    [here?.moment, step.moment],
    [step.in?.column, step.in?.value],
    [step.out.column, step.out.value],
  ];
  return said.every(
    ([column, value]) => column === undefined || value === undefined || said.every(([other, same]) => other !== column || same === undefined || same === value),
  );
}

function followsFrom(step: ChainStep, next: Referring, held: HeldAt, links: LinksTo): boolean {
  const [here, there] = [held(step.source, step.collection), held(next.source, next.collection)];
  const into = next.in;
  if (here === undefined || there === undefined || there.subject !== undefined) return false;
  if (into === undefined || into.value !== step.out.value || step.out.value === "") return false;
  const stated = links(next.source, next.collection);
  const isStated = stated.some(
    (link) => link.into === into.column && link.column === step.out.column && link.source === step.source && link.collection === step.collection,
  );
  const owners = [...there.fields.values()].filter(({ role }) => role === "owner");
  // Where the map marks no owner, there is one reference, and it is to a key: a value that people share makes nobody an owner.
  return isStated && (owners.length > 0 ? owners.some(({ name }) => name === into.column) : stated.length === 1 && here.key === step.out.column);
}

/** Every link that the maps state, by the collection it leads into; one that is stated twice counts once. */
function waysInto(maps: readonly DataMap[]): ReadonlyMap<string, readonly StatedLink[]> {
  const found = new Map<string, StatedLink[]>();
  const add = (into: { source: string; collection: string; column: string }, from: { source: string; collection: string; column: string }) => {
    const { source, collection, column } = from;
    const known = found.get(placeKey(into.source, into.collection)) ?? [];
    const isKnown = known.some((link) => link.into === into.column && link.column === column && link.source === source && link.collection === collection);
    if (!isKnown) found.set(placeKey(into.source, into.collection), [...known, { source, collection, column, into: into.column }]);
  };
  for (const { source, collections } of maps)
    for (const { name, fields } of collections)
      for (const field of fields)
        for (const { direction, ...there } of field.references ?? []) {
          const here = { source, collection: name, column: field.name };
          if (direction === "to") add(there, here);
          else add(here, there);
        }
  return found;
}

/** What a record without a date of its own has from the nearest record before it that has one. */
function dateOf({ steps }: Chain, held: HeldAt): string | undefined {
  return steps.findLast((step) => held(step.source, step.collection)?.moment !== undefined && step.moment !== undefined)?.moment;
}

function timeFaults(record: CollectedRecord, line: ScopeLine, held: Held, tooLate: string): Reason[] {
  if (held.undated) return [];
  const moment = record.witness.moment;
  const said = shown(record, held.moment);
  const isShown = held.moment !== undefined || record.chain !== undefined;
  if (!isShown || moment === undefined || !isMoment(moment) || (said !== undefined && said !== moment)) return [noMoment()];
  const faults: Reason[] = [];
  if (line.from === undefined) faults.push(no("KDRP-2c", "NO_DATE_RANGE", "The record has a date and its line has no first day."));
  else if (moment < line.from) faults.push(no("KDRP-2c", "BEFORE_RANGE", "The record is older than the range of its line."));
  if (moment >= line.until) faults.push(no("KDRP-2c", "AFTER_RANGE", "The record is younger than the range of its line."));
  if (moment >= tooLate) faults.push(no("KDRP-6", "AFTER_SERVICE", "The record was made after the day the instrument was served."));
  return faults;
}

function noMoment(): Reason {
  return no("KDRP-2c", "NO_MOMENT", "The record does not show when it happened, so it cannot be inside the range.");
}

function columnFaults(record: CollectedRecord, line: ScopeLine, held: Held): Reason[] {
  const faults: Reason[] = [];
  for (const name in record.fields) {
    const field = held.fields.get(name);
    if (field === undefined || field.class === undefined || !field.dataTypes.includes(line.dataType)) {
      faults.push(no("IGRP-9", "COLUMN_OUTSIDE", `The column \`${name}\` is not part of \`${line.dataType}\`.`));
    } else if (field.class === "content" && line.dataClass !== "CONTENT") {
      faults.push(no("KDRP-11", "CONTENT_OUTSIDE", `The column \`${name}\` is content, and the line is not.`));
    }
  }
  return faults;
}

/** What the record itself shows in a column, when that column leaves with it. */
function shown(record: CollectedRecord, column: string | undefined): string | undefined {
  if (column === undefined || !Object.hasOwn(record.fields, column)) return undefined;
  const value = record.fields[column];
  return typeof value === "object" ? "" : String(value);
}

function isMoment(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text);
}

/** The first moment of the day after service, reckoned here again and not taken from the compiler. */
function dayAfterService(scope: Scope): string {
  const served = Temporal.Instant.from(scope.servedAt).toZonedDateTimeISO(scope.zone);
  return served.add({ days: 1 }).startOfDay().toInstant().toString({ smallestUnit: "millisecond" });
}

function outside(record: CollectedRecord, reasons: readonly Reason[]): ReturnType<Judge> {
  const [first, ...rest] = reasons.map((reason) => ({ ...reason, line: record.line }));
  if (first === undefined) throw new Error("a record is only outside for a reason");
  return { kind: "outside", reasons: [first, ...rest] };
}

function no(clause: string, code: string, because: string): Reason {
  return { clause, code, because };
}

function placeKey(source: string, collection: string): string {
  return `${source}\u0000${collection}`;
}
