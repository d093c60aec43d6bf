// What the ledger says about secrecy orders: an instrument with an end, not a wish.
import type { Day } from "../../kernel/instant.ts";
import type { Vaulted } from "../../kernel/vaulted.ts";

export interface GagRecorded {
  readonly type: "GagRecorded";
  readonly gag: string;
  /** Instrument id of the jurisdiction pack, of the family `gag` or with a gag of its own. */
  readonly instrument: string;
  readonly start: Day;
  /** The last day it binds; absent is a defect that is chased. */
  readonly end?: Day;
  readonly defects: readonly string[];
  /** Court, order number, scope in words. */
  readonly order: Vaulted;
}

/** A plea for silence without an order: it changes nothing, and the sender is told so. */
interface GagWishNoted {
  readonly type: "GagWishNoted";
}

export interface GagLiftAttempted {
  readonly type: "GagLiftAttempted";
  readonly gag: string;
  /** The day in the desk's zone; absent in old records, whose day in UTC counts. */
  readonly on?: Day;
  readonly addressee: "issuer" | "court" | "agency";
  /** For whom the attempt asks leave to speak (X-25: two separate tracks). */
  readonly beneficiary: "customer" | "data-protection-authority";
  readonly answer: "pending" | "granted" | "refused";
  readonly argument: Vaulted;
}

export interface GagRenewed {
  readonly type: "GagRenewed";
  readonly gag: string;
  readonly end: Day;
  readonly order: Vaulted;
}

interface GagEnded {
  readonly type: "GagEnded";
  readonly gag: string;
  readonly how: "lapsed" | "lifted";
  /** The last day it bound. */
  readonly on: Day;
}

/** The company told the government that it objects, where the law then makes the government go to court (18 USC 3511). */
interface GagObjected {
  readonly type: "GagObjected";
  readonly gag: string;
  readonly objection: Vaulted;
}

export type GagFact = GagObjected | GagRecorded | GagWishNoted | GagLiftAttempted | GagRenewed | GagEnded;
