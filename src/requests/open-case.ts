// Whether a case can still move: the first question of every step.
import type { Reason } from "../kernel/outcome.ts";
import type { History } from "./decision.ts";

export type Standing = "unknown" | "open" | "set-aside" | "withdrawn" | "closed";

export function standing(history: History): Standing {
  let now: Standing = "unknown";
  for (const { fact } of history) {
    if (fact.type === "RequestReceived") now = "open";
    if (fact.type === "SetAside") now = "set-aside";
    if (fact.type === "DetailsConfirmed" && now === "set-aside") now = "open";
    if (fact.type === "RequestWithdrawn") now = "withdrawn";
    if (fact.type === "CaseClosed") now = "closed";
    // What was taken back is answered anew or closed anew.
    if (fact.type === "ProductionRecalled" && now === "closed") now = "open";
  }
  return now;
}

const words: Record<Exclude<Standing, "open">, string> = {
  unknown: "There is no such case. Check the case number.",
  "set-aside": "The message was set aside because it is no request. Confirm its details to open it as one.",
  withdrawn: "The agency has withdrawn the request. A new request opens a new case.",
  closed: "The case is closed. A new request opens a new case.",
};

export function reasonsUnlessOpen(history: History): readonly Reason[] {
  const now = standing(history);
  return now === "open" ? [] : [{ clause: "KDRP-1", code: "CASE_NOT_OPEN", because: words[now] }];
}

/** What was handed over cannot be taken back by a later word: such a case ends as produced. */
export function reasonsIfReleased(history: History): readonly Reason[] {
  const last = history.findLast(({ fact }) => fact.type === "ProductionReleased" || fact.type === "ProductionRecalled")?.fact;
  const hasLeft = last?.type === "ProductionReleased" || (last?.type === "ProductionRecalled" && last.downloads > 0);
  return hasLeft ? [{ clause: "KDRP-14", code: "ALREADY_RELEASED", because: "The data has been released. The case ends as produced; it can be closed." }] : [];
}
