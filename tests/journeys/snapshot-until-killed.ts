// A desk of its own that takes a snapshot and kills itself in the middle; run by the test of what a crash leaves behind.
import { readFile } from "node:fs/promises";
import { rehearsalClock } from "../../src/adapters/clock/clocks.ts";
import type { Desk } from "../../src/app/desk.ts";
import { handle } from "../../src/app/handle.ts";
import { takeSnapshot } from "../../src/app/preserve.ts";
import { projectViews } from "../../src/app/project-views.ts";
import { receiveMessage } from "../../src/app/receive-message.ts";
import { setUpDesk, setUpFile } from "../../src/app/set-up.ts";
import type { Actor } from "../../src/kernel/ids.ts";
import { instant } from "../../src/kernel/instant.ts";
import { openInstallation } from "../../src/main.ts";
import { seedWorkspaceDatabase } from "../../src/rehearsal/workspace-database.ts";

/** `midway`: when the source has given its first records. `stored`: when the object is whole and no fact says so. */
const [dataDir = "", moment = ""] = process.argv.slice(2);

const installation = await openInstallation({ dataDir, zone: "{}" }, { clock: rehearsalClock(instant("2026-03-02T17:00:00Z")) });
const product = await installation.database.createDatabase("workspace_product");
if (!("host" in product.app)) throw new Error("the test needs the embedded database");
await seedWorkspaceDatabase(product.owner, product.app.user);
const dataMap = await readFile(new URL("../../packs/data-maps/workspace-database.yaml", import.meta.url), "utf8");
const { host, port, user, database } = product.app;
const setUp = setUpFile.parse({
  desk: { legalEntity: "Kutano, Inc.", country: "US", timeZone: "America/Denver", mailboxes: ["legal@kutano.example"] },
  sources: [{ kind: "workspace-database", name: "workspace-database", dataMap, host, port, user, database }],
});
await setUpDesk(installation.ports, installation.deskId, installation.shelf, setUp, "staff:operator" as Actor);
const desk = await installation.desk();
if (desk === undefined) throw new Error("the desk was not set up");

const raw = Buffer.from(
  "From: r@agency.gov\r\nTo: legal@kutano.example\r\nSubject: Preservation\r\nMessage-ID: <p@agency.gov>\r\n\r\nPreserve the account.\r\n",
);
const { caseId } = await receiveMessage(desk, {
  raw,
  bytes: async function* () {
    yield raw;
  },
  door: "mail",
  clientIp: "203.0.113.5",
  helo: "mx.agency.gov",
  mailFrom: "r@agency.gov",
  receivedAt: instant("2026-03-02T17:00:00Z"),
});
const confirmed = await handle(desk, {
  caseId,
  by: "staff:ana" as Actor,
  askers: ["analyst"],
  command: {
    type: "ConfirmDetails",
    nature: "criminal",
    instrument: { id: "US-PRES", signedBy: "official", issuedOn: "2026-03-02", servedAt: "2026-03-02T17:00:00Z" },
    subjects: [{ id: "S1", workspace: "W-HARBOR", resolved: true }],
    lines: [{ id: "L1", subject: "S1", dataType: "messages", from: "2026-01-01", to: "2026-02-15" }],
    private: { subjects: { S1: { asWritten: "the account", account: "M-HARBOR-02" } } },
    given: [],
  },
});
if (confirmed.kind === "refused") throw new Error(JSON.stringify(confirmed.reasons));
await desk.ports.ledger.seal(desk.id, desk.ports.clock.now());
await projectViews(desk);
process.stdout.write(`${caseId}\n`);

function die(): never {
  process.kill(process.pid, "SIGKILL");
  throw new Error("still alive");
}

const { objects } = desk.ports;
const dying: Desk = {
  ...desk,
  ports: {
    ...desk.ports,
    objects: {
      ...objects,
      put: async (of, name, content) => {
        if (moment === "stored") {
          await objects.put(of, name, content);
          return die();
        }
        return objects.put(of, name, untilFirst(content));
      },
    },
  },
};

async function* untilFirst(content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) {
    yield chunk;
    die();
  }
}

await takeSnapshot(dying, caseId, "staff:ana" as Actor);
