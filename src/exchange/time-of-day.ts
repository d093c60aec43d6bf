// A line holds whole days: a period that begins or ends inside a day is narrower, and a person is told.
import type { XmlElement } from "./read-xml.ts";
import type { ElementSorter } from "./sorted-elements.ts";
import type { WrittenDate } from "./written-date.ts";

export function tellTimeOfDay(sorter: ElementSorter, element: XmlElement, { date, isStart }: { date: WrittenDate; isStart: boolean }): void {
  const wholeDay = isStart ? /^00:00(:00(\.0+)?)?$/ : /^23:59(:59(\.\d+)?)?$/;
  if (date.time === undefined || wholeDay.test(date.time)) return;
  sorter.tell(
    element,
    "TIME_OF_DAY",
    `The period ${isStart ? "begins" : "ends"} at ${date.time}${date.offset ?? ""}, and a line holds whole days.`,
    "Keep records outside these hours out of the production.",
  );
}
