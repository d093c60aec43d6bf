// Reads what programs write in place of a letter (\u0065, %65, &#101;, =65), so that no name hides behind a spelling that only another program reads.
import type { FoldedText } from "./fold-text.ts";

/** Each is tried at one place, over a bounded length: no text makes it run away. */
const escape =
  /\\{1,8}u\{([0-9a-f]{1,6})\}|(?:\\{1,8}|%)u([0-9a-f]{4})|\\{1,8}x([0-9a-f]{2})|%([0-9a-f]{2})|&#x([0-9a-f]{1,6});?|&#([0-9]{1,7});?|&([a-z]{1,8});|=([0-9a-f]{2})|(=[ \t]{0,100}\r?\n)|\\{1,8}([nrtbfv0"'/])/giy;
const begins = /[\\%&=]/;

/** A letter with an accent is found without it. */
const accented = /^([a-z])(?:acute|grave|circ|tilde|uml|cedil|ring|caron|slash|strok)$/i;
const named: { readonly [name: string]: string } = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  ensp: " ",
  emsp: " ",
  thinsp: " ",
  shy: "",
  zwj: "",
  zwnj: "",
  commat: "@",
  period: ".",
  comma: ",",
  colon: ":",
  semi: ";",
  hyphen: "-",
  dash: "-",
  ndash: "-",
  mdash: "-",
  lowbar: "_",
  plus: "+",
  num: "#",
  sol: "/",
  tab: " ",
  newline: " ",
  szlig: "ß",
  aelig: "æ",
  oelig: "œ",
  eth: "ð",
  thorn: "þ",
  ijlig: "ij",
};

const mostRounds = 3;

/** The text with every escape read, and escapes inside them; undefined when it has none. Offsets lead back to the text as it was given. */
export function withoutEscapes(source: string): FoldedText | undefined {
  let read: FoldedText | undefined;
  for (let round = 0; round < mostRounds; round++) {
    const next = readOnce(read?.text ?? source);
    if (next === undefined) break;
    read = read === undefined ? next : through(read, next);
  }
  return read;
}

function readOnce(source: string): FoldedText | undefined {
  if (!begins.test(source)) return undefined;
  let text = "";
  const starts: number[] = [];
  const ends: number[] = [];
  let isRead = false;
  const put = (units: string, from: number, to: number): void => {
    text += units;
    for (let unit = 0; unit < units.length; unit++) {
      starts.push(from);
      ends.push(to);
    }
  };
  for (let at = 0; at < source.length;) {
    const read = begins.test(source.charAt(at)) ? readAt(source, at) : undefined;
    isRead ||= read !== undefined;
    const to = at + (read?.length ?? 1);
    put(read?.letters ?? source.charAt(at), at, to);
    at = to;
  }
  return isRead ? { text, starts, ends } : undefined;
}

interface Read {
  readonly letters: string;
  /** Units of the source. */
  readonly length: number;
}

function readAt(source: string, at: number): Read | undefined {
  escape.lastIndex = at;
  const found = escape.exec(source);
  if (found === null) return undefined;
  const [all, braced, four, two, percent, hexEntity, entity, name, quoted, softBreak, control] = found;
  if (percent !== undefined) return bytesAt(source, at, "%");
  if (quoted !== undefined) return bytesAt(source, at, "=");
  if (softBreak !== undefined) return { letters: "", length: all.length };
  if (control !== undefined) return { letters: /["'/]/.test(control) ? control : " ", length: all.length };
  const letters = name === undefined ? signOf(braced ?? four ?? two ?? hexEntity, entity) : entityOf(name);
  return letters === undefined ? undefined : { letters, length: all.length };
}

function signOf(hex: string | undefined, decimal: string | undefined): string | undefined {
  const code = hex === undefined ? Number.parseInt(decimal ?? "", 10) : Number.parseInt(hex, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

function entityOf(name: string): string | undefined {
  return accented.exec(name)?.[1] ?? named[name.toLowerCase()];
}

const mostBytes = 4;

/** One sign in UTF-8; a byte that is none is read as Latin-1. */
function bytesAt(source: string, at: number, mark: string): Read {
  const bytes: number[] = [];
  for (let next = at; bytes.length < mostBytes; next += 3) {
    const hex = source.slice(next, next + 3);
    if (hex.charAt(0) !== mark || !/^.[0-9a-f]{2}$/i.test(hex)) break;
    bytes.push(Number.parseInt(hex.slice(1), 16));
  }
  const first = bytes[0] ?? 0;
  const wanted = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 1;
  const code = wanted === 1 ? undefined : utf8Code(bytes.slice(0, wanted), wanted);
  return code === undefined ? { letters: String.fromCharCode(first), length: 3 } : { letters: String.fromCodePoint(code), length: 3 * wanted };
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
