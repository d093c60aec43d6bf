// The door of the review.
export { cutAt, findInstrument, verdictsFor } from "./line-verdicts.ts";
export { openPoints, tellingsOf, verdictsOf, worksheetOf } from "./open-points.ts";
export { reviewOf } from "./review-state.ts";
export { answerChecks, recordReferralAnswer, referToCustomer, rejectRequest, signReview, waiveReferral } from "./review-steps.ts";
export { askClarification, decideEmergency, recordClarification, recordTransferGround } from "./settle-steps.ts";
export { checkStates, looksForged } from "./validity-checks.ts";
