// Reads what an officer pastes as the key to seal a package to: an age recipient, an OpenPGP public key, or the wish for a passphrase.
import { fromBase64 } from "../../ledger/text-bytes.ts";

export type DeliveryKey =
  /** Strongest and simplest: the desk asks for this first. */
  | { readonly kind: "age"; readonly recipients: readonly [string, ...string[]] }
  /** In good form and a public key; whether it may be used (strength, expiry, revocation) is for the one who can read it whole. */
  | { readonly kind: "openpgp"; readonly key: string }
  | { readonly kind: "passphrase" }
  | { readonly kind: "refused"; readonly reasons: readonly [KeyRefusal, ...KeyRefusal[]] };

export interface KeyRefusal {
  readonly code:
    | "EMPTY"
    | "TOO_LONG"
    | "SECRET_KEY"
    | "OTHER_KIND"
    | "DAMAGED"
    | "SEVERAL_KINDS"
    | "TOO_MANY"
    | "REVOKED"
    | "EXPIRED"
    | "WEAK"
    | "CANNOT_ENCRYPT";
  /** What is wrong and what to do. It repeats nothing of what was pasted. */
  readonly because: string;
}

const mostLength = 64 * 1024;
const mostRecipients = 16;

export function readDeliveryKey(pasted: string): DeliveryKey {
  if (pasted.length > mostLength) return refused("TOO_LONG", "The text is longer than any single key. Paste one public key only.");
  const text = pasted.replaceAll("\r\n", "\n").trim();
  if (text === "") return refused("EMPTY", "There is no key. Paste an age recipient (it starts with age1) or an OpenPGP public key.");
  const secret = secretKind(text);
  if (secret !== undefined)
    return refused("SECRET_KEY", `This is a secret ${secret} key, and it is secret no longer. Make a new pair and send only its public part.`);
  if (/^(?:a )?(?:passphrase|password|zip|passphrase zip)\.?$/i.test(text)) return { kind: "passphrase" };
  if (text.includes("-----BEGIN PGP")) return readArmor(text);
  return readRecipients(text);
}

function secretKind(text: string): string | undefined {
  if (/AGE-SECRET-KEY-/i.test(text)) return "age";
  if (text.includes("BEGIN PGP PRIVATE KEY BLOCK")) return "OpenPGP";
  return /BEGIN (?:[A-Z]+ )*PRIVATE KEY/.test(text) ? "private" : undefined;
}

function readRecipients(text: string): DeliveryKey {
  const words = text
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .flatMap((line) => line.split(/[\s,;]+/))
    .filter((word) => word !== "");
  const [first, ...rest] = [...new Set(words)];
  if (first === undefined) return refused("EMPTY", "There is no key, only remarks. Paste an age recipient (it starts with age1).");
  if (1 + rest.length > mostRecipients)
    return refused("TOO_MANY", `There are more than ${mostRecipients} keys. Give those of the people who open the package.`);
  const faults = [first, ...rest].map(recipientFault).filter((fault) => fault !== undefined);
  const [fault, ...more] = faults;
  return fault === undefined ? { kind: "age", recipients: [first, ...rest] } : { kind: "refused", reasons: [fault, ...more] };
}

function recipientFault(word: string): KeyRefusal | undefined {
  if (/^(?:ssh-|ecdsa-)/.test(word))
    return { code: "OTHER_KIND", because: "SSH keys are not used here. Make an age key with `age-keygen` and send the line that starts with age1." };
  if (!/^age1/i.test(word))
    return {
      code: "OTHER_KIND",
      because: "A part of the text is no key of a kind we know. An age recipient starts with age1, an OpenPGP key with -----BEGIN PGP PUBLIC KEY BLOCK-----.",
    };
  const decoded = decodeBech32(word);
  if (decoded === undefined) return { code: "DAMAGED", because: "A recipient has a wrong or missing sign: its own checksum says so. Copy it again." };
  const [prefix, bytes] = decoded;
  if (prefix === "age" && bytes === 32) return undefined;
  if (prefix === "age1pq" && bytes === 1216) return undefined;
  return { code: "OTHER_KIND", because: "The recipient belongs to a plug-in of age that is not used here. Send a plain one: `age-keygen` makes it." };
}

