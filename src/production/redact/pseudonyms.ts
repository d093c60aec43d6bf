// Gives each person one name for one production (`Person 3`), so that a reader can follow who spoke without learning who it was.
import { foldTerm } from "./fold-text.ts";

/**
 * A digest under a key that belongs to one production and is destroyed with it. Without the key nobody can try names against the
 * order of the numbers, and another production numbers the same people differently.
 */
export type KeyedDigest = (text: string) => string;

/** One person, and every account id, address and spelling that means them. */
export interface KnownPerson {
  readonly names: readonly [string, ...string[]];
}

export interface Pseudonyms {
  of(name: string): string;
  /** Digests of those who were numbered as they were met, in the order of their numbers. */
  met(): readonly string[];
}

/**
 * Known people are numbered in the order of their digests, which says nothing about them; others follow as they are met. `metBefore`
 * are those whom a production met before it was stopped: each keeps the number.
 */
export function pseudonymsFor(digest: KeyedDigest, known: readonly KnownPerson[], metBefore: readonly string[] = []): Pseudonyms {
  const numbers = new Map<string, number>();
  const digestOf = (name: string): string => digest(foldTerm(name) || name.trim());
  const people = known.map(({ names }) => names.map(digestOf).toSorted(byText)).toSorted((one, other) => byText(one[0] ?? "", other[0] ?? ""));
  let last = 0;
  for (const digests of people) {
    const number = digests.map((each) => numbers.get(each)).find((each) => each !== undefined) ?? ++last;
    for (const each of digests) numbers.set(each, number);
  }
  const met: string[] = [];
  const meet = (key: string): number => {
    numbers.set(key, ++last);
    met.push(key);
    return last;
  };
  metBefore.forEach(meet);
  return {
    of: (name) => {
      const key = digestOf(name);
      return `Person ${numbers.get(key) ?? meet(key)}`;
    },
    met: () => met,
  };
}

function byText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
