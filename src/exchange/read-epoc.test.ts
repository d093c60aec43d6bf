// What the desk makes of a European order: each row of the mapping, each contradiction, and nothing that disappears.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "yaml";
import fc from "fast-check";
import { assertIdsHold, assertNothingDisappears, bentTrees, fixtureTree, treeOf } from "../../tests/fixtures/exchange/trees.ts";
import { caseOf } from "./case-part.ts";
import { readEpoc } from "./read-epoc.ts";
import type { EpocReading } from "./read-epoc.ts";
import type { XmlElement } from "./read-xml.ts";

function read(root: XmlElement): EpocReading {
  const reading = readEpoc(root);
  if (reading.kind !== "read") throw new Error(JSON.stringify(reading.problems));
  return reading;
}

const load = (pack: string) => (parse(readFileSync(new URL(pack, import.meta.url), "utf8")) as { readonly contents: object }).contents;
const order = (name: string) => read(fixtureTree(name));
const codes = ({ findings }: EpocReading) => findings.map(({ code }) => code);
const desk = { asked: "2026-11-03T09:00:00+01:00", zone: "Europe/Dublin", servedAt: "2026-11-02T10:00:00+01:00", servedBy: "decentralised-it-system" } as const;

const fixtures = [
  "epoc-subscriber-prosecutor.xml",
  "epoc-content-judge-notified.xml",
  "epoc-emergency-eight-hours.xml",
  "epoc-both-ten-day-values.xml",
  "epoc-agency-validated.xml",
  "epoc-pr.xml",
  "form-5-production-follows.xml",
  "form-6-extension.xml",
];

const epoc =
  'xmlns="http://data.europa.eu/edm/1/ns/forms/EPOC-FORM_1#" xmlns:e="http://data.europa.eu/edm/1/ns/epoc" xmlns:o="http://data.europa.eu/edm/1/ns/eio"';
const made = (inner: string) => read(treeOf(`<EPOC ${epoc}>${inner}</EPOC>`));

interface Timed {
  readonly deadlines: readonly string[];
  readonly emergency?: string;
  readonly isNotified: boolean;
}

function timed({ deadlines, emergency, isNotified }: Timed): EpocReading {
  const values = deadlines.map((each) => (each.startsWith("IMMINENT") ? `<Value>${each}</Value>` : `<WithinTenDays>${each}</WithinTenDays>`)).join("");
  return made(
    `<SectionB>${emergency === undefined ? "" : `<e:EmergencyCase>${emergency}</e:EmergencyCase>`}</SectionB><SectionC><DataProductionInRelationToDeadline>${values}</DataProductionInRelationToDeadline></SectionC>${isNotified ? "<SectionK><EnforcingAuthority><o:NameOfAuthority>A</o:NameOfAuthority></EnforcingAuthority></SectionK>" : ""}`,
  );
}

test("an order by a prosecutor for subscriber data becomes a case that the desk can assess", () => {
  const { form, description, said } = order("epoc-subscriber-prosecutor.xml");
  assert.equal(form, "epoc");
  assert.deepEqual(description.paper, {
    instrument: "EU-EPOC",
    nature: "criminal",
    emergency: false,
    authorityNotified: false,
    signedBy: "prosecutor",
    issuedOn: "2026-11-02",
    issuedIn: "DE",
    shows: ["issued-on", "issuing-authority", "account", "data-category"],
  });
  assert.deepEqual(description.authority, {
    name: "Staatsanwaltschaft Musterstadt",
    officer: "Erika Beispiel",
    email: "poststelle@sta-musterstadt.example",
    phone: "+49 30 5550100",
    reference: "123 Js 456/26",
    technicalId: "DE-DEX0001",
  });
  assert.deepEqual(
    description.lines.map(({ id, dataType, subject, onlyToIdentify }) => [id, dataType, subject, onlyToIdentify ?? false]),
    [
      ["L1", "name", "ID-1", false],
      ["L2", "contact", "ID-1", false],
      ["L3", "phone", "ID-1", false],
      ["L4", "account-id", "ID-1", false],
      ["L5", "registration", "ID-1", false],
      ["L6", "billing", "ID-1", false],
      ["L7", "sign-in-history", "ID-2", true],
    ],
  );
  assert.deepEqual(said.delivery, ["issuing-authority"]);
  assert.deepEqual(said.addressee, { name: "Examplechat Europe Ltd", technicalId: "IE-IEX0042" });
});

