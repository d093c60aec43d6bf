// What a review still has to ask: points only the agency can answer, and grounds that people have put on record.
import type { Reason } from "../../kernel/outcome.ts";
import type { Circumstances, History } from "../decision.ts";
import { applies } from "../../policy/circumstance.ts";
import type { JurisdictionPack, Telling, When } from "../../policy/pack.ts";
import { intakeOf, revisionOf } from "../intake/request-details.ts";
import { situationOf } from "./case-situation.ts";
import type { LineVerdict } from "./events.ts";
import { conflictWorksheet, findInstrument, questionsFor, verdictsFor, type Settled, type WorksheetRow } from "./line-verdicts.ts";

/** For the newest details only, and whatever the ground is called: two different people have found it. */
function settledOf(history: History): Settled {
  const revision = revisionOf(history);
  const people = new Set(history.flatMap(({ fact, by }) => (fact.type === "TransferGroundRecorded" && fact.revision === revision ? [by] : [])));
  return people.size >= 2 ? { transferGround: true } : {};
}

/** Every check and every bar asks for the verdicts again; the same history in the same circumstances has the same ones. */
const judged = new WeakMap<History, WeakMap<Circumstances, readonly LineVerdict[]>>();

/** The verdict on every line as the case stands now; empty before details are confirmed. */
export function verdictsOf(history: History, at: Circumstances): readonly LineVerdict[] {
  const ofHistory = judged.get(history) ?? new WeakMap<Circumstances, readonly LineVerdict[]>();
  const known = ofHistory.get(at);
  if (known !== undefined) return known;
  const { details } = intakeOf(history);
  const verdicts = details === undefined ? [] : verdictsFor(details, at, settledOf(history));
  judged.set(history, ofHistory.set(at, verdicts));
  return verdicts;
}

export function worksheetOf(history: History, at: Circumstances): readonly WorksheetRow[] {
  const { details } = intakeOf(history);
  return details === undefined ? [] : conflictWorksheet(details, at, settledOf(history));
}

/** Whom the law makes us, or the authority, tell: by the paper's own row and by rules that bind papers of every country. */
export function tellingsOf(history: History, at: Circumstances): readonly Telling[] {
  const { details } = intakeOf(history);
  const known = findInstrument(details?.instrument, at.laws);
  if (details === undefined || known === undefined) return [];
  const lines = details.lines.length === 0 ? [undefined] : details.lines;
  const situations = (law: JurisdictionPack) => lines.map((line) => situationOf(details, known, at.provider, law, line));
  const mayApply = (when: When | undefined, law: JurisdictionPack) => situations(law).some((situation) => applies(when, situation, law.territory) !== "no");
  const own = known.instrument.tells.filter((telling) => mayApply(telling.applies, known.law));
  const others = at.laws.flatMap((law) =>
    law.overrides
      .filter(({ binds, when }) => (binds === "every-paper" || law === known.law) && mayApply(when, law))
      .flatMap(({ tells }) => tells.filter((telling) => mayApply(telling.applies, law))),
  );
  return [...own, ...others];
}

/** Every open point of the paper once, whichever lines it concerns. */
export function openPoints(history: History, at: Circumstances): readonly Reason[] {
  const { details } = intakeOf(history);
  if (details === undefined) return [];
  const asked = new Set(verdictsOf(history, at).flatMap((verdict) => (waitsForAgency(verdict) ? [verdict.line] : [])));
  const points = questionsFor(details, at, settledOf(history)).filter(({ line }) => line !== undefined && asked.has(line));
  return points.filter(({ because }, index) => points.findIndex((other) => other.because === because) === index);
}

/** That a paper to keep data hands nothing over is no answer to it: what is unclear about it is asked all the same. */
function waitsForAgency({ decision, reasons }: LineVerdict): boolean {
  return decision === "ask" || (decision === "deny" && reasons.some(({ code }) => code === "PRESERVATION_ONLY"));
}
