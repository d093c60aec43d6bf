// Reads a policy, a jurisdiction or a contract from its YAML text and refuses it, with every problem at once, when something in it cannot stand.
import type { Document, LineCounter as Lines, Node, Pair } from "yaml";
import { isAlias, isMap, isScalar, LineCounter, parseDocument, visit } from "yaml";
import type { z } from "zod";
import { contractPack, type ContractPack } from "./contract-pack.ts";
import type { JurisdictionPack, PolicyPack } from "./pack.ts";
import { jurisdictionPack, policyPack } from "./pack.ts";
import type { Finding, Path } from "./pack-findings.ts";
import { findingsAcross, findingsIn } from "./pack-findings.ts";

export interface PackSource {
  /** File name, only to say where a problem is. */
  readonly file: string;
  readonly text: string;
}

/** One thing that is wrong, where it is (line and column count from 1), and what to do about it, in words a lawyer understands. */
export interface PackProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The place inside the pack: `instruments[3].citation`; empty for the whole file. */
  readonly path: string;
  readonly what: string;
  readonly remedy: string;
}

export interface Loaded<Pack> {
  readonly kind: "loaded";
  readonly file: string;
  readonly pack: Pack;
  /** The validated pack with its defaults as RFC 8785 text: two files that say the same have the same digest. */
  readonly canonical: string;
  readonly placeOf: (path: Path) => Place;
}

export type LoadResult =
  | Loaded<PolicyPack>
  | Loaded<JurisdictionPack>
  | Loaded<ContractPack>
  | { readonly kind: "problems"; readonly problems: readonly PackProblem[] };

interface Place {
  readonly line: number;
  readonly column: number;
}

/** Larger files, more references and longer lists of problems help nobody and cost everybody. */
const maxCharacters = 1_048_576;
const maxAliases = 50;
const maxProblems = 200;

/** Never throws on what a file says. A pack that another pack contradicts is loaded all the same: ask `crossCheck`. */
export function loadPack(source: PackSource): LoadResult {
  if (source.text.length > maxCharacters) return refused([tooLarge(source)]);
  const lines = new LineCounter();
  const tree = parseDocument(source.text, { lineCounter: lines, schema: "core", stringKeys: true, uniqueKeys: false, prettyErrors: false });
  const placeOf = (path: Path) => placeIn(tree, lines, path);
  const unreadable = [...syntaxProblems(source, tree, lines), ...repeatedKeys(source, tree, lines), ...tooManyAliases(source, tree)];
  if (unreadable.length > 0) return refused(unreadable);
  const value = valueOf(tree);
  return value === undefined ? refused([tangled(source)]) : validated(source, value, placeOf);
}

/** The problems that show only when a policy and the jurisdictions meet. Every place is in the file that must change. */
export function crossCheck(policy: Loaded<PolicyPack>, jurisdictions: readonly Loaded<JurisdictionPack>[]): readonly PackProblem[] {
  return jurisdictions.flatMap((law) => problemsFrom(findingsAcross(policy.pack, law.pack), law.file, law.placeOf));
}

export function isPolicy(result: LoadResult): result is Loaded<PolicyPack> {
  return result.kind === "loaded" && result.pack.kind === "policy";
}

export function isJurisdiction(result: LoadResult): result is Loaded<JurisdictionPack> {
  return result.kind === "loaded" && result.pack.kind === "jurisdiction";
}

export function isContract(result: LoadResult): result is Loaded<ContractPack> {
  return result.kind === "loaded" && result.pack.kind === "contract";
}

function validated({ file }: PackSource, value: unknown, placeOf: (path: Path) => Place): LoadResult {
  switch (kindOf(value)) {
    case "policy":
      return checked(policyPack.safeParse(value, { reportInput: true }), file, placeOf);
    case "jurisdiction":
      return checked(jurisdictionPack.safeParse(value, { reportInput: true }), file, placeOf);
    case "contract":
      return checked(contractPack.safeParse(value, { reportInput: true }), file, placeOf);
    default:
      return refused([problemFrom(unknownKind, file, placeOf)]);
  }
}

type AnyPack = PolicyPack | JurisdictionPack | ContractPack;

function checked<Pack extends AnyPack>(
  parsed: z.ZodSafeParseResult<Pack>,
  file: string,
  placeOf: (path: Path) => Place,
): Loaded<Pack> | Extract<LoadResult, { kind: "problems" }> {
  const findings = parsed.success ? findingsIn(parsed.data) : parsed.error.issues.flatMap(findingsFrom);
  if (!parsed.success || findings.length > 0) return refused(problemsFrom(findings, file, placeOf));
  return { kind: "loaded", file, pack: parsed.data, canonical: canonicalText(parsed.data), placeOf };
}

