// The yearly report: every case once, small numbers as ranges, and nothing that can be subtracted back.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { live, obey, releaseOfPlan, runs, someLife } from "../../tests/random-case.ts";
import {
  at,
  checked,
  compiled,
  details,
  history,
  opensAt,
  planA,
  proposed,
  received,
  releasable,
  releaseCommand,
  packaged,
  sealed,
  signed,
  take,
  us,
  verdict,
  workplace,
} from "../../tests/a-case.ts";
import { dayOf, instant, zone } from "../kernel/instant.ts";
import type { CaseFact } from "../requests/case-facts.ts";
import type { History } from "../requests/decision.ts";
import { outcomeOf, release } from "../requests/disclosure/release-steps.ts";
import { band, publish, total, words, type Published } from "./small-numbers.ts";
import { count, disclosed, emptyTally, outcomeOfTally, outcomes, receivedIn, type CountedOutcome, type Tally } from "./tally.ts";
import { measures, reportCsv, transparencyReport, type Counting, type Measure, type ReportRow } from "./transparency-report.ts";

const counting: Counting = {
  company: "Kutano",
  year: 2026,
  edition: 1,
  smallNumber: 9,
  treeSize: 1000,
  dataTypes: workplace.dataTypes,
  instruments: us.instruments,
};

function tallyOf(past: History | readonly CaseFact[]): Tally {
  return past.map((entry) => ("fact" in entry && typeof entry.fact === "object" ? entry.fact : entry) as CaseFact).reduce(count, emptyTally);
}

/** A case of one outcome, told by its tally alone. */
function ended(outcome: CountedOutcome, changes: Partial<Tally> = {}): Tally {
  const produced = outcome === "produced_full" || outcome === "produced_partial";
  return {
    ...emptyTally,
    receivedAt: instant("2026-06-01T12:00:00Z"),
    instrument: "US-SUBP-GJ",
    ...(outcome === "pending" ? {} : { closed: outcome }),
    ...(produced ? { released: true, records: { name: 1 }, accounts: 1, noticeBefore: true } : {}),
    ...changes,
  };
}

function many(n: number, outcome: CountedOutcome, changes: Partial<Tally> = {}): Tally[] {
  return Array.from({ length: n }, () => ended(outcome, changes));
}

function only(cases: readonly Tally[], changes: Partial<Counting> = {}): ReportRow {
  return transparencyReport(cases, { ...counting, ...changes }).rows[0] ?? assert.fail("no row");
}

function inWords(cells: Readonly<Record<Measure, Published>>): Record<string, string> {
  return Object.fromEntries(measures.map((measure) => [measure, words(cells[measure])]));
}

test("zero stays zero, one to nine become 1–9, ten is exact", () => {
  assert.deepEqual(
    [0, 1, 9, 10, 250].map((n) => words(publish(n, 9))),
    ["0", "1–9", "1–9", "10", "250"],
  );
});

test("a total adds what was published and knows nothing else", () => {
  assert.deepEqual(total([publish(3, 9), publish(12, 9), publish(0, 9)]), { low: 13, high: 21 });
  assert.deepEqual(total([]), { low: 0, high: 0 });
});

test("the bands of 50 USC 1874 begin at 0–249, also when there were none", () => {
  assert.deepEqual(
    [0, 1, 249, 250, 499, 500].map((n) => words(band(n, 250))),
    ["0–249", "0–249", "0–249", "250–499", "250–499", "500–749"],
  );
});

test("twelve subpoenas answered in full are counted exactly", () => {
  assert.deepEqual(inWords(only(many(12, "produced_full")).cells), {
    received: "12",
    produced_full: "12",
    produced_partial: "0",
    rejected: "0",
    referred: "0",
    withdrawn: "0",
    challenged: "0",
    no_records: "0",
    pending: "0",
    accounts: "12",
    content: "0",
    non_content: "12",
    notice_before: "12",
    notice_late: "0",
    notice_withheld: "0",
  });
});

