// A desk of its own with a production of many records; run by the test of what a killed packing leaves behind. `prepare` makes it, `seal` packs and seals.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { rehearsalClock } from "../../src/adapters/clock/clocks.ts";
import { addApproverKey } from "../../src/app/approver-keys.ts";
import { findCaseView } from "../../src/app/case-view.ts";
import type { Desk } from "../../src/app/desk.ts";
import { admitStaff, registerWorkspace } from "../../src/app/directory.ts";
import { handle } from "../../src/app/handle.ts";
import { approverIdentity, approverRecipient } from "../../src/app/package-key.ts";
import { planAndCheck, sealProduction } from "../../src/app/produce.ts";
import { receiveMessage } from "../../src/app/receive-message.ts";
import { setRedactions } from "../../src/app/redaction-rules.ts";
import { setUpDesk, setUpFile } from "../../src/app/set-up.ts";
import type { Draft } from "../../src/app/vault-port.ts";
import type { Actor, CaseId } from "../../src/kernel/ids.ts";
import { instant } from "../../src/kernel/instant.ts";
import { openInstallation, type OpenInstallation } from "../../src/main.ts";
import { seedWorkspaceDatabase } from "../../src/rehearsal/workspace-database.ts";

const [dataDir = "", what = "", given = "", bytesText = "", taking = ""] = process.argv.slice(2);
const ana = { by: "staff:ana" as Actor, askers: ["analyst", "counsel"] as const };

const zone = {
  "police.springfield.gov": { TXT: [["v=spf1 ip4:203.0.113.5 -all"]], MX: [{ priority: 10, exchange: "mx.police.springfield.gov" }] },
  "_dmarc.police.springfield.gov": { TXT: [["v=DMARC1; p=reject"]] },
};

const installation = await openInstallation({ dataDir, zone: JSON.stringify(zone) }, { clock: rehearsalClock(instant("2026-03-06T17:00:00Z")) });
const isApi = taking.startsWith("http://");
if (what === "prepare") await prepare(installation, given, { posts: Number(bytesText), isRedacted: taking === "redacted", ...(isApi ? { api: taking } : {}) });
else await seal(installation, given as CaseId, bytesText);

interface Production {
  readonly posts: number;
  readonly isRedacted: boolean;
  /** The records come from there instead of a database. */
  readonly api?: string;
}

async function prepare(open: OpenInstallation, deliveryKey: string, { posts, isRedacted, api }: Production): Promise<void> {
  await setUpWith(open, api === undefined ? await productDatabase(open, posts) : postsApi(api));
  const desk = await getDesk(open);
  await registerWorkspace(desk.ports, desk.id, ana.by, {
    id: "W-HARBOR",
    name: "Harbor Works",
    owners: [{ name: "Olivia", email: "owner@harborworks.example" }],
  });
  const caseId = await arrive(desk, deliveryKey);
  for (const [number, staff] of ["uma", "vic"].entries()) {
    await admitStaff(desk.ports, desk.id, ana.by, { id: staff, name: staff, email: `${staff}@harborworks.example`, roles: ["approver"] });
    const recipient = await approverRecipient(await approverIdentity(new Uint8Array(32).fill(number + 1)));
    await addApproverKey(desk, staff, { kind: "phrase", recipient });
  }
  const checked = await planAndCheck(desk, caseId, ana.by);
  if (checked.kind === "refused") throw new Error(JSON.stringify(checked.reasons));
  if (isRedacted) await takeOut(desk, caseId);
  await open.stop();
  process.stdout.write(`${caseId}\n`);
}

/** A word, a person, and a pseudonym for each of many rooms: numbers and counts that a restart could lose, double or mix up. */
async function takeOut(desk: Desk, caseId: CaseId): Promise<void> {
  const room = { source: "workspace-database", collection: "posts", field: "channel_name", action: { kind: "pseudonym" }, reason: "THIRD_PARTY" } as const;
  const set = await setRedactions(desk, caseId, ana.by, {
    fields: [room],
    texts: [{ kind: "term", term: "copperfinch", reason: "TRADE_SECRET" }],
    people: [{ names: ["Wendelin Quillfeather"], reason: "PRIVILEGE" }],
  });
  if (set.kind === "refused") throw new Error(JSON.stringify(set.reasons));
  const checked = await planAndCheck(desk, caseId, ana.by);
  if (checked.kind === "refused") throw new Error(JSON.stringify(checked.reasons));
}

