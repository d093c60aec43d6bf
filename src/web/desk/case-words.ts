// The desk's words for codes that stand in facts: what a stage, a door, a fact, an actor or a letter is called on its pages.
import type { JurisdictionPack } from "../../policy/pack.ts";

export const stageWords: Readonly<Record<string, string>> = {
  new: "New: details to confirm",
  checking: "Contents missing",
  review: "In review",
  waiting: "Customer may object",
  ready: "Waiting is over",
  held: "Held: looks forged",
  suspended: "Suspended",
  released: "Released",
  "set-aside": "Set aside",
  withdrawn: "Withdrawn",
  closed: "Closed",
};

export const doorWords: Readonly<Record<string, string>> = { mail: "by mail", portal: "through the portal", terminal: "at the terminal" };

export const outcomeWords: Readonly<Record<string, string>> = {
  produced_full: "produced in full",
  produced_partial: "produced in part",
  rejected: "rejected",
  referred: "referred to the customer",
  withdrawn: "withdrawn by the agency",
  challenged: "challenged with success",
  no_records: "no records held",
  not_a_request: "not a request",
};

export const assuranceWords: Readonly<Record<string, string>> = {
  "mail-authentication": "The mail comes from its domain",
  "domain-class": "The domain belongs to a government",
  "look-alike": "The domain imitates no other",
  "reply-to": "Replies go to the sender",
  "display-name": "The displayed name does not mislead",
  "contact-details": "Contact details are complete",
  "call-back": "The officer was called back",
};

export const letterWords: Readonly<Record<string, string>> = {
  acknowledgement: "Acknowledgement",
  "missing-contents": "Question about missing contents",
  rejection: "Rejection",
  referral: "Referral to the customer",
  "owner-notice": "Notice to the customer",
  "late-notice": "Late notice to the customer",
  "gag-wish-answer": "Answer to the wish for silence",
  verdict: "Verdict on the lines",
  narrowing: "Narrowing of the request",
  clarification: "Request to make the paper clear",
  "form-3": "Form 3",
  "challenge-grounds": "Grounds of the challenge",
  "gag-lift-request": "Request to lift the secrecy order",
  "preservation-confirmed": "Confirmation that data is kept",
  "preservation-ended": "End of the keeping",
  "emergency-answer": "Answer to the emergency request",
  invoice: "Invoice",
  "production-ready": "Production is ready",
  recall: "Recall of a production",
};

export const factWords: Readonly<Record<string, string>> = {
  LetterUnaddressed: "A letter is owed and nobody is known whom it could go to",
  RequestReceived: "The request arrived",
  MessageRead: "The message was read",
  ReadingProposed: "Details were proposed from the text",
  DetailsConfirmed: "The details were confirmed",
  MissingContentsAsked: "The agency was asked for what is missing",
  RequestAcknowledged: "The request was acknowledged",
  DuplicateArrived: "The same message arrived again",
  FollowUpReceived: "A later message of the agency arrived",
  RequestWithdrawn: "The agency withdrew the request",
  SetAside: "The message was set aside",
  AssuranceRecorded: "Something about the sender was established",
  CheckAnswered: "A check was answered",
  ClarificationAsked: "The agency was asked to make the paper clear",
  ClarificationAnswered: "The agency made the paper clear",
  TransferGroundRecorded: "A ground for a transfer abroad was recorded",
  EmergencyDecided: "Somebody decided on the emergency",
  ReferralMade: "The agency was referred to the customer",
  ReferralAnswered: "The agency answered the referral",
  ReferralWaived: "The referral was waived",
  ReviewSigned: "Counsel signed the review",
  RequestRejected: "The request was rejected",
  SentToCounsel: "A line was sent to counsel",
  GagRecorded: "A secrecy order was recorded",
  GagWishNoted: "The wish for silence was answered",
  GagLiftAttempted: "An attempt to lift the order was recorded",
  GagObjected: "The government was told of an objection to the secrecy",
  GagRenewed: "The secrecy order was renewed",
  GagEnded: "The secrecy order ended",
  NoticeGiven: "The customer was given notice",
  WithholdingProposed: "Withholding the notice was proposed",
  NoticeWithheld: "The notice was withheld",
  LateNoticeFellDue: "The late notice fell due",
  OwnerObjected: "The customer objected",
  OwnerWillAnswer: "The customer answers the agency itself",
  ChallengeOpened: "A challenge was opened",
  ChallengeStepTaken: "A step of a challenge was recorded",
  ChallengeResolved: "A challenge was decided",
  AuthorityAnswered: "The authority that was told answered",
  ConflictRaised: "An objection under the law of another country was raised",
  ConflictDecided: "The court decided on the conflict of laws",
  SnapshotBegun: "A snapshot was begun",
  SnapshotAbandoned: "A snapshot was given up half done",
  SnapshotSealed: "A snapshot was sealed and is kept",
  SnapshotOpened: "A snapshot was opened for a production",
  PreservationRenewed: "The agency asked to keep longer",
  PreservationEnded: "The keeping ended",
  SnapshotDestroyed: "A snapshot was destroyed",
  KeptCopyLinked: "A copy that another case keeps was linked",
  ProcessLinked: "A snapshot was held for the paper of another case",
  LinkedProcessEnded: "The case that a snapshot was held for has ended",
  PlanCompiled: "The plan was compiled",
  RecordsChecked: "The independent checker judged the records",
  ReleaseApproved: "The release was approved",
  PackingBegun: "The production began to be packed",
  PackingAbandoned: "A package was given up half done",
  PackageSealed: "The package was sealed for those who approve",
  RedactionsSet: "What is redacted was set",
  PaperMarked: "Regions of a paper were marked",
  PagesApproved: "Pages of a redacted paper were approved",
  CustomerCopyGiven: "The customer was given a copy of a paper",
  OriginalsSeen: "Originals were looked at",
  FilesAllowed: "Counsel let files leave unredacted",
  VolumeConfirmed: "A large volume was confirmed",
  PackageDiscarded: "A package nobody gets was destroyed",
  ProductionRecalled: "The production was recalled",
  RecallAnswered: "The agency said what it did with the recalled production",
  ProductionReleased: "The production was released",
  ProductionDownloaded: "The officer downloaded the package",
  ProductionExpired: "The download expired",
  CostsRecorded: "The costs were recorded and the invoice was written",
  CaseClosed: "The case was closed",
  LetterWritten: "A letter was written",
  LetterSent: "A letter was sent",
  LetterFailed: "A letter could not be delivered",
};

/** Staff by their id, never by name: names stand in the directory. */
export function actorWords(by: string): string {
  const [kind, id] = by.split(":");
  if (kind === "staff") return `staff ${id ?? ""}`;
  return { desk: "the desk itself", officer: "the officer", owner: "the customer" }[kind ?? ""] ?? by;
}

/** The paper's own name; its code when no pack in force knows it. */
export function instrumentWords(id: string, laws: readonly JurisdictionPack[]): string {
  return laws.flatMap(({ instruments }) => instruments).find((instrument) => instrument.id === id)?.label ?? id;
}
