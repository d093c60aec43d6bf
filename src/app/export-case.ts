// Writes a case for other systems: as our own description, as a TS 103 120 message, or as the reasons of a Form 3.
import { caseDescription, type CaseDescription } from "../assessment/description.ts";
import { write103120, writeFormThree, type FormThree, type Hi1Message } from "../exchange/module.ts";
import type { Actor, CaseId } from "../kernel/ids.ts";
import type { Instant } from "../kernel/instant.ts";
import type { Reason } from "../kernel/outcome.ts";
import { authorityAnswer, challengesOf, conflictsOf, linesLeftByRulings } from "../requests/challenge/module.ts";
import type { Circumstances, History } from "../requests/decision.ts";
import { outcomeOf, releaseOf } from "../requests/disclosure/module.ts";
import { gagsOf } from "../requests/gag/module.ts";
import type { DetailsConfirmed, InstrumentFacts } from "../requests/intake/events.ts";
import { intakeOf } from "../requests/intake/module.ts";
import { affectedWorkspaces, noticeOf } from "../requests/notice/module.ts";
import { redactionReasons } from "../requests/redaction/module.ts";
import { keepingClock, livingPreservations, preservationsOf, reasonsIfLinkedSincePlan } from "../requests/preservation/module.ts";
import type { LineVerdict } from "../requests/review/events.ts";
import { findInstrument, reviewOf, verdictsOf } from "../requests/review/module.ts";
import { assurancesOf } from "../requests/verification/module.ts";
import { openSecrets, type CaseSecrets } from "./case-secrets.ts";
import { caseCircumstances, findSealed, type Desk } from "./desk.ts";
import { readCase } from "./handle.ts";
import { formsOf, type FormView, type SealedReading } from "./import-document.ts";
import { stageOf } from "./project-views.ts";

export const exportFormats = ["json", "103120", "form-3"] as const;
export type ExportFormat = (typeof exportFormats)[number];

export type Exported =
  | {
      readonly kind: "written";
      readonly text: string;
      /** Codes of the review's reasons that the format has no place for. */
      readonly left: readonly string[];
    }
  | { readonly kind: "refused"; readonly reasons: readonly Reason[] };

/** What a person has confirmed; a mere reading is handed to nobody. */
export async function exportCase(desk: Desk, caseId: CaseId, format: ExportFormat): Promise<Exported> {
  const history = await readCase(desk, caseId);
  const { received, details } = intakeOf(history);
  if (received === undefined) return refused("UNKNOWN_CASE", "There is no such case. Check the case number.");
  if (details === undefined) return refused("DETAILS_NOT_CONFIRMED", "Confirm the details first: what was only read is not handed to others.");
  const at = caseCircumstances(desk, history, "desk" as Actor, "");
  const secrets = await openSecrets(desk, caseId, history);
  const forms = await formsOf(desk, history, secrets.reading as SealedReading | undefined);
  const told: Told = { desk, history, details, at, secrets, description: descriptionOf(desk.setUp, { history, details, at, secrets, forms }) };
  switch (format) {
    case "json":
      return { kind: "written", text: `${JSON.stringify(told.description, null, 2)}\n`, left: [] };
    case "103120":
      return written(write103120(messageOf(told)));
    case "form-3":
      return formThree(told);
    default:
      return format satisfies never;
  }
}

function refused(code: string, because: string): Extract<Exported, { kind: "refused" }> {
  return { kind: "refused", reasons: [{ clause: "KDRP-1", code, because }] };
}

function written(writing: ReturnType<typeof write103120>, left: readonly string[] = []): Exported {
  if (writing.kind === "written") return { kind: "written", text: writing.xml, left };
  return {
    kind: "refused",
    reasons: writing.problems.map(({ path, what, remedy }) => ({ clause: "EXCHANGE", code: "NOT_WRITTEN", because: `${path}: ${what} ${remedy}` })),
  };
}

interface Told {
  readonly desk: Desk;
  readonly history: History;
  readonly details: DetailsConfirmed;
  readonly at: Circumstances;
  readonly secrets: CaseSecrets;
  readonly description: CaseDescription;
}

type Facts = Pick<Told, "history" | "details" | "at" | "secrets"> & { readonly forms: readonly FormView[] };

/**
 * The case as its facts describe it, so that the same packs give the same verdicts. Of several challenges, objections or
 * clarifications it carries the one that counts most; lines that counsel left out of the review are left out here too.
 * Whether the case is closed is not in it.
 */
