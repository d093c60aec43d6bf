// TS 103 120 in both directions: what is written is read back the same, and what a stranger sends is read with care.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { assertIdsHold, assertNothingDisappears, bentTrees, fixtureTree, treeOf } from "../../tests/fixtures/exchange/trees.ts";
import { caseDescription } from "../assessment/description.ts";
import type { CaseDescription } from "../assessment/description.ts";
import { placesOf, ranks, serviceRoutes } from "../policy/pack.ts";
import { caseOf } from "./case-part.ts";
import type { Hi1Outcome } from "./hi1-words.ts";
import { read103120 } from "./read-103120.ts";
import type { Hi1Reading } from "./read-103120.ts";
import type { XmlElement } from "./read-xml.ts";
import { carriedBy103120, write103120 } from "./write-103120.ts";
import type { Hi1Message } from "./write-103120.ts";
import { isUnwritable } from "./write-xml.ts";

const desk = { asked: "2026-11-03T09:00:00+01:00", zone: "Europe/Dublin", servedAt: "2026-11-02T10:00:00+01:00" } as const;

function read(root: XmlElement): Hi1Reading {
  const reading = read103120(root);
  if (reading.kind !== "read") throw new Error(JSON.stringify(reading.problems));
  return reading;
}

const codes = ({ findings }: Hi1Reading) => findings.map(({ code }) => code);

function counter(): () => string {
  let count = 0;
  return () => `00000000-0000-4000-8000-${String(++count).padStart(12, "0")}`;
}

function message(description: CaseDescription, more: Partial<Hi1Message> = {}): Hi1Message {
  return {
    description,
    sender: { country: "IE", id: "IEX0042" },
    receiver: { country: "DE", id: "DEX0001" },
    at: "2026-11-03T09:00:00+01:00",
    newId: counter(),
    preserves: false,
    documents: [],
    ...more,
  };
}

function written(each: Hi1Message): string {
  const writing = write103120(each);
  assert.equal(writing.kind, "written", JSON.stringify(writing));
  return writing.kind === "written" ? writing.xml : "";
}

const aCase = (more: Record<string, unknown> = {}): CaseDescription =>
  caseDescription.parse({
    format: "portcullis-case/1",
    asked: "2026-11-03T09:00:00+01:00",
    zone: "Europe/Berlin",
    paper: {
      instrument: "EU-EPOC",
      nature: "criminal",
      signedBy: "prosecutor",
      issuedIn: "DE",
      issuedOn: "2026-11-02",
      servedAt: "2026-11-02T10:00:00+01:00",
      emergency: false,
      authorityNotified: false,
    },
    authority: { name: "Staatsanwaltschaft Musterstadt", technicalId: "DE-DEX0001", reference: "123 Js 456/26" },
    subjects: [{ id: "S1", workspace: "Acme & Sons", identifiers: [{ kind: "phone", value: "+491705550199" }] }],
    lines: [{ id: "L1", dataType: "name" }],
    ...more,
  });

const text = (maxLength: number) =>
  fc
    .string({
      unit: fc.oneof(
        fc.constantFrom("<", ">", "&", '"', "'", "\r", "\n", "]]>", "é", "😀", " ", "-"),
        fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
      ),
      minLength: 1,
      maxLength: Math.min(maxLength, 20),
    })
    .map((each) => each.trim())
    .filter((each) => each.length > 0 && each.length <= maxLength && !isUnwritable(each));
const slug = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
const day = fc.date({ min: new Date("1990-01-01"), max: new Date("2099-12-31"), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10));
const moment = fc
  .tuple(day, fc.constantFrom("T00:00:00", "T09:30:15", "T23:59:59.123"), fc.constantFrom("Z", "+01:00", "-05:30"))
  .map((parts) => parts.join(""));
const region = fc.constantFrom("DE", "US", "US-CA", "IE", "GB", "XX");
const yesNo = fc.boolean();
const kinds = ["email", "phone", "ipv4", "ipv6", "imei", "mac", "user-id", "user-name", "workspace", "url", "other"] as const;
const values = fc.oneof(
  text(60),
  fc.constantFrom("a@b.example", "+491705550199", "491705550199", "192.0.2.7", "2001:db8::1", "490154203237518", "00:00:5e:00:53:af"),
);
const some = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const present = (value: object) => Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));

