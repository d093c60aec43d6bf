// Turns what may be collected into bounded reads: scope, instrument and data map together, so that no read can name a column or a row outside them.
import { addDays, dayOf, startOfDay } from "../../kernel/instant.ts";
import type { Instant, Zone } from "../../kernel/instant.ts";
import type { Reason } from "../../kernel/outcome.ts";
import type { DataClass } from "../../policy/pack.ts";
import type { ClassOf, DataMap, MappedCollection, Plan, PlannedRead, Scope, ScopeLine, Through } from "../shapes.ts";
import { ownersIn, type Way } from "./find-owners.ts";

export interface PlanRequest {
  readonly scope: Scope;
  readonly maps: readonly DataMap[];
  /** The law's class of a data type: the line's own word is held against it. */
  readonly classOf: ClassOf;
}

export type Compiled = { readonly kind: "planned"; readonly plan: Plan } | { readonly kind: "refused"; readonly reasons: readonly [Reason, ...Reason[]] };

/** A plan, or every reason of every line against one. Reads are ordered by source, collection and line. */
export function compileScope(request: PlanRequest): Compiled {
  const [first, ...rest] = [...repeatedLines(request.scope), ...request.scope.lines.flatMap((line) => reasonsAgainst(line, request))];
  if (first !== undefined) return { kind: "refused", reasons: [first, ...rest] };
  const found = findPlaces(request);
  const reads = found.flatMap(readsFor).sort(byPlace);
  const nothingHeld = request.scope.lines.flatMap((line) =>
    negativeSearch(
      line,
      found.filter((place) => place.line === line),
    ),
  );
  return { kind: "planned", plan: { caseId: request.scope.caseId, reads, nothingHeld } };
}

/** The first moment a line may not reach any more: the end of the day on which the instrument was served. */
function endOfServedDay(servedAt: Instant, zone: Zone): Instant {
  return startOfDay(addDays(dayOf(servedAt, zone), 1), zone);
}

const realTime: readonly DataClass[] = ["REALTIME_META", "REALTIME_CONTENT"];

function reasonsAgainst(line: ScopeLine, request: PlanRequest): Reason[] {
  const law = classReasons(line, request);
  const map = law.length === 0 ? contentReasons(line, request.maps) : [];
  return [...law, ...rowReasons(line), ...rangeReasons(line, request), ...map].map((reason) => ({ ...reason, line: line.line }));
}

function classReasons(line: ScopeLine, { scope, classOf }: PlanRequest): Reason[] {
  const legal = classOf(line.dataType);
  if (realTime.includes(line.dataClass) || (legal !== undefined && realTime.includes(legal))) {
    return [{ clause: "KDRP-6", code: "REALTIME", because: "Real-time data is never collected. Counsel answers this line." }];
  }
  if (legal === undefined)
    return [
      {
        clause: "KDRP-12",
        code: "UNKNOWN_DATA_TYPE",
        because: `The law of this request gives nobody \`${line.dataType}\`. Take the line out, or have counsel class the data type.`,
      },
    ];
  if (legal !== line.dataClass)
    return [
      {
        clause: "KDRP-12",
        code: "CLASS_MISMATCH",
        because: `The line calls \`${line.dataType}\` ${line.dataClass}; the law of this request calls it ${legal}. Classify the line again.`,
      },
    ];
  if (scope.reach.includes(legal)) return [];
  return legal === "CONTENT"
    ? [{ clause: "KDRP-11", code: "INSUFFICIENT_PROCESS", because: "This instrument does not reach content. A search warrant would." }]
    : [{ clause: "KDRP-12", code: "INSUFFICIENT_PROCESS", because: `This instrument does not reach ${legal} data. An instrument that compels it would.` }];
}

function rowReasons(line: ScopeLine): Reason[] {
  const reasons: Reason[] = [];
  if (line.accounts.length === 0 || line.accounts.some(isBlank)) {
    reasons.push({ clause: "KDRP-2c", code: "NO_ACCOUNT", because: "The line names no account. It needs at least one that a person has confirmed." });
  }
  if (isBlank(line.workspace)) reasons.push({ clause: "KDRP-2c", code: "NO_WORKSPACE", because: "The line names no workspace. It needs exactly one." });
  return reasons;
}

function rangeReasons(line: ScopeLine, { scope }: PlanRequest): Reason[] {
  const reasons: Reason[] = [];
  if (line.until > endOfServedDay(scope.servedAt, scope.zone)) {
    reasons.push({
      clause: "KDRP-6",
      code: "REACHES_FUTURE",
      because: "The range ends after the day the instrument was served. End it on that day or before.",
    });
  }
  if (line.from !== undefined && line.from >= line.until) {
    reasons.push({ clause: "KDRP-2c", code: "EMPTY_RANGE", because: "The range ends before it begins. Correct the dates." });
  }
  return reasons;
}

