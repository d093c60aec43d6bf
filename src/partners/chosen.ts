// What stands on record and a question chooses from: one reading gives the choices, whether there is any, and the one that was chosen.
import type { AskedChoice } from "./asks.ts";
import type { PartnerHistory } from "./partner.ts";

/** `read` is asked anew each time; `More` is what it needs beside the history, such as the circumstances. */
export function choosing<Item, More extends readonly unknown[]>(
  read: (history: PartnerHistory, ...more: More) => readonly Item[],
  idOf: (item: Item) => string,
  labelOf: (item: Item, history: PartnerHistory) => string,
) {
  type Which = (item: Item) => boolean;
  return {
    choose:
      (which: Which) =>
      (history: PartnerHistory, ...more: More): readonly AskedChoice[] =>
        read(history, ...more)
          .filter(which)
          .map((item) => ({ value: idOf(item), label: labelOf(item, history) })),
    some:
      (which: Which) =>
      (history: PartnerHistory, ...more: More): boolean =>
        read(history, ...more).some(which),
    find: (id: string, history: PartnerHistory, ...more: More): Item | undefined => read(history, ...more).find((item) => idOf(item) === id),
  };
}
