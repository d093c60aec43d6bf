// What is owed at a moment: the same whatever order the facts came in, and nothing changes before the next change that is told.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { APartner, refOf } from "../../tests/a-partner.ts";
import { dutiesOf, nextChange } from "./duties.ts";
import { dueReminders, plannedReminders } from "./reminders/reminder-steps.ts";
import type { PartnerHistory } from "./partner.ts";

const says = ["name", "place", "processing", "data-categories", "transfer-mechanism", "contact"];
const asPartner = "partner:P-0000-0001";

/** Each stands by itself: it needs nothing but the agreement. */
const independent: readonly ((partner: APartner, now: string) => void)[] = [
  (partner, now) => void partner.report(now, "NoteAccessRequest", { receivedAt: now, servedOn: "partner", isBinding: true, country: "US" }),
  (partner, now) => void partner.take(now, "NoteBreach", { suspectedAt: now, touchesPersonalData: true, causedByPartner: true }),
  (partner, now) => void partner.take(now, "NoteRightsRequest", { receivedAt: now, right: "access", from: "customer" }),
  (partner, now) => void partner.report(now, "NoticeSubProcessor", { country: "US", regimes: ["uk"], says }),
  (partner, now) => void partner.take(now, "AskDeletion", { receivedOn: now.slice(0, 10), how: "delete" }),
  (partner, now) => void partner.take(now, "NoticeBreach", { clause: "PPT-3", receivedOn: now.slice(0, 10) }),
  (partner, now) => void partner.take(now, "RecordOccasion", { clause: "DPA-6.5", at: now }),
  (partner, now) => void partner.take(now, "AskForList", { receivedAt: now }),
  (partner, now) => void partner.take(now, "ReviseTerms", { version: "2027.1", effectiveOn: "2027-01-01", isMaterial: true }),
  (partner, now) => void partner.take(now, "CheckListing", { of: "partner", framework: "euUs", on: now.slice(0, 10), activeFrom: "2025-01-01" }),
  (partner, now) => void partner.report(now, "ReportDirectAccess", { knownAt: now }),
  (partner, now) => void partner.report(now, "FilePaper", { paper: "training", on: now.slice(0, 10), confirms: ["SEC-1.1(l)"], shows: [] }),
  (partner, now) =>
    void partner.report(now, "FilePaper", { paper: "certification", on: "2025-06-01", until: "2026-09-30", confirms: ["SEC-1.3"], shows: [], proof: "soc-2" }),
  (partner, now) => void partner.report(now, "MakeStatement", { month: "2026-01", currency: "USD", gross: "100", taxes: "0", credits: "0", expenses: "0" }),
  (partner, now) => void partner.report(now, "NameStore", { store: "db", kind: "live" }),
];

/** Facts get the same moments in every order; ids that a step gave are told apart by their place in the list. */
function afterOrder(order: readonly number[]): PartnerHistory {
  const partner = APartner.signed({ agreement: { aiProduct: true } });
  const start = partner.history.length;
  const names = new Map<string, string>();
  for (const index of order) {
    const before = partner.history.length;
    independent[index]?.(partner, "2026-03-02T16:00:00Z");
    for (const { fact } of partner.history.slice(before))
      for (const value of Object.values(fact)) if (typeof value === "string" && /^f\d+$/.test(value)) names.set(value, `step-${index}`);
  }
  const renamed = partner.history.map((each) => ({
    ...each,
    fact: Object.fromEntries(Object.entries(each.fact).map(([key, value]) => [key, typeof value === "string" ? (names.get(value) ?? value) : value])),
  }));
  assert.ok(renamed.length > start);
  return renamed as unknown as PartnerHistory;
}

const seen = (history: PartnerHistory, now: string) =>
  dutiesOf(history, new APartner().at(now)).map(({ id, state, dueAt, settledAt }) => [id, state, dueAt, settledAt]);

test("what is owed does not depend on the order in which independent facts are recorded", () => {
  const places = independent.map((_, index) => index);
  const inOrder = afterOrder(places);
  fc.assert(
    fc.property(
      fc.shuffledSubarray(places, { minLength: places.length }),
      fc.constantFrom("2026-03-02T16:00:00Z", "2026-05-01T00:00:00Z", "2027-02-01T00:00:00Z"),
      (order, now) => {
        assert.deepEqual(seen(afterOrder(order), now), seen(inOrder, now));
      },
    ),
    { numRuns: 25 },
  );
});

test("every duty has an id of its own", () => {
  const ids = seen(afterOrder(independent.map((_, index) => index)), "2027-02-01T00:00:00Z").map(([id]) => id);
  assert.deepEqual(new Set(ids).size, ids.length);
});

/** Only a partner with an AI Product makes it. */
const statement = 13;

