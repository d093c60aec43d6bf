// What may be kept for an agency: the confirmed lines, and nothing made after the day the paper was served.
import { instant } from "../../kernel/instant.ts";
import type { KeepingScope } from "../../production/shapes.ts";
import type { Circumstances, History } from "../decision.ts";
import { scopeLine, type AccountsBySubject } from "../disclosure/scope-of-case.ts";
import { cutOff } from "../intake/confirm-details.ts";
import { intakeOf } from "../intake/request-details.ts";
import { findInstrument } from "../review/line-verdicts.ts";

/** A paper that names no first day asks to keep everything there is: what is lost now cannot be kept later, and nothing leaves by it. */
const beginning = instant("1970-01-01T00:00:00Z");

/** Undefined while a line has no confirmed account, or no paper is confirmed: nothing is kept by halves. */
export function keepingScope(caseId: string, history: History, accounts: AccountsBySubject, at: Circumstances): KeepingScope | undefined {
  const { details } = intakeOf(history);
  if (details?.instrument === undefined) return undefined;
  const { servedAt } = details.instrument;
  const known = findInstrument(details.instrument, at.laws);
  if (known === undefined) return undefined;
  const last = cutOff(details.instrument, at);
  const lines = details.lines.flatMap((line) => scopeLine(line, details, accounts, known, last, at)).map((line) => ({ ...line, from: line.from ?? beginning }));
  if (lines.length === 0 || lines.length < details.lines.length) return undefined;
  return { caseId, instrument: known.instrument.id, keeps: [...new Set(lines.map(({ dataClass }) => dataClass))], servedAt, zone: at.zone, lines };
}
