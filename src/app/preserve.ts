// Data kept for an agency: read by the same plan and judged by the same checker as a production, sealed unseen, and destroyed when its time is over.
import type { Actor, CaseId } from "../kernel/ids.ts";
import type { Reason } from "../kernel/outcome.ts";
import { cite } from "../policy/policy-in-force.ts";
import { judgeKeeping } from "../production/check/judge-keeping.ts";
import { compileKeeping } from "../production/plan/compile-keeping.ts";
import type { ClassOf, KeepingPlan } from "../production/shapes.ts";
import type { Circumstances, History } from "../requests/decision.ts";
import { intakeOf } from "../requests/intake/module.ts";
import {
  asksToKeep,
  destructionCertificate,
  keepingScope,
  linkedCopies,
  preservationsOf,
  undestroyedPreservations,
  unfinishedPreservations,
} from "../requests/preservation/module.ts";
import { findInstrument } from "../requests/review/module.ts";
import { openSecrets } from "./case-secrets.ts";
import { liveCollector } from "./collect-live.ts";
import { circumstances, type Desk } from "./desk.ts";
import { handle, readCase, type Handled } from "./handle.ts";
import { settleWaiting } from "./linked-cases.ts";
import { packageInto } from "./package-sink.ts";
import type { Holdings } from "./ports.ts";
import { collectPlan, type PackageSink } from "./production-port.ts";
import { withHoldings } from "./produce.ts";
import { snapshotKey } from "./snapshot-key.ts";
import { snapshotWriter } from "./snapshot-object.ts";

export interface Taken {
  readonly kind: "taken";
  readonly preservation: string;
  /** Records by data type. */
  readonly records: Readonly<Record<string, number>>;
  readonly bytes: number;
  readonly sha256: string;
}
type Refused = { readonly kind: "refused"; readonly reasons: readonly Reason[] };

/** Snapshots that this process is taking: any other unfinished one was left behind by a crash. */
const taking = new Set<string>();

/**
 * Takes and seals the snapshot of the confirmed lines. Its beginning is recorded first, its object is written second, and it
 * counts only by the fact that comes third: what a crash leaves behind is found by its beginning and cleared away, here or by
 * `clearUnfinished`.
 */
export async function takeSnapshot(desk: Desk, caseId: CaseId, by: Actor): Promise<Taken | Refused> {
  await clearUnfinished(desk, caseId);
  const begun = await askDesk(desk, caseId, by, { type: "BeginSnapshot" });
  if (begun.kind === "refused") return begun;
  const [fact] = begun.facts;
  if (fact?.type !== "SnapshotBegun") throw new Error("a snapshot was begun without a fact");
  taking.add(fact.preservation);
  try {
    const taken = await sealBegun(desk, caseId, by, fact.preservation);
    if (taken.kind === "refused") await giveUp(desk, caseId, fact.preservation);
    return taken;
  } catch (error) {
    // The store or the ledger failed; what cannot be cleared away now is found by the next attempt.
    await giveUp(desk, caseId, fact.preservation).catch(() => undefined);
    throw error;
  } finally {
    taking.delete(fact.preservation);
  }
}

/** The program takes these steps, on the word of the person who pressed the button: the ledger names the person. */
function askDesk(desk: Desk, caseId: CaseId, by: Actor, command: { readonly type: string; readonly [member: string]: unknown }): Promise<Handled> {
  return handle(desk, { caseId, by, askers: ["desk"], command });
}