test("three partial answers among twelve cannot be had by subtracting: neither from the requests, nor from the productions, nor from the notices", () => {
  assert.deepEqual(inWords(only([...many(12, "produced_full"), ...many(3, "produced_partial")]).cells), {
    received: "13–21",
    produced_full: "12",
    produced_partial: "1–9",
    rejected: "0",
    referred: "0",
    withdrawn: "0",
    challenged: "0",
    no_records: "0",
    pending: "0",
    accounts: "1–100",
    content: "0",
    non_content: "1–21",
    notice_before: "1–21",
    notice_late: "0",
    notice_withheld: "0",
  });
});

test("requests are counted once for each, under the paper they came with, and without one as no-instrument", () => {
  const { instrument: _, ...paperless } = ended("rejected");
  const report = transparencyReport(
    [...many(11, "rejected"), ...many(10, "rejected", { instrument: "US-SW" }), ...Array.from({ length: 12 }, () => paperless)],
    counting,
  );
  assert.deepEqual(
    report.rows.map(({ bucket, cells }) => [bucket, words(cells.received)]),
    [
      ["no-instrument", "12"],
      ["search-warrant", "10"],
      ["subpoena", "11"],
    ],
  );
  assert.equal(words(report.totals.received), "33");
});

test("a message that was set aside is in no column, and one that proved to be a request after all is", () => {
  const aside = tallyOf([received(), { type: "SetAside", as: "automatic-reply" }]);
  assert.deepEqual(transparencyReport([aside], counting).rows, []);
  const request = tallyOf([received(), { type: "SetAside", as: "automatic-reply" }, details()]);
  assert.equal(transparencyReport([request], counting).rows.length, 1);
});

test("a report printed under the rules 2026.1 is counted again under them, with their one band of 250", () => {
  const first = (n: number) => transparencyReport(many(n, "pending", { instrument: "US-NSL" }), { ...counting, rules: "2026.1" });
  assert.equal(first(0).rules, "2026.1");
  assert.deepEqual(
    [first(0).nationalSecurity, first(249).nationalSecurity, first(250).nationalSecurity],
    [
      { low: 0, high: 249 },
      { low: 0, high: 249 },
      { low: 250, high: 499 },
    ],
  );
  assert.equal(transparencyReport([], counting).rules, "2026.3");
});

test("secret papers are kept out of every other number, and a report that names no structure of bands says nothing of them", () => {
  const open = many(20, "rejected");
  const without = transparencyReport(open, counting);
  const withSecret = transparencyReport([...open, ...many(30, "pending", { instrument: "US-NSL", liftAttempts: 40 })], counting);
  assert.deepEqual(withSecret, without);
  assert.equal(without.nationalSecurity, null);
});

test("a request belongs to the year of its receipt in the desk's zone", () => {
  const tally = tallyOf([received("2027-01-01T06:59:59Z")]);
  const inZone = (place: string) => (moment: ReturnType<typeof instant>) => dayOf(moment, zone(place));
  assert.ok(receivedIn(tally, 2026, inZone("America/Denver")));
  assert.ok(!receivedIn(tally, 2026, inZone("Europe/Berlin")));
  assert.ok(!receivedIn(emptyTally, 2026, inZone("Europe/Berlin")));
});

const twoKinds = releasable.map((entry) =>
  entry.fact.type === "PackageSealed" ? { ...entry, fact: packaged({ records: { messages: 3, name: 1 }, accounts: 2 }) } : entry,
);

