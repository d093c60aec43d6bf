// Reads what programs write in place of a letter (\u0065, %65, &#101;, =65), so that no name hides behind a spelling that only another program reads.
import type { FoldedText } from "./fold-text.ts";

/** Each is tried at one place, over a bounded length: no text makes it run away. */
const escape =
  /(\\{1,8})(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([nrtbfv0"'/]))|%u([0-9a-fA-F]{4})|%([0-9a-fA-F]{2})|&#[xX]([0-9a-fA-F]{1,6});?|&#([0-9]{1,7});?|&([A-Za-z]{2,8});|=([0-9a-fA-F]{2})|(=[ \t]{0,100}\r?\n)/y;

/** A letter with an accent is found without it. */
const accented = /^([A-Za-z])(?:acute|grave|circ|tilde|uml|cedil|ring|caron|slash|strok)$/;
const named: { readonly [name: string]: string } = {
  amp: "&",
  quot: '"',
  apos: "'",
  shy: "",
  zwj: "",
  zwnj: "",
  commat: "@",
  period: ".",
  colon: ":",
  hyphen: "-",
  dash: "-",
  ndash: "-",
  lowbar: "_",
  plus: "+",
  szlig: "ß",
  aelig: "æ",
  oelig: "œ",
  eth: "ð",
  thorn: "þ",
};

/** What an entity of HTML stands for; any that is not known here parts words. */
export function entityOf(name: string): string {
  return accented.exec(name)?.[1] ?? named[name.toLowerCase()] ?? " ";
}

/**
 * Kinds that look like something else as well: `=Ed` in an address is no byte, `\n` in a path no line, `\xa` in one no letter, and
 * `%ED` may stand for itself. Of backslashes before a letter's number an even count may stand for half as many, or was written by two
 * programs, one after the other.
 */
interface Doubtful {
  readonly quoted: boolean;
  readonly controls: boolean;
  readonly latin: boolean;
  readonly slashed: "as it stands" | "pairs first" | "at once";
  /** A letter's number that an escape parts (`&#24=\r\n6;`) is read when that is undone. */
  readonly parted: boolean;
}

const begins = /[\\%&=]/;
const [hasQuoted, hasControls, hasLatin] = [/=(?:[0-9a-fA-F]{2}|[ \t]{0,100}\r?\n)/, /\\[nrtbfv0"'/]/, /[%=][89a-fA-F][0-9a-fA-F]/];
const hasParted = /&#[xX]?[0-9a-fA-F]{0,7}[=%\\]/;
const hasSlashed = /\\(?:u\{?|x)[0-9a-fA-F]/;
const mostRounds = 4;
const mostReadings = 64;

/**
 * Every way to read the text with its escapes undone, and escapes inside them: each doubtful kind once as an escape and once as it
 * stands. Empty when it has none. Offsets lead back to the text as it was given.
 */
export function readingsOf(source: string): readonly FoldedText[] {
  if (!begins.test(source)) return [];
  const known = new Set([source]);
  const readings: FoldedText[] = [];
  let newest: readonly (FoldedText | undefined)[] = [undefined];
  for (let round = 0; round < mostRounds && newest.length > 0; round++) {
    const next: FoldedText[] = [];
    for (const before of newest) {
      const text = before?.text ?? source;
      for (const doubtful of choicesFor(text)) {
        const read = readOnce(text, doubtful);
        if (read === undefined || known.has(read.text) || known.size > mostReadings) continue;
        known.add(read.text);
        next.push(before === undefined ? read : through(before, read));
      }
    }
    readings.push(...next);
    newest = next;
  }
  return readings;
}

function choicesFor(text: string): readonly Doubtful[] {
  const either = (kind: RegExp): readonly boolean[] => (kind.test(text) ? [false, true] : [false]);
  const slashes: readonly Doubtful["slashed"][] = hasSlashed.test(text) ? ["at once", "pairs first", "as it stands"] : ["at once"];
  return slashes.flatMap((slashed) =>
    either(hasQuoted).flatMap((quoted) =>
      either(hasControls).flatMap((controls) =>
        either(hasLatin).flatMap((latin) => either(hasParted).map((parted) => ({ quoted, controls, latin, slashed, parted }))),
      ),
    ),
  );
}

function readOnce(source: string, doubtful: Doubtful): FoldedText | undefined {
  let text = "";
  const starts: number[] = [];
  const ends: number[] = [];
  let isRead = false;
  for (let at = 0; at < source.length;) {
    const read = begins.test(source.charAt(at)) ? readAt(source, at, doubtful) : undefined;
    isRead ||= read !== undefined;
    const to = at + (read?.length ?? 1);
    const letters = read?.letters ?? source.charAt(at);
    text += letters;
    for (let unit = 0; unit < letters.length; unit++) {
      starts.push(at);
      ends.push(to);
    }
    at = to;
  }
  return isRead ? { text, starts, ends } : undefined;
}

interface Read {
  readonly letters: string;
  /** Units of the source. */
  readonly length: number;
}

function readAt(source: string, at: number, { quoted, controls, latin, slashed, parted }: Doubtful): Read | undefined {
  escape.lastIndex = at;
  const found = escape.exec(source);
  if (found === null) return undefined;
  const [all, slashes = "", braced, four, two, control, percentFour, percent, hexEntity, entity, name, quotedByte, softBreak] = found;
  if (percent !== undefined) return bytesAt(source, at, "%", latin);
  if (quotedByte !== undefined) return quoted ? bytesAt(source, at, "=", latin) : undefined;
  if (softBreak !== undefined) return quoted ? { letters: "", length: all.length } : undefined;
  if (parted && (hexEntity ?? entity) !== undefined && /[=%\\]/.test(source.charAt(at + all.length))) return undefined;
  const isEven = slashes.length % 2 === 0;
  if (control === undefined && slashes !== "") {
    if (slashed === "as it stands") return { letters: slashes, length: slashes.length };
    if (slashed === "pairs first" && isEven) return { letters: slashes.slice(slashes.length / 2), length: slashes.length };
  }
  // Of an odd number all but the last stand for backslashes.
  const kept = isEven ? "" : slashes.slice(1);
  if (control !== undefined) return controls ? { letters: kept + controlSign(control), length: all.length } : undefined;
  const letters = name === undefined ? signOf(braced ?? four ?? two ?? percentFour ?? hexEntity, entity) : entityOf(name);
  return letters === undefined ? undefined : { letters: kept + letters, length: all.length };
}

/** A line's end is one, since Base64 and soft line breaks go on over it; any other control parts words. */
function controlSign(control: string): string {
  if (control === "n") return "\n";
  if (control === "r") return "\r";
  return /["'/]/.test(control) ? control : " ";
}

function signOf(hex: string | undefined, decimal: string | undefined): string | undefined {
  const code = hex === undefined ? Number.parseInt(decimal ?? "", 10) : Number.parseInt(hex, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

const mostBytes = 4;
/** A line may end between the bytes of one sign. */
const softBreak = /=[ \t]{0,100}\r?\n/y;

/** One sign in UTF-8. A byte that is none is read as Latin-1, or left as it stands. */
function bytesAt(source: string, at: number, mark: string, latin: boolean): Read | undefined {
  const bytes: number[] = [];
  const ends: number[] = [];
  for (let next = at; bytes.length < mostBytes;) {
    const hex = source.slice(next, next + 3);
    if (hex.charAt(0) !== mark || !/^.[0-9a-fA-F]{2}$/.test(hex)) break;
    bytes.push(Number.parseInt(hex.slice(1), 16));
    ends.push(next + 3);
    softBreak.lastIndex = next + 3;
    next += 3 + (mark === "=" ? (softBreak.exec(source)?.[0].length ?? 0) : 0);
  }
  const sign = signIn(bytes);
  if (sign !== undefined) return { letters: sign.letters, length: (ends[sign.length - 1] ?? at) - at };
  return latin ? { letters: String.fromCharCode(bytes[0] ?? 0), length: 3 } : undefined;
}

/** The text of bytes in UTF-8, with U+FFFD for each byte that is none. */
export function textOfBytes(bytes: Uint8Array): string {
  const signs: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const sign = signIn(bytes.subarray(at, at + mostBytes));
    signs.push(sign?.letters ?? "\ufffd");
    at += sign?.length ?? 1;
  }
  return signs.join("");
}

/** The sign with which these bytes begin. */
function signIn(bytes: ArrayLike<number>): Read | undefined {
  const first = bytes[0] ?? 0;
  if (first < 0x80) return { letters: String.fromCharCode(first), length: 1 };
  const wanted = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  const code = wanted < 2 ? undefined : utf8Code(Array.from(bytes).slice(0, wanted), wanted);
  return code === undefined ? undefined : { letters: String.fromCodePoint(code), length: wanted };
}

function utf8Code([first = 0, ...rest]: readonly number[], wanted: number): number | undefined {
  if (rest.length !== wanted - 1 || rest.some((byte) => byte >> 6 !== 0b10)) return undefined;
  const code = rest.reduce((sum, byte) => (sum << 6) | (byte & 0x3f), first & (0xff >> (wanted + 1)));
  return code <= 0x10ffff ? code : undefined;
}

function through(first: FoldedText, second: FoldedText): FoldedText {
  return {
    text: second.text,
    starts: second.starts.map((start) => first.starts[start] ?? 0),
    ends: second.ends.map((end) => first.ends[end - 1] ?? 0),
  };
}
