// Bad and strange input at the terminal's door: the message is kept, the desk is told, nothing is half done.
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { CaseView } from "../../src/app/case-view.ts";
import { runCommand } from "../../src/cli/run.ts";
import { caseOutput } from "../../src/cli/schemas.ts";
import type { Terminal } from "../../src/cli/command.ts";
import { loadShelf, openInstallation, type OpenInstallation } from "../../src/main.ts";
import { setUpDesk, setUpFile } from "../../src/app/set-up.ts";
import type { Actor } from "../../src/kernel/ids.ts";

const folder = mkdtempSync(join(tmpdir(), "portcullis-intake-"));
chmodSync(folder, 0o711);
const zone = { "agency.gov": { TXT: [["v=spf1 ip4:203.0.113.5 -all"]] }, "_dmarc.agency.gov": { TXT: [["v=DMARC1; p=reject"]] } };
let installation: OpenInstallation;
let terminal: Terminal;

before(async () => {
  installation = await openInstallation({ dataDir: folder, zone: JSON.stringify(zone) });
  const setUp = setUpFile.parse({
    desk: { legalEntity: "Kutano, Inc.", country: "US", timeZone: "America/Denver", mailboxes: ["legal@kutano.example"] },
    workspaces: [
      { id: "acme", name: "Acme Robotics", owners: [{ name: "Olivia", email: "owner@acme.example" }], accounts: [{ id: "U1", email: "jo@acme.example" }] },
    ],
  });
  assert.equal((await setUpDesk(installation.ports, installation.deskId, installation.shelf, setUp, "staff:operator" as Actor)).kind, "done");
  terminal = {
    open: async () => ({ ...installation, stop: async () => {} }),
    loadShelf,
    loadLaw: () => Promise.reject(new Error("not used here")),
    loadFixtures: () => Promise.reject(new Error("not used here")),
    verifyPackage: () => Promise.reject(new Error("not used here")),
    verifyPage: () => Promise.reject(new Error("not used here")),
    inspectPaper: () => Promise.reject(new Error("no paper is looked into here")),
    readText: () => Promise.reject(new Error("not used here")),
    readBytes: () => assert.fail("no ledger is read here"),
    readSales: () => Promise.reject(new Error("not used here")),
    writeText: () => Promise.reject(new Error("not used here")),
    exists: () => Promise.resolve(true),
    writeStream: () => Promise.resolve(),
    progress: () => {},
  };
});
after(async () => {
  await installation.stop();
  rmSync(folder, { recursive: true, force: true });
});

type Intake = CaseView & { readonly intake: string };
let nth = 0;

async function intake(raw: string | Buffer): Promise<Intake> {
  const file = join(folder, `message-${nth++}.eml`);
  writeFileSync(file, raw);
  let printed = "";
  const { exit } = await runCommand(
    ["intake", file, "--client-ip", "203.0.113.5", "--helo", "mx.agency.gov", "--mail-from", "r@agency.gov", "--received-at", "2026-03-06T22:15:00Z", "--json"],
    terminal,
    (text) => (printed += text),
  );
  assert.equal(exit, 0, printed);
  const view = JSON.parse(printed) as Intake;
  caseOutput.parse(view);
  return view;
}

const head = (more: string) =>
  `From: Det. R <r@agency.gov>\r\nTo: legal@kutano.example\r\nSubject: Subpoena\r\nMessage-ID: <${nth}-${more.length}@agency.gov>\r\n${more}\r\n`;
const codes = (view: Intake) => (view.message?.problems ?? []).map(({ code }) => code);

test("an authenticated government mail is one assurance, and the call-back is still owed", async () => {
  const view = await intake(`${head("")}Subpoena for jo@acme.example in workspace Acme Robotics.\r\n`);
  const verdicts = Object.fromEntries(view.assurances.map(({ fact, verdict }) => [fact, verdict]));
  assert.equal(verdicts["mail-authentication"], "met");
  assert.equal(verdicts["domain-class"], "met");
  assert.equal(verdicts["call-back"], "unknown");
  assert.equal(view.gate.open, false);
});

test("the same bytes twice are one case", async () => {
  const raw = `${head("X-One: 1\r\n")}Subpoena.\r\n`;
  const first = await intake(raw);
  const second = await intake(raw);
  assert.deepEqual(
    { intake: second.intake, caseId: second.caseId, duplicates: second.duplicates },
    { intake: "duplicate", caseId: first.caseId, duplicates: 1 },
  );
});

test("the same Message-ID with other bytes is one case, and the second message is kept too", async () => {
  const id = "Message-ID: <same@agency.gov>";
  const first = await intake(`From: r@agency.gov\r\nTo: legal@kutano.example\r\n${id}\r\n\r\nSubpoena A.\r\n`);
  const second = await intake(`From: r@agency.gov\r\nTo: legal@kutano.example\r\n${id}\r\n\r\nSubpoena A, better copy.\r\n`);
  assert.deepEqual({ caseId: second.caseId, intake: second.intake }, { caseId: first.caseId, intake: "duplicate" });
});