test("every fixture makes a case that its schema accepts", () => {
  for (const name of fixtures.slice(0, 6)) {
    const read = caseOf(order(name).description, desk);
    assert.equal(read.kind, "case", `${name}: ${JSON.stringify(read)}`);
  }
});

test("an order for content by a judge holds the data until the enforcing authority's ten days have ended", () => {
  const { description, said, forPerson } = order("epoc-content-judge-notified.xml");
  assert.equal(said.deadline, "end-of-ten-days");
  assert.equal(description.paper.authorityNotified, true);
  assert.equal(description.paper.signedBy, "judge");
  assert.equal(description.gagWish, true);
  assert.deepEqual(
    description.lines.filter(({ dataType }) => dataType === "messages").map(({ from, to }) => [from, to]),
    [["2026-06-01", "2026-06-30"]],
  );
  const reason = forPerson.find(({ path }) => path === "/EPOC/SectionH/DelayConditions/Reason");
  assert.match(reason?.why ?? "", /counsel/);
  assert.ok(codes(order("epoc-content-judge-notified.xml")).includes("INFORMING_IS_DELAYED"));
});

test("an emergency order without validation is read as one, and its validation is watched", () => {
  const reading = order("epoc-emergency-eight-hours.xml");
  assert.deepEqual([reading.said.deadline, reading.description.paper.emergency, reading.description.paper.signedBy], ["eight-hours", true, "agency"]);
  assert.equal(reading.said.withoutValidation, true);
  assert.ok(codes(reading).includes("VALIDATION_OWED"));
});

test("both ten-day values together are a finding, and the desk waits", () => {
  const reading = order("epoc-both-ten-day-values.xml");
  assert.ok(codes(reading).includes("BOTH_TEN_DAY_DEADLINES"));
  assert.deepEqual([reading.said.deadline, reading.description.paper.authorityNotified], ["end-of-ten-days", true]);
});

test("no deadline, emergency and notification together ever shorten the hold or make an emergency that the form denies", () => {
  const words = ["AS_SOON_AS_POSSIBLE", "AT_THE_END_OF_TEN_DAYS", "IMMINENT_THREAT_TO_LIFE", "IMMINENT_THREAT_TO_CRITICAL_INFRASTRUCTURE"];
  for (let set = 0; set < 16; set++)
    for (const emergency of [undefined, "true", "false"])
      for (const isNotified of [true, false]) {
        const deadlines = words.filter((_, index) => (set >> index) % 2 === 1);
        const reading = timed({ deadlines, ...(emergency === undefined ? {} : { emergency }), isNotified });
        const { paper } = reading.description;
        const [threatens, ends, soon] = [
          deadlines.some((each) => each.startsWith("IMMINENT")),
          deadlines.includes("AT_THE_END_OF_TEN_DAYS"),
          deadlines.includes("AS_SOON_AS_POSSIBLE"),
        ];
        const label = JSON.stringify({ deadlines, emergency, isNotified });
        if (isNotified || (ends && !threatens)) assert.equal(paper.authorityNotified, true, label);
        if (emergency === "false") assert.notEqual(paper.emergency, true, label);
        if (threatens && emergency === "false") assert.ok(reading.findings.length > 0, label);
        if (threatens && (ends || soon)) assert.ok(codes(reading).includes("DEADLINES_CONTRADICT"), label);
        if (soon && ends && !threatens) assert.ok(codes(reading).includes("BOTH_TEN_DAY_DEADLINES"), label);
        if (isNotified && soon && !ends && !threatens) assert.ok(codes(reading).includes("HOLD_CONTRADICTS"), label);
        if (!isNotified && ends && !soon && !threatens) assert.ok(codes(reading).includes("HOLD_WITHOUT_AUTHORITY"), label);
        if (deadlines.length === 0) assert.ok(codes(reading).includes("NO_DEADLINE"), label);
      }
});

test("each type of authority becomes its rank, and a word we do not know becomes none", () => {
  const rank = (type: string) => made(`<SectionI><e:Type>${type}</e:Type></SectionI>`).description.paper.signedBy;
  assert.deepEqual(["PUBLIC_PROSECUTOR", "JUDGE_COURT_OR_INVESTIGATING_JUDGE", "JUDGE", "OTHER_COMPETENT_AUTHORITY", "MAYOR"].map(rank), [
    "prosecutor",
    "judge",
    "judge",
    "agency",
    undefined,
  ]);
  assert.ok(codes(made("<SectionI><e:Type>MAYOR</e:Type></SectionI>")).includes("UNKNOWN_WORD"));
});

