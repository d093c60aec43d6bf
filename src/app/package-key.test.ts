// Two approvers open a package; one of them, or everything the desk has, does not.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  approverIdentity,
  approverRecipient,
  handOver,
  joinOpening,
  newRecoveryPhrase,
  seedOfPhrase,
  splitOpening,
  OtherPackage,
  isUsableRecipient,
  type Holder,
  type SealedShare,
} from "./package-key.ts";

async function approver(id: string): Promise<Holder & { readonly identity: CryptoKey }> {
  const identity = await approverIdentity(crypto.getRandomValues(new Uint8Array(32)));
  return { id, identity, recipient: await approverRecipient(identity) };
}

const name = { caseId: "C-7F3K-2M9Q", sha256: "a".repeat(64) };
const shareOf = (shares: readonly SealedShare[], { id }: Holder) => shares.find(({ holder }) => holder === id) ?? assert.fail(`no share for ${id}`);

test("any two of the approvers open the package, whoever comes first", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 2, max: 5 }), fc.nat(4), fc.nat(4), async (opening, count, one, other) => {
      const holders = await Promise.all(Array.from({ length: count }, (_, index) => approver(`p${index}`)));
      const [first, second] = [holders[one % count] ?? assert.fail(), holders[other % count] ?? assert.fail()];
      fc.pre(first !== second);
      const { shares, opening: sealed } = await splitOpening({ opening, passphrase: "seven words" }, holders, name);
      const handed = await handOver(first.identity, shareOf(shares, first), name);
      assert.equal(handed.length, count - 1);
      const joined = await joinOpening(second.identity, shareOf(shares, second), shareOf(handed, second), sealed, name);
      assert.deepEqual(joined, { opening, passphrase: "seven words" });
    }),
    { numRuns: 25 },
  );
});

test("one approver alone opens nothing: twice the own share, or a share handed over by nobody, is refused", async () => {
  const [uma, vic] = await Promise.all([approver("uma"), approver("vic")]);
  const { shares, opening } = await splitOpening({ opening: new Uint8Array([1, 2, 3]) }, [uma, vic], name);
  const own = shareOf(shares, uma);
  await assert.rejects(joinOpening(uma.identity, own, own, opening, name));
  await assert.rejects(joinOpening(uma.identity, own, shareOf(shares, vic), opening, name));
});

test("a share of another package does not fit", async () => {
  const [uma, vic] = await Promise.all([approver("uma"), approver("vic")]);
  const [one, other] = await Promise.all([1, 2].map((byte) => splitOpening({ opening: new Uint8Array([byte]) }, [uma, vic], name)));
  assert.ok(one !== undefined && other !== undefined);
  const handed = await handOver(uma.identity, shareOf(other.shares, uma), name);
  await assert.rejects(joinOpening(vic.identity, shareOf(one.shares, vic), shareOf(handed, vic), one.opening, name));
});

test("a share says of which package it is: shown another one, an approver hands nothing over and opens nothing", async () => {
  const [uma, vic] = await Promise.all([approver("uma"), approver("vic")]);
  const { shares, opening } = await splitOpening({ opening: new Uint8Array([1]) }, [uma, vic], name);
  for (const other of [
    { ...name, sha256: "b".repeat(64) },
    { ...name, caseId: "C-OTHER" },
  ]) {
    await assert.rejects(handOver(uma.identity, shareOf(shares, uma), other), OtherPackage);
    const handed = await handOver(uma.identity, shareOf(shares, uma), name);
    await assert.rejects(joinOpening(vic.identity, shareOf(shares, vic), shareOf(handed, vic), opening, other), OtherPackage);
  }
});

test("a key that only looks like one is not usable", async () => {
  const { recipient } = await approver("uma");
  assert.equal(await isUsableRecipient(recipient), true);
  for (const wrong of [`age1${"q".repeat(58)}`, recipient.replace(/.$/, (sign) => (sign === "q" ? "p" : "q")), "age1", ""])
    assert.equal(await isUsableRecipient(wrong), false);
});

test("a recovery phrase gives the same key again, and a wrong word gives none", async () => {
  const phrase = newRecoveryPhrase();
  assert.equal(phrase.split(" ").length, 24);
  const seed = seedOfPhrase(phrase) ?? assert.fail("no seed");
  const again = seedOfPhrase(`  ${phrase.toUpperCase().replaceAll(" ", "\n")} `) ?? assert.fail("no seed");
  assert.equal(await approverRecipient(await approverIdentity(seed)), await approverRecipient(await approverIdentity(again)));
  const known = [...Array.from({ length: 23 }, () => "abandon"), "art"];
  assert.deepEqual(seedOfPhrase(known.join(" ")), new Uint8Array(32));
  for (const wrong of [known.slice(1), known.with(23, "abandon"), known.with(0, "notaword"), []]) assert.equal(seedOfPhrase(wrong.join(" ")), undefined);
});
