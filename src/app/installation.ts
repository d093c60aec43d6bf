// One installation as the command line and the web see it: ports that are open, and the few things only the outside can do.
import type { DeskId } from "../kernel/ids.ts";
import type { Checkpoint, PublicLog } from "../ledger/port.ts";
import type { Desk, Shelf } from "./desk.ts";
import type { DeskPorts } from "./ports.ts";
import type { RawMessage } from "./reading-port.ts";

export interface LedgerCheck {
  readonly ok: boolean;
  readonly size: number;
  readonly waiting: number;
  readonly checkpoints: number;
  readonly root: string;
  /** The first record that does not fit. */
  readonly finding?: {
    readonly code: string;
    readonly because: string;
    readonly stream?: string;
    readonly version?: number;
    readonly position?: number;
    readonly record?: string;
  };
}

export interface PackageCheck {
  readonly ok: boolean;
  readonly findings: readonly { readonly severity: "fault" | "note"; readonly code: string; readonly where: string; readonly what: string }[];
  readonly records: number;
  readonly recordsByLine: Readonly<Record<string, number>>;
  readonly recordsByDataType: Readonly<Record<string, number>>;
  readonly proof: { readonly kind: string; readonly tied?: boolean; readonly because?: string };
  readonly signature: { readonly kind: string; readonly by?: string; readonly because?: string };
}

/** What the operator gave on the command line. */
export interface OpenOptions {
  readonly dataDir: string;
  readonly databaseUrl?: string;
  /** A ZONE file's text: answers for DNS questions without a network. */
  readonly zone?: string;
  readonly onProgress?: (text: string) => void;
}

export interface Installation {
  readonly ports: DeskPorts;
  /** The last good packs; see `freshenPacks`. */
  readonly shelf: Shelf;
  /** Looks whether the packs' folder has changed: a good change is taken, a bad one is named and changes nothing. */
  freshenPacks(): Promise<
    | { readonly kind: "same" }
    | { readonly kind: "taken" }
    | { readonly kind: "kept"; readonly problems: readonly { readonly file: string; readonly line: number; readonly what: string; readonly remedy: string }[] }
  >;
  readonly deskId: DeskId;
  readonly dataDir: string;
  readonly log: PublicLog;
  /** The verifier key of the desk's log, as C2SP signed notes write it. */
  readonly logKey: string;
  /** The desk as its facts describe it now; undefined before set-up. */
  desk(): Promise<Desk | undefined>;
  verifyLedger(options: {
    readonly known?: readonly string[];
    readonly onProgress?: (verified: number, total: number) => void;
    readonly signal?: AbortSignal;
  }): Promise<LedgerCheck>;
  newestCheckpoint(): Promise<Checkpoint | undefined>;
  /** A raw message from a file, with its bytes as a stream. */
  fileMessage(path: string): { readonly raw: RawMessage; readonly bytes: () => AsyncIterable<Uint8Array> };
  stop(): Promise<void>;
}
