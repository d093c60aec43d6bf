// The clocks of a paper's own law: from which fact each starts, how long it runs, what it waits for, and what ends it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { at as circumstances, details, everyLaw, history, line, onDay, received, sealed, us } from "../../../tests/a-case.ts";
import { instant, zone } from "../../kernel/instant.ts";
import type { Instrument, JurisdictionPack, PaperClock } from "../../policy/pack.ts";
import type { CaseFact } from "../case-facts.ts";
import type { Circumstances, History } from "../decision.ts";
import type { DetailsConfirmed, InstrumentFacts } from "../intake/events.ts";
import { calendarOf, clarificationOpen, holdReasons, paperClocksOf, type RunningPaperClock } from "./paper-clocks.ts";

const dublin = zone("Europe/Dublin");
const eu = everyLaw.find(({ pack }) => pack.id === "eu") ?? assert.fail("no EU pack");

/** Noon of 4 November 2026 in Dublin, under every law of the shelf. */
function at(now = "2026-11-04T12:00:00Z", changes: Partial<Omit<Circumstances, "now" | "today">> = {}): Circumstances {
  return circumstances(now, { zone: dublin, laws: everyLaw, ...changes });
}

/** A paper served on Monday 2 November 2026 at ten in Dublin. */
function served(id: string, facts: Partial<InstrumentFacts> = {}, changes: Partial<DetailsConfirmed> = {}): History {
  return history([received(), details({ instrument: { id, servedAt: instant("2026-11-02T10:00:00Z"), ...facts }, ...changes })]);
}

function after(past: History, ...steps: readonly (readonly [string, CaseFact])[]): History {
  return steps.reduce<History>((before, [moment, fact]) => history([fact], at(moment), before), past);
}

function clock(past: History, id: string, when = at()): RunningPaperClock {
  const found = paperClocksOf(past, when).filter(({ clock: each }) => each.id === id);
  assert.equal(found.length, 1, `${id} among ${ids(past, when).join(", ")}`);
  return found[0] ?? assert.fail();
}

function ids(past: History, when = at()): readonly string[] {
  return paperClocksOf(past, when).map(({ clock: { id } }) => id);
}

/** The law of the shelf with one paper written otherwise: the program reads clocks from packs and knows none of its own. */
function where(paper: string, change: (instrument: Instrument) => Instrument): readonly JurisdictionPack[] {
  return everyLaw.map((law) => ({ ...law, instruments: law.instruments.map((each) => (each.id === paper ? change(each) : each)) }));
}

const plain: Omit<PaperClock, "id" | "kind"> = { label: "A clock", from: "served", suspendedBy: [], endedBy: [], citation: "The law, art. 1", basis: "law" };

function withClock(paper: string, more: Partial<PaperClock> & Pick<PaperClock, "id" | "kind">): readonly JurisdictionPack[] {
  return where(paper, (instrument) => ({ ...instrument, clocks: [{ ...plain, ...more }, ...instrument.clocks] }));
}

const days = (n: number) => ({ n, unit: "days", counts: "after", rolls: false }) as const;
const hours = (n: number) => ({ n, unit: "hours", counts: "after", rolls: false }) as const;

const asked: CaseFact = { type: "ClarificationAsked", points: [] };
const answered: CaseFact = { type: "ClarificationAnswered", answer: sealed("answer") };
const closed: CaseFact = { type: "CaseClosed", outcome: "rejected" };
const withdrawn: CaseFact = { type: "RequestWithdrawn", by: "agency" };
const released: CaseFact = { type: "ProductionReleased", package: "p", expiresAt: instant("2026-11-24T07:00:00Z"), downloads: 3, link: "l" };
const challenged: CaseFact = { type: "ChallengeOpened", challenge: "C1", brought: "desk", grounds: sealed("g") };
const ruled: CaseFact = { type: "ChallengeResolved", challenge: "C1", outcome: "dismissed", ruling: sealed("r") };
const raised: CaseFact = { type: "ConflictRaised", conflict: "K1", reasons: sealed("r") };
const decided: CaseFact = { type: "ConflictDecided", conflict: "K1", upheld: false, decision: sealed("d") };
const preserved: CaseFact = { type: "PreservationEnded", preservation: "P1", how: "released" };

function said(answer: "cleared" | "refused" | "partial"): CaseFact {
  return { type: "AuthorityAnswered", answer, evidence: sealed("e") };
}

const told = { emergency: false, authorityNotified: true } as const;
const untold = { emergency: false, authorityNotified: false } as const;

// Which clocks run

test("a European production order runs the clocks of its own case: emergency or not, authority told or not; what nobody knows holds and starts nothing", () => {
  const always = ["challenge-1"];
  const table = [
    [false, false, ["answer"], 0],
    [false, true, ["hold"], 1],
    [false, undefined, ["hold"], 1],
    [true, false, ["answer", "validation"], 0],
    [true, true, ["answer", "authority-objection", "validation"], 0],
    [true, undefined, ["answer", "validation"], 0],
    [undefined, false, [], 0],
    [undefined, true, ["hold"], 1],
    [undefined, undefined, ["hold"], 1],
  ] as const;
  for (const [emergency, authorityNotified, own, holds] of table) {
    const past = served("EU-EPOC", { ...(emergency === undefined ? {} : { emergency }), ...(authorityNotified === undefined ? {} : { authorityNotified }) });
    assert.deepEqual([...ids(past)].toSorted(), [...own, ...always].toSorted(), `${emergency} ${authorityNotified}`);
    assert.deepEqual(
      holdReasons(past, at("2026-11-03T12:00:00Z")).map(({ clause, code }) => `${clause} ${code}`),
      Array.from({ length: holds }, () => "V20 AUTHORITY_HOLD"),
    );
  }
});

test("without details, without a paper, and for a paper of no known law no clock of a law runs", () => {
  const { instrument: _, ...noPaper } = details();
  assert.deepEqual(ids([]), []);
  assert.deepEqual(ids(history([received(), noPaper])), []);
  assert.deepEqual(ids(served("XX-NONE")), []);
  assert.deepEqual(ids(served("EU-EPOC"), at(undefined, { laws: [us] })), []);
});

test("an order is answered in ten days, in an emergency in eight hours, counted from service", () => {
  const ordinary = clock(served("EU-EPOC", untold), "answer");
  assert.deepEqual([ordinary.startedAt, ordinary.dueAt], ["2026-11-02T10:00:00.000Z", "2026-11-12T23:59:59.999Z"]);
  assert.equal(
    ordinary.derivation,
    "served Mon 2 Nov 2026 10:00 Dublin + 10 days = end of Thu 12 Nov 2026 Dublin, Regulation (EU) 2023/1543, art. 10(3), (6), (8), 17(3)",
  );
  assert.equal(clock(served("EU-EPOC", { emergency: true }), "answer").dueAt, "2026-11-02T18:00:00.000Z");
});

