// The packing of a production on record: begun by a fact, gone on with after a stop, and its key destroyed when the package is sealed or given up.
import type { Actor, CaseId } from "../kernel/ids.ts";
import type { Reason } from "../kernel/outcome.ts";
import { cite } from "../policy/policy-in-force.ts";
import type { Plan, SourceFailure } from "../production/shapes.ts";
import { sealPackage, unfinishedPacking, type Packing } from "../requests/disclosure/module.ts";
import type { PackingGround } from "../requests/disclosure/events.ts";
import { revisionOf } from "../requests/intake/module.ts";
import { caseCircumstances, type Desk } from "./desk.ts";
import { handle, readCase, type Handled } from "./handle.ts";
import { noteBook, packingKey, readNotes, readPackingKey, type FixedMatter, type NoteBook, type PackedFigures, type PackingNotes } from "./packing-notes.ts";
import { packageInto } from "./package-sink.ts";
import type { PackageOrder, PackageSink, Packed } from "./production-port.ts";
import { stillToCome, type Collect } from "./still-to-come.ts";
import { NoRoom, TurnLost, type Draft, type DraftMark, type Turn } from "./vault-port.ts";
import { causeOf, Stopped, watched, type Watch } from "./watched-work.ts";
import { withholdOpening, type Withholding } from "./withheld-opening.ts";

interface PackingOrder {
  readonly desk: Desk;
  readonly caseId: CaseId;
  readonly by: Actor;
  readonly plan: Plan;
  /** Digest of the plan. */
  readonly digest: string;
  /** Only a package that is sealed with age, and of which nothing is taken out, goes on after a stop. */
  readonly resumable: boolean;
  /** What is drawn once, when the packing begins, and is the same when it goes on. */
  readonly fix: () => Promise<FixedMatter>;
  readonly orderOf: (fixed: FixedMatter) => PackageOrder;
  readonly collect: Collect;
  readonly watch: Watch;
}

/** Whoever packs holds the turn: without it another process may be writing the same draft. */
interface PackingWork extends PackingOrder {
  readonly turn: Turn;
}

/** A package that is whole and stored without its first bytes. Nothing is sealed for the approvers yet. */
export interface WholePackage extends PackedFigures {
  readonly packing: string;
  readonly object: string;
  readonly opening: Uint8Array;
}

type Refused = { readonly kind: "refused"; readonly reasons: readonly Reason[] };
type Unpacked = Exclude<Packed, { readonly kind: "packed" }>;
type Outcome = { readonly kind: "whole"; readonly whole: WholePackage } | Unpacked;
type GoneOn = Outcome | { readonly kind: "not-resumable"; readonly because: string };

export type PackedOnRecord<Sealed> = Sealed | Refused | { readonly kind: "failed"; readonly failure: SourceFailure } | { readonly kind: "outside" };

/**
 * Packs what the work names, or goes on with its packing where that was cut off, and lets `seal` record the whole package. `restarted`
 * says why one that was cut off began again with a new key. May be called again after any failure and any death of the program.
 */
export async function packOnRecord<Sealed extends { readonly kind: string }>(
  order: PackingOrder,
  seal: (whole: WholePackage, restarted: string | undefined) => Promise<Sealed | Refused>,
): Promise<PackedOnRecord<Sealed>> {
  const turn = await takeTurn(order);
  if (turn === undefined) return { kind: "refused", reasons: [underWay(order.desk)] };
  try {
    const { watch } = order;
    const signal = watch.signal === undefined ? turn.lost : AbortSignal.any([watch.signal, turn.lost]);
    return await inTurn({ ...order, turn, watch: { ...watch, signal } }, seal);
  } catch (error) {
    const reason = reasonOf(error, order.desk, turn);
    if (reason === undefined) throw error;
    return { kind: "refused", reasons: [reason] };
  } finally {
    await turn.end();
  }
}

function takeTurn({ desk, caseId }: Pick<PackingOrder, "desk" | "caseId">): Promise<Turn | undefined> {
  return desk.ports.turns.take(`packing/${desk.id}/${caseId}`);
}

async function inTurn<Sealed extends { readonly kind: string }>(
  work: PackingWork,
  seal: (whole: WholePackage, restarted: string | undefined) => Promise<Sealed | Refused>,
): Promise<PackedOnRecord<Sealed>> {
  const { desk, caseId } = work;
  const standing = await standingPacking(work);
  const notes = standing === undefined ? undefined : await readNotes(desk, packingKey(caseId, standing.packing));
  let restarted: string | undefined;
  if (standing !== undefined) {
    const outcome = notes === undefined ? notBegun : await goOn(work, standing.packing, notes);
    if (outcome.kind !== "not-resumable") return settle(work, standing.packing, outcome, (whole) => seal(whole, undefined));
    await giveUp(desk, caseId, standing.packing, outcome === notBegun ? "failed" : "changed");
    restarted = outcome.because;
  }
  const begun = await ask(work, { type: "BeginPacking" });
  if (begun.kind === "refused") return begun;
  const [fact] = begun.facts;
  if (fact?.type !== "PackingBegun") throw new Error("a packing was begun without a fact");
  const outcome = await packAnew(work, fact.packing);
  return settle(work, fact.packing, outcome, (whole) => seal(whole, restarted));
}

