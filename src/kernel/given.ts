// Test sentences: given these facts, when this is asked, then these facts follow, or these reasons stand against it.
import type { Outcome, Reason } from "./outcome.ts";

/** A fact as a test expects it: only the members that the sentence speaks of; `undefined` says that it has no such member. */
type Expected<Fact> = Fact extends unknown ? { readonly [Member in keyof Fact]?: Fact[Member] | undefined } : never;

interface Then<Fact> {
  readonly outcome: Outcome<Fact>;
  /** Exactly these facts, in order; of each, the named members. Throws with both sides when it is otherwise. */
  readonly then: (...expected: readonly Expected<Fact>[]) => readonly Fact[];
  /** Refused with exactly these codes, in order. Every reason must cite a clause and speak a sentence. */
  readonly refused: (...codes: readonly string[]) => readonly Reason[];
}

export interface Given<Command, Fact, Circumstances> {
  readonly when: (command: Command, at: Circumstances) => Then<Fact>;
}

/** `given(history, decide).when(command, circumstances).then(facts)`. */
export function given<Command, Fact, History, Circumstances>(
  history: History,
  decide: (command: Command, history: History, at: Circumstances) => Outcome<Fact>,
): Given<Command, Fact, Circumstances> {
  return { when: (command, at) => sentence(decide(command, history, at)) };
}

function sentence<Fact>(outcome: Outcome<Fact>): Then<Fact> {
  return { outcome, then: (...expected) => factsOf(outcome, expected), refused: (...codes) => reasonsOf(outcome, codes) };
}

function factsOf<Fact>(outcome: Outcome<Fact>, expected: readonly Expected<Fact>[]): readonly Fact[] {
  if (outcome.kind === "refused")
    throw new Error(`refused: ${outcome.reasons.map(({ clause, code, because }) => `${code} (${clause}) ${because}`).join("; ")}`);
  const { facts } = outcome;
  if (facts.length !== expected.length || !expected.every((members, index) => holds(facts[index], members)))
    throw new Error(`expected ${JSON.stringify(expected)}, decided ${JSON.stringify(facts)}`);
  return facts;
}

function holds(fact: unknown, members: object): boolean {
  return Object.entries(members).every(([name, value]) => JSON.stringify((fact as Record<string, unknown>)[name]) === JSON.stringify(value));
}

function reasonsOf<Fact>(outcome: Outcome<Fact>, codes: readonly string[]): readonly Reason[] {
  if (outcome.kind === "accepted") throw new Error(`expected ${codes.join(", ")}, decided ${JSON.stringify(outcome.facts)}`);
  const found = outcome.reasons.map(({ code }) => code);
  if (JSON.stringify(found) !== JSON.stringify(codes)) throw new Error(`expected ${codes.join(", ")}, refused with ${found.join(", ")}`);
  const mute = outcome.reasons.find(({ clause, because }) => !/^[A-Z]+-?\d/.test(clause) || !/^[A-Z].*[.?]$/s.test(because));
  if (mute !== undefined) throw new Error(`no clause or no sentence: ${JSON.stringify(mute)}`);
  return outcome.reasons;
}
