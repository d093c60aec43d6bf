// What each step asks of the person who takes it: field by field, in the order in which one fills a form.
import { forbidsNotice } from "./law-words.ts";
import { lawStepForms } from "./law-step-forms.ts";
import { fileKinds } from "./redaction-words.ts";
import { preservationStepForms } from "./preservation-step-forms.ts";
import { linesOfCase, openGag, type StepField, type StepForm } from "./step-fields.ts";

const orderFields: readonly StepField[] = [
  { path: "private.court", kind: "text", label: "Court or authority that issued it" },
  { path: "private.number", kind: "text", label: "Number of the order" },
  { path: "private.scope", kind: "textarea", rows: 3, label: "What it forbids, in its own words" },
];

/** Steps that are not here and ask nothing are taken by their button alone. */
export const stepForms: Readonly<Record<string, StepForm>> = {
  ConfirmDetails: { asks: [] },
  AnswerChecks: { asks: [] },
  SetAside: {
    asks: [
      {
        path: "as",
        kind: "radios",
        label: "What the message is",
        choices: [
          { value: "court-notice", label: "A court's notice" },
          { value: "automatic-reply", label: "An automatic reply" },
          { value: "not-a-request", label: "Not a request", hint: "A newsletter, an advertisement, a support question." },
        ],
      },
    ],
  },
  RecordCallBack: {
    asks: [
      {
        path: "answer",
        kind: "radios",
        label: "What the agency said",
        choices: [
          { value: "confirmed", label: "It confirmed the officer and the request" },
          { value: "not-reached", label: "Nobody was reached" },
          { value: "denied", label: "It does not know this request", hint: "The message is then treated as a fraud attempt." },
        ],
      },
      {
        path: "numberSource",
        kind: "select",
        label: "Where the number came from",
        hint: "Never from the message itself.",
        choices: [
          { value: "agency-directory", label: "Directory of the agency" },
          { value: "government-website", label: "Website of the government" },
          { value: "court-directory", label: "Directory of the court" },
          { value: "earlier-verified-case", label: "An earlier case in which it was verified" },
        ],
      },
      { path: "private.number", kind: "tel", label: "Number that was called" },
      { path: "private.answeredBy", kind: "text", label: "Who answered", hint: "Name and function. “Nobody” when nobody did." },
      { path: "private.note", kind: "textarea", rows: 3, label: "Note", optional: true },
    ],
  },
  RecordReferralAnswer: {
    asks: [
      {
        path: "answer",
        kind: "radios",
        label: "The agency's answer",
        choices: [
          { value: "agency-declines", label: "It will not turn to the customer" },
          { value: "agency-turns-to-customer", label: "It turns to the customer", hint: "The case then closes as referred." },
        ],
      },
    ],
  },
  WaiveReferral: {
    asks: [
      {
        path: "ground",
        kind: "radios",
        label: "Ground",
        choices: [
          { value: "law-prohibits", label: "The law forbids to refer" },
          { value: "only-holder", label: "Only we hold the data" },
          { value: "customer-asked-us", label: "The customer asked us to answer" },
        ],
      },
    ],
  },
  SignReview: {
    asks: [
      {
        path: "leaveOut",
        kind: "checkboxes",
        label: "Lines to leave out",
        optional: true,
        hint: "A reviewer may be stricter than the paper, never more generous.",
        choices: linesOfCase,
      },
      { path: "private.reasoning", kind: "textarea", rows: 6, label: "Reasoning", hint: "How you read the paper. It stays sealed with the case." },
    ],
  },
  RejectRequest: {
    confirm: "The agency is told the reasons, and the case closes.",
    asks: [
      {
        path: "because",
        kind: "radios",
        label: "Main reason",
        hint: "What the rules found on each line is added to the letter.",
        choices: [
          { value: "unverified-sender", label: "The sender could not be confirmed" },
          { value: "insufficient-process", label: "The paper does not reach what is asked for" },
          { value: "wrong-entity", label: "The paper is addressed to another entity" },
          { value: "expired", label: "The paper has expired" },
          { value: "overbroad", label: "The request is too broad" },
          { value: "not-compulsory", label: "Nothing compels an answer" },
          { value: "not-identifiable", label: "The accounts cannot be identified" },
        ],
      },
    ],
  },
  ConfirmVolume: {
    asks: [
      { path: "upTo", kind: "text", label: "Most records that the plan may read", hint: "Without this step it is 100,000." },
      { path: "private.reason", kind: "textarea", rows: 4, label: "Why the paper reaches so many", hint: "It stays sealed with the case." },
    ],
  },
  AllowFiles: {
    confirm:
      "As many files of these kinds as the check found leave as they are, although nobody looked in them for what is taken out elsewhere. One more needs another decision.",
    asks: [
      {
        path: "kinds",
        kind: "checkboxes",
        label: "Kinds of files",
        choices: fileKinds,
      },
      { path: "files", kind: "text", label: "How many files of these kinds", hint: "As the check counted them: the numbers stand under “Redactions”." },
      { path: "private.reason", kind: "textarea", rows: 4, label: "Why they may leave unredacted", hint: "It stays sealed with the case." },
    ],
  },
  RecallProduction: {
    confirm: "The link stops working at once, and the agency is asked to destroy what it fetched. The case opens again.",
    asks: [
      {
        path: "ground",
        kind: "radios",
        label: "Why it is taken back",
        choices: [
          { value: "wrong-account", label: "It holds records of another account" },
          { value: "outside-scope", label: "It holds records that the paper does not reach" },
          { value: "redaction-failed", label: "It shows what should have been removed" },
          { value: "wrong-recipient", label: "Somebody got it who should not have" },
          { value: "other", label: "Another mistake" },
        ],
      },
      {
        path: "private.words",
        kind: "textarea",
        rows: 4,
        label: "What happened",
        hint: "For the record. It stays sealed with the case; the letter says only the ground.",
      },
    ],
  },
  AnswerRecall: {
    asks: [
      {
        path: "answer",
        kind: "radios",
        label: "What the agency did with the recalled production",
        choices: [
          { value: "destroyed", label: "Destroyed every copy" },
          { value: "returned", label: "Returned it and kept no copy" },
          { value: "not-opened", label: "Never opened it, and deleted it" },
          { value: "refused", label: "Refuses to give it up" },
        ],
      },
      { path: "private.words", kind: "textarea", rows: 4, label: "The agency's own words", hint: "Who said it and when. It stays sealed with the case." },
    ],
  },
  RecordWithdrawal: { confirm: "The case closes as withdrawn. A new request opens a new case." },
  CloseCase: { confirm: "The case takes no further step." },
  OwnerAnswersItself: { confirm: "The customer deals with the agency itself; the desk then discloses nothing on this request." },
  RecordGag: {
    asks: [
      {
        path: "instrument",
        kind: "select",
        label: "Kind of order",
        choices: (_view, { laws }) =>
          laws
            .flatMap(({ instruments }) => instruments)
            .filter(forbidsNotice)
            .map(({ id, label }) => ({ value: id, label })),
      },
      {
        path: "issuedBy",
        kind: "radios",
        label: "Issued by",
        choices: [
          { value: "judge", label: "A judge" },
          { value: "court", label: "A court" },
          { value: "statute", label: "An officer whom a statute names" },
          { value: "requester", label: "The requester alone", hint: "A wish for silence in a letter is no order." },
        ],
      },
      { path: "start", kind: "date", label: "First day" },
      { path: "end", kind: "date", label: "Last day", optional: true, hint: "An order without an end is recorded as a defect, and its end is chased." },
      ...orderFields,
    ],
  },
  RecordLiftAttempt: {
    asks: [
      openGag,
      {
        path: "addressee",
        kind: "radios",
        label: "Who was asked",
        choices: [
          { value: "issuer", label: "The issuer" },
          { value: "court", label: "The court" },
          { value: "agency", label: "The agency" },
        ],
      },
      {
        path: "beneficiary",
        kind: "radios",
        label: "Leave to speak to",
        choices: [
          { value: "customer", label: "The customer" },
          { value: "data-protection-authority", label: "The data protection authority" },
        ],
      },
      {
        path: "answer",
        kind: "radios",
        label: "Answer",
        choices: [
          { value: "pending", label: "None yet" },
          { value: "granted", label: "Granted" },
          { value: "refused", label: "Refused" },
        ],
      },
      { path: "private.argument", kind: "textarea", label: "What was argued" },
      { path: "private.answer", kind: "textarea", rows: 3, label: "The answer in words", optional: true },
    ],
  },
  RenewGag: { asks: [openGag, { path: "end", kind: "date", label: "New last day" }, ...orderFields] },
  WithholdForGag: { asks: [openGag] },
  ProposeWithholding: {
    asks: [
      {
        path: "ground",
        kind: "radios",
        label: "Ground",
        choices: [
          { value: "illegal-conduct", label: "The account is used for illegal conduct" },
          { value: "risk-of-harm", label: "Somebody is at risk of harm" },
        ],
      },
      { path: "reviewOn", kind: "date", label: "Day on which it is looked at again", hint: "Within the next 90 days." },
      { path: "private.why", kind: "textarea", label: "Why" },
    ],
  },
  OwnerObjects: {
    asks: [{ path: "private.text", kind: "textarea", label: "The customer's objection", hint: "As it reached you. Release is suspended from now on." }],
  },
  ...lawStepForms,
  ...preservationStepForms,
};
