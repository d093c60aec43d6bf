// What one owner may see of a case: the lines of their own workspace, and the paper only when it speaks of nobody else's.
import type { CaseView, LineView } from "../../app/case-view.ts";
import type { CustomerCopy } from "../../app/portal.ts";
import type { Instant } from "../../kernel/instant.ts";

export interface OwnView {
  readonly lines: readonly LineView[];
  /** Texts of the request; none when the case touches another customer, or may. */
  readonly texts: readonly { readonly id: string; readonly text: string }[];
  /** Copies of papers that this owner was given. */
  readonly copies: readonly CustomerCopy[];
  /** What this owner has answered, newest first. */
  readonly answers: readonly { readonly kind: "objected" | "answers-itself"; readonly at: Instant }[];
}

export function ownView(view: CaseView, workspace: string, actor: string, copies: readonly CustomerCopy[]): OwnView {
  const subjects = view.confirmed?.subjects ?? [];
  const own = new Set(subjects.filter((subject) => subject.workspace === workspace).map(({ id }) => id));
  const lineIds = new Set((view.confirmed?.lines ?? []).filter(({ subject }) => own.has(subject)).map(({ id }) => id));
  // An account that nobody could place may be another customer's.
  const isAlone = subjects.length > 0 && own.size === subjects.length;
  return {
    lines: view.lines.filter(({ id }) => lineIds.has(id)),
    texts: isAlone ? (view.message?.sources ?? []) : [],
    copies,
    answers: view.timeline.toReversed().flatMap(({ type, at, by }): OwnView["answers"][number][] => {
      if (by !== actor) return [];
      if (type === "OwnerObjected") return [{ kind: "objected", at }];
      return type === "OwnerWillAnswer" ? [{ kind: "answers-itself", at }] : [];
    }),
  };
}
