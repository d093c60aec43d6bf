// Each line of a request is held against its paper: allow, deny, ask or send to counsel, with every reason.
import type { Reason } from "../../kernel/outcome.ts";
import { dayOf, type Zone } from "../../kernel/instant.ts";
import type { Instrument, JurisdictionPack } from "../../policy/pack.ts";
import { cite, type PolicyInForce } from "../../policy/policy-in-force.ts";
import { climb } from "../../policy/process-ladder.ts";
import type { DetailsConfirmed, InstrumentFacts, RequestLine } from "../intake/events.ts";
import type { LineDecision, LineVerdict } from "./events.ts";

export interface Rulebook {
  readonly policy: PolicyInForce;
  readonly laws: readonly JurisdictionPack[];
  readonly zone: Zone;
}

interface Finding extends Reason {
  readonly decision: LineDecision;
}

/** Pure and replayable: the same details under the same packs give the same verdicts. */
export function verdictsFor(details: DetailsConfirmed, rules: Rulebook): readonly LineVerdict[] {
  return details.lines.map((line) => verdictFor(line, details, rules));
}

/** The gravest finding decides; without a finding the line is allowed. Reasons of every gravity are kept. */
const gravity: readonly LineDecision[] = ["counsel", "deny", "ask"];

function verdictFor(line: RequestLine, details: DetailsConfirmed, rules: Rulebook): LineVerdict {
  const known = findInstrument(details.instrument, rules.laws);
  const findings = [...paperFindings(details, known, rules), ...lineFindings(line, details, rules), ...ladderFindings(line, known, rules)];
  const decision = gravity.find((grave) => findings.some((finding) => finding.decision === grave)) ?? "allow";
  const reasons = findings.map(({ decision: _, ...reason }) => ({ ...reason, line: line.id }));
  return { line: line.id, decision, reasons, citation: known?.instrument.citation ?? "" };
}

export interface KnownInstrument {
  readonly instrument: Instrument;
  readonly law: JurisdictionPack;
}

export function findInstrument(facts: InstrumentFacts | undefined, laws: readonly JurisdictionPack[]): KnownInstrument | undefined {
  for (const law of laws) {
    const instrument = law.instruments.find(({ id }) => id === facts?.id);
    if (instrument !== undefined) return { instrument, law };
  }
  return undefined;
}

function paperFindings(details: DetailsConfirmed, known: KnownInstrument | undefined, { policy, zone }: Rulebook): readonly Finding[] {
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
  const { instrument } = known;
  return [...compulsion(instrument, policy), ...signature(instrument, facts), ...validity(facts, instrument, zone)];
}

function compulsion(instrument: Instrument, policy: PolicyInForce): readonly Finding[] {
  if (instrument.route === "counsel") return [];
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

function signature(instrument: Instrument, facts: InstrumentFacts): readonly Finding[] {
  const needsJudge = instrument.facial.includes("signature-of-judge");
  if (needsJudge && facts.signedBy !== "judge")
    return [
      {
        decision: "ask",
        clause: "V07",
        code: "WRONG_ISSUER",
        because: `This ${instrument.label.toLowerCase()} was not signed by a judge (V07). A signed copy would change this; nothing is disclosed until it is here.`,
      },
    ];
  if (instrument.facial.includes("signature") && facts.signedBy === "nobody")
    return [
      {
        decision: "ask",
        clause: "V07",
        code: "NOT_SIGNED",
        because: `This ${instrument.label.toLowerCase()} is not signed (V07). A signed copy would change this.`,
      },
    ];
  return [];
}

function validity(facts: InstrumentFacts, instrument: Instrument, zone: Zone): readonly Finding[] {
  const served = dayOf(facts.servedAt, zone);
  const last = facts.expiresOn ?? lastDay(facts, instrument);
  if (facts.issuedOn === undefined && instrument.facial.includes("issued-on"))
    return [
      { decision: "ask", clause: "V08", code: "UNDATED", because: "The paper shows no date of issue (V08). The date, or a dated copy, would change this." },
    ];
  if (last !== undefined && served > last)
    return [
      {
        decision: "deny",
        clause: "V08",
        code: "EXPIRED",
        because: `The paper could be served until ${last}; it came on ${served}. A fresh one would change this.`,
      },
    ];
  return [];
}

function lastDay(facts: InstrumentFacts, instrument: Instrument): string | undefined {
  return instrument.expiresAfterDays === undefined || facts.issuedOn === undefined
    ? undefined
    : Temporal.PlainDate.from(facts.issuedOn).add({ days: instrument.expiresAfterDays }).toString();
}

function lineFindings(line: RequestLine, details: DetailsConfirmed, { policy, zone }: Rulebook): readonly Finding[] {
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
  if (line.from !== undefined && details.instrument !== undefined && line.from > dayOf(details.instrument.servedAt, zone))
    findings.push({
      decision: "counsel",
      clause: cite(policy, "KDRP-6", "IGRP-9"),
      code: "REALTIME",
      because: "The line asks for data that did not exist when the paper was served (V17). The desk does not watch customers; counsel answers this.",
    });
  return findings;
}

function ladderFindings(line: RequestLine, known: KnownInstrument | undefined, { policy }: Rulebook): readonly Finding[] {
  if (known === undefined || compulsion(known.instrument, policy).length > 0) return [];
  const step = climb({ policy, law: known.law, instrument: known.instrument.id, dataType: line.dataType });
  if (step.kind === "reaches") return [];
  return [{ decision: step.kind === "counsel" ? "counsel" : "deny", clause: step.clause, code: step.code, because: step.because }];
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
