// How the desk decides: one definition serves the page that offers a step, the door that takes it and the rule that enforces it.
import type { z } from "zod";
import type { Actor } from "../kernel/ids.ts";
import type { Day, Instant, Zone } from "../kernel/instant.ts";
import type { Outcome, Reason } from "../kernel/outcome.ts";
import type { Vaulted } from "../kernel/vaulted.ts";
import type { Recorded } from "../ledger/port.ts";
import type { JurisdictionPack, ProviderKind } from "../policy/pack.ts";
import type { PolicyInForce } from "../policy/policy-in-force.ts";
import type { CaseFact } from "./case-facts.ts";

/** What the desk's company is, where rules of the law depend on it. */
export interface ProviderFacts {
  /** Region: `US-CA`. */
  readonly incorporatedIn?: string;
  readonly headquarteredIn?: string;
  /** Country of the designated establishment or legal representative in the Union. */
  readonly designatedIn?: string;
  readonly kinds?: readonly ProviderKind[];
  /** Languages it has declared to authorities, ISO 639-1. */
  readonly languages?: readonly string[];
}

export type History = readonly Recorded<CaseFact>[];

/** Reads a history once: every step, bar and check asks the same again. A history is never changed in place. */
export function oncePerHistory<Value>(read: (history: History) => Value): (history: History) => Value {
  const known = new WeakMap<History, { readonly value: Value }>();
  return (history) => {
    const found = known.get(history) ?? { value: read(history) };
    known.set(history, found);
    return found.value;
  };
}

/** Everything a decision may know beside the command and the facts: values, never services. */
export interface Circumstances {
  readonly now: Instant;
  readonly today: Day;
  readonly zone: Zone;
  readonly by: Actor;
  readonly policy: PolicyInForce;
  readonly laws: readonly JurisdictionPack[];
  /** What the company is; absent members are unknown. */
  readonly provider?: ProviderFacts;
  /** A fresh random id for whatever the decision brings into being. */
  readonly fresh: string;
  /** Where the command's `private` values were sealed; absent when it has none. */
  readonly evidence?: Vaulted;
}

/** Who may ask for it. `desk` is the program itself: a clock or a reaction. */
export type Asker = "analyst" | "counsel" | "approver" | "officer" | "owner" | "desk";

export interface Decision<Command = never> {
  /** The command's name, an imperative: `WithholdNotice`. */
  readonly name: string;
  /** What the button says. */
  readonly label: string;
  readonly askers: readonly Asker[];
  readonly schema: z.ZodType;
  /** Every reason against taking this step now, whatever the command says: what a disabled step shows. */
  readonly against: (history: History, at: Circumstances) => readonly Reason[];
  /** Called only when nothing stands against it. `private` values have been replaced by `at.evidence`. */
  readonly decide: (command: Command, history: History, at: Circumstances) => Outcome<CaseFact>;
}

type Decided<Schema extends z.ZodType> = Omit<z.output<Schema>, "private">;

/** Keeps the schema and the decision in one place and lets the command's type follow from the schema. */
export function decision<Schema extends z.ZodType>(definition: {
  readonly name: string;
  readonly label: string;
  readonly askers: readonly Asker[];
  readonly schema: Schema;
  readonly against: Decision["against"];
  readonly decide: (command: Decided<Schema>, history: History, at: Circumstances) => Outcome<CaseFact>;
}): Decision<Decided<Schema>> {
  return definition;
}

/** The vault reference of the command's private values; throws when the schema promised some and none came. */
export function evidenceOf(at: Circumstances): Vaulted {
  if (at.evidence === undefined) throw new Error("a decision asked for private values that its schema does not have");
  return at.evidence;
}
