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

/** The same for what is written over several lives of the program. */
export function testDrafts(
  name: string,
  subject: () => { readonly objects: Objects; readonly forgetKey: (desk: ReturnType<typeof newDesk>, caseId: string) => Promise<void> },
): void {
  const content = Buffer.from(Array.from({ length: 400_000 }, (_, index) => (index * 7 + (index >> 8)) % 253));

  test(`${name}: a draft that is kept is an object like any other, and before that nobody finds it`, async () => {
    const { objects } = subject();
    const desk = newDesk();
    for (const length of [0, 1, 65_503, 65_504, 65_505, 131_040, 300_000]) {
      const draft = await objects.begin(desk, "case:1");
      for (let at = 0; at < length; at += 50_000) await draft.append(content.subarray(at, Math.min(length, at + 50_000)));
      assert.equal(await objects.get(desk, "case:1", draft.objectId), undefined);
      const stored = await draft.keep();
      assert.deepEqual([stored.objectId, stored.bytes], [draft.objectId, length]);
      assert.equal(stored.sha256, createHash("sha256").update(content.subarray(0, length)).digest("hex"));
      assert.ok((await contentOf(await objects.get(desk, "case:1", stored.objectId))).equals(content.subarray(0, length)), `${length}`);
      const from = Math.floor(length / 2);
      assert.ok((await contentOf(await objects.get(desk, "case:1", stored.objectId, from))).equals(content.subarray(from, length)), `${length} from ${from}`);
    }
  });

  test(`${name}: a draft that was let go at any byte goes on from its mark or behind it, and becomes the same object`, async () => {
    const { objects } = subject();
    const desk = newDesk();
    for (const [flushedAt, leftAt] of [
      [0, 0],
      [10, 10],
      [10, 65_504],
      [65_504, 65_505],
      [65_505, 200_000],
      [131_040, 131_040],
      [150_000, 150_001],
      [300_000, 399_999],
    ] as const) {
      const draft = await objects.begin(desk, "case:1");
      await draft.append(content.subarray(0, flushedAt));
      const mark = await draft.flush();
      assert.ok(mark.rest.length <= 65_536);
      await draft.append(content.subarray(flushedAt, leftAt));
      await draft.close();
      const more = (await objects.resume(desk, "case:1", draft.objectId, mark)) ?? assert.fail("the draft is gone");
      await assert.rejects(async () => more.append(content), /before what is stored was read/);
      const stored = await contentOf(more.stored());
      assert.ok(stored.length >= flushedAt && stored.length <= leftAt, `${stored.length} of ${flushedAt} to ${leftAt}`);
      assert.ok(stored.equals(content.subarray(0, stored.length)));
      await more.append(content.subarray(stored.length));
      const kept = await more.keep();
      assert.deepEqual([kept.bytes, kept.sha256], [content.length, createHash("sha256").update(content).digest("hex")]);
      assert.ok((await contentOf(await objects.get(desk, "case:1", kept.objectId))).equals(content));
    }
  });

  test(`${name}: drafts that nothing names are swept, and the named one stays`, async () => {
    const { objects } = subject();
    const desk = newDesk();
    const [one, two] = [await objects.begin(desk, "case:1"), await objects.begin(desk, "case:1")];
    const { objectId } = await objects.put(desk, "case:1", [Buffer.from("whole")]);
    const mark = await two.flush();
    await one.close();
    await two.close();
    assert.equal(await objects.sweep(desk, "case:1", [two.objectId]), 1);
    assert.equal(await objects.sweep(desk, "case:1", [two.objectId]), 0);
    assert.equal(await objects.resume(desk, "case:1", one.objectId, mark), undefined);
    await ((await objects.resume(desk, "case:1", two.objectId, mark)) ?? assert.fail("the named draft is gone")).close();
    assert.equal(await objects.sweep(desk, "case:1", []), 1);
    assert.ok((await contentOf(await objects.get(desk, "case:1", objectId))).equals(Buffer.from("whole")));
    assert.equal(await objects.sweep(newDesk(), "case:1", []), 0);
  });

  test(`${name}: a draft of a case that was forgotten, or a mark behind its end, is not gone on with`, async () => {
    const { objects, forgetKey } = subject();
    const desk = newDesk();
    const draft = await objects.begin(desk, "case:1");
    await draft.append(content);
    const mark = await draft.flush();
    await draft.close();
    assert.equal(await objects.resume(desk, "case:1", draft.objectId, { ...mark, pieces: mark.pieces + 1 }), undefined);
    await forgetKey(desk, "case:1");
    assert.equal(await objects.resume(desk, "case:1", draft.objectId, mark), undefined);
    await assert.rejects(objects.begin(desk, "case:1"), /forgotten/);
  });
}
