// A calendar file is the same bytes for the same dates, and every program that keeps to RFC 5545 can read it.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { writeIcs, type IcsCalendar, type IcsEntry } from "./ics.ts";

const entries: readonly IcsEntry[] = [
  {
    uid: "a1@portcullis",
    summary: "C-7F3K-2M9Q: we act by then",
    due: { day: "2026-03-09" },
    category: "We act by then",
    isSuspended: false,
    url: "https://desk.example/desk/case/C-7F3K-2M9Q",
  },
  {
    uid: "b2@portcullis",
    summary: "C-8G4M-3N0R: nothing leaves before",
    due: { at: "2026-03-10T05:15:00.000Z" },
    category: "Nothing leaves before",
    isSuspended: true,
  },
];

const calendar: IcsCalendar = {
  name: "Harbor Works Inc.; legal, desk",
  description: "Running clocks. Cases under a secrecy order are not in it.",
  stamp: "2026-03-05T16:30:00.000Z",
  as: "events",
  entries,
};

const golden = [
  "BEGIN:VCALENDAR",
  "VERSION:2.0",
  "PRODID:-//Portcullis//Desk calendar//EN",
  "CALSCALE:GREGORIAN",
  "METHOD:PUBLISH",
  "NAME:Harbor Works Inc.\\; legal\\, desk",
  "X-WR-CALNAME:Harbor Works Inc.\\; legal\\, desk",
  "DESCRIPTION:Running clocks. Cases under a secrecy order are not in it.",
  "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
  "BEGIN:VEVENT",
  "UID:a1@portcullis",
  "DTSTAMP:20260305T163000Z",
  "SUMMARY:C-7F3K-2M9Q: we act by then",
  "CATEGORIES:We act by then",
  "CLASS:CONFIDENTIAL",
  "URL:https://desk.example/desk/case/C-7F3K-2M9Q",
  "DTSTART;VALUE=DATE:20260309",
  "TRANSP:TRANSPARENT",
  "STATUS:CONFIRMED",
  "END:VEVENT",
  "BEGIN:VEVENT",
  "UID:b2@portcullis",
  "DTSTAMP:20260305T163000Z",
  "SUMMARY:C-8G4M-3N0R: nothing leaves before",
  "CATEGORIES:Nothing leaves before",
  "CLASS:CONFIDENTIAL",
  "DTSTART:20260310T051500Z",
  "TRANSP:TRANSPARENT",
  "STATUS:TENTATIVE",
  "END:VEVENT",
  "END:VCALENDAR",
  "",
].join("\r\n");

test("the same dates give the same bytes", () => {
  assert.equal(writeIcs(calendar), golden);
});

test("as tasks the same dates have a due day and a status", () => {
  const lines = writeIcs({ ...calendar, as: "tasks" }).split("\r\n");
  assert.deepEqual(
    lines.filter((line) => /^(DUE|STATUS|PERCENT)/.test(line)),
    ["DUE;VALUE=DATE:20260309", "STATUS:NEEDS-ACTION", "PERCENT-COMPLETE:0", "DUE:20260310T051500Z", "STATUS:IN-PROCESS", "PERCENT-COMPLETE:0"],
  );
  assert.ok(!lines.some((line) => line.startsWith("DTSTART")));
});

test("a calendar in which nothing is due still holds a component", () => {
  const lines = writeIcs({ ...calendar, entries: [] }).split("\r\n");
  assert.ok(lines.includes("BEGIN:VTIMEZONE") && lines.includes("END:VTIMEZONE"));
  assert.equal(lines.at(-2), "END:VCALENDAR");
});

/** What a reader does: join folded lines, then take the escapes away. */
function readBack(file: string, property: string): string | undefined {
  const line = file
    .replaceAll("\r\n ", "")
    .split("\r\n")
    .find((each) => each.startsWith(`${property}:`));
  return line?.slice(property.length + 1).replaceAll(/\\([\\;,n])/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
}

test("no line is longer than 75 octets, no character is cut, and a reader gets every text back", () => {
  const name = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 300, size: "max" }),
    fc.string({ unit: fc.constantFrom("\\", ";", ",", "\n", "\r\n", "é", "漢", "👩🏽‍⚖️", "n"), maxLength: 200, size: "max" }),
  );
  fc.assert(
    fc.property(name, (words) => {
      const clean = words
        .toWellFormed()
        .replaceAll(/\r\n?/g, "\n")
        .replaceAll(/(?!\n)\p{Cc}/gu, "");
      const file = writeIcs({ ...calendar, name: words.toWellFormed(), entries: [] });
      assert.ok(file.endsWith("END:VCALENDAR\r\n"));
      assert.ok(!/[^\r]\n|\r[^\n]/.test(file), "every line ends with CRLF");
      for (const line of file.split("\r\n")) assert.ok(new TextEncoder().encode(line).length <= 75, line);
      assert.ok(!file.includes("\uFFFD") || clean.includes("\uFFFD"));
      assert.equal(readBack(file, "NAME"), clean);
    }),
    { numRuns: 500 },
  );
});
