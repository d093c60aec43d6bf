// Reads a date as it is written: an offset without a time never moves a day, and a day that does not exist is no date.

/** A date of an XML form. `day` is the day as written, in the offset it was written in. */
export interface WrittenDate {
  readonly day: string;
  /** `14:00:00`; absent when only a day was written. */
  readonly time?: string;
  /** `+02:00` or `Z`. */
  readonly offset?: string;
}

const shape = /^(\d{4}-\d{2}-\d{2})(?:T(([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?))?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?$/;

export function readWrittenDate(text: string): WrittenDate | undefined {
  const [, day = "", time, , offset] = shape.exec(text.trim()) ?? [];
  if (!isDay(day)) return undefined;
  return { day, ...(time === undefined ? {} : { time }), ...(offset === undefined ? {} : { offset }) };
}

/** The moment, when the paper gave a time and an offset; a day alone is not a moment. */
export function momentOf({ day, time, offset }: WrittenDate): string | undefined {
  return time === undefined || offset === undefined ? undefined : `${day}T${time}${offset}`;
}

function isDay(text: string): boolean {
  try {
    return Temporal.PlainDate.from(text).toString() === text;
  } catch {
    return false;
  }
}
