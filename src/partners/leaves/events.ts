// What the ledger says about acts that need leave or proof first, and about registers with dated entries.
import type { Day, Instant } from "../../kernel/instant.ts";
import type { Vaulted } from "../../kernel/vaulted.ts";
import type { Side } from "../../policy/contract-pack.ts";

interface LeaveAsked {
  readonly type: "LeaveAsked";
  readonly leave: string;
  readonly clause: string;
  readonly by: Side;
  readonly paper?: Vaulted;
}

interface LeaveDecided {
  readonly type: "LeaveDecided";
  readonly leave: string;
  readonly isGranted: boolean;
  readonly at: Instant;
  readonly paper?: Vaulted;
}

interface ActRecorded {
  readonly type: "ActRecorded";
  readonly act: string;
  readonly clause: string;
  readonly leave?: string;
  readonly on: Day;
  readonly shows: readonly string[];
  readonly paper?: Vaulted;
}

interface EntryKept {
  readonly type: "EntryKept";
  readonly entry: string;
  readonly clause: string;
  readonly on: Day;
  readonly paper?: Vaulted;
}

export type LeaveFact = LeaveAsked | LeaveDecided | ActRecorded | EntryKept;
