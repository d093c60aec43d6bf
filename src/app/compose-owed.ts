// Composes the letter that a fact owes: for each kind what it says beside what every letter says.
import type { Instant } from "../kernel/instant.ts";
import { dayOf } from "../kernel/instant.ts";
import { dayWords } from "../policy/deadline-rule.ts";
import type { History } from "../requests/decision.ts";
import type { ChallengeOpened } from "../requests/challenge/events.ts";
import type { CostsRecorded, ProductionRecalled } from "../requests/disclosure/events.ts";
import type { CostWords } from "../requests/disclosure/module.ts";
import type { GagLiftAttempted } from "../requests/gag/events.ts";
import { gagsOf } from "../requests/gag/module.ts";
import { intakeOf } from "../requests/intake/module.ts";
import { composeLetter, compulsoryWays, type Letter, type LetterMatter } from "../requests/letters/module.ts";
import { keepingClock, preservationsOf } from "../requests/preservation/module.ts";
import { findInstrument } from "../requests/review/module.ts";
import { openSecrets } from "./case-secrets.ts";
import { form3Matter } from "./form-3-matter.ts";
import { filled, knownMatter, givenWords, momentDay, ofType, openWords, optional, ownLines, scopeOf, type Writing } from "./letter-matter.ts";

export async function composeOwed(writing: Writing): Promise<Letter> {
  const { fact, owed } = writing;
  const known = knownMatter(writing);
  switch (owed.kind) {
    case "narrowing":
      return composeLetter("narrowing", { ...known, ...scopeOf(ofType(fact, "ReviewSigned"), writing) });
    case "clarification":
      return composeLetter("clarification", { ...known, questions: ofType(fact, "ClarificationAsked").points });
    case "form-3":
      return composeLetter("form-3", { ...known, ...(await form3Matter(writing)) });
    case "emergency-answer":
      return composeLetter("emergency-answer", { ...known, ...emergencyMatter(writing) });
    case "challenge-grounds":
      return composeLetter("challenge-grounds", { ...known, ...(await challengeMatter(ofType(fact, "ChallengeOpened"), writing)) });
    case "gag-lift-request":
      return composeLetter("gag-lift-request", { ...known, ...(await liftMatter(ofType(fact, "GagLiftAttempted"), writing)) });
    case "preservation-confirmed":
    case "preservation-ended":
      return preservationLetter(owed.kind, known, writing);
    case "recall":
      return composeLetter("recall", { ...known, ...recallMatter(ofType(fact, "ProductionRecalled"), writing) });
    case "invoice":
      return composeLetter("invoice", { ...known, ...(await costMatter(ofType(fact, "CostsRecorded"), writing)) });
    default:
      return composeLetter(owed.kind, known);
  }
}

function emergencyMatter(writing: Writing) {
  const { fact, history, at } = writing;
  if (fact.type === "ClarificationAsked") return { answer: "more-needed" as const, questions: fact.points };
  const law = findInstrument(intakeOf(history).details?.instrument, at.laws)?.law;
  return { answer: "declined" as const, ways: law === undefined ? [] : compulsoryWays(law, at.policy, ownLines(writing)) };
}

function recallMatter({ ground, downloads, package: name }: ProductionRecalled, { history, at }: Writing) {
  const released = history.find(({ fact }) => fact.type === "ProductionReleased" && fact.package === name);
  const sealed = history.find(({ fact }) => fact.type === "PackageSealed" && fact.package === name)?.fact;
  if (released === undefined || sealed?.type !== "PackageSealed") throw new Error("a production was recalled that was never released");
  return { ground, downloads, sha256: sealed.sha256, releasedOn: dayWords(dayOf(released.at, at.zone)) };
}

/** Counsel's own words about the grounds stay sealed: the agency is told their kinds. */
async function challengeMatter({ route, on = [], grounds }: ChallengeOpened, writing: Writing) {
  const { history, at } = writing;
  const sealed = await openWords<{ readonly forum: string; readonly interimMeasures?: string }>(writing, grounds);
  const routes = findInstrument(intakeOf(history).details?.instrument, at.laws)?.instrument.challenge ?? [];
  const citation = routes.find((each) => each.route === route)?.citation;
  return {
    ...optional("forum", filled(sealed?.forum)),
    ...optional("route", route === undefined || citation === undefined ? route : `${route} (${citation})`),
    on,
    ...optional("interim", filled(sealed?.interimMeasures)),
  };
}

interface OrderWords {
  readonly court: string;
  readonly number: string;
}

