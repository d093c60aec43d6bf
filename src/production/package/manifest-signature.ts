// The signature under a package's manifest: a short note (C2SP signed-note) that names the case, the moment and the manifest's digest.
import {
  isKeyName,
  type NoteCrypto,
  type NoteSigner,
  parseVerifier,
  signatureLine,
  signaturesOf,
  signatureTypes,
  splitNote,
} from "../../ledger/signed-note.ts";
import { sameBytes, utf8 } from "../../ledger/text-bytes.ts";

/** Beside the manifest, outside the payload. No name that a BagIt tool would take for a manifest of its own. */
export const signaturePath = "signature-of-manifest.txt";

/** The first line keeps the note apart from a checkpoint of a log that uses the same key: no log has this origin. */
const title = "portcullis/package-manifest/v1";

export interface SignedManifest {
  readonly caseId: string;
  readonly packagedAt: string;
  /** Of `manifest-sha256.txt`, lower-case hexadecimal. */
  readonly sha256: string;
}

export function signManifest(sha256: NoteCrypto["sha256"], signer: NoteSigner, manifest: SignedManifest): string {
  const text = noteText(manifest);
  return `${text}\n${signatureLine(sha256, signer, signatureTypes.plain, signer.sign(utf8(text)))}\n`;
}

function noteText({ caseId, packagedAt, sha256 }: SignedManifest): string {
  return `${title}\n${caseId.replace(/[\r\n]+/g, " ")}\n${packagedAt}\n${sha256}\n`;
}

export type SignatureVerdict =
  | { readonly kind: "absent" | "not-checked" }
  | { readonly kind: "signed"; readonly by: string }
  | { readonly kind: "refuted"; readonly because: string };

/** Whether the holder of `trustedKey` (`name+id+key`) signed exactly this manifest. Throws on nothing. */
export function checkManifestSignature(crypto: NoteCrypto, note: string, manifestSha256: string, trustedKey: string): SignatureVerdict {
  const key = parseVerifier(crypto.sha256, trustedKey);
  if (key === undefined || !isKeyName(key.name)) return refuted("The trusted key is not an Ed25519 verifier key.");
  const split = splitNote(note);
  if (split === undefined) return refuted("The signature is not in the form of a signed note.");
  const [first, , , digest, ...more] = split.text.split("\n");
  if (first !== title || more.join("") !== "") return refuted("The note is of another kind than a package's manifest.");
  if (digest === undefined || !sameBytes(utf8(digest), utf8(manifestSha256))) return refuted("The signature is of another manifest than this package carries.");
  const signatures = signaturesOf(crypto.sha256, split, key, signatureTypes.plain);
  const isTrue = signatures.some((signature) => crypto.verify(key.publicKey, utf8(split.text), signature));
  return isTrue ? { kind: "signed", by: key.name } : refuted("The manifest is not signed with this key.");
}

function refuted(because: string): SignatureVerdict {
  return { kind: "refuted", because };
}
