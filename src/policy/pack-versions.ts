// Which version of each pack was in force on a day: a case keeps the rules of the day it was served.
import type { Day } from "../kernel/instant.ts";

interface Versioned {
  readonly pack: { readonly id: string; readonly version: string; readonly validFrom: string; readonly validTo?: string | undefined };
}

/** Of every pack the newest version that had begun by then and had not ended; a pack whose versions all begin later or have ended is left out. */
export function inForceOn<Pack extends Versioned>(packs: readonly Pack[], on: Day): readonly Pack[] {
  const valid = packs.filter(({ pack: { validFrom, validTo } }) => validFrom <= on && (validTo === undefined || on <= validTo));
  return valid.filter(({ pack }, index) =>
    valid.every((other, place) => other.pack.id !== pack.id || place === index || isNewer({ pack }, other) || (index < place && !isNewer(other, { pack }))),
  );
}

function isNewer({ pack: one }: Versioned, { pack: other }: Versioned): boolean {
  return one.validFrom > other.validFrom || (one.validFrom === other.validFrom && compareVersions(one.version, other.version) > 0);
}

/** `2026.10` is newer than `2026.9`. */
function compareVersions(one: string, other: string): number {
  const [year = 0, nth = 0] = one.split(".").map(Number);
  const [otherYear = 0, otherNth = 0] = other.split(".").map(Number);
  return year - otherYear || nth - otherNth;
}
