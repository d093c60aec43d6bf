// Redacts the records and papers of one production on their way out, and stops it where something cannot be shown to be gone.
import type { CaseId } from "../kernel/ids.ts";
import type { Reason } from "../kernel/outcome.ts";
import { cite } from "../policy/policy-in-force.ts";
import { judgeRedacted } from "../production/check/judge-redacted.ts";
import { goneCheck, type GoneCheck } from "../production/redact/check-gone.ts";
import { fileKindOf } from "../production/redact/file-kind.ts";
import { speaksOfOthers } from "../production/redact/other-people.ts";
import type { KeyedDigest } from "../production/redact/pseudonyms.ts";
import { recordRedactor } from "../production/redact/redact-records.ts";
import { removalsFor, type Audience, type Removal } from "../production/redact/removals.ts";
import type { Chain, Collected, CollectedRecord, DataMap, FieldValue, Judge, Scope } from "../production/shapes.ts";
import type { Circumstances, History } from "../requests/decision.ts";
import { releaseOf } from "../requests/disclosure/module.ts";
import type { PaperMarked, UnreadKind } from "../requests/redaction/events.ts";
import {
  changesRecords,
  everyPageApproved,
  looksInside,
  looksIntoPapers,
  mustBeRedacted,
  redactionOf,
  untouched,
  type Redaction,
  type SeenPages,
} from "../requests/redaction/module.ts";
import { findSealed, type Desk } from "./desk.ts";
import { base64, bytesOf } from "./package-key.ts";
import type { RedactionOutcome, View } from "./redaction-port.ts";
import { againstFields, inText, keptColumns, recordRedactionOf, rulesOf } from "./redaction-rules.ts";

/** Whose copies of a paper are made here. */
export type PaperAudience = Extract<Audience, "officer" | "customer">;

/** What a redaction works for: one production of one case. */
export interface RedactionWork {
  readonly desk: Desk;
  readonly caseId: CaseId;
  readonly history: History;
  readonly at: Circumstances;
  readonly scope: Scope;
  readonly maps: readonly DataMap[];
  readonly judge: Judge;
  /** What means the subject of each line, beside its account ids. */
  readonly own: readonly string[];
}

/** What decides what is taken out and how people are numbered. The key opens the numbers: it is kept as a packing's notes are. */
export interface RedactionMatter {
  /** Base64. */
  readonly key: string;
  readonly rules: string | null;
  readonly marks: number;
}

/** What was counted up to some record, and who was met since it was last told. */
export interface RedactionSoFar {
  readonly counts: Readonly<Record<string, number>>;
  readonly unread: Readonly<Record<string, number>>;
  readonly newlyMet: readonly string[];
}

export interface ProductionRedaction {
  /** The rules in force, as facts name them. */
  readonly rules?: string;
  /** How often papers had been marked when it began. */
  readonly marks: number;
  /** Judges a record as it came out of `look` or `redact`; any other is outside. */
  readonly judge: Judge;
  /** Why it cannot begin at all. */
  readonly against: readonly Reason[];
  /** Takes from each record what the rules say. Papers are listed and left as they are: nobody may have seen their pages yet. */
  look(record: CollectedRecord): Promise<Looked>;
  /** The records as they leave. A failure is the last item, and `refusal` says why. */
  redact(collected: AsyncIterable<Collected>): AsyncGenerator<Collected>;
  /** What was taken out so far, by reason code. */
  counts(): Readonly<Record<string, number>>;
  /** The key a record leaves with. Counts nothing. */
  keyOf(record: CollectedRecord): string;
  soFar(): RedactionSoFar;
  /** Begins with a key of its own and nothing counted, whatever went before. */
  startAnew(): RedactionMatter;
  /** Stands from now on where another stood, whatever went before. False, and nothing changes, when something else is taken out by now. */
  goOnFrom(matter: RedactionMatter, soFar: readonly RedactionSoFar[]): boolean;
  refusal(): Reason | undefined;
  /** Forgets the key of the pseudonyms. */
  end(): void;
}

export type Looked =
  | {
      readonly kind: "looked";
      readonly record: CollectedRecord;
      readonly papers: readonly string[];
      readonly files: readonly string[];
      readonly others: boolean;
    }
  | { readonly kind: "refused"; readonly reason: Reason };

export interface SeenWhileJudged {
  readonly rules: string;
  readonly redactions: Readonly<Record<string, number>>;
  readonly others: Readonly<Record<string, number>>;
  readonly papers: readonly string[];
  readonly files: Readonly<Record<string, number>>;
}

const mostPapers = 1000;

