// What is taken out of a disclosure, for whom, and why: a removal without a reason that rests on a clause does not exist.
import type { Reason } from "../../kernel/outcome.ts";
import { type CustomPattern, type NamedPattern, checkCustomPattern, namedPatterns } from "./patterns.ts";
import { foldTerm } from "./fold-text.ts";

/** Who reads a disclosure. Each gets a view of its own, made from the same original. */
const audiences = ["officer", "customer", "auditor", "public"] as const;
export type Audience = (typeof audiences)[number];

/** Why something is taken out, and the clause each reason rests on. The receiver is told these codes and how often, never what stood there. */
export const removalReasons = {
  THIRD_PARTY: { clause: "IGRP-9", because: "It concerns a person the request does not ask about." },
  OUTSIDE_LINE: { clause: "IGRP-9", because: "No accepted line of the request asks for it." },
  OUTSIDE_DATES: { clause: "KDRP-2c", because: "It lies outside the dates the request names." },
  CONTENT: { clause: "KDRP-11", because: "It is content, and the paper that was served does not reach content." },
  PRIVILEGE: { clause: "IGRP-6", because: "The law that applies protects it from disclosure, as it does talks with counsel." },
  PROTECTED_PERSON: { clause: "KDRP-4", because: "It would point to a person who is in special need of protection." },
  TRADE_SECRET: { clause: "PPT-9.4c", because: "It is confidential information that the law does not require to be shown." },
} as const satisfies { readonly [code: string]: { readonly clause: string; readonly because: string } };

export type RemovalReason = keyof typeof removalReasons;

/** A rectangle in PDF points, with the origin at the top left corner of the page as a reader sees it (after rotation and cropping). */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export type Target =
  /** Pages count from 1. */
  | { readonly kind: "region"; readonly page: number; readonly box: Box }
  /** Whole words, wherever they stand. `anywhere` also takes it out of the middle of a word. */
  | { readonly kind: "term"; readonly term: string; readonly anywhere?: boolean }
  | { readonly kind: "pattern"; readonly pattern: NamedPattern }
  | { readonly kind: "custom"; readonly pattern: CustomPattern };

export interface Removal {
  readonly target: Target;
  readonly reason: RemovalReason;
  /** For whom it is taken out; absent: for everybody. */
  readonly audiences?: readonly Audience[];
  /** `line` covers the whole line, so that not even the width of the gap tells what stood there. Absent: the words alone. */
  readonly cover?: "words" | "line";
}

export function removalsFor(audience: Audience, removals: readonly Removal[]): Removal[] {
  return removals.filter((removal) => removal.audiences?.includes(audience) ?? true);
}

const mostRemovals = 5000;
const shortestTerm = 2;
const longestTerm = 200;

/** Every reason why these removals cannot be carried out as they are asked; empty when they can. Reasons count removals from 1 and never repeat a term. */
export function checkRemovals(removals: readonly Removal[]): Reason[] {
  if (removals.length > mostRemovals)
    return [badRemoval("TOO_MANY_REMOVALS", `There are ${removals.length} removals and at most ${mostRemovals} can be carried out at once. Split them.`)];
  return removals.flatMap((removal, index) => {
    const what = `Removal ${index + 1}`;
    const known = removal.reason in removalReasons ? [] : [badRemoval("NO_REASON", `${what} states no reason from the list. Choose one.`)];
    const nobody = removal.audiences?.length === 0 ? [badRemoval("FOR_NOBODY", `${what} applies to no audience. Name one or leave them all.`)] : [];
    const stranger = removal.audiences?.some((audience) => !audiences.includes(audience)) ?? false;
    const unknown = stranger ? [badRemoval("UNKNOWN_AUDIENCE", `${what} names an audience the desk does not have. Choose from: ${audiences.join(", ")}.`)] : [];
    return [...known, ...nobody, ...unknown, ...checkTarget(removal.target, what)];
  });
}

function checkTarget(target: Target, what: string): Reason[] {
  switch (target.kind) {
    case "region":
      return isSound(target.box) && Number.isSafeInteger(target.page) && target.page >= 1
        ? []
        : [badRemoval("BAD_REGION", `${what} is no rectangle on a page. Draw it again.`)];
    case "term":
      return checkTerm(target.term, what);
    case "pattern":
      return Object.hasOwn(namedPatterns, target.pattern) ? [] : [badRemoval("UNKNOWN_PATTERN", `${what} names a pattern the desk does not have.`)];
    case "custom": {
      const wrong = checkCustomPattern(target.pattern);
      return wrong === undefined ? [] : [badRemoval("BAD_PATTERN", `${what}: ${wrong}`)];
    }
    default:
      return target satisfies never;
  }
}

function checkTerm(term: string, what: string): Reason[] {
  if (term.length > longestTerm) return [badRemoval("TERM_TOO_LONG", `${what} is longer than ${longestTerm} characters. Shorten it.`)];
  if (foldTerm(term).length < shortestTerm)
    return [badRemoval("TERM_TOO_SHORT", `${what} has fewer than ${shortestTerm} letters or digits and would take out too much. Draw a region instead.`)];
  return [];
}

function isSound(box: Box): boolean {
  return [box.left, box.top, box.width, box.height].every(Number.isFinite) && box.width > 0 && box.height > 0;
}

function badRemoval(code: string, because: string): Reason {
  return { clause: "IGRP-9", code, because };
}
