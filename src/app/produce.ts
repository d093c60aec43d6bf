// From signed lines to a sealed package: plan, dry run, independent check, release.
import type { Actor, CaseId } from "../kernel/ids.ts";
import type { Reason } from "../kernel/outcome.ts";
import { judgeFor } from "../production/check/judge-record.ts";
import { readDeliveryKey } from "../production/package/delivery-key.ts";
import { planText } from "../production/package/papers.ts";
import { compileScope } from "../production/plan/compile-scope.ts";
import type { AskedLine, ClassOf, Collected, Plan, Scope, SourceFinding } from "../production/shapes.ts";
import { cite } from "../policy/policy-in-force.ts";
import type { Circumstances, History } from "../requests/decision.ts";
import { isRedacted, startRedaction, whileJudging, type ProductionRedaction, type SeenWhileJudged } from "./redact-production.ts";
import { gateReasons, linesToProduce, releaseOf, scopeOfCase, sealPackage, tooFewHolders } from "../requests/disclosure/module.ts";
import { intakeOf, revisionOf } from "../requests/intake/module.ts";
import { linkedCopies, linkedSincePlan } from "../requests/preservation/module.ts";
import { findInstrument, reviewOf } from "../requests/review/module.ts";
import { caseStream } from "../kernel/ids.ts";
import { bounded, type ExpectedCounts } from "./bounded-collector.ts";
import { holdersOf } from "./approver-keys.ts";
import { openSecrets, type CaseSecrets } from "./case-secrets.ts";
import { liveCollector } from "./collect-live.ts";
import { caseCircumstances, type Desk } from "./desk.ts";
import { handle, readCase, type Handled } from "./handle.ts";
import { faceUrl } from "./owner-notice.ts";
import { findOpening, holdsAgeKey, notOpened } from "./withheld-opening.ts";
import { splitOpening, type Holder } from "./package-key.ts";
import { packOnRecord, settlePacking, type WholePackage } from "./packing-job.ts";
import type { Holdings } from "./ports.ts";
import { collectPlan, countPlan, type Collector, type ReadCount, type Sealing } from "./production-port.ts";
import { findCheckedCopies, keptCopies, keptWords, usesOf, withKept, type KeptCopy } from "./snapshot-source.ts";
import { lineWords } from "./letter-matter.ts";
import { Stopped, watched, type Watch } from "./watched-work.ts";

export interface Planned {
  readonly kind: "planned";
  readonly scope: Scope;
  readonly plan: Plan;
  /** SHA-256 of the plan as the package will carry it: what approvers approve. */
  readonly digest: string;
  readonly counts: readonly ReadCount[];
  readonly findings: readonly SourceFinding[];
}
type Refused = { readonly kind: "refused"; readonly reasons: readonly Reason[] };

interface Making {
  readonly desk: Desk;
  readonly caseId: CaseId;
  readonly history: History;
  readonly secrets: CaseSecrets;
  readonly at: Circumstances;
}

/** Plan and counts; nothing is read but counts and nothing is recorded. */
export async function dryRun(desk: Desk, caseId: CaseId): Promise<Planned | Refused> {
  return withHoldings(desk, async (holdings) => {
    const work = await making(desk, caseId);
    return plan(work, holdings, collectorFor(holdings, await keptCopies(desk, caseId, work.history)));
  });
}

/** Where a sealed snapshot covers a read, its records come from there: the live source may have lost them since. */
function collectorFor({ sources }: Holdings, copies: readonly KeptCopy[]): Collector {
  return withKept(liveCollector(sources), copies);
}

async function making(desk: Desk, caseId: CaseId): Promise<Making> {
  const history = await readCase(desk, caseId);
  return { desk, caseId, history, secrets: await openSecrets(desk, caseId, history), at: caseCircumstances(desk, history, "desk" as Actor) };
}