test("where the paper's own law counts the day of service as the first day, the period ends a day earlier", () => {
  assert.equal(clock(served("UK-OPO"), "answer").dueAt, "2026-11-08T23:59:59.999Z");
});

test("a period that runs from the date on the paper starts with the first moment of that day, and not at all where the paper shows no date", () => {
  const dated = clock(served("UK-PACE-PO", { issuedOn: onDay("2026-10-30") }), "answer");
  assert.deepEqual([dated.startedAt, dated.dueAt], ["2026-10-30T00:00:00.000Z", "2026-11-06T23:59:59.999Z"]);
  assert.match(dated.derivation, /^issued Fri 30 Oct 2026 \+ 7 days = end of Fri 6 Nov 2026 Dublin/);
  assert.deepEqual(ids(served("UK-PACE-PO")), []);
});

test("a paper that names its own day is answered by the end of that day, and one that names none has no clock", () => {
  const named = clock(served("US-SW", { returnOn: onDay("2026-11-20") }), "answer");
  assert.deepEqual([named.startedAt, named.dueAt], ["2026-11-02T10:00:00.000Z", "2026-11-20T23:59:59.999Z"]);
  assert.deepEqual(ids(served("US-SW")), []);
});

// Working days

test("working days are those of the paper's own law: the Union's Christmas counts, the Thanksgiving of the United States does not", () => {
  const recognition = (servedAt: string) => clock(served("EU-EA-ENFORCE", { servedAt: instant(servedAt) }), "recognition").dueAt;
  assert.equal(recognition("2026-12-21T10:00:00Z"), "2026-12-29T23:59:59.999Z");
  assert.equal(recognition("2026-11-23T10:00:00Z"), "2026-11-30T23:59:59.999Z");
});

test("the calendar of a case is the one of its paper's law; before a paper is known, of the desk's first law; without a law, it has no holidays", () => {
  const holidays = (past: History, laws: readonly JurisdictionPack[]) => calendarOf(past, at(undefined, { laws })).holidays;
  assert.deepEqual(holidays(served("US-SW"), [eu, us]), us.holidays);
  assert.deepEqual(holidays(served("EU-EPOC"), [us, eu]), eu.holidays);
  assert.deepEqual(holidays([], [us, eu]), us.holidays);
  assert.deepEqual(holidays(served("XX-NONE"), [eu, us]), eu.holidays);
  assert.deepEqual(holidays(served("US-SW"), []), []);
  assert.equal(calendarOf([], at()).zone, "Europe/Dublin");
  assert.notDeepEqual(us.holidays, eu.holidays);
});

// The authority's time to refuse, and sending after it

test("the authority's time ends with the last millisecond of the tenth day", () => {
  const past = served("EU-EPOC", told);
  const over = (now: string) => clock(past, "hold", at(now)).over;
  assert.deepEqual(["2026-11-12T23:59:59.999Z", "2026-11-13T00:00:00.000Z"].map(over), [false, true]);
  assert.deepEqual(
    ["2026-11-12T23:59:59.999Z", "2026-11-13T00:00:00.000Z"].map((now) => holdReasons(past, at(now)).length),
    [1, 0],
  );
});

test("only the word that it will not refuse ends its time early; a refusal, whole or in part, does not", () => {
  const past = served("EU-EPOC", told);
  const over = (answer: "cleared" | "refused" | "partial") =>
    clock(after(past, ["2026-11-05T09:00:00Z", said(answer)]), "hold", at("2026-11-05T10:00:00Z")).over;
  assert.deepEqual((["cleared", "refused", "partial"] as const).map(over), [true, false, false]);
  const taken = after(past, ["2026-11-05T09:00:00Z", said("cleared")], ["2026-11-06T09:00:00Z", said("refused")]);
  assert.equal(clock(taken, "hold", at("2026-11-06T10:00:00Z")).over, false);
});

test("where a law gives its authority the whole time, its word does not shorten it", () => {
  const laws = where("EU-EPOC", (instrument) => ({ ...instrument, clocks: instrument.clocks.map((each) => ({ ...each, endedBy: [] })) }));
  const past = after(served("EU-EPOC", told), ["2026-11-05T09:00:00Z", said("cleared")]);
  assert.equal(clock(past, "hold", at("2026-11-05T10:00:00Z", { laws })).over, false);
});

