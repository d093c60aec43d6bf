// What happened in a case, newest first; each fact says whether a checkpoint covers it and leads to its proof.
import type { CaseView } from "../../app/case-view.ts";
import type { Desk } from "../../app/desk.ts";
import { caseStream } from "../../kernel/ids.ts";
import { SealIcon } from "../look/icons.tsx";
import { Moment } from "../look/moment.tsx";
import { SealMark } from "../look/records.tsx";
import { actorWords, factWords } from "./case-words.ts";

/** The last version a checkpoint covers, found in a few look-ups: facts of a stream are sealed in their order. */
export async function sealedUpTo(desk: Desk, { caseId, timeline }: CaseView): Promise<number> {
  const isSealed = async (version: number) => (await desk.ports.ledger.findProof(desk.id, caseStream(caseId), version)) !== undefined;
  let [covered, open] = [0, timeline.length + 1];
  let probe = timeline.length;
  while (open - covered > 1) {
    if (await isSealed(probe)) covered = probe;
    else open = probe;
    probe = Math.floor((covered + open) / 2);
  }
  return covered;
}

export function CaseTimeline({ view, zone, sealedTo }: { readonly view: CaseView; readonly zone: string; readonly sealedTo: number }) {
  return (
    <ol class="timeline" reversed>
      {view.timeline.toReversed().map(({ version, type, at, by }) => (
        <li>
          <div class="timeline-when">
            <Moment at={at} zone={zone} />
          </div>
          <div class="timeline-what">
            <p class="timeline-title">
              {factWords[type] ?? type}
              <span class="timeline-by">{`, by ${actorWords(by)}`}</span>
            </p>
            {version <= sealedTo ? <Sealed href={`/desk/case/${view.caseId}/proof/${version}`} version={version} /> : <SealMark seal={{ status: "recorded" }} />}
          </div>
        </li>
      ))}
    </ol>
  );
}

/** The position in the ledger stands on the proof's own page: looking up every one would cost a query a fact. */
function Sealed({ href, version }: { readonly href: string; readonly version: number }) {
  return (
    <span class="seal seal-sealed">
      <SealIcon sealed={true} />
      <a href={href}>
        Sealed: position and proof<span class="sr-only">{` of fact ${version}`}</span>
      </a>
    </span>
  );
}
