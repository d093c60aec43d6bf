// The decision tables of every pack, walked cell by cell: each has exactly one answer, and it is the one a plain second reading gives.
import assert from "node:assert/strict";
import { test } from "node:test";
import { everyLaw, workplace } from "../../tests/a-case.ts";
import { day, instant, zone, type Day } from "../kernel/instant.ts";
import { dataClasses, ranks, type Instrument, type JurisdictionPack, type Rank } from "../policy/pack.ts";
import type { DetailsConfirmed, InstrumentFacts } from "../requests/intake/events.ts";
import { verdictsFor } from "../requests/review/module.ts";

const utc = zone("UTC");
const served = instant("2026-11-02T12:00:00Z");
const servedOn = "2026-11-02";

/** Obstacles depend on places, not on the table: they have tests of their own. */
function tableOnly(law: JurisdictionPack): JurisdictionPack {
  return { ...law, overrides: law.overrides.filter(({ requires }) => requires !== undefined) };
}

const dates: readonly { readonly name: string; readonly issuedOn?: Day; readonly expiresOn?: Day }[] = [
  { name: "dated the day before" },
  { name: "undated" },
  { name: "dated the day of service" },
  { name: "dated the day after service" },
  { name: "expired the day before service" },
  { name: "expires on the day of service" },
].map(({ name }) => ({
  name,
  ...(name === "undated"
    ? {}
    : { issuedOn: day(name.endsWith("day after service") ? "2026-11-03" : name.includes("dated the day of") ? servedOn : "2026-11-01") }),
  ...(name.startsWith("expired") ? { expiresOn: day("2026-11-01") } : name.startsWith("expires") ? { expiresOn: day(servedOn) } : {}),
}));

const offences: readonly NonNullable<InstrumentFacts["offence"]>[] = [
  {},
  { maxYears: 2, listed: false },
  { maxYears: 3, listed: false },
  { maxYears: 1, listed: true },
];
const validators: readonly (Rank | undefined)[] = [undefined, "judge", "prosecutor"];
const signers: readonly (Rank | undefined)[] = [undefined, ...ranks];

function detailsWith(facts: InstrumentFacts, dataType: string): DetailsConfirmed {
  return {
    type: "DetailsConfirmed",
    revision: 1,
    nature: "criminal",
    instrument: facts,
    subjects: [{ id: "S1", workspace: "acme", resolved: true }],
    lines: [{ id: "L1", subject: "S1", dataType, from: day("2026-01-01"), to: day("2026-06-30") }],
    missing: [],
    details: { vault: "", commitment: "" },
  };
}

/** One data type for each class the law knows. */
function representatives(law: JurisdictionPack): readonly string[] {
  return dataClasses.flatMap((dataClass) => Object.entries(law.classOf).find(([, its]) => its === dataClass)?.[0] ?? []);
}

/** The tables read a second time, without the program: may this paper, so signed and so dated, have this data? */
function naively(law: JurisdictionPack, paper: Instrument, dataType: string, facts: InstrumentFacts): boolean {
  const dataClass = law.classOf[dataType];
  const type = workplace.dataTypes.find(({ id }) => id === dataType);
  if (dataClass === undefined || type === undefined || dataClass.startsWith("REALTIME") || type.kind === "real-time") return false;
  if (!paper.compulsory || paper.route !== "desk" || ["preservation", "realtime", "national-security", "emergency"].includes(paper.family)) return false;
  if (!paper.compels.includes(dataClass) || paper.only?.includes(dataType) === false) return false;
  const narrowing = law.overrides.filter(
    ({ requires, when }) =>
      requires !== undefined &&
      (when.dataType ?? dataType) === dataType &&
      (when.dataClasses ?? [when.dataClass ?? dataClass]).includes(dataClass) &&
      (when.instruments ?? [paper.id]).includes(paper.id),
  );
  if (narrowing.some(({ requires }) => requires?.includes(paper.id) === false)) return false;
  return (
    signedWell(paper, dataClass, facts) &&
    datedWell(paper, facts) &&
    type.accepts.includes(paper.tiers.find(({ classes }) => classes.includes(dataClass))?.form ?? paper.form)
  );
}

