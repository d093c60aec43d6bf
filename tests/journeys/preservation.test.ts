// What is kept for an agency, on a real desk with a real source: kept although the customer deletes it, produced when process follows, destroyed when its time is over.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readFile } from "node:fs/promises";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { Client } from "pg";
import { decryptAge } from "../../src/adapters/package/age-payload.ts";
import { findCaseView } from "../../src/app/case-view.ts";
import { connectSource, registerWorkspace } from "../../src/app/directory.ts";
import { handle, readCase } from "../../src/app/handle.ts";
import { giveNotices } from "../../src/app/owner-notice.ts";
import { certificateOfDestruction, clearUnfinished, sweepSnapshots, takeSnapshot } from "../../src/app/preserve.ts";
import { approveWithKey } from "../../src/app/approve-package.ts";
import { admitStaff } from "../../src/app/directory.ts";
import { addApproverKey } from "../../src/app/approver-keys.ts";
import { approverIdentity, approverRecipient } from "../../src/app/package-key.ts";
import { planAndCheck, releaseProduction, sealProduction } from "../../src/app/produce.ts";
import { openPackage } from "../../src/app/withheld-opening.ts";
import { projectViews } from "../../src/app/project-views.ts";
import { snapshotKey } from "../../src/app/snapshot-key.ts";
import { react, wakeDue } from "../../src/app/wake.ts";
import { CaseForgotten } from "../../src/app/vault-port.ts";
import type { Terminal } from "../../src/cli/command.ts";
import { runCommand } from "../../src/cli/run.ts";
import type { Actor, CaseId } from "../../src/kernel/ids.ts";
import { addHours, instant } from "../../src/kernel/instant.ts";
import { seedWorkspaceDatabase } from "../../src/rehearsal/workspace-database.ts";
import type { CaseFact } from "../../src/requests/case-facts.ts";
import type { Asker } from "../../src/requests/decision.ts";
import { owners, startDesk, type RunningDesk } from "../desks/running-desk.ts";

let running: RunningDesk;
let live: Client;
let identity: string;

const byDesk = { by: "desk" as Actor, askers: ["desk"] as readonly Asker[] };
const ana = { by: "staff:ana" as Actor, askers: ["analyst", "counsel"] as readonly Asker[] };

before(async () => {
  running = await startDesk();
  identity = await generateX25519Identity();
  const { installation } = running;
  const product = await installation.database.createDatabase("workspace_product");
  assert.ok("host" in product.owner && "host" in product.app);
  await seedWorkspaceDatabase(product.owner, product.app.user);
  const { host, port, user, database } = product.app;
  const dataMap = await readFile(new URL("../../packs/data-maps/workspace-database.yaml", import.meta.url), "utf8");
  await connectSource(installation.ports, installation.deskId, ana.by, {
    kind: "workspace-database",
    name: "workspace-database",
    dataMap,
    host,
    port,
    user,
    database,
  });
  await registerWorkspace(installation.ports, installation.deskId, ana.by, {
    id: "W-HARBOR",
    name: "Harbor Works",
    owners: [{ name: "Olivia", email: owners.acme }],
  });
  live = new Client(product.owner);
  await live.connect();
});
after(async () => {
  await live.end();
  await running.stop();
});

let messages = 0;

async function arrives(words: string): Promise<CaseId> {
  messages += 1;
  const { caseId } = await running.receive(
    `From: Sgt M Reyes <mreyes@police.springfield.gov>\nTo: legal-process@kutano.example\nSubject: ${words}\nMessage-ID: <kept-${messages}@police.springfield.gov>\n\n${words}. Account celia, Harbor Works.\n`,
  );
  return caseId;
}

async function takes(caseId: CaseId, command: { readonly type: string; readonly [member: string]: unknown }, who = ana): Promise<readonly CaseFact[]> {
  const handled = await handle(await running.desk(), { caseId, ...who, command });
  if (handled.kind === "refused") throw new Error(`${command.type}: ${handled.reasons.map(({ code, because }) => `${code} ${because}`).join(" ")}`);
  return handled.facts;
}

