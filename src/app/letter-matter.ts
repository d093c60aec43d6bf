// What every letter may say, gathered from the case's facts, its sealed values and the packs it is judged by; nothing else is known to a letter.
import type { CaseId } from "../kernel/ids.ts";
import { dayOf, type Instant } from "../kernel/instant.ts";
import type { Vaulted } from "../kernel/vaulted.ts";
import type { Json } from "../ledger/canonical-json.ts";
import { dayWords } from "../policy/deadline-rule.ts";
import type { CaseFact } from "../requests/case-facts.ts";
import type { Circumstances, History } from "../requests/decision.ts";
import type { DetailsConfirmed, RequestLine } from "../requests/intake/events.ts";
import { intakeOf } from "../requests/intake/module.ts";
import { deniedLines, type LetterMatter, type OwedLetter, type RefusedLine } from "../requests/letters/module.ts";
import type { LineVerdict, ReviewSigned } from "../requests/review/events.ts";
import { cutAt } from "../requests/review/module.ts";
import type { CaseSecrets } from "./case-secrets.ts";
import { findSealed, type Desk } from "./desk.ts";
import type { WorkspaceEntry } from "./directory.ts";

/** The private values of the step itself: sealed, and in the vault only once its facts are in the ledger. */
export interface JustSealed {
  readonly sealed: Vaulted;
  readonly value: Json;
}

/** One fact that owes a letter, and all that may be known when it is written. */
export interface Writing {
  readonly desk: Desk;
  readonly caseId: CaseId;
  /** Ends with the facts of the step that owes the letter. */
  readonly history: History;
  readonly at: Circumstances;
  readonly secrets: CaseSecrets;
  readonly workspace: WorkspaceEntry | undefined;
  readonly fact: CaseFact;
  readonly owed: OwedLetter;
  readonly link: string | undefined;
  readonly justSealed: JustSealed | undefined;
}

/** Throws when the table of owed letters and this file disagree about which fact owes the letter. */
export function ofType<Type extends CaseFact["type"]>(fact: CaseFact, type: Type): Extract<CaseFact, { readonly type: Type }> {
  if (fact.type !== type) throw new Error(`a letter for ${type} was owed by ${fact.type}`);
  return fact as Extract<CaseFact, { readonly type: Type }>;
}

export function knownMatter(writing: Writing): LetterMatter {
  const { desk, caseId, secrets, workspace, fact, link, at } = writing;
  return {
    caseId,
    company: desk.profile.legalEntity,
    mailbox: desk.profile.mailboxes[0] ?? "",
    ...optional("agency", secrets.details?.agency),
    ...optional("officer", secrets.details?.officer?.name),
    ...optional("matter", secrets.details?.matter),
    ...optional("workspace", workspace?.name),
    ...optional("owner", workspace?.owners[0]?.name),
    ...optional("link", link),
    ...optional("until", fact.type === "ProductionReleased" ? momentDay(fact.expiresAt, writing) : undefined),
    noticeDays: at.policy.settings.noticeDays,
    lines: ownLines(writing).map((line) => words(line, writing)),
    reasons: fact.type === "RequestRejected" ? fact.reasons : [],
    missing: fact.type === "MissingContentsAsked" ? at.policy.requiredContents.filter(({ id }) => fact.missing.includes(id)) : [],
  };
}

/** Each customer is told of its own lines only; the agency of all it asked for. */
export function ownLines({ history, owed }: Writing): readonly RequestLine[] {
  const { details } = intakeOf(history);
  const isOwn = (line: RequestLine) => owed.workspace === undefined || details?.subjects.find(({ id }) => id === line.subject)?.workspace === owed.workspace;
  return (details?.lines ?? []).filter(isOwn);
}

function words(line: RequestLine, { at, secrets }: Writing): string {
  return lineWords(at, line, secrets);
}

/** "messages of jo@acme.example, Sun 1 Mar 2026 to Tue 31 Mar 2026". */
export function lineWords({ policy }: Pick<Circumstances, "policy">, line: RequestLine, { details }: Pick<CaseSecrets, "details">): string {
  const type = policy.dataTypes.find(({ id }) => id === line.dataType)?.label ?? line.dataType;
  const whose = details?.subjects[line.subject]?.asWritten;
  const range =
    line.from === undefined && line.to === undefined
      ? ""
      : `, ${line.from === undefined ? "up" : dayWords(line.from)} to ${line.to === undefined ? "the day of service" : dayWords(line.to)}`;
  return `${type}${whose === undefined ? "" : ` of ${whose}`}${range}`;
}

/** The same, and where it ends when it asks for what comes after the day of service. */
export function givenWords(
  at: Pick<Circumstances, "policy" | "zone">,
  line: RequestLine,
  details: DetailsConfirmed | undefined,
  secrets: Pick<CaseSecrets, "details">,
): string {
  const served = details === undefined ? undefined : cutAt(line, details, at.zone);
  const end = served === undefined ? "" : `, as far as it was stored by ${dayWords(served)}, the day of service`;
  return `${lineWords(at, line, secrets)}${end}`;
}

export function momentDay(moment: Instant, { at }: Pick<Writing, "at">): string {
  return dayWords(dayOf(moment, at.zone));
}

interface ReviewedScope {
  readonly offered: readonly string[];
  readonly refused: readonly RefusedLine[];
  readonly leftOut: readonly RefusedLine[];
  readonly undecided: readonly string[];
}

/** The lines of a signed review in words. One that waits for counsel is not offered, whatever the paper reaches. */
export function scopeOf(signed: ReviewSigned, writing: Writing): ReviewedScope {
  const lines = new Map(ownLines(writing).map((line) => [line.id, words(line, writing)]));
  const inWords = ({ line, reasons }: LineVerdict): RefusedLine => ({ line: lines.get(line) ?? `line ${line}`, reasons });
  const denied = deniedLines(signed);
  const isLeftOut = ({ reasons }: LineVerdict) => reasons.some(({ code }) => code === "LEFT_OUT");
  const ofDecision = (wanted: LineVerdict["decision"]) => signed.lines.filter(({ decision }) => decision === wanted).map((verdict) => inWords(verdict).line);
  return {
    offered: ownLines(writing)
      .filter(({ id }) => signed.lines.some(({ line, decision }) => line === id && decision === "allow"))
      .map((line) => givenWords(writing.at, line, intakeOf(writing.history).details, writing.secrets)),
    refused: denied.filter((verdict) => !isLeftOut(verdict)).map(inWords),
    leftOut: denied.filter(isLeftOut).map((verdict) => inWords({ ...verdict, reasons: verdict.reasons.filter(({ code }) => !inHouse.includes(code)) })),
    undecided: ofDecision("counsel"),
  };
}

/** Who decides what inside the company is not the agency's to read. */
const inHouse: readonly string[] = ["POLICY_ASKS_MORE", "COUNSEL_ONLY"];

/** Undefined when it was forgotten. */
export async function openWords<Words>({ desk, justSealed }: Pick<Writing, "desk" | "justSealed">, sealed: Vaulted): Promise<Words | undefined> {
  if (justSealed?.sealed.vault === sealed.vault) return justSealed.value as unknown as Words;
  return (await findSealed(desk.ports, desk.id, sealed)) as unknown as Words | undefined;
}

export function filled(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text.trim();
}

export function optional<Name extends string>(name: Name, value: string | undefined): { readonly [Key in Name]?: string } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [Key in Name]: string });
}