/** Posts by pages, of which each says where the next one lies. */
function postsApi(baseUrl: string): unknown {
  const marks = (role: string) => `fides_meta: { portcullis: { class: content, data_types: [messages]${role === "" ? "" : `, role: ${role}`} } }`;
  const dataMap = [
    "fides_key: product-api",
    "collections:",
    "  - name: posts",
    "    fields:",
    `      - { name: id, ${marks("key")} }`,
    `      - { name: workspace, ${marks("workspace")} }`,
    `      - { name: author, ${marks("subject")} }`,
    `      - { name: at, ${marks("moment")} }`,
    `      - { name: body, ${marks("")} }`,
  ].join("\n");
  const posts = {
    name: "posts",
    path: "posts?author={account}",
    records: "items",
    paging: { kind: "cursor", field: "next", parameter: "from" },
    columns: ["id", "workspace", "author", "at", "body"].map((name) => ({ name, kind: "text" })),
    id: "id",
    moment: { column: "at", format: "iso" },
  };
  return { kind: "json-api", name: "product-api", dataMap, baseUrl, requestsPerSecond: 1000, collections: [posts] };
}

async function productDatabase(open: OpenInstallation, posts: number): Promise<unknown> {
  const product = await open.database.createDatabase("workspace_product");
  if (!("host" in product.app)) throw new Error("the test needs the embedded database");
  await seedWorkspaceDatabase(product.owner, product.app.user);
  const client = new Client(product.owner);
  await client.connect();
  await client.query(
    `insert into posts select * from jsonb_populate_recordset(null::posts, (select jsonb_agg(jsonb_build_object('workspace_id', 'W-HARBOR', 'id', 1000000 + n,
       'channel_id', 'C-' || n % 400 + n / 40, 'channel_name', 'room ' || n % 400 + n / 40, 'author_id', 'M-HARBOR-02',
       'body', 'PLAINTIDE ' || n || case n % 3 when 0 then ' copperfinch' when 1 then ' Wendelin Quillfeather' else '' end || repeat(' tide', 80),
       'sent_at', timestamptz '2026-01-05 10:00Z' + (n / 3) * interval '1 second')) from generate_series(1, ${posts}) n))`,
  );
  await client.end();
  const { host, port, user, database } = product.app;
  const dataMap = await readFile(new URL("../../packs/data-maps/workspace-database.yaml", import.meta.url), "utf8");
  await writeFile(join(dataDir, "product.json"), JSON.stringify(product.owner));
  return { kind: "workspace-database", name: "workspace-database", dataMap, host, port, user, database };
}

async function setUpWith(open: OpenInstallation, source: unknown): Promise<void> {
  const setUp = setUpFile.parse({
    desk: { legalEntity: "Kutano, Inc.", country: "US", timeZone: "America/Denver", mailboxes: ["legal@kutano.example"] },
    policyPacks: ["data-request"],
    jurisdictions: ["us"],
    sources: [source],
  });
  await setUpDesk(open.ports, open.deskId, open.shelf, setUp, "staff:operator" as Actor);
}

async function getDesk(open: OpenInstallation): Promise<Desk> {
  const desk = await open.desk();
  if (desk === undefined) throw new Error("the desk was not set up");
  return desk;
}

