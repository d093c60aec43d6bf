// Reads the moments that exports write as text: one without a zone is none, unless the settings say which zone its writer kept.
import { type Instant, instant } from "../../kernel/instant.ts";

const form = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)? ?(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/i;

/** Nothing for a day alone, and nothing for an hour that a change of clocks gave twice or left out. */
export function momentIn(text: string, statedZone?: string): Instant | undefined {
  const [, day, minutes, seconds = "00", fraction = "0", written] = form.exec(text) ?? [];
  if (day === undefined || minutes === undefined) return undefined;
  const local = `${day}T${minutes}:${seconds}.${fraction}`;
  try {
    if (written !== undefined) return instant(local + offsetOf(written));
    if (statedZone === undefined) return undefined;
    return instant(Temporal.PlainDateTime.from(local, { overflow: "reject" }).toZonedDateTime(statedZone, { disambiguation: "reject" }).toInstant().toString());
  } catch {
    return undefined;
  }
}

function offsetOf(written: string): string {
  if (/^(z|utc)$/i.test(written)) return "Z";
  const [, hours = "", minutes = "00"] = /^([+-]\d\d):?(\d\d)?$/.exec(written) ?? [];
  return `${hours}:${minutes}`;
}