/** Opens the sources for this use and closes them after it, whatever happens. */
export async function withHoldings<Result>(desk: Desk, use: (holdings: Holdings) => Promise<Result>): Promise<Result> {
  const holdings = await desk.ports.sources();
  try {
    return await use(holdings);
  } finally {
    await Promise.all(holdings.sources.map((source) => source.close()));
  }
}

async function plan(work: Making, holdings: Holdings, collector: Collector): Promise<Planned | Refused> {
  const compiled = compile(work, holdings);
  if (compiled.kind === "refused") return compiled;
  return { ...compiled, counts: await countPlan(compiled.plan, collector), findings: holdings.findings };
}

function compile({ caseId, history, secrets, at, desk }: Making, { maps }: Holdings): Omit<Planned, "counts" | "findings"> | Refused {
  const scope = scopeOfCase(caseId, history, secrets.details?.subjects ?? {}, at);
  if (scope === undefined)
    return refused({
      clause: cite(at.policy, "IGRP-5", "KDRP-4"),
      code: "NOTHING_TO_PLAN",
      because: "There is nothing to plan: no line is signed as allowed, or no account of the source is confirmed.",
    });
  if (maps.length === 0)
    return refused({
      clause: cite(at.policy, "IGRP-9", "KDRP-5"),
      code: "NO_SOURCE",
      because: "No data source is connected. Connect one with its data map under set-up.",
    });
  const compiled = compileScope({ scope, maps, classOf: classOf(history, at) });
  if (compiled.kind === "refused") return compiled;
  return { kind: "planned", scope, plan: compiled.plan, digest: desk.ports.digest(planText(compiled.plan)) };
}

function classOf(history: History, at: Circumstances): ClassOf {
  const law = findInstrument(intakeOf(history).details?.instrument, at.laws)?.law;
  return (dataType) => law?.classOf[dataType];
}

function refused(reason: Reason): Refused {
  return { kind: "refused", reasons: [reason] };
}

export interface ReadForRedaction {
  readonly redaction: ProductionRedaction;
  readonly maps: Holdings["maps"];
  readonly plan: Plan;
  readonly records: AsyncIterable<Collected>;
}

/** The records that production would read, for people who prepare what is taken out of them. Nothing is recorded. */
export async function readForRedaction<Result>(desk: Desk, caseId: CaseId, use: (reading: ReadForRedaction) => Promise<Result>): Promise<Result | Refused> {
  return withHoldings(desk, async (holdings) => {
    const work = await making(desk, caseId);
    const compiled = compile(work, holdings);
    if (compiled.kind === "refused") return compiled;
    const redaction = await redactionFor(work, compiled.scope, holdings);
    const collector = collectorFor(holdings, await keptCopies(desk, caseId, work.history));
    try {
      return await use({ redaction, maps: holdings.maps, plan: compiled.plan, records: collectPlan(compiled.plan, collector) });
    } finally {
      redaction.end();
    }
  });
}

/** Compiles, records the plan, lets the independent checker judge every record, and records its verdict. */
export async function planAndCheck(
  desk: Desk,
  caseId: CaseId,
  by: Actor,
  watch: Watch = {},
): Promise<Handled | (Refused & { readonly outside?: readonly Reason[] })> {
  return withHoldings(desk, async (holdings) => {
    const work = await making(desk, caseId);
    const copies = await keptCopies(desk, caseId, work.history);
    const collector = collectorFor(holdings, copies);
    const planned = await plan(work, holdings, collector);
    if (planned.kind === "refused") return planned;
    const failed = planned.counts.flatMap(({ counted }) => (counted.kind === "failed" ? [sourceReason(counted.failure.what, desk)] : []));
    if (failed.length > 0) return { kind: "refused", reasons: failed };
    const recorded = await askDesk(desk, caseId, by, {
      type: "RecordPlan",
      plan: planned.digest,
      reads: expectedIn(planned.counts).map((expected, index) => ({ ...expected, columns: [...(planned.plan.reads[index]?.columns ?? [])] })),
      nothingHeld: planned.plan.nothingHeld.map(({ line }) => line),
      private: { scope: planned.scope, plan: planned.plan },
    });
    if (recorded.kind === "refused") return recorded;
    // The gate sees every copy that is linked after the plan; one that was linked while it was compiled is seen here.
    if (linkedCopies(await readCase(desk, caseId)).length > linkedCopies(work.history).length) return refused(linkedSincePlan(work.at));
    for (const { copy, records } of await usesOf(planned.plan.reads, copies)) {
      const use = { preservation: copy.living.preservation, ...(copy.from === undefined ? {} : { from: copy.from }), records };
      const used = await askDesk(desk, caseId, by, { type: "RecordSnapshotUse", plan: planned.digest, ...use });
      if (used.kind === "refused") return used;
    }
    const judged = await judgeAll(work, planned, holdings, bounded(collector, expectedIn(planned.counts)), watch);
    if (judged.kind === "refused") return judged;
    const { kind: _, ...checked } = judged;
    return askDesk(desk, caseId, by, { type: "RecordCheck", plan: planned.digest, ...checked });
  });
}

