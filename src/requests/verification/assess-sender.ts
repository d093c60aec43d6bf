// Says, fact by fact, how far a sender may be trusted, and never sums it up as "verified".
import { addDays, daysBetween, type Day } from "../../kernel/instant.ts";
import type { Json } from "../../ledger/canonical-json.ts";
import type { AssuredFact } from "./events.ts";
import { readDomain, type DomainClass, type DomainReading, type DomainRegister } from "./sender-domain.ts";

export interface Assurance {
  readonly fact: AssuredFact;
  readonly verdict: "met" | "not-met" | "unknown";
  readonly code: string;
  readonly clause: string;
  /** Never a name or an address. */
  readonly because: string;
  /** The last day it may be relied on. */
  readonly validTo?: Day;
  /** What it rests on. Holds addresses: it goes to the vault. */
  readonly evidence: Json;
}

/** What was found out about the message; the shape of a mail authentication, as far as it matters here. */
export interface SenderFacts {
  readonly authentication: {
    readonly fromDomain?: string;
    readonly fromAddress?: string;
    readonly displayName?: string;
    readonly aligned:
      | { readonly kind: "aligned"; readonly by: readonly string[]; readonly policy: "enforced" | "monitored" | "no-policy" }
      | { readonly kind: "not-aligned" }
      | { readonly kind: "unknown" };
    readonly spf: { readonly result: string };
    readonly dkim: readonly { readonly result: string; readonly domain: string }[];
    readonly dmarc: { readonly result: string };
    readonly findings: readonly { readonly code: string; readonly because: string }[];
  };
  readonly replyTo: readonly { readonly address: string }[];
  readonly contact: ContactDetails;
  readonly callBack?: CallBack;
  readonly today: Day;
}

/** Which of the officer's details the papers carry (KDRP-3 asks for all of them). */
interface ContactDetails {
  readonly name: boolean;
  readonly rankOrBadge: boolean;
  readonly phone: boolean;
  readonly postalAddress: boolean;
  readonly email: boolean;
}

interface CallBack {
  readonly outcome: "confirmed" | "denied" | "no-answer";
  readonly on: Day;
  /** `independent`: found without the message, as through a switchboard. */
  readonly numberFrom: "independent" | "message";
  readonly validDays: number;
}

export const trustLevels = ["none", "low", "medium", "high"] as const;
type TrustLevel = (typeof trustLevels)[number];

export interface SenderAssessment {
  readonly domainClass: DomainClass;
  /** One for each fact, in a fixed order. */
  readonly assurances: readonly Assurance[];
  /** The least of what the mail, the domain and the person earn; `none` when anything speaks against the sender. */
  readonly senderTrust: TrustLevel;
}

const clause = "KDRP-3";
const unheardOf: DomainReading = { class: "UNKNOWN" };

/** Pure: the same facts give the same assessment. A government domain alone never earns trust. */
export function assessSender(facts: SenderFacts, register: DomainRegister): SenderAssessment {
  const { fromDomain } = facts.authentication;
  const domain = fromDomain === undefined ? unheardOf : readDomain(fromDomain, register);
  const assurances = [
    aboutAuthentication(facts),
    aboutDomain(facts, domain),
    aboutLookAlike(facts, domain),
    aboutReplyTo(facts),
    aboutDisplayName(facts, domain),
    aboutContact(facts),
    aboutCallBack(facts),
  ];
  return { domainClass: domain.class, assurances, senderTrust: trustIn(facts, domain, assurances) };
}

function trustIn(facts: SenderFacts, domain: DomainReading, assurances: readonly Assurance[]): TrustLevel {
  const against: readonly AssuredFact[] = ["mail-authentication", "look-alike", "reply-to", "display-name", "call-back"];
  if (assurances.some((each) => each.verdict === "not-met" && against.includes(each.fact))) return "none";
  if (assurances.some((each) => each.fact === "look-alike" && each.verdict !== "met")) return "none";
  return least([trustInMail(facts), trustInDomain(domain.class), trustInPerson(assurances)]);
}

function least(levels: readonly TrustLevel[]): TrustLevel {
  return trustLevels[Math.min(...levels.map((level) => trustLevels.indexOf(level)))] ?? "none";
}

function trustInMail(facts: SenderFacts): TrustLevel {
  const { aligned } = facts.authentication;
  if (aligned.kind !== "aligned") return "none";
  return ({ enforced: "high", monitored: "medium", "no-policy": "low" } as const)[aligned.policy];
}

function trustInDomain(known: DomainClass): TrustLevel {
  return ({ LE_VERIFIED: "high", GOV_ZONE: "medium", GOV_HINT: "low", UNKNOWN: "none", FREEMAIL: "none", DISPOSABLE: "none" } as const)[known];
}

function trustInPerson(assurances: readonly Assurance[]): TrustLevel {
  const met = (fact: AssuredFact): boolean => assurances.some((each) => each.fact === fact && each.verdict === "met");
  if (!met("contact-details")) return "none";
  return met("call-back") ? "high" : "low";
}

