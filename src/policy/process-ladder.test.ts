// Shows which paper reaches which data under United States law and both policies, cell by cell.
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { crossCheck, isJurisdiction, isPolicy, loadPack } from "./load-pack.ts";
import type { JurisdictionPack, PolicyPack, Rank } from "./pack.ts";
import { dataClasses, ranks } from "./pack.ts";
import type { PaperAuthority, Verdict } from "./process-ladder.ts";
import { classUnder, climb, issuerMeets, rankWords, tierOf } from "./process-ladder.ts";

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

function lawFrom(file: string): JurisdictionPack {
  const loaded = load(file);
  assert.ok(isJurisdiction(loaded));
  return loaded.pack;
}

const [eu, gb] = [lawFrom("jurisdictions/eu.yaml"), lawFrom("jurisdictions/gb.yaml")];
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

/** The Union's certificate, with what is known about its signature and its offence. */
function epoc(dataType: string, authority?: PaperAuthority): Verdict {
  return climb({ policy: workplace.pack, law: eu, instrument: "EU-EPOC", dataType, ...(authority === undefined ? {} : { authority }) });
}

const grave = { maxYears: 3 };
const said = (answer: Verdict) => [answer.kind, answer.clause, ...("code" in answer ? [answer.code] : [])];

test("a European production order needs a judge for traffic data and content, a prosecutor at least for subscriber data (Regulation (EU) 2023/1543, art. 4)", () => {
  const judges: readonly Rank[] = ["judge", "court", "investigating-judge"];
  for (const signedBy of ranks) {
    for (const [dataType, enough] of [
      ["name", [...judges, "prosecutor"]],
      ["message-metadata", judges],
      ["settings", judges],
      ["location", judges],
      ["messages", judges],
    ] as const) {
      const answer = epoc(dataType, { signedBy, offence: grave });
      if (enough.includes(signedBy)) assert.equal(answer.kind, "reaches", `${signedBy} × ${dataType}`);
      else assert.deepEqual(said(answer), ["does-not-reach", "V07", "WRONG_ISSUER"], `${signedBy} × ${dataType}`);
    }
  }
});

test("another authority's order counts when the right rank has validated it, and stays open while nobody has recorded who issued it", () => {
  assert.equal(epoc("name", { signedBy: "agency", validatedBy: "prosecutor" }).kind, "reaches");
  assert.equal(epoc("messages", { signedBy: "agency", validatedBy: "judge", offence: grave }).kind, "reaches");
  assert.deepEqual(said(epoc("messages", { signedBy: "agency", validatedBy: "prosecutor", offence: grave })), ["does-not-reach", "V07", "WRONG_ISSUER"]);
  assert.equal(epoc("messages", { validatedBy: "judge", offence: grave }).kind, "reaches");
  for (const authority of [{}, { validatedBy: "agency" as const }]) {
    const answer = epoc("messages", authority);
    assert.ok(answer.kind === "ask");
    assert.deepEqual(said(answer), ["ask", "V07", "ISSUER_UNKNOWN"]);
    assert.equal(
      answer.because,
      "Nobody has recorded who issued a European production order. Message content needs a judge, a court or an investigating judge (V07).",
    );
  }
});

test("in an emergency the police may issue an order for subscriber data first, and never one for content (art. 4(5))", () => {
  for (const signedBy of ["agency", "official"] as const) {
    assert.equal(epoc("name", { signedBy, emergency: true }).kind, "reaches");
    assert.deepEqual(said(epoc("name", { signedBy, emergency: false })), ["does-not-reach", "V07", "WRONG_ISSUER"]);
    assert.deepEqual(said(epoc("name", { signedBy })), ["does-not-reach", "V07", "WRONG_ISSUER"]);
    assert.deepEqual(said(epoc("messages", { signedBy, emergency: true, offence: grave })), ["does-not-reach", "V07", "WRONG_ISSUER"]);
  }
  assert.deepEqual(said(epoc("name", { signedBy: "litigant", emergency: true })), ["does-not-reach", "V07", "WRONG_ISSUER"]);
});

