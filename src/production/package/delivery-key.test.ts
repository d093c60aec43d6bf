import assert from "node:assert/strict";
import { test } from "node:test";
import { generateHybridIdentity, generateX25519Identity, identityToRecipient } from "age-encryption";
import fc from "fast-check";
import { generateKey } from "openpgp";
import { readDeliveryKey } from "./delivery-key.ts";

const user = { name: "Officer", email: "officer@example.gov" };
const codeOf = (text: string) => {
  const key = readDeliveryKey(text);
  return key.kind === "refused" ? key.reasons[0].code : key.kind;
};

test("age recipients are read as they are pasted: alone, several, with remarks, for today's and tomorrow's computers", async () => {
  const one = await identityToRecipient(await generateX25519Identity());
  const two = await identityToRecipient(await generateHybridIdentity());
  assert.deepEqual(readDeliveryKey(`  ${one}\r\n`), { kind: "age", recipients: [one] });
  assert.deepEqual(readDeliveryKey(`# created: 2026-01-01\n${one}\n${two}\n${one}`), { kind: "age", recipients: [one, two] });
});

test("a recipient with any one sign changed is damaged", async () => {
  const recipient = await identityToRecipient(await generateX25519Identity());
  fc.assert(
    fc.property(fc.integer({ min: 4, max: recipient.length - 1 }), fc.constantFrom(..."qpzry9x8gf2tvdw0s3jn54khce6mua7l"), (at, sign) => {
      fc.pre(recipient[at] !== sign);
      assert.notEqual(codeOf(recipient.slice(0, at) + sign + recipient.slice(at + 1)), "age");
    }),
  );
  assert.equal(codeOf(recipient.slice(0, -1)), "DAMAGED");
});

test("a secret key is refused as one, whatever kind it is, and never repeated", async () => {
  const secret = await generateX25519Identity();
  const pgp = await generateKey({ userIDs: [user], format: "armored" });
  for (const text of [
    secret,
    `# public key: age1x\n${secret.toLowerCase()}`,
    pgp.privateKey,
    `${pgp.publicKey}\n${pgp.privateKey}`,
    "-----BEGIN OPENSSH PRIVATE KEY-----",
  ]) {
    const key = readDeliveryKey(text);
    assert.ok(key.kind === "refused");
    assert.equal(key.reasons[0].code, "SECRET_KEY");
    assert.ok(!key.reasons[0].because.includes(secret));
  }
});

test("an OpenPGP public key is read whole, or said to be damaged", async () => {
  const { publicKey } = await generateKey({ userIDs: [user], format: "armored" });
  assert.equal(codeOf(publicKey), "openpgp");
  assert.equal(codeOf(publicKey.replaceAll("\n", "\r\n")), "openpgp");
  assert.equal(codeOf(`Here it is:\n${publicKey}`), "DAMAGED");
  assert.equal(codeOf(publicKey.slice(0, 200)), "DAMAGED");
  assert.equal(codeOf(`${publicKey}\n${publicKey}`), "SEVERAL_KINDS");
  assert.equal(codeOf("-----BEGIN PGP MESSAGE-----\n\nAAAA\n-----END PGP MESSAGE-----"), "OTHER_KIND");
});

test("a wish for a passphrase, nothing, too much, and keys of other kinds are told apart", () => {
  assert.deepEqual(["passphrase", "ZIP", "A passphrase."].map(codeOf), ["passphrase", "passphrase", "passphrase"]);
  assert.deepEqual(["", " \n", "# only a remark"].map(codeOf), ["EMPTY", "EMPTY", "EMPTY"]);
  assert.deepEqual([codeOf("x".repeat(70_000)), codeOf("ssh-ed25519 AAAA me@here"), codeOf("hello")], ["TOO_LONG", "OTHER_KIND", "OTHER_KIND"]);
});

test("any text is read without an error and in time", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 3000 }), (text) => void readDeliveryKey(text)));
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("-----BEGIN PGP PUBLIC KEY BLOCK-----", "\n", "a: b\n", "=", "age1", " "), maxLength: 300 }),
      (text) => void readDeliveryKey(text),
    ),
  );
});
