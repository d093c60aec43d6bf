// Shows that periods are counted as the clauses say, against figures worked out by hand and against plain arithmetic.
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { addDays, day, dayOf, daysBetween, instant, zone } from "../kernel/instant.ts";
import type { Calendar, DeadlineRule } from "./deadline-rule.ts";
import { addBusinessDays, countedFrom, dayWords, dueBy, endOfNamedDay, isWorkingDay, opensAfter } from "./deadline-rule.ts";
import { isJurisdiction, loadPack } from "./load-pack.ts";

const file = "packs/jurisdictions/us.yaml";
const loaded = loadPack({ file, text: readFileSync(new URL(`../../${file}`, import.meta.url), "utf8") });
assert.ok(isJurisdiction(loaded));
const holidays = loaded.pack.holidays.map(day);

const denver: Calendar = { zone: zone("America/Denver"), holidays };
const berlin: Calendar = { zone: zone("Europe/Berlin"), holidays: [] };
const newYork: Calendar = { zone: zone("America/New_York"), holidays };

const days = (n: number, clause = "HOUSE"): DeadlineRule => ({ n, unit: "days", clause });

test("72 hours are elapsed hours: when clocks go forward the wall shows one hour more (W-4)", () => {
  const due = dueBy({ n: 72, unit: "hours", clause: "DPA-8.1a" }, { event: "received", at: instant("2026-03-06T22:15-07:00") }, denver);
  assert.deepEqual(due, {
    due: "2026-03-10T05:15:00.000Z",
    derivation: "received Fri 6 Mar 2026 22:15 Denver + 72 hours = Mon 9 Mar 2026 23:15 Denver (clocks went forward), DPA-8.1a",
  });
});

test("24 hours are elapsed hours: when clocks go back the wall shows one hour less (W-5)", () => {
  const due = dueBy({ n: 24, unit: "hours", clause: "SEC-2.1" }, { event: "suspected", at: instant("2026-10-24T09:00+02:00") }, berlin);
  assert.equal(due.due, instant("2026-10-25T08:00+01:00"));
  assert.equal(due.derivation, "suspected Sat 24 Oct 2026 09:00 Berlin + 24 hours = Sun 25 Oct 2026 08:00 Berlin (clocks went back), SEC-2.1");
});

test("hours without a clock change say nothing of clocks, and show seconds only when there are some", () => {
  const due = dueBy({ n: 1, unit: "hours", clause: "HOUSE" }, { event: "received", at: instant("2026-06-01T10:00:30Z") }, { zone: zone("UTC"), holidays: [] });
  assert.equal(due.derivation, "received Mon 1 Jun 2026 10:00:30 UTC + 1 hour = Mon 1 Jun 2026 11:00:30 UTC, HOUSE");
});

test("hours from a bare day run from its first moment", () => {
  assert.equal(dueBy({ n: 2, unit: "hours", clause: "HOUSE" }, { event: "dated", on: day("2026-06-01") }, denver).due, instant("2026-06-01T02:00-06:00"));
});

test("a period of no days ends with the day of its event and adds nothing in words, and a day that somebody named ends in the same words", () => {
  const ended = { due: "2026-11-03T06:59:59.999Z", dueDay: "2026-11-02" };
  assert.deepEqual(dueBy(days(0), { event: "received", at: instant("2026-11-02T15:40-07:00") }, denver), {
    ...ended,
    derivation: "received Mon 2 Nov 2026 15:40 Denver = end of Mon 2 Nov 2026 Denver, HOUSE",
  });
  assert.deepEqual(endOfNamedDay({ event: "return date on the paper", on: day("2026-11-02") }, "HOUSE", denver), {
    ...ended,
    derivation: "return date on the paper Mon 2 Nov 2026 = end of Mon 2 Nov 2026 Denver, HOUSE",
  });
});

test("notice on day 0 leaves days 1 to 7 to the customer, and production opens on day 8", () => {
  const notice = opensAfter({ days: 7, clause: "KDRP-13" }, { event: "notice given", at: instant("2026-11-02T15:40-07:00") }, denver);
  assert.deepEqual(notice, {
    lastDay: "2026-11-09",
    opensOn: "2026-11-10",
    opensAt: instant("2026-11-10T00:00-07:00"),
    derivation: "notice given Mon 2 Nov 2026 15:40 Denver (day 0); days 1 to 7 end on Mon 9 Nov 2026; open from Tue 10 Nov 2026 Denver, KDRP-13",
  });
});

