// The words of ETSI TS 103 120 that we use, as public parsers name them, and the words we had to add under our own name.
import type { CaseDescription } from "../assessment/description.ts";
import type { Rank } from "../policy/pack.ts";
import type { EpocCategory, IdentifierKind } from "./epoc-words.ts";

export const hi1Namespaces = {
  core: "http://uri.etsi.org/03120/common/2019/10/Core",
  common: "http://uri.etsi.org/03120/common/2016/02/Common",
  auth: "http://uri.etsi.org/03120/common/2020/09/Authorisation",
  task: "http://uri.etsi.org/03120/common/2020/09/Task",
  doc: "http://uri.etsi.org/03120/common/2020/09/Document",
  notif: "http://uri.etsi.org/03120/common/2016/02/Notification",
} as const;

export const xsiNamespace = "http://www.w3.org/2001/XMLSchema-instance";

/** A word of a list: who keeps the list, its name, and the word. */
export interface Entry {
  readonly owner: string;
  readonly name: string;
  readonly value: string;
}

/** The owner of the words that no public source gives. Only another Portcullis understands them. */
export const ourOwner = "PORTCULLIS";

export function etsi(name: string, value: string): Entry {
  return { owner: "ETSI", name, value };
}

export function ours(name: string, value: string): Entry {
  return { owner: ourOwner, name, value };
}

export const legalTypes: Readonly<Record<string, string>> = { "EU-EPOC": "EPOC", "EU-EPOC-PR": "EPOCPR" };

export const roles: ReadonlyMap<string, Rank> = new Map<string, Rank>([
  ["PublicProsecutor", "prosecutor"],
  ["JudgeCourtOrInvestigatingJudge", "judge"],
  ["OtherCompetentAuthority", "agency"],
]);

/** Every other rank is written as `portcullis:court`. */
export const ourRolePrefix = "portcullis:";

export const formats: ReadonlyMap<string, IdentifierKind> = new Map<string, IdentifierKind>([
  ["InternationalizedEmailAddress", "email"],
  ["InternationalE164", "phone"],
  ["IPV4Address", "ipv4"],
  ["IPV6Address", "ipv6"],
  ["IMEI", "imei"],
  ["MACAddress", "mac"],
  ["ServiceAccessIdentifier", "user-id"],
]);

/** The name of the workspace a subject belongs to, written beside its identifiers. */
export const workspaceFormat = "subject-workspace";

/** Types of request; a public parser writes the combined words as the list's name, so both places are read. */
export const requestTypes: ReadonlyMap<string, readonly EpocCategory[]> = new Map<string, readonly EpocCategory[]>([
  ["SubscriberData", ["Subscriber"]],
  ["UserIdentifyingData", ["UserIdentification"]],
  ["TrafficData", ["Traffic"]],
  ["StoredContentData", ["Content"]],
  ["SubscriberDataAndUserIdentifyingData", ["Subscriber", "UserIdentification"]],
  ["TrafficDataAndStoredContentData", ["Traffic", "Content"]],
]);

/** Subtypes and the option of the European form that each one stands for. */
export const optionOfSubtype: ReadonlyMap<string, string> = new Map([
  ["UserInformation", "USER_INFORMATION"],
  ["RegistrationInformation", "REGISTRATION_INFORMATION"],
  ["TypeOfServiceInformation", "TYPE_OF_SERVICE_INFORMATION"],
  ["ProfileInformation", "PROFILE_INFORMATION"],
  ["DataOnValidationOfUse", "VALIDATION_OF_USE_OF_SERVICE_INFORMATION"],
  ["DebitOrCreditCardInformation", "DEBIT_OR_CREDIT_CARD_INFORMATION"],
  ["PUKCodes", "PUK_CODES_INFORMATION"],
  ["SubscriberDataOther", "OTHER"],
]);

/** The one public word for a data type of ours, where there is one. */
export function requestTypeOf(dataType: string): Entry {
  if (["name", "contact", "phone", "account-id", "registration", "billing", "profile"].includes(dataType)) return etsi("RequestType", "SubscriberData");
  if (["sign-in-history", "message-metadata", "location"].includes(dataType)) return etsi("RequestType", "TrafficData");
  if (["messages", "files", "file-names", "drafts", "deleted-items"].includes(dataType)) return etsi("RequestType", "StoredContentData");
  return ours("RequestType", "OtherRecords");
}

type Paper = CaseDescription["paper"];

/** Members of the paper that are one word, and travel as flags under our own name. */
export const wordMembers = [
  "nature",
  "servedBy",
  "addressedTo",
  "returnOn",
  "language",
  "seal",
  "agreement",
  "issuedIn",
] as const satisfies readonly (keyof Paper)[];
/** Members that are yes or no. */
export const yesNoMembers = ["translation", "emergency", "authorityNotified"] as const satisfies readonly (keyof Paper)[];
/** Members that are lists of ids, one flag each. */
export const listMembers = ["shows", "lacks"] as const satisfies readonly (keyof Paper)[];

/** Marks a message as written by a Portcullis, so that nothing has to be inferred. */
export const ourMark = ours("format", "portcullis-case/1");

export interface Endpoint {
  /** ISO 3166-1, or `XX`. */
  readonly country: string;
  readonly id: string;
}

/** What the message says for a country or an owner that nobody named; seen in a public parser. */
export const unknownCountry = "XX";
export const unknownOwner = "UNKNOWN";

/** A paper or letter that travels inside the message. */
export interface Hi1Document {
  readonly name: string;
  readonly kind: "paper" | "letter";
  /** `application/pdf`. */
  readonly contentType: string;
  readonly bytes: Uint8Array;
  /** As the sender wrote it; nobody has checked it. */
  readonly checksum?: string;
}

/** How the case stands: codes only, no names. `at` is a moment with an offset. */
export interface Hi1Outcome {
  readonly code: string;
  readonly at: string;
  /** A sentence for the reader at the authority. */
  readonly says: string;
  readonly lines: readonly { readonly line: string; readonly decision: string; readonly codes: readonly string[] }[];
}
