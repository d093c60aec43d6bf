import { random, sha256 } from "../../src/adapters/keys/log-signing.ts";
import { openMemoryLedger } from "../../src/ledger/memory-ledger.ts";
import { verifyLedger } from "../../src/ledger/verify-ledger.ts";
import { signerFor, testLedger } from "./ledger.contract.ts";

const ledger = openMemoryLedger({ sha256, random, signerFor });
const tables = { vault: ledger.tables.vault, case_keys: ledger.tables.caseKeys, outbox: ledger.tables.outbox, claims: ledger.tables.claims };

testLedger("in memory", () => ({
  ledger,
  verify: (desk, options) => verifyLedger(ledger.rows(desk), options),
  count: async (desk, table) => [...tables[table].keys()].filter((name) => name.startsWith(`${desk}/`)).length,
}));