test("an agency's order that a judge validated names both, and the moment of validation", () => {
  const { paper } = order("epoc-agency-validated.xml").description;
  assert.deepEqual([paper.signedBy, paper.validatedBy, paper.validatedAt], ["agency", "judge", "2026-11-03T10:00:00+01:00"]);
});

test("a validation with a day but no time is no moment: the day is kept beside the case", () => {
  const reading = made(
    "<SectionI><e:Type>OTHER_COMPETENT_AUTHORITY</e:Type></SectionI><SectionJ><e:Type>JUDGE</e:Type><e:Signature><e:Date>2026-11-03+14:00</e:Date></e:Signature></SectionJ>",
  );
  assert.equal(reading.description.paper.validatedAt, undefined);
  assert.equal(reading.said.validatedOn, "2026-11-03");
});

test("an order that is validated and says that it is not contradicts itself", () => {
  const reading = made(
    "<SectionI><e:Type>OTHER_COMPETENT_AUTHORITY</e:Type><e:CaseWithoutValidation>true</e:CaseWithoutValidation></SectionI><SectionJ><e:Type>JUDGE</e:Type></SectionJ>",
  );
  assert.ok(codes(reading).includes("VALIDATION_CONTRADICTS"));
});

test("a date never moves a day, whatever its offset", () => {
  const offset = fc
    .tuple(fc.constantFrom("+", "-"), fc.integer({ min: 0, max: 14 }), fc.constantFrom("00", "30", "45"))
    .map(([sign, hours, minutes]) => `${sign}${String(hours).padStart(2, "0")}:${minutes}`);
  const day = fc.date({ min: new Date("1990-01-01"), max: new Date("2099-12-31"), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10));
  fc.assert(
    fc.property(day, fc.oneof(offset, fc.constantFrom("", "Z")), fc.constantFrom("", "T00:00:00", "T23:59:59", "T12:30:00.5"), (date, zone, time) => {
      const written = `${date}${time}${zone}`;
      const { paper, lines } = made(
        `<SectionI><e:SignatureOfAuthority><e:Date>${written}</e:Date></e:SignatureOfAuthority></SectionI><SectionEToF><e:Evidence><e:Identifier><e:Type>EMAIL</e:Type><e:Value>a@b.example</e:Value><e:DateTimeRange><e:Start>${written}</e:Start><e:End>${written}</e:End></e:DateTimeRange></e:Identifier><e:DataCategories><e:Content/></e:DataCategories></e:Evidence></SectionEToF>`,
      ).description;
      assert.deepEqual([paper.issuedOn, lines[0]?.from, lines[0]?.to], [date, date, date]);
    }),
  );
});

test("an impossible day, a period that runs backwards and one that ends inside a day are findings, and no mistake widens a line", () => {
  const period = (start: string, end: string) =>
    made(
      `<SectionEToF><e:Evidence><e:Identifier><e:Type>EMAIL</e:Type><e:Value>a@b.example</e:Value><e:DateTimeRange><e:Start>${start}</e:Start><e:End>${end}</e:End></e:DateTimeRange></e:Identifier><e:DataCategories><e:Content/></e:DataCategories></e:Evidence></SectionEToF>`,
    );
  const told = (start: string, end: string) => {
    const reading = period(start, end);
    const { from, to } = reading.description.lines[0] ?? {};
    return [codes(reading).filter((code) => ["NO_SUCH_DATE", "RANGE_BACKWARDS", "TIME_OF_DAY"].includes(code)), from, to];
  };
  assert.deepEqual(told("2026-02-30", "2026-03-01"), [["NO_SUCH_DATE"], undefined, undefined]);
  assert.deepEqual(told("2026-02-01", "last week"), [["NO_SUCH_DATE"], undefined, undefined]);
  assert.deepEqual(told("2026-03-02", "2026-03-01"), [["RANGE_BACKWARDS"], undefined, undefined]);
  assert.deepEqual(told("2026-03-01T08:00:00Z", "2026-03-01T23:59:59Z"), [["TIME_OF_DAY"], "2026-03-01", "2026-03-01"]);
  assert.deepEqual(told("2026-03-01T00:00:00Z", "2026-03-02T23:59:59Z"), [[], "2026-03-01", "2026-03-02"]);
});