const paper = fc
  .record({
    instrument: some(fc.constantFrom("EU-EPOC", "EU-EPOC-PR", "US-SW", "GB-OPO")),
    nature: some(fc.constantFrom("criminal", "civil", "unknown")),
    signedBy: some(fc.constantFrom(...ranks)),
    validatedBy: some(fc.constantFrom(...ranks)),
    validatedAt: some(moment),
    issuedIn: some(region),
    issuedOn: some(day),
    servedAt: moment,
    servedBy: some(fc.constantFrom(...serviceRoutes)),
    addressedTo: some(fc.constantFrom("us", "controller", "other")),
    expiresOn: some(day),
    returnOn: some(day),
    shows: some(fc.uniqueArray(slug, { maxLength: 4 })),
    lacks: some(fc.uniqueArray(slug, { maxLength: 4 })),
    language: some(fc.constantFrom("de", "en")),
    translation: some(yesNo),
    offence: some(fc.record({ maxYears: fc.integer({ min: 0, max: 100 }), listed: yesNo })),
    emergency: some(yesNo),
    authorityNotified: some(yesNo),
    agreement: some(fc.constant("US-GB")),
    seal: some(fc.constantFrom("valid", "invalid")),
  })
  .map(present);

const authority = fc
  .record({
    name: some(text(300)),
    officer: some(text(300)),
    email: some(text(300)),
    phone: some(text(300)),
    reference: some(text(300)),
    technicalId: some(fc.oneof(fc.constantFrom("DE-DEX0001", "XX-1", "DE-", "plain"), text(100))),
  })
  .map(present)
  .filter(({ technicalId }) => technicalId !== "UNKNOWN");

const cases = fc
  .record({
    zone: fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia", "Asia/Kolkata", "America/Sao_Paulo"),
    paper,
    authority,
    places: fc.dictionary(fc.constantFrom(...placesOf), region),
    gagWish: yesNo,
    subjects: fc.uniqueArray(
      fc
        .record({
          id: text(20),
          workspace: some(text(300)),
          resolved: yesNo,
          identifiers: fc.array(fc.record({ kind: fc.constantFrom(...kinds), value: values }), { maxLength: 3 }),
        })
        .map(present),
      { minLength: 1, maxLength: 4, selector: (each) => each["id"] },
    ),
    lines: fc.uniqueArray(
      fc.record({
        id: text(20),
        dataType: fc.oneof(fc.constantFrom("name", "messages", "sign-in-history", "device"), slug),
        from: some(day),
        to: some(day),
        subject: some(fc.nat(3)),
        onlyToIdentify: some(yesNo),
      }),
      { maxLength: 6, selector: ({ id }) => id },
    ),
  })
  .map(({ lines, ...each }) =>
    aCase({
      ...each,
      lines: lines.map(({ subject, from, to, ...line }) =>
        present({ ...line, ...inOrder(from, to), subject: subject === undefined ? undefined : each.subjects[subject % each.subjects.length]?.["id"] }),
      ),
    }),
  );

/** A period that runs backwards is a finding of the reader and not part of the round trip. */
function inOrder(from: string | undefined, to: string | undefined): { from: string | undefined; to: string | undefined } {
  return from !== undefined && to !== undefined && from > to ? { from: to, to: from } : { from, to };
}

test("a case that is written and read again is the same in every member the message carries", () => {
  fc.assert(
    fc.property(cases, yesNo, (description, preserves) => {
      const root = treeOf(written(message(description, { preserves })));
      const reading = read(root);
      assert.deepEqual(reading.description, carriedBy103120(description));
      assert.equal(reading.said.tasks, description.lines.length === 0 ? "none" : preserves ? "preservation" : "disclosure");
      assertNothingDisappears(root, reading);
      assert.deepEqual(reading.forPerson, [], "our own message leaves nothing for a person");
    }),
    { numRuns: 1500 },
  );
});

test("papers, letters and the state of the case travel with it and come back the same", () => {
  const codeWord = fc.stringMatching(/^[A-Z]{2,8}$/);
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          name: text(100),
          kind: fc.constantFrom("paper", "letter"),
          contentType: fc.constant("application/pdf"),
          bytes: fc.uint8Array({ maxLength: 400 }),
        }),
        { maxLength: 3 },
      ),
      codeWord,
      text(100),
      fc.array(codeWord, { maxLength: 3 }),
      (documents, code, says, lineCodes) => {
        const outcome: Hi1Outcome = { code, at: "2026-11-03T09:00:00Z", says, lines: [{ line: "L1", decision: "deny", codes: lineCodes }] };
        const reading = read(treeOf(written(message(aCase(), { documents, outcome }))));
        assert.deepEqual(
          reading.said.documents.map((each) => ({ ...each, bytes: [...each.bytes] })),
          documents.map((each) => ({ ...each, bytes: [...each.bytes] })),
        );
        assert.deepEqual(reading.said.outcome, outcome);
      },
    ),
  );
});

