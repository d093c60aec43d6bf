// Shows which paper reaches which data under United States law and both policies, cell by cell.
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { crossCheck, isJurisdiction, isPolicy, loadPack } from "./load-pack.ts";
import type { JurisdictionPack, PolicyPack } from "./pack.ts";
import { dataClasses } from "./pack.ts";
import type { Verdict } from "./process-ladder.ts";
import { climb } from "./process-ladder.ts";

function load(file: string) {
  const loaded = loadPack({ file, text: readFileSync(new URL(`../../packs/${file}`, import.meta.url), "utf8") });
  assert.equal(loaded.kind, "loaded", JSON.stringify(loaded));
  return loaded;
}

function policyFrom(file: string) {
  const loaded = load(file);
  assert.ok(isPolicy(loaded));
  return loaded;
}

const [workplace, learning] = [policyFrom("policies/data-request.yaml"), policyFrom("policies/government-request.yaml")];
const law = load("jurisdictions/us.yaml");
assert.ok(isJurisdiction(law));
const us = law.pack;
const policies = [workplace.pack, learning.pack];

/** Section 2.2 of the jurisdiction notes: the least paper for each kind of data. Live data never has one. */
const leastPaper: { readonly [dataType: string]: "subpoena" | "2703(d)" | "warrant" | "counsel" } = {
  name: "subpoena",
  contact: "subpoena",
  phone: "subpoena",
  "account-id": "subpoena",
  registration: "subpoena",
  "sign-in-history": "subpoena",
  billing: "subpoena",
  profile: "2703(d)",
  device: "2703(d)",
  settings: "2703(d)",
  "audit-log": "2703(d)",
  "member-list": "2703(d)",
  "message-metadata": "2703(d)",
  location: "warrant",
  messages: "warrant",
  files: "warrant",
  "file-names": "warrant",
  drafts: "warrant",
  "deleted-items": "warrant",
  "realtime-metadata": "counsel",
  "realtime-content": "counsel",
};

const rank = { subpoena: 1, "2703(d)": 2, warrant: 3 } as const;
const ladder: { readonly [instrument: string]: 1 | 2 | 3 } = { "US-SUBP-ADMIN": 1, "US-SUBP-GJ": 1, "US-SUBP-TRIAL": 1, "US-D": 2, "US-SW": 3 };
/** Never in the ordinary queue, whatever they ask for. */
const secret = [
  "US-TELEMKT",
  "US-NSL",
  "US-PRTT",
  "US-T3",
  "US-FISA-ORDER",
  "US-FISA-PRTT",
  "US-FISA-RECORDS",
  "US-FISA-CALL-RECORDS",
  "US-FISA-DIRECTIVE",
  "US-CLOUD-IN",
  "US-MLA",
];
/** They compel no production at all. */
const powerless = ["US-EDR", "US-PRES", "US-CONSENT", "US-NDO", "US-DELAY"];

function expected(instrument: string, dataType: string): Verdict["kind"] {
  const least = leastPaper[dataType];
  if (least === undefined) return "does-not-reach";
  if (least === "counsel" || secret.includes(instrument)) return "counsel";
  if (instrument === "US-CIVIL") return least === "warrant" ? "does-not-reach" : "counsel";
  return (ladder[instrument] ?? 0) >= rank[least] ? "reaches" : "does-not-reach";
}

function verdict(instrument: string, dataType: string, policy: PolicyPack = workplace.pack, under: JurisdictionPack = us): Verdict {
  return climb({ policy, law: under, instrument, dataType });
}

function reachOf(instrument: string, policy: PolicyPack, under: JurisdictionPack = us): readonly string[] {
  return policy.dataTypes.map(({ id }) => id).filter((type) => verdict(instrument, type, policy, under).kind === "reaches");
}

test("the table names every instrument and every kind of data there is", () => {
  const named = [...Object.keys(ladder), ...secret, ...powerless, "US-CIVIL"];
  assert.deepEqual(us.instruments.map(({ id }) => id).toSorted(), named.toSorted());
  for (const policy of policies)
    assert.deepEqual(
      policy.dataTypes.map(({ id }) => id),
      Object.keys(leastPaper),
    );
});

test("each instrument reaches exactly the data the table gives it, under both policies", () => {
  let cells = 0;
  for (const policy of policies) {
    for (const { id: instrument } of us.instruments) {
      for (const { id: dataType } of policy.dataTypes) {
        assert.equal(verdict(instrument, dataType, policy).kind, expected(instrument, dataType), `${policy.pack.id}: ${instrument} × ${dataType}`);
        cells += 1;
      }
    }
  }
  assert.equal(cells, 2 * 22 * 21);
});

test("every verdict cites the policy's clause: KDRP-11 for content, KDRP-12 for the rest, IGRP-7 for the other policy", () => {
  for (const { id: instrument } of us.instruments) {
    for (const { id, kind } of workplace.pack.dataTypes) {
      const live = kind === "real-time" || instrument === "US-PRTT" || instrument === "US-T3";
      const clause = kind === "content" ? "KDRP-11" : "KDRP-12";
      assert.equal(verdict(instrument, id).clause, live ? "KDRP-6" : clause, `${instrument} × ${id}`);
      assert.equal(verdict(instrument, id, learning.pack).clause, live ? "IGRP-5" : "IGRP-7", `${instrument} × ${id}`);
    }
  }
});

