// What the company holds, for everybody to read: from the data maps alone, without opening a source.
import { describeHoldings, type PublicHoldings } from "../production/plan/describe-holdings.ts";
import { readMapsOf } from "./data-maps.ts";
import type { Desk } from "./desk.ts";
import { sourcesOf } from "./directory.ts";

export type WhatWeHold =
  | { readonly kind: "nothing-connected" }
  /** `hasUnread`: a map cannot be read, so what it describes is neither shown nor given. */
  | (PublicHoldings & { readonly kind: "described"; readonly hasUnread: boolean });

/** Anybody may ask again and again, so the maps are read anew only when they, the policies or the words have changed. */
export function rememberHoldings(): (desk: Desk) => Promise<WhatWeHold> {
  let last: { readonly of: readonly unknown[]; readonly told: WhatWeHold } | undefined;
  return async (desk) => {
    const of = [desk.id, desk.shelf.dataCategories, desk.policy.versions.join(), ...(await sourcesOf(desk)).map(({ dataMap }) => dataMap)];
    if (last === undefined || last.of.length !== of.length || last.of.some((each, index) => each !== of[index])) last = { of, told: await whatWeHold(desk) };
    return last.told;
  };
}

async function whatWeHold(desk: Desk): Promise<WhatWeHold> {
  const readings = await readMapsOf(desk);
  if (readings.length === 0) return { kind: "nothing-connected" };
  const maps = readings.flatMap((reading) => (reading.kind === "read" ? reading.maps.map(({ map }) => map) : []));
  const told = describeHoldings({ maps, dataTypes: desk.policy.dataTypes, categories: desk.shelf.dataCategories });
  return { kind: "described", ...told, hasUnread: readings.some(({ kind }) => kind === "refused") };
}
