// Every fact that owes a letter gets it, once: each kind from its own decision on a real desk under the packs of two laws, word for word and as a page.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { officer, owners, startDesk, type RunningDesk } from "../../tests/desks/running-desk.ts";
import { pdfReader } from "../adapters/reading/read-pdf.ts";
import type { Actor, CaseId } from "../kernel/ids.ts";
import { instant } from "../kernel/instant.ts";
import type { CaseFact } from "../requests/case-facts.ts";
import type { Asker } from "../requests/decision.ts";
import { findCaseView, type LetterView } from "./case-view.ts";
import { caseCircumstances } from "./desk.ts";
import { handle, readCase } from "./handle.ts";
import { giveNotices } from "./owner-notice.ts";
import { sendLetters } from "./send-letters.ts";
import { setUpDesk, setUpFile } from "./set-up.ts";
import { openPage } from "./write-letter.ts";
import { owedLetter } from "../requests/letters/module.ts";

let running: RunningDesk;
const cases: CaseId[] = [];
const ana = { by: "staff:ana" as Actor, askers: ["analyst", "counsel"] as readonly Asker[] };
const machine = { by: "desk" as Actor, askers: ["desk"] as readonly Asker[] };

before(async () => {
  running = await startDesk();
  running.clock.set(instant("2026-11-02T17:00:00Z"));
  const { installation } = running;
  const workspace = { id: "acme", name: "Acme Robotics", owners: [{ name: "Olivia Owner", email: owners.acme }], accounts: [] };
  const desk = { legalEntity: "Kutano, Inc.", country: "US", timeZone: "America/Denver", mailboxes: ["legal-process@kutano.example"], designatedIn: "IE" };
  const { relay } = (await running.desk()).profile;
  const setUp = setUpFile.parse({ desk: { ...desk, relay }, policyPacks: ["data-request"], jurisdictions: ["us", "eu"], workspaces: [workspace] });
  assert.equal((await setUpDesk(installation.ports, installation.deskId, installation.shelf, setUp, ana.by)).kind, "done");
});
after(() => running.stop());

async function arrives(): Promise<CaseId> {
  const { caseId } = await running.receive(
    `From: Det. Reyes <${officer}>\nTo: legal-process@kutano.example\nSubject: Legal process\nMessage-ID: <kind-${cases.length}@police.springfield.gov>\n\nSubpoena for jo@acme.example, workspace Acme Robotics.\n`,
  );
  cases.push(caseId);
  return caseId;
}

type Command = { readonly type: string; readonly [member: string]: unknown };

async function takes(caseId: CaseId, command: Command, who: { readonly by: Actor; readonly askers: readonly Asker[] } = ana): Promise<readonly CaseFact[]> {
  const handled = await handle(await running.desk(), { caseId, ...who, command });
  if (handled.kind === "refused") throw new Error(`${command.type}: ${handled.reasons.map(({ code, because }) => `${code} ${because}`).join(" ")}`);
  return handled.facts;
}

async function refusal(caseId: CaseId, command: Command): Promise<readonly string[]> {
  const handled = await handle(await running.desk(), { caseId, ...ana, command });
  return handled.kind === "refused" ? handled.reasons.map(({ code }) => code) : [];
}

const line = (id: string, dataType: string) => ({ id, subject: "S1", dataType, from: "2026-03-01", to: "2026-03-31" });

/** A case whose paper is confirmed: served today, issued three days ago, with a name, sign-ins and messages asked for. */
async function confirmed(instrument: object, more: object = {}): Promise<CaseId> {
  const caseId = await arrives();
  await takes(caseId, {
    type: "ConfirmDetails",
    nature: "criminal",
    instrument: { issuedOn: "2026-10-30", servedAt: running.clock.now(), ...instrument },
    subjects: [{ id: "S1", workspace: "acme", resolved: true }],
    lines: [{ id: "L1", subject: "S1", dataType: "name" }, line("L2", "sign-in-history"), line("L3", "messages")],
    private: {
      agency: "Springfield Police",
      matter: "26-CR-77",
      officer: { name: "Det. Reyes", email: officer },
      subjects: { S1: { asWritten: "jo@acme.example" } },
    },
    given: ["agency", "matter", "workspace", "account", "date-range", "data-type", "officer-contact"],
    ...more,
  });
  return caseId;
}

