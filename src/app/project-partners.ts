// Keeps the lists of partners and duties in step with the ledger: thrown away, they are counted again from position zero.
import type { Actor, PartnerId } from "../kernel/ids.ts";
import { dutiesOf, isDisputed, nextChange } from "../partners/duties.ts";
import { lineOf, type Duty } from "../partners/duty.ts";
import { last, type PartnerCircumstances, type PartnerHistory } from "../partners/partner.ts";
import { standingOf } from "../partners/standing.ts";
import { dueReminders } from "../partners/reminders/reminder-steps.ts";
import { recheck } from "../partners/transfers/transfer-steps.ts";
import { openDisputes } from "../partners/agreements/disputes.ts";
import type { Desk } from "./desk.ts";
import { partnerCircumstances, readPartner } from "./partners.ts";
import type { DutyRow, ProjectedPartner } from "./ports.ts";

const batch = 500;
const partnersAtOnce = 20;

/** Reads what was sealed since the last time and renews the rows of the partners it touches. Returns how many facts it saw. */
export async function projectPartners(desk: Desk): Promise<number> {
  const views = desk.ports.partnerViews;
  let seen = 0;
  for (;;) {
    const from = await views.position(desk.id);
    const facts = await desk.ports.ledger.readSealed(desk.id, from, batch);
    if (facts.length === 0) return seen;
    const partners = [...new Set(facts.flatMap(({ stream }) => (stream.startsWith("partner:") ? [stream.slice("partner:".length) as PartnerId] : [])))];
    // An election for every contract may change what any partner owes.
    const all = facts.some(({ stream }) => stream === "elections") ? await everyPartner(desk) : [];
    if (await views.advance(desk.id, from, from + facts.length, await projected(desk, [...new Set([...partners, ...all])]))) seen += facts.length;
  }
}

async function everyPartner(desk: Desk): Promise<readonly PartnerId[]> {
  const found: PartnerId[] = [];
  let after: { readonly sort: string; readonly partner: string } | undefined;
  for (;;) {
    const rows = await desk.ports.partnerViews.partners(desk.id, {
      late: false,
      limit: batch,
      now: desk.ports.clock.now(),
      ...(after === undefined ? {} : { after }),
    });
    found.push(...rows.map(({ partner }) => partner));
    const end = rows.at(-1);
    if (rows.length < batch || end === undefined) return found;
    after = { sort: end.nextDueAt ?? "~", partner: end.partner };
  }
}

/** Renews the rows of partners that stand differently because time has passed. */
export async function renewPartners(desk: Desk, partners: readonly PartnerId[]): Promise<void> {
  const position = await desk.ports.partnerViews.position(desk.id);
  // Another projector that was faster has read the same clock.
  await desk.ports.partnerViews.advance(desk.id, position, position, await projected(desk, partners));
}

async function projected(desk: Desk, partners: readonly PartnerId[]): Promise<readonly ProjectedPartner[]> {
  const rows: ProjectedPartner[] = [];
  for (let from = 0; from < partners.length; from += partnersAtOnce) {
    const at = await partnerCircumstances(desk, "desk" as Actor);
    const some = partners.slice(from, from + partnersAtOnce);
    const found = await Promise.allSettled(some.map(async (partner) => projectPartner(partner, await readPartner(desk, partner), at)));
    // One partner that cannot be read keeps its old rows, and keeps nobody else from new ones.
    rows.push(...found.flatMap((each) => (each.status === "fulfilled" && each.value !== undefined ? [each.value] : [])));
  }
  return rows;
}

/** What the lists hold of one partner; undefined for one without a fact. */
function projectPartner(partner: PartnerId, history: PartnerHistory, at: PartnerCircumstances): ProjectedPartner | undefined {
  const registered = last(history, "PartnerRegistered")?.fact;
  if (registered === undefined) return undefined;
  const duties = dutiesOf(history, at);
  const own = duties.filter(({ owedBy, state, isRight }) => owedBy === "partner" && isRight !== true && (state === "open" || state === "overdue"));
  const next = own.find(({ dueAt }) => dueAt !== undefined);
  const changes = hasWork(history, at, duties) ? at.now : nextChange(history, at, duties);
  const { signed, runs } = standingOf(history, at);
  return {
    row: {
      partner,
      country: registered.country,
      state: signed === undefined ? "registered" : runs ? "in-force" : "ended",
      open: Map.groupBy(own, lineOf).size,
      disputed: openDisputes(history).length,
      ...(next?.dueAt === undefined ? {} : { nextDueAt: next.dueAt, nextDue: next.label }),
    },
    duties: rowsOf(duties, history),
    ...(changes === undefined ? {} : { nextChangeAt: changes }),
  };
}

/** What fell due while nobody looked is done at once: a list that is made late must not lose a reminder. */
function hasWork(history: PartnerHistory, at: PartnerCircumstances, duties: readonly Duty[]): boolean {
  const { give, missed, overdue } = dueReminders(duties, history, at.now);
  return give.length + missed.length + overdue.length + recheck(history, at).length > 0;
}

function rowsOf(duties: readonly Duty[], history: PartnerHistory): ProjectedPartner["duties"] {
  return [...Map.groupBy(duties, lineOf).values()].flatMap((line) =>
    line.map((duty, index) => ({ ...dutyRow(duty, history), ...(index === 0 ? { also: line.length - 1 } : {}) })),
  );
}

function dutyRow(duty: Duty, history: PartnerHistory): Omit<DutyRow, "partner"> {
  const { id, clause, label, owedBy, dueAt, state, isRight } = duty;
  return {
    duty: id,
    clause,
    label,
    owedBy,
    state: state === "overdue" ? "open" : state,
    ...(dueAt === undefined ? {} : { dueAt }),
    isRight: isRight === true,
    isDisputed: isDisputed(duty, history),
  };
}