test("members stand in the order of the schema", () => {
  const description = aCase({ paper: { ...aCase().paper, expiresOn: "2026-12-01", validatedBy: "judge", validatedAt: "2026-11-02T12:00:00Z" } });
  const root = treeOf(
    written(
      message(description, {
        preserves: true,
        preserveUntil: "2027-01-01T00:00:00+01:00",
        documents: [{ name: "order.pdf", kind: "paper", contentType: "application/pdf", bytes: new Uint8Array(3), checksum: "ab" }],
        outcome: { code: "REJECTED", at: "2026-11-03T09:00:00Z", says: "No.", lines: [] },
      }),
    ),
  );
  const objects = (root.children[1]?.children[0]?.children[0]?.children ?? []).map((action) => action.children[1]?.children[0]);
  const members = (at: number) => (objects[at]?.children ?? []).map(({ name }) => name);
  const base = ["ObjectIdentifier", "CountryCode", "OwnerIdentifier"];
  assert.deepEqual(
    root.children[0]?.children.map(({ name }) => name),
    ["SenderIdentifier", "ReceiverIdentifier", "TransactionIdentifier", "Timestamp", "Version"],
  );
  assert.deepEqual(members(0), [
    ...base,
    "AuthorisationReference",
    "AuthorisationLegalType",
    "AuthorisationPriority",
    "AuthorisationTimespan",
    "AuthorisationCSPID",
    "AuthorisationServedTimestamp",
    "AuthorisationApprovalDetails",
    "AuthorisationApprovalDetails",
    "AuthorisationFlags",
  ]);
  assert.deepEqual(members(1), [
    ...base,
    "ExternalIdentifier",
    "AssociatedObjects",
    "Reference",
    "DesiredStatus",
    "RequestDetails",
    "DesiredPreservationExpiration",
  ]);
  assert.deepEqual(members(2), [...base, "AssociatedObjects", "DocumentName", "DocumentType", "DocumentBody"]);
  assert.deepEqual(members(3), [...base, "AssociatedObjects", "NotificationDetails", "NotificationType", "NewNotification", "NotificationTimestamp"]);
  assert.deepEqual(
    objects.map((object) => object?.type?.name),
    ["AuthorisationObject", "LPTaskObject", "DocumentObject", "NotificationObject"],
  );
});

test("a case that a message cannot say is refused with every reason", () => {
  const refusal = (each: Hi1Message) => {
    const writing = write103120(each);
    return writing.kind === "refused" ? writing.problems.map(({ path }) => path) : [];
  };
  assert.deepEqual(refusal(message(aCase({ lines: [{ id: "L1", dataType: "realtime-content" }] }))), ["/lines/0"]);
  assert.deepEqual(refusal(message(aCase({ lines: [{ id: "L1", dataType: "name", subject: "S9" }] }))), ["/lines/0"]);
  assert.deepEqual(
    refusal(
      message(
        aCase({
          lines: [
            { id: "L1", dataType: "name" },
            { id: "L1", dataType: "phone" },
          ],
        }),
      ),
    ),
    ["/lines"],
  );
  assert.deepEqual(refusal(message(aCase({ zone: "Moon/Crater", authority: { name: "a\u0001b" } }))), ["/zone", "/rest/authority/name"]);
  assert.deepEqual(refusal(message(aCase(), { documents: [{ name: "a", kind: "paper", contentType: "text/plain", bytes: new Uint8Array(500_001) }] })), [
    "/documents/0",
  ]);
});

test("a production task of another system becomes lines, and what has no field is for a person", () => {
  const root = fixtureTree("103120-production.xml");
  const { description, said, forPerson } = read(root);
  assert.deepEqual(description.paper, {
    instrument: "EU-EPOC",
    nature: "criminal",
    signedBy: "prosecutor",
    issuedOn: "2026-11-02",
    issuedIn: "DE",
    emergency: false,
    authorityNotified: false,
  });
  assert.deepEqual(
    description.lines.map(({ dataType }) => dataType),
    ["name", "contact", "phone", "account-id"],
  );
  assert.deepEqual(description.subjects[0]?.identifiers, [{ kind: "phone", value: "+491705550199" }]);
  assert.deepEqual([said.tasks, said.deadline, said.documents.length], ["disclosure", "as-soon-as-possible", 1]);
  assert.ok(forPerson.some(({ path }) => path.endsWith("/ManualInformation")));
  assert.equal(caseOf(description, desk).kind, "case");
});