async function confirms(caseId: CaseId, member: string, instrument: object, to = "2026-02-15"): Promise<void> {
  const deliveryKey = await identityToRecipient(identity);
  await takes(caseId, {
    type: "ConfirmDetails",
    nature: "criminal",
    instrument,
    subjects: [{ id: "S1", workspace: "W-HARBOR", resolved: true }],
    lines: [{ id: "L1", subject: "S1", dataType: "messages", from: "2026-01-01", to }],
    private: { agency: "Springfield Police", subjects: { S1: { asWritten: "the account", account: member } }, deliveryKey },
    given: ["agency", "matter", "workspace", "account", "date-range", "data-type", "officer-contact"],
  });
}

/** What the running program does every minute. */
async function round(): Promise<void> {
  const desk = await running.desk();
  for (let turn = 0; turn < 2; turn++) {
    await desk.ports.ledger.seal(desk.id, desk.ports.clock.now());
    await projectViews(desk);
    await wakeDue(desk);
    await react(desk);
  }
}

async function factsOf(caseId: CaseId): Promise<readonly CaseFact[]> {
  return (await readCase(await running.desk(), caseId)).map(({ fact }) => fact);
}

async function find<Type extends CaseFact["type"]>(caseId: CaseId, type: Type): Promise<Extract<CaseFact, { readonly type: Type }> | undefined> {
  return (await factsOf(caseId)).findLast((fact) => fact.type === type) as Extract<CaseFact, { readonly type: Type }> | undefined;
}

function letter() {
  return { id: "US-PRES", signedBy: "official", issuedOn: running.clock.now().slice(0, 10), servedAt: running.clock.now() };
}

async function postsOf(member: string): Promise<readonly string[]> {
  const { rows } = await live.query<{ id: string }>(
    "select id::text from posts where author_id = $1 and workspace_id = 'W-HARBOR' and sent_at >= '2026-01-01 00:00 America/Denver' and sent_at < '2026-02-16 00:00 America/Denver' order by sent_at",
    [member],
  );
  return rows.map(({ id }) => id);
}

async function isThere(caseId: CaseId, preservation: string, object: string): Promise<boolean> {
  const desk = await running.desk();
  return (await desk.ports.objects.get(desk.id, snapshotKey(caseId, preservation), object)) !== undefined;
}

async function taken(caseId: CaseId) {
  const snapshot = await takeSnapshot(await running.desk(), caseId, ana.by);
  assert.ok(snapshot.kind === "taken", JSON.stringify(snapshot));
  return snapshot;
}

async function unsealed(caseId: CaseId): Promise<string> {
  const desk = await running.desk();
  const bytes = await openPackage(desk, caseId);
  assert.ok(bytes !== undefined);
  let text = "";
  for await (const chunk of decryptAge(identity, bytes)) text += Buffer.from(chunk).toString("latin1");
  return text;
}

async function reviewsAndTells(caseId: CaseId): Promise<void> {
  const desk = await running.desk();
  await takes(caseId, {
    type: "RecordCallBack",
    answer: "confirmed",
    numberSource: "government-website",
    private: { number: "+1 303 555 0100", answeredBy: "Switchboard" },
  });
  const view = await findCaseView(desk, caseId, ana.by, []);
  const waiting = (view?.checks ?? []).filter(({ answer }) => answer === "waiting");
  await takes(caseId, { type: "AnswerChecks", answers: waiting.map(({ id }) => ({ check: id, answer: "yes" })), private: { note: "Read." } });
  await takes(caseId, { type: "SignReview", leaveOut: [], private: { reasoning: "The least that the paper supports." } });
  const { reasons } = await giveNotices(desk, caseId, ana.by, ana.askers);
  assert.deepEqual(reasons, []);
  await running.sendWaitingLetters();
}

async function approves(caseId: CaseId): Promise<void> {
  const desk = await running.desk();
  const keys = await Promise.all(
    ["uma", "vic"].map(async (staff) => {
      await admitStaff(desk.ports, desk.id, ana.by, { id: staff, name: staff, email: `${staff}@harborworks.example`, roles: ["approver"] });
      const identity = await approverIdentity(crypto.getRandomValues(new Uint8Array(32)));
      await addApproverKey(desk, staff, { kind: "phrase", recipient: await approverRecipient(identity) });
      return { staff, identity };
    }),
  );
  const sealed = await sealProduction(desk, caseId, ana.by);
  assert.ok(sealed.kind === "sealed", JSON.stringify(sealed));
  for (const { staff, identity } of keys) {
    const approved = await approveWithKey(desk, caseId, staff, identity);
    assert.equal(approved.kind, "done", JSON.stringify(approved));
  }
}