function signedWell(paper: Instrument, dataClass: (typeof dataClasses)[number], { signedBy, validatedBy, offence }: InstrumentFacts): boolean {
  if (signedBy === undefined) return false;
  if (paper.facial.includes("signature-of-judge") && !["judge", "court", "investigating-judge"].includes(signedBy)) return false;
  if (signedBy === "nobody" && paper.facial.includes("signature")) return false;
  const tier = paper.tiers.find(({ classes }) => classes.includes(dataClass));
  if (tier === undefined) return paper.issuers.includes(signedBy);
  const byRank = tier.issuers.includes(signedBy) || (validatedBy !== undefined && tier.validators.includes(validatedBy));
  if (tier.offence === undefined) return byRank;
  const grave = (offence?.maxYears ?? -1) >= tier.offence.minYears || (tier.offence.orListed && offence?.listed === true);
  return byRank && grave;
}

function datedWell(paper: Instrument, { issuedOn, expiresOn }: InstrumentFacts): boolean {
  if (issuedOn === undefined && paper.facial.includes("issued-on")) return false;
  if (issuedOn !== undefined && issuedOn > servedOn) return false;
  if (issuedOn !== undefined && expiresOn !== undefined && expiresOn < issuedOn) return false;
  return expiresOn === undefined || expiresOn >= servedOn;
}

for (const whole of everyLaw)
  test(`${whole.pack.id}: every paper, class, issuer, validator, offence and date has exactly one answer, and the plain reading's`, () => {
    const law = tableOnly(whole);
    const rules = { policy: workplace, laws: [law], zone: utc };
    let cells = 0;
    let allowed = 0;
    for (const paper of law.instruments)
      for (const dataType of representatives(law))
        for (const signedBy of signers)
          for (const validatedBy of validators)
            for (const offence of paper.tiers.some((tier) => tier.offence !== undefined) ? offences : offences.slice(0, 1))
              for (const { name, ...when } of dates) {
                const facts: InstrumentFacts = {
                  id: paper.id,
                  servedAt: served,
                  offence,
                  ...when,
                  ...(signedBy === undefined ? {} : { signedBy }),
                  ...(validatedBy === undefined ? {} : { validatedBy }),
                };
                const verdicts = verdictsFor(detailsWith(facts, dataType), rules);
                const cell = `${paper.id} ${dataType} signed by ${signedBy} validated by ${validatedBy} ${JSON.stringify(offence)} ${name}`;
                assert.equal(verdicts.length, 1, cell);
                const verdict = verdicts[0] ?? assert.fail(cell);
                assert.equal(verdict.decision === "allow", naively(law, paper, dataType, facts), `${cell}: ${JSON.stringify(verdict)}`);
                assert.equal(verdict.decision === "allow", verdict.reasons.length === 0, cell);
                for (const { clause, code, because } of verdict.reasons)
                  assert.ok(clause !== "" && code !== "" && because.length > 20, `${cell}: ${JSON.stringify(verdict.reasons)}`);
                cells += 1;
                if (verdict.decision === "allow") allowed += 1;
              }
    assert.ok(cells > 100, `only ${cells} cells`);
    assert.ok(
      allowed > 0 || law.instruments.every(({ route, compulsory }) => route === "counsel" || !compulsory),
      "no cell lets anything through: the reading cannot fail",
    );
  });

test("of every paper with a table of issuers, each class it compels stands in exactly one row", () => {
  for (const law of everyLaw)
    for (const { id, tiers, compels } of law.instruments) {
      if (tiers.length === 0) continue;
      for (const dataClass of compels) assert.equal(tiers.filter(({ classes }) => classes.includes(dataClass)).length, 1, `${id} ${dataClass}`);
    }
});

test("no data type lacks a class in any law, and no rule lacks a citation", () => {
  for (const law of everyLaw) {
    for (const { id } of workplace.dataTypes) assert.ok(law.classOf[id] !== undefined, `${law.pack.id} gives ${id} no class`);
    for (const { id, citation, clocks, challenge, tells } of law.instruments)
      for (const cited of [citation, ...[...clocks, ...challenge, ...tells].map((rule) => rule.citation)]) assert.ok(cited.trim().length > 2, id);
  }
});
