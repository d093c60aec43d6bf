// Runs every test there is and fails when there was none: files are found, never listed by hand.
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { globSync } from "node:fs";
import { availableParallelism } from "node:os";

const wanted = process.argv.slice(2);
const files = globSync(["src/**/*.test.{ts,tsx}", "tests/**/*.test.ts"]).filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)));
if (files.length === 0) {
  process.stderr.write("No test file was found.\n");
  process.exit(1);
}
const stream = run({ files: files.toSorted(), concurrency: Math.max(1, availableParallelism()), execArgv: ["--import", "tsx"] });
stream.on("test:fail", () => (process.exitCode = 1));
stream.compose(new spec()).pipe(process.stdout);