test("each kind of identifier has its place, and a range of addresses waits for a person", () => {
  const kind = (type: string, value: string) => {
    const reading = made(
      `<SectionEToF><e:Evidence><e:Identifier><e:Type>${type}</e:Type><e:Value>${value}</e:Value></e:Identifier><e:DataCategories><e:Content/></e:DataCategories></e:Evidence></SectionEToF>`,
    );
    return [reading.description.subjects[0]?.identifiers[0]?.kind, codes(reading).find((code) => code.startsWith("IDENTIFIER"))];
  };
  assert.deepEqual(kind("EMAIL", "a@b.example"), ["email", undefined]);
  assert.deepEqual(kind("PHONE_NUMBER", "+49 170 5550199"), ["phone", undefined]);
  assert.deepEqual(kind("IPV_4", "192.0.2.255"), ["ipv4", undefined]);
  assert.deepEqual(kind("IPV_6", "2001:db8::17"), ["ipv6", undefined]);
  assert.deepEqual(kind("IMEI_NUMBER", "490154203237518"), ["imei", undefined]);
  assert.deepEqual(kind("MAC_ADDRESS", "00:00:5E:00:53:AF"), ["mac", undefined]);
  assert.deepEqual(kind("USER_ID", "U02ABCDEF"), ["user-id", undefined]);
  assert.deepEqual(kind("IP_ADDRESS_RANGE", "192.0.2.0/24"), ["other", "IDENTIFIER_UNKNOWN"]);
  assert.deepEqual(kind("IP_BLOCKS", "192.0.2.0/24"), ["other", "IDENTIFIER_UNKNOWN"]);
  assert.deepEqual(kind("IPV_4", "192.0.2.256"), ["ipv4", "IDENTIFIER_MALFORMED"]);
  assert.deepEqual(kind("EMAIL", "nobody"), ["email", "IDENTIFIER_MALFORMED"]);
});

test("a subject of an order is matched to an account by a person, never by the form", () => {
  for (const name of fixtures) for (const { resolved } of order(name).description.subjects) assert.equal(resolved, false);
});

test("options choose the data types; one that has none waits for a person and asks for nothing", () => {
  const types = (category: string, ...options: readonly string[]) => {
    const reading = made(
      `<SectionEToF><e:Evidence><e:Identifier><e:Type>USER_ID</e:Type><e:Value>U1</e:Value></e:Identifier><e:DataCategories><e:${category}>${options.map((each) => `<e:Option>${each}</e:Option>`).join("")}</e:${category}></e:DataCategories></e:Evidence></SectionEToF>`,
    );
    return [
      reading.description.lines.map(({ dataType }) => dataType).join(" "),
      codes(reading)
        .filter((code) => /OPTION|CATEGORY/.test(code))
        .join(" "),
    ];
  };
  assert.deepEqual(types("Subscriber", "USER_INFORMATION"), ["name contact phone account-id", ""]);
  assert.deepEqual(types("Subscriber", "REGISTRATION_INFORMATION", "TYPE_OF_SERVICE_INFORMATION"), ["registration", ""]);
  assert.deepEqual(types("Subscriber", "PROFILE_INFORMATION"), ["profile", ""]);
  assert.deepEqual(types("Subscriber", "DEBIT_OR_CREDIT_CARD_INFORMATION"), ["billing", ""]);
  for (const option of ["VALIDATION_OF_USE_OF_SERVICE_INFORMATION", "PUK_CODES_INFORMATION", "OTHER"])
    assert.deepEqual(types("Subscriber", option), ["", "OPTION_FOR_A_PERSON"]);
  assert.deepEqual(types("Subscriber", "PROFILE_INFORMATION", "SHOE_SIZE"), ["profile", "OPTION_UNKNOWN"]);
  assert.deepEqual(types("Subscriber"), ["name contact phone account-id registration billing profile", "WHOLE_CATEGORY"]);
  assert.deepEqual(types("Traffic", "USER_INFORMATION"), ["sign-in-history message-metadata location", "OPTION_UNKNOWN WHOLE_CATEGORY"]);
  assert.deepEqual(types("Traffic"), ["sign-in-history message-metadata location", ""]);
  assert.deepEqual(types("Content"), ["messages files", ""]);
  assert.deepEqual(types("UserIdentification"), ["sign-in-history", ""]);
});