test("a warrant that follows in the same case is answered from what was kept, although the customer deleted it; then the copy is destroyed", async () => {
  const member = "M-HARBOR-03";
  const caseId = await arrives("Preservation of records under 18 USC 2703(f)");
  await confirms(caseId, member, letter());
  const before = await postsOf(member);
  assert.ok(before.length > 5);
  const { preservation, records } = await taken(caseId);
  assert.deepEqual(records, { messages: before.length });
  const again = await takeSnapshot(await running.desk(), caseId, ana.by);
  assert.deepEqual(again.kind === "refused" && again.reasons.map(({ code }) => code), ["ALREADY_KEPT"]);

  await live.query("delete from posts where author_id = $1", [member]);
  assert.deepEqual(await postsOf(member), []);

  running.clock.set(instant("2026-03-06T17:00:00Z"));
  await confirms(caseId, member, { id: "US-SW", signedBy: "judge", issuedOn: "2026-03-05", servedAt: running.clock.now() });
  await reviewsAndTells(caseId);
  const checked = await planAndCheck(await running.desk(), caseId, ana.by);
  assert.equal(checked.kind, "done", JSON.stringify(checked));
  const use = await find(caseId, "SnapshotOpened");
  assert.deepEqual([use?.preservation, use?.records], [preservation, before.length]);
  assert.equal((await find(caseId, "RecordsChecked"))?.records, before.length);
  await approves(caseId);
  running.clock.set(instant("2026-03-16T17:00:00Z"));
  const released = await releaseProduction(await running.desk(), caseId, ana.by);
  assert.ok(released.kind === "released", JSON.stringify(released));
  assert.equal(released.records, before.length);

  const text = await unsealed(caseId);
  for (const id of before) assert.ok(text.includes(`"id":${id},`) || text.includes(`"id":"${id}"`), `record ${id} is missing`);
  assert.match(text, /Kept since an earlier day:\n {2}L1: Taken from the copy that was sealed on Mon 2 Mar 2026/);
  const sealed = await find(caseId, "SnapshotSealed");
  assert.ok(sealed !== undefined && text.includes(sealed.sha256));
  assert.ok(await isThere(caseId, preservation, sealed.object));

  await round();
  assert.equal((await find(caseId, "PreservationEnded"))?.how, "process-followed");
  assert.equal((await find(caseId, "SnapshotDestroyed"))?.sha256, sealed.sha256);
  assert.equal(await isThere(caseId, preservation, sealed.object), false);
  assert.equal((await unsealed(caseId)).length, text.length, "the package was hurt");
});

test("a warrant that reaches further than the copy takes the rest from the live source, and each record once", async () => {
  const member = "M-HARBOR-04";
  const caseId = await arrives("Preservation of half the time");
  await confirms(caseId, member, letter(), "2026-01-20");
  const everything = await postsOf(member);
  const { records } = await taken(caseId);
  const kept = records["messages"] ?? 0;
  assert.ok(kept > 2 && kept < everything.length);
  await live.query("delete from posts where author_id = $1 and sent_at < '2026-01-12'", [member]);
  assert.ok((await postsOf(member)).length < everything.length);
  await confirms(caseId, member, { id: "US-SW", signedBy: "judge", issuedOn: "2026-03-15", servedAt: running.clock.now() });
  await reviewsAndTells(caseId);
  const checked = await planAndCheck(await running.desk(), caseId, ana.by);
  assert.equal(checked.kind, "done", JSON.stringify(checked));
  assert.equal((await find(caseId, "RecordsChecked"))?.records, everything.length);
  assert.equal((await find(caseId, "RecordsChecked"))?.outside, 0);
  const withdrawn = await takes(caseId, { type: "RecordWithdrawal" });
  assert.equal(withdrawn[0]?.type, "RequestWithdrawn");
  await round();
  assert.equal((await find(caseId, "PreservationEnded"))?.how, "released");
  assert.ok((await find(caseId, "SnapshotDestroyed")) !== undefined);
});

