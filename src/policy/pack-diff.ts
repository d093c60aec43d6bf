// Says what is different between two versions of a pack, place by place, so that a reviewer sees every change and the dangerous ones first.
import type { JurisdictionPack, PolicyPack } from "./pack.ts";
import { changeLine } from "./pack-change-words.ts";
import { weakens } from "./pack-weakening.ts";

type Pack = JurisdictionPack | PolicyPack;

export interface PackChange {
  /** Where it is: names, ids and numbers from the top of the pack: `instruments US-SW expires`, `instruments EU-EPOC tiers 2 issuers judge`. */
  readonly path: string;
  readonly kind: "added" | "removed" | "changed";
  /** What stood there; absent when it was added. The older value of a list that is only ordered anew is the whole list. */
  readonly before?: unknown;
  /** What stands there now; absent when it was removed. */
  readonly after?: unknown;
  /** In plain words: "US-SW: must be executed within 14 days → 10 days". */
  readonly line: string;
  /** It lets more leave, leave sooner, or with fewer people told; true also where that cannot be ruled out. Texts are not judged. */
  readonly weakens: boolean;
}

/** A change with what its words and its weight depend on. */
export interface PlacedChange extends Omit<PackChange, "path" | "line" | "weakens"> {
  readonly steps: readonly string[];
  /** The steps without ids, numbers and values: `instruments.clocks.lasts`, `contents.*.ask`. */
  readonly place: string;
  /** The entries of lists it lies in, outermost first, as they were and as they are. */
  readonly holders: readonly Holder[];
  readonly packs: { readonly before: Pack; readonly after: Pack };
}

interface Holder {
  readonly step: string;
  readonly place: string;
  readonly before: Members;
  readonly after: Members;
}

type Members = Readonly<Record<string, unknown>>;

/** In the order of the newer pack; what was removed stands where it stood. Empty exactly when both say the same. Never throws on loaded packs. */
export function comparePacks(before: Pack, after: Pack): readonly PackChange[] {
  const top: Spot = { steps: [], place: "", holders: [], packs: { before, after } };
  return compared(before, after, top).map((change) => {
    const { steps, place: _place, holders: _holders, packs: _packs, ...rest } = change;
    return { path: steps.join(" "), ...rest, line: changeLine(change), weakens: weakens(change) };
  });
}

type Spot = Pick<PlacedChange, "steps" | "place" | "holders" | "packs">;

function compared(before: unknown, after: unknown, spot: Spot): readonly PlacedChange[] {
  if (same(before, after)) return [];
  if (before === undefined) return [{ ...spot, kind: "added", after }];
  if (after === undefined) return [{ ...spot, kind: "removed", before }];
  if (Array.isArray(before) && Array.isArray(after)) return comparedLists(before, after, spot);
  if (!isMembers(before) || !isMembers(after) || isCondition(spot.place)) return [{ ...spot, kind: "changed", before, after }];
  return isPeriod(before) && isPeriod(after) ? comparedPeriods(before, after, spot) : comparedMembers(before, after, spot);
}

/** A condition is one statement, however many members it has. */
function isCondition(place: string): boolean {
  return place.endsWith(".when") || place.endsWith(".applies");
}

function comparedMembers(before: Members, after: Members, spot: Spot): readonly PlacedChange[] {
  return inOrder(Object.keys(before), Object.keys(after)).flatMap((name) => compared(before[name], after[name], memberSpot(spot, name)));
}

function memberSpot(spot: Spot, name: string): Spot {
  const part = namedByAuthors.includes(spot.place) ? "*" : name;
  return { ...spot, steps: [...spot.steps, name], place: spot.place === "" ? part : `${spot.place}.${part}` };
}

/** Groups whose members the author of a pack names. */
const namedByAuthors: readonly string[] = ["classOf", "contents", "reportBands.structures.window"];

const periodMembers = ["n", "unit", "counts", "rolls"] as const;

/** A period is one statement: how much of which unit, counted how. What else stands beside it is compared by itself. */
function comparedPeriods(before: Members, after: Members, spot: Spot): readonly PlacedChange[] {
  const [own, now] = [before, after].map((each) => Object.fromEntries(periodMembers.map((name) => [name, each[name]])));
  const rest = comparedMembers(withoutPeriod(before), withoutPeriod(after), spot);
  return same(own, now) ? rest : [{ ...spot, kind: "changed", before: own, after: now }, ...rest];
}

function withoutPeriod(value: Members): Members {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !(periodMembers as readonly string[]).includes(name)));
}

function isPeriod(value: Members): boolean {
  return typeof value["n"] === "number" && typeof value["unit"] === "string";
}

