// Everything the terminal can ask for.
import { isIP } from "node:net";
import { z } from "zod";
import { parse as parseYaml } from "yaml";
import { findCaseView } from "../app/case-view.ts";
import type { Desk } from "../app/desk.ts";
import { askersOf } from "../app/permissions.ts";
import { handle, readCase } from "../app/handle.ts";
import { findStaff } from "../app/directory.ts";
import { giveNotices } from "../app/owner-notice.ts";
import { settleViews } from "../app/project-views.ts";
import { dryRun, planAndCheck } from "../app/produce.ts";
import { takeSnapshot } from "../app/preserve.ts";
import { proposeDetails } from "../app/propose-details.ts";
import { openSecrets } from "../app/case-secrets.ts";
import { checkVault } from "../app/check-vault.ts";
import { checkReports, countNextEdition, figureWords, publishReport } from "../app/publish-report.ts";
import { receiveMessage, receivedNow } from "../app/receive-message.ts";
import { sendLetters } from "../app/send-letters.ts";
import { setUpDesk, setUpFile } from "../app/set-up.ts";
import { localPathOf } from "../app/source-settings.ts";
import { offerStaffLink } from "../app/sign-in.ts";
import { react, wakeDue } from "../app/wake.ts";
import type { Actor, CaseId } from "../kernel/ids.ts";
import { reportCsv } from "../reporting/module.ts";
import type { Asker } from "../requests/decision.ts";
import { caseText } from "./case-words.ts";
import { need, optionText, refusedAnswer, Usage, type Answer, type Command, type Given } from "./command.ts";
import { answerOf, getDesk, operator } from "./desk-of.ts";
import { dataMapCommands } from "./data-map-commands.ts";
import { productionCommands, watchAt } from "./production-commands.ts";
import { partnerCommands } from "./partner-commands.ts";
import { webhookCommands } from "./webhook-commands.ts";
import { caseExport, exchangeRead, fileToTakeIn } from "./exchange-commands.ts";
import { bandsReport, statisticsAnswer, statisticsOptions, statisticsOutput } from "./report-commands.ts";
import { calc } from "./calc-commands.ts";
import { calcSales } from "./sales-command.ts";
import { redactCheck } from "./redact-commands.ts";
import { clauses } from "./clauses-command.ts";
import { assessCase, packsDiff, packsTest } from "./law-commands.ts";
import { caseOutput, done, ledgerOutput, packageOutput, reason, refusal } from "./schemas.ts";

/** Whoever can read the desk's folder can act as anybody in it; the ledger says that the terminal did. */
const everyAsker: readonly Asker[] = ["analyst", "counsel", "approver"];

const setUp: Command = {
  name: "setup",
  usage: "setup FILE",
  describe:
    "Loads the desk's facts from one YAML or JSON file: legal entity and place, time zone, packs, elections, owners, workspaces and accounts, officers called back, staff, sources.",
  options: {},
  needsDesk: true,
  output: z.union([
    z.object({ ok: z.literal(true), workspaces: z.number(), accounts: z.number(), officers: z.number(), staff: z.number(), sources: z.number() }),
    refusal,
  ]),
  run: async (given, terminal, installation) => {
    const file = need(given, 0, "The set-up file");
    const parsed = setUpFile.safeParse(normaliseSetUp(parseYaml(await terminal.readText(file))));
    if (!parsed.success)
      return refusedAnswer(
        parsed.error.issues.map(({ path, message }) => ({
          clause: "SET-UP",
          code: "INPUT_NOT_UNDERSTOOD",
          because: `${path.join(".") || "the file"}: ${message}`,
        })),
      );
    const sources = await Promise.all(
      parsed.data.sources.map(async (source) => ({
        ...source,
        dataMap: source.dataMap.includes("\n") ? source.dataMap : await terminal.readText(beside(file, source.dataMap)),
      })),
    );
    const local = sources.flatMap((source) => [localPathOf(source)].flatMap((path) => (path === undefined ? [] : [{ name: source.name, path }])));
    const absent = (await Promise.all(local.map(async ({ name, path }) => ((await terminal.exists(path)) ? [] : [name])))).flat();
    if (absent.length > 0)
      return refusedAnswer(
        absent.map((name) => ({
          clause: "SET-UP",
          code: "NO_EXPORT",
          because: `What the source ${name} reads from is not there. Give the full path of its file or folder.`,
        })),
      );
    const done = await setUpDesk(installation.ports, installation.deskId, installation.shelf, { ...parsed.data, sources }, operator);
    if (done.kind === "refused") return refusedAnswer(done.reasons);
    const { kind: _, ...figures } = done;
    return {
      json: { ok: true, ...figures },
      text: `The desk is set up: ${figures.workspaces} workspaces, ${figures.accounts} accounts, ${figures.officers} officers, ${figures.staff} staff, ${figures.sources} sources.`,
      exit: 0,
    };
  },
};

