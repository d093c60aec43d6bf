// A test that has everything the server has, and one approver besides, does not open a package; two approvers do.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { generateHybridIdentity, generateX25519Identity, identityToRecipient } from "age-encryption";
import { decryptAge, makeAgeHeader } from "../../src/adapters/package/age-payload.ts";
import { NotOpened } from "../../src/adapters/package/not-opened.ts";
import { approvePackage, approveWithKey } from "../../src/app/approve-package.ts";
import { addApproverKey } from "../../src/app/approver-keys.ts";
import { handle, readCase } from "../../src/app/handle.ts";
import { joinOpening, type SealedShare } from "../../src/app/package-key.ts";
import { releaseProduction, sealProduction } from "../../src/app/produce.ts";
import { approvalMaterial, holdsAgeKey, openPackage, withholdOpening } from "../../src/app/withheld-opening.ts";
import type { Actor, CaseId } from "../../src/kernel/ids.ts";
import { instant } from "../../src/kernel/instant.ts";
import { releaseOf } from "../../src/requests/disclosure/module.ts";
import { admitApprovers, checkedWarrant, connectWorkspace, type Approver } from "../desks/case-to-produce.ts";
import { startDesk, type RunningDesk } from "../desks/running-desk.ts";

let running: RunningDesk;
let officer = "";
let caseId: CaseId;
let uma: Approver;
let vic: Approver;

before(async () => {
  running = await startDesk();
  officer = await generateX25519Identity();
  await connectWorkspace(running);
  const [first, second] = await admitApprovers(running, ["uma", "vic"]);
  [uma, vic] = [first ?? assert.fail(), second ?? assert.fail()];
  caseId = await checkedWarrant(running, officer);
  const sealed = await sealProduction(await running.desk(), caseId, "staff:ana" as Actor);
  assert.ok(sealed.kind === "sealed" && sealed.records > 5, JSON.stringify(sealed));
});
after(() => running.stop());

async function sealedNow() {
  return releaseOf(await readCase(await running.desk(), caseId)).sealed ?? assert.fail("nothing is sealed");
}

/** Every row of every table, every sealed value opened with the desk's own keys, every object unsealed, every file in the desk's folder. */
async function everythingTheServerHas(): Promise<readonly Buffer[]> {
  const { installation } = running;
  const desk = await running.desk();
  const { rows: tables } = await installation.pool.query<{ name: string }>(
    "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema') and has_table_privilege(format('%I.%I', schemaname, tablename), 'SELECT')",
  );
  const found: Buffer[] = [];
  for (const { name } of tables) {
    const { rows } = await installation.pool.query<{ row: string }>(`select row_to_json(t)::text as row from ${name} t`);
    found.push(...rows.map(({ row }) => Buffer.from(row)));
  }
  const { rows: references } = await installation.pool.query<{ ref: string }>("select ref from vault");
  assert.ok(references.length > 5, "sealed values were found");
  for (const { ref } of references) {
    const opened = await desk.ports.vault.open(desk.id, ref).catch(() => undefined);
    if (opened?.kind === "open") found.push(Buffer.from(JSON.stringify(opened.value)));
  }
  const { object } = await sealedNow();
  const stored = await Array.fromAsync((await desk.ports.objects.get(desk.id, caseId, object)) ?? assert.fail("the object is gone"));
  found.push(Buffer.concat(stored));
  for (const name of readdirSync(installation.dataDir, { recursive: true, encoding: "utf8" })) {
    const path = join(installation.dataDir, name);
    if (!/^(keys|objects)/.test(name) || !statSync(path).isFile()) continue;
    found.push(readFileSync(path));
  }
  return [...found, ...found.flatMap(decodings)];
}

/** Base64 inside of it, in case the first bytes hide there. */
function decodings(bytes: Buffer): Buffer[] {
  return [...bytes.toString("latin1").matchAll(/[A-Za-z0-9+/]{100,}={0,2}/g)].map(([text]) => Buffer.from(text, "base64"));
}

function sharesIn(all: readonly Buffer[]): readonly SealedShare[] {
  return all
    .filter((bytes) => bytes.subarray(0, 21).toString("latin1") === "age-encryption.org/v1")
    .map((bytes) => ({ holder: "anybody", sealed: bytes.toString("base64") }));
}

test("everything the server has opens nothing: the first bytes are nowhere, and the officer's own key does not fit the rest", async () => {
  const { opening, object } = await sealedNow();
  const all = await everythingTheServerHas();
  assert.ok(all.length > 100);
  assert.ok(
    all.every((bytes) => createHash("sha256").update(bytes).digest("hex") !== opening),
    "the first bytes lie somewhere",
  );
  const desk = await running.desk();
  const rest = (await desk.ports.objects.get(desk.id, caseId, object)) ?? assert.fail("no object");
  await assert.rejects(Array.fromAsync(decryptAge(officer, rest)), NotOpened);
  for (const bytes of all.filter(({ length }) => length >= 16 * 1024))
    await assert.rejects(Array.fromAsync(decryptAge(officer, one(bytes))), `${bytes.length} bytes open with the officer's key`);
});

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