export function descriptionOf({ policies, laws }: Pick<Desk["setUp"], "policies" | "laws">, facts: Facts): CaseDescription {
  const { history, details, at } = facts;
  return caseDescription.parse({
    format: "portcullis-case/1",
    asked: at.now,
    zone: at.zone,
    policy: { packs: policies },
    laws,
    provider: at.provider ?? {},
    paper: paperOf(details, history),
    places: details.places ?? {},
    ...(details.protection === undefined ? {} : { protection: details.protection }),
    authority: authorityOf(facts),
    subjects: subjectsOf(facts),
    lines: details.lines.filter(({ id }) => !leftOut(history).has(id)),
    missing: details.missing,
    ...standOf(history, at),
  });
}

function paperOf({ instrument, nature }: DetailsConfirmed, history: History): object {
  const { id, newPlatform: _, ...facts }: Partial<InstrumentFacts> = instrument ?? {};
  return { servedAt: intakeOf(history).received?.receivedAt, ...facts, nature, ...(id === undefined ? {} : { instrument: id }) };
}

function leftOut(history: History): ReadonlySet<string> {
  const lines = reviewOf(history).signed?.lines ?? [];
  return new Set(lines.filter(({ reasons }) => reasons.some(({ code }) => code === "LEFT_OUT")).map(({ line }) => line));
}

function authorityOf({ secrets: { details }, forms }: Facts): object {
  const { agency, matter, officer } = details ?? {};
  const technicalId = forms.find(({ proposes }) => proposes)?.part?.authority.technicalId;
  const said = { name: agency, reference: matter, officer: officer?.name, email: officer?.email, phone: officer?.phone, technicalId };
  return Object.fromEntries(Object.entries(said).filter(([, words]) => words !== undefined && words.trim() !== ""));
}

type Identifier = CaseDescription["subjects"][number]["identifiers"][number];

/** Identifiers as the form gave them; those of a text by what they look like. */
function subjectsOf({ details, secrets, forms }: Facts): readonly object[] {
  const part = forms.find(({ proposes }) => proposes)?.part;
  return details.subjects.map(({ id, workspace, resolved }) => {
    const asWritten = secrets.details?.subjects[id]?.asWritten.trim() ?? "";
    const formed = part?.subjects.find((subject) => subject.id === id)?.identifiers ?? [];
    const isSame = formed.length > 0 && formed.map(({ value }) => value).join(", ") === asWritten;
    return {
      id,
      resolved,
      ...(workspace === undefined ? {} : { workspace }),
      identifiers: isSame ? formed : asWritten === "" ? [] : [identifierOf(asWritten)],
    };
  });
}

function identifierOf(value: string): Identifier {
  if (/^[^\s@]+@[^\s@]+$/.test(value)) return { kind: "email", value };
  if (/^\+[\d ()./-]{6,}$/.test(value)) return { kind: "phone", value };
  return { kind: /\s/.test(value) ? "other" : "user-name", value };
}

/** How far the desk has come. */
/** A plan that was not checked with every linked copy and every removal counts as compiled only: the gate says the same. */
function planWord(history: History, at: Circumstances): "none" | "compiled" | "checked" | "outside" {
  const { plan, check } = releaseOf(history);
  if (plan === undefined) return "none";
  if (check === undefined) return "compiled";
  if (!check.passed) return "outside";
  return [...reasonsIfLinkedSincePlan(history, at), ...redactionReasons(history, check, at)].length > 0 ? "compiled" : "checked";
}

function standOf(history: History, at: Circumstances): object {
  const { answers, referral, signed } = reviewOf(history);
  const release = releaseOf(history);
  const assurances = assurancesOf(history);
  return {
    ...given({ callBackValidTo: assurances.get("call-back")?.validTo }),
    assured: [...assurances.values()]
      .filter(({ verdict, validTo }) => verdict === "met" && (validTo === undefined || validTo >= at.today))
      .map(({ fact }) => fact),
    checks: Object.fromEntries([...answers].map(([check, { answer }]) => [check, answer])),
    referral,
    gagWish: history.some(({ fact }) => fact.type === "GagWishNoted"),
    gags: gagsIn(history),
    notice: noticeIn(history),
    ...authorityWord(history),
    ...clarificationIn(history),
    ...conflictIn(history),
    ...challengeIn(history),
    ...keptIn(history),
    ...emergencyIn(history),
    reviewSigned: signed !== undefined,
    plan: planWord(history, at),
    approvals: [...new Set(release.approvals.map(({ by }) => by.replace(/^staff:/, "")))],
  };
}

