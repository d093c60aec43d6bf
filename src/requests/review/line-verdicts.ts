// Each line of a request is held against its paper: allow, deny, ask or send to counsel, with every reason.
import type { Reason } from "../../kernel/outcome.ts";
import { dayOf, type Day, type Zone } from "../../kernel/instant.ts";
import { applies } from "../../policy/circumstance.ts";
import { countedFrom, dayWords } from "../../policy/deadline-rule.ts";
import type { Family, Instrument, JurisdictionPack, Override, Rank } from "../../policy/pack.ts";
import { listOr, routeWords } from "../../policy/pack-words.ts";
import { cite, type PolicyInForce } from "../../policy/policy-in-force.ts";
import { climb, rankWords } from "../../policy/process-ladder.ts";
import type { ProviderFacts } from "../decision.ts";
import type { DetailsConfirmed, InstrumentFacts, RequestLine } from "../intake/events.ts";
import { emergencyAllowed } from "./emergency.ts";
import { situationOf } from "./case-situation.ts";
import type { LineDecision, LineVerdict } from "./events.ts";

export interface Rulebook {
  readonly policy: PolicyInForce;
  readonly laws: readonly JurisdictionPack[];
  readonly zone: Zone;
  readonly provider?: ProviderFacts;
}

/** What people have settled beside the paper itself. */
export interface Settled {
  readonly transferGround?: boolean;
}

/** What stands against a line: a line without one is allowed. */
interface Finding extends Reason {
  readonly decision: Exclude<LineDecision, "allow">;
}

interface Paper {
  readonly details: DetailsConfirmed;
  readonly known: KnownInstrument | undefined;
  readonly rules: Rulebook;
  readonly settled: Settled;
}

/** Pure and replayable: the same details under the same packs give the same verdicts. */
export function verdictsFor(details: DetailsConfirmed, rules: Rulebook, settled: Settled = {}): readonly LineVerdict[] {
  const paper: Paper = { details, known: findInstrument(details.instrument, rules.laws), rules, settled };
  const ofPaper = paperFindings(paper);
  return details.lines.map((line) => verdictFor(line, paper, ofPaper));
}

/** The gravest finding decides; without a finding the line is allowed. Reasons of every gravity are kept. */
const gravity: readonly Finding["decision"][] = ["counsel", "deny", "ask"];

function verdictFor(line: RequestLine, paper: Paper, ofPaper: readonly Finding[]): LineVerdict {
  const { known } = paper;
  const findings = [...ofPaper, ...lineFindings(line, paper), ...ladderFindings(line, paper), ...obstacles(line, paper)];
  const decision = gravity.find((grave) => findings.some((finding) => finding.decision === grave)) ?? "allow";
  const reasons = findings.map(({ decision: _, ...reason }) => ({ ...reason, line: line.id }));
  const rule = known === undefined ? {} : { rule: `${known.law.pack.id}@${known.law.pack.version} ${known.instrument.id}` };
  const served = cutAt(line, paper.details, paper.rules.zone);
  const notes = served === undefined ? {} : { notes: [{ ...cutNote(served, paper.rules.policy), line: line.id }] };
  return { line: line.id, decision, reasons, ...notes, citation: known?.instrument.citation ?? "", ...rule };
}

/** The day of service, where a line starts before it and asks for what comes after it; undefined where nothing is cut off. */
export function cutAt({ from, to }: RequestLine, { instrument }: DetailsConfirmed, zone: Zone): Day | undefined {
  if (instrument === undefined || to === undefined) return undefined;
  const served = dayOf(instrument.servedAt, zone);
  return to > served && (from === undefined || from <= served) ? served : undefined;
}

function cutNote(served: Day, policy: PolicyInForce): Reason {
  return {
    clause: cite(policy, "KDRP-6", "IGRP-5"),
    code: "CUT_AT_SERVICE",
    because: `What comes into being after ${dayWords(served)}, the day of service, is no part of the answer (V17). A paper served later would reach it.`,
  };
}