/** `policyPack: data-request` is understood too. */
function normaliseSetUp(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("policyPack" in value)) return value;
  const { policyPack, ...rest } = value as { readonly policyPack: unknown };
  return { policyPacks: [policyPack], ...rest };
}

function beside(file: string, other: string): string {
  return other.startsWith("/") ? other : `${file.includes("/") ? file.slice(0, file.lastIndexOf("/") + 1) : ""}${other}`;
}

const intake: Command = {
  name: "intake",
  usage: "intake FILE",
  describe:
    "Takes in one raw e-mail as the mailbox would, and prints the case with its findings. A .xml or .json file is taken in as a document that nobody sent.",
  options: {
    "client-ip": { type: "string", value: "IP", describe: "Address of the server that delivered it (default 127.0.0.1)." },
    helo: { type: "string", value: "NAME", describe: "The name that server gave (default localhost)." },
    "mail-from": { type: "string", value: "ADDRESS", describe: "The envelope sender (default: none)." },
    dns: {
      type: "string",
      value: "ZONE.json",
      describe: "DNS answers for offline use: name → type → answers as dns.promises.resolve gives them; what is absent does not exist.",
    },
    "received-at": { type: "string", value: "TIME", describe: "ISO 8601 moment of arrival (default: now)." },
  },
  needsDesk: true,
  output: z.union([caseOutput.extend({ intake: z.enum(["opened", "duplicate", "follow-up"]) }), refusal]),
  run: async (given, _terminal, installation) => {
    const desk = await getDesk(installation);
    const file = await fileToTakeIn(installation, need(given, 0, "The message file"));
    const received = await receiveMessage(desk, {
      ...file,
      door: "terminal",
      clientIp: addressOf(given),
      helo: optionText(given, "helo") ?? "localhost",
      mailFrom: optionText(given, "mail-from") ?? "",
      receivedAt: momentOf(desk, given, "received-at"),
    });
    await settleViews(desk);
    const answer = await showCase(desk, received.caseId);
    return { ...answer, json: { intake: received.how, ...(answer.json as object) } };
  },
};

function addressOf(given: Given): string {
  const address = optionText(given, "client-ip") ?? "127.0.0.1";
  if (isIP(address) === 0) throw new Usage("--client-ip is not an IP address such as 203.0.113.5.");
  return address;
}

function momentOf(desk: Desk, given: Given, name: string) {
  try {
    return receivedNow(desk, optionText(given, name));
  } catch {
    throw new Usage(`--${name} is not an ISO 8601 moment such as 2026-03-06T22:15:00Z.`);
  }
}

async function showCase(desk: Desk, caseId: CaseId): Promise<Answer> {
  const view = await findCaseView(desk, caseId, operator, everyAsker);
  if (view === undefined) return refusedAnswer([{ clause: "KDRP-1", code: "UNKNOWN_CASE", because: "There is no such case. Check the case number." }]);
  return { json: view, text: caseText(view), exit: 0 };
}

