// The door of preservation.
export { destructionCertificate } from "./destruction-certificate.ts";
export { asksToKeep, keepingDue } from "./keeping-paper.ts";
export { linkedCopies, linkedSincePlan, openedForPlan, processEnd, reasonsIfLinkedSincePlan, waitingProcesses, workspacesOf } from "./linked-cases.ts";
export { holdFor, holdForProcess, reasonsToLetGo, recordProcessEnd, useKeptCopy } from "./use-kept-copy.ts";
export { keepingScope } from "./keeping-scope.ts";
export {
  keepingClock,
  livingPreservations,
  preservationsOf,
  undestroyedPreservations,
  unfinishedPreservations,
  type LivingPreservation,
} from "./preservation-state.ts";
export {
  abandonSnapshot,
  beginSnapshot,
  expirePreservation,
  linkProcess,
  recordDestruction,
  recordSnapshot,
  recordSnapshotUse,
  releasePreservation,
  renewPreservation,
} from "./preservation-steps.ts";
