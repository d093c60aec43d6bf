// Tells a request from everything else that reaches a legal mailbox; where it cannot tell, a person decides.
import type { RequestReading } from "./details.ts";
import { isNegated } from "./read-asking.ts";
import { isAttachment, mentionsWithin, unitAt, type SourceText, type Unit } from "./read-parts.ts";
import type { Mention } from "./read-vocabulary.ts";

/** What the other readers found, as far as the sort of the message hangs on it. */
export interface Signs {
  readonly sources: readonly SourceText[];
  readonly languageKnown: boolean;
  readonly agency: boolean;
  readonly officer: boolean;
  readonly governmentMailbox: boolean;
  readonly legalBasis: boolean;
  readonly served: boolean;
  readonly titled: boolean;
  readonly data: boolean;
  readonly accounts: boolean;
  readonly matter: boolean;
  readonly asks: boolean;
}

export function sortOf(signs: Signs): RequestReading["sort"] {
  const { sources } = signs;
  const says = (kind: string) => sources.some((source) => !isAttachment(source) && mentionsIn(source, `sort.${kind}`).length > 0);
  if (!signs.languageKnown) return "unclear";
  if (says("automaticReply") && !signs.titled) return "automatic-reply";
  if (says("courtNotice") && !signs.titled) return "court-notice";
  if (isDenied(sources) && !signs.titled) return "not-a-request";
  if (says("bulk") && !signs.titled) return "not-a-request";
  if (isWithdrawn(sources)) return "withdrawal";
  if (says("followUp") && !signs.titled && authority(signs)) return "follow-up";
  return says("thanks") && !signs.titled && !signs.asks ? "not-a-request" : weigh(signs);
}

function weigh(signs: Signs): RequestReading["sort"] {
  const demand = signs.data && signs.asks;
  const aim = signs.accounts || signs.matter;
  if (isOnesOwn(signs) && !authority(signs)) return "not-a-request";
  if (signs.served && (demand || signs.titled || (aim && signs.asks) || (signs.legalBasis && aim))) return "request";
  if (authority(signs) && demand) return "request";
  if (authority(signs) && signs.asks && signs.accounts) return "request";
  if (signs.titled || (demand && signs.accounts) || (authority(signs) && (demand || aim || signs.served))) return "unclear";
  return "not-a-request";
}

function authority({ agency, officer, governmentMailbox, legalBasis, served }: Signs): boolean {
  return served || legalBasis || governmentMailbox || agency || officer;
}

/** Words in the part of the mail that its writer wrote now. */
function mentionsIn(source: SourceText, kind: string): readonly Mention[] {
  return (source.mentions.get(kind) ?? []).filter(({ start }) => {
    const region = regionAt(source, start);
    return region !== "quoted" && (region !== "disclaimer" || kind === "sort.bulk");
  });
}

function regionAt(source: SourceText, offset: number): Unit["region"] {
  return unitAt(source, offset)?.region ?? "main";
}

/** "This is not a request", unless it goes on "for the content of …". */
function isDenied(sources: readonly SourceText[]): boolean {
  return sources.some((source) =>
    mentionsIn(source, "sort.denial").some(({ end }) => mentionsWithin(source, "sort.denialNarrows", { start: end, end: end + 8 }).length === 0),
  );
}

/** "We withdraw our request", but not "until withdrawn" and not "we do not withdraw". */
function isWithdrawn(sources: readonly SourceText[]): boolean {
  return sources.some(
    (source) =>
      !isAttachment(source) &&
      mentionsIn(source, "sort.withdrawal").some((mention) => {
        const unit = unitAt(source, mention.start);
        return (
          unit !== undefined &&
          !isNegated(source, unit, mention) &&
          mentionsWithin(source, "sort.not", { start: Math.max(unit.start, mention.start - 40), end: mention.end }).length === 0
        );
      }),
  );
}

function isOnesOwn({ sources }: Signs): boolean {
  return sources.some((source) => mentionsIn(source, "asking.writersOwn").length > 0);
}