function momentOf(history: History, is: (fact: History[number]["fact"]) => boolean): Instant | undefined {
  return history.findLast(({ fact }) => is(fact))?.at;
}

function gagsIn(history: History): readonly object[] {
  return gagsOf(history).map(({ gag, instrument, start, end, endedOn, attempts }) => {
    const objectedAt = momentOf(history, (fact) => fact.type === "GagObjected" && fact.gag === gag);
    return { instrument, start, attempts, ...given({ end, endedOn, objectedAt }) };
  });
}

/** Counted from 1. */
function placeOf(gag: string | undefined, history: History): number | undefined {
  const index = gagsOf(history).findIndex((each) => each.gag === gag);
  return index < 0 ? undefined : index + 1;
}

function given(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, member]) => member !== undefined));
}

/**
 * A description knows one notice and one silence for all customers. Where they stand differently, or one has been told, it says
 * none, and the notice counts as owed.
 */
function noticeIn(history: History): object {
  const { given: told, grounds, ownerAnswers } = noticeOf(history);
  const affected = affectedWorkspaces(history);
  const letters = affected.map((workspace) => told.get(workspace));
  const alike = new Set(letters.map((letter) => `${letter?.failed} ${letter?.sentAt !== undefined}`)).size <= 1;
  const answers = ownerAnswers ? { ownerAnswers } : {};
  if (!alike) return answers;
  const sentAt = letters
    .flatMap((letter) => letter?.sentAt ?? [])
    .toSorted()
    .at(-1);
  const ofAll = grounds.findLast(({ workspaces }) => workspaces === undefined || affected.every((workspace) => workspaces.includes(workspace)))?.fact;
  const silent = letters.every((letter) => letter?.failed !== false) ? ofAll : undefined;
  const at = momentOf(history, (fact) => fact === silent);
  return {
    ...given({ sentAt, failed: letters.some((letter) => letter?.failed === true) ? true : undefined }),
    ...(silent === undefined ? {} : { withheld: { ground: silent.ground, at, ...given({ gag: placeOf(silent.gag, history), reviewOn: silent.reviewOn }) } }),
    ...answers,
  };
}

function authorityWord(history: History): object {
  const answered = authorityAnswer(history);
  return answered === undefined ? {} : { hold: { answer: answered.fact.answer, at: answered.at, ...given({ lines: answered.fact.lines }) } };
}

function clarificationIn(history: History): object {
  const asked = history.findLast(({ fact }) => fact.type === "ClarificationAsked");
  if (asked === undefined) return {};
  const answered = history.findLast(({ fact, version }) => fact.type === "ClarificationAnswered" && version > asked.version);
  return { clarification: { askedAt: asked.at, ...given({ answeredAt: answered?.at }) } };
}

/** An objection that is open or was upheld counts before a ground for the transfer. */
function conflictIn(history: History): object {
  const conflicts = conflictsOf(history);
  const raised = conflicts.find(({ decided }) => decided?.upheld !== false) ?? conflicts.at(-1);
  const ground = history.findLast(({ fact }) => fact.type === "TransferGroundRecorded");
  if (raised !== undefined && (ground === undefined || raised.decided?.upheld !== false)) {
    const upheld = raised.decided === undefined ? undefined : raised.decided.upheld ? "yes" : "no";
    return { conflict: { raisedAt: momentOf(history, (fact) => fact === raised.raised), ...given({ upheld }) } };
  }
  return ground?.fact.type === "TransferGroundRecorded" ? { conflict: { raisedAt: ground.at, transferGround: ground.fact.ground } } : {};
}

/** A pending one counts most, then one that forbids or narrows. */
function challengeIn(history: History): object {
  const weight = ["pending", "upheld", "narrowed", "dismissed", "withdrawn"];
  const [found] = challengesOf(history).toSorted((a, b) => weight.indexOf(a.resolved?.outcome ?? "pending") - weight.indexOf(b.resolved?.outcome ?? "pending"));
  if (found === undefined) return {};
  const { opened, resolved } = found;
  const measures = history.flatMap(({ fact }) =>
    fact.type === "ChallengeStepTaken" && fact.challenge === opened.challenge && fact.step.startsWith("interim-measures-") ? [fact] : [],
  );
  const last = measures.findLast(({ step }) => step !== "interim-measures-asked");
  return {
    challenge: {
      openedAt: momentOf(history, (fact) => fact === opened),
      brought: opened.brought,
      ...given({
        route: opened.route,
        interimMeasuresOn: last?.step === "interim-measures-granted" ? last.on : undefined,
        outcome: resolved?.outcome,
        // Each ruling takes away; a description knows one.
        lines: resolved?.outcome === "narrowed" ? [...(linesLeftByRulings(history) ?? [])] : undefined,
      }),
    },
  };
}