test("the day of a notice is the day on the desk's own clock, not in UTC", () => {
  const late = opensAfter({ days: 7, clause: "KDRP-13" }, { event: "notice given", at: instant("2026-11-02T23:30-07:00") }, denver);
  assert.equal(late.opensOn, "2026-11-10");
});

test("a sub-processor window of 30 days from 17 July opens on 17 August (W-6)", () => {
  assert.equal(opensAfter({ days: 30, clause: "DPA-6.6" }, { event: "received", on: day("2026-07-17") }, berlin).opensOn, "2026-08-17");
});

test("a comity motion against a warrant served on 2 November falls due on 16 November", () => {
  const due = dueBy({ ...days(14, "18 USC 2703(h)(2)"), rolls: true }, { event: "served", on: day("2026-11-02") }, newYork);
  assert.equal(due.dueDay, "2026-11-16");
  assert.equal(due.due, instant("2026-11-16T23:59:59.999-05:00"));
  assert.equal(due.derivation, "served Mon 2 Nov 2026 + 14 days = end of Mon 16 Nov 2026 New York, 18 USC 2703(h)(2)");
});

test("a rolling last day on a weekend before a holiday moves to the day after the holiday", () => {
  const due = dueBy({ ...days(14, "18 USC 2703(h)(2)"), rolls: true }, { event: "served", on: day("2026-08-22") }, newYork);
  assert.equal(due.derivation, "served Sat 22 Aug 2026 + 14 days = end of Tue 8 Sep 2026 New York (Sat 5 Sep 2026 is no working day), 18 USC 2703(h)(2)");
});

test("a last day on a weekend stays where no rule moves it", () => {
  assert.equal(dueBy(days(14), { event: "served", on: day("2026-08-22") }, newYork).dueDay, "2026-09-05");
});

test("a preservation runs 90 days, and 90 more from its last day when it is renewed", () => {
  const first = dueBy(days(90, "18 USC 2703(f)"), { event: "received", on: day("2026-03-02") }, newYork);
  assert.equal(first.dueDay, "2026-05-31");
  const second = dueBy(days(90, "18 USC 2703(f)"), { event: "renewed, first period ended", on: day("2026-05-31") }, newYork);
  assert.equal(second.dueDay, "2026-08-29");
  assert.equal(daysBetween(day("2026-03-02"), day("2026-08-29")), 180);
});

test("three business days from the eve of Independence Day pass over the holiday and the weekend", () => {
  const due = dueBy({ n: 3, unit: "business-days", clause: "HOUSE" }, { event: "gag ended", on: day("2026-07-02") }, denver);
  assert.equal(due.dueDay, "2026-07-08");
  assert.equal(
    due.derivation,
    "gag ended Thu 2 Jul 2026 + 3 business days = end of Wed 8 Jul 2026 Denver (not counted: weekends, the holiday of Fri 3 Jul 2026), HOUSE",
  );
});

test("a gag that ends on a Saturday leaves three full business days", () => {
  assert.equal(dueBy({ n: 3, unit: "business-days", clause: "HOUSE" }, { event: "gag ended", on: day("2026-09-05") }, denver).dueDay, "2026-09-10");
});

test("a count into a year whose holidays are unknown says so", () => {
  const due = dueBy({ n: 3, unit: "business-days", clause: "HOUSE" }, { event: "gag ended", on: day("2028-12-28") }, denver);
  assert.match(due.derivation, /no holidays of 2029 are known/);
  assert.doesNotMatch(due.derivation, /2028 are known/);
});

test("a month keeps the day number and is clamped to the month's end", () => {
  const month = (from: string, n: number) => dueBy({ n, unit: "months", clause: "HOUSE" }, { event: "dated", on: day(from) }, berlin);
  assert.equal(month("2026-01-31", 1).dueDay, "2026-02-28");
  assert.equal(month("2028-01-31", 1).dueDay, "2028-02-29");
  assert.equal(month("2026-01-31", 2).dueDay, "2026-03-31");
  assert.equal(month("2026-08-31", 3).dueDay, "2026-11-30");
  assert.equal(month("2026-01-15", 12).dueDay, "2027-01-15");
  assert.match(month("2026-01-31", 1).derivation, /the month has no such day: its last day counts/);
  assert.doesNotMatch(month("2026-01-31", 2).derivation, /no such day/);
});

