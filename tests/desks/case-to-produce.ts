// A case on a running desk whose data lies in a real database, taken as far as the check of its plan.
import { readFile } from "node:fs/promises";
import { identityToRecipient } from "age-encryption";
import { addApproverKey } from "../../src/app/approver-keys.ts";
import { findCaseView } from "../../src/app/case-view.ts";
import { admitStaff, connectSource, registerWorkspace } from "../../src/app/directory.ts";
import { handle } from "../../src/app/handle.ts";
import { giveNotices } from "../../src/app/owner-notice.ts";
import { approverIdentity, approverRecipient } from "../../src/app/package-key.ts";
import { planAndCheck } from "../../src/app/produce.ts";
import type { Actor, CaseId } from "../../src/kernel/ids.ts";
import { seedWorkspaceDatabase } from "../../src/rehearsal/workspace-database.ts";
import type { Asker } from "../../src/requests/decision.ts";
import { owners, type RunningDesk } from "./running-desk.ts";

const ana = { by: "staff:ana" as Actor, askers: ["analyst", "counsel"] as readonly Asker[] };

/** Connects the company's database, once a desk. */
export async function connectWorkspace({ installation }: RunningDesk): Promise<void> {
  const product = await installation.database.createDatabase("workspace_product");
  if (!("host" in product.owner) || !("host" in product.app)) throw new Error("the product's database has no socket");
  await seedWorkspaceDatabase(product.owner, product.app.user);
  const { host, port, user, database } = product.app;
  const dataMap = await readFile(new URL("../../packs/data-maps/workspace-database.yaml", import.meta.url), "utf8");
  const source = { kind: "workspace-database", name: "workspace-database", dataMap, host, port, user, database } as const;
  await connectSource(installation.ports, installation.deskId, ana.by, source);
  const workspace = { id: "W-HARBOR", name: "Harbor Works", owners: [{ name: "Olivia", email: owners.acme }] };
  await registerWorkspace(installation.ports, installation.deskId, ana.by, workspace);
}

export interface Approver {
  readonly id: string;
  readonly identity: CryptoKey;
}

/** People who may approve, each with a key that only the test has. */
export async function admitApprovers(running: RunningDesk, ids: readonly string[]): Promise<readonly Approver[]> {
  const desk = await running.desk();
  return Promise.all(
    ids.map(async (id) => {
      await admitStaff(desk.ports, desk.id, ana.by, { id, name: id, email: `${id}@harborworks.example`, roles: ["approver"] });
      const identity = await approverIdentity(crypto.getRandomValues(new Uint8Array(32)));
      await addApproverKey(desk, id, { kind: "phrase", recipient: await approverRecipient(identity) });
      return { id, identity };
    }),
  );
}

/** As `reviewedWarrant`, planned and checked. */
export async function checkedWarrant(running: RunningDesk, officerIdentity: string, member?: string): Promise<CaseId> {
  const caseId = await reviewedWarrant(running, officerIdentity, member);
  const checked = await planAndCheck(await running.desk(), caseId, ana.by);
  if (checked.kind === "refused") throw new Error(checked.reasons.map(({ because }) => because).join(" "));
  return caseId;
}

/** A warrant for one member's messages: confirmed, called back, reviewed, its customer told. */
export async function reviewedWarrant(running: RunningDesk, officerIdentity: string, member = "M-HARBOR-00"): Promise<CaseId> {
  const { caseId } = await running.receive(
    `From: Sgt M Reyes <mreyes@police.springfield.gov>\nTo: legal-process@kutano.example\nSubject: Search warrant\nMessage-ID: <produce-${member}@police.springfield.gov>\n\nWarrant.\n`,
  );
  const desk = await running.desk();
  const takes = async (command: { readonly type: string; readonly [member: string]: unknown }) => {
    const handled = await handle(desk, { caseId, ...ana, command });
    if (handled.kind === "refused") throw new Error(`${command.type}: ${handled.reasons.map(({ because }) => because).join(" ")}`);
  };
  await takes({
    type: "ConfirmDetails",
    nature: "criminal",
    instrument: { id: "US-SW", signedBy: "judge", issuedOn: running.clock.now().slice(0, 10), servedAt: running.clock.now() },
    subjects: [{ id: "S1", workspace: "W-HARBOR", resolved: true }],
    lines: [{ id: "L1", subject: "S1", dataType: "messages", from: "2026-01-01", to: "2026-02-15" }],
    private: {
      agency: "Springfield Police",
      subjects: { S1: { asWritten: "the account", account: member } },
      deliveryKey: await identityToRecipient(officerIdentity),
    },
    given: ["agency", "matter", "workspace", "account", "date-range", "data-type", "officer-contact"],
  });
  const call = { number: "+1 303 555 0100", answeredBy: "Switchboard" };
  await takes({ type: "RecordCallBack", answer: "confirmed", numberSource: "government-website", private: call });
  const waiting = ((await findCaseView(desk, caseId, ana.by, []))?.checks ?? []).filter(({ answer }) => answer === "waiting");
  await takes({ type: "AnswerChecks", answers: waiting.map(({ id }) => ({ check: id, answer: "yes" })), private: { note: "Read." } });
  await takes({ type: "SignReview", leaveOut: [], private: { reasoning: "The least that the paper supports." } });
  const { reasons } = await giveNotices(desk, caseId, ana.by, ana.askers);
  if (reasons.length > 0) throw new Error(reasons.map(({ because }) => because).join(" "));
  await running.sendWaitingLetters();
  return caseId;
}
