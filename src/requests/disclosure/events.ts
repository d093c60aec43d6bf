// What the ledger says about what was collected, checked, approved and handed over.
import type { Instant } from "../../kernel/instant.ts";
import type { Vaulted } from "../../kernel/vaulted.ts";

export interface PlanCompiled {
  readonly type: "PlanCompiled";
  readonly revision: number;
  /** SHA-256 of the plan as the package carries it, hexadecimal. */
  readonly plan: string;
  readonly reads: readonly {
    readonly source: string;
    readonly collection: string;
    readonly line: string;
    readonly columns: readonly string[];
    readonly expected: number;
  }[];
  readonly nothingHeld: readonly string[];
  readonly scope: Vaulted;
}

/** Counsel confirms that a plan may read so many records: more than is usual for one request. */
interface VolumeConfirmed {
  readonly type: "VolumeConfirmed";
  readonly upTo: number;
  readonly reason: Vaulted;
}

export interface RecordsChecked {
  readonly type: "RecordsChecked";
  readonly plan: string;
  readonly passed: boolean;
  readonly records: number;
  readonly outside: number;
  /** Rules of redaction the records were checked under; absent where there are none. */
  readonly rules?: string;
  /** What the rules take out, by reason code. Papers are not counted here: their pages are. */
  readonly redactions?: Readonly<Record<string, number>>;
  /** Records by line whose text speaks of somebody else; lines without such a record are left out. */
  readonly others?: Readonly<Record<string, number>>;
  /** PDFs that would leave, in the order of the production, each as a keyed digest of its content. */
  readonly papers?: readonly string[];
  /** Files of other kinds that would leave, by kind. */
  readonly files?: Readonly<Record<string, number>>;
}

/** A person approves exactly this sealed package, and gives the part of its key that only that person has. */
interface ReleaseApproved {
  readonly type: "ReleaseApproved";
  readonly plan: string;
  readonly package: string;
  /** The first approver hands the own share to the others; one after that opens with two. */
  readonly gives: "share" | "opening";
  readonly part: Vaulted;
}

/**
 * The desk begins to pack and seal. Recorded before the first byte is written: a packing that was begun and neither sealed nor
 * given up is found by this fact, and goes on.
 */
export interface PackingBegun {
  readonly type: "PackingBegun";
  readonly packing: string;
  /** Of the details it is made from. */
  readonly revision: number;
  readonly plan: string;
}

/** Half a package is given up: its key is destroyed, and so is what was written for it. */
interface PackingAbandoned {
  readonly type: "PackingAbandoned";
  readonly packing: string;
  readonly ground: PackingGround;
}
/**
 * `changed`: a source, the packs or the store are not what they were when it was stopped; `outside`: the checker found a record
 * outside; `failed`: nothing was sealed yet when it failed; `ended`: what it was made for is planned anew or over; `stopped`: a person gave it up.
 */
export type PackingGround = "changed" | "outside" | "failed" | "ended" | "stopped";

/** The production is packed for the officer, and nobody can open it yet: its first bytes are split among those who may approve. */
export interface PackageSealed {
  readonly type: "PackageSealed";
  /** The packing it came from. */
  readonly packing?: string;
  /** Of the details it was made from. */
  readonly revision: number;
  readonly plan: string;
  readonly package: string;
  /** Of the whole file as the officer gets it. */
  readonly sha256: string;
  readonly bytes: number;
  readonly sealedWith: "age" | "openpgp" | "passphrase-zip";
  /** SHA-256 of the first bytes, which the stored object lacks. */
  readonly opening: string;
  readonly object: string;
  /** Who holds a share. */
  readonly holders: readonly string[];
  readonly shares: Vaulted;
  /** Records by data type. */
  readonly records: { readonly [dataType: string]: number };
  readonly accounts: number;
  /** Rules of redaction it was packed under; absent where there are none. */
  readonly rules?: string;
  /** What was taken out of it, by reason code. */
  readonly redactions?: Readonly<Record<string, number>>;
}

export interface ProductionReleased {
  readonly type: "ProductionReleased";
  readonly package: string;
  readonly expiresAt: Instant;
  readonly downloads: number;
  readonly link: string;
}

/** A package that nobody will get any more was destroyed: its plan was made anew, or its case ended. */
interface PackageDiscarded {
  readonly type: "PackageDiscarded";
  readonly package: string;
  readonly object: string;
}

/** The desk takes a mistaken production back: it can no longer be fetched, and the agency is asked to destroy what it fetched. */
export interface ProductionRecalled {
  readonly type: "ProductionRecalled";
  readonly package: string;
  readonly ground: RecallGround;
  /** How often it had been fetched. */
  readonly downloads: number;
  readonly words: Vaulted;
}
export type RecallGround = "wrong-account" | "outside-scope" | "redaction-failed" | "wrong-recipient" | "other";

/** What the agency says it did with a production that was recalled. */
export interface RecallAnswered {
  readonly type: "RecallAnswered";
  readonly package: string;
  readonly answer: "destroyed" | "returned" | "not-opened" | "refused";
  readonly words: Vaulted;
}

interface ProductionDownloaded {
  readonly type: "ProductionDownloaded";
  readonly package: string;
  readonly nth: number;
}

export interface ProductionExpired {
  readonly type: "ProductionExpired";
  readonly package: string;
  /** Nobody had fetched it: an alarm, not a routine. */
  readonly unread: boolean;
}

/** What the production cost, in whole numbers only; a later one takes the place of an earlier one. */
export interface CostsRecorded {
  readonly type: "CostsRecorded";
  /** 125 is an hour and a quarter. */
  readonly hundredthsOfHour: number;
  readonly centsPerHour: number;
  readonly expenseCents: number;
  /** ISO 4217. */
  readonly currency: string;
  /** What was done, what was spent, and where to pay. */
  readonly words: Vaulted;
}

export interface CaseClosed {
  readonly type: "CaseClosed";
  readonly outcome: Outcome;
}
/** The answer states of the transparency report, one a case. */
export type Outcome = "produced_full" | "produced_partial" | "rejected" | "referred" | "withdrawn" | "challenged" | "no_records" | "not_a_request";

export type DisclosureFact =
  | PlanCompiled
  | VolumeConfirmed
  | RecordsChecked
  | PackingBegun
  | PackingAbandoned
  | ReleaseApproved
  | PackageSealed
  | PackageDiscarded
  | ProductionRecalled
  | RecallAnswered
  | ProductionReleased
  | ProductionDownloaded
  | ProductionExpired
  | CostsRecorded
  | CaseClosed;