/** Counts what a check sees beside its verdict: files, and records that speak of somebody else. */
export function whileJudging(history: History, at: Circumstances) {
  const isEveryPaperNeeded = looksIntoPapers(redactionOf(history));
  const others = new Map<string, number>();
  const files = new Map<string, number>();
  const papers = new Set<string>();
  const addTo = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
  return {
    add: ({ record, ...seen }: Extract<Looked, { readonly kind: "looked" }>): Reason | undefined => {
      if (seen.others) addTo(others, record.line);
      for (const kind of seen.files) addTo(files, kind);
      for (const paper of seen.papers) if (isEveryPaperNeeded || papers.size < mostPapers) papers.add(paper);
      return papers.size > mostPapers ? tooManyPapers(at) : undefined;
    },
    all: ({ rules, counts }: ProductionRedaction): Partial<SeenWhileJudged> => ({
      ...(rules === undefined ? {} : { rules, redactions: counts() }),
      others: Object.fromEntries(others),
      papers: [...papers],
      files: Object.fromEntries(files),
    }),
  };
}

function tooManyPapers(at: Circumstances): Reason {
  return {
    clause: cite(at.policy, "IGRP-9", "KDRP-5"),
    code: "TOO_MANY_PAPERS",
    because: `The production holds more than ${mostPapers.toLocaleString("en")} PDFs, more than people can look through at once. Narrow the lines or their dates.`,
  };
}

/** Whether anything is taken out of the production as it stands. */
export function isRedacted(history: History): boolean {
  const redaction = redactionOf(history);
  return changesRecords(redaction) || [...redaction.papers.values()].some(({ marked }) => (marked?.regions ?? 0) > 0);
}

export async function startRedaction(work: RedactionWork): Promise<ProductionRedaction> {
  const { desk, history, at, maps } = work;
  const redaction = redactionOf(history);
  const rules = await rulesOf(desk, history);
  const key = Uint8Array.from(desk.ports.chance.bytes(32));
  const redactorFor = (metBefore: readonly string[]) => recordRedactor({ ...recordRedactionOf(rules, keyed(desk, key)), metBefore });
  const changesAny = changesRecords(redaction);
  const all = inText(rules);
  const removals = removalsFor("officer", all);
  const clause = cite(at.policy, "IGRP-9", "KDRP-5");
  const originals = new WeakMap<CollectedRecord, CollectedRecord>();
  /** In papers, and by what this one goes on from. */
  const counted = new Map<string, number>();
  const unread = new Map<string, number>();
  let recordWide = redactorFor([]);
  let told = 0;
  let stopped: Reason | undefined;
  const beginWith = (drawn: Uint8Array, metBefore: readonly string[]): void => {
    key.set(drawn);
    recordWide = redactorFor(metBefore);
    told = metBefore.length;
    counted.clear();
    unread.clear();
    stopped = undefined;
  };
  const job: Job = {
    ...work,
    clause,
    redaction,
    removals,
    all,
    gone: goneCheck(removals.map(({ target }) => target)),
    words: goneCheck(removals.flatMap(({ target }) => (target.kind === "term" ? [target] : []))),
    keepsOf: keepsIn(maps),
    papers: releaseOf(history).check?.papers ?? [],
    unread: (kind) => {
      unread.set(kind, (unread.get(kind) ?? 0) + 1);
      return unread.get(kind) ?? 0;
    },
    count: (reason, times) => void counted.set(reason, (counted.get(reason) ?? 0) + times),
  };
  const counts = (): Readonly<Record<string, number>> => {
    const totals = new Map(counted);
    for (const { reason, removals: times } of recordWide.log().totals) totals.set(reason, (totals.get(reason) ?? 0) + times);
    return Object.fromEntries([...totals].toSorted(([one], [other]) => (one < other ? -1 : 1)));
  };
  const strip = (original: CollectedRecord): CollectedRecord => {
    // Without rules for the officer a record leaves as its source wrote it, sign for sign.
    if (!changesAny) return original;
    const keeps = job.keepsOf(original);
    const columns = Object.entries(original.fields);
    const { record } = recordWide.redact({ ...original, fields: Object.fromEntries(columns.filter(([column]) => !keeps.has(column))) });
    return { ...record, fields: Object.fromEntries(columns.map(([column, value]) => [column, keeps.has(column) ? value : (record.fields[column] ?? null)])) };
  };
  return {
    ...(redaction.rules === undefined ? {} : { rules: redaction.rules.rules }),
    marks: redaction.marks,
    against: againstFields(rules, maps, clause),
    judge: (record) => {
      const original = originals.get(record);
      if (original === record) return work.judge(record);
      return original === undefined ? notRedacted(record, clause) : judgeRedacted(work.judge, { original, record, keeps: job.keepsOf(original) });
    },
    look: async (original) => {
      const record = strip(original);
      originals.set(record, original);
      const leak = leakIn(record, job);
      if (leak !== undefined) return { kind: "refused", reason: leak };
      return { kind: "looked", record, ...(await filesOf(record, job)), others: saysOthers(record, job) };
    },
    redact: async function* (collected) {
      for await (const item of collected) {
        if (item.kind === "finding" && job.gone.inText(`${item.finding.where} ${item.finding.what}`)) {
          stopped = findingLeaks(clause);
          yield {
            kind: "failed",
            failure: { source: "", collection: "", line: "", step: "read", code: "REDACTION", what: "Redaction stopped.", recordsBefore: 0 },
          };
          return;
        }
        if (item.kind !== "record") {
          yield item;
          continue;
        }
        const redacted = await leaving(strip(item.record), job);
        if (redacted.kind === "refused") {
          stopped = redacted.reason;
          yield failed(item.record);
          return;
        }
        originals.set(redacted.record, item.record);
        yield { kind: "record", record: redacted.record };
      }
    },
    counts,
    keyOf: (record) => (changesAny ? recordWide.keyOf(record) : record.key),
    soFar: () => {
      const newlyMet = recordWide.met().slice(told);
      told += newlyMet.length;
      return { counts: counts(), unread: Object.fromEntries(unread), newlyMet };
    },
    startAnew: () => {
      beginWith(desk.ports.chance.bytes(32), []);
      return { key: base64(key), rules: redaction.rules?.rules ?? null, marks: redaction.marks };
    },
    goOnFrom: (before, soFar) => {
      if (before.rules !== (redaction.rules?.rules ?? null) || before.marks !== redaction.marks) return false;
      beginWith(
        bytesOf(before.key),
        soFar.flatMap(({ newlyMet }) => newlyMet),
      );
      const last = soFar.at(-1);
      for (const [reason, times] of Object.entries(last?.counts ?? {})) counted.set(reason, times);
      for (const [kind, files] of Object.entries(last?.unread ?? {})) unread.set(kind, files);
      return true;
    },
    refusal: () => stopped,
    end: () => void key.fill(0),
  };
}

