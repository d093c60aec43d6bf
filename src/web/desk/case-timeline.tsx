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

type Entry = CaseView["timeline"][number];

/** Facts of one kind that one step recorded together are one line: a review answers twenty checks at once. */
function grouped(timeline: readonly Entry[]): readonly (readonly [Entry, ...Entry[]])[] {
  const groups: [Entry, ...Entry[]][] = [];
  for (const entry of timeline) {
    const last = groups.at(-1);
    if (last !== undefined && last[0].type === entry.type && last[0].at === entry.at && last[0].by === entry.by) last.push(entry);
    else groups.push([entry]);
  }
  return groups;
}

export function CaseTimeline({ view, zone, sealedTo }: { readonly view: CaseView; readonly zone: string; readonly sealedTo: number }) {
  return (
    <ol class="timeline">
      {grouped(view.timeline)
        .toReversed()
        .map((group) => (
          <li>
            <div class="timeline-when">
              <Moment at={group[0].at} zone={zone} />
            </div>
            <div class="timeline-what">
              <p class="timeline-title">
                {factWords[group[0].type] ?? group[0].type}
                <span class="timeline-by">{`${group.length === 1 ? "" : `, ${group.length} times`}, by ${actorWords(group[0].by)}`}</span>
              </p>
              <Seals group={group} caseId={view.caseId} sealedTo={sealedTo} />
            </div>
          </li>
        ))}
    </ol>
  );
}

function Seals({ group, caseId, sealedTo }: { readonly group: readonly [Entry, ...Entry[]]; readonly caseId: string; readonly sealedTo: number }) {
  const sealed = group.filter(({ version }) => version <= sealedTo);
  if (sealed.length < group.length) return <SealMark seal={{ status: "recorded" }} />;
  const proof = (version: number) => `/desk/case/${caseId}/proof/${version}`;
  if (group.length === 1) return <Sealed href={proof(group[0].version)} version={group[0].version} />;
  return (
    <span class="seal seal-sealed">
      <SealIcon sealed={true} />
      <span>
        {"Sealed; position and proof of fact "}
        {sealed.flatMap(({ version }, index) => [index === 0 ? "" : ", ", <a href={proof(version)}>{version}</a>])}
      </span>
    </span>
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
