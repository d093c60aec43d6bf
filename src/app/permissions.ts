// Who may ask for which step: denied unless the step names the asker.
import type { Reason } from "../kernel/outcome.ts";
import type { Asker, Decision } from "../requests/decision.ts";
import type { StaffRole } from "../requests/directory/events.ts";

export function mayAsk(step: Pick<Decision, "askers" | "label">, { askers }: { readonly askers: readonly Asker[] }): readonly Reason[] {
  if (step.askers.some((asker) => askers.includes(asker))) return [];
  return [{ clause: "KDRP-4", code: "NOT_YOURS_TO_TAKE", because: `“${step.label}” is a step for ${step.askers.join(" or ")}. Ask a person with that role.` }];
}

/** Which askers a member of staff may be. An auditor may ask for nothing: auditors only read. */
export function askersOf(roles: readonly StaffRole[]): readonly Asker[] {
  return roles.flatMap((role): readonly Asker[] => (role === "analyst" || role === "counsel" || role === "approver" ? [role] : []));
}
