// Which fact owes a letter, of which kind and to whom: one table, so that no step forgets to write.
import type { CaseFact } from "../case-facts.ts";
import type { OwedKind } from "./letter-matter.ts";

export interface OwedLetter {
  readonly kind: OwedKind;
  readonly to: "agency" | "owner";
  readonly workspace?: string;
  /** The id the fact gave it; otherwise the desk draws one. */
  readonly letter?: string;
}

export function owedLetter(fact: CaseFact): OwedLetter | undefined {
  switch (fact.type) {
    case "RequestAcknowledged":
      return { kind: "acknowledgement", to: "agency" };
    case "MissingContentsAsked":
      return { kind: "missing-contents", to: "agency" };
    case "ClarificationAsked":
      return fact.points.length === 0 ? undefined : { kind: "clarification", to: "agency" };
    case "ReferralMade":
      return { kind: "referral", to: "agency" };
    case "RequestRejected":
      return { kind: "rejection", to: "agency" };
    case "GagWishNoted":
      return { kind: "gag-wish-answer", to: "agency" };
    case "NoticeGiven":
      return { kind: fact.late ? "late-notice" : "owner-notice", to: "owner", workspace: fact.workspace, letter: fact.letter };
    case "ReviewSigned":
      return fact.lines.some(({ decision }) => decision === "deny") ? { kind: "verdict", to: "agency" } : undefined;
    case "ProductionReleased":
      return { kind: "production-ready", to: "agency" };
    default:
      return undefined;
  }
}
