// What the form writes, intake reads back: every paper, every type of data, every signer, and all of it at once.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { generateIdentity, identityToRecipient } from "age-encryption";
import type { Desk } from "../../app/desk.ts";
import { loadShelf } from "../../main.ts";
import { policyInForce } from "../../policy/policy-in-force.ts";
import type { RequestReading } from "../../requests/intake/details.ts";
import { missingContents } from "../../requests/intake/read-missing-contents.ts";
import { readRequest } from "../../requests/intake/read-request.ts";
import { askableTypes, secrecyPapers, servablePapers, type Answers } from "./answers.ts";
import { requestText } from "./request-text.ts";

let desk: Desk;

before(async () => {
  const shelf = await loadShelf();
  const [first, ...rest] = shelf.policies;
  assert.ok(first);
  const profile = { legalEntity: "Kutano, Inc.", mailboxes: ["legal-process@kutano.example"] };
  // Writing and reading a request need only the packs and the profile of a desk.
  // The officer of these answers is American: papers of other countries are not taken for theirs.
  desk = { shelf, laws: shelf.laws.filter(({ country }) => country === "US"), policy: policyInForce([first, ...rest]), profile } as unknown as Desk;
});

const mailbox = "mreyes@police.springfield.gov";
const answers: Answers = {
  agency: "Springfield Police Department",
  officerName: "Maria Reyes",
  rank: "Detective",
  badge: "4471",
  phone: "+1 303 555 0100",
  address: "100 Main Street\nSpringfield, CO 80000",
  reference: "26-SW-1042",
  nature: "criminal",
  instrument: "US-SW",
  issuer: "District Court of Clark County",
  signedBy: "judge",
  signer: "Harold Stone",
  issuedOn: "2026-03-01",
  expiresOn: "2026-03-15",
  workspace: "Acme Robotics",
  accounts: "jo@acme.example\nsam@acme.example",
  dataTypes: "messages files sign-in-history",
  from: "2026-01-01",
  to: "2026-02-15",
  secrecy: "no",
};

function readBack(given: Answers): RequestReading {
  const { subject, text } = requestText(desk, mailbox, given);
  return readRequest({
    sources: [
      { id: "subject", text: subject },
      { id: "body", text },
    ],
    readingPacks: desk.shelf.readings,
    jurisdictions: desk.laws,
    messageDate: "2026-03-02",
    sender: mailbox,
    ownDomains: ["kutano.example"],
  });
}

test("intake reads back every answer of a complete form", async () => {
  const key = await identityToRecipient(await generateIdentity());
  const reading = readBack({ ...answers, deliveryKey: key });
  assert.equal(reading.sort, "request");
  assert.equal(reading.agency?.value, answers.agency);
  assert.deepEqual(reading.matter?.value, { reference: "26-SW-1042", nature: "criminal" });
  assert.deepEqual(reading.officer?.value, {
    name: "Maria Reyes",
    rank: "Detective",
    badge: "4471",
    phone: "+1 303 555 0100",
    email: mailbox,
    address: "100 Main Street, Springfield, CO 80000",
  });
  assert.equal(reading.instruments.length, 1);
  const { legalBasis: _, ...paper } = reading.instruments[0]?.value ?? { id: "" };
  assert.deepEqual(paper, { id: "US-SW", issuer: answers.issuer, issuedOn: "2026-03-01", expiresOn: "2026-03-15", signedBy: "judge" });
  assert.deepEqual(
    reading.workspaces.map(({ value }) => value),
    ["Acme Robotics"],
  );
  assert.deepEqual(
    reading.subjects.map(({ value }) => value.value),
    ["jo@acme.example", "sam@acme.example"],
  );
  assert.deepEqual(reading.dateRange?.value, { from: "2026-01-01", to: "2026-02-15" });
  assert.deepEqual(reading.otherDateRanges, []);
  assert.deepEqual(reading.dataTypes.map(({ value }) => value).toSorted(), ["files", "messages", "sign-in-history"]);
  assert.deepEqual(reading.gags, []);
  assert.equal(reading.everything, undefined);
  assert.equal(reading.deliveryKey?.value, key);
  assert.deepEqual(missingContents(reading, desk.policy.requiredContents, true), []);
});

test("every type of data that the form offers is read back as itself and as nothing else", () => {
  for (const { id } of askableTypes(desk))
    assert.deepEqual(
      readBack({ ...answers, dataTypes: id }).dataTypes.map(({ value }) => value),
      [id],
    );
});

test("all types of data together are read back together", () => {
  const all = askableTypes(desk).map(({ id }) => id);
  assert.deepEqual(
    readBack({ ...answers, dataTypes: all.join(" ") })
      .dataTypes.map(({ value }) => value)
      .toSorted(),
    all.toSorted(),
  );
});

test("every paper that the form offers is read back as that paper", () => {
  for (const { id, family } of servablePapers(desk)) {
    const reading = readBack({ ...answers, instrument: id });
    assert.ok(
      reading.instruments.some(({ value }) => value.id === id),
      id,
    );
    assert.ok(["request", "unclear"].includes(reading.sort), `${id} is read as ${reading.sort}`);
    assert.deepEqual(
      reading.instruments.map(({ value }) => value.id),
      [id],
      id,
    );
    assert.equal(reading.gags.length > 0, family === "gag", id);
  }
});

test("whoever signed is read back, and the agency itself is nobody of a court", () => {
  const signed = (signedBy: string) => readBack({ ...answers, signedBy }).instruments[0]?.value.signedBy;
  assert.deepEqual(["judge", "prosecutor", "clerk", "agency"].map(signed), ["judge", "prosecutor", "clerk", undefined]);
});

test("a secrecy order beside the paper is read as an order with its end, and leaves the paper what it is", () => {
  for (const { id } of secrecyPapers(desk)) {
    const reading = readBack({ ...answers, secrecy: id, secrecyEndsOn: "2026-09-03" });
    assert.deepEqual(
      reading.gags.map(({ value }) => value),
      [{ kind: "order", endsOn: "2026-09-03" }],
      id,
    );
    assert.deepEqual(reading.instruments.map(({ value }) => value.id).toSorted(), ["US-SW", id].toSorted());
    assert.equal(reading.instruments.find(({ value }) => value.id === "US-SW")?.value.expiresOn, "2026-03-15");
    assert.deepEqual(reading.dateRange?.value, { from: "2026-01-01", to: "2026-02-15" });
  }
});

test("a civil matter is read as civil although a detective writes", () => {
  assert.deepEqual(readBack({ ...answers, reference: "2026/118", nature: "civil" }).matter?.value, { reference: "2026/118", nature: "civil" });
});
