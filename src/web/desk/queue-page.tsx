// The queues: what is overdue, what falls due, what waits; a page costs the same however many cases there are.
import type { CaseRow } from "../../app/ports.ts";
import { projectViews } from "../../app/project-views.ts";
import { readCase } from "../../app/handle.ts";
import type { Child } from "hono/jsx";
import { Button, Field } from "../look/forms.tsx";
import { Moment } from "../look/moment.tsx";
import { EmptyState, KeyboardHelp, Pagination, Table } from "../look/records.tsx";
import { StateTag } from "../look/state-tag.tsx";
import type { State } from "../look/icons.tsx";
import type { WebContext } from "../web.tsx";
import { doorWords, instrumentWords, stageWords } from "./case-words.ts";
import { deskFrame, queues, readCaseNumber, type Queue } from "./desk-frame.tsx";

const pageSize = 50;

export async function queuePage(c: WebContext) {
  const desk = c.get("desk");
  const searched = c.req.query("case")?.trim() ?? "";
  if (searched !== "") return search(c, searched);
  await projectViews(desk);
  const queue = queues.find(({ queue: name }) => name === c.req.query("queue"))?.queue ?? "open";
  const after = readKey(c.req.query("after"));
  const now = desk.ports.clock.now();
  const found = await desk.ports.views.list(desk.id, { queue, limit: pageSize + 1, now, ...(after === undefined ? {} : { after }) });
  const rows = found.slice(0, pageSize);
  return queueFrame(c, { queue, rows, now, isLater: after !== undefined, next: found.length > pageSize ? rows.at(-1) : undefined });
}

/** Case numbers only: names are never searched for in an address. */
async function search(c: WebContext, text: string) {
  const caseId = readCaseNumber(text);
  if (caseId !== undefined && (await readCase(c.get("desk"), caseId)).length > 0) return c.redirect(`/desk/case/${caseId}`, 303);
  return deskFrame(
    c,
    {
      title: "No case has this number",
      children: (
        <>
          <Search value={text.slice(0, 40)} />
          <EmptyState title="Nothing was found">A case number has the form C-7F3K-2M9Q. Letters I, L and O are read as digits.</EmptyState>
        </>
      ),
    },
    404,
  );
}

function readKey(text: string | undefined): { readonly sort: string; readonly caseId: string } | undefined {
  const match = /^([0-9TZ:.-]{20,30})~(C-[0-9A-Z]{4}-[0-9A-Z]{4})$/.exec(text ?? "");
  return match?.[1] === undefined || match[2] === undefined ? undefined : { sort: match[1], caseId: match[2] };
}

function keyOf(queue: Queue, row: CaseRow): string {
  const sort = queue === "overdue" || queue === "due" ? (row.nextDueAt ?? "") : row.receivedAt;
  return `${sort}~${row.caseId}`;
}

interface QueueView {
  readonly queue: Queue;
  readonly rows: readonly CaseRow[];
  readonly now: string;
  readonly isLater: boolean;
  readonly next: CaseRow | undefined;
}

function queueFrame(c: WebContext, { queue, rows, now, isLater, next }: QueueView) {
  const label = queues.find((each) => each.queue === queue)?.label ?? "All";
  const zone = c.get("desk").zone;
  const open = rows.filter(({ secret }) => !secret);
  const sealed = rows.filter(({ secret }) => secret);
  const older = next === undefined ? {} : { olderHref: `/desk?queue=${queue}&after=${encodeURIComponent(keyOf(queue, next))}` };
  return deskFrame(c, {
    title: `${label} cases`,
    current: queue,
    children: (
      <>
        <Search value="" />
        {rows.length === 0 ? <Nothing queue={queue} /> : <></>}
        {open.length === 0 ? <></> : <Cases rows={open} now={now} zone={zone} laws={c.get("desk").laws} caption={`${label} cases`} />}
        {sealed.length === 0 ? <></> : <SealedCases rows={sealed} />}
        <Pagination of="cases" {...(isLater ? { newerHref: `/desk?queue=${queue}` } : {})} {...older} />
        <KeyboardHelp />
      </>
    ),
  });
}

