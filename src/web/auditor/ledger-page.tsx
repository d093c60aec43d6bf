// The ledger as a list, newest fact first, paged by position so that the millionth page is as quick as the first.
import { Moment } from "../look/moment.tsx";
import { EmptyState, Pagination, SealMark, Table } from "../look/records.tsx";
import type { WebContext } from "../web.tsx";
import { auditorFrame } from "./auditor-frame.tsx";
import { secrecy, type ShownFact, wholeNumber } from "./shown-facts.ts";

const pageSize = 50;

/** `?before=N` shows the facts below position N. */
export async function ledgerPage(c: WebContext) {
  const desk = c.get("desk");
  const size = (await desk.ports.ledger.findCheckpoint(desk.id))?.size ?? 0;
  const end = Math.min(wholeNumber(c.req.query("before")) ?? size, size);
  const from = Math.max(0, end - pageSize);
  const facts = end === from ? [] : await desk.ports.ledger.readSealed(desk.id, from, end - from);
  const shown = (await secrecy(desk)(facts)).toReversed();
  return auditorFrame(c, {
    title: "Ledger",
    way: "/auditor",
    children: (
      <>
        <p>
          {size.toLocaleString("en")} sealed facts, newest first. A fact is recorded when it happens and sealed with the next checkpoint; what is only recorded
          is not in this list yet. Facts carry codes, dates and digests; names, letters and data lie elsewhere, under keys that can be destroyed.
        </p>
        <Table
          caption="Sealed facts, newest first"
          quietCaption
          columns={columns}
          rows={shown.map((fact) => row(fact, desk.zone))}
          empty={<EmptyState title="Nothing is sealed yet" />}
        />
        <Pagination of="facts" newerHref={newer(end, size)} olderHref={from > 0 ? `/auditor?before=${from}` : undefined} />
      </>
    ),
  });
}

function newer(end: number, size: number): string | undefined {
  if (end >= size) return undefined;
  return end + pageSize >= size ? "/auditor" : `/auditor?before=${end + pageSize}`;
}

const columns = [
  { key: "position", head: "Position" },
  { key: "type", head: "Fact" },
  { key: "stream", head: "Stream" },
  { key: "version", head: "Version", figures: true },
  { key: "at", head: "Recorded" },
  { key: "by", head: "By" },
  { key: "seal", head: "Sealed" },
] as const;

function row(shown: ShownFact, zone: string) {
  if (shown.kind === "secret") {
    const { position, caseId } = shown;
    return {
      sealed: true,
      href: `/auditor/fact/${position}`,
      cells: {
        position: position.toLocaleString("en"),
        type: "Not shown",
        stream: caseId,
        version: "",
        at: "",
        by: "",
        seal: <SealMark seal={{ status: "sealed", position }} />,
      },
    };
  }
  const { position, stream, version, at, by, fact } = shown.sealed;
  return {
    href: `/auditor/fact/${position}`,
    cells: {
      position: position.toLocaleString("en"),
      type: fact.type,
      stream,
      version: String(version),
      at: <Moment at={at} zone={zone} />,
      by,
      seal: <SealMark seal={{ status: "sealed", position }} />,
    },
  };
}
