// The whole verdict on a described case, by the same rules as the desk's own gate: what it compels, what it lacks, which clocks run, whom to tell.
import { z } from "zod";
import type { Actor } from "../kernel/ids.ts";
import { dayOf, instant, zone, type Day, type Zone } from "../kernel/instant.ts";
import type { Reason } from "../kernel/outcome.ts";
import { classUnder } from "../policy/process-ladder.ts";
import { policyPack, type DataClass, type Instrument, type JurisdictionPack, type PolicyPack, type Telling } from "../policy/pack.ts";
import { inForceOn } from "../policy/pack-versions.ts";
import { policyInForce } from "../policy/policy-in-force.ts";
import type { Circumstances, History } from "../requests/decision.ts";
import { clocksOf, type RunningClock } from "../requests/deadlines/module.ts";
import { gate, gateReasons, type Bar } from "../requests/disclosure/module.ts";
import { bindingGags, gagsOf } from "../requests/gag/module.ts";
import { authorityReasons, challengeReasons, linesLeftByAuthority, linesLeftByRulings } from "../requests/challenge/module.ts";
import { intakeOf } from "../requests/intake/module.ts";
import type { LineDecision } from "../requests/review/events.ts";
import type { WorksheetRow } from "../requests/review/line-verdicts.ts";
import { checkStates, findInstrument, tellingsOf, verdictsOf, worksheetOf } from "../requests/review/module.ts";
import { caseDescription, type CaseDescription } from "./description.ts";
import { noticeDuty, type NoticeDuty } from "./notice-duty.ts";
import { openQuestions, type OpenQuestion } from "./open-questions.ts";
import { replay } from "./replay.ts";

interface AssessedLine {
  readonly id: string;
  readonly dataType: string;
  /** The class the paper's law gives it; absent when no law is known. */
  readonly dataClass?: DataClass;
  readonly decision: LineDecision;
  /** Every reason with its clause; each says what would change the answer. Empty for an allowed line. */
  readonly reasons: readonly Reason[];
  /** What is to be known of the line beside its reasons: it says nothing against it. */
  readonly notes?: readonly Reason[];
  /** Which row of which pack version decided: `us@2026.1 US-SW`. */
  readonly rule?: string;
  readonly citation: string;
}

export interface Assessment {
  readonly format: "portcullis-assessment/1";
  readonly asked: string;
  /** Versions that judged: `us@2026.1`. A case keeps those of the day it was served. */
  readonly packs: readonly string[];
  readonly instrument?: Pick<Instrument, "id" | "label" | "family" | "compulsory" | "citation" | "basis" | "confirm"> & { readonly pack: string };
  readonly lines: readonly AssessedLine[];
  readonly gate: { readonly open: boolean; readonly bars: readonly Bar[]; readonly reasons: readonly Reason[] };
  readonly checks: readonly { readonly id: string; readonly question: string; readonly answer: string; readonly answeredBy: string }[];
  readonly notice: NoticeDuty;
  readonly tells: readonly Telling[];
  /** In the order in which they end; `dueDay` is the day of the desk's zone. */
  readonly clocks: readonly (RunningClock & { readonly dueDay: Day })[];
  readonly duties: Instrument["duties"];
  readonly challenge: readonly { readonly route: string; readonly suspends: boolean; readonly citation: string; readonly basis: string }[];
  readonly costs?: Instrument["costs"];
  /** Why counsel must look; empty when nobody of counsel has to. */
  readonly counsel: readonly Reason[];
  readonly worksheet: readonly WorksheetRow[];
  /** What nobody has recorded and the law asks for: asked, never guessed. */
  readonly questions: readonly OpenQuestion[];
  /** The letter that these verdicts call for; absent when the answer is a production. */
  readonly letter?: "missing-contents" | "clarification" | "narrowing" | "rejection" | "form-3" | "preservation-confirmed";
  readonly report: {
    readonly bucket?: string;
    readonly outcome: "pending" | "produced_full" | "produced_partial" | "rejected" | "no_lines";
    readonly bandsOnly: boolean;
  };
  /** Steps that the description says were taken and the desk would have refused. */
  readonly refused: readonly { readonly step: string; readonly reasons: readonly Reason[] }[];
}

export interface DescriptionProblem {
  /** Where in the description: `paper.issuedOn`. */
  readonly path: string;
  readonly what: string;
  readonly remedy: string;
}

export type Assessed =
  | { readonly kind: "assessed"; readonly assessment: Assessment }
  | { readonly kind: "refused"; readonly problems: readonly DescriptionProblem[] };

/** The packs to judge by; several versions of one pack may stand side by side. */
export interface AssessmentShelf {
  readonly policies: readonly PolicyPack[];
  readonly laws: readonly JurisdictionPack[];
}