function refused(problems: readonly PackProblem[]): Extract<LoadResult, { kind: "problems" }> {
  return { kind: "problems", problems: problems.slice(0, maxProblems) };
}

/** In the order of the file; a list too long to help is cut before its places are looked up. */
function problemsFrom(findings: readonly Finding[], file: string, placeOf: (path: Path) => Place): readonly PackProblem[] {
  const problems = findings.slice(0, maxProblems).map((finding) => problemFrom(finding, file, placeOf));
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
}

function problemFrom({ path, what, remedy }: Finding, file: string, placeOf: (path: Path) => Place): PackProblem {
  return { file, ...placeOf(path), path: pathWords(path), what, remedy };
}

const unknownKind: Finding = {
  path: ["kind"],
  what: "The file does not say what it is.",
  remedy: 'Write "kind: policy", "kind: jurisdiction" or "kind: contract" at the top level.',
};

function kindOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "kind" in value ? value.kind : undefined;
}

function tooLarge({ file, text }: PackSource): PackProblem {
  const what = `The file has ${text.length} characters; ${maxCharacters} are the most that is read.`;
  return { file, line: 1, column: 1, path: "", what, remedy: "A pack is a few hundred lines: check that this is the right file." };
}

function syntaxProblems({ file }: PackSource, tree: Document, lines: Lines): PackProblem[] {
  return [...tree.errors, ...tree.warnings].map((error) => {
    const remedy = syntaxRemedies[error.code] ?? "Compare the indentation, quotes and colons with the lines around it.";
    return { file, ...at(lines, error.pos[0]), path: "", what: `The text is not valid YAML here: ${error.message}`, remedy };
  });
}

const syntaxRemedies: { readonly [code: string]: string } = {
  TAB_AS_INDENT: "Indent with spaces; tabs are not allowed.",
  BAD_INDENT: "Indent this line exactly like its neighbours.",
  MULTIPLE_DOCS: 'Keep one pack in one file: take out the line "---" and what follows it.',
  TAG_RESOLVE_FAILED: 'Take out the tag that begins with "!": packs hold plain text, numbers and lists.',
  BAD_ALIAS: 'Write the value out instead of referring to it with "*".',
  RESOURCE_EXHAUSTION: "The lists are nested too deeply: a pack needs five levels at most.",
  BLOCK_AS_IMPLICIT_KEY: 'Put text that contains ": " in double quotes.',
};

/** One pass over the file; the parser's own check compares every key with every other. */
function repeatedKeys({ file }: PackSource, tree: Document, lines: Lines): PackProblem[] {
  const problems: PackProblem[] = [];
  visit(tree, {
    Map(_, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        const name = isScalar(key) ? String(key.value) : "";
        if (seen.has(name)) problems.push(repeatedKey(file, name, at(lines, startOf(key) ?? 0)));
        seen.add(name);
      }
    },
  });
  return problems;
}

function repeatedKey(file: string, name: string, place: Place): PackProblem {
  const what = `"${name}" stands here for the second time.`;
  return { file, ...place, path: name, what, remedy: "Keep one of the two: only one of them could count." };
}

function tooManyAliases({ file }: PackSource, tree: Document): PackProblem[] {
  let aliases = 0;
  visit(tree, {
    Alias() {
      aliases += 1;
    },
  });
  if (aliases <= maxAliases) return [];
  const what = `The file refers ${aliases} times to other parts of itself; ${maxAliases} are allowed.`;
  return [{ file, line: 1, column: 1, path: "", what, remedy: 'Write the values out instead of referring to them with "*".' }];
}

function tangled({ file }: PackSource): PackProblem {
  const what = "Parts of the file refer to each other so often that it would grow beyond measure.";
  return { file, line: 1, column: 1, path: "", what, remedy: 'Write the values out instead of referring to them with "*".' };
}

/** The plain value of the tree; undefined when references multiply beyond measure. */
function valueOf(tree: Document): unknown {
  try {
    return tree.toJS({ maxAliasCount: maxAliases });
  } catch (error) {
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
}

/** Where a path stands: the key of a named member, the item of a list, or the nearest part above that exists. */
function placeIn(tree: Document, lines: Lines, path: Path): Place {
  let node: unknown = tree.contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    const next = stepInto(isAlias(node) ? node.resolve(tree) : node, step);
    if (next === undefined) break;
    offset = startOf(next.mark) ?? offset;
    node = next.node;
  }
  return at(lines, offset);
}

/** An empty file has no lines; its problems stand at its beginning. */
function at(lines: Lines, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return line === 0 ? { line: 1, column: 1 } : { line, column: col };
}

