// Says in plain words what the data maps hold of each data type of the policy, without the name of a source, a collection or a column.
import { categoryWords, type DataCategories } from "../../policy/data-categories.ts";
import type { DataType } from "../../policy/pack.ts";
import type { DataMap, MappedCollection, MappedField } from "../shapes.ts";

interface HeldType {
  readonly type: DataType;
  /** Kinds of data, in the order of the table of kinds. */
  readonly kinds: readonly string[];
  /** Whether some of it is of no kind that the table knows. */
  readonly hasOther: boolean;
  /** How long it is kept, in the words of the data maps. */
  readonly kept: readonly string[];
  /** Whether for some of it no map says how long. */
  readonly keptUnsaid: boolean;
}

export interface PublicHoldings {
  readonly held: readonly HeldType[];
  /** Real-time data is not among it: that is never collected. */
  readonly notHeld: readonly DataType[];
}

export interface Described {
  readonly maps: readonly DataMap[];
  readonly dataTypes: readonly DataType[];
  readonly categories: DataCategories;
}

/** Both lists in the order of the policy. Only what a person has classed counts as held: nothing else is ever given. */
export function describeHoldings({ maps, dataTypes, categories }: Described): PublicHoldings {
  const collections = maps.flatMap((map) => map.collections);
  const types = dataTypes.filter(({ kind }) => kind !== "real-time").map((type) => ({ type, places: collections.flatMap((each) => placeOf(each, type)) }));
  return {
    held: types.flatMap(({ type, places }) => (places.length === 0 ? [] : [heldType(type, places, categories)])),
    notHeld: types.flatMap(({ type, places }) => (places.length === 0 ? [type] : [])),
  };
}

interface Place {
  readonly retention: string | undefined;
  readonly fields: readonly [MappedField, ...MappedField[]];
}

function placeOf({ retention, fields }: MappedCollection, { id }: DataType): readonly Place[] {
  const [first, ...rest] = fields.filter((field) => field.class !== undefined && field.dataTypes.includes(id));
  return first === undefined ? [] : [{ retention, fields: [first, ...rest] }];
}

function heldType(type: DataType, places: readonly Place[], categories: DataCategories): HeldType {
  const fields = tellingFields(places.flatMap((place) => place.fields));
  const words = new Set(fields.flatMap((field) => field.categories.map((key) => categoryWords(categories, key))));
  const stated = places.flatMap(({ retention }) => (retention === undefined ? [] : [shortened(retention)]));
  return {
    type,
    kinds: [...categories.values()].filter((each) => words.has(each)),
    hasOther: words.has(undefined) || fields.some((field) => field.categories.length === 0),
    kept: [...new Set(stated)].toSorted(),
    keptUnsaid: stated.length < places.length,
  };
}

/** What every record carries so that it can be checked would stand in every line; it is told only where there is nothing else. */
function tellingFields(fields: readonly MappedField[]): readonly MappedField[] {
  const more = fields.filter(({ role }) => role === undefined || role === "moment");
  return more.length === 0 ? fields : more;
}

const longestRetention = 200;

function shortened(text: string): string {
  return text.length <= longestRetention ? text : `${text.slice(0, longestRetention).trimEnd()}…`;
}