test("an order of the wrong rank is told which rank would do, and that a validation would do as well where the law knows one", () => {
  const wrong = epoc("name", { signedBy: "agency" });
  assert.ok(wrong.kind === "does-not-reach");
  assert.equal(
    wrong.because,
    "A European production order of this authority does not reach names (V07). One issued or validated by a judge, a court, an investigating judge or a prosecutor would.",
  );
  assert.deepEqual(wrong.wouldReach, ["EU-EPOC"]);
  const british = climb({ policy: workplace.pack, law: gb, instrument: "UK-OPO", dataType: "messages", authority: { signedBy: "agency" } });
  assert.ok(british.kind === "does-not-reach");
  assert.equal(british.because, "An overseas production order of this authority does not reach message content (V07). One issued by a judge or a court would.");
});

test("traffic data and content need an offence of at least three years or one on the list; what nobody recorded is asked, never assumed (art. 5(4))", () => {
  const offences: readonly (readonly [PaperAuthority["offence"], "reaches" | "OFFENCE_UNKNOWN" | "OFFENCE_BELOW_THRESHOLD"])[] = [
    [{ maxYears: 3 }, "reaches"],
    [{ maxYears: 10, listed: false }, "reaches"],
    [{ maxYears: 2, listed: true }, "reaches"],
    [{ listed: true }, "reaches"],
    [{ maxYears: 2, listed: false }, "OFFENCE_BELOW_THRESHOLD"],
    [{ maxYears: 2 }, "OFFENCE_UNKNOWN"],
    [{ listed: false }, "OFFENCE_UNKNOWN"],
    [{}, "OFFENCE_UNKNOWN"],
    [undefined, "OFFENCE_UNKNOWN"],
  ];
  for (const [offence, expected] of offences) {
    const authority = { signedBy: "judge" as const, ...(offence === undefined ? {} : { offence }) };
    for (const dataType of ["messages", "message-metadata"]) {
      const answer = epoc(dataType, authority);
      assert.equal("code" in answer ? answer.code : answer.kind, expected, `${dataType}: ${JSON.stringify(offence)}`);
      if (expected !== "reaches") assert.deepEqual([answer.kind, answer.clause], [expected === "OFFENCE_UNKNOWN" ? "ask" : "does-not-reach", "V09"]);
    }
    assert.equal(epoc("name", authority).kind, "reaches", "subscriber data needs no grave offence");
  }
  const lesser = epoc("messages", { signedBy: "judge", offence: { maxYears: 2, listed: false } });
  assert.ok(lesser.kind === "does-not-reach");
  assert.deepEqual(lesser.wouldReach, []);
  assert.equal(
    lesser.because,
    "Message content needs an offence punishable with at least 3 years, or one on the law's list; the paper names a lesser one (V09). A European production order for such an offence would reach it.",
  );
});

test("where the law has no list of offences, only the penalty counts", () => {
  const unlisted = {
    ...eu,
    instruments: eu.instruments.map((one) => ({
      ...one,
      tiers: one.tiers.map((tier) => (tier.offence === undefined ? tier : { ...tier, offence: { minYears: 3, orListed: false } })),
    })),
  };
  const asked = (offence: PaperAuthority["offence"]) => {
    const authority: PaperAuthority = { signedBy: "judge", ...(offence === undefined ? {} : { offence }) };
    return climb({ policy: workplace.pack, law: unlisted, instrument: "EU-EPOC", dataType: "messages", authority });
  };
  const codes = [{ maxYears: 3 }, { maxYears: 2 }, { maxYears: 2, listed: true }, { listed: true }, undefined].map((offence) => said(asked(offence)).at(-1));
  assert.deepEqual(codes, ["KDRP-11", "OFFENCE_BELOW_THRESHOLD", "OFFENCE_BELOW_THRESHOLD", "OFFENCE_UNKNOWN", "OFFENCE_UNKNOWN"]);
  const answer = asked({ maxYears: 2 });
  assert.ok(answer.kind === "does-not-reach");
  assert.match(answer.because, /at least 3 years; the paper names a lesser one/);
});

