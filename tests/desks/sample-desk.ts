// A desk for the tests of the public and the auditor's pages: a real database, a real server, and a year of invented cases.
import { chmod, mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import type { Desk } from "../../src/app/desk.ts";
import { setUpDesk, setUpFile } from "../../src/app/set-up.ts";
import type { Clock } from "../../src/app/ports.ts";
import type { Actor } from "../../src/kernel/ids.ts";
import { instant } from "../../src/kernel/instant.ts";
import type { FactBody } from "../../src/ledger/port.ts";
import type { BandOption } from "../../src/reporting/module.ts";
import { openInstallation, type OpenInstallation } from "../../src/main.ts";
import { createWeb } from "../../src/web/http.tsx";

export interface SampleDesk {
  readonly installation: OpenInstallation;
  readonly desk: Desk;
  /** Without a final slash. */
  readonly site: string;
  readonly dataDir: string;
  /** What the server logged as its own failure. */
  readonly failures: unknown[];
  stop(): Promise<void>;
}

const now = instant("2027-01-15T10:00:00Z");

const released: FactBody = { type: "ProductionReleased", package: "P", expiresAt: now, downloads: 3, link: "k" };

/** One year's cases: how many of each shape. Numbers above and below the small-number limit of 9. */
const shapes: readonly { readonly count: number; readonly instrument?: string; readonly facts: readonly FactBody[] }[] = [
  {
    count: 14,
    instrument: "US-SW",
    facts: [
      review(2),
      { type: "NoticeGiven", workspace: "acme", revision: 1, letter: "L", noticeDays: 7, late: false, link: "k" },
      packed({ messages: 40, name: 1 }),
      released,
    ],
  },
  { count: 3, instrument: "US-SW", facts: [review(1), { type: "NoticeWithheld", ground: "gag", gag: "G" }, packed({ messages: 4 }), released] },
  {
    count: 11,
    instrument: "US-SUBP-GJ",
    facts: [
      review(2),
      packed({ name: 1 }),
      released,
      { type: "NoticeGiven", workspace: "acme", revision: 1, letter: "L", noticeDays: 7, late: true, link: "k" },
    ],
  },
  { count: 45, instrument: "US-SUBP-ADMIN", facts: [closed("rejected")] },
  { count: 2, instrument: "US-D", facts: [closed("withdrawn")] },
  { count: 1, instrument: "US-D", facts: [{ type: "GagLiftAttempted", gag: "G", addressee: "issuer", beneficiary: "customer", answer: "granted" }] },
  { count: 1, instrument: "US-NSL", facts: [] },
  { count: 4, facts: [closed("referred")] },
];

function review(allowed: number): FactBody {
  return {
    type: "ReviewSigned",
    revision: 1,
    lines: Array.from({ length: allowed }, (_, nth) => ({ line: `L${nth}`, decision: "allow", reasons: [], citation: "18 USC 2703" })),
    packs: [],
  };
}

function packed(records: Readonly<Record<string, number>>): FactBody {
  return { type: "PackageSealed", plan: "p", package: "P", sha256: "0", bytes: 1, object: "o", records, accounts: 1 };
}

function closed(outcome: string): FactBody {
  return { type: "CaseClosed", outcome };
}

/** The number of the case that a secrecy order binds; none of its words may reach a page. */
export const secretCase = "C-SECR-0001";

export interface SampleOptions {
  readonly clock?: Clock;
  readonly jurisdictions?: readonly string[];
  readonly bandOption?: BandOption;
  /** Beside an auditor and an analyst. */
  readonly counsel?: { readonly id: string; readonly name: string; readonly email: string };
}

export async function openSampleDesk(options: SampleOptions = {}): Promise<SampleDesk> {
  const { clock = { now: () => now } } = options;
  const dataDir = await mkdtemp(join(tmpdir(), "portcullis-faces-"));
  await chmod(dataDir, 0o711);
  const installation = await openInstallation({ dataDir }, { clock });
  const server = serve({ fetch: (request: Request) => web.fetch(request), port: 0, hostname: "127.0.0.1" }) as Server;
  await new Promise((resolve) => server.once("listening", resolve));
  const site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const failures: unknown[] = [];
  const web = createWeb({ installation, isSecure: false, rehearsal: false, nudge: () => undefined, log: ({ error }) => failures.push(error) });
  const desk = await fill(installation, site, options);
  return {
    installation,
    desk,
    site,
    dataDir,
    failures,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await installation.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function fill(installation: OpenInstallation, publicUrl: string, { jurisdictions = ["us"], bandOption, counsel }: SampleOptions): Promise<Desk> {
  const setUp = setUpFile.parse({
    desk: {
      legalEntity: "Kutano, Inc.",
      country: "US",
      timeZone: "America/Denver",
      mailboxes: ["legal-process@kutano.example"],
      publicUrl,
      nationalSecurityBands: bandOption,
    },
    jurisdictions,
    workspaces: [{ id: "acme", name: "Acme Robotics", owners: [{ name: "Olivia Owner", email: "owner@acme.example" }] }],
    staff: [
      { id: "audrey", name: "Audrey", email: "audrey@auditors.example", roles: ["auditor"] },
      { id: "ana", name: "Ana", email: "ana@kutano.example", roles: ["analyst"] },
      ...(counsel === undefined ? [] : [{ ...counsel, roles: ["counsel"] }]),
    ],
  });
  await setUpDesk(installation.ports, installation.deskId, installation.shelf, setUp, "staff:operator" as Actor);
  const desk = await installation.desk();
  if (desk === undefined) throw new Error("the sample desk was not set up");
  let nth = 0;
  for (const { count, instrument, facts } of shapes)
    for (let each = 0; each < count; each++) await appendCase(desk, `C-TEST-${String(++nth).padStart(4, "0")}`, [received, confirmed(instrument), ...facts]);
  await appendCase(desk, secretCase, [
    received,
    confirmed("US-SW"),
    { type: "GagRecorded", gag: "SECRET-GAG", instrument: "US-NDO", start: "2026-06-01", end: "2027-06-01", defects: [] },
  ]);
  await desk.ports.ledger.seal(desk.id, desk.ports.clock.now());
  return desk;
}

const received: FactBody = {
  type: "RequestReceived",
  door: "terminal",
  receivedAt: "2026-05-04T15:00:00.000Z",
  message: { object: "o", bytes: 1, commitment: "c" },
  packs: [],
};

function confirmed(id: string | undefined): FactBody {
  const lines = ["L0", "L1"].map((line) => ({ id: line, subject: "S1", dataType: "name" }));
  const instrument = { signedBy: "judge", issuedOn: "2026-05-01", servedAt: "2026-05-04T15:00:00.000Z" };
  return {
    type: "DetailsConfirmed",
    revision: 1,
    nature: "criminal",
    subjects: [{ id: "S1", workspace: "acme", resolved: true }],
    lines,
    missing: [],
    ...(id === undefined ? {} : { instrument: { id, ...instrument } }),
  };
}

export async function appendCase(desk: Desk, caseId: string, facts: readonly FactBody[]): Promise<void> {
  const appended = await desk.ports.ledger.append({
    desk: desk.id,
    stream: `case:${caseId}`,
    expectedVersion: 0,
    at: desk.ports.clock.now(),
    by: "desk" as Actor,
    facts,
  });
  if (appended.kind !== "appended") throw new Error(`the case ${caseId} was not recorded`);
}
