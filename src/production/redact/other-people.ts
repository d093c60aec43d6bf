// Sees that a record speaks of somebody else than the person it is asked for, so that a person can decide what of it leaves.
import type { CollectedRecord } from "../shapes.ts";
import { foldTerm } from "./fold-text.ts";
import { namedPatterns } from "./patterns.ts";

const longestText = 200_000;
const mention = /<@([A-Z0-9]{2,64})(?:\|[^>]{0,100})?>/g;

/** `own` holds what means the subject: account ids, addresses, numbers. Columns in `keeps` say whose record it is and are left out. */
export function speaksOfOthers(record: CollectedRecord, own: readonly string[], keeps: ReadonlySet<string>): boolean {
  const folded = new Set(own.map(foldTerm));
  return Object.entries(record.fields).some(
    ([column, value]) => typeof value === "string" && !keeps.has(column) && namesOther(value.slice(0, longestText), folded),
  );
}

function namesOther(text: string, own: ReadonlySet<string>): boolean {
  if (isMoment(text)) return false;
  const isOther = (found: string): boolean => !own.has(foldTerm(found));
  const named = [...namedPatterns["e-mail"](text), ...namedPatterns.telephone(text)].map(({ from, to }) => text.slice(from, to));
  const mentioned = [...text.matchAll(mention)].map(([, account = ""]) => account);
  return [...named, ...mentioned].some(isOther);
}

/** A column that holds a date alone speaks of nobody. */
function isMoment(text: string): boolean {
  return /^\d{4}-\d\d-\d\d(?:[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?$/.test(text) || /^\d+(?:\.\d+)?$/.test(text);
}