test("nobody produces from a preservation letter, whatever is pressed", async () => {
  const caseId = await arrives("Preservation only");
  await confirms(caseId, "M-HARBOR-05", letter());
  await taken(caseId);
  const desk = await running.desk();
  const planned = await planAndCheck(desk, caseId, ana.by);
  assert.equal(planned.kind, "refused");
  const released = await releaseProduction(desk, caseId, ana.by);
  assert.ok(released.kind === "refused" && released.reasons.length > 0);
  assert.equal(await find(caseId, "SnapshotOpened"), undefined);
});

test("ninety days, one renewed request, ninety days more: then the desk destroys the copy by itself and can prove it", async () => {
  running.clock.set(instant("2026-04-01T17:00:00Z"));
  const member = "M-HARBOR-02";
  const caseId = await arrives("Preservation letter for an account");
  await confirms(caseId, member, letter());
  const { preservation, sha256 } = await taken(caseId);
  const sealed = await find(caseId, "SnapshotSealed");
  assert.ok(sealed !== undefined);
  await live.query("delete from posts where author_id = $1", [member]);
  await round();

  running.clock.set(instant("2026-06-29T17:00:00Z"));
  await round();
  assert.equal(await find(caseId, "PreservationEnded"), undefined);
  await takes(caseId, { type: "RenewPreservation", private: { request: "Letter of 26 June 2026 from the same office." } });
  assert.equal((await find(caseId, "PreservationRenewed"))?.until, "2026-09-28");
  await round();
  running.clock.set(instant("2026-09-29T05:59:00Z"));
  await round();
  assert.equal(await find(caseId, "PreservationEnded"), undefined);
  assert.ok(await isThere(caseId, preservation, sealed.object));

  running.clock.set(instant("2026-09-29T06:00:30Z"));
  await round();
  assert.equal((await find(caseId, "PreservationEnded"))?.how, "expired");
  assert.deepEqual(await find(caseId, "SnapshotDestroyed"), { type: "SnapshotDestroyed", preservation, object: sealed.object, sha256 });
  assert.equal(await isThere(caseId, preservation, sealed.object), false);
  const desk = await running.desk();
  await assert.rejects(desk.ports.objects.put(desk.id, snapshotKey(caseId, preservation), [Buffer.from("again")]), CaseForgotten);
  assert.ok(
    (await find(caseId, "DetailsConfirmed")) !== undefined && (await findCaseView(desk, caseId, ana.by, [])) !== undefined,
    "the case itself is still readable",
  );
  const certificate = (await certificateOfDestruction(desk, caseId, preservation)) ?? assert.fail("no certificate");
  for (const words of [sha256, "Last day: Mon 28 Sep 2026", "Destroyed: Tue 29 Sep 2026, on time"]) assert.ok(certificate.includes(words), certificate);
});

test("a program that slept through the last day destroys the copy when it wakes, whatever happened to the case first", async () => {
  running.clock.set(instant("2026-10-05T17:00:00Z"));
  const caseId = await arrives("Preservation letter before a long night");
  await confirms(caseId, "M-HARBOR-06", letter());
  await taken(caseId);
  await round();
  running.clock.set(instant("2027-01-05T17:00:00Z"));
  await takes(caseId, {
    type: "RecordCallBack",
    answer: "not-reached",
    numberSource: "agency-directory",
    private: { number: "+1 303 555 0100", answeredBy: "nobody" },
  });
  await round();
  assert.equal((await find(caseId, "PreservationEnded"))?.how, "expired");
  assert.ok((await find(caseId, "SnapshotDestroyed")) !== undefined);
});

