// What a request must say and what it asks for: proposed from the text, confirmed or corrected by a person.
import { z } from "zod";

/** Where in the message something was read. Offsets are UTF-16 code units into the named source's text. */
const span = z.strictObject({
  source: z.string(),
  start: z.int().min(0),
  end: z.int().min(0),
  /** Where in a structured document: `/EPOC/SectionI/Type`. */
  path: z.string().optional(),
});
export type Span = z.infer<typeof span>;

/** A value with the words it was read from. A value that no words support must not be proposed. */
export interface Proposed<Value> {
  readonly value: Value;
  readonly spans: readonly Span[];
  /** `stated`: the text says so in a form we know; `inferred`: a person should look twice. */
  readonly certainty: "stated" | "inferred";
}

export interface DateRange {
  /** First day asked for; absent when the paper leaves it open. */
  readonly from?: string;
  /** Last day asked for, inclusive; absent when the paper says "to present" or leaves it open. */
  readonly to?: string;
  readonly openEnd?: boolean;
  /** "The last 90 days": the count as written; `from` and `to` follow from the day of the message when that is known. */
  readonly lastDays?: number;
}

export interface ProposedSubject {
  readonly kind: "account" | "workspace";
  /** E-mail address, user name, user id or workspace name as written. */
  readonly value: string;
  readonly identifier: "email" | "user-name" | "user-id" | "workspace-name" | "person-name" | "ip-address" | "phone";
}

export interface ProposedInstrument {
  /** Instrument id of a jurisdiction pack, or a family word when only that is known (`court-order`). */
  readonly id: string;
  readonly issuer?: string;
  readonly issuedOn?: string;
  readonly expiresOn?: string;
  readonly returnOn?: string;
  readonly signedBy?: "judge" | "prosecutor" | "clerk" | "agency" | "nobody";
  readonly legalBasis?: string;
}

export interface ProposedGag {
  /** `order`: a secrecy instrument with its own citation; `wish`: a plea for silence in a letter. */
  readonly kind: "order" | "wish";
  readonly endsOn?: string;
  readonly days?: number;
}

/** What intake read from one message. Everything here may hold personal data: it lives in the vault. */
export interface RequestReading {
  /** What the message is; anything but `request` waits for a person. */
  readonly sort: "request" | "withdrawal" | "follow-up" | "court-notice" | "automatic-reply" | "not-a-request" | "unclear";
  /** ISO 639-1 code, or `und`. */
  readonly language: string;
  /** False when the language has no reading pack: the paper is kept, marked and asked about. */
  readonly languageKnown: boolean;
  readonly agency?: Proposed<string>;
  readonly matter?: Proposed<{ readonly reference: string; readonly nature: "criminal" | "civil" | "unknown" }>;
  readonly officer?: Proposed<{
    readonly name?: string;
    readonly rank?: string;
    readonly badge?: string;
    readonly phone?: string;
    readonly email?: string;
    readonly address?: string;
  }>;
  readonly instruments: readonly Proposed<ProposedInstrument>[];
  readonly subjects: readonly Proposed<ProposedSubject>[];
  readonly workspaces: readonly Proposed<string>[];
  readonly dateRange?: Proposed<DateRange>;
  /** Ranges that contradict `dateRange`, or its second reading when day and month may be exchanged. Then all are inferred. */
  readonly otherDateRanges: readonly Proposed<DateRange>[];
  /** Data types of the policy pack asked for. */
  readonly dataTypes: readonly Proposed<string>[];
  /** "any and all records", "all data": no type at all, a finding of its own. */
  readonly everything?: Proposed<string>;
  readonly gags: readonly Proposed<ProposedGag>[];
  readonly emergency?: Proposed<string>;
  readonly realTime?: Proposed<string>;
  readonly deliveryKey?: Proposed<string>;
  /** Parts beyond the length that is read; a person must look at them. Empty for every ordinary message. */
  readonly unread: readonly Span[];
}
