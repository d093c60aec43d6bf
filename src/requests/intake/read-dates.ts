// Reads calendar dates in the styles officers write them; an order of day and month that may be read two ways stays two readings.
import type { ReadingPack } from "../../policy/reading-pack.ts";
import { mentionsWithin, type SourceText } from "./read-parts.ts";
import type { Mention } from "./read-vocabulary.ts";
import { foldWord } from "./read-words.ts";

/** The days a mention covers under one reading: one day, or a month or a year from its first to its last day. */
export interface DateReading {
  readonly from: string;
  readonly to: string;
  readonly order: "dmy" | "mdy" | "fixed";
}

export interface DateMention {
  readonly start: number;
  readonly end: number;
  /** Where the text goes on after a time of day ("00:00 UTC"). */
  readonly tail: number;
  readonly unit: "day" | "month" | "year";
  /** Likelier reading first. Two only when day and month may be exchanged. */
  readonly readings: readonly [DateReading, ...DateReading[]];
}

export interface DateOrder {
  /** `either`: nothing in the language or the sender's country settles it; `likely` comes first then. */
  readonly slash: "dmy" | "mdy" | "either";
  readonly likely: "dmy" | "mdy";
}

export function datesIn(source: SourceText, order: DateOrder): DateMention[] {
  const found = [...numericDates(source, order), ...writtenDates(source)];
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  return found.filter((mention, at) => at === 0 || mention.start >= (found[at - 1]?.end ?? 0));
}

const isoPattern = /(\d{4})([-/.])(\d{1,2})\2(\d{1,2})/y;
const numericPattern = /(\d{1,2})([./-]) ?(\d{1,2})\2 ?(\d{4}|\d{2})/y;

function numericDates(source: SourceText, order: DateOrder): DateMention[] {
  const found: DateMention[] = [];
  for (const { start, word } of source.words) {
    if (word.length > 4 || !/^\d/.test(word) || /[\p{L}\p{N}.:/]/u.test(source.text[start - 1] ?? " ")) continue;
    const mention = numericAt(source.text, start, order);
    if (mention) found.push(mention);
  }
  return found;
}

function numericAt(text: string, start: number, order: DateOrder): DateMention | undefined {
  const iso = matchAt(isoPattern, text, start);
  const other = iso ? undefined : matchAt(numericPattern, text, start);
  const match = iso ?? other;
  if (!match) return undefined;
  const end = start + match[0].length;
  const mayTouchDash = match[2] !== "-";
  if (text[start - 1] === "-" && !(mayTouchDash && /[\d ]-$/.test(text.slice(Math.max(0, start - 2), start)))) return undefined;
  if (mayTouchDash && /^-\d{1,4}[./]\d/.test(text.slice(end, end + 7))) return numericMention(text, start, end, iso, other, order);
  if (/^(?:[\p{L}_]|[./-]\d|\d)/u.test(text.slice(end, end + 2)) && !/^T\d/.test(text.slice(end, end + 2))) return undefined;
  return numericMention(text, start, end, iso, other, order);
}

function numericMention(
  text: string,
  start: number,
  end: number,
  iso: RegExpExecArray | undefined,
  other: RegExpExecArray | undefined,
  order: DateOrder,
): DateMention | undefined {
  const readings = iso ? fixedReadings(iso) : orderedReadings(other, order);
  const [first, ...rest] = readings;
  return first && { start, end, tail: afterTime(text, end), unit: "day", readings: [first, ...rest] };
}

function matchAt(pattern: RegExp, text: string, start: number): RegExpExecArray | undefined {
  pattern.lastIndex = start;
  return pattern.exec(text) ?? undefined;
}

function fixedReadings([, year, , month, day]: RegExpExecArray): DateReading[] {
  return dayReading(Number(year), Number(month), Number(day), "fixed");
}

