// Where a read of an HTTP API stands between two pages. Each place says what is new since the one before: all of them together are what the read knows.
import { Stopped } from "./json-answer.ts";
import type { PageAhead } from "./json-pages.ts";

export interface PlaceBetweenPages {
  /** How many places the read said before it. */
  readonly number: number;
  /** Digest of the settings that the pages were asked with. */
  readonly of: string;
  /** Which of the read's lists: one an account, or one for all. */
  readonly list: number;
  /** The page that comes next; absent: the first of its list. */
  readonly ahead?: PageAhead;
  /** The first page of the list, and how the server marked it. */
  readonly start?: StartOfList;
  /** Of the whole read so far. */
  readonly figures: Figures;
  readonly changes: readonly string[];
  /** Of this list since the place before, as are the two that follow. */
  readonly addresses: readonly string[];
  readonly bodies: readonly string[];
  readonly totals: readonly number[];
  /** Of the read since the place before. */
  readonly keys: readonly string[];
}

export interface StartOfList {
  readonly url: string;
  readonly etag?: string;
}

/** How many records were not given, and why. */
export interface Figures {
  readonly twice: number;
  readonly others: number;
  readonly outOfRange: number;
  readonly undeclared: number;
}

/**
 * All that the places of a read say, the newest last. Where it said one again, because it had to be read again, the newer one holds.
 * Throws `Stopped` when one is missing, or when the API is asked another way by now.
 */
export function placesTogether(places: readonly string[], of: string): PlaceBetweenPages {
  // Whoever keeps places keeps them sealed: they come back as they were given.
  const given = places.map((place) => JSON.parse(place) as PlaceBetweenPages);
  const last = given.at(-1);
  const byNumber = new Map(given.map((place) => [place.number, place]));
  const all = Array.from({ length: (last?.number ?? 0) + 1 }, (_, number) => byNumber.get(number)).filter((place) => place?.of === of) as PlaceBetweenPages[];
  if (last === undefined || all.length !== last.number + 1) throw new Stopped("CHANGED_SINCE");
  const ofList = all.filter(({ list }) => list === last.list);
  return {
    ...last,
    addresses: ofList.flatMap(({ addresses }) => addresses),
    bodies: ofList.flatMap(({ bodies }) => bodies),
    totals: ofList.flatMap(({ totals }) => totals),
    keys: all.flatMap(({ keys }) => keys),
  };
}
