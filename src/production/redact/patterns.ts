// Finds what has a known form, such as a telephone number. Every form is bounded, so that no text can make the search run away.

export interface Span {
  /** UTF-16 code units; the end is exclusive. */
  readonly from: number;
  readonly to: number;
}

type Find = (text: string) => Span[];

/** The forms the desk knows. They look at text whose runs of spaces are single spaces. */
export const namedPatterns = {
  "e-mail": each(/(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+'-]{1,64} ?@ ?(?:[\p{L}\p{N}-]{1,63}\.){1,8}[\p{L}]{2,24}(?![\p{L}\p{N}])/gu),
  telephone: findNumbers(7, 15, isTelephone),
  ip: findAddresses,
  iban: findIbans,
  card: findNumbers(13, 19, isCard),
  "us-ssn": each(/(?<![\p{L}\p{N}-])\d{3}[ -]\d{2}[ -]\d{4}(?![\p{L}\p{N}-])/gu, isSocialSecurityNumber),
} as const satisfies { readonly [name: string]: Find };

export type NamedPattern = keyof typeof namedPatterns;

function each(form: RegExp, isOne: (found: string) => boolean = () => true): Find {
  return (text) => {
    const spans: Span[] = [];
    for (const found of text.matchAll(form)) {
      if (!isOne(found[0])) continue;
      const lead = found[0].length - found[0].trimStart().length;
      spans.push({ from: found.index + lead, to: found.index + found[0].trimEnd().length });
    }
    return spans;
  };
}

/** Digits with at most three signs between two of them. */
const digitRun = /[+(]{0,2}\d(?:[ ./()+-]{0,3}\d)*/g;

/**
 * Looks at every row of neighbouring groups of digits, since a number may stand right beside other numbers, such as those of lines. From
 * each group the longest row that is one is taken.
 */
function findNumbers(least: number, most: number, isOne: (found: string) => boolean): Find {
  return (text) => {
    const spans: Span[] = [];
    for (const run of text.matchAll(digitRun)) {
      if (run[0].length < least) continue;
      const groups = [...run[0].matchAll(/[+(]{0,2}\d+/g)].map((group) => ({ from: group.index, to: group.index + group[0].length }));
      for (let first = 0; first < groups.length; first++) {
        const last = lastGroup(run[0], groups, first, { least, most, isOne });
        const [from, to] = [groups[first]?.from ?? 0, groups[last]?.to ?? 0];
        if (last < 0) continue;
        spans.push({ from: run.index + from, to: run.index + to });
      }
    }
    return spans.filter(({ from, to }) => !isPartOfWord(text, from, to));
  };
}

interface Wanted {
  readonly least: number;
  readonly most: number;
  readonly isOne: (found: string) => boolean;
}

function lastGroup(run: string, groups: readonly Span[], first: number, { least, most, isOne }: Wanted): number {
  const from = groups[first]?.from ?? 0;
  let digits = 0;
  let found = -1;
  for (let last = first; last < groups.length; last++) {
    const { from: start, to } = groups[last] ?? { from: 0, to: 0 };
    digits += run.slice(start, to).replaceAll(/\D/g, "").length;
    if (digits > most) break;
    if (digits >= least && isOne(run.slice(from, to))) found = last;
  }
  return found;
}

function isPartOfWord(text: string, from: number, to: number): boolean {
  return /[\p{L}]$/u.test(text.slice(Math.max(0, from - 2), from)) || /^\p{L}/u.test(text.slice(to, to + 2));
}

/** Begins as numbers of telephones begin, or has a group that is longer than those of days and lines. */
function isTelephone(found: string): boolean {
  const digits = found.replaceAll(/\D/g, "");
  const isDay = /^(?:\d{4}[./-]\d{2}[./-]\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{4})$/.test(found);
  return !isDay && !/^0+$/.test(digits) && (/^(?:\+|\(|0)/.test(found) || /\d{3}/.test(found));
}

function isCard(found: string): boolean {
  const digits = found.replaceAll(/\D/g, "");
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = digit * 2;
    sum += index % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0 && !/^0+$/.test(digits);
}

function isSocialSecurityNumber(found: string): boolean {
  const [area = "", group = "", serial = ""] = found.split(/[ -]/);
  return area !== "000" && area !== "666" && !area.startsWith("9") && group !== "00" && serial !== "0000";
}

const ibanStart = /(?<![\p{L}\p{N}])[A-Z]{2}\d{2}/giu;
const [shortestIban, longestIban] = [15, 34];

/** What follows an account number may look like more of it, so every length it may have is tried, the longest first. */
function findIbans(text: string): Span[] {
  return [...text.matchAll(ibanStart)].flatMap(({ index }) => {
    const ends: number[] = [];
    for (let at = index, signs = 0; at < text.length && signs < longestIban; at++) {
      if (/[A-Z0-9]/i.test(text[at] ?? "")) {
        if (++signs >= shortestIban && !/^[\p{L}\p{N}]/u.test(text.slice(at + 1, at + 3))) ends.push(at + 1);
      } else if (!/[ -]/.test(text[at] ?? "") || !/[A-Z0-9]/i.test(text[at + 1] ?? "")) break;
    }
    const to = ends.toReversed().find((end) => isIban(text.slice(index, end)));
    return to === undefined ? [] : [{ from: index, to }];
  });
}

/** ISO 7064: the four first characters go to the end, letters become numbers, and the rest of the division by 97 is one. */
function isIban(found: string): boolean {
  const plain = found.replaceAll(/[ -]/g, "").toUpperCase();
  let rest = 0;
  for (const character of plain.slice(4) + plain.slice(0, 4)) {
    const value = character >= "A" ? character.charCodeAt(0) - 55 : Number(character);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

const fourParts = each(/(?<![\p{L}\p{N}.])(?:\d{1,3}\.){3}\d{1,3}(?![\p{L}\p{N}]|\.\d)/gu, (found) => found.split(".").every((part) => Number(part) <= 255));
const colons = each(/(?<![\p{L}\p{N}:.])[0-9a-f:]{2,39}(?:(?<=:)(?:\d{1,3}\.){3}\d{1,3})?(?![\p{L}\p{N}:])/giu, isLongAddress);

function findAddresses(text: string): Span[] {
  return [...fourParts(text), ...colons(text)];
}

function isLongAddress(found: string): boolean {
  const [head = "", tail, ...more] = found.split("::");
  if (more.length > 0) return false;
  const groups = [...head.split(":"), ...(tail ?? "").split(":")].filter((group) => group !== "");
  const length = groups.reduce((sum, group) => sum + (group.includes(".") ? 2 : 1), 0);
  if (!groups.every((group) => group.includes(".") || /^[0-9a-f]{1,4}$/i.test(group))) return false;
  return tail === undefined ? length === 8 : length >= 1 && length <= 7;
}

/**
 * A form of the desk's own, such as an account number, written with signs for kinds of characters: `#` a digit, `@` a letter, `*` a
 * letter or digit, `?` any character; a backslash takes the next sign literally; `{2,5}` after one repeats it. Letters match in
 * either case.
 */
export interface CustomPattern {
  readonly form: string;
}

interface Step {
  readonly fits: (character: string) => boolean;
  readonly least: number;
  readonly most: number;
}

const longestForm = 100;
const longestMatch = 128;
const kinds: { readonly [sign: string]: RegExp } = { "#": /^\p{Nd}$/u, "@": /^\p{L}$/u, "*": /^[\p{L}\p{N}]$/u, "?": /^[^\r\n]$/u };

/** What is wrong with the form, in words; none when it can be used. */
export function checkCustomPattern({ form }: CustomPattern): string | undefined {
  if (form.length > longestForm) return `the form is longer than ${longestForm} signs.`;
  const steps = readForm(form);
  if (steps === undefined) return "the form has a sign that cannot stand there; write a backslash before a sign that is meant literally.";
  if (steps.reduce((sum, step) => sum + step.least, 0) < 3) return "the form fits fewer than three characters and would take out too much.";
  if (steps.reduce((sum, step) => sum + step.most, 0) > longestMatch) return `the form fits more than ${longestMatch} characters.`;
  return undefined;
}

function readForm(form: string): Step[] | undefined {
  const steps: Step[] = [];
  const sign = /\\(.)|\{(\d{1,3})(?:,(\d{1,3}))?\}|([^{}\\])/gsuy;
  for (let at = 0; at < form.length; at = sign.lastIndex) {
    sign.lastIndex = at;
    const found = sign.exec(form);
    if (found === null) return undefined;
    const [, escaped, least, most, other] = found;
    if (least === undefined) {
      steps.push({ fits: fitting(escaped, other ?? ""), least: 1, most: 1 });
      continue;
    }
    const last = steps.pop();
    const bounds = { least: Number(least), most: Number(most ?? least) };
    if (last === undefined || bounds.most < bounds.least || bounds.most === 0) return undefined;
    steps.push({ ...last, ...bounds });
  }
  return steps;
}

function fitting(escaped: string | undefined, sign: string): (character: string) => boolean {
  const kind = escaped === undefined ? kinds[sign] : undefined;
  if (kind !== undefined) return (character) => kind.test(character);
  const literal = (escaped ?? sign).toLowerCase();
  return (character) => character.toLowerCase() === literal;
}

/** The longest match at each place, none overlapping another. Work is bounded by the text's length times the square of the longest match. */
export function findCustom(text: string, pattern: CustomPattern): Span[] {
  const steps = checkCustomPattern(pattern) === undefined ? (readForm(pattern.form) ?? []) : [];
  const spans: Span[] = [];
  for (let from = 0; from < text.length && steps.length > 0;) {
    const to = longestEnd(text, from, steps);
    if (to > from) spans.push({ from, to });
    from = Math.max(to, from + 1);
  }
  return spans;
}

/** Follows all ways through the form at once, so that none is walked twice. */
function longestEnd(text: string, from: number, steps: readonly Step[]): number {
  let ends: ReadonlySet<number> = new Set([from]);
  for (const step of steps) {
    const next = new Set<number>();
    for (const start of ends) addEnds(text, start, step, next);
    if (next.size === 0) return from;
    ends = next;
  }
  return Math.max(...ends);
}

function addEnds(text: string, start: number, step: Step, ends: Set<number>): void {
  let at = start;
  for (let times = 0; times <= step.most; times++) {
    if (times >= step.least) ends.add(at);
    const character = at < text.length ? String.fromCodePoint(text.codePointAt(at) ?? 0) : "";
    if (character === "" || !step.fits(character)) return;
    at += character.length;
  }
}