function aboutAuthentication(facts: SenderFacts): Assurance {
  const { aligned, fromDomain, spf, dkim, dmarc, findings } = facts.authentication;
  const evidence = {
    fromDomain,
    spf: spf.result,
    dkim: dkim.map(({ result, domain }) => ({ result, domain })),
    dmarc: dmarc.result,
    findings: findings.map((each) => each.code),
  };
  const say = (verdict: Assurance["verdict"], code: string, because: string): Assurance => ({
    fact: "mail-authentication",
    verdict,
    code,
    clause,
    because,
    evidence,
  });
  if (fromDomain === undefined && aligned.kind !== "unknown")
    return say(
      "not-met",
      "AUTHOR_UNCLEAR",
      findings[0]?.because ?? "The message does not name one author clearly. Ask for a new message from the officer's own mailbox.",
    );
  if (aligned.kind === "unknown")
    return say("unknown", "AUTHENTICATION_UNKNOWN", "It could not be found out whether the sender's domain stands behind the message. Ask again later.");
  if (aligned.kind === "not-aligned")
    return say(
      "not-met",
      "SENDER_UNVERIFIED",
      "Nobody in charge of the sender's domain stands behind the message: neither a signature nor the sending server matches it. Ask the officer to send it from the agency's own mailbox.",
    );
  const strength = {
    enforced: "",
    monitored: ", though the domain only watches for forgeries",
    "no-policy": ", though the domain says nothing about forgeries",
  }[aligned.policy];
  return say(
    "met",
    { enforced: "AUTHENTICATED", monitored: "AUTHENTICATED_MONITORED", "no-policy": "AUTHENTICATED_NO_POLICY" }[aligned.policy],
    `The sender's domain stands behind the message${strength}.`,
  );
}

function aboutDomain(facts: SenderFacts, domain: DomainReading): Assurance {
  const evidence = {
    domain: facts.authentication.fromDomain,
    class: domain.class,
    zone: domain.zone?.suffix,
    country: domain.zone?.country,
    source: domain.zone?.source,
  };
  const say = (verdict: Assurance["verdict"], because: string): Assurance => ({ fact: "domain-class", verdict, code: domain.class, clause, because, evidence });
  switch (domain.class) {
    case "LE_VERIFIED":
      return say("met", "The message comes from a domain this desk has verified as a law-enforcement body's.");
    case "GOV_ZONE":
      return say(
        "met",
        "The message comes from a government domain. That is needed and not enough: government is not law enforcement, and mailboxes are stolen.",
      );
    case "GOV_HINT":
      return say(
        "unknown",
        "The message comes from a domain that public bodies use among others. Find out whose it is, and enter it in the register when it is an agency's.",
      );
    case "FREEMAIL":
      return say("not-met", "The message comes from a free mailbox that anybody can open. Ask the officer to send it from a government mailbox.");
    case "DISPOSABLE":
      return say("not-met", "The message comes from a throw-away mailbox. Ask the officer to send it from a government mailbox.");
    case "UNKNOWN":
      return say(
        "not-met",
        "The message does not come from a domain known as a government's. Ask the officer to send it from a government mailbox, or verify the domain and enter it in the register.",
      );
    default:
      return domain.class satisfies never;
  }
}

function aboutLookAlike(facts: SenderFacts, domain: DomainReading): Assurance {
  const found = domain.lookAlike;
  const evidence = { domain: facts.authentication.fromDomain, trick: found?.trick, of: found?.of };
  const base = { fact: "look-alike", clause, evidence } as const;
  if (facts.authentication.fromDomain === undefined)
    return { ...base, verdict: "unknown", code: "NO_DOMAIN", because: "There is no sender's domain to compare." };
  if (found === undefined) return { ...base, verdict: "met", code: "NO_LOOK_ALIKE", because: "The sender's domain does not imitate one we know." };
  if (found.strength === "likely")
    return {
      ...base,
      verdict: "not-met",
      code: "LOOK_ALIKE",
      because: "The sender's domain is made to look like a government's and is none. Do not answer; ask the agency through a number you found yourself.",
    };
  return {
    ...base,
    verdict: "unknown",
    code: "LOOK_ALIKE_POSSIBLE",
    because: "The sender's domain resembles a government's. Find out whose it is before you answer.",
  };
}

function domainOf(address: string): string {
  return address
    .slice(address.lastIndexOf("@") + 1)
    .toLowerCase()
    .replace(/\.$/, "");
}

