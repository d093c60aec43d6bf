// Bars that another law, another authority or an emergency puts up: each names what would take it away.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  approved,
  packaged,
  at,
  checked,
  compiled,
  details,
  everyLaw,
  fullyAssured,
  history,
  line,
  onDay,
  opensAt,
  people,
  planA,
  received,
  recorded,
  releasable,
  sealed,
  sent,
  signed,
  verdict,
  workplace,
} from "../../../tests/a-case.ts";
import { instant } from "../../kernel/instant.ts";
import type { CaseFact } from "../case-facts.ts";
import type { Circumstances, History } from "../decision.ts";
import type { DetailsConfirmed } from "../intake/events.ts";
import type { LineVerdict } from "../review/events.ts";
import { gate } from "./gate.ts";

const on = at(opensAt);

function down(past: History, when: Circumstances = on): string[] {
  return gate(past, when).flatMap(({ id, reasons }) => reasons.map(({ clause, code }) => `${id}: ${code} ${clause}`));
}

/** Every bar up on 10 November 2026 but what the details themselves bring down. */
function ready(changes: Partial<DetailsConfirmed>, verdicts: readonly LineVerdict[] = [verdict("L1")], more: readonly CaseFact[] = []): History {
  const allowed = verdicts.filter(({ decision }) => decision === "allow").map(({ line: id }) => id);
  const facts = history([
    received(),
    ...fullyAssured,
    details(changes),
    ...more,
    signed(verdicts),
    { type: "NoticeGiven", workspace: "acme", revision: 1, letter: "letter-1", noticeDays: 7, late: false, link: "owner-link" },
    sent("letter-1"),
    compiled(planA, allowed),
    checked(),
    packaged(),
  ]);
  return [people.ben, people.cleo].reduce<History>(
    (past, by) => [...past, recorded(approved(), { now: instant("2026-11-03T17:00:00Z"), by }, past.length + 1)],
    facts,
  );
}

function because(past: History, code: string, when: Circumstances = on): string {
  return (
    gate(past, when)
      .flatMap(({ reasons }) => reasons)
      .find((reason) => reason.code === code)?.because ?? assert.fail(`no ${code}`)
  );
}

const served = instant("2026-11-02T17:00:00Z");

// An order of a German authority, told to the Irish one or not.
const abroad = {
  zone: on.zone,
  laws: everyLaw,
  provider: { designatedIn: "IE", incorporatedIn: "IE", headquarteredIn: "IE", kinds: ["controller", "hosting"] },
} as const;

function order(facts: Readonly<Record<string, unknown>>, ...more: readonly CaseFact[]): History {
  return ready(
    {
      instrument: {
        id: "EU-EPOC",
        carriesSecrecy: false,
        signedBy: "judge",
        issuedIn: "DE",
        issuedOn: onDay("2026-10-30"),
        servedAt: served,
        offence: { maxYears: 5 },
        emergency: false,
        ...facts,
      },
      places: { customer: "FR", person: "FR", data: "IE" },
    },
    [verdict("L1")],
    more,
  );
}

