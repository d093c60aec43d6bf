// Reads the time a request is about: from when to when, and not when the paper was issued, signed or falls due.
import { asksFor, type Asked } from "./read-asking.ts";
import { datesIn, dayText, startOf, type DateMention, type DateOrder, type DateReading } from "./read-dates.ts";
import type { DateRange, Proposed, Span } from "./details.ts";
import { firstAtOrAfter, mentionsWithin, unitAt, type SourceText, type Unit } from "./read-parts.ts";
import type { Mention } from "./read-vocabulary.ts";

/** A range as it stands in one source. Several readings when day and month may be exchanged. */
export interface RangeCandidate {
  readonly readings: readonly DateRange[];
  readonly span: Span;
  /** Stands where the message asks or under a label for dates; otherwise in its story. */
  readonly asked: boolean;
  readonly certain: boolean;
}

interface Context {
  readonly source: SourceText;
  readonly asked: Asked;
  readonly dates: readonly DateMention[];
  readonly messageDate: string | undefined;
}

export function rangeCandidates(source: SourceText, asked: Asked, order: DateOrder, messageDate: string | undefined): RangeCandidate[] {
  const dates = datesIn(source, order).filter(({ start }) => unitAt(source, start)?.region === "main");
  const context: Context = { source, asked, dates, messageDate };
  if (source.packs.length === 0) return numericPairs(context);
  const firm = [...pairs(context), ...openRanges(context), ...partialRanges(context), ...dayRanges(context), ...labelled(context), ...relative(context)];
  return firm.length > 0 ? withoutOverlaps(firm) : withoutOverlaps([...endOnly(context), ...wholePeriods(context), ...singleDays(context)]);
}

/** More ranges than any letter holds; the rest of a hostile text is not compared. */
const mostCandidates = 300;

function withoutOverlaps(candidates: readonly RangeCandidate[]): RangeCandidate[] {
  const longest = candidates.slice(0, mostCandidates).sort((a, b) => b.span.end - b.span.start - (a.span.end - a.span.start));
  const kept: RangeCandidate[] = [];
  for (const candidate of longest) {
    if (kept.every(({ span }) => candidate.span.end <= span.start || candidate.span.start >= span.end)) kept.push(candidate);
  }
  return kept.sort((a, b) => a.span.start - b.span.start);
}

/** Puts the candidates of all sources together: the asked ones win over the story; contradicting ones are all returned, inferred. */
export function settleRanges(candidates: readonly RangeCandidate[]): Proposed<DateRange>[] {
  const askedFor = candidates.filter(({ asked }) => asked);
  const chosen = askedFor.length > 0 ? askedFor : candidates;
  const byRange = new Map<string, { value: DateRange; spans: Span[]; certain: boolean }>();
  for (const { readings, span, certain, asked } of chosen) {
    for (const value of readings) {
      const key = `${value.from}|${value.to}|${value.openEnd}|${value.lastDays}`;
      const entry = byRange.get(key) ?? { value, spans: [], certain: false };
      byRange.set(key, { value, spans: [...entry.spans, span], certain: entry.certain || (certain && asked && readings.length === 1) });
    }
  }
  const single = byRange.size === 1;
  return [...byRange.values()].map(({ value, spans, certain }) => ({ value, spans, certainty: single && certain ? "stated" : "inferred" }));
}

function candidate(context: Context, at: { readonly start: number; readonly end: number }, readings: readonly DateRange[], certain = true): RangeCandidate {
  const unit = unitAt(context.source, at.start);
  const asked = unit !== undefined && (isAboutTheRequest(context, unit, at.start) || (unit.shape === "item" && hasRangeColumns(context.source, at.start)));
  return { readings, span: { source: context.source.id, start: at.start, end: at.end }, asked, certain };
}

const rangeLabels = ["label.dateRange", "label.rangeStart", "label.account", "label.userName", "label.userId", "label.workspace", "subject.account"];

function isAboutTheRequest({ source, asked }: Context, unit: Unit, at: number): boolean {
  if (asked.units.has(unit.index)) return true;
  const before = source.units[unit.index - 1];
  const headed = before !== undefined && before.shape !== "prose" && mentionsWithin(source, "label.dateRange", before).length > 0;
  return headed || rangeLabels.some((kind) => mentionsWithin(source, kind, { start: unit.start, end: Math.max(unit.end, at) }).length > 0);
}

function pairs(context: Context): RangeCandidate[] {
  return context.dates.flatMap((start, at) => {
    const end = context.dates[at + 1];
    if (!end || !isConnected(context, start, end)) return [];
    const readings = pairReadings(start, end);
    return readings.length === 0 ? [] : [candidate(context, { start: start.start, end: end.end }, readings)];
  });
}

