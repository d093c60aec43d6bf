// Runs every benchmark in turn, each against its rival in the same run. Sizes can be cut: npm run bench -- quick
import { spawnSync } from "node:child_process";

const isQuick = process.argv.includes("quick");
const benches: readonly (readonly [string, ...string[]])[] = [
  ["bench/ledger.ts"],
  ["bench/package.ts", isQuick ? "100000000" : "4000000000"],
  ["bench/package.ts", "memory", isQuick ? "1000000000" : "100000000000"],
  ["bench/list.ts", "--cases", isQuick ? "10000" : "100000"],
  ["bench/partners.ts", ...(isQuick ? ["--partners", "1000"] : [])],
  ["bench/sales-ledger.ts", "--rows", isQuick ? "1000000" : "10000000"],
  ["bench/source.ts", "--rows", isQuick ? "100000" : "1000000"],
  ["bench/redaction.ts", isQuick ? "20" : "200"],
  ["bench/assess.ts", ...(isQuick ? ["--cases", "150", "--rounds", "3", "--starts", "3"] : [])],
];
for (const [file, ...given] of benches) {
  process.stdout.write(`\n== ${file} ${given.join(" ")}\n`);
  const { status } = spawnSync(process.execPath, ["--import", "tsx", file, ...given], { stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
