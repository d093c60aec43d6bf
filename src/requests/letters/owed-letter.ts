// Which fact owes a letter, of which kind and to whom: one table, so that no step forgets to write.
import type { Instrument } from "../../policy/pack.ts";
import type { CaseFact } from "../case-facts.ts";
import type { Circumstances, History } from "../decision.ts";
import { intakeOf } from "../intake/request-details.ts";
import type { LineVerdict, ReviewSigned } from "../review/events.ts";
import { findInstrument } from "../review/line-verdicts.ts";
import type { LetterKind } from "./events.ts";

export interface OwedLetter {
  readonly kind: LetterKind;
  /** Whom the desk writes to: courts and third parties it has no address of. */
  readonly to: "agency" | "owner";
  readonly workspace?: string;
  /** The id the fact gave it; otherwise the desk draws one. */
  readonly letter?: string;
}

/** `history` ends with the facts of the same step, `laws` are those of the day the paper was served. */
export function owedLetter(fact: CaseFact, history: History, { laws }: Pick<Circumstances, "laws">): OwedLetter | undefined {
  const paper = () => findInstrument(intakeOf(history).details?.instrument, laws)?.instrument;
  switch (fact.type) {
    case "RequestAcknowledged":
      return toAgency("acknowledgement");
    case "MissingContentsAsked":
      return toAgency("missing-contents");
    case "ClarificationAsked":
      return fact.points.length === 0 ? undefined : toAgency(answerTo(paper(), "clarification"));
    case "ReferralMade":
      return toAgency("referral");
    case "RequestRejected":
      return toAgency(answerTo(paper(), "rejection"));
    case "ReviewSigned":
      return deniedLines(fact).length === 0 ? undefined : toAgency(answeredByForm3(paper()) ? "form-3" : "narrowing");
    case "ConflictRaised":
      return answeredByForm3(paper()) ? toAgency("form-3") : undefined;
    case "ChallengeOpened":
      return fact.brought === "desk" ? toAgency(takesForm3(fact.route) && answeredByForm3(paper()) ? "form-3" : "challenge-grounds") : undefined;
    case "GagWishNoted":
      return toAgency("gag-wish-answer");
    case "GagLiftAttempted":
      return fact.answer === "pending" ? toAgency("gag-lift-request") : undefined;
    case "NoticeGiven":
      return { kind: fact.late ? "late-notice" : "owner-notice", to: "owner", workspace: fact.workspace, letter: fact.letter };
    case "SnapshotSealed":
    case "PreservationRenewed":
      return toAgency("preservation-confirmed");
    // The end of keeping is told once, when its proof is there: every snapshot that has ended is destroyed.
    case "SnapshotDestroyed":
      return toAgency("preservation-ended");
    case "ProductionReleased":
      return toAgency("production-ready");
    case "ProductionRecalled":
      return toAgency("recall");
    case "CostsRecorded":
      return toAgency("invoice");
    default:
      return undefined;
  }
}

function toAgency(kind: LetterKind): OwedLetter {
  return { kind, to: "agency" };
}

/** Some papers have an answer of their own. */
function answerTo(paper: Instrument | undefined, usual: "clarification" | "rejection"): LetterKind {
  if (answeredByForm3(paper)) return "form-3";
  return paper?.family === "emergency" ? "emergency-answer" : usual;
}

function answeredByForm3(paper: Instrument | undefined): boolean {
  return paper?.refusedBy === "form-3";
}

function takesForm3(words: string | undefined): boolean {
  return words !== undefined && /\bForm 3\b/.test(words);
}

/** Lines that the agency asked for and does not get. That a paper to keep data hands none over is no answer to what it asks. */
export function deniedLines({ lines }: Pick<ReviewSigned, "lines">): readonly LineVerdict[] {
  return lines.filter(({ decision, reasons }) => decision === "deny" && !reasons.every(({ code }) => code === "PRESERVATION_ONLY"));
}