/** One entry of both lists, or of one of them. */
interface Pairing {
  readonly step: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

function comparedLists(before: readonly unknown[], after: readonly unknown[], spot: Spot): readonly PlacedChange[] {
  if (isMatchedByPlace([...before, ...after], spot.place)) return pairedByPlace(before, after).flatMap((pair) => comparedEntries(pair, spot));
  const changes = pairedByName(before, after).flatMap((pair) => comparedEntries(pair, spot));
  return isReordered(before, after) ? [...changes, { ...spot, kind: "changed", before, after }] : changes;
}

function comparedEntries({ step, before, after }: Pairing, spot: Spot): readonly PlacedChange[] {
  const at: Spot = { ...spot, steps: [...spot.steps, step] };
  if (!isMembers(before) || !isMembers(after)) return compared(before, after, at);
  return compared(before, after, { ...at, holders: [...spot.holders, { step, place: spot.place, before, after }] });
}

/** Entries with ids meet by id and words by themselves; these sentences, and rows without an id, in the order in which they stand. */
const sentences: readonly string[] = [
  "pack.sources",
  "listedOffences",
  "instruments.confirm",
  "instruments.mayTell",
  "instruments.grounds",
  "overrides.confirm",
];

function isMatchedByPlace(entries: readonly unknown[], place: string): boolean {
  return sentences.includes(place) || entries.some((entry) => isMembers(entry) && !("id" in entry || "option" in entry));
}

function pairedByName(before: readonly unknown[], after: readonly unknown[]): readonly Pairing[] {
  const [old, now] = [Map.groupBy(before, nameOf), Map.groupBy(after, nameOf)];
  return inOrder([...old.keys()], [...now.keys()]).flatMap((name) =>
    pairedByPlace(old.get(name) ?? [], now.get(name) ?? []).map(({ step, ...pair }) => ({ ...pair, step: step === "1" ? name : `${name} ${step}` })),
  );
}

/** Its id; a structure of bands has the number by which the law calls it. Two clocks of a paper may share an id: they are told apart by place. */
function nameOf(entry: unknown): string {
  return String(isMembers(entry) ? (entry["id"] ?? entry["option"]) : entry);
}

/** What is the same at both ends stays out of it, so that a new first row does not move all the others. */
function pairedByPlace(before: readonly unknown[], after: readonly unknown[]): readonly Pairing[] {
  const shorter = Math.min(before.length, after.length);
  const head = countWhile(shorter, (nth) => same(before[nth], after[nth]));
  const tail = countWhile(shorter - head, (nth) => same(before[before.length - 1 - nth], after[after.length - 1 - nth]));
  const middle = Math.max(before.length, after.length) - head - tail;
  return Array.from({ length: middle }, (_, nth) => head + nth).map((at) => ({
    step: String(at + 1),
    before: at < before.length - tail ? before[at] : undefined,
    after: at < after.length - tail ? after[at] : undefined,
  }));
}

function countWhile(most: number, holds: (nth: number) => boolean): number {
  for (let nth = 0; nth < most; nth++) if (!holds(nth)) return nth;
  return most;
}

/** What both lists name stands in another order. */
function isReordered(before: readonly unknown[], after: readonly unknown[]): boolean {
  const [old, now] = [counted(before), counted(after)];
  const stayed = now.filter((name) => old.includes(name));
  return old.filter((name) => now.includes(name)).some((name, nth) => name !== stayed[nth]);
}

/** The names of a list, each with how often it stood before. */
function counted(entries: readonly unknown[]): readonly string[] {
  const seen = new Map<string, number>();
  return entries.map((entry) => {
    const times = (seen.get(nameOf(entry)) ?? 0) + 1;
    seen.set(nameOf(entry), times);
    return `${nameOf(entry)}\0${times}`;
  });
}

/** The newer order; a name that is gone stands after the one that stood before it. */
function inOrder(before: readonly string[], after: readonly string[]): readonly string[] {
  const order = [...after];
  const present = new Set(after);
  for (const [nth, name] of before.entries()) {
    if (present.has(name)) continue;
    const previous = before[nth - 1];
    order.splice(previous === undefined ? 0 : order.indexOf(previous) + 1, 0, name);
    present.add(name);
  }
  return order;
}

/** The same content: the order of members does not count, the order of entries does. */
function same(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) return one.length === other.length && one.every((entry, nth) => same(entry, other[nth]));
  if (!isMembers(one) || !isMembers(other)) return one === other;
  return Object.keys({ ...one, ...other }).every((name) => same(one[name], other[name]));
}

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
