// Keeps one sender from asking too often, with memory that does not grow however many senders come.

export interface RateLimit {
  /** Counts the attempt; false when there were too many within the window. */
  readonly allows: (key: string, nowMs: number) => boolean;
}

/** Counts by key in fixed windows. Above `mostKeys` the oldest key is forgotten: a flood then costs accuracy, not memory. */
export function rateLimit({ most, windowMs, mostKeys = 10_000 }: { readonly most: number; readonly windowMs: number; readonly mostKeys?: number }): RateLimit {
  const seen = new Map<string, { readonly since: number; readonly count: number }>();
  return {
    allows: (key, nowMs) => {
      const before = seen.get(key);
      const isFresh = before === undefined || nowMs - before.since >= windowMs;
      const entry = isFresh ? { since: nowMs, count: 1 } : { since: before.since, count: before.count + 1 };
      seen.delete(key);
      seen.set(key, entry);
      if (seen.size > mostKeys)
        for (const oldest of seen.keys()) {
          seen.delete(oldest);
          break;
        }
      return entry.count <= most;
    },
  };
}

/** How often links are mailed. Counted in memory: a restart forgets, and that is enough against a flood. */
export interface LinkLimits {
  readonly perClient: RateLimit;
  readonly perMailbox: RateLimit;
}

const quarterHour = 15 * 60_000;

/** What one partner may send by its pages and its key together: far above what a year of duties needs, far below what fills a ledger. */
export const partnerWrites = { most: 600, windowMs: quarterHour };

export function linkLimits(): LinkLimits {
  return { perClient: rateLimit({ most: 20, windowMs: quarterHour }), perMailbox: rateLimit({ most: 3, windowMs: quarterHour }) };
}
