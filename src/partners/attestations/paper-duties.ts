// Papers that confirm standing duties: each is owed from the start, counts for a time, and the next one is due when that is over.
import { dayOf, endOfDay, startOfDay, type Day, type Instant, type Zone } from "../../kernel/instant.ts";
import type { Reason } from "../../kernel/outcome.ts";
import type { ContractClause, Paper, Works } from "../../policy/contract-pack.ts";
import { dayWords, dueBy } from "../../policy/deadline-rule.ts";
import { askDay, askMoment, askNumber, askOne, askPaper, askSome, askWords, askYesNo, optional, type AskedChoice, type Known } from "../asks.ts";
import { stateOf, type Duty } from "../duty.ts";
import { all, maybeSealed, partnerStep, sideOf, zoneOf, type PartnerCircumstances, type PartnerHistory } from "../partner.ts";
import type { PartnerFact } from "../partner-facts.ts";
import { excusedAt } from "../answers/answer-duties.ts";
import { clauseEnds, flagPeriods, standingOf, termsOf, type Term } from "../standing.ts";
import { schedulesOf } from "../transfers/transfer-steps.ts";

type Confirmed = ContractClause & { readonly works: Extract<Works, { readonly as: "paper" }> };
type Filing = Extract<PartnerFact, { readonly type: "PaperFiled" }>;

function confirmedBy(paper: string, at: PartnerCircumstances): readonly Confirmed[] {
  return at.contract.clauses.filter((clause): clause is Confirmed => clause.works?.as === "paper" && clause.works.paper === paper);
}

/** Whether the partner owes this paper at all. */
function isOwed(paper: Paper, history: PartnerHistory, at: PartnerCircumstances): boolean {
  return termsOf(history).some((term) => owedSince(paper, term, history, at) !== undefined);
}

/** The day since which an agreement asks for this paper: its start, or the first fact that brings the paper into play. */
function owedSince({ applies }: Paper, { signed }: Term, history: PartnerHistory, at: PartnerCircumstances): Day | undefined {
  const zone = zoneOf(history, at);
  const later = (on: Day | undefined) => (on !== undefined && on > signed.startsOn ? on : on === undefined ? undefined : signed.startsOn);
  const flag = (name: "aiProduct" | "usStaff") => later(flagPeriods(signed, history).find(({ flags }) => flags[name])?.from);
  const recorded = (found: { readonly at: Instant } | undefined) => later(found === undefined ? undefined : dayOf(found.at, zone));
  switch (applies) {
    case "always":
      return signed.startsOn;
    case "ai-product":
      return flag("aiProduct");
    case "us-staff":
      return flag("usStaff");
    case "us-state-data":
      return recorded(all(history, "FlowRecorded").find(({ fact }) => schedulesOf(fact).includes("schedule-4")));
    case "framework":
      return recorded(all(history, "ListingChecked").find(({ fact }) => fact.of === "partner" && fact.activeFrom !== undefined));
    default:
      return applies satisfies never;
  }
}

export function paperDuties(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  const { today } = standingOf(history, at);
  const [first, ...later] = termsOf(history);
  const begun = first === undefined ? [] : [first, ...later.filter(({ signed }) => signed.startsOn <= today)];
  return begun.flatMap((term) =>
    at.contract.papers.flatMap((paper) => {
      const since = owedSince(paper, term, history, at);
      if (since === undefined || (term.nextStartsOn !== undefined && since >= term.nextStartsOn)) return [];
      return confirmedBy(paper.id, at).flatMap((clause) => seriesOf({ paper, clause, term, since }, history, at));
    }),
  );
}

interface Filed {
  readonly at: Instant;
  /** Its last day; absent: it counts as long as the agreement. */
  readonly lastDay?: Day;
  readonly words: string;
}

interface Series {
  readonly paper: Paper;
  readonly clause: Confirmed;
  readonly term: Term;
  readonly since: Day;
}

