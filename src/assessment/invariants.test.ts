// What must always hold, over random cases of every country: nothing leaves without every condition, and no condition taken away lets more leave.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { everyLaw, policyPackOf } from "../../tests/a-case.ts";
import { ranks, serviceRoutes } from "../policy/pack.ts";
import { assess, type Assessment } from "./assess.ts";

/** `PROPERTY_CASES` sets how many cases are tried; continuous integration asks for 100,000. */
const runs = { numRuns: Number(process.env["PROPERTY_CASES"] ?? 4000) };
const shelf = { policies: [policyPackOf("data-request"), policyPackOf("government-request")], laws: everyLaw };
const instruments = everyLaw.flatMap((law) => law.instruments);
const dataTypes = Object.keys(everyLaw[0]?.classOf ?? {});
const live = ["realtime-metadata", "realtime-content"];

/** Most papers that compel something and are well signed: a gate that is never near opening proves nothing. */
const likely = instruments.filter(({ compulsory, route, compels }) => compulsory && route === "desk" && compels.length > 0);

const urgentPapers = instruments.filter(({ family }) => family === "emergency");

type Described = Record<string, unknown> & {
  readonly paper: Record<string, unknown>;
  readonly lines: readonly { readonly id: string; readonly dataType: string; readonly from?: string; readonly to?: string }[];
};

const someDay = fc.integer({ min: 0, max: 40 }).map((n) => Temporal.PlainDate.from("2026-10-20").add({ days: n }).toString());
const someMoment = fc.integer({ min: 0, max: 24 * 40 }).map((hours) => Temporal.Instant.from("2026-10-20T00:00:00Z").add({ hours }).toString());
const mostly = <Value>(usual: Value, ...others: readonly Value[]) =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(usual, ...others) });

const someLine = (id: string) =>
  fc
    .record({
      dataType: fc.constantFrom(...dataTypes),
      from: mostly("2026-01-01", "2026-11-30", undefined),
      to: mostly("2026-06-30", undefined),
      onlyToIdentify: fc.boolean(),
    })
    .map((line) => ({ id, ...present(line) }));

function present(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}

const everyYes = Object.fromEntries(Array.from({ length: 27 }, (_, index) => [`V${String(index + 1).padStart(2, "0")}`, "yes"]));

const somePaper = fc
  .oneof(
    { weight: 4, arbitrary: fc.constantFrom(...likely) },
    { weight: 1, arbitrary: fc.constantFrom(...instruments) },
    { weight: 1, arbitrary: fc.constantFrom(...urgentPapers) },
  )
  .chain((instrument) =>
    fc
      .record({
        signedBy: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...instrument.issuers) }, { weight: 1, arbitrary: fc.constantFrom(...ranks, undefined) }),
        validatedBy: mostly(undefined, "judge", "prosecutor"),
        issuedIn: fc.constantFrom("US", "US-TX", "DE", "FR", "GB", undefined),
        issuedOn: mostly("2026-10-30", "2026-11-05", undefined),
        expiresOn: mostly(undefined, "2026-10-31", "2026-12-31"),
        servedBy: fc.constantFrom(...(instrument.servedBy ?? serviceRoutes), undefined),
        offence: fc.constantFrom({ maxYears: 5, listed: false }, { maxYears: 1, listed: false }, undefined),
        emergency: mostly(false, true, undefined),
        authorityNotified: fc.constantFrom(false, true, undefined),
        lacks: mostly([] as readonly string[], instrument.facial.slice(0, 1)),
        addressedTo: mostly("us", "other", undefined),
        agreement: fc.constantFrom("US-GB", "US-AU", undefined),
      })
      .map((facts) => ({ instrument: instrument.id, nature: "criminal", servedAt: "2026-11-02T12:00:00Z", ...present(facts) })),
  );

