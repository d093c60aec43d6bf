// What a packing notes while it runs, so that it can go on after it was cut off. It opens the half package: it is sealed while it is needed, and destroyed with its key when it is not.
import type { CaseId } from "../kernel/ids.ts";
import { instant, type Instant } from "../kernel/instant.ts";
import type { LedgerProof } from "../ledger/port.ts";
import type { Json } from "../ledger/canonical-json.ts";
import type { PackingCheckpoint } from "../production/package/packing-state.ts";
import type { Desk } from "./desk.ts";
import { base64, bytesOf } from "./package-key.ts";
import type { PackageFigures } from "./production-port.ts";
import type { DraftMark } from "./vault-port.ts";

/** What decides the package and would be another one at another moment. */
export interface FixedMatter {
  readonly packagedAt: Instant;
  readonly proof?: LedgerProof;
}

export interface PackedFigures {
  readonly sha256: string;
  readonly bytes: number;
  readonly figures: PackageFigures;
}

type Note =
  | {
      readonly kind: "begun";
      readonly object: string;
      readonly packagedAt: string;
      /** As JSON: the order of its members goes into the package. */ readonly proof: string | null;
    }
  | { readonly kind: "opening"; readonly opening: string }
  | { readonly kind: "checkpoint"; readonly checkpoint: PackingCheckpoint; readonly pieces: number; readonly rest: string }
  | { readonly kind: "packed"; readonly packed: PackedFigures };

export interface PackingNotes {
  readonly object: string;
  readonly fixed: FixedMatter;
  /** As much of the package's first bytes as was noted. */
  readonly opening: Uint8Array;
  /** In order; only the last one is complete, of the others there is what the packer asks of them. */
  readonly checkpoints: readonly PackingCheckpoint[];
  readonly mark?: DraftMark;
  readonly packed?: PackedFigures;
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
  checkpoint(checkpoint: PackingCheckpoint, mark: DraftMark): Promise<void>;
  packed(packed: PackedFigures): Promise<void>;
}

export function noteBook(desk: Desk, name: string): NoteBook {
  const add = (note: Note) => desk.ports.journals.add(desk.id, name, note as unknown as Json);
  return {
    begun: (object, { packagedAt, proof }) => add({ kind: "begun", object, packagedAt, proof: proof === undefined ? null : JSON.stringify(proof) }),
    opening: (opening) => add({ kind: "opening", opening: base64(opening) }),
    checkpoint: (checkpoint, { pieces, rest }) => add({ kind: "checkpoint", checkpoint, pieces, rest: base64(rest) }),
    packed: (packed) => add({ kind: "packed", packed }),
  };
}

/** Undefined when nothing was noted, or its key is destroyed. */
export async function readNotes(desk: Desk, name: string): Promise<PackingNotes | undefined> {
  let notes: PackingNotes | undefined;
  const checkpoints: PackingCheckpoint[] = [];
  for await (const entry of desk.ports.journals.entries(desk.id, name)) {
    // Only this program writes the journal, and every entry of it is authenticated.
    const note = entry as unknown as Note;
    if (note.kind === "begun") notes = { object: note.object, fixed: fixedOf(note), opening: new Uint8Array(0), checkpoints };
    else if (notes !== undefined) notes = withNote(notes, checkpoints, note);
  }
  return notes;
}

function fixedOf({ packagedAt, proof }: Extract<Note, { kind: "begun" }>): FixedMatter {
  return { packagedAt: instant(packagedAt), ...(proof === null ? {} : { proof: JSON.parse(proof) as LedgerProof }) };
}

function withNote(notes: PackingNotes, checkpoints: PackingCheckpoint[], note: Exclude<Note, { kind: "begun" }>): PackingNotes {
  if (note.kind === "opening") return { ...notes, opening: bytesOf(note.opening) };
  if (note.kind === "packed") return { ...notes, packed: note.packed };
  const before = checkpoints.pop();
  if (before !== undefined) checkpoints.push(filesOnly(before));
  checkpoints.push(note.checkpoint);
  return { ...notes, mark: { pieces: note.pieces, rest: bytesOf(note.rest) } };
}

/** Memory must not grow with what every checkpoint repeats. */
function filesOnly(checkpoint: PackingCheckpoint): PackingCheckpoint {
  return { ...checkpoint, seal: { ...checkpoint.seal, tail: "" }, reads: [], findings: [], parts: {}, columns: {} };
}
