// How state comes from facts, and how a decision sees it: both are pure.
import type { Outcome } from "./outcome.ts";

/** A way to read a stream: where it starts and what each fact changes. Facts it does not know leave it as it was. */
export interface Fold<State, Fact> {
  readonly initial: State;
  readonly evolve: (state: State, fact: Fact) => State;
}

export type Decide<State, Command, Fact> = (command: Command, state: State) => Outcome<Fact>;

export function fold<State, Fact>(reading: Fold<State, Fact>, facts: Iterable<Fact>): State {
  let state = reading.initial;
  for (const fact of facts) state = reading.evolve(state, fact);
  return state;
}
