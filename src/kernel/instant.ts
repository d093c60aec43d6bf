// Moments and days as plain strings, so that facts stay readable and comparable; Temporal does the arithmetic.

/** A moment in UTC, ISO 8601 with milliseconds and a final `Z`. Compares correctly as text. */
export type Instant = string & { readonly __instant: unique symbol };

/** A calendar day, `YYYY-MM-DD`, with no zone: what a warrant or a letter says. Compares correctly as text. */
export type Day = string & { readonly __day: unique symbol };

/** An IANA time zone name, such as `America/Denver`. */
export type Zone = string & { readonly __zone: unique symbol };

/** Reads an ISO moment with an offset or `Z`; throws a RangeError on anything else. */
export function instant(text: string): Instant {
  return Temporal.Instant.from(text).toString({ smallestUnit: "millisecond" }) as Instant;
}

/** Reads `YYYY-MM-DD`; throws a RangeError on a day that does not exist. */
export function day(text: string): Day {
  return Temporal.PlainDate.from(text, { overflow: "reject" }).toString() as Day;
}

/** Reads an IANA zone name; throws a RangeError when the zone does not exist. */
export function zone(text: string): Zone {
  return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text).timeZoneId as Zone;
}

/** Whether there is such a time zone. */
export function isZone(text: string): boolean {
  try {
    zone(text);
    return true;
  } catch {
    return false;
  }
}

export function dayOf(moment: Instant, at: Zone): Day {
  return Temporal.Instant.from(moment).toZonedDateTimeISO(at).toPlainDate().toString() as Day;
}

export function addDays(from: Day, days: number): Day {
  return Temporal.PlainDate.from(from).add({ days }).toString() as Day;
}

/** Whole calendar days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: "days" }).days;
}

/** Elapsed hours: they run through nights, weekends and clock changes. */
export function addHours(from: Instant, hours: number): Instant {
  return instant(Temporal.Instant.from(from).add({ hours }).toString());
}

/** The first moment of a day in a zone; days without midnight start when the clock allows. */
export function startOfDay(date: Day, at: Zone): Instant {
  return instant(Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: at }).toInstant().toString());
}

/** The last millisecond of a day in a zone. */
export function endOfDay(date: Day, at: Zone): Instant {
  const next = Temporal.Instant.from(startOfDay(addDays(date, 1), at));
  return instant(next.subtract({ milliseconds: 1 }).toString());
}
