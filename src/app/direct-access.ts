// A public body reached customer data without asking: a record of its own, and a notice to the customers within a day (IGRP-2).
import { z } from "zod";
import type { Actor } from "../kernel/ids.ts";
import { instant, type Instant } from "../kernel/instant.ts";
import type { Reason } from "../kernel/outcome.ts";
import { dueBy } from "../policy/deadline-rule.ts";
import type { DirectoryFact } from "../requests/directory/events.ts";
import type { Desk } from "./desk.ts";
import { recordEntryAt } from "./directory.ts";

const stream = "direct-access";
const hoursToTell = 24;

export interface DirectAccess {
  readonly access: string;
  readonly knownAt: Instant;
  readonly dueAt: Instant;
  readonly derivation: string;
  readonly state: "open" | "overdue" | "kept";
  readonly toldAt?: Instant;
}

/** Newest first. */
export async function readDirectAccess(desk: Desk): Promise<readonly DirectAccess[]> {
  const facts = await factsOf(desk);
  const now = desk.ports.clock.now();
  return facts
    .flatMap((fact) => (fact.type === "DirectAccessRecorded" ? [fact] : []))
    .map(({ access, knownAt }) => {
      const toldAt = facts.flatMap((fact) => (fact.type === "DirectAccessNoticed" && fact.access === access ? [fact.at] : []))[0];
      const { due, derivation } = dueBy(
        { n: hoursToTell, unit: "hours", clause: "IGRP-2" },
        { event: "direct access known", at: knownAt },
        { zone: desk.zone, holidays: [] },
      );
      return {
        access,
        knownAt,
        dueAt: due,
        derivation: `${derivation} (house default)`,
        state: toldAt === undefined ? (now > due ? ("overdue" as const) : ("open" as const)) : ("kept" as const),
        ...(toldAt === undefined ? {} : { toldAt }),
      };
    })
    .toReversed();
}

async function factsOf({ id, ports }: Desk): Promise<readonly DirectoryFact[]> {
  return (await ports.ledger.readStream(id, stream)).map(({ fact }) => fact as unknown as DirectoryFact);
}

const words = z.string().trim().min(3).max(20_000);
const moment = z.iso.datetime({ offset: true });

type Done = { readonly kind: "done" } | { readonly kind: "refused"; readonly reasons: readonly Reason[] };

const refuse = (code: string, because: string): Done => ({ kind: "refused", reasons: [{ clause: "IGRP-2", code, because }] });

export async function recordDirectAccess(desk: Desk, by: Actor, given: { readonly knownAt: string; readonly words: string }): Promise<Done> {
  if (!moment.safeParse(given.knownAt).success) return refuse("NO_MOMENT", "Say when it became known, with day and time.");
  const told = words.safeParse(given.words);
  if (!told.success) return refuse("NO_WORDS", "Say which body reached which data, as far as it is known.");
  const knownAt = instant(given.knownAt);
  if (knownAt > desk.ports.clock.now()) return refuse("NOT_YET", "The moment lies in the future. Enter when it became known.");
  const access = desk.ports.chance.id();
  return write(desk, by, told.data, (details) => ({ type: "DirectAccessRecorded", access, knownAt, details }));
}

export async function recordAccessNotice(desk: Desk, by: Actor, given: { readonly access: string; readonly words: string }): Promise<Done> {
  const found = (await readDirectAccess(desk)).find(({ access }) => access === given.access);
  if (found === undefined) return refuse("NO_SUCH_ACCESS", "There is no such record of direct access.");
  if (found.toldAt !== undefined) return refuse("TOLD", "The customers were told of this access.");
  const told = words.safeParse(given.words);
  if (!told.success) return refuse("NO_WORDS", "Say who was told, and what.");
  // The notice counts from the moment at which somebody puts it on record.
  return write(desk, by, told.data, (details) => ({ type: "DirectAccessNoticed", access: given.access, at: desk.ports.clock.now(), details }));
}

async function write(desk: Desk, by: Actor, value: string, fact: Parameters<typeof recordEntryAt>[2]["fact"]): Promise<Done> {
  for (;;) {
    const version = (await desk.ports.ledger.readStream(desk.id, stream)).length;
    const { kind } = await recordEntryAt(desk.ports, desk.id, { stream, by, value: { words: value }, fact }, version);
    if (kind === "appended") return { kind: "done" };
  }
}