async function arrive(desk: Desk, deliveryKey: string): Promise<CaseId> {
  const raw = Buffer.from(
    "From: Sgt M Reyes <mreyes@police.springfield.gov>\r\nTo: legal@kutano.example\r\nSubject: Warrant\r\nMessage-ID: <p@police.springfield.gov>\r\n\r\nProduce the account celia.\r\n",
  );
  const { caseId } = await receiveMessage(desk, {
    raw,
    bytes: async function* () {
      yield raw;
    },
    door: "mail",
    clientIp: "203.0.113.5",
    helo: "mx.police.springfield.gov",
    mailFrom: "mreyes@police.springfield.gov",
    receivedAt: desk.ports.clock.now(),
  });
  const take = async (command: { readonly type: string; readonly [member: string]: unknown }) => {
    const handled = await handle(desk, { caseId, ...ana, command });
    if (handled.kind === "refused") throw new Error(`${command.type}: ${JSON.stringify(handled.reasons)}`);
  };
  await take({
    type: "ConfirmDetails",
    nature: "criminal",
    instrument: { id: "US-SW", signedBy: "judge", issuedOn: "2026-03-05", servedAt: desk.ports.clock.now() },
    subjects: [{ id: "S1", workspace: "W-HARBOR", resolved: true }],
    lines: [{ id: "L1", subject: "S1", dataType: "messages", from: "2026-01-01", to: "2026-02-15" }],
    private: { agency: "Springfield Police", subjects: { S1: { asWritten: "the account", account: "M-HARBOR-02" } }, deliveryKey },
    given: ["agency", "matter", "workspace", "account", "date-range", "data-type", "officer-contact"],
  });
  await take({ type: "RecordCallBack", answer: "confirmed", numberSource: "government-website", private: { number: "+1 303 555 0100", answeredBy: "Desk" } });
  const waiting = ((await findCaseView(desk, caseId, ana.by, []))?.checks ?? []).filter(({ answer }) => answer === "waiting");
  await take({ type: "AnswerChecks", answers: waiting.map(({ id }) => ({ check: id, answer: "yes" })), private: { note: "Read." } });
  await take({ type: "SignReview", leaveOut: [], private: { reasoning: "The least that the paper supports." } });
  return caseId;
}

/** `killAt`: after so many bytes of this run, or at this step, the process kills itself; empty: somebody else does, or nobody. */
async function seal(open: OpenInstallation, caseId: CaseId, killAt: string): Promise<void> {
  const desk = dyingAt(await getDesk(open), killAt);
  let first: number | undefined;
  process.stdout.write("packing\n");
  const sealed = await sealProduction(desk, caseId, ana.by, {
    onProgress: ({ bytes, records }) => {
      if (first === undefined) process.stdout.write(`from ${records}\n`);
      first ??= bytes;
      if (/^\d+$/.test(killAt) && bytes - first >= Number(killAt)) die();
    },
  });
  process.stdout.write(`${JSON.stringify(sealed)}\n`);
  await open.stop();
}

function die(): never {
  process.kill(process.pid, "SIGKILL");
  throw new Error("still alive");
}

/** The steps between the last byte and the end, each done and then never followed by the next. */
function dyingAt(desk: Desk, step: string): Desk {
  const { objects, journals, vault } = desk.ports;
  let last = "";
  const keepAndDie = <Kept extends Draft | undefined>(draft: Kept): Kept => {
    const keep = draft?.keep.bind(draft);
    if (draft === undefined || keep === undefined) return draft;
    return Object.assign(draft, {
      keep: async () => {
        const kept = await keep();
        if (step === (last === "resealing" ? "resealed" : "kept")) die();
        return kept;
      },
    });
  };
  return {
    ...desk,
    ports: {
      ...desk.ports,
      objects: {
        ...objects,
        begin: async (of, name) => keepAndDie(await objects.begin(of, name)),
        resume: async (of, name, object, mark) => keepAndDie(await objects.resume(of, name, object, mark)),
      },
      journals: {
        ...journals,
        add: async (of, name, entry) => {
          await journals.add(of, name, entry);
          last = (entry as { readonly kind?: string }).kind ?? "";
          if (last === step) die();
        },
      },
      vault: {
        ...vault,
        forget: async (of, name) => {
          if (step === "sealed") die();
          await vault.forget(of, name);
          if (step === "forgotten") die();
        },
      },
    },
  };
}
