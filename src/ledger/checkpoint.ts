// A checkpoint says under signature: at this moment the log had this many entries and this root hash (C2SP tlog-checkpoint).
import type { Instant } from "../kernel/instant.ts";
import type { Sha256 } from "./merkle.ts";
import type { NoteCrypto, NoteKey, NoteSigner, SplitNote } from "./signed-note.ts";
import { signatureLine, signaturesOf, signatureTypes, splitNote } from "./signed-note.ts";
import { base64, fromBase64, joinBytes, utf8 } from "./text-bytes.ts";

export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** Signs a tree head twice with the log's key: plainly, and with the moment in whole seconds (C2SP tlog-cosignature). */
export function signCheckpoint(sha256: Sha256, signer: NoteSigner, head: TreeHead, at: Instant): string {
  const text = `${signer.name}\n${head.size}\n${base64(head.root)}\n`;
  const seconds = epochSeconds(at);
  const timed = joinBytes(secondsBytes(seconds), signer.sign(timedMessage(text, seconds)));
  const plain = signer.sign(utf8(text));
  const lines = [signatureLine(sha256, signer, signatureTypes.plain, plain), signatureLine(sha256, signer, signatureTypes.timed, timed)];
  return `${text}\n${lines.join("\n")}\n`;
}

/** What the checkpoint can say of its moment: `at` without its fraction of a second. */
export function checkpointMoment(at: Instant): Instant {
  return momentOf(epochSeconds(at));
}

export type OpenedCheckpoint =
  | { readonly kind: "opened"; readonly origin: string; readonly size: number; readonly root: Uint8Array; readonly at: Instant }
  | { readonly kind: "refused"; readonly because: string };

/** Reads a checkpoint of the log that holds this key. Says nothing of a note whose signatures do not both hold. */
export function openCheckpoint(crypto: NoteCrypto, key: NoteKey, note: string): OpenedCheckpoint {
  const split = splitNote(note);
  if (!split) return refused("The checkpoint is not a signed note.");
  const head = parseTreeHead(split.text);
  if (!head) return refused("The checkpoint does not state an origin, a size and a root hash.");
  if (head.origin !== key.name) return refused("The checkpoint is from another log than the key.");
  if (!isSignedBy(crypto, key, split)) return refused("The checkpoint does not carry a valid signature of the log's key.");
  const at = signedMoment(crypto, key, split);
  if (at === undefined) return refused("The checkpoint does not carry a valid signature of its moment.");
  return { kind: "opened", ...head, at };
}

function refused(because: string): OpenedCheckpoint {
  return { kind: "refused", because };
}

function parseTreeHead(text: string): (TreeHead & { readonly origin: string }) | undefined {
  const [origin, size, root, ...rest] = text.split("\n");
  const bytes = fromBase64(root ?? "");
  if (!origin || !/^(0|[1-9]\d{0,15})$/.test(size ?? "") || bytes?.length !== 32) return undefined;
  if (rest.length < 1 || rest.slice(0, -1).includes("") || rest.at(-1) !== "") return undefined;
  return Number.isSafeInteger(Number(size)) ? { origin, size: Number(size), root: bytes } : undefined;
}

function isSignedBy(crypto: NoteCrypto, key: NoteKey, note: SplitNote): boolean {
  const signatures = signaturesOf(crypto.sha256, note, key, signatureTypes.plain);
  return signatures.length > 0 && signatures.every((signature) => crypto.verify(key.publicKey, utf8(note.text), signature));
}

function signedMoment(crypto: NoteCrypto, key: NoteKey, note: SplitNote): Instant | undefined {
  const [signature, ...more] = signaturesOf(crypto.sha256, note, key, signatureTypes.timed);
  if (signature?.length !== 72 || more.length > 0) return undefined;
  const seconds = signature.slice(0, 8).reduce((value, byte) => value * 256 + byte, 0);
  if (seconds > latestSecond) return undefined;
  return crypto.verify(key.publicKey, timedMessage(note.text, seconds), signature.slice(8)) ? momentOf(seconds) : undefined;
}

// 9999-12-31T23:59:59Z: later moments cannot be written as an Instant.
const latestSecond = 253_402_300_799;

function timedMessage(text: string, seconds: number): Uint8Array {
  return utf8(`cosignature/v1\ntime ${seconds}\n${text}`);
}

function secondsBytes(seconds: number): Uint8Array {
  const bytes = new Uint8Array(8);
  for (let place = 7, rest = seconds; place >= 0; place--, rest = Math.floor(rest / 256)) bytes[place] = rest % 256;
  return bytes;
}

function epochSeconds(at: Instant): number {
  const seconds = Math.floor(Temporal.Instant.from(at).epochMilliseconds / 1000);
  if (seconds < 0 || seconds > latestSecond) throw new RangeError("a checkpoint's moment lies between 1970 and 9999");
  return seconds;
}

function momentOf(seconds: number): Instant {
  return Temporal.Instant.fromEpochMilliseconds(seconds * 1000).toString({ smallestUnit: "millisecond" }) as Instant;
}