interface Job extends RedactionWork {
  readonly clause: string;
  readonly redaction: Redaction;
  /** What the officer's copy must not hold. */
  readonly removals: readonly Removal[];
  /** For every copy: what a paper is drawn with chooses from them. */
  readonly all: readonly Removal[];
  readonly gone: GoneCheck;
  readonly words: GoneCheck;
  readonly keepsOf: (record: CollectedRecord) => ReadonlySet<string>;
  /** As the check listed them: a paper is told by its place here. */
  readonly papers: readonly string[];
  readonly count: (reason: string, times: number) => void;
  /** Counts one more file of this kind that leaves although nobody looked into it, and says how many there are now. */
  readonly unread: (kind: UnreadKind) => number;
}

const encoder = new TextEncoder();

/** A digest under a key that exists while one production is made. */
function keyed(desk: Desk, key: Uint8Array): KeyedDigest {
  const withKey = (text: string): Uint8Array => {
    const bytes = encoder.encode(text);
    const joined = new Uint8Array(key.length + bytes.length);
    joined.set(key);
    joined.set(bytes, key.length);
    return joined;
  };
  return (text) => desk.ports.digest(withKey(desk.ports.digest(withKey(text))));
}

function keepsIn(maps: readonly DataMap[]): Job["keepsOf"] {
  const known = new Map(maps.flatMap(({ source, collections }) => collections.map((each) => [`${source}\n${each.name}`, keptColumns(each)] as const)));
  return ({ source, collection, chain }) => {
    const kept = known.get(`${source}\n${collection}`) ?? new Set<string>();
    return chain === undefined ? kept : new Set([...kept, chain.column]);
  };
}

function notRedacted({ line }: CollectedRecord, clause: string): ReturnType<Judge> {
  return { kind: "outside", reasons: [{ clause, code: "NOT_REDACTED", because: "The record did not pass through redaction.", line }] };
}

function findingLeaks(clause: string): Reason {
  const because =
    "What a source tells of itself, which goes with the package, holds something that is taken out: a file's name, perhaps. Rename it at the source, or take the word off the rules.";
  return { clause, code: "FINDING_LEAKS", because };
}

