// Holds a data map against the columns a source really has: a name that does not exist is an error, a column nobody judged is never produced.
import type { LiveCollection, LiveSchema } from "../shapes.ts";
import type { LocatedDataMap, MapProblem } from "./read-data-map.ts";

export interface MapCheck {
  readonly problems: readonly MapProblem[];
  /** Live columns that no line can ever produce: `posts.internal_score`. */
  readonly neverProduced: readonly string[];
}

export function checkDataMap(located: LocatedDataMap, live: LiveSchema): MapCheck {
  return { problems: unknownNames(located, live), neverProduced: neverProduced(located, live) };
}

function unknownNames(located: LocatedDataMap, live: LiveSchema): MapProblem[] {
  return located.map.collections.flatMap((collection) => {
    const real = live.collections.find((candidate) => candidate.name === collection.name);
    if (real === undefined) {
      const names = live.collections.map((candidate) => candidate.name).join(", ");
      return [problem(located, collection.name, `${live.source} has no collection \`${collection.name}\`.`, `It has: ${names || "none that can be read"}.`)];
    }
    return collection.fields.flatMap((field) => [...unknownColumn(located, real, field.name), ...unfitMoment(located, real, field)]);
  });
}

function unknownColumn(located: LocatedDataMap, real: LiveCollection, name: string): MapProblem[] {
  if (real.columns.some((column) => column.name === name)) return [];
  const known = real.columns.map((column) => column.name).join(", ");
  return [problem(located, `${real.name}.${name}`, `\`${real.name}\` has no column \`${name}\`.`, `It has: ${known}.`)];
}

/** A column without zone cannot be held against a range of moments. */
function unfitMoment(located: LocatedDataMap, real: LiveCollection, field: { readonly name: string; readonly role?: string }): MapProblem[] {
  const column = real.columns.find((candidate) => candidate.name === field.name);
  if (field.role !== "moment" || column === undefined || column.kind === "moment") return [];
  return [
    problem(
      located,
      `${real.name}.${field.name}`,
      `\`${field.name}\` is marked as the moment but holds no moment with a time zone.`,
      "Mark a column of type `timestamp with time zone`.",
    ),
  ];
}

function neverProduced(located: LocatedDataMap, live: LiveSchema): string[] {
  return live.collections.flatMap((real) => {
    const mapped = located.map.collections.find((candidate) => candidate.name === real.name);
    const produced = new Set(mapped?.fields.filter((field) => field.class !== undefined && field.dataTypes.length > 0).map((field) => field.name));
    return real.columns.filter((column) => !produced.has(column.name)).map((column) => `${real.name}.${column.name}`);
  });
}

function problem(located: LocatedDataMap, path: string, what: string, remedy: string): MapProblem {
  const place = located.places.get(path) ?? { line: 1, column: 1 };
  return { file: located.file, ...place, what, remedy };
}
