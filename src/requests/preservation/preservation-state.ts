// Where each snapshot of a case stands: being taken, kept until a day, ended, destroyed.
import { dayOf, type Day, type Instant } from "../../kernel/instant.ts";
import type { Circumstances, History } from "../decision.ts";
import { paperClocksOf, type RunningPaperClock } from "../deadlines/paper-clocks.ts";
import type { PreservationEnded, PreservationRenewed, SnapshotDestroyed, SnapshotOpened, SnapshotSealed } from "./events.ts";

export interface Preservation {
  readonly preservation: string;
  readonly revision: number;
  readonly begunAt: Instant;
  readonly abandoned: boolean;
  readonly sealed?: SnapshotSealed;
  readonly sealedAt?: Instant;
  readonly renewed: readonly PreservationRenewed[];
  readonly opened: readonly SnapshotOpened[];
  readonly ended?: PreservationEnded;
  readonly endedAt?: Instant;
  readonly destroyed?: SnapshotDestroyed;
  readonly destroyedAt?: Instant;
}

/** A snapshot that was sealed and has not ended. */
export type LivingPreservation = Preservation & { readonly sealed: SnapshotSealed; readonly sealedAt: Instant };

/** In the order they were begun. */
export function preservationsOf(history: History): readonly Preservation[] {
  const known = new Map<string, Preservation>();
  for (const recorded of history) evolve(known, recorded);
  return [...known.values()];
}

function evolve(known: Map<string, Preservation>, { fact, at }: History[number]): void {
  const change = (preservation: string, changes: (now: Preservation) => Partial<Preservation>): void => {
    const now = known.get(preservation);
    if (now !== undefined) known.set(preservation, { ...now, ...changes(now) });
  };
  switch (fact.type) {
    case "SnapshotBegun": {
      const { preservation, revision } = fact;
      known.set(preservation, { preservation, revision, begunAt: at, abandoned: false, renewed: [], opened: [] });
      return;
    }
    case "SnapshotAbandoned":
      return change(fact.preservation, () => ({ abandoned: true }));
    case "SnapshotSealed":
      return change(fact.preservation, () => ({ sealed: fact, sealedAt: at }));
    case "SnapshotOpened":
      return change(fact.preservation, ({ opened }) => ({ opened: [...opened, fact] }));
    case "PreservationRenewed":
      return change(fact.preservation, ({ renewed }) => ({ renewed: [...renewed, fact] }));
    case "PreservationEnded":
      return change(fact.preservation, () => ({ ended: fact, endedAt: at }));
    case "SnapshotDestroyed":
      return change(fact.preservation, () => ({ destroyed: fact, destroyedAt: at }));
    default:
      return;
  }
}

export function livingPreservations(history: History): readonly LivingPreservation[] {
  return preservationsOf(history).filter((each): each is LivingPreservation => isSealed(each) && each.ended === undefined);
}

function isSealed(preservation: Preservation): preservation is LivingPreservation {
  return preservation.sealed !== undefined && preservation.sealedAt !== undefined;
}

/** Begun, neither sealed nor given up: somebody is at it, or a crash left it behind. */
export function unfinishedPreservations(history: History): readonly Preservation[] {
  return preservationsOf(history).filter(({ sealed, abandoned }) => sealed === undefined && !abandoned);
}

/** Ended, and its bytes and key may still be there. */
export function undestroyedPreservations(history: History): readonly LivingPreservation[] {
  return preservationsOf(history).filter((each): each is LivingPreservation => isSealed(each) && each.ended !== undefined && each.destroyed === undefined);
}

export interface KeepingClock {
  readonly running: RunningPaperClock;
  readonly lastDay: Day;
  /** The last day is over, or the duty has lapsed before it. */
  readonly isOver: boolean;
}

/**
 * The clock of the paper that a snapshot was taken for, whatever papers came after it. Undefined where the law names no
 * last day: it is kept until it is produced or counsel lets go of it.
 */
export function keepingClock(preservation: Pick<Preservation, "preservation" | "revision">, history: History, at: Circumstances): KeepingClock | undefined {
  const running = paperClocksOf(asOfItsPaper(preservation, history), at).find(({ clock }) => clock.kind === "keep");
  if (running === undefined) return undefined;
  return { running, lastDay: dayOf(running.dueAt, at.zone), isOver: at.now > running.dueAt || running.over };
}

function asOfItsPaper({ preservation, revision }: Pick<Preservation, "preservation" | "revision">, history: History): History {
  return history.filter(({ fact }) => {
    if (fact.type === "DetailsConfirmed") return fact.revision <= revision;
    if (fact.type === "PreservationRenewed") return fact.preservation === preservation;
    return fact.type !== "PreservationEnded";
  });
}
