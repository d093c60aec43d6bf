// The database dies in the middle: what was promised is there afterwards, and nothing is half done.
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { receiveMessage } from "../../src/app/receive-message.ts";
import { setUpDesk, setUpFile } from "../../src/app/set-up.ts";
import type { Actor } from "../../src/kernel/ids.ts";
import { instant } from "../../src/kernel/instant.ts";
import { openInstallation, type OpenInstallation } from "../../src/main.ts";

const folder = mkdtempSync(join(tmpdir(), "portcullis-down-"));
chmodSync(folder, 0o711);
let installation: OpenInstallation;

before(async () => {
  installation = await openInstallation({
    dataDir: folder,
    zone: JSON.stringify({ "agency.gov": { TXT: [["v=spf1 ip4:203.0.113.5 -all"]] }, "_dmarc.agency.gov": { TXT: [["v=DMARC1; p=reject"]] } }),
  });
  const setUp = setUpFile.parse({ desk: { legalEntity: "Kutano, Inc.", country: "US", timeZone: "America/Denver", mailboxes: ["legal@kutano.example"] } });
  assert.equal((await setUpDesk(installation.ports, installation.deskId, installation.shelf, setUp, "staff:operator" as Actor)).kind, "done");
});
after(async () => {
  await installation.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function arrives(nth: number): Promise<string> {
  const desk = await installation.desk();
  assert.ok(desk);
  const path = join(folder, `mail-${nth}.eml`);
  writeFileSync(
    path,
    `From: r@agency.gov\r\nTo: legal@kutano.example\r\nSubject: Subpoena ${nth}\r\nMessage-ID: <${nth}@agency.gov>\r\n\r\nSubpoena number ${nth}, case no. 26-${nth}.\r\n`,
  );
  const { caseId } = await receiveMessage(desk, {
    ...installation.fileMessage(path),
    door: "mail",
    clientIp: "203.0.113.5",
    helo: "mx.agency.gov",
    mailFrom: "r@agency.gov",
    receivedAt: instant("2026-03-06T22:15:00Z"),
  });
  return caseId;
}

function killServer(): void {
  const pid = Number(readFileSync(join(folder, "pg", "cluster", "postmaster.pid"), "utf8").split("\n")[0]);
  assert.ok(pid > 1);
  process.kill(pid, "SIGKILL");
}

/** The program starts its server again by itself. */
async function untilAnswering(): Promise<void> {
  // A connection of the dying server may answer once more.
  await new Promise((resolve) => setTimeout(resolve, 500));
  for (let tries = 0; tries < 150; tries++) {
    const answers = await installation.pool.query("select 1").then(
      () => true,
      () => false,
    );
    if (answers) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  assert.fail("the database did not come back");
}

test("messages that arrive while the database is killed are whole cases or none, and what was taken in is there afterwards", async () => {
  const taken: string[] = [];
  let refused = 0;
  for (let nth = 0; nth < 12; nth++) {
    if (nth === 4 || nth === 8) killServer();
    await arrives(nth).then(
      (caseId) => taken.push(caseId),
      () => (refused += 1),
    );
    if (nth === 6 || nth === 10) await untilAnswering();
  }
  await untilAnswering();
  assert.ok(refused > 0, "the kill was felt");
  assert.ok(taken.length > 0);
  const { rows } = await installation.pool.query<{ stream: string; facts: string }>(
    "select stream, string_agg(body, ' ') as facts from events where stream like 'case:%' group by stream",
  );
  for (const { stream, facts } of rows)
    for (const type of ["RequestReceived", "MessageRead", "ReadingProposed"]) assert.ok(facts.includes(`"${type}"`), `${stream} lacks ${type}`);
  for (const caseId of taken)
    assert.ok(
      rows.some(({ stream }) => stream === `case:${caseId}`),
      `${caseId} is lost`,
    );
});

test("the same message sent again after a refusal opens its case once", async () => {
  await untilAnswering();
  const first = await arrives(100);
  killServer();
  await untilAnswering();
  assert.equal(await arrives(100), first);
  assert.equal((await installation.verifyLedger({})).ok, true);
});
