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

export type ReminderFact = ReminderGiven | ReminderMissed | DutyFellOverdue | PartnerLetterWritten | PartnerLetterSent | PartnerLetterFailed;
