// The door of redaction.
export {
  changesRecords,
  customerCopies,
  everyPageApproved,
  looksInside,
  looksIntoPapers,
  lostPapers,
  mustBeRedacted,
  redactionOf,
  redactionReasons,
  untouched,
  type Redaction,
  type SeenPages,
} from "./redaction-state.ts";
export { allowFiles, approvePages, giveCustomerCopy, markPaper, seeOriginals, setRedactions } from "./redaction-steps.ts";
