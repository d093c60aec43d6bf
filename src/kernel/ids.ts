// Names for things that must not be mixed up.

export type DeskId = string & { readonly __desk: unique symbol };
export type CaseId = string & { readonly __case: unique symbol };
export type PartnerId = string & { readonly __partner: unique symbol };
/** Who did it: `desk` (the program), `staff:<id>`, `officer:<case>`, `owner:<case>`, `partner:<partner>`; never a name. */
export type Actor = string & { readonly __actor: unique symbol };

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A case number such as `C-7F3K-2M9Q` from 5 random bytes: it tells nothing about how many cases there are. */
export function caseIdFrom(random: Uint8Array): CaseId {
  return numberFrom("C", random) as CaseId;
}

/** `P-7F3K-2M9Q`, as for cases. */
export function partnerIdFrom(random: Uint8Array): PartnerId {
  return numberFrom("P", random) as PartnerId;
}

function numberFrom(letter: string, random: Uint8Array): string {
  let bits = 0n;
  for (const byte of random.subarray(0, 5)) bits = (bits << 8n) | BigInt(byte);
  let text = "";
  for (let digit = 7; digit >= 0; digit--) text += alphabet[Number((bits >> BigInt(digit * 5)) & 31n)];
  return `${letter}-${text.slice(0, 4)}-${text.slice(4)}`;
}

/** A number as a person may type it: without case and outer space; undefined when it is none. */
export function readPartnerNumber(text: string): PartnerId | undefined {
  const number = text.trim().toUpperCase();
  return /^P-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/.test(number) ? (number as PartnerId) : undefined;
}

export function partnerStream(id: PartnerId): string {
  return `partner:${id}`;
}

export function caseStream(id: CaseId): string {
  return `case:${id}`;
}