/** In a language we do not read: two dates in year-month-day with one word or a dash between. */
function numericPairs(context: Context): RangeCandidate[] {
  return context.dates.flatMap((start, at) => {
    const end = context.dates[at + 1];
    const fixed = start.readings[0].order === "fixed" && end?.readings[0].order === "fixed";
    if (!end || !fixed || !/^\s*\S{1,8}\s*$/.test(context.source.text.slice(start.tail, end.start))) return [];
    return [candidate(context, { start: start.start, end: end.end }, pairReadings(start, end), false)];
  });
}

/** Both ends under the same order of day and month; a range that would run backwards is no reading. */
function pairReadings(start: DateMention, end: DateMention): DateRange[] {
  const readings: DateRange[] = [];
  for (const first of start.readings) {
    for (const last of end.readings) {
      if (fits(first, last) && !readings.some(({ from, to }) => from === first.from && to === last.to)) readings.push({ from: first.from, to: last.to });
    }
  }
  return readings;
}

function fits(first: DateReading, last: DateReading): boolean {
  return first.from <= last.to && (first.order === last.order || first.order === "fixed" || last.order === "fixed");
}

const betweenDates = ["date.to", "date.and", "date.filler", "date.glue", "date.on", "date.from"];

function isConnected(context: Context, start: DateMention, end: DateMention): boolean {
  const { source } = context;
  const gap = source.text.slice(start.tail, Math.min(end.start, start.tail + 120));
  if (/^\s*(?:-|–|—|\/|\.\.)\s*$/.test(gap)) return true;
  if (/^[ \t]*[|\t;,][ \t]*$|^ {2,}$/.test(gap)) return hasRangeColumns(source, start.start);
  if (end.start - start.tail > 100 || /[;|]|\n\s*\n/.test(gap)) return false;
  const within = { start: start.tail, end: end.start };
  if (!isCovered(source, within, betweenDates)) return false;
  if (mentionsWithin(source, "date.to", within).length > 0) return true;
  return mentionsWithin(source, "date.and", within).length > 0 && stands(source, "date.between", start.start) !== undefined;
}

function hasRangeColumns(source: SourceText, before: number): boolean {
  const above = { start: Math.max(0, before - 2000), end: before };
  return mentionsWithin(source, "label.rangeStart", above).length > 0 && mentionsWithin(source, "label.rangeEnd", above).length > 0;
}

/** Whether every word between is a connector, a filler or a time of day. */
function isCovered(source: SourceText, within: { readonly start: number; readonly end: number }, kinds: readonly string[]): boolean {
  const marks = kinds.flatMap((kind) => mentionsWithin(source, kind, within));
  return wordsWithin(source, within).every(
    ({ start, word }) =>
      /^\d{1,2}$/.test(word) || /^(?:utc|gmt|am|pm|a|p|m|z|t|[a-z]{2,3}t|h|uhr)$/.test(word) || marks.some((mark) => start >= mark.start && start < mark.end),
  );
}

function wordsWithin(source: SourceText, { start, end }: { readonly start: number; readonly end: number }): readonly SourceText["words"][number][] {
  const from = wordAt(source, start);
  let to = from;
  while ((source.words[to]?.start ?? Infinity) < end) to++;
  return source.words.slice(from, to);
}

function wordAt({ words }: SourceText, offset: number): number {
  return firstAtOrAfter(words, offset);
}

/** Whether a word of this kind stands right before the offset, with fillers and a time of day between at most. */
function stands(source: SourceText, kind: string, before: number): Mention | undefined {
  const near = mentionsWithin(source, kind, { start: Math.max(0, before - 60), end: before }).at(-1);
  if (!near || near.end > before) return undefined;
  const within = { start: near.end, end: before };
  return isCovered(source, within, ["date.filler", "date.glue", "date.on"]) && !/[;|]|\n\s*\n/.test(source.text.slice(near.end, before)) ? near : undefined;
}

/** A word of this kind right after the offset. */
function followed(source: SourceText, kind: string, after: number): Mention | undefined {
  const near = mentionsWithin(source, kind, { start: after, end: after + 60 })[0];
  if (!near || /[;|]|\n\s*\n/.test(source.text.slice(after, near.start))) return undefined;
  return isCovered(source, { start: after, end: near.start }, ["date.filler", "date.glue", "date.to", "date.on"]) ? near : undefined;
}

/** "From 1 January 2026 to the present", "since March 2026". */
function openRanges(context: Context): RangeCandidate[] {
  const { source, dates } = context;
  return dates.flatMap((date) => {
    const present = followed(source, "date.present", date.tail);
    const onward = followed(source, "date.onward", date.tail);
    const since = stands(source, "date.since", date.start);
    if (!present && !onward && !since) return [];
    if (
      present &&
      !since &&
      mentionsWithin(source, "date.to", { start: date.tail, end: present.end }).length === 0 &&
      !/^\s*[-–—]\s*$/.test(source.text.slice(date.tail, present.start))
    )
      return [];
    if (since && !present && !isAskedHere(context, date.start)) return [];
    const end = present?.end ?? onward?.end ?? date.end;
    const readings = date.readings.map(({ from }) => ({ from, openEnd: true }));
    return [candidate(context, { start: since && !present && !onward ? since.start : date.start, end }, readings)];
  });
}