test("a subpoena does not reach message content, and the answer says what would", () => {
  assert.deepEqual(verdict("US-SUBP-GJ", "messages"), {
    kind: "does-not-reach",
    clause: "KDRP-11",
    code: "INSUFFICIENT_PROCESS",
    because: "A subpoena does not reach message content (KDRP-11). A search warrant would.",
    wouldReach: ["US-SW"],
  });
});

test("a court order does not reach the content of messages of any age, and says the same under the other policy", () => {
  const answer = verdict("US-D", "deleted-items", learning.pack);
  assert.ok(answer.kind === "does-not-reach");
  assert.equal(answer.because, "A court order does not reach deleted items (IGRP-7). A search warrant would.");
});

test("a subpoena for the audit log is told that a court order or a warrant would do", () => {
  const answer = verdict("US-SUBP-ADMIN", "audit-log");
  assert.ok(answer.kind === "does-not-reach");
  assert.equal(answer.because, "A subpoena does not reach audit logs (KDRP-12). A court order or a search warrant would.");
  assert.deepEqual(answer.wouldReach, ["US-D", "US-SW"]);
});

test("an emergency request compels nothing, and the three subpoenas are named once", () => {
  const answer = verdict("US-EDR", "name");
  assert.ok(answer.kind === "does-not-reach");
  assert.equal(answer.code, "NOT_COMPULSORY");
  assert.equal(answer.because, "An emergency request compels nothing and does not reach names (KDRP-12). A subpoena, a court order or a search warrant would.");
  assert.deepEqual(answer.wouldReach, ["US-SUBP-ADMIN", "US-SUBP-GJ", "US-SUBP-TRIAL", "US-D", "US-SW"]);
});

test("a policy that switches emergency disclosure on lets its named minimum through and nothing else, and never live data", () => {
  const emergency = { dataTypes: ["name", "contact", "sign-in-history"], paperWithinDays: 7 };
  const generous = { ...workplace.pack, settings: { ...workplace.pack.settings, allowVoluntaryEmergency: true, emergency } };
  for (const { id, kind } of generous.dataTypes) {
    const answer = verdict("US-EDR", id, generous);
    if (kind === "real-time") assert.equal(answer.kind, "counsel");
    else assert.equal(answer.kind, emergency.dataTypes.includes(id) ? "reaches" : "does-not-reach", id);
    if (answer.kind === "does-not-reach") assert.equal(answer.code, "BEYOND_EMERGENCY_MINIMUM");
  }
});

test("a private litigant gets no content, and no paper is named that would", () => {
  const answer = verdict("US-CIVIL", "messages");
  assert.ok(answer.kind === "does-not-reach");
  assert.deepEqual(answer.wouldReach, []);
  assert.equal(answer.because, "A civil subpoena does not reach message content (KDRP-11). No paper that a private litigant can obtain would.");
});

test("live data and live papers go to counsel and are never refused by the desk", () => {
  for (const { id } of us.instruments) assert.equal(verdict(id, "realtime-content").kind, "counsel");
  const answer = verdict("US-PRTT", "message-metadata");
  assert.deepEqual(answer, {
    kind: "counsel",
    clause: "KDRP-6",
    code: "REALTIME",
    because: "A pen register order asks for live collection, and the desk has none (KDRP-6). Counsel answers this.",
  });
});

test("an unknown kind of data or an unknown paper reaches nothing", () => {
  const odd = ["", "constructor", "__proto__", "MESSAGES", "messages ", "US-SW"];
  for (const { id } of us.instruments)
    for (const dataType of odd)
      assert.deepEqual([verdict(id, dataType).kind, (verdict(id, dataType) as { code?: string }).code], ["does-not-reach", "UNKNOWN_DATA_TYPE"]);
  for (const { id } of workplace.pack.dataTypes)
    for (const instrument of ["", "US-XX", "us-sw", "constructor"]) assert.equal(verdict(instrument, id).kind, "does-not-reach");
  fc.assert(
    fc.property(fc.string(), fc.string(), (instrument, dataType) => {
      fc.pre(!us.instruments.some(({ id }) => id === instrument) || !(dataType in leastPaper));
      assert.equal(verdict(instrument, dataType).kind, "does-not-reach");
    }),
  );
});

test("an unknown paper is told which known paper would reach the data", () => {
  const answer = verdict("XX-PAPER", "files");
  assert.ok(answer.kind === "does-not-reach");
  assert.equal(answer.because, "This kind of paper is not known here, so it does not reach files (KDRP-11). A search warrant would.");
});

