// The program dies by SIGKILL while it keeps data for an agency: no half snapshot counts, and nothing of it stays.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { rehearsalClock } from "../../src/adapters/clock/clocks.ts";
import { readCase } from "../../src/app/handle.ts";
import { sweepSnapshots, takeSnapshot } from "../../src/app/preserve.ts";
import type { Actor, CaseId } from "../../src/kernel/ids.ts";
import { instant } from "../../src/kernel/instant.ts";
import { openInstallation } from "../../src/main.ts";
import { livingPreservations } from "../../src/requests/preservation/module.ts";

const script = fileURLToPath(new URL("snapshot-until-killed.ts", import.meta.url));

async function snapshotFiles(folder: string): Promise<readonly string[]> {
  const objects = join(folder, "objects", "main");
  if (!existsSync(objects)) return [];
  return (await readdir(objects, { recursive: true })).filter((name) => name.startsWith("snapshot") && name.includes("/"));
}

for (const { moment, leaves, when } of [
  { moment: "midway", leaves: 1, when: "while the records are being sealed" },
  { moment: "stored", leaves: 1, when: "when the object is whole and no fact says so" },
] as const) {
  test(`killed ${when}: the snapshot does not count, its object and key are removed, and the next one is whole`, async () => {
    const folder = await mkdtemp(join(tmpdir(), "portcullis-killed-"));
    await chmod(folder, 0o711);
    try {
      const died = spawnSync(process.execPath, ["--import", "tsx", script, folder, moment], { encoding: "utf8", timeout: 120_000 });
      assert.equal(died.signal, "SIGKILL", died.stderr);
      const caseId = died.stdout.trim() as CaseId;
      assert.equal((await snapshotFiles(folder)).length, leaves);

      const installation = await openInstallation({ dataDir: folder, zone: "{}" }, { clock: rehearsalClock(instant("2026-03-02T18:00:00Z")) });
      try {
        const desk = (await installation.desk()) ?? assert.fail("no desk");
        const types = async () => (await readCase(desk, caseId)).map(({ fact }) => fact.type).filter((type) => type.startsWith("Snapshot"));
        assert.deepEqual(await types(), ["SnapshotBegun"]);
        assert.deepEqual(livingPreservations(await readCase(desk, caseId)), []);
        assert.equal(await sweepSnapshots(desk), 1);
        assert.deepEqual(await snapshotFiles(folder), []);
        assert.deepEqual(await types(), ["SnapshotBegun", "SnapshotAbandoned"]);

        const taken = await takeSnapshot(desk, caseId, "staff:ana" as Actor);
        assert.ok(taken.kind === "taken", JSON.stringify(taken));
        assert.ok((taken.records["messages"] ?? 0) > 5);
        assert.equal((await snapshotFiles(folder)).length, 1);
        assert.equal(livingPreservations(await readCase(desk, caseId)).length, 1);
      } finally {
        await installation.stop();
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}
