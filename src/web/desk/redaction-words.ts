// The words of redaction as people of the desk read them.
import type { Only, RedactionRules } from "../../app/redaction-rules.ts";
import type { NamedPattern } from "../../production/redact/patterns.ts";
import type { UnreadKind } from "../../requests/redaction/events.ts";

const reasons: Readonly<Record<string, string>> = {
  THIRD_PARTY: "Somebody else's data",
  OUTSIDE_LINE: "Outside the lines",
  OUTSIDE_DATES: "Outside the dates",
  CONTENT: "Content the paper does not reach",
  PRIVILEGE: "Privileged",
  PROTECTED_PERSON: "Protected person",
  TRADE_SECRET: "Trade secret",
};

export function reasonWords(code: string): string {
  return reasons[code] ?? code;
}

/** Whose copy something is taken out of. */
export const whoseChoices = [
  { value: "both", label: "Both copies" },
  { value: "officer", label: "The officer's copy only" },
  { value: "customer", label: "The customer's copies of papers only" },
] as const;

export function onlyOf(value: string): Only {
  return value === "officer" || value === "customer" ? value : undefined;
}

export function whoseWords(only: string | undefined): string {
  return whoseChoices.find(({ value }) => value === only)?.label ?? whoseChoices[0].label;
}

export const patternWords: Readonly<Record<NamedPattern, string>> = {
  "e-mail": "E-mail addresses",
  telephone: "Telephone numbers",
  ip: "IP addresses",
  iban: "Bank accounts (IBAN)",
  card: "Payment cards",
  "us-ssn": "Social security numbers (US)",
};

type Action = RedactionRules["fields"][number]["action"];

export function actionWords(action: Action): string {
  switch (action.kind) {
    case "remove":
      return "removed";
    case "replace":
      return `replaced by “${action.by}”`;
    case "mask":
      return `masked up to its last ${action.keepLast} signs`;
    case "pseudonym":
      return "replaced by a pseudonym";
    default:
      return action satisfies never;
  }
}

/** What the check counts beside PDFs, in words. */
export const fileKinds: readonly { readonly value: UnreadKind; readonly label: string }[] = [
  { value: "image", label: "Pictures" },
  { value: "office", label: "Office documents" },
  { value: "archive", label: "Archives" },
  { value: "text", label: "Plain text" },
  { value: "other", label: "Other files" },
];
