// Text with signatures under it (C2SP signed-note), which any transparency log client can read.
import type { Sha256 } from "./merkle.ts";
import { base64, fromBase64, joinBytes, sameBytes, utf8, type WriteText } from "./text-bytes.ts";

export interface NoteKey {
  /** No spaces and no plus sign; for a log, its origin. */
  readonly name: string;
  /** 32 bytes (RFC 8032). */
  readonly publicKey: Uint8Array;
}

export interface NoteSigner extends NoteKey {
  /** Ed25519 over the message: 64 bytes. */
  readonly sign: (message: Uint8Array) => Uint8Array;
}

/** The cryptography that the ledger is checked with; it comes in from outside so that the check runs anywhere. */
export interface NoteCrypto {
  readonly sha256: Sha256;
  /** Ed25519 (RFC 8032); false for anything malformed. */
  readonly verify: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;
  /** A faster way to write text than the built-in one, where the platform has it. */
  readonly writeText?: WriteText;
}

/** `plain` signs the note; `timed` also signs when, as C2SP tlog-cosignature does. */
export const signatureTypes = { plain: 1, timed: 4 } as const;
export type SignatureType = (typeof signatureTypes)[keyof typeof signatureTypes];

function keyId(sha256: Sha256, key: NoteKey, type: SignatureType): Uint8Array {
  return sha256(joinBytes(utf8(`${key.name}\n`), Uint8Array.of(type), key.publicKey)).slice(0, 4);
}

/** How a key is published and handed over: `name+keyid+base64(type and key)`. */
export function verifierText(sha256: Sha256, key: NoteKey): string {
  return `${key.name}+${keyId(sha256, key, signatureTypes.plain).toHex()}+${base64(joinBytes(Uint8Array.of(signatureTypes.plain), key.publicKey))}`;
}

/** Reads a published Ed25519 key; undefined when it is malformed or its id does not fit. */
export function parseVerifier(sha256: Sha256, text: string): NoteKey | undefined {
  const parts = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text);
  const typed = fromBase64(parts?.[3] ?? "");
  if (!parts || typed?.length !== 33 || typed[0] !== signatureTypes.plain) return undefined;
  const key = { name: parts[1] ?? "", publicKey: typed.slice(1) };
  return isKeyName(key.name) && keyId(sha256, key, signatureTypes.plain).toHex() === parts[2] ? key : undefined;
}

export function isKeyName(name: string): boolean {
  return name.length > 0 && name.isWellFormed() && !/[\s+\p{Z}\p{Cc}]/u.test(name);
}

/** One signature line, without its newline. */
export function signatureLine(sha256: Sha256, key: NoteKey, type: SignatureType, signature: Uint8Array): string {
  if (!isKeyName(key.name)) throw new RangeError("a key name has no spaces and no plus sign");
  return `— ${key.name} ${base64(joinBytes(keyId(sha256, key, type), signature))}`;
}

export interface SplitNote {
  /** Ends in a newline. */
  readonly text: string;
  readonly signatures: readonly { readonly name: string; readonly keyId: Uint8Array; readonly signature: Uint8Array }[];
}

const mostBytes = 100_000;
const mostSignatures = 64;

/** Splits a note without trusting it; undefined when it is malformed or beyond reason. */
export function splitNote(note: string): SplitNote | undefined {
  if (note.length > mostBytes || !note.isWellFormed() || hasControls(note)) return undefined;
  const end = note.lastIndexOf("\n\n");
  if (end < 0 || !note.endsWith("\n")) return undefined;
  const lines = note.slice(end + 2, -1).split("\n");
  if (lines.length > mostSignatures) return undefined;
  const signatures = lines.map(parseSignatureLine).filter((line) => line !== undefined);
  return signatures.length === lines.length ? { text: note.slice(0, end + 1), signatures } : undefined;
}

function hasControls(note: string): boolean {
  for (let index = 0; index < note.length; index++) if (note.charCodeAt(index) < 0x20 && note[index] !== "\n") return true;
  return false;
}

function parseSignatureLine(line: string) {
  const parts = /^— (\S+) (\S+)$/u.exec(line);
  const bytes = fromBase64(parts?.[2] ?? "");
  if (!parts?.[1] || !isKeyName(parts[1]) || !bytes || bytes.length < 5) return undefined;
  return { name: parts[1], keyId: bytes.slice(0, 4), signature: bytes.slice(4) };
}

/** The signatures of one key and type; lines of keys we do not know are passed over, as the format asks. */
export function signaturesOf(sha256: Sha256, note: SplitNote, key: NoteKey, type: SignatureType): readonly Uint8Array[] {
  const id = keyId(sha256, key, type);
  return note.signatures.filter((line) => line.name === key.name && sameBytes(line.keyId, id)).map((line) => line.signature);
}
