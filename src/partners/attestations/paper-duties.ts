// Papers that confirm standing duties: each is owed from the start, counts for a time, and the next one is due when that is over.
import { endOfDay, type Day, type Instant } from "../../kernel/instant.ts";
import type { Reason } from "../../kernel/outcome.ts";
import type { ContractClause, Paper, Works } from "../../policy/contract-pack.ts";
import { dayWords, dueBy } from "../../policy/deadline-rule.ts";
import { askDay, askNumber, askOne, askPaper, askSome, askWords, askYesNo, optional, type AskedChoice, type Known } from "../asks.ts";
import { stateOf, type Duty } from "../duty.ts";
import { all, maybeSealed, partnerStep, zoneOf, type PartnerCircumstances, type PartnerHistory } from "../partner.ts";
import type { PartnerFact } from "../partner-facts.ts";
import { clauseEnds, standingOf, termsOf, type Term } from "../standing.ts";

type Confirmed = ContractClause & { readonly works: Extract<Works, { readonly as: "paper" }> };
type Filing = Extract<PartnerFact, { readonly type: "PaperFiled" }>;

function confirmedBy(paper: string, at: PartnerCircumstances): readonly Confirmed[] {
  return at.contract.clauses.filter((clause): clause is Confirmed => clause.works?.as === "paper" && clause.works.paper === paper);
}

/** Whether the partner owes this paper at all. */
export function isOwed({ applies }: Paper, history: PartnerHistory, at: PartnerCircumstances): boolean {
  const { signed } = standingOf(history, at);
  if (signed === undefined) return false;
  switch (applies) {
    case "always":
      return true;
    case "ai-product":
      return signed.aiProduct;
    case "us-staff":
      return signed.usStaff;
    case "us-state-data":
      return all(history, "FlowRecorded").some(({ fact }) => fact.states.length > 0);
    case "framework":
      return all(history, "ListingChecked").some(({ fact }) => fact.of === "partner" && fact.activeFrom !== undefined);
    default:
      return applies satisfies never;
  }
}

export function paperDuties(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  return at.contract.papers
    .filter((paper) => isOwed(paper, history, at))
    .flatMap((paper) => confirmedBy(paper.id, at).flatMap((clause) => seriesOf(paper, clause, history, at)));
}

interface Filed {
  readonly filing: Filing;
  readonly at: Instant;
  /** Its last day; absent: it counts as long as the agreement. */
  readonly lastDay?: Day;
  readonly words: string;
}

/** Each filing keeps the duty that was open and opens the next one, due on its own last day. */
function seriesOf(paper: Paper, clause: Confirmed, history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  const { signed, begins } = standingOf(history, at);
  if (signed === undefined || begins === undefined) return [];
  const zone = zoneOf(history, at);
  const ends = clauseEnds(clause.id, termsOf(history).at(-1) as Term, history, at);
  const calendar = { zone, holidays: [] };
  const first = dueBy({ n: paper.firstDays, unit: "days", clause: clause.id }, { event: "agreement began", on: signed.startsOn }, calendar);
  const filed = validFilings(paper, clause, history, at);
  const steps: { readonly dueAt: Duty["dueAt"]; readonly derivation: string }[] = [
    { dueAt: first.due, derivation: `${first.derivation} (house default for the first one)` },
    ...filed.map(({ lastDay, words }) => ({ dueAt: lastDay === undefined ? undefined : endOfDay(lastDay, zone), derivation: words })),
  ];
  return steps.flatMap(({ dueAt, derivation }, turn): Duty[] => {
    const settling = filed[turn];
    // A paper without an end asks for no next one.
    if (dueAt === undefined) return [];
    const isOver = settling === undefined && ends !== undefined && ends <= dueAt;
    return [
      {
        id: `${clause.id}:${turn}`,
        clause: clause.id,
        label: paper.title,
        owedBy: "partner",
        began: turn === 0 ? begins : (filed[turn - 1]?.at ?? begins),
        dueAt,
        state: isOver && ends <= at.now ? "excused" : stateOf({ dueAt, settledAt: settling?.at, now: at.now }),
        ...(settling === undefined ? {} : { settledAt: settling.at }),
        derivation: isOver && ends <= at.now ? `${derivation}; the duty ended before` : derivation,
        basis: turn === 0 ? "house" : (paper.fresh?.basis ?? "document"),
        findings: settling === undefined ? findingsOf(paper, clause, history) : [],
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
    .map(({ fact, at: filedAt }) => ({ filing: fact, at: filedAt, ...validity(paper, clause.id, fact, zoneOf(history, at)) }));
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

function findingsOf(paper: Paper, clause: Confirmed, history: PartnerHistory): readonly Reason[] {
  const newest = all(history, "PaperFiled").findLast(({ fact }) => fact.paper === paper.id)?.fact;
  return newest === undefined ? [] : lacks(paper, clause, newest);
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
    confirms: askSome("What it confirms", clauseChoices),
    shows: askSome("What it shows", showChoices, { askedWhen: (known, at) => showChoices([], at, known).length > 0 }),
    proof: optional(askOne("Which proof it is", proofChoices, { askedWhen: hasProofs })),
    logDays: optional(askNumber("Days that logs are kept", 0, 100_000, { askedWhen: statesFigure })),
    openFindings: optional(askNumber("Findings that are still open", 0, 100_000, { askedWhen: hasProofs })),
    highFindings: optional(askNumber("Of these, of high risk or major", 0, 100_000, { askedWhen: hasProofs })),
    words: optional(askWords("In words")),
    file: optional(askPaper("The paper", { hint: "Without personal details that nobody needs." })),
  },
  against: ({ paper, on, until, confirms: said }, history, at) => {
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
      ...(until !== undefined && until < on
        ? [{ clause: "INPUT", code: "ENDS_BEFORE", because: "Its last day lies before the day it speaks of. Correct one of the two." }]
        : []),
    ];
  },
  facts: ({ paper, on, until, confirms: said, shows, proof, logDays, openFindings = 0, highFindings = 0 }, _, at) => [
    {
      type: "PaperFiled",
      filing: at.fresh,
      paper,
      on,
      ...(until === undefined ? {} : { until }),
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
