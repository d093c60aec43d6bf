// Writes dates as calendar programs read them (RFC 5545): a stable id, a moment or a day, and nothing about people.

export interface IcsEntry {
  /** Never changes for one clock of one case. */
  readonly uid: string;
  readonly summary: string;
  /** A bare day, or a moment in UTC. */
  readonly due: { readonly day: string } | { readonly at: string };
  readonly category: string;
  /** It stands still: the date is not certain. */
  readonly isSuspended: boolean;
  readonly url?: string;
}

export interface IcsCalendar {
  readonly name: string;
  readonly description: string;
  /** When this was written, UTC. */
  readonly stamp: string;
  /** `events` show in every calendar program; `tasks` have a due date and a status. */
  readonly as: "events" | "tasks";
  readonly entries: readonly IcsEntry[];
}

/** The whole file: lines end with CRLF and are folded at 75 octets. The same calendar gives the same bytes. */
export function writeIcs({ name, description, stamp, as, entries }: IcsCalendar): string {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Portcullis//Desk calendar//EN",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    `NAME:${text(name)}`,
    `X-WR-CALNAME:${text(name)}`,
    `DESCRIPTION:${text(description)}`,
    "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ...(entries.length === 0 ? anyComponent : entries.flatMap((entry) => (as === "events" ? event(entry, stamp) : task(entry, stamp)))),
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join("");
}

/** A calendar must hold at least one component, also when nothing is due. */
const anyComponent = [
  "BEGIN:VTIMEZONE",
  "TZID:Etc/UTC",
  "BEGIN:STANDARD",
  "DTSTART:19700101T000000",
  "TZOFFSETFROM:+0000",
  "TZOFFSETTO:+0000",
  "END:STANDARD",
  "END:VTIMEZONE",
];

function event(entry: IcsEntry, stamp: string): readonly string[] {
  return [
    "BEGIN:VEVENT",
    ...shared(entry, stamp),
    `DTSTART${when(entry.due)}`,
    "TRANSP:TRANSPARENT",
    `STATUS:${entry.isSuspended ? "TENTATIVE" : "CONFIRMED"}`,
    "END:VEVENT",
  ];
}

/** Only what still runs is in the calendar, so nothing is ever more than begun. */
function task(entry: IcsEntry, stamp: string): readonly string[] {
  return [
    "BEGIN:VTODO",
    ...shared(entry, stamp),
    `DUE${when(entry.due)}`,
    `STATUS:${entry.isSuspended ? "IN-PROCESS" : "NEEDS-ACTION"}`,
    "PERCENT-COMPLETE:0",
    "END:VTODO",
  ];
}

function shared({ uid, summary, category, url }: IcsEntry, stamp: string): readonly string[] {
  return [
    `UID:${text(uid)}`,
    `DTSTAMP:${moment(stamp)}`,
    `SUMMARY:${text(summary)}`,
    `CATEGORIES:${text(category)}`,
    "CLASS:CONFIDENTIAL",
    ...(url === undefined ? [] : [`URL:${url}`]),
  ];
}

function when(due: IcsEntry["due"]): string {
  return "day" in due ? `;VALUE=DATE:${due.day.replaceAll("-", "")}` : `:${moment(due.at)}`;
}

/** `2026-03-06T22:15:00.000Z` → `20260306T221500Z`. */
function moment(at: string): string {
  return Temporal.Instant.from(at).toString({ smallestUnit: "second" }).replaceAll(/[-:]/g, "");
}

/** What TEXT may not hold as it stands: control characters are dropped, the four special ones are escaped. */
function text(value: string): string {
  return value
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(/(?!\n)\p{Cc}/gu, "")
    .replaceAll(/[\\;,]/g, (special) => `\\${special}`)
    .replaceAll("\n", "\\n");
}

const octetsALine = 75;

/** A line that goes on starts with a blank, which counts; no character is cut in two. */
function folded(line: string): string {
  let out = "";
  let octets = 0;
  for (const character of line) {
    const size = octetsOf(character);
    if (octets + size > octetsALine) {
      out += "\r\n ";
      octets = 1;
    }
    out += character;
    octets += size;
  }
  return out;
}

/** How long one character is in UTF-8. */
function octetsOf(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}
