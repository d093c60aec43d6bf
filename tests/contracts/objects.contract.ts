// What every store of large objects promises.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import type { CaseKeys, Objects } from "../../src/app/vault-port.ts";
import { newDesk } from "./ledger.contract.ts";

export async function contentOf(stream: AsyncIterable<Uint8Array> | undefined): Promise<Buffer> {
  assert.ok(stream);
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export function testObjects(
  name: string,
  subject: () => {
    readonly objects: Objects;
    readonly keys: CaseKeys;
    readonly forgetKey: (desk: ReturnType<typeof newDesk>, caseId: string) => Promise<void>;
  },
): void {
  test(`${name}: content of every length around a piece comes back as it was, whatever it came in`, async () => {
    const { objects } = subject();
    const desk = newDesk();
    for (const length of [0, 1, 65_503, 65_504, 65_505, 131_040, 131_041, 300_000]) {
      const content = Buffer.alloc(length, `piece ${length} `);
      const chunks = [content.subarray(0, length / 3), Buffer.alloc(0), content.subarray(length / 3)];
      const stored = await objects.put(desk, "case:1", chunks);
      assert.equal(stored.bytes, length);
      assert.equal(stored.sha256, createHash("sha256").update(content).digest("hex"));
      assert.ok((await contentOf(await objects.get(desk, "case:1", stored.objectId))).equals(content), `${length}`);
    }
  });

  test(`${name}: content comes from any byte on, as one who goes on with a broken download needs it`, async () => {
    const { objects } = subject();
    const desk = newDesk();
    const content = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251));
    const { objectId } = await objects.put(desk, "case:1", [content]);
    for (const from of [0, 1, 65_503, 65_504, 65_505, 131_072, 199_999, 200_000, 300_000])
      assert.ok((await contentOf(await objects.get(desk, "case:1", objectId, from))).equals(content.subarray(from)), `${from}`);
  });

  test(`${name}: equal contents have different names and commitments`, async () => {
    const { objects } = subject();
    const desk = newDesk();
    const [a, b] = await Promise.all([objects.put(desk, "case:1", [Buffer.from("x")]), objects.put(desk, "case:1", [Buffer.from("x")])]);
    assert.notEqual(a.objectId, b.objectId);
    assert.notEqual(a.commitment, b.commitment);
    assert.equal(a.sha256, b.sha256);
  });

  test(`${name}: an object belongs to its case and desk, and is not found elsewhere`, async () => {
    const { objects } = subject();
    const desk = newDesk();
    const { objectId } = await objects.put(desk, "case:1", [Buffer.from("x")]);
    await objects.put(desk, "case:2", []);
    assert.equal(await objects.get(desk, "case:2", objectId), undefined);
    assert.equal(await objects.get(newDesk(), "case:1", objectId), undefined);
    await assert.rejects(objects.get(desk, "case:1", "../../etc/passwd"), RangeError);
    for (const caseId of ["", ".", ".."]) await assert.rejects(objects.put(desk, caseId, []), RangeError);
  });

  test(`${name}: what breaks off while it comes in leaves nothing behind`, async () => {
    const { objects } = subject();
    const desk = newDesk();
    const cut = async function* () {
      yield Buffer.alloc(200_000);
      throw new Error("the line went dead");
    };
    await assert.rejects(objects.put(desk, "case:1", cut()), /went dead/);
  });

  test(`${name}: an object that was removed, or whose case was forgotten, is gone`, async () => {
    const { objects, forgetKey } = subject();
    const desk = newDesk();
    const [one, two] = [await objects.put(desk, "case:1", [Buffer.from("1")]), await objects.put(desk, "case:1", [Buffer.from("2")])];
    await objects.remove(desk, "case:1", one.objectId);
    await objects.remove(desk, "case:1", one.objectId);
    assert.equal(await objects.get(desk, "case:1", one.objectId), undefined);
    await forgetKey(desk, "case:1");
    assert.equal(await objects.get(desk, "case:1", two.objectId), undefined, "without its key it cannot be read");
    await objects.forget(desk, "case:1");
    await objects.forget(desk, "case:1");
    await assert.rejects(objects.put(desk, "case:1", []), /forgotten/);
  });
}
