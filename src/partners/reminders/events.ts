// What the ledger says about reminders: that one was given at a fraction of a clock, or that none was and why.
import type { Instant } from "../../kernel/instant.ts";

interface ReminderGiven {
  readonly type: "ReminderGiven";
  readonly duty: string;
  /** Percent of the clock that had run. */
  readonly percent: number;
  readonly planned: Instant;
  readonly letter: string;
}

interface ReminderMissed {
  readonly type: "ReminderMissed";
  readonly duty: string;
  readonly percent: number;
  readonly planned: Instant;
  readonly why: "NO_ADDRESS" | "TOO_LATE" | "SETTLED_MEANWHILE";
}

/** A duty was not kept by its end. */
interface DutyFellOverdue {
  readonly type: "DutyFellOverdue";
  readonly duty: string;
  readonly clause: string;
  readonly dueAt: Instant;
}

/** A letter of the program to the partner. */
interface PartnerLetterWritten {
  readonly type: "PartnerLetterWritten";
  readonly letter: string;
  readonly kind: "reminder" | "sign-in";
}

interface PartnerLetterSent {
  readonly type: "PartnerLetterSent";
  readonly letter: string;
}

interface PartnerLetterFailed {
  readonly type: "PartnerLetterFailed";
  readonly letter: string;
  readonly code: string;
}

/** Somebody of the company made a link into the partner's pages. */
interface PartnerLinkMade {
  readonly type: "PartnerLinkMade";
  readonly how: "mailed" | "shown";
}

interface PartnerKeyGiven {
  readonly type: "PartnerKeyGiven";
  readonly kind: "api" | "calendar";
}

/** Every session, link and key of the partner stops working. */
interface PartnerKeysTakenBack {
  readonly type: "PartnerKeysTakenBack";
}

export type ReminderFact =
  | PartnerLinkMade
  | PartnerKeyGiven
  | PartnerKeysTakenBack
  | ReminderGiven
  | ReminderMissed
  | DutyFellOverdue
  | PartnerLetterWritten
  | PartnerLetterSent
  | PartnerLetterFailed;