const someCase = fc
  .record({
    asked: someMoment.map((moment) => (moment < "2026-11-05T13:00:00Z" ? "2026-11-20T12:00:00Z" : moment)),
    policy: mostly<object>(
      { packs: ["data-request"] },
      { packs: ["government-request"] },
      { packs: ["data-request", "government-request"] },
      {
        packs: ["data-request"],
        settings: { allowVoluntaryEmergency: true, emergency: { dataTypes: ["name", "contact"], paperWithinDays: 7 } },
      },
    ),
    provider: fc.constantFrom<object>(
      {},
      { incorporatedIn: "US-DE", headquarteredIn: "US-CA", kinds: ["processor"] },
      { incorporatedIn: "IE", headquarteredIn: "IE", kinds: ["hosting"], languages: ["en"] },
    ),
    paper: somePaper,
    places: fc.constantFrom<object>(
      {},
      { customer: "US", person: "US", data: "US" },
      { customer: "DE", person: "DE", data: "IE" },
      { customer: "GB", person: "GB", data: "US" },
    ),
    lines: fc.tuple(someLine("L1"), someLine("L2")),
    assured: mostly<unknown>("all", ["domain-class"], []),
    checks: mostly<object>(everyYes, { ...everyYes, V19: "no" }, {}),
    referral: mostly("waived", "not-tried", "made", "declined", "accepted"),
    gags: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      {
        weight: 1,
        arbitrary: fc.tuple(someDay, fc.option(someDay, { nil: undefined })).map(([start, end]) => [present({ instrument: "US-NDO", start, end })]),
      },
    ),
    notice: fc.oneof(
      { weight: 3, arbitrary: fc.constant({ sentAt: "2026-11-02T13:00:00Z" }) },
      { weight: 1, arbitrary: fc.constant({ withheld: { ground: "gag", at: "2026-11-02T13:00:00Z" } }) },
      { weight: 1, arbitrary: fc.constant({ withheld: { ground: "risk-of-harm", reviewOn: "2026-12-01", at: "2026-11-02T13:00:00Z" } }) },
      { weight: 1, arbitrary: fc.constant({}) },
    ),
    hold: mostly<object | undefined>(
      undefined,
      { answer: "cleared", at: "2026-11-04T12:00:00Z" },
      { answer: "refused", at: "2026-11-04T12:00:00Z" },
      { answer: "partial", at: "2026-11-04T12:00:00Z", lines: ["L1"] },
    ),
    challenge: mostly<object | undefined>(
      undefined,
      { openedAt: "2026-11-03T12:00:00Z" },
      { openedAt: "2026-11-03T12:00:00Z", outcome: "narrowed", lines: ["L2"] },
    ),
    clarification: mostly<object | undefined>(
      undefined,
      { askedAt: "2026-11-03T12:00:00Z" },
      { askedAt: "2026-11-03T12:00:00Z", answeredAt: "2026-11-05T12:00:00Z" },
    ),
    emergency: mostly<object>(
      { supervisorAttests: "yes", decidedBy: ["ada", "ben"] },
      { supervisorAttests: "no", decidedBy: ["ada", "ben"] },
      { decidedBy: ["ada"] },
    ),
    reviewSigned: mostly(true, false),
    plan: mostly("checked", "compiled", "none", "outside"),
    approvals: mostly(["ben", "cleo"], ["ben", "ben"], ["ben"], []),
  })
  .map((described) => ({ format: "portcullis-case/1", ...present(described) }) as unknown as Described);

function assessed(description: Described): Assessment {
  const found = assess(description, shelf);
  assert.ok(found.kind === "assessed", JSON.stringify(found));
  return found.assessment;
}

function allowed({ lines }: Assessment): readonly string[] {
  return lines.filter(({ decision }) => decision === "allow").map(({ id }) => id);
}

interface Seen {
  readonly description: Described;
  readonly found: Assessment;
}

