// What every vault promises, whatever keeps its rows.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CaseForgotten, type CaseKeys, deskCase, type Vault } from "../../src/app/vault-port.ts";
import type { DeskId } from "../../src/kernel/ids.ts";
import type { Ledger } from "../../src/ledger/port.ts";
import { appendOf, newDesk } from "./ledger.contract.ts";

export interface VaultSubject {
  readonly vault: Vault & CaseKeys;
  readonly ledger: Ledger;
  /** Turns one bit of a stored ciphertext. */
  readonly damage: (desk: DeskId, ref: string, byte: number) => Promise<void>;
  /** Puts the ciphertext of one value in the place of another. */
  readonly move: (desk: DeskId, from: string, to: string) => Promise<void>;
  /** The stored ciphertext as text, to look for what must not be in it. */
  readonly read: (desk: DeskId, ref: string) => Promise<Uint8Array>;
}

export function testVault(name: string, subject: () => VaultSubject): void {
  const store = async (desk: DeskId, caseId: string, ...values: Parameters<Vault["prepare"]>[2]) => {
    const { vault, ledger } = subject();
    const prepared = await vault.prepare(desk, caseId, values);
    const { length } = await ledger.readStream(desk, caseId);
    assert.equal(
      (await ledger.append(appendOf(desk, caseId, length, [{ type: "A", sealed: prepared.values.map((value) => ({ ...value })) }], prepared.alongside))).kind,
      "appended",
    );
    return prepared.values;
  };

  test(`${name}: a sealed value comes back, fits its commitment, and is not readable where it lies`, async () => {
    const { vault, read } = subject();
    const desk = newDesk();
    const value = { name: "Ærøskøbing Example", list: [1, null, true] };
    const [sealed, same] = await store(desk, "case:1", value, value);
    assert.ok(sealed && same);
    assert.notEqual(sealed.commitment, same.commitment, "equal values cannot be told to be equal");
    assert.deepEqual(await vault.open(desk, sealed.vault, sealed.commitment), { kind: "open", value, commitment: sealed.commitment });
    await assert.rejects(vault.open(desk, sealed.vault, same.commitment), /not the one/);
    assert.ok(!Buffer.from(await read(desk, sealed.vault)).includes("Example"));
    assert.deepEqual(await vault.open(desk, "unknown"), { kind: "missing" });
    assert.deepEqual(await vault.open(newDesk(), sealed.vault), { kind: "missing" });
  });

  test(`${name}: nothing is written before the facts are`, async () => {
    const { vault } = subject();
    const desk = newDesk();
    const { values, alongside } = await vault.prepare(desk, "case:1", ["x"]);
    assert.deepEqual(await vault.open(desk, values[0]?.vault ?? ""), { kind: "missing" });
    assert.equal(await vault.find(desk, "case:1"), undefined);
    assert.equal(alongside.caseKeys.length, 1);
  });

  test(`${name}: a case keeps one key, and whoever prepared with another seals again`, async () => {
    const { vault, ledger } = subject();
    const desk = newDesk();
    const [mine, theirs] = await Promise.all([vault.prepare(desk, deskCase, ["mine"]), vault.prepare(desk, deskCase, ["theirs"])]);
    assert.equal((await ledger.append(appendOf(desk, "register:1", 0, undefined, theirs.alongside))).kind, "appended");
    assert.equal((await ledger.append(appendOf(desk, "register:2", 0, undefined, mine.alongside))).kind, "conflict");
    const again = await vault.prepare(desk, deskCase, ["mine"]);
    assert.deepEqual(again.alongside.caseKeys, []);
    assert.equal((await ledger.append(appendOf(desk, "register:2", 0, undefined, again.alongside))).kind, "appended");
    const opened = await vault.open(desk, again.values[0]?.vault ?? "");
    assert.equal(opened.kind === "open" && opened.value, "mine");
  });

  test(`${name}: no bit of a stored value can be changed, and no value stands in for another`, async () => {
    const { vault, damage, move, read } = subject();
    const desk = newDesk();
    const [first, second] = await store(desk, "case:1", "one", "two");
    assert.ok(first && second);
    const { length } = await read(desk, first.vault);
    for (let byte = 0; byte < length; byte++) {
      await damage(desk, first.vault, byte);
      await assert.rejects(vault.open(desk, first.vault), `byte ${byte}`);
      await damage(desk, first.vault, byte);
    }
    assert.equal((await vault.open(desk, first.vault)).kind, "open");
    await move(desk, second.vault, first.vault);
    await assert.rejects(vault.open(desk, first.vault), /altered or moved/);
  });

  test(`${name}: forgetting a case forgets it alone and for good`, async () => {
    const { vault, read } = subject();
    const desk = newDesk();
    const [gone] = await store(desk, "case:1", "gone");
    const [kept] = await store(desk, "case:2", "kept");
    assert.ok(gone && kept);
    await vault.forget(desk, "case:1");
    await vault.forget(desk, "case:1");
    assert.deepEqual(await vault.open(desk, gone.vault), { kind: "forgotten" });
    assert.equal((await read(desk, gone.vault)).length, 0);
    assert.equal((await vault.open(desk, kept.vault)).kind, "open");
    await assert.rejects(vault.prepare(desk, "case:1", ["new"]), CaseForgotten);
    await assert.rejects(vault.obtain(desk, "case:1"), CaseForgotten);
    assert.equal(await vault.find(desk, "case:1"), undefined);
  });

  test(`${name}: what was prepared before a case was forgotten is not stored after it`, async () => {
    const { vault, ledger } = subject();
    const desk = newDesk();
    const prepared = await vault.prepare(desk, "case:1", ["late"]);
    await vault.forget(desk, "case:1");
    assert.equal((await ledger.append(appendOf(desk, "case:1", 0, undefined, prepared.alongside))).kind, "conflict");
  });

  test(`${name}: digests are equal for equal values, and differ by value, purpose and desk`, async () => {
    const { vault } = subject();
    const [desk, other] = [newDesk(), newDesk()];
    const digests = await Promise.all([
      vault.digest(desk, "message-id", "<a@example>"),
      vault.digest(desk, "message-id", "<b@example>"),
      vault.digest(desk, "token", "<a@example>"),
      vault.digest(other, "message-id", "<a@example>"),
    ]);
    assert.equal(new Set(digests).size, 4);
    assert.equal(await vault.digest(desk, "message-id", "<a@example>"), digests[0]);
    assert.match(digests[0] ?? "", /^[A-Za-z0-9_-]{43}$/);
    await assert.rejects(vault.forget(desk, "desk:digest"), RangeError);
  });
}
