// The letter as plain text: what mail carries, and what anybody can read without a program.
import type { Block, Letter, TableBlock } from "./letter.ts";

export function letterText({ greeting, blocks, closing, reference }: Letter): string {
  const notes = blocks.flatMap((block) => ("note" in block && block.note !== undefined ? [block.note] : []));
  const marks = new Map(notes.map((note, index) => [note, `[${index + 1}]`]));
  const footnotes = notes.length === 0 ? [] : [notes.map((note) => `${marks.get(note) ?? ""} ${note}`).join("\n")];
  const yours = reference.yours === undefined ? "" : `, your reference ${reference.yours}`;
  const end = `${closing.company}\nLegal requests, ${closing.mailbox}\nCase ${reference.caseId}${yours}`;
  return `${[greeting, ...blocks.map((block) => blockText(block, marks)), ...footnotes, end].join("\n\n")}\n`;
}

function blockText(block: Block, marks: ReadonlyMap<string, string>): string {
  switch (block.kind) {
    case "paragraph":
    case "heading":
      return block.note === undefined ? block.text : `${block.text} ${marks.get(block.note) ?? ""}`;
    case "list":
      return block.items.map(({ text, under = [] }) => [`  - ${text}`, ...under.map((line) => `      ${line}`)].join("\n")).join("\n");
    case "table":
      return tableText(block);
  }
  return block satisfies never;
}

const widestLine = 92;
const narrowestWords = 24;

/** Columns under each other; the widest column of words is broken into lines where the whole would be too wide. */
function tableText({ columns, rows, total }: TableBlock): string {
  const all = [columns.map(({ label }) => label), ...rows, ...(total === undefined ? [] : [total])];
  const wanted = columns.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  const widest = wanted.indexOf(Math.max(...wanted.filter((_, column) => columns[column]?.figures !== true)));
  const spare = widestLine - wanted.reduce((sum, width, column) => sum + 2 + (column === widest ? 0 : width), 0);
  const widths = wanted.map((width, column) => (column === widest ? Math.min(width, Math.max(narrowestWords, spare)) : width));
  return all.map((row) => rowText(row, widths, columns)).join("\n");
}

function rowText(row: readonly string[], widths: readonly number[], columns: TableBlock["columns"]): string {
  const cells = widths.map((width, column) => brokenAt(width, row[column] ?? ""));
  const height = Math.max(...cells.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) =>
    `  ${cells.map((lines, at) => aligned(lines[line] ?? "", widths[at] ?? 0, columns[at]?.figures === true)).join("  ")}`.trimEnd(),
  ).join("\n");
}

function aligned(text: string, width: number, isFigures: boolean): string {
  return isFigures ? text.padStart(width) : text.padEnd(width);
}

function brokenAt(width: number, text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || `${last} ${word}`.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
