// The steps of a packing that may be cut off: begin it on record, and give it up on record.
import { z } from "zod";
import type { Reason } from "../../kernel/outcome.ts";
import { accept, unless } from "../../kernel/outcome.ts";
import { cite } from "../../policy/policy-in-force.ts";
import type { Circumstances, History } from "../decision.ts";
import { decision } from "../decision.ts";
import { revisionOf } from "../intake/request-details.ts";
import { unfinishedPacking } from "./packing-state.ts";
import { releaseOf } from "./release-state.ts";
import { sealPackage } from "./release-steps.ts";

export const beginPacking = decision({
  name: "BeginPacking",
  label: "Begin to pack",
  askers: ["desk"],
  schema: z.strictObject({ type: z.literal("BeginPacking") }),
  against: (history, at) => [...sealPackage.against(history, at), ...secondReasons(history, at)],
  decide: (_command, history, at) => {
    const { plan } = releaseOf(history);
    if (plan === undefined) throw new Error("a packing was begun without a plan");
    return accept({ type: "PackingBegun", packing: at.fresh, revision: revisionOf(history), plan: plan.plan });
  },
});

function secondReasons(history: History, at: Circumstances): readonly Reason[] {
  if (unfinishedPacking(history) === undefined) return [];
  return [
    {
      clause: cite(at.policy, "IGRP-9", "KDRP-5"),
      code: "PACKING_UNFINISHED",
      because: "This production is being packed, or was cut off while it was. It goes on or is given up before another begins.",
    },
  ];
}

export const abandonPacking = decision({
  name: "AbandonPacking",
  label: "Give up half a package",
  askers: ["desk"],
  schema: z.strictObject({
    type: z.literal("AbandonPacking"),
    packing: z.string().max(100),
    ground: z.enum(["changed", "outside", "failed", "ended", "stopped"]),
  }),
  against: (history, at) => (unfinishedPacking(history) === undefined ? [notUnfinished(at)] : []),
  decide: ({ packing, ground }, history, at) =>
    unless(unfinishedPacking(history)?.packing === packing ? [] : [notUnfinished(at)], () => [{ type: "PackingAbandoned", packing, ground }]),
});

function notUnfinished(at: Circumstances): Reason {
  return { clause: cite(at.policy, "IGRP-9", "KDRP-5"), code: "NO_PACKING", because: "No packing of this production is unfinished." };
}
