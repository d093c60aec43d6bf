// The packing of a production on record: begun by a fact, gone on with after a stop, and its key destroyed when the package is sealed or given up.
import type { Actor, CaseId } from "../kernel/ids.ts";
import type { Reason } from "../kernel/outcome.ts";
import { cite } from "../policy/policy-in-force.ts";
import { checkpointVersion } from "../production/package/packing-state.ts";
import type { Plan, SourceFailure } from "../production/shapes.ts";
import { sealPackage, unfinishedPacking, type Packing } from "../requests/disclosure/module.ts";
import type { PackingGround } from "../requests/disclosure/events.ts";
import { revisionOf } from "../requests/intake/module.ts";
import { caseCircumstances, type Desk } from "./desk.ts";
import { handle, readCase, type Handled } from "./handle.ts";
import { noteBook, packingKey, readNotes, readPackingKey, type FixedMatter, type NoteBook, type PackedFigures, type PackingNotes } from "./packing-notes.ts";
import type { PackageOrder, PackageSink, Packed, Sealing } from "./production-port.ts";
import type { ProductionRedaction } from "./redact-production.ts";
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
  /** Every package is sealed with age while it is packed, since that can go on; another sealing follows when it is whole. */
  readonly sealing: Sealing;
  /** What is drawn once, when the packing begins, and is the same when it goes on. */
  readonly fix: () => Promise<Omit<FixedMatter, "redaction" | "inner">>;
  readonly orderOf: (fixed: FixedMatter) => Omit<PackageOrder, "recipients">;
  /** As the sources give them. */
  readonly collect: Collect;
  readonly redaction: ProductionRedaction;
  readonly watch: Watch;
}

/** Whoever packs holds the turn: without it another process may be writing the same draft. */
interface PackingWork extends PackingOrder {
  readonly turn: Turn;
}

/** A package that is whole, sealed as the officer needs it and stored without its first bytes. Nothing is sealed for the approvers yet. */
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
    const outcome = notes === undefined ? notBegun : await sealedAnew(work, standing.packing, await goOn(work, standing.packing, notes));
    if (outcome.kind !== "not-resumable") return settle(work, standing.packing, outcome, (whole) => seal(whole, undefined));
    await giveUp(desk, caseId, standing.packing, outcome === notBegun ? "failed" : "changed");
    restarted = outcome.because;
  }
  const begun = await ask(work, { type: "BeginPacking" });
  if (begun.kind === "refused") return begun;
  const [fact] = begun.facts;
  if (fact?.type !== "PackingBegun") throw new Error("a packing was begun without a fact");
  const outcome = await sealedAnew(work, fact.packing, await packAnew(work, fact.packing));
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
  if (sealed.kind === "refused") await giveUp(desk, caseId, packing, "ended");
  else await clearAway(desk, caseId, packing);
  return sealed;
}

async function packAnew(work: PackingWork, packing: string): Promise<Outcome> {
  const { desk, caseId, plan, redaction, sealing } = work;
  const inner = sealing.kind === "age" ? {} : { inner: await desk.ports.delivery.makeIdentity() };
  const fixed: FixedMatter = { ...(await work.fix()), redaction: redaction.startAnew(), ...inner };
  const draft = await desk.ports.objects.begin(desk.id, caseId);
  try {
    await desk.ports.objects.sweep(desk.id, caseId, [draft.objectId]);
    const notes = noteBook(desk, packingKey(caseId, packing));
    await notes.begun(draft.objectId, fixed);
    const run = openRun(work, draft, notes, { opening: new Uint8Array(0), records: 0, bytes: 0 });
    const records = watched(redaction.redact(work.collect(plan.reads)), work.watch, run.onRecord);
    const packed = await desk.ports.packager.pack(orderFor(work, fixed, run), records, run.sink);
    return await keep(work, packing, packed, draft, notes, run.withheld);
  } finally {
    await draft.close();
  }
}

function orderFor(work: PackingWork, fixed: FixedMatter, { onCheckpoint }: Run): PackageOrder {
  return { ...work.orderOf(fixed), recipients: recipientsOf(work.sealing, fixed), onCheckpoint };
}

