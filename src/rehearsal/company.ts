// The invented company of the rehearsal: three customers, an export, a staff of five.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SetUp } from "../app/set-up.ts";
import { setUpFile } from "../app/set-up.ts";
import { workspaceMembers } from "./workspace-database.ts";
import { ada, bram, slackItems, slackWorkspace } from "./slack-export.ts";
import { zipOf } from "./zip.ts";

export const mailbox = "legal-process@kutano.example";

export const people = {
  ana: "ana", // analyst
  cole: "cole", // counsel
  uma: "uma", // approver
  vic: "vic", // approver
  audrey: "audrey", // auditor
} as const;

export interface Place {
  readonly publicUrl: string;
  readonly relayPort: number;
  /** The read-only role's way to the product's database. */
  readonly source: { readonly host: string; readonly port: number; readonly user: string; readonly database: string };
  readonly dataMaps: string;
  readonly folder: string;
}

/** Writes the Slack export into the desk's folder and describes the whole company as a set-up file would. */
export async function companySetUp({ publicUrl, relayPort, source, dataMaps, folder }: Place): Promise<SetUp> {
  const archive = join(folder, "harbor-chat-export.zip");
  await writeFile(archive, zipOf(slackItems()));
  const [databaseMap, slackMap] = await Promise.all(["workspace-database.yaml", "slack-export.yaml"].map((name) => readFile(join(dataMaps, name), "utf8")));
  return setUpFile.parse({
    desk: {
      legalEntity: "Kutano, Inc.",
      country: "US",
      state: "DE",
      timeZone: "America/Denver",
      mailboxes: [mailbox],
      publicUrl,
      incorporatedIn: "US-DE",
      headquarteredIn: "US-CO",
      designatedIn: "IE",
      kinds: ["hosting"],
      custodian: "Audrey Keys, custodian of records",
      relay: { host: "127.0.0.1", port: relayPort, from: mailbox },
    },
    jurisdictions: ["us", "eu"],
    elections: { "X-02": "At most 72 hours.", "X-06": "TLS 1.2 or higher.", "X-24": "Only an explicit legal prohibition holds a notice back." },
    workspaces: [
      ...workspaceMembers().map(({ id, name, domain, members }) => ({
        id,
        name,
        aliases: [domain],
        owners: members.slice(0, 1).map(({ fullName, email }) => ({ name: fullName, email })),
        accounts: members.map((member) => ({ id: member.id, name: member.fullName, email: member.email })),
      })),
      {
        id: slackWorkspace,
        name: "Harbor Chat",
        owners: [{ name: "Ada Harbor", email: "ada@harborchat.example" }],
        accounts: [
          { id: ada, name: "Ada Harbor", email: "ada@harborchat.example" },
          { id: bram, name: "Bram Harbor", email: "bram@harborchat.example" },
        ],
      },
    ],
    officers: [
      {
        name: "Lena Ortiz",
        rank: "Special Agent",
        agency: "Exampleton District Attorney's Office",
        email: "lena.ortiz@exampleda.gov",
        phone: "+1 303 555 0142",
        calledBackOn: "2026-02-10",
        numberSource: "government-website",
      },
    ],
    staff: [
      { id: people.ana, name: "Ana Lyst", email: "ana@kutano.example", roles: ["analyst"] },
      { id: people.cole, name: "Cole Unsel", email: "cole@kutano.example", roles: ["counsel", "analyst", "admin"] },
      { id: people.uma, name: "Uma Prover", email: "uma@kutano.example", roles: ["approver"] },
      { id: people.vic, name: "Vic Tworth", email: "vic@kutano.example", roles: ["approver"] },
      { id: people.audrey, name: "Audrey Keys", email: "audrey@kutano.example", roles: ["auditor"] },
    ],
    sources: [
      { kind: "workspace-database", name: "workspace-database", dataMap: databaseMap, ...source },
      { kind: "slack-export", name: "slack-export", dataMap: slackMap, file: archive, workspace: slackWorkspace },
    ],
  });
}