test("the worked day counts of the clause book come out (W-3, W-7)", () => {
  const due = (from: string, n: number) => dueBy(days(n), { event: "received", on: day(from) }, berlin).dueDay;
  assert.equal(due("2026-01-31", 30), "2026-03-02");
  assert.equal(due("2026-04-10", 30), "2026-05-10");
  assert.equal(due("2026-09-30", 90), "2026-12-29");
  assert.equal(due("2026-10-20", 30), "2026-11-19");
});

test("a day period counts from the trigger's day in the zone and ends with its last millisecond", () => {
  const due = dueBy(days(1), { event: "received", at: instant("2026-03-07T23:30-07:00") }, denver);
  assert.equal(due.dueDay, "2026-03-08");
  assert.equal(due.due, instant("2026-03-08T23:59:59.999-06:00"));
});

test("a count that is no whole number, is negative or runs away is a mistake of the program, whatever its unit", () => {
  const due = (n: number, unit: DeadlineRule["unit"]) => dueBy({ n, unit, clause: "HOUSE" }, { event: "received", on: day("2026-01-01") }, berlin);
  for (const n of [-1, 1.5, Number.NaN, Infinity, 36_601])
    for (const unit of ["hours", "days", "business-days", "months"] as const)
      assert.throws(() => due(n, unit), { name: "RangeError", message: "a period must be a whole number from 0 to 36600" }, `${n} ${unit}`);
  assert.equal(due(36_600, "days").dueDay, addDays(day("2026-01-01"), 36_600));
  assert.equal(due(0, "days").dueDay, "2026-01-01");
});

test("a period of days `beginning with` the event has that day as its day 1, and ends one day earlier than one that counts after it", () => {
  const last = (n: number, counts?: "after" | "beginning-with") =>
    countedFrom(day("2026-11-02"), { n, unit: "days", ...(counts === undefined ? {} : { counts }) });
  assert.equal(last(14), "2026-11-16");
  assert.equal(last(14, "after"), "2026-11-16");
  assert.equal(last(14, "beginning-with"), "2026-11-15");
  assert.equal(last(1, "beginning-with"), "2026-11-02");
  assert.equal(last(0, "beginning-with"), "2026-11-02");
  assert.equal(last(0), "2026-11-02");
});

test("two months `beginning with` the day of issue end on the day before that number; a month without such a day ends with its own last day", () => {
  const last = (from: string, n: number, counts: "after" | "beginning-with") => countedFrom(day(from), { n, unit: "months", counts });
  const table: readonly (readonly [from: string, n: number, after: string, beginningWith: string])[] = [
    ["2026-03-15", 2, "2026-05-15", "2026-05-14"],
    ["2026-01-01", 1, "2026-02-01", "2026-01-31"],
    ["2026-01-28", 1, "2026-02-28", "2026-02-27"],
    ["2026-01-29", 1, "2026-02-28", "2026-02-28"],
    ["2026-01-30", 1, "2026-02-28", "2026-02-28"],
    ["2026-01-31", 1, "2026-02-28", "2026-02-28"],
    ["2028-01-29", 1, "2028-02-29", "2028-02-28"],
    ["2028-01-31", 1, "2028-02-29", "2028-02-29"],
    ["2026-08-31", 1, "2026-09-30", "2026-09-30"],
    ["2028-02-29", 12, "2029-02-28", "2029-02-28"],
    ["2026-03-31", 0, "2026-03-31", "2026-03-31"],
  ];
  for (const [from, n, after, beginningWith] of table) {
    assert.equal(last(from, n, "after"), after, `${n} months after ${from}`);
    assert.equal(last(from, n, "beginning-with"), beginningWith, `${n} months beginning with ${from}`);
  }
});

test("business days `beginning with` a working day count it; a weekend or holiday on which they begin does not count", () => {
  const last = (from: string, n: number) =>
    dueBy({ n, unit: "business-days", counts: "beginning-with", clause: "HOUSE" }, { event: "received", on: day(from) }, denver).dueDay;
  assert.equal(last("2026-11-02", 3), "2026-11-04");
  assert.equal(last("2026-11-02", 1), "2026-11-02");
  assert.equal(last("2026-10-31", 1), "2026-11-02");
  assert.equal(last("2026-11-11", 1), "2026-11-12");
  assert.equal(last("2026-11-02", 0), "2026-11-02");
});

test("a count that begins with the day of the event says so, so that a reader can count again", () => {
  const due = dueBy({ n: 10, unit: "days", counts: "beginning-with", clause: "HOUSE" }, { event: "served", on: day("2026-11-02") }, newYork);
  assert.equal(due.derivation, "served Mon 2 Nov 2026 + 10 days beginning with that day = end of Wed 11 Nov 2026 New York, HOUSE");
});