const caseShow: Command = {
  name: "case show",
  usage: "case show CASE",
  describe: "Prints one case: sender, lines with verdicts, gate, clocks, letters.",
  options: {},
  needsDesk: true,
  output: z.union([caseOutput, refusal]),
  run: async (given, _terminal, installation) => showCase(await getDesk(installation), need(given, 0, "The case number") as CaseId),
};

const caseList: Command = {
  name: "case list",
  usage: "case list",
  describe: "Lists cases, newest first.",
  options: { queue: { type: "string", value: "QUEUE", describe: "overdue, due, open, held, closed or all (default all)." } },
  needsDesk: true,
  output: z.object({
    cases: z.array(
      z.object({
        caseId: z.string(),
        receivedAt: z.string(),
        door: z.string(),
        stage: z.string(),
        instrument: z.string().optional(),
        secret: z.boolean(),
        nextDueAt: z.string().optional(),
        nextDue: z.string().optional(),
      }),
    ),
  }),
  run: async (given, _terminal, installation) => {
    const desk = await getDesk(installation);
    await settleViews(desk);
    const queue = z.enum(["overdue", "due", "open", "held", "closed", "all"]).safeParse(optionText(given, "queue") ?? "all");
    if (!queue.success) throw new Usage("--queue is one of overdue, due, open, held, closed, all.");
    const cases = await desk.ports.views.list(desk.id, { queue: queue.data, limit: 1000, now: desk.ports.clock.now() });
    return {
      json: { cases },
      text: cases
        .map(({ caseId, receivedAt, stage, instrument, secret }) => (secret ? `${caseId}  sealed` : `${caseId}  ${receivedAt}  ${stage}  ${instrument ?? ""}`))
        .join("\n"),
      exit: 0,
    };
  },
};

const step: Command = {
  name: "step",
  usage: "step CASE FILE.json",
  describe: "Takes one step in a case: the file holds the command (its type and values), as the pages send it.",
  options: { as: { type: "string", value: "STAFF", describe: "Id of the member of staff who takes it (default: the operator)." } },
  needsDesk: true,
  output: z.union([done, refusal]),
  run: async (given, terminal, installation) => {
    const desk = await getDesk(installation);
    const caseId = need(given, 0, "The case number") as CaseId;
    const command = readJson(await terminal.readText(need(given, 1, "The command file")));
    const { by, askers } = await personOf(desk, given);
    return answerOf(await handle(desk, { caseId, by, askers, command }));
  },
};

function readJson(text: string): { readonly type: string } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && "type" in value && typeof value.type === "string") return value as { readonly type: string };
  } catch {
    // Said below in plain words.
  }
  throw new Usage('The file is not a command: a JSON object with a "type".');
}

async function personOf(desk: Desk, given: Given): Promise<{ readonly by: Actor; readonly askers: readonly Asker[] }> {
  const id = optionText(given, "as");
  if (id === undefined) return { by: operator, askers: everyAsker };
  const staff = await findStaff(desk, id);
  if (staff === undefined) throw new Usage("--as names nobody of this desk's staff.");
  return { by: `staff:${staff.id}` as Actor, askers: askersOf(staff.roles) };
}

const confirm: Command = {
  name: "confirm",
  usage: "confirm CASE",
  describe: "Confirms the details as they were read, without corrections.",
  options: { as: { type: "string", value: "STAFF", describe: "Id of the member of staff who confirms (default: the operator)." } },
  needsDesk: true,
  output: z.union([done, refusal]),
  run: async (given, _terminal, installation) => {
    const desk = await getDesk(installation);
    const caseId = need(given, 0, "The case number") as CaseId;
    const history = await readCase(desk, caseId);
    const proposal = await proposeDetails(desk, history, await openSecrets(desk, caseId, history));
    if (proposal === undefined) return refusedAnswer([{ clause: "KDRP-1", code: "UNKNOWN_CASE", because: "There is no such case, or nothing was read." }]);
    return answerOf(await handle(desk, { caseId, ...(await personOf(desk, given)), command: { ...proposal } }));
  },
};