function isAskedHere({ source, asked }: Context, at: number): boolean {
  const unit = unitAt(source, at);
  return unit !== undefined && (asksFor(asked, unit, wordAt(source, at)) || mentionsWithin(source, "label.dateRange", unit).length > 0);
}

/** "1. bis 31. März 2026": the first end borrows its month and year from the second. */
function partialRanges(context: Context): RangeCandidate[] {
  const { source, dates } = context;
  return dates.flatMap((date, at) => {
    const connector = stands(source, "date.to", date.start) ?? dashBefore(source, date.start) ?? andAfterBetween(source, date.start);
    const [end] = date.readings;
    if (!connector || connector.start < (dates[at - 1]?.end ?? 0) || end.order !== "fixed") return [];
    const start = startOf(source, connector.first, end);
    if (!start) return [];
    const from = start.from <= end.to ? start.from : yearEarlier(start.from);
    return [candidate(context, { start: start.start, end: date.end }, [{ from, to: end.to }])];
  });
}

function yearEarlier(day: string): string {
  return Temporal.PlainDate.from(day).subtract({ years: 1 }).toString();
}

function dashBefore(source: SourceText, at: number): { start: number; first: number } | undefined {
  const match = /[-–—]\s{0,2}$/.exec(source.text.slice(Math.max(0, at - 4), at));
  return match ? { start: Math.max(0, at - 4) + match.index, first: wordAt(source, at) } : undefined;
}

function andAfterBetween(source: SourceText, at: number): Mention | undefined {
  const and = stands(source, "date.and", at);
  return and && mentionsWithin(source, "date.between", { start: Math.max(0, and.start - 40), end: and.start }).length > 0 ? and : undefined;
}

const dayToDay = /^(\d{1,2})(?:st|nd|rd|th)?\s*(?:-|–|—|to|through|and)\s*(\d{1,2})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)\b/;

/** "March 3–14, 2026": both days behind one month. */
function dayRanges(context: Context): RangeCandidate[] {
  const { source } = context;
  return (source.mentions.get("date.month") ?? []).flatMap((month) => {
    const skip = /^\.?\s{1,2}/.exec(source.text.slice(month.end, month.end + 4))?.[0].length ?? 0;
    const match = skip === 0 ? null : dayToDay.exec(source.text.slice(month.end + skip, month.end + skip + 40));
    const year = Number(match?.[3]);
    const from = match && dayText(year, Number(month.value), Number(match[1]));
    const to = match && dayText(year, Number(month.value), Number(match[2]));
    if (!match || !from || !to || from > to || unitAt(source, month.start)?.region !== "main") return [];
    return [candidate(context, { start: month.start, end: month.end + skip + match[0].length }, [{ from, to }])];
  });
}

/** Form fields "Start date: …" and "End date: …", in this order. */
function labelled(context: Context): RangeCandidate[] {
  const { source } = context;
  return (source.mentions.get("label.rangeStart") ?? []).flatMap((label) => {
    const start = dateBehind(context, label.end);
    const endLabel = start && mentionsWithin(source, "label.rangeEnd", { start: start.end, end: start.tail + 80 })[0];
    if (!start || !endLabel) return [];
    const end = dateBehind(context, endLabel.end);
    const present = end ? undefined : followed(source, "date.present", endLabel.end);
    if (end) return pairReadings(start, end).length === 0 ? [] : [candidate(context, { start: label.start, end: end.end }, pairReadings(start, end))];
    return present
      ? [
          candidate(
            context,
            { start: label.start, end: present.end },
            start.readings.map(({ from }) => ({ from, openEnd: true })),
          ),
        ]
      : [];
  });
}

function dateBehind({ source, dates }: Context, label: number): DateMention | undefined {
  const date = dates[firstAtOrAfter(dates, label)];
  return date && date.start - label <= 8 && isSeparator(source.text.slice(label, date.start)) ? date : undefined;
}

function isSeparator(text: string): boolean {
  return /^[\s:=|*_]*$/.test(text);
}

