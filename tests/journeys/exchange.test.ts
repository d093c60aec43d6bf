// Orders that arrive as forms: the form proposes, the PDF may contradict it, a person confirms; and a case goes out to other systems with the same verdicts.
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { rehearsalClock } from "../../src/adapters/clock/clocks.ts";
import type { CaseView } from "../../src/app/case-view.ts";
import { connectSource } from "../../src/app/directory.ts";
import { handle, readCase } from "../../src/app/handle.ts";
import { takeSnapshot } from "../../src/app/preserve.ts";
import { setUpDesk, setUpFile } from "../../src/app/set-up.ts";
import type { Assessment } from "../../src/assessment/assess.ts";
import type { Terminal } from "../../src/cli/command.ts";
import { exchangeRead } from "../../src/cli/exchange-commands.ts";
import { runCommand } from "../../src/cli/run.ts";
import { caseOutput } from "../../src/cli/schemas.ts";
import { importDocument } from "../../src/exchange/module.ts";
import type { Actor, CaseId } from "../../src/kernel/ids.ts";
import { instant } from "../../src/kernel/instant.ts";
import { loadShelf, openInstallation, type OpenInstallation } from "../../src/main.ts";
import { paperPdf } from "../../src/rehearsal/paper.ts";
import { seedWorkspaceDatabase } from "../../src/rehearsal/workspace-database.ts";
import { exchangeFixture } from "../fixtures/exchange/trees.ts";

const folder = mkdtempSync(join(tmpdir(), "portcullis-exchange-"));
chmodSync(folder, 0o711);
const zone = {
  "sta-musterstadt.example": { TXT: [["v=spf1 ip4:203.0.113.5 -all"]] },
  "_dmarc.sta-musterstadt.example": { TXT: [["v=DMARC1; p=reject"]] },
};
const clock = rehearsalClock(instant("2026-11-03T09:00:00Z"));
const ana = { by: "staff:ana" as Actor, askers: ["analyst", "counsel"] as const };
let installation: OpenInstallation;
let terminal: Terminal;

