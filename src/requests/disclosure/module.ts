// The door of disclosure.
export { gate, gateReasons, type Bar } from "./gate.ts";
export { abandonPacking, beginPacking } from "./packing-steps.ts";
export { unfinishedPacking, type Packing } from "./packing-state.ts";
export { recordCosts, type CostWords } from "./record-costs.ts";
export { aroundRelease, linesToProduce, releaseOf } from "./release-state.ts";
export {
  answerRecall,
  approveRelease,
  closeCase,
  confirmVolume,
  countDownload,
  discardPackage,
  expireProduction,
  outcomeOf,
  recallProduction,
  recordCheck,
  recordPlan,
  release,
  renewDownload,
  sealPackage,
  tooFewHolders,
} from "./release-steps.ts";
export { scopeOfCase } from "./scope-of-case.ts";
