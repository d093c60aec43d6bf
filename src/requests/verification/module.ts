// The door of verification.
export { assurancesOf } from "./assurances.ts";
export { recordCallBack } from "./record-call-back.ts";