const notice: Command = {
  name: "notice",
  usage: "notice CASE",
  describe: "Tells the owner of every affected workspace.",
  options: { as: { type: "string", value: "STAFF", describe: "Id of the member of staff (default: the operator)." } },
  needsDesk: true,
  output: z.union([z.object({ ok: z.literal(true), links: z.array(z.object({ workspace: z.string(), link: z.string() })) }), refusal]),
  run: async (given, _terminal, installation) => {
    const desk = await getDesk(installation);
    const { by, askers } = await personOf(desk, given);
    const { links, reasons } = await giveNotices(desk, need(given, 0, "The case number") as CaseId, by, askers);
    if (reasons.length > 0) return refusedAnswer(reasons);
    return { json: { ok: true, links: [...links].map(([workspace, link]) => ({ workspace, link })) }, text: `Notices written: ${links.size}.`, exit: 0 };
  },
};

const planOutput = z.union([
  z.object({
    ok: z.literal(true),
    plan: z.string(),
    reads: z.array(
      z.object({
        source: z.string(),
        collection: z.string(),
        line: z.string(),
        dataType: z.string(),
        columns: z.array(z.string()),
        from: z.string().optional(),
        until: z.string().optional(),
        records: z.number().optional(),
        failed: z.string().optional(),
      }),
    ),
    nothingHeld: z.array(z.object({ line: z.string(), because: z.string() })),
    findings: z.array(z.unknown()),
    checked: z.boolean().optional(),
  }),
  refusal,
]);

const plan: Command = {
  name: "plan",
  usage: "plan CASE",
  describe: "Compiles the plan for the signed lines, has every record judged by the independent checker, and records both.",
  options: { "dry-run": { type: "boolean", describe: "Shows the plan and its counts; reads and records nothing else." } },
  needsDesk: true,
  output: planOutput,
  run: async (given, terminal, installation) => {
    const desk = await getDesk(installation);
    const caseId = need(given, 0, "The case number") as CaseId;
    const planned = await dryRun(desk, caseId);
    if (planned.kind === "refused") return refusedAnswer(planned.reasons);
    const recorded = given.options["dry-run"] === true ? undefined : await planAndCheck(desk, caseId, operator, watchAt(terminal));
    if (recorded?.kind === "refused") return refusedAnswer(recorded.reasons);
    const reads = planned.counts.map(({ read, counted }) => ({
      source: read.source,
      collection: read.collection,
      line: read.line,
      dataType: read.dataType,
      columns: read.columns,
      from: read.from,
      until: read.until,
      records: counted.kind === "counted" ? counted.records : undefined,
      failed: counted.kind === "failed" ? counted.failure.what : undefined,
    }));
    const text = reads
      .map((read) => `  ${read.line} ${read.source}.${read.collection} (${read.columns.join(", ")}): ${read.records ?? read.failed} records`)
      .join("\n");
    const nothing = planned.plan.nothingHeld.map(({ line, because }) => `  ${line} nothing held: ${because}`).join("\n");
    return {
      json: {
        ok: true,
        plan: planned.digest,
        reads,
        nothingHeld: planned.plan.nothingHeld,
        findings: planned.findings,
        ...(recorded === undefined ? {} : { checked: true }),
      },
      text: [text, nothing].filter((part) => part !== "").join("\n"),
      exit: 0,
    };
  },
};