test("a case is counted fact by fact: paper, lines, records, accounts, notice, attempts", () => {
  const past = history(
    [{ type: "GagLiftAttempted", gag: "G1", addressee: "court", beneficiary: "customer", answer: "granted", argument: sealed("a") }],
    at(),
    take(twoKinds, release, releaseCommand, at(opensAt)),
  );
  const tally = tallyOf(past);
  assert.deepEqual(tally, {
    receivedAt: "2026-11-02T17:00:00.000Z",
    instrument: "US-SW",
    setAside: false,
    linesAsked: 1,
    selectors: 1,
    newPlatform: false,
    allowed: ["L1"],
    packed: { records: { messages: 3, name: 1 }, accounts: 2 },
    released: true,
    full: true,
    records: { messages: 3, name: 1 },
    accounts: 2,
    noticeBefore: true,
    noticeLate: false,
    liftAttempts: 1,
    lifted: 1,
  });
  assert.deepEqual(disclosed(tally, workplace.dataTypes), { content: true, nonContent: true });
  assert.equal(outcomeOfTally(tally), "produced_full");
});

test("a confirmed paper takes the place of every paper the reading proposed, and says whether its platform is new", () => {
  const read: CaseFact = { ...proposed(), instruments: ["US-SUBP-GJ", "US-NSL"] };
  assert.deepEqual(tallyOf([received(), read]).proposed, ["US-SUBP-GJ", "US-NSL"]);
  assert.deepEqual(tallyOf([received(), read, withoutPaper()]).proposed, ["US-SUBP-GJ", "US-NSL"]);
  const paper = { ...details().instrument, id: "US-FISA-ORDER", newPlatform: true } as NonNullable<ReturnType<typeof details>["instrument"]>;
  const tally = tallyOf([received(), read, details({ instrument: paper })]);
  assert.deepEqual([tally.proposed, tally.instrument, tally.newPlatform], [undefined, "US-FISA-ORDER", true]);
});

function withoutPaper(): CaseFact {
  const { instrument: _, ...fact } = details();
  return fact;
}

test("what was packed and never released was not disclosed", () => {
  assert.deepEqual(disclosed({ ...emptyTally, records: { messages: 3 } }, workplace.dataTypes), { content: false, nonContent: false });
});

test("notice counts as given before, given late, or withheld: one of the three for a case", () => {
  const notice = (late: boolean): CaseFact => ({ type: "NoticeGiven", workspace: "acme", revision: 1, letter: "l", noticeDays: 7, late, link: "d" });
  const withheld: CaseFact = { type: "NoticeWithheld", ground: "gag", gag: "G1" };
  const shown = (...facts: readonly CaseFact[]) => {
    const { cells } = only(Array.from({ length: 10 }, () => tallyOf([received(), details(), ...facts])));
    return [cells.notice_before, cells.notice_late, cells.notice_withheld].map(words).join(" ");
  };
  assert.equal(shown(notice(false)), "10 0 0");
  assert.equal(shown(withheld), "0 0 10");
  assert.equal(shown(withheld, notice(true)), "0 10 0");
  assert.equal(
    shown({ type: "ProductionReleased", package: "p", expiresAt: instant("2026-12-01T00:00:00Z"), downloads: 3, link: "l" }, notice(false)),
    "0 10 0",
  );
});

test("a ruling that leaves two of three lines makes the answer partial, also when the review is signed again", () => {
  const three = ["L1", "L2", "L3"];
  const verdicts = three.map((id) => verdict(id));
  const facts: readonly CaseFact[] = [
    received(),
    details({ lines: three.map((id) => ({ id, subject: "S1", dataType: "name" })) }),
    signed(verdicts),
    { type: "ChallengeOpened", challenge: "C1", brought: "desk", grounds: sealed("g") },
    { type: "ChallengeResolved", challenge: "C1", outcome: "narrowed", lines: ["L1", "L2"], ruling: sealed("r") },
    signed(verdicts),
    compiled(planA, ["L1", "L2"]),
    checked(),
    packaged({ package: "p", records: { name: 1 } }),
    { type: "ProductionReleased", package: "p", expiresAt: instant("2026-12-01T00:00:00Z"), downloads: 3, link: "l" },
  ];
  assert.equal(outcomeOf(history(facts)), "produced_partial");
  assert.equal(outcomeOfTally(tallyOf(facts)), "produced_partial");
});

