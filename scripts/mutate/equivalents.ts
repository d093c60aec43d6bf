// Some mutations change nothing that anybody could see: each is named here with the reason, and checked again in every run.
import { existsSync, readFileSync } from "node:fs";
import type { Mutation } from "./mutation-points.ts";
import type { Tried } from "./try-mutations.ts";

export interface Equivalent {
  readonly file: string;
  /** The named function or constant it stands in. */
  readonly within: string;
  readonly original: string;
  readonly mutation: string;
  readonly reason: string;
}

const members = ["file", "within", "original", "mutation", "reason"] as const;

/** Throws when the list is not a list of whole entries: a wrong entry would hide a missing test. */
export function readEquivalents(path: string): readonly Equivalent[] {
  if (!existsSync(path)) return [];
  const list: unknown = JSON.parse(readFileSync(path, "utf8"));
  if (!Array.isArray(list)) throw new Error(`${path} is not a list`);
  return list.map((entry: Readonly<Record<string, unknown>>, index) => {
    const missing = members.filter((member) => typeof entry[member] !== "string" || entry[member] === "");
    if (missing.some((member) => member !== "within" || typeof entry[member] !== "string"))
      throw new Error(`${path}: entry ${index + 1} needs ${missing.join(", ")}`);
    return entry as unknown as Equivalent;
  });
}

export function isEquivalent(mutation: Mutation, entry: Equivalent): boolean {
  return entry.file === mutation.file && entry.within === mutation.within && entry.original === mutation.original && entry.mutation === mutation.mutated;
}

/** Entries that name no mutation of the files tried, or one that a test does notice. */
export function wrongEntries(entries: readonly Equivalent[], tried: readonly Tried[]): readonly string[] {
  const files = new Set(tried.map(({ mutation }) => mutation.file));
  return entries
    .filter(({ file }) => files.has(file))
    .flatMap((entry) => {
      const named = tried.filter(({ mutation }) => isEquivalent(mutation, entry));
      const where = `${entry.file}, ${entry.within}: ${entry.original} → ${entry.mutation}`;
      if (named.length === 0) return [`names no mutation: ${where}`];
      return named.flatMap(({ fate, by }) => (fate === "killed" || fate === "timed-out" ? [`is noticed (${by ?? fate}): ${where}`] : []));
    });
}
