import assert from "node:assert/strict";
import { test } from "node:test";
import type { CaseId, DeskId } from "../kernel/ids.ts";
import { findWork, forgetWork, startWork, stopAllWork, type WorkName } from "./long-work.ts";
import type { Watch } from "./watched-work.ts";

function name(caseId: string): WorkName {
  return { desk: { id: "desk-1" as DeskId }, caseId: caseId as CaseId, kind: "seal" };
}

/** Tells a record and waits for the word to end. */
async function untilStopped({ signal, onProgress }: Watch): Promise<string> {
  onProgress?.({ records: 7, bytes: 70 });
  await new Promise((resolve) => signal?.addEventListener("abort", resolve));
  return "stopped";
}

test("work that takes long is started once, tells how far it is, and ends at a word", async () => {
  const work = await startWork(name("C-1"), untilStopped);
  assert.equal(await work.endsWithin(5), false);
  assert.equal(await startWork(name("C-1"), () => assert.fail("it was started twice")), work);
  assert.deepEqual(findWork(name("C-1"))?.progress(), { records: 7, bytes: 70 });
  work.stop();
  assert.equal(work.isStopping(), true);
  assert.equal(await work.endsWithin(1000), true);
  assert.equal(await work.outcome, "stopped");
  assert.equal(findWork(name("C-1")), work, "what came of it waits until somebody has looked");
  forgetWork(name("C-1"));
  assert.equal(findWork(name("C-1")), undefined);
});

test("work that fails tells whoever looks, ends nothing else, and may be started again", async () => {
  const work = await startWork(name("C-2"), () => Promise.reject(new Error("the disk is gone")));
  assert.equal(await work.endsWithin(1000), true);
  await assert.rejects(work.outcome, /disk is gone/);
  const again = await startWork(name("C-2"), async () => "done");
  assert.equal(await again.outcome, "done");
});

test("a desk that closes ends all work and waits for it", async () => {
  const [one, two] = [await startWork(name("C-3"), untilStopped), await startWork(name("C-4"), untilStopped)];
  await stopAllWork();
  assert.deepEqual([await one.outcome, await two.outcome, findWork(name("C-3"))], ["stopped", "stopped", undefined]);
});
