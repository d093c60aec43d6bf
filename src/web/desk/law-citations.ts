// Lets a chip explain a citation of the law as well: which row of which pack cites it, and whether that row rests on memory.
import type { Basis, Instrument, JurisdictionPack } from "../../policy/pack.ts";
import type { ClauseEntry, ClauseRegister } from "../look/clause-chip.tsx";

interface Cited {
  readonly citation: string;
  readonly basis: Basis;
  readonly rule: string;
}

const known = new WeakMap<readonly JurisdictionPack[], ReadonlyMap<string, ClauseEntry>>();

/** The register of clauses and checks first, then the citations of the packs in force. */
export function withCitations(register: ClauseRegister, laws: readonly JurisdictionPack[]): ClauseRegister {
  const citations = known.get(laws) ?? citationsOf(laws);
  known.set(laws, citations);
  return { get: (id) => register.get(id) ?? citations.get(id) };
}

function citationsOf(laws: readonly JurisdictionPack[]): ReadonlyMap<string, ClauseEntry> {
  const entries = new Map<string, ClauseEntry>();
  for (const law of laws) {
    const kept = `The pack ${law.pack.title}, version ${law.pack.version}.`;
    for (const { citation, basis, rule } of law.instruments.flatMap(citedBy))
      if (!entries.has(citation)) entries.set(citation, { id: citation, rule, quote: "", basis, kept, href: `/law/${law.pack.id}/${law.pack.version}` });
  }
  return entries;
}

function citedBy(instrument: Instrument): readonly Cited[] {
  const { label, clocks, challenge, duties, tells, costs } = instrument;
  return [
    ...clocks.map((clock) => ({ ...clock, rule: clock.onEnd === undefined ? `${label}: ${clock.label}.` : `${label}: ${clock.label}. ${clock.onEnd}` })),
    ...clocks.flatMap(({ renewal, basis }) => (renewal === undefined ? [] : [{ citation: renewal.citation, basis, rule: `${label}: renewal.` }])),
    ...challenge.map(({ route, citation, basis, within }) => ({
      citation,
      basis: within?.basis === "memory" ? within.basis : basis,
      rule: `${label}: ${route}.`,
    })),
    ...duties.map(({ says, citation, basis }) => ({ citation, basis, rule: `${label}: ${says}` })),
    ...tells.map(({ who, when, citation, basis }) => ({ citation, basis, rule: `${label}: ${who.replaceAll("-", " ")} told, ${when}.` })),
    ...(costs === undefined ? [] : [{ ...costs, rule: `${label}: ${costs.rule}` }]),
    { citation: instrument.citation, basis: instrument.basis, rule: `${label}.` },
  ];
}