test("who signed is asked only where somebody looks at the paper: its kind alone is judged without", () => {
  assert.deepEqual(epoc("messages"), { kind: "reaches", citation: "Regulation (EU) 2023/1543, art. 4(2), 5(4)", clause: "KDRP-11" });
  assert.deepEqual(epoc("name"), { kind: "reaches", citation: "Regulation (EU) 2023/1543, art. 4(1), 4(5), 5(3)", clause: "KDRP-12" });
});

test("a paper with one rule for everything cites its own source, whoever signed it", () => {
  for (const authority of [undefined, {}, { signedBy: "judge" as const }]) {
    const asked = { policy: workplace.pack, law: us, instrument: "US-SW", dataType: "messages", ...(authority === undefined ? {} : { authority }) };
    assert.deepEqual(climb(asked), { kind: "reaches", citation: "18 USC 2703(a), (b), (c)(1)(A)", clause: "KDRP-11" });
  }
});

test("each class that a table of issuers names has its own row, and a paper without a table has none", () => {
  const paper = (id: string) => eu.instruments.find((one) => one.id === id) ?? assert.fail(id);
  const rows = dataClasses.map((dataClass) => tierOf(paper("EU-EPOC"), dataClass)?.classes.join(" ") ?? "none");
  const [subscriber, traffic] = ["SUBSCRIBER IDENTIFY_ONLY", "TRAFFIC RECORDS LOCATION"];
  assert.deepEqual(rows, [subscriber, subscriber, traffic, traffic, traffic, "CONTENT", "none", "none"]);
  assert.equal(tierOf(paper("EU-EPOC"), undefined), undefined);
  assert.equal(tierOf(paper("EU-MLA"), "CONTENT"), undefined);
});

test("a row of issuers is met by its own ranks, by a validation, or in an emergency by the ranks it names; unknown stays unknown", () => {
  const row = tierOf(eu.instruments.find(({ id }) => id === "EU-EPOC") ?? assert.fail("no EPOC"), "SUBSCRIBER") ?? assert.fail("no row");
  const table: readonly (readonly [PaperAuthority, boolean | undefined])[] = [
    [{}, undefined],
    [{ emergency: true }, undefined],
    [{ validatedBy: "agency" }, undefined],
    [{ signedBy: "prosecutor" }, true],
    [{ signedBy: "agency" }, false],
    [{ signedBy: "agency", emergency: false }, false],
    [{ signedBy: "agency", emergency: true }, true],
    [{ signedBy: "agency", validatedBy: "prosecutor" }, true],
    [{ signedBy: "agency", validatedBy: "agency" }, false],
    [{ validatedBy: "prosecutor" }, true],
  ];
  for (const [authority, expected] of table) assert.equal(issuerMeets(row, authority), expected, JSON.stringify(authority));
});

test("every rank has its words, and a letter never calls a rank by its id", () => {
  assert.deepEqual(
    ranks.map((one) => rankWords({ issuers: [one] })),
    [
      "a judge",
      "a court",
      "an investigating judge",
      "a prosecutor",
      "a clerk of the court",
      "an agency",
      "an official of the rank the statute names",
      "a minister",
      "a grand jury",
      "a party to the case",
      "the customer",
      "a foreign authority",
      "nobody",
    ],
  );
  assert.equal(rankWords({ issuers: ["judge", "court"] }), "a judge or a court");
});

