// Says whether a text still holds what must be gone. It shares no search with what made the boxes, so that one mistake cannot blind both.
import { entityOf } from "./escapes.ts";
import { findCustom, namedPatterns } from "./patterns.ts";
import type { Target } from "./removals.ts";

export interface GoneCheck {
  /** Whole words and forms, also spaced out, broken over lines or turned round. */
  inText(text: string): boolean;
  /** Words only: for places where numbers belong to the file and not to its text. */
  inWords(text: string): boolean;
  /** Long words anywhere in letters that were picked out of bytes: short ones would be met by chance. */
  inLetters(letters: string): boolean;
}

export function goneCheck(gone: readonly Target[]): GoneCheck {
  const terms = gone.flatMap((target) => (target.kind === "term" ? [{ tokens: tokensOf(target.term), anywhere: target.anywhere ?? false }] : []));
  const used = terms.filter(({ tokens }) => tokens.length > 0);
  const whole = expressions(used.map(({ tokens, anywhere }) => expressionFor(tokens, anywhere)));
  const wordy = used.filter(({ tokens }) => /\p{L}/u.test(tokens.join("")));
  const words = expressions(wordy.map(({ tokens, anywhere }) => expressionFor(tokens, anywhere)));
  const long = expressions(wordy.map(({ tokens }) => tokens.join("")).filter((joined) => joined.length >= longEnough));
  const joined = expressions(used.map(({ tokens }) => escaped(tokens.join(""))));
  const forms = gone.filter(({ kind }) => kind === "pattern" || kind === "custom");
  return {
    inText: (given) =>
      readings(given).some((text) => variants(text).some((each) => matches(whole, each)) || matches(joined, singleLetters(text)) || holdsForm(forms, text)),
    inWords: (given) => readings(given).some((text) => variants(text).some((each) => matches(words, each))),
    inLetters: (letters) => matches(long, plain(letters)) || matches(long, turned(plain(letters))),
  };
}

const longEnough = 6;

function plain(text: string): string {
  return text
    .normalize("NFKD")
    .replaceAll(/[\p{M}\p{Cf}]/gu, "")
    .toLowerCase();
}

