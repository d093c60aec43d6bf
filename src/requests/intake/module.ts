// The door of intake.
export { confirmDetails, confirmDetailsSchema, cutOff } from "./confirm-details.ts";
export { acknowledge, askForMissing, recordWithdrawal, setAside } from "./intake-steps.ts";
export { intakeOf, type Intake } from "./request-details.ts";
