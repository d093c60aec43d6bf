// The facial checks V01 to V27: which apply, which the facts answer, and which wait for a person.
import { liesIn } from "../../policy/circumstance.ts";
import type { JurisdictionPack, ValidityCheck } from "../../policy/pack.ts";
import type { Circumstances, History } from "../decision.ts";
import { intakeOf } from "../intake/request-details.ts";
import { outstandingAssurances, assurancesOf } from "../verification/assurances.ts";
import { gagsOf } from "../gag/open-gags.ts";
import { findInstrument } from "./line-verdicts.ts";
import { verdictsOf } from "./open-points.ts";
import { reviewOf } from "./review-state.ts";

export interface CheckState {
  readonly check: ValidityCheck;
  readonly answer: "yes" | "no" | "not-applicable" | "waiting";
  readonly answeredBy: "machine" | "person";
}

type MachineAnswer = (history: History, at: Circumstances) => boolean | undefined;

/** True: the check is met on the facts; false: it is not; undefined: the facts do not say. */
const machineAnswers: Readonly<Record<string, MachineAnswer>> = {
  V01: (history, at) => outstandingAssurances(history, at.today).every(({ clause }) => clause === "V02"),
  V02: (history, at) => !outstandingAssurances(history, at.today).some(({ clause }) => clause === "V02"),
  V03: (history, at) => unlessReason(history, at, "V03"),
  V04: (history, at) => unlessReason(history, at, "V04"),
  V06: (history) => intakeOf(history).details?.instrument !== undefined,
  V07: (history, at) => !hasReason(history, at, "V07"),
  V08: (history, at) => !hasReason(history, at, "V08"),
  V09: (history, at) => unlessReason(history, at, "V09"),
  V10: (history) => given(history, "matter"),
  V11: (history) => intakeOf(history).details?.subjects.every(({ resolved }) => resolved),
  V12: (history, at) => !hasCode(history, at, "NO_DATE_RANGE"),
  V13: (history) => (intakeOf(history).details?.lines.length ?? 0) > 0,
  V14: (history, at) => !hasCode(history, at, "INSUFFICIENT_PROCESS"),
  V17: (history, at) => !hasCode(history, at, "REALTIME"),
  V18: (history) => gagsOf(history).every(({ defects }) => defects.length === 0),
  V19: (history) => ((intakeOf(history).details?.protection?.length ?? 0) > 0 ? false : undefined),
  V20: (history, at) => unlessReason(history, at, "V20"),
  V21: (history, at) => unlessReason(history, at, "V21"),
  V22: (history, at) => unlessReason(history, at, "V22"),
  V24: (history) => sealOf(history),
  V25: () => true,
  V26: (history) => !["not-tried", "accepted"].includes(reviewOf(history).referral),
};

/** The facts can only say no; that nothing stands against it still waits for a person. */
function unlessReason(history: History, at: Circumstances, clause: string): false | undefined {
  return hasReason(history, at, clause) ? false : undefined;
}

function sealOf(history: History): boolean | undefined {
  const seal = intakeOf(history).details?.instrument?.seal;
  return seal === undefined ? undefined : seal === "valid";
}

function given(history: History, content: string): boolean | undefined {
  const { details } = intakeOf(history);
  return details === undefined ? undefined : !details.missing.includes(content);
}

function reasons(history: History, at: Circumstances) {
  return verdictsOf(history, at).flatMap((verdict) => verdict.reasons);
}

function hasReason(history: History, at: Circumstances, clause: string): boolean {
  return reasons(history, at).some((reason) => reason.clause === clause);
}

function hasCode(history: History, at: Circumstances, code: string): boolean {
  return reasons(history, at).some((reason) => reason.code === code);
}

/** Every check of the law in force that applies to this case, with its answer or `waiting`. */
export function checkStates(history: History, at: Circumstances): readonly CheckState[] {
  return checksInForce(history, at)
    .filter((check) => applies(check, history, at))
    .map((check) => stateOf(check, history, at));
}

function checksInForce(history: History, at: Circumstances): readonly ValidityCheck[] {
  return lawInForce(history, at)?.checks ?? [];
}

