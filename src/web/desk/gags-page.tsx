// The calendar of secrecy orders: which bind without an end, which for too long, what lapses, what is tried, and what happened last month.
import { readGagRegister, type GagRegister, type OpenOrder, type OrderEvent } from "../../app/calendar.ts";
import type { CaseId } from "../../kernel/ids.ts";
import type { Day } from "../../kernel/instant.ts";
import { dayWords } from "../look/moment.tsx";
import { EmptyState, Table } from "../look/records.tsx";
import { StateTag } from "../look/state-tag.tsx";
import type { State } from "../look/icons.tsx";
import type { WebContext } from "../web.tsx";
import { instrumentWords } from "./case-words.ts";
import { deskFrame } from "./desk-frame.tsx";
import { beneficiaryWords } from "./law-words.ts";

export async function gagsPage(c: WebContext) {
  const desk = c.get("desk");
  const register = await readGagRegister(desk);
  const { open } = register;
  return deskFrame(c, {
    title: "Secrecy orders",
    current: "gags",
    children: (
      <>
        <p class="desk-lead">
          {`Orders that bind today or will: ${open.length}. Their cases are sealed, so this page counts and shows numbers; court, dates and what was tried stand in each case. `}
          <a href="/desk/calendar">Calendar</a>
        </p>
        {open.length === 0 ? (
          <EmptyState title="No secrecy order is open">An order comes here when it is recorded in a case, and leaves when it lapses or is lifted.</EmptyState>
        ) : (
          <Open register={register} />
        )}
        <LastMonth register={register} />
        {open.length === 0 ? <></> : <MayTell open={open} laws={desk.laws} />}
      </>
    ),
  });
}

function Open({ register }: { readonly register: GagRegister }) {
  const { open, month } = register;
  const first: readonly Counted[] = [
    { what: "Without an end", state: "overdue", orders: open.filter(({ gag }) => gag.end === undefined) },
    { what: "Longer than the yard-stick", state: "overdue", orders: open.filter(({ tooLong }) => tooLong) },
    { what: `Lapse this month, by ${dayWords(month.last)}`, state: "due", orders: open.filter(({ lapsesThisMonth }) => lapsesThisMonth) },
  ];
  return (
    <>
      <Orders id="first" title="To be looked at first" rows={first} />
      <Orders
        id="age"
        title="By age"
        rows={ages.map(({ what, from, to }) => ({ what, state: "held", orders: open.filter(({ ageDays }) => from <= ageDays && ageDays < to) }))}
      />
      <Orders id="attempts" title="Next attempt to lift them" rows={attempts(register)} />
    </>
  );
}

const ages = [
  { what: "A year and more", from: 365, to: Number.POSITIVE_INFINITY },
  { what: "180 days to a year", from: 180, to: 365 },
  { what: "90 to 179 days", from: 90, to: 180 },
  { what: "Under 90 days", from: 0, to: 90 },
  { what: "Not begun yet", from: Number.NEGATIVE_INFINITY, to: 0 },
] as const;

interface Counted {
  readonly what: string;
  readonly state: State;
  readonly orders: readonly { readonly caseId: CaseId }[];
}

/** Two tracks with days of their own: leave to speak to the customer, and to the data-protection authority. */
function attempts({ open, today, month }: GagRegister): readonly Counted[] {
  const due = (beneficiary: OpenOrder["next"][number]["beneficiary"], within: (on: Day) => boolean) =>
    open.filter(({ next }) => next.some((attempt) => attempt.beneficiary === beneficiary && within(attempt.on)));
  return (["customer", "data-protection-authority"] as const).flatMap((beneficiary): Counted[] => [
    { what: `For ${beneficiaryWords[beneficiary]}: overdue`, state: "overdue", orders: due(beneficiary, (on) => on < today) },
    { what: `For ${beneficiaryWords[beneficiary]}: this month`, state: "due", orders: due(beneficiary, (on) => today <= on && on <= month.last) },
    { what: `For ${beneficiaryWords[beneficiary]}: later`, state: "open", orders: due(beneficiary, (on) => on > month.last) },
  ]);
}

function Orders({ id, title, rows }: { readonly id: string; readonly title: string; readonly rows: readonly Counted[] }) {
  return (
    <>
      <h2 id={id}>{title}</h2>
      <Table
        caption={title}
        quietCaption
        columns={[
          { key: "what", head: "Orders" },
          { key: "count", head: "Count", figures: true },
          { key: "cases", head: "Cases" },
        ]}
        empty={<></>}
        rows={rows.map(({ what, state, orders }) => ({
          cells: {
            what: orders.length === 0 ? what : <StateTag state={state} word={what} />,
            count: String(orders.length),
            cases: <Numbers cases={orders.map(({ caseId }) => caseId)} />,
          },
        }))}
      />
    </>
  );
}

const mostNumbers = 50;

function Numbers({ cases }: { readonly cases: readonly CaseId[] }) {
  const each = [...new Set(cases)];
  if (each.length === 0) return <span class="absent">None</span>;
  return (
    <span class="desk-numbers">
      {each.slice(0, mostNumbers).map((caseId) => (
        <a href={`/desk/case/${caseId}#gags`}>{caseId}</a>
      ))}
      {each.length > mostNumbers ? <span>{`and ${each.length - mostNumbers} more`}</span> : <></>}
    </span>
  );
}

function LastMonth({ register: { lastMonth } }: { readonly register: GagRegister }) {
  const { events, first, last } = lastMonth;
  const of = (pick: (event: OrderEvent) => boolean) => events.filter(pick);
  const rows: readonly Counted[] = [
    { what: "Lapsed, and the notice was sent", state: "kept", orders: of(({ what, noticeSent }) => what === "lapsed" && noticeSent === true) },
    { what: "Lapsed, and no notice was sent", state: "overdue", orders: of(({ what, noticeSent }) => what === "lapsed" && noticeSent !== true) },
    { what: "Lifted, and the notice was sent", state: "kept", orders: of(({ what, noticeSent }) => what === "lifted" && noticeSent === true) },
    { what: "Lifted, and no notice was sent", state: "overdue", orders: of(({ what, noticeSent }) => what === "lifted" && noticeSent !== true) },
    { what: "Renewed", state: "held", orders: of(({ what }) => what === "renewed") },
  ];
  return <Orders id="last-month" title={`Last month, ${dayWords(first)} to ${dayWords(last)}`} rows={rows} />;
}

/** By kind of order, so that no case is tied to its paper here. */
function MayTell({ open, laws }: { readonly open: readonly OpenOrder[]; readonly laws: Parameters<typeof instrumentWords>[1] }) {
  const byKind = Map.groupBy(open, ({ gag }) => gag.instrument);
  return (
    <>
      <h2 id="may-tell">Who may be told</h2>
      <Table
        caption="Who may be told although an order binds"
        quietCaption
        columns={[
          { key: "kind", head: "Kind of order" },
          { key: "count", head: "Open", figures: true },
          { key: "who", head: "May be told" },
        ]}
        empty={<></>}
        rows={[...byKind].map(([kind, orders]) => ({
          cells: { kind: instrumentWords(kind, laws), count: String(orders.length), who: <Who mayTell={orders[0]?.mayTell ?? []} /> },
        }))}
      />
    </>
  );
}

export function Who({ mayTell }: { readonly mayTell: readonly string[] }) {
  return mayTell.length === 0 ? <span class="absent">The pack names nobody: ask counsel before anybody is told</span> : <span>{mayTell.join("; ")}</span>;
}
