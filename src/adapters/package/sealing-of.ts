// Tells by its first bytes how a package is sealed, in the terminal and in a browser, and what is asked for to open it.

export type Sealed = "age" | "openpgp" | "zip" | "tar" | "none";

/** So many bytes are enough to tell. */
export const tellingBytes = 40;

export function sealingOf(start: Uint8Array): Sealed {
  const text = new TextDecoder("latin1").decode(start);
  if (text.startsWith("age-encryption.org/v1")) return "age";
  if (text.startsWith("PK\u0003\u0004")) return "zip";
  // No path in a tar begins with such a byte, and every OpenPGP message does.
  if (((start[0] ?? 0) & 0x80) !== 0) return "openpgp";
  return text.startsWith("-----BEGIN") ? "none" : "tar";
}

/** Said when what opens the package was not given, or nothing could. */
export const isMissing: Readonly<Record<Exclude<Sealed, "tar">, string>> = {
  age: "The package is encrypted. Give the identity it was encrypted to: the line that starts with AGE-SECRET-KEY-.",
  openpgp: "The package is encrypted with OpenPGP. Give the private key it was encrypted to, as text that begins with -----BEGIN PGP PRIVATE KEY BLOCK-----.",
  zip: "The package is a ZIP with a passphrase. Give the passphrase.",
  none: "This is neither a package sealed with age or OpenPGP, nor a ZIP, nor a plain tar. Choose the file as you fetched it.",
};