function keptIn(history: History): object {
  const kept = preservationsOf(history).filter(({ sealed }) => sealed !== undefined);
  if (kept.length === 0) return {};
  const released = kept.every(({ ended }) => ended?.how === "released");
  return { preservation: { renewals: Math.max(...kept.map(({ renewed }) => renewed.length)), ...(released ? { released } : {}) } };
}

function emergencyIn(history: History): object {
  const revision = intakeOf(history).details?.revision;
  const decided = history.flatMap(({ fact, by }) => (fact.type === "EmergencyDecided" && fact.revision === revision ? [{ fact, by }] : []));
  if (decided.length === 0) return {};
  const attested = decided.every(({ fact }) => fact.supervisorAttests);
  return { emergency: { supervisorAttests: attested ? "yes" : "no", decidedBy: [...new Set(decided.map(({ by }) => by.replace(/^staff:/, "")))] } };
}

function verdictsIn({ history, at }: Pick<Told, "history" | "at">): readonly LineVerdict[] {
  return reviewOf(history).signed?.lines ?? verdictsOf(history, at);
}

const unknownParty = { country: "XX", id: "UNKNOWN" } as const;

function messageOf(told: Told): Hi1Message {
  const { desk, history, details, at, description } = told;
  const [, country, id] = /^([A-Z]{2})-(.+)$/.exec(description.authority.technicalId ?? "") ?? [];
  const lastDay = livingPreservations(history).map((each) => keepingClock(each, history, at)?.running.dueAt)[0];
  return {
    description,
    sender: { country: desk.setUp.country, id: desk.profile.legalEntity },
    receiver: country === undefined || id === undefined ? unknownParty : { country, id },
    at: at.now,
    newId: () => uuid(desk.ports.chance.bytes(16)),
    preserves: findInstrument(details.instrument, at.laws)?.instrument.family === "preservation",
    ...(lastDay === undefined ? {} : { preserveUntil: lastDay }),
    documents: [],
    outcome: {
      code: outcomeOf(history) ?? stageOf(history, at),
      at: at.now,
      says: stateInWords(verdictsIn(told)),
      lines: verdictsIn(told)
        .filter(({ line }) => description.lines.some((each) => each.id === line))
        .map(({ line, decision, reasons }) => ({ line, decision, codes: reasons.map(({ code }) => code) })),
    },
  };
}

/** RFC 9562, version 4. */
function uuid(random: Uint8Array): string {
  const bytes = random.map((byte, index) => (index === 6 ? (byte & 0x0f) | 0x40 : index === 8 ? (byte & 0x3f) | 0x80 : byte));
  return bytes.toHex().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}

function stateInWords(verdicts: readonly LineVerdict[]): string {
  const count = (decision: LineVerdict["decision"]) => verdicts.filter((each) => each.decision === decision).length;
  return `Of ${verdicts.length} lines ${count("allow")} can be answered, ${count("deny")} are refused, ${count("ask")} wait for a word of the authority and ${count("counsel")} lie with counsel.`;
}

type FormThreeReason = FormThree["reasons"][number]["id"];

