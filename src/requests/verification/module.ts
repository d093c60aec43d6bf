// The door of verification.
export { assurancesOf, assuredFacts } from "./assurances.ts";
export { recordCallBack } from "./record-call-back.ts";
