// What the ledger says about sub-processors: notices, objections, approvals, what was shown before they began, and lists.
import type { Day, Instant } from "../../kernel/instant.ts";
import type { Vaulted } from "../../kernel/vaulted.ts";
import type { noticeContents, regimes } from "./objection-window.ts";

type Regime = (typeof regimes)[number];
type Content = (typeof noticeContents)[number];

/** Present at the start of the agreement: authorised by its signature (DPA-6.1). */
interface SubProcessorListed {
  readonly type: "SubProcessorListed";
  readonly subProcessor: string;
  readonly since: Day;
  readonly country: string;
  readonly regimes: readonly Regime[];
  readonly details: Vaulted;
}

interface SubProcessorNoticed {
  readonly type: "SubProcessorNoticed";
  readonly subProcessor: string;
  readonly receivedAt: Instant;
  readonly says: readonly Content[];
  readonly country: string;
  readonly regimes: readonly Regime[];
  readonly details: Vaulted;
}

/** A second notice that adds what the first one left out. */
interface NoticeCompleted {
  readonly type: "NoticeCompleted";
  readonly subProcessor: string;
  readonly receivedAt: Instant;
  readonly says: readonly Content[];
  readonly paper?: Vaulted;
}

interface ObjectionMade {
  readonly type: "ObjectionMade";
  readonly subProcessor: string;
  readonly at: Instant;
  readonly paper?: Vaulted;
}

interface ObjectionWithdrawn {
  readonly type: "ObjectionWithdrawn";
  readonly subProcessor: string;
  readonly at: Instant;
}

interface SubProcessorApproved {
  readonly type: "SubProcessorApproved";
  readonly subProcessor: string;
  readonly at: Instant;
  /** The company gave up the twenty days of the clauses. */
  readonly waivesDays: boolean;
  readonly paper?: Vaulted;
}

export const beforeStartWords = {
  "due-diligence": "The file of the examination (DPA-6.3)",
  contract: "The written contract with the same duties (DPA-6.4)",
  measures: "Its security measures, like those of Schedule 2 (DPA-6.4)",
  mechanism: "The transfer mechanism, where it sits in a third country (EUK-5)",
} as const;

interface SubProcessorShown {
  readonly type: "SubProcessorShown";
  readonly subProcessor: string;
  readonly shows: readonly (keyof typeof beforeStartWords)[];
  readonly paper?: Vaulted;
}

interface SubProcessorStarted {
  readonly type: "SubProcessorStarted";
  readonly subProcessor: string;
  readonly on: Day;
}

interface SubProcessorEnded {
  readonly type: "SubProcessorEnded";
  readonly subProcessor: string;
  readonly on: Day;
}

interface ListAsked {
  readonly type: "ListAsked";
  readonly asked: string;
  readonly receivedAt: Instant;
}

interface ListGiven {
  readonly type: "ListGiven";
  readonly asked: string;
  readonly at: Instant;
  readonly entries: number;
  readonly paper?: Vaulted;
}

export type SubProcessorFact =
  | SubProcessorListed
  | SubProcessorNoticed
  | NoticeCompleted
  | ObjectionMade
  | ObjectionWithdrawn
  | SubProcessorApproved
  | SubProcessorShown
  | SubProcessorStarted
  | SubProcessorEnded
  | ListAsked
  | ListGiven;
