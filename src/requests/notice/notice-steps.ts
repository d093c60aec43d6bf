// The steps of telling the customer: give notice, withhold it on a lawful ground, make it fall due, hear the owner.
import { z } from "zod";
import { addDays, day, type Day, type Instant } from "../../kernel/instant.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { accept, refuse } from "../../kernel/outcome.ts";
import { cite } from "../../policy/policy-in-force.ts";
import { dueBy } from "../../policy/deadline-rule.ts";
import type { CaseFact } from "../case-facts.ts";
import type { Circumstances, History } from "../decision.ts";
import { decision, evidenceOf } from "../decision.ts";
import { calendarOf } from "../deadlines/paper-clocks.ts";
import { bindingGags, binds, gagsOf } from "../gag/open-gags.ts";
import { intakeOf, revisionOf } from "../intake/request-details.ts";
import type { WithholdingGround } from "./events.ts";
import { reasonsUnlessOpen, standing } from "../open-case.ts";
import { affectedWorkspaces, noticeOf, secrecyReasons, silenceHolds, untoldWorkspaces } from "./notice-state.ts";

const dayText = z.iso.date().transform((text): Day => day(text));

export const giveNotice = decision({
  name: "GiveNotice",
  label: "Send notice",
  askers: ["analyst", "counsel", "desk"],
  schema: z.strictObject({
    type: z.literal("GiveNotice"),
    workspace: z.string().max(300),
    /** Keyed digest of the token in the owner's link. */
    link: z.string().max(100),
  }),
  against: (history, at) => {
    const reasons: Reason[] = standing(history) === "closed" && noticeOf(history).lateDue !== undefined ? [] : [...reasonsUnlessOpen(history)];
    if (intakeOf(history).details === undefined)
      reasons.push({ clause: "KDRP-13", code: "DETAILS_NOT_CONFIRMED", because: "Confirm the details first: the notice says what was asked for." });
    else if (affectedWorkspaces(history).length === 0)
      reasons.push({ clause: "KDRP-13", code: "NO_WORKSPACE", because: "No workspace has been identified, so there is no owner to tell." });
    else if (untoldWorkspaces(history).length === 0) reasons.push(told(at));
    return [...reasons, ...secrecyReasons(history, at)];
  },
  decide: ({ workspace, link }, history, at) => {
    if (!affectedWorkspaces(history).includes(workspace))
      return refuse({
        clause: cite(at.policy, "KDRP-13", "IGRP-1"),
        code: "NOT_AFFECTED",
        because: "The request does not concern this workspace. Its owner is told nothing.",
      });
    if (!untoldWorkspaces(history).includes(workspace)) return refuse(told(at));
    return accept<CaseFact>({
      type: "NoticeGiven",
      workspace,
      revision: revisionOf(history),
      letter: at.fresh,
      noticeDays: at.policy.settings.noticeDays,
      late: noticeOf(history).lateDue !== undefined,
      link,
    });
  },
});

function told(at: Circumstances): Reason {
  return { clause: cite(at.policy, "KDRP-13", "IGRP-1"), code: "NOTICE_GIVEN", because: "The customer has been told of this request." };
}

function reasonsIfTold(history: History, at: Circumstances): readonly Reason[] {
  const told = affectedWorkspaces(history).length > 0 && untoldWorkspaces(history).length === 0;
  return told
    ? [{ clause: cite(at.policy, "KDRP-13", "IGRP-1"), code: "NOTICE_GIVEN", because: "The customer has been told; there is nothing left to withhold." }]
    : [];
}

export const withholdForGag = decision({
  name: "WithholdForGag",
  label: "Withhold notice: secrecy order",
  askers: ["analyst", "counsel"],
  schema: z.strictObject({ type: z.literal("WithholdForGag"), gag: z.string() }),
  against: (history, at) => [
    ...reasonsUnlessOpen(history),
    ...reasonsIfTold(history, at),
    ...(bindingGags(history, at.today).length > 0
      ? []
      : [
          {
            clause: cite(at.policy, "IGRP-1", "KDRP-13"),
            code: "NO_LEGAL_GAG",
            because: "No secrecy order binds today. A wish for silence is not an order; record the instrument, or tell the customer.",
          },
        ]),
  ],
  decide: ({ gag }, history, at) =>
    bindingGags(history, at.today).some((binding) => binding.gag === gag)
      ? accept<CaseFact>({ type: "NoticeWithheld", ground: "gag", gag })
      : refuse({ clause: "V18", code: "NO_OPEN_GAG", because: "This secrecy order does not bind today." }),
});

export const proposeWithholding = decision({
  name: "ProposeWithholding",
  label: "Propose to withhold notice",
  askers: ["analyst", "counsel"],
  schema: z.strictObject({
    type: z.literal("ProposeWithholding"),
    ground: z.enum(["illegal-conduct", "risk-of-harm"]),
    /** No ground without a day on which it is looked at again. */
    reviewOn: dayText,
    private: z.strictObject({ why: z.string().min(1).max(10_000) }),
  }),
  against: (history, at) => [...reasonsUnlessOpen(history), ...reasonsIfTold(history, at)],
  decide: ({ ground, reviewOn }, _history, at) => {
    if (!at.policy.settings.noticeExceptions.includes(ground))
      return refuse({
        clause: cite(at.policy, "IGRP-1"),
        code: "GROUND_NOT_IN_POLICY",
        because: "The policy in force knows no such ground: only an explicit legal prohibition holds the notice back.",
      });
    if (reviewOn <= at.today || reviewOn > addDays(at.today, 90))
      return refuse({ clause: "KDRP-13", code: "REVIEW_DAY", because: "The ground must be looked at again on a day within the next 90 days." });
    return accept({ type: "WithholdingProposed", ground, reviewOn, why: evidenceOf(at) });
  },
});

