// The steps of redaction: set the rules, mark a paper, approve its pages, let files leave unread.
import { z } from "zod";
import type { Reason } from "../../kernel/outcome.ts";
import { accept, refuse } from "../../kernel/outcome.ts";
import { cite } from "../../policy/policy-in-force.ts";
import type { Circumstances, History } from "../decision.ts";
import { decision, evidenceOf } from "../decision.ts";
import { releaseOf } from "../disclosure/release-state.ts";
import { noticeOf, secrecyReasons } from "../notice/notice-state.ts";
import { reasonsUnlessOpen } from "../open-case.ts";
import { unreadKinds } from "./events.ts";
import { everyPageApproved, hasSeen, looksInside, redactionOf, unreadFiles, untouched } from "./redaction-state.ts";

const count = z.int().min(0).max(10_000);
const name = z.string().min(20).max(100);
const reasons = z.record(z.string().max(40), count);

export const setRedactions = decision({
  name: "SetRedactions",
  label: "Set what is redacted",
  askers: ["desk"],
  schema: z.strictObject({
    type: z.literal("SetRedactions"),
    rules: name,
    fields: count,
    texts: count,
    people: count,
    customer: count.exactOptional(),
    reasons,
    /** The rules that these replace; absent when there were none. */
    before: name.optional(),
    private: z.looseObject({}),
  }),
  against: reasonsIfGone,
  decide: ({ type: _, before, ...set }, history, at) =>
    redactionOf(history).rules?.rules === before
      ? accept({ type: "RedactionsSet", ...set, sealed: evidenceOf(at) })
      : refuse(reason(at, "RULES_CHANGED", "Somebody else has changed the rules since you opened this page. Look at them and do it again.")),
});

export const markPaper = decision({
  name: "MarkPaper",
  label: "Mark regions of a paper",
  askers: ["desk"],
  schema: z.strictObject({ type: z.literal("MarkPaper"), paper: name, regions: count, customer: count.exactOptional(), reasons, private: z.looseObject({}) }),
  against: (history, at) => [...reasonsIfGone(history, at), ...reasonsUnchecked(history, at)],
  decide: ({ type: _, ...marks }, history, at) =>
    isChecked(history, marks.paper) || (marks.regions + (marks.customer ?? 0) === 0 && redactionOf(history).papers.has(marks.paper))
      ? accept({ type: "PaperMarked", ...marks, sealed: evidenceOf(at) })
      : refuse(noSuchPaper(at)),
});

export const approvePages = decision({
  name: "ApprovePages",
  label: "Approve pages of a redacted paper",
  askers: ["desk"],
  schema: z.strictObject({
    type: z.literal("ApprovePages"),
    paper: name,
    view: name,
    /** Absent: the officer's copy. */
    audience: z.literal("customer").exactOptional(),
    /** Rules under which the pages were seen; absent where there are none. */
    rules: name.optional(),
    pages: z.array(z.int().min(1).max(10_000)).min(1).max(10_000),
    of: z.int().min(1).max(10_000),
  }),
  against: (history, at) => [...reasonsIfGone(history, at), ...reasonsUnchecked(history, at)],
  decide: ({ type: _, rules, ...seen }, history, at) => {
    if (!isChecked(history, seen.paper)) return refuse(noSuchPaper(at));
    if (rules !== redactionOf(history).rules?.rules || seen.pages.some((page) => page > seen.of))
      return refuse(reason(at, "OTHER_VIEW", "What is taken out of this paper has changed since you looked at it. Look at the page again."));
    return accept({ type: "PagesApproved", ...seen });
  },
});

export const giveCustomerCopy = decision({
  name: "GiveCustomerCopy",
  label: "Give the customer a copy of a paper",
  askers: ["desk"],
  schema: z.strictObject({
    type: z.literal("GiveCustomerCopy"),
    paper: name,
    view: name,
    workspace: z.string().min(1).max(200),
    object: z.string().min(1).max(100),
    pages: z.int().min(1).max(10_000),
    redactions: reasons,
  }),
  against: (history, at) => [...reasonsIfGone(history, at), ...reasonsUnchecked(history, at), ...secrecyReasons(history, at)],
  decide: ({ type: _, ...copy }, history, at) => {
    if (!isChecked(history, copy.paper)) return refuse(noSuchPaper(at));
    const seen = (redactionOf(history).papers.get(copy.paper) ?? untouched).customer;
    if (seen.view !== copy.view || !everyPageApproved(seen))
      return refuse(reason(at, "PAGES_NOT_APPROVED", "Not every page of the customer's copy was approved as it is covered now. Look through them first."));
    if (!noticeOf(history).given.has(copy.workspace))
      return refuse({
        clause: cite(at.policy, "IGRP-1", "KDRP-13"),
        code: "NOT_TOLD_YET",
        because: "The workspace whose paper this is has not had its notice. Send the notice first: the copy is read beside it.",
      });
    return accept({ type: "CustomerCopyGiven", ...copy });
  },
});

