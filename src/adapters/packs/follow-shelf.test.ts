// A desk that runs keeps the last good packs, whatever is written into their folder.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { followShelf, type FollowedShelf } from "./follow-shelf.ts";
import { readShelf } from "./read-shelf.ts";

const folder = mkdtempSync(join(tmpdir(), "packs-"));
cpSync(new URL("../../../packs", import.meta.url).pathname, folder, { recursive: true });
after(() => rmSync(folder, { recursive: true, force: true }));

const file = join(folder, "jurisdictions", "br.yaml");
const good = readFileSync(file, "utf8");

async function following(): Promise<FollowedShelf> {
  const reading = await readShelf(folder);
  assert.ok(reading.kind === "shelf");
  const followed = followShelf(folder, reading.shelf);
  assert.deepEqual(await followed.freshen(), { kind: "same" });
  return followed;
}

function versionsOf(followed: FollowedShelf): readonly string[] {
  return followed
    .shelf()
    .laws.filter(({ pack }) => pack.id === "br")
    .map(({ pack }) => pack.version)
    .toSorted();
}

function versionOf(followed: FollowedShelf): string | undefined {
  return followed.shelf().laws.find(({ pack }) => pack.id === "br")?.pack.version;
}

test("a good change is taken, a bad one is named with its place and changes nothing, and each is said once", async () => {
  const followed = await following();
  const before = versionOf(followed);
  writeFileSync(file.replace("br.yaml", "br-2026-7.yaml"), good.replace(`version: "${before}"`, 'version: "2026.7"'));
  assert.deepEqual(await followed.freshen(), { kind: "taken" });
  assert.deepEqual(versionsOf(followed), [before, "2026.7"].toSorted());
  writeFileSync(file, good.replace("kind: jurisdiction", "kind: jurisdiction\ncolour: green"));
  const found = await followed.freshen();
  assert.ok(found.kind === "kept");
  assert.ok(found.problems[0]?.file.endsWith("br.yaml"));
  assert.ok((found.problems[0]?.line ?? 0) > 1 && (found.problems[0]?.remedy.length ?? 0) > 5);
  assert.equal(versionsOf(followed).length, 2);
  assert.deepEqual(await followed.freshen(), { kind: "same" });
  writeFileSync(file, good.replace("compulsory: true", "compulsory: false"));
  const changed = await followed.freshen();
  assert.ok(changed.kind === "kept");
  assert.match(changed.problems[0]?.what ?? "", /says something else than before/);
  writeFileSync(file, `${good}\n`);
  assert.deepEqual(await followed.freshen(), { kind: "taken" });
  assert.equal(versionsOf(followed).length, 2);
  rmSync(file.replace("br.yaml", "br-2026-7.yaml"));
  assert.equal((await followed.freshen()).kind, "kept");
});

test("a pack that a desk uses does not vanish from under it", async () => {
  const followed = await following();
  rmSync(file);
  const found = await followed.freshen();
  assert.ok(found.kind === "kept");
  assert.match(found.problems[0]?.what ?? "", /br@.* is gone/);
  assert.ok(versionOf(followed) !== undefined);
  writeFileSync(file, good);
});