export interface KnownInstrument {
  readonly instrument: Instrument;
  readonly law: JurisdictionPack;
}

export function findInstrument(facts: Pick<InstrumentFacts, "id"> | undefined, laws: readonly JurisdictionPack[]): KnownInstrument | undefined {
  for (const law of laws) {
    const instrument = law.instruments.find(({ id }) => id === facts?.id);
    if (instrument !== undefined) return { instrument, law };
  }
  return undefined;
}

function paperFindings({ details, known, rules }: Paper): readonly Finding[] {
  const { policy, zone, provider } = rules;
  const facts = details.instrument;
  if (facts === undefined || known === undefined)
    return [
      {
        decision: "ask",
        clause: cite(policy, "IGRP-7", "KDRP-10"),
        code: "NO_INSTRUMENT",
        because: "No legal instrument has been confirmed. Ask the agency for the paper that compels an answer.",
      },
    ];
  const { instrument, law } = known;
  const compels = compulsion(instrument, policy);
  return [
    ...compels,
    // Who signed a paper that can compel nothing changes nothing; keeping data is compelled too.
    ...(compels.length > 0 && instrument.family !== "preservation" ? [] : signature(instrument, facts)),
    ...validity(facts, instrument, zone),
    ...origin(instrument, facts, law),
    ...contents(instrument, facts, law),
    ...service(instrument, facts),
    ...language(facts, provider),
  ];
}

/** Whether this kind of paper can compel anything; an emergency counts only where a policy has switched it on. */
function compulsion(instrument: Instrument, policy: PolicyInForce): readonly Finding[] {
  if (instrument.route === "counsel") return [];
  if (emergencyAllowed(instrument, policy)) return [];
  if (!instrument.compulsory)
    return [
      {
        decision: "deny",
        clause: cite(policy, "IGRP-4", "KDRP-7"),
        code: "NOT_COMPULSORY",
        because: `${capital(instrument.phrase)} compels nothing. Customer data leaves only when the law compels it; a compulsory paper would change this.`,
      },
    ];
  if (instrument.family === "preservation")
    return [
      {
        decision: "deny",
        clause: cite(policy, "IGRP-4", "KDRP-10"),
        code: "PRESERVATION_ONLY",
        because: `${capital(instrument.phrase)} asks to keep data, not to hand it over. A subpoena, court order or warrant would.`,
      },
    ];
  return [];
}

/** Families in which a paper of this law may rightly speak for an authority abroad. */
const forOthers: readonly Family[] = ["mla", "voluntary", "emergency", "preservation"];

/** A paper of one country's law that names another country as its issuer contradicts itself; a law of several says itself whose papers it knows. */
function origin({ family, phrase }: Instrument, { issuedIn }: InstrumentFacts, { territory }: JurisdictionPack): readonly Finding[] {
  const country = issuedIn?.slice(0, 2);
  if (country === undefined || territory.length > 1 || territory.includes(country) || forOthers.includes(family)) return [];
  return [
    {
      decision: "ask",
      clause: "V05",
      code: "ISSUED_ELSEWHERE",
      because: `The paper is recorded as ${phrase} and as issued in ${countryName(country)}, where no such paper is issued (V05). The right paper, or the right state, would change this.`,
    },
  ];
}

function countryName(code: string): string {
  return new Intl.DisplayNames(["en"], { type: "region" }).of(code) ?? code;
}

const judges: readonly Rank[] = ["judge", "court", "investigating-judge"];