/** One turn of a series: owed through the last day that is covered so far. */
interface Turn {
  readonly dueOn: Day;
  readonly began: Instant;
  readonly derivation: string;
  readonly isFirst: boolean;
  /** What kept it. */
  readonly filed?: Filed;
}

/**
 * A paper keeps the open turn when it covers more than what is covered so far, and opens the next one, due on its own last day. In
 * whatever order papers are filed, and whichever is rejected, a turn keeps its name: the day on which it is due.
 */
function turnsOf(series: Series, history: PartnerHistory, at: PartnerCircumstances): readonly Turn[] {
  const { paper, clause, since } = series;
  const zone = zoneOf(history, at);
  const first = dueBy({ n: paper.firstDays, unit: "days", clause: clause.id }, { event: "owed since", on: since }, { zone, holidays: [] });
  const open: Turn = {
    dueOn: first.dueDay ?? since,
    began: startOfDay(since, zone),
    derivation: `${first.derivation} (house default for the first one)`,
    isFirst: true,
  };
  return turnsFrom(open, validFilings(paper, clause, history, at), { series, history, zone });
}

interface Counting {
  readonly series: Series;
  readonly history: PartnerHistory;
  readonly zone: Zone;
}

function turnsFrom(open: Turn, filings: readonly Filed[], counting: Counting): readonly Turn[] {
  const { series, history, zone } = counting;
  const { dueOn, began } = open;
  const clause = series.clause.id;
  const place = filings.findIndex(({ lastDay, at }) => lastDay === undefined || (lastDay > dueOn && lastDay >= dayOf(at, zone)));
  const filed = filings[place];
  const excused = excusedAt(`${clause}:${dueOn}`, history);
  if (excused !== undefined && (filed === undefined || excused < filed.at))
    return [open, ...turnsFrom(afterExcuse(series.paper, { dueOn, excused, clause }, zone), filings, counting)];
  if (filed === undefined) return [open];
  // A paper without an end asks for no next one.
  if (filed.lastDay === undefined) return [{ ...open, filed }];
  const next: Turn = { dueOn: filed.lastDay, began: filed.at > began ? filed.at : began, derivation: filed.words, isFirst: false };
  return [{ ...open, filed }, ...turnsFrom(next, filings.slice(place + 1), counting)];
}

/** Letting one turn go lets the next one be: after the time for which a paper counts, or a year, it is owed again. */
function afterExcuse(
  { fresh }: Paper,
  { dueOn, excused, clause }: { readonly dueOn: Day; readonly excused: Instant; readonly clause: string },
  zone: Zone,
): Turn {
  const letGo = dayOf(excused, zone);
  const from = letGo > dueOn ? letGo : dueOn;
  const next = dueBy({ ...(fresh ?? { n: 12, unit: "months" as const }), clause }, { event: "let go through", on: from }, { zone, holidays: [] });
  return { dueOn: next.dueDay ?? from, began: excused, derivation: next.derivation, isFirst: false };
}

function seriesOf(series: Series, history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  const { paper, clause, term } = series;
  const zone = zoneOf(history, at);
  const ends = clauseEnds(clause.id, term, history, at);
  return turnsOf(series, history, at).flatMap(({ dueOn, began, derivation, isFirst, filed }): Duty[] => {
    const dueAt = endOfDay(dueOn, zone);
    // What begins after the clause has ended is not owed any more; what is due under the next agreement is owed there.
    if (!isFirst && ends !== undefined && ends <= began) return [];
    if (term.nextStartsOn !== undefined && term.nextStartsOn <= dueOn && term.nextStartsOn <= dayOf(at.now, zone)) return [];
    const isOver = ends !== undefined && ends <= dueAt && (filed === undefined || filed.at >= ends);
    return [
      {
        id: `${clause.id}:${dueOn}`,
        clause: clause.id,
        label: paper.title,
        owedBy: "partner",
        began,
        dueAt,
        ...(isOver && ends <= at.now
          ? { state: "excused" as const, settledAt: ends, derivation: `${derivation}; the duty ended before` }
          : { state: stateOf({ dueAt, settledAt: filed?.at, now: at.now }), ...(filed === undefined ? {} : { settledAt: filed.at }), derivation }),
        basis: isFirst ? "house" : (paper.fresh?.basis ?? "document"),
        findings: filed === undefined ? findingsOf(paper, clause, dueOn, history, at) : [],
        report: { step: "FilePaper", values: { paper: paper.id } },
        paper: paper.id,
      },
    ];
  });
}

