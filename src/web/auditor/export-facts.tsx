// The record as a file: every sealed fact on a line of its own, streamed, so that the size of the ledger does not matter.
import { Readable } from "node:stream";
import type { Desk } from "../../app/desk.ts";
import { Prose } from "../look/page.tsx";
import type { WebContext } from "../web.tsx";
import { auditorFrame } from "./auditor-frame.tsx";
import { secrecy, type ShownFact } from "./shown-facts.ts";

export function exportsPage(c: WebContext) {
  return auditorFrame(c, {
    title: "Exports",
    way: "/auditor/export",
    children: (
      <Prose>
        <ul>
          <li>
            <a href="/auditor/export/facts.ndjson">All sealed facts</a> (NDJSON, oldest first, one fact a line): position, stream, version, at, by, fact. Of a
            case under a secrecy order each line holds the position and the case's number.
          </li>
          <li>
            <a href="/log/checkpoint">The newest checkpoint</a> and <a href="/log/key">the log key</a>
          </li>
          <li>
            The figures of each <a href="/report">published report</a> as CSV and JSON, on its page
          </li>
        </ul>
        <p>Single proofs are on the page of each fact.</p>
      </Prose>
    ),
  });
}

const batch = 500;

/** Ends at the checkpoint that was newest when it began. */
export async function exportFacts(c: WebContext) {
  const desk = c.get("desk");
  const size = (await desk.ports.ledger.findCheckpoint(desk.id))?.size ?? 0;
  c.header("Content-Type", "application/x-ndjson; charset=utf-8");
  c.header("Content-Disposition", `attachment; filename="facts-${size}.ndjson"`);
  return c.body(Readable.toWeb(Readable.from(lines(desk, size), { objectMode: false })) as ReadableStream<Uint8Array>);
}

async function* lines(desk: Desk, size: number): AsyncGenerator<Buffer> {
  const show = secrecy(desk);
  for (let from = 0; from < size; from += batch) {
    const shown = await show(await desk.ports.ledger.readSealed(desk.id, from, Math.min(batch, size - from)));
    yield Buffer.from(shown.map((fact) => `${JSON.stringify(lineOf(fact))}\n`).join(""));
  }
}

function lineOf(shown: ShownFact) {
  if (shown.kind === "secret") return { position: shown.position, case: shown.caseId, secret: true };
  const { position, stream, version, at, by, fact } = shown.sealed;
  return { position, stream, version, at, by, fact };
}
