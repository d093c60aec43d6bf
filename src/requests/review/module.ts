// The door of the review.
export { findInstrument, verdictsFor } from "./line-verdicts.ts";
export { reviewOf } from "./review-state.ts";
export { answerChecks, recordReferralAnswer, referToCustomer, rejectRequest, signReview, waiveReferral } from "./review-steps.ts";
export { checkStates, looksForged } from "./validity-checks.ts";