test("everything the server has and one approver open nothing", async () => {
  const desk = await running.desk();
  const material = (await approvalMaterial(desk, await readCase(desk, caseId), "uma")) ?? assert.fail("no share");
  const shares = sharesIn(await everythingTheServerHas());
  assert.ok(shares.length >= 2, "the shares were found");
  for (const handed of [material.share, ...shares])
    for (const own of [material.share, ...shares])
      await assert.rejects(joinOpening(uma.identity, own, handed, material.opening, { caseId, sha256: material.sha256 }));
});

test("a second approval by the same person, or with another's key, does not help", async () => {
  const desk = await running.desk();
  await assert.rejects(approveWithKey(desk, caseId, "vic", uma.identity));
  const first = await approveWithKey(desk, caseId, "uma", uma.identity);
  assert.equal(first.kind, "done", JSON.stringify(first));
  const again = await approveWithKey(desk, caseId, "uma", uma.identity).catch(() => undefined);
  assert.notEqual(again?.kind, "done");
  const { opening } = await sealedNow();
  assert.ok((await everythingTheServerHas()).every((bytes) => createHash("sha256").update(bytes).digest("hex") !== opening));
});

test("bytes that open nothing are nobody's second approval, by any door", async () => {
  const desk = await running.desk();
  const { package: name } = await sealedNow();
  const vics = { caseId, by: "staff:vic" as Actor, askers: ["approver"] as const };
  const forged = { type: "ApproveRelease", package: name, gives: "opening", private: { opening: Buffer.alloc(500).toString("base64") } };
  const refused = await approvePackage(desk, { ...vics, command: forged });
  assert.deepEqual(refused.kind === "refused" && refused.reasons.map(({ code }) => code), ["NOT_OPENED"]);
  assert.equal((await handle(desk, { ...vics, command: { ...forged, private: { shares: [] } } })).kind, "refused");
  // A door that does not look: the release does.
  assert.equal((await handle(desk, { ...vics, command: forged })).kind, "done");
  running.clock.set(instant("2026-03-12T17:00:00Z"));
  const held = await releaseProduction(await running.desk(), caseId, "staff:ana" as Actor);
  assert.deepEqual(held.kind === "refused" && held.reasons.map(({ code }) => code), ["NOT_OPENED"]);
});

test("a key that only looks like one is not taken, and a sealing that fails leaves no object behind", async () => {
  const desk = await running.desk();
  const added = await addApproverKey(desk, "vic", { kind: "phrase", recipient: `age1${"q".repeat(58)}` });
  assert.equal(added.kind, "refused");
  const folder = join(running.installation.dataDir, "objects", desk.id, caseId);
  const before = readdirSync(folder).length;
  const broken = { ...desk, ports: { ...desk.ports, digest: () => "no digest" } };
  await assert.rejects(async () => {
    const answer = await sealProduction(broken, caseId, "staff:ana" as Actor);
    assert.equal(answer.kind, "sealed", JSON.stringify(answer));
  });
  assert.equal(readdirSync(folder).length, before);
});

test("sixteen recipients after the quantum age fit what is withheld", async () => {
  const recipients = await Promise.all(Array.from({ length: 16 }, async () => identityToRecipient(await generateHybridIdentity())));
  const { opening } = await makeAgeHeader(recipients);
  assert.ok(opening.length > 20_000);
  const withheld = withholdOpening();
  const sink = withheld.before({
    write: () => Promise.reject(new Error("a byte of the header was stored")),
    keep: () => Promise.resolve(),
    drop: () => Promise.resolve(),
  });
  await sink.write(opening);
  assert.equal(holdsAgeKey(withheld.opening()), true);
  assert.equal(holdsAgeKey(opening.subarray(0, opening.length - 1)), false);
  assert.equal(holdsAgeKey(opening.subarray(0, 16 * 1024)), false);
});

test("sealed anew and approved by two, the package opens with the officer's key and holds what was asked", async () => {
  const desk = await running.desk();
  const before_ = await sealedNow();
  assert.equal((await sealProduction(desk, caseId, "staff:ana" as Actor)).kind, "sealed");
  assert.equal(await desk.ports.objects.get(desk.id, caseId, before_.object), undefined, "the package that nobody gets is destroyed");
  for (const { id, identity } of [uma, vic]) assert.equal((await approveWithKey(desk, caseId, id, identity)).kind, "done");
  const released = await releaseProduction(desk, caseId, "staff:ana" as Actor);
  assert.equal(released.kind, "released", JSON.stringify(released));
  const file = (await openPackage(desk, caseId)) ?? assert.fail("nothing left");
  const plain = Buffer.concat(await Array.fromAsync(decryptAge(officer, file))).toString("latin1");
  assert.match(plain, /data\/records\/workspace-database\.posts\.ndjson/);
});