function recipientsOf(sealing: Sealing, { inner }: FixedMatter): PackageOrder["recipients"] {
  if (sealing.kind === "age") return sealing.recipients;
  if (inner === undefined) throw new Error("a package that is sealed in two steps has nobody to be sealed to in the first");
  return [inner.recipient];
}

async function goOn(work: PackingWork, packing: string, notes: PackingNotes): Promise<GoneOn> {
  const { desk, caseId, plan, watch, redaction } = work;
  const { object, opening, checkpoints, mark, packed, fixed } = notes;
  const last = checkpoints.at(-1);
  if (last !== undefined && last.version !== checkpointVersion) return { kind: "not-resumable", because: "Another version of the program had begun it." };
  if ((fixed.inner === undefined) !== (work.sealing.kind === "age")) return { kind: "not-resumable", because: "It is sealed another way by now." };
  if (!redaction.goOnFrom(fixed.redaction, notes.redacted))
    return { kind: "not-resumable", because: "What is taken out of the production was changed after the packing had begun." };
  if (packed !== undefined && (await desk.ports.objects.get(desk.id, caseId, object)) !== undefined)
    return { kind: "whole", whole: { packing, object, opening, ...packed } };
  if (last === undefined || mark === undefined) return notBegun;
  const left = stillToCome(checkpoints, plan, work.collect, redaction.keyOf);
  if (left === undefined)
    return { kind: "not-resumable", because: "The records of the read that was cut off have no key of their own, so nobody can tell which of them are done." };
  const draft = await desk.ports.objects.resume(desk.id, caseId, object, mark);
  if (draft === undefined) return { kind: "not-resumable", because: "What was sealed before the stop is no longer there." };
  try {
    const book = noteBook(desk, packingKey(caseId, packing));
    const records = last.reads.reduce((sum, read) => sum + read.records, 0);
    const run = openRun(work, draft, book, { opening, records, bytes: last.seal.bytes });
    const sink = { ...run.sink, stored: () => whole(opening, draft.stored()) };
    const resumed = await desk.ports.packager.resume(checkpoints, orderFor(work, fixed, run), watched(redaction.redact(left), watch, run.onRecord), sink);
    if (resumed.kind === "not-resumable") return resumed;
    if (resumed.kind === "failed" && resumed.failure.code === "CHANGED_SINCE") return { kind: "not-resumable", because: resumed.failure.what };
    return await keep(work, packing, resumed, draft, book, run.withheld);
  } finally {
    await draft.close();
  }
}

/**
 * Seals a whole package the way the agency needs it, where that is not age. It reads from the desk's own store and from no source; one
 * that was cut off begins again, with what an earlier one left removed first. The package it reads from goes when this one is on record.
 */
async function sealedAnew<Gone extends GoneOn>(work: PackingWork, packing: string, outcome: Gone): Promise<Gone | Outcome> {
  const { desk, caseId, sealing, watch } = work;
  if (outcome.kind !== "whole" || sealing.kind === "age") return outcome;
  const name = packingKey(caseId, packing);
  const notes = await readNotes(desk, name);
  const inner = notes?.fixed.inner;
  const from = await desk.ports.objects.get(desk.id, caseId, outcome.whole.object);
  if (notes === undefined || inner === undefined || from === undefined) throw new Error("a package that is to be sealed another way is not there");
  for (const object of notes.resealed) await desk.ports.objects.remove(desk.id, caseId, object);
  await desk.ports.objects.sweep(desk.id, caseId, []);
  const draft = await desk.ports.objects.begin(desk.id, caseId);
  try {
    await noteBook(desk, name).resealing(draft.objectId);
    const withheld = withholdOpening();
    const sink = withheld.before(intoDraft(work, draft, async () => void (await draft.keep())));
    const { opening } = outcome.whole;
    const resealing = { identity: inner.identity, package: whole(opening, untilStopped(from, watch)), sealing, caseId, packagedAt: notes.fixed.packagedAt };
    const file = await desk.ports.packager.reseal(resealing, sink);
    opening.fill(0);
    return { kind: "whole", whole: { ...outcome.whole, ...file, object: draft.objectId, opening: withheld.opening() } };
  } finally {
    await draft.close();
  }
}