test("a derivation names what was passed over and nothing else", () => {
  const line = (n: number, from: string, calendar = denver) =>
    dueBy({ n, unit: "business-days", clause: "HOUSE" }, { event: "gag ended", on: day(from) }, calendar).derivation;
  assert.equal(line(3, "2026-11-02"), "gag ended Mon 2 Nov 2026 + 3 business days = end of Thu 5 Nov 2026 Denver, HOUSE");
  assert.equal(line(1, "2026-11-06"), "gag ended Fri 6 Nov 2026 + 1 business day = end of Mon 9 Nov 2026 Denver (not counted: weekends), HOUSE");
  assert.equal(
    line(1, "2026-11-10"),
    "gag ended Tue 10 Nov 2026 + 1 business day = end of Thu 12 Nov 2026 Denver (not counted: the holiday of Wed 11 Nov 2026), HOUSE",
  );
  const saturday = { ...denver, holidays: [day("2026-11-07")] };
  assert.equal(line(1, "2026-11-06", saturday), "gag ended Fri 6 Nov 2026 + 1 business day = end of Mon 9 Nov 2026 Denver (not counted: weekends), HOUSE");
});

test("a plain count of days or months says nothing of holidays or of a month's end that did not matter", () => {
  assert.equal(
    dueBy(days(1), { event: "received", on: day("2026-01-31") }, berlin).derivation,
    "received Sat 31 Jan 2026 + 1 day = end of Sun 1 Feb 2026 Berlin, HOUSE",
  );
  const month = (from: string) => dueBy({ n: 1, unit: "months", clause: "HOUSE" }, { event: "dated", on: day(from) }, berlin).derivation;
  assert.equal(month("2026-01-15"), "dated Thu 15 Jan 2026 + 1 month = end of Sun 15 Feb 2026 Berlin, HOUSE");
  assert.equal(month("2026-01-31"), "dated Sat 31 Jan 2026 + 1 month = end of Sat 28 Feb 2026 Berlin (the month has no such day: its last day counts), HOUSE");
});

test("a rule that moves its last day needs the holidays of every year it touches, and says which are unknown", () => {
  const line = (from: string, n = 14) => dueBy({ ...days(n, "18 USC 2703(h)(2)"), rolls: true }, { event: "served", on: day(from) }, newYork).derivation;
  assert.doesNotMatch(line("2028-12-01"), /known/);
  assert.match(line("2028-12-20"), /\(no holidays of 2029 are known\), 18 USC/);
  assert.match(line("2024-12-20", 801), /\(no holidays of 2024 are known\), 18 USC/);
});

test("without a waiting time the door opens on the next day, and the reason says that there was none to wait", () => {
  const none = opensAfter({ days: 0, clause: "IGRP-1" }, { event: "notice given", on: day("2026-11-02") }, denver);
  assert.deepEqual(none, {
    lastDay: "2026-11-02",
    opensOn: "2026-11-03",
    opensAt: instant("2026-11-03T00:00-07:00"),
    derivation: "notice given Mon 2 Nov 2026 (day 0); no waiting days; open from Tue 3 Nov 2026 Denver, IGRP-1",
  });
});

test("a day is named by its weekday and month in words, in every month of the year", () => {
  assert.deepEqual(
    Array.from({ length: 12 }, (_, index) => dayWords(day(`2026-${String(index + 1).padStart(2, "0")}-09`))),
    [
      "Fri 9 Jan 2026",
      "Mon 9 Feb 2026",
      "Mon 9 Mar 2026",
      "Thu 9 Apr 2026",
      "Sat 9 May 2026",
      "Tue 9 Jun 2026",
      "Thu 9 Jul 2026",
      "Sun 9 Aug 2026",
      "Wed 9 Sep 2026",
      "Fri 9 Oct 2026",
      "Mon 9 Nov 2026",
      "Wed 9 Dec 2026",
    ],
  );
});

test("thirty days to cure from a notice received on 31 January end on 2 March, and the right arises on 3 March (W-3)", () => {
  const cure = opensAfter({ days: 30, clause: "PPT-4a" }, { event: "received", on: day("2026-01-31") }, denver);
  assert.deepEqual([cure.lastDay, cure.opensAt], ["2026-03-02", instant("2026-03-03T00:00-07:00")]);
  assert.equal(dueBy(days(30, "PPT-4a"), { event: "received", on: day("2026-12-02") }, denver).dueDay, "2027-01-01");
});