function signature(instrument: Instrument, { signedBy, validatedBy, emergency }: InstrumentFacts): readonly Finding[] {
  const paper = `This ${instrument.label.toLowerCase()}`;
  if (signedBy === undefined)
    return [
      {
        decision: "ask",
        clause: "V07",
        code: "ISSUER_UNKNOWN",
        because: `Nobody has recorded who signed ${instrument.phrase} (V07). Read the paper and record it.`,
      },
    ];
  if (instrument.facial.includes("signature-of-judge") && !judges.includes(signedBy))
    return [
      {
        decision: "ask",
        clause: "V07",
        code: "WRONG_ISSUER",
        because: `${paper} was not signed by a judge (V07). A signed copy would change this; nothing is disclosed until it is here.`,
      },
    ];
  if (signedBy === "nobody" && instrument.facial.includes("signature"))
    return [{ decision: "ask", clause: "V07", code: "NOT_SIGNED", because: `${paper} is not signed (V07). A signed copy would change this.` }];
  const validated = validatedBy !== undefined && instrument.validators.includes(validatedBy);
  const urgent = emergency === true && instrument.emergencyIssuers.includes(signedBy);
  if (instrument.issuers.includes(signedBy) || validated || urgent || instrument.tiers.length > 0) return [];
  return [
    {
      decision: "ask",
      clause: "V07",
      code: "WRONG_ISSUER",
      because: `${paper} was not signed by ${rankWords(instrument)} (V07). One that was would change this; nothing is disclosed until it is here.`,
    },
  ];
}

function validity(facts: InstrumentFacts, instrument: Instrument, zone: Zone): readonly Finding[] {
  const served = dayOf(facts.servedAt, zone);
  const last = facts.expiresOn ?? lastDay(facts, instrument);
  const { appliesFrom } = instrument;
  const findings: Finding[] = [];
  const say = (decision: Finding["decision"], code: string, because: string) => findings.push({ decision, clause: "V08", code, because });
  if (appliesFrom !== undefined && served < appliesFrom)
    findings.push({
      decision: "deny",
      clause: "V05",
      code: "NOT_IN_FORCE",
      because: `The law of this paper applies from ${dayWords(appliesFrom as Day)}; it was served on ${dayWords(served)} (V05). A paper served since then would change this.`,
    });
  if (facts.issuedOn === undefined && instrument.facial.includes("issued-on"))
    say("ask", "UNDATED", "The paper shows no date of issue (V08). The date, or a dated copy, would change this.");
  if (facts.issuedOn !== undefined && facts.issuedOn > served)
    say("ask", "POST_DATED", "The paper is dated after the day it was served (V08). The right date, or a fresh paper, would change this.");
  if (facts.issuedOn !== undefined && facts.expiresOn !== undefined && facts.expiresOn < facts.issuedOn)
    say("ask", "EXPIRES_BEFORE_ISSUE", "The paper expires before the day it was issued (V08). The right date would change this.");
  if (facts.returnOn !== undefined && facts.issuedOn !== undefined && facts.returnOn < facts.issuedOn)
    say("ask", "RETURN_DATE_IMPOSSIBLE", "The paper wants its answer before the day it was issued (V08). A possible return date would change this.");
  if (last !== undefined && served > last)
    say("deny", "EXPIRED", `The paper could be served until ${dayWords(last as Day)}; it came on ${dayWords(served)} (V08). A fresh one would change this.`);
  return findings;
}

function lastDay({ issuedOn }: InstrumentFacts, { expires }: Instrument): string | undefined {
  return expires === undefined || issuedOn === undefined ? undefined : countedFrom(issuedOn, expires);
}

/** What a person saw to be missing on the paper's face; what nobody looked for is not held against it here. */
function contents({ facial }: Instrument, { lacks = [] }: InstrumentFacts, law: JurisdictionPack): readonly Finding[] {
  return lacks
    .filter((id) => facial.includes(id))
    .flatMap((id): Finding[] => {
      const content = law.contents[id];
      if (content === undefined) return [];
      return [
        {
          decision: "ask",
          clause: content.check,
          code: content.code,
          because: `The paper does not show ${content.ask} (${content.check}). A copy that does would change this.`,
        },
      ];
    });
}