test("the report's outcome of a case is the case's own outcome, in every life of a case that released or closed", () => {
  fc.assert(
    fc.property(someLife, (life) => {
      const { past } = live(life, ({ past: facts, on }) => obey(releaseOfPlan(facts), facts, on));
      if (!past.some(({ fact }) => fact.type === "ProductionReleased" || fact.type === "CaseClosed")) return;
      assert.equal(outcomeOfTally(tallyOf(past)), outcomeOf(past));
    }),
    runs,
  );
});

const someCases = fc.record({
  smallNumber: fc.constantFrom(5, 6, 9, 12),
  groups: fc.array(
    fc.record({
      n: fc.oneof(
        { weight: 3, arbitrary: fc.integer({ min: 1, max: 4 }) },
        { weight: 3, arbitrary: fc.integer({ min: 5, max: 14 }) },
        { weight: 1, arbitrary: fc.integer({ min: 90, max: 110 }) },
      ),
      outcome: fc.constantFrom(...outcomes),
      instrument: fc.constantFrom("US-SUBP-GJ", "US-SW", "US-NSL", "US-EDR"),
      content: fc.boolean(),
      notice: fc.constantFrom("before", "late", "withheld", "none"),
      accounts: fc.integer({ min: 1, max: 3 }),
      attempts: fc.nat({ max: 1 }),
      setAside: fc.boolean(),
    }),
    { maxLength: 6 },
  ),
});

function casesOf({
  groups,
}: {
  readonly groups: readonly {
    readonly n: number;
    readonly outcome: CountedOutcome;
    readonly instrument: string;
    readonly content: boolean;
    readonly notice: string;
    readonly accounts: number;
    readonly attempts: number;
    readonly setAside: boolean;
  }[];
}): Tally[] {
  return groups.flatMap(({ n, outcome, instrument, content, notice, accounts, attempts, setAside }) => {
    const produced = outcome === "produced_full" || outcome === "produced_partial";
    const told = {
      noticeBefore: notice === "before" || (produced && notice === "none"),
      noticeLate: notice === "late",
      ...(notice === "withheld" ? { withheld: "gag" as const } : {}),
    };
    return many(n, outcome, {
      instrument,
      setAside: setAside && !produced,
      liftAttempts: attempts,
      lifted: attempts,
      ...told,
      ...(produced ? { accounts, records: content ? { messages: 2 } : { name: 1 } } : {}),
    });
  });
}

test("no number from one to the small number is ever published, in a row or in a total", () => {
  fc.assert(
    fc.property(someCases, (random) => {
      const { rows, totals, liftAttempts, lifted } = transparencyReport(casesOf(random), { ...counting, smallNumber: random.smallNumber });
      for (const { low, high } of [...rows.flatMap(({ cells }) => Object.values(cells)), ...Object.values(totals), liftAttempts, lifted]) {
        assert.ok(low <= high);
        assert.ok(low !== high || low === 0 || low > random.smallNumber, `${low} was published`);
      }
    }),
    runs,
  );
});

test("every published figure contains the true one", () => {
  fc.assert(
    fc.property(someCases, (random) => {
      const cases = casesOf(random).filter(({ setAside, instrument }) => !setAside && instrument !== "US-NSL");
      const { rows } = transparencyReport(cases, { ...counting, smallNumber: random.smallNumber });
      for (const { bucket, cells } of rows) {
        const mine = cases.filter(({ instrument }) => us.instruments.find(({ id }) => id === instrument)?.report === bucket);
        const truth: Partial<Record<Measure, number>> = {
          received: mine.length,
          accounts: mine.reduce((sum, { accounts }) => sum + accounts, 0),
          notice_before: mine.filter(({ noticeBefore }) => noticeBefore).length,
          content: mine.filter(({ records }) => (records["messages"] ?? 0) > 0).length,
        };
        for (const outcome of outcomes) truth[outcome] = mine.filter(({ closed }) => (closed ?? "pending") === outcome).length;
        for (const [measure, n] of Object.entries(truth))
          assert.ok(cells[measure as Measure].low <= n && n <= cells[measure as Measure].high, `${bucket} ${measure} ${n}`);
      }
    }),
    runs,
  );
});

