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
import { planAndCheck, releaseProduction } from "../../src/app/produce.ts";
import { projectViews } from "../../src/app/project-views.ts";
import { snapshotKey } from "../../src/app/snapshot-key.ts";
import { react, wakeDue } from "../../src/app/wake.ts";
import { CaseForgotten } from "../../src/app/vault-port.ts";
import type { Actor, CaseId } from "../../src/kernel/ids.ts";
import { instant } from "../../src/kernel/instant.ts";
import { seedWorkspaceDatabase } from "../../src/rehearsal/workspace-database.ts";
import type { CaseFact } from "../../src/requests/case-facts.ts";
import type { Asker } from "../../src/requests/decision.ts";
import { owners, startDesk, type RunningDesk } from "../desks/running-desk.ts";

let running: RunningDesk;
let live: Client;
let identity: string;

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
  const sealed = await find(caseId, "PackageSealed");
  const bytes = await desk.ports.objects.get(desk.id, caseId, sealed?.object ?? "");
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
  const plan = (await find(caseId, "PlanCompiled"))?.plan;
  for (const by of ["staff:uma", "staff:vic"]) await takes(caseId, { type: "ApproveRelease", plan }, { by: by as Actor, askers: ["approver"] });
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
