// Small numbers are published as ranges, and totals are made from what was published, so that nothing can be subtracted back.

/** `low` equals `high` when the number is published as it is. */
export interface Published {
  readonly low: number;
  readonly high: number;
}

/** Zero stays zero; 1 to `smallest` becomes that range; larger numbers are exact. */
export function publish(n: number, smallNumber: number): Published {
  return n > 0 && n <= smallNumber ? { low: 1, high: smallNumber } : { low: n, high: n };
}

/** A total is a function of the published parts alone: it can tell nothing that they do not. */
export function total(parts: readonly Published[]): Published {
  return parts.reduce((sum, part) => ({ low: sum.low + part.low, high: sum.high + part.high }), { low: 0, high: 0 });
}

export function words({ low, high }: Published): string {
  return low === high ? String(low) : `${low}–${high}`;
}

/** A band of the law, counted from `start`: counts below the width print "0–249", also when there were none. */
export function band(n: number, width: number, start = 0): Published {
  const low = start + Math.floor((n - start) / width) * width;
  return { low, high: low + width - 1 };
}
