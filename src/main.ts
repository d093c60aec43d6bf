// Puts the parts together: the only file that knows both the desk and the technology it runs on.
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { createReadStream, createWriteStream } from "node:fs";
import { access, appendFile, chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { systemClock, chance, sha256Hex } from "./adapters/clock/clocks.ts";
import { openFileKeyProvider } from "./adapters/keys/file-key-provider.ts";
import { noteCrypto, openLogSigners, random, sha256 } from "./adapters/keys/log-signing.ts";
import { openVault } from "./adapters/keys/sealed-vault.ts";
import { authenticateSender } from "./adapters/mail/authenticate-sender.ts";
import { openLetterSender } from "./adapters/mail/send-letters.ts";
import { liveResolver, readZone, zoneResolver } from "./adapters/mail/zone-resolver.ts";
import { openSealedFolder, sweepDrafts } from "./adapters/objects/sealed-folder.ts";
import { openSealedJournals } from "./adapters/objects/sealed-journal.ts";
import { verifyPackage } from "./adapters/package/verify-package.ts";
import { readOpenPgpKey } from "./adapters/package/openpgp-key.ts";
import { makePassphrase } from "./adapters/package/passphrase.ts";
import { packager } from "./adapters/package/write-package.ts";
import { followShelf } from "./adapters/packs/follow-shelf.ts";
import { readFixtures, readLaw } from "./adapters/packs/read-law.ts";
import { readShelf } from "./adapters/packs/read-shelf.ts";
import { deskMigrations } from "./adapters/postgres/desk-tables.ts";
import { openPostgresLedger, type PostgresLedger } from "./adapters/postgres/ledger.ts";
import { verifyDesk } from "./adapters/postgres/ledger-rows.ts";
import { startRedactor } from "./adapters/pdf/redactor.ts";
import { ledgerMigrations, migrate } from "./adapters/postgres/migrations.ts";
import { openClaims, openOutbox } from "./adapters/postgres/outbox.ts";
import { openPartnerViews } from "./adapters/postgres/partner-views.ts";
import { openPool } from "./adapters/postgres/pool.ts";
import { openSignIn } from "./adapters/postgres/sign-in.ts";
import { openDatabase, type Database } from "./adapters/postgres/supervisor.ts";
import { openTurns } from "./adapters/postgres/turns.ts";
import { openVaultTables } from "./adapters/postgres/vault-tables.ts";
import { openViews } from "./adapters/postgres/views.ts";
import { openWebhookQueue } from "./adapters/postgres/webhook-queue.ts";
import { startLetterPrinter } from "./adapters/print/letter-printer.ts";
import { startMessageReader } from "./adapters/reading/message-reader.ts";
import { readSalesLedger } from "./adapters/reading/read-sales-ledger.ts";
import { openSource } from "./adapters/sources/open-source.ts";
import { openWebhookSender } from "./adapters/webhooks/send-webhook.ts";
import { openDesk, type Desk, type Shelf } from "./app/desk.ts";
import { sourcesOf } from "./app/directory.ts";
import type { SourceEntry } from "./app/source-settings.ts";
import type { Installation, LedgerCheck, OpenOptions } from "./app/installation.ts";
import type { Clock, DeskPorts, Holdings } from "./app/ports.ts";
import type { LetterSender } from "./app/reading-port.ts";
import type { Terminal } from "./cli/command.ts";
import { firstWord, runCommand } from "./cli/run.ts";
import type { AssessmentShelf } from "./assessment/assess.ts";
import type { DeskId } from "./kernel/ids.ts";
import { verifyProof } from "./ledger/verify-proof.ts";
import { verifierText } from "./ledger/signed-note.ts";
import { readDataMap } from "./production/plan/read-data-map.ts";
import type { DataMap, SourceFinding } from "./production/shapes.ts";

/** The packs of this release, or the operator's own folder. */
const packsFolder = process.env["PORTCULLIS_PACKS"] ?? fileURLToPath(new URL("../packs", import.meta.url));

/** What a rehearsal or a test brings of its own; everything else is real. */
export interface Rehearsal {
  readonly clock?: Clock;
  readonly letters?: LetterSender;
  /** Webhooks may go to this machine itself, without TLS. */
  readonly loopbackWebhooks?: boolean;
}

export interface OpenInstallation extends Installation {
  readonly database: Database;
  readonly ledger: PostgresLedger;
  readonly pool: ReturnType<typeof openPool>;
}

class PacksRefused extends Error {
  readonly problems: readonly { readonly file: string; readonly line: number; readonly column: number; readonly what: string; readonly remedy: string }[];
  constructor(problems: PacksRefused["problems"]) {
    super("The packs cannot be used as they are.");
    this.problems = problems;
  }
}

export async function loadShelf(folder = packsFolder): Promise<Shelf> {
  const reading = await readShelf(folder);
  if (reading.kind === "problems") throw new PacksRefused(reading.problems);
  return reading.shelf;
}

/** The program's own files that decide what a valid pack is. */
const packRules = ["pack.ts", "pack-findings.ts", "load-pack.ts"].map((name) => fileURLToPath(new URL(`policy/${name}`, import.meta.url)));

async function loadLaw(): Promise<AssessmentShelf> {
  const reading = await readLaw(packsFolder, packRules);
  if (reading.kind === "problems") throw new PacksRefused(reading.problems);
  return reading.law;
}

const deskId = "main" as DeskId;

/** Opens a desk's folder, its database included, and everything the desk needs. Stop it to let go of both. */
export async function openInstallation(options: OpenOptions, rehearsal: Rehearsal = {}): Promise<OpenInstallation> {
  const shelf = await loadShelf();
  await mkdir(options.dataDir, { recursive: true });
  await closeToOthers(options.dataDir);
  const database = await openDatabase({ dataDir: options.dataDir, ...pick(options, "databaseUrl"), ...pick(options, "onProgress") });
  try {
    return await assemble(options, rehearsal, shelf, database);
  } catch (error) {
    await database.stop();
    throw error;
  }
}

async function closeToOthers(folder: string): Promise<void> {
  await mkdir(join(folder, "keys"), { recursive: true });
  await chmod(join(folder, "keys"), 0o700);
}

function pick<Key extends keyof OpenOptions>(options: OpenOptions, key: Key): Partial<Record<Key, NonNullable<OpenOptions[Key]>>> {
  const value = options[key];
  return value === undefined || value === null ? {} : ({ [key]: value } as Partial<Record<Key, NonNullable<OpenOptions[Key]>>>);
}

async function assemble(options: OpenOptions, rehearsal: Rehearsal, shelf: Shelf, database: Database): Promise<OpenInstallation> {
  await migrateDatabase(database);
  const pool = openPool(database.app);
  const keys = join(options.dataDir, "keys");
  const signerFor = await openLogSigners(join(keys, "log.key"), "portcullis");
  const ledger = openPostgresLedger({ pool, sha256, random, signerFor });
  const vault = openVault({ tables: openVaultTables(pool), provider: await openFileKeyProvider(join(keys, "vault.key")) });
  const folder = join(options.dataDir, "objects");
  await mkdir(folder, { recursive: true });
  await sweepDrafts(folder);
  const reader = startMessageReader();
  const printer = startLetterPrinter();
  const redactor = startRedactor();
  // A message must not wait for a paper that somebody redacts, nor long for one that is hostile.
  const inspector = startRedactor({ stepMs: 5000, totalMs: 10_000, engineMebibytes: 256, memoryMebibytes: 256 });
  const resolver = options.zone === undefined ? liveResolver() : zoneFrom(options.zone);
  const relay = openRelay();
  const base: DeskPorts = {
    clock: rehearsal.clock ?? systemClock,
    chance,
    digest: sha256Hex,
    ledger,
    vault,
    objects: openSealedFolder({ folder, keys: vault }),
    journals: openSealedJournals({ folder: join(options.dataDir, "packing"), keys: vault }),
    turns: openTurns(pool),
    claims: openClaims(pool),
    outbox: openOutbox(pool),
    views: openViews(pool),
    partnerViews: openPartnerViews(pool),
    readSales: readSalesLedger,
    signIn: openSignIn(pool),
    reader,
    printer,
    redactor,
    inspectPaper: (paper) => inspector.inspect(paper),
    authenticate: (arrival) => authenticateSender(arrival, resolver),
    packager,
    delivery: {
      makePassphrase,
      makeIdentity: async () => {
        const identity = await generateX25519Identity();
        return { identity, recipient: await identityToRecipient(identity) };
      },
      refusePgpKey: async (armored, at) => {
        const reading = await readOpenPgpKey(armored, at);
        return reading.kind === "refused" ? reading.reasons : [];
      },
      signer: signerFor,
    },
    webhookQueue: openWebhookQueue(pool),
    webhookSender: openWebhookSender({ allowLoopback: rehearsal.loopbackWebhooks === true }),
    sources: () => openHoldings(current),
  };
  const packs = followShelf(packsFolder, shelf);
  async function current(): Promise<Desk | undefined> {
    const desk = await openDesk(deskId, packs.shelf(), base);
    if (desk === undefined) return undefined;
    const letters = rehearsal.letters ?? relay(desk);
    return letters === undefined ? desk : { ...desk, ports: { ...desk.ports, letters } };
  }
  const key = signerFor(deskId);
  return {
    ports: base,
    get shelf() {
      return packs.shelf();
    },
    freshenPacks: () => packs.freshen(),
    deskId,
    dataDir: options.dataDir,
    database,
    ledger,
    pool,
    log: ledger,
    logKey: verifierText(sha256, key),
    desk: current,
    newestCheckpoint: () => ledger.findCheckpoint(deskId),
    verifyLedger: async ({ known, onProgress, signal }) =>
      ledgerCheck(
        await verifyDesk(pool, deskId, {
          crypto: noteCrypto,
          key,
          ...(known === undefined ? {} : { known }),
          ...(signal === undefined ? {} : { signal }),
          ...(onProgress === undefined ? {} : { onProgress: ({ verified, total }) => onProgress(verified, total) }),
        }),
      ),
    fileMessage: (path) => ({ raw: { path }, bytes: () => createReadStream(path) as AsyncIterable<Uint8Array> }),
    stop: async () => {
      await ledger.drained();
      await reader.close();
      await printer.close();
      await redactor.close();
      await inspector.close();
      await pool.end();
      await database.stop();
    },
  };
}

async function migrateDatabase(database: Database): Promise<void> {
  const owner = openPool(database.owner, { max: 1 });
  try {
    const appRole = "user" in database.app ? database.app.user : await roleOf(database);
    await migrate(owner, appRole, [...ledgerMigrations, ...deskMigrations]);
  } finally {
    await owner.end();
  }
}

async function roleOf(database: Database): Promise<string> {
  const app = openPool(database.app, { max: 1 });
  try {
    const { rows } = await app.query<{ name: string }>("select current_user as name");
    return rows[0]?.name ?? "public";
  } finally {
    await app.end();
  }
}

function zoneFrom(text: string) {
  const reading = readZone(text);
  if (reading.kind === "refused") throw new Error(`the zone file cannot be used: ${reading.problems.join(" ")}`);
  return zoneResolver(reading.zone);
}

function ledgerCheck(verdict: Awaited<ReturnType<typeof verifyDesk>>): LedgerCheck {
  if (verdict.kind === "whole") return { ok: true, size: verdict.size, waiting: verdict.waiting, checkpoints: verdict.checkpoints, root: verdict.root };
  const { finding } = verdict;
  return { ok: false, size: 0, waiting: 0, checkpoints: 0, root: "", finding };
}

/** The operator's mail relay, opened once for each setting. */
function openRelay() {
  const open = new Map<string, LetterSender>();
  return ({ profile }: Desk): LetterSender | undefined => {
    const { relay, legalEntity } = profile;
    if (relay === undefined) return undefined;
    const key = JSON.stringify(relay);
    const sender =
      open.get(key) ??
      openLetterSender({
        host: relay.host,
        port: relay.port,
        from: { name: `${legalEntity}, legal requests`, address: relay.from },
        ...(relay.user === undefined ? {} : { user: { name: relay.user, password: relay.password ?? "" } }),
      });
    open.set(key, sender);
    return sender;
  };
}

/** Opens every connected source; what is wrong with one is a finding, and that source is left out. */
async function openHoldings(current: () => Promise<Desk | undefined>): Promise<Holdings> {
  const desk = await current();
  if (desk === undefined) return { sources: [], maps: [], findings: [] };
  const entries = await sourcesOf(desk);
  const opened = await Promise.all(entries.map(async (entry) => ({ entry, opened: await openSource(entry), maps: mapsOf(desk, entry) })));
  return {
    sources: opened.flatMap(({ opened: source }) => (source.kind === "open" ? [source.source] : [])),
    maps: opened.flatMap(({ opened: source, maps }) => (source.kind === "open" ? maps.maps : [])),
    findings: opened.flatMap(({ opened: source, maps }) => [...source.findings, ...maps.findings]),
  };
}

function mapsOf(desk: Desk, entry: SourceEntry): { readonly maps: readonly DataMap[]; readonly findings: readonly SourceFinding[] } {
  const reading = readDataMap(`${entry.name}.yaml`, entry.dataMap, desk.policy.dataTypes);
  if (reading.kind === "read") return { maps: reading.maps.map(({ map }) => map), findings: [] };
  return {
    maps: [],
    findings: reading.problems.map(({ file, line, what, remedy }) => ({ code: "UNREADABLE", where: `${file}:${line}`, what: `${what} ${remedy}` })),
  };
}

const terminal: Terminal = {
  open: (options) => openInstallation({ ...fromEnvironment(), ...options }),
  loadShelf,
  loadLaw,
  loadFixtures: () => readFixtures(packsFolder),
  verifyPackage: (file, { identity, passphrase, logKey }) =>
    verifyPackage(file, {
      ...(identity === undefined ? {} : { identity }),
      ...(passphrase === undefined ? {} : { passphrase }),
      ...(logKey === undefined ? {} : { trustedLogKey: logKey }),
      verifyProof: (proof, key) => verifyProof(noteCrypto, proof, key),
      noteCrypto,
    }),
  inspectPaper: async (file, terms) => {
    const redactor = startRedactor();
    try {
      return await redactor.inspect(await readFile(file), terms);
    } finally {
      await redactor.close();
    }
  },
  // The page is made with a bundler that nothing else needs.
  verifyPage: async () => (await import("./adapters/package/write-verify-page.ts")).verifyPageHtml(),
  readText: (file) => (file === "-" ? text(process.stdin) : readFile(file, "utf8")),
  readBytes: bytesOf,
  readSales: (file, onFault) => readSalesLedger(bytesOf(file), { onFault }),
  writeText: (file, text, how) => {
    if (how === "secret") return writeFile(file, text, { mode: 0o600, flag: "wx" });
    return how === "new" ? writeFile(file, text) : appendFile(file, text);
  },
  exists: (path) =>
    access(path).then(
      () => true,
      () => false,
    ),
  writeStream: (file, chunks) => pipeline(chunks, createWriteStream(file)),
  progress: (text) => {
    if (process.stderr.isTTY) process.stderr.write(`${text}\n`);
  },
};

function fromEnvironment(): { readonly databaseUrl?: string } {
  const url = process.env["DATABASE_URL"];
  return url === undefined || url === "" ? {} : { databaseUrl: url };
}

/** Runs one command line; returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const at = firstWord(argv);
    const rest = argv.toSpliced(at, 1);
    if (argv[at] === "start") return await start(rest);
    if (argv[at] === "demo") return await demo(rest);
    return (await runCommand(argv, terminal, (text) => process.stdout.write(`${text}\n`))).exit;
  } catch (error) {
    if (error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS")) {
      process.stderr.write(`${error.message}. portcullis --help lists the commands.\n`);
      return 2;
    }
    process.stderr.write(`${trouble(error)}\n`);
    return 3;
  }
}

/** Resolves at Ctrl-C or a polite kill; a second one ends at once. */
function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}

