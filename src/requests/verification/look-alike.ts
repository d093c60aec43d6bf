// Finds domains that are made to be taken for an agency's.
import { getDomain, getPublicSuffix } from "tldts";

export interface LookAlike {
  /** How it deceives. */
  readonly trick:
    | "confusable-letters"
    | "mixed-scripts"
    | "one-letter-off"
    | "hyphen"
    | "zone-inside"
    | "government-word"
    | "same-name-elsewhere"
    | "longer-name";
  /** `likely`: such a domain has hardly an honest use; `possible`: a person must look. */
  readonly strength: "likely" | "possible";
  /** The name it imitates. */
  readonly of: string;
}

export interface Imitable {
  /** Domains of agencies the desk knows. */
  readonly domains: readonly string[];
  /** Suffixes of government zones. */
  readonly suffixes: readonly string[];
}

/** `domain` in A-labels, lower case, not itself known or in a government zone. */
export function findLookAlike(domain: string, imitable: Imitable): LookAlike | undefined {
  const shown = domain.split(".").map(unicodeLabel).join(".");
  return (
    imitatesDomain(domain, shown, imitable.domains) ??
    imitatesSuffix(shown, imitable.suffixes) ??
    mixesScripts(shown) ??
    namesGovernment(domain, shown, imitable.suffixes)
  );
}

/** A name that carries a known one in front of another zone: `justice.gov.co` for `justice.gov`. Holds even inside a government zone. */
export function extendsKnownDomain(domain: string, known: readonly string[]): LookAlike | undefined {
  const of = known.find((each) => domain.startsWith(`${each}.`));
  return of === undefined ? undefined : { trick: "longer-name", strength: "likely", of };
}

function imitatesDomain(domain: string, shown: string, known: readonly string[]): LookAlike | undefined {
  const skeleton = skeletonOf(shown);
  const longer = extendsKnownDomain(domain, known);
  if (longer !== undefined) return longer;
  const own = nameAndZone(domain);
  for (const of of known) {
    if (skeleton === skeletonOf(of)) return { trick: "confusable-letters", strength: "likely", of };
    const theirs = nameAndZone(of);
    if (own === undefined || theirs === undefined) continue;
    if (own.name === theirs.name && own.zone !== theirs.zone) return { trick: "same-name-elsewhere", strength: "possible", of };
    if (own.zone !== theirs.zone) continue;
    if (own.name.replaceAll("-", "") === theirs.name.replaceAll("-", "")) return { trick: "hyphen", strength: "likely", of };
    if (isNear(skeletonOf(unicodeLabel(own.name)), skeletonOf(theirs.name))) return { trick: "one-letter-off", strength: "likely", of };
  }
  return undefined;
}

/** Short names differ by chance; long ones may be two letters off. */
function isNear(one: string, other: string): boolean {
  const length = Math.min(one.length, other.length);
  if (length < 4) return false;
  return distance(one, other, length < 8 ? 1 : 2) <= (length < 8 ? 1 : 2);
}

function imitatesSuffix(shown: string, suffixes: readonly string[]): LookAlike | undefined {
  const labels = shown.split(".");
  for (const of of suffixes) {
    const depth = of.split(".").length;
    const tail = labels.slice(-depth).join(".");
    if (tail === of || labels.length < depth) continue;
    if (skeletonOf(tail) === skeletonOf(of)) return { trick: "confusable-letters", strength: "likely", of };
    if (depth > 1 && of.length >= 8 && distance(skeletonOf(tail), skeletonOf(of), 1) <= 1) return { trick: "one-letter-off", strength: "likely", of };
  }
  return undefined;
}

function mixesScripts(shown: string): LookAlike | undefined {
  const mixed = shown.split(".").some((label) => scripts.filter((script) => script.test(label)).length > 1);
  return mixed ? { trick: "mixed-scripts", strength: "likely", of: "" } : undefined;
}

const scripts = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u, /\p{Script=Cherokee}/u];

const governmentWords = ["gov", "govt", "gouv", "gob", "mil"];

function namesGovernment(domain: string, shown: string, suffixes: readonly string[]): LookAlike | undefined {
  const inner = `.${domain}.`;
  const within = suffixes.find((suffix) => suffix.includes(".") && inner.includes(`.${suffix}.`));
  if (within !== undefined) return { trick: "zone-inside", strength: "likely", of: within };
  const words = skeletonOf(shown).split(/[.-]/);
  const plain = governmentWords.find((word) => words.includes(skeletonOf(word)));
  if (plain !== undefined) return { trick: "government-word", strength: "likely", of: plain };
  const glued = governmentWords.find(
    (word) =>
      word.length > 2 &&
      word !== "mil" &&
      word !== "gob" &&
      words.some((each) => each.length > word.length && (each.endsWith(skeletonOf(word)) || each.startsWith(skeletonOf(word)))),
  );
  return glued === undefined ? undefined : { trick: "government-word", strength: "possible", of: glued };
}