/** "The last 90 days": with the date of the message it becomes two days, without it stays a count. */
function relative(context: Context): RangeCandidate[] {
  const { source } = context;
  return (source.mentions.get("date.unit") ?? []).flatMap((unit) => {
    const near = { start: source.words[Math.max(0, unit.first - 4)]?.start ?? 0, end: source.words[unit.last + 2]?.end ?? unit.end };
    const last = mentionsWithin(source, "date.last", near).find((mention) => mention.first - unit.last <= 2 && unit.first - mention.last <= 4);
    const count = last && countNear(source, unit, last);
    if (!last || !count || !isAskedHere(context, unit.start)) return [];
    const lastDays = daysOf(count.value, unit.value);
    const at = { start: Math.min(last.start, count.start, unit.start), end: Math.max(last.end, unit.end, count.end) };
    return [candidate(context, at, [relativeRange(lastDays, context.messageDate)], context.messageDate === undefined)];
  });
}

function countNear(source: SourceText, unit: Mention, last: Mention): { value: number; start: number; end: number } | undefined {
  const first = Math.max(Math.min(last.first, unit.first) - 2, unit.first - 4);
  for (let at = unit.first - 1; at >= Math.max(0, first); at--) {
    const word = source.words[at];
    if (word && /^\d{1,4}$/.test(word.word)) return { value: Number(word.word), start: word.start, end: word.end };
  }
  const spelled = mentionsWithin(source, "date.number", { start: source.words[Math.max(0, first)]?.start ?? 0, end: unit.start }).at(-1);
  if (spelled) return { value: Number(spelled.value), start: spelled.start, end: spelled.end };
  return unit.first - last.last === 1 ? { value: 1, start: unit.start, end: unit.end } : undefined;
}

/** Months count 30 days and years 365 while nobody says from which day they run. */
function daysOf(count: number, unit: string): number {
  return count * (unit === "years" ? 365 : unit === "months" ? 30 : unit === "weeks" ? 7 : 1);
}

function relativeRange(lastDays: number, messageDate: string | undefined): DateRange {
  if (messageDate === undefined) return { lastDays };
  const to = Temporal.PlainDate.from(messageDate);
  return { from: to.subtract({ days: lastDays }).toString(), to: messageDate, lastDays };
}

const otherRoles = ["label.issued", "label.expires", "label.returns", "label.otherDate"];

/** Whether the date is said to be one of the paper's own: issued, due, signed, a birthday. */
function hasOtherRole(source: SourceText, date: DateMention): boolean {
  const unit = unitAt(source, date.start);
  const first = wordAt(source, date.start);
  const start = Math.max(unit?.start ?? 0, source.words[Math.max(0, first - 10)]?.start ?? 0);
  return otherRoles.some((kind) => mentionsWithin(source, kind, { start, end: date.start }).length > 0);
}

/** "Up to 31 March 2026", with no first day; "from account creation to 31 March 2026". */
function endOnly(context: Context): RangeCandidate[] {
  const { source, dates } = context;
  return dates.flatMap((date) => {
    const before = stands(source, "date.before", date.start) ?? stands(source, "date.to", date.start);
    if (!before || hasOtherRole(source, date) || !isAskedHere(context, date.start)) return [];
    const open = mentionsWithin(source, "date.openStart", { start: Math.max(0, before.start - 60), end: before.start }).at(-1);
    return [
      candidate(
        context,
        { start: open?.start ?? before.start, end: date.end },
        date.readings.map(({ to }) => ({ to })),
        open !== undefined,
      ),
    ];
  });
}

/** "During March 2026", "the year 2025". */
function wholePeriods(context: Context): RangeCandidate[] {
  const { source, dates } = context;
  const months = dates.filter((date) => date.unit === "month" && !hasOtherRole(source, date) && isAskedHere(context, date.start));
  const years = (source.mentions.get("date.year") ?? []).flatMap((mention) => {
    const word = source.words[mention.last + 1];
    const year = word && word.gap === 0 && /^(?:19|20)\d\d$/.test(word.word) ? word.word : undefined;
    return word && year && isAskedHere(context, mention.start)
      ? [candidate(context, { start: mention.start, end: word.end }, [{ from: `${year}-01-01`, to: `${year}-12-31` }], false)]
      : [];
  });
  return [...months.map((date) => candidate(context, date, [{ from: date.readings[0].from, to: date.readings[0].to }], false)), ...years];
}

/** "The sign-in records of 3 March 2026": one day, which a person should look at twice. */
function singleDays(context: Context): RangeCandidate[] {
  const { source, dates } = context;
  return dates
    .filter((date) => date.unit === "day" && !hasOtherRole(source, date) && isAskedHere(context, date.start))
    .filter((date) => stands(source, "date.on", date.start) !== undefined || isDateField(source, date))
    .map((date) =>
      candidate(
        context,
        date,
        date.readings.map(({ from, to }) => ({ from, to })),
        false,
      ),
    );
}

function isDateField(source: SourceText, date: DateMention): boolean {
  const label = mentionsWithin(source, "label.dateRange", { start: Math.max(0, date.start - 40), end: date.start }).at(-1);
  return label !== undefined && isSeparator(source.text.slice(label.end, date.start));
}
