// What the ledger says about redaction: by which reasons and how often, under which rules, and who looked at which page. Never what stood there.
import type { Vaulted } from "../../kernel/vaulted.ts";

/** What is taken out of the officer's copy. Each such fact replaces the one before it; one without rules takes them all back. */
export interface RedactionsSet {
  readonly type: "RedactionsSet";
  /** A keyed digest that stands for these rules: checks, approvals and packages name it. */
  readonly rules: string;
  /** How many rules there are for whole fields, for words and forms in text, and for people who become pseudonyms. */
  readonly fields: number;
  readonly texts: number;
  readonly people: number;
  /** Rules that hold for the customer's copies of papers and not for the officer. Absent: none. */
  readonly customer?: number;
  /** Rules by reason code. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly sealed: Vaulted;
}

/** Regions that are taken out of one PDF of the production. `paper` is a keyed digest of the file. */
export interface PaperMarked {
  readonly type: "PaperMarked";
  readonly paper: string;
  readonly regions: number;
  /** Regions that are covered in the customer's copy and not in the officer's. Absent: none. */
  readonly customer?: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly sealed: Vaulted;
}

/** A person looked at these pages, before and after, and approves them. */
export interface PagesApproved {
  readonly type: "PagesApproved";
  readonly paper: string;
  /** A keyed digest of the paper with everything that is taken out of it: an approval counts for this view alone. */
  readonly view: string;
  /** Absent: the officer's copy. */
  readonly audience?: "customer";
  readonly pages: readonly number[];
  /** How many pages the paper has. */
  readonly of: number;
}

/** A person saw originals while the production was prepared: records, or the paper that is named. Once a person and check. */
interface OriginalsSeen {
  readonly type: "OriginalsSeen";
  readonly paper?: string;
}

/** The customer may read what is meant to leave: a copy of one paper, with what stands there for others covered. */
export interface CustomerCopyGiven {
  readonly type: "CustomerCopyGiven";
  readonly paper: string;
  readonly view: string;
  /** Whose paper it is. */
  readonly workspace: string;
  /** Name of the stored copy. */
  readonly object: string;
  readonly pages: number;
  /** Passages that are covered, by reason code. */
  readonly redactions: Readonly<Record<string, number>>;
}

export const unreadKinds = ["image", "office", "archive", "text", "other"] as const;
export type UnreadKind = (typeof unreadKinds)[number];

/** Counsel lets so many files of these kinds leave, and no more, although the rules were not looked for inside them. */
interface FilesAllowed {
  readonly type: "FilesAllowed";
  readonly rules: string;
  /** As the check counted them. */
  readonly files: Readonly<Partial<Record<UnreadKind, number>>>;
  readonly reason: Vaulted;
}

export type RedactionFact = RedactionsSet | PaperMarked | PagesApproved | FilesAllowed | OriginalsSeen | CustomerCopyGiven;