/** Never throws on what a description says. Without a database, without a clock of its own: the moment of the question is in the description. */
export function assess(value: unknown, shelf: AssessmentShelf): Assessed {
  const parsed = caseDescription.safeParse(value);
  if (!parsed.success) return { kind: "refused", problems: parsed.error.issues.map(problemFrom) };
  const standing = stand(parsed.data, shelf);
  return standing.kind === "refused" ? standing : { kind: "assessed", assessment: judged(parsed.data, standing.at) };
}

function problemFrom({ path, message, code }: z.core.$ZodIssue): DescriptionProblem {
  const remedy = code === "unrecognized_keys" ? "Take it out, or correct its name." : "Correct it; the description's schema says what may stand here.";
  return { path: path.map(String).join("."), what: message, remedy };
}

function stand(
  description: CaseDescription,
  shelf: AssessmentShelf,
): { readonly kind: "stands"; readonly at: Circumstances } | Extract<Assessed, { kind: "refused" }> {
  const problems: DescriptionProblem[] = [];
  const place = zoneOf(description.zone, problems);
  const now = instant(description.asked);
  const served = instant(description.paper.servedAt);
  if (served > now)
    problems.push({ path: "paper.servedAt", what: "The paper was served after the moment of the question.", remedy: "Correct one of the two moments." });
  const servedOn = dayOf(served, place);
  problems.push(...timeProblems(description), ...nameProblems(description));
  const policies = description.policy.packs.flatMap((id, index) => named(shelf.policies, id, servedOn, `policy.packs.${index}`, problems));
  const laws =
    description.laws === undefined
      ? inForceOn(shelf.laws, servedOn)
      : description.laws.flatMap((id, index) => named(shelf.laws, id, servedOn, `laws.${index}`, problems));
  const set = policies.map((pack) => withSettings(pack, description.policy.settings, problems));
  const [first, ...rest] = set;
  if (problems.length > 0 || first === undefined) return { kind: "refused", problems };
  return {
    kind: "stands",
    at: {
      now,
      today: dayOf(now, place),
      zone: place,
      by: "staff:asker" as Actor,
      policy: policyInForce([first, ...rest]),
      laws,
      provider: providerOf(description),
      fresh: "described",
    },
  };
}

/** What has not happened at the moment of the question, and what happened before the paper was there. */
function timeProblems({ asked, paper, hold, conflict, clarification, challenge, notice, gags }: CaseDescription): readonly DescriptionProblem[] {
  const moments: readonly (readonly [string, string | undefined, boolean])[] = [
    ["paper.validatedAt", paper.validatedAt, false],
    ["hold.at", hold?.at, true],
    ["conflict.raisedAt", conflict?.raisedAt, true],
    ["clarification.askedAt", clarification?.askedAt, true],
    ["clarification.answeredAt", clarification?.answeredAt, true],
    ["challenge.openedAt", challenge?.openedAt, true],
    ["notice.sentAt", notice.sentAt, true],
    ["notice.withheld.at", notice.withheld?.at, false],
    ...gags.flatMap(({ endedOn, objectedAt, attempts }, index): (readonly [string, string | undefined, boolean])[] => [
      [`gags.${index}.endedOn`, endedOn === undefined ? undefined : `${endedOn}T00:00:00Z`, false],
      [`gags.${index}.objectedAt`, objectedAt, false],
      ...attempts.map(({ on }, nth) => [`gags.${index}.attempts.${nth}.on`, `${on}T00:00:00Z`, false] as const),
    ]),
  ];
  const [now, served] = [instant(asked), instant(paper.servedAt)];
  const late = moments.filter(([, at]) => at !== undefined && instant(at) > now).map(([path]) => [path, "It lies after the moment of the question."] as const);
  const early = moments
    .filter(([, at, follows]) => follows && at !== undefined && instant(at) < served)
    .map(([path]) => [path, "It lies before the paper was served."] as const);
  const turned =
    clarification?.answeredAt !== undefined && instant(clarification.answeredAt) < instant(clarification.askedAt)
      ? [["clarification.answeredAt", "It lies before the question."] as const]
      : [];
  return [...late, ...early, ...turned].map(([path, what]) => ({ path, what, remedy: "Correct one of the two moments." }));
}