/** The paper's law; while the paper is unknown that of the authority's country, else the desk's first. */
function lawInForce(history: History, { laws }: Circumstances): JurisdictionPack | undefined {
  const facts = intakeOf(history).details?.instrument;
  const issuedIn = facts?.issuedIn;
  return findInstrument(facts, laws)?.law ?? laws.find(({ territory }) => issuedIn !== undefined && liesIn(issuedIn, "here", territory)) ?? laws[0];
}

function applies(check: ValidityCheck, history: History, at: Circumstances): boolean {
  return check.applies.some((occasion) => occurs(occasion, history, at));
}

function occurs(occasion: ValidityCheck["applies"][number], history: History, at: Circumstances): boolean {
  const { details, reading } = intakeOf(history);
  switch (occasion) {
    case "always":
    case "first-contact":
      return true;
    case "referral":
      return at.policy.settings.referralFirst;
    case "content":
      return details?.lines.some((line) => at.policy.dataTypes.find(({ id }) => id === line.dataType)?.kind === "content") ?? false;
    case "gag":
      return gagsOf(history).length > 0;
    case "emergency":
      return (
        reading?.marks.includes("emergency") === true ||
        details?.instrument?.emergency === true ||
        findInstrument(details?.instrument, at.laws)?.instrument.family === "emergency"
      );
    case "cross-border":
    case "state-attestation":
      return details?.instrument !== undefined;
    case "european-order":
      return findInstrument(details?.instrument, at.laws)?.law.country === "EU";
    case "language":
      return reading?.languageKnown === false || details?.instrument?.language !== undefined;
  }
}

function stateOf(check: ValidityCheck, history: History, at: Circumstances): CheckState {
  const person = reviewOf(history).answers.get(check.id)?.answer;
  const machine = machineAnswers[check.id]?.(history, at);
  if (machine === false) return { check, answer: "no", answeredBy: "machine" };
  if (check.answeredBy === "machine" && machine === true) return { check, answer: "yes", answeredBy: "machine" };
  return person === undefined ? { check, answer: "waiting", answeredBy: "person" } : { check, answer: person, answeredBy: "person" };
}

/** Checks answered with a no that stands against the whole request; a no about one line is in that line's verdict. */
export function standingNoes(history: History, at: Circumstances): readonly CheckState[] {
  const grave: readonly ValidityCheck["then"][] = ["hold", "reject", "refer"];
  // What the facts miss is said of the lines it touches; what a person found wrong with the paper stands against all of it.
  const byPerson: readonly ValidityCheck["then"][] = ["counsel", "ask"];
  return checkStates(history, at).filter(
    ({ check, answer, answeredBy }) => answer === "no" && (grave.includes(check.then) || (byPerson.includes(check.then) && answeredBy === "person")),
  );
}

/** A person found the scope too wide, or nothing held: the reviewer then signs only what is left after leaving something out. */
export function narrowingNoes(history: History, at: Circumstances): readonly CheckState[] {
  return checkStates(history, at).filter(({ check, answer, answeredBy }) => answer === "no" && answeredBy === "person" && narrowing.includes(check.then));
}

const narrowing: readonly ValidityCheck["then"][] = ["narrow", "deny-line"];

/** Checks that a person answered with a no since the details were confirmed, whenever that was: the gate hears of those after the signature too. */
export function answeredNo(history: History, at: Circumstances): readonly ValidityCheck[] {
  const { answers, unweighed } = reviewOf(history);
  // What was known when counsel signed has been weighed; a no that came afterwards has not.
  return checksInForce(history, at).filter(({ id, then }) => answers.get(id)?.answer === "no" && (stopping.includes(then) || unweighed.has(id)));
}

const stopping: readonly ValidityCheck["then"][] = ["hold", "reject", "refer", "counsel", "ask"];

/** Checks whose newest answer `since` is no, whatever was confirmed or signed in between. */
export function noesAmong({ since, history }: { readonly since: History; readonly history: History }, at: Circumstances): readonly ValidityCheck[] {
  const answers = new Map(since.flatMap(({ fact }) => (fact.type === "CheckAnswered" ? [[fact.check, fact.answer] as const] : [])));
  return checksInForce(history, at).filter(({ id }) => answers.get(id) === "no");
}

/** The assurance that a domain look-alike was found is a reason to treat the message as an attack. */
export function looksForged(history: History): boolean {
  const known = assurancesOf(history);
  return known.get("look-alike")?.verdict === "not-met" || known.get("call-back")?.verdict === "not-met";
}
