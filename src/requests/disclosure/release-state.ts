// Where a disclosure stands: the plan for the signed lines, its check, its approvals, the package and its downloads.
import type { Instant } from "../../kernel/instant.ts";
import type { Vaulted } from "../../kernel/vaulted.ts";
import type { History } from "../decision.ts";
import { revisionOf } from "../intake/request-details.ts";
import { linesLeftByAuthority } from "../challenge/authority-hold.ts";
import { linesLeftByRulings } from "../challenge/pending-challenges.ts";
import { reviewOf } from "../review/review-state.ts";
import type {
  CaseClosed,
  PackageSealed,
  PlanCompiled,
  ProductionExpired,
  ProductionRecalled,
  ProductionReleased,
  RecallAnswered,
  RecordsChecked,
} from "./events.ts";

export interface Release {
  /** The plan for the newest revision; one made before the details changed no longer counts. */
  readonly plan?: PlanCompiled;
  readonly check?: RecordsChecked;
  /** The package of that plan, once it is sealed; after the release, the package that was released. */
  readonly sealed?: PackageSealed;
  /** Of that package. */
  readonly approvals: readonly Approval[];
  readonly released?: ProductionReleased;
  readonly downloads: number;
  readonly expired?: ProductionExpired;
  /** Productions that were taken back, oldest first. A new one is the next version and never takes their place. */
  readonly recalled: readonly Recalled[];
  /** Packages whose object is still stored and that nobody will get. */
  readonly toDiscard: readonly PackageSealed[];
  readonly closed?: CaseClosed;
}

interface Approval {
  readonly by: string;
  readonly at: Instant;
  readonly gives: "share" | "opening";
  readonly part: Vaulted;
}

interface Recalled {
  readonly sealed: PackageSealed;
  readonly released: ProductionReleased;
  readonly recall: ProductionRecalled;
  readonly answer?: RecallAnswered;
}

export function releaseOf(history: History): Release {
  const revision = revisionOf(history);
  let release: Release = { approvals: [], downloads: 0, recalled: [], toDiscard: [] };
  for (const recorded of history) release = evolve(release, recorded, revision);
  return release;
}

function evolve(release: Release, { fact, by, at }: History[number], revision: number): Release {
  switch (fact.type) {
    case "PlanCompiled": {
      if (fact.revision !== revision) return release;
      return { ...unchecked(release), plan: fact };
    }
    case "ReviewSigned":
    case "AuthorityAnswered":
    case "ChallengeResolved": {
      // What was planned before the lines were settled anew no longer counts.
      if (release.released !== undefined) return release;
      const { plan: _, ...rest } = unchecked(release);
      return rest;
    }
    case "RedactionsSet":
      return unchecked(release);
    case "PaperMarked":
      return unsealed(release);
    case "RecordsChecked":
      return fact.plan === release.plan?.plan ? { ...unchecked(release), check: fact } : release;
    case "PackageSealed":
      return { ...unsealed(release), sealed: fact };
    case "ReleaseApproved":
      return fact.package === release.sealed?.package
        ? { ...release, approvals: [...release.approvals, { by, at, gives: fact.gives, part: fact.part }] }
        : release;
    case "ProductionReleased": {
      const { expired: _, ...rest } = release;
      return { ...rest, released: fact, downloads: 0 };
    }
    case "ProductionDownloaded":
      return { ...release, downloads: Math.max(release.downloads, fact.nth) };
    case "ProductionExpired":
      return { ...release, expired: fact };
    case "ProductionRecalled":
      return recalled(release, fact);
    case "RecallAnswered":
      return { ...release, recalled: release.recalled.map((each) => (each.sealed.package === fact.package ? { ...each, answer: fact } : each)) };
    case "PackageDiscarded":
      return { ...release, toDiscard: release.toDiscard.filter((sealed) => sealed.package !== fact.package) };
    case "CaseClosed":
      return { ...release, toDiscard: discarded(release), closed: fact };
    default:
      return release;
  }
}

/** A check is of one plan under one set of rules. */
function unchecked(release: Release): Release {
  const { check: _, ...rest } = unsealed(release);
  return rest;
}

/** Approvals are of one sealed package; a released one stays what it is. */
function unsealed(release: Release): Release {
  const { sealed: _, ...rest } = release;
  return release.released === undefined ? { ...rest, approvals: [], toDiscard: discarded(release) } : release;
}

function discarded({ released, sealed, toDiscard }: Release): Release["toDiscard"] {
  return released !== undefined || sealed === undefined ? toDiscard : [...toDiscard, sealed];
}

/** The case stands again where it stood before anything was planned: what is produced next is planned, checked and approved anew. */
function recalled(release: Release, recall: ProductionRecalled): Release {
  const { sealed, released } = release;
  if (sealed === undefined || released === undefined) return release;
  return { approvals: [], downloads: 0, recalled: [...release.recalled, { sealed, released, recall }], toDiscard: [...release.toDiscard, sealed] };
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
  const newest = history.findLast(({ fact }) => fact.type === "ProductionReleased")?.fact;
  // A link that was renewed is no new release.
  const index = history.findIndex(({ fact }) => fact.type === "ProductionReleased" && newest?.type === "ProductionReleased" && fact.package === newest.package);
  return { then: history.slice(0, index), since: history.slice(index) };
}

/** Who approved the package of the plan in force. */
export function approvers({ plan, sealed, approvals }: Release): ReadonlySet<string> {
  return new Set(sealed === undefined || sealed.plan !== plan?.plan ? [] : approvals.map(({ by }) => by));
}