before(async () => {
  installation = await openInstallation({ dataDir: folder, zone: JSON.stringify(zone) }, { clock });
  const setUp = setUpFile.parse({
    desk: {
      legalEntity: "Examplechat Europe Ltd",
      country: "IE",
      designatedIn: "IE",
      kinds: ["hosting"],
      timeZone: "Europe/Dublin",
      mailboxes: ["legal@examplechat.example"],
    },
    policyPacks: ["data-request"],
    jurisdictions: ["us", "eu"],
    workspaces: [
      {
        id: "W-HARBOR",
        name: "Harbor Works",
        aliases: ["example.org"],
        owners: [{ name: "Olivia", email: "owner@harbor.example" }],
        accounts: [
          { id: "U02ABCDEF", email: "jo@harbor.example" },
          { id: "M-HARBOR-03", email: "anna.beispiel@example.org" },
        ],
      },
    ],
  });
  const done = await setUpDesk(installation.ports, installation.deskId, installation.shelf, setUp, "staff:operator" as Actor);
  assert.equal(done.kind, "done", JSON.stringify(done));
  await connectProduct();
  terminal = {
    open: async () => ({ ...installation, stop: async () => {} }),
    loadShelf,
    loadLaw: loadShelf,
    loadFixtures: () => Promise.reject(new Error("not used here")),
    verifyPackage: () => Promise.reject(new Error("not used here")),
    verifyPage: () => Promise.reject(new Error("not used here")),
    inspectPaper: () => Promise.reject(new Error("no paper is looked into here")),
    readText: async (file) => readFileSync(file, "utf8"),
    readBytes: () => assert.fail("no ledger is read here"),
    readSales: () => Promise.reject(new Error("not used here")),
    writeText: () => Promise.reject(new Error("not used here")),
    exists: () => Promise.resolve(true),
    writeStream: async (file, chunks) => {
      const pieces: Uint8Array[] = [];
      for await (const chunk of chunks) pieces.push(chunk);
      writeFileSync(file, Buffer.concat(pieces));
    },
    progress: () => {},
  };
});
after(async () => {
  await installation.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function connectProduct(): Promise<void> {
  const product = await installation.database.createDatabase("workspace_product");
  assert.ok("host" in product.owner && "host" in product.app);
  await seedWorkspaceDatabase(product.owner, product.app.user);
  const { host, port, user, database } = product.app;
  const dataMap = readFileSync(new URL("../../packs/data-maps/workspace-database.yaml", import.meta.url), "utf8");
  const source = { kind: "workspace-database" as const, name: "workspace-database", dataMap, host, port, user, database };
  await connectSource(installation.ports, installation.deskId, ana.by, source);
}

async function run(...words: readonly string[]): Promise<{ readonly exit: number; readonly json: unknown }> {
  let printed = "";
  const { exit } = await runCommand([...words, "--json"], terminal, (text) => (printed += text));
  return { exit, json: JSON.parse(printed) };
}

type Intake = CaseView & { readonly intake: string };
let nth = 0;

interface Paper {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

const xml = (fixture: string, name = "order.xml"): Paper => ({ name, type: "application/xml", bytes: exchangeFixture(fixture) });
const pdf = (...lines: readonly string[]): Paper => ({ name: "order.pdf", type: "application/pdf", bytes: paperPdf(lines) });

function mail(body: string, ...papers: readonly Paper[]): string {
  nth += 1;
  const parts = papers.map(
    ({ name, type, bytes }) =>
      `--b\r\nContent-Type: ${type}; name=${name}\r\nContent-Disposition: attachment; filename=${name}\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(bytes).toString("base64")}\r\n`,
  );
  return `From: Erika Beispiel <poststelle@sta-musterstadt.example>\r\nTo: legal@examplechat.example\r\nSubject: Order ${nth}\r\nMessage-ID: <${nth}@sta-musterstadt.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n${body}\r\n${parts.join("")}--b--\r\n`;
}

async function takeIn(file: string): Promise<Intake> {
  const options = ["--client-ip", "203.0.113.5", "--helo", "mx.sta-musterstadt.example", "--mail-from", "poststelle@sta-musterstadt.example"];
  const { exit, json } = await run("intake", file, ...options);
  assert.equal(exit, 0, JSON.stringify(json));
  caseOutput.parse(json);
  return json as Intake;
}

async function intake(message: string): Promise<Intake> {
  const file = join(folder, `message-${nth}.eml`);
  writeFileSync(file, message);
  return takeIn(file);
}

async function show(caseId: string): Promise<CaseView> {
  return (await run("case", "show", caseId)).json as CaseView;
}

async function takes(caseId: string, command: { readonly type: string; readonly [member: string]: unknown }): Promise<void> {
  const desk = await installation.desk();
  assert.ok(desk !== undefined);
  const handled = await handle(desk, { caseId: caseId as CaseId, ...ana, command });
  assert.equal(handled.kind, "done", JSON.stringify(handled));
}

async function readingFact(caseId: string) {
  const desk = await installation.desk();
  assert.ok(desk !== undefined);
  const fact = (await readCase(desk, caseId as CaseId)).map((each) => each.fact).find(({ type }) => type === "ReadingProposed");
  return fact?.type === "ReadingProposed" ? fact : assert.fail("nothing was read");
}

const paperOfOrder = [
  "EUROPEAN PRODUCTION ORDER CERTIFICATE (EPOC)",
  "Issuing authority: Landgericht Musterstadt",
  "File number: 123 Js 456/26",
  "Date of issue: 30 October 2026",
  "User id: U02ABCDEF",
];

let order: Intake;

test("an order as XML proposes the details, stated and with their places; the PDF that says otherwise is told as a contradiction", async () => {
  order = await intake(mail("Please find an order for workspace Harbor Works.", xml("epoc-content-judge-notified.xml"), pdf(...paperOfOrder)));
  assert.equal(order.intake, "opened");
  const [form] = order.forms;
  assert.deepEqual([form?.kind, form?.source, form?.attachment, form?.proposes], ["epoc", "attachment-1", 1, true]);
  assert.deepEqual(
    form?.contradictions.map(({ field, xml: one, paper }) => [field, one, paper]),
    [["issuedOn", "2026-11-02", "2026-10-30"]],
  );
  assert.ok(form?.forPerson.some(({ value }) => value.startsWith("Fraud")));
  const fact = await readingFact(order.caseId);
  assert.ok(fact.marks.includes("contradiction"));
  assert.deepEqual(fact.instruments, ["EU-EPOC"]);
  assert.doesNotMatch(JSON.stringify(fact), /Erika|U02ABCDEF|456\/26/);

  const { instrument, subjects, lines } = order.proposal ?? assert.fail("nothing is proposed");
  assert.deepEqual(instrument, {
    id: "EU-EPOC",
    signedBy: "judge",
    issuedOn: "2026-11-02",
    issuedIn: "DE",
    servedAt: order.receivedAt,
    emergency: false,
    authorityNotified: true,
    shows: ["issued-on", "issuing-authority", "enforcing-authority", "account", "data-category", "time-range"],
  });
  assert.deepEqual(subjects, [{ id: "ID-1", workspace: "W-HARBOR", resolved: true }]);
  assert.equal(order.proposal?.private.subjects["ID-1"]?.account, "U02ABCDEF");
  assert.deepEqual(
    lines.map(({ dataType, from, to }) => [dataType, from, to]),
    ["sign-in-history", "message-metadata", "location", "messages", "files"].map((type) => [type, "2026-06-01", "2026-06-30"]),
  );
  const agency = order.reading?.agency;
  assert.deepEqual([agency?.value, agency?.certainty, agency?.spans[0]?.source], ["Landgericht Musterstadt", "stated", "attachment-1"]);
  assert.match(agency?.spans[0]?.path ?? "", /NameOfAuthority$/);
});

test("once confirmed, the ten days in which the enforcing authority may refuse are a clock that holds everything", async () => {
  assert.equal((await run("confirm", order.caseId)).exit, 0);
  const view = await show(order.caseId);
  const hold = view.clocks.find(({ kind }) => kind === "hold");
  assert.deepEqual([hold?.state, hold?.dueAt.slice(0, 10)], ["open", "2026-11-13"]);
  assert.ok(view.gate.reasons.some(({ code }) => code === "AUTHORITY_HOLD"));
});

test("a confirmed case goes out as JSON, and the packs give it the verdicts of its own page", async () => {
  const out = join(folder, "case.json");
  assert.equal((await run("case", "export", order.caseId, "--format", "json", "--out", out)).exit, 0);
  const view = await show(order.caseId);
  const assessed = (await run("assess", out)).json as Assessment;
  const verdict = ({ id, decision, reasons }: { id: string; decision: string; reasons: readonly { code: string }[] }) => [
    id,
    decision,
    reasons.map(({ code }) => code),
  ];
  assert.deepEqual(assessed.lines.map(verdict), view.lines.map(verdict));
  assert.ok(view.lines.some(({ decision }) => decision !== "allow"));
  const bars = (all: CaseView["gate"]["bars"]) => all.map(({ id, reasons }) => [id, id === "requester" ? reasons.length : reasons.map(({ code }) => code)]);
  assert.deepEqual(bars(assessed.gate.bars), bars(view.gate.bars));
  const law = (clocks: CaseView["clocks"] | Assessment["clocks"]) => clocks.filter(({ kind }) => kind !== undefined).map(({ id, dueAt }) => [id, dueAt]);
  assert.deepEqual(law(assessed.clocks), law(view.clocks));
});

test("the same case goes out as TS 103 120 with its state, and another Portcullis reads it again", async () => {
  const out = join(folder, "case.xml");
  assert.equal((await run("case", "export", order.caseId, "--format", "103120", "--out", out)).exit, 0);
  const read = (await run("exchange", "read", out)).json as { readonly ok: boolean; readonly kind: string; readonly says: unknown; readonly said: unknown };
  assert.deepEqual([read.ok, read.kind], [true, "103120"]);
  const says = read.says as { readonly paper: { readonly instrument: string }; readonly lines: readonly unknown[] };
  assert.deepEqual([says.paper.instrument, says.lines.length], ["EU-EPOC", 5]);
  const { outcome } = read.said as { readonly outcome: { readonly code: string; readonly lines: readonly unknown[] } };
  assert.deepEqual([outcome.code, outcome.lines.length], [(await show(order.caseId)).stage, 5]);
});

test("Form 3 is drafted with the reasons of the review; what the desk asks of itself, and what is no European order, gives none", async () => {
  const codesOf = async (caseId: string) => {
    const { exit, json } = await run("case", "export", caseId, "--format", "form-3");
    return [exit, ...(json as { readonly reasons: readonly { readonly code: string }[] }).reasons.map(({ code }) => code)];
  };
  assert.deepEqual(await codesOf(order.caseId), [1, "NO_REASON"]);
  assert.deepEqual(await codesOf((await intake(mail("Subpoena for jo@harbor.example."))).caseId), [1, "DETAILS_NOT_CONFIRMED"]);

  const unclear = await intake(mail("An order.", xml("epoc-subscriber-prosecutor.xml")));
  assert.equal((await run("confirm", unclear.caseId)).exit, 0);
  const out = join(folder, "form-3.xml");
  assert.equal((await run("case", "export", unclear.caseId, "--format", "form-3", "--out", out)).exit, 0);
  const draft = readFileSync(out, "utf8");
  const reasons = (await show(unclear.caseId)).lines.flatMap(({ reasons: all }) => all).filter(({ code }) => code === "UNIDENTIFIABLE");
  assert.ok(reasons.length > 0);
  assert.match(draft, /reason="not-enough-information"/);
  assert.ok(draft.includes(reasons[0]?.because ?? "-") && draft.includes("123 Js 456/26"));
  assert.equal((await run("exchange", "read", out)).exit, 1, "an addressee's form is no order");
});

test("Form 6 joins the order it speaks of and lengthens what is kept; from a stranger it opens a case of its own", async () => {
  const kept = await intake(mail("An order to preserve.", xml("epoc-pr.xml")));
  assert.equal(kept.intake, "opened");
  assert.equal((await run("confirm", kept.caseId)).exit, 0);
  const desk = await installation.desk();
  assert.ok(desk !== undefined);
  const snapshot = await takeSnapshot(desk, kept.caseId, ana.by);
  assert.equal(snapshot.kind, "taken", JSON.stringify(snapshot));
  const lastDay = async () => (await show(kept.caseId)).clocks.find(({ kind }) => kind === "keep")?.dueAt.slice(0, 10);
  assert.equal(await lastDay(), "2027-01-02");

  const stranger = await intake(mail("Please extend.", xml("form-6-extension.xml")).replaceAll("sta-musterstadt.example", "sta-elsewhere.example"));
  assert.equal(stranger.intake, "opened");
  assert.deepEqual(
    stranger.forms[0]?.findings.map(({ code }) => code),
    ["PRESERVE_LONGER", "EARLIER_ORDER_NOT_FOUND"],
  );

  const extension = await intake(mail("Please find Form 6.", xml("form-6-extension.xml")));
  assert.deepEqual([extension.intake, extension.caseId], ["follow-up", kept.caseId]);
  assert.deepEqual(
    extension.forms.map(({ kind, with: way, proposes }) => [kind, way, proposes]),
    [
      ["epoc-pr", "request", true],
      ["form-6", "follow-up", false],
    ],
  );
  await takes(kept.caseId, { type: "RenewPreservation", private: { request: "Form 6, attachment 1 of the later message." } });
  assert.equal(await lastDay(), "2027-02-01");

  const follows = await intake(mail("Please find Form 5.", xml("form-5-production-follows.xml")));
  assert.deepEqual([follows.intake, follows.caseId], ["follow-up", kept.caseId]);
  assert.deepEqual(follows.forms.at(-1)?.findings.at(-1)?.code, "PRODUCTION_FOLLOWS");
});

test("where two open cases hold an order under one number, Form 6 joins neither", async () => {
  const again = await intake(mail("The same order once more.", xml("epoc-pr.xml")));
  assert.equal(again.intake, "opened");
  const form = await intake(mail("Form 6.", xml("form-6-extension.xml")));
  assert.equal(form.intake, "opened");
  assert.deepEqual(
    form.forms[0]?.findings.map(({ code }) => code),
    ["PRESERVE_LONGER", "EARLIER_ORDER_NOT_FOUND"],
  );
  assert.deepEqual((await readingFact(form.caseId)).sort, "follow-up");
});

test("a bomb of entities is kept and told with its place and remedy, and a case opens all the same", async () => {
  for (const [message, where] of [
    [mail("An order.", xml("dtd-bomb.xml")), 1],
    [mail(Buffer.from(exchangeFixture("external-entity.xml")).toString("utf8")), undefined],
  ] as const) {
    const view = await intake(message);
    assert.equal(view.intake, "opened");
    assert.deepEqual(
      view.forms.map(({ kind }) => kind),
      ["refused"],
    );
    const told = view.message?.problems.find(({ code }) => code === "FORM_REFUSED");
    assert.equal(told?.attachment, where);
    assert.match(told?.because ?? "", /line \d+, column \d+/);
    assert.notEqual(view.stage, "set-aside");
    assert.deepEqual((await readingFact(view.caseId)).forms?.[0]?.findings, ["FORM_REFUSED"]);
  }
});

test("an order that is the whole message, without a text beside it, is read as well", async () => {
  const head = mail("")
    .split("MIME-Version")[0]
    ?.replace(/^Subject:.*$/m, "Subject: Order");
  const whole = Buffer.from(exchangeFixture("epoc-emergency-eight-hours.xml")).toString("base64");
  const view = await intake(`${head}MIME-Version: 1.0\r\nContent-Type: application/xml\r\nContent-Transfer-Encoding: base64\r\n\r\n${whole}\r\n`);
  assert.deepEqual([view.forms[0]?.kind, view.proposal?.instrument?.emergency], ["epoc", true]);
  assert.ok((await readingFact(view.caseId)).marks.includes("emergency"));
});

test("an order to listen in makes no line: it is marked as live collection and goes to counsel", async () => {
  const view = await intake(mail("Order.", xml("103120-interception.xml")));
  assert.deepEqual([view.forms[0]?.kind, view.forms[0]?.findings[0]?.code, view.forms[0]?.proposes], ["counsel", "INTERCEPTION_ORDER", false]);
  assert.deepEqual(view.lines, []);
  assert.ok((await readingFact(view.caseId)).marks.includes("real-time"));
});

test("a form is read without a desk, and as a case it can be judged", async () => {
  const file = join(folder, "emergency.xml");
  writeFileSync(file, exchangeFixture("epoc-content-judge-notified.xml"));
  const { exit, json } = await run("exchange", "read", file, "--served-at", "2026-11-03T09:00:00Z", "--zone", "Europe/Dublin");
  assert.equal(exit, 0);
  exchangeRead.output.parse(json);
  const described = join(folder, "described.json");
  writeFileSync(described, JSON.stringify((json as { readonly case: unknown }).case));
  const { clocks } = (await run("assess", described)).json as Assessment;
  assert.equal(clocks.find(({ kind }) => kind === "hold")?.dueDay, "2026-11-13");
  assert.equal((await run("exchange", "read", file, "--served-at", "soon")).exit, 2);
  writeFileSync(file, Buffer.from([0x3c, 0xff, 0x3e]));
  assert.equal((await run("exchange", "read", file)).exit, 1);
});

test("a file handed in at the terminal has no sender: it is read, and nothing about its sender is met", async () => {
  const file = join(folder, "epoc.xml");
  writeFileSync(file, exchangeFixture("epoc-subscriber-prosecutor.xml"));
  const view = await takeIn(file);
  assert.equal(view.intake, "opened");
  assert.equal(view.proposal?.instrument?.id, "EU-EPOC");
  assert.equal(view.proposal?.lines.find(({ dataType }) => dataType === "sign-in-history")?.onlyToIdentify, true);
  assert.deepEqual(
    view.assurances.filter(({ verdict }) => verdict === "met"),
    [],
  );
  assert.equal((await takeIn(file)).intake, "duplicate");
});

test("a case of another desk proposes what its paper says, and nothing of what that desk did", async () => {
  const theirs = importDocument(readFileSync(join(folder, "case.json")), { name: "case.json" });
  assert.ok(theirs.kind === "case");
  const claims = { assured: "all", reviewSigned: true, approvals: ["a", "b"], plan: "checked" };
  const file = join(folder, "theirs.json");
  writeFileSync(
    file,
    JSON.stringify({ ...theirs.description, ...claims, paper: { ...theirs.description.paper, seal: "valid", servedAt: "2026-01-01T00:00:00Z" } }),
  );
  const view = await takeIn(file);
  assert.deepEqual([view.forms[0]?.kind, view.forms[0]?.findings[0]?.code], ["case", "FROM_ANOTHER_DESK"]);
  assert.deepEqual([view.proposal?.instrument?.servedAt, view.proposal?.instrument?.seal], [view.receivedAt, undefined]);
  assert.equal(view.proposal?.lines.length, 5);
  assert.deepEqual(
    view.assurances.filter(({ verdict }) => verdict === "met"),
    [],
  );
  const left = view.forms[0]?.forPerson.map(({ path }) => path) ?? [];
  for (const member of ["/assured", "/reviewSigned", "/approvals", "/plan", "/paper"]) assert.ok(left.includes(member), member);
  assert.equal(view.release.approvals, 0);
});