const bech32Signs = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/** Prefix and number of data bytes of a Bech32 text (BIP 173, without its limit of length), or none when its checksum does not fit. */
function decodeBech32(text: string): readonly [prefix: string, bytes: number] | undefined {
  if (text !== text.toLowerCase()) return undefined;
  const split = text.lastIndexOf("1");
  const prefix = text.slice(0, split);
  const values = Array.from(text.slice(split + 1), (sign) => bech32Signs.indexOf(sign));
  if (split < 1 || values.length < 6 || values.includes(-1)) return undefined;
  const codes = Array.from(prefix, (sign) => sign.charCodeAt(0));
  if (bech32Sum([...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31), ...values]) !== 1) return undefined;
  const data = values.slice(0, -6);
  const spareBits = (data.length * 5) % 8;
  const last = data.at(-1) ?? 0;
  return spareBits >= 5 || (last & ((1 << spareBits) - 1)) !== 0 ? undefined : [prefix, Math.floor((data.length * 5) / 8)];
}

function bech32Sum(values: readonly number[]): number {
  const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
  return values.reduce((sum, value) => {
    const top = sum >>> 25;
    return generators.reduce((next, generator, bit) => (((top >> bit) & 1) === 1 ? next ^ generator : next), ((sum & 0x1ffffff) << 5) ^ value);
  }, 1);
}

function readArmor(text: string): DeliveryKey {
  const blocks = [...text.matchAll(/^-----BEGIN (PGP [A-Z ,/0-9]+)-----$/gm)].map((match) => match[1]);
  if (blocks.length > 1) return refused("SEVERAL_KINDS", "There is more than one block. Paste one public key only.");
  if (blocks[0] !== "PGP PUBLIC KEY BLOCK")
    return refused("OTHER_KIND", "This is an OpenPGP message or signature, not a public key. Export the key with `gpg --armor --export`.");
  const [begin, ...rest] = text.split("\n").map((line) => line.trimEnd());
  const gap = rest.indexOf("");
  if (begin !== "-----BEGIN PGP PUBLIC KEY BLOCK-----" || rest.pop() !== "-----END PGP PUBLIC KEY BLOCK-----" || gap < 0)
    return refused("DAMAGED", "The key is cut short or has other text around it. Copy everything from -----BEGIN to -----END and nothing else.");
  const lines = rest.slice(gap).filter((line) => line !== "");
  const sum = lines.at(-1)?.startsWith("=") === true ? lines.pop()?.slice(1) : undefined;
  const bytes = fromBase64(lines.join(""));
  const isWhole = bytes !== undefined && bytes.length > 0 && (sum === undefined || bytesSum(fromBase64(sum)) === crc24(bytes));
  return isWhole ? { kind: "openpgp", key: `${text}\n` } : refused("DAMAGED", "The key was changed on its way: its own checksum does not fit. Copy it again.");
}

function bytesSum(bytes: Uint8Array | undefined): number {
  return bytes?.length === 3 ? bytes.reduce((sum, byte) => sum * 256 + byte, 0) : -1;
}

/** The checksum of OpenPGP's armor (RFC 9580, 6.1.1). */
function crc24(bytes: Uint8Array): number {
  let sum = 0xb704ce;
  for (const byte of bytes) {
    sum ^= byte << 16;
    for (let bit = 0; bit < 8; bit++) sum = (sum & 0x800000) === 0 ? sum << 1 : (sum << 1) ^ 0x1864cfb;
  }
  return sum & 0xffffff;
}

function refused(code: KeyRefusal["code"], because: string): DeliveryKey {
  return { kind: "refused", reasons: [{ code, because }] };
}