test("what a crash leaves between the beginning and the seal is found and removed, and never counts", async () => {
  const caseId = await arrives("Preservation that a crash cut off");
  await confirms(caseId, "M-HARBOR-06", letter());
  const desk = await running.desk();
  const leftBehind = async () => {
    const [begun] = await takes(caseId, { type: "BeginSnapshot" }, { by: ana.by, askers: ["desk"] });
    assert.ok(begun?.type === "SnapshotBegun");
    const { objectId } = await desk.ports.objects.put(desk.id, snapshotKey(caseId, begun.preservation), [Buffer.from("whole, and no fact says so")]);
    return { preservation: begun.preservation, objectId };
  };
  const first = await leftBehind();
  assert.ok(await isThere(caseId, first.preservation, first.objectId));
  await round();
  assert.equal(await sweepSnapshots(desk), 1);
  assert.equal(await isThere(caseId, first.preservation, first.objectId), false);
  assert.equal(await sweepSnapshots(desk), 0);
  const second = await leftBehind();
  const { preservation } = await taken(caseId);
  assert.notEqual(preservation, second.preservation);
  assert.equal(await isThere(caseId, second.preservation, second.objectId), false);
  assert.equal(await clearUnfinished(desk, caseId), 0);
  assert.equal((await factsOf(caseId)).filter(({ type }) => type === "SnapshotSealed").length, 1);
});

function warrant() {
  return { ...letter(), id: "US-SW", signedBy: "judge" };
}

function passDays(days: number): void {
  running.clock.set(addHours(running.clock.now(), 24 * days));
}

/** A letter whose copy is sealed; then the customer deletes everything. */
async function keptThenDeleted(member: string, words = "Preservation of an account") {
  const keeping = await arrives(words);
  await confirms(keeping, member, letter());
  const posts = await postsOf(member);
  const snapshot = await taken(keeping);
  const { object } = (await find(keeping, "SnapshotSealed")) ?? assert.fail("nothing was sealed");
  await live.query("delete from posts where author_id = $1", [member]);
  await round();
  return { keeping, posts, ...snapshot, object };
}

async function warrantComes(member: string, to?: string): Promise<CaseId> {
  const caseId = await arrives(`Warrant for ${member}`);
  await confirms(caseId, member, warrant(), to);
  return caseId;
}

async function linksCopy(caseId: CaseId, from: CaseId, preservation: string, who = ana): Promise<readonly string[]> {
  const handled = await handle(await running.desk(), { caseId, ...who, command: { type: "UseKeptCopy", from, preservation } });
  return handled.kind === "refused" ? handled.reasons.map(({ code }) => code) : [];
}

async function checks(caseId: CaseId): Promise<void> {
  const checked = await planAndCheck(await running.desk(), caseId, ana.by);
  assert.equal(checked.kind, "done", JSON.stringify(checked));
}

async function releases(caseId: CaseId) {
  const released = await releaseProduction(await running.desk(), caseId, ana.by);
  return released.kind === "refused" ? { codes: released.reasons.map(({ code }) => code), records: 0 } : { codes: [], records: released.records };
}

test("a warrant that comes as a case of its own is answered from the copy of the letter's case, which outlives its last day until then and is destroyed after", async () => {
  const { keeping, posts, preservation, object, sha256 } = await keptThenDeleted("M-HARBOR-00");
  passDays(60);
  const caseId = await warrantComes("M-HARBOR-00");
  const view = await findCaseView(await running.desk(), caseId, ana.by, []);
  assert.deepEqual(
    view?.keptElsewhere.filter(({ caseId: from }) => from === keeping).map((copy) => [copy.preservation, copy.secret]),
    [[preservation, false]],
  );
  assert.deepEqual(await linksCopy(caseId, keeping, preservation, { by: "staff:lee" as Actor, askers: ["analyst"] }), []);
  await reviewsAndTells(caseId);
  await checks(caseId);
  assert.deepEqual(await find(caseId, "SnapshotOpened").then((use) => [use?.from, use?.records]), [keeping, posts.length]);
  await approves(caseId);

  passDays(40);
  await round();
  assert.equal(await find(keeping, "PreservationEnded"), undefined, "its last day has passed, and the warrant waits");
  assert.ok(await isThere(keeping, preservation, object));

  assert.deepEqual(await releases(caseId), { codes: [], records: posts.length });
  const text = await unsealed(caseId);
  for (const id of posts) assert.ok(text.includes(`"id":${id},`) || text.includes(`"id":"${id}"`), `record ${id} is missing`);
  assert.match(text, /L1: Taken from the copy that was sealed on Tue 5 Jan 2027/);
  assert.ok(text.includes(sha256));
  assert.ok(!text.includes(keeping), "the number of the other case left");

  await round();
  assert.deepEqual(await find(keeping, "LinkedProcessEnded"), { type: "LinkedProcessEnded", preservation, case: caseId, records: posts.length });
  assert.equal((await find(keeping, "PreservationEnded"))?.how, "process-followed");
  assert.equal((await find(keeping, "SnapshotDestroyed"))?.sha256, sha256);
  assert.equal(await isThere(keeping, preservation, object), false);
  assert.equal((await unsealed(caseId)).length, text.length, "the package was hurt");
});

