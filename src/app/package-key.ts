// The key of a package, split among those who approve: the desk forgets it, and only two of them together can give it back.
//
// What opens a package are its first bytes: there the file's key lies, wrapped for the officer and for nobody else. They are
// withheld from the stored file and sealed under a secret that is split into shares, one for each approver's own public key.
// This module runs in the approver's browser as it runs here: what it undoes, the desk alone cannot.
import { entropyToMnemonic, mnemonicToEntropy } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { Decrypter, Encrypter, identityToRecipient } from "age-encryption";
import { combine, split } from "shamir-secret-sharing";

/** Somebody who can approve, by the public key that only a device or a phrase of theirs answers to. */
export interface Holder {
  readonly id: string;
  /** `age1…` */
  readonly recipient: string;
}

/** A share that only its holder can read: an age file in Base64. */
export interface SealedShare {
  readonly holder: string;
  readonly sealed: string;
}

export interface SplitOpening {
  /** The package's first bytes under the split secret, Base64. */
  readonly opening: string;
  readonly shares: readonly SealedShare[];
}

/** So many approvers open a package together. */
const needed = 2;

/** What two approvers get back together. */
export interface Withheld {
  readonly opening: Uint8Array;
  /** Of a package that is sealed by one: they tell it to the agency another way, and the desk never learns it. */
  readonly passphrase?: string;
}

/** Which package a share is of: an approver sees it on the page, and the share itself says it. */
export interface PackageName {
  readonly caseId: string;
  /** Of the whole file, lower-case hexadecimal. */
  readonly sha256: string;
}

/** What stands in every share beside its part, so that none can be passed off as another's, or handed to somebody else. */
interface ShareMatter extends PackageName {
  /** SHA-256 of the first bytes. */
  readonly opening: string;
  readonly holders: readonly Holder[];
}

/** Throws with fewer than two holders. The secret is drawn here, given to nobody and forgotten when this returns. */
export async function splitOpening({ opening, passphrase }: Withheld, holders: readonly Holder[], name: PackageName): Promise<SplitOpening> {
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const parts = await split(secret, holders.length, needed);
  const matter: ShareMatter = { caseId: name.caseId, sha256: name.sha256, opening: await sha256Hex(opening), holders };
  const shares = await Promise.all(holders.map(({ id, recipient }, index) => sealShare(id, recipient, matter, parts[index] ?? new Uint8Array())));
  const plain = new TextEncoder().encode(JSON.stringify({ opening: base64(opening), ...(passphrase === undefined ? {} : { passphrase }) }));
  const sealed = await crypto.subtle.encrypt(cipherFor(matter), await secretKey(secret, "encrypt"), plain);
  secret.fill(0);
  for (const part of parts) part.fill(0);
  return { opening: base64(new Uint8Array(sealed)), shares };
}

/** Thrown when a share is of another package than the approver has before them. */
export class OtherPackage extends Error {}

/** The first approver's part: the own share, sealed anew for every other holder of this package, so that the next one can open with two. */
export async function handOver(identity: CryptoKey, share: SealedShare, name: PackageName): Promise<readonly SealedShare[]> {
  const { part, ...matter } = await openShare(identity, share, name);
  return Promise.all(matter.holders.filter(({ id }) => id !== share.holder).map(({ id, recipient }) => sealShare(id, recipient, matter, bytesOf(part))));
}

/** The second approver's part: the package's first bytes. Throws when a share is not for this identity, or the two do not belong together. */
export async function joinOpening(identity: CryptoKey, share: SealedShare, handed: SealedShare, opening: string, name: PackageName): Promise<Withheld> {
  const [own, other] = [await openShare(identity, share, name), await openShare(identity, handed, name)];
  const secret = await combine([bytesOf(own.part), bytesOf(other.part)]);
  const plain = await crypto.subtle.decrypt(cipherFor(own), await secretKey(secret, "decrypt"), bytesOf(opening));
  const given = JSON.parse(new TextDecoder().decode(plain)) as { readonly opening: string; readonly passphrase?: string };
  const withheld = bytesOf(given.opening);
  if ((await sha256Hex(withheld)) !== own.opening) throw new OtherPackage("the first bytes are not those of this package");
  return { ...given, opening: withheld };
}

async function sha256Hex(bytes: Uint8Array): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", own(bytes))).toHex();
}

async function sealShare(holder: string, recipient: string, matter: ShareMatter, part: Uint8Array): Promise<SealedShare> {
  const { caseId, sha256, opening, holders } = matter;
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return { holder, sealed: base64(await encrypter.encrypt(JSON.stringify({ caseId, sha256, opening, holders, part: base64(part) }))) };
}

async function openShare(identity: CryptoKey, { sealed }: SealedShare, { caseId, sha256 }: PackageName): Promise<ShareMatter & { readonly part: string }> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const share = JSON.parse(await decrypter.decrypt(bytesOf(sealed), "text")) as ShareMatter & { readonly part: string };
  if (share.caseId !== caseId || share.sha256 !== sha256) throw new OtherPackage("this share is of another package than the one on the page");
  return share;
}

/** One secret seals one opening, so the nonce may be fixed. */
function cipherFor({ caseId, sha256, opening }: ShareMatter) {
  const additionalData = new TextEncoder().encode(JSON.stringify(["portcullis/opening/v1", caseId, sha256, opening]));
  return { name: "AES-GCM", iv: new Uint8Array(12), additionalData };
}

/** Whether something can be sealed to it: a key that is only shaped like one would stop every sealing. */
export async function isUsableRecipient(recipient: string): Promise<boolean> {
  try {
    const encrypter = new Encrypter();
    encrypter.addRecipient(recipient);
    await encrypter.encrypt(new Uint8Array(1));
    return true;
  } catch {
    return false;
  }
}

function secretKey(secret: Uint8Array, use: "encrypt" | "decrypt"): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", own(secret), "AES-GCM", false, [use]);
}

/** An approver's key from 32 secret bytes: a passkey's own secret (its PRF) or those of a recovery phrase. */
export async function approverIdentity(seed: Uint8Array): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey("raw", own(seed), "HKDF", false, ["deriveBits"]);
  const info = new TextEncoder().encode("portcullis/approver/v1");
  const scalar = await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info }, material, 256);
  return crypto.subtle.importKey("pkcs8", new Uint8Array([...x25519Prefix, ...new Uint8Array(scalar)]), "X25519", false, ["deriveBits"]);
}

/** What stands before the 32 bytes of an X25519 private key in PKCS #8 (RFC 8410). */
const x25519Prefix = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x04, 0x22, 0x04, 0x20];

/** The public half, `age1…`: all that the desk keeps. */
export function approverRecipient(identity: CryptoKey): Promise<string> {
  return identityToRecipient(identity);
}

/** Twenty-four words that stand for 32 random bytes. They are shown once and kept nowhere. */
export function newRecoveryPhrase(): string {
  return entropyToMnemonic(crypto.getRandomValues(new Uint8Array(32)), wordlist);
}

/** Undefined when a word is wrong: the last one carries a checksum of the others. */
export function seedOfPhrase(phrase: string): Uint8Array | undefined {
  const words = phrase.normalize("NFKD").trim().toLowerCase().split(/\s+/);
  if (words.length !== 24) return undefined;
  try {
    return mnemonicToEntropy(words.join(" "), wordlist);
  } catch {
    return undefined;
  }
}

export function base64(bytes: Uint8Array): string {
  return bytes.toBase64();
}

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromBase64(text);
}

/** Bytes on memory of their own, as WebCrypto's types want them. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
