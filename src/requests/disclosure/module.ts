// The door of disclosure.
export { gate, gateReasons, type Bar } from "./gate.ts";
export { recordCosts, type CostWords } from "./record-costs.ts";
export { linesToProduce, releaseOf } from "./release-state.ts";
export { approveRelease, closeCase, countDownload, expireProduction, outcomeOf, recordCheck, recordPlan, release } from "./release-steps.ts";
export { scopeOfCase } from "./scope-of-case.ts";
