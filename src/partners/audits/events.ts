// What the ledger says about audits: those that were asked for and held, and the letters of regulators that allow another.
import type { Day } from "../../kernel/instant.ts";
import type { Vaulted } from "../../kernel/vaulted.ts";

interface RegulatorWrote {
  readonly type: "RegulatorWrote";
  readonly letter: string;
  readonly on: Day;
  readonly paper?: Vaulted;
}

interface AuditAsked {
  readonly type: "AuditAsked";
  readonly audit: string;
  readonly on: Day;
  readonly as: "ordinary" | "after-breach" | "for-regulator";
  /** The breach or letter it rests on. */
  readonly because?: string;
  readonly paper?: Vaulted;
}

interface AuditHeld {
  readonly type: "AuditHeld";
  readonly audit: string;
  readonly on: Day;
  readonly findings: number;
  readonly paper?: Vaulted;
}

export type AuditFact = RegulatorWrote | AuditAsked | AuditHeld;