function expectedIn(counts: readonly ReadCount[]): ExpectedCounts {
  return counts.map(({ read: { source, collection, line }, counted }) => ({
    source,
    collection,
    line,
    expected: counted.kind === "counted" ? counted.records : 0,
  }));
}

function sourceReason(what: string, desk: Desk): Reason {
  return {
    clause: cite(desk.policy, "IGRP-9", "KDRP-5"),
    code: "SOURCE_FAILED",
    because: `A source could not be read: ${what} Nothing was recorded as produced; try again when it answers.`,
  };
}

/** The program takes these steps, on the word of the person who pressed the button: the ledger names the person. */
function askDesk(
  desk: Desk,
  caseId: CaseId,
  by: Actor,
  command: { readonly type: string; readonly [member: string]: unknown },
  link?: string,
): Promise<Handled> {
  return handle(desk, { caseId, by, askers: ["desk"], command, ...(link === undefined ? {} : { link }) });
}

type Judged = ({ readonly kind: "judged"; readonly records: number; readonly outside: number } & Partial<SeenWhileJudged>) | Refused;

async function judgeAll(work: Making, { scope, plan: compiled }: Planned, holdings: Holdings, collector: Collector, watch: Watch): Promise<Judged> {
  const redaction = await redactionFor(work, scope, holdings);
  try {
    return redaction.against.length > 0
      ? { kind: "refused", reasons: redaction.against }
      : await judgeRedacted(work, redaction, collectPlan(compiled, collector, watch.signal), watch);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    return refused({
      clause: cite(work.desk.policy, "IGRP-9", "KDRP-5"),
      code: "STOPPED",
      because: "The check was stopped. The plan is recorded and not checked; record it and check again.",
    });
  } finally {
    redaction.end();
  }
}

async function judgeRedacted(
  { desk, history, at }: Making,
  redaction: ProductionRedaction,
  collected: AsyncIterable<Collected>,
  watch: Watch,
): Promise<Judged> {
  const seen = whileJudging(history, at);
  let records = 0;
  let outside = 0;
  const tell = () => watch.onProgress?.({ records: records + 1, bytes: 0 });
  for await (const item of watched(collected, watch, tell)) {
    if (item.kind === "failed") return refused(sourceReason(item.failure.what, desk));
    if (item.kind !== "record") continue;
    records += 1;
    const looked = await redaction.look(item.record);
    if (looked.kind === "refused") return refused(looked.reason);
    if (redaction.judge(looked.record).kind === "outside") outside += 1;
    const against = seen.add(looked);
    if (against !== undefined) return refused(against);
  }
  return { kind: "judged", records, outside, ...seen.all(redaction) };
}

function redactionFor(work: Making, scope: Scope, { maps }: Holdings): Promise<ProductionRedaction> {
  const { history, at, secrets } = work;
  const own = Object.values(secrets.details?.subjects ?? {}).map(({ asWritten }) => asWritten);
  return startRedaction({ ...work, scope, maps, own, judge: judgeFor({ scope, maps, classOf: classOf(history, at) }) });
}