function aboutReplyTo(facts: SenderFacts): Assurance {
  const evidence = { from: facts.authentication.fromAddress, replyTo: facts.replyTo.map((each) => each.address) };
  const base = { fact: "reply-to", clause, evidence } as const;
  if (facts.replyTo.length === 0) return { ...base, verdict: "met", code: "REPLY_TO_ABSENT", because: "Answers go to the sender's own address." };
  const { fromDomain } = facts.authentication;
  if (fromDomain !== undefined && facts.replyTo.every((each) => domainOf(each.address) === fromDomain))
    return { ...base, verdict: "met", code: "REPLY_TO_SAME", because: "Answers go to the sender's own domain." };
  return {
    ...base,
    verdict: "not-met",
    code: "REPLY_TO_ELSEWHERE",
    because: "The message wants answers to go to another domain than it comes from. Answer only to the agency's own mailbox.",
  };
}

/** Words by which a display name claims to speak for an agency. */
const agencyWords =
  /\b(fbi|dea|dhs|ice|usss|irs|doj|cia|nsa|nca|bka|lka|europol|interpol|eurojust|police|policing|polizei|policia|polic[ií]a|polizia|politie|politi|polis(?:en)?|gendarmerie|garda|sheriff|constable|marshals?|detective|special agent|federal|bureau|homeland|prosecutor|procureur|staatsanwalt\w*|fiscal[ií]a|procura|district attorney|attorney general|court|tribunal|gericht|ministry|minist[eè]re|department of|government|law enforcement|judge)\b/iu;

function aboutDisplayName(facts: SenderFacts, domain: DomainReading): Assurance {
  const { displayName = "", fromAddress = "", findings } = facts.authentication;
  const base = { fact: "display-name", clause, evidence: { displayName, fromAddress } } as const;
  const inName = /[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/.exec(displayName)?.[0];
  const other = inName !== undefined && inName.toLowerCase() !== fromAddress.toLowerCase();
  if (other || findings.some((each) => each.code === "DISPLAY_NAME_HOLDS_ADDRESS"))
    return {
      ...base,
      verdict: "not-met",
      code: "DISPLAY_NAME_HOLDS_ADDRESS",
      because: "The sender's name is written like another e-mail address than the message comes from. Do not answer to the address in the name.",
    };
  const anybody = domain.class === "FREEMAIL" || domain.class === "DISPOSABLE" || domain.class === "UNKNOWN";
  if (anybody && agencyWords.test(displayName.normalize("NFKC")))
    return {
      ...base,
      verdict: "not-met",
      code: "DISPLAY_NAME_CLAIMS_AGENCY",
      because: "The sender's name claims to speak for an agency, and the mailbox is not an agency's. Ask the agency through a number you found yourself.",
    };
  return { ...base, verdict: "met", code: "DISPLAY_NAME_PLAIN", because: "The sender's name claims nothing that its address does not bear out." };
}

const detailWords: { readonly [detail in keyof ContactDetails]: string } = {
  name: "name",
  rankOrBadge: "rank or badge number",
  phone: "telephone number",
  postalAddress: "postal address",
  email: "e-mail address",
};

function aboutContact(facts: SenderFacts): Assurance {
  const details = Object.keys(detailWords) as (keyof ContactDetails)[];
  const missing = details.filter((detail) => !facts.contact[detail]);
  const base = { fact: "contact-details", clause, evidence: { missing } } as const;
  if (missing.length === 0) return { ...base, verdict: "met", code: "CONTACT_COMPLETE", because: "The papers carry the officer's full contact details." };
  return {
    ...base,
    verdict: "not-met",
    code: "CONTACT_INCOMPLETE",
    because: `The papers lack the officer's ${missing.map((detail) => detailWords[detail]).join(", ")}. Ask for full contact details.`,
  };
}

function aboutCallBack(facts: SenderFacts): Assurance {
  const call = facts.callBack;
  const base = {
    fact: "call-back",
    clause,
    evidence: call === undefined ? null : { outcome: call.outcome, on: call.on, numberFrom: call.numberFrom, validDays: call.validDays },
  } as const;
  if (call === undefined)
    return {
      ...base,
      verdict: "unknown",
      code: "CALL_BACK_MISSING",
      because: "Nobody has called the agency back yet. Call through a number you found yourself, never one from the message.",
    };
  if (call.outcome === "denied")
    return { ...base, verdict: "not-met", code: "CALL_BACK_DENIED", because: "The agency says it did not send this. Do not answer; tell counsel." };
  if (call.outcome === "no-answer")
    return { ...base, verdict: "unknown", code: "CALL_BACK_NO_ANSWER", because: "The agency was called and nobody answered. Call again." };
  if (call.numberFrom === "message")
    return {
      ...base,
      verdict: "unknown",
      code: "CALL_BACK_NUMBER_FROM_MESSAGE",
      because: "The number that was called came from the message itself, so the call proves nothing. Call through a number you found yourself.",
    };
  const age = daysBetween(call.on, facts.today);
  const validTo = addDays(call.on, call.validDays);
  if (age < 0 || age > call.validDays)
    return { ...base, validTo, verdict: "unknown", code: "CALL_BACK_EXPIRED", because: "The last call-back is too long ago. Call again." };
  return { ...base, validTo, verdict: "met", code: "CALL_BACK_CONFIRMED", because: "The agency confirmed the request on a number the desk found itself." };
}