/** A map that lends content to a data type that is not content would let a subpoena reach it. */
function contentReasons(line: ScopeLine, maps: readonly DataMap[]): Reason[] {
  if (line.dataClass === "CONTENT") return [];
  return placesFor(line, maps)
    .filter(({ collection }) => collection.fields.some((field) => field.class === "content" && field.dataTypes.includes(line.dataType)))
    .map(({ map, collection }) => ({
      clause: "KDRP-11",
      code: "MAP_GIVES_CONTENT",
      because: `The data map of ${map.source} gives content of \`${collection.name}\` for \`${line.dataType}\`, which is not content. Correct the map.`,
    }));
}

function repeatedLines(scope: Scope): Reason[] {
  const ids = scope.lines.map((line) => line.line);
  return [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))].map((line) => ({
    clause: "IGRP-9",
    code: "LINE_TWICE",
    because: "Two lines have the same number, so a record could not say why it is here. Number them apart.",
    line,
  }));
}

/** A collection that holds the data type of a line. */
interface Place {
  readonly line: ScopeLine;
  readonly map: DataMap;
  readonly collection: MappedCollection;
}

function placesFor(line: ScopeLine, maps: readonly DataMap[]): Place[] {
  return maps.flatMap((map) =>
    map.collections.filter((collection) => columnsFor(line, collection).length > 0).map((collection) => ({ line, map, collection })),
  );
}

/** A place as it can be read: `subject` is the column that says whose a record is or, of a place with a way, the one that refers to an owner. */
interface FoundPlace extends Place {
  readonly subject: string | undefined;
  readonly through: Through | undefined;
  /** Why it is left out for this line. */
  readonly obstacle: string | undefined;
}

function findPlaces({ scope, maps }: PlanRequest): FoundPlace[] {
  const wayOf = ownersIn(maps);
  return scope.lines.flatMap((line) =>
    placesFor(line, maps).map((place) => {
      const named = roleOf(place.collection, "subject");
      return found(place, named ?? wayOf({ source: place.map.source, collection: place.collection }));
    }),
  );
}

function found(place: Place, owner: string | Way): FoundPlace {
  if (typeof owner === "string") return { ...place, subject: owner, through: undefined, obstacle: dateObstacle(place, []) };
  if (owner.kind === "none") return { ...place, subject: undefined, through: undefined, obstacle: owner.because };
  const { through } = owner;
  const refers = through.links[0]?.to.column;
  return { ...place, subject: refers, through, obstacle: dateObstacle(place, through.places) };
}

function columnsFor(line: ScopeLine, collection: MappedCollection): string[] {
  return collection.fields.filter((field) => field.class !== undefined && field.dataTypes.includes(line.dataType)).map((field) => field.name);
}

function readsFor({ line, map, collection, subject, through, obstacle }: FoundPlace): PlannedRead[] {
  if (subject === undefined || obstacle !== undefined) return [];
  const [workspace, moment, key] = [roleOf(collection, "workspace"), momentOf(collection), roleOf(collection, "key")];
  return [
    {
      source: map.source,
      collection: collection.name,
      line: line.line,
      dataType: line.dataType,
      columns: columnsFor(line, collection),
      witness: {
        subject,
        ...(workspace === undefined ? {} : { workspace }),
        ...(moment === undefined ? {} : { moment }),
        ...(key === undefined ? {} : { key }),
      },
      accounts: [...new Set(line.accounts)],
      workspace: line.workspace,
      ...(collection.undated || line.from === undefined ? {} : { from: line.from, until: line.until }),
      ...(through === undefined ? {} : { through }),
    },
  ];
}

function roleOf(collection: MappedCollection, role: string): string | undefined {
  return collection.fields.find((field) => field.role === role)?.name;
}

function momentOf(collection: MappedCollection): string | undefined {
  return collection.undated ? undefined : roleOf(collection, "moment");
}

/** A record without a date of its own has the date of the record it belongs to. */
function dateObstacle({ line, collection }: Place, way: Through["places"]): string | undefined {
  if (collection.undated) return undefined;
  if (momentOf(collection) === undefined && way.every(({ moment }) => moment === undefined))
    return "its records have no date that could be held against the range";
  return line.from === undefined ? "its records have dates and the line gives no first day" : undefined;
}

function negativeSearch(line: ScopeLine, places: readonly FoundPlace[]): { line: string; because: string }[] {
  if (places.length === 0) return [{ line: line.line, because: `No source holds data of the type \`${line.dataType}\`.` }];
  return places.flatMap(({ map, collection, obstacle }) =>
    obstacle === undefined ? [] : [{ line: line.line, because: `\`${collection.name}\` of ${map.title} was not searched: ${obstacle}.` }],
  );
}

function byPlace(a: PlannedRead, b: PlannedRead): number {
  return compare(a.source, b.source) || compare(a.collection, b.collection) || compare(a.line, b.line);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isBlank(text: string): boolean {
  return text.trim() === "";
}
