// The executable scope of a case: built only from signed lines and resolved accounts; collection sees nothing else.
import { endOfDay, startOfDay, type Instant } from "../../kernel/instant.ts";
import type { Scope, ScopeLine } from "../../production/shapes.ts";
import type { Circumstances, History } from "../decision.ts";
import { cutOff } from "../intake/confirm-details.ts";
import type { DetailsConfirmed, RequestLine } from "../intake/events.ts";
import { intakeOf } from "../intake/request-details.ts";
import type { DataClass } from "../../policy/pack.ts";
import { classUnder } from "../../policy/process-ladder.ts";
import { findInstrument, type KnownInstrument } from "../review/line-verdicts.ts";
import { linesToProduce } from "./release-state.ts";

/** Subject id → the account id its source knows, as a person confirmed it (from the vault). */
export type AccountsBySubject = Readonly<Record<string, { readonly account?: string | undefined }>>;

/** Undefined while no instrument is confirmed or no line is allowed. */
export function scopeOfCase(caseId: string, history: History, accounts: AccountsBySubject, at: Circumstances): Scope | undefined {
  const { details } = intakeOf(history);
  if (details?.instrument === undefined) return undefined;
  const { servedAt } = details.instrument;
  const known = findInstrument(details.instrument, at.laws);
  if (known === undefined) return undefined;
  const last = cutOff(details.instrument, at);
  const producible = new Set(linesToProduce(history));
  const lines = details.lines.filter(({ id }) => producible.has(id)).flatMap((line) => scopeLine(line, details, accounts, known, last, at));
  return lines.length === 0 ? undefined : { caseId, instrument: known.instrument.id, reach: reachOf(known, at), servedAt, zone: at.zone, lines };
}

/** What the paper compels; in an emergency that a policy allows, the classes of the minimum and nothing else. */
function reachOf({ instrument, law }: KnownInstrument, { policy: { settings } }: Circumstances): readonly DataClass[] {
  if (instrument.family !== "emergency" || !settings.allowVoluntaryEmergency) return instrument.compels;
  return [...new Set(settings.emergency?.dataTypes.flatMap((type) => law.classOf[type] ?? []))];
}

/** One line as collection sees it; empty while its workspace, account or class is not known. */
export function scopeLine(
  line: RequestLine,
  details: DetailsConfirmed,
  accounts: AccountsBySubject,
  known: KnownInstrument,
  last: Instant,
  at: Circumstances,
): readonly ScopeLine[] {
  const subject = details.subjects.find(({ id }) => id === line.subject);
  const account = accounts[line.subject]?.account;
  const dataClass = classUnder(known.law, line);
  if (subject?.workspace === undefined || account === undefined || dataClass === undefined) return [];
  const ceiling = justAfter(last);
  const asked = line.to === undefined ? ceiling : startOfDay(dayAfter(line.to), at.zone);
  return [
    {
      line: line.id,
      dataType: line.dataType,
      dataClass,
      accounts: [account],
      workspace: subject.workspace,
      ...(line.from === undefined ? {} : { from: startOfDay(line.from, at.zone) }),
      until: asked < ceiling ? asked : ceiling,
    },
  ];
}

function dayAfter(day: string) {
  return Temporal.PlainDate.from(day).add({ days: 1 }).toString() as Parameters<typeof endOfDay>[0];
}

function justAfter(moment: Instant): Instant {
  return Temporal.Instant.from(moment).add({ milliseconds: 1 }).toString({ smallestUnit: "millisecond" }) as Instant;
}
