// What every ledger promises, whatever it is built on.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { noteCrypto, sha256, signerFrom } from "../../src/adapters/keys/log-signing.ts";
import type { Actor, DeskId } from "../../src/kernel/ids.ts";
import { instant } from "../../src/kernel/instant.ts";
import { type ConsistencyClaim, verifyConsistency } from "../../src/ledger/merkle.ts";
import type { Alongside, Append, FactBody, Ledger, PublicLog } from "../../src/ledger/port.ts";
import { verifierText } from "../../src/ledger/signed-note.ts";
import { parseEntryBundle } from "../../src/ledger/tiles.ts";
import type { LedgerVerdict, VerifyOptions } from "../../src/ledger/verify-ledger.ts";
import { verifyProof } from "../../src/ledger/verify-proof.ts";

export const signerFor = (desk: DeskId) => signerFrom(`desk.example/${desk}`, new Uint8Array(32).fill(5));
export const at = instant("2026-03-01T08:09:10.500Z");
const by = "staff:7" as Actor;

export interface Subject {
  readonly ledger: Ledger;
  readonly verify: (desk: DeskId, options: VerifyOptions) => Promise<LedgerVerdict>;
  /** How many rows a table holds for a desk. */
  readonly count: (desk: DeskId, table: "vault" | "case_keys" | "outbox" | "claims") => Promise<number>;
  readonly log?: PublicLog;
}

let desks = 0;
/** Every test has a desk of its own, so that they can share a database. */
export function newDesk(): DeskId {
  return `desk-${++desks}` as DeskId;
}

export function appendOf(
  desk: DeskId,
  stream: string,
  expectedVersion: number,
  facts: readonly FactBody[] = [{ type: "Happened" }],
  alongside?: Alongside,
): Append {
  return { desk, stream, expectedVersion, at, by, facts, ...(alongside ? { alongside } : {}) };
}

