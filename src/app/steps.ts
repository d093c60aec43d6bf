// Every step the desk knows: the doors send these commands, the pages ask the same definitions what is possible.
import type { Decision } from "../requests/decision.ts";
import * as challenge from "../requests/challenge/module.ts";
import * as disclosure from "../requests/disclosure/module.ts";
import * as gag from "../requests/gag/module.ts";
import * as intake from "../requests/intake/module.ts";
import * as notice from "../requests/notice/module.ts";
import * as preservation from "../requests/preservation/module.ts";
import * as redaction from "../requests/redaction/module.ts";
import * as review from "../requests/review/module.ts";
import * as verification from "../requests/verification/module.ts";
import type { Reason } from "../kernel/outcome.ts";
import type { Asker, Circumstances, History } from "../requests/decision.ts";

/** In the order a case usually takes them; pages list them so. */
export const steps = [
  intake.confirmDetails,
  intake.acknowledge,
  intake.setAside,
  intake.askForMissing,
  verification.recordCallBack,
  review.referToCustomer,
  review.recordReferralAnswer,
  review.waiveReferral,
  review.answerChecks,
  review.askClarification,
  review.recordClarification,
  review.recordTransferGround,
  review.decideEmergency,
  review.signReview,
  gag.noteGagWish,
  gag.recordGag,
  gag.recordLiftAttempt,
  gag.objectToGag,
  gag.renewGag,
  gag.lapseGags,
  notice.giveNotice,
  notice.withholdForGag,
  notice.proposeWithholding,
  notice.approveWithholding,
  notice.makeLateNoticeDue,
  notice.ownerObjects,
  notice.ownerAnswersItself,
  challenge.openChallenge,
  challenge.takeChallengeStep,
  challenge.resolveChallenge,
  challenge.recordAuthorityAnswer,
  challenge.raiseConflict,
  challenge.decideConflict,
  preservation.beginSnapshot,
  preservation.abandonSnapshot,
  preservation.recordSnapshot,
  preservation.renewPreservation,
  preservation.releasePreservation,
  preservation.useKeptCopy,
  preservation.holdForProcess,
  preservation.recordSnapshotUse,
  disclosure.confirmVolume,
  disclosure.recordPlan,
  redaction.setRedactions,
  disclosure.recordCheck,
  redaction.markPaper,
  redaction.approvePages,
  redaction.seeOriginals,
  redaction.giveCustomerCopy,
  redaction.allowFiles,
  disclosure.beginPacking,
  disclosure.abandonPacking,
  disclosure.sealPackage,
  disclosure.approveRelease,
  disclosure.release,
  disclosure.countDownload,
  disclosure.renewDownload,
  disclosure.recallProduction,
  disclosure.answerRecall,
  disclosure.discardPackage,
  disclosure.expireProduction,
  disclosure.recordCosts,
  preservation.recordProcessEnd,
  preservation.linkProcess,
  preservation.expirePreservation,
  preservation.recordDestruction,
  review.rejectRequest,
  intake.recordWithdrawal,
  disclosure.closeCase,
] as const satisfies readonly Decision[];

export function findStep(name: string): Decision | undefined {
  return steps.find((step) => step.name === name);
}

export interface PossibleStep {
  readonly name: string;
  readonly label: string;
  /** Empty: the step can be taken now. */
  readonly against: readonly Reason[];
}

/** What this asker may do next, and for every other step why not yet. */
export function stepsFor(askers: readonly Asker[], history: History, at: Circumstances): readonly PossibleStep[] {
  return steps
    .filter((step) => step.askers.some((asker) => askers.includes(asker)))
    .map(({ name, label, against }) => ({ name, label, against: against(history, at) }));
}
