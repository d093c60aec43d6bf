// The desk's lists of the partner program: who is late, what falls due, what is disputed, and every partner by its next date.
import type { DutyQueue, DutyRow, PartnerRow } from "../../app/ports.ts";
import { projectPartners } from "../../app/project-partners.ts";
import { readPartner } from "../../app/partners.ts";
import { readPartnerNumber } from "../../kernel/ids.ts";
import { ClauseChip } from "../look/clause-chip.tsx";
import { Button, Field } from "../look/forms.tsx";
import { Moment } from "../look/moment.tsx";
import { EmptyState, KeyboardHelp, Pagination, Table } from "../look/records.tsx";
import { StateTag } from "../look/state-tag.tsx";
import { tagOf } from "../partner-words.ts";
import type { WebContext } from "../web.tsx";
import { deskFrame } from "./desk-frame.tsx";

const pageSize = 50;

const lists = [
  { list: "late", label: "Who is late" },
  { list: "overdue", label: "Overdue" },
  { list: "due", label: "Due soon" },
  { list: "open", label: "Everything open" },
  { list: "disputed", label: "Disputed" },
  { list: "partners", label: "All partners" },
] as const;
type List = (typeof lists)[number]["list"];

export async function partnersPage(c: WebContext) {
  const desk = c.get("desk");
  const searched = c.req.query("partner")?.trim() ?? "";
  if (searched !== "") return search(c, searched);
  await projectPartners(desk);
  const list = lists.find((each) => each.list === c.req.query("list"))?.list ?? "late";
  return list === "late" || list === "partners" ? partnerList(c, list) : dutyList(c, list);
}

/** Numbers only: names are never searched for in an address. */
async function search(c: WebContext, text: string) {
  const partner = readPartnerNumber(text);
  if (partner !== undefined && (await readPartner(c.get("desk"), partner)).length > 0) return c.redirect(`/desk/partners/${partner}`, 303);
  return deskFrame(
    c,
    {
      title: "No partner has this number",
      current: "partners",
      children: (
        <>
          <Head value={text.slice(0, 40)} current={undefined} />
          <EmptyState title="Nothing was found">A partner's number has the form P-7F3K-2M9Q.</EmptyState>
        </>
      ),
    },
    404,
  );
}