test("a government's request of Friday 22:15 is notified by Monday 23:15 on the wall, whichever zone shows it (W-4)", () => {
  const received = { event: "received", at: instant("2026-03-07T05:15:00Z") };
  for (const calendar of [denver, berlin, newYork])
    assert.equal(dueBy({ n: 72, unit: "hours", clause: "DPA-8.1a" }, received, calendar).due, instant("2026-03-10T05:15:00Z"));
});

test("a day of 23 hours and a day of 25 hours are one day each when days are counted (W-4, W-5)", () => {
  const next = (at: string, calendar: Calendar) => dueBy(days(1), { event: "received", at: instant(at) }, calendar).due;
  assert.equal(next("2026-03-08T00:30-07:00", denver), instant("2026-03-09T23:59:59.999-06:00"));
  assert.equal(next("2026-10-25T00:30+02:00", berlin), instant("2026-10-26T23:59:59.999+01:00"));
});

test("twenty days of the standard clauses end on 6 August and thirty of the agreement on 16 August; the start is lawful on the 17th (W-6)", () => {
  const due = (n: number, clause: string) => dueBy(days(n, clause), { event: "complete notice received", on: day("2026-07-17") }, berlin).dueDay;
  assert.deepEqual([due(20, "EUK-4.2(c)"), due(30, "DPA-6.6")], ["2026-08-06", "2026-08-16"]);
});

test("a request to delete that comes late in the ninety days ends after them, so that the ninety still bind (W-7)", () => {
  const due = (from: string, n: number) => dueBy(days(n, "DPA-10"), { event: "received", on: day(from) }, berlin).dueDay ?? assert.fail();
  assert.deepEqual([due("2026-09-30", 90), due("2026-12-15", 30)], ["2026-12-29", "2027-01-14"]);
  assert.ok(due("2026-10-20", 30) < due("2026-09-30", 90), "a request in October shortens");
});

test("the next ordinary audit is a rolling year after the last one (W-8)", () => {
  assert.equal(countedFrom(day("2026-03-10"), { n: 12, unit: "months" }), "2027-03-10");
});

test("a period `beginning with` a day is never longer than one counted after it, and at most one day shorter", () => {
  fc.assert(
    fc.property(fc.nat({ max: 2000 }), fc.nat({ max: 60 }), fc.constantFrom("days" as const, "months" as const), (offset, n, unit) => {
      const from = addDays(day("2026-01-01"), offset);
      const [after, within] = (["after", "beginning-with"] as const).map((counts) => countedFrom(from, { n, unit, counts }));
      assert.ok(after !== undefined && within !== undefined);
      assert.ok([0, 1].includes(daysBetween(within, after)));
      assert.ok(within >= from);
    }),
  );
});

test("any number of hours is that many times 3600 seconds, whatever the zone", () => {
  const zones = ["America/Denver", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia", "UTC"];
  fc.assert(
    fc.property(fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }), fc.nat({ max: 2000 }), fc.constantFrom(...zones), (seconds, n, name) => {
      const at = instant(new Date(seconds * 1000).toISOString());
      const { due } = dueBy({ n, unit: "hours", clause: "HOUSE" }, { event: "received", at }, { zone: zone(name), holidays: [] });
      assert.equal(Date.parse(due) - Date.parse(at), n * 3_600_000);
    }),
  );
});

test("between the trigger and a due business day lie exactly n working days, and it ends on one", () => {
  fc.assert(
    fc.property(fc.nat({ max: 1000 }), fc.integer({ min: 1, max: 30 }), (offset, n) => {
      const from = addDays(day("2025-01-01"), offset);
      const to = addBusinessDays(from, n, denver);
      const between = Array.from({ length: daysBetween(from, to) }, (_, index) => addDays(from, index + 1));
      assert.equal(between.filter((date) => isWorkingDay(date, denver)).length, n);
      assert.ok(isWorkingDay(to, denver));
    }),
  );
});

test("production never opens while a waiting day is left: the moment before is still the last waiting day", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }), fc.nat({ max: 60 }), (seconds, n) => {
      const at = instant(new Date(seconds * 1000).toISOString());
      const period = opensAfter({ days: n, clause: "KDRP-13" }, { event: "notice given", at }, denver);
      const before = instant(new Date(Date.parse(period.opensAt) - 1).toISOString());
      assert.equal(dayOf(before, denver.zone), period.lastDay);
      assert.equal(daysBetween(dayOf(at, denver.zone), period.opensOn), n + 1);
    }),
  );
});