test("a warrant for half of what is kept leaves the copy until its last day, and one that is withdrawn gives it back", async () => {
  const { keeping, preservation, object } = await keptThenDeleted("M-HARBOR-01");
  const half = await warrantComes("M-HARBOR-01", "2026-01-20");
  const other = await warrantComes("M-HARBOR-01");
  for (const caseId of [half, other]) assert.deepEqual(await linksCopy(caseId, keeping, preservation), []);
  await reviewsAndTells(half);
  await checks(half);
  await approves(half);
  passDays(10);
  assert.ok((await releases(half)).records > 0);
  await round();
  assert.equal(await find(keeping, "PreservationEnded"), undefined);
  passDays(90);
  await round();
  assert.equal(await find(keeping, "PreservationEnded"), undefined, "the other warrant still waits");
  await takes(other, { type: "RecordWithdrawal" });
  await round();
  assert.equal((await find(keeping, "PreservationEnded"))?.how, "expired");
  assert.equal(await isThere(keeping, preservation, object), false);
});

test("a copy that is linked after the check stops the release until the plan is compiled and checked again", async () => {
  const { keeping, posts, preservation } = await keptThenDeleted("M-HARBOR-07");
  const caseId = await warrantComes("M-HARBOR-07");
  await reviewsAndTells(caseId);
  await checks(caseId);
  assert.equal((await find(caseId, "RecordsChecked"))?.records, 0, "the live source has lost everything");
  await approves(caseId);
  passDays(10);
  assert.deepEqual(await linksCopy(caseId, keeping, preservation), []);
  assert.deepEqual((await releases(caseId)).codes, ["COPY_LINKED_SINCE"]);
  await checks(caseId);
  assert.deepEqual((await releases(caseId)).codes, ["NOT_SEALED"]);
  await approves(caseId);
  assert.deepEqual(await releases(caseId), { codes: [], records: posts.length });
});

test("counsel cannot let go of a copy that another agency's warrant waits for, and its own agency is not told why it was kept", async () => {
  const { keeping, posts, preservation } = await keptThenDeleted("M-HARBOR-08");
  const caseId = await warrantComes("M-HARBOR-08");
  assert.deepEqual(await linksCopy(caseId, keeping, preservation), []);
  const letGo = { caseId: keeping, ...ana, command: { type: "ReleasePreservation", private: { reason: "The office let it go." } } };
  const refused = await handle(await running.desk(), letGo);
  assert.deepEqual(refused.kind === "refused" ? refused.reasons.map(({ code }) => code) : [], ["PROCESS_PENDING"]);
  await reviewsAndTells(caseId);
  await checks(caseId);
  await approves(caseId);
  passDays(10);
  assert.deepEqual(await releases(caseId), { codes: [], records: posts.length });
  await round();
  assert.equal((await find(keeping, "PreservationEnded"))?.how, "process-followed");
  const view = (await findCaseView(await running.desk(), keeping, ana.by, ana.askers)) ?? assert.fail("no such case");
  const told = view.letters.findLast(({ kind }) => kind === "preservation-ended")?.content?.text ?? assert.fail("no letter tells the end");
  assert.match(told, /Nothing requires that it be kept any more/);
  assert.doesNotMatch(told, /compels/);
});

