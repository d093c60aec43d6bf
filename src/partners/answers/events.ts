// What the ledger says about occasions and their answers: something was asked or happened, and by a clause an answer is owed.
import type { Day, Instant } from "../../kernel/instant.ts";
import type { Vaulted } from "../../kernel/vaulted.ts";
import type { Side } from "../../policy/contract-pack.ts";

interface OccasionArose {
  readonly type: "OccasionArose";
  readonly occasion: string;
  readonly clause: string;
  readonly at: Instant;
  readonly recordedBy: Side;
  readonly paper?: Vaulted;
}

interface AnswerGiven {
  readonly type: "AnswerGiven";
  readonly occasion: string;
  readonly at: Instant;
  readonly shows: readonly string[];
  readonly paper?: Vaulted;
}

/** The side that is owed gives more time; it can only lengthen. */
interface MoreTimeGiven {
  readonly type: "MoreTimeGiven";
  /** A duty's id. */
  readonly duty: string;
  readonly until: Day;
  readonly by: Side;
}

interface DutyExcused {
  readonly type: "DutyExcused";
  readonly duty: string;
  readonly by: Side;
  readonly paper?: Vaulted;
}

export type AnswerFact = OccasionArose | AnswerGiven | MoreTimeGiven | DutyExcused;