/** Ids that name two lines, or none. */
function nameProblems({ lines, subjects, hold, challenge }: CaseDescription): readonly DescriptionProblem[] {
  const ids = lines.map(({ id }) => id);
  const known = new Set(subjects.map(({ id }) => id));
  const named = [
    ...(hold?.lines ?? []).map((line) => ["hold.lines", line] as const),
    ...(challenge?.lines ?? []).map((line) => ["challenge.lines", line] as const),
  ];
  return [
    ...ids.flatMap((id, index) =>
      ids.indexOf(id) < index ? [{ path: `lines.${index}.id`, what: `Two lines are called ${id}.`, remedy: "Give each line its own id." }] : [],
    ),
    ...lines.flatMap(({ subject }, index) =>
      subject === undefined || known.has(subject)
        ? []
        : [{ path: `lines.${index}.subject`, what: `There is no subject ${subject}.`, remedy: "Use the id of a subject of this description." }],
    ),
    ...named.flatMap(([path, line]) =>
      ids.includes(line) ? [] : [{ path, what: `There is no line ${line}.`, remedy: "Name the lines that were left standing, by their ids." }],
    ),
  ];
}

function zoneOf(name: string, problems: DescriptionProblem[]): Zone {
  try {
    return zone(name);
  } catch {
    problems.push({ path: "zone", what: `There is no time zone "${name}".`, remedy: "Use an IANA name such as America/Denver." });
    return zone("UTC");
  }
}

function named<Pack extends PolicyPack | JurisdictionPack>(
  packs: readonly Pack[],
  id: string,
  on: Day,
  path: string,
  problems: DescriptionProblem[],
): readonly Pack[] {
  const found = inForceOn(packs, on).find(({ pack }) => pack.id === id);
  if (found !== undefined) return [found];
  const known = packs.some(({ pack }) => pack.id === id);
  const what = known ? `No version of the pack "${id}" was in force on ${on}.` : `There is no pack "${id}".`;
  problems.push({ path, what, remedy: `Use one of: ${[...new Set(packs.map(({ pack }) => pack.id))].join(", ")}.` });
  return [];
}

function withSettings(pack: PolicyPack, changes: Readonly<Record<string, unknown>>, problems: DescriptionProblem[]): PolicyPack {
  if (Object.keys(changes).length === 0) return pack;
  const parsed = policyPack.shape.settings.safeParse({ ...pack.settings, ...changes });
  if (parsed.success) return { ...pack, settings: parsed.data };
  problems.push(...parsed.error.issues.map(problemFrom).map(({ path, ...problem }) => ({ ...problem, path: `policy.settings.${path}` })));
  return pack;
}

function providerOf({ provider }: CaseDescription): NonNullable<Circumstances["provider"]> {
  return Object.fromEntries(Object.entries(provider).filter(([, member]) => member !== undefined));
}

function judged(description: CaseDescription, at: Circumstances): Assessment {
  const { history, refused } = replay(description, at);
  const known = findInstrument(intakeOf(history).details?.instrument, at.laws);
  const lines = linesOf(history, at, known?.law);
  const reasons = gateReasons(history, at);
  const instrument = known?.instrument;
  const letter = letterFor(lines, description, instrument);
  return {
    format: "portcullis-assessment/1",
    asked: at.now,
    packs: [...at.policy.versions, ...at.laws.map(({ pack }) => `${pack.id}@${pack.version}`)],
    ...(known === undefined ? {} : { instrument: { ...shown(known.instrument), pack: `${known.law.pack.id}@${known.law.pack.version}` } }),
    lines,
    gate: { open: reasons.length === 0, bars: gate(history, at), reasons },
    checks: checkStates(history, at).map(({ check: { id, question }, answer, answeredBy }) => ({ id, question, answer, answeredBy })),
    notice: noticeDuty(history, at),
    tells: tellingsOf(history, at).filter(({ by, paperMayForbid }) => by !== "us" || !paperMayForbid || bindingGags(history, at.today).length === 0),
    clocks: clocksOf(history, at).map((clock) => ({ ...clock, dueDay: dayOf(clock.dueAt, at.zone) })),
    duties: instrument?.duties ?? [],
    challenge: (instrument?.challenge ?? []).map(({ route, suspends, citation, basis }) => ({ route, suspends, citation, basis })),
    ...(instrument?.costs === undefined ? {} : { costs: instrument.costs }),
    counsel: counselReasons(lines, history, at, instrument),
    worksheet: worksheetOf(history, at),
    questions: openQuestions(description, history, at),
    ...(letter === undefined ? {} : { letter }),
    report: {
      ...(instrument === undefined ? {} : { bucket: instrument.report }),
      outcome: instrument?.family === "preservation" ? "pending" : outcomeOf(lines, reasons.length === 0),
      bandsOnly: instrument?.family === "national-security",
    },
    refused,
  };
}

function shown({ id, label, family, compulsory, citation, basis, confirm }: Instrument) {
  return { id, label, family, compulsory, citation, basis, confirm };
}

