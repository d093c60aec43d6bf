// The words of the European forms and what they are called here. Element names come from public parsers, not from the official schema.
import type { CaseDescription } from "../assessment/description.ts";
import type { Rank } from "../policy/pack.ts";

const shared = ["http://data.europa.eu/edm/1/ns/epoc", "http://data.europa.eu/edm/1/ns/eio"] as const;

/** The form that a root element's namespace names. */
export type EpocForm = "epoc" | "epoc-pr" | "form-3" | "form-5" | "form-6";

const forms: Readonly<Record<string, EpocForm>> = {
  "http://data.europa.eu/edm/1/ns/forms/EPOC-FORM_1#": "epoc",
  "http://data.europa.eu/edm/1/ns/forms/EPOC-PR-FORM-2#": "epoc-pr",
  "http://data.europa.eu/edm/1/ns/forms/EPOC-FORM-3#": "form-3",
  "http://data.europa.eu/edm/1/ns/forms/EPOC-PR-FORM-5#": "form-5",
  "http://data.europa.eu/edm/1/ns/forms/EPOC-PR-FORM-6#": "form-6",
};

export const formThreeNamespace = "http://data.europa.eu/edm/1/ns/forms/EPOC-FORM-3#";

export function formOf(namespace: string): EpocForm | undefined {
  return Object.hasOwn(forms, namespace) ? forms[namespace] : undefined;
}

/** Names count when they stand in the form's own namespace or in one of the two that all forms share. */
export function namespacesOf(form: string): ReadonlySet<string> {
  return new Set([form, ...shared]);
}

/** When the data is wanted: at once within ten days, held until the enforcing authority's ten days have ended, or within eight hours. */
export type EpocDeadline = "as-soon-as-possible" | "end-of-ten-days" | "eight-hours";

export const deadlines: ReadonlyMap<string, EpocDeadline> = new Map([
  ["AS_SOON_AS_POSSIBLE", "as-soon-as-possible"],
  ["AT_THE_END_OF_TEN_DAYS", "end-of-ten-days"],
  ["IMMINENT_THREAT_TO_LIFE", "eight-hours"],
  ["IMMINENT_THREAT_TO_CRITICAL_INFRASTRUCTURE", "eight-hours"],
]);

export const rankOfType: ReadonlyMap<string, Rank> = new Map<string, Rank>([
  ["PUBLIC_PROSECUTOR", "prosecutor"],
  ["JUDGE_COURT_OR_INVESTIGATING_JUDGE", "judge"],
  ["JUDGE", "judge"],
  ["OTHER_COMPETENT_AUTHORITY", "agency"],
]);

export type IdentifierKind = CaseDescription["subjects"][number]["identifiers"][number]["kind"];

export const identifierKinds: ReadonlyMap<string, IdentifierKind> = new Map<string, IdentifierKind>([
  ["EMAIL", "email"],
  ["PHONE_NUMBER", "phone"],
  ["IPV_4", "ipv4"],
  ["IPV_6", "ipv6"],
  ["IMEI_NUMBER", "imei"],
  ["MAC_ADDRESS", "mac"],
  ["USER_ID", "user-id"],
]);

/** What a well-formed value of a kind looks like; kinds that are not here may be anything. */
export const identifierShapes: Readonly<Partial<Record<IdentifierKind, RegExp>>> = {
  email: /^[^\s@]{1,200}@[^\s@]{1,200}$/,
  phone: /^\+?[0-9()\-/. ]{5,30}$/,
  ipv4: /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/,
  ipv6: /^(?=.*:)[0-9a-fA-F:.]{2,45}$/,
  imei: /^\d{14,16}$/,
  mac: /^(?:[0-9a-fA-F]{2}[:-]?){5}[0-9a-fA-F]{2}$/,
};

export type EpocCategory = "Subscriber" | "UserIdentification" | "Traffic" | "Content";

/**
 * The policy's data types that a category means when its options do not say more. Only what is surely asked for: a type
 * that is too many is data that nobody asked for.
 */
export const typesOfCategory: Readonly<Record<EpocCategory, readonly string[]>> = {
  Subscriber: ["name", "contact", "phone", "account-id", "registration", "billing", "profile"],
  UserIdentification: ["sign-in-history"],
  Traffic: ["sign-in-history", "message-metadata", "location"],
  Content: ["messages", "files"],
};

/** Options of a category and the data types they mean; an empty list has no data type here and waits for a person. */
export const typesOfOption: ReadonlyMap<string, readonly string[]> = new Map([
  ["USER_INFORMATION", ["name", "contact", "phone", "account-id"]],
  ["REGISTRATION_INFORMATION", ["registration"]],
  ["TYPE_OF_SERVICE_INFORMATION", ["registration"]],
  ["PROFILE_INFORMATION", ["profile"]],
  ["DEBIT_OR_CREDIT_CARD_INFORMATION", ["billing"]],
  ["VALIDATION_OF_USE_OF_SERVICE_INFORMATION", []],
  ["PUK_CODES_INFORMATION", []],
  ["OTHER", []],
]);

export type Recipient = "issuing-authority" | "validating-authority" | "other-authority";

export const recipients: ReadonlyMap<string, Recipient> = new Map<string, Recipient>([
  ["ISSUING_AUTHORITY", "issuing-authority"],
  ["VALIDATING_AUTHORITY", "validating-authority"],
  ["OTHER_COMPETENT_AUTHORITY", "other-authority"],
]);

/** Why what stands in a section is for a person, where we can say more than that there is no field. */
export const whySections: Readonly<Partial<Record<EpocForm, Readonly<Record<string, string>>>>> = {
  epoc: {
    SectionB: "It says to whom the order is addressed; counsel confirms that it is us.",
    SectionC: "It explains the deadline in words.",
    SectionD: "It links the order to an earlier one.",
    SectionE: "It says in words whose data is asked for.",
    SectionF: "It says in words what is asked for.",
    SectionEToF: "It says in words what is asked for, and of whom.",
    SectionG: "It states the offence and why the order is needed: counsel weighs it.",
    SectionH: "It says whether and why the person is told later: counsel weighs it.",
    SectionI: "It describes the issuing authority and its signature.",
    SectionJ: "It describes the validating authority and its signature.",
    SectionK: "It describes the authority of the enforcing State.",
    SectionL: "It says where and how the data is to be sent.",
    SectionM: "It is meant for the enforcing authority only; see that it was meant to reach us.",
  },
  "epoc-pr": {
    SectionB: "It says to whom the order is addressed; counsel confirms that it is us.",
    SectionC: "It says in words whose data is to be kept.",
    SectionD: "It says in words what is to be kept.",
    SectionE: "It states the offence and why the order is needed: counsel weighs it.",
    SectionF: "It describes the issuing authority and its signature.",
    SectionG: "It describes the validating authority and its signature.",
  },
};