async function demo(argv: readonly string[]): Promise<number> {
  const { rehearse } = await import("./rehearse.ts");
  const { values } = parseArgs({
    args: [...argv],
    options: { once: { type: "boolean" }, out: { type: "string" }, port: { type: "string" } },
  });
  await rehearse(
    {
      once: values.once === true,
      ...(values.out === undefined ? {} : { out: values.out }),
      port: Number(values.port ?? (values.once === true ? "0" : "8080")),
      say: (text) => process.stdout.write(`${text}\n`),
    },
    untilStopped(),
  );
  return 0;
}

async function start(argv: readonly string[]): Promise<number> {
  const { startService, OpenDoor } = await import("./serve.ts");
  const { values } = parseArgs({
    args: [...argv],
    options: {
      data: { type: "string" },
      "database-url": { type: "string" },
      host: { type: "string" },
      port: { type: "string" },
      "smtp-host": { type: "string" },
      "smtp-port": { type: "string" },
      "tls-key": { type: "string" },
      "tls-cert": { type: "string" },
    },
  });
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const key = values["tls-key"];
  const cert = values["tls-cert"];
  const settings = {
    host: values.host ?? "127.0.0.1",
    port: Number(values.port ?? "8080"),
    smtpHost: values["smtp-host"] ?? "127.0.0.1",
    smtpPort: Number(values["smtp-port"] ?? "2525"),
    ...(key === undefined || cert === undefined ? {} : { tls: { key, cert } }),
    rehearsal: false,
    say,
  };
  const url = values["database-url"];
  const installation = await openInstallation({
    ...fromEnvironment(),
    ...(url === undefined ? {} : { databaseUrl: url }),
    dataDir: values.data ?? "desk",
    onProgress: say,
  });
  try {
    const service = await startService(installation, settings);
    say(`The desk is open at ${service.url}${service.smtpPort === undefined ? "" : `, its mailbox on port ${service.smtpPort}`}.`);
    if (service.setUpUrl !== undefined) say(`It is not set up yet. Open this link once: ${service.setUpUrl}`);
    await untilStopped();
    say("Closing …");
    await service.stop();
    return 0;
  } catch (error) {
    if (!(error instanceof OpenDoor)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  } finally {
    await installation.stop();
  }
}

function bytesOf(file: string): AsyncIterable<Uint8Array> {
  return file === "-" ? process.stdin : createReadStream(file, { highWaterMark: 1 << 20 });
}

/** The world or we failed: a sentence, and the trace only when somebody asks for it. */
function trouble(error: unknown): string {
  if (error instanceof PacksRefused)
    return error.problems.map(({ file, line, column, what, remedy }) => `${file}:${line}:${column}: ${what} ${remedy}`).join("\n");
  if (process.env["PORTCULLIS_DEBUG"] !== undefined && error instanceof Error) return error.stack ?? error.message;
  if (error instanceof Error && "code" in error && error.code === "EADDRINUSE")
    return `${error.message}. Another program has this port; choose another with --port or --smtp-port.`;
  if (error instanceof Error && "code" in error && error.code === "ENOENT" && "path" in error) return `There is no file ${String(error.path)}. Check the path.`;
  const words = error instanceof Error ? error.message : String(error);
  return `Portcullis had to stop: ${words}\nNothing is half done; set PORTCULLIS_DEBUG=1 to see where.`;
}
