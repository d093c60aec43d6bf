// Data kept for an agency: what is kept until when, what became of it, and the button that takes the snapshot.
import { certificateOfDestruction, takeSnapshot } from "../../app/preserve.ts";
import type { CaseView } from "../../app/case-view.ts";
import type { Desk } from "../../app/desk.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { Button, SummaryList } from "../look/forms.tsx";
import { Copyable } from "../look/records.tsx";
import { Day, Moment } from "../look/moment.tsx";
import { StateTag } from "../look/state-tag.tsx";
import { Refusal, type WebContext } from "../web.tsx";
import { deskFrame, noSuchCase } from "./desk-frame.tsx";
import { caseTitle, openCase, type OpenCase } from "./open-case.ts";

type Kept = CaseView["preservations"][number];

export function Keeping({ view, desk }: { readonly view: CaseView; readonly desk: Desk }) {
  if (view.preservations.length === 0) return <></>;
  return (
    <>
      <h2 id="kept">Kept for the agency</h2>
      {view.preservations.map((kept) => (
        <OneSnapshot kept={kept} caseId={view.caseId} desk={desk} />
      ))}
    </>
  );
}

const endWords: Readonly<Record<NonNullable<Kept["ended"]>, string>> = {
  expired: "Its last day has passed",
  released: "Counsel let it go",
  "process-followed": "A compulsory paper came and was answered from it",
};

function OneSnapshot({ kept, caseId, desk }: { readonly kept: Kept; readonly caseId: string; readonly desk: Desk }) {
  const records = Object.values(kept.records).reduce((sum, count) => sum + count, 0);
  return (
    <section aria-label={`Snapshot ${kept.sha256.slice(0, 8)}`}>
      <h3>
        {"Sealed snapshot "}
        <StateTag
          state={kept.ended === undefined ? "held" : "kept"}
          word={kept.ended === undefined ? "Kept" : kept.destroyedAt === undefined ? "Ended" : "Destroyed"}
        />
      </h3>
      <SummaryList
        answers={[
          { label: "Sealed", value: <Moment at={kept.sealedAt} zone={desk.zone} /> },
          { label: "Records in it", value: records.toLocaleString("en") },
          { label: "Last day", value: kept.lastDay === undefined ? "None: it ends with the answer, or when counsel lets it go" : <Day day={kept.lastDay} /> },
          ...(kept.derivation === undefined ? [] : [{ label: "Counted so", value: kept.derivation }]),
          ...(kept.waitsFor.length === 0 ? [] : [{ label: "Waits for", value: <WaitsFor cases={kept.waitsFor} /> }]),
          ...(kept.ended === undefined ? [] : [{ label: "Ended", value: endWords[kept.ended] }]),
          { label: "Digest", value: <Copyable id={`kept-${kept.preservation}`} label="Digest of the snapshot" value={kept.sha256} /> },
          ...(kept.destroyedAt === undefined
            ? []
            : [{ label: "Proof of destruction", value: <a href={`/desk/case/${caseId}/kept/${kept.preservation}`}>Certificate</a> }]),
        ]}
      />
    </section>
  );
}

/** Numbers only: a case that waits may be sealed. */
function WaitsFor({ cases }: { readonly cases: readonly string[] }) {
  return (
    <span>
      {cases.map((caseId, index) => (
        <>
          {index === 0 ? "Case " : ", case "}
          <a href={`/desk/case/${caseId}`}>{caseId}</a>
        </>
      ))}
      : its paper compels production. Until that case has ended the copy is kept, also after its last day.
    </span>
  );
}

/** Nothing leaves: what the lines name is read, judged by the checker, and sealed where nobody reads it. */
export async function keepPage(c: WebContext) {
  const opened = await openCase(c);
  return opened === undefined || opened.askers.length === 0 ? noSuchCase(c) : keepFrame(c, opened, []);
}

function keepFrame(c: WebContext, { view, keep }: OpenCase, refused: readonly Reason[]) {
  const { register } = c.get("web");
  const reasons = refused.length > 0 ? refused : keep.against;
  return deskFrame(
    c,
    {
      title: caseTitle(view, "Keep data for"),
      heading: "Keep what the paper names",
      ...(reasons.length === 0 ? {} : { alert: <Refusal reasons={reasons} register={register} /> }),
      children: (
        <>
          <p>
            <a href={`/desk/case/${view.caseId}`}>Back to case {view.caseId}</a>
          </p>
          {reasons.length === 0 ? (
            <form method="post">
              <p>
                The desk reads what the confirmed lines name, lets the checker judge every record, and seals the copy under a key of its own. Nobody sees it and
                nothing leaves. It is produced only if a compulsory paper follows, and destroyed on its last day.
              </p>
              <div class="actions">
                <Button label="Take the snapshot" />
              </div>
            </form>
          ) : (
            <></>
          )}
        </>
      ),
    },
    refused.length > 0 ? 409 : 200,
  );
}

export async function keepNow(c: WebContext) {
  const opened = await openCase(c);
  if (opened === undefined || opened.askers.length === 0) return noSuchCase(c);
  const taken = await takeSnapshot(c.get("desk"), opened.view.caseId, opened.by);
  c.get("web").nudge();
  if (taken.kind === "refused") return keepFrame(c, opened, taken.reasons);
  return c.redirect(`/desk/case/${opened.view.caseId}?done=RecordSnapshot`, 303);
}

/** The certificate as plain text: digest and days, no name and no content. */
export async function certificatePage(c: WebContext) {
  const opened = await openCase(c);
  if (opened === undefined || opened.askers.length === 0) return noSuchCase(c);
  const { view } = opened;
  const text = await certificateOfDestruction(c.get("desk"), view.caseId, c.req.param("preservation") ?? "");
  if (text === undefined) return noSuchCase(c);
  c.header("Content-Disposition", `inline; filename="${view.caseId}-destruction.txt"`);
  return c.text(text);
}