function nameAndZone(domain: string): { readonly name: string; readonly zone: string } | undefined {
  const registrable = getDomain(domain);
  const zone = getPublicSuffix(domain);
  if (registrable === null || zone === null || registrable === zone) return undefined;
  return { name: registrable.slice(0, -zone.length - 1), zone };
}

const homoglyphs: { readonly [letter: string]: string } = {
  "0": "o",
  "1": "l",
  "3": "e",
  "5": "s",
  "6": "b",
  "8": "b",
  i: "l",
  "|": "l",
  а: "a",
  в: "b",
  с: "c",
  ԁ: "d",
  е: "e",
  һ: "h",
  і: "l",
  ј: "j",
  к: "k",
  ӏ: "l",
  м: "m",
  н: "h",
  о: "o",
  р: "p",
  ԛ: "q",
  г: "r",
  ѕ: "s",
  т: "t",
  у: "y",
  ѵ: "v",
  ԝ: "w",
  х: "x",
  ո: "n",
  α: "a",
  β: "b",
  γ: "y",
  ε: "e",
  η: "n",
  ι: "l",
  κ: "k",
  ν: "v",
  ο: "o",
  ρ: "p",
  τ: "t",
  υ: "u",
  χ: "x",
  ω: "w",
  ı: "l",
  ł: "l",
  ø: "o",
  đ: "d",
  ħ: "h",
  ɡ: "g",
  ɑ: "a",
  ſ: "s",
  ß: "b",
  æ: "ae",
  œ: "oe",
  ŀ: "l",
  ꞁ: "l",
  ᴠ: "v",
  ᴏ: "o",
};

/** What a hurried eye sees: two names with one skeleton look alike. */
export function skeletonOf(name: string): string {
  const bare = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const letters = [...bare].map((letter) => homoglyphs[letter] ?? letter).join("");
  return letters.replaceAll("rn", "m").replaceAll("vv", "w").replaceAll("cl", "d");
}

/** Letters to add, drop, change or swap; `limit + 1` when there are more. */
function distance(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row++) {
    const line = [row];
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1];
      let least = Math.min((last[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + (same ? 0 : 1));
      if (one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1] && row > 1 && column > 1)
        least = Math.min(least, (before[column - 2] ?? 0) + 1);
      line.push(least);
    }
    before = last;
    last = line;
  }
  return last[other.length] ?? limit + 1;
}

/** An A-label as its reader may see it (RFC 3492); the label itself when it is none. */
export function unicodeLabel(label: string): string {
  if (!label.startsWith("xn--") || label.length > 63) return label;
  const decoded = decodePunycode(label.slice(4));
  return decoded ?? label;
}

function decodePunycode(text: string): string | undefined {
  const dash = text.lastIndexOf("-");
  const letters = Array.from(text.slice(0, Math.max(dash, 0)), (letter) => letter.codePointAt(0) ?? 0);
  let code = 128;
  let place = 0;
  let bias = 72;
  let at = dash < 0 ? 0 : dash + 1;
  while (at < text.length) {
    const start = place;
    let weight = 1;
    for (let step = 36; ; step += 36) {
      const digit = digitOf(text[at++]);
      if (digit === undefined || place > 0x7fffffff) return undefined;
      place += digit * weight;
      const threshold = step <= bias ? 1 : step >= bias + 26 ? 26 : step - bias;
      if (digit < threshold) break;
      weight *= 36 - threshold;
    }
    const count = letters.length + 1;
    bias = adapted(place - start, count, start === 0);
    code += Math.floor(place / count);
    place %= count;
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
    letters.splice(place++, 0, code);
  }
  return String.fromCodePoint(...letters);
}

function digitOf(letter: string | undefined): number | undefined {
  const digit = letter === undefined ? -1 : "abcdefghijklmnopqrstuvwxyz0123456789".indexOf(letter);
  return digit < 0 ? undefined : digit;
}

function adapted(change: number, count: number, first: boolean): number {
  let delta = first ? Math.floor(change / 700) : change >> 1;
  delta += Math.floor(delta / count);
  let bias = 0;
  for (; delta > 455; bias += 36) delta = Math.floor(delta / 35);
  return bias + Math.floor((36 * delta) / (delta + 38));
}
