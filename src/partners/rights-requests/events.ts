// What the ledger says about requests of data subjects and consumers that reach a partner.
import type { Instant } from "../../kernel/instant.ts";
import type { Vaulted } from "../../kernel/vaulted.ts";

export const rightsWords = {
  access: "Access",
  correction: "Correction",
  deletion: "Deletion",
  portability: "Portability",
  objection: "Objection",
  "opt-out": "Opt-out",
  other: "Another right",
} as const;

interface RightsRequestReceived {
  readonly type: "RightsRequestReceived";
  readonly request: string;
  readonly receivedAt: Instant;
  readonly right: keyof typeof rightsWords;
  readonly from: "data-subject" | "customer";
}

interface RightsRequestRelayed {
  readonly type: "RightsRequestRelayed";
  readonly request: string;
  readonly at: Instant;
  readonly paper?: Vaulted;
}

interface ReplyConsented {
  readonly type: "ReplyConsented";
  readonly request: string;
  readonly paper?: Vaulted;
}

interface RightsReplied {
  readonly type: "RightsReplied";
  readonly request: string;
  readonly at: Instant;
  readonly says: readonly ("confirms" | "redirects" | "answers")[];
  readonly paper?: Vaulted;
}

interface RightsOutcome {
  readonly type: "RightsOutcome";
  readonly request: string;
  readonly outcome: "fulfilled" | "refused" | "not-ours";
  readonly paper?: Vaulted;
}

export type RightsRequestFact = RightsRequestReceived | RightsRequestRelayed | ReplyConsented | RightsReplied | RightsOutcome;
