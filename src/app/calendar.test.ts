// The calendar over a real database: where each clock stands, what a sealed case may show, and what a month did to secrecy orders.
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { rehearsalClock } from "../adapters/clock/clocks.ts";
import type { Actor, CaseId } from "../kernel/ids.ts";
import { day, instant } from "../kernel/instant.ts";
import { openInstallation, type OpenInstallation } from "../main.ts";
import type { CaseFact } from "../requests/case-facts.ts";
import { readCalendar, readGagRegister, type DeskCalendar } from "./calendar.ts";
import { calendarLinkUntil, findCalendarReader, offerCalendarLink, revokeCalendarLink } from "./calendar-link.ts";
import type { Desk } from "./desk.ts";
import { appendFacts, readCase } from "./handle.ts";
import { settleViews } from "./project-views.ts";
import { setUpDesk, setUpFile } from "./set-up.ts";
import { findSession } from "./sign-in.ts";

const nothing = { vault: "nowhere", commitment: "none" };

describe("the desk's calendar", () => {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-calendar-"));
  const clock = rehearsalClock(instant("2026-11-02T17:00:00Z"));
  let installation: OpenInstallation;

  before(async () => {
    chmodSync(folder, 0o711);
    installation = await openInstallation({ dataDir: folder, zone: "{}" }, { clock });
    const file = setUpFile.parse({
      desk: { legalEntity: "Harbor Works Inc.", country: "US", timeZone: "America/Denver", mailboxes: ["legal@harborworks.example"] },
      policyPacks: ["data-request"],
      staff: [{ id: "ana", name: "Ana", email: "ana@harborworks.example", roles: ["analyst"] }],
    });
    const done = await setUpDesk(installation.ports, installation.deskId, installation.shelf, file, "desk" as Actor);
    assert.equal(done.kind, "done");
  });

  after(async () => {
    await installation?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function desk(): Promise<Desk> {
    return (await installation.desk()) ?? assert.fail("no desk");
  }

  async function write(caseId: string, ...facts: readonly CaseFact[]): Promise<void> {
    const at = await desk();
    const written = await appendFacts(at, {
      caseId: caseId as CaseId,
      by: "staff:ana" as Actor,
      expectedVersion: (await readCase(at, caseId as CaseId)).length,
      facts,
      alongside: [],
    });
    assert.equal(written.kind, "appended");
    await settleViews(at);
  }

  function arrived(): CaseFact {
    return {
      type: "RequestReceived",
      door: "mail",
      receivedAt: clock.now(),
      message: { object: "o", bytes: 1, commitment: "c" },
      packs: ["data-request@2026.1", "us@2026.1"],
    };
  }

  function subpoena(returnOn: string, revision = 1): CaseFact {
    return {
      type: "DetailsConfirmed",
      revision,
      nature: "criminal",
      instrument: { id: "US-SUBP-GJ", signedBy: "clerk", servedAt: clock.now(), returnOn: day(returnOn) },
      subjects: [],
      lines: [],
      missing: [],
      details: nothing,
    };
  }

  function order(gag: string, start: string, end?: string): CaseFact {
    return { type: "GagRecorded", gag, instrument: "US-NDO", start: day(start), ...(end === undefined ? {} : { end: day(end) }), defects: [], order: nothing };
  }

  function spansOf({ entries }: DeskCalendar): Record<string, string> {
    return Object.fromEntries(entries.map(({ caseId, span }) => [caseId, span]));
  }

  test("a clock stands where its day says, in the desk's zone, and interim measures make it stand still", async () => {
    const days = {
      "C-0000-0001": "2026-11-01",
      "C-0000-0002": "2026-11-02",
      "C-0000-0003": "2026-11-09",
      "C-0000-0004": "2026-11-10",
      "C-0000-0005": "2026-11-12",
    };
    for (const [caseId, returnOn] of Object.entries(days)) await write(caseId, arrived(), subpoena(returnOn));
    await write("C-0000-0005", { type: "ChallengeOpened", challenge: "ch", brought: "desk", grounds: nothing });
    await write("C-0000-0005", { type: "ChallengeStepTaken", challenge: "ch", step: "interim-measures-granted", on: day("2026-11-03"), papers: nothing });
    assert.deepEqual(spansOf(await readCalendar(await desk())), {
      "C-0000-0001": "overdue",
      "C-0000-0002": "today",
      "C-0000-0003": "week",
      "C-0000-0004": "later",
      "C-0000-0005": "still",
    });
    const moments = (await readCalendar(await desk())).entries.map(({ clock: { dueAt } }) => dueAt);
    assert.deepEqual(moments, moments.toSorted(), "the earliest first");
    assert.equal((await readCalendar(await desk(), new Set(["hold"]))).entries.length, 0, "none of these is a hold");
  });

  test("what was read before is not believed after a case has changed", async () => {
    assert.equal(spansOf(await readCalendar(await desk()))["C-0000-0004"], "later");
    await write("C-0000-0004", subpoena("2026-11-02", 2));
    assert.equal(spansOf(await readCalendar(await desk()))["C-0000-0004"], "today");
    await write("C-0000-0004", { type: "CaseClosed", outcome: "rejected" });
    assert.equal(spansOf(await readCalendar(await desk()))["C-0000-0004"], undefined, "a closed case owes no answer");
  });

  test("a hearing that is set stands in the calendar until its challenge is decided", async () => {
    await write("C-0000-0005", { type: "ChallengeStepTaken", challenge: "ch", step: "hearing-set", on: day("2026-11-20"), papers: nothing });
    const hearing = async () => (await readCalendar(await desk())).entries.filter(({ clock: { label } }) => label.startsWith("Hearing"));
    assert.deepEqual(
      (await hearing()).map(({ day: on, clock: { derivation } }) => [on, derivation]),
      [["2026-11-20", "set for Fri 20 Nov 2026"]],
    );
    await write("C-0000-0005", { type: "ChallengeResolved", challenge: "ch", outcome: "dismissed", ruling: nothing });
    assert.deepEqual(await hearing(), []);
  });

  test("a case under a secrecy order shows its number once, where its most urgent clock stands, and no clock", async () => {
    await write("C-0000-0006", arrived(), subpoena("2026-11-02"), order("g6", "2026-11-01", "2026-12-24"));
    const { entries, sealed } = await readCalendar(await desk());
    assert.ok(entries.every(({ caseId }) => caseId !== "C-0000-0006"));
    assert.deepEqual(sealed, { overdue: [], today: ["C-0000-0006"], week: [], later: [], still: [] });
  });

  test("an order outlives its case: the closed case stays in the calendar and in the register", async () => {
    await write("C-0000-0007", arrived(), order("g7", "2025-10-01"), { type: "CaseClosed", outcome: "rejected" });
    assert.ok(
      Object.values((await readCalendar(await desk())).sealed)
        .flat()
        .includes("C-0000-0007" as CaseId),
    );
    const { open } = await readGagRegister(await desk());
    assert.deepEqual(
      open.map(({ caseId, ageDays, gag }) => [caseId, ageDays, gag.end]),
      [
        ["C-0000-0007", 397, undefined],
        ["C-0000-0006", 1, "2026-12-24"],
      ],
      "those without an end first",
    );
    assert.ok(open[0]?.mayTell.includes("a lawyer"));
    assert.deepEqual(
      open[1]?.next.map(({ beneficiary }) => beneficiary),
      ["customer", "data-protection-authority"],
    );
  });

  test("the register tells what lapses this month, and next month what happened: lapsed, renewed, lifted, and whether the notice went out", async () => {
    await write("C-0000-0008", arrived(), order("g8", "2026-10-01", "2026-11-30"));
    await write("C-0000-0009", arrived(), order("g9", "2026-10-01", "2026-11-15"));
    const lapsing = (await readGagRegister(await desk())).open.filter(({ lapsesThisMonth }) => lapsesThisMonth).map(({ caseId }) => caseId);
    assert.deepEqual(lapsing.toSorted(), ["C-0000-0008", "C-0000-0009"]);
    clock.set(instant("2026-11-16T17:00:00Z"));
    await write("C-0000-0009", { type: "GagEnded", gag: "g9", how: "lapsed", on: day("2026-11-15") });
    await write("C-0000-0008", { type: "GagRenewed", gag: "g8", end: day("2027-11-30"), order: nothing });
    await write("C-0000-0006", { type: "GagEnded", gag: "g6", how: "lifted", on: day("2026-11-16") });
    await write(
      "C-0000-0006",
      { type: "NoticeGiven", workspace: "w", revision: 1, letter: "letter", noticeDays: 10, late: true, link: "l" },
      { type: "LetterSent", letter: "letter", kind: "late-notice", transcript: "0" },
    );
    clock.set(instant("2026-12-01T17:00:00Z"));
    const { lastMonth, month } = await readGagRegister(await desk());
    assert.deepEqual([lastMonth.first, lastMonth.last, month.last], ["2026-11-01", "2026-11-30", "2026-12-31"]);
    assert.deepEqual(lastMonth.events.map(({ caseId, what, noticeSent }) => [caseId, what, noticeSent]).toSorted(), [
      ["C-0000-0006", "lifted", true],
      ["C-0000-0008", "renewed", undefined],
      ["C-0000-0009", "lapsed", false],
    ]);
  });

  test("a link belongs to one person, opens no session, lasts a year, and can be taken back", async () => {
    const at = await desk();
    assert.equal(await calendarLinkUntil(at, "ana"), undefined);
    const token = await offerCalendarLink(at, "ana");
    assert.equal((await findCalendarReader(at, token))?.id, "ana");
    assert.equal(await findSession(at, token), undefined, "it signs nobody in");
    assert.equal(await findCalendarReader(at, `${token}x`), undefined);
    clock.set(instant("2027-12-02T17:00:00Z"));
    assert.equal(await findCalendarReader(at, token), undefined, "a year later it has run out");
    const next = await offerCalendarLink(at, "ana");
    await revokeCalendarLink(at, "ana");
    assert.equal(await findCalendarReader(at, next), undefined);
    await revokeCalendarLink(at, "ana");
  });
});
