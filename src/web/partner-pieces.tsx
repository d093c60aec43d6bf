// What the partner's pages and the desk's show alike of one partner: duties with their clocks, the record, statements.
import type { PartnerView } from "../app/partners.ts";
import { lineOf, type Duty } from "../partners/duty.ts";
import type { PartnerHistory } from "../partners/partner.ts";
import { zoneOf } from "../partners/partner.ts";
import { accountOf, standingStatements } from "../partners/statements/statement-steps.ts";
import { standingOf } from "../partners/standing.ts";
import { ClauseChip, type ClauseRegister } from "./look/clause-chip.tsx";
import { Clock } from "./look/clock.tsx";
import { Reasons } from "./look/forms.tsx";
import { Moment } from "./look/moment.tsx";
import { EmptyState, Table } from "./look/records.tsx";
import { StateTag } from "./look/state-tag.tsx";
import { factSentence, tagOf } from "./partner-words.ts";

/** What one paper confirms is one line: a partner files it once. */
export interface DutyLine {
  readonly label: string;
  readonly clauses: readonly string[];
  readonly duty: Duty;
}

export function linesOf(duties: readonly Duty[]): readonly DutyLine[] {
  const groups = Map.groupBy(duties, lineOf);
  return [...groups.values()].flatMap((group) => {
    const [duty] = group;
    return duty === undefined ? [] : [{ label: duty.label, clauses: group.map(({ clause }) => clause), duty }];
  });
}

interface DutyTableProps {
  readonly caption: string;
  readonly duties: readonly Duty[];
  readonly view: PartnerView;
  readonly register: ClauseRegister;
  /** Address of a duty's own page. */
  readonly hrefOf: (duty: Duty) => string;
  readonly disputed: ReadonlySet<string>;
}

const columns = [
  { key: "what", head: "What" },
  { key: "due", head: "By when" },
  { key: "state", head: "Standing" },
  { key: "clause", head: "Why" },
] as const;

export function DutyTable({ caption, duties, view, register, hrefOf, disputed }: DutyTableProps) {
  const zone = zoneOf(view.history, view.at);
  return (
    <Table
      caption={caption}
      quietCaption
      columns={columns}
      empty={<EmptyState title="Nothing here">There is nothing of this kind now.</EmptyState>}
      rows={linesOf(duties).map(({ label, clauses, duty }) => ({
        href: hrefOf(duty),
        cells: {
          what: label,
          due: duty.dueAt === undefined ? "No end while it is suspended" : <Moment at={duty.dueAt} zone={zone} />,
          state: <DutyTags duty={duty} now={view.at.now} isDisputed={disputed.has(duty.id)} />,
          clause: <Chips clauses={clauses} register={register} />,
        },
      }))}
    />
  );
}

function DutyTags({ duty, now, isDisputed }: { readonly duty: Duty; readonly now: string; readonly isDisputed: boolean }) {
  const { state, word } = tagOf(duty, now);
  return (
    <>
      <StateTag state={state} word={word} />
      {isDisputed ? <StateTag state="held" word="Disputed" /> : <></>}
    </>
  );
}

const shownChips = 3;

function Chips({ clauses, register }: { readonly clauses: readonly string[]; readonly register: ClauseRegister }) {
  return (
    <>
      {clauses.slice(0, shownChips).map((clause) => (
        <>
          <ClauseChip clause={clause} register={register} />{" "}
        </>
      ))}
      {clauses.length > shownChips ? <span>and {clauses.length - shownChips} more</span> : <></>}
    </>
  );
}

const clockState = { open: "open", suspended: "suspended", met: "kept", late: "kept", overdue: "overdue", excused: "kept" } as const;

/** The clock of a duty with its derivation; a duty without an end says why in words. */
export function DutyClock({ duty, view, register }: { readonly duty: Duty; readonly view: PartnerView; readonly register: ClauseRegister }) {
  const zone = zoneOf(view.history, view.at);
  const { label, began, dueAt, derivation, clause, state, settledAt, findings } = duty;
  const isSoon = tagOf(duty, view.at.now).state === "due";
  return (
    <>
      {dueAt === undefined ? (
        <section class="clock" aria-label={`Clock: ${label}`}>
          <div class="clock-head">
            <h3 class="clock-label">{label}</h3>
            <StateTag state="held" word="Suspended" />
          </div>
          <div class="clock-derivation">
            <span dir="auto">{derivation}</span> <ClauseChip clause={clause} register={register} />
          </div>
        </section>
      ) : (
        <Clock
          label={label}
          startedAt={began ?? dueAt}
          dueAt={dueAt}
          now={view.at.now}
          zone={zone}
          derivation={derivation}
          clause={clause}
          register={register}
          state={isSoon && state === "open" ? "due" : clockState[state]}
          stoppedAt={settledAt}
        />
      )}
      {findings.length === 0 ? <></> : <Reasons reasons={findings} register={register} />}
    </>
  );
}

/** Every fact of the partner, newest first; `hrefOf` gives the page of a fact's words or proof. */
export function RecordList({
  history,
  zone,
  hrefOf,
}: {
  readonly history: PartnerHistory;
  readonly zone: string;
  readonly hrefOf: (version: number) => string;
}) {
  return (
    <Table
      caption="Record"
      quietCaption
      columns={[
        { key: "fact", head: "Fact" },
        { key: "what", head: "What happened" },
        { key: "at", head: "Recorded" },
      ]}
      empty={<EmptyState title="Nothing on record">What is reported stands here.</EmptyState>}
      rows={history.toReversed().map(({ version, at, by, fact }) => ({
        href: hrefOf(version),
        cells: {
          fact: String(version),
          what: factSentence(fact),
          at: (
            <>
              <Moment at={at} zone={zone} /> by the {by.startsWith("partner:") ? "partner" : by === "desk" ? "program" : "company"}
            </>
          ),
        },
      }))}
    />
  );
}

export function StatementList({ view, hrefOf }: { readonly view: PartnerView; readonly hrefOf: (statement: string) => string }) {
  const { today } = standingOf(view.history, view.at);
  return (
    <Table
      caption="Statements"
      quietCaption
      columns={[
        { key: "month", head: "Month" },
        { key: "share", head: "Share", figures: true },
        { key: "paid", head: "Paid", figures: true },
        { key: "interest", head: "Interest", figures: true },
        { key: "open", head: "Open", figures: true },
      ]}
      empty={<EmptyState title="No statement yet">A statement is made when its month is over.</EmptyState>}
      rows={standingStatements(view.history)
        .toSorted((one, other) => (one.month < other.month ? 1 : -1))
        .map((statement) => {
          const account = accountOf(statement, today, view.history, view.at);
          return {
            href: hrefOf(statement.statement),
            cells: {
              month: statement.month,
              share: `${statement.currency} ${account.share}`,
              paid: account.paid,
              interest: account.interest,
              open: account.open,
            },
          };
        })}
    />
  );
}