const preserve: Command = {
  name: "preserve",
  usage: "preserve CASE",
  describe: "Takes the sealed snapshot of what a preservation paper names: read, checked record by record, and kept; nothing leaves.",
  options: {},
  needsDesk: true,
  output: z.union([
    z.object({ ok: z.literal(true), preservation: z.string(), records: z.record(z.string(), z.number()), bytes: z.number(), sha256: z.string() }),
    refusal,
  ]),
  run: async (given, _terminal, installation) => {
    const desk = await getDesk(installation);
    const taken = await takeSnapshot(desk, need(given, 0, "The case number") as CaseId, operator);
    if (taken.kind === "refused") return refusedAnswer(taken.reasons);
    await settleViews(desk);
    const { kind: _, ...figures } = taken;
    return {
      json: { ok: true, ...figures },
      text: `Kept: ${Object.values(figures.records).reduce((sum, count) => sum + count, 0)} records, ${figures.bytes} bytes, sealed as ${figures.sha256}.`,
      exit: 0,
    };
  },
};

const wake: Command = {
  name: "wake",
  usage: "wake",
  describe: "Does what has fallen due: lets orders lapse, tells customers, sends the letters that wait.",
  options: {},
  needsDesk: true,
  output: z.object({ ok: z.literal(true), woken: z.number(), sent: z.number(), failed: z.number() }),
  run: async (_given, _terminal, installation) => {
    const desk = await getDesk(installation);
    await settleViews(desk);
    await react(desk);
    const woken = await wakeDue(desk);
    const { sent, failed } = await sendLetters(desk);
    await settleViews(desk);
    return {
      json: { ok: true, woken, sent, failed },
      text: `${woken} cases woken, ${sent} letters sent, ${failed} not delivered.${desk.ports.letters === undefined ? " No mail relay is set: letters wait." : ""}`,
      exit: 0,
    };
  },
};

const ledgerVerify: Command = {
  name: "ledger verify",
  usage: "ledger verify",
  describe: "Recomputes the tree and every published figure; names the first record that does not fit.",
  options: { known: { type: "string", value: "FILE", describe: "A checkpoint kept outside: shows a ledger that was cut back or written anew." } },
  needsDesk: true,
  output: ledgerOutput,
  run: async (given, terminal, installation) => {
    const known = optionText(given, "known");
    const desk = await installation.desk().catch(() => undefined);
    if (desk !== undefined) await desk.ports.ledger.seal(desk.id, desk.ports.clock.now()).catch(() => undefined);
    const check = await installation.verifyLedger({
      ...(known === undefined ? {} : { known: [await terminal.readText(known)] }),
      onProgress: (verified, total) => terminal.progress(`${verified} of ${total} records verified`),
    });
    const vault = check.ok && desk !== undefined ? await checkVault(desk) : [];
    const figures = check.ok && desk !== undefined && vault.length === 0 ? await checkReports(desk) : [];
    const ok = check.ok && figures.length === 0 && vault.length === 0;
    const { finding } = check;
    const where =
      finding === undefined
        ? ""
        : (finding.record ??
          `${finding.stream ?? ""} version ${finding.version ?? "?"}${finding.position === undefined ? "" : ` at position ${finding.position}`}`);
    const text = ok
      ? `The ledger is whole: ${check.size} records, ${check.checkpoints} checkpoints, root ${check.root}. Every published figure follows from it.`
      : [
          finding === undefined ? "" : `The ledger is broken at ${where}: ${finding.because} [${finding.code}]`,
          ...vault.map(({ stream, version, what }) => `The vault does not fit the fact ${stream} version ${version}: ${what}`),
          ...figures.map(figureWords),
        ]
          .filter((part) => part !== "")
          .join("\n");
    return { json: { ...check, ok, logKey: installation.logKey, figures, vault }, text, exit: ok ? 0 : 1 };
  },
};

const ledgerCheckpoint: Command = {
  name: "ledger checkpoint",
  usage: "ledger checkpoint",
  describe: "Prints the newest signed checkpoint (C2SP) and the key to check it with.",
  options: {},
  needsDesk: true,
  output: z.object({ checkpoint: z.string().optional(), size: z.number(), logKey: z.string() }),
  run: async (_given, _terminal, installation) => {
    const checkpoint = await installation.newestCheckpoint();
    return {
      json: { checkpoint: checkpoint?.note, size: checkpoint?.size ?? 0, logKey: installation.logKey },
      text: checkpoint?.note ?? "Nothing is sealed yet.",
      exit: 0,
    };
  },
};

