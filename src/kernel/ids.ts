// Names for things that must not be mixed up.

export type DeskId = string & { readonly __desk: unique symbol };
export type CaseId = string & { readonly __case: unique symbol };
/** Who did it: `desk` (the program), `staff:<id>`, `officer:<case>`, `owner:<case>`; never a name. */
export type Actor = string & { readonly __actor: unique symbol };

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A case number such as `C-7F3K-2M9Q` from 5 random bytes: it tells nothing about how many cases there are. */
export function caseIdFrom(random: Uint8Array): CaseId {
  let bits = 0n;
  for (const byte of random.subarray(0, 5)) bits = (bits << 8n) | BigInt(byte);
  let text = "";
  for (let digit = 7; digit >= 0; digit--) text += alphabet[Number((bits >> BigInt(digit * 5)) & 31n)];
  return `C-${text.slice(0, 4)}-${text.slice(4)}` as CaseId;
}

export function caseStream(id: CaseId): string {
  return `case:${id}`;
}
