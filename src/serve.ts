// A desk in service: its pages, its mailbox, and the clocks that wake it.
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import { createServer as createTlsServer } from "node:https";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Server } from "node:net";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { PgBoss } from "pg-boss";
import { startIntegrator } from "./adapters/postgres/integrator.ts";
import { startSmtpListener, type SmtpListener } from "./adapters/mail/smtp-listener.ts";
import type { Desk } from "./app/desk.ts";
import { startWork, stopAllWork } from "./app/long-work.ts";
import { findCutOffPackings } from "./app/packing-job.ts";
import { sealProduction } from "./app/produce.ts";
import { projectPartners } from "./app/project-partners.ts";
import { projectViews } from "./app/project-views.ts";
import { sweepSnapshots } from "./app/preserve.ts";
import { receiveMessage } from "./app/receive-message.ts";
import { sendLetters } from "./app/send-letters.ts";
import { sendWebhooks } from "./app/send-webhooks.ts";
import { wakePartners } from "./app/wake-partners.ts";
import { react, wakeDue } from "./app/wake.ts";
import type { Actor } from "./kernel/ids.ts";
import { instant } from "./kernel/instant.ts";
import type { OpenInstallation } from "./main.ts";
import { createWeb } from "./web/http.tsx";

export interface ServeSettings {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly smtpHost: string;
  readonly smtpPort: number;
  /** Files in PEM. */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly rehearsal: boolean;
  readonly say: (text: string) => void;
}

export interface Service {
  readonly url: string;
  readonly smtpPort: number | undefined;
  /** Present while the desk is not set up. */
  readonly setUpUrl: string | undefined;
  /** One round of everything that is due: lists, clocks, letters, webhooks. */
  round(): Promise<void>;
  stop(): Promise<void>;
}

export class OpenDoor extends Error {}

const loopback = new Set(["127.0.0.1", "::1", "localhost"]);

/** Refuses to listen beyond loopback without TLS (KDRP-8, KDRP-9). */
export async function startService(installation: OpenInstallation, settings: ServeSettings): Promise<Service> {
  if (!loopback.has(settings.host) && settings.tls === undefined)
    throw new OpenDoor(
      `The desk does not listen on ${settings.host} without TLS (KDRP-9): give --tls-key and --tls-cert, or let a proxy on this machine keep TLS and listen on 127.0.0.1.`,
    );
  const tls = settings.tls === undefined ? undefined : { key: await readFile(settings.tls.key), cert: await readFile(settings.tls.cert) };
  if (tls !== undefined) createSecureContext({ ...tls, minVersion: "TLSv1.2" });
  const rounds = startRounds(installation, settings.say);
  const integrator = startIntegrator({
    pool: installation.pool,
    ledger: installation.ledger,
    now: () => installation.ports.clock.now(),
    onSealed: rounds.nudge,
    onTrouble: () => settings.say("Sealing failed; the next try follows."),
  });
  const existing = await installation.desk();
  if (existing !== undefined) await clearLeftovers(existing);
  const isNew = existing === undefined;
  const setUpToken = isNew ? randomBytes(24).toString("base64url") : undefined;
  const mail = startMailDoor(installation, settings, tls);
  const round = async (): Promise<void> => {
    await mail.ensure();
    await rounds.run();
  };
  const web = createWeb({
    installation,
    isSecure: tls !== undefined,
    rehearsal: settings.rehearsal,
    ...(setUpToken === undefined ? {} : { setUpToken }),
    nudge: () => {
      rounds.nudge();
      void mail.ensure();
    },
    log: ({ reference, method, route, error }) =>
      settings.say(
        `error ${reference} ${method} ${route} ${error instanceof Error ? error.name : "unknown"}${process.env["PORTCULLIS_DEBUG"] === undefined || !(error instanceof Error) ? "" : `\n${error.stack}`}`,
      ),
  });
  const listen = getRequestListener(web.fetch);
  const listener = (request: IncomingMessage, response: ServerResponse): void => void listen(request, response);
  const server = tls === undefined ? createServer(listener) : createTlsServer({ ...tls, minVersion: "TLSv1.2" }, listener);
  const quit = async (): Promise<void> => {
    await mail.close();
    await integrator.stop();
    await rounds.stop();
  };
  const boss = await open(server, settings, mail.ensure, () => startWaking(installation, round)).catch(async (error: unknown) => {
    server.close();
    await quit();
    throw error;
  });
  const { port } = server.address() as AddressInfo;
  const url = `${tls === undefined ? "http" : "https"}://${settings.host === "::1" ? "[::1]" : settings.host}:${port}`;
  return {
    url,
    get smtpPort() {
      return mail.port();
    },
    setUpUrl: setUpToken === undefined ? undefined : `${url}/set-up/${setUpToken}`,
    round,
    stop: async () => {
      await boss.stop({ graceful: false, close: true });
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await stopAllWork();
      await quit();
    },
  };
}

/** A port that cannot be had ends the start instead of leaving half a desk behind. */
async function open<Started>(server: Server, { host, port }: ServeSettings, mail: () => Promise<void>, start: () => Promise<Started>): Promise<Started> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  await mail();
  return start();
}