export function testLedger(name: string, subject: () => Subject): void {
  const check = (desk: DeskId, options: Partial<VerifyOptions> = {}) => subject().verify(desk, { crypto: noteCrypto, key: signerFor(desk), ...options });

  test(`${name}: facts come back as they went in, in version order`, async () => {
    const { ledger } = subject();
    const desk = newDesk();
    const facts = [{ type: "Received", clause: "KDRP-1", days: 14, parts: [1, { a: null, z: "é漢😀\u0000" }] }, { type: "Acknowledged" }];
    assert.deepEqual(await ledger.append(appendOf(desk, "case:1", 0, facts)), { kind: "appended", version: 2 });
    assert.deepEqual(await ledger.append(appendOf(desk, "case:1", 2, [{ type: "Closed" }])), { kind: "appended", version: 3 });
    assert.deepEqual(
      await ledger.readStream(desk, "case:1"),
      [...facts, { type: "Closed" }].map((fact, place) => ({ desk, stream: "case:1", version: place + 1, at, by, fact })),
    );
    assert.deepEqual(await ledger.readStream(desk, "case:2"), []);
    assert.deepEqual(await ledger.readStream(newDesk(), "case:1"), []);
  });

  test(`${name}: a decision made on any version but the newest is a conflict and writes nothing`, async () => {
    const { ledger } = subject();
    const desk = newDesk();
    await ledger.append(appendOf(desk, "case:1", 0, [{ type: "A" }, { type: "B" }]));
    for (const stale of [0, 1, 3, 4])
      assert.deepEqual(await ledger.append(appendOf(desk, "case:1", stale, [{ type: "X" }, { type: "Y" }])), { kind: "conflict" }, `on ${stale}`);
    assert.deepEqual(await ledger.append(appendOf(desk, "case:new", 1)), { kind: "conflict" });
    assert.equal((await ledger.readStream(desk, "case:1")).length, 2);
  });

  test(`${name}: an append without facts, or with what cannot be written, is our mistake and throws`, async () => {
    const { ledger } = subject();
    const desk = newDesk();
    await assert.rejects(ledger.append(appendOf(desk, "case:1", 0, [])), RangeError);
    await assert.rejects(ledger.append(appendOf(desk, "case:1", 0, [{ type: "A", share: Number.NaN }])), RangeError);
    await assert.rejects(ledger.append(appendOf(desk, "case:1", 0, [{ type: "\ud800" }])), RangeError);
    assert.deepEqual(await ledger.readStream(desk, "case:1"), []);
  });

  test(`${name}: of many writers who decide on the same version exactly one wins`, async () => {
    const { ledger } = subject();
    const desk = newDesk();
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, writer) =>
        ledger.append(
          appendOf(desk, "case:1", 0, [
            { type: "A", writer },
            { type: "B", writer },
          ]),
        ),
      ),
    );
    assert.equal(outcomes.filter(({ kind }) => kind === "appended").length, 1);
    assert.equal(outcomes.filter(({ kind }) => kind === "conflict").length, 19);
    assert.equal((await ledger.readStream(desk, "case:1")).length, 2);
  });

  test(`${name}: a claim belongs to the first stream; the next claimant is told which, and writes nothing`, async () => {
    const { ledger, count } = subject();
    const desk = newDesk();
    const claims = [{ key: "k1" }];
    assert.equal((await ledger.append(appendOf(desk, "case:1", 0, undefined, { claims }))).kind, "appended");
    const second = appendOf(desk, "case:2", 0, undefined, {
      claims: [{ key: "k0" }, ...claims],
      vault: [{ ref: "r", caseId: "c", ciphertext: Uint8Array.of(1) }],
    });
    assert.deepEqual(await ledger.append(second), { kind: "claimed", key: "k1", stream: "case:1" });
    assert.deepEqual(await ledger.readStream(desk, "case:2"), []);
    assert.deepEqual([await count(desk, "claims"), await count(desk, "vault")], [1, 0]);
    assert.equal((await ledger.append(appendOf(desk, "case:1", 1, undefined, { claims }))).kind, "appended", "a stream may repeat its own claim");
    assert.equal((await ledger.append(appendOf(newDesk(), "case:2", 0, undefined, { claims }))).kind, "appended", "another desk has claims of its own");
  });

  test(`${name}: of many cases that claim one message exactly one gets it, also when they come at once`, async () => {
    const { ledger } = subject();
    const desk = newDesk();
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, writer) => ledger.append(appendOf(desk, `case:${writer}`, 0, undefined, { claims: [{ key: "message" }] }))),
    );
    const winner = outcomes.findIndex(({ kind }) => kind === "appended");
    assert.ok(winner >= 0);
    for (const [writer, outcome] of outcomes.entries()) {
      if (writer !== winner) assert.deepEqual(outcome, { kind: "claimed", key: "message", stream: `case:${winner}` });
    }
  });

  test(`${name}: what goes alongside is there exactly when the facts are`, async () => {
    const { ledger, count } = subject();
    const desk = newDesk();
    const alongside = (nth: number): Alongside => ({
      vault: [{ ref: `ref-${nth}`, caseId: "c", ciphertext: Uint8Array.of(nth) }],
      caseKeys: [{ caseId: "c", wrappedKey: Uint8Array.of(9) }],
      letters: [{ letterId: `letter-${nth}`, stream: "case:1", content: `ref-${nth}` }],
    });
    await ledger.append(appendOf(desk, "case:1", 0, undefined, alongside(1)));
    await ledger.append(appendOf(desk, "case:1", 0, undefined, alongside(2)));
    assert.deepEqual([await count(desk, "vault"), await count(desk, "case_keys"), await count(desk, "outbox")], [1, 1, 1]);
    await assert.rejects(ledger.append(appendOf(desk, "case:1", 1, undefined, alongside(1))), "a letter id is never used twice");
    await ledger.append(appendOf(desk, "case:1", 1, undefined, alongside(3)));
    assert.deepEqual([await count(desk, "vault"), await count(desk, "case_keys"), await count(desk, "outbox")], [2, 1, 2]);
  });

  test(`${name}: whoever sealed with another key than the case's has lost a race, and nothing of it is written`, async () => {
    const { ledger, count } = subject();
    const desk = newDesk();
    const keyed = (byte: number): Alongside => ({
      caseKeys: [{ caseId: "desk", wrappedKey: Uint8Array.of(byte) }],
      vault: [{ ref: `r${byte}`, caseId: "desk", ciphertext: Uint8Array.of(1) }],
    });
    const outcomes = await Promise.all([1, 2, 3].map((byte) => ledger.append(appendOf(desk, `case:${byte}`, 0, undefined, keyed(byte)))));
    assert.deepEqual(outcomes.map(({ kind }) => kind).sort(), ["appended", "conflict", "conflict"]);
    assert.equal(await count(desk, "vault"), 1);
  });

  test(`${name}: one mistaken append among many fails alone`, async () => {
    const { ledger } = subject();
    const desk = newDesk();
    const vault = [{ ref: "once", caseId: "c", ciphertext: Uint8Array.of(1) }];
    await ledger.append(appendOf(desk, "case:0", 0, undefined, { vault }));
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, nth) => ledger.append(appendOf(desk, `case:${nth + 1}`, 0, undefined, nth === 4 ? { vault } : {}))),
    );
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      outcomes.map((_, nth) => (nth === 4 ? "rejected" : "fulfilled")),
    );
    assert.deepEqual(await ledger.readStream(desk, "case:5"), []);
  });

  test(`${name}: sealing gives every fact one position without gaps, streams stay in order, and a checkpoint covers all`, async () => {
    const { ledger } = subject();
    const desk = newDesk();
    assert.equal(await ledger.seal(desk, at), undefined);
    assert.equal(await ledger.findCheckpoint(desk), undefined);
    for (const stream of ["case:b", "case:a"]) await ledger.append(appendOf(desk, stream, 0, [{ type: "A" }, { type: "B" }]));
    const earlier = { ...appendOf(desk, "case:b", 2), at: instant("2026-02-01T00:00:00Z") };
    await ledger.append(earlier);
    assert.deepEqual(await ledger.readSealed(desk, 0, 10), []);
    assert.equal(await ledger.findProof(desk, "case:a", 1), undefined);
    const checkpoint = await ledger.seal(desk, at);
    assert.equal(checkpoint?.size, 5);
    assert.equal(checkpoint?.at, "2026-03-01T08:09:10.000Z");
    assert.deepEqual(await ledger.seal(desk, at), checkpoint, "nothing new, nothing signed");
    assert.deepEqual(await ledger.findCheckpoint(desk), checkpoint);
    const sealed = await ledger.readSealed(desk, 0, 10);
    assert.deepEqual(
      sealed.map(({ position }) => position),
      [0, 1, 2, 3, 4],
    );
    for (const stream of ["case:a", "case:b"]) {
      const versions = sealed.filter((fact) => fact.stream === stream).map(({ version }) => version);
      assert.deepEqual(versions, [...versions].sort());
    }
    assert.deepEqual(await ledger.readSealed(desk, 3, 1), sealed.slice(3, 4));
  });

  test(`${name}: every sealed fact has a proof that holds away from the desk`, async () => {
    const { ledger } = subject();
    const desk = newDesk();
    for (let round = 0; round < 3; round++) {
      await Promise.all(Array.from({ length: 130 }, (_, nth) => ledger.append(appendOf(desk, `case:${round}-${nth}`, 0, [{ type: "A", nth }]))));
      await ledger.seal(desk, at);
    }
    for (const { stream, version, fact, position } of await ledger.readSealed(desk, 0, 1000)) {
      const proof = await ledger.findProof(desk, stream, version);
      assert.ok(proof);
      const verdict = verifyProof(noteCrypto, proof, verifierText(sha256, signerFor(desk)));
      assert.equal(verdict.kind, "proved");
      if (verdict.kind === "proved") assert.deepEqual([verdict.sealed.fact, verdict.sealed.position], [fact, position]);
    }
    assert.equal(await ledger.findProof(desk, "case:0-0", 2), undefined);
  });

  test(`${name}: whatever writers and sealers do at once, no acknowledged fact is lost or doubled, and the ledger is whole`, async () => {
    const { ledger } = subject();
    const plan = fc.array(fc.record({ stream: fc.integer({ min: 0, max: 5 }), facts: fc.integer({ min: 1, max: 3 }), pause: fc.integer({ min: 0, max: 3 }) }), {
      minLength: 1,
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(plan, fc.integer({ min: 1, max: 4 }), async (steps, sealers) => {
        const desk = newDesk();
        const acknowledged: string[] = [];
        let nth = 0;
        const write = async ({ stream, facts, pause }: { stream: number; facts: number; pause: number }) => {
          for (let turn = 0; turn < pause; turn++) await new Promise(setImmediate);
          const name = `case:${stream}`;
          const ids = Array.from({ length: facts }, () => nth++);
          for (;;) {
            const { length } = await ledger.readStream(desk, name);
            const outcome = await ledger.append(
              appendOf(
                desk,
                name,
                length,
                ids.map((id) => ({ type: "A", id })),
              ),
            );
            if (outcome.kind === "appended") break;
          }
          acknowledged.push(...ids.map((id) => `${name} ${id}`));
        };
        await Promise.all([...steps.map(write), ...Array.from({ length: sealers }, () => ledger.seal(desk, at))]);
        await ledger.seal(desk, at);
        const sealed = await ledger.readSealed(desk, 0, 1000);
        assert.deepEqual(sealed.map(({ stream, fact }) => `${stream} ${fact["id"] as number}`).sort(), acknowledged.sort());
        assert.equal((await check(desk)).kind, "whole");
      }),
      { numRuns: 12 },
    );
  });

  test(`${name}: an untouched ledger is whole, with facts that still wait, values in the vault and checkpoints kept outside`, async () => {
    const { ledger } = subject();
    const desk = newDesk();
    assert.deepEqual(await check(desk), { kind: "whole", size: 0, waiting: 0, checkpoints: 0, root: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" });
    const known: string[] = [];
    for (let round = 0; round < 4; round++) {
      const facts = Array.from({ length: 150 }, (_, nth) => ({ type: "A", nth, content: { commitment: "x", vault: `ref-${round}` } }));
      await ledger.append(appendOf(desk, "case:1", round * 150, facts, { vault: [{ ref: `ref-${round}`, caseId: "c", ciphertext: Uint8Array.of(1) }] }));
      if (round < 3) known.push((await ledger.seal(desk, at))?.note ?? "");
    }
    const progress: number[] = [];
    const verdict = await check(desk, { known, onProgress: ({ verified, total }) => progress.push(verified, total) });
    assert.deepEqual(verdict, { kind: "whole", size: 450, waiting: 150, checkpoints: 3, root: (await ledger.findCheckpoint(desk))?.root });
    assert.deepEqual(progress.slice(-2), [450, 450]);
  });

  test(`${name}: a check can be interrupted`, async () => {
    const { ledger } = subject();
    const desk = newDesk();
    await ledger.append(
      appendOf(
        desk,
        "case:1",
        0,
        Array.from({ length: 2500 }, () => ({ type: "A" })),
      ),
    );
    await ledger.seal(desk, at);
    const stop = new AbortController();
    const reason = new Error("enough");
    await assert.rejects(check(desk, { signal: stop.signal, onProgress: () => stop.abort(reason) }), reason);
  });

  test(`${name}: a checkpoint of another history shows that this one was written anew or cut back`, async () => {
    const { ledger } = subject();
    const [desk, other] = [newDesk(), newDesk()];
    await ledger.append(appendOf(desk, "case:1", 0));
    await ledger.seal(desk, at);
    for (const facts of [1, 2]) {
      await ledger.append(appendOf(other, "case:1", facts - 1));
      const head = await ledger.seal(other, at);
      const { signCheckpoint } = await import("../../src/ledger/checkpoint.ts");
      const note = signCheckpoint(sha256, signerFor(desk), { size: facts, root: Buffer.from(head?.root ?? "", "base64") }, at);
      const verdict = await check(desk, { known: [note] });
      assert.equal(verdict.kind === "broken" && verdict.finding.code, "KNOWN_CHECKPOINT_DIFFERS");
    }
  });

  test(`${name}: a fact whose sealed value is gone without having been forgotten is found`, async () => {
    const { ledger } = subject();
    const desk = newDesk();
    await ledger.append(appendOf(desk, "case:1", 0, [{ type: "A" }, { type: "B", letter: { commitment: "x", vault: "never-stored" } }]));
    await ledger.seal(desk, at);
    const verdict = await check(desk);
    assert.deepEqual(verdict.kind === "broken" && [verdict.finding.code, verdict.finding.stream, verdict.finding.version, verdict.finding.position], [
      "VAULT_MISSING",
      "case:1",
      2,
      1,
    ]);
  });
}

/** What a ledger that serves its log to the public promises besides. */
export function testPublicLog(name: string, subject: () => Subject): void {
  test(`${name}: anyone can rebuild the root from the published entries and follow the log as it grows`, async () => {
    const { ledger, log } = subject();
    assert.ok(log);
    const desk = newDesk();
    const heads: { size: number; root: string }[] = [];
    for (const facts of [3, 300, 1]) {
      await ledger.append(
        appendOf(
          desk,
          `case:${facts}`,
          0,
          Array.from({ length: facts }, () => ({ type: "A" })),
        ),
      );
      heads.push((await ledger.seal(desk, at)) as { size: number; root: string });
    }
    const bundles = [await log.findTile(desk, { level: "entries", index: 0, width: 256 }), await log.findTile(desk, { level: "entries", index: 1, width: 48 })];
    const entries = bundles.flatMap((bundle) => parseEntryBundle(bundle as Uint8Array) ?? []);
    const { growTree } = await import("../../src/ledger/tiles.ts");
    const { leafHash } = await import("../../src/ledger/merkle.ts");
    const rebuilt = growTree(
      sha256,
      0,
      () => undefined,
      entries.map((entry) => leafHash(sha256, entry)),
    );
    assert.equal(Buffer.from(rebuilt.root).toString("base64"), heads[2]?.root);
    for (const tile of rebuilt.tiles)
      assert.deepEqual(Buffer.from((await log.findTile(desk, { ...tile, width: tile.data.length / 32 })) as Uint8Array), Buffer.from(tile.data));
    assert.equal(await log.findTile(desk, { level: 0, index: 1, width: 49 }), undefined, "nothing beyond the checkpoint");
    for (const { size, root } of heads) {
      const found: Awaited<ReturnType<PublicLog["findConsistency"]>> = await log.findConsistency(desk, size);
      assert.ok(found);
      const claim: ConsistencyClaim = {
        oldSize: size,
        newSize: found.checkpoint.size,
        oldRoot: Buffer.from(root, "base64"),
        newRoot: Buffer.from(found.checkpoint.root, "base64"),
        path: found.path.map((hash) => Buffer.from(hash, "base64")),
      };
      assert.ok(verifyConsistency(sha256, claim));
    }
    assert.equal(await log.findConsistency(desk, 0), undefined);
    assert.equal(await log.findConsistency(desk, 305), undefined);
  });
}