const productionVerify: Command = {
  name: "production verify",
  usage: "production verify FILE",
  describe: "Checks a package offline: bag, every record against the paper's lines, the manifest's signature, and the ledger's proof.",
  options: {
    identity: { type: "string", value: "FILE", describe: "The officer's age identity, or OpenPGP private key; needed while the package is sealed to it." },
    passphrase: { type: "string", value: "FILE", describe: "A file whose first line is the passphrase of a ZIP, or of the OpenPGP private key." },
    "log-key": { type: "string", value: "KEY", describe: "The desk's published log key; without it signature and proof are not checked." },
  },
  needsDesk: false,
  output: packageOutput,
  run: async (given, terminal) => {
    const identityFile = optionText(given, "identity");
    const identity = identityFile === undefined ? undefined : identityIn(await terminal.readText(identityFile));
    const passphraseFile = optionText(given, "passphrase");
    const passphrase = passphraseFile === undefined ? undefined : ((await terminal.readText(passphraseFile)).split("\n")[0] ?? "").trim();
    const logKey = optionText(given, "log-key");
    const check = await terminal.verifyPackage(need(given, 0, "The package file"), {
      ...(identity === undefined ? {} : { identity }),
      ...(passphrase === undefined ? {} : { passphrase }),
      ...(logKey === undefined ? {} : { logKey }),
    });
    const findings = check.findings.map(({ severity, code, where, what }) => `  ${severity === "fault" ? "✗" : "·"} ${where}: ${what} [${code}]`);
    return {
      json: check,
      text: [
        check.ok ? `The package is good: ${check.records} records, proof ${check.proof.kind}, signature ${check.signature.kind}.` : "The package is not good:",
        ...findings,
      ].join("\n"),
      exit: check.ok ? 0 : 1,
    };
  },
};

function identityIn(text: string): string {
  if (text.includes("-----BEGIN PGP PRIVATE KEY BLOCK-----")) return text;
  const line = text.split("\n").find((each) => each.startsWith("AGE-SECRET-KEY-"));
  if (line === undefined) throw new Usage("The identity file holds no line that starts with AGE-SECRET-KEY-, and no OpenPGP private key.");
  return line.trim();
}

const productionVerifyPage: Command = {
  name: "production verify-page",
  usage: "production verify-page --out FILE",
  describe:
    "Writes one HTML file that checks a package in a browser, without a network and without installing anything. It opens packages under age, under OpenPGP and in a ZIP, and plain tars.",
  options: { out: { type: "string", value: "FILE", describe: "Where the page goes." } },
  needsDesk: false,
  output: z.object({ ok: z.literal(true), file: z.string(), bytes: z.number() }),
  run: async (given, terminal) => {
    const out = optionText(given, "out");
    if (out === undefined) throw new Usage("Say where the page goes: --out FILE.");
    const page = await terminal.verifyPage();
    await terminal.writeText(out, page, "new");
    return { json: { ok: true, file: out, bytes: Buffer.byteLength(page) }, text: `The page is in ${out}. It opens in any current browser.`, exit: 0 };
  },
};

