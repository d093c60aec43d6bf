// What the ledger says about a partner and its agreement: who it is, what was signed, noticed, breached, cured and ended.
import type { Day, Instant, Zone } from "../../kernel/instant.ts";
import type { Vaulted } from "../../kernel/vaulted.ts";
import type { Side } from "../../policy/contract-pack.ts";

interface PartnerRegistered {
  readonly type: "PartnerRegistered";
  readonly country: string;
  readonly zone: Zone;
  /** Name and mailboxes. */
  readonly details: Vaulted;
}

/** Replaces name and mailboxes as a whole. */
interface PartnerDetailsChanged {
  readonly type: "PartnerDetailsChanged";
  readonly details: Vaulted;
}

export const contractingEntities = { "us-inc": "The US corporation", "uk-limited": "The limited company in the United Kingdom" } as const;

/** Recorded again with `changedFrom`, it is the same agreement whose partner changed. */
interface AgreementSigned {
  readonly type: "AgreementSigned";
  readonly entity: keyof typeof contractingEntities;
  readonly signedOn: Day;
  readonly startsOn: Day;
  /** First day of the first renewal term. */
  readonly renewsOn: Day;
  readonly termMonths: number;
  readonly aiProduct: boolean;
  readonly usStaff: boolean;
  /** Version of the API policy that was accepted. */
  readonly apiPolicy: string;
  /** Since when product and staff are as they stand here; absent: since the start. */
  readonly changedFrom?: Day;
  readonly paper?: Vaulted;
}

export const documentKinds = { "order-form": "Order Form", supplement: "Supplement", addendum: "Addendum", amendment: "Amendment" } as const;

interface DocumentSigned {
  readonly type: "DocumentSigned";
  readonly document: string;
  readonly kind: keyof typeof documentKinds;
  readonly number: string;
  readonly signedOn: Day;
  readonly from: Day;
  /** Its last day; absent: as long as the agreement. */
  readonly until?: Day;
  /** The document that it changes. */
  readonly amends?: string;
  readonly sharePercent?: number;
  readonly objectionDays?: number;
  readonly quantity?: number;
  readonly usageLimit?: number;
  readonly paper?: Vaulted;
}

/** A named person chose a reading of a defect for this contract. */
interface ReadingElected {
  readonly type: "ReadingElected";
  readonly defect: string;
  readonly reading: string;
  /** Who, and why. */
  readonly paper?: Vaulted;
}

interface UsageReported {
  readonly type: "UsageReported";
  readonly month: string;
  readonly used: number;
}

interface InvoiceIssued {
  readonly type: "InvoiceIssued";
  readonly invoice: string;
  readonly number: string;
  readonly kind: "upgrade" | "renewal";
  readonly datedOn: Day;
  readonly currency: string;
  readonly net: string;
  readonly taxes: string;
}

interface InvoicePaid {
  readonly type: "InvoicePaid";
  readonly invoice: string;
  readonly on: Day;
}

interface RenewalCancelled {
  readonly type: "RenewalCancelled";
  readonly receivedAt: Instant;
  /** The renewal that will not be. */
  readonly renewsOn: Day;
}

interface BreachNoticed {
  readonly type: "BreachNoticed";
  readonly notice: string;
  readonly clause: string;
  readonly from: Side;
  readonly receivedOn: Day;
  readonly paper?: Vaulted;
}

interface CureShown {
  readonly type: "CureShown";
  readonly notice: string;
  readonly at: Instant;
  readonly paper?: Vaulted;
}

export const endGrounds = {
  "not-renewed": "It was not renewed",
  "uncured-breach": "A material breach was not cured in time",
  "security-breach": "A security breach touched personal data",
  "false-certification": "A certification was false",
  "ip-claim": "A claim that the Services infringe",
  agreed: "Both sides agreed",
} as const;

interface AgreementEnded {
  readonly type: "AgreementEnded";
  readonly ground: keyof typeof endGrounds;
  readonly on: Day;
  /** The breach, notice or paper it rests on. */
  readonly because?: string;
  /** Order forms and other documents that end at the same moment (PPT-4b). */
  readonly ends: readonly string[];
  readonly paper?: Vaulted;
}

export const noticeWays = { personal: "Personal delivery", mail: "E-mail", courier: "Reputable courier", certified: "Certified mail" } as const;
export const noticeCopies = { "general-counsel": "General Counsel, by post", "legal-mailbox": "The legal mailbox" } as const;

interface NoticeTaken {
  readonly type: "NoticeTaken";
  readonly notice: string;
  readonly from: Side;
  readonly way: keyof typeof noticeWays;
  readonly receivedAt: Instant;
  readonly copies: readonly (keyof typeof noticeCopies)[];
  readonly paper?: Vaulted;
}

interface TermsRevised {
  readonly type: "TermsRevised";
  readonly version: string;
  readonly effectiveOn: Day;
  /** Materially different, or more permissive towards data: then a notice is owed. */
  readonly isMaterial: boolean;
}

interface RevisionNoticed {
  readonly type: "RevisionNoticed";
  readonly version: string;
  readonly at: Instant;
}

interface IncidentRecorded {
  readonly type: "IncidentRecorded";
  readonly incident: string;
  readonly clause: string;
  readonly on: Day;
  readonly paper?: Vaulted;
}

interface DisputeRaised {
  readonly type: "DisputeRaised";
  readonly dispute: string;
  /** The duty that one side sees otherwise. */
  readonly about: string;
  readonly by: Side;
  readonly paper?: Vaulted;
}

interface DisputeSettled {
  readonly type: "DisputeSettled";
  readonly dispute: string;
  readonly how: "withdrawn" | "accepted" | "agreed";
  readonly paper?: Vaulted;
}

export type AgreementFact =
  | PartnerRegistered
  | PartnerDetailsChanged
  | AgreementSigned
  | DocumentSigned
  | ReadingElected
  | UsageReported
  | InvoiceIssued
  | InvoicePaid
  | RenewalCancelled
  | BreachNoticed
  | CureShown
  | AgreementEnded
  | NoticeTaken
  | TermsRevised
  | RevisionNoticed
  | IncidentRecorded
  | DisputeRaised
  | DisputeSettled;