export interface SealedNow {
  readonly kind: "sealed";
  readonly package: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly records: number;
  /** Why a packing that was cut off could not go on and began again with a new key. */
  readonly restarted?: string;
}

/**
 * Packs what was checked and seals it for those who may approve. Nobody can open the package before two of them have: the desk
 * keeps the file without its first bytes, and these only under a secret that it has split and forgotten. What was cut off goes on
 * where it stood; while a packing is unfinished its notes hold the key, sealed (see SECURITY.md).
 */
export async function sealProduction(desk: Desk, caseId: CaseId, by: Actor, watch: Watch = {}): Promise<SealedNow | Refused> {
  const work = await making(desk, caseId);
  const holders = await holdersOf(desk);
  const delivery = await deliveryOf(work);
  const against = [
    ...sealPackage.against(work.history, work.at),
    ...(delivery.kind === "refused" ? delivery.reasons : []),
    ...(holders.length < 2 ? [tooFewHolders(work.at)] : []),
  ];
  if (against.length > 0 || delivery.kind === "refused") return { kind: "refused", reasons: against };
  const sealed = await withHoldings(desk, (holdings) => packAndSeal(work, by, holdings, { holders, sealing: delivery.sealing, watch }));
  await discardPackages(desk, caseId);
  return sealed;
}

type Delivery = { readonly kind: "sealing"; readonly sealing: Sealing } | Refused;

/** How the package is sealed: by the officer's own key or, where the agency can do no better, by a passphrase of ours. */
async function deliveryOf({ desk, secrets, at }: Making): Promise<Delivery> {
  const key = readDeliveryKey(secrets.details?.deliveryKey ?? "");
  if (key.kind === "age") return { kind: "sealing", sealing: key };
  if (key.kind === "passphrase") return { kind: "sealing", sealing: { kind: "passphrase-zip", passphrase: desk.ports.delivery.makePassphrase() } };
  const against = key.kind === "refused" ? key.reasons : await desk.ports.delivery.refusePgpKey(key.key, at.now);
  if (key.kind === "openpgp" && against.length === 0) return { kind: "sealing", sealing: key };
  const clause = cite(at.policy, "KDRP-8");
  const code = against.some((refusal) => refusal.code === "EMPTY") ? "NO_DELIVERY_KEY" : "DELIVERY_KEY_REFUSED";
  return { kind: "refused", reasons: against.map(({ because }) => ({ clause, code, because: `The officer's key: ${because} Nothing leaves unencrypted.` })) };
}

interface SealedFor {
  readonly holders: readonly Holder[];
  readonly sealing: Sealing;
  readonly watch: Watch;
}