async function sealBegun(desk: Desk, caseId: CaseId, by: Actor, preservation: string): Promise<Taken | Refused> {
  const history = await readCase(desk, caseId);
  const at = circumstances(desk, by);
  const secrets = await openSecrets(desk, caseId, history);
  const keeping = keepingScope(caseId, history, secrets.details?.subjects ?? {}, at);
  if (keeping === undefined)
    return refused({
      clause: cite(at.policy, "KDRP-2c", "IGRP-9"),
      code: "NO_ACCOUNT",
      because: "The account of a line is not confirmed as its source knows it. Confirm the details with it; nothing is kept by halves.",
    });
  return withHoldings(desk, async (holdings) => {
    if (holdings.maps.length === 0)
      return refused({
        clause: cite(at.policy, "IGRP-9", "KDRP-5"),
        code: "NO_SOURCE",
        because: "No data source is connected. Connect one with its data map under set-up.",
      });
    const compiled = compileKeeping({ keeping, maps: holdings.maps, classOf: classOf(history, at) });
    if (compiled.kind === "refused") return compiled;
    const { packed, stored } = await packageInto(desk, snapshotKey(caseId, preservation), (sink) =>
      seal({ desk, preservation, plan: compiled.plan, holdings, classOf: classOf(history, at) }, sink),
    );
    if (packed.kind === "refused") return packed;
    if (stored === undefined) throw new Error("a snapshot was sealed and not stored");
    const { sha256, bytes, objectId: object } = stored;
    const recorded = await askDesk(desk, caseId, by, { type: "RecordSnapshot", preservation, object, sha256, bytes, records: packed.records });
    return recorded.kind === "refused" ? recorded : { kind: "taken", preservation, records: packed.records, bytes, sha256 };
  });
}

function refused(reason: Reason): Refused {
  return { kind: "refused", reasons: [reason] };
}

function classOf(history: History, at: Circumstances): ClassOf {
  const law = findInstrument(intakeOf(history).details?.instrument, at.laws)?.law;
  return (dataType) => law?.classOf[dataType];
}

interface Sealing {
  readonly desk: Desk;
  readonly preservation: string;
  readonly plan: KeepingPlan;
  readonly holdings: Holdings;
  readonly classOf: ClassOf;
}

type Written = { readonly kind: "written"; readonly records: Readonly<Record<string, number>> } | Refused;

async function seal(sealing: Sealing, sink: PackageSink): Promise<Written> {
  try {
    const written = await writeRecords(sealing, sink);
    await (written.kind === "written" ? sink.keep() : sink.drop());
    return written;
  } catch (error) {
    await sink.drop();
    throw error;
  }
}

async function writeRecords({ desk, preservation, plan, holdings, classOf: classes }: Sealing, sink: PackageSink): Promise<Written> {
  const judge = judgeKeeping({ keeping: plan.keeping, maps: holdings.maps, classOf: classes });
  const typeOf = new Map(plan.keeping.lines.map(({ line, dataType }) => [line, dataType]));
  const records: Record<string, number> = Object.fromEntries([...typeOf.values()].map((dataType) => [dataType, 0]));
  const writer = snapshotWriter(sink.write, { preservation, salt: desk.ports.chance.token(), plan });
  let total = 0;
  for await (const item of collectPlan(plan, liveCollector(holdings.sources))) {
    if (item.kind === "failed") return refused(sourceReason(item.failure.what, desk));
    if (item.kind !== "record") continue;
    const dataType = typeOf.get(item.record.line);
    if (judge(item.record).kind === "outside" || dataType === undefined) return refused(outsideReason(desk));
    await writer.record(item.record);
    records[dataType] = (records[dataType] ?? 0) + 1;
    total += 1;
  }
  await writer.end(total);
  return { kind: "written", records };
}

function sourceReason(what: string, desk: Desk): Reason {
  return {
    clause: cite(desk.policy, "IGRP-9", "KDRP-5"),
    code: "SOURCE_FAILED",
    because: `A source could not be read: ${what} Nothing is kept by halves; try again when it answers.`,
  };
}

function outsideReason(desk: Desk): Reason {
  return {
    clause: cite(desk.policy, "IGRP-9", "KDRP-5"),
    code: "RECORD_OUTSIDE_SCOPE",
    because: "The independent checker found a record outside the lines. Nothing was kept; correct the data map and try again.",
  };
}