function Search({ value }: { readonly value: string }) {
  return (
    <form class="desk-search" method="get" action="/desk" role="search">
      <Field id="case" name="case" kind="search" label="Case number" value={value} width="medium" autocomplete="off" />
      <Button label="Find case" kind="secondary" />
    </form>
  );
}

const empty: Readonly<Record<Queue, readonly [string, string]>> = {
  overdue: ["Nothing is overdue", "A case comes here when one of its clocks has run out and nobody has acted."],
  due: ["Nothing falls due in the next 72 hours", "A case comes here three days before its next clock runs out."],
  open: ["No case is open", "A request opens a case when it arrives by mail or through the portal."],
  held: ["No case is held", "A case is held while a challenge is pending or its sender looks forged."],
  closed: ["No case is closed yet", "Closed, withdrawn and set-aside cases stay here."],
  all: ["There is no case yet", "A request opens a case when it arrives by mail or through the portal. Check under Set-up that mail reaches the desk."],
};

function Nothing({ queue }: { readonly queue: Queue }) {
  const [title, text] = empty[queue];
  return <EmptyState title={title}>{text}</EmptyState>;
}

const columns = [
  { key: "case", head: "Case" },
  { key: "stage", head: "Stage" },
  { key: "due", head: "Next due" },
  { key: "what", head: "What falls due" },
  { key: "paper", head: "Paper" },
  { key: "received", head: "Received" },
] as const;

function Cases({
  rows,
  now,
  zone,
  laws,
  caption,
}: {
  readonly rows: readonly CaseRow[];
  readonly now: string;
  readonly zone: string;
  readonly laws: Parameters<typeof instrumentWords>[1];
  readonly caption: string;
}) {
  return (
    <Table
      caption={caption}
      quietCaption
      queue
      columns={columns}
      empty={<></>}
      rows={rows.map((row) => ({
        href: `/desk/case/${row.caseId}`,
        cells: {
          case: row.caseId,
          stage: stageWords[row.stage] ?? row.stage,
          due: <DueCell row={row} now={now} zone={zone} />,
          what: row.nextDue ?? <None words="Nothing" />,
          paper: row.instrument === undefined ? <None words="None read" /> : instrumentWords(row.instrument, laws),
          received: (
            <span>
              <Moment at={row.receivedAt} zone={zone} />
              {`, ${doorWords[row.door] ?? row.door}`}
            </span>
          ),
        },
      }))}
    />
  );
}

function DueCell({ row, now, zone }: { readonly row: CaseRow; readonly now: string; readonly zone: string }): Child {
  if (row.nextDueAt === undefined) return <None words="No clock runs" />;
  return (
    <span>
      <StateTag state={urgency(row.nextDueAt, now)} /> <Moment at={row.nextDueAt} zone={zone} />
    </span>
  );
}

const soonMs = 72 * 3600 * 1000;

function urgency(dueAt: string, now: string): State {
  if (dueAt <= now) return "overdue";
  return Temporal.Instant.from(dueAt).epochMilliseconds - Temporal.Instant.from(now).epochMilliseconds <= soonMs ? "due" : "open";
}

function None({ words }: { readonly words: string }) {
  return <span class="absent">{words}</span>;
}

/** Apart from the others, and nothing but the number. */
function SealedCases({ rows }: { readonly rows: readonly CaseRow[] }) {
  return (
    <>
      <h2>Sealed cases</h2>
      <p>A secrecy order binds in these cases. Lists show their number only.</p>
      <Table
        caption="Sealed cases"
        quietCaption
        queue
        columns={[{ key: "case", head: "Case" }]}
        empty={<></>}
        rows={rows.map(({ caseId }) => ({ href: `/desk/case/${caseId}`, sealed: true, cells: { case: caseId } }))}
      />
    </>
  );
}