function validFilings(paper: Paper, clause: Confirmed, history: PartnerHistory, at: PartnerCircumstances): readonly Filed[] {
  const rejected = new Set(all(history, "PaperRejected").map(({ fact }) => fact.filing));
  return all(history, "PaperFiled")
    .filter(({ fact }) => fact.paper === paper.id && !rejected.has(fact.filing) && confirms(paper, clause, fact))
    .map(({ fact, at: recorded }) => ({ at: fact.receivedAt ?? recorded, ...validity(paper, clause.id, fact, zoneOf(history, at)) }))
    .toSorted((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
}

/** The paper's own last day, or what the clause lets it count, whichever is earlier. */
function validity({ fresh, title }: Paper, clause: string, { on, until }: Filing, zone: ReturnType<typeof zoneOf>) {
  const counted = fresh === undefined ? undefined : dueBy({ ...fresh, clause }, { event: `${title.toLowerCase()} of`, on }, { zone, holidays: [] });
  const byRule = counted?.dueDay;
  if (until !== undefined && (byRule === undefined || until < byRule))
    return { lastDay: until, words: `the paper of ${dayWords(on)} counts through ${dayWords(until)} by its own words, ${clause}` };
  return byRule === undefined || counted === undefined
    ? { words: `the paper of ${dayWords(on)} counts for the term, ${clause}` }
    : { lastDay: byRule, words: counted.derivation };
}

function confirms(paper: Paper, clause: Confirmed, filing: Filing): boolean {
  return lacks(paper, clause, filing).length === 0;
}

/** What this filing lacks to confirm the clause. */
function lacks({ oneOf }: Paper, { id, works }: Confirmed, { confirms: said, shows, figures, proof, highFindings, openFindings }: Filing): readonly Reason[] {
  const reason = (code: string, because: string): Reason => ({ clause: id, code, because });
  const figure = figures[id];
  return [
    ...(said.includes(id) ? [] : [reason("NOT_CONFIRMED", "The newest paper does not confirm this. File one that does.")]),
    ...works.shows
      .filter((each) => !shows.includes(`${id}/${each.id}`))
      .map(({ words }) => reason("NOT_SHOWN", `The newest paper does not show: ${words}. Add it.`)),
    ...(works.least === undefined || (figure !== undefined && figure >= works.least.n)
      ? []
      : [reason("TOO_LITTLE", `It states ${figure ?? "no"} ${works.least.words}; at least ${works.least.n} are asked for.`)]),
    ...(oneOf.length === 0 || oneOf.some((each) => each.id === proof)
      ? []
      : [reason("NO_PROOF", `It is none of: ${oneOf.map(({ words }) => words).join("; ")}. One of these is enough.`)]),
    ...(oneOf.length > 0 && highFindings > 0 ? [reason("HIGH_FINDINGS", "It has findings of high risk or major ones. A report without them would do.")] : []),
    ...(oneOf.length > 0 && proof === "assessment" && openFindings > 0 && !shows.includes(`${id}/plan`)
      ? [reason("NO_PLAN", "It has findings and no remediation plan with agreed days. Add the plan.")]
      : []),
  ];
}

function findingsOf(paper: Paper, clause: Confirmed, dueOn: Day, history: PartnerHistory, at: PartnerCircumstances): readonly Reason[] {
  const newest = all(history, "PaperFiled").findLast(({ fact }) => fact.paper === paper.id);
  if (newest === undefined) return [];
  const lacking = lacks(paper, clause, newest.fact);
  const { lastDay } = validity(paper, clause.id, newest.fact, zoneOf(history, at));
  const isShort = lastDay !== undefined && lastDay <= dueOn && at.now > endOfDay(lastDay, zoneOf(history, at));
  return lacking.length > 0 || !isShort
    ? lacking
    : [{ clause: clause.id, code: "NO_LONGER_FRESH", because: `The newest paper counted through ${dayWords(lastDay)}. File one that counts longer.` }];
}

const paperChoices = (history: PartnerHistory, at: PartnerCircumstances): readonly AskedChoice[] =>
  at.contract.papers.filter((paper) => isOwed(paper, history, at)).map(({ id, title }) => ({ value: id, label: title }));

const clauseChoices = (_: PartnerHistory, at: PartnerCircumstances, { paper }: Known): readonly AskedChoice[] =>
  at.contract.clauses.flatMap(({ id, rule, works }) =>
    works?.as === "paper" && (paper === undefined || works.paper === paper) ? [{ value: id, label: `${id}: ${rule}` }] : [],
  );

const showChoices = (_: PartnerHistory, at: PartnerCircumstances, { paper: known }: Known): readonly AskedChoice[] =>
  at.contract.clauses.flatMap(({ id, works }) => {
    if (works?.as !== "paper" || (known !== undefined && works.paper !== known)) return [];
    const plan = at.contract.papers.some((paper) => paper.id === works.paper && paper.oneOf.length > 0);
    return [
      ...works.shows.map((each) => ({ value: `${id}/${each.id}`, label: `${id}: ${each.words}` })),
      ...(plan ? [{ value: `${id}/plan`, label: `${id}: a remediation plan with agreed days` }] : []),
    ];
  });

const proofChoices = (_: PartnerHistory, at: PartnerCircumstances): readonly AskedChoice[] =>
  at.contract.papers.flatMap(({ oneOf }) => oneOf.map(({ id, words }) => ({ value: id, label: words })));

const hasProofs = ({ paper }: Known, at: PartnerCircumstances): boolean =>
  at.contract.papers.some(({ id, oneOf }) => (paper === undefined || id === paper) && oneOf.length > 0);

const statesFigure = ({ paper }: Known, at: PartnerCircumstances): boolean =>
  at.contract.clauses.some(({ works }) => works?.as === "paper" && works.least !== undefined && (paper === undefined || works.paper === paper));

export const filePaper = partnerStep({
  name: "FilePaper",
  label: "File a paper",
  topic: "attestations",
  clauses: ["PPT-6(a)", "SEC-1.1(c)", "SEC-1.1(i)", "SEC-1.1(k)", "SEC-1.1(l)", "SEC-1.3", "CMP-1a", "DPA-5", "USP-4(a)"],
  askers: ["partner", "vendor"],
  asks: {
    paper: askOne("Which paper", paperChoices, { leads: true }),
    on: askDay("The day it speaks of", { hint: "Of the test, the report or the signature." }),
    until: optional(askDay("Its own last day, if it has one", { mayLieAhead: true })),
    receivedAt: optional(askMoment("When it reached us", { deskOnly: true })),
    confirms: askSome("What it confirms", clauseChoices),
    shows: askSome("What it shows", showChoices, { askedWhen: (known, at) => showChoices([], at, known).length > 0 }),
    proof: optional(askOne("Which proof it is", proofChoices, { askedWhen: hasProofs })),
    logDays: optional(askNumber("Days that logs are kept", 0, 100_000, { askedWhen: statesFigure })),
    openFindings: optional(askNumber("Findings that are still open", 0, 100_000, { askedWhen: hasProofs })),
    highFindings: optional(askNumber("Of these, of high risk or major", 0, 100_000, { askedWhen: hasProofs })),
    words: optional(askWords("In words")),
    file: optional(askPaper("The paper", { hint: "Without personal details that nobody needs." })),
  },
  against: ({ paper, on, until, receivedAt: received, confirms: said }, history, at) => {
    const owed = at.contract.papers.find(({ id }) => id === paper);
    const foreign = said.filter((id) => !confirmedBy(paper, at).some((clause) => clause.id === id));
    const { signed } = standingOf(history, at);
    return [
      ...(owed === undefined ? [{ clause: "INPUT", code: "NO_SUCH_PAPER", because: `The contract knows no paper ${paper}. Choose one of the list.` }] : []),
      ...(signed === undefined ? [{ clause: "PPT-1.2", code: "NOT_SIGNED", because: "No agreement is on record. Sign it first." }] : []),
      ...(owed !== undefined && said.length === 0
        ? [{ clause: confirmedBy(paper, at)[0]?.id ?? "INPUT", code: "CONFIRMS_NOTHING", because: "The paper confirms no clause. Tick what it confirms." }]
        : []),
      ...foreign.map((clause) => ({ clause, code: "OTHER_PAPER", because: "Another paper confirms this clause. File it there." })),
      ...(owed !== undefined && owed.oneOf.length > 0 && until === undefined
        ? [
            {
              clause: confirmedBy(paper, at)[0]?.id ?? "INPUT",
              code: "NO_LAST_DAY",
              because: "A certificate counts through its own last day. Say which day that is.",
            },
          ]
        : []),
      ...(received !== undefined && dayOf(received, zoneOf(history, at)) < on
        ? [{ clause: "INPUT", code: "BEFORE_PAPER", because: "It cannot have reached us before the day it speaks of. Correct one of the two." }]
        : []),
      ...(until !== undefined && until < on
        ? [{ clause: "INPUT", code: "ENDS_BEFORE", because: "Its last day lies before the day it speaks of. Correct one of the two." }]
        : []),
    ];
  },
  facts: ({ paper, on, until, receivedAt: received, confirms: said, shows, proof, logDays, openFindings = 0, highFindings = 0 }, _, at) => [
    {
      type: "PaperFiled",
      filing: at.fresh,
      paper,
      on,
      ...(until === undefined ? {} : { until }),
      ...(received === undefined || sideOf(at) === "partner" ? {} : { receivedAt: received }),
      confirms: said,
      ...(proof === undefined ? {} : { proof }),
      shows,
      figures:
        logDays === undefined ? {} : Object.fromEntries(confirmedBy(paper, at).flatMap(({ id, works }) => (works.least === undefined ? [] : [[id, logDays]]))),
      openFindings,
      highFindings,
      ...text(maybeSealed(at)),
    },
  ],
});

function text({ paper }: ReturnType<typeof maybeSealed>) {
  return paper === undefined ? {} : { text: paper };
}

const filings = (history: PartnerHistory, at: PartnerCircumstances): readonly AskedChoice[] => {
  const rejected = new Set(all(history, "PaperRejected").map(({ fact }) => fact.filing));
  return all(history, "PaperFiled")
    .filter(({ fact }) => !rejected.has(fact.filing))
    .map(({ fact }) => ({
      value: fact.filing,
      label: `${at.contract.papers.find(({ id }) => id === fact.paper)?.title ?? fact.paper} of ${dayWords(fact.on)}`,
    }));
};

export const rejectPaper = partnerStep({
  name: "RejectPaper",
  label: "Reject a paper",
  topic: "attestations",
  clauses: ["DPA-2.2.1(iii)", "CMP-1c", "SEC-1.3"],
  askers: ["counsel"],
  offered: (history, at) => filings(history, at).length > 0,
  asks: { filing: askOne("Which paper", filings), isFalse: askYesNo("It was false, not only insufficient"), words: askWords("Why") },
  against: ({ filing }, history, at) =>
    filings(history, at).some(({ value }) => value === filing)
      ? []
      : [{ clause: "INPUT", code: "NO_SUCH_PAPER", because: "There is no such paper, or it was rejected before. Choose one of the list." }],
  facts: ({ filing, isFalse }, _, at) => [{ type: "PaperRejected", filing, isFalse, ...text(maybeSealed(at)) }],
});
