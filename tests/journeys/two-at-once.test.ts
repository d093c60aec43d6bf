// What must hold when two of us work at the same time, or when somebody is careless or cheats.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { checkVault } from "../../src/app/check-vault.ts";
import { openSecrets } from "../../src/app/case-secrets.ts";
import { admitStaff } from "../../src/app/directory.ts";
import { handle, readCase } from "../../src/app/handle.ts";
import { giveNotices } from "../../src/app/owner-notice.ts";
import { projectViews } from "../../src/app/project-views.ts";
import { proposeDetails } from "../../src/app/propose-details.ts";
import { react } from "../../src/app/wake.ts";
import { sendLetters } from "../../src/app/send-letters.ts";
import type { Actor, CaseId } from "../../src/kernel/ids.ts";
import { officer, startDesk, type RunningDesk } from "../desks/running-desk.ts";

let running: RunningDesk;
before(async () => {
  running = await startDesk();
});
after(async () => running.stop());

const ana = { by: "staff:ana" as Actor, askers: ["analyst", "counsel"] as const };
let nth = 0;

function mail(body: string): string {
  nth += 1;
  return `From: Maria Reyes <${officer}>\r\nTo: legal-process@kutano.example\r\nSubject: Search warrant 26-SW-${nth}\r\nMessage-ID: <two-${nth}@police.springfield.gov>\r\n\r\n${body}\r\n`;
}

const warrant = (more = "") =>
  mail(
    `SEARCH WARRANT, District Court of Clark County, case no. 26-SW-${nth}, criminal. Issued on March 1, 2026, signed by Judge Harold Stone.\r\n\r\nWorkspace: Acme Robotics\r\nAccount: jo@acme.example\r\nDate range: January 1, 2026 through February 15, 2026\r\nData sought: message content\r\n${more}`,
  );

async function takes(caseId: CaseId, command: { readonly type: string; readonly [member: string]: unknown }) {
  return handle(await running.desk(), { caseId, ...ana, command });
}

async function confirmed(text: string): Promise<CaseId> {
  const desk = await running.desk();
  const { caseId } = await running.receive(text);
  const history = await readCase(desk, caseId);
  const proposal = await proposeDetails(desk, history, await openSecrets(desk, caseId, history));
  assert.equal((await takes(caseId, { ...(proposal ?? assert.fail("nothing was read")) })).kind, "done");
  return caseId;
}

const types = async (caseId: CaseId) => (await readCase(await running.desk(), caseId)).map(({ fact }) => fact.type);

test("a page that renews the lists first swallows no reaction: a lifted order still lets the notice go", async () => {
  const desk = await running.desk();
  const caseId = await confirmed(warrant());
  const order = { court: "District Court", number: "1", scope: "the warrant" };
  await takes(caseId, { type: "RecordGag", instrument: "US-NDO", issuedBy: "judge", start: "2026-03-01", end: "2026-06-30", private: order });
  const gag = (await readCase(desk, caseId)).flatMap(({ fact }) => (fact.type === "GagRecorded" ? [fact.gag] : []))[0];
  await takes(caseId, { type: "WithholdForGag", gag });
  await takes(caseId, {
    type: "RecordLiftAttempt",
    gag,
    addressee: "court",
    beneficiary: "customer",
    answer: "granted",
    private: { argument: "It harms nobody." },
  });
  await desk.ports.ledger.seal(desk.id, desk.ports.clock.now());
  await projectViews(desk);
  await react(desk);
  assert.ok((await types(caseId)).includes("NoticeGiven"));
});

test("while a secrecy order is only read, the customer is not told; a person records it or answers it as a wish first", async () => {
  const desk = await running.desk();
  const caseId = await confirmed(
    warrant(
      "\r\nNON-DISCLOSURE ORDER, 18 U.S.C. 2705(b): Kutano shall not notify any person of the existence of this warrant. This order is in force until June 30, 2026.\r\n",
    ),
  );
  const { reasons } = await giveNotices(desk, caseId, ana.by, ana.askers);
  assert.ok(reasons.some(({ code }) => code === "SECRECY_UNDECIDED"));
  assert.equal((await types(caseId)).includes("NoticeGiven"), false);
  await takes(caseId, { type: "NoteGagWish" });
  assert.deepEqual((await giveNotices(desk, caseId, ana.by, ana.askers)).reasons, []);
});

test("two senders at work send each letter once", async () => {
  const desk = await running.desk();
  await sendLetters(desk);
  const before = running.caught.length;
  for (let more = 0; more < 4; more++) await running.receive(warrant());
  const figures = await Promise.all([sendLetters(desk), sendLetters(desk), sendLetters(desk)]);
  assert.equal(
    figures.reduce((sum, { sent }) => sum + sent, 0),
    4,
  );
  assert.equal(running.caught.length - before, 4);
});

test("text that is cut in the middle of a character is recorded all the same", async () => {
  const faces = "😀".repeat(400);
  for (const body of [
    `EMERGENCY: a child is in danger of death x${faces}`,
    `Workspace: x${faces}\r\nSubpoena for ${faces}`,
    `x${"y".repeat(298)}${faces} emergency danger of death ${faces}`,
  ]) {
    const { how } = await running.receive(mail(body));
    assert.equal(how, "opened");
  }
});

test("one person cannot become two members of staff by another id or another way to write the mailbox", async () => {
  const desk = await running.desk();
  const admit = (id: string, email: string) => admitStaff(desk.ports, desk.id, ana.by, { id, name: "Ben", email, roles: ["approver"] });
  assert.equal(await admit("ben", "ben@kutano.example"), "recorded");
  assert.notEqual(await admit("ben2", "Ben@kutano.example"), "recorded");
  assert.notEqual(await admit("Ben", "other@kutano.example"), "recorded");
  assert.equal(await admit("ben", "ben@kutano.example"), "recorded");
});

test("a sealed value that was changed is found by the fact that committed to it", async () => {
  const desk = await running.desk();
  const { caseId } = await running.receive(warrant());
  await desk.ports.ledger.seal(desk.id, desk.ports.clock.now());
  assert.deepEqual(await checkVault(desk), []);
  const [content] = (await readCase(desk, caseId)).flatMap(({ fact }) => (fact.type === "MessageRead" ? [fact.content.vault] : []));
  await running.installation.pool.query("update vault set ciphertext = set_byte(ciphertext, 40, get_byte(ciphertext, 40) # 1) where ref = $1", [content]);
  const [finding] = await checkVault(desk);
  assert.deepEqual({ stream: finding?.stream, vault: finding?.vault }, { stream: `case:${caseId}`, vault: content });
});
