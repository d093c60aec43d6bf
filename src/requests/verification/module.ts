// The door of verification.
export { assurancesOf, assuredFacts, outstandingAssurances } from "./assurances.ts";
export { recordCallBack } from "./record-call-back.ts";
