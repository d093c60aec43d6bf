// Finds e-mail addresses, IP addresses, telephone numbers and age recipients in a text, in any language.
import type { SourceText } from "./read-parts.ts";

export interface Found {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

const localPart = /[\p{L}\p{N}._%+'’-]/u;
const domainPart = /[\p{L}\p{N}.-]/u;

/** Walks outward from each `@`: no pattern that could run away on hostile text. */
export function emailsIn(text: string): Found[] {
  const found: Found[] = [];
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    let start = at;
    while (start > 0 && at - start < 64 && localPart.test(text[start - 1] ?? "")) start--;
    let end = at + 1;
    while (end < text.length && end - at < 255 && domainPart.test(text[end] ?? "")) end++;
    while (/^[.'’-]/.test(text.slice(start, start + 1)) && start < at) start++;
    while (end > at && /[.-]/.test(text[end - 1] ?? "")) end--;
    const domain = text.slice(at + 1, end);
    if (start < at && /^[^.]+(?:\.[^.]+)+$/.test(domain) && /\p{L}{2,}$/u.test(domain)) found.push({ value: text.slice(start, end), start, end });
  }
  return found;
}

export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf("@") + 1).toLowerCase();
}

export function ipAddressesIn(text: string): Found[] {
  const found: Found[] = [];
  for (const match of text.matchAll(/(?<![\w.:-])\d{1,3}(?:\.\d{1,3}){3}(?![\w:-]|\.\d)/g)) {
    const octets = match[0].split(".");
    if (octets.every((octet) => Number(octet) <= 255)) found.push({ value: match[0], start: match.index, end: match.index + match[0].length });
  }
  for (const match of text.matchAll(/(?<![\w:.])(?=[0-9a-fA-F:]{6,39}(?![\w:]))[0-9a-fA-F]{1,4}(?:::?[0-9a-fA-F]{1,4}){2,7}(?:::)?(?![\w:])/g)) {
    const isTimeOrMac = /^\d{1,2}(?::\d{2}){1,2}$/.test(match[0]) || /^[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}$/.test(match[0]);
    if (!isTimeOrMac && (match[0].includes("::") || match[0].split(":").length === 8))
      found.push({ value: match[0], start: match.index, end: match.index + match[0].length });
  }
  return found;
}

const phonePattern = /(?<![\w./@-])(?:\+|\(|00)?\d[\d ()./–-]{5,20}\d(?![\w@/-])/g;

/** Digits as people write telephone numbers: 7 to 15 of them; a date or a case number is none. */
export function phonesIn(text: string): Found[] {
  const found: Found[] = [];
  for (const match of text.matchAll(phonePattern)) {
    const digits = match[0].replace(/\D/g, "").length;
    const isDate = /^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}/.test(match[0]) && digits <= 8;
    const isRange = /\d{4}-\d{2}-\d{2}/.test(match[0]);
    if (digits >= 7 && digits <= 15 && !isDate && !isRange) found.push({ value: match[0].trim(), start: match.index, end: match.index + match[0].length });
  }
  return found;
}

const bech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** The age X25519 recipients in the text: only those whose check sum is right. */
export function ageKeysIn({ text }: SourceText): Found[] {
  return [...text.matchAll(/(?<![a-z0-9])age1[02-9ac-hj-np-z]{58}(?![a-z0-9])/g)]
    .filter((match) => hasChecksum(match[0]))
    .map((match) => ({ value: match[0], start: match.index, end: match.index + match[0].length }));
}

/** BIP 173: the polynomial of prefix, separator and data is 1. */
function hasChecksum(key: string): boolean {
  const data = Array.from(key.slice(4), (letter) => bech32.indexOf(letter));
  const prefix = Array.from("age", (letter) => letter.charCodeAt(0));
  const values = [...prefix.map((code) => code >> 5), 0, ...prefix.map((code) => code & 31), ...data];
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = (((sum & 0x1ffffff) << 5) ^ value) >>> 0;
    generators.forEach((generator, bit) => {
      if ((top >> bit) & 1) sum = (sum ^ generator) >>> 0;
    });
  }
  return sum === 1;
}