function orderedReadings(match: RegExpExecArray | undefined, order: DateOrder): DateReading[] {
  if (!match) return [];
  const [, one, separator, two, yearText] = match;
  const [a, b, year] = [Number(one), Number(two), fullYear(Number(yearText))];
  if (yearText?.length === 2 && separator === "-") return [];
  const dmy = dayReading(year, b, a, "dmy");
  const mdy = dayReading(year, a, b, "mdy");
  if (a === b) return dmy.map((reading) => ({ ...reading, order: "fixed" }));
  if (separator === "." || order.slash === "dmy") return dmy.length > 0 ? dmy : mdy;
  if (order.slash === "mdy") return mdy.length > 0 ? mdy : dmy;
  return order.likely === "mdy" ? [...mdy, ...dmy] : [...dmy, ...mdy];
}

function fullYear(year: number): number {
  return year < 100 ? 2000 + year : year;
}

function dayReading(year: number, month: number, day: number, order: DateReading["order"]): DateReading[] {
  const text = dayText(year, month, day);
  return text === undefined ? [] : [{ from: text, to: text, order }];
}

/** The day as `YYYY-MM-DD`; nothing for a day that does not exist or lies outside 1990 … 2099. */
export function dayText(year: number, month: number, day: number): string | undefined {
  if (!Number.isInteger(year + month + day) || year < 1990 || year > 2099 || month < 1 || month > 12 || day < 1 || day > lastDayOf(year, month))
    return undefined;
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

function lastDayOf(year: number, month: number): number {
  return Temporal.PlainYearMonth.from({ year, month }).daysInMonth;
}

const timePattern =
  /[T ,]{0,2}(?:at |um |à |a las |alle |às |om |godz\. )?\d{1,2}[:.h]\d{2}(?:[:.]\d{2}(?:\.\d{1,6})?)?(?: ?[ap]\.?m\.?)?(?: ?(?:Z|UTC|GMT|Uhr|[A-Z]{2,4}T|[+-]\d{2}:?\d{2}))?/iy;

function afterTime(text: string, end: number): number {
  const match = matchAt(timePattern, text, end);
  return match ? end + match[0].length : end;
}

function writtenDates(source: SourceText): DateMention[] {
  const months = source.mentions.get("date.month") ?? [];
  return months.flatMap((month) => {
    const mention = writtenDate(source, month);
    return mention ? [mention] : [];
  });
}

/** "3 March 2026", "March 3, 2026", "3rd day of March, 2026", "March 2026": what stands around a month's name. */
function writtenDate(source: SourceText, month: Mention): DateMention | undefined {
  if (needsCapital(source.packs) && !/^\p{Lu}/u.test(source.text.slice(month.start, month.start + 1))) return undefined;
  const before = dayBefore(source, month);
  const after = before ? undefined : dayAfter(source, month);
  const year = yearAfter(source, (after?.at ?? month.last) + 1);
  if (!year) return undefined;
  const start = before ? before.start : month.start;
  const number = before?.day ?? after?.day;
  const monthNumber = Number(month.value);
  const reading = number === undefined ? monthReading(year.year, monthNumber) : dayReading(year.year, monthNumber, number, "fixed")[0];
  if (!reading) return undefined;
  return { start, end: year.end, tail: afterTime(source.text, year.end), unit: number === undefined ? "month" : "day", readings: [reading] };
}

function needsCapital(packs: readonly ReadingPack[]): boolean {
  return packs.every(({ dates }) => dates.monthsNeedCapital);
}

function monthReading(year: number, month: number): DateReading | undefined {
  const from = dayText(year, month, 1);
  const to = dayText(year, month, lastDayOf(year, month));
  return from && to ? { from, to, order: "fixed" } : undefined;
}

const ordinals = new Set(["st", "nd", "rd", "th", "er", "re", "e", "º", "°", "o", "a", "r"]);

function isGlue(source: SourceText, at: number): boolean {
  const word = source.words[at];
  return word !== undefined && (ordinals.has(word.word) || glueWords(source).has(word.word));
}

const glueOfPacks = new WeakMap<readonly ReadingPack[], ReadonlySet<string>>();

function glueWords({ packs }: SourceText): ReadonlySet<string> {
  const known = glueOfPacks.get(packs);
  if (known) return known;
  const words = new Set(packs.flatMap(({ dates }) => dates.glue.map(foldWord)));
  glueOfPacks.set(packs, words);
  return words;
}

function dayBefore(source: SourceText, month: Mention): { day: number; start: number } | undefined {
  for (let at = month.first - 1; at >= Math.max(0, month.first - 4); at--) {
    const word = source.words[at];
    if (!word || (source.words[at + 1]?.gap ?? 3) >= 3 || !isNear(source.text, word.end, source.words[at + 1]?.start ?? 0)) return undefined;
    const day = dayNumber(word.word);
    if (day !== undefined && !/[\p{L}\p{N}/-]/u.test(source.text[word.start - 1] ?? " ")) return { day, start: word.start };
    if (!isGlue(source, at)) return undefined;
  }
  return undefined;
}

/** The text between two words is spaces and the marks that stand inside dates. */
function isNear(text: string, from: number, to: number): boolean {
  return to - from <= 4 && /^[\s.,ªº°-]*$/.test(text.slice(from, to));
}

function dayNumber(word: string): number | undefined {
  if (!/^\d{1,2}$/.test(word)) return undefined;
  const day = Number(word);
  return day >= 1 && day <= 31 ? day : undefined;
}

function dayAfter(source: SourceText, month: Mention): { day: number; at: number } | undefined {
  for (let at = month.last + 1; at <= month.last + 2; at++) {
    const word = source.words[at];
    if (!word || !isNear(source.text, source.words[at - 1]?.end ?? 0, word.start)) return undefined;
    const day = dayNumber(word.word);
    if (day !== undefined) return { day, at };
    if (!isGlue(source, at)) return undefined;
  }
  return undefined;
}

function yearAfter(source: SourceText, from: number): { year: number; end: number } | undefined {
  for (let at = from; at < from + 4; at++) {
    const word = source.words[at];
    if (!word || !isNear(source.text, source.words[at - 1]?.end ?? 0, word.start)) return undefined;
    if (/^(?:19|20)\d\d$/.test(word.word)) return { year: Number(word.word), end: word.end };
    if (!isGlue(source, at)) return undefined;
  }
  return undefined;
}

/** A day and a month or a bare day whose year stands in the date that follows: "1. bis 31. März 2026", "January 1 to March 31, 2026". */
export function startOf(source: SourceText, connectorFirst: number, end: DateReading): { from: string; start: number } | undefined {
  const year = Number(end.from.slice(0, 4));
  const month = Number(end.from.slice(5, 7));
  const words = source.words;
  for (let at = connectorFirst - 1; at >= Math.max(0, connectorFirst - 5); at--) {
    const word = words[at];
    if (!word || !isNear(source.text, word.end, words[at + 1]?.start ?? 0)) return undefined;
    const named = mentionsWithin(source, "date.month", word)[0];
    if (named) return partialStart(source, named, year);
    const day = dayNumber(word.word);
    if (day !== undefined) {
      const monthBefore = mentionsWithin(source, "date.month", { start: words[at - 1]?.start ?? 0, end: word.start })[0];
      if (monthBefore) return start(dayText(year, Number(monthBefore.value), day), monthBefore.start);
      return /[\p{L}\p{N}/-]/u.test(source.text[word.start - 1] ?? " ") ? undefined : start(dayText(year, month, day), word.start);
    }
    if (!isGlue(source, at)) return undefined;
  }
  return undefined;
}

function partialStart(source: SourceText, month: Mention, year: number): { from: string; start: number } | undefined {
  const before = dayBefore(source, month);
  return start(dayText(year, Number(month.value), before?.day ?? 1), before?.start ?? month.start);
}

function start(from: string | undefined, at: number): { from: string; start: number } | undefined {
  return from === undefined ? undefined : { from, start: at };
}