export const seeOriginals = decision({
  name: "SeeOriginals",
  label: "Look at originals",
  askers: ["desk"],
  schema: z.strictObject({ type: z.literal("SeeOriginals"), paper: name.optional() }),
  against: reasonsIfGone,
  decide: ({ paper }, history, at) => {
    if (hasSeen(history, at.by, paper))
      return refuse(
        reason(at, "ON_RECORD_ALREADY", "It is on record that you have seen these originals since the newest check. Nothing needs to be written again."),
      );
    if (paper === undefined) return accept({ type: "OriginalsSeen" });
    return isChecked(history, paper) ? accept({ type: "OriginalsSeen", paper }) : refuse(noSuchPaper(at));
  },
});

export const allowFiles = decision({
  name: "AllowFiles",
  label: "Let files leave unredacted",
  askers: ["counsel"],
  schema: z.strictObject({
    type: z.literal("AllowFiles"),
    kinds: z.array(z.enum(unreadKinds)).min(1).max(unreadKinds.length),
    /** How many files of these kinds counsel decides on. */
    files: z.coerce.number().pipe(z.int().min(1).max(1_000_000_000)),
    private: z.strictObject({ reason: z.string().min(10).max(5000) }),
  }),
  against: (history, at) => [
    ...reasonsIfGone(history, at),
    ...(looksInside(redactionOf(history))
      ? []
      : [reason(at, "NOTHING_LOOKED_FOR", "No word, form or person is taken out of text, so no file needs this. Set what is redacted first.")]),
    ...reasonsUnchecked(history, at),
  ],
  decide: ({ kinds, files: decidedOn }, history, at) => {
    const { rules } = redactionOf(history);
    const { check } = releaseOf(history);
    if (rules === undefined || check === undefined) throw new Error("files were allowed under no rules or without a check");
    const unread = unreadFiles(check);
    const files = Object.fromEntries(kinds.flatMap((kind) => ((unread[kind] ?? 0) === 0 ? [] : [[kind, unread[kind]]])));
    const count = Object.values(files).reduce((sum: number, each) => sum + (each ?? 0), 0);
    if (count === 0) return refuse(reason(at, "NO_SUCH_FILES", "The check found no file of these kinds. Choose a kind that it found."));
    if (count === decidedOn) return accept({ type: "FilesAllowed", rules: rules.rules, files, reason: evidenceOf(at) });
    const found = `The newest check found ${count.toLocaleString("en")} files of these kinds.`;
    return refuse(reason(at, "OTHER_COUNT", `${found} Say how many you decide on: what comes later is not allowed with them.`));
  },
});

function reasonsIfGone(history: History, at: Circumstances): readonly Reason[] {
  const isGone = releaseOf(history).released !== undefined;
  const gone = {
    clause: cite(at.policy, "KDRP-5", "IGRP-9"),
    code: "ALREADY_RELEASED",
    because: "The production has been released. It is never replaced silently.",
  };
  return [...reasonsUnlessOpen(history), ...(isGone ? [gone] : [])];
}

function reasonsUnchecked(history: History, at: Circumstances): readonly Reason[] {
  if (releaseOf(history).check !== undefined) return [];
  return [
    {
      clause: cite(at.policy, "IGRP-9", "KDRP-4"),
      code: "NOT_CHECKED",
      because: "Which papers the production holds is known after its check. Compile and check the plan first.",
    },
  ];
}

function isChecked(history: History, paper: string): boolean {
  return releaseOf(history).check?.papers?.includes(paper) === true;
}

/** Every reason of redaction rests on the minimum, and differs in its words alone. */
function reason(at: Circumstances, code: string, because: string): Reason {
  return { clause: cite(at.policy, "IGRP-9", "KDRP-5"), code, because };
}

function noSuchPaper(at: Circumstances): Reason {
  return reason(at, "NO_SUCH_PAPER", "The production that was checked holds no such PDF. Open the list again.");
}
