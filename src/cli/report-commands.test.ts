// The reports at the terminal, by its own road: words in, an exit code and an answer of the promised shape out.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { appendCase, openSampleDesk, type SampleDesk } from "../../tests/desks/sample-desk.ts";
import type { Terminal } from "./command.ts";
import { commands } from "./commands.ts";
import { runCommand } from "./run.ts";

let european: SampleDesk;
let american: SampleDesk;

before(async () => {
  [european, american] = await Promise.all([openSampleDesk({ jurisdictions: ["us", "eu"], bandOption: 3 }), openSampleDesk()]);
  await appendCase(european.desk, "C-EU00-0001", [
    { type: "RequestReceived", door: "mail", receivedAt: "2026-11-02T15:00:00.000Z", message: { object: "o", bytes: 1, commitment: "c" }, packs: [] },
    {
      type: "DetailsConfirmed",
      revision: 1,
      subjects: [],
      lines: [{ id: "L0", subject: "S1", dataType: "name" }],
      missing: [],
      instrument: { id: "EU-EPOC", servedAt: "2026-11-02T15:00:00.000Z" },
    },
  ]);
});
after(() => Promise.all([european?.stop(), american?.stop()]));

async function run(at: SampleDesk, ...words: readonly string[]) {
  const terminal = { exists: async () => true, open: async () => ({ ...at.installation, stop: async () => undefined }), progress: () => undefined };
  let text = "";
  const { exit } = await runCommand(words, terminal as unknown as Terminal, (line) => (text += line));
  return { exit, text, json: words.includes("--json") ? (JSON.parse(text) as { readonly [member: string]: unknown }) : {} };
}

function assertPromised(name: string, json: unknown): void {
  const output = commands.find((each) => each.name === name)?.output ?? assert.fail(name);
  assert.ok(output.safeParse(json).success, `what ${name} prints has its promised shape`);
}

test("statistics name the order that cannot be placed, and the exit code says that something is not in order", async () => {
  for (const which of ["e-evidence", "dsa"]) {
    const words = which === "dsa" ? ["--with-production-orders", "--service", "Kutano"] : [];
    const { exit, json } = await run(european, "report", "2026", "--statistics", which, ...words, "--json");
    assert.equal(exit, 1);
    assert.deepEqual(json["findings"], [
      {
        caseId: "C-EU00-0001",
        code: "ISSUING_STATE_UNKNOWN",
        because: "No issuing State is on record for this order. Add the country of its authority to the case.",
      },
    ]);
    assertPromised("report", json);
  }
  const told = await run(european, "report", "2026", "--statistics", "e-evidence");
  assert.match(told.text, /Due on 2027-03-31\.\n {2}✗ C-EU00-0001 is counted nowhere/);
  assert.equal((await run(european, "report", "2025", "--statistics", "e-evidence", "--csv")).exit, 0);
});

test("statistics are not published by the desk, have two names, and need a law that has European orders", async () => {
  const wrong: readonly (readonly [SampleDesk, readonly string[], RegExp])[] = [
    [european, ["--statistics", "e-evidence", "--publish"], /not published by the desk/],
    [european, ["--statistics", "art-28"], /e-evidence or dsa/],
    [european, ["--statistics", "e-evidence", "--service", "Kutano"], /go with --statistics dsa/],
    [european, ["--with-production-orders"], /go with --statistics dsa/],
    [american, ["--statistics", "dsa"], /Name the pack eu/],
  ];
  for (const [at, words, says] of wrong) {
    const { exit, text } = await run(at, "report", "2026", ...words);
    assert.equal(exit, 2, words.join(" "));
    assert.match(text, says);
  }
});

test("bands are refused without a structure, and nothing of what was received is in the answer", async () => {
  const { exit, json } = await run(american, "report", "national-security", "--json");
  assert.equal(exit, 1);
  assert.match(JSON.stringify(json), /BAND_OPTION_UNNAMED/);
  assertPromised("report national-security", json);
});

test("bands are counted, published once, corrected with a reason, and checked with the whole ledger", async () => {
  const counted = await run(european, "report", "national-security");
  assert.equal(counted.exit, 0);
  assert.match(counted.text, /^Option 3: .* for publication on 2027-01-15\n {2}2026-07-20 to 2027-01-15 {2}0–249 {2}National security process received/);
  assert.match((await run(european, "report", "national-security", "--csv")).text, /^published_on,edition,option,type,received,accounts\r\n2027-01-15,1,3,/);
  assert.equal((await run(european, "report", "national-security", "--correction", "x")).exit, 2);
  const published = await run(european, "report", "national-security", "--publish", "--json");
  assert.deepEqual([published.exit, published.json["edition"]], [0, 1]);
  assertPromised("report national-security", published.json);
  const again = await run(european, "report", "national-security", "--publish");
  assert.equal(again.exit, 1);
  assert.match(again.text, /CORRECTION_UNEXPLAINED/);
  const corrected = await run(
    european,
    "report",
    "national-security",
    "--publish",
    "--published-on",
    "2027-01-15",
    "--correction",
    "A paper was confirmed.",
    "--json",
  );
  assert.deepEqual([corrected.exit, corrected.json["edition"]], [0, 2]);
  assert.equal((await run(european, "report", "national-security", "--published-on", "yesterday")).exit, 2);
  const { exit, json } = await run(european, "ledger", "verify", "--json");
  assert.deepEqual([exit, json["figures"]], [0, []]);
});

test("a yearly report whose structure of bands may not stand beside those printed is refused with the reasons", async () => {
  const { setUp } = european.desk;
  const changed = {
    ...european,
    installation: { ...european.installation, desk: async () => ({ ...european.desk, setUp: { ...setUp, bandOption: 1 as const } }) },
  };
  for (const words of [[], ["--publish"]]) {
    const { exit, json } = await run(changed, "report", "2026", ...words, "--json");
    assert.equal(exit, 1);
    assert.match(JSON.stringify(json), /BAND_STRUCTURES_MIXED/);
    assertPromised("report", json);
  }
});