/** Rounds never overlap; a nudge during one starts the next. */
function startRounds(installation: OpenInstallation, say: (text: string) => void) {
  let running: Promise<void> | undefined;
  let isAsked = false;
  let isStopped = false;
  const once = async (): Promise<void> => {
    await freshenPacks(installation, say);
    const desk = await installation.desk();
    if (desk !== undefined) await round(desk);
  };
  const run = (): Promise<void> => {
    isAsked = true;
    running ??= (async () => {
      while (isAsked && !isStopped) {
        isAsked = false;
        await once();
      }
    })().finally(() => (running = undefined));
    return running;
  };
  return {
    run,
    nudge: (): void => {
      if (!isStopped) run().catch((error: unknown) => say(`A round failed (${error instanceof Error ? error.name : "unknown"}); the next one follows.`));
    },
    stop: async (): Promise<void> => {
      isStopped = true;
      await running?.catch(() => undefined);
    },
  };
}

/** What a killed program left half done is taken away before anybody can ask for it; a production that was being packed goes on. */
async function clearLeftovers(desk: Desk): Promise<void> {
  await projectViews(desk);
  await sweepSnapshots(desk);
  for (const { caseId, by } of await findCutOffPackings(desk))
    await startWork({ desk, caseId, kind: "seal" }, (watch) => sealProduction(desk, caseId, by as Actor, watch));
}

async function freshenPacks(installation: OpenInstallation, say: (text: string) => void): Promise<void> {
  const found = await installation.freshenPacks();
  if (found.kind === "taken") say("The packs have changed and are in use. Open cases keep the versions of the day they were served.");
  if (found.kind !== "kept") return;
  say("The packs have changed and cannot be used; the desk goes on with the ones it has.");
  for (const { file, line, what, remedy } of found.problems.slice(0, 20)) say(`  ${file}:${line}: ${what} ${remedy}`);
}

/** Every stage runs, whatever became of the one before: a partner that cannot be read keeps no officer's letter back. */
async function round(desk: Desk): Promise<void> {
  const troubles: unknown[] = [];
  const stage = async <Result>(run: () => Promise<Result>, otherwise: Result): Promise<Result> => {
    try {
      return await run();
    } catch (error) {
      troubles.push(error);
      return otherwise;
    }
  };
  const lists = async () => {
    await stage(() => projectViews(desk), 0);
    await stage(() => projectPartners(desk), 0);
  };
  await lists();
  await stage(() => react(desk), undefined);
  const woken = (await stage(() => wakeDue(desk), 0)) + (await stage(() => wakePartners(desk), 0));
  const { sent, failed } = await stage(() => sendLetters(desk), { sent: 0, failed: 0 });
  if (woken + sent + failed > 0) await lists();
  await stage(() => sendWebhooks(desk), { sent: 0, failed: 0 });
  if (troubles.length > 0) throw new Error(`${troubles.length} stages of the round failed`, { cause: troubles[0] });
}

/** The mailbox opens as soon as the desk has one. */
function startMailDoor(installation: OpenInstallation, settings: ServeSettings, tls: { readonly key: Buffer; readonly cert: Buffer } | undefined) {
  let listener: SmtpListener | undefined;
  let opening: Promise<void> | undefined;
  const open = async (): Promise<void> => {
    const desk = await installation.desk();
    if (desk === undefined) return;
    listener = await startSmtpListener({
      host: settings.smtpHost,
      port: settings.smtpPort,
      mailboxes: desk.profile.mailboxes,
      ...(tls === undefined ? {} : { tls }),
      log: ({ event, session, code }) => settings.say(`mail ${event} ${session}${code === undefined ? "" : ` ${code}`}`),
      onMessage: async (message) => {
        const current = await installation.desk();
        if (current === undefined) throw new Error("the desk is gone");
        const { raw, clientIp, helo, mailFrom, receivedAt } = message;
        const at = settings.rehearsal ? installation.ports.clock.now() : instant(receivedAt);
        const { caseId } = await receiveMessage(current, { ...installation.fileMessage(raw.path), door: "mail", clientIp, helo, mailFrom, receivedAt: at });
        return { accepted: true, caseId };
      },
    });
  };
  return {
    ensure: async (): Promise<void> => {
      if (listener !== undefined) return;
      opening ??= open().finally(() => (opening = undefined));
      await opening;
    },
    port: () => listener?.port,
    close: async () => listener?.close(),
  };
}

const wakeQueue = "wake";

/** Every minute, on whichever process is up: due dates are rows of ours, the job only wakes us. */
async function startWaking(installation: OpenInstallation, run: () => Promise<void>): Promise<PgBoss> {
  const boss = new PgBoss({ ...installation.database.owner, schema: "waking", max: 2, application_name: "portcullis-waking" });
  boss.on("error", () => undefined);
  await boss.start();
  await boss.createQueue(wakeQueue, { policy: "singleton", retryLimit: 0 });
  await boss.schedule(wakeQueue, "* * * * *");
  await boss.work(wakeQueue, { pollingIntervalSeconds: 5, burstWhenBatchFull: true }, () => run());
  return boss;
}
