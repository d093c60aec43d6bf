// What a packing notes while it runs, so that it can go on after it was cut off. It opens the half package: it is sealed while it is needed, and destroyed with its key when it is not.
import type { CaseId } from "../kernel/ids.ts";
import { instant, type Instant } from "../kernel/instant.ts";
import type { LedgerProof } from "../ledger/port.ts";
import type { Json } from "../ledger/canonical-json.ts";
import { readKey } from "../production/package/negative-search.ts";
import type { PackingCheckpoint } from "../production/package/packing-state.ts";
import type { Desk } from "./desk.ts";
import { base64, bytesOf } from "./package-key.ts";
import type { PackingIdentity } from "./ports.ts";
import type { PackageFigures, SealedFile } from "./production-port.ts";
import type { RedactionMatter, RedactionSoFar } from "./redact-production.ts";
import type { DraftMark } from "./vault-port.ts";

/** What decides the package and would be another one at another moment. */
export interface FixedMatter {
  readonly packagedAt: Instant;
  readonly proof?: LedgerProof;
  readonly redaction: RedactionMatter;
  /** To whom a package is sealed first that is to be sealed another way. */
  readonly inner?: PackingIdentity;
}

export interface PackedFigures extends SealedFile {
  readonly figures: PackageFigures;
  /** What was taken out, by reason code. */
  readonly redactions: Readonly<Record<string, number>>;
}

type Note =
  | {
      readonly kind: "begun";
      readonly object: string;
      readonly packagedAt: string;
      /** As JSON: the order of its members goes into the package. */ readonly proof: string | null;
      readonly redaction: RedactionMatter;
      readonly inner: PackingIdentity | null;
    }
  | { readonly kind: "opening"; readonly opening: string }
  | {
      readonly kind: "checkpoint";
      readonly checkpoint: PackingCheckpoint;
      readonly redacted: RedactionSoFar;
      readonly pieces: number;
      readonly rest: string;
    }
  | { readonly kind: "packed"; readonly packed: PackedFigures }
  | { readonly kind: "resealing"; readonly object: string };

export interface PackingNotes {
  readonly object: string;
  readonly fixed: FixedMatter;
  /** As much of the package's first bytes as was noted. */
  readonly opening: Uint8Array;
  /** In order; only the last one is complete, of the others there is what the packer asks of them. */
  readonly checkpoints: readonly PackingCheckpoint[];
  /** One for each checkpoint. */
  readonly redacted: readonly RedactionSoFar[];
  readonly mark?: DraftMark;
  readonly packed?: PackedFigures;
  /** Objects and drafts in which the package was, or was to be, sealed another way. */
  readonly resealed: readonly string[];
}

const prefix = "packing";

/** The name under which a packing's notes and their key are held, in the place of a case id. */
export function packingKey(caseId: CaseId, packing: string): string {
  return `${prefix}:${caseId}:${packing}`;
}

export function readPackingKey(name: string): { readonly caseId: CaseId; readonly packing: string } | undefined {
  const [first, caseId, packing] = name.split(":");
  return first === prefix && caseId !== undefined && packing !== undefined ? { caseId: caseId as CaseId, packing } : undefined;
}

export interface NoteBook {
  begun(object: string, fixed: FixedMatter): Promise<void>;
  opening(opening: Uint8Array): Promise<void>;
  checkpoint(checkpoint: PackingCheckpoint, redacted: RedactionSoFar, mark: DraftMark): Promise<void>;
  packed(packed: PackedFigures): Promise<void>;
  resealing(object: string): Promise<void>;
}

export function noteBook(desk: Desk, name: string): NoteBook {
  const add = (note: Note) => desk.ports.journals.add(desk.id, name, note as unknown as Json);
  return {
    begun: (object, { packagedAt, proof, redaction, inner }) =>
      add({ kind: "begun", object, packagedAt, proof: proof === undefined ? null : JSON.stringify(proof), redaction, inner: inner ?? null }),
    opening: (opening) => add({ kind: "opening", opening: base64(opening) }),
    checkpoint: (checkpoint, redacted, { pieces, rest }) => add({ kind: "checkpoint", checkpoint, redacted, pieces, rest: base64(rest) }),
    packed: (packed) => add({ kind: "packed", packed }),
    resealing: (object) => add({ kind: "resealing", object }),
  };
}

/** Undefined when nothing was noted, or its key is destroyed. */
export async function readNotes(desk: Desk, name: string): Promise<PackingNotes | undefined> {
  let notes: PackingNotes | undefined;
  const checkpoints: PackingCheckpoint[] = [];
  const redacted: RedactionSoFar[] = [];
  for await (const entry of desk.ports.journals.entries(desk.id, name)) {
    // Only this program writes the journal, and every entry of it is authenticated.
    const note = entry as unknown as Note;
    if (note.kind === "begun") notes = { object: note.object, fixed: fixedOf(note), opening: new Uint8Array(0), checkpoints, redacted, resealed: [] };
    else if (notes !== undefined) notes = withNote(notes, { checkpoints, redacted }, note);
  }
  return notes;
}

function fixedOf({ packagedAt, proof, redaction, inner }: Extract<Note, { kind: "begun" }>): FixedMatter {
  return {
    packagedAt: instant(packagedAt),
    ...(proof === null ? {} : { proof: JSON.parse(proof) as LedgerProof }),
    redaction,
    ...(inner === null ? {} : { inner }),
  };
}

interface Growing {
  readonly checkpoints: PackingCheckpoint[];
  readonly redacted: RedactionSoFar[];
}

function withNote(notes: PackingNotes, { checkpoints, redacted }: Growing, note: Exclude<Note, { kind: "begun" }>): PackingNotes {
  if (note.kind === "opening") return { ...notes, opening: bytesOf(note.opening) };
  if (note.kind === "packed") return { ...notes, packed: note.packed };
  if (note.kind === "resealing") return { ...notes, resealed: [...notes.resealed, note.object] };
  const before = checkpoints.pop();
  if (before !== undefined) checkpoints.push(whatIsNewIn(before));
  // The places of a read that is done are of no more use.
  if (before !== undefined && lastReadOf(before) !== lastReadOf(note.checkpoint))
    checkpoints.forEach((each, index) => void (checkpoints[index] = { ...each, newPlaces: [] }));
  checkpoints.push(note.checkpoint);
  redacted.push(note.redacted);
  return { ...notes, mark: { pieces: note.pieces, rest: bytesOf(note.rest) } };
}

function lastReadOf({ reads }: PackingCheckpoint): string | undefined {
  const last = reads.at(-1);
  return last === undefined ? undefined : readKey(last);
}

/** Memory must not grow with what every checkpoint repeats. */
function whatIsNewIn(checkpoint: PackingCheckpoint): PackingCheckpoint {
  return { ...checkpoint, seal: { ...checkpoint.seal, tail: "" }, reads: [], findings: [], parts: {}, columns: {} };
}
