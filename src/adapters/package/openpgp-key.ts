// Says whether a package may be sealed to an OpenPGP key: it can encrypt, is neither expired nor revoked, and is not weak.
import { type Key, type PublicKey, config, readKey } from "openpgp";
import type { KeyRefusal } from "../../production/package/delivery-key.ts";

export type PgpKeyReading =
  | { readonly kind: "usable"; readonly key: PublicKey; readonly fingerprint: string }
  | { readonly kind: "refused"; readonly reasons: readonly [KeyRefusal, ...KeyRefusal[]] };

/** Only what no serious agency would still make is refused: short RSA, ElGamal, DSA, and curves the library itself does not trust. */
const strictly = { ...config, minRSABits: 2048 };

/** `armored` is one public key, as `readDeliveryKey` gave it; `at` an ISO instant. */
export async function readOpenPgpKey(armored: string, at: string): Promise<PgpKeyReading> {
  const key = await readKey({ armoredKey: armored }).catch(() => undefined);
  if (key === undefined)
    return refused("DAMAGED", "The OpenPGP key cannot be read, or is of a version that is out of use. Export it again, or make a new one.");
  if (key.isPrivate()) return refused("SECRET_KEY", "This is a secret OpenPGP key, and it is secret no longer. Make a new pair and send only its public part.");
  const moment = new Date(at);
  if (await key.isRevoked(undefined, undefined, moment)) return refused("REVOKED", "The OpenPGP key was revoked by its owner. Send the key that replaces it.");
  const expires = await key.getExpirationTime().catch(() => null);
  if (expires !== null && typeof expires !== "number" && expires <= moment)
    return refused("EXPIRED", "The OpenPGP key has expired. Extend it or make a new one, and send its public part again.");
  try {
    await key.getEncryptionKey(undefined, moment, undefined, strictly);
    return { kind: "usable", key, fingerprint: key.getFingerprint() };
  } catch {
    return refusedEncryption(key, moment);
  }
}

/** The library says only that no key fits; which of the usual causes it is, is found by asking again less strictly. */
async function refusedEncryption(key: Key, moment: Date): Promise<PgpKeyReading> {
  const lax = { ...config, minRSABits: 0, rejectPublicKeyAlgorithms: new Set<never>(), rejectCurves: new Set<never>() };
  const isWeak = await key.getEncryptionKey(undefined, moment, undefined, lax).then(
    () => true,
    () => false,
  );
  if (isWeak) return refused("WEAK", "The OpenPGP key is too weak (RSA under 2048 bits, ElGamal, or a curve that is not trusted). Make a new one.");
  const wasGood = await key.getEncryptionKey(undefined, null, undefined, lax).then(
    () => true,
    () => false,
  );
  if (wasGood) return refused("EXPIRED", "The part of the OpenPGP key that encrypts has expired or is not valid yet. Extend it and send the public key again.");
  return refused("CANNOT_ENCRYPT", "The OpenPGP key has no part that encrypts, or that part was revoked. Add one, or send another key.");
}

function refused(code: KeyRefusal["code"], because: string): PgpKeyReading {
  return { kind: "refused", reasons: [{ code, because }] };
}
