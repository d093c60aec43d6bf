// Due dates of partners as calendar entries: a number, a clause and what is owed, and nobody's name.
import type { Desk } from "../app/desk.ts";
import type { PartnerId } from "../kernel/ids.ts";
import { dayOf, endOfDay, type Zone } from "../kernel/instant.ts";
import type { Duty } from "../partners/duty.ts";
import type { IcsEntry } from "./ics.ts";

type Dated = Pick<Duty, "id" | "clause" | "label" | "dueAt"> & { readonly state: string };

/** Only what still runs. The id is a keyed digest, so that a calendar program learns no more than the entry says. */
export async function dutyEntries(
  { id, ports }: Desk,
  partner: PartnerId,
  zone: Zone,
  url: string | undefined,
  duties: readonly Dated[],
): Promise<readonly IcsEntry[]> {
  const running = duties.flatMap((duty) =>
    duty.dueAt !== undefined && ["open", "overdue", "suspended"].includes(duty.state) ? [{ ...duty, dueAt: duty.dueAt }] : [],
  );
  return Promise.all(
    running.map(async (duty) => {
      const day = dayOf(duty.dueAt, zone);
      return {
        uid: `${await ports.vault.digest(id, "calendar-entry", `${partner} ${duty.id}`)}@portcullis`,
        summary: `${partner}: ${duty.clause} ${duty.label}`,
        due: duty.dueAt === endOfDay(day, zone) ? { day } : { at: duty.dueAt },
        category: "Partner program",
        isSuspended: duty.state === "suspended",
        ...(url === undefined ? {} : { url }),
      };
    }),
  );
}
