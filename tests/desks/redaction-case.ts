// A case whose records and PDF name people the request does not ask about: for the tests of redaction.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { Client, type ClientConfig } from "pg";
import { connectSource, registerWorkspace } from "../../src/app/directory.ts";
import { caseCircumstances } from "../../src/app/desk.ts";
import { handle, readCase } from "../../src/app/handle.ts";
import type { Actor, CaseId } from "../../src/kernel/ids.ts";
import { seedWorkspaceDatabase } from "../../src/rehearsal/workspace-database.ts";
import type { Asker } from "../../src/requests/decision.ts";
import { checkStates } from "../../src/requests/review/module.ts";
import { linesOf, smallPdf } from "../fixtures/small-pdf.ts";
import { owners, startDesk, type RunningDesk } from "./running-desk.ts";

export const ana = { by: "staff:ana" as Actor, askers: ["analyst", "counsel", "approver"] as readonly Asker[] };
const member = "M-HARBOR-02";

/** What must be gone in the end: a person, an address, a number, and words on a page. */
export const removed = { person: "Quillfeather", address: "wrenbury@mail.example", telephone: "+1 303 555 0188", words: "Zanzibarium" } as const;

export const paper = smallPdf({
  pages: [
    { content: linesOf([`Statement of ${removed.person}`, "The weather was fine"]) },
    { content: linesOf(["Page two", `Reach me at ${removed.address}`, `The ${removed.words} stays secret`]) },
  ],
});

export interface RedactionCase {
  readonly running: RunningDesk;
  readonly caseId: CaseId;
  /** Of the officer: opens the package. */
  readonly identity: string;
  /** Puts one more file of the subject into the source. */
  addFile(name: string, mediaType: string, content: string): Promise<void>;
  stop(): Promise<void>;
}

/** Received, confirmed and signed; nothing is planned yet. */
export async function openRedactionCase(): Promise<RedactionCase> {
  const running = await startDesk();
  const identity = await generateX25519Identity();
  const product = await connectProduct(running);
  const { caseId } = await running.receive(
    "From: Sgt M Reyes <mreyes@police.springfield.gov>\nTo: legal-process@kutano.example\nSubject: Warrant\nMessage-ID: <redact-1@police.springfield.gov>\n\nWarrant. Account celia, Harbor Works.\n",
  );
  await signed(running, caseId, await identityToRecipient(identity));
  const addFile = async (name: string, mediaType: string, content: string): Promise<void> => {
    const live = new Client(product);
    await live.connect();
    await live.query(
      "insert into files (id, workspace_id, owner_id, uploaded_at, name, media_type, content) values ($1, 'W-HARBOR', $2, '2026-01-21T10:00:00Z', $1, $3, $4)",
      [name, member, mediaType, Buffer.from(content)],
    );
    await live.end();
  };
  return { running, caseId, identity, addFile, stop: () => running.stop() };
}

/** The source's own connection, as its owner. */
async function connectProduct({ installation }: RunningDesk): Promise<ClientConfig> {
  const product = await installation.database.createDatabase("workspace_product");
  assert.ok("host" in product.owner && "host" in product.app);
  await seedWorkspaceDatabase(product.owner, product.app.user);
  const live = new Client(product.owner);
  await live.connect();
  await live.query("delete from files");
  await live.query(
    "update posts set body = $1 where id in (select id from posts where author_id = $2 and sent_at >= '2026-01-05' and sent_at < '2026-02-10' order by id limit 3)",
    [`Ask ${removed.person} (${removed.address}, ${removed.telephone}) about the rent`, member],
  );
  await live.query(
    "insert into files (id, workspace_id, owner_id, uploaded_at, name, media_type, content) values ('F-PAPER', 'W-HARBOR', $1, '2026-01-20T10:00:00Z', $2, 'application/pdf', $3)",
    [member, `letter of ${removed.person}.pdf`, Buffer.from(paper)],
  );
  await live.end();
  const { host, port, user, database } = product.app;
  const dataMap = await readFile(new URL("../../packs/data-maps/workspace-database.yaml", import.meta.url), "utf8");
  const source = { kind: "workspace-database", name: "workspace-database", dataMap, host, port, user, database } as const;
  await connectSource(installation.ports, installation.deskId, ana.by, source);
  const workspace = { id: "W-HARBOR", name: "Harbor Works", owners: [{ name: "Olivia", email: owners.acme }] };
  await registerWorkspace(installation.ports, installation.deskId, ana.by, workspace);
  return product.owner;
}

async function signed(running: RunningDesk, caseId: CaseId, deliveryKey: string): Promise<void> {
  const takes = async (command: { readonly type: string; readonly [member: string]: unknown }): Promise<void> => {
    const handled = await handle(await running.desk(), { caseId, ...ana, command });
    assert.equal(handled.kind, "done", JSON.stringify(handled));
  };
  await takes({
    type: "ConfirmDetails",
    nature: "criminal",
    instrument: { id: "US-SW", signedBy: "judge", issuedOn: running.clock.now().slice(0, 10), servedAt: running.clock.now() },
    subjects: [{ id: "S1", workspace: "W-HARBOR", resolved: true }],
    lines: [
      { id: "L1", subject: "S1", dataType: "messages", from: "2026-01-01", to: "2026-02-15" },
      { id: "L2", subject: "S1", dataType: "files", from: "2026-01-01", to: "2026-02-15" },
    ],
    private: { agency: "Springfield Police", subjects: { S1: { asWritten: "celia", account: member } }, deliveryKey },
    given: ["agency", "matter", "workspace", "account", "date-range", "data-type", "officer-contact"],
  });
  await takes({ type: "RecordCallBack", answer: "confirmed", numberSource: "court-directory", private: { number: "+1 303 555 0100", answeredBy: "Clerk" } });
  const desk = await running.desk();
  const history = await readCase(desk, caseId);
  const waiting = checkStates(history, caseCircumstances(desk, history, ana.by)).filter(({ answer }) => answer === "waiting");
  await takes({ type: "AnswerChecks", answers: waiting.map(({ check }) => ({ check: check.id, answer: "yes" })), private: { note: "" } });
  await takes({ type: "SignReview", leaveOut: [], private: { reasoning: "Read and weighed." } });
}