const report: Command = {
  name: "report",
  usage: "report YEAR",
  describe:
    "Counts the year's transparency report from the ledger; with --publish it becomes a fact. With --statistics it counts the year's European orders instead, in exact numbers that are not published here.",
  options: {
    publish: { type: "boolean", describe: "Publishes it: its digest goes into the ledger." },
    correction: { type: "string", value: "WHY", describe: "Why a later edition corrects an earlier one." },
    csv: { type: "boolean", describe: "Prints CSV instead of words." },
    ...statisticsOptions,
  },
  needsDesk: true,
  output: z.union([
    z.object({
      company: z.string(),
      year: z.number(),
      edition: z.number(),
      smallNumber: z.number(),
      rules: z.string(),
      treeSize: z.number(),
      rows: z.array(z.unknown()),
      totals: z.record(z.string(), z.object({ low: z.number(), high: z.number() })),
      liftAttempts: z.unknown(),
      lifted: z.unknown(),
      nationalSecurity: z.unknown(),
    }),
    statisticsOutput,
    refusal,
  ]),
  run: async (given, _terminal, installation) => {
    const desk = await getDesk(installation);
    const year = Number(need(given, 0, "The year"));
    if (!Number.isInteger(year) || year < 2000 || year > 9999) throw new Usage("The year is a number of four digits.");
    const statistics = await statisticsAnswer(desk, year, given);
    if (statistics !== undefined) return statistics;
    const correction = optionText(given, "correction");
    const counted =
      given.options["publish"] === true
        ? await publishReport(desk, year, operator, correction)
        : await countNextEdition(desk, year, (await desk.ports.ledger.seal(desk.id, desk.ports.clock.now()))?.size ?? 0);
    if (counted.kind === "refused") return refusedAnswer(counted.reasons);
    return { json: counted.report, text: reportCsv(counted.report).trimEnd(), exit: 0 };
  },
};

const packsCheck: Command = {
  name: "packs check",
  usage: "packs check [FOLDER]",
  describe: "Loads every pack and says what is wrong, with file, line and remedy.",
  options: {},
  needsDesk: false,
  output: z.object({
    ok: z.boolean(),
    packs: z.array(z.string()),
    problems: z.array(z.object({ file: z.string(), line: z.number(), column: z.number(), what: z.string(), remedy: z.string() })),
  }),
  run: async (given, terminal) => {
    try {
      const shelf = await terminal.loadShelf(given.positionals[0]);
      const packs = [...shelf.policies, ...shelf.laws, ...shelf.contracts, ...shelf.readings].map(({ pack }) => `${pack.id}@${pack.version}`);
      return { json: { ok: true, packs, problems: [] }, text: packs.map((pack) => `  ✓ ${pack}`).join("\n"), exit: 0 };
    } catch (error) {
      if (!(error instanceof Error) || !("problems" in error)) throw error;
      const problems = error.problems as readonly {
        readonly file: string;
        readonly line: number;
        readonly column: number;
        readonly what: string;
        readonly remedy: string;
      }[];
      return {
        json: { ok: false, packs: [], problems },
        text: problems.map(({ file, line, column, what, remedy }) => `${file}:${line}:${column}: ${what}\n  ${remedy}`).join("\n"),
        exit: 1,
      };
    }
  },
};

const staffLink: Command = {
  name: "staff link",
  usage: "staff link ID",
  describe: "Makes a one-time sign-in link for a member of staff, good for fifteen minutes.",
  options: {},
  needsDesk: true,
  output: z.union([z.object({ ok: z.literal(true), link: z.string() }), z.object({ ok: z.literal(false), reasons: z.array(reason) })]),
  run: async (given, _terminal, installation) => {
    const desk = await getDesk(installation);
    const link = await offerStaffLink(desk, need(given, 0, "The id of the member of staff"), operator);
    if (link === undefined) return refusedAnswer([{ clause: "SEC-1.1(g)", code: "UNKNOWN_STAFF", because: "Nobody of this desk's staff has that id." }]);
    return { json: { ok: true, link }, text: link, exit: 0 };
  },
};

export const commands: readonly Command[] = [
  setUp,
  intake,
  caseList,
  caseShow,
  caseExport,
  confirm,
  step,
  notice,
  plan,
  preserve,
  ...productionCommands,
  ...dataMapCommands,
  redactCheck,
  wake,
  report,
  bandsReport,
  ledgerVerify,
  ledgerCheckpoint,
  productionVerify,
  productionVerifyPage,
  assessCase,
  calc,
  calcSales,
  clauses,
  exchangeRead,
  packsCheck,
  packsDiff,
  packsTest,
  staffLink,
  ...partnerCommands,
  ...webhookCommands,
];