/** Each throws when it does not hold. One walk over the cases serves them all. */
const invariants: Readonly<Record<string, (seen: Seen) => void>> = {
  "1: an open gate has every condition behind it, read a second time from the description": ({ description, found }) => {
    if (found.gate.open) assert.deepEqual(whatIsMissing(description, found), []);
  },
  "4: no live data and no line that begins after the day of service is allowed": ({ description, found }) => {
    const through = allowed(found);
    for (const { id, dataType, from } of description.lines)
      if (live.includes(dataType) || (from !== undefined && from > "2026-11-02")) assert.ok(!through.includes(id), `${dataType} from ${from}`);
  },
  "5: silence under an order holds only while the order binds, and an order without an end is chased": ({ description, found }) => {
    const [order] = description["gags"] as readonly { readonly start: string; readonly end?: string }[];
    const today = found.asked.slice(0, 10);
    // An order of another paper is none of this case's: the desk refuses to record it.
    const isIts = !found.refused.some(({ step }) => step === "RecordGag");
    const binds = isIts && order !== undefined && order.start <= today && (order.end === undefined || (today <= order.end && order.end >= order.start));
    const { withheld } = description["notice"] as { readonly withheld?: { readonly ground: string } };
    if (found.notice.state === "withheld" && withheld?.ground === "gag") assert.ok(binds, "silence without an order");
    assert.equal(found.notice.mustNotTell.length > 0, binds);
    if (isIts && order !== undefined && order.end === undefined) assert.ok(found.counsel.some(({ code }) => code === "NDO_WITHOUT_END"));
  },
  "8: every clock cites its rule and derives its day from a fact": ({ found }) => {
    for (const { clause, derivation, startedAt, dueAt } of found.clocks) {
      assert.ok(clause.length > 2, derivation);
      assert.match(derivation, /\d{4}/);
      assert.ok(Number.isFinite(Date.parse(startedAt)) && Number.isFinite(Date.parse(dueAt)), derivation);
    }
  },
  "9: an emergency lets nothing leave unless a policy has switched it on, and then only its minimum": ({ description, found }) => {
    if (found.instrument?.family !== "emergency") return;
    const settings = (description["policy"] as { readonly settings?: { readonly emergency: { readonly dataTypes: readonly string[] } } }).settings;
    for (const id of allowed(found)) assert.ok(settings?.emergency.dataTypes.includes(description.lines.find((line) => line.id === id)?.dataType ?? ""), id);
    if (settings === undefined) assert.equal(found.gate.open, false);
  },
  "a paper that was issued after it was served lets nothing leave": ({ description, found }) => {
    if (isFromTheFuture(description.paper)) assert.deepEqual([allowed(found), found.gate.open], [[], false]);
  },
};

/** Such a date speaks against the paper: without it, a paper that needs no date is better off. */
function isFromTheFuture({ issuedOn, servedAt }: Record<string, unknown>): boolean {
  return String(issuedOn ?? "").slice(0, 10) > String(servedAt).slice(0, 10);
}

const takings: readonly ((description: Described) => object)[] = [
  () => ({ assured: [] }),
  () => ({ checks: {} }),
  () => ({ notice: {} }),
  () => ({ reviewSigned: false }),
  () => ({ plan: "none" }),
  () => ({ approvals: ["ben"] }),
  () => ({ referral: "not-tried" }),
  () => ({ emergency: { decidedBy: [] } }),
  ({ paper }) => ({ paper: without(paper, "signedBy") }),
  ({ paper }) => (isFromTheFuture(paper) ? {} : { paper: without(paper, "issuedOn") }),
  ({ paper }) => ({ paper: without(paper, "validatedBy") }),
  ({ paper }) => ({ paper: without(paper, "agreement") }),
  ({ paper }) => ({ paper: without(paper, "instrument") }),
  () => ({ subjects: [{ id: "S1", resolved: false }] }),
];

