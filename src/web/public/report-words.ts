// The words of the yearly report: what each figure is called, what it counts, and how a published number is said.
import type { Measure, Published } from "../../reporting/module.ts";
import type { Count } from "../look/figures.tsx";

/** Column heads, short enough to stand side by side. */
export const measureHeads: Readonly<Record<Measure, string>> = {
  received: "Received",
  produced_full: "In full",
  produced_partial: "In part",
  rejected: "Rejected",
  referred: "Referred",
  withdrawn: "Withdrawn",
  challenged: "Challenged",
  no_records: "No records",
  pending: "Pending",
  accounts: "Accounts",
  content: "Content",
  non_content: "Other data",
  notice_before: "Before",
  notice_late: "Late",
  notice_withheld: "Withheld",
};

/** What each figure counts: the counting rules 2026.1 in plain words, in the order of the columns. */
export const definitions: readonly { readonly measure: Measure; readonly name: string; readonly counts: string }[] = [
  {
    measure: "received",
    name: "Received",
    counts:
      "Requests that arrived in the year, by the day of arrival in the desk's own time zone. A message that asks for no data is set aside and counted nowhere. Two messages about one request are one request.",
  },
  { measure: "produced_full", name: "Produced in full", counts: "Data left, for every line that was asked." },
  { measure: "produced_partial", name: "Produced in part", counts: "Data left, for some lines; the others were refused." },
  { measure: "rejected", name: "Rejected", counts: "The request was refused as a whole." },
  { measure: "referred", name: "Referred", counts: "The agency was sent to the customer and dealt with it there." },
  { measure: "withdrawn", name: "Withdrawn", counts: "The agency took the request back." },
  { measure: "challenged", name: "Challenged", counts: "The desk contested the request, and that ended it." },
  { measure: "no_records", name: "No records", counts: "The request was good, and nothing of what it asked for existed." },
  { measure: "pending", name: "Pending", counts: "Not answered when the figures were counted." },
  { measure: "accounts", name: "Accounts", counts: "Accounts whose data lay in the packages that were made. One account in two requests counts twice." },
  { measure: "content", name: "Content disclosed", counts: "Requests on which something users wrote or uploaded left." },
  {
    measure: "non_content",
    name: "Other data disclosed",
    counts: "Requests on which other data left, such as names or sign-in times. A request with both counts in both.",
  },
  { measure: "notice_before", name: "Told before", counts: "Requests on which a customer was told before any data left." },
  {
    measure: "notice_late",
    name: "Told late",
    counts: "Requests on which the customer was told afterwards, most often because an order to stay silent had ended.",
  },
  {
    measure: "notice_withheld",
    name: "Notice withheld",
    counts: "Requests on which the customer had not been told, on a recorded lawful ground, when the figures were counted.",
  },
];

/** "Search warrant" for the bucket `search-warrant`. */
export function bucketWords(bucket: string): string {
  return bucket === "no-instrument" ? "No paper named" : capital(bucket.replaceAll("-", " "));
}

export function countOf({ low, high }: Published): Count {
  return low === high ? { kind: "exact", n: low } : { kind: "range", from: low, to: high };
}

export function sumOf(...parts: readonly Published[]): Published {
  return parts.reduce((sum, { low, high }) => ({ low: sum.low + low, high: sum.high + high }), { low: 0, high: 0 });
}

export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