export const approveWithholding = decision({
  name: "ApproveWithholding",
  label: "Approve withholding",
  askers: ["approver", "counsel"],
  schema: z.strictObject({ type: z.literal("ApproveWithholding") }),
  against: (history, at) => {
    const { proposed } = noticeOf(history);
    const reasons: Reason[] = [...reasonsUnlessOpen(history), ...reasonsIfTold(history, at)];
    if (proposed === undefined) reasons.push({ clause: "KDRP-13", code: "NOTHING_PROPOSED", because: "Nobody has proposed to withhold the notice." });
    else if (proposed.by === at.by)
      reasons.push({ clause: "KDRP-13", code: "SECOND_PERSON", because: "A second person must approve: the one who proposed it cannot." });
    else if (proposed.fact.reviewOn < at.today)
      reasons.push({
        clause: "KDRP-13",
        code: "REVIEW_DAY",
        because: "The day on which the ground was to be looked at again has passed. Look at it now and propose it anew.",
      });
    return reasons;
  },
  decide: (_command, history) => {
    const proposed = noticeOf(history).proposed?.fact;
    if (proposed === undefined) throw new Error("a withholding was approved that nobody proposed");
    return accept({ type: "NoticeWithheld", ground: proposed.ground, reviewOn: proposed.reviewOn });
  },
});

/** Asked by the clock, or by the reaction to an ended order: the notice falls due by itself. */
export const makeLateNoticeDue = decision({
  name: "MakeLateNoticeDue",
  label: "Make the late notice due",
  askers: ["desk"],
  schema: z.strictObject({ type: z.literal("MakeLateNoticeDue") }),
  against: (history, at) => {
    const { lateDue } = noticeOf(history);
    const owed =
      lateDue === undefined &&
      untoldWorkspaces(history).length > 0 &&
      lostGround(history, at) !== undefined &&
      !silenceHolds(history, at) &&
      bindingGags(history, at.today).length === 0;
    return owed ? [] : [{ clause: cite(at.policy, "IGRP-1", "KDRP-13"), code: "NO_NOTICE_OWED", because: "No withheld notice has lost its ground." }];
  },
  decide: (_command, history, at) => {
    const lost = lostGround(history, at);
    if (lost === undefined) throw new Error("a late notice fell due that nothing had held back");
    const { dueAt, derivation } = lateNoticeClock(lost.endedOn, history, at);
    return accept({ type: "LateNoticeFellDue", ground: lost.ground, dueAt, derivation });
  },
});

/** What held the notice back and no longer does, with the last day it did: the ground on record, or an order that ended. */
function lostGround(history: History, at: Circumstances): { readonly ground: WithholdingGround; readonly endedOn: Day } | undefined {
  const { withheld } = noticeOf(history);
  if (withheld !== undefined && withheld.ground !== "gag") return { ground: withheld.ground, endedOn: withheld.reviewOn ?? at.today };
  const past = gagsOf(history)
    .filter((gag) => !binds(gag, at.today) && gag.start <= at.today && (withheld?.gag === undefined || withheld.gag === gag.gag))
    .at(-1);
  const endedOn = past?.endedOn ?? past?.end ?? (withheld === undefined ? undefined : at.today);
  return endedOn === undefined ? undefined : { ground: "gag", endedOn };
}

function lateNoticeClock(endedOn: Day, history: History, at: Circumstances): { readonly dueAt: Instant; readonly derivation: string } {
  const rule = { n: at.policy.settings.lateNoticeBusinessDays, unit: "business-days", clause: cite(at.policy, "IGRP-1", "KDRP-13") } as const;
  const { due, derivation } = dueBy(rule, { event: "ground for silence held to the end of", on: endedOn }, calendarOf(history, at));
  return { dueAt: due, derivation };
}

export const ownerObjects = decision({
  name: "OwnerObjects",
  label: "We object",
  askers: ["owner", "counsel"],
  schema: z.strictObject({ type: z.literal("OwnerObjects"), private: z.strictObject({ text: z.string().max(20_000) }) }),
  against: (history, at) => [...reasonsUnlessOpen(history), ...reasonsIfNotTold(history, at), ...reasonsIfReleased(history)],
  decide: (_command, _history, at) =>
    accept({ type: "OwnerObjected", objection: evidenceOf(at) }, { type: "ChallengeOpened", challenge: at.fresh, brought: "owner", grounds: evidenceOf(at) }),
});

export const ownerAnswersItself = decision({
  name: "OwnerAnswersItself",
  label: "We will answer ourselves",
  askers: ["owner", "counsel"],
  schema: z.strictObject({ type: z.literal("OwnerAnswersItself") }),
  against: (history, at) => [...reasonsUnlessOpen(history), ...reasonsIfNotTold(history, at), ...reasonsIfReleased(history)],
  decide: () => accept({ type: "OwnerWillAnswer" }),
});

function reasonsIfNotTold(history: History, at: Circumstances): readonly Reason[] {
  return !history.some(({ fact }) => fact.type === "NoticeGiven")
    ? [{ clause: cite(at.policy, "KDRP-13", "IGRP-1"), code: "NOT_TOLD_YET", because: "The customer has not been told of this request." }]
    : [];
}

function reasonsIfReleased(history: History): readonly Reason[] {
  return history.some(({ fact }) => fact.type === "ProductionReleased")
    ? [{ clause: "KDRP-13", code: "ALREADY_RELEASED", because: "The data has left. An objection can no longer hold it back; counsel will answer yours." }]
    : [];
}