async function signs(caseId: CaseId, leaveOut: readonly string[] = []): Promise<void> {
  const view = await viewOf(caseId);
  const waiting = view.checks.filter(({ answer }) => answer === "waiting");
  if (waiting.length > 0)
    await takes(caseId, { type: "AnswerChecks", answers: waiting.map(({ id }) => ({ check: id, answer: "yes" })), private: { note: "Read." } });
  await takes(caseId, { type: "SignReview", leaveOut, private: { reasoning: "The least that the paper supports." } });
}

const called = { type: "RecordCallBack", answer: "confirmed", numberSource: "government-website", private: { number: "+1 303 555 0100", answeredBy: "Clerk" } };

async function viewOf(caseId: CaseId) {
  return (await findCaseView(await running.desk(), caseId, ana.by, ana.askers)) ?? assert.fail("no such case");
}

/** The newest letter of this kind; its page holds every line of its text, tables and closing aside. */
async function letter(caseId: CaseId, kind: LetterView["kind"]): Promise<string> {
  const found = (await viewOf(caseId)).letters.findLast((each) => each.kind === kind) ?? assert.fail(`no ${kind} was written`);
  const content = found.content ?? assert.fail("the letter was forgotten");
  assert.equal(content.page?.kind, "printed");
  const pdf = (await openPage(await running.desk(), caseId, content)) ?? assert.fail("the page is gone");
  const { pages } = await pdfReader()(pdf, "The letter");
  const plain = (text: string) => text.replaceAll(/[\s•–‣-]+|\[\d\]/g, "");
  const printed = plain(pages.join(" "));
  const rows = content.text.slice(0, content.text.lastIndexOf("\n\n")).split("\n");
  for (const row of rows.filter((text) => !/^\[|\S {3,}/.test(text))) assert.ok(printed.includes(plain(row).slice(0, 30)), row);
  return content.text.replaceAll(caseId, "C-CASE");
}

const end = "Kutano, Inc.\nLegal requests, legal-process@kutano.example\nCase C-CASE, your reference 26-CR-77\n";

async function reads(caseId: CaseId, kind: LetterView["kind"], ...paragraphs: readonly string[]): Promise<void> {
  assert.equal(await letter(caseId, kind), [...paragraphs, end].join("\n\n"));
}

const kindsOf = async (caseId: CaseId) => (await viewOf(caseId)).letters.map(({ kind }) => kind).filter((kind) => kind !== "acknowledgement");
const asked = [
  "  - Names of jo@acme.example",
  "  - Sign-in history of jo@acme.example, Sun 1 Mar 2026 to Tue 31 Mar 2026",
  "  - Message content of jo@acme.example, Sun 1 Mar 2026 to Tue 31 Mar 2026",
] as const;

test("a review that denies some lines is answered with what the paper does not reach, what was left out, and the smallest scope", async () => {
  const caseId = await confirmed({ id: "US-SUBP-GJ", signedBy: "clerk" });
  await takes(caseId, called);
  await signs(caseId, ["L2"]);
  await reads(
    caseId,
    "narrowing",
    "Good day Det. Reyes,",
    "We have reviewed your request line by line. As it stands it asks for more than the smallest scope that your paper supports.",
    "What your paper does not reach",
    `${asked[2]}\n      because: A subpoena does not reach message content (KDRP-11). A search warrant would.`,
    "What we leave out of the smallest scope",
    `${asked[1]}\n      because: The reviewer left this line out of the smallest scope that the paper supports. [KDRP-5]`,
    "What we would accept",
    "The smallest scope that your paper supports, as we read it, is:",
    asked[0],
    "We go on with these lines. If you agree, answer to legal-process@kutano.example that the request is narrowed to them; you need not send the paper again. For the rest, send a paper that reaches it.",
  );
  assert.deepEqual(await kindsOf(caseId), ["narrowing"]);
});

test("the scope that is offered ends on the day of service, whatever later day the paper names", async () => {
  const lines = [line("L2", "sign-in-history"), line("L3", "messages")].map((each) => ({ ...each, to: "2026-12-24" }));
  const caseId = await confirmed({ id: "US-D", signedBy: "judge" }, { lines });
  await takes(caseId, called);
  await signs(caseId);
  const text = await letter(caseId, "narrowing");
  assert.match(
    text,
    /is:\n\n {2}- Sign-in history of jo@acme\.example, Sun 1 Mar 2026 to Thu 24 Dec 2026, as far as it was stored by Mon 2 Nov 2026, the day of service\n/,
  );
  assert.match(text, /does not reach\n\n {2}- Message content of jo@acme\.example, Sun 1 Mar 2026 to Thu 24 Dec 2026\n/);
});

const epoc = { id: "EU-EPOC", signedBy: "prosecutor", issuedIn: "DE", authorityNotified: false, emergency: false, offence: { maxYears: 5 } };

test("a European production order that is rejected is answered by Form 3 alone, filled from the paper, with what nobody recorded", async () => {
  const caseId = await confirmed(epoc);
  await takes(caseId, { type: "RejectRequest", because: "insufficient-process" });
  await reads(
    caseId,
    "form-3",
    "Good day Det. Reyes,",
    "This is Form 3, the answer to a European Order Certificate. What is not carried out, and why, stands in sections D to F.",
    "A. The certificate [1]",
    "  - European Production Order Certificate (EPOC)\n  - number: 26-CR-77\n  - issued on: Fri 30 Oct 2026\n  - received on: Mon 2 Nov 2026",
    "B. The authorities",
    "  - issuing authority: Springfield Police\n  - validating authority: not recorded\n  - enforcing authority: not told of the order",
    "C. The addressee",
    "  - Kutano, Inc.\n  - in its capacity as: designated establishment or legal representative (IE)",
    "D. Reasons for not carrying out the certificate",
    "  - The paper does not reach what is asked for. The reasons below say which paper would. [KDRP-11]\n  - A European production order of this authority does not reach sign-in history (V07). One issued or validated by a judge, a court or an investigating judge would.\n  - A European production order of this authority does not reach message content (V07). One issued or validated by a judge, a court or an investigating judge would.",
    "E. Conflict with the law of a third country (article 17)",
    "None is raised.",
    "F. What we ask you to add or to clear up",
    "Nothing is asked.",
    "G. Is the data preserved?",
    "No copy is on record so far.",
    "H. Contact",
    "  - Kutano, Inc., legal requests\n  - legal-process@kutano.example",
    "[1] The sections follow Annex III of Regulation (EU) 2023/1543; their letters are given from memory and must be compared with the Official Journal before this form is relied on.",
  );
  assert.deepEqual(await kindsOf(caseId), ["form-3"]);
});

test("a European production order that is unclear, in conflict with other law or carried out in part is answered by Form 3 each time", async () => {
  const { offence: _, ...unsaid } = epoc;
  const unclear = await confirmed({ ...unsaid, signedBy: "judge", validatedBy: "court" });
  await takes(unclear, { type: "AskClarification" });
  const question = await letter(unclear, "form-3");
  assert.ok(question.includes("validating authority: a court; the name is not recorded"));
  assert.ok(
    question.includes(
      "  - Sign-in history needs an offence punishable with at least 3 years, or one on the law's list, and nobody has recorded the offence (V09).\n",
    ),
  );
  assert.ok(question.includes("None beside sections E and F.") && question.includes("Our time limits stand still until you answer"));
  const reasons = { law: "18 U.S.C. 2702", whyItApplies: "The service is offered from the United States.", conflict: "It forbids to disclose content." };
  await takes(unclear, { type: "RaiseConflict", private: reasons });
  const conflict = await letter(unclear, "form-3");
  for (const words of Object.values(reasons)) assert.ok(conflict.includes(words), words);
  const partly = await confirmed({ ...epoc, signedBy: "judge" });
  await takes(partly, called);
  await signs(partly, ["L3"]);
  const inPart = await letter(partly, "form-3");
  assert.ok(inPart.includes(`carrying out the certificate\n\n${asked[2]}\n      because: The reviewer left this line out`));
  assert.ok(inPart.includes(`The certificate reaches these lines, and we go on with them:\n\n${asked[0]}\n${asked[1]}\n\nE.`));
  assert.deepEqual([...(await kindsOf(unclear)), ...(await kindsOf(partly))], ["form-3", "form-3", "form-3"]);
});

async function keeps(caseId: CaseId): Promise<string> {
  const [begun] = await takes(caseId, { type: "BeginSnapshot" }, machine);
  const preservation = begun?.type === "SnapshotBegun" ? begun.preservation : assert.fail("nothing was begun");
  await takes(caseId, { type: "RecordSnapshot", preservation, ...copy, bytes: 10, records: { name: 1, messages: 77 } }, machine);
  return preservation;
}
const copy = { object: "snapshot-1", sha256: "ab".repeat(32) } as const;

test("a European preservation order that is rejected says in Form 3 since when and until when the data is kept", async () => {
  const caseId = await confirmed({ id: "EU-EPOC-PR", signedBy: "prosecutor", issuedIn: "DE" });
  await keeps(caseId);
  await takes(caseId, { type: "RejectRequest", because: "wrong-entity" });
  const text = await letter(caseId, "form-3");
  assert.ok(text.includes("European Preservation Order Certificate (EPOC-PR)") && text.includes("enforcing authority: not recorded"));
  assert.ok(text.includes("  - The paper is addressed to another legal entity. One addressed to ours would change this. [V03]\n\nE."));
  assert.ok(!text.includes("not to hand it over"), "an order to keep data is not refused for handing none over");
  assert.ok(text.includes("is kept since Mon 2 Nov 2026 and until Fri 1 Jan 2027."));
  assert.deepEqual(await kindsOf(caseId), ["preservation-confirmed", "form-3"]);
});

test("the desk's own challenge is told with its route, the kinds of its grounds and its forum; counsel's words about them stay sealed", async () => {
  const caseId = await confirmed({ id: "US-SW", signedBy: "judge" });
  await takes(caseId, {
    type: "OpenChallenge",
    route: "motion to quash or modify",
    on: ["overbroad", "undue-burden"],
    private: { grounds: "Between us: a weak case.", forum: "the District Court of Clark County", interimMeasures: "more time until the decision" },
  });
  await reads(
    caseId,
    "challenge-grounds",
    "Good day Det. Reyes,",
    "Kutano, Inc. challenges your order 26-CR-77 and turns to the District Court of Clark County (IGRP-8).",
    "The way the law gives for it: motion to quash or modify (18 USC 2703(a)).",
    "What the order asks for",
    asked.join("\n"),
    "Grounds",
    "We challenge it because:",
    "  - it asks for more than its purpose needs\n  - it puts an undue burden on us",
    "Until the decision",
    "Nothing is disclosed while the challenge is pending.",
    "Meanwhile this is asked for: more time until the decision",
  );
});

async function gagOf(caseId: CaseId, court: string): Promise<(addressee: string) => Promise<readonly CaseFact[]>> {
  const order = { court, number: "26-ND-4", scope: "this warrant" };
  const [recorded] = await takes(caseId, { type: "RecordGag", instrument: "US-NDO", issuedBy: "judge", start: "2026-11-01", private: order });
  const gag = recorded?.type === "GagRecorded" ? recorded.gag : assert.fail("no order was recorded");
  const attempt = { type: "RecordLiftAttempt", gag, beneficiary: "customer", answer: "pending", private: { argument: "The arrest has been made public." } };
  return (addressee) => takes(caseId, { ...attempt, addressee });
}

test("an attempt to lift a secrecy order is written to the agency, and to an issuer only where that is the agency", async () => {
  const caseId = await confirmed({ id: "US-SW", signedBy: "judge" });
  const asks = await gagOf(caseId, "the District Court of Clark County");
  for (const addressee of ["court", "issuer"]) await asks(addressee);
  assert.deepEqual(await kindsOf(caseId), []);
  const unaddressed = (await readCase(await running.desk(), caseId)).flatMap(({ fact }) => (fact.type === "LetterUnaddressed" ? [fact] : []));
  assert.deepEqual(
    unaddressed.map(({ kind, to }) => [kind, to]),
    [
      ["gag-lift-request", "court"],
      ["gag-lift-request", "issuer"],
    ],
  );
  await asks("agency");
  await reads(
    caseId,
    "gag-lift-request",
    "Good day Det. Reyes,",
    "The secrecy order 26-ND-4 of the District Court of Clark County, in force from Sun 1 Nov 2026 with no last day, keeps us from telling our customer that its data has been asked for.",
    "We ask you to have it lifted by whoever issued it, or to narrow it so far that we may tell our customer (IGRP-10). We keep the order until you decide.",
    "Why",
    "The arrest has been made public.",
    "What we ask you to answer",
    "  - whether the order is lifted or narrowed, and from which day\n  - if not, which of its grounds still holds, and for how long\n  - when the order ends, because it names no last day",
    "Answer to legal-process@kutano.example. We record this request and your answer, and ask again when the grounds may have fallen away (IGRP-12).",
  );
  const own = await confirmed({ id: "US-SW", signedBy: "judge" });
  await (
    await gagOf(own, "springfield  POLICE")
  )("issuer");
  assert.match(await letter(own, "gag-lift-request"), /^To the authority that issued the order:/);
});

test("keeping is confirmed with its last day and how that was counted, confirmed again when renewed, and its end is told once with the digest", async () => {
  const caseId = await confirmed({ id: "US-PRES", signedBy: "official" });
  const preservation = await keeps(caseId);
  const served = "served Mon 2 Nov 2026 10:00 Denver + 90 days = end of Sun 31 Jan 2027 Denver, 18 USC 2703(f)(2)";
  await reads(
    caseId,
    "preservation-confirmed",
    "Good day Det. Reyes,",
    "At your request we keep a copy, made on Mon 2 Nov 2026, of what we held of:",
    asked.join("\n"),
    "It is kept until Sun 31 Jan 2027. After that day it is destroyed, unless a renewed request or a paper that compels its disclosure is here before.",
    `How the day was counted: ${served}`,
    "This letter does not say whether there was anything to keep: only a paper that compels its disclosure answers that.",
    "To keep is not to disclose: nobody outside our desk reads the copy, and what comes into being later is not part of it.",
    "Write to legal-process@kutano.example and keep the case number in the subject line.",
  );
  await takes(caseId, { type: "RenewPreservation", private: { request: "Letter of today." } });
  const renewed = await letter(caseId, "preservation-confirmed");
  assert.ok(renewed.includes("At your renewed request") && renewed.includes("It is kept until Sat 1 May 2027."));
  assert.ok(renewed.includes(`${served}; renewed, from Sun 31 Jan 2027 + 90 days = end of Sat 1 May 2027 Denver`));
  await takes(caseId, { type: "ReleasePreservation", private: { reason: "The office let go of it by telephone." } });
  assert.equal((await kindsOf(caseId)).includes("preservation-ended"), false);
  await takes(caseId, { type: "RecordDestruction", preservation, ...copy }, machine);
  await reads(
    caseId,
    "preservation-ended",
    "Good day Det. Reyes,",
    "Since Mon 2 Nov 2026 the copy that we kept at your request is kept no longer. Nothing requires that it be kept any more. It was of:",
    asked.join("\n"),
    "What became of the copy",
    "It was destroyed on Mon 2 Nov 2026, together with the key that opened it.",
    `SHA-256 of the copy before it was destroyed: ${copy.sha256}`,
    "The same digest stands in our ledger. It tells nothing about what the copy held, and proves which copy it was.",
    "The customer's own data in our service is not touched by this.",
  );
  for (const { content } of (await viewOf(caseId)).letters) assert.doesNotMatch(content?.text ?? "", /records/, "how much there was is not told");
});

test("an emergency request that is rejected is told which papers of its law would compel each kind of data", async () => {
  const caseId = await confirmed({ id: "US-EDR", signedBy: "official" });
  await takes(caseId, { type: "RejectRequest", because: "not-compulsory" });
  await reads(
    caseId,
    "emergency-answer",
    "Good day Det. Reyes,",
    "You ask us to disclose data because of an emergency. The law permits a provider to do so and does not compel it. We do not disclose:",
    "  - Nothing compels an answer. A subpoena, court order or search warrant would change this. [KDRP-7]\n  - An emergency request compels nothing. Customer data leaves only when the law compels it; a compulsory paper would change this. [KDRP-7]",
    "These papers would compel us, for what each of them reaches:",
    "  - a subpoena: Names, Sign-in history (18 USC 2703(c)(2))\n  - a court order: Names, Sign-in history (18 USC 2703(c)(1)(B), (d))\n  - a search warrant: Names, Sign-in history, Message content (18 USC 2703(a), (b), (c)(1)(A))",
    "Send a paper that compels to legal-process@kutano.example and keep the case number in the subject line.",
  );
  assert.deepEqual(await kindsOf(caseId), ["emergency-answer"]);
});

test("where a policy has switched emergencies on, an emergency request that says too little is asked at once", async () => {
  const desk = await running.desk();
  const settings = { ...desk.policy.settings, allowVoluntaryEmergency: true, emergency: { dataTypes: ["name"], paperWithinDays: 2 } };
  const caseId = await confirmed({ id: "US-EDR", lacks: ["emergency-facts"] });
  const handled = await handle({ ...desk, policy: { ...desk.policy, settings } }, { caseId, ...ana, command: { type: "AskClarification" } });
  assert.equal(handled.kind, "done", JSON.stringify(handled));
  const text = await letter(caseId, "emergency-answer");
  assert.ok(text.includes("We cannot judge that yet. Tell us at once:\n\n  - ") && text.includes("This is not a promise to disclose."), text);
});

const plan = "a".repeat(64);
const costs = {
  type: "RecordCosts",
  hours: "1.25",
  ratePerHour: "150",
  expenses: "19,99",
  currency: "USD",
  replaces: false,
  private: { work: "Search for one account, check and hand over", expenses: "Storage medium", payTo: "Kutano, Inc.\nAccount 12 34 56" },
};

/** A warrant whose production was released ten days later. */
async function released(): Promise<CaseId> {
  const caseId = await confirmed({ id: "US-SW", signedBy: "judge", issuedIn: "US" }, { places: { customer: "US", person: "US", data: "US" } });
  await takes(caseId, called);
  await signs(caseId);
  assert.deepEqual((await giveNotices(await running.desk(), caseId, ana.by, ana.askers)).reasons, []);
  await running.sendWaitingLetters();
  running.clock.set(instant("2026-11-12T17:00:00Z"));
  const reads_ = [{ source: "s", collection: "c", line: "L1", columns: ["x"], expected: 1 }];
  await takes(caseId, { type: "RecordPlan", plan, reads: reads_, nothingHeld: [], private: {} }, machine);
  await takes(caseId, { type: "RecordCheck", plan, records: 1, outside: 0 }, machine);
  const held = { holders: ["staff:uma", "staff:vic"], sealedWith: "age", opening: "d".repeat(64), private: { opening: "AA==", shares: [] } };
  const made = { sha256: "c".repeat(64), bytes: 1, object: "o", records: { name: 1 }, accounts: 1 };
  const [packed] = await takes(caseId, { type: "SealPackage", revision: 1, plan, ...made, ...held }, machine);
  assert.ok(packed?.type === "PackageSealed");
  for (const [by, part] of [
    ["staff:uma", { gives: "share", private: { shares: [] } }],
    ["staff:vic", { gives: "opening", private: { opening: "AA==" } }],
  ] as const)
    await takes(caseId, { type: "ApproveRelease", package: packed.package, ...part }, { by: by as Actor, askers: ["approver"] });
  assert.deepEqual(await refusal(caseId, costs), ["NOT_RELEASED"]);
  await takes(caseId, { type: "Release", package: packed.package, link: "l" }, machine);
  return caseId;
}

test("the costs of a production are asked back under the rule of its paper, to the cent, once, and corrected only by an invoice that says so", async () => {
  const caseId = await released();
  assert.deepEqual(await refusal(caseId, { ...costs, replaces: true }), ["NO_INVOICE"]);
  const [fact] = await takes(caseId, costs);
  assert.ok(fact?.type === "CostsRecorded");
  const { words: _, ...figures } = fact;
  assert.deepEqual(figures, { type: "CostsRecorded", hundredthsOfHour: 125, centsPerHour: 15_000, expenseCents: 1_999, currency: "USD" });
  const rule =
    "The government pays what the production reasonably and directly costs, by agreement or as the court sets it; telephone carriers' toll records are excepted unless they are a burden. (18 USC 2706)";
  await reads(
    caseId,
    "invoice",
    "Good day Det. Reyes,",
    "Invoice C-CASE-1, for your matter 26-CR-77. All sums are in USD.",
    rule,
    "Work",
    [
      "  Work                                         Hours    Rate     Sum",
      "  Search for one account, check and hand over   1.25  150.00  187.50",
      "  Total                                         1.25          187.50",
    ].join("\n"),
    "Expenses",
    ["  What for          Sum", "  Storage medium  19.99", "  Total           19.99"].join("\n"),
    "To pay: USD 207.49.",
    "Pay to",
    "  - Kutano, Inc.\n  - Account 12 34 56",
  );
  assert.deepEqual(await refusal(caseId, costs), ["COSTS_RECORDED"]);
  await takes(caseId, { ...costs, hours: "2", replaces: true });
  const second = await letter(caseId, "invoice");
  assert.ok(second.includes("Invoice C-CASE-2,") && second.includes("It takes the place of invoice C-CASE-1.") && second.includes("To pay: USD 319.99."));
  assert.ok((await letter(caseId, "owner-notice")).endsWith("\nCase C-CASE\n"), "the agency's reference is none of the customer's");
});

test("whatever happened, each fact that owes a letter has exactly one on record, and three senders at work send each once", async () => {
  const desk = await running.desk();
  let written = 0;
  for (const caseId of cases) {
    const history = await readCase(desk, caseId);
    const at = caseCircumstances(desk, history, ana.by, "");
    const owed = history.flatMap(({ fact }, index) => owedLetter(fact, history.slice(0, index + 1), at)?.kind ?? []);
    const answered = history.flatMap(({ fact }) => (fact.type === "LetterWritten" || fact.type === "LetterUnaddressed" ? [fact.kind] : []));
    assert.deepEqual(answered, owed, caseId);
    written += (await viewOf(caseId)).letters.length;
  }
  assert.ok(written > 30);
  await Promise.all([sendLetters(desk), sendLetters(desk), sendLetters(desk)]);
  assert.equal(running.caught.length, written);
  assert.deepEqual(await sendLetters(desk), { sent: 0, failed: 0 });
});

test("a step that lost the race for its case leaves no page behind", async () => {
  const caseId = await confirmed({ id: "US-SW", signedBy: "judge" });
  const folder = join(running.installation.dataDir, "objects");
  const objects = async () => (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length;
  const first = await objects();
  const desk = await running.desk();
  const real = desk.ports.printer ?? assert.fail("no printer");
  let pages = 0;
  const print: typeof real.print = async (letter_, on) => {
    pages += 1;
    const printed = await real.print(letter_, on);
    // While the first page is printed, somebody else changes the case.
    if (pages === 1) await takes(caseId, { type: "NoteGagWish" });
    return printed;
  };
  const slow = { ...desk, ports: { ...desk.ports, printer: { print, close: () => real.close() } } };
  assert.equal((await handle(slow, { caseId, ...ana, command: { type: "ReferToCustomer" } })).kind, "done");
  assert.equal(pages, 2);
  assert.deepEqual(await kindsOf(caseId), ["gag-wish-answer", "referral"]);
  assert.equal((await objects()) - first, 2);
});
