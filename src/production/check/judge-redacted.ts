// The second opinion on a redacted record: the original was inside, and redaction has only taken away from it.
import type { CollectedRecord, FieldValue, Judge } from "../shapes.ts";

export interface Redacted {
  readonly original: CollectedRecord;
  readonly record: CollectedRecord;
  /** Columns that say whose record it is and when it happened: they leave as they are, so that a receiver can check the record. */
  readonly keeps: ReadonlySet<string>;
}

/** Both must be inside, and nothing may stand in the second that has no place in the first. */
export function judgeRedacted(judge: Judge, redacted: Redacted): ReturnType<Judge> {
  const first = judge(redacted.original);
  if (first.kind === "outside") return first;
  const because = addition(redacted);
  if (because !== undefined) return { kind: "outside", reasons: [{ clause: "IGRP-9", code: "REDACTION_ADDED", because, line: redacted.original.line }] };
  return judge(redacted.record);
}

function addition({ original, record, keeps }: Redacted): string | undefined {
  const said = ({ source, collection, line, witness, chain }: CollectedRecord) => JSON.stringify([source, collection, line, witness, chain]);
  if (said(original) !== said(record)) return "After redaction the record says something else about whose it is or where it comes from.";
  for (const [column, value] of Object.entries(record.fields)) {
    if (!Object.hasOwn(original.fields, column)) return `After redaction the record has the column \`${column}\`, which it had not before.`;
    const before = original.fields[column] ?? null;
    if (keeps.has(column) && value !== before) return `The column \`${column}\` shows whose record it is and was changed.`;
    if (!isLess(before, value)) return `After redaction the column \`${column}\` holds another kind of value than before.`;
  }
  return undefined;
}

function isLess(before: FieldValue, after: FieldValue): boolean {
  if (after === before || after === null) return true;
  if (before === null) return false;
  return after instanceof Uint8Array ? before instanceof Uint8Array : typeof after === "string";
}