/** Gives up what was begun and forgets it. What turns out to be sealed after all stays. */
async function giveUp(desk: Desk, caseId: CaseId, preservation: string): Promise<void> {
  await askDesk(desk, caseId, "desk" as Actor, { type: "AbandonSnapshot", preservation });
  const known = preservationsOf(await readCase(desk, caseId)).find((each) => each.preservation === preservation);
  if (known?.abandoned === true) await forgetSnapshot(desk, caseId, preservation);
}

/** The key first: from then on no copy of the bytes can be read. May be repeated. */
async function forgetSnapshot(desk: Desk, caseId: CaseId, preservation: string): Promise<void> {
  const key = snapshotKey(caseId, preservation);
  await desk.ports.vault.forget(desk.id, key);
  await desk.ports.objects.forget(desk.id, key);
}

/** Clears away what a crash left between the beginning of a snapshot and its seal. Returns how many there were. */
export async function clearUnfinished(desk: Desk, caseId: CaseId): Promise<number> {
  const left = unfinishedPreservations(await readCase(desk, caseId)).filter(({ preservation }) => !taking.has(preservation));
  for (const { preservation } of left) await giveUp(desk, caseId, preservation);
  return left.length;
}

const page = 200;

/** Clears away half snapshots of every open case whose paper asks to keep data. Call it at start, before the doors open. */
export async function sweepSnapshots(desk: Desk): Promise<number> {
  const keeping = new Set(desk.laws.flatMap((law) => law.instruments.filter(asksToKeep).map(({ id }) => id)));
  let cleared = 0;
  let after: { readonly sort: string; readonly caseId: string } | undefined;
  for (;;) {
    const rows = await desk.ports.views.list(desk.id, { queue: "all", limit: page, now: desk.ports.clock.now(), ...(after === undefined ? {} : { after }) });
    for (const { caseId, instrument } of rows) if (instrument !== undefined && keeping.has(instrument)) cleared += await clearUnfinished(desk, caseId);
    const last = rows.at(-1);
    if (last === undefined || rows.length < page) return cleared;
    after = { sort: last.receivedAt, caseId: last.caseId };
  }
}

/**
 * Ends what has to be kept no longer, destroys what has ended and records the proof. Every step asks its own decision, so it
 * may be called at any time; after a crash it goes on where it stopped.
 */
export async function settlePreservations(desk: Desk, caseId: CaseId): Promise<void> {
  if (preservationsOf(await readCase(desk, caseId)).length === 0) return;
  await settleWaiting(desk, caseId);
  const byDesk = "desk" as Actor;
  for (const type of ["LinkProcess", "ExpirePreservation"]) await askDesk(desk, caseId, byDesk, { type });
  const history = await readCase(desk, caseId);
  for (const { preservation, sealed } of undestroyedPreservations(history)) {
    await forgetSnapshot(desk, caseId, preservation);
    if ((await desk.ports.objects.get(desk.id, snapshotKey(caseId, preservation), sealed.object)) !== undefined)
      throw new Error("a snapshot is still there after its destruction");
    await askDesk(desk, caseId, byDesk, { type: "RecordDestruction", preservation, object: sealed.object, sha256: sealed.sha256 });
  }
  for (const { preservation, abandoned } of preservationsOf(history)) if (abandoned) await forgetSnapshot(desk, caseId, preservation);
}

/** A case that has ended lets go of what other cases keep for it. May be repeated. */
export async function settleLinkedCopies(desk: Desk, caseId: CaseId): Promise<void> {
  for (const from of new Set(linkedCopies(await readCase(desk, caseId)).map((linked) => linked.from))) await settlePreservations(desk, from as CaseId);
}

/** The certificate as plain text; undefined until the destruction is on record. */
export async function certificateOfDestruction(desk: Desk, caseId: CaseId, preservation: string): Promise<string | undefined> {
  return destructionCertificate(caseId, preservation, await readCase(desk, caseId), circumstances(desk, "desk" as Actor, ""));
}
