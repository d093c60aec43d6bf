// Where a disclosure stands: the plan for the signed lines, its check, its approvals, the package and its downloads.
import type { Instant } from "../../kernel/instant.ts";
import type { History } from "../decision.ts";
import { revisionOf } from "../intake/request-details.ts";
import { linesLeftByAuthority } from "../challenge/authority-hold.ts";
import { linesLeftByRulings } from "../challenge/pending-challenges.ts";
import { reviewOf } from "../review/review-state.ts";
import type { CaseClosed, PackageSealed, PlanCompiled, ProductionExpired, ProductionReleased, RecordsChecked } from "./events.ts";

export interface Release {
  /** The plan for the newest revision; one made before the details changed no longer counts. */
  readonly plan?: PlanCompiled;
  readonly check?: RecordsChecked;
  readonly approvals: readonly { readonly by: string; readonly at: Instant }[];
  readonly sealed?: PackageSealed;
  readonly released?: ProductionReleased;
  readonly downloads: number;
  readonly expired?: ProductionExpired;
  readonly closed?: CaseClosed;
}

export function releaseOf(history: History): Release {
  const revision = revisionOf(history);
  let release: Release = { approvals: [], downloads: 0 };
  for (const recorded of history) release = evolve(release, recorded, revision);
  return release;
}

function evolve(release: Release, { fact, by, at }: History[number], revision: number): Release {
  switch (fact.type) {
    case "PlanCompiled": {
      if (fact.revision !== revision) return release;
      const { check: _, ...rest } = release;
      return { ...rest, plan: fact, approvals: [] };
    }
    case "ReviewSigned":
    case "AuthorityAnswered":
    case "ChallengeResolved": {
      // What was planned before the lines were settled anew no longer counts.
      if (release.released !== undefined) return release;
      const { plan: _, check: __, ...rest } = release;
      return { ...rest, approvals: [] };
    }
    case "RecordsChecked":
      return fact.plan === release.plan?.plan ? { ...release, check: fact, approvals: [] } : release;
    case "ReleaseApproved":
      return fact.plan === release.plan?.plan ? { ...release, approvals: [...release.approvals, { by, at }] } : release;
    case "PackageSealed":
      return { ...release, sealed: fact };
    case "ProductionReleased":
      return { ...release, released: fact };
    case "ProductionDownloaded":
      return { ...release, downloads: Math.max(release.downloads, fact.nth) };
    case "ProductionExpired":
      return { ...release, expired: fact };
    case "CaseClosed":
      return { ...release, closed: fact };
    default:
      return release;
  }
}

/** Lines that may leave: signed as allowed in the newest review, and left standing by every ruling. */
export function linesToProduce(history: History): readonly string[] {
  const signed = reviewOf(history).signed;
  const allowed = (signed?.lines ?? []).filter(({ decision }) => decision === "allow").map(({ line }) => line);
  return leftStanding(allowed, history);
}

/** Of these lines, those that no ruling and no authority has struck. */
export function leftStanding(among: readonly string[], history: History): readonly string[] {
  return [linesLeftByRulings(history), linesLeftByAuthority(history)].reduce(
    (lines, left) => (left === undefined ? lines : lines.filter((line) => left.has(line))),
    among,
  );
}

/** A released case, parted where its production was released: details and lines as they were then, and what has come to light since. */
export function aroundRelease(history: History): { readonly then: History; readonly since: History } {
  const index = history.findIndex(({ fact }) => fact.type === "ProductionReleased");
  return { then: history.slice(0, index), since: history.slice(index) };
}

export function approvers(release: Release): ReadonlySet<string> {
  return new Set(release.approvals.map(({ by }) => by));
}
