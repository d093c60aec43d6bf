// What each kind of letter may speak of. Personal words are allowed here: letters live in the vault.
import type { Reason } from "../../kernel/outcome.ts";
import type { RequiredContent } from "../../policy/pack.ts";
import type { LetterKind } from "./events.ts";
import type { InvoiceMatter } from "./invoice.ts";
import type { Form3Matter } from "./form-3.ts";

export interface LetterMatter {
  readonly caseId: string;
  readonly company: string;
  readonly mailbox: string;
  readonly agency?: string;
  readonly officer?: string;
  readonly matter?: string;
  readonly workspace?: string;
  readonly owner?: string;
  /** Lines in words: "messages of jo@acme.example, 1 Mar 2026 to 31 Mar 2026". */
  readonly lines: readonly string[];
  readonly refusedLines: readonly RefusedLine[];
  readonly reasons: readonly Reason[];
  readonly missing: readonly RequiredContent[];
  readonly link?: string;
  /** When the matter's date falls: end of the waiting time, expiry of a download. */
  readonly until?: string;
  readonly noticeDays?: number;
}

export interface RefusedLine {
  readonly line: string;
  readonly reasons: readonly Reason[];
}

/** Something unclear, and the question that would clear it where the reason does not already put it. */
export interface Question extends Reason {
  readonly ask?: string;
}

export interface NarrowingMatter extends LetterMatter {
  /** The smallest scope that would be accepted, as lines in words; empty when no narrower request would help. */
  readonly offered: readonly string[];
}

export interface ClarificationMatter extends LetterMatter {
  readonly questions: readonly Question[];
}

export interface ChallengeMatter extends LetterMatter {
  /** The court or body that is asked to decide. The grounds are `reasons`. */
  readonly forum: string;
  /** What is asked for at the end: "that the order be quashed as far as it reaches message content". */
  readonly relief: readonly string[];
  /** What is asked for until it decides; empty when nothing is. */
  readonly interim: readonly string[];
}

export interface GagLiftMatter extends LetterMatter {
  readonly order: { readonly issuer: string; readonly number?: string; readonly madeOn?: string; readonly endsOn?: string };
  readonly addressee: "issuer" | "court" | "agency";
  /** For whom leave to be told is asked (X-25: two separate tracks). The arguments are `reasons`. */
  readonly beneficiary: "customer" | "data-protection-authority";
}

export interface PreservationMatter extends LetterMatter {
  readonly since: string;
  /** The last day it is kept. */
  readonly until: string;
}

export interface PreservationEndMatter extends LetterMatter {
  readonly endedOn: string;
  readonly how: "expired" | "released" | "process-followed";
  /** Absent when the copy became part of a production and so was not destroyed. */
  readonly destroyed?: { readonly on: string; readonly records: number; /** SHA-256 of the destroyed copy, hexadecimal. */ readonly sha256: string };
}

export type EmergencyMatter = LetterMatter &
  (
    | { readonly answer: "declined"; /** Compulsory papers that would reach the data, in words. */ readonly ways: readonly string[] }
    | { readonly answer: "more-needed"; readonly questions: readonly Question[] }
  );

type OwnMatter = {
  readonly narrowing: NarrowingMatter;
  readonly clarification: ClarificationMatter;
  readonly "form-3": Form3Matter;
  readonly "challenge-grounds": ChallengeMatter;
  readonly "gag-lift-request": GagLiftMatter;
  readonly "preservation-confirmed": PreservationMatter;
  readonly "preservation-ended": PreservationEndMatter;
  readonly "emergency-answer": EmergencyMatter;
  readonly invoice: InvoiceMatter;
};

export type MatterOf<Kind extends LetterKind> = Kind extends keyof OwnMatter ? OwnMatter[Kind] : LetterMatter;

/** What must be known when the letter is one of several kinds: the matter of each of them. */
export type MatterOfAll<Kind extends LetterKind> = (Kind extends unknown ? (matter: MatterOf<Kind>) => void : never) extends (matter: infer Matter) => void
  ? Matter
  : never;

/** Kinds that the case's own facts and details suffice to write. */
export type OwedKind = Exclude<LetterKind, keyof OwnMatter> | "clarification";
