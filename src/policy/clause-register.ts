// The one list of everything a page, a letter or a refusal may cite: the policies' clauses and the validity checklist.
import type { ContractPack } from "./contract-pack.ts";
import type { Basis, Clause, JurisdictionPack, PolicyPack, ValidityCheck } from "./pack.ts";

/** What a chip shows when somebody asks what `KDRP-11` or `V07` means. */
export interface Citable {
  readonly id: string;
  readonly kind: "clause" | "check";
  /** The rule in our words; for a check, its question. */
  readonly rule: string;
  /** The document's own sentence; empty for a check, which no document spells out. */
  readonly quote: string;
  readonly basis: Basis;
  /** What the desk does about it. */
  readonly kept: string;
  /** The source in words: the policy's title and version, or the check's citation. */
  readonly source: string;
  /** A lawyer must confirm the reading. */
  readonly counsel: boolean;
  /** Known defects of the document that touch it. */
  readonly defects: readonly string[];
  /** For a check, the clauses it keeps; for a clause, the checks that keep it. */
  readonly related: readonly string[];
}

export interface ClauseRegister {
  readonly find: (id: string) => Citable | undefined;
  /** Clauses in the order of their documents, then the checks by number. */
  readonly list: () => readonly Citable[];
}

type Pack = PolicyPack | JurisdictionPack | ContractPack;

/** Of two packs that define one id, the first one's words count. */
export function clauseRegister(packs: readonly Pack[]): ClauseRegister {
  const checks = firstOfEach(packs.flatMap((pack) => (pack.kind === "jurisdiction" ? pack.checks : []))).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const clauses = packs.flatMap((pack) =>
    pack.kind === "policy" || pack.kind === "contract" ? pack.clauses.map((clause) => citableClause(clause, pack, checks)) : [],
  );
  const entries = new Map(firstOfEach([...clauses, ...checks.map(citableCheck)]).map((entry) => [entry.id, entry]));
  return { find: (id) => entries.get(id), list: () => [...entries.values()] };
}

function citableClause(clause: Clause, { pack }: PolicyPack | ContractPack, checks: readonly ValidityCheck[]): Citable {
  const { id, rule, quote, basis, kept, counsel, defects } = clause;
  const related = checks.filter(({ clauses }) => clauses.includes(id)).map((check) => check.id);
  return { id, kind: "clause", rule, quote, basis, kept, source: `${pack.title}, version ${pack.version}`, counsel, defects, related };
}

function citableCheck({ id, question, basis, kept, citation, then, clauses }: ValidityCheck): Citable {
  return {
    id,
    kind: "check",
    rule: question,
    quote: "",
    basis,
    kept,
    source: citation,
    counsel: then === "counsel" || basis === "memory",
    defects: [],
    related: clauses,
  };
}

function firstOfEach<Item extends { readonly id: string }>(items: readonly Item[]): readonly Item[] {
  const seen = new Set<string>();
  return items.filter(({ id }) => !seen.has(id) && seen.add(id));
}