test("what is asked for only to identify the user sinks to the lowest class where the law says so, and only there", () => {
  assert.equal(classUnder(eu, { dataType: "sign-in-history", onlyToIdentify: true }), "IDENTIFY_ONLY");
  assert.equal(classUnder(eu, { dataType: "sign-in-history", onlyToIdentify: false }), "TRAFFIC");
  assert.equal(classUnder(eu, { dataType: "sign-in-history" }), "TRAFFIC");
  assert.equal(classUnder(eu, { dataType: "messages", onlyToIdentify: true }), "CONTENT");
  const byProsecutor = (onlyToIdentify: boolean) =>
    climb({
      policy: workplace.pack,
      law: eu,
      instrument: "EU-EPOC",
      dataType: "sign-in-history",
      onlyToIdentify,
      authority: { signedBy: "prosecutor" },
    });
  assert.equal(byProsecutor(true).kind, "reaches");
  assert.deepEqual(said(byProsecutor(false)), ["does-not-reach", "V07", "WRONG_ISSUER"]);
});

test("a class comes only from the law's own list: no name that a program brings along is one", () => {
  for (const dataType of ["constructor", "toString", "__proto__"]) assert.equal(classUnder(us, { dataType }), undefined);
});

test("data is live when the policy calls it so or when the law classes it so: either is enough for counsel", () => {
  const classed = (dataClass: "REALTIME_META" | "REALTIME_CONTENT") =>
    verdict("US-SW", "messages", workplace.pack, { ...us, classOf: { ...us.classOf, messages: dataClass } });
  const called = verdict("US-SW", "realtime-content", workplace.pack, { ...us, classOf: { ...us.classOf, "realtime-content": "CONTENT" } });
  for (const answer of [classed("REALTIME_META"), classed("REALTIME_CONTENT"), called]) assert.deepEqual(said(answer).toSpliced(1, 1), ["counsel", "REALTIME"]);
});

test("each secret or foreign paper is counsel's alone and says so with the clause of the data asked for", () => {
  const answer = verdict("US-NSL", "name", learning.pack);
  assert.deepEqual(answer, {
    kind: "counsel",
    clause: "IGRP-7",
    code: "COUNSEL_ONLY",
    because: "A national security letter is read by counsel only and never enters the ordinary queue (IGRP-7).",
  });
});

test("a paper for live collection cites the policy's clause on live data, and the clause of the data asked for where the policy has none", () => {
  const dataTypes = workplace.pack.dataTypes.filter(({ kind }) => kind !== "real-time");
  assert.equal(verdict("US-PRTT", "message-metadata").clause, "KDRP-6");
  assert.equal(verdict("US-PRTT", "message-metadata", { ...workplace.pack, dataTypes }).clause, "KDRP-12");
  const own = workplace.pack.dataTypes.map((type) => (type.id === "realtime-content" ? { ...type, clause: "KDRP-12" } : type));
  assert.equal(verdict("US-PRTT", "messages", { ...workplace.pack, dataTypes: own }).clause, "KDRP-6", "the first kind of live data that the policy lists");
});

test("what no policy knows is refused under the check for the list of data; what no law classes, under the policy's own clause", () => {
  assert.deepEqual(verdict("US-SW", "horoscopes"), {
    kind: "does-not-reach",
    clause: "V13",
    code: "UNKNOWN_DATA_TYPE",
    because: "The policy does not know this kind of data, so no paper reaches it. Choose the kind of data again.",
    wouldReach: [],
  });
  const silent = { ...workplace.pack, dataTypes: workplace.pack.dataTypes.filter(({ id }) => id !== "files") };
  assert.deepEqual(said(verdict("US-SW", "files", silent)), ["does-not-reach", "V13", "UNKNOWN_DATA_TYPE"], "the law knows files, this policy does not");
  const { files: _, ...classOf } = us.classOf;
  assert.deepEqual(verdict("US-SW", "files", workplace.pack, { ...us, classOf }), {
    kind: "does-not-reach",
    clause: "KDRP-11",
    code: "UNKNOWN_DATA_TYPE",
    because: "This law gives no class to files, so no paper reaches such data (KDRP-11). Counsel must add the class to the pack first.",
    wouldReach: [],
  });
  assert.equal(said(verdict("XX-PAPER", "files")).at(-1), "UNKNOWN_INSTRUMENT");
});