async function* untilStopped(pieces: AsyncIterable<Uint8Array>, { signal }: Watch): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    if (signal?.aborted === true) throw new Stopped();
    yield piece;
  }
}

async function* whole(opening: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (opening.length > 0) yield opening;
  yield* rest;
}

/** The figures are noted before the draft becomes an object: a stop in between is gone on with, and a stop after it finds the object. */
async function keep({ turn, redaction }: PackingWork, packing: string, packed: Packed, draft: Draft, notes: NoteBook, withheld: Withholding): Promise<Outcome> {
  if (packed.kind !== "packed") return packed;
  await turn.confirm();
  const { sha256, bytes, figures } = packed;
  const opening = withheld.opening();
  const all: PackedFigures = { sha256, bytes, figures, redactions: redaction.counts() };
  await notes.opening(opening);
  await notes.packed(all);
  await draft.keep();
  return { kind: "whole", whole: { packing, object: draft.objectId, opening, ...all } };
}

interface Run {
  readonly sink: PackageSink;
  readonly withheld: Withholding;
  readonly onCheckpoint: NonNullable<PackageOrder["onCheckpoint"]>;
  readonly onRecord: () => void;
}

/** A connection may be gone without a word: the database is asked again after so much that was written. */
const bytesBetweenConfirms = 16 * 1024 * 1024;
const leave = async (): Promise<void> => undefined;

function intoDraft({ turn }: PackingWork, draft: Draft, keep: () => Promise<void>): PackageSink {
  let unconfirmed = 0;
  return {
    write: async (chunk) => {
      turn.lost.throwIfAborted();
      unconfirmed += chunk.length;
      if (unconfirmed >= bytesBetweenConfirms) {
        await turn.confirm();
        unconfirmed = 0;
      }
      await draft.append(chunk);
    },
    keep,
    drop: leave,
  };
}

/** Writes into the draft. Whatever ends the packing leaves the draft as it is: only the job decides what becomes of it. */
function openRun(
  work: PackingWork,
  draft: Draft,
  notes: NoteBook,
  from: { readonly opening: Uint8Array; readonly records: number; readonly bytes: number },
): Run {
  let noted = from.opening.length;
  let mark: DraftMark | undefined;
  const noteOpening = async (): Promise<void> => {
    const opening = withheld.opening();
    if (opening.length === noted) return;
    await notes.opening(opening);
    noted = opening.length;
  };
  // Noted before anything comes behind it: the store never has bytes whose beginning was lost.
  const withheld = withholdOpening({ from: from.opening, whenFull: noteOpening });
  const count = counter(work.watch, from);
  const into = intoDraft(work, draft, leave);
  return {
    withheld,
    sink: counting(withheld.before({ ...into, flush: async () => void (mark = await draft.flush()), pause: leave }), count.bytes),
    onRecord: count.record,
    onCheckpoint: async (checkpoint) => {
      if (mark === undefined) throw new Error("a checkpoint was made before anything was durable");
      const redacted = work.redaction.soFar();
      await work.turn.confirm();
      await noteOpening();
      await notes.checkpoint(checkpoint, redacted, mark);
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

/** Destroys what a packing made: the fact first, the notes and their key last, so that a stop in between is found again. May be repeated. */
async function giveUp(desk: Desk, caseId: CaseId, packing: string, ground: PackingGround): Promise<void> {
  await ask({ desk, caseId, by: "desk" as Actor }, { type: "AbandonPacking", packing, ground });
  await clearAway(desk, caseId, packing);
}

async function clearAway(desk: Desk, caseId: CaseId, packing: string): Promise<void> {
  const name = packingKey(caseId, packing);
  const history = await readCase(desk, caseId);
  const notes = await readNotes(desk, name);
  const sealed = new Set(history.flatMap(({ fact }) => (fact.type === "PackageSealed" ? [fact.object] : [])));
  const made = notes === undefined ? [] : [notes.object, ...notes.resealed];
  for (const object of made) if (!sealed.has(object)) await desk.ports.objects.remove(desk.id, caseId, object);
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
