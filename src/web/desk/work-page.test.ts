import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDesk, type RunningDesk } from "../../../tests/desks/running-desk.ts";
import { startWork } from "../../app/long-work.ts";
import { offerStaffLink } from "../../app/sign-in.ts";
import type { Watch } from "../../app/watched-work.ts";
import type { Actor, CaseId } from "../../kernel/ids.ts";
import { soFar } from "./work-page.tsx";

let running: RunningDesk;
let cookie = "";
let caseId: CaseId;

before(async () => {
  running = await startDesk();
  const link = (await offerStaffLink(await running.desk(), "ana", "staff:operator" as Actor)) ?? assert.fail("no link");
  const entered = await post(link.replace("/auditor/", "/desk/"));
  cookie = (entered.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  ({ caseId } = await running.receive(
    "From: mreyes@police.springfield.gov\nTo: legal-process@kutano.example\nSubject: Warrant\nMessage-ID: <w@x>\n\nAll of it.\n",
  ));
});
after(() => running.stop());

function post(url: string): Promise<Response> {
  return fetch(url, { method: "POST", redirect: "manual", headers: { origin: running.url, cookie } });
}

function get(path: string): Promise<Response> {
  return fetch(running.url + path, { redirect: "manual", headers: { cookie } });
}

async function untilStopped({ signal, onProgress }: Watch) {
  onProgress?.({ records: 12_345, bytes: 6_700_000 });
  await new Promise((resolve) => signal?.addEventListener("abort", resolve));
  return { kind: "refused", reasons: [{ clause: "IGRP-9", code: "STOPPED", because: "The packing was stopped. Nothing left." }] };
}

test("packing that takes long has a page that says how far it is, comes again by itself, and ends by a button that says what became of it", async () => {
  const desk = await running.desk();
  const work = await startWork({ desk, caseId, kind: "seal" }, untilStopped);
  const path = `/desk/case/${caseId}/work/seal`;
  const page = await get(path);
  const text = await page.text();
  assert.equal(page.status, 200);
  assert.equal(page.headers.get("refresh"), "2");
  assert.match(text, />12,345</);
  assert.match(text, /6\.7 MB/);
  const stopped = await post(`${running.url}${path}/stop`);
  assert.deepEqual([stopped.status, stopped.headers.get("location")], [303, path]);
  assert.equal(await work.endsWithin(1000), true);
  const told = await get(path);
  assert.equal(told.status, 409);
  assert.match(await told.text(), /The packing was stopped\. Nothing left\./);
  const again = await get(path);
  assert.deepEqual([again.status, again.headers.get("location")], [303, `/desk/case/${caseId}`]);
});

test("work of a case is shown to nobody without a session", async () => {
  for (const path of ["work/seal", "work/check"]) {
    const answer = await fetch(`${running.url}/desk/case/${caseId}/${path}`, { redirect: "manual" });
    assert.equal(answer.headers.get("location"), "/desk/sign-in");
  }
});

test("progress is told beside the plan's count, and alone where there is none or a source has more by now", () => {
  assert.equal(soFar(12_345, 40_000), "12,345 of about 40,000");
  assert.equal(soFar(40_000, 40_000), "40,000 of about 40,000");
  assert.deepEqual([soFar(0, 0), soFar(40_001, 40_000)], ["0", "40,001"]);
});
