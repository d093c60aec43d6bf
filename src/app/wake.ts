// What the desk does by itself when a clock runs out: let orders lapse, tell the customer, let downloads expire.
import type { Actor, CaseId } from "../kernel/ids.ts";
import type { Sealed } from "../ledger/port.ts";
import type { Asker } from "../requests/decision.ts";
import { bindingGags } from "../requests/gag/module.ts";
import { noticeOf, untoldWorkspaces } from "../requests/notice/module.ts";
import { circumstances, type Desk } from "./desk.ts";
import { handle, readCase } from "./handle.ts";
import { renewRows } from "./project-views.ts";
import { reactToPartners } from "./wake-partners.ts";
import { giveNotices } from "./owner-notice.ts";
import { settleLinkedCopies, settlePreservations } from "./preserve.ts";
import { discardPackages } from "./produce.ts";

const byDesk = { by: "desk" as Actor, askers: ["desk"] as readonly Asker[] };

/** Goes through every clock that has run out. Safe to call at any time and as often as one likes. */
export async function wakeDue(desk: Desk): Promise<number> {
  const due = await desk.ports.views.due(desk.id, desk.ports.clock.now(), 500);
  const cases = new Set(due.filter(({ wakes }) => wakes !== undefined).map(({ stream }) => stream.slice("case:".length) as CaseId));
  // One case that cannot be woken must not keep the others asleep; it is tried again in the next round.
  const fates = await Promise.allSettled([...cases].map((caseId) => wakeCase(desk, caseId)));
  const failed = fates.find((fate) => fate.status === "rejected");
  if (cases.size > 0) await renewRows(desk, [...cases]);
  if (failed !== undefined) throw new Error("a case could not be woken", { cause: failed.reason });
  return cases.size;
}

/** Each step asks its own decision: what is not due is refused and nothing happens. */
async function wakeCase(desk: Desk, caseId: CaseId): Promise<void> {
  for (const type of ["LapseGags", "MakeLateNoticeDue", "ExpireProduction"]) await handle(desk, { caseId, ...byDesk, command: { type } });
  await settlePreservations(desk, caseId);
  await sendOwedLateNotice(desk, caseId);
}

async function sendOwedLateNotice(desk: Desk, caseId: CaseId): Promise<void> {
  const history = await readCase(desk, caseId);
  const { today } = circumstances(desk, byDesk.by, "");
  const owed = noticeOf(history).lateDue !== undefined && untoldWorkspaces(history).length > 0 && bindingGags(history, today).length === 0;
  if (owed) await giveNotices(desk, caseId, byDesk.by, byDesk.askers);
}

const atOnce = 500;

/**
 * What follows from facts without anybody asking: a case that was fetched closes, an order that ended lets the notice go,
 * unless a promise is still owed. Reads sealed facts from a position of its own and moves it only afterwards: a crash
 * repeats reactions, and every one may be repeated.
 */
export async function react(desk: Desk): Promise<void> {
  for (;;) {
    const from = await desk.ports.views.reactedTo(desk.id);
    const facts = await desk.ports.ledger.readSealed(desk.id, from, atOnce);
    if (facts.length === 0) return;
    await reactTo(desk, facts);
    // What could not be told of a partner keeps no case waiting; it is thrown once everything has moved on.
    const trouble = await reactToPartners(desk, facts).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    await desk.ports.views.markReacted(desk.id, from + facts.length);
    if (trouble !== undefined) throw new Error("a partner could not be told of", { cause: trouble.error });
  }
}

/** After these, what was kept may have to be kept no longer, or waits for its destruction. */
const endsOfKeeping = ["PreservationEnded", "SnapshotAbandoned", "ProcessLinked", "ProductionReleased", "RequestWithdrawn", "CaseClosed"];

/** After these, a package that was sealed may be one that nobody will get. */
const endsOfPackages = [
  "PackageSealed",
  "PlanCompiled",
  "RecordsChecked",
  "ReviewSigned",
  "AuthorityAnswered",
  "ChallengeResolved",
  "ProductionRecalled",
  "CaseClosed",
];

/** After these, a case waits no longer for what another one keeps. */
const endsOfProcess = ["ProductionReleased", "RequestWithdrawn", "CaseClosed"];

async function reactTo(desk: Desk, facts: readonly Sealed[]): Promise<void> {
  const cases = (types: readonly string[]) =>
    new Set(
      facts.filter(({ fact, stream }) => stream.startsWith("case:") && types.includes(fact.type)).map(({ stream }) => stream.slice("case:".length) as CaseId),
    );
  for (const caseId of cases(["ProductionDownloaded", "GagLiftAttempted"])) await handle(desk, { caseId, ...byDesk, command: { type: "CloseCase" } });
  for (const caseId of cases(endsOfPackages)) await discardPackages(desk, caseId);
  for (const caseId of cases(endsOfKeeping)) await settlePreservations(desk, caseId);
  for (const caseId of cases(endsOfProcess)) await settleLinkedCopies(desk, caseId);
  for (const caseId of cases(["GagEnded", "LateNoticeFellDue"])) await wakeCase(desk, caseId);
}