/** Steps that make time matter: an end, a renewal that is cancelled, holds, lapses, approvals. */
const turning: readonly ((partner: APartner, now: string) => void)[] = [
  ...independent,
  (partner, now) => void (partner.offers(now, "CancelRenewal", {}, asPartner) && partner.report(now, "CancelRenewal")),
  (partner, now) => {
    const end = { ground: "agreed", on: "2026-08-31" };
    if (partner.offers(now, "EndAgreement", end)) partner.take(now, "EndAgreement", end);
  },
  (partner, now) => {
    const clauses = { clauses: "scc", version: "2021/914", law: "IE", on: "2026-01-05" };
    partner.take(now, "SignClauses", clauses);
    partner.take(now, "CheckListing", { of: "partner", framework: "euUs", on: now.slice(0, 10), activeFrom: "2025-01-01", activeUntil: "2026-10-15" });
    const flow = { origin: "EEA", destination: "US", vendorIs: "controller", exporter: "uk-limited", isOnward: false };
    if (partner.offers(now, "RecordFlow", flow)) partner.take(now, "RecordFlow", flow);
  },
  (partner, now) => {
    partner.report(now, "NameStore", { store: `mail-${partner.history.length}`, kind: "archive" });
    const store = `mail-${partner.history.length - 1}`;
    const hold = { store, ground: "legal-hold", until: "2026-11-30" };
    if (partner.offers(now, "PlaceHold", hold)) partner.take(now, "PlaceHold", hold);
  },
  (partner, now) => {
    const subProcessor = refOf(partner.report(now, "NoticeSubProcessor", { country: "US", regimes: ["uk"], says }), "subProcessor");
    partner.take(now, "ApproveSubProcessor", { subProcessor, waivesDays: false });
  },
];

test("nothing changes by time alone before the next change that is told", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat({ max: turning.length - 1 }), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 0, max: 400 }),
      fc.boolean(),
      (steps, days, aiProduct) => {
        const partner = APartner.signed({ agreement: { aiProduct } });
        for (const step of steps.filter((each) => aiProduct || each !== statement)) turning[step]?.(partner, "2026-03-02T16:00:00Z");
        const now = new Date(Date.parse("2026-03-02T16:00:00Z") + days * 86_400_000).toISOString();
        const next = nextChange(partner.history, partner.at(now));
        const before = next === undefined ? "2040-01-01T00:00:00.000Z" : new Date(Date.parse(next) - 1).toISOString();
        assert.deepEqual(seen(partner.history, before), seen(partner.history, now));
      },
    ),
    { numRuns: 300 },
  );
});

test("a month of interest and an approved window are changes that are told (AI-5c, UKA-T2)", () => {
  const partner = APartner.signed({ agreement: { aiProduct: true } });
  partner.report("2026-04-10T16:00:00Z", "MakeStatement", { month: "2026-03", currency: "USD", gross: "18450.00", taxes: "0", credits: "0", expenses: "0" });
  const changes: string[] = [];
  for (let now: string | undefined = "2026-05-20T00:00:00Z"; now !== undefined && now < "2026-06-05"; now = nextChange(partner.history, partner.at(now)))
    changes.push(now);
  assert.ok(changes.includes("2026-05-30T06:00:00.000Z"), changes.join());
  const other = APartner.signed();
  const subProcessor = refOf(other.report("2026-07-17T16:00:00Z", "NoticeSubProcessor", { country: "US", regimes: ["uk"], says }), "subProcessor");
  other.take("2026-07-18T16:00:00Z", "ApproveSubProcessor", { subProcessor, waivesDays: false });
  const opens: string[] = [];
  for (let now: string | undefined = "2026-07-18T16:00:00Z"; now !== undefined && now < "2026-08-08"; now = nextChange(other.history, other.at(now)))
    opens.push(now);
  assert.ok(opens.includes("2026-08-07T06:00:00.000Z"), opens.join());
});

test("a duty whose end was moved out is reminded of again (DPA-6.5)", () => {
  const partner = APartner.signed();
  const begins = "2026-03-02T16:00:00Z";
  const occasion = refOf(partner.take(begins, "RecordOccasion", { clause: "DPA-6.5", at: begins }), "occasion");
  const id = `DPA-6.5:${occasion}`;
  const given = plannedReminders(partner.duty(begins, id)).map(({ duty, percent, at }, index) => ({
    version: 90 + index,
    at,
    by: "desk",
    fact: { type: "ReminderGiven", duty, percent, planned: at, letter: "L" },
  }));
  partner.take("2026-03-11T00:00:00Z", "GiveMoreTime", { duty: id, until: "2026-09-30" });
  const [first] = plannedReminders(partner.duty("2026-03-11T00:00:00Z", id));
  const history = [...partner.history, ...given] as unknown as PartnerHistory;
  const { give } = dueReminders([partner.duty(first?.at ?? begins, id)], history, partner.at(first?.at ?? begins).now);
  assert.deepEqual(
    give.map(({ percent }) => percent),
    [50],
  );
});

test("each clock says when it began, so that its reminders can be planned (PPT-4a, DPA-10b, DPA-8.2a)", () => {
  const partner = APartner.signed();
  const now = "2026-03-02T16:00:00Z";
  partner.take(now, "NoticeBreach", { clause: "PPT-3", receivedOn: "2026-03-02" });
  partner.take(now, "AskDeletion", { receivedOn: "2026-03-02", how: "delete" });
  const request = refOf(partner.report(now, "ReportAccessRequest", { receivedAt: now, servedOn: "partner", isBinding: true, country: "US" }), "request");
  partner.report(now, "AssessLawfulness", { request, hasGrounds: true, challengeBy: "2026-04-10" });
  const silent = partner
    .duties(now)
    .filter((duty) => duty.state === "open" && duty.dueAt !== undefined && duty.isRight !== true && plannedReminders(duty).length === 0);
  assert.deepEqual(
    silent.map(({ id }) => id),
    [],
  );
});
