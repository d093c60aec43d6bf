// Says dates and moments the one way every page and letter says them: weekday, day, month, year, time, place.

/** Two-part English names, because a court must not read 03/06 two ways. */
const weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The place of a zone: `America/Denver` is "Denver", `Etc/UTC` is "UTC". */
function placeOf(zone: string): string {
  return (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
}

/** "Fri 6 Mar 2026" for `2026-03-06`; throws a RangeError on a day that does not exist. */
export function dayWords(day: string): string {
  const date = Temporal.PlainDate.from(day);
  return `${weekdays[date.dayOfWeek - 1]} ${date.day} ${months[date.month - 1]} ${date.year}`;
}

/** "Fri 6 Mar 2026 22:15 Denver" for a moment in UTC and an IANA zone; throws a RangeError on anything else. */
export function momentWords(at: string, zone: string): string {
  const local = Temporal.Instant.from(at).toZonedDateTimeISO(zone);
  const time = `${String(local.hour).padStart(2, "0")}:${String(local.minute).padStart(2, "0")}`;
  return `${dayWords(local.toPlainDate().toString())} ${time} ${placeOf(zone)}`;
}

/** A moment in words, with the exact moment for machines. `at` is UTC, `zone` an IANA name. */
export function Moment({ at, zone }: { readonly at: string; readonly zone: string }) {
  return (
    <time datetime={at} dir="auto">
      {momentWords(at, zone)}
    </time>
  );
}

/** A calendar day in words, `YYYY-MM-DD` for machines. */
export function Day({ day }: { readonly day: string }) {
  return (
    <time datetime={day} dir="auto">
      {dayWords(day)}
    </time>
  );
}
