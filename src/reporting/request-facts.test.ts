// What the European reports may count of one request, fact by fact: nothing that no fact records, and nothing that may be secret process.
import assert from "node:assert/strict";
import { test } from "node:test";
import { everyLaw, packaged } from "../../tests/a-case.ts";
import { dayOf, instant, zone, type Instant } from "../kernel/instant.ts";
import type { CaseFact } from "../requests/case-facts.ts";
import type { InstrumentFacts } from "../requests/intake/events.ts";
import { emptyTrail, europeanBuckets, findRequestRow, follow, papersReportedAs } from "./request-facts.ts";
import type { RequestRow } from "./request-row.ts";

const laws = everyLaw.filter(({ pack }) => pack.id === "us" || pack.id === "eu");
const nothing = { vault: "nowhere", commitment: "none" };
const arrived = instant("2026-11-02T10:00:00Z");

function hours(n: number): Instant {
  return instant(
    Temporal.Instant.from(arrived)
      .add({ minutes: n * 60 })
      .toString(),
  );
}

type Told = readonly [fact: CaseFact, at: Instant];

function received(): Told {
  return [{ type: "RequestReceived", door: "mail", receivedAt: arrived, message: { object: "o", bytes: 1, commitment: "c" }, packs: [] }, arrived];
}

function proposed(...instruments: readonly string[]): Told {
  const reading = { sort: "request", language: "en", languageKnown: true, dataTypes: [], missing: [], marks: [], reading: nothing } as const;
  return [{ type: "ReadingProposed", instruments, ...reading }, arrived];
}

function confirmed(id: string | undefined, paper: Partial<InstrumentFacts> = {}, dataTypes: readonly string[] = ["name"]): Told {
  const lines = dataTypes.map((dataType, nth) => ({ id: `L${nth}`, subject: "S1", dataType }));
  const instrument = id === undefined ? {} : { instrument: { id, servedAt: arrived, issuedIn: "DE", emergency: false, ...paper } };
  return [{ type: "DetailsConfirmed", revision: 1, nature: "criminal", ...instrument, subjects: [], lines, missing: [], details: nothing }, hours(1)];
}

function packed(records: Readonly<Record<string, number>>): Told {
  return [packaged({ plan: "p", package: "P", records }), hours(40)];
}

function kept(records: Readonly<Record<string, number>>, at: Instant): Told {
  return [{ type: "SnapshotSealed", preservation: "K", revision: 1, object: "o", sha256: "0", bytes: 1, records }, at];
}

function sent(kind: "acknowledgement" | "referral", at: Instant): Told {
  return [{ type: "LetterSent", letter: "L", kind, transcript: "0" }, at];
}

const released: Told = [{ type: "ProductionReleased", package: "P", expiresAt: hours(90), downloads: 3, link: "k" }, hours(50)];

function row(...told: readonly Told[]): RequestRow | undefined {
  const trail = [received(), ...told].reduce((before, [fact, at]) => follow(before, fact, at), emptyTrail);
  return findRequestRow(trail, laws, (moment) => dayOf(moment, zone("Europe/Berlin")));
}

test("the papers of the reports are those that a pack of the desk puts into their buckets", () => {
  assert.deepEqual(
    Object.values(europeanBuckets).map((bucket) => papersReportedAs(laws, bucket)),
    [["EU-EPOC"], ["EU-EPOC-PR"], ["EU-DSA-9"], ["EU-DSA-10"]],
  );
  assert.ok(
    Object.values(europeanBuckets).every(
      (bucket) =>
        papersReportedAs(
          laws.filter(({ country }) => country === "US"),
          bucket,
        ).length === 0,
    ),
  );
});

test("no row is made of what no European report counts", () => {
  const setAside: Told = [{ type: "SetAside", reason: "not-a-request" } as unknown as CaseFact, hours(2)];
  const cases: readonly (readonly [string, readonly Told[]])[] = [
    ["a message that was set aside", [confirmed("EU-EPOC"), setAside]],
    ["a message on which nobody found a paper", [confirmed(undefined)]],
    ["a paper of a pack the desk does not use", [confirmed("GB-OPO")]],
    ["a national-security letter", [confirmed("US-NSL")]],
    ["what the reading takes for either, before a person has said which", [proposed("EU-EPOC", "US-NSL")]],
    ["the same when only the lines were confirmed", [proposed("EU-EPOC", "US-NSL"), confirmed(undefined)]],
  ];
  for (const [what, told] of cases) assert.equal(row(...told), undefined, what);
  assert.equal(row(proposed("EU-EPOC", "US-NSL"), confirmed("EU-EPOC"))?.instrument, "EU-EPOC", "a person has said which");
});

