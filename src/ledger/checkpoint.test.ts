import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { noteCrypto, sha256, signerFrom } from "../adapters/keys/log-signing.ts";
import { instant } from "../kernel/instant.ts";
import { checkpointMoment, openCheckpoint, signCheckpoint } from "./checkpoint.ts";
import { parseVerifier, signatureTypes, signaturesOf, splitNote, verifierText } from "./signed-note.ts";
import { utf8 } from "./text-bytes.ts";

const signer = signerFrom("desk.example/log", new Uint8Array(32).fill(1));
const root = new Uint8Array(32).fill(9);
const at = instant("2026-03-01T08:09:10.987Z");
const note = signCheckpoint(sha256, signer, { size: 300, root }, at);

// The example note in the documentation of Go's golang.org/x/mod/sumdb/note.
const knownVerifier = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const knownNote =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

test("a note that another program signed is verified, and its key id is the one we compute", () => {
  const key = parseVerifier(sha256, knownVerifier);
  const split = splitNote(knownNote);
  assert.ok(key && split);
  assert.equal(verifierText(sha256, key), knownVerifier);
  const [signature, ...more] = signaturesOf(sha256, split, key, signatureTypes.plain);
  assert.ok(signature && more.length === 0);
  assert.ok(noteCrypto.verify(key.publicKey, utf8(split.text), signature));
  assert.ok(!noteCrypto.verify(key.publicKey, utf8(`${split.text}x`), signature));
});

test("a checkpoint says origin, size, root and moment, and only to whoever holds the right key", () => {
  assert.deepEqual(openCheckpoint(noteCrypto, signer, note), { kind: "opened", origin: "desk.example/log", size: 300, root, at: "2026-03-01T08:09:10.000Z" });
  assert.equal(checkpointMoment(at), "2026-03-01T08:09:10.000Z");
  assert.match(note, /^desk\.example\/log\n300\n[A-Za-z0-9+/]{43}=\n\n— desk\.example\/log \S+\n— desk\.example\/log \S+\n$/);
  const impostor = signerFrom("desk.example/log", new Uint8Array(32).fill(2));
  assert.equal(openCheckpoint(noteCrypto, impostor, note).kind, "refused");
  assert.equal(openCheckpoint(noteCrypto, { ...signer, name: "other.example/log" }, note).kind, "refused");
});

test("signatures of witnesses we do not know are passed over", () => {
  const witness = signerFrom("witness.example", new Uint8Array(32).fill(3));
  const lines = signCheckpoint(sha256, { ...witness, name: "witness.example" }, { size: 300, root }, at).split("\n\n")[1];
  assert.equal(openCheckpoint(noteCrypto, signer, note + lines).kind, "opened");
});

test("no byte of a checkpoint can be changed, left out or doubled", () => {
  const bytes = Buffer.from(note);
  const change = fc.record({
    place: fc.nat({ max: bytes.length - 1 }),
    byte: fc.integer({ min: 0, max: 255 }),
    how: fc.constantFrom("change", "remove", "double"),
  });
  fc.assert(
    fc.property(change, ({ place, byte, how }) => {
      const rest = bytes.subarray(place + 1);
      const middle = how === "remove" ? Buffer.alloc(0) : how === "double" ? Buffer.of(bytes[place] as number, bytes[place] as number) : Buffer.of(byte);
      const changed = Buffer.concat([bytes.subarray(0, place), middle, rest]).toString();
      fc.pre(changed !== note);
      assert.equal(openCheckpoint(noteCrypto, signer, changed).kind, "refused", JSON.stringify(changed));
    }),
    { numRuns: 1000 },
  );
});

test("verifier keys with a wrong id, type, length or name are not keys", () => {
  const good = verifierText(sha256, signer);
  assert.deepEqual(parseVerifier(sha256, good), { name: signer.name, publicKey: signer.publicKey });
  for (const bad of [good.replace("log+", "lag+"), good.replace(/\+AX/, "+BX"), good.slice(0, -4), `${good}=`, "a b+00000000+AQ==", ""]) {
    assert.ok(bad === good || parseVerifier(sha256, bad) === undefined, bad);
  }
});