async function packAndSeal(work: Making, by: Actor, holdings: Holdings, sealedFor: SealedFor): Promise<SealedNow | Refused> {
  const { desk, caseId, history, at } = work;
  const compiled = compile(work, holdings);
  if (compiled.kind === "refused") return compiled;
  if (compiled.digest !== releaseOf(history).plan?.plan)
    return refused({
      clause: cite(at.policy, "IGRP-9", "KDRP-5"),
      code: "PLAN_CHANGED",
      because: "The plan is not the one that was checked: data maps or details changed. Compile and check it again.",
    });
  const copies = await findCheckedCopies(desk, caseId, history);
  if (copies === undefined)
    return refused({
      clause: cite(at.policy, "IGRP-9", "KDRP-4"),
      code: "SNAPSHOT_ENDED",
      because: "The plan was checked against a kept copy that is kept no longer. Compile and check it again: what is released is what was checked.",
    });
  const { sealing, watch } = sealedFor;
  const redaction = await redactionFor(work, compiled.scope, holdings);
  if (redaction.against.length > 0) return { kind: "refused", reasons: redaction.against };
  const packed = await packOnRecord<SealedNow>(
    {
      desk,
      caseId,
      by,
      plan: compiled.plan,
      digest: compiled.digest,
      sealing,
      redaction,
      watch,
      fix: async () => ({ packagedAt: at.now, ...(await checkProof(work)) }),
      orderOf: ({ packagedAt, proof }) => ({
        scope: compiled.scope,
        plan: compiled.plan,
        maps: holdings.maps,
        asked: askedLines(work, compiled.plan, copies),
        declaration: {
          custodian: desk.profile.custodian ?? "Custodian of records",
          organisation: desk.profile.legalEntity,
          declaredAt: packagedAt,
          keptCopies: keptLines(compiled.plan, copies, desk),
        },
        ...(proof === undefined ? {} : { proof }),
        sign: desk.ports.delivery.signer(desk.id),
        packagedAt,
        judge: redaction.judge,
        ...(isRedacted(history) ? { redactions: redaction.counts } : {}),
      }),
      collect: (reads, after) => collectPlan({ reads }, bounded(collectorFor(holdings, copies), releaseOf(history).plan?.reads ?? []), watch.signal, after),
    },
    (whole, restarted) => sealWhole(work, by, { ...sealedFor, compiled, whole, redaction, restarted }),
  ).finally(redaction.end);
  if (packed.kind === "failed") return refused(redaction.refusal() ?? sourceReason(packed.failure.what, desk));
  if (packed.kind === "outside")
    return refused({
      clause: cite(at.policy, "IGRP-9", "KDRP-5"),
      code: "RECORD_OUTSIDE_SCOPE",
      because: "The independent checker found a record outside the scope while packing. Nothing left; the package was destroyed.",
    });
  return packed;
}

interface Made extends SealedFor {
  readonly compiled: Omit<Planned, "counts" | "findings">;
  readonly whole: WholePackage;
  readonly redaction: ProductionRedaction;
  /** Why a packing that was cut off began again. */
  readonly restarted: string | undefined;
}

/** Splits the first bytes among the approvers, forgets them and records the package: from then on the desk alone opens nothing. */
async function sealWhole({ desk, caseId, history }: Making, by: Actor, made: Made): Promise<SealedNow | Refused> {
  const { compiled, whole, redaction, sealing, holders, restarted } = made;
  const { packing, object, opening, sha256, bytes, figures, redactions } = whole;
  const { scope, digest: plan } = compiled;
  if (sealing.kind === "age" && !holdsAgeKey(opening)) throw new Error("the header of a package is longer than what is withheld of it");
  const passphrase = sealing.kind === "passphrase-zip" ? { passphrase: sealing.passphrase } : {};
  const split = await splitOpening({ opening, ...passphrase }, holders, { caseId, sha256 });
  const digest = desk.ports.digest(opening);
  opening.fill(0);
  const handled = await askDesk(desk, caseId, by, {
    type: "SealPackage",
    packing,
    revision: revisionOf(history),
    plan,
    sha256,
    bytes,
    sealedWith: sealing.kind,
    opening: digest,
    object,
    records: figures.recordsByDataType,
    accounts: new Set(scope.lines.flatMap(({ accounts }) => accounts)).size,
    holders: holders.map(({ id }) => `staff:${id}`),
    ...(redaction.rules === undefined ? {} : { rules: redaction.rules }),
    ...(isRedacted(history) ? { redactions } : {}),
    marks: redaction.marks,
    private: split,
  });
  if (handled.kind === "refused") return handled;
  const [fact] = handled.facts;
  if (fact?.type !== "PackageSealed") throw new Error("a package was sealed without a fact");
  return { kind: "sealed", package: fact.package, sha256, bytes, records: figures.records, ...(restarted === undefined ? {} : { restarted }) };
}

/** Destroys stored packages that nobody will get: their plan was made anew, or their case ended. May be repeated. */
export async function discardPackages(desk: Desk, caseId: CaseId): Promise<void> {
  await settlePacking(desk, caseId);
  for (const { package: name, object } of releaseOf(await readCase(desk, caseId)).toDiscard) {
    await desk.ports.objects.remove(desk.id, caseId, object);
    await askDesk(desk, caseId, "desk" as Actor, { type: "DiscardPackage", package: name });
  }
}