test("a policy that switches emergency disclosure on changes nothing for any other paper, and lets nothing through without a named minimum", () => {
  const emergency = { dataTypes: ["name"], paperWithinDays: 7 };
  const generous = { ...workplace.pack, settings: { ...workplace.pack.settings, allowVoluntaryEmergency: true, emergency } };
  for (const { id } of us.instruments.filter(({ family }) => family !== "emergency"))
    for (const dataType of ["name", "messages"]) assert.deepEqual(verdict(id, dataType, generous), verdict(id, dataType), `${id} × ${dataType}`);
  const { emergency: _, ...settings } = generous.settings;
  assert.deepEqual(verdict("US-EDR", "name", { ...generous, settings }), {
    kind: "does-not-reach",
    clause: "KDRP-12",
    code: "BEYOND_EMERGENCY_MINIMUM",
    because: "In an emergency the policy lets only a named minimum leave, without names (KDRP-12). A compulsory paper would change this.",
    wouldReach: [],
  });
});

test("an override that takes another's place is the one that names the papers, and the other falls silent", () => {
  const [contentRule] = us.overrides.filter(({ id }) => id === "content-needs-a-warrant");
  assert.ok(contentRule !== undefined);
  const relaxed = {
    ...us,
    instruments: us.instruments.map((one) =>
      one.id === "US-D" ? { ...one, compels: [...one.compels, "CONTENT" as const], form: "search-warrant" as const } : one,
    ),
  };
  const newer = { ...contentRule, id: "newer-rule", requires: ["US-SW", "US-D"], replaces: contentRule.id };
  assert.equal(verdict("US-D", "messages", workplace.pack, relaxed).kind, "does-not-reach");
  assert.equal(verdict("US-D", "messages", workplace.pack, { ...relaxed, overrides: [...relaxed.overrides, newer] }).kind, "reaches");
  const { requires: _, ...stops } = { ...newer, then: "counsel" as const, code: "CONFLICT", check: "V20" };
  const stopped = { ...relaxed, overrides: [...relaxed.overrides, stops] };
  assert.equal(verdict("US-D", "messages", workplace.pack, stopped).kind, "does-not-reach", "a rule that only stops a line names no papers");
});

test("a paper is named as the remedy only where the policy accepts it, and none is named where the policy accepts nothing", () => {
  const relaxed = {
    ...us,
    overrides: [],
    instruments: us.instruments.map((one) => (one.id === "US-D" ? { ...one, compels: [...one.compels, "CONTENT" as const] } : one)),
  };
  const answer = verdict("US-SUBP-GJ", "messages", workplace.pack, relaxed);
  assert.ok(answer.kind === "does-not-reach");
  assert.deepEqual(answer.wouldReach, ["US-SW"]);
  const closed = { ...workplace.pack, dataTypes: workplace.pack.dataTypes.map((one) => ({ ...one, accepts: [] })) };
  const none = verdict("US-SUBP-GJ", "messages", closed);
  assert.ok(none.kind === "does-not-reach");
  assert.deepEqual([none.because, none.wouldReach], ["A subpoena does not reach message content (KDRP-11).", []]);
  const reached = verdict("US-SW", "messages", closed);
  assert.ok(reached.kind === "counsel");
  assert.equal(reached.because, "By law a search warrant reaches message content, but the policy lets no paper through (KDRP-11). Counsel decides.");
});

test("a paper that counts as a warrant only for content is named as the remedy for content (Crime (Overseas Production Orders) Act 2019)", () => {
  const answer = climb({ policy: workplace.pack, law: gb, instrument: "UK-IPA-CD", dataType: "messages" });
  assert.ok(answer.kind === "does-not-reach");
  assert.deepEqual(answer.wouldReach, ["UK-OPO"]);
  assert.match(answer.because, /An overseas production order would\.$/);
});
