// Walks from one fact to the checkpoint's root in steps a person can follow with nothing but SHA-256.
import { entryCommitment } from "../../ledger/entry.ts";
import { leafHash, nodeHash, type Sha256 } from "../../ledger/merkle.ts";
import type { LedgerProof } from "../../ledger/port.ts";

interface ProofStep {
  /** On which side of our own hash the neighbour stands. */
  readonly side: "left" | "right";
  /** Lower-case hexadecimal, as everything here. */
  readonly sibling: string;
  readonly result: string;
}

export interface ProofWalk {
  readonly commitment: string;
  readonly leaf: string;
  readonly steps: readonly ProofStep[];
  /** Where the walk ends; it must be the checkpoint's root. */
  readonly root: string;
}

/** RFC 9162, 2.1.3.2, one step a line. Throws when the path does not fit the tree's size. */
export function walkProof(sha256: Sha256, proof: LedgerProof): ProofWalk {
  const commitment = entryCommitment(sha256, Uint8Array.fromBase64(proof.salt), proof.record);
  const leaf = leafHash(sha256, commitment);
  let [node, last, hash] = [proof.position, proof.treeSize - 1, leaf];
  const steps: ProofStep[] = [];
  for (const text of proof.path) {
    if (last === 0) throw new Error("the proof's path is longer than its tree is high");
    const sibling = Uint8Array.fromBase64(text);
    const isRight = node % 2 === 1 || node === last;
    hash = isRight ? nodeHash(sha256, sibling, hash) : nodeHash(sha256, hash, sibling);
    steps.push({ side: isRight ? "left" : "right", sibling: sibling.toHex(), result: hash.toHex() });
    while (isRight && node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return { commitment: commitment.toHex(), leaf: leaf.toHex(), steps, root: hash.toHex() };
}