function stepInto(node: unknown, step: PropertyKey): { readonly node: unknown; readonly mark: unknown } | undefined {
  if (isMap(node)) {
    const pair = (node.items as readonly Pair[]).find(({ key }) => isScalar(key) && key.value === step);
    return pair === undefined ? undefined : { node: pair.value, mark: pair.key };
  }
  if (typeof step !== "number" || typeof node !== "object" || node === null || !("items" in node)) return undefined;
  const item = (node.items as readonly unknown[])[step];
  return item === undefined ? undefined : { node: item, mark: item };
}

function startOf(node: unknown): number | undefined {
  return typeof node === "object" && node !== null && "range" in node ? ((node as Node).range?.[0] ?? undefined) : undefined;
}

function pathWords(path: Path): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("")
    .replace(/^\./, "");
}

/** A pack holds text, whole numbers, yes and no, lists and named members: sorted members are all that RFC 8785 asks of it. */
function canonicalText(pack: AnyPack): string {
  return JSON.stringify(pack, (_, value: unknown) => (typeof value === "object" && value !== null && !Array.isArray(value) ? sortedMembers(value) : value));
}

function sortedMembers(value: object): object {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** One finding for each issue; a member that does not belong is found at its own place. */
function findingsFrom(issue: z.core.$ZodIssue): Finding[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownMember([...issue.path, key], key));
  return [{ path: issue.path, ...wordsFor(issue) }];
}

function unknownMember(path: Path, key: string): Finding {
  return { path, what: `"${key}" does not belong here.`, remedy: "Check the spelling, and that the indentation puts it under the right entry." };
}

function wordsFor(issue: z.core.$ZodIssue): Omit<Finding, "path"> {
  const name = String(issue.path.findLast((step) => typeof step === "string") ?? "pack");
  switch (issue.code) {
    case "invalid_type":
      return wrongType(name, issue.expected, issue.input);
    case "invalid_value":
      return { what: `"${name}" has a value that is not known.`, remedy: `Use one of: ${issue.values.map(String).join(", ")}.` };
    case "too_small":
      return issue.origin === "array" || issue.origin === "string"
        ? missing(name)
        : { what: `"${name}" is too small.`, remedy: `The smallest value is ${issue.minimum}.` };
    case "invalid_format":
      return wrongForm(name, issue.format);
    case "invalid_key":
      return { what: `The name of an entry under "${name}" cannot stand.`, remedy: "Use lower-case letters, digits and hyphens, beginning with a letter." };
    default:
      return { what: `"${name}" cannot stand: ${issue.message}.`, remedy: "Compare it with the same entry in a pack that loads." };
  }
}

function wrongType(name: string, expected: string, input: unknown): Omit<Finding, "path"> {
  if (input === undefined || input === null) return missing(name);
  if (expected === "string") return { what: `"${name}" must be text.`, remedy: "Put the value in double quotes." };
  if (expected === "array") return { what: `"${name}" must be a list.`, remedy: "Write one entry a line, each after a hyphen, or several between [ and ]." };
  return { what: `"${name}" must be ${typeWords[expected] ?? expected}.`, remedy: "Correct the value; numbers, true and false stand without quotes." };
}

const typeWords: { readonly [type: string]: string } = {
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
  object: "a group of named entries",
  record: "a group of named entries",
};

function missing(name: string): Omit<Finding, "path"> {
  const remedy = missingRemedies[name] ?? `Add "${name}" with a value.`;
  return { what: `"${name}" is missing or too short.`, remedy };
}

const missingRemedies: { readonly [name: string]: string } = {
  citation: "Name the statute, the case or the house rule this rests on: a rule without a source is not applied.",
  basis: "Say where it comes from: document, law, memory or house.",
  quote: "Copy the document's own sentence.",
  sources: "List at least one source that was read.",
  reviewedBy: "Say who has read the pack against its sources.",
};

function wrongForm(name: string, format: string): Omit<Finding, "path"> {
  const what = `"${name}" is not written in the expected way.`;
  return {
    what,
    remedy:
      format === "date"
        ? "Write a day that exists as year-month-day: 2026-01-31."
        : (formRemedies[name] ?? "Compare it with the same entry in a pack that loads."),
  };
}

const formRemedies: { readonly [name: string]: string } = {
  version: 'Write the year, a dot and a number, in quotes: "2026.1".',
  id: "Write the id as its neighbours do: the same prefix, a hyphen and the rest.",
  clause: "Write a clause id such as KDRP-11.",
  clauses: "Write clause ids such as KDRP-11.",
  country: "Write the country's two capital letters: US.",
  code: "Write the code in capitals with underscores: NO_DATE_RANGE.",
  ifNo: "Write the code in capitals with underscores: NO_DATE_RANGE.",
  zones: "Write the country's two capital letters and an IANA zone: IE: Europe/Dublin.",
  governmentZones: "Write the zone without dots in front and without stars: state.ca.us.",
};