test("a crash between the two cases loses nothing: what is held for a case is linked when the program wakes, or let go when that case has ended", async () => {
  const { keeping, preservation } = await keptThenDeleted("M-HARBOR-09");
  const held = (caseId: CaseId) =>
    takes(keeping, { type: "HoldForProcess", case: caseId, preservation, workspaces: ["W-HARBOR"], servedOn: running.clock.now().slice(0, 10) }, byDesk);
  const [open, over] = [await warrantComes("M-HARBOR-09"), await warrantComes("M-HARBOR-09")];
  await held(open);
  await takes(over, { type: "RecordWithdrawal" });
  await held(over);
  await round();
  assert.deepEqual(await find(open, "KeptCopyLinked"), { type: "KeptCopyLinked", from: keeping, preservation });
  assert.equal(await find(over, "KeptCopyLinked"), undefined);
  assert.deepEqual(await find(keeping, "LinkedProcessEnded"), { type: "LinkedProcessEnded", preservation, case: over });
  assert.deepEqual(await linksCopy(open, keeping, preservation), ["ALREADY_LINKED"]);
  await round();
  assert.equal((await factsOf(keeping)).filter(({ type }) => type === "ProcessLinked").length, 2, "nothing is written twice");
});

test("a person without the right reaches no copy, a refused link writes nothing, and of a sealed case only its number shows", async () => {
  const { keeping, preservation } = await keptThenDeleted("M-HARBOR-10", "Preservation letter with an attached non-disclosure order under 18 USC 2705(b)");
  const caseId = await warrantComes("M-HARBOR-10");
  for (const askers of [["approver"], ["officer"], ["owner"], []] as const)
    assert.deepEqual(await linksCopy(caseId, keeping, preservation, { by: "staff:eve" as Actor, askers }), ["NOT_YOURS_TO_TAKE"]);
  const direct = await handle(await running.desk(), {
    caseId: keeping,
    ...ana,
    command: { type: "HoldForProcess", case: caseId, preservation, workspaces: ["W-HARBOR"], servedOn: "2027-01-05" },
  });
  assert.ok(direct.kind === "refused" && direct.reasons[0]?.code === "NOT_YOURS_TO_TAKE");
  assert.deepEqual(await linksCopy(caseId, "C-ZZZZ-ZZZZ" as CaseId, preservation), ["NOT_KEPT"]);
  assert.deepEqual(await linksCopy(caseId, keeping, "another"), ["NOT_KEPT"]);
  assert.equal(await find(caseId, "KeptCopyLinked"), undefined);
  assert.equal(await find(keeping, "ProcessLinked"), undefined);

  const shown = async () => {
    const view = await findCaseView(await running.desk(), caseId, ana.by, []);
    return [...(view?.keptElsewhere ?? []), ...(view?.linkedCopies ?? [])].find((copy) => copy.caseId === keeping);
  };
  assert.deepEqual(await shown(), { caseId: keeping, preservation, secret: true });
  assert.deepEqual(await linksCopy(caseId, keeping, preservation), []);
  assert.deepEqual(await shown(), { caseId: keeping, preservation, secret: true, isKept: true });
});

async function atTheTerminal(words: readonly string[], file: object = {}) {
  const { installation } = running;
  const terminal = {
    exists: async () => true,
    open: async () => ({ ...installation, stop: async () => undefined }),
    readText: async () => JSON.stringify(file),
  };
  let text = "";
  const { exit } = await runCommand(words, { ...terminal, progress: () => undefined } as unknown as Terminal, (line) => (text += line));
  return { exit, text };
}

test("at the terminal the case names the copy, the step links it, and a second time it is refused with its reason", async () => {
  const { keeping, preservation } = await keptThenDeleted("M-HARBOR-11");
  const caseId = await warrantComes("M-HARBOR-11");
  assert.ok(
    (await atTheTerminal(["case", "show", caseId])).text.includes(`case ${keeping}, preservation ${preservation}: could answer this case (step UseKeptCopy)`),
  );
  const command = { type: "UseKeptCopy", from: keeping, preservation };
  assert.equal((await atTheTerminal(["step", caseId, "step.json"], command)).exit, 0);
  assert.ok((await atTheTerminal(["case", "show", caseId])).text.includes(`case ${keeping}, preservation ${preservation}: answers this case`));
  const again = await atTheTerminal(["step", caseId, "step.json"], command);
  assert.ok(again.exit !== 0 && again.text.includes("This copy answers the case already"), again.text);
});
