// The door of redaction.
export {
  everyPageApproved,
  looksInside,
  looksIntoPapers,
  lostPapers,
  mustBeRedacted,
  redactionOf,
  redactionReasons,
  untouched,
  type Redaction,
} from "./redaction-state.ts";
export { allowFiles, approvePages, markPaper, seeOriginals, setRedactions } from "./redaction-steps.ts";
