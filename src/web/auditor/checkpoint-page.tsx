// The newest signed checkpoint in full, to be kept outside the desk.
import { SummaryList } from "../look/forms.tsx";
import { Moment } from "../look/moment.tsx";
import { Prose } from "../look/page.tsx";
import { Copyable, EmptyState } from "../look/records.tsx";
import type { WebContext } from "../web.tsx";
import { auditorFrame } from "./auditor-frame.tsx";
import { Note } from "./fact-page.tsx";

export async function checkpointPage(c: WebContext) {
  const { installation } = c.get("web");
  const checkpoint = await installation.newestCheckpoint();
  if (checkpoint === undefined)
    return auditorFrame(c, { title: "Checkpoint", way: "/auditor/checkpoint", children: <EmptyState title="Nothing is sealed yet" /> });
  return auditorFrame(c, {
    title: "Checkpoint",
    way: "/auditor/checkpoint",
    children: (
      <>
        <SummaryList
          answers={[
            { label: "Signed", value: <Moment at={checkpoint.at} zone={c.get("desk").zone} /> },
            { label: "Facts it covers", value: checkpoint.size.toLocaleString("en") },
            { label: "Root, Base64", value: <Copyable id="root" label="root" value={checkpoint.root} /> },
            { label: "Log key", value: <Copyable id="key" label="log key" value={installation.logKey} /> },
          ]}
        />
        <h2>The signed note</h2>
        <Note text={checkpoint.note} />
        <Prose>
          <p>
            Keep a copy outside the desk: <a href="/log/checkpoint">the public file</a> is the same text. With it the check of the ledger also finds a record
            that was cut back or written anew: <br />
            <code>portcullis ledger verify --known CHECKPOINT --data DIR</code>
          </p>
        </Prose>
      </>
    ),
  });
}
