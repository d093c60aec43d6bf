// Looks over all data maps together: what is wrong, what nobody has judged, what cannot be produced although somebody meant it to be, and what is not held.
import type { DataCategories } from "../../policy/data-categories.ts";
import type { DataType } from "../../policy/pack.ts";
import type { LiveSchema, MappedCollection } from "../shapes.ts";
import { checkDataMap } from "./check-data-map.ts";
import { ownersIn } from "./find-owners.ts";
import type { DataMapReading, LocatedDataMap, MapProblem } from "./read-data-map.ts";

/** A fault must be repaired or decided by a person; a note is only told. */
export interface MapFinding {
  readonly severity: "fault" | "note";
  readonly code:
    | "MAP_PROBLEM"
    | "NOT_THERE"
    | "NOT_MAPPED"
    | "NO_OWNER"
    | "NO_DATE"
    | "NOT_OPEN"
    | "NEVER_PRODUCED"
    | "UNKNOWN_CATEGORY"
    | "NOT_HELD"
    | "SOURCE";
  /** In the data map; absent of what stands in no line of one. */
  readonly at?: { readonly file: string; readonly line: number; readonly column: number };
  readonly what: string;
  readonly remedy: string;
}

export interface Surveyed {
  readonly readings: readonly DataMapReading[];
  /** The columns that the sources have now; empty where a file is looked at alone. */
  readonly live: readonly LiveSchema[];
  readonly dataTypes: readonly DataType[];
  readonly categories: DataCategories;
}

/** Faults first; within each sort in the order of the files. */
export function surveyDataMaps(surveyed: Surveyed): readonly MapFinding[] {
  const maps = surveyed.readings.flatMap((reading) => (reading.kind === "read" ? reading.maps : []));
  const refused = surveyed.readings.flatMap((reading) => (reading.kind === "refused" ? reading.problems : []));
  const findings = [
    ...refused.map((problem) => fault("MAP_PROBLEM", problem)),
    ...maps.flatMap((map) => againstLive(map, surveyed.live)),
    ...unproducible(maps),
    ...maps.flatMap(neverProduced),
    ...maps.flatMap((map) => unknownCategories(map, surveyed.categories)),
    // What a map that cannot be read would hold is not known.
    ...(refused.length > 0 ? [] : notHeld(maps, surveyed.dataTypes)),
  ];
  return findings.toSorted(byWeight);
}

function againstLive(located: LocatedDataMap, live: readonly LiveSchema[]): readonly MapFinding[] {
  const schema = live.find(({ source }) => source === located.map.source);
  if (schema === undefined) return [];
  return [...checkDataMap(located, schema).problems.map((problem) => fault("NOT_THERE", problem)), ...unmapped(located, schema)];
}

function unmapped(located: LocatedDataMap, { source, collections }: LiveSchema): readonly MapFinding[] {
  return collections.flatMap(({ name, columns }) => {
    const mapped = located.map.collections.find((collection) => collection.name === name);
    if (mapped === undefined)
      return [
        fault(
          "NOT_MAPPED",
          problemAt(located, "", `${source} has the collection \`${name}\`, which the data map does not name: nothing of it is produced.`, draftAgain),
        ),
      ];
    return columns
      .filter((column) => !mapped.fields.some((field) => field.name === column.name || field.name.startsWith(`${column.name}.`)))
      .map((column) =>
        fault(
          "NOT_MAPPED",
          problemAt(located, name, `\`${name}\` has the column \`${column.name}\`, which the data map does not name: it is never produced.`, draftAgain),
        ),
      );
  });
}

const draftAgain = "Draft again with --onto and judge it; a field that shall never be produced stays without class.";