/** Words in their plain form, as the check compares them. */
export function tokensOf(text: string): string[] {
  return plain(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** The text, what lies in it as Base64, and every way either may read with its escapes undone. */
function readings(text: string): string[] {
  const all = new Set(escapesUndone(text));
  for (let depth = 0, newest = [...all]; depth < 2 && newest.length > 0; depth++) {
    newest = [...new Set(newest.flatMap(unwrapped))].flatMap(escapesUndone).filter((each) => !all.has(each));
    for (const each of newest) all.add(each);
  }
  return [...all];
}

/** A line with more after it on the next is at least sixteen signs long. */
const wrappedLine = /([A-Za-z0-9+/_-]{16})\r?\n(?=[A-Za-z0-9+/_-])/g;
/** Shorter ones are words. */
const shortestWrapping = 12;

/** Lines are put together first, and what is left between other signs is opened. */
function unwrapped(text: string): string[] {
  const inLine = text.replaceAll(wrappedLine, "$1");
  const texts = inLine === text ? [text] : [text, inLine];
  const pieces = new Set(texts.flatMap((each) => [/[^A-Za-z0-9+/_-]+/, /[^A-Za-z0-9+/]+/, /[^A-Za-z0-9_-]+/].flatMap((other) => each.split(other))));
  return [...pieces].flatMap((piece) => (piece.length < shortestWrapping ? [] : opened(piece)));
}

function opened(piece: string): string[] {
  const bytes = bytesOf(
    piece
      .slice(0, piece.length - (piece.length % 4 === 1 ? 1 : 0))
      .replaceAll("-", "+")
      .replaceAll("_", "/"),
  );
  const written = Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
  let garbled = 0;
  const text = written.replaceAll(anyRun, (run) => {
    const sign = unescaped(run);
    if (sign !== run) return sign;
    garbled += 1;
    return "\ufffd";
  });
  // Mostly other bytes: a number or a key, and no text.
  return 10 * garbled > 3 * text.length ? [] : [text];
}

function bytesOf(piece: string): Uint8Array {
  try {
    return Uint8Array.fromBase64(piece, { lastChunkHandling: "loose" });
  } catch {
    return new Uint8Array(0);
  }
}

/** Bytes that are one sign in UTF-8. */
const utf8Run = /%(?:[0-7][0-9a-f]|(?:c[2-9a-f]|d[0-9a-f])%[89ab][0-9a-f]|e[0-9a-f](?:%[89ab][0-9a-f]){2}|f[0-4](?:%[89ab][0-9a-f]){3})/gi;

const anyRun = new RegExp(`${utf8Run.source}|%[0-9a-f]{2}`, "gi");

function unescaped(run: string): string {
  try {
    return decodeURIComponent(run);
  } catch {
    return run;
  }
}

/** What looks like an escape and may be none is tried both ways. */
function escapesUndone(text: string): string[] {
  if (!/[\\%&=]/.test(text)) return [text];
  const all = new Set([text]);
  for (const slashed of text.includes("\\") ? slashedWays : (["any"] as const))
    for (const quoted of [false, true])
      for (const controls of [false, true])
        for (const latin of [false, true])
          for (let round = 0, read = text; round < 2; round++) {
            read = undone(quoted ? unquoted(read) : read, latin, slashed);
            if (controls)
              read = read.replaceAll(/(\\{1,8})([nrtbfv0"'/])/g, (_, slashes: string, code: string) => left(slashes) + (controlSigns[code] ?? code));
            all.add(read);
          }
  return [...all];
}

const controlSigns: { readonly [code: string]: string } = { n: "\n", r: "\r", t: " ", b: " ", f: " ", v: " ", 0: " " };

/** After how many backslashes a letter's number is one: in a path (`CORP\\xaver`) it is none. */
const slashedWays = ["any", "odd", "none"] as const;

/** Backslashes that stand for themselves before an escape. */
function left(slashes: string): string {
  return slashes.length % 2 === 1 ? slashes.slice(1) : "";
}

function unquoted(text: string): string {
  return text.replaceAll(/=[ \t]{0,100}\r?\n/g, "").replaceAll(/=([0-9a-f]{2})/gi, "%$1");
}

function undone(text: string, latin: boolean, slashed: (typeof slashedWays)[number]): string {
  const sign = (all: string, hex: string, base = 16): string => {
    const code = Number.parseInt(hex, base);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  };
  const read = text
    .replaceAll(utf8Run, unescaped)
    .replaceAll(/%u([0-9a-f]{4})/gi, (all, hex: string) => sign(all, hex))
    .replaceAll(/(\\{1,8})(u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]{1,6})\})/g, (all, slashes: string, rest: string, ...hex: string[]) => {
      const isOdd = slashes.length % 2 === 1;
      if (slashed === "none") return all;
      return slashed === "odd" && !isOdd ? slashes.slice(slashes.length / 2) + rest : left(slashes) + sign(rest, hex[0] ?? hex[1] ?? hex[2] ?? "");
    })
    .replaceAll(/&#x([0-9a-f]{1,6});?/gi, (all, hex: string) => sign(all, hex))
    .replaceAll(/&#([0-9]{1,7});?/g, (all, decimal: string) => sign(all, decimal, 10))
    .replaceAll(/&([a-z]{2,8});/gi, (_, name: string) => entityOf(name));
  return latin ? read.replaceAll(/%([89a-f][0-9a-f])/gi, (all, hex: string) => sign(all, hex)) : read;
}

function variants(text: string): string[] {
  const folded = plain(text);
  const joined = folded.replaceAll(/[\u0002\ufffe\u2010\u2011-]\s*\n\s*/g, "");
  return joined === folded ? [folded, turned(folded)] : [folded, turned(folded), joined];
}

function turned(text: string): string {
  return [...text].toReversed().join("");
}

/** Only letters that stand alone, put together where one space parts them. */
function singleLetters(text: string): string {
  const runs = plain(text).match(/(?<![\p{L}\p{N}])[\p{L}\p{N}](?:[^\p{L}\p{N}]+[\p{L}\p{N}](?![\p{L}\p{N}]))+/gu) ?? [];
  return runs.map((run) => run.replaceAll(/[^\p{L}\p{N}]+/gu, "")).join(" ");
}

const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;

function expressionFor(tokens: readonly string[], anywhere: boolean): string {
  const body = tokens.map(escaped).join(String.raw`[^\p{L}\p{N}]+`);
  if (anywhere || unspaced.test(tokens.join(""))) return body;
  return String.raw`(?<![\p{L}\p{N}])${body}(?![\p{L}\p{N}])`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}

const inOne = 200;

/** Every alternative is words with single gaps between them, so none can be matched in two ways. */
function expressions(sources: readonly string[]): RegExp[] {
  const unique = [...new Set(sources)].filter((source) => source !== "");
  return Array.from({ length: Math.ceil(unique.length / inOne) }, (_, index) => new RegExp(unique.slice(index * inOne, (index + 1) * inOne).join("|"), "u"));
}

function matches(all: readonly RegExp[], text: string): boolean {
  return all.some((each) => each.test(text));
}

function holdsForm(forms: readonly Target[], text: string): boolean {
  const squeezed = text.normalize("NFKC").replaceAll(/\s+/g, " ");
  return forms.some((target) => {
    if (target.kind === "pattern") return namedPatterns[target.pattern](squeezed).length > 0;
    return target.kind === "custom" && findCustom(squeezed, target.pattern).length > 0;
  });
}
