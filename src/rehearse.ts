// The rehearsal: a desk of an invented company, on real parts, that plays the main job and then stays open for a visit.
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { rehearsalClock, type RehearsalClock } from "./adapters/clock/clocks.ts";
import { startSmtpListener } from "./adapters/mail/smtp-listener.ts";
import { offerStaffLink } from "./app/sign-in.ts";
import { setUpDesk } from "./app/set-up.ts";
import type { Actor } from "./kernel/ids.ts";
import { instant } from "./kernel/instant.ts";
import { openInstallation, type OpenInstallation } from "./main.ts";
import { zoneOf } from "./rehearsal/agencies.ts";
import { companySetUp, people } from "./rehearsal/company.ts";
import { partnerMailbox, playPartner, visitLink } from "./rehearsal/partner.ts";
import { play, type Played } from "./rehearsal/play.ts";
import { agencies } from "./rehearsal/stories.ts";
import { seedWorkspaceDatabase, workspaceMembers } from "./rehearsal/workspace-database.ts";
import { startService, type Service } from "./serve.ts";

export interface RehearseSettings {
  /** Plays, writes its results and ends. */
  readonly once: boolean;
  /** Where the results go; a folder of its own when absent. */
  readonly out?: string;
  readonly port: number;
  readonly say: (text: string) => void;
}

const start = "2026-03-02T15:00:00Z";
const dataMaps = fileURLToPath(new URL("../packs/data-maps", import.meta.url));

/** Returns when the play is over (`once`) or when the visitor stops the program. */
export async function rehearse(settings: RehearseSettings, stopped: Promise<void>): Promise<void> {
  const out = settings.out === undefined ? await mkdtemp(join(tmpdir(), "portcullis-demo-")) : resolve(settings.out);
  await mkdir(out, { recursive: true });
  await chmod(out, 0o711).catch(() => undefined);
  await rm(join(out, "desk"), { recursive: true, force: true });
  const clock = rehearsalClock(instant(start));
  settings.say("Starting a real PostgreSQL, a mailbox and the pages …");
  const installation = await openInstallation({ dataDir: join(out, "desk"), zone: zoneOf(agencies), onProgress: settings.say }, { clock });
  const postbox = await startSmtpListener({
    host: "127.0.0.1",
    port: 0,
    mailboxes: addresses(),
    onMessage: async () => ({ accepted: true, caseId: "postbox" }),
    maxMessagesPerConnection: 1000,
  });
  try {
    const service = await startService(installation, {
      host: "127.0.0.1",
      port: settings.port,
      smtpHost: "127.0.0.1",
      smtpPort: 0,
      rehearsal: true,
      say: settings.say,
    });
    try {
      await foundCompany(installation, service, postbox.port, out);
      const played = await play(
        { installation, clock, smtpPort: smtpPortOf(service), round: service.round, out, say: settings.say },
        { leavesOpen: !settings.once },
      );
      settings.say(`Results: ${out}`);
      if (!settings.once) await visit(installation, service, clock, played, settings.say, stopped);
    } finally {
      await service.stop();
    }
  } finally {
    await postbox.close();
    await installation.stop();
  }
}

function smtpPortOf({ smtpPort }: Service): number {
  if (smtpPort === undefined) throw new Error("the rehearsal's mailbox did not open");
  return smtpPort;
}

async function foundCompany(installation: OpenInstallation, service: Service, relayPort: number, out: string): Promise<void> {
  const product = await installation.database.createDatabase("workspace_product");
  if (!("host" in product.owner) || !("host" in product.app)) throw new Error("the rehearsal needs the embedded database");
  await seedWorkspaceDatabase(product.owner, product.app.user);
  const { host, port, user, database } = product.app;
  const setUp = await companySetUp({ publicUrl: service.url, relayPort, source: { host, port, user, database }, dataMaps, folder: join(out, "desk") });
  const done = await setUpDesk(installation.ports, installation.deskId, installation.shelf, setUp, "staff:operator" as Actor);
  if (done.kind === "refused") throw new Error(`the rehearsal's company was refused: ${done.reasons.map(({ because }) => because).join(" ")}`);
  await service.round();
}

/** Everybody the rehearsal writes to: its postbox takes their letters. */
function addresses(): readonly string[] {
  const owners = workspaceMembers().flatMap(({ members }) => members.slice(0, 1).map(({ email }) => email));
  return [
    ...owners,
    partnerMailbox,
    "ada@harborchat.example",
    "maria.reyes@exampleton.gov",
    "lena.ortiz@exampleda.gov",
    "tom.field@fieldoffice.examplebureau.gov",
    "hello@letters.bookshop.example",
    "m.reyes@exampleton-gov.com",
    "erika.beispiel@beispielgericht.bund.de",
  ];
}

async function visit(
  installation: OpenInstallation,
  service: Service,
  clock: RehearsalClock,
  played: Played,
  say: (text: string) => void,
  stopped: Promise<void>,
): Promise<void> {
  const desk = await installation.desk();
  if (desk === undefined) throw new Error("the rehearsal lost its desk");
  const minutes = 24 * 60;
  const partner = await playPartner(desk);
  await service.round();
  const auditor = await offerStaffLink(desk, people.audrey, "staff:operator" as Actor, minutes);
  say(
    [
      "",
      "Six faces (each link signs in once; the rehearsal's clock stands on 26 January 2027):",
      `  Desk     ${await offerStaffLink(desk, people.cole, "staff:operator" as Actor, minutes)}`,
      `  Officer  ${played.downloadLink ?? `${service.url}/officer`}`,
      `  Owner    ${played.ownerLink ?? `${service.url}/owner`}`,
      `  Partner  ${await visitLink(desk, partner)}`,
      `  Auditor  ${auditor}`,
      `  Public   ${service.url}/report/2026`,
      "",
      "Press Ctrl-C to end.",
    ].join("\n"),
  );
  const tick = setInterval(() => clock.set(instant(Temporal.Instant.from(clock.now()).add({ seconds: 1 }).toString())), 1000);
  try {
    await stopped;
  } finally {
    clearInterval(tick);
  }
}
