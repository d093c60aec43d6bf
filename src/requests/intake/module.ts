// The door of intake.
export { confirmDetails, confirmDetailsSchema } from "./confirm-details.ts";
export { acknowledge, askForMissing, recordWithdrawal, setAside } from "./intake-steps.ts";
export { intakeOf, revisionOf } from "./request-details.ts";
