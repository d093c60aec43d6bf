// Time and chance from the machine; and a clock that a rehearsal sets by hand.
import { createHash, randomBytes } from "node:crypto";
import type { Chance, Clock, Digest } from "../../app/ports.ts";
import { instant, type Instant } from "../../kernel/instant.ts";

export const systemClock: Clock = { now: () => instant(Temporal.Now.instant().toString()) };

export interface RehearsalClock extends Clock {
  /** Time never runs backwards; throws when asked to. */
  set(moment: Instant): void;
}

/** Stands at a moment until it is set to a later one, and goes on by a millisecond at each look, so that facts keep their order. */
export function rehearsalClock(start: Instant): RehearsalClock {
  let now = Temporal.Instant.from(start);
  return {
    now: () => {
      now = now.add({ milliseconds: 1 });
      return instant(now.toString());
    },
    set: (moment) => {
      const next = Temporal.Instant.from(moment);
      if (Temporal.Instant.compare(next, now) < 0) throw new RangeError("a rehearsal's clock cannot go back");
      now = next;
    },
  };
}

export const chance: Chance = {
  id: () => randomBytes(16).toString("base64url"),
  bytes: (length) => new Uint8Array(randomBytes(length)),
  token: () => randomBytes(32).toString("base64url"),
};

export const sha256Hex: Digest = (content) => createHash("sha256").update(content).digest("hex");
