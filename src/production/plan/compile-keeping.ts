// Turns what may be kept into bounded reads, by the same rules as a production: no other row, no other column, nothing after the day of service.
import type { Reason } from "../../kernel/outcome.ts";
import type { ClassOf, DataMap, KeepingPlan, KeepingScope } from "../shapes.ts";
import { compileScope } from "./compile-scope.ts";

export interface KeepingRequest {
  readonly keeping: KeepingScope;
  readonly maps: readonly DataMap[];
  readonly classOf: ClassOf;
}

export type CompiledKeeping =
  | { readonly kind: "planned"; readonly plan: KeepingPlan }
  | { readonly kind: "refused"; readonly reasons: readonly [Reason, ...Reason[]] };

export function compileKeeping({ keeping, maps, classOf }: KeepingRequest): CompiledKeeping {
  const { keeps, ...rest } = keeping;
  const compiled = compileScope({ scope: { ...rest, reach: keeps }, maps, classOf });
  if (compiled.kind === "refused") return compiled;
  const { reads, nothingHeld } = compiled.plan;
  return { kind: "planned", plan: { keeping, reads, nothingHeld } };
}