function Head({ value, current }: { readonly value: string; readonly current: List | undefined }) {
  return (
    <>
      <form class="desk-search" method="get" action="/desk/partners" role="search">
        <Field id="partner" name="partner" kind="search" label="Partner number" value={value} width="medium" autocomplete="off" />
        <Button label="Find partner" kind="secondary" />
      </form>
      <nav class="tabs" aria-label="Lists of the partner program">
        <ul>
          {lists.map(({ list, label }) => (
            <li>
              <a href={`/desk/partners?list=${list}`} aria-current={list === current ? "page" : undefined}>
                {label}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </>
  );
}

async function partnerList(c: WebContext, list: "late" | "partners") {
  const desk = c.get("desk");
  const now = desk.ports.clock.now();
  const [sort, partner] = (c.req.query("after") ?? "").split(" ");
  const after = sort === undefined || partner === undefined || readPartnerNumber(partner) === undefined ? undefined : { sort: sort.slice(0, 40), partner };
  const found = await desk.ports.partnerViews.partners(desk.id, { late: list === "late", limit: pageSize + 1, now, ...(after === undefined ? {} : { after }) });
  const rows = found.slice(0, pageSize);
  const last = found.length > pageSize ? rows.at(-1) : undefined;
  return deskFrame(c, {
    title: list === "late" ? "Partners who are late" : "All partners",
    current: "partners",
    children: (
      <>
        <Head value="" current={list} />
        <Table
          caption="Partners"
          quietCaption
          queue
          columns={partnerColumns}
          rows={rows.map((row) => partnerRow(row, now, desk.zone))}
          empty={<NoPartner list={list} />}
        />
        <Pagination
          of="partners"
          {...(after === undefined ? {} : { newerHref: `/desk/partners?list=${list}` })}
          {...(last === undefined ? {} : { olderHref: `/desk/partners?list=${list}&after=${encodeURIComponent(`${last.nextDueAt ?? "~"} ${last.partner}`)}` })}
        />
        <div class="actions">
          <Button label="Register a partner" kind="secondary" href="/desk/partners/new" />
        </div>
        <KeyboardHelp />
      </>
    ),
  });
}

function NoPartner({ list }: { readonly list: "late" | "partners" }) {
  return list === "late" ? (
    <EmptyState title="No partner is late">A partner comes here when one of its duties has run out.</EmptyState>
  ) : (
    <EmptyState title="There is no partner yet">Register the first one; its agreement, clocks and pages follow.</EmptyState>
  );
}

const partnerColumns = [
  { key: "partner", head: "Partner" },
  { key: "state", head: "Agreement" },
  { key: "due", head: "Next due" },
  { key: "what", head: "What falls due" },
  { key: "open", head: "Open", figures: true },
  { key: "disputed", head: "Disputed", figures: true },
] as const;

const agreementWords: Readonly<Record<PartnerRow["state"], string>> = { registered: "Not signed", "in-force": "In force", ended: "Ended" };

function partnerRow({ partner, country, state, nextDueAt, nextDue, open, disputed }: PartnerRow, now: string, zone: string) {
  return {
    href: `/desk/partners/${partner}`,
    cells: {
      partner,
      state: `${agreementWords[state]}, ${country}`,
      due:
        nextDueAt === undefined ? (
          "Nothing"
        ) : (
          <>
            <Moment at={nextDueAt} zone={zone} /> {nextDueAt < now ? <StateTag state="overdue" /> : <></>}
          </>
        ),
      what: nextDue ?? "",
      open: open.toLocaleString("en"),
      disputed: disputed.toLocaleString("en"),
    },
  };
}

async function dutyList(c: WebContext, queue: DutyQueue) {
  const desk = c.get("desk");
  const { register } = c.get("web");
  const now = desk.ports.clock.now();
  const after = readKey(c.req.query("after"));
  const found = await desk.ports.partnerViews.duties(desk.id, { queue, limit: pageSize + 1, now, ...(after === undefined ? {} : { after }) });
  const rows = found.slice(0, pageSize);
  const last = found.length > pageSize ? rows.at(-1) : undefined;
  const label = lists.find(({ list }) => list === queue)?.label ?? "";
  return deskFrame(c, {
    title: `${label}: duties of the partner program`,
    heading: label,
    current: "partners",
    children: (
      <>
        <Head value="" current={queue} />
        <Table
          caption={label}
          quietCaption
          queue
          columns={[
            { key: "partner", head: "Partner" },
            { key: "what", head: "What" },
            { key: "owes", head: "Who owes it" },
            { key: "due", head: "By when" },
            { key: "state", head: "Standing" },
            { key: "clause", head: "Why" },
          ]}
          rows={rows.map((row) => ({
            href: `/desk/partners/${row.partner}/duty/${encodeURIComponent(row.duty)}`,
            cells: {
              partner: row.partner,
              what: row.label,
              owes: row.owedBy === "vendor" ? "Company" : "Partner",
              due: row.dueAt === undefined ? "No end" : <Moment at={row.dueAt} zone={desk.zone} />,
              state: <DutyState row={row} now={now} />,
              clause: (
                <>
                  <ClauseChip clause={row.clause} register={register} />
                  {row.also === undefined || row.also === 0 ? <></> : <span> and {row.also} more</span>}
                </>
              ),
            },
          }))}
          empty={<EmptyState title="Nothing here">No duty of the partner program is of this kind now.</EmptyState>}
        />
        <Pagination
          of="duties"
          {...(after === undefined ? {} : { newerHref: `/desk/partners?list=${queue}` })}
          {...(last === undefined
            ? {}
            : { olderHref: `/desk/partners?list=${queue}&after=${encodeURIComponent(`${last.dueAt ?? "~"} ${last.partner} ${last.duty}`)}` })}
        />
        <KeyboardHelp />
      </>
    ),
  });
}

function readKey(text: string | undefined) {
  const [dueAt, partner, ...duty] = (text ?? "").split(" ");
  return dueAt === undefined || partner === undefined || readPartnerNumber(partner) === undefined
    ? undefined
    : { dueAt: dueAt.slice(0, 40), partner, duty: duty.join(" ").slice(0, 200) };
}

function DutyState({ row, now }: { readonly row: DutyRow; readonly now: string }) {
  const { state, word } = tagOf(
    {
      ...(row.dueAt === undefined ? {} : { dueAt: row.dueAt }),
      state: row.state === "open" && row.dueAt !== undefined && row.dueAt < now ? "overdue" : row.state,
    },
    now,
  );
  return (
    <>
      <StateTag state={state} word={word} />
      {row.isDisputed ? <StateTag state="held" word="Disputed" /> : <></>}
    </>
  );
}
