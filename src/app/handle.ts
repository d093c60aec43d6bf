// The only road to the ledger for a case: read its facts, ask the decision, write what it decided, letters included.
import type { Actor, CaseId } from "../kernel/ids.ts";
import { caseStream } from "../kernel/ids.ts";
import type { Outcome, Reason } from "../kernel/outcome.ts";
import type { Alongside, Claim, FactBody, Recorded } from "../ledger/port.ts";
import type { CaseFact } from "../requests/case-facts.ts";
import type { Asker, Circumstances, Decision, History } from "../requests/decision.ts";
import { holdFor } from "../requests/preservation/module.ts";
import { caseCircumstances, type Desk } from "./desk.ts";
import { mayAsk } from "./permissions.ts";
import { readCommand, sealPrivate } from "./read-command.ts";
import { findStep } from "./steps.ts";
import type { JustSealed } from "./letter-matter.ts";
import { dropPages, writeLetters } from "./write-letter.ts";

/** What somebody asks for. `private` values are sealed before any decision sees the command. */
export interface Ask {
  readonly caseId: CaseId;
  readonly by: Actor;
  readonly askers: readonly Asker[];
  readonly command: { readonly type: string; readonly [member: string]: unknown };
  /** The link that a letter of this step carries: it must not stand in a fact. */
  readonly link?: string;
}

export type Handled =
  | { readonly kind: "done"; readonly facts: readonly CaseFact[]; readonly version: number }
  | { readonly kind: "refused"; readonly reasons: readonly Reason[] };

const tries = 20;

export async function handle(desk: Desk, ask: Ask): Promise<Handled> {
  const step = findStep(ask.command.type);
  if (step === undefined) return refused([{ clause: "INPUT", code: "UNKNOWN_STEP", because: "The desk knows no such step." }]);
  const read = readCommand(step, ask.command);
  if (read.kind === "refused") return read;
  for (let attempt = 0; attempt < tries; attempt++) {
    const history = await readCase(desk, ask.caseId);
    const barred = mayAsk(step, ask);
    if (barred.length > 0) return refused(barred);
    const prepared = await sealPrivate(desk, ask.caseId, read.secret);
    const at: Circumstances = { ...caseCircumstances(desk, history, ask.by), ...(prepared === undefined ? {} : { evidence: prepared.sealed }) };
    const outcome = decideOn(step, read.open, history, at);
    if (outcome.kind === "refused") return refused(outcome.reasons);
    const elsewhere = await askKeepingCases(desk, ask, outcome.facts, history);
    if (elsewhere.length > 0) return refused(elsewhere);
    const version = await record(desk, ask, history, outcome.facts, prepared);
    if (version !== undefined) return { kind: "done", facts: outcome.facts, version };
  }
  throw new Error(`the case changed ${tries} times while the step ${step.name} was taken`);
}

/**
 * The case that keeps a copy agrees before the case that is answered from it says so: from then on the copy waits, and a crash in
 * between destroys nothing. May be repeated.
 */
async function askKeepingCases(desk: Desk, { caseId, by }: Ask, facts: readonly CaseFact[], history: History): Promise<readonly Reason[]> {
  for (const fact of facts) {
    if (fact.type !== "KeptCopyLinked") continue;
    const command = holdFor(caseId, fact, history, caseCircumstances(desk, history, by));
    const held = await handle(desk, { caseId: fact.from as CaseId, by, askers: ["desk"], command: { ...command } });
    if (held.kind === "refused" && held.reasons.some(({ code }) => code !== "ALREADY_WAITING")) return held.reasons;
  }
  return [];
}

/** What would happen, without writing: pages and dry runs ask this. */
function decideOn(step: Decision, command: unknown, history: History, at: Circumstances): Outcome<CaseFact> {
  const [first, ...rest] = step.against(history, at);
  if (first !== undefined) return { kind: "refused", reasons: [first, ...rest] };
  return step.decide(command as never, history, at);
}

export async function readCase(desk: Desk, caseId: CaseId): Promise<History> {
  return (await desk.ports.ledger.readStream(desk.id, caseStream(caseId))) as unknown as History;
}

function refused(reasons: readonly Reason[]): Extract<Handled, { kind: "refused" }> {
  return { kind: "refused", reasons };
}

type Prepared = (JustSealed & { readonly alongside: Alongside }) | undefined;

/** The facts, the letters they owe and their rows in one transaction; undefined when somebody was faster. */
async function record(desk: Desk, ask: Ask, history: History, facts: readonly CaseFact[], prepared: Prepared): Promise<number | undefined> {
  const now = desk.ports.clock.now();
  const after = [...history, ...facts.map((fact, index) => recorded(desk, ask, fact, history.length + index + 1, now))];
  const letters = await writeLetters(desk, ask.caseId, { history: after, facts, link: ask.link, justSealed: prepared });
  const answer = await appendFacts(desk, {
    caseId: ask.caseId,
    by: ask.by,
    expectedVersion: history.length,
    facts: [...facts, ...letters.map(({ fact }) => fact)],
    alongside: [prepared?.alongside ?? {}, ...letters.map(({ alongside }) => alongside)],
  });
  if (answer.kind !== "appended") await dropPages(desk, ask.caseId, letters);
  return answer.kind === "appended" ? answer.version : undefined;
}

function recorded(desk: Desk, { caseId, by }: Ask, fact: CaseFact, version: number, at: Circumstances["now"]): Recorded<CaseFact> {
  return { desk: desk.id, stream: caseStream(caseId), version, at, by, fact };
}

export interface CaseAppend {
  readonly caseId: CaseId;
  readonly by: Actor;
  readonly expectedVersion: number;
  readonly facts: readonly CaseFact[];
  readonly alongside: readonly Alongside[];
  readonly claims?: readonly Claim[];
}

export function appendFacts(desk: Desk, { caseId, by, expectedVersion, facts, alongside, claims = [] }: CaseAppend) {
  return desk.ports.ledger.append({
    desk: desk.id,
    stream: caseStream(caseId),
    expectedVersion,
    at: desk.ports.clock.now(),
    by,
    facts: facts as unknown as readonly FactBody[],
    alongside: {
      vault: alongside.flatMap(({ vault = [] }) => vault),
      caseKeys: alongside.flatMap(({ caseKeys = [] }) => caseKeys),
      letters: alongside.flatMap(({ letters = [] }) => letters),
      claims,
    },
  });
}