test("over random cases of every country: conditions, live data, silence, clocks and emergencies; and taking a fact away never lets more leave (monotony)", () => {
  let open = 0;
  let urgent = 0;
  fc.assert(
    fc.property(someCase, fc.constantFrom(...takings), (description, taking) => {
      const found = assessed(description);
      for (const [name, hold] of Object.entries(invariants)) named(name, () => hold({ description, found }));
      const less = assessed({ ...description, ...taking(description) });
      named(`2: monotony after ${JSON.stringify(taking(description))}`, () => {
        assert.ok(!less.gate.open || found.gate.open, "the gate opened");
        assert.deepEqual(
          allowed(less).filter((line) => !allowed(found).includes(line)),
          [],
        );
      });
      if (found.gate.open) open += 1;
      if (found.instrument?.family === "emergency") urgent += 1;
    }),
    runs,
  );
  assert.ok(open > runs.numRuns / 500, `only ${open} of ${runs.numRuns} gates were open: the properties say little`);
  assert.ok(urgent > runs.numRuns / 1000, `only ${urgent} of ${runs.numRuns} were emergencies`);
});

function named(name: string, hold: () => void): void {
  try {
    hold();
  } catch (error) {
    throw new Error(name, { cause: error });
  }
}

/** A plain reading of the promises: what would have to be there and is not. */
function whatIsMissing(description: Described, { instrument, asked }: Assessment): readonly string[] {
  const { assured, referral, notice, hold, challenge, clarification, reviewSigned, plan, approvals, paper } = description as unknown as {
    readonly assured: unknown;
    readonly referral: string;
    readonly notice: { readonly sentAt?: string; readonly withheld?: { readonly ground: string } };
    readonly hold?: { readonly answer: string };
    readonly challenge?: { readonly outcome?: string };
    readonly clarification?: { readonly answeredAt?: string };
    readonly reviewSigned: boolean;
    readonly plan: string;
    readonly approvals: readonly string[];
    readonly paper: Record<string, unknown>;
  };
  const packs = (description["policy"] as { readonly packs: readonly string[] }).packs;
  const emergencies =
    (description["policy"] as { readonly settings?: { readonly allowVoluntaryEmergency?: boolean } }).settings?.allowVoluntaryEmergency === true;
  const decided = description["emergency"] as { readonly supervisorAttests?: string; readonly decidedBy: readonly string[] };
  const isEmergency = instrument?.family === "emergency";
  const waited = notice.sentAt !== undefined && Date.parse(asked) >= Date.parse("2026-11-10T00:00:00Z");
  return [
    ...(instrument === undefined ? ["a paper"] : []),
    ...(instrument?.compulsory === false && !(isEmergency && emergencies) ? ["compulsion"] : []),
    ...(isEmergency && (decided.supervisorAttests !== "yes" || new Set(decided.decidedBy).size < 2) ? ["the emergency's own locks"] : []),
    ...(assured === "all" ? [] : ["assurances"]),
    ...(packs.includes("government-request") && !["waived", "declined"].includes(referral) ? ["the referral"] : []),
    ...(waited || notice.withheld !== undefined ? [] : ["notice"]),
    ...(notice.withheld?.ground === "risk-of-harm" && packs.includes("government-request") ? ["a ground for silence that every policy knows"] : []),
    ...(hold?.answer === "refused" ? ["the other authority's leave"] : []),
    ...(challenge !== undefined && challenge.outcome === undefined ? ["the end of a challenge"] : []),
    ...(clarification !== undefined && clarification.answeredAt === undefined ? ["the agency's answer"] : []),
    ...(reviewSigned ? [] : ["a signature"]),
    ...(plan === "checked" ? [] : ["a checked plan"]),
    ...(new Set(approvals).size >= 2 ? [] : ["two people"]),
    ...(paper["addressedTo"] === "other" ? ["the right addressee"] : []),
  ];
}

function without(paper: Record<string, unknown>, member: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(paper).filter(([name]) => name !== member));
}
