// Long work that a person started: a page that shows how far it is, and a button that ends it.
import { findWork, startWork, type LongWork, type WorkKind } from "../../app/long-work.ts";
import type { Watch } from "../../app/watched-work.ts";
import { Button, SummaryList } from "../look/forms.tsx";
import type { WebContext } from "../web.tsx";
import { deskFrame } from "./desk-frame.tsx";
import { caseTitle, type OpenCase } from "./open-case.ts";

/** Work that ends so soon needs no page of its own. */
const quickMs = 2000;
const refreshSeconds = 2;

/** Starts the work, or finds it under way; false when it takes longer than a page may wait. */
export async function startAndWait(c: WebContext, { view }: OpenCase, kind: WorkKind, run: (watch: Watch) => Promise<unknown>): Promise<boolean> {
  const work = await startWork({ desk: c.get("desk"), caseId: view.caseId, kind }, run);
  return work.endsWithin(quickMs);
}

export function workHref({ view }: Pick<OpenCase, "view">, kind: WorkKind): string {
  return `/desk/case/${view.caseId}/work/${kind}`;
}

export function workUnderWay(c: WebContext, { view }: OpenCase, kind: WorkKind): LongWork | undefined {
  return findWork({ desk: c.get("desk"), caseId: view.caseId, kind });
}

const words = {
  check: {
    heading: "Compiling and checking",
    stopped: "The check ends between two records. Nothing has left; the plan can be checked again.",
    running: "Every record is read and judged by a second implementation. Nothing leaves.",
  },
  seal: {
    heading: "Packing and sealing",
    stopped: "The packing ends between two records. Nothing has left; what is sealed so far is kept, and “Pack and seal” goes on from there.",
    running: "Every record is read, judged again, packed and encrypted. Nothing leaves: two approvers are needed to open the package.",
  },
} as const satisfies Readonly<Record<WorkKind, object>>;

export function progressFrame(c: WebContext, opened: OpenCase, kind: WorkKind, work: LongWork) {
  const { view } = opened;
  const { records, bytes } = work.progress();
  const { heading, running, stopped } = words[kind];
  c.header("Refresh", String(refreshSeconds));
  return deskFrame(c, {
    title: caseTitle(view, `${heading}:`),
    heading,
    children: (
      <>
        <p>{work.isStopping() ? stopped : `${running} You may leave this page: the work goes on, and this page shows how far it is.`}</p>
        <SummaryList
          answers={[
            { label: "Records so far", value: soFar(records, view.release.expected) },
            ...(kind === "seal" ? [{ label: "Sealed so far", value: `${(bytes / 1e6).toLocaleString("en", { maximumFractionDigits: 1 })} MB` }] : []),
          ]}
        />
        {work.isStopping() ? (
          <></>
        ) : (
          <form method="post" action={`${workHref(opened, kind)}/stop`}>
            <div class="actions">
              <Button label="Stop" kind="secondary" />
            </div>
          </form>
        )}
        <p>
          <a href={`/desk/case/${view.caseId}`}>Back to case {view.caseId}</a>
        </p>
      </>
    ),
  });
}

/** The count was made with the plan: it is not there before, and a source may have more by now. */
export function soFar(records: number, expected: number): string {
  const count = records.toLocaleString("en");
  return expected === 0 || expected < records ? count : `${count} of about ${expected.toLocaleString("en")}`;
}