test("a kind of data without a class under the law reaches nobody, not even on a warrant", () => {
  const { messages: _, ...classOf } = us.classOf;
  const answer = verdict("US-SW", "messages", workplace.pack, { ...us, classOf });
  assert.ok(answer.kind === "does-not-reach");
  assert.equal(answer.code, "UNKNOWN_DATA_TYPE");
});

test("no paper reaches anything a search warrant does not, and each rung reaches all of the rung below", () => {
  for (const policy of policies) {
    const warrant = new Set(reachOf("US-SW", policy));
    const order = new Set(reachOf("US-D", policy));
    for (const { id } of us.instruments) assert.ok(new Set(reachOf(id, policy)).isSubsetOf(warrant), id);
    for (const id of ["US-SUBP-ADMIN", "US-SUBP-GJ", "US-SUBP-TRIAL"]) assert.ok(new Set(reachOf(id, policy)).isSubsetOf(order), id);
    assert.deepEqual([warrant.size, order.size, reachOf("US-SUBP-GJ", policy).length], [19, 13, 7]);
  }
});

test("the override for content holds even when the pack says that a court order or a subpoena compels it", () => {
  const statuteRead = { ...us, instruments: us.instruments.map((one) => (ladder[one.id] === undefined ? one : { ...one, compels: [...dataClasses] })) };
  for (const type of ["messages", "files", "file-names", "drafts", "deleted-items", "location"]) {
    for (const instrument of ["US-D", "US-SUBP-GJ", "US-SUBP-ADMIN", "US-SUBP-TRIAL"]) {
      assert.equal(verdict(instrument, type, learning.pack, statuteRead).kind, "does-not-reach", `${instrument} × ${type}`);
    }
    assert.equal(verdict("US-SW", type, learning.pack, statuteRead).kind, "reaches");
  }
});

test("file names stay with a warrant even when somebody files them under records", () => {
  const relaxed = { ...us, classOf: { ...us.classOf, "file-names": "RECORDS" as const } };
  assert.equal(verdict("US-D", "file-names", learning.pack, relaxed).kind, "does-not-reach");
});

test("an instrument limited to some kinds of data reaches no other of the same class", () => {
  const atDesk = {
    ...us,
    instruments: us.instruments.map((one) => (one.id === "US-TELEMKT" ? { ...one, route: "desk" as const, form: "subpoena" as const } : one)),
  };
  assert.deepEqual(reachOf("US-TELEMKT", workplace.pack, atDesk), ["name", "contact"]);
});

test("a voluntary paper reaches nothing, and a secret one stays with counsel, even when the pack's row is careless", () => {
  const careless = {
    ...us,
    instruments: us.instruments.map((one) => ({ ...one, compels: [...dataClasses], form: "search-warrant" as const, route: "desk" as const })),
    overrides: [],
  };
  for (const paper of ["US-EDR", "US-CONSENT"]) assert.deepEqual(reachOf(paper, workplace.pack, careless), []);
  for (const paper of ["US-NSL", "US-FISA-ORDER", "US-FISA-DIRECTIVE", "US-PRTT", "US-T3"])
    assert.equal(verdict(paper, "name", workplace.pack, careless).kind, "counsel");
});

test("where the law lets a paper through that the policy does not accept, counsel decides", () => {
  const relaxed = {
    ...us,
    overrides: [],
    instruments: us.instruments.map((one) => (one.id === "US-D" ? { ...one, compels: [...one.compels, "CONTENT" as const] } : one)),
  };
  assert.deepEqual(verdict("US-D", "messages", workplace.pack, relaxed), {
    kind: "counsel",
    clause: "KDRP-11",
    code: "POLICY_ASKS_MORE",
    because: "By law a court order reaches message content, but the policy asks for a search warrant (KDRP-11). Counsel decides.",
  });
});

test("taking a class, an override's instrument or an accepted form away never lets more through", () => {
  const without = <Item>(list: readonly Item[], index: number) => list.filter((_, place) => place !== index % Math.max(list.length, 1));
  fc.assert(
    fc.property(
      fc.nat({ max: us.instruments.length - 1 }),
      fc.nat({ max: 19 }),
      fc.nat({ max: 9 }),
      fc.constantFrom("class", "requires", "form"),
      (paper, kind, index, what) => {
        const less: JurisdictionPack = {
          ...us,
          instruments: us.instruments.map((one, place) => (what === "class" && place === paper ? { ...one, compels: without(one.compels, index) } : one)),
          overrides: us.overrides.map((one, place) => (what === "requires" && place === index % us.overrides.length ? { ...one, requires: [] } : one)),
        };
        const dataTypes = workplace.pack.dataTypes.map((one, place) =>
          what === "form" && place === kind ? { ...one, accepts: without(one.accepts, index) } : one,
        );
        for (const { id } of us.instruments)
          assert.ok(new Set(reachOf(id, { ...workplace.pack, dataTypes }, less)).isSubsetOf(new Set(reachOf(id, workplace.pack))));
      },
    ),
    { numRuns: 60 },
  );
});

test("both policies and the law of the United States fit together", () => {
  assert.deepEqual([...crossCheck(workplace, [law]), ...crossCheck(learning, [law])], []);
});
