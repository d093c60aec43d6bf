import assert from "node:assert/strict";
import { test } from "node:test";
import { readBody } from "../../../tests/fixtures/requests/written-messages.ts";
import { missingContents } from "./read-missing-contents.ts";

const ids = ["agency", "matter", "workspace", "account", "date-range", "data-type", "officer-contact", "government-mailbox"] as const;
const required = ids.map((id) => ({ id, clause: "KDRP-2c", code: "MISSING", ask: "Please tell us." }));
const missing = (text: string, government = true) => missingContents(readBody(text), required, government).map(({ id }) => id);

const lines: Readonly<Record<string, string>> = {
  agency: "Agency: Marsh Police Department",
  matter: "Case number: 26-118",
  workspace: "Workspace: rusty-anchor",
  account: "Account: a.b@c.example",
  "date-range": "Date range: 2026-01-01 to 2026-01-31",
  "data-type": "Data requested: login history",
  "officer-contact": "Officer: Det. Ann Poe\nPhone: +1 555 010 0118\nEmail: ann.poe@marshpd.example",
};
const whole = ["Type of legal process: subpoena", ...Object.values(lines)].join("\n");

test("a request that says all that the policy asks lacks nothing", () => {
  assert.deepEqual(missing(whole), []);
});

for (const [id, line] of Object.entries(lines)) {
  test(`a request without its ${id} line lacks just that`, () => {
    assert.deepEqual(missing(whole.replace(`${line}\n`, "").replace(`\n${line}`, "")), [id]);
  });
}

test("a mailbox that is no government's is missing whatever the letter says", () => {
  assert.deepEqual(missing(whole, false), ["government-mailbox"]);
});

test("an officer with a name and no telephone has not given full contact details", () => {
  assert.deepEqual(missing(whole.replace("Phone: +1 555 010 0118\n", "")), ["officer-contact"]);
});