test("a forger who uses an agency's Message-ID first does not swallow the agency's request", async () => {
  const id = "Message-ID: <contested@agency.gov>";
  const forged = await intake(`From: r@agency-gov.example\r\nTo: legal@kutano.example\r\n${id}\r\n\r\nSubpoena.\r\n`);
  const real = await intake(`From: r@agency.gov\r\nTo: legal@kutano.example\r\n${id}\r\n\r\nSubpoena from the real one.\r\n`);
  assert.notEqual(real.caseId, forged.caseId);
  assert.equal(real.intake, "opened");
});

test("a message that is cut off in the middle of its attachment opens a case and says what is wrong", async () => {
  const raw = `${head("MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n")}--b\r\nContent-Type: text/plain\r\n\r\nSubpoena attached.\r\n--b\r\nContent-Type: application/pdf; name=s.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjcK`;
  const view = await intake(raw);
  assert.equal(view.intake, "opened");
  assert.ok(codes(view).length > 0);
});

test("fifty megabytes of attachment are kept and read without a stumble", async () => {
  const line = `${"QUJD".repeat(19)}\r\n`;
  const raw = Buffer.concat([
    Buffer.from(
      `${head("MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n")}--b\r\nContent-Type: text/plain\r\n\r\nSubpoena.\r\n--b\r\nContent-Type: application/zip; name=x.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n`,
    ),
    Buffer.alloc(50 * 1024 * 1024, line),
    Buffer.from("\r\n--b--\r\n"),
  ]);
  assert.equal((await intake(raw)).intake, "opened");
});

test("an answer to one of the desk's letters joins its case, by the letter it answers or by the case number", async () => {
  const first = await intake(`${head("X-Reply: 1\r\n")}Subpoena, case no. 26-77, for jo@acme.example in workspace Acme Robotics.\r\n`);
  const letter = first.letters[0]?.letter ?? assert.fail("no acknowledgement was written");
  const answer = (more: string, subject: string) =>
    `From: r@agency.gov\r\nTo: legal@kutano.example\r\nSubject: ${subject}\r\nMessage-ID: <${nth}a@agency.gov>\r\n${more}\r\nThe dates are 1 January 2026 to 31 January 2026.\r\n`;
  const byLetter = await intake(answer(`In-Reply-To: <letter.${letter}@kutano.example>\r\n`, "Re: your letter"));
  assert.deepEqual({ intake: byLetter.intake, caseId: byLetter.caseId }, { intake: "follow-up", caseId: first.caseId });
  const byNumber = await intake(answer("", `Re: ${first.caseId}`));
  assert.deepEqual({ intake: byNumber.intake, caseId: byNumber.caseId }, { intake: "follow-up", caseId: first.caseId });
  const stranger = await intake(answer("", `Re: ${first.caseId}`).replace("r@agency.gov", "r@elsewhere.example"));
  assert.equal(stranger.intake, "opened");
});

test("a newsletter is kept and set aside, and a person can still open it as a request", async () => {
  const view = await intake(
    "From: shop@bookshop.example\r\nTo: legal@kutano.example\r\nSubject: Spring sale\r\nList-Unsubscribe: <mailto:x@bookshop.example>\r\n\r\nDear reader,\r\n\r\nSpring is here, and so are twelve new novels. Visit our shop and save 10 % this week.\r\n\r\nUnsubscribe at any time.\r\n",
  );
  assert.equal(view.stage, "set-aside");
  assert.deepEqual(view.letters, []);
});

test("bytes that are no mail at all open a case for a person", async () => {
  const view = await intake(Buffer.from([0, 1, 2, 255, 254, 13, 10, 0, 0]));
  assert.equal(view.gate.open, false);
});

test("a file that is not there is an error in words, and no case is opened", async () => {
  const { rows: before } = await installation.pool.query<{ n: string }>("select count(*) as n from events");
  await assert.rejects(runCommand(["intake", join(folder, "missing.eml")], terminal, () => {}));
  const { rows: afterwards } = await installation.pool.query<{ n: string }>("select count(*) as n from events");
  assert.equal(afterwards[0]?.n, before[0]?.n);
});

test("a moment that is none is the command's fault, not the desk's", async () => {
  let printed = "";
  writeFileSync(join(folder, "m.eml"), head(""));
  const { exit } = await runCommand(["intake", join(folder, "m.eml"), "--received-at", "yesterday", "--json"], terminal, (text) => (printed += text));
  assert.equal(exit, 2);
  assert.match(printed, /ISO 8601/);
});