function service(instrument: Instrument, { servedBy, addressedTo, seal }: InstrumentFacts): readonly Finding[] {
  const findings: Finding[] = [];
  if (addressedTo === "other" || addressedTo === "controller")
    findings.push({
      decision: "deny",
      clause: "V03",
      code: "WRONG_ENTITY",
      because: `The paper is addressed to ${addressedTo === "controller" ? "our customer" : "another legal entity"}, not to us (V03). One addressed to us would change this.`,
    });
  if (servedBy !== undefined && instrument.servedBy !== undefined && !instrument.servedBy.includes(servedBy))
    findings.push({
      decision: "deny",
      clause: "V04",
      code: "WRONG_SERVICE",
      because: `${capital(instrument.phrase)} can be served only ${listOr(instrument.servedBy.map((route) => routeWords[route]))} (V04). Service by that way would change this.`,
    });
  if (seal === "invalid")
    findings.push({
      decision: "ask",
      clause: "V24",
      code: "BAD_SIGNATURE",
      because: "The seal or signature of the paper does not verify (V24). A copy whose seal verifies would change this.",
    });
  return findings;
}

function language({ language: written, translation }: InstrumentFacts, provider: ProviderFacts | undefined): readonly Finding[] {
  if (written === undefined || provider?.languages === undefined || translation === true || provider.languages.includes(written)) return [];
  return [
    {
      decision: "ask",
      clause: "V22",
      code: "LANGUAGE",
      because: `The paper is in a language the company has not declared (V22). A translation into ${listOr(provider.languages.map(languageName))} would change this.`,
    },
  ];
}

function languageName(code: string): string {
  return new Intl.DisplayNames(["en"], { type: "language" }).of(code) ?? code;
}

function lineFindings(line: RequestLine, { details, rules: { policy, zone } }: Paper): readonly Finding[] {
  const findings: Finding[] = [];
  const subject = details.subjects.find(({ id }) => id === line.subject);
  if (subject?.resolved !== true || subject.workspace === undefined)
    findings.push({
      decision: "ask",
      clause: cite(policy, "KDRP-2c", "IGRP-9"),
      code: "UNIDENTIFIABLE",
      because: "The account cannot be told apart (V11). The workspace and the user's e-mail address or id would change this.",
    });
  const type = policy.dataTypes.find(({ id }) => id === line.dataType);
  if (type?.dated === true && (line.from === undefined || line.to === undefined))
    findings.push({
      decision: "ask",
      clause: cite(policy, "KDRP-2c", "IGRP-9"),
      code: "NO_DATE_RANGE",
      because: "The line gives no complete date range (V12). A first and a last day would change this.",
    });
  if (line.from !== undefined && line.to !== undefined && line.to < line.from)
    findings.push({
      decision: "ask",
      clause: "V12",
      code: "RANGE_REVERSED",
      because: `The line ends on ${dayWords(line.to)}, before it starts (V12). The right dates would change this.`,
    });
  if (line.from !== undefined && details.instrument !== undefined && line.from > dayOf(details.instrument.servedAt, zone))
    findings.push({
      decision: "counsel",
      clause: cite(policy, "KDRP-6", "IGRP-5"),
      code: "REALTIME",
      because: "The line asks for data that did not exist when the paper was served (V17). The desk does not watch customers; counsel answers this.",
    });
  return findings;
}

function ladderFindings(line: RequestLine, { details, known, rules: { policy } }: Paper): readonly Finding[] {
  if (known === undefined || details.instrument === undefined || compulsion(known.instrument, policy).length > 0) return [];
  const step = climb({
    policy,
    law: known.law,
    instrument: known.instrument.id,
    dataType: line.dataType,
    onlyToIdentify: line.onlyToIdentify === true,
    authority: details.instrument,
  });
  if (step.kind === "reaches") return [];
  const decision = step.kind === "does-not-reach" ? "deny" : step.kind;
  return [{ decision, clause: step.clause, code: step.code, because: step.because }];
}

