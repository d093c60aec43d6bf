// The second opinion on what is kept: the same rules as for what leaves, so that nobody else's data is kept either.
import type { ClassOf, DataMap, Judge, KeepingScope } from "../shapes.ts";
import { judgeFor } from "./judge-record.ts";

export function judgeKeeping({ keeping, ...grounds }: { readonly keeping: KeepingScope; readonly maps: readonly DataMap[]; readonly classOf: ClassOf }): Judge {
  const { keeps, ...rest } = keeping;
  return judgeFor({ scope: { ...rest, reach: keeps }, ...grounds });
}