/** Collections that hold data types of the policy and still cannot be searched for anybody. */
function unproducible(maps: readonly LocatedDataMap[]): readonly MapFinding[] {
  const wayOf = ownersIn(maps.map(({ map }) => map));
  return maps.flatMap((located) =>
    located.map.collections.filter(isMeantToBeProduced).flatMap((collection) => {
      const named = has(collection, "subject");
      const way = named ? undefined : wayOf({ source: located.map.source, collection });
      if (way?.kind === "none")
        return [
          fault(
            "NO_OWNER",
            problemAt(
              located,
              collection.name,
              `\`${collection.name}\` is never searched: ${way.because}.`,
              "Mark the account's field with `role: subject`, or describe the reference by which a record finds its owner.",
            ),
          ),
        ];
      const dated = collection.undated || has(collection, "moment") || way?.through.places.some(({ moment }) => moment !== undefined) === true;
      if (dated) return [];
      return [
        fault(
          "NO_DATE",
          problemAt(
            located,
            collection.name,
            `\`${collection.name}\` is never searched: its records have no date that could be held against a range.`,
            "Mark the field that says when it happened with `role: moment`, or the collection as `undated: true` if these are standing facts.",
          ),
        ),
      ];
    }),
  );
}

function isMeantToBeProduced({ fields }: MappedCollection): boolean {
  return fields.some((field) => field.class !== undefined && field.dataTypes.length > 0);
}

function has({ fields }: MappedCollection, role: string): boolean {
  return fields.some((field) => field.role === role);
}

function neverProduced(located: LocatedDataMap): readonly MapFinding[] {
  return located.map.collections.flatMap((collection) =>
    collection.fields
      .filter((field) => field.class === undefined || field.dataTypes.length === 0)
      .map((field) => {
        const why = field.class === undefined ? "has no class" : "has a class and no data type";
        return note(
          "NEVER_PRODUCED",
          problemAt(
            located,
            `${collection.name}.${field.name}`,
            `\`${collection.name}.${field.name}\` ${why}: it is never produced.`,
            "Leave it so, or write its class and data types.",
          ),
        );
      }),
  );
}

/** Each key once, where it first stands. */
function unknownCategories(located: LocatedDataMap, categories: DataCategories): readonly MapFinding[] {
  if (categories.size === 0) return [];
  const first = new Map<string, string>();
  for (const collection of located.map.collections)
    for (const field of collection.fields)
      for (const key of field.categories) if (!categories.has(key) && !first.has(key)) first.set(key, `${collection.name}.${field.name}`);
  return [...first].map(([key, path]) =>
    note(
      "UNKNOWN_CATEGORY",
      problemAt(
        located,
        path,
        `\`${key}\` is no kind of data that Fides names. It is shown under its nearest parent.`,
        "Leave it if it is a kind of your own; correct it if it is misspelt.",
      ),
    ),
  );
}

function notHeld(maps: readonly LocatedDataMap[], dataTypes: readonly DataType[]): readonly MapFinding[] {
  const held = new Set(
    maps.flatMap(({ map }) => map.collections.flatMap(({ fields }) => fields.flatMap((field) => (field.class === undefined ? [] : field.dataTypes)))),
  );
  return dataTypes
    .filter(({ id, kind }) => kind !== "real-time" && !held.has(id))
    .map(({ id, label }) => ({
      severity: "note" as const,
      code: "NOT_HELD" as const,
      what: `No source holds ${label} (\`${id}\`).`,
      remedy: "Leave it if the company keeps none; a request for it is answered so.",
    }));
}

function problemAt({ file, places }: LocatedDataMap, path: string, what: string, remedy: string): MapProblem {
  return { file, ...(places.get(path) ?? { line: 1, column: 1 }), what, remedy };
}

function fault(code: MapFinding["code"], problem: MapProblem): MapFinding {
  return { severity: "fault", ...finding(code, problem) };
}

function note(code: MapFinding["code"], problem: MapProblem): MapFinding {
  return { severity: "note", ...finding(code, problem) };
}

function finding(code: MapFinding["code"], { file, line, column, what, remedy }: MapProblem): Omit<MapFinding, "severity"> {
  return { code, at: { file, line, column }, what, remedy };
}

function byWeight(a: MapFinding, b: MapFinding): number {
  const [one, other] = [a, b].map(({ severity, at }) => [severity, at === undefined ? 1 : 0, at?.file ?? "", at?.line ?? 0, at?.column ?? 0] as const);
  for (const [index, value] of (one ?? []).entries()) {
    const against = other?.[index] ?? value;
    if (value !== against) return value < against ? -1 : 1;
  }
  return 0;
}