/** Rules of any country that stand in the way of this line: the paper's own, and those that bind papers of every country. */
function obstacles(line: RequestLine, paper: Paper): readonly Finding[] {
  return hindrances(line, paper).flatMap(({ override: { then, code, check, because, citation }, answer }): Finding[] =>
    answer !== "yes" || then === undefined || code === undefined || check === undefined
      ? []
      : [{ decision: then, clause: check, code, because: `${because} (${check}, ${citation})` }],
  );
}

/** What only the agency can clear up, line by line: also where something graver already stands against the line. */
export function questionsFor(details: DetailsConfirmed, rules: Rulebook, settled: Settled = {}): readonly Reason[] {
  const paper: Paper = { details, known: findInstrument(details.instrument, rules.laws), rules, settled };
  const ofPaper = paperFindings(paper);
  return details.lines.flatMap((line) =>
    [...ofPaper, ...lineFindings(line, paper), ...ladderFindings(line, paper), ...obstacles(line, paper)]
      .filter(({ decision }) => decision === "ask")
      .map(({ decision: _, ...reason }) => ({ ...reason, line: line.id })),
  );
}

interface Hindrance {
  readonly law: JurisdictionPack;
  readonly override: Override;
  readonly answer: "yes" | "unknown";
}

function hindrances(line: RequestLine, { details, known, rules, settled }: Paper): readonly Hindrance[] {
  const found = rules.laws.flatMap((law) => {
    const able = law.overrides.filter((override) => override.then !== undefined && (override.binds === "every-paper" || law === known?.law));
    if (able.length === 0) return [];
    const situation = situationOf(details, known, rules.provider, law, line);
    return able.flatMap((override): Hindrance[] => {
      const answer = applies(override.when, situation, law.territory);
      return answer === "no" || lifted(override, details.instrument, settled) ? [] : [{ law, override, answer }];
    });
  });
  const replaced = new Set(found.flatMap(({ override: { replaces }, answer }) => (answer === "yes" && replaces !== undefined ? [replaces] : [])));
  return found.filter(({ override: { id } }) => !replaced.has(id));
}

function lifted({ unless }: Override, facts: InstrumentFacts | undefined, { transferGround }: Settled): boolean {
  if (unless === undefined) return false;
  const shown = unless.shows.length > 0 && unless.shows.every((id) => facts?.shows?.includes(id) === true);
  const agreed = facts?.agreement !== undefined && unless.agreements.includes(facts.agreement);
  return shown || agreed || (unless.transferGround && transferGround === true);
}

/** A rule of some country as it looks at this case: one row of the conflict-of-laws worksheet. */
export interface WorksheetRow {
  readonly pack: string;
  readonly rule: string;
  readonly answer: "applies" | "open" | "lifted-or-not-applicable";
  readonly lines: readonly string[];
  readonly because: string;
  readonly citation: string;
}

/** Every rule of every country that could stand in the way, with the lines it meets; `open` rows wait for a place or a fact that nobody has recorded. */
export function conflictWorksheet(details: DetailsConfirmed, rules: Rulebook, settled: Settled = {}): readonly WorksheetRow[] {
  const paper: Paper = { details, known: findInstrument(details.instrument, rules.laws), rules, settled };
  const met = details.lines.flatMap((line) => hindrances(line, paper).map((each) => ({ ...each, line: line.id })));
  return rules.laws.flatMap((law) =>
    law.overrides
      .filter(({ then, binds }) => then !== undefined && (binds === "every-paper" || law === paper.known?.law))
      .map(({ id, because, citation }): WorksheetRow => {
        const rows = met.filter((each) => each.law === law && each.override.id === id);
        const certain = rows.filter(({ answer }) => answer === "yes");
        const lines = (certain.length > 0 ? certain : rows).map(({ line }) => line);
        const answer = certain.length > 0 ? "applies" : rows.length > 0 ? "open" : "lifted-or-not-applicable";
        return { pack: `${law.pack.id}@${law.pack.version}`, rule: id, answer, lines, because, citation };
      }),
  );
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