test("a preservation task keeps its period and its last day", () => {
  const { description, said } = read(fixtureTree("103120-preservation.xml"));
  assert.deepEqual([description.paper.instrument, said.tasks, said.preserveUntil], ["EU-EPOC-PR", "preservation", "2027-01-01T00:00:00+01:00"]);
  assert.deepEqual(
    description.lines.map(({ dataType, from, to }) => [dataType, from, to]),
    [
      ["messages", "2026-06-01", "2026-06-30"],
      ["files", "2026-06-01", "2026-06-30"],
    ],
  );
});

test("an order to listen in goes to counsel, whatever type its object claims to have", () => {
  assert.equal(read103120(fixtureTree("103120-interception.xml")).kind, "counsel");
  const xml = written(message(aCase()));
  const kinds = [
    xml.replace("<task:Reference>", "<task:TargetIdentifier></task:TargetIdentifier><task:Reference>"),
    xml.replace("<task:Reference>", "<task:DeliveryType></task:DeliveryType><task:Reference>"),
    xml.replace("task:LDTaskObject", "task:LITaskObject"),
  ];
  assert.deepEqual(
    kinds.map((each) => read103120(treeOf(each)).kind),
    ["counsel", "counsel", "counsel"],
  );
});

test("a day that a time zone skipped stays the day that was written", () => {
  const description = aCase({ zone: "Pacific/Apia", lines: [{ id: "L1", dataType: "messages", from: "2011-12-30", to: "2011-12-30" }] });
  assert.deepEqual(
    read(treeOf(written(message(description)))).description.lines.map(({ from, to }) => [from, to]),
    [["2011-12-30", "2011-12-30"]],
  );
});

test("two authorisations in one message, and a message without objects, are refused", () => {
  const xml = written(message(aCase()));
  const [object = ""] = /<HI1Object xsi:type="auth:[\s\S]*?<\/HI1Object>/.exec(xml) ?? [];
  assert.equal(read103120(treeOf(xml.replace(object, object + object))).kind, "refused");
  assert.equal(read103120(treeOf('<HI1Message xmlns="http://uri.etsi.org/03120/common/2019/10/Core"><Payload/></HI1Message>')).kind, "refused");
});

test("a message that changes, withdraws or answers something says so", () => {
  const xml = written(message(aCase()));
  for (const verb of ["UPDATE", "CANCEL", "DELIVER"]) assert.ok(codes(read(treeOf(xml.replaceAll("CREATE>", `${verb}>`)))).includes(`ACTION_${verb}`));
  assert.ok(codes(read(treeOf(xml.replaceAll("RequestPayload", "ResponsePayload")))).includes("A_RESPONSE"));
});

test("flags and deadline that disagree are findings, and the hold is kept", () => {
  const held = written(message(aCase({ paper: { ...aCase().paper, authorityNotified: true } })));
  const soon = read(treeOf(held.replace("TenDaysSubjectToEA", "TenDaysASAP")));
  assert.ok(codes(soon).includes("HOLD_CONTRADICTS"));
  assert.equal(soon.description.paper.authorityNotified, true);
  const hurried = read(treeOf(held.replace("TenDaysSubjectToEA", "EightHours")));
  assert.ok(codes(hurried).includes("EMERGENCY_CONTRADICTS"));
  assert.equal(hurried.description.paper.emergency, undefined);
});

test("a document that is not Base64 is a finding and no document", () => {
  const reading = read(
    treeOf(
      written(message(aCase(), { documents: [{ name: "a", kind: "paper", contentType: "text/plain", bytes: new Uint8Array(3) }] })).replace("AAAA", "A%AA"),
    ),
  );
  assert.deepEqual([reading.said.documents.length, codes(reading)], [0, ["DOCUMENT_DAMAGED"]]);
});

test("no element of any message disappears, and what is read is a case the schema accepts", () => {
  fc.assert(
    fc.property(bentTrees(["103120-production.xml", "103120-preservation.xml"]), (root) => {
      const reading = read103120(root);
      if (reading.kind !== "read") return;
      assertNothingDisappears(root, reading);
      assertIdsHold(reading.description);
      assert.equal(caseOf(reading.description, desk).kind, "case", JSON.stringify(caseOf(reading.description, desk)));
    }),
    { numRuns: 2000 },
  );
});
