// What the ledger says about telling the customer.
import type { Day, Instant } from "../../kernel/instant.ts";
import type { Vaulted } from "../../kernel/vaulted.ts";

export type WithholdingGround = "gag" | "illegal-conduct" | "risk-of-harm";

/** The notice was written and handed to the post; the waiting time starts when its letter was sent. */
export interface NoticeGiven {
  readonly type: "NoticeGiven";
  /** The workspace whose owner was told: each customer is told of its own lines only. */
  readonly workspace: string;
  readonly revision: number;
  readonly letter: string;
  readonly noticeDays: number;
  /** True when it follows a ground that has ended. */
  readonly late: boolean;
  /** Keyed digest of the link's token: the token itself is only in the letter. */
  readonly link: string;
}

export interface WithholdingProposed {
  readonly type: "WithholdingProposed";
  readonly ground: Exclude<WithholdingGround, "gag">;
  readonly reviewOn: Day;
  readonly why: Vaulted;
}

export interface NoticeWithheld {
  readonly type: "NoticeWithheld";
  readonly ground: WithholdingGround;
  readonly gag?: string;
  /** The day the ground must be looked at again; absent only for a gag, whose own end counts. */
  readonly reviewOn?: Day;
}

/** A ground has ended: the customer must be told now. */
export interface LateNoticeFellDue {
  readonly type: "LateNoticeFellDue";
  readonly ground: WithholdingGround;
  readonly dueAt: Instant;
  readonly derivation: string;
}

interface OwnerObjected {
  readonly type: "OwnerObjected";
  readonly objection: Vaulted;
}

interface OwnerWillAnswer {
  readonly type: "OwnerWillAnswer";
}

export type NoticeFact = NoticeGiven | WithholdingProposed | NoticeWithheld | LateNoticeFellDue | OwnerObjected | OwnerWillAnswer;