export interface Released {
  readonly kind: "released";
  readonly link: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly records: number;
}

/** Hands the approved package over. What two approvers gave together is held against the digest that was recorded when it was sealed. */
export async function releaseProduction(desk: Desk, caseId: CaseId, by: Actor): Promise<Released | Refused> {
  const { history, at } = await making(desk, caseId);
  const against = gateReasons(history, at);
  if (against.length > 0) return { kind: "refused", reasons: against };
  const { sealed } = releaseOf(history);
  if (sealed === undefined || (await findOpening(desk, history)) === undefined) return refused(notOpened(at.policy));
  return handOut(desk, caseId, by, { type: "Release", package: sealed.package });
}

/** A new link to the package that was released: the old one expired, was used up or never arrived. */
export async function renewDownload(desk: Desk, caseId: CaseId, by: Actor): Promise<Released | Refused> {
  return handOut(desk, caseId, by, { type: "RenewDownload" });
}

async function handOut(desk: Desk, caseId: CaseId, by: Actor, command: { readonly type: string; readonly package?: string }): Promise<Released | Refused> {
  const token = desk.ports.chance.token();
  const link = faceUrl(desk, `/officer/${caseId}/download/${token}`);
  const handled = await askDesk(desk, caseId, by, { ...command, link: await desk.ports.vault.digest(desk.id, "officer-link", token) }, link);
  if (handled.kind === "refused") return handled;
  const { sealed } = releaseOf(await readCase(desk, caseId));
  if (sealed === undefined) throw new Error("a production was released without a package");
  const records = Object.values(sealed.records).reduce((sum, count) => sum + count, 0);
  return { kind: "released", link, sha256: sealed.sha256, bytes: sealed.bytes, records };
}

function keptLines({ reads }: Plan, copies: readonly KeptCopy[], desk: Desk): readonly string[] {
  return [...new Set(reads.map(({ line }) => line))].flatMap((line) => {
    const words = keptWords(line, reads, copies, desk.zone);
    return words === undefined ? [] : [`${line}: ${words}`];
  });
}

/** The proof that the independent check of this plan stands in the ledger: it goes into the bag. */
async function checkProof({ desk, caseId, history, at }: Making) {
  const check = history.findLast(({ fact }) => fact.type === "RecordsChecked");
  if (check === undefined) throw new Error("a production was packed without a check");
  await desk.ports.ledger.seal(desk.id, at.now);
  const proof = await desk.ports.ledger.findProof(desk.id, caseStream(caseId), check.version);
  return proof === undefined ? {} : { proof };
}

/** What the receiver reads: every line that was asked, with what became of it. */
function askedLines({ desk, history, secrets }: Making, { reads }: Plan, copies: readonly KeptCopy[]): readonly AskedLine[] {
  const producible = new Set(linesToProduce(history));
  const verdicts = new Map(reviewOf(history).signed?.lines.map((verdict) => [verdict.line, verdict]));
  return (intakeOf(history).details?.lines ?? []).map((line): AskedLine => {
    const verdict = verdicts.get(line.id);
    const asked = lineWords(desk, line, secrets);
    const [first, ...rest] = verdict?.reasons ?? [];
    const kept = keptWords(line.id, reads, copies, desk.zone);
    const notes = verdict?.notes?.map(({ because }) => because) ?? [];
    const why = [`The paper reaches this line (${verdict?.citation ?? ""}).`, ...notes, ...(kept === undefined ? [] : [kept])].join(" ");
    if (producible.has(line.id)) return { verdict: "produced", line: line.id, asked, why };
    const fallen: Reason = {
      clause: "IGRP-9",
      code: "LEFT_OUT",
      because: "The line was left out of the smallest scope that the paper supports.",
      line: line.id,
    };
    return { verdict: "denied", line: line.id, asked, reasons: first === undefined ? [fallen] : [first, ...rest] };
  });
}