function failed({ source, collection, line }: CollectedRecord): Collected {
  return { kind: "failed", failure: { source, collection, line, step: "read", code: "REDACTION", what: "Redaction stopped.", recordsBefore: 0 } };
}

/** A second search, which shares none with the first, looks at what would leave. */
function leakIn(record: CollectedRecord, { gone, words, keepsOf, clause, removals }: Job): Reason | undefined {
  if (removals.length === 0) return undefined;
  const keeps = keepsOf(record);
  const where = `${record.source}: ${record.collection}`;
  for (const [column, value] of Object.entries(record.fields)) {
    if (typeof value !== "string" && typeof value !== "number") continue;
    const text = withoutMarks(String(value));
    if (keeps.has(column) ? !words.inText(text) : !gone.inText(text)) continue;
    const because = keeps.has(column)
      ? `A word that is taken out stands in the column \`${column}\` of ${where}, which shows whose record it is. Leave the line out, or take the word off the rules.`
      : `After redaction the column \`${column}\` of ${where} still holds something that is taken out. Remove the whole column with a rule, or write the word as it stands there.`;
    return { clause, code: keeps.has(column) ? "TERM_SHOWS_OWNER" : "REDACTION_LEAKS", because, line: record.line };
  }
  if (record.chain === undefined || !showsRemoved(record.chain, gone, words)) return undefined;
  return {
    clause,
    code: "TERM_SHOWS_OWNER",
    because: `A word that is taken out stands in what shows whose records of ${where} are. Leave the line out.`,
    line: record.line,
  };
}

/** Whose the records are is asked for by name; every other value on the way is searched for all that is taken out. */
function showsRemoved({ steps, value }: Chain, gone: GoneCheck, words: GoneCheck): boolean {
  const own = new Set([steps[0].subject]);
  const links = [...steps.flatMap((step) => [step.in?.value, step.out.value]), value].filter((text) => text !== undefined && !own.has(text));
  return (
    links.some((text) => text !== undefined && gone.inText(text)) ||
    steps.some((step) => [step.subject, step.workspace].some((text) => text !== undefined && words.inText(text)))
  );
}

/** What redaction itself wrote is no find; a bar keeps what stood on both sides apart. */
function withoutMarks(text: string): string {
  return text.replaceAll(/\[removed: [A-Z_]+\]|\bPerson \d+\b/g, " | ");
}

function saysOthers(record: CollectedRecord, { scope, own, keepsOf }: Job): boolean {
  const accounts = scope.lines.find(({ line }) => line === record.line)?.accounts ?? [];
  return speaksOfOthers(record, [...accounts, ...own], keepsOf(record));
}

async function filesOf({ fields }: CollectedRecord, { desk }: Job): Promise<{ readonly papers: readonly string[]; readonly files: readonly string[] }> {
  const contents = Object.values(fields).filter((value) => value instanceof Uint8Array);
  const kinds = contents.map((bytes) => ({ bytes, kind: fileKindOf(bytes) }));
  return {
    papers: await Promise.all(kinds.flatMap(({ bytes, kind }) => (kind === "pdf" ? [paperName(desk, bytes)] : []))),
    files: kinds.flatMap(({ kind }) => (kind === "pdf" ? [] : [kind])),
  };
}

/** What facts call a file: nobody who reads the ledger can try contents against it. */
export function paperName(desk: Desk, bytes: Uint8Array): Promise<string> {
  return desk.ports.vault.digest(desk.id, "redaction-paper", desk.ports.digest(bytes));
}

export function viewName(desk: Desk, view: string): Promise<string> {
  return desk.ports.vault.digest(desk.id, "redaction-view", view);
}

type Leaving = { readonly kind: "leaves"; readonly record: CollectedRecord } | { readonly kind: "refused"; readonly reason: Reason };

async function leaving(record: CollectedRecord, job: Job): Promise<Leaving> {
  const leak = leakIn(record, job);
  if (leak !== undefined) return { kind: "refused", reason: leak };
  const files = new Map<string, FieldValue>();
  for (const [column, value] of Object.entries(record.fields)) {
    if (!(value instanceof Uint8Array)) continue;
    const file = await fileLeaving(value, record, job);
    if (!(file instanceof Uint8Array)) return { kind: "refused", reason: { ...file, line: record.line } };
    if (file !== value) files.set(column, file);
  }
  return { kind: "leaves", record: files.size === 0 ? record : { ...record, fields: { ...record.fields, ...Object.fromEntries(files) } } };
}