test("each fact gives the row what it records", () => {
  const cases: readonly (readonly [string, readonly Told[], Partial<RequestRow>])[] = [
    ["the day of receipt", [confirmed("EU-EPOC")], { receivedOn: "2026-11-02" as never, bucket: "eu-production-order", family: "production" }],
    ["the issuing State", [confirmed("EU-EPOC", { issuedIn: "FR-75" })], { issuedIn: "FR-75" }],
    ["the classes of its lines, each once", [confirmed("EU-EPOC", {}, ["name", "contact", "messages"])], { dataCategories: ["SUBSCRIBER", "CONTENT"] }],
    ["a paper confirmed anew", [confirmed("EU-EPOC"), confirmed("EU-DSA-10", { issuedIn: "IT" })], { instrument: "EU-DSA-10", issuedIn: "IT" }],
    ["an emergency", [confirmed("EU-EPOC", { emergency: true })], { emergency: true, unrecorded: ["illegal-content"] }],
    ["the first acknowledgement", [confirmed("EU-EPOC"), sent("acknowledgement", hours(2)), sent("acknowledgement", hours(9))], { acknowledgedAfterHours: 2 }],
    [
      "hours from service, when the paper was served before it reached the desk",
      [confirmed("EU-EPOC", { servedAt: hours(-3) }), sent("acknowledgement", hours(2))],
      { acknowledgedAfterHours: 5 },
    ],
    ["the data given", [confirmed("EU-EPOC"), packed({ name: 2 }), released], { effectAfterHours: 50 }],
    ["the data kept, from the first copy", [confirmed("EU-EPOC-PR"), kept({ name: 1 }, hours(7)), kept({ name: 1 }, hours(9))], { effectAfterHours: 7 }],
    ["what an order to act does not tell the desk", [confirmed("EU-DSA-9")], { unrecorded: ["illegal-content", "items", "effect"] }],
    ["what a preservation does not tell the desk", [confirmed("EU-EPOC-PR")], { unrecorded: ["illegal-content", "production-issued"] }],
  ];
  for (const [what, told, expected] of cases) {
    const found = row(...told) ?? assert.fail(what);
    for (const [member, value] of Object.entries(expected)) assert.deepEqual(found[member as keyof RequestRow], value, `${what}: ${member}`);
  }
});

test("what no fact records is absent, and never guessed", () => {
  const cases: readonly (readonly [string, readonly Told[], keyof RequestRow])[] = [
    ["the State of a paper that says none", [confirmed("EU-EPOC", { issuedIn: undefined } as never)], "issuedIn"],
    ["an emergency nobody spoke of", [confirmed("EU-EPOC", { emergency: undefined } as never)], "emergency"],
    ["an acknowledgement that was not sent", [confirmed("EU-EPOC"), sent("referral", hours(2))], "acknowledgedAfterHours"],
    ["an effect without a record", [confirmed("EU-EPOC"), packed({ name: 0 }), released], "effectAfterHours"],
    ["a copy without a record", [confirmed("EU-EPOC-PR"), kept({ name: 0 }, hours(7))], "effectAfterHours"],
    ["the effect of an order to act, whatever left", [confirmed("EU-DSA-9"), packed({ name: 1 }), released], "effectAfterHours"],
    ["what an order calls illegal", [confirmed("EU-DSA-10")], "illegalContent"],
  ];
  for (const [what, told, member] of cases) assert.equal((row(...told) ?? assert.fail(what))[member], undefined, what);
  assert.ok(row(confirmed("EU-EPOC", { emergency: undefined } as never))?.unrecorded?.includes("emergency"));
});

test("a data type to which the law gives no class stands under its own name, so that the report can name it", () => {
  assert.deepEqual(row(confirmed("EU-EPOC", {}, ["a-type-of-no-law"]))?.dataCategories, ["a-type-of-no-law"]);
});
