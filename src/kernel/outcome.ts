// What a decision gives back: facts, or every reason against, each with the clause that asks for it.

/** One reason against. The same words appear on the page, in the letter, in JSON and in the terminal. */
export interface Reason {
  /** Id in the clause register (`KDRP-11`) or the validity checklist (`V07`). */
  readonly clause: string;
  /** Stable code, upper snake case: `INSUFFICIENT_PROCESS`. */
  readonly code: string;
  /** One or two plain sentences: what is missing and what would change the answer. Never a name or an address. */
  readonly because: string;
  /** The request line it speaks of, when it speaks of one. */
  readonly line?: string;
}

export type Outcome<Fact> =
  | { readonly kind: "accepted"; readonly facts: readonly Fact[] }
  | { readonly kind: "refused"; readonly reasons: readonly [Reason, ...Reason[]] };

export function accept<Fact>(...facts: readonly Fact[]): Outcome<Fact> {
  return { kind: "accepted", facts };
}

export function refuse(first: Reason, ...rest: readonly Reason[]): Outcome<never> {
  return { kind: "refused", reasons: [first, ...rest] };
}

/** Accepts with the facts when no reason stands against it; refuses with all of them otherwise. */
export function unless<Fact>(reasons: readonly Reason[], facts: () => readonly Fact[]): Outcome<Fact> {
  const [first, ...rest] = reasons;
  return first === undefined ? { kind: "accepted", facts: facts() } : refuse(first, ...rest);
}
