// What the program does by itself for partners when time passes or facts arrive: reminders, checks in the night, and word to those who asked for it.
import type { Actor, PartnerId } from "../kernel/ids.ts";
import { partnerStream } from "../kernel/ids.ts";
import type { Sealed } from "../ledger/port.ts";
import type { Json } from "../ledger/canonical-json.ts";
import { dutiesOf } from "../partners/duties.ts";
import { isSettled, lineOf, type Duty } from "../partners/duty.ts";
import type { PartnerFact } from "../partners/partner-facts.ts";
import type { PartnerCircumstances, PartnerHistory } from "../partners/partner.ts";
import type { Side } from "../policy/contract-pack.ts";
import { dueReminders, type PlannedReminder } from "../partners/reminders/reminder-steps.ts";
import type { Desk } from "./desk.ts";
import { faceUrl } from "./owner-notice.ts";
import { appendPartnerFacts, partnerCircumstances, partnerDetails, readPartner, takePartnerStep } from "./partners.ts";
import { renewPartners } from "./project-partners.ts";
import { reminderLetter } from "./reminder-letter.ts";
import { announce } from "./send-webhooks.ts";

const byDesk = "desk" as Actor;
const atOnce = 200;
const mostRounds = 100;

/** Goes through every partner for whom time has changed something. Safe to call at any time and as often as one likes. */
export async function wakePartners(desk: Desk): Promise<number> {
  let woken = 0;
  for (let round = 0; round < mostRounds; round++) {
    const some = await wakeSome(desk);
    woken += some;
    if (some < atOnce) break;
  }
  return woken;
}

async function wakeSome(desk: Desk): Promise<number> {
  const waking = await desk.ports.partnerViews.waking(desk.id, desk.ports.clock.now(), atOnce);
  if (waking.length === 0) return 0;
  // One partner that cannot be woken must not keep the others asleep; it is tried again in the next round.
  const fates = await Promise.allSettled(waking.map((partner) => wakePartner(desk, partner)));
  await renewPartners(desk, waking);
  const failed = fates.find((fate) => fate.status === "rejected");
  if (failed !== undefined) throw new Error("a partner could not be woken", { cause: failed.reason });
  return waking.length;
}

async function wakePartner(desk: Desk, partner: PartnerId): Promise<void> {
  // Refused when nothing changed.
  await takePartnerStep(desk, { partner, by: byDesk, askers: ["desk"], command: { type: "RecheckTransfers" } });
  for (const side of ["partner", "vendor"] as const) await remindSide(desk, partner, side);
}

async function remindSide(desk: Desk, partner: PartnerId, side: Side): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) if (await remind(desk, partner, side)) return;
  throw new Error("the partner changed again and again while it was reminded");
}

/** One letter for everything that one side is to be reminded of; false when somebody was faster. */
async function remind(desk: Desk, partner: PartnerId, side: Side): Promise<boolean> {
  const history = await readPartner(desk, partner);
  const at = await partnerCircumstances(desk, byDesk);
  const duties = dutiesOf(history, at);
  const { give, missed, overdue } = dueReminders(
    duties.filter(({ owedBy }) => owedBy === side),
    history,
    at.now,
  );
  if (give.length + missed.length + overdue.length === 0) return true;
  const letter = give.length === 0 ? undefined : await writeReminder(desk, { partner, side, history, at, give, duties });
  const given: readonly PartnerFact[] =
    letter === undefined
      ? give.map(({ duty, percent, at: planned }) => ({ type: "ReminderMissed", duty, percent, planned, why: "NO_ADDRESS" }))
      : [
          { type: "PartnerLetterWritten", letter: letter.id, kind: "reminder" },
          ...give.map(({ duty, percent, at: planned }) => ({ type: "ReminderGiven" as const, duty, percent, planned, letter: letter.id })),
        ];
  const version = await appendPartnerFacts(desk, {
    partner,
    by: byDesk,
    expectedVersion: history.length,
    facts: [...overdue, ...missed, ...given],
    alongside: letter?.alongside ?? {},
  });
  return version !== undefined;
}

interface Reminding {
  readonly partner: PartnerId;
  readonly history: PartnerHistory;
  readonly at: PartnerCircumstances;
  readonly side: Side;
  readonly give: readonly PlannedReminder[];
  readonly duties: readonly Duty[];
}

