// Checks away from the desk that one fact stands in its ledger: needs the proof and the log's public key, nothing else.
import type { DeskId } from "../kernel/ids.ts";
import { type Instant, instant } from "../kernel/instant.ts";
import { canonicalJson, type Json } from "./canonical-json.ts";
import { openCheckpoint } from "./checkpoint.ts";
import { entryCommitment } from "./entry.ts";
import { leafHash, verifyInclusion } from "./merkle.ts";
import type { LedgerProof, Sealed } from "./port.ts";
import { type NoteCrypto, parseVerifier } from "./signed-note.ts";
import { fromBase64 } from "./text-bytes.ts";

export type ProofVerdict =
  | { readonly kind: "proved"; readonly sealed: Sealed; readonly origin: string; readonly checkpointAt: Instant }
  | { readonly kind: "refuted"; readonly code: RefutedCode; readonly because: string };

type RefutedCode = "KEY_UNREADABLE" | "PROOF_UNREADABLE" | "CHECKPOINT_UNTRUSTED" | "SIZE_DIFFERS" | "NOT_IN_TREE" | "RECORD_UNREADABLE";

/** `trustedKey` is the log's published key (`name+id+key`). Throws on nothing: a proof is somebody else's claim. */
export function verifyProof(crypto: NoteCrypto, proof: LedgerProof, trustedKey: string): ProofVerdict {
  const key = parseVerifier(crypto.sha256, trustedKey);
  if (!key) return refuted("KEY_UNREADABLE", "The trusted key is not an Ed25519 verifier key.");
  const [salt, ...path] = [proof.salt, ...proof.path].map((text) => fromBase64(text));
  if (salt?.length !== 32 || !path.every((hash) => hash?.length === 32)) {
    return refuted("PROOF_UNREADABLE", "The salt or a hash of the path is not 32 bytes in Base64.");
  }
  const checkpoint = openCheckpoint(crypto, key, proof.checkpoint);
  if (checkpoint.kind === "refused") return refuted("CHECKPOINT_UNTRUSTED", checkpoint.because);
  if (checkpoint.size !== proof.treeSize) return refuted("SIZE_DIFFERS", "The proof names another tree size than its checkpoint.");
  if (!proof.record.isWellFormed()) return refuted("RECORD_UNREADABLE", "The record is not well-formed text.");
  const leaf = leafHash(crypto.sha256, entryCommitment(crypto.sha256, salt, proof.record));
  const claim = { position: proof.position, size: proof.treeSize, leaf, path: path as readonly Uint8Array[], root: checkpoint.root };
  if (!verifyInclusion(crypto.sha256, claim)) return refuted("NOT_IN_TREE", "The record and its path do not lead to the checkpoint's root.");
  const sealed = parseRecord(proof.record, proof.position);
  if (!sealed) return refuted("RECORD_UNREADABLE", "The record is not a fact in canonical JSON.");
  return { kind: "proved", sealed, origin: checkpoint.origin, checkpointAt: checkpoint.at };
}

function refuted(code: RefutedCode, because: string): ProofVerdict {
  return { kind: "refuted", code, because };
}

function parseRecord(text: string, position: number): Sealed | undefined {
  try {
    const record = JSON.parse(text) as Sealed & { readonly [name: string]: Json };
    if (canonicalJson(record) !== text || Object.keys(record).join() !== "at,by,desk,fact,stream,version") return undefined;
    if (![record.by, record.desk, record.stream, record.fact.type].every((field) => typeof field === "string")) return undefined;
    if (!Number.isSafeInteger(record.version) || record.version < 1 || instant(record.at) !== record.at) return undefined;
    const { at, by, fact, stream, version } = record;
    return { desk: record.desk as DeskId, stream, version, at, by, fact, position };
  } catch {
    return undefined;
  }
}
