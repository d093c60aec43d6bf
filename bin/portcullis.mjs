#!/usr/bin/env node
// Starts the program on the Node it was made for, and installs what is missing first.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const ensure = spawnSync(process.execPath, [join(root, "scripts", "ensure-install.mjs")], { cwd: root, stdio: ["ignore", 2, 2] });
if (ensure.status !== 0) process.exit(ensure.status ?? 1);
const own = join(root, "node_modules", ".bin", "node");
const node = Number(process.versions.node.split(".")[0]) >= 26 || !existsSync(own) ? process.execPath : own;
const run = spawnSync(
  node,
  // Young objects get 8 MiB before they are looked through, and old ones half as much as is in use: more makes nothing faster here, and a large package would take it.
  [
    "--max-semi-space-size=8",
    "--heap-growing-percent=50",
    "--import",
    join(root, "node_modules", "tsx", "dist", "esm", "index.mjs"),
    join(root, "src", "portcullis.ts"),
    ...process.argv.slice(2),
  ],
  { stdio: "inherit" },
);
process.exit(run.status ?? 1);
