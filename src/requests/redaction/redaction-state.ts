// Where redaction stands: the rules in force, what was marked in each paper, which pages a person has approved, and what that leaves open.
import type { Reason } from "../../kernel/outcome.ts";
import { cite } from "../../policy/policy-in-force.ts";
import type { Circumstances, History } from "../decision.ts";
import type { RecordsChecked } from "../disclosure/events.ts";
import type { CustomerCopyGiven, PagesApproved, PaperMarked, RedactionFact, RedactionsSet, UnreadKind } from "./events.ts";

/** How much of one copy people have looked at and approved. */
export interface SeenPages {
  readonly view?: string;
  readonly approved: ReadonlySet<number>;
  /** Undefined while nobody has approved a page. */
  readonly pages?: number;
}

/** Of the officer's copy, and beside it of the customer's. */
export interface PaperState extends SeenPages {
  readonly marked?: PaperMarked;
  readonly customer: SeenPages;
}

export interface Redaction {
  /** Absent while there are none. */
  readonly rules?: RedactionsSet;
  /** How many files of each kind may leave unread. */
  readonly allowed: Readonly<Partial<Record<UnreadKind, number>>>;
  readonly papers: ReadonlyMap<string, PaperState>;
  /** How often a paper was marked: a package that was packed before the last time is not the one that was approved. */
  readonly marks: number;
}

const nothing: Redaction = { allowed: {}, papers: new Map(), marks: 0 };
const unseen: SeenPages = { approved: new Set() };
export const untouched: PaperState = { ...unseen, customer: unseen };

export function redactionOf(history: History): Redaction {
  return history.reduce((redaction, { fact }) => (isRedactionFact(fact) ? evolve(redaction, fact) : redaction), nothing);
}

function isRedactionFact(fact: History[number]["fact"]): fact is RedactionFact {
  return kindsOfFacts.has(fact.type);
}

const kindsOfFacts: ReadonlySet<string> = new Set<RedactionFact["type"]>([
  "RedactionsSet",
  "PaperMarked",
  "PagesApproved",
  "FilesAllowed",
  "OriginalsSeen",
  "CustomerCopyGiven",
]);

function evolve(redaction: Redaction, fact: RedactionFact): Redaction {
  const { rules, allowed, papers, marks } = redaction;
  switch (fact.type) {
    case "RedactionsSet": {
      // What a person approved was seen under other rules; what was marked by hand stays marked.
      const anew = new Map([...papers].map(([paper, state]) => [paper, unapproved(state)]));
      return { ...(ruleCount(fact) === 0 ? {} : { rules: fact }), marks, allowed: {}, papers: anew };
    }
    case "PaperMarked":
      return { ...redaction, marks: marks + 1, papers: new Map(papers).set(fact.paper, { ...untouched, marked: fact }) };
    case "PagesApproved":
      return { ...redaction, papers: new Map(papers).set(fact.paper, approved(papers.get(fact.paper) ?? untouched, fact)) };
    case "FilesAllowed":
      return fact.rules === rules?.rules ? { ...redaction, allowed: { ...allowed, ...fact.files } } : redaction;
    case "OriginalsSeen":
    case "CustomerCopyGiven":
      return redaction;
    default:
      return fact satisfies never;
  }
}

/** Whether it is on record that this person has seen these originals since the newest check. */
export function hasSeen(history: History, by: string, paper?: string): boolean {
  const since = history.slice(history.findLastIndex(({ fact }) => fact.type === "RecordsChecked") + 1);
  return since.some(({ fact, by: who }) => fact.type === "OriginalsSeen" && who === by && fact.paper === paper);
}

function unapproved({ marked }: PaperState): PaperState {
  return { ...untouched, ...(marked === undefined ? {} : { marked }) };
}

function approved(state: PaperState, fact: PagesApproved): PaperState {
  if (fact.audience === "customer") return { ...state, customer: morePages(state.customer, fact) };
  return { ...unapproved(state), customer: state.customer, ...morePages(state, fact) };
}

function morePages(seen: SeenPages, { view, pages, of }: PagesApproved): SeenPages {
  return { view, pages: of, approved: new Set([...(seen.view === view ? seen.approved : []), ...pages]) };
}

function ruleCount({ fields, texts, people, customer = 0 }: RedactionsSet): number {
  return fields + texts + people + customer;
}

