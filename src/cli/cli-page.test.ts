import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { cliPage } from "./cli-page.ts";
import { commands } from "./commands.ts";

test("docs/cli.md says what the commands are, word for word", () => {
  assert.equal(readFileSync(new URL("../../docs/cli.md", import.meta.url), "utf8"), cliPage(), "run npm run docs");
});

test("no two commands share a name, and each says what it prints", () => {
  assert.equal(new Set(commands.map(({ name }) => name)).size, commands.length);
  assert.ok(commands.every(({ describe, output }) => describe.length > 20 && output !== undefined));
});