const notBegun = { kind: "not-resumable", because: "Nothing of it was sealed when it was stopped." } as const;

/** The packing that was cut off, when it is of this plan; one of another is given up. */
async function standingPacking({ desk, caseId, digest }: PackingWork): Promise<Packing | undefined> {
  const history = await readCase(desk, caseId);
  const standing = unfinishedPacking(history);
  if (standing === undefined || (!standing.stale && standing.plan === digest && standing.revision === revisionOf(history))) return standing;
  await giveUp(desk, caseId, standing.packing, "ended");
  return undefined;
}

function ask(
  { desk, caseId, by }: Pick<PackingWork, "desk" | "caseId" | "by">,
  command: { readonly type: string; readonly [member: string]: unknown },
): Promise<Handled> {
  return handle(desk, { caseId, by, askers: ["desk"], command });
}

async function settle<Sealed extends { readonly kind: string }>(
  work: PackingWork,
  packing: string,
  outcome: Outcome,
  seal: (whole: WholePackage) => Promise<Sealed | Refused>,
): Promise<PackedOnRecord<Sealed>> {
  const { desk, caseId } = work;
  await work.turn.confirm();
  if (outcome.kind === "outside") {
    await giveUp(desk, caseId, packing, "outside");
    return { kind: "outside" };
  }
  if (outcome.kind === "failed") {
    // What was sealed before the source failed is kept and gone on with; where that is nothing, nothing is kept.
    const notes = await readNotes(desk, packingKey(caseId, packing));
    if (notes === undefined || notes.checkpoints.length === 0) await giveUp(desk, caseId, packing, "failed");
    return outcome;
  }
  const sealed = await seal(outcome.whole);
  if (sealed.kind === "refused") {
    await desk.ports.objects.remove(desk.id, caseId, outcome.whole.object);
    await giveUp(desk, caseId, packing, "ended");
  } else await destroyNotes(desk, packingKey(caseId, packing));
  return sealed;
}

async function packAnew(work: PackingWork, packing: string): Promise<Outcome> {
  const { desk, caseId, plan } = work;
  const fixed = await work.fix();
  if (!work.resumable) return packInOneGo(work, packing, fixed);
  const draft = await desk.ports.objects.begin(desk.id, caseId);
  try {
    await desk.ports.objects.sweep(desk.id, caseId, [draft.objectId]);
    const notes = noteBook(desk, packingKey(caseId, packing));
    await notes.begun(draft.objectId, fixed);
    const run = openRun(work, draft, notes, { opening: new Uint8Array(0), records: 0, bytes: 0 });
    const order = { ...work.orderOf(fixed), onCheckpoint: run.onCheckpoint };
    const packed = await desk.ports.packager.pack(order, watched(work.collect(plan.reads), work.watch, run.onRecord), run.sink);
    return await keep(work, packing, packed, draft, notes, run.withheld);
  } finally {
    await draft.close();
  }
}

async function packInOneGo(work: PackingWork, packing: string, fixed: FixedMatter): Promise<Outcome> {
  const { desk, caseId, plan } = work;
  const withheld = withholdOpening();
  const count = counter(work.watch, { records: 0, bytes: 0 });
  const { packed, stored } = await packageInto(desk, caseId, (sink) =>
    desk.ports.packager.pack(work.orderOf(fixed), watched(work.collect(plan.reads), work.watch, count.record), counting(withheld.before(sink), count.bytes)),
  );
  if (packed.kind !== "packed") return packed;
  if (stored === undefined) throw new Error("a package was packed and not stored");
  // Named, so that it is found and removed when it is not recorded. Nothing that opens it is noted.
  await noteBook(desk, packingKey(caseId, packing)).begun(stored.objectId, fixed);
  const { sha256, bytes, figures } = packed;
  return { kind: "whole", whole: { packing, object: stored.objectId, opening: withheld.opening(), sha256, bytes, figures } };
}

