// One letter in parts that mean something: its plain text and its printed page are both made from it, so that its words live once.
import type { Reason } from "../../kernel/outcome.ts";

export interface Letter {
  /** Case number and kind only: subjects travel in the clear. */
  readonly subject: string;
  /** What the page says above its words. */
  readonly title: string;
  /** Who it is for, one line each, as it stands above a letter; empty when nobody is known by name. */
  readonly to: readonly string[];
  readonly greeting: string;
  readonly blocks: readonly Block[];
  readonly closing: { readonly company: string; readonly mailbox: string };
  readonly reference: { readonly caseId: string; readonly yours?: string };
}

export type Block =
  | { readonly kind: "paragraph"; readonly text: string; readonly note?: string }
  | { readonly kind: "heading"; readonly text: string; readonly note?: string }
  | { readonly kind: "list"; readonly items: readonly ListItem[] }
  | TableBlock;

export interface ListItem {
  readonly text: string;
  /** Said of this item alone, such as why a line was refused. */
  readonly under?: readonly string[];
}

export interface TableBlock {
  readonly kind: "table";
  readonly columns: readonly { readonly label: string; readonly figures?: boolean }[];
  readonly rows: readonly (readonly string[])[];
  /** A last row that sums up the others. */
  readonly total?: readonly string[];
}

export function paragraph(text: string, note?: string): Block {
  return note === undefined ? { kind: "paragraph", text } : { kind: "paragraph", text, note };
}

export function heading(text: string, note?: string): Block {
  return note === undefined ? { kind: "heading", text } : { kind: "heading", text, note };
}

export function list(items: readonly (string | ListItem)[]): Block {
  return { kind: "list", items: items.map((item) => (typeof item === "string" ? { text: item } : item)) };
}

export function reasonList(reasons: readonly Reason[]): Block {
  return list(reasons.map(inWords));
}

/** "A subpoena does not reach files. A search warrant would. [KDRP-11]"; the clause is not named twice. */
export function inWords({ because, clause }: Pick<Reason, "because" | "clause">): string {
  return because.includes(`(${clause})`) ? because : `${because} [${clause}]`;
}