/** The copies of papers that customers may read now: the newest of each, and none of a paper that was marked anew or came under other rules since. */
export function customerCopies(history: History): readonly CustomerCopyGiven[] {
  const copies = new Map<string, CustomerCopyGiven>();
  for (const { fact } of history) {
    if (fact.type === "CustomerCopyGiven") copies.set(fact.paper, fact);
    if (fact.type === "PaperMarked") copies.delete(fact.paper);
    if (fact.type === "RedactionsSet") copies.clear();
  }
  return [...copies.values()];
}

/** Words, forms and people are looked for inside files too; a rule for a field takes the whole file or leaves it. */
export function looksInside({ rules }: Redaction): boolean {
  return rules !== undefined && rules.texts + rules.people > 0;
}

/** A rule for the customer's copies alone changes no record. */
export function changesRecords({ rules }: Redaction): boolean {
  return rules !== undefined && rules.fields + rules.texts + rules.people > 0;
}

/** Papers with regions that are not among those of the check: changed since, or no longer held. */
export function lostPapers(history: History, check: RecordsChecked): readonly string[] {
  return markedPapers(redactionOf(history)).filter((paper) => !(check.papers ?? []).includes(paper));
}

/** Whether this paper may leave only as a redacted copy. */
export function mustBeRedacted(redaction: Redaction, paper: string): boolean {
  return looksInside(redaction) || (redaction.papers.get(paper)?.marked?.regions ?? 0) > 0;
}

/** Whether any paper of the production may leave only as a copy: then every one must be among those that were checked. */
export function looksIntoPapers(redaction: Redaction): boolean {
  return looksInside(redaction) || markedPapers(redaction).length > 0;
}

function markedPapers({ papers }: Redaction): readonly string[] {
  return [...papers].flatMap(([paper, { marked }]) => ((marked?.regions ?? 0) > 0 ? [paper] : []));
}

export function everyPageApproved({ pages, approved: seen }: SeenPages): boolean {
  return pages !== undefined && pages > 0 && Array.from({ length: pages }, (_, index) => index + 1).every((page) => seen.has(page));
}

/** Why what was checked may not leave yet: rules that were not checked, pages nobody has seen, files nobody looked into. */
export function redactionReasons(history: History, check: RecordsChecked, at: Circumstances): readonly Reason[] {
  const redaction = redactionOf(history);
  const clause = cite(at.policy, "IGRP-9", "KDRP-5");
  if (check.rules !== redaction.rules?.rules)
    return [{ clause, code: "RULES_NOT_CHECKED", because: "The rules of redaction are not those that were checked. Compile and check the plan again." }];
  const open = (check.papers ?? []).flatMap((paper, index) =>
    mustBeRedacted(redaction, paper) && !everyPageApproved(redaction.papers.get(paper) ?? untouched) ? [index + 1] : [],
  );
  if (lostPapers(history, check).length > 0) return [markedPaperGone(clause)];
  const unread = looksInside(redaction)
    ? Object.entries(unreadFiles(check)).filter(([kind, count]) => count > (redaction.allowed[kind as UnreadKind] ?? 0))
    : [];
  return [...(open.length === 0 ? [] : [pagesOpen(open, clause)]), ...(unread.length === 0 ? [] : [notLookedInto(unread, clause)])];
}

/** A changed file is another file: what was marked in the earlier one would not be taken out of it. */
function markedPaperGone(clause: string): Reason {
  return {
    clause,
    code: "MARKED_PAPER_GONE",
    because:
      "A PDF in which regions were marked is no longer among the papers of this production. It was changed or is no longer held. Mark the papers that are there now, and drop the marks of the lost one under “Redactions”.",
  };
}

function pagesOpen(papers: readonly number[], clause: string): Reason {
  const named = papers.slice(0, 10).join(", ");
  const more = papers.length > 10 ? ` and ${papers.length - 10} more` : "";
  return {
    clause,
    code: "PAGES_NOT_APPROVED",
    because: `Something is taken out of PDF ${named}${more}, and not every page of the copy was approved. Look through them under “Redactions”.`,
  };
}

function notLookedInto(unread: readonly (readonly [string, number])[], clause: string): Reason {
  const counted = unread.map(([kind, count]) => `${kind}: ${count.toLocaleString("en")}`).join(", ");
  return {
    clause,
    code: "FILES_NOT_LOOKED_INTO",
    because: `The production holds files (${counted}) in which nobody looked for what is taken out. Remove them with a rule for their column, or counsel allows that many with a reason.`,
  };
}

/** How many files of each kind the check met in which nobody looked. */
export function unreadFiles({ files }: RecordsChecked): Readonly<Partial<Record<UnreadKind, number>>> {
  return Object.fromEntries(Object.entries(files ?? {}).filter(([, count]) => count > 0));
}
