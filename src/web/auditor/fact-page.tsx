// One fact with its proof: what the ledger says, and how to show by hand that it stands under the signed checkpoint.
import { createHash } from "node:crypto";
import type { LedgerProof, Sealed } from "../../ledger/port.ts";
import { SummaryList } from "../look/forms.tsx";
import { Moment } from "../look/moment.tsx";
import { Prose } from "../look/page.tsx";
import { Banner, SealMark, Table } from "../look/records.tsx";
import type { WebContext } from "../web.tsx";
import { auditorFrame } from "./auditor-frame.tsx";
import { type ProofWalk, walkProof } from "./proof-steps.ts";
import { secrecy, type ShownFact, wholeNumber } from "./shown-facts.ts";

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(bytes).digest());

export async function factPage(c: WebContext) {
  const shown = await findShown(c);
  if (shown === undefined) return noFact(c);
  if (shown.kind === "secret") return secretPage(c, shown);
  const desk = c.get("desk");
  const { sealed } = shown;
  const proof = await desk.ports.ledger.findProof(desk.id, sealed.stream, sealed.version);
  return auditorFrame(c, {
    title: `Fact ${sealed.position.toLocaleString("en")}: ${sealed.fact.type}`,
    way: "/auditor",
    children: (
      <>
        <Facts sealed={sealed} zone={desk.zone} />
        <h2>What it says</h2>
        <SummaryList
          answers={Object.entries(sealed.fact).map(([name, value]) => ({
            label: name,
            value: <code>{typeof value === "string" ? value : JSON.stringify(value)}</code>,
          }))}
        />
        {proof === undefined ? <></> : <Proof proof={proof} root={(await desk.ports.ledger.findCheckpoint(desk.id))?.root} />}
      </>
    ),
  });
}

async function findShown(c: WebContext): Promise<ShownFact | undefined> {
  const desk = c.get("desk");
  const position = wholeNumber(c.req.param("position"));
  if (position === undefined) return undefined;
  const [shown] = await secrecy(desk)(await desk.ports.ledger.readSealed(desk.id, position, 1));
  return shown;
}

function noFact(c: WebContext) {
  return auditorFrame(
    c,
    {
      title: "No such fact",
      way: "/auditor",
      children: (
        <p>
          Nothing is sealed at that position. <a href="/auditor">All facts</a>
        </p>
      ),
    },
    404,
  );
}

function secretPage(c: WebContext, { position, caseId }: Extract<ShownFact, { kind: "secret" }>) {
  return auditorFrame(c, {
    title: `Fact ${position.toLocaleString("en")}`,
    way: "/auditor",
    children: (
      <>
        <SummaryList
          answers={[
            { label: "Case", value: caseId },
            { label: "Sealed", value: <SealMark seal={{ status: "sealed", position }} /> },
          ]}
        />
        <Prose>
          <p>
            A court order binds this case to silence, so only its number is shown. Its facts stand in the tree like all others, and the check of the whole
            ledger covers them. When the order ends they are shown here.
          </p>
        </Prose>
      </>
    ),
  });
}

function Facts({ sealed, zone }: { readonly sealed: Sealed; readonly zone: string }) {
  const { stream, version, at, by, position } = sealed;
  return (
    <SummaryList
      answers={[
        { label: "Stream and version", value: `${stream}, version ${version}` },
        { label: "Recorded", value: <Moment at={at} zone={zone} /> },
        { label: "By", value: by },
        { label: "Sealed", value: <SealMark seal={{ status: "sealed", position }} /> },
      ]}
    />
  );
}

function Proof({ proof, root }: { readonly proof: LedgerProof; readonly root: string | undefined }) {
  const walk = walkProof(sha256, proof);
  const stated = rootOf(proof.checkpoint);
  const holds = stated === walk.root;
  return (
    <>
      <h2>Proof</h2>
      <Banner
        kind={holds ? "done" : "stop"}
        title={
          holds
            ? "Computed just now: this fact leads to the root of the signed checkpoint."
            : "This fact does not lead to the root of the checkpoint. Run the check of the whole ledger."
        }
      />
      <SummaryList
        answers={[
          { label: "Tree size", value: proof.treeSize.toLocaleString("en") },
          { label: "Salt, Base64", value: <code>{proof.salt}</code> },
          { label: "Commitment", value: <code>{walk.commitment}</code> },
          { label: "Leaf", value: <code>{walk.leaf}</code> },
          { label: "Root in the checkpoint", value: <code>{stated ?? root ?? "none"}</code> },
        ]}
      />
      <p>
        <a href={`/auditor/fact/${proof.position}/proof.json`}>Download the proof</a> (JSON)
      </p>
      <ByHand proof={proof} walk={walk} />
    </>
  );
}

/** The third line of a checkpoint, as hexadecimal. */
function rootOf(note: string): string | undefined {
  const line = note.split("\n")[2];
  return line === undefined ? undefined : Buffer.from(line, "base64").toString("hex");
}

function ByHand({ proof, walk }: { readonly proof: LedgerProof; readonly walk: ProofWalk }) {
  return (
    <>
      <h2>Check it by hand</h2>
      <Prose>
        <ol>
          <li>
            Download the proof as proof.json. Hash a fixed label, the salt and the record. The result must be the commitment: <br />
            <code>{`{ printf 'portcullis/fact/v1\\n'; jq -j .salt proof.json | base64 -d; jq -j .record proof.json; } | sha256sum`}</code>
          </li>
          <li>
            Hash a zero byte and the commitment. The result must be the leaf: <br />
            <code>{`printf '00${walk.commitment}' | xxd -r -p | sha256sum`}</code>
          </li>
          <li>Climb: hash a one byte, the left hash and the right hash, line by line as below. The last result must be the root.</li>
          <li>
            Check the checkpoint's signature with the log key (Ed25519, C2SP signed note), and compare the checkpoint with{" "}
            <a href="/log/checkpoint">the public one</a> or one you kept.
          </li>
        </ol>
      </Prose>
      <Table
        caption="The climb from the leaf to the root"
        columns={[
          { key: "step", head: "Step" },
          { key: "side", head: "Neighbour stands" },
          { key: "sibling", head: "Neighbour" },
          { key: "result", head: "Result" },
        ]}
        rows={walk.steps.map(({ side, sibling, result }, index) => ({
          cells: { step: String(index + 1), side, sibling: <code>{sibling}</code>, result: <code>{result}</code> },
        }))}
        empty={<p>The tree holds this fact alone: the leaf is the root.</p>}
      />
      <h3>The checkpoint it leads to</h3>
      <Note text={proof.checkpoint} />
    </>
  );
}

/** A signed note, line by line. */
export function Note({ text }: { readonly text: string }) {
  return (
    <p>
      {text
        .trimEnd()
        .split("\n")
        .map((line) => (
          <>
            <code>{line}</code>
            <br />
          </>
        ))}
    </p>
  );
}

/** The proof as production packages carry it; a secret case's record stays inside. */
export async function proofFile(c: WebContext) {
  const shown = await findShown(c);
  if (shown?.kind !== "open") return noFact(c);
  const desk = c.get("desk");
  const proof = await desk.ports.ledger.findProof(desk.id, shown.sealed.stream, shown.sealed.version);
  if (proof === undefined) return noFact(c);
  c.header("Content-Type", "application/json; charset=utf-8");
  c.header("Content-Disposition", `attachment; filename="proof-${shown.sealed.position}.json"`);
  return c.body(`${JSON.stringify({ ...proof, logKey: c.get("web").installation.logKey }, null, 2)}\n`);
}
