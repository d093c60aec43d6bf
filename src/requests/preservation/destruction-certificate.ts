// The certificate that a kept copy is gone: what it was, how long it had to be kept, why it ended, and when its bytes and key went.
import { dayOf, type Day } from "../../kernel/instant.ts";
import { dayWords } from "../../policy/deadline-rule.ts";
import type { Circumstances, History } from "../decision.ts";
import { keepingClock, preservationsOf, type Preservation } from "./preservation-state.ts";

const endings = {
  expired: "the time for which the law lets it be kept was over",
  released: "it no longer had to be kept",
  "process-followed": "a paper that compels production came and was answered from it",
} as const;

/** Plain text; undefined until the destruction is on record. It holds no name and nothing of what the copy held. */
export function destructionCertificate(caseId: string, preservation: string, history: History, at: Circumstances): string | undefined {
  const kept = preservationsOf(history).find((each) => each.preservation === preservation);
  const version = history.find(({ fact }) => fact.type === "SnapshotDestroyed" && fact.preservation === preservation)?.version;
  if (kept?.sealed === undefined || kept.sealedAt === undefined || kept.ended === undefined || kept.endedAt === undefined) return undefined;
  if (kept.destroyed === undefined || kept.destroyedAt === undefined || version === undefined) return undefined;
  const clock = keepingClock(kept, history, at);
  const waited = waitedUntil(preservation, history, at);
  const destroyedOn = dayOf(kept.destroyedAt, at.zone);
  return [
    "CERTIFICATE OF DESTRUCTION",
    "",
    `Case: ${caseId}`,
    `Preservation: ${preservation}`,
    `Sealed: ${dayWords(dayOf(kept.sealedAt, at.zone))}, ${total(kept)} records, ${kept.sealed.bytes} bytes`,
    ...Object.entries(kept.sealed.records).map(([dataType, n]) => `  ${dataType}: ${n}`),
    `SHA-256 of the sealed copy: ${kept.destroyed.sha256}`,
    ...(clock === undefined ? ["Last day: none, by the law of its paper"] : [`Last day: ${dayWords(clock.lastDay)}`, `  ${clock.running.derivation}`]),
    `Renewed: ${kept.renewed.length === 0 ? "never" : kept.renewed.map(({ until }) => `through ${dayWords(until)}`).join(", ")}`,
    ...(waited === undefined ? [] : [`Waited until ${dayWords(waited)} for a paper that compels production`]),
    `Ended: ${dayWords(dayOf(kept.endedAt, at.zone))}; ${endings[kept.ended.how]}`,
    `Destroyed: ${dayWords(destroyedOn)}${timeliness(kept, latest(clock?.lastDay, waited), destroyedOn)}`,
    "",
    "The copy was sealed with a key of its own. The object and that key are gone from the store and from the table of keys, and",
    "no new key can be made under that name. Backups made before that day may still hold the sealed bytes and the wrapped key;",
    "they are unreadable once they are overwritten or their wrapping key is destroyed.",
    `The destruction stands in the ledger of this case as fact ${version}.`,
    "",
  ].join("\n");
}

/** The day on which the last other case ended that it was held for. Which case that was is not told: it may be sealed. */
function waitedUntil(preservation: string, history: History, at: Circumstances): Day | undefined {
  const end = history.findLast(({ fact }) => fact.type === "LinkedProcessEnded" && fact.preservation === preservation);
  return end === undefined ? undefined : dayOf(end.at, at.zone);
}

function latest(lastDay: Day | undefined, waited: Day | undefined): Day | undefined {
  return lastDay === undefined || waited === undefined || waited < lastDay ? lastDay : waited;
}

function total({ sealed }: Preservation): number {
  return Object.values(sealed?.records ?? {}).reduce((sum, n) => sum + n, 0);
}

/** On time is the day after the last one, or earlier; later is said, never hidden. */
function timeliness({ ended }: Preservation, lastDay: Day | undefined, destroyedOn: Day): string {
  if (lastDay === undefined || ended?.how !== "expired") return "";
  const late = Temporal.PlainDate.from(lastDay).until(Temporal.PlainDate.from(destroyedOn), { largestUnit: "days" }).days - 1;
  return late <= 0 ? ", on time" : `, ${late} ${late === 1 ? "day" : "days"} late`;
}
