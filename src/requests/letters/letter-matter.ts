// What each kind of letter may speak of. Personal words are allowed here: letters live in the vault.
import type { Reason } from "../../kernel/outcome.ts";
import type { RequiredContent } from "../../policy/pack.ts";
import type { ChallengeGround } from "../challenge/events.ts";
import type { RecallGround } from "../disclosure/events.ts";
import type { PreservationEnded } from "../preservation/events.ts";
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

export interface RecallMatter extends LetterMatter {
  readonly ground: RecallGround;
  /** Of the file that is taken back. */
  readonly sha256: string;
  readonly releasedOn: string;
  readonly downloads: number;
}

/** Something unclear, and the question that would clear it where the reason does not already put it. */
export interface Question extends Reason {
  readonly ask?: string;
}

/** Every line of a signed review stands in exactly one of the four. */
export interface NarrowingMatter extends LetterMatter {
  /** The smallest scope that the paper supports, as lines in words; empty when no narrower request would help. */
  readonly offered: readonly string[];
  readonly refused: readonly RefusedLine[];
  /** Lines that the reviewer left out of the smallest scope. */
  readonly leftOut: readonly RefusedLine[];
  /** Lines that counsel still looks at. */
  readonly undecided: readonly string[];
}

export interface ClarificationMatter extends LetterMatter {
  readonly questions: readonly Question[];
}

export interface ChallengeMatter extends LetterMatter {
  /** The court or body that is asked to decide; absent: not recorded. */
  readonly forum?: string;
  /** What the law calls the way that is taken: "motion to quash or modify (18 USC 2703(d))". */
  readonly route?: string;
  readonly on: readonly ChallengeGround[];
  /** What is asked for until it decides; absent: nothing is. */
  readonly interim?: string;
}

export interface GagLiftMatter extends LetterMatter {
  readonly order: { readonly issuer: string; readonly number?: string; readonly since: string; readonly endsOn?: string };
  readonly addressee: "issuer" | "court" | "agency";
  /** For whom leave to be told is asked (X-25: two separate tracks). */
  readonly beneficiary: "customer" | "data-protection-authority";
  readonly argument: string;
}

export interface PreservationMatter extends LetterMatter {
  readonly since: string;
  /** The last day it is kept, and how it was counted; absent where the law of the paper names none. */
  readonly keptUntil?: { readonly day: string; readonly derivation: string };
  /** The agency asked for more time, and the law gives it. */
  readonly renewed: boolean;
}

export interface PreservationEndMatter extends LetterMatter {
  readonly endedOn: string;
  readonly how: PreservationEnded["how"];
  readonly destroyed: { readonly on: string; /** SHA-256 of the destroyed copy, hexadecimal. */ readonly sha256: string };
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
  readonly recall: RecallMatter;
};

export type MatterOf<Kind extends LetterKind> = Kind extends keyof OwnMatter ? OwnMatter[Kind] : LetterMatter;
