// The desk's calendar, as a court keeps one: what is overdue first, then today, the next seven days, and later month by month.
import { readCalendar, type CalendarEntry, type ClockKind, type DeskCalendar, type Span } from "../../app/calendar.ts";
import { calendarLinkUntil, offerCalendarLink, revokeCalendarLink } from "../../app/calendar-link.ts";
import type { Desk } from "../../app/desk.ts";
import type { CaseId } from "../../kernel/ids.ts";
import { dayOf } from "../../kernel/instant.ts";
import { ClauseChip, type ClauseRegister } from "../look/clause-chip.tsx";
import { Button } from "../look/forms.tsx";
import { Day, dayWords, momentWords } from "../look/moment.tsx";
import { Banner, Copyable, EmptyState } from "../look/records.tsx";
import { StateTag } from "../look/state-tag.tsx";
import type { State } from "../look/icons.tsx";
import type { WebContext } from "../web.tsx";
import { deskFrame, getStaff } from "./desk-frame.tsx";
import { withCitations } from "./law-citations.ts";
import { clockKindWords } from "./law-words.ts";

const pageSize = 200;
const kinds = Object.keys(clockKindWords) as readonly ClockKind[];

export async function calendarPage(c: WebContext) {
  return calendarFrame(c, await linkOf(c, undefined));
}

/** The secret stands on this one page and nowhere else: afterwards only its digest is known. */
export async function offerLink(c: WebContext) {
  const token = await offerCalendarLink(c.get("desk"), getStaff(c).id);
  return calendarFrame(c, await linkOf(c, token));
}

export async function revokeLink(c: WebContext) {
  await revokeCalendarLink(c.get("desk"), getStaff(c).id);
  return c.redirect("/desk/calendar?link=revoked#link", 303);
}

interface Link {
  readonly url?: string;
  readonly until?: string;
  readonly revoked: boolean;
}

async function linkOf(c: WebContext, token: string | undefined): Promise<Link> {
  const desk = c.get("desk");
  const until = await calendarLinkUntil(desk, getStaff(c).id);
  return {
    ...(until === undefined ? {} : { until: dayOf(until, desk.zone) }),
    ...(token === undefined ? {} : { url: `${desk.profile.publicUrl ?? new URL(c.req.url).origin}/desk/subscribed/${token}/calendar.ics` }),
    revoked: c.req.query("link") === "revoked",
  };
}

async function calendarFrame(c: WebContext, link: Link) {
  const desk = c.get("desk");
  const register = withCitations(c.get("web").register, desk.laws);
  const chosen = kinds.filter((kind) => (c.req.queries("kind") ?? []).includes(kind));
  const calendar = await readCalendar(desk, chosen.length === 0 ? undefined : new Set(chosen));
  const page = pageOf(c.req.query("page"), calendar.entries.length);
  const totals = Map.groupBy(calendar.entries, ({ span }) => span);
  const shown = { ...calendar, entries: calendar.entries.slice((page - 1) * pageSize, page * pageSize) };
  return deskFrame(c, {
    title: "Calendar",
    current: "calendar",
    ...(link.revoked ? { alert: <Banner kind="done" title="The link was taken back. Programs that used it read nothing any more." /> } : {}),
    children: (
      <>
        <p class="desk-lead">
          {`Today is ${dayWords(calendar.today)}. Running clocks: ${calendar.entries.length.toLocaleString("en")}${chosen.length === 0 ? "" : ", of the kinds chosen"}. `}
          <a href="/desk/gags">Secrecy orders</a>
        </p>
        <Filter chosen={chosen} />
        {isEmpty(shown) ? (
          <EmptyState title="No clock runs">Clocks start when details are confirmed, notice is given or an order is recorded.</EmptyState>
        ) : (
          <></>
        )}
        {blocks.map((block) => (
          <Block block={block} calendar={shown} desk={desk} register={register} total={totals.get(block.span)?.length ?? 0} first={page === 1} />
        ))}
        <Pages page={page} total={calendar.entries.length} chosen={chosen} />
        <Subscription link={link} />
      </>
    ),
  });
}