async function goOn(work: PackingWork, packing: string, notes: PackingNotes): Promise<GoneOn> {
  const { desk, caseId, plan, watch } = work;
  const { object, opening, checkpoints, mark, packed } = notes;
  // What was packed before something had to be taken out is never gone on with, also when it is whole.
  if (!work.resumable) return notBegun;
  if (packed !== undefined && (await desk.ports.objects.get(desk.id, caseId, object)) !== undefined)
    return { kind: "whole", whole: { packing, object, opening, ...packed } };
  const last = checkpoints.at(-1);
  if (last === undefined || mark === undefined || desk.ports.packager.resume === undefined) return notBegun;
  const left = stillToCome(last, plan, work.collect);
  if (left === undefined)
    return { kind: "not-resumable", because: "The records of the read that was cut off have no key of their own, so nobody can tell which of them are done." };
  const draft = await desk.ports.objects.resume(desk.id, caseId, object, mark);
  if (draft === undefined) return { kind: "not-resumable", because: "What was sealed before the stop is no longer there." };
  try {
    const book = noteBook(desk, packingKey(caseId, packing));
    const records = last.reads.reduce((sum, read) => sum + read.records, 0);
    const run = openRun(work, draft, book, { opening, records, bytes: last.seal.bytes });
    const sink = { ...run.sink, stored: () => whole(opening, draft.stored()) };
    const order = { ...work.orderOf(notes.fixed), onCheckpoint: run.onCheckpoint };
    const resumed = await desk.ports.packager.resume(checkpoints, order, watched(left, watch, run.onRecord), sink);
    if (resumed.kind === "not-resumable") return resumed;
    if (resumed.kind === "failed" && resumed.failure.code === "CHANGED_SINCE") return { kind: "not-resumable", because: resumed.failure.what };
    return await keep(work, packing, resumed, draft, book, run.withheld);
  } finally {
    await draft.close();
  }
}

async function* whole(opening: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (opening.length > 0) yield opening;
  yield* rest;
}

/** The figures are noted before the draft becomes an object: a stop in between is gone on with, and a stop after it finds the object. */
async function keep({ turn }: PackingWork, packing: string, packed: Packed, draft: Draft, notes: NoteBook, withheld: Withholding): Promise<Outcome> {
  if (packed.kind !== "packed") return packed;
  await turn.confirm();
  const { sha256, bytes, figures } = packed;
  const opening = withheld.opening();
  await notes.opening(opening);
  await notes.packed({ sha256, bytes, figures });
  await draft.keep();
  return { kind: "whole", whole: { packing, object: draft.objectId, opening, sha256, bytes, figures } };
}

interface Run {
  readonly sink: PackageSink;
  readonly withheld: Withholding;
  readonly onCheckpoint: NonNullable<PackageOrder["onCheckpoint"]>;
  readonly onRecord: () => void;
}

/** A connection may be gone without a word: the database is asked again after so much that was written. */
const bytesBetweenConfirms = 16 * 1024 * 1024;

/** Writes into the draft. Whatever ends the packing leaves the draft as it is: only the job decides what becomes of it. */
function openRun(
  work: PackingWork,
  draft: Draft,
  notes: NoteBook,
  from: { readonly opening: Uint8Array; readonly records: number; readonly bytes: number },
): Run {
  let noted = from.opening.length;
  let mark: DraftMark | undefined;
  let unconfirmed = 0;
  const noteOpening = async (): Promise<void> => {
    const opening = withheld.opening();
    if (opening.length === noted) return;
    await notes.opening(opening);
    noted = opening.length;
  };
  // Noted before anything comes behind it: the store never has bytes whose beginning was lost.
  const withheld = withholdOpening({ from: from.opening, whenFull: noteOpening });
  const count = counter(work.watch, from);
  const leave = async (): Promise<void> => undefined;
  const into: PackageSink = {
    write: async (chunk) => {
      work.turn.lost.throwIfAborted();
      unconfirmed += chunk.length;
      if (unconfirmed >= bytesBetweenConfirms) {
        await work.turn.confirm();
        unconfirmed = 0;
      }
      await draft.append(chunk);
    },
    flush: async () => void (mark = await draft.flush()),
    keep: leave,
    drop: leave,
    pause: leave,
  };
  return {
    withheld,
    sink: counting(withheld.before(into), count.bytes),
    onRecord: count.record,
    onCheckpoint: async (checkpoint) => {
      if (mark === undefined) throw new Error("a checkpoint was made before anything was durable");
      await work.turn.confirm();
      await noteOpening();
      await notes.checkpoint(checkpoint, mark);
    },
  };
}

function counter({ onProgress }: Watch, from: { readonly records: number; readonly bytes: number }) {
  let { records, bytes } = from;
  return {
    record: (): void => onProgress?.({ records: ++records, bytes }),
    bytes: (more: number): void => onProgress?.({ records, bytes: (bytes += more) }),
  };
}