test("what the XML shows is marked as shown, in the European pack's words, and what it does not show stays unknown", () => {
  const contents = load("../../packs/jurisdictions/eu.yaml");
  const shows = (name: string) => order(name).description.paper.shows ?? [];
  assert.deepEqual(shows("epoc-content-judge-notified.xml"), [
    "issued-on",
    "issuing-authority",
    "enforcing-authority",
    "account",
    "data-category",
    "time-range",
  ]);
  assert.deepEqual(shows("epoc-agency-validated.xml"), ["issued-on", "issuing-authority", "validating-authority", "enforcing-authority"]);
  assert.deepEqual(made("").description.paper.shows, undefined);
  for (const name of fixtures) for (const id of shows(name)) assert.ok(Object.hasOwn(contents, id), id);
  for (const name of fixtures) assert.equal(order(name).description.paper.lacks, undefined);
});

test("an order to preserve is read from its own sections", () => {
  const { form, description, said } = order("epoc-pr.xml");
  assert.deepEqual(
    [form, description.paper.instrument, description.paper.signedBy, description.paper.issuedOn, said.deadline],
    ["epoc-pr", "EU-EPOC-PR", "prosecutor", "2026-11-02", undefined],
  );
  assert.equal(description.paper.authorityNotified, undefined);
  assert.equal(description.lines.length, 6);
});

test("Forms 5 and 6 say something about an earlier order and make no lines of their own", () => {
  for (const [name, what] of [
    ["form-5-production-follows.xml", "production-follows"],
    ["form-6-extension.xml", "preserve-longer"],
  ] as const) {
    const { description, said } = order(name);
    assert.deepEqual(said.earlier, { what, reference: "123 Js 456/26" });
    assert.deepEqual([description.paper.instrument, description.lines, description.authority.technicalId], ["EU-EPOC-PR", [], "DE-DEX0001"]);
  }
});

test("a form of another namespace and a Form 3 are refused with their place", () => {
  const wrong = readEpoc(fixtureTree("wrong-namespace.xml"));
  assert.deepEqual([wrong.kind, wrong.kind === "refused" ? wrong.problems[0].path : ""], ["refused", "/EPOC"]);
  assert.equal(readEpoc(treeOf('<Form3 xmlns="http://data.europa.eu/edm/1/ns/forms/EPOC-FORM-3#"/>')).kind, "refused");
});

test("an element of a foreign namespace is never taken for one of the form's", () => {
  const reading = made('<SectionI><Type xmlns="urn:elsewhere">JUDGE</Type></SectionI>');
  assert.equal(reading.description.paper.signedBy, undefined);
  assert.ok(reading.forPerson.some(({ path, value }) => path === "/EPOC/SectionI/Type" && value === "JUDGE"));
});

test("a question answered twice with two answers is a finding, and none of them counts", () => {
  const reading = made("<SectionI><e:Type>JUDGE</e:Type><e:Type>PUBLIC_PROSECUTOR</e:Type></SectionI>");
  assert.equal(reading.description.paper.signedBy, undefined);
  assert.ok(codes(reading).includes("TWO_ANSWERS"));
  assert.equal(reading.forPerson.filter(({ path }) => path.startsWith("/EPOC/SectionI/Type")).length, 2);
});

test("words beside a taken element are still for a person", () => {
  const reading = made("<SectionK><EnforcingAuthority>The authority in Dublin</EnforcingAuthority></SectionK>");
  assert.ok(reading.forPerson.some(({ value }) => value === "The authority in Dublin"));
  const mixed = made("<SectionI>Signed <e:Type>JUDGE</e:Type> in the night</SectionI>");
  assert.ok(mixed.forPerson.some(({ path, value }) => path === "/EPOC/SectionI" && value === "Signed  in the night"));
});

test("findings name no person and repeat no identifier", () => {
  for (const name of fixtures)
    for (const { what, remedy } of order(name).findings) assert.doesNotMatch(`${what} ${remedy}`, /Beispiel|Muster|example\.org|192\.0\.2/);
});

test("no element of any form disappears: it is mapped or it is for a person, word for word", () => {
  for (const name of fixtures) assertNothingDisappears(fixtureTree(name), order(name));
  fc.assert(
    fc.property(bentTrees(fixtures), (root) => {
      const reading = readEpoc(root);
      if (reading.kind === "read") assertNothingDisappears(root, reading);
    }),
    { numRuns: 2000 },
  );
});

test("whatever a form says, what it makes is a case the schema accepts", () => {
  fc.assert(
    fc.property(bentTrees(fixtures), (root) => {
      const reading = readEpoc(root);
      if (reading.kind !== "read") return;
      assertIdsHold(reading.description);
      assert.equal(caseOf(reading.description, desk).kind, "case", JSON.stringify(caseOf(reading.description, desk)));
    }),
    { numRuns: 1000 },
  );
});
