// What the ledger says about letters: written, sent, or not delivered.
import type { Vaulted } from "../../kernel/vaulted.ts";

export type LetterKind =
  | "acknowledgement"
  | "missing-contents"
  | "rejection"
  | "referral"
  | "owner-notice"
  | "late-notice"
  | "gag-wish-answer"
  | "narrowing"
  | "clarification"
  | "form-3"
  | "challenge-grounds"
  | "gag-lift-request"
  | "preservation-confirmed"
  | "preservation-ended"
  | "emergency-answer"
  | "invoice"
  | "production-ready"
  | "recall";

interface LetterWritten {
  readonly type: "LetterWritten";
  readonly letter: string;
  readonly kind: LetterKind;
  readonly to: "agency" | "owner";
  readonly content: Vaulted;
  /** Why it has no printed page and goes as text alone: `PRINT_TOO_LARGE`. Absent when it was printed. */
  readonly unprinted?: string;
}

export interface LetterSent {
  readonly type: "LetterSent";
  readonly letter: string;
  readonly kind: LetterKind;
  /** SHA-256 of the mail server's dialogue, hexadecimal: the proof of the attempt. */
  readonly transcript: string;
}

export interface LetterFailed {
  readonly type: "LetterFailed";
  readonly letter: string;
  readonly kind: LetterKind;
  readonly permanent: boolean;
  readonly code: string;
}

/** A letter was owed and there was no address to write to: somebody must bring it another way. */
interface LetterUnaddressed {
  readonly type: "LetterUnaddressed";
  readonly kind: LetterKind;
  readonly to: "agency" | "owner" | "issuer" | "court";
}

export type LetterFact = LetterWritten | LetterSent | LetterFailed | LetterUnaddressed;