/** What the review's codes mean in articles 10 to 12 and 17. House choices; what the desk asks of itself, or promised its customers, is no reason there. */
const reasonOf: Readonly<Record<string, FormThreeReason>> = {
  UNDATED: "incomplete-certificate",
  NOT_SIGNED: "incomplete-certificate",
  NO_CERTIFICATION: "incomplete-certificate",
  NOT_VALIDATED: "incomplete-certificate",
  NO_ISSUING_AUTHORITY: "incomplete-certificate",
  NO_ENFORCING_AUTHORITY: "incomplete-certificate",
  NO_REASONS: "incomplete-certificate",
  NO_EMERGENCY: "incomplete-certificate",
  INCOMPLETE: "incomplete-certificate",
  BAD_CITATION: "incomplete-certificate",
  LANGUAGE: "incomplete-certificate",
  POST_DATED: "manifest-errors",
  EXPIRED: "manifest-errors",
  EXPIRES_BEFORE_ISSUE: "manifest-errors",
  RETURN_DATE_IMPOSSIBLE: "manifest-errors",
  RANGE_REVERSED: "manifest-errors",
  BAD_SIGNATURE: "manifest-errors",
  UNIDENTIFIABLE: "not-enough-information",
  NO_DATE_RANGE: "not-enough-information",
  VAGUE_SCOPE: "not-enough-information",
  OVERBROAD: "not-enough-information",
  NO_RECORDS: "data-not-held",
  REALTIME: "data-not-held",
  UNKNOWN_DATA_TYPE: "data-not-held",
  WRONG_ISSUER: "wrong-issuer",
  INSUFFICIENT_PROCESS: "wrong-issuer",
  NO_JURISDICTION: "wrong-issuer",
  OFFENCE_BELOW_THRESHOLD: "offence-not-covered",
  WRONG_ENTITY: "service-not-covered",
  WRONG_SERVICE: "service-not-covered",
  CONTROLLER_FIRST: "service-not-covered",
  PROTECTED_DATA: "immunity-or-privilege",
  CONFLICT: "third-country-law",
};

async function formThree(told: Told): Promise<Exported> {
  const { desk, history, details, secrets } = told;
  if (!["EU-EPOC", "EU-EPOC-PR"].includes(details.instrument?.id ?? ""))
    return refused("NOT_A_EUROPEAN_ORDER", "Form 3 answers a European production or preservation order, and this case holds neither. Write a letter instead.");
  const { reasons, left } = formReasons(told);
  if (reasons.length === 0)
    return refused(
      "NO_REASON",
      `The review gives no reason that Form 3 has a place for.${left.length === 0 ? "" : ` It gives ${left.join(", ")}, which this desk settles itself.`} A line that is refused or asked about would change this.`,
    );
  const conflict = await conflictWords(told);
  const clarification = openPointsOf(history);
  const form: FormThree = {
    reference: secrets.details?.matter ?? "",
    authority: secrets.details?.agency ?? "",
    addressee: desk.profile.legalEntity,
    reasons,
    ...(conflict === undefined ? {} : { conflict }),
    ...(clarification === undefined ? {} : { clarification }),
    isPreserved: livingPreservations(history).length > 0,
    contact: desk.profile.mailboxes.join(", "),
  };
  return written(writeFormThree(form), left);
}

/** Each reason once, with the lines it stands against. */
function formReasons(told: Told): { readonly reasons: FormThree["reasons"]; readonly left: readonly string[] } {
  const against = verdictsIn(told)
    .filter(({ decision }) => decision === "deny" || decision === "ask")
    .flatMap(({ line, reasons }) => reasons.map(({ code, because }) => ({ line, code, because })));
  const nothing =
    releaseOf(told.history).plan?.nothingHeld.map((line) => ({ line, code: "NO_RECORDS", because: "No data of the kind asked for is held." })) ?? [];
  const grouped = Map.groupBy([...against, ...nothing], ({ code, because }) => `${code}\n${because}`);
  const reasons = [...grouped.values()].flatMap((same) => {
    const [first] = same;
    const id = first === undefined ? undefined : reasonOf[first.code];
    return first === undefined || id === undefined ? [] : [{ id, says: `${[...new Set(same.map(({ line }) => line))].join(", ")}: ${first.because}` }];
  });
  return { reasons, left: [...new Set(against.flatMap(({ code }) => (Object.hasOwn(reasonOf, code) ? [] : [code])))] };
}

async function conflictWords({ desk, history }: Told): Promise<string | undefined> {
  const raised = conflictsOf(history).at(-1)?.raised;
  const words =
    raised === undefined ? undefined : ((await findSealed(desk.ports, desk.id, raised.reasons)) as { readonly [member: string]: unknown } | undefined);
  const said = ["law", "whyItApplies", "conflict"].flatMap((member) => (typeof words?.[member] === "string" ? [words[member]] : []));
  return said.length === 0 ? undefined : said.join("\n");
}

function openPointsOf(history: History): string | undefined {
  const asked = history.findLast(({ fact }) => fact.type === "ClarificationAsked")?.fact;
  const points = asked?.type === "ClarificationAsked" ? asked.points.map(({ because }) => because) : [];
  return points.length === 0 ? undefined : points.join("\n");
}