function pageOf(text: string | undefined, total: number): number {
  const page = /^[1-9]\d{0,5}$/.test(text ?? "") ? Number(text) : 1;
  return Math.min(page, Math.max(1, Math.ceil(total / pageSize)));
}

function isEmpty({ entries, sealed }: DeskCalendar): boolean {
  return entries.length === 0 && Object.values(sealed).every((cases) => cases.length === 0);
}

function Filter({ chosen }: { readonly chosen: readonly ClockKind[] }) {
  return (
    <form class="desk-filter" method="get" action="/desk/calendar">
      <fieldset>
        <legend>Kinds of clock</legend>
        <div class="desk-three">
          {kinds.map((kind) => (
            <label>
              <input type="checkbox" name="kind" value={kind} checked={chosen.includes(kind)} /> {clockKindWords[kind]}
            </label>
          ))}
        </div>
      </fieldset>
      <Button label="Show these kinds" kind="secondary" />
    </form>
  );
}

interface BlockOf {
  readonly span: Span;
  readonly title: string;
  readonly state: State;
}

const blocks: readonly BlockOf[] = [
  { span: "overdue", title: "Overdue", state: "overdue" },
  { span: "today", title: "Today", state: "due" },
  { span: "week", title: "Next 7 days", state: "due" },
  { span: "later", title: "Later", state: "open" },
  { span: "still", title: "Standing still", state: "held" },
];

interface BlockProps {
  readonly block: BlockOf;
  readonly calendar: DeskCalendar;
  readonly desk: Desk;
  readonly register: ClauseRegister;
  /** All clocks of the block, also those on other pages. */
  readonly total: number;
  /** Sealed cases stand on the first page of a long calendar. */
  readonly first: boolean;
}

function Block({ block: { span, title, state }, calendar, desk, register, total, first }: BlockProps) {
  const entries = calendar.entries.filter((entry) => entry.span === span);
  const sealed = first ? calendar.sealed[span] : [];
  if (entries.length === 0 && sealed.length === 0) return <></>;
  return (
    <section class="desk-block" aria-labelledby={`block-${span}`}>
      <h2 id={`block-${span}`}>
        {`${title} `}
        <StateTag state={state} word={[...counted(total, "clock"), ...counted(sealed.length, "sealed case")].join(", ")} />
      </h2>
      {span === "still" && entries.length > 0 ? (
        <p class="field-hint">
          A challenge to which the law gives that effect, a court, or a clarification suspends these. The days shown are those before it.
        </p>
      ) : (
        <></>
      )}
      {span === "later" ? <Months entries={entries} desk={desk} register={register} /> : <Days entries={entries} desk={desk} register={register} />}
      {sealed.length === 0 ? <></> : <Sealed cases={sealed} />}
    </section>
  );
}

function counted(count: number, what: string): readonly string[] {
  return count === 0 ? [] : [`${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`];
}

interface EntriesProps {
  readonly entries: readonly CalendarEntry[];
  readonly desk: Desk;
  readonly register: ClauseRegister;
}

function Months({ entries, desk, register }: EntriesProps) {
  return (
    <>
      {[...Map.groupBy(entries, ({ day }) => day.slice(0, 7))].map(([month, ofMonth]) => (
        <section class="desk-month" aria-labelledby={`month-${month}`}>
          <h3 id={`month-${month}`}>{monthWords(month)}</h3>
          <Days entries={ofMonth} desk={desk} register={register} />
        </section>
      ))}
    </>
  );
}

const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

function monthWords(month: string): string {
  return `${months[Number(month.slice(5)) - 1]} ${month.slice(0, 4)}`;
}

