// What the ledger says about flows of data: where from and to, in whose role, under which mechanism on which day.
import type { Day } from "../../kernel/instant.ts";
import type { Vaulted } from "../../kernel/vaulted.ts";

export interface FlowRecorded {
  readonly type: "FlowRecorded";
  readonly flow: string;
  readonly origin: "EEA" | "UK" | "CH" | "US" | "other";
  readonly destination: string;
  readonly vendorIs: "controller" | "processor";
  readonly exporter: "us-inc" | "uk-limited";
  /** US states whose privacy acts protect the data: `CA`. */
  readonly states: readonly string[];
  /** The written instruction or gate record it rests on. */
  readonly isOnward: boolean;
  readonly paper?: Vaulted;
}

interface FlowEnded {
  readonly type: "FlowEnded";
  readonly flow: string;
  readonly on: Day;
}

/** Both sides approved the country in writing (DPA-7). */
interface RegionApproved {
  readonly type: "RegionApproved";
  readonly country: string;
  readonly paper?: Vaulted;
}

interface ClausesSigned {
  readonly type: "ClausesSigned";
  readonly clauses: "scc" | "uk-addendum";
  readonly version: string;
  /** The member state of the EU whose law governs the standard clauses. */
  readonly law?: string;
  readonly on: Day;
  readonly paper?: Vaulted;
}

/** What the public list of the framework said on a day. */
interface ListingChecked {
  readonly type: "ListingChecked";
  readonly of: "partner" | "vendor";
  readonly framework: "euUs" | "ukExtension" | "swissUs";
  readonly on: Day;
  readonly activeFrom?: Day;
  /** The last day on which it was active; absent: it still is. */
  readonly activeUntil?: Day;
}

interface MeasuresAdded {
  readonly type: "MeasuresAdded";
  readonly flow: string;
  readonly on: Day;
  readonly paper?: Vaulted;
}

/** The result of the nightly check, written when it is another than before. */
interface MechanismFound {
  readonly type: "MechanismFound";
  readonly flow: string;
  readonly on: Day;
  readonly result: "not-restricted" | "dpf" | "scc" | "jurisdiction-terms" | "other" | "blocked";
  readonly words: string;
  readonly module?: "two" | "three";
}

interface LapseTold {
  readonly type: "LapseTold";
  readonly flow: string;
  readonly on: Day;
  readonly paper?: Vaulted;
}

export type TransferFact = FlowRecorded | FlowEnded | RegionApproved | ClausesSigned | ListingChecked | MeasuresAdded | MechanismFound | LapseTold;