function counting(sink: PackageSink, onBytes: (bytes: number) => void): PackageSink {
  return {
    ...sink,
    write: async (chunk) => {
      await sink.write(chunk);
      onBytes(chunk.length);
    },
  };
}

/** Destroys half a package: the fact first, the notes and their key last, so that a stop in between is found again. May be repeated. */
async function giveUp(desk: Desk, caseId: CaseId, packing: string, ground: PackingGround): Promise<void> {
  await ask({ desk, caseId, by: "desk" as Actor }, { type: "AbandonPacking", packing, ground });
  await clearAway(desk, caseId, packing);
}

async function clearAway(desk: Desk, caseId: CaseId, packing: string): Promise<void> {
  const name = packingKey(caseId, packing);
  const history = await readCase(desk, caseId);
  const notes = await readNotes(desk, name);
  const isSealed = history.some(({ fact }) => fact.type === "PackageSealed" && fact.object === notes?.object);
  if (notes !== undefined && !isSealed) await desk.ports.objects.remove(desk.id, caseId, notes.object);
  if (unfinishedPacking(history) === undefined) await desk.ports.objects.sweep(desk.id, caseId, []);
  await destroyNotes(desk, name);
}

/** The key first: from then on no copy of the notes can be read. */
async function destroyNotes(desk: Desk, name: string): Promise<void> {
  await desk.ports.vault.forget(desk.id, name);
  await desk.ports.journals.remove(desk.id, name);
}

/** A person wants nothing of what was cut off. */
export async function giveUpPacking(desk: Desk, caseId: CaseId): Promise<void> {
  await withTurn(desk, caseId, async () => {
    const standing = unfinishedPacking(await readCase(desk, caseId));
    if (standing !== undefined) await giveUp(desk, caseId, standing.packing, "stopped");
  });
}

/** Gives up a packing whose package nobody could get any more. May be repeated. */
export async function settlePacking(desk: Desk, caseId: CaseId): Promise<void> {
  const standing = unfinishedPacking(await readCase(desk, caseId));
  if (standing === undefined) return;
  await withTurn(desk, caseId, async () => {
    const history = await readCase(desk, caseId);
    const isOver = sealPackage.against(history, caseCircumstances(desk, history, "desk" as Actor)).length > 0;
    if (isOver && unfinishedPacking(history)?.packing === standing.packing) await giveUp(desk, caseId, standing.packing, "ended");
  });
}

async function withTurn(desk: Desk, caseId: CaseId, act: () => Promise<void>): Promise<boolean> {
  const turn = await takeTurn({ desk, caseId });
  if (turn === undefined) return false;
  try {
    await act();
    return true;
  } finally {
    await turn.end();
  }
}

export interface CutOff extends Packing {
  readonly caseId: CaseId;
}

/** What a killed program left of packings: notes without a packing are destroyed, packings that can go on are named. Call it at start. */
export async function findCutOffPackings(desk: Desk): Promise<readonly CutOff[]> {
  const cutOff: CutOff[] = [];
  for (const name of await desk.ports.journals.names(desk.id)) {
    const of = readPackingKey(name);
    if (of === undefined) continue;
    await settlePacking(desk, of.caseId);
    await withTurn(desk, of.caseId, async () => {
      const standing = unfinishedPacking(await readCase(desk, of.caseId));
      if (standing?.packing === of.packing) cutOff.push({ ...standing, caseId: of.caseId });
      else await clearAway(desk, of.caseId, of.packing);
    });
  }
  return cutOff;
}

function underWay(desk: Desk): Reason {
  return {
    clause: cite(desk.policy, "IGRP-9", "KDRP-5"),
    code: "PACKING_UNDER_WAY",
    because: "This production is being packed right now. Wait until it is done, or stop it.",
  };
}

function reasonOf(error: unknown, desk: Desk, { lost }: Turn): Reason | undefined {
  const clause = cite(desk.policy, "IGRP-9", "KDRP-5");
  if (lost.aborted || causeOf(error, TurnLost) !== undefined)
    return {
      clause,
      code: "TURN_LOST",
      because:
        "The connection to the database was lost, and with it the right to pack alone. Nothing left; what is sealed so far is kept. Press “Pack and seal” again when the database answers: it goes on, or begins again and says so.",
    };
  const full = causeOf(error, NoRoom);
  if (full !== undefined)
    return {
      clause,
      code: "NO_ROOM",
      because: `The disk is full: nothing more can be written to ${full.where}. What is sealed so far is kept and nothing left. Make room and press “Pack and seal” again: it goes on.`,
    };
  if (causeOf(error, Stopped) === undefined) return undefined;
  return { clause, code: "STOPPED", because: "The packing was stopped. Nothing left; what is sealed so far is kept, and “Pack and seal” goes on from there." };
}
