// Draws cases at random so that nobody can steer the draw and anybody can repeat it: public chance, the checkpoint's root, SHA-256.
import { createHash } from "node:crypto";

interface Draw {
  /** Counts from 1. */
  readonly nth: number;
  readonly position: number;
}

/** The text whose SHA-256 makes draw `nth`: three lines, the last without its newline. */
export function drawText(root: string, seed: string, nth: number): string {
  return `${root}\n${seed}\n${nth}`;
}

/** The position of draw `nth` in a tree of `size` facts: the digest as one number, modulo the size. */
function drawPosition({ root, seed, nth, size }: { readonly root: string; readonly seed: string; readonly nth: number; readonly size: number }): number {
  const digest = createHash("sha256")
    .update(drawText(root, seed, nth))
    .digest("hex");
  return Number(BigInt(`0x${digest}`) % BigInt(size));
}

interface DrawnCase<Found> extends Draw {
  readonly found: Found;
}

export interface Sample<Found> {
  readonly cases: readonly DrawnCase<Found>[];
  /** How many positions were drawn in all. */
  readonly draws: number;
  /** Fewer cases than asked for turned up before the draw gave up. */
  readonly short: boolean;
}

export interface SampleOrder<Found> {
  readonly root: string;
  readonly seed: string;
  readonly size: number;
  readonly wanted: number;
  readonly mostDraws: number;
  /** What opens a case at this position, or nothing. */
  readonly findOpening: (position: number) => Promise<Found | undefined>;
}

/**
 * Draws positions until enough of them hold the first fact of a case. Every case has exactly one such fact, so every
 * case is equally likely, however many facts it has. A position drawn twice counts once.
 */
export async function drawSample<Found>(order: SampleOrder<Found>): Promise<Sample<Found>> {
  const { root, seed, size, wanted, mostDraws, findOpening } = order;
  const seen = new Set<number>();
  const cases: DrawnCase<Found>[] = [];
  let nth = 0;
  while (cases.length < wanted && nth < mostDraws && seen.size < size) {
    nth++;
    const position = drawPosition({ root, seed, nth, size });
    if (seen.has(position)) continue;
    seen.add(position);
    const found = await findOpening(position);
    if (found !== undefined) cases.push({ nth, position, found });
  }
  return { cases, draws: nth, short: cases.length < wanted };
}