function linesOf(history: History, at: Circumstances, law: JurisdictionPack | undefined): readonly AssessedLine[] {
  const asked = intakeOf(history).details?.lines ?? [];
  return verdictsOf(history, at).flatMap(({ line, decision, reasons, notes, rule, citation }): AssessedLine[] => {
    const found = asked.find(({ id }) => id === line);
    if (found === undefined) return [];
    const dataClass = law === undefined ? undefined : classUnder(law, found);
    const struck = decision === "allow" ? struckReasons(line, history, at) : [];
    if (struck.length > 0)
      return [
        {
          id: line,
          dataType: found.dataType,
          ...(dataClass === undefined ? {} : { dataClass }),
          decision: "deny",
          reasons: struck,
          ...(rule === undefined ? {} : { rule }),
          citation,
        },
      ];
    return [
      {
        id: line,
        dataType: found.dataType,
        ...(dataClass === undefined ? {} : { dataClass }),
        decision,
        reasons,
        ...(notes === undefined ? {} : { notes }),
        ...(rule === undefined ? {} : { rule }),
        citation,
      },
    ];
  });
}

/** What another authority, a court or a ruling took away from a line that the paper reaches. */
function struckReasons(line: string, history: History, at: Circumstances): readonly Reason[] {
  const left = [linesLeftByAuthority(history), linesLeftByRulings(history)].filter((lines) => lines !== undefined);
  const gone = left.some((lines) => !lines.has(line));
  const whole = [...authorityReasons(history), ...challengeReasons(history, at)].filter(({ code }) => stoppingForGood.includes(code));
  return [
    ...whole.map((reason) => ({ ...reason, line })),
    ...(gone && whole.length === 0
      ? [{ clause: "V20", code: "STRUCK", because: "An authority or a court did not leave this line standing. Only a later decision would change this.", line }]
      : []),
  ];
}

const stoppingForGood: readonly string[] = ["AUTHORITY_REFUSED", "CONFLICT_UPHELD", "CHALLENGE_UPHELD"];

function counselReasons(lines: readonly AssessedLine[], history: History, at: Circumstances, instrument: Instrument | undefined): readonly Reason[] {
  const ofLines = lines.filter(({ decision }) => decision === "counsel").flatMap(({ reasons }) => reasons);
  const ofChecks = checkStates(history, at)
    .filter(({ check: { then }, answer }) => then === "counsel" && answer === "no")
    .map(({ check: { id, ifNo, question } }) => ({ clause: id, code: ifNo, because: `The answer is no: ${question}` }));
  const ofPaper =
    instrument?.route === "counsel" && ofLines.length === 0
      ? [{ clause: "V06", code: "COUNSEL_ONLY", because: `${instrument.label}: read by counsel only; it never enters the ordinary queue.` }]
      : [];
  const gagTooLong = gagsOf(history)
    .filter(({ defects }) => defects.length > 0)
    .map(({ defects }) => ({ clause: "V18", code: defects[0] ?? "NDO_DEFECT", because: "A secrecy order has a defect: counsel chases its end." }));
  const all: readonly Reason[] = [...ofPaper, ...ofLines, ...ofChecks, ...gagTooLong];
  return all.filter(({ code, line }, index) => all.findIndex((other) => other.code === code && other.line === line) === index);
}

/** The answer these verdicts call for; a person sends it. */
function letterFor(lines: readonly AssessedLine[], { missing }: CaseDescription, instrument: Instrument | undefined): Assessment["letter"] {
  const decided = (decision: LineDecision) => lines.filter((line) => line.decision === decision).length;
  if (missing.length > 0) return "missing-contents";
  if (instrument?.family === "preservation")
    return lines.some(({ reasons }) => reasons.some(({ code }) => askedOfPreservation.includes(code))) ? "clarification" : "preservation-confirmed";
  if (decided("ask") > 0) return "clarification";
  if (lines.length === 0 || decided("allow") + decided("counsel") === lines.length) return undefined;
  if (instrument?.refusedBy === "form-3") return "form-3";
  return decided("deny") === lines.length ? "rejection" : "narrowing";
}

/** What is unclear about a paper to keep data is asked, though it hands nothing over anyway. */
const askedOfPreservation: readonly string[] = ["WRONG_ISSUER", "NOT_SIGNED", "ISSUER_UNKNOWN", "NOT_VALIDATED"];

function outcomeOf(lines: readonly AssessedLine[], open: boolean): Assessment["report"]["outcome"] {
  if (lines.length === 0) return "no_lines";
  const allowed = lines.filter(({ decision }) => decision === "allow").length;
  if (lines.every(({ decision }) => decision === "deny")) return "rejected";
  if (!open) return "pending";
  return allowed === lines.length ? "produced_full" : "produced_partial";
}
