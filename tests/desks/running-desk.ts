// A whole desk for journey tests: real database, real mail server that catches letters, real pages, a clock set by hand.
import { mkdtemp, readFile, rm, chmod } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { rehearsalClock, type RehearsalClock } from "../../src/adapters/clock/clocks.ts";
import { startSmtpListener } from "../../src/adapters/mail/smtp-listener.ts";
import type { Desk } from "../../src/app/desk.ts";
import { receiveMessage, type ReceivedCase } from "../../src/app/receive-message.ts";
import { sendLetters } from "../../src/app/send-letters.ts";
import { setUpDesk, setUpFile } from "../../src/app/set-up.ts";
import { instant } from "../../src/kernel/instant.ts";
import { openInstallation, type OpenInstallation } from "../../src/main.ts";
import { createWeb } from "../../src/web/http.tsx";

interface CaughtLetter {
  readonly to: string;
  /** As it came over the wire. */
  readonly raw: string;
}

export interface RunningDesk {
  readonly url: string;
  readonly installation: OpenInstallation;
  readonly clock: RehearsalClock;
  readonly caught: readonly CaughtLetter[];
  desk(): Promise<Desk>;
  /** The newest letter to this address; waits for it. */
  letterTo(address: string, after?: number): Promise<string>;
  /** A message from the officer's own mail server. */
  receive(text: string): Promise<ReceivedCase>;
  sendWaitingLetters(): Promise<void>;
  stop(): Promise<void>;
}

export const officer = "mreyes@police.springfield.gov";
export const otherOfficer = "lchen@police.springfield.gov";
/** Mailboxes of two partners of the company. */
export const partnerMailboxes = { pine: "notices@pine.example", oak: "legal@oak.example" } as const;
export const owners = { acme: "owner@acme.example", beta: "owner@beta.example" } as const;

const zone = {
  "police.springfield.gov": { TXT: [["v=spf1 ip4:203.0.113.5 -all"]], MX: [{ priority: 10, exchange: "mx.police.springfield.gov" }] },
  "_dmarc.police.springfield.gov": { TXT: [["v=DMARC1; p=reject"]] },
};

/** `withRelay` false: a desk that has no mail server yet. `host`: passkeys need a name, such as `localhost`. */
export async function startDesk({ withRelay = true, host = "127.0.0.1" }: { readonly withRelay?: boolean; readonly host?: string } = {}): Promise<RunningDesk> {
  const dataDir = await mkdtemp(join(tmpdir(), "portcullis-faces-"));
  await chmod(dataDir, 0o711);
  const caught: CaughtLetter[] = [];
  const catcher = await startSmtpListener({
    host: "127.0.0.1",
    port: 0,
    mailboxes: [officer, otherOfficer, ...Object.values(owners), ...Object.values(partnerMailboxes)],
    maxMessagesPerConnection: 500,
    onMessage: async (message) => {
      caught.push({ to: message.recipients[0] ?? "", raw: await readFile(message.raw.path, "utf8") });
      return { accepted: true, caseId: "caught" };
    },
  });
  const clock = rehearsalClock(instant("2026-03-02T17:00:00Z"));
  const installation = await openInstallation({ dataDir, zone: JSON.stringify(zone) }, { clock, loopbackWebhooks: true });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://${host}:${(server.address() as AddressInfo).port}`;
  const done = await setUpDesk(
    installation.ports,
    installation.deskId,
    installation.shelf,
    setUpFile.parse(setUp(url, withRelay ? catcher.port : undefined)),
    "staff:ana" as Parameters<typeof setUpDesk>[4],
  );
  if (done.kind === "refused") throw new Error(JSON.stringify(done.reasons));
  const web = createWeb({ installation, isSecure: false, rehearsal: false, nudge: () => {}, log: ({ error }) => console.error(error) });
  const listener = getRequestListener(web.fetch);
  server.on("request", (request, response) => void listener(request, response));
  const desk = async (): Promise<Desk> => {
    const found = await installation.desk();
    if (found === undefined) throw new Error("the desk is not set up");
    return found;
  };
  return {
    url,
    installation,
    clock,
    caught,
    desk,
    letterTo: async (address, after = 0) => {
      for (let tries = 0; tries < 200; tries++) {
        const found = caught.slice(after).findLast(({ to }) => to === address);
        if (found !== undefined) return found.raw;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      throw new Error("no letter came");
    },
    receive: async (text) => {
      const bytes = Buffer.from(text.replaceAll(/\r?\n/g, "\r\n"));
      return receiveMessage(await desk(), {
        raw: bytes,
        bytes: async function* () {
          yield bytes;
        },
        door: "mail",
        clientIp: "203.0.113.5",
        helo: "mx.police.springfield.gov",
        mailFrom: officer,
        receivedAt: clock.now(),
      });
    },
    sendWaitingLetters: async () => {
      await sendLetters(await desk());
    },
    stop: async () => {
      (await installation.desk())?.ports.letters?.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await installation.stop();
      await catcher.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function setUp(publicUrl: string, relayPort: number | undefined) {
  const workspace = (id: string, name: string, account: { readonly id: string; readonly name: string; readonly email: string }, owner: string) => ({
    id,
    name,
    owners: [{ name: "Olivia Owner", email: owner }],
    accounts: [account],
  });
  return {
    desk: {
      legalEntity: "Kutano, Inc.",
      country: "US",
      state: "DE",
      timeZone: "America/Denver",
      mailboxes: ["legal-process@kutano.example"],
      publicUrl,
      ...(relayPort === undefined ? {} : { relay: { host: "127.0.0.1", port: relayPort, from: "legal-process@kutano.example" } }),
    },
    policyPacks: ["data-request"],
    jurisdictions: ["us"],
    workspaces: [
      workspace("acme", "Acme Robotics", { id: "U100", name: "Jo Doe", email: "jo@acme.example" }, owners.acme),
      workspace("beta", "Beta School", { id: "U200", name: "Kim Poe", email: "kim@beta.example" }, owners.beta),
    ],
    staff: [{ id: "ana", name: "Ana", email: "ana@kutano.example", roles: ["analyst"] }],
  };
}