test("sending is owed twelve hours after the hold has ended: by the authority's word, or by the end of its time, and not before", () => {
  const past = served("EU-EPOC", told);
  assert.ok(!ids(past, at("2026-11-12T23:59:59.998Z")).includes("transmit"));
  const silent = clock(past, "transmit", at("2026-11-13T00:00:00Z"));
  assert.deepEqual([silent.startedAt, silent.dueAt, silent.over], ["2026-11-12T23:59:59.999Z", "2026-11-13T11:59:59.999Z", false]);
  assert.match(silent.derivation, /^the authority's time ended Thu 12 Nov 2026 23:59:59 Dublin \+ 12 hours/);
  const cleared = clock(after(past, ["2026-11-05T09:00:00Z", said("cleared")]), "transmit", at("2026-11-05T10:00:00Z"));
  assert.deepEqual([cleared.startedAt, cleared.dueAt], ["2026-11-05T09:00:00.000Z", "2026-11-05T21:00:00.000Z"]);
  assert.match(cleared.derivation, /^authority cleared Thu 5 Nov 2026 09:00 Dublin \+ 12 hours/);
  const refused = after(past, ["2026-11-05T09:00:00Z", said("refused")]);
  assert.ok(!ids(refused, at("2026-11-05T10:00:00Z")).includes("transmit"));
  assert.equal(clock(refused, "transmit", at("2026-11-13T00:00:00Z")).startedAt, "2026-11-12T23:59:59.999Z");
});

test("where a law has one hold for ordinary orders and a shorter one for emergencies, each order is sent after its own", () => {
  const hold = { ...(eu.instruments.find(({ id }) => id === "EU-EPOC")?.clocks.find(({ kind }) => kind === "hold") ?? assert.fail()) };
  const laws = where("EU-EPOC", (instrument) => ({
    ...instrument,
    clocks: [
      { ...hold, id: "hold-untold", lasts: days(30), when: { authorityNotified: false } },
      { ...hold, id: "hold-urgent", lasts: hours(96), when: { emergency: true, authorityNotified: true } },
      ...instrument.clocks.map(({ when, ...each }) => (each.id === "transmit" ? each : { ...each, ...(when === undefined ? {} : { when }) })),
    ],
  }));
  const started = (facts: Partial<InstrumentFacts>) => clock(served("EU-EPOC", facts), "transmit", at("2026-12-30T12:00:00Z", { laws })).startedAt;
  assert.equal(started({ emergency: true, authorityNotified: true }), "2026-11-06T10:00:00.000Z");
  assert.equal(started(told), "2026-11-12T23:59:59.999Z");
});

test("where a law has no hold, or nobody told an authority, nothing waits for the end of one", () => {
  const unconditional = (instrument: Instrument): Instrument => ({
    ...instrument,
    clocks: instrument.clocks.map(({ when, ...each }) => (each.id === "transmit" || when === undefined ? each : { ...each, when })),
  });
  const late = (laws: readonly JurisdictionPack[]) => at("2026-12-30T12:00:00Z", { laws });
  const always = where("EU-EPOC", unconditional);
  assert.ok(ids(served("EU-EPOC", told), late(always)).includes("transmit"));
  assert.ok(!ids(served("EU-EPOC", untold), late(always)).includes("transmit"));
  assert.ok(!ids(served("EU-EPOC", { emergency: false }), late(always)).includes("transmit"));
  const without = where("EU-EPOC", (instrument) => ({
    ...unconditional(instrument),
    clocks: unconditional(instrument).clocks.filter(({ kind }) => kind !== "hold"),
  }));
  assert.ok(!ids(served("EU-EPOC", told), late(without)).includes("transmit"));
});

// Clarifications

test("while the agency's answer to a question is out the clock stands still, and the days it took are added afterwards", () => {
  const past = served("EU-EPOC", untold);
  const open = after(past, ["2026-11-04T12:00:00Z", asked]);
  assert.deepEqual([clock(open, "answer").suspended, clock(open, "answer").dueAt], [true, "2026-11-12T23:59:59.999Z"]);
  const settled = clock(after(open, ["2026-11-07T09:00:00Z", answered]), "answer");
  assert.deepEqual([settled.suspended, settled.dueAt], [false, "2026-11-15T23:59:59.999Z"]);
  assert.equal(
    settled.derivation,
    "served Mon 2 Nov 2026 10:00 Dublin + 10 days = end of Thu 12 Nov 2026 Dublin, Regulation (EU) 2023/1543, art. 10(3), (6), (8), 17(3); stood still 3 days for a clarification = end of Sun 15 Nov 2026",
  );
});

test("a question answered on the same day adds no day, one answered on the next adds one, and two questions add up", () => {
  const past = served("EU-EPOC", untold);
  const same = after(past, ["2026-11-04T09:00:00Z", asked], ["2026-11-04T23:00:00Z", answered]);
  assert.equal(clock(same, "answer").dueAt, "2026-11-12T23:59:59.999Z");
  assert.doesNotMatch(clock(same, "answer").derivation, /stood still/);
  const next = after(past, ["2026-11-04T23:00:00Z", asked], ["2026-11-05T00:00:00Z", answered]);
  assert.equal(clock(next, "answer").dueAt, "2026-11-13T23:59:59.999Z");
  assert.match(clock(next, "answer").derivation, /; stood still 1 day for a clarification = end of Fri 13 Nov 2026$/);
  const twice = after(next, ["2026-11-06T09:00:00Z", asked], ["2026-11-08T09:00:00Z", answered]);
  assert.match(clock(twice, "answer").derivation, /; stood still 3 days for a clarification = end of Sun 15 Nov 2026$/);
});

test("a question that is open again adds only the days of the one that was answered, and the clock stands still again", () => {
  const past = after(served("EU-EPOC", untold), ["2026-11-04T09:00:00Z", asked], ["2026-11-06T09:00:00Z", answered], ["2026-11-07T09:00:00Z", asked]);
  assert.deepEqual([clock(past, "answer").suspended, clock(past, "answer").dueAt], [true, "2026-11-14T23:59:59.999Z"]);
});

test("a question stops only the clocks that the law says stand still: the days to object run on", () => {
  const past = after(served("EU-EPOC", untold), ["2026-11-04T12:00:00Z", asked], ["2026-11-07T09:00:00Z", answered]);
  assert.equal(clock(past, "challenge-1").dueAt, "2026-11-12T23:59:59.999Z");
  assert.equal(clock(after(served("EU-EPOC", untold), ["2026-11-04T12:00:00Z", asked]), "challenge-1").suspended, false);
  assert.equal(clock(after(served("US-SW", { returnOn: onDay("2026-11-20") }), ["2026-11-04T12:00:00Z", asked]), "answer").suspended, false);
});

test("an answer without a question answers nothing, and a second answer to one question changes nothing", () => {
  const past = served("EU-EPOC", untold);
  assert.equal(clock(after(past, ["2026-11-05T09:00:00Z", answered]), "answer").dueAt, "2026-11-12T23:59:59.999Z");
  const again = after(past, ["2026-11-04T09:00:00Z", asked], ["2026-11-06T09:00:00Z", answered], ["2026-11-09T09:00:00Z", answered]);
  assert.equal(clock(again, "answer").dueAt, "2026-11-14T23:59:59.999Z");
  assert.deepEqual([clarificationOpen(past), clarificationOpen(after(past, ["2026-11-04T09:00:00Z", asked])), clarificationOpen(again)], [false, true, false]);
});

test("the agency has five days for its answer, from the question and not from service, and its clock is over when it has answered", () => {
  const open = after(served("EU-EPOC", untold), ["2026-11-04T12:00:00Z", asked]);
  const theirs = clock(open, "clarification");
  assert.deepEqual([theirs.startedAt, theirs.dueAt, theirs.over], ["2026-11-04T12:00:00.000Z", "2026-11-09T23:59:59.999Z", false]);
  assert.match(theirs.derivation, /^clarification asked Wed 4 Nov 2026 12:00 Dublin \+ 5 days/);
  const settled = after(open, ["2026-11-05T12:00:00Z", answered]);
  assert.equal(clock(settled, "clarification").over, true);
  const again = clock(after(settled, ["2026-11-10T12:00:00Z", asked]), "clarification");
  assert.deepEqual([again.startedAt, again.over], ["2026-11-10T12:00:00.000Z", false]);
});

test("a duty to preserve lapses when the authority has left our question unanswered for five days, and not a millisecond before", () => {
  const open = after(served("EU-EPOC-PR"), ["2026-11-04T12:00:00Z", asked]);
  const over = (past: History, now: string) => clock(past, "preservation", at(now)).over;
  assert.deepEqual(
    ["2026-11-09T23:59:59.999Z", "2026-11-10T00:00:00.000Z"].map((now) => over(open, now)),
    [false, true],
  );
  assert.equal(over(served("EU-EPOC-PR"), "2026-11-10T00:00:00.000Z"), false);
  assert.equal(over(after(open, ["2026-11-09T12:00:00Z", answered]), "2026-11-10T00:00:00.000Z"), false);
  assert.equal(clock(open, "clarification", at("2026-11-10T00:00:00.000Z")).over, false);
});

test("a production order does not lapse by silence, and a law that gives the authority no days for its answer lets nothing lapse", () => {
  const late = "2026-12-01T12:00:00Z";
  assert.equal(clock(after(served("EU-EPOC", untold), ["2026-11-04T12:00:00Z", asked]), "answer", at(late)).over, false);
  const laws = where("EU-EPOC-PR", (instrument) => ({ ...instrument, clocks: instrument.clocks.filter(({ kind }) => kind !== "theirs") }));
  assert.equal(clock(after(served("EU-EPOC-PR"), ["2026-11-04T12:00:00Z", asked]), "preservation", at(late, { laws })).over, false);
});

// Keeping and renewing

test("data is kept ninety days and once ninety more in the United States, sixty and once thirty more under a European preservation order, and never longer", () => {
  const renewed: CaseFact = { type: "PreservationRenewed", preservation: "P1", until: onDay("2027-01-01") };
  const kept = (paper: string, times: number) => {
    const past = history(
      Array.from({ length: times }, () => renewed),
      at(),
      served(paper),
    );
    const { dueAt, derivation } = clock(past, "preservation");
    return [dueAt.slice(0, 10), derivation] as const;
  };
  const last = (paper: string) => [0, 1, 2, 5].map((times) => kept(paper, times)[0]);
  assert.deepEqual(last("US-PRES"), ["2027-01-31", "2027-05-01", "2027-05-01", "2027-05-01"]);
  assert.deepEqual(last("EU-EPOC-PR"), ["2027-01-01", "2027-01-31", "2027-01-31", "2027-01-31"]);
  assert.equal(
    kept("US-PRES", 1)[1],
    "served Mon 2 Nov 2026 10:00 Dublin + 90 days = end of Sun 31 Jan 2027 Dublin, 18 USC 2703(f)(2); renewed, from Sun 31 Jan 2027 + 90 days = end of Sat 1 May 2027 Dublin, 18 USC 2703(f)(2)",
  );
});

test("a law that lets a period be renewed twice counts each renewal from the last day before it", () => {
  const laws = where("US-PRES", (instrument) => ({
    ...instrument,
    clocks: instrument.clocks.map(({ renewal, ...each }) => ({ ...each, ...(renewal === undefined ? {} : { renewal: { ...renewal, times: 2 } }) })),
  }));
  const renewed: CaseFact = { type: "PreservationRenewed", preservation: "P1", until: onDay("2027-01-01") };
  const due = (times: number) =>
    clock(
      history(
        Array.from({ length: times }, () => renewed),
        at(),
        served("US-PRES"),
      ),
      "preservation",
      at(undefined, { laws }),
    ).dueAt.slice(0, 10);
  assert.deepEqual([0, 1, 2, 3].map(due), ["2027-01-31", "2027-05-01", "2027-07-30", "2027-07-30"]);
});

test("keeping ends when somebody ends it, and by nothing else: not by release, by closing, by a challenge, nor by the mere passing of its last day", () => {
  const past = served("US-PRES");
  for (const fact of [released, closed, withdrawn, challenged, raised]) assert.equal(clock(history([fact], at(), past), "preservation").over, false, fact.type);
  assert.equal(clock(past, "preservation", at("2028-01-01T12:00:00Z")).over, false);
  assert.equal(clock(history([preserved], at(), past), "preservation").over, true);
});

// What ends a clock

test("each kind of clock is over by the facts that end it, and by no other", () => {
  const facts: Readonly<Record<string, readonly CaseFact[]>> = {
    released: [released],
    closed: [closed],
    withdrawn: [withdrawn],
    challenged: [challenged, ruled],
    objected: [raised, decided],
    cleared: [said("cleared")],
    preserved: [preserved],
    acknowledged: [{ type: "RequestAcknowledged" }],
    sent: [{ type: "LetterSent", letter: "l", kind: "production-ready", transcript: "0" }],
  };
  const enders = (past: History, id: string) => Object.entries(facts).flatMap(([name, more]) => (clock(history(more, at(), past), id).over ? [name] : []));
  assert.deepEqual(enders(served("EU-EPOC", untold), "answer"), ["released", "closed", "withdrawn"]);
  assert.deepEqual(enders(served("EU-EPOC", told), "hold"), ["cleared"]);
  assert.deepEqual(enders(served("EU-EPOC", untold), "challenge-1"), ["released", "closed", "withdrawn", "objected"]);
  assert.deepEqual(enders(served("US-PRES"), "preservation"), ["preserved"]);
  assert.deepEqual(enders(served("EU-EPOC", { emergency: true, authorityNotified: true }), "authority-objection"), ["cleared"]);
});

test("any answer of the authority that was told ends its time to object to the use of what was sent in an emergency", () => {
  const past = served("EU-EPOC", { emergency: true, authorityNotified: true });
  assert.equal(clock(past, "authority-objection").over, false);
  for (const answer of ["cleared", "refused", "partial"] as const)
    assert.equal(clock(after(past, ["2026-11-04T12:00:00Z", said(answer)]), "authority-objection").over, true, answer);
});

test("telling what effect was given is owed from the release on: a release starts it and does not end it, closing the case does", () => {
  const past = served("EU-DSA-10");
  assert.ok(!ids(past).includes("effect"));
  const gone = after(past, ["2026-11-04T12:00:00Z", released]);
  const effect = clock(gone, "effect");
  assert.deepEqual([effect.startedAt, effect.dueAt, effect.over], ["2026-11-04T12:00:00.000Z", "2026-11-05T12:00:00.000Z", false]);
  assert.match(effect.derivation, /^released Wed 4 Nov 2026 12:00 Dublin \+ 24 hours/);
  assert.equal(clock(after(gone, ["2026-11-04T13:00:00Z", closed]), "effect").over, true);
  assert.equal(clock(after(gone, ["2026-11-04T13:00:00Z", closed]), "acknowledge").over, true);
});

test("what a law asks for after an answer to an emergency starts with that answer and is not ended by it", () => {
  const laws = withClock("US-EDR", { id: "report", kind: "duty", lasts: days(3), from: "emergency-answered" });
  const past = served("US-EDR");
  assert.ok(!ids(past, at(undefined, { laws })).includes("report"));
  const gone = clock(after(past, ["2026-11-04T12:00:00Z", released]), "report", at(undefined, { laws }));
  assert.deepEqual([gone.startedAt, gone.dueAt, gone.over], ["2026-11-04T12:00:00.000Z", "2026-11-07T23:59:59.999Z", false]);
});

test("a duty to acknowledge is kept by the acknowledgement where the law says so", () => {
  const laws = withClock("EU-DSA-10", { id: "receipt", kind: "duty", lasts: hours(24), endedBy: ["acknowledged"] });
  const past = served("EU-DSA-10");
  assert.equal(clock(past, "receipt", at(undefined, { laws })).over, false);
  assert.equal(clock(history([{ type: "RequestAcknowledged" }], at(), past), "receipt", at(undefined, { laws })).over, true);
});

test("a duty to send the answer is kept by the letter that says the production is ready, and by no other letter", () => {
  const laws = withClock("EU-DSA-10", { id: "tell", kind: "duty", lasts: hours(24), from: "effect-given", endedBy: ["answer-sent"] });
  const gone = after(served("EU-DSA-10"), ["2026-11-04T12:00:00Z", released]);
  const over = (...facts: readonly CaseFact[]) => clock(history(facts, at(), gone), "tell", at(undefined, { laws })).over;
  assert.equal(over(), false);
  assert.equal(over({ type: "LetterSent", letter: "l", kind: "acknowledgement", transcript: "0" }), false);
  assert.equal(over({ type: "LetterFailed", letter: "l", kind: "production-ready", permanent: true, code: "550" }), false);
  assert.equal(over({ type: "LetterSent", letter: "l", kind: "production-ready", transcript: "0" }), true);
});

test("validation is owed no more once it has come, or where the one who signed needs none", () => {
  const laws = withClock("EU-EPOC", { id: "owed", kind: "theirs", lasts: hours(48), endedBy: ["validated"] });
  const over = (facts: Partial<InstrumentFacts>) => clock(served("EU-EPOC", { emergency: true, ...facts }), "owed", at(undefined, { laws })).over;
  assert.equal(over({}), false);
  assert.equal(over({ signedBy: "agency" }), false);
  assert.equal(over({ signedBy: "agency", validatedBy: "judge" }), true);
  assert.equal(over({ signedBy: "judge" }), true);
  assert.equal(over({ signedBy: "prosecutor" }), true);
});

test("where a paper has one rule for everything it may reach, validation is not owed by the ranks that may sign it", () => {
  const laws = withClock("EU-EPOC-PR", { id: "owed", kind: "theirs", lasts: hours(48), endedBy: ["validated"] });
  const over = (facts: Partial<InstrumentFacts>) => clock(served("EU-EPOC-PR", facts), "owed", at(undefined, { laws })).over;
  assert.deepEqual([over({ signedBy: "prosecutor" }), over({ signedBy: "agency" }), over({})], [true, false, false]);
});

// Challenges, objections, secrecy

test("an objection under another country's law that is in time stops the clock while it is pending, and not when it is decided", () => {
  const past = served("EU-EPOC", untold);
  const suspended = (...facts: readonly CaseFact[]) => clock(history(facts, at(), past), "answer").suspended;
  assert.deepEqual(
    [[], [raised], [raised, decided], [challenged, ruled, raised]].map((facts) => suspended(...facts)),
    [false, true, false, true],
  );
  const onDayTen = after(past, ["2026-11-12T23:59:59.999Z", raised]);
  const late = after(past, ["2026-11-13T00:00:00.000Z", raised]);
  assert.deepEqual(
    [onDayTen, late].map((each) => clock(each, "answer", at("2026-11-13T12:00:00Z")).suspended),
    [true, false],
  );
  assert.equal(clock(history([challenged, raised], at(), served("US-PRES")), "preservation").suspended, false);
  assert.equal(clock(history([raised], at(), served("US-SUBP-GJ", { returnOn: onDay("2026-11-20") })), "answer").suspended, false);
});

test("a challenge stops the clock by a route to which the law gives that effect, taken in its time, or by a court's interim measures until they are refused", () => {
  const past = served("EU-EPOC", untold);
  const routes = eu.instruments.find(({ id }) => id === "EU-EPOC")?.challenge ?? assert.fail();
  const by = (route: string): CaseFact => ({ ...challenged, route }) as CaseFact;
  const suspended = (each: History, now = "2026-11-13T12:00:00Z") => clock(each, "answer", at(now)).suspended;
  assert.equal(suspended(history([challenged], at(), past)), false);
  for (const { route, suspends } of routes) assert.equal(suspended(history([by(route)], at(), past)), suspends, route);
  const [first] = routes;
  assert.ok(first?.within !== undefined);
  assert.equal(suspended(after(past, ["2026-11-13T00:00:00.000Z", by(first.route)])), false);
  assert.equal(suspended(history([by(first.route), ruled], at(), past)), false);
  const step = (name: string): CaseFact =>
    ({ type: "ChallengeStepTaken", challenge: "C1", step: name, on: onDay("2026-11-04"), papers: sealed("p") }) as CaseFact;
  const steps = (...names: readonly string[]) => suspended(history([challenged, ...names.map(step)], at(), past));
  assert.deepEqual(
    [
      ["filed", "interim-measures-asked"],
      ["interim-measures-granted", "hearing-set"],
      ["interim-measures-granted", "interim-measures-refused"],
    ].map((names) => steps(...names)),
    [false, true, false],
  );
  const another = { ...step("interim-measures-granted"), challenge: "C2" } as CaseFact;
  assert.equal(suspended(history([challenged, another], at(), past)), false);
});

test("the last day of a route is over once that route was taken, and not by another", () => {
  const past = served("EU-EPOC", untold);
  const [first, second] = eu.instruments.find(({ id }) => id === "EU-EPOC")?.challenge ?? [];
  assert.ok(first !== undefined && second !== undefined);
  const by = (route: string): CaseFact => ({ ...challenged, route }) as CaseFact;
  assert.deepEqual(
    [first, second].map(({ route }) => clock(history([by(route)], at(), past), "challenge-1").over),
    [true, false],
  );
});

test("the days to move against a warrant on comity run only where its law gives that route, and roll to a working day", () => {
  const comity = (places: DetailsConfirmed["places"], servedAt = "2026-11-02T10:00:00Z", dataType = "messages") =>
    paperClocksOf(
      served("US-SW", { servedAt: instant(servedAt) }, { lines: [line("L1", { dataType })], ...(places === undefined ? {} : { places }) }),
      at(),
    ).map(({ clock: each, dueAt }) => [each.id, each.kind, each.citation, dueAt]);
  const london = { customer: "GB", person: "GB" };
  assert.deepEqual(comity(london), [["challenge-2", "option", "18 USC 2703(h)(2)", "2026-11-16T23:59:59.999Z"]]);
  assert.deepEqual(comity(london, "2026-10-31T10:00:00Z"), [["challenge-2", "option", "18 USC 2703(h)(2)", "2026-11-16T23:59:59.999Z"]]);
  assert.deepEqual(comity({ customer: "FR", person: "FR" }), []);
  assert.deepEqual(comity({ customer: "GB", person: "US" }), []);
  assert.deepEqual(comity(london, undefined, "name"), []);
  assert.deepEqual(comity(undefined), []);
});

test("a right to challenge is named by its route", () => {
  const { clock: option } = clock(served("EU-EPOC", untold), "challenge-1");
  assert.deepEqual(option, {
    id: "challenge-1",
    label: "Last day for: reasoned objection by Form 3: the law of a third country forbids the answer",
    kind: "option",
    lasts: days(10),
    from: "served",
    suspendedBy: [],
    endedBy: [],
    citation: "Regulation (EU) 2023/1543, art. 17(1) to 17(3)",
    basis: "law",
  });
});

test("a court has the days its law gives to decide an objection, from the objection on, and its clock is over when every objection is decided", () => {
  const laws = withClock("EU-EPOC", { id: "court", kind: "theirs", lasts: days(30), from: "conflict-raised" });
  const past = served("EU-EPOC", untold);
  assert.ok(!ids(past, at(undefined, { laws })).includes("court"));
  const objected = after(past, ["2026-11-04T12:00:00Z", raised]);
  const court = clock(objected, "court", at(undefined, { laws }));
  assert.deepEqual([court.startedAt, court.dueAt, court.over], ["2026-11-04T12:00:00.000Z", "2026-12-04T23:59:59.999Z", false]);
  assert.match(court.derivation, /^objection raised Wed 4 Nov 2026/);
  const settled = after(objected, ["2026-11-05T12:00:00Z", decided]);
  assert.equal(clock(settled, "court", at(undefined, { laws })).over, true);
  const second = after(settled, ["2026-11-06T12:00:00Z", { ...raised, conflict: "K2" }]);
  assert.deepEqual(
    [clock(second, "court", at(undefined, { laws })).over, clock(second, "court", at(undefined, { laws })).startedAt],
    [false, "2026-11-06T12:00:00.000Z"],
  );
});

test("told that we object to the secrecy, the government has thirty days to go to court, and its clock is over when the order is renewed or ends", () => {
  const past = served("US-NSL");
  assert.ok(!ids(past).includes("government-applies"));
  const objected = after(past, ["2026-11-04T12:00:00Z", { type: "GagObjected", gag: "G1", objection: sealed("o") }]);
  const applies = clock(objected, "government-applies");
  assert.deepEqual([applies.startedAt, applies.dueAt, applies.over], ["2026-11-04T12:00:00.000Z", "2026-12-04T23:59:59.999Z", false]);
  assert.match(applies.derivation, /^objection sent Wed 4 Nov 2026/);
  for (const fact of [
    { type: "GagRenewed", gag: "G1", end: onDay("2027-11-30"), order: sealed("o") },
    { type: "GagEnded", gag: "G1", how: "lifted", on: onDay("2026-11-20") },
  ] as const)
    assert.equal(clock(after(objected, ["2026-11-20T12:00:00Z", fact]), "government-applies").over, true, fact.type);
  assert.equal(clock(after(objected, ["2026-11-20T12:00:00Z", said("cleared")]), "government-applies").over, false);
});

test("a hold that knows no exception is waited for like any other, wherever an authority was told", () => {
  const laws = where("EU-EPOC", (instrument) => ({ ...instrument, clocks: instrument.clocks.map(({ when: _, ...each }) => each) }));
  const started = (facts: Partial<InstrumentFacts>) => clock(served("EU-EPOC", facts), "transmit", at("2026-11-14T12:00:00Z", { laws })).startedAt;
  assert.equal(started(told), "2026-11-12T23:59:59.999Z");
  assert.equal(started({ emergency: true, authorityNotified: true }), "2026-11-12T23:59:59.999Z");
});

test("a duty lapses by the days the law gives for the answer, whatever else the law lets run", () => {
  const laws = where("EU-EPOC-PR", (instrument) => ({
    ...instrument,
    clocks: [
      { ...plain, id: "validation", kind: "theirs", lasts: days(20), from: "served" },
      { ...plain, id: "reminder", kind: "duty", lasts: days(20), from: "clarification-asked" },
      ...instrument.clocks,
    ],
  }));
  const open = after(served("EU-EPOC-PR"), ["2026-11-04T12:00:00Z", asked]);
  const over = (now: string) => clock(open, "preservation", at(now, { laws })).over;
  assert.deepEqual(["2026-11-09T23:59:59.999Z", "2026-11-10T00:00:00.000Z"].map(over), [false, true]);
});

test("hours stand still by hours: an emergency question of two hours lengthens eight hours by two", () => {
  const past = served("EU-EPOC", { emergency: true, authorityNotified: false });
  const before = clock(past, "answer");
  const asked = after(
    past,
    ["2026-11-02T13:00:00Z", { type: "ClarificationAsked", points: [] }],
    ["2026-11-02T15:00:00Z", { type: "ClarificationAnswered", answer: sealed("a") }],
  );
  const moved = clock(asked, "answer");
  assert.equal(Temporal.Instant.from(before.dueAt).until(moved.dueAt).total("minutes"), 120);
  assert.match(moved.derivation, /stood still 120 minutes/);
});

test("what has lapsed stays lapsed: an answer after the five days does not bring a preservation order back", () => {
  const asked: CaseFact = { type: "ClarificationAsked", points: [] };
  const reply: CaseFact = { type: "ClarificationAnswered", answer: sealed("a") };
  const late = after(served("EU-EPOC-PR"), ["2026-11-03T12:00:00Z", asked], ["2026-11-20T12:00:00Z", reply]);
  const intime = after(served("EU-EPOC-PR"), ["2026-11-03T12:00:00Z", asked], ["2026-11-05T12:00:00Z", reply]);
  const keeps = (past: History) =>
    paperClocksOf(past, at("2026-11-25T12:00:00Z", { laws: [...everyLaw] })).find(({ clock: { kind } }) => kind === "keep")?.over;
  assert.deepEqual([keeps(late), keeps(intime)], [true, false]);
});

test("an urgent certificate that nobody validated within its forty-eight hours lets nothing leave any more; a validated one does", () => {
  const urgent = { emergency: true, authorityNotified: false, signedBy: "agency" } as const;
  const codes = (facts: Partial<InstrumentFacts>, now: string) => holdReasons(served("EU-EPOC", { ...urgent, ...facts }), at(now)).map(({ code }) => code);
  assert.deepEqual(codes({}, "2026-11-04T09:59:00Z"), []);
  assert.deepEqual(codes({}, "2026-11-04T10:01:00Z"), ["VALIDATION_OVERDUE"]);
  assert.deepEqual(codes({ validatedBy: "judge" }, "2026-11-09T10:01:00Z"), []);
  assert.deepEqual(codes({ signedBy: "judge" }, "2026-11-09T10:01:00Z"), []);
});

test("a desk outside the Union that has named no establishment is early for its duties and late with what it holds, whichever State counts", () => {
  const denver = (now: string, designatedIn?: string) =>
    at(now, { zone: zone("America/Denver"), provider: designatedIn === undefined ? {} : { designatedIn } });
  const plainOrder = served("EU-EPOC", { emergency: false, authorityNotified: false });
  assert.equal(clock(plainOrder, "answer", denver("2026-11-04T12:00:00Z")).dueAt, "2026-11-12T21:59:59.999Z", "the end of the day in Nicosia");
  assert.equal(clock(plainOrder, "answer", denver("2026-11-04T12:00:00Z", "IE")).dueAt, "2026-11-12T23:59:59.999Z", "the end of the day in Dublin");
  const held = served("EU-EPOC", { emergency: false, authorityNotified: true });
  assert.equal(clock(held, "hold", denver("2026-11-04T12:00:00Z")).dueAt, "2026-11-13T06:59:59.999Z", "the end of the day in Denver");
  assert.deepEqual(ids(held, denver("2026-11-13T06:59:59.000Z")).includes("transmit"), false);
  assert.deepEqual(ids(held, denver("2026-11-13T07:00:01.000Z")).includes("transmit"), true);
  const question = after(plainOrder, ["2026-11-05T12:00:00Z", asked]);
  assert.equal(
    clock(question, "clarification", denver("2026-11-06T12:00:00Z")).dueAt,
    "2026-11-11T06:59:59.999Z",
    "the other side is late only when it is late everywhere",
  );
});

// Whose days count

const everyKind = ["duty", "option", "hold", "keep", "theirs"] as const;

/** Three days from service under a law that knows one clock of every kind: the last moment, and the city it was counted in. */
function threeDays(place: string, designatedIn?: string): readonly (readonly string[])[] {
  const laws = where("EU-EPOC", (instrument) => ({ ...instrument, clocks: everyKind.map((kind) => ({ ...plain, id: kind, kind, lasts: days(3) })) }));
  const when = at(undefined, { laws, zone: zone(place), provider: designatedIn === undefined ? {} : { designatedIn } });
  const past = served("EU-EPOC", untold);
  return everyKind.map((kind) => {
    const { dueAt, derivation, lastDay } = clock(past, kind, when);
    return [kind, `${lastDay} ${dueAt.slice(11, 16)}`, /2026 (?<city>\w+), The law/.exec(derivation)?.groups?.["city"] ?? derivation];
  });
}

test("in doubt what we must do or may do ends with the first day to end, and what holds, what is kept and what others owe with the last", () => {
  // Cyprus and others end their days together: the first that the law lists is named.
  const early = ["2026-11-05 21:59", "Sofia"];
  const late = ["2026-11-05 06:59", "Denver"];
  assert.deepEqual(threeDays("America/Denver"), [
    ["duty", ...early],
    ["option", ...early],
    ["hold", ...late],
    ["keep", ...late],
    ["theirs", ...late],
  ]);
});

test("a desk established in a region counts in the days of that region's State", () => {
  const [duty] = threeDays("America/Denver", "DE-BY");
  assert.deepEqual(duty, ["duty", "2026-11-05 22:59", "Berlin"]);
});

test("where two places end their days together, the desk's own is named", () => {
  assert.deepEqual(
    threeDays("Europe/Dublin", "PT"),
    everyKind.map((kind) => [kind, "2026-11-05 23:59", "Dublin"]),
  );
});

/** A desk in Denver under the Union's law: days end first in Sofia and Nicosia, and last in Denver. */
function inDenver(now: string, changes: Partial<Omit<Circumstances, "now" | "today">> = {}): Circumstances {
  return at(now, { zone: zone("America/Denver"), ...changes });
}

test("a route is taken in its time only while the first of the days that count has not ended, and a duty lapses only after the last", () => {
  const [route] = eu.instruments.find(({ id }) => id === "EU-EPOC")?.challenge ?? [];
  const by = { ...challenged, route: route?.route ?? assert.fail() } as CaseFact;
  const stayed = (taken: string) => clock(after(served("EU-EPOC", untold), [taken, by]), "answer", inDenver("2026-11-14T12:00:00Z")).suspended;
  assert.deepEqual(["2026-11-12T21:59:59.999Z", "2026-11-12T22:00:00.000Z"].map(stayed), [true, false]);
  const open = after(served("EU-EPOC-PR"), ["2026-11-04T12:00:00Z", asked]);
  assert.deepEqual(
    ["2026-11-10T06:59:59.999Z", "2026-11-10T07:00:00.000Z"].map((now) => clock(open, "preservation", inDenver(now)).over),
    [false, true],
  );
});

// The end of a hold

test("a refusal ends the duty to send, a refusal in part does not, and a refusal that is taken back starts it anew", () => {
  const past = served("EU-EPOC", told);
  const sending = (...steps: readonly (readonly [string, CaseFact])[]) => {
    const { startedAt, over } = clock(after(past, ...steps), "transmit", at("2026-11-16T12:00:00Z"));
    return [startedAt, over];
  };
  assert.deepEqual(sending(["2026-11-05T09:00:00Z", said("refused")]), ["2026-11-12T23:59:59.999Z", true]);
  assert.deepEqual(sending(["2026-11-05T09:00:00Z", said("partial")]), ["2026-11-12T23:59:59.999Z", false]);
  assert.deepEqual(sending(["2026-11-05T09:00:00Z", said("refused")], ["2026-11-16T09:00:00Z", said("cleared")]), ["2026-11-16T09:00:00.000Z", false]);
});

test("a word that comes after the authority's time has ended does not move the hour of sending, and one in its last moment does", () => {
  const past = served("EU-EPOC", told);
  const sending = (moment: string) => clock(after(past, [moment, said("cleared")]), "transmit", at("2026-11-16T12:00:00Z"));
  assert.match(sending("2026-11-12T23:59:59.999Z").derivation, /^authority cleared /);
  for (const moment of ["2026-11-13T00:00:00.000Z", "2026-11-16T09:00:00Z"]) {
    assert.match(sending(moment).derivation, /^the authority's time ended Thu 12 Nov 2026 23:59:59 Dublin/);
    assert.equal(sending(moment).dueAt, "2026-11-13T11:59:59.999Z");
  }
  const kept: CaseFact = { type: "GagLiftAttempted", gag: "G1", addressee: "court", beneficiary: "customer", answer: "refused", argument: sealed("a") };
  const late = after(past, ["2026-11-05T09:00:00Z", kept], ["2026-11-16T09:00:00Z", said("cleared")]);
  assert.equal(clock(late, "transmit", at("2026-11-16T12:00:00Z")).dueAt, "2026-11-13T11:59:59.999Z", "a court that keeps the order secret refuses no data");
});

test("where a law gives its authority the whole time, sending waits for its end whatever the authority says", () => {
  const laws = where("EU-EPOC", (instrument) => ({ ...instrument, clocks: instrument.clocks.map((each) => ({ ...each, endedBy: [] })) }));
  const past = after(served("EU-EPOC", told), ["2026-11-05T09:00:00Z", said("cleared")]);
  assert.ok(!ids(past, at("2026-11-12T23:59:59.999Z", { laws })).includes("transmit"));
  assert.equal(clock(past, "transmit", at("2026-11-13T00:00:00Z", { laws })).startedAt, "2026-11-12T23:59:59.999Z");
});

test("where several authorities may refuse, sending waits for the last of them, and not for a hold that begins after it", () => {
  const longer = { ...plain, id: "second-hold", kind: "hold", lasts: days(20) } as const;
  const next = { ...plain, id: "next-hold", kind: "hold", lasts: days(90), from: "hold-ended" } as const;
  for (const order of [(clocks: Instrument["clocks"]) => [longer, next, ...clocks], (clocks: Instrument["clocks"]) => [...clocks, longer, next]]) {
    const laws = where("EU-EPOC", (instrument) => ({ ...instrument, clocks: order(instrument.clocks) }));
    const sending = (now: string) => ids(served("EU-EPOC", told), at(now, { laws })).includes("transmit");
    assert.deepEqual(["2026-11-13T00:00:00Z", "2026-11-22T23:59:59.999Z", "2026-11-23T00:00:00Z"].map(sending), [false, false, true]);
    const begun = (id: string) => clock(served("EU-EPOC", told), id, at("2026-11-23T00:00:00Z", { laws })).startedAt;
    assert.deepEqual(["transmit", "next-hold"].map(begun), ["2026-11-22T23:59:59.999Z", "2026-11-22T23:59:59.999Z"]);
  }
});

test("a hold that its law counts from the date on the paper ends by that count", () => {
  const laws = where("EU-EPOC", (instrument) => ({
    ...instrument,
    clocks: instrument.clocks.map((each) => (each.kind === "hold" ? { ...each, from: "issued" } : each)),
  }));
  const past = served("EU-EPOC", { ...told, issuedOn: onDay("2026-10-30") });
  assert.equal(clock(past, "transmit", at("2026-11-10T12:00:00Z", { laws })).startedAt, "2026-11-09T23:59:59.999Z");
});

// Standing still

/** Sent within twelve hours after the authority's time ended with 12 November. */
function sending(...steps: readonly (readonly [string, CaseFact])[]): RunningPaperClock {
  return clock(after(served("EU-EPOC", told), ...steps), "transmit", at("2026-11-14T12:00:00Z"));
}

test("of a question only the part that fell into the clock's own run makes it longer", () => {
  const across = sending(["2026-11-12T20:00:00Z", asked], ["2026-11-13T01:59:59.999Z", answered]);
  assert.equal(across.dueAt, "2026-11-13T13:59:59.999Z");
  assert.match(across.derivation, /; stood still 120 minutes for a clarification = Fri 13 Nov 2026 13:59$/);
  for (const [from, to] of [
    ["2026-11-04T12:00:00Z", "2026-11-05T12:00:00Z"],
    ["2026-11-12T20:00:00Z", "2026-11-12T23:59:59.999Z"],
    ["2026-11-13T11:59:59.999Z", "2026-11-13T18:00:00Z"],
    ["2026-11-13T15:00:00Z", "2026-11-13T18:00:00Z"],
  ] as const) {
    const outside = sending([from, asked], [to, answered]);
    assert.equal(outside.dueAt, "2026-11-13T11:59:59.999Z", from);
    assert.doesNotMatch(outside.derivation, /stood still/, from);
  }
});

test("a question in the days that an earlier question has added makes the clock longer too", () => {
  const first = after(served("EU-EPOC", untold), ["2026-11-10T09:00:00Z", asked], ["2026-11-12T09:00:00Z", answered]);
  const second = after(first, ["2026-11-13T09:00:00Z", asked], ["2026-11-16T09:00:00Z", answered]);
  assert.equal(clock(first, "answer").dueAt, "2026-11-14T23:59:59.999Z");
  assert.equal(clock(second, "answer").dueAt, "2026-11-17T23:59:59.999Z");
  assert.match(clock(second, "answer").derivation, /; stood still 5 days for a clarification = end of Tue 17 Nov 2026$/);
});

test("interim measures stay the duty to answer, and neither the authority's time nor the last day of a route", () => {
  const granted: CaseFact = { type: "ChallengeStepTaken", challenge: "C1", step: "interim-measures-granted", on: onDay("2026-11-04"), papers: sealed("p") };
  const suspended = (facts: Partial<InstrumentFacts>, id: string) =>
    clock(history([challenged, granted], at(), served("EU-EPOC", facts)), id, at("2026-11-05T12:00:00Z")).suspended;
  assert.deepEqual([suspended(untold, "answer"), suspended(untold, "challenge-1"), suspended(told, "hold")], [true, false, false]);
});

test("a route is taken in its time when it is taken within the days of its own law, from the event its law names", () => {
  const laws = where("EU-EPOC", (instrument) => ({
    ...instrument,
    challenge: instrument.challenge.map((each, index) =>
      index === 0 && each.within !== undefined ? { ...each, within: { ...each.within, from: "issued" as const } } : each,
    ),
  }));
  const [route] = eu.instruments.find(({ id }) => id === "EU-EPOC")?.challenge ?? [];
  const by = { ...challenged, route: route?.route ?? assert.fail() } as CaseFact;
  const stayed = (facts: Partial<InstrumentFacts>, taken: string) =>
    clock(after(served("EU-EPOC", { ...untold, ...facts }), [taken, by]), "answer", at("2026-11-12T12:00:00Z", { laws })).suspended;
  const issued = { issuedOn: onDay("2026-10-30") };
  assert.deepEqual([stayed(issued, "2026-11-09T23:59:59.999Z"), stayed(issued, "2026-11-10T00:00:00.000Z")], [true, false]);
  assert.equal(stayed({}, "2026-11-03T12:00:00Z"), false);
});

// What ends a duty

test("what a law asks for once effect was given is not ended by the release that starts it", () => {
  const laws = withClock("US-EDR", { id: "report", kind: "duty", lasts: days(3), from: "effect-given" });
  const gone = after(served("US-EDR"), ["2026-11-04T12:00:00Z", released]);
  assert.equal(clock(gone, "report", at(undefined, { laws })).over, false);
  assert.equal(clock(after(gone, ["2026-11-04T13:00:00Z", closed]), "report", at(undefined, { laws })).over, true);
});

test("where two periods are given for an answer, a duty lapses after the longer one; a period meant for other cases counts for nothing", () => {
  const open = after(served("EU-EPOC-PR", { emergency: false }), ["2026-11-04T12:00:00Z", asked]);
  const limit = (more: Partial<PaperClock>) => withClock("EU-EPOC-PR", { id: "limit", kind: "theirs", from: "clarification-asked", ...more });
  const over = (laws: readonly JurisdictionPack[], now: string) => clock(open, "preservation", at(now, { laws })).over;
  const longer = limit({ lasts: days(9) });
  assert.deepEqual([over(longer, "2026-11-13T23:59:59.999Z"), over(longer, "2026-11-14T00:00:00.000Z")], [false, true]);
  const urgent = limit({ lasts: days(9), when: { emergency: true } });
  // No pack leaves such a period out: were one to do so, it could not be counted.
  for (const laws of [urgent, limit({})]) assert.deepEqual([over(laws, "2026-11-09T23:59:59.999Z"), over(laws, "2026-11-10T00:00:00.000Z")], [false, true]);
});

test("an urgent certificate may still be acted on in the last moment in which it can be validated, and is held under V07 from then on", () => {
  const urgent = served("EU-EPOC", { emergency: true, authorityNotified: false, signedBy: "agency" });
  const held = (now: string) => holdReasons(urgent, at(now)).map(({ clause, code }) => `${clause} ${code}`);
  assert.deepEqual(held("2026-11-04T10:00:00.000Z"), []);
  assert.deepEqual(held("2026-11-04T10:00:00.001Z"), ["V07 VALIDATION_OVERDUE"]);
});