/** To the partner's mailbox for notices, or to the company's own; undefined where there is none. */
async function writeReminder(desk: Desk, { partner, side, history, at, give, duties }: Reminding) {
  const details = await partnerDetails(desk, history);
  const to = side === "partner" ? details?.notices : desk.profile.mailboxes[0];
  if (to === undefined) return undefined;
  const due = give.flatMap(({ duty: id }) => {
    const duty = duties.find((each) => each.id === id);
    return duty === undefined ? [] : [{ duty, clauses: duties.filter((each) => lineOf(each) === lineOf(duty)).map(({ clause }) => clause) }];
  });
  const [name, path] = side === "partner" ? [details?.name ?? partner, "/partner"] : ["the desk", `/desk/partners/${partner}`];
  const content = { to, ...reminderLetter({ partner, name, company: desk.profile.legalEntity, url: faceUrl(desk, path), due, owedBy: side, history, at }) };
  const { values, alongside } = await desk.ports.vault.prepare(desk.id, partner, [content as unknown as Json]);
  const [sealed] = values;
  if (sealed === undefined) throw new Error("the vault sealed nothing");
  const id = desk.ports.chance.id();
  return { id, alongside: { ...alongside, letters: [{ letterId: id, stream: partnerStream(partner), content: sealed.vault }] } };
}

/** Tells the endpoints that asked for it. May be repeated: each message names its fact, and none goes out twice. */
export async function reactToPartners(desk: Desk, facts: readonly Sealed[]): Promise<void> {
  const touched = Map.groupBy(
    facts.filter(({ stream }) => stream.startsWith("partner:")),
    ({ stream }) => stream.slice("partner:".length) as PartnerId,
  );
  for (const [partner, some] of touched) {
    const history = await readPartner(desk, partner);
    const at = await partnerCircumstances(desk, byDesk);
    for (const sealed of some) await tell(desk, partner, sealed);
    await tellWhatIsMet(desk, partner, some, history, at);
  }
}

async function tell(desk: Desk, partner: PartnerId, { version, at: when, by, fact }: Sealed): Promise<void> {
  const message = `${partnerStream(partner)}:${version}`;
  const known = fact as unknown as PartnerFact;
  if (known.type === "DutyFellOverdue")
    await tellBoth(desk, partner, {
      message: `${message}:overdue`,
      type: "duty.overdue",
      at: when,
      data: { duty: code(known.duty), clause: known.clause, dueAt: known.dueAt },
    });
  if (known.type === "ReminderGiven")
    await tellBoth(desk, partner, { message: `${message}:soon`, type: "duty.due-soon", at: when, data: { duty: code(known.duty), percent: known.percent } });
  if (known.type === "ObjectionMade" || known.type === "BreachNoticed")
    await announce(desk, partner, { message: `${message}:objected`, type: "partner.objected", at: when, data: { partner, fact: known.type, version } });
  if (by.startsWith("partner:"))
    await announce(desk, "desk", { message: `${message}:reported`, type: "partner.reported", at: when, data: { partner, fact: known.type, version } });
}

type Announcement = Parameters<typeof announce>[2];

async function tellBoth(desk: Desk, partner: PartnerId, { data, ...rest }: Announcement): Promise<void> {
  for (const audience of [partner, "desk"]) await announce(desk, audience, { ...rest, data: { partner, ...data } });
}

/** Compared once for all facts that came together: a sales ledger makes hundreds at once. */
async function tellWhatIsMet(desk: Desk, partner: PartnerId, facts: readonly Sealed[], history: PartnerHistory, at: PartnerCircumstances): Promise<void> {
  const [first, newest] = [facts[0], facts.at(-1)];
  if (first === undefined || newest === undefined) return;
  const now = { ...at, now: newest.at };
  const open = new Set(dutiesOf(history.slice(0, first.version - 1), now).flatMap((duty) => (isSettled(duty) ? [] : [duty.id])));
  for (const duty of dutiesOf(history.slice(0, newest.version), now)) {
    if (!isSettled(duty) || !open.has(duty.id)) continue;
    const message = `${partnerStream(partner)}:met:${duty.id}:${duty.settledAt ?? ""}`;
    await tellBoth(desk, partner, { message, type: "duty.met", at: newest.at, data: { duty: code(duty.id), clause: duty.clause, state: duty.state } });
  }
}

/** A duty's id may hold a name of the partner's own, such as that of a store: only what is before it is told, and a sign that tells two apart. */
function code(duty: string): string {
  return duty.replaceAll(/[^\w.:#+()-]/g, "_").slice(0, 120);
}