test("nothing is transferred while the authority that was told of the order may refuse it: ten days, through 12 November 2026", () => {
  const told = order({ authorityNotified: true });
  assert.deepEqual(down(told, at("2026-11-13T06:59:59.999Z", abroad)), ["challenge: AUTHORITY_HOLD V20"]);
  assert.deepEqual(down(told, at("2026-11-13T07:00:00Z", abroad)), []);
  assert.match(because(told, "AUTHORITY_HOLD", at(opensAt, abroad)), /until the end of Thu 12 Nov 2026 \(Regulation \(EU\) 2023\/1543, art\. 8\(4\)/);
});

test("its word that it will not refuse ends the waiting; where nobody was told there is none, and where nobody knows there is", () => {
  const when = at(opensAt, abroad);
  assert.deepEqual(down(order({ authorityNotified: true }, { type: "AuthorityAnswered", answer: "cleared", evidence: sealed("e") }), when), []);
  assert.deepEqual(down(order({ authorityNotified: false }), when), []);
  assert.deepEqual(down(order({}), when), ["challenge: AUTHORITY_HOLD V20"]);
});

test("a refusal stops the order; an answer after the plan was made asks for a new plan", () => {
  const when = at(opensAt, abroad);
  const refused: CaseFact = { type: "AuthorityAnswered", answer: "refused", evidence: sealed("e") };
  const late = at("2026-11-14T12:00:00Z", abroad);
  assert.deepEqual(down(order({ authorityNotified: true }, refused), late), ["challenge: AUTHORITY_REFUSED V20"]);
  assert.deepEqual(down(order({ authorityNotified: true }, refused), when), ["challenge: AUTHORITY_REFUSED V20", "challenge: AUTHORITY_HOLD V20"]);
  assert.deepEqual(down(history([{ ...refused, answer: "cleared" }], when, order({ authorityNotified: true })), when), [
    "scope: NO_PLAN KDRP-5",
    "check: NOT_CHECKED KDRP-4",
    "approvals: APPROVALS_MISSING KDRP-4",
  ]);
});

test("an objection under another country's law holds everything until the court has decided, and stops it when the court agrees", () => {
  const raised: CaseFact = { type: "ConflictRaised", conflict: "K1", reasons: sealed("reasons") };
  const decided = (upheld: boolean): CaseFact => ({ type: "ConflictDecided", conflict: "K1", upheld, decision: sealed("decision") });
  const after = (...facts: readonly CaseFact[]) => down(history(facts, at("2026-11-04T17:00:00Z"), releasable));
  assert.deepEqual(after(raised), ["challenge: CONFLICT_PENDING V20"]);
  assert.deepEqual(after(raised, decided(false)), []);
  assert.deepEqual(after(raised, decided(true)), ["challenge: CONFLICT_UPHELD V20"]);
});

test("a question that the agency was asked holds everything until it is answered", () => {
  const asked: CaseFact = { type: "ClarificationAsked", points: [] };
  const answered: CaseFact = { type: "ClarificationAnswered", answer: sealed("answer") };
  const after = (...facts: readonly CaseFact[]) => down(history(facts, at("2026-11-04T17:00:00Z"), releasable));
  assert.deepEqual(after(asked), ["challenge: CLARIFICATION_PENDING KDRP-5"]);
  assert.deepEqual(after(asked, answered), []);
});

test("data marked as specially protected does not leave before counsel has settled the mark, and an empty mark is none", () => {
  assert.deepEqual(down(ready({ protection: ["privilege"] })), ["instrument: PROTECTED_DATA V19"]);
  assert.deepEqual(down(ready({ protection: ["journalism", "minors"] })), ["instrument: PROTECTED_DATA V19"]);
  assert.deepEqual(down(ready({ protection: [] })), []);
  assert.deepEqual(down(ready({})), []);
});

// The law of the United States may forbid a company of that country to answer a foreign authority with contents.
const contentAndName = { lines: [line("L1"), line("L2", { dataType: "name" })] };
const wherever = at(opensAt, { laws: everyLaw, provider: { designatedIn: "IE", kinds: ["controller", "hosting"] } });

function foreign(verdicts: readonly LineVerdict[]): History {
  return ready(
    {
      ...contentAndName,
      instrument: {
        id: "EU-EPOC",
        carriesSecrecy: false,
        signedBy: "judge",
        issuedIn: "DE",
        issuedOn: onDay("2026-10-30"),
        servedAt: served,
        offence: { maxYears: 5 },
        emergency: false,
        authorityNotified: false,
      },
      places: { customer: "FR", person: "FR", data: "IE" },
    },
    verdicts,
  );
}

test("while nobody has said where the company stands, a rule of another country that meets a line keeps that line here", () => {
  const both = foreign([verdict("L1"), verdict("L2")]);
  assert.deepEqual(down(both, wherever), ["instrument: WORKSHEET_OPEN V20"]);
  assert.match(
    because(both, "WORKSHEET_OPEN", wherever),
    /^Whether the rule contents-to-foreign-authorities of us@2026\.1 stands in the way is open \(18 USC 2702/,
  );
  const irish = at(opensAt, { laws: everyLaw, provider: abroad.provider });
  assert.deepEqual(down(both, irish), []);
});

test("an open rule keeps the line it meets here although it would also meet a line that stays", () => {
  const lines = [line("L1"), line("L2", { dataType: "name" }), line("L3", { dataType: "files" })];
  const two = ready(
    {
      lines,
      instrument: {
        id: "EU-EPOC",
        carriesSecrecy: false,
        signedBy: "judge",
        issuedIn: "DE",
        issuedOn: onDay("2026-10-30"),
        servedAt: served,
        offence: { maxYears: 5 },
        emergency: false,
        authorityNotified: false,
      },
      places: { customer: "FR", person: "FR", data: "IE" },
    },
    [verdict("L1"), verdict("L2"), verdict("L3", { decision: "deny" })],
  );
  assert.deepEqual(down(two, wherever), ["instrument: WORKSHEET_OPEN V20"]);
});

test("a rule that certainly applies is not open: it was before counsel when the review was signed", () => {
  const american = at(opensAt, { laws: everyLaw, provider: { ...abroad.provider, incorporatedIn: "US-DE" } });
  assert.deepEqual(
    down(foreign([verdict("L1"), verdict("L2")]), american).filter((bar) => bar.includes("WORKSHEET_OPEN")),
    [],
  );
});

test("an open rule that meets only a line which stays here holds nothing back", () => {
  const nameOnly = foreign([verdict("L1", { decision: "deny" }), verdict("L2")]);
  assert.deepEqual(down(nameOnly, wherever), []);
});

// An emergency request, under a policy that lets a named minimum leave.
const urgent = {
  ...workplace,
  settings: { ...workplace.settings, allowVoluntaryEmergency: true, emergency: { dataTypes: ["name", "contact"], paperWithinDays: 7 } },
};
const name = verdict("L1", { citation: "18 USC 2702(c)(4)" });

function emergency(...decisions: readonly { readonly by: keyof typeof people; readonly attested: boolean; readonly revision?: number }[]): History {
  const past = ready({ instrument: { id: "US-EDR", signedBy: "agency", servedAt: served, emergency: true }, lines: [line("L1", { dataType: "name" })] }, [
    name,
  ]);
  return decisions.reduce<History>(
    (before, { by, attested, revision = 1 }) => [
      ...before,
      recorded({ type: "EmergencyDecided", supervisorAttests: attested, revision, facts: sealed("facts") }, { now: served, by: people[by] }, before.length + 1),
    ],
    past,
  );
}

test("an emergency discloses nothing unless a policy has switched it on, a supervisor has vouched and two people have decided", () => {
  const allowed = at(opensAt, { policy: urgent });
  const decided = emergency({ by: "ben", attested: true }, { by: "cleo", attested: false });
  assert.deepEqual(down(decided, allowed), []);
  assert.deepEqual(down(decided), ["instrument: NOT_COMPULSORY KDRP-7"]);
  assert.deepEqual(down(emergency(), allowed), ["instrument: SUPERVISOR_MISSING V23", "instrument: EMERGENCY_NOT_DECIDED KDRP-7"]);
  assert.deepEqual(down(emergency({ by: "ben", attested: true }), allowed), ["instrument: EMERGENCY_NOT_DECIDED KDRP-7"]);
  assert.deepEqual(down(emergency({ by: "ben", attested: true }, { by: "ben", attested: true }), allowed), ["instrument: EMERGENCY_NOT_DECIDED KDRP-7"]);
  assert.deepEqual(down(emergency({ by: "ben", attested: false }, { by: "cleo", attested: false }), allowed), ["instrument: SUPERVISOR_MISSING V23"]);
});

test("a decision taken before the details changed does not open an emergency's locks", () => {
  const stale = emergency({ by: "ben", attested: true, revision: 0 }, { by: "cleo", attested: true, revision: 0 });
  assert.deepEqual(down(stale, at(opensAt, { policy: urgent })), ["instrument: SUPERVISOR_MISSING V23", "instrument: EMERGENCY_NOT_DECIDED KDRP-7"]);
});

test("the locks of an emergency ask nothing of a paper that compels", () => {
  assert.deepEqual(down(releasable, at(opensAt, { policy: urgent })), []);
});