async function liftMatter({ gag, addressee, beneficiary, argument }: GagLiftAttempted, writing: Writing) {
  const known = gagsOf(writing.history).find((each) => each.gag === gag);
  const order = await orderOf(gag, writing);
  const sealed = await openWords<{ readonly argument: string }>(writing, argument);
  return {
    order: {
      issuer: order?.court ?? "an issuer whose name is not recorded",
      ...optional("number", filled(order?.number)),
      since: known === undefined ? "a day that is not recorded" : dayWords(known.start),
      ...optional("endsOn", known?.end === undefined ? undefined : dayWords(known.end)),
    },
    addressee,
    beneficiary,
    argument: sealed?.argument ?? "",
  };
}

/** The order as it was recorded or, after a renewal, renewed. */
async function orderOf(gag: string, writing: Writing): Promise<OrderWords | undefined> {
  const orders = writing.history.flatMap(({ fact }) => ((fact.type === "GagRecorded" || fact.type === "GagRenewed") && fact.gag === gag ? [fact.order] : []));
  const newest = orders.at(-1);
  return newest === undefined ? undefined : openWords<OrderWords>(writing, newest);
}

/** Whether the one who issued the secrecy order is the agency whose mailbox is known: the same name, however it is written. */
export async function issuerIsAgency(gag: string, writing: Writing): Promise<boolean> {
  const plain = (name: string | undefined) => name?.trim().replaceAll(/\s+/g, " ").toLowerCase();
  const issuer = plain((await orderOf(gag, writing))?.court);
  return issuer !== undefined && issuer === plain(writing.secrets.details?.agency);
}

function answeredElsewhere(preservation: string, history: History): boolean {
  return history.some(({ fact }) => fact.type === "LinkedProcessEnded" && fact.preservation === preservation);
}

async function preservationLetter(kind: "preservation-confirmed" | "preservation-ended", known: LetterMatter, writing: Writing): Promise<Letter> {
  const { fact, history, at } = writing;
  const kept = preservationsOf(history).find(({ preservation }) => "preservation" in fact && fact.preservation === preservation);
  if (kept?.sealedAt === undefined) throw new Error("a letter about a preservation was owed before anything was sealed");
  const lines = await linesOfRevision(kept.revision, writing);
  const on = (moment: Instant | undefined) => (moment === undefined ? "a day that is not recorded" : momentDay(moment, writing));
  if (kind === "preservation-ended")
    return composeLetter(kind, {
      ...known,
      lines,
      endedOn: on(kept.endedAt),
      // That another agency's paper was answered is not this agency's to read.
      how: answeredElsewhere(kept.preservation, history) ? "released" : (kept.ended?.how ?? "released"),
      destroyed: { on: on(kept.destroyedAt), sha256: ofType(fact, "SnapshotDestroyed").sha256 },
    });
  const clock = keepingClock(kept, history, at);
  const until = clock === undefined ? {} : { keptUntil: { day: dayWords(clock.lastDay), derivation: clock.running.derivation } };
  return composeLetter(kind, { ...known, lines, since: on(kept.sealedAt), ...until, renewed: fact.type === "PreservationRenewed" });
}

/** What was kept are the lines of the details it was taken for, whatever was confirmed after them. */
async function linesOfRevision(revision: number, writing: Writing): Promise<readonly string[]> {
  const then = writing.history.filter(({ fact }) => fact.type !== "DetailsConfirmed" || fact.revision <= revision);
  const secrets = await openSecrets(writing.desk, writing.caseId, then);
  const { details } = intakeOf(then);
  return (details?.lines ?? []).map((line) => givenWords(writing.at, line, details, secrets));
}

async function costMatter(fact: CostsRecorded, writing: Writing) {
  const { history, at, caseId } = writing;
  const sealed = await openWords<CostWords>(writing, fact.words);
  const costs = findInstrument(intakeOf(history).details?.instrument, at.laws)?.instrument.costs;
  if (costs === undefined) throw new Error("an invoice was owed for a paper whose law has no rule on costs");
  const nth = history.filter((each) => each.fact.type === "CostsRecorded").length;
  const { hundredthsOfHour, centsPerHour, expenseCents, currency } = fact;
  return {
    invoice: {
      number: `${caseId}-${nth}`,
      ...optional("replaces", nth === 1 ? undefined : `${caseId}-${nth - 1}`),
      currency,
      payTo: (sealed?.payTo ?? "").split(/\r?\n/).flatMap((line) => filled(line) ?? []),
    },
    rule: { says: costs.rule, citation: costs.citation },
    work: hundredthsOfHour === 0 ? [] : [{ what: sealed?.work ?? "", hundredthsOfHour, centsPerHour }],
    expenses: expenseCents === 0 ? [] : [{ what: filled(sealed?.expenses) ?? "Expenses", cents: expenseCents }],
  };
}
