// Counts what was taken out, by reason and by place. It is shown to the receiver, so it has no room for what stood there.
import { type Audience, type RemovalReason, removalReasons } from "./removals.ts";

type RemovalPlace =
  | { readonly kind: "page"; readonly page: number }
  | { readonly kind: "field"; readonly source: string; readonly collection: string; readonly field: string };

interface LogLine {
  readonly reason: RemovalReason;
  readonly clause: string;
  readonly place: RemovalPlace;
  readonly removals: number;
}

export interface RedactionLog {
  readonly audience: Audience;
  /** By reason, then by place. */
  readonly lines: readonly LogLine[];
  readonly totals: readonly { readonly reason: RemovalReason; readonly clause: string; readonly removals: number }[];
}

export interface RemovalCounter {
  count(reason: RemovalReason, place: RemovalPlace, removals?: number): void;
  log(): RedactionLog;
}

export function removalCounter(audience: Audience): RemovalCounter {
  const counts = new Map<string, LogLine>();
  return {
    count: (reason, place, removals = 1) => {
      const key = `${reason} ${JSON.stringify(place)}`;
      const before = counts.get(key)?.removals ?? 0;
      counts.set(key, { reason, clause: removalReasons[reason].clause, place, removals: before + removals });
    },
    log: () => {
      const lines = [...counts.values()].toSorted(byReasonAndPlace);
      return { audience, lines, totals: totalsOf(lines) };
    },
  };
}

const codes = Object.keys(removalReasons) as readonly RemovalReason[];

function totalsOf(lines: readonly LogLine[]): RedactionLog["totals"] {
  return codes.flatMap((reason) => {
    const removals = lines.filter((line) => line.reason === reason).reduce((sum, line) => sum + line.removals, 0);
    return removals === 0 ? [] : [{ reason, clause: removalReasons[reason].clause, removals }];
  });
}

function byReasonAndPlace(one: LogLine, other: LogLine): number {
  const reasons = codes.indexOf(one.reason) - codes.indexOf(other.reason);
  if (reasons !== 0) return reasons;
  if (one.place.kind === "page" && other.place.kind === "page") return one.place.page - other.place.page;
  const [first, second] = [JSON.stringify(one.place), JSON.stringify(other.place)];
  return first < second ? -1 : first > second ? 1 : 0;
}
