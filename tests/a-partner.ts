// A partner for tests: its facts come about by the same steps that a desk takes, at moments that the test names.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Actor } from "../src/kernel/ids.ts";
import { instant, zone } from "../src/kernel/instant.ts";
import type { Reason } from "../src/kernel/outcome.ts";
import { dutiesOf } from "../src/partners/duties.ts";
import type { Duty } from "../src/partners/duty.ts";
import type { PartnerFact } from "../src/partners/partner-facts.ts";
import type { PartnerCircumstances, PartnerHistory, PartnerRecorded } from "../src/partners/partner.ts";
import { findPartnerStep } from "../src/partners/steps.ts";
import type { ContractPack } from "../src/policy/contract-pack.ts";
import { isContract, loadPack } from "../src/policy/load-pack.ts";

const file = "packs/policies/partner-program.yaml";
const loaded = loadPack({ file, text: readFileSync(new URL(`../${file}`, import.meta.url), "utf8") });

/** The contract as it is delivered. */
export const contract: ContractPack = isContract(loaded) ? loaded.pack : assert.fail("the contract does not load");

interface Setting {
  readonly zone?: string;
  readonly country?: string;
  readonly contract?: ContractPack;
  readonly elections?: ReadonlyMap<string, string>;
}

type Command = Readonly<Record<string, unknown>>;

export class APartner {
  readonly #facts: PartnerRecorded[] = [];
  readonly #setting: Setting;
  #count = 0;

  constructor(setting: Setting = {}) {
    this.#setting = setting;
    this.take("2026-01-01T09:00:00Z", "RegisterPartner", {
      country: setting.country ?? "US",
      zone: setting.zone ?? "America/Denver",
      private: { name: "Pine Learning", notices: "notices@pine.example" },
    });
  }

  /** With an agreement in force from the first day of 2026. */
  static signed(setting: Setting & { readonly agreement?: Command } = {}): APartner {
    const partner = new APartner(setting);
    partner.take("2026-01-01T10:00:00Z", "SignAgreement", {
      entity: "us-inc",
      signedOn: "2026-01-01",
      startsOn: "2026-01-01",
      renewsOn: "2027-01-01",
      termMonths: 12,
      aiProduct: false,
      usStaff: false,
      apiPolicy: "2026.1",
      ...setting.agreement,
    });
    return partner;
  }

  get history(): PartnerHistory {
    return this.#facts;
  }

  at(now: string, by = "staff:ana"): PartnerCircumstances {
    return {
      now: instant(now),
      by: by as Actor,
      contract: this.#setting.contract ?? contract,
      zone: zone("America/Denver"),
      holidays: [],
      elections: this.#setting.elections ?? new Map(),
      fresh: `f${++this.#count}`,
      evidence: { vault: `v${this.#count}`, commitment: "c" },
    };
  }

  /** Takes the step as the company's people, or as `by`; fails on a refusal. Returns the new facts. */
  take(now: string, step: string, command: Command = {}, by = "staff:ana"): readonly PartnerFact[] {
    const outcome = this.#ask(now, step, command, by);
    if (outcome.kind === "refused") assert.fail(`${step}: ${outcome.reasons.map(({ clause, code, because }) => `${code} (${clause}) ${because}`).join("; ")}`);
    for (const fact of outcome.facts) this.#facts.push({ version: this.#facts.length + 1, at: instant(now), by: by as Actor, fact });
    return outcome.facts;
  }

  /** As the partner's own people. */
  report(now: string, step: string, command: Command = {}): readonly PartnerFact[] {
    return this.take(now, step, command, "partner:P-0000-0001");
  }

  /** Fails unless it is refused; every reason cites a clause and speaks a sentence. Returns the codes. */
  refuses(now: string, step: string, command: Command = {}, by = "staff:ana"): readonly string[] {
    return this.reasons(now, step, command, by).map(({ code }) => code);
  }

  reasons(now: string, step: string, command: Command = {}, by = "staff:ana"): readonly Reason[] {
    const outcome = this.#ask(now, step, command, by);
    if (outcome.kind === "accepted") assert.fail(`${step} was not refused: ${JSON.stringify(outcome.facts)}`);
    for (const { clause, because } of outcome.reasons) assert.match(`${clause}: ${because}`, /^[A-Z][A-Za-z0-9]*(-[\w.()]+)?: [A-Z“\d].*[.?]$/s);
    return outcome.reasons;
  }

  /** Whether a step would be taken; nothing is recorded. */
  offers(now: string, step: string, command: Command = {}, by = "staff:ana"): boolean {
    return this.#ask(now, step, command, by).kind === "accepted";
  }

  duties(now: string): readonly Duty[] {
    return dutiesOf(this.#facts, this.at(now));
  }

  /** The only duty whose id begins so; fails on none and on several. */
  duty(now: string, id: string): Duty {
    const found = this.duties(now).filter((duty) => duty.id.startsWith(id));
    assert.equal(found.length, 1, `${found.length} duties begin with ${id}`);
    return found[0] as Duty;
  }

  /** The turns of a clause that a paper confirms, in order: `turn(now, "SEC-1.3", 0)` is the first. */
  turn(now: string, clause: string, index: number): Duty {
    const found = this.duties(now)
      .filter((duty) => duty.clause === clause)
      .toSorted((one, other) => (one.id < other.id ? -1 : 1));
    return found[index] ?? assert.fail(`${clause} has ${found.length} turns`);
  }

  #ask(now: string, name: string, command: Command, by: string) {
    const step = findPartnerStep(name) ?? assert.fail(`no step ${name}`);
    const needsWords = Object.entries(step.asks).filter(([, { sealed, optional, kind }]) => sealed && !optional && kind === "textarea");
    const hidden = { ...Object.fromEntries(needsWords.map(([key]) => [key, "in words"])), ...(command["private"] as object | undefined) };
    const parsed = step.schema.safeParse({ type: name, ...command, ...(Object.keys(hidden).length === 0 ? {} : { private: hidden }) });
    if (!parsed.success) assert.fail(`${name}: ${JSON.stringify(parsed.error.issues)}`);
    const { private: _, type: __, ...open } = parsed.data as Command;
    return step.decide(open as never, this.#facts, this.at(now, by));
  }
}

/** `refOf(facts, "request")`: the id that a step gave to what it brought into being. */
export function refOf(facts: readonly PartnerFact[], member: string): string {
  const found = facts.flatMap((fact) => ((fact as unknown as Command)[member] === undefined ? [] : [(fact as unknown as Command)[member]]))[0];
  return typeof found === "string" ? found : assert.fail(`no ${member}`);
}
