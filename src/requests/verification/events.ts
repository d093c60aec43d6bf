// What the ledger says about who sent a request: one assurance a fact, never one "verified" flag.
import type { Day } from "../../kernel/instant.ts";
import type { Vaulted } from "../../kernel/vaulted.ts";

export type AssuredFact = "mail-authentication" | "domain-class" | "look-alike" | "reply-to" | "display-name" | "contact-details" | "call-back";

export interface AssuranceRecorded {
  readonly type: "AssuranceRecorded";
  readonly fact: AssuredFact;
  readonly verdict: "met" | "not-met" | "unknown";
  readonly code: string;
  readonly clause: string;
  readonly because: string;
  /** The last day it may be relied on. */
  readonly validTo?: Day;
  readonly evidence?: Vaulted;
}

export type VerificationFact = AssuranceRecorded;
