import assert from "node:assert/strict";
import { before, test } from "node:test";
import fc from "fast-check";
import { noteCrypto, random, sha256, signerFrom } from "../adapters/keys/log-signing.ts";
import type { Actor, DeskId } from "../kernel/ids.ts";
import { instant } from "../kernel/instant.ts";
import { openMemoryLedger } from "./memory-ledger.ts";
import type { LedgerProof } from "./port.ts";
import { verifierText } from "./signed-note.ts";
import { verifyProof } from "./verify-proof.ts";

const desk = "desk-1" as DeskId;
const signer = signerFrom("desk.example/desk-1", new Uint8Array(32).fill(4));
const key = verifierText(sha256, signer);
const at = instant("2026-03-01T08:09:10.500Z");
let proofs: readonly LedgerProof[];

before(async () => {
  const ledger = openMemoryLedger({ sha256, random, signerFor: () => signer });
  for (let index = 0; index < 300; index++) {
    await ledger.append({
      desk,
      stream: `case:${index}`,
      expectedVersion: 0,
      at,
      by: "desk" as Actor,
      facts: [{ type: "Received", clause: "KDRP-1", nth: index, note: "é 漢 😀" }],
    });
    if (index === 150) await ledger.seal(desk, at);
  }
  await ledger.seal(desk, at);
  proofs = await Promise.all([0, 7, 150, 255, 256, 299].map(async (index) => (await ledger.findProof(desk, `case:${index}`, 1)) as LedgerProof));
});

test("a proof opens one fact with nothing at hand but the log's key", () => {
  for (const proof of proofs) {
    const verdict = verifyProof(noteCrypto, proof, key);
    assert.equal(verdict.kind, "proved");
    if (verdict.kind !== "proved") continue;
    assert.equal(verdict.sealed.stream, `case:${proof.position}`);
    assert.equal(verdict.sealed.position, proof.position);
    assert.deepEqual(verdict.sealed.fact, { type: "Received", clause: "KDRP-1", nth: proof.position, note: "é 漢 😀" });
    assert.equal(verdict.checkpointAt, "2026-03-01T08:09:10.000Z");
  }
});

test("no character of a proof can be changed", () => {
  const texts = (proof: LedgerProof) => [...proof.path, proof.checkpoint, proof.salt, proof.record];
  const change = fc.record({ which: fc.nat({ max: 5 }), field: fc.nat(), place: fc.nat(), by: fc.integer({ min: 1, max: 90 }) });
  fc.assert(
    fc.property(change, ({ which, field, place, by }) => {
      const proof = proofs[which] as LedgerProof;
      const fields = texts(proof);
      const text = fields[field % fields.length] as string;
      const index = place % text.length;
      fields[field % fields.length] = text.slice(0, index) + String.fromCharCode(32 + ((text.charCodeAt(index) + by) % 95)) + text.slice(index + 1);
      fc.pre(fields.join("|") !== texts(proof).join("|"));
      const path = fields.slice(0, proof.path.length);
      const [checkpoint = "", salt = "", record = ""] = fields.slice(proof.path.length);
      assert.equal(verifyProof(noteCrypto, { ...proof, path, checkpoint, salt, record }, key).kind, "refuted");
    }),
    { numRuns: 600 },
  );
});

test("a proof under another position, size, key or without a path is refuted with the reason", () => {
  const [proof] = proofs as [LedgerProof];
  const codeOf = (changed: LedgerProof, trusted = key) => {
    const verdict = verifyProof(noteCrypto, changed, trusted);
    return verdict.kind === "refuted" ? verdict.code : verdict.kind;
  };
  assert.equal(codeOf({ ...proof, position: 1 }), "NOT_IN_TREE");
  assert.equal(codeOf({ ...proof, treeSize: 299 }), "SIZE_DIFFERS");
  assert.equal(codeOf({ ...proof, path: [] }), "NOT_IN_TREE");
  assert.equal(codeOf({ ...proof, salt: "AA==" }), "PROOF_UNREADABLE");
  assert.equal(codeOf(proof, verifierText(sha256, signerFrom(signer.name, new Uint8Array(32)))), "CHECKPOINT_UNTRUSTED");
  assert.equal(codeOf(proof, "nonsense"), "KEY_UNREADABLE");
});

test("the tree itself tells nothing: every entry has an unpredictable salt of its own", async () => {
  const ledger = openMemoryLedger({ sha256, random, signerFor: () => signer });
  for (let nth = 0; nth < 600; nth++)
    await ledger.append({ desk, stream: `case:${nth}`, expectedVersion: 0, at, by: "desk" as Actor, facts: [{ type: "Received" }] });
  await ledger.seal(desk, at);
  const entries = await ledger.rows(desk).entries(0);
  const halves = entries.flatMap(({ event }) => [event?.salt.subarray(0, 16), event?.salt.subarray(16)]).map((half) => Buffer.from(half ?? []).toString("hex"));
  assert.equal(entries.length, 600);
  assert.equal(new Set(halves).size, 1200);
});
