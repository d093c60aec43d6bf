// The victim of the kill test: appends for ever and prints each fact after, and only after, it was acknowledged.
import { writeSync } from "node:fs";
import { random, sha256 } from "../../src/adapters/keys/log-signing.ts";
import { openPostgresLedger } from "../../src/adapters/postgres/ledger.ts";
import { openPool } from "../../src/adapters/postgres/pool.ts";
import type { ConnectionSettings } from "../../src/adapters/postgres/supervisor.ts";
import type { DeskId } from "../../src/kernel/ids.ts";
import { appendOf, at, signerFor } from "./ledger.contract.ts";

const [settings = "", name = ""] = process.argv.slice(2);
const desk = name as DeskId;
const ledger = openPostgresLedger({ pool: openPool(JSON.parse(settings) as ConnectionSettings), sha256, random, signerFor });

async function write(writer: number): Promise<void> {
  for (let version = 0; ; version++) {
    const { kind } = await ledger.append(appendOf(desk, `case:${writer}`, version));
    if (kind === "appended") writeSync(1, `case:${writer} ${version + 1}\n`);
    if (writer === 0 && version % 5 === 0) await ledger.seal(desk, at);
  }
}

await Promise.all(Array.from({ length: 16 }, (_, writer) => write(writer)));