test("outcomes sum to the requests received, and every total is made from published cells alone", () => {
  fc.assert(
    fc.property(someCases, (random) => {
      const { rows, totals } = transparencyReport(casesOf(random), { ...counting, smallNumber: random.smallNumber });
      for (const { cells } of rows) assert.deepEqual(cells.received, total(outcomes.map((outcome) => cells[outcome])));
      for (const measure of measures) assert.deepEqual(totals[measure], total(rows.map(({ cells }) => cells[measure])));
    }),
    runs,
  );
});

/**
 * What a reader who knows the desk's rules can conclude about one hidden cell: the counts that fit everything published.
 * The rules: outcomes sum to the requests; each production disclosed content or non-content or both, concerned an account
 * at least, and came after a notice or a silence; no more requests than that were told, late or withheld.
 */
function consistent(cells: Readonly<Record<Measure, Published>>, hidden: Measure): Set<number> {
  const fits = new Set<number>();
  for (let guess = cells[hidden].low; guess <= cells[hidden].high; guess++) {
    const as = (measure: Measure): Published => (measure === hidden ? { low: guess, high: guess } : cells[measure]);
    const range = (...some: readonly Measure[]) => total(some.map(as));
    const all = overlap(range(...outcomes), as("received"));
    const produced = overlap(range("produced_full", "produced_partial"), { low: 0, high: all.high });
    const kinds = range("content", "non_content");
    const notices = range("notice_before", "notice_late", "notice_withheld");
    const possible =
      all.low <= all.high &&
      produced.low <= produced.high &&
      Math.max(as("content").low, as("non_content").low) <= produced.high &&
      kinds.high >= produced.low &&
      as("accounts").high >= produced.low &&
      notices.low <= all.high &&
      notices.high >= produced.low;
    if (possible) fits.add(guess);
  }
  return fits;
}

function overlap(a: Published, b: Published): Published {
  return { low: Math.max(a.low, b.low), high: Math.min(a.high, b.high) };
}

test("no small number can be worked out from the other figures of its row: more than one count always fits", () => {
  fc.assert(
    fc.property(someCases, (random) => {
      const { rows } = transparencyReport(casesOf(random), { ...counting, smallNumber: random.smallNumber });
      for (const { bucket, cells } of rows) {
        for (const measure of measures) {
          const { low, high } = cells[measure];
          if (low === high || (high > random.smallNumber && measure !== "accounts")) continue;
          assert.ok(consistent(cells, measure).size > 1, `${bucket} ${measure} can be worked out: ${JSON.stringify(inWords(cells))}`);
        }
      }
    }),
    runs,
  );
});

test("the CSV has one line a bucket and one of totals, and says ranges as ranges", () => {
  const report = transparencyReport([...many(12, "produced_full"), ...many(3, "rejected", { instrument: "US-SW" })], counting);
  assert.equal(
    reportCsv(report),
    "year,edition,type,received,produced_full,produced_partial,rejected,referred,withdrawn,challenged,no_records,pending,accounts,content,non_content,notice_before,notice_late,notice_withheld\r\n" +
      "2026,1,search-warrant,1–9,0,0,1–9,0,0,0,0,0,0,0,0,0,0,0\r\n" +
      "2026,1,subpoena,12,12,0,0,0,0,0,0,0,12,0,12,12,0,0\r\n" +
      "2026,1,total,13–21,12,0,1–9,0,0,0,0,0,12,0,12,12,0,0\r\n",
  );
});

test("a year without requests is a report of zeros", () => {
  const report = transparencyReport([], counting);
  assert.deepEqual(report.rows, []);
  assert.deepEqual([...new Set(Object.values(report.totals).map(words))], ["0"]);
});