async function fileLeaving(bytes: Uint8Array, { source, collection }: CollectedRecord, job: Job): Promise<Uint8Array | Reason> {
  const { redaction, clause } = job;
  const kind = fileKindOf(bytes);
  if (kind === "pdf") return paperLeaving(bytes, job);
  if (!looksInside(redaction) || job.unread(kind) <= (redaction.allowed[kind] ?? 0)) return bytes;
  return {
    clause,
    code: "FILES_NOT_LOOKED_INTO",
    because: `${source}: ${collection} holds a file (${kind}) in which nobody looked for what is taken out. Compile and check the plan again, then decide on it.`,
  };
}

async function paperLeaving(bytes: Uint8Array, job: Job): Promise<Uint8Array | Reason> {
  const { desk, redaction, papers, clause } = job;
  const paper = await paperName(desk, bytes);
  const stop = (code: string, because: string): Reason => ({ clause, code, because });
  if (!looksIntoPapers(redaction)) return bytes;
  if (!papers.includes(paper)) return stop("PAPER_CHANGED", "A PDF of the production is not among those that were checked. Compile and check the plan again.");
  if (!mustBeRedacted(redaction, paper)) return bytes;
  const named = `PDF ${papers.indexOf(paper) + 1}`;
  const made = await approvedCopy(desk, bytes, { named, clause, view: await paperView(job, paper), seen: redaction.papers.get(paper) ?? untouched });
  if (made.kind === "refused") return made.reason;
  for (const { reason, removals } of made.log.totals) job.count(reason, removals);
  return made.pdf;
}

export interface CopyOrder {
  /** How a person is told of the paper. */
  readonly named: string;
  readonly clause: string;
  readonly view: View;
  /** The pages that were approved of this very view. */
  readonly seen: SeenPages;
}

type Copied = Extract<RedactionOutcome, { readonly kind: "redacted" }> | { readonly kind: "refused"; readonly reason: Reason };

/** A copy of a paper for one reader, made only as every page of it was approved. */
export async function approvedCopy(desk: Desk, bytes: Uint8Array, { named, clause, view, seen }: CopyOrder): Promise<Copied> {
  const stop = (code: string, because: string): Copied => ({ kind: "refused", reason: { clause, code, because } });
  if (!everyPageApproved(seen)) return stop("PAGES_NOT_APPROVED", `Not every page of the copy of ${named} was approved. Look through it under “Redactions”.`);
  const { redactor } = desk.ports;
  if (redactor === undefined) return stop("NO_REDACTOR", `${named} cannot be redacted: this desk runs without the program that does it.`);
  const survey = await redactor.survey(bytes, view);
  if (survey.kind !== "surveyed") return stop("REDACTION_FAILED", `${named} could not be redacted. ${survey.findings[0].because}`);
  if ((await viewName(desk, survey.view)) !== seen.view)
    return stop("STALE_APPROVAL", `The pages of ${named} were approved for another copy. Look through them again.`);
  const outcome = await redactor.redact(bytes, view, { view: survey.view, pages: [...seen.approved] });
  return outcome.kind === "redacted" ? outcome : stop("REDACTION_FAILED", failedWords(outcome, named));
}

/** Pages and codes; never what was found. */
function failedWords(outcome: Exclude<RedactionOutcome, { readonly kind: "redacted" }>, named: string): string {
  if (outcome.kind === "refused") return `${named} could not be redacted. ${outcome.findings[0].because}`;
  const pages = [...new Set(outcome.leaks.flatMap(({ page }) => (page === undefined ? [] : [page])))];
  const where = pages.length === 0 ? "" : ` on page ${pages.join(", ")}`;
  return `The copy of ${named} still held something that is taken out${where}, as a second program found. The copy was destroyed. Draw a region over it.`;
}

/** Everything that is taken out of one paper, and for whom. */
export async function paperView(
  { desk, redaction, all }: Pick<Job, "desk" | "redaction" | "all">,
  paper: string,
  audience: PaperAudience = "officer",
): Promise<View> {
  const marked = redaction.papers.get(paper)?.marked;
  const regions = marked === undefined ? [] : await openRegions(desk, marked);
  return { audience, removals: [...all, ...regions] };
}

/** Throws when the case was forgotten: what was marked and cannot be read would otherwise leave. */
export async function openRegions(desk: Desk, { sealed }: PaperMarked): Promise<readonly Removal[]> {
  const opened = await findSealed(desk.ports, desk.id, sealed);
  if (opened === undefined) throw new Error("the regions of a paper are not in the vault any more");
  // Written by `markRegions` and opened against its commitment.
  return (opened as unknown as { readonly regions: readonly Removal[] }).regions;
}
