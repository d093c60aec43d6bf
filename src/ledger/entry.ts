// What the tree holds of a fact: a salted commitment, so that the public tree proves everything and tells nothing.
import { canonicalJson } from "./canonical-json.ts";
import type { Sha256 } from "./merkle.ts";
import { utf8, type WriteText, writeUtf8 } from "./text-bytes.ts";

/** A fact as it is stored: `body` is the fact's canonical JSON, byte for byte. */
export interface StoredRecord {
  readonly desk: string;
  readonly stream: string;
  readonly version: number;
  readonly at: string;
  readonly by: string;
  readonly body: string;
}

/** The canonical JSON of the whole record. The body goes in as it is stored, so a change of any byte of it shows. */
export function recordText(record: StoredRecord): string {
  const { at, by, desk, body, stream, version } = record;
  return `{"at":${quoted(at)},"by":${quoted(by)},"desk":${quoted(desk)},"fact":${body},"stream":${quoted(stream)},"version":${version}}`;
}

function quoted(text: string): string {
  return canonicalJson(text);
}

const label = utf8("portcullis/fact/v1\n");
export const saltBytes = 32;
const recordOffset = label.length + saltBytes;

/** Builds commitments one after the other: `SHA-256("portcullis/fact/v1\n" || salt || record)`. Reuses one buffer. The record must be well-formed text. */
export function startCommitting(sha256: Sha256, writeText: WriteText = writeUtf8): (salt: Uint8Array, record: string) => Uint8Array {
  let buffer = new Uint8Array(4096);
  buffer.set(label);
  return (salt, record) => {
    if (salt.length !== saltBytes) throw new RangeError("a salt has 32 bytes");
    const most = recordOffset + record.length * 3;
    if (most > buffer.length) {
      buffer = new Uint8Array(most * 2);
      buffer.set(label);
    }
    buffer.set(salt, label.length);
    return sha256(buffer.subarray(0, writeText(record, buffer, recordOffset)));
  };
}

/** The 32 bytes that stand in the tree for this record. */
export function entryCommitment(sha256: Sha256, salt: Uint8Array, record: string): Uint8Array {
  return startCommitting(sha256)(salt, record);
}
