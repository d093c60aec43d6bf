// The register of sub-processors as dated snapshots, and what came and went between them: each newcomer needed a notice first (DPA-6.1, DPA-6.6a).
import { z } from "zod";
import type { Reason } from "../../kernel/outcome.ts";
import { addDays, type Day } from "../../kernel/instant.ts";
import { dayWords } from "../../policy/deadline-rule.ts";
import { dayText } from "../calculation.ts";

const entry = z.strictObject({
  name: z.string().trim().min(1).max(200),
  purpose: z.string().trim().min(1).max(500),
  place: z.string().trim().min(1).max(100).optional(),
});
type Entry = z.output<typeof entry>;

const snapshot = z
  .strictObject({
    on: dayText,
    entries: z.array(entry).max(10_000).optional(),
    /** The list as it was published: Markdown with one line for each, `* [Name](address). Purpose.` */
    published: z.string().max(1_000_000).optional(),
  })
  .refine(
    ({ entries, published }) => (entries === undefined) !== (published === undefined),
    "A snapshot has entries or the list as it was published, not both.",
  )
  .transform(({ on, entries, published }, context) => {
    const read = published === undefined ? { entries: entries ?? [], unread: [] } : readPublished(published);
    for (const line of read.unread)
      context.addIssue({ code: "custom", path: ["published"], message: `Line ${line} looks like an entry and is none: write "* [Name](address). Purpose."` });
    for (const name of twice(read.entries)) context.addIssue({ code: "custom", message: `${name} stands in the list twice. Keep one entry.` });
    return { on, entries: read.entries };
  });

export const registerQuestion = z.strictObject({
  /** In any order; two of one day are two states of that day, as they stand here. */
  snapshots: z.array(snapshot).min(1).max(1000),
});
export type RegisterQuestion = z.output<typeof registerQuestion>;

interface RegisterChange {
  readonly on: Day;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Whose purpose or place is another than before. */
  readonly changed: readonly string[];
}

export interface Register {
  /** Names of the newest snapshot, in its order. */
  readonly names: readonly string[];
  readonly asOf: Day;
  /** Oldest first; a snapshot that says the same as the one before is none. */
  readonly changes: readonly RegisterChange[];
  /** What each addition asked for before it could start. */
  readonly duties: readonly Reason[];
}

export function registerOf({ snapshots }: RegisterQuestion): Register {
  const dated = withPlaces(snapshots.toSorted((one, other) => (one.on === other.on ? 0 : one.on < other.on ? -1 : 1)));
  const newest = dated.at(-1);
  if (newest === undefined) throw new Error("a register without a snapshot");
  const changes = dated.slice(1).flatMap((after, index) => {
    const before = dated[index];
    const change = before === undefined ? undefined : changeBetween(before, after);
    return change === undefined ? [] : [change];
  });
  return { names: newest.entries.map(({ name }) => name), asOf: newest.on, changes, duties: changes.flatMap(dutiesOf) };
}

type Snapshot = RegisterQuestion["snapshots"][number];

/** A published list often knows no place: where it is silent, the last one that was said holds. */
function withPlaces(dated: readonly Snapshot[]): readonly Snapshot[] {
  const known = new Map<string, string>();
  return dated.map(({ on, entries }) => ({
    on,
    entries: entries.map((each) => {
      const place = each.place ?? known.get(key(each.name));
      if (place === undefined) return each;
      known.set(key(each.name), place);
      return { ...each, place };
    }),
  }));
}

function changeBetween(before: Snapshot, after: Snapshot): RegisterChange | undefined {
  const [then, now] = [byName(before.entries), byName(after.entries)];
  const added = after.entries.filter(({ name }) => !then.has(key(name))).map(({ name }) => name);
  const removed = before.entries.filter(({ name }) => !now.has(key(name))).map(({ name }) => name);
  const changed = after.entries
    .filter(({ name, purpose, place }) => {
      const old = then.get(key(name));
      return old !== undefined && (old.purpose !== purpose || (old.place !== undefined && old.place !== place));
    })
    .map(({ name }) => name);
  return added.length + removed.length + changed.length === 0 ? undefined : { on: after.on, added, removed, changed };
}

function dutiesOf({ on, added }: RegisterChange): readonly Reason[] {
  return added.map((name) => ({
    clause: "DPA-6.6a",
    code: "NOTICE_NEEDED",
    because: `${name} stands in the list since ${dayWords(on)}: a complete notice was owed by ${dayWords(addDays(on, -31))} for thirty days to object to end before it. Show the notice, or the approval.`,
  }));
}

function byName(entries: readonly Entry[]): ReadonlyMap<string, Entry> {
  return new Map(entries.map((each) => [key(each.name), each]));
}

/** "Amazon Web Services" and "amazon web services" are one. */
function key(name: string): string {
  return name.toLowerCase().replaceAll(/\s+/g, " ");
}

function twice(entries: readonly Entry[]): readonly string[] {
  return entries.filter(({ name }, index) => entries.findIndex((other) => key(other.name) === key(name)) !== index).map(({ name }) => name);
}

const line = /^[*-]\s+\[([^\]]{1,200})\]\([^)\s]{1,2000}\)\.?\s*(.{1,500})$/;

function readPublished(text: string): { readonly entries: readonly Entry[]; readonly unread: readonly number[] } {
  const entries: Entry[] = [];
  const unread: number[] = [];
  for (const [index, written] of text.split(/\r?\n/).entries()) {
    const [, name, purpose] = line.exec(written.trimEnd()) ?? [];
    if (name !== undefined && purpose !== undefined) entries.push({ name: name.trim(), purpose: purpose.trim() });
    else if (/^[*-]\s/.test(written)) unread.push(index + 1);
  }
  return { entries, unread };
}