function Days({ entries, desk, register }: EntriesProps) {
  return (
    <div class="desk-days">
      {[...Map.groupBy(entries, ({ day }) => day)].map(([day, ofDay]) => (
        <div class="desk-day">
          <p class="desk-date">
            <Day day={day} />
          </p>
          <ul class="desk-plain">
            {ofDay.map((entry) => (
              <Entry entry={entry} desk={desk} register={register} />
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

const stateTags: Readonly<Record<CalendarEntry["clock"]["state"], readonly [State, string]>> = {
  open: ["open", "Open"],
  due: ["due", "Due soon"],
  overdue: ["overdue", "Overdue"],
  kept: ["kept", "Kept"],
  suspended: ["held", "Suspended"],
};

function Entry({ entry: { caseId, clock, kind }, desk, register }: { readonly entry: CalendarEntry; readonly desk: Desk; readonly register: ClauseRegister }) {
  const [state, word] = stateTags[clock.state];
  return (
    <li class="desk-entry">
      <div class="desk-entry-head">
        <a href={`/desk/case/${caseId}#clocks`}>{caseId}</a>
        <StateTag state={state} word={word} />
        <span class="desk-kind">{`${clockKindWords[kind]}, ${timeOf(clock.dueAt, desk.zone)}`}</span>
      </div>
      <p class="desk-what">{clock.label}</p>
      <p class="desk-derivation" dir="auto">
        {clock.derivation}
      </p>
      <ClauseChip clause={clock.clause} register={register} />
    </li>
  );
}

/** "23:15 Denver"; the last moment of a day is its end. */
function timeOf(at: string, zone: string): string {
  const words = momentWords(at, zone).split(" ").slice(4).join(" ");
  return words.startsWith("23:59") && at.endsWith("59.999Z") ? words.replace("23:59", "end of day") : words;
}

/** As in every list: the number and nothing else. */
function Sealed({ cases }: { readonly cases: readonly CaseId[] }) {
  return (
    <div class="desk-sealed">
      <p>{`Sealed cases with a clock here: ${cases.length}. Lists show their number only.`}</p>
      <ul>
        {cases.map((caseId) => (
          <li>
            <a href={`/desk/case/${caseId}#clocks`}>{caseId}</a>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Pages({ page, total, chosen }: { readonly page: number; readonly total: number; readonly chosen: readonly ClockKind[] }) {
  const last = Math.max(1, Math.ceil(total / pageSize));
  if (last === 1) return <></>;
  const href = (to: number) => `/desk/calendar?${new URLSearchParams([...chosen.map((kind) => ["kind", kind]), ["page", String(to)]]).toString()}`;
  return (
    <nav class="pagination" aria-label="More clocks">
      {page === 1 ? (
        <span />
      ) : (
        <a rel="prev" href={href(page - 1)}>
          Earlier clocks
        </a>
      )}
      <span>{`Page ${page} of ${last}`}</span>
      {page === last ? (
        <span />
      ) : (
        <a rel="next" href={href(page + 1)}>
          Later clocks
        </a>
      )}
    </nav>
  );
}

function Subscription({ link: { url, until } }: { readonly link: Link }) {
  return (
    <>
      <h2 id="link">In your own calendar</h2>
      <p class="desk-lead">
        <a href="/desk/calendar.ics">Download the dates</a>, or <a href="/desk/calendar.ics?as=tasks">the same as tasks</a>. The file holds case numbers and
        kinds of clock, no names; cases under a secrecy order are not in it.
      </p>
      {url === undefined ? (
        <></>
      ) : (
        <Banner kind="done" title="Give this address to your calendar program. It is shown once.">
          <Copyable id="calendar-link" label="Address of the calendar" value={url} />
        </Banner>
      )}
      <p class="desk-lead">
        {until === undefined
          ? "A link lets a calendar program read these dates without signing in. It opens nothing else, and you can take it back."
          : `Your link works until ${dayWords(until)}. A new one replaces it. It reads these dates and opens nothing else.`}
      </p>
      <div class="actions">
        <form method="post" action="/desk/calendar/link">
          <Button label={until === undefined ? "Make a link" : "Make a new link"} kind="secondary" />
        </form>
        {until === undefined ? (
          <></>
        ) : (
          <form method="post" action="/desk/calendar/link/revoke">
            <Button label="Take the link back" kind="danger" />
          </form>
        )}
      </div>
    </>
  );
}
