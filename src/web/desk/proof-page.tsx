// The proof that one fact of a case stands in the ledger: enough to check it without trusting the desk.
import { caseStream } from "../../kernel/ids.ts";
import type { LedgerProof } from "../../ledger/port.ts";
import { SummaryList } from "../look/forms.tsx";
import { Prose } from "../look/page.tsx";
import { Copyable, SealMark } from "../look/records.tsx";
import type { WebContext } from "../web.tsx";
import { factWords } from "./case-words.ts";
import { deskFrame, noSuchCase } from "./desk-frame.tsx";
import { caseTitle, openCase } from "./open-case.ts";

export async function proofPage(c: WebContext) {
  const opened = await openCase(c);
  const version = Number(c.req.param("version"));
  const entry = opened?.view.timeline.find((each) => each.version === version);
  if (opened === undefined || entry === undefined) return noSuchCase(c);
  const { view } = opened;
  const desk = c.get("desk");
  const proof = await desk.ports.ledger.findProof(desk.id, caseStream(view.caseId), version);
  return deskFrame(c, {
    title: caseTitle(view, `Proof of fact ${version} of`),
    heading: `Proof of fact ${version} of ${view.caseId}`,
    children: (
      <>
        <p>
          {factWords[entry.type] ?? entry.type}. <a href={`/desk/case/${view.caseId}#timeline`}>Back to the case</a>
        </p>
        {proof === undefined ? <Unsealed /> : <Proof proof={proof} logKey={c.get("web").installation.logKey} />}
      </>
    ),
  });
}

function Unsealed() {
  return (
    <>
      <SealMark seal={{ status: "recorded" }} />
      <Prose>
        <p>The fact is recorded and durable. The next checkpoint gives it its position, usually within seconds; load this page again then.</p>
      </Prose>
    </>
  );
}

function Proof({ proof, logKey }: { readonly proof: LedgerProof; readonly logKey: string }) {
  return (
    <>
      <SealMark seal={{ status: "sealed", position: proof.position }} />
      <SummaryList
        answers={[
          { label: "Position", value: proof.position.toLocaleString("en") },
          { label: "Size of the tree", value: proof.treeSize.toLocaleString("en") },
          { label: "Salt of the entry", value: <Copyable id="salt" label="Salt" value={proof.salt} /> },
          { label: "Key of the log", value: <Copyable id="log-key" label="Key of the log" value={logKey} /> },
        ]}
      />
      <h2>The fact as it was sealed</h2>
      <div class="desk-code">{proof.record}</div>
      <h2>Path to the checkpoint</h2>
      <div class="desk-code">{proof.path.length === 0 ? "The tree has this one entry." : proof.path.join("\n")}</div>
      <h2>Checkpoint</h2>
      <div class="desk-code">{proof.checkpoint}</div>
    </>
  );
}
