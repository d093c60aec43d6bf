// Return and deletion on record: by when, which stores, what is held back and why, and a certificate that says no more than was done (DPA-10).
import { addDays, endOfDay, startOfDay, type Day, type Instant } from "../../kernel/instant.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { dayWords, dueBy } from "../../policy/deadline-rule.ts";
import { askChoice, askDay, askKey, askMoment, askOne, askPaper, askWords, optional, type AskedChoice } from "../asks.ts";
import { ruleOf, stateOf, type Duty } from "../duty.ts";
import type { Side } from "../../policy/contract-pack.ts";
import { all, happenedOn, maybeSealed, partnerStep, receivedAt, sideOf, zoneOf, type PartnerCircumstances, type PartnerHistory } from "../partner.ts";
import { standingOf, termsOf } from "../standing.ts";
import { deletionDue } from "./deletion-due.ts";
import { holdGrounds, storeKinds } from "./events.ts";

const refuse = (clause: string, code: string, because: string): Reason => ({ clause, code, because });
const howWords = { return: "Return", delete: "Delete", both: "Return and delete" } as const;

export interface Hold {
  readonly hold: string;
  readonly store: string;
  readonly ground: keyof typeof holdGrounds;
  readonly by: Side;
  readonly until?: Day;
  /** From when it counts; absent while counsel has not confirmed a partner's. */
  readonly from?: Instant;
  /** When it was lifted, or its last day was over. */
  readonly to?: Instant;
}

/** Every hold with the time in which it keeps its store, as far as it is known now. */
function holdsOf(history: PartnerHistory, at: PartnerCircumstances): readonly Hold[] {
  const placed = all(history, "HoldPlaced");
  return placed
    .filter(({ fact }) => fact.isConfirmed !== true)
    .map(({ fact: { hold, store, ground, by, until }, at: recorded }) => {
      const isConfirmed = by === "vendor" || placed.some(({ fact }) => fact.hold === hold && fact.isConfirmed === true);
      const from = isConfirmed ? recorded : undefined;
      const lifted = all(history, "HoldLifted").find(({ fact }) => fact.hold === hold)?.at;
      const over = until === undefined ? undefined : startOfDay(addDays(until, 1), zoneOf(history, at));
      const to = [lifted, over].flatMap((each) => (each !== undefined && each <= at.now ? [each] : [])).toSorted()[0];
      return {
        hold,
        store,
        ground,
        by,
        ...(until === undefined ? {} : { until }),
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
      };
    });
}

/** Neither lifted nor over, whether counsel has confirmed them or not. */
export function openHolds(history: PartnerHistory, at: PartnerCircumstances): readonly Hold[] {
  return holdsOf(history, at).filter(({ to }) => to === undefined);
}

export interface Store {
  readonly store: string;
  readonly kind: keyof typeof storeKinds;
  /** Absent when it was not cleared since the data last had to go. */
  readonly clearedOn?: Day;
  readonly isHeld: boolean;
}

interface Clearing {
  readonly store: string;
  readonly on: Day;
  /** A partner's word counts from its record; the company's own, from the day that it gives. */
  readonly at: Instant;
}

function clearingsOf(history: PartnerHistory, at: PartnerCircumstances): readonly Clearing[] {
  const zone = zoneOf(history, at);
  return all(history, "StoreCleared")
    .map(({ fact: { store, on }, at: recorded, by }) => ({ store, on, at: sideOf({ by }) === "partner" ? recorded : startOfDay(on, zone) }))
    .toSorted((one, other) => (one.at < other.at ? -1 : 1));
}

function storesOf(history: PartnerHistory, at: PartnerCircumstances): readonly Store[] {
  const holds = openHolds(history, at);
  const since = triggersOf(history, at)
    .map(({ from }) => from)
    .filter((from) => from <= at.now)
    .toSorted()
    .at(-1);
  const clearings = clearingsOf(history, at).filter((each) => since === undefined || each.at >= since);
  return all(history, "StoreNamed").map(({ fact: { store, kind } }) => {
    const clearedOn = clearings.findLast((each) => each.store === store)?.on;
    return {
      store,
      kind,
      ...(clearedOn === undefined ? {} : { clearedOn }),
      isHeld: holds.some((hold) => hold.store === store && hold.from !== undefined),
    };
  });
}

export const askDeletion = partnerStep({
  name: "AskDeletion",
  label: "Ask to return or delete the data",
  topic: "deletions",
  clauses: ["DPA-10a", "DPA-10b"],
  askers: ["vendor"],
  offered: (history, at) => standingOf(history, at).signed !== undefined,
  asks: { receivedOn: askDay("The partner received the written request on"), how: askChoice("What the company chooses", howWords) },
  facts: ({ receivedOn, how }, _, at) => [{ type: "DeletionAsked", request: at.fresh, receivedOn, how }],
});

const storeChoices =
  (which: (store: Store) => boolean) =>
  (history: PartnerHistory, at: PartnerCircumstances): readonly AskedChoice[] =>
    storesOf(history, at)
      .filter(which)
      .map(({ store, kind }) => ({ value: store, label: `${store} (${storeKinds[kind].toLowerCase()})` }));
const uncleared = ({ clearedOn }: Store) => clearedOn === undefined;

export const nameStore = partnerStep({
  name: "NameStore",
  label: "Name a store that holds the company's data",
  topic: "deletions",
  clauses: ["DPA-10a", "DPA-10e"],
  askers: ["partner", "vendor"],
  asks: { store: askKey("Its name", { hint: "A code of yours, without anybody's name." }), kind: askChoice("What it is", storeKinds) },
  against: ({ store }, history) =>
    all(history, "StoreNamed").some(({ fact }) => fact.store === store) ? [refuse("DPA-10a", "KNOWN", "A store of this name is on record.")] : [],
  facts: ({ store, kind }) => [{ type: "StoreNamed", store, kind }],
});

export const placeHold = partnerStep({
  name: "PlaceHold",
  label: "Hold a store back from deletion",
  topic: "deletions",
  clauses: ["DPA-10a"],
  askers: ["counsel", "partner"],
  offered: (history, at) => storesOf(history, at).some(uncleared),
  asks: {
    store: askOne("Which store", storeChoices(uncleared)),
    ground: askChoice("On which ground", holdGrounds),
    until: optional(askDay("Its last day", { mayLieAhead: true })),
    words: askWords("The paper it rests on, and exactly what it names"),
  },
  against: ({ store, until }, history, at) => [
    ...(storesOf(history, at).some((each) => each.store === store && uncleared(each))
      ? []
      : [refuse("DPA-10a", "NOTHING_TO_HOLD", "There is no such store, or it is cleared. Name it first.")]),
    ...(until !== undefined && until < standingOf(history, at).today
      ? [refuse("DPA-10a", "IN_THE_PAST", "The hold is over already. Enter a last day that is still to come.")]
      : []),
  ],
  facts: ({ store, ground, until }, _, at) => [
    { type: "HoldPlaced", hold: at.fresh, store, ground, ...(until === undefined ? {} : { until }), by: sideOf(at), ...maybeSealed(at) },
  ],
});

const holdChoices =
  (which: (hold: Hold, at: PartnerCircumstances) => boolean) =>
  (history: PartnerHistory, at: PartnerCircumstances): readonly AskedChoice[] =>
    openHolds(history, at)
      .filter((hold) => which(hold, at))
      .map(({ hold, store, ground }) => ({ value: hold, label: `${store}: ${holdGrounds[ground].toLowerCase()}` }));
const isOwn = ({ by }: Hold, at: PartnerCircumstances): boolean => by === sideOf(at);
const isUnconfirmed = ({ from }: Hold): boolean => from === undefined;

export const confirmHold = partnerStep({
  name: "ConfirmHold",
  label: "Confirm a partner's hold",
  topic: "deletions",
  clauses: ["DPA-10a"],
  askers: ["counsel"],
  offered: (history, at) => holdChoices(isUnconfirmed)(history, at).length > 0,
  asks: { hold: askOne("Which hold", holdChoices(isUnconfirmed)), words: optional(askWords("Why it holds")) },
  against: ({ hold }, history, at) =>
    openHolds(history, at).some((each) => each.hold === hold && isUnconfirmed(each))
      ? []
      : [refuse("DPA-10a", "NO_SUCH_HOLD", "There is no such hold that waits for its confirmation. Choose one of the list.")],
  facts: ({ hold }, history, at) =>
    all(history, "HoldPlaced").flatMap(({ fact }) =>
      fact.hold === hold
        ? [
            {
              type: "HoldPlaced" as const,
              hold,
              store: fact.store,
              ground: fact.ground,
              ...(fact.until === undefined ? {} : { until: fact.until }),
              by: fact.by,
              isConfirmed: true as const,
              ...maybeSealed(at),
            },
          ]
        : [],
    ),
});

export const liftHold = partnerStep({
  name: "LiftHold",
  label: "Lift a hold",
  topic: "deletions",
  clauses: ["DPA-10a"],
  askers: ["counsel", "partner"],
  offered: (history, at) => holdChoices(isOwn)(history, at).length > 0,
  asks: { hold: askOne("Which hold", holdChoices(isOwn)), on: askDay("Lifted on") },
  against: ({ hold }, history, at) => {
    const found = openHolds(history, at).find((each) => each.hold === hold);
    if (found === undefined) return [refuse("DPA-10a", "NO_SUCH_HOLD", "There is no such open hold. Choose one of the list.")];
    return isOwn(found, at) ? [] : [refuse("DPA-10a", "NOT_YOURS_TO_LIFT", "The side that placed a hold lifts it. Ask them.")];
  },
  facts: ({ hold, on }, history, at) => [{ type: "HoldLifted", hold, on: happenedOn(on, history, at) }],
});

export const clearStore = partnerStep({
  name: "ClearStore",
  label: "Record that a store was cleared",
  topic: "deletions",
  clauses: ["DPA-10a", "DPA-10b"],
  askers: ["partner", "vendor"],
  offered: (history, at) => storesOf(history, at).some(uncleared),
  asks: {
    store: askOne("Which store", storeChoices(uncleared)),
    on: askDay("On which day"),
    how: askChoice("How", { returned: "Returned", deleted: "Deleted", overwritten: "Overwritten in its cycle" }),
    words: optional(askWords("How it was done")),
    file: optional(askPaper("The log")),
  },
  against: ({ store }, history, at) => {
    const found = storesOf(history, at).find((each) => each.store === store);
    if (found === undefined) return [refuse("DPA-10a", "NO_SUCH_STORE", "There is no such store. Name it first.")];
    return [
      ...(found.isHeld ? [refuse("DPA-10a", "HELD", "A hold keeps this store. Lift it first; everything else is cleared in time.")] : []),
      ...(found.clearedOn === undefined ? [] : [refuse("DPA-10a", "CLEARED", "It was cleared, and nothing has made its data due since.")]),
    ];
  },
  facts: ({ store, on, how }, history, at) => [{ type: "StoreCleared", store, on: happenedOn(on, history, at), how, ...maybeSealed(at) }],
});

export const askCertificate = partnerStep({
  name: "AskCertificate",
  label: "Ask for the certificate of deletion",
  topic: "deletions",
  clauses: ["DPA-10d"],
  askers: ["vendor"],
  asks: { receivedAt: askMoment("When the partner received the written request") },
  facts: ({ receivedAt: received }, _, at) => [{ type: "CertificateAsked", asked: at.fresh, receivedAt: received }],
});

export const giveCertificate = partnerStep({
  name: "GiveCertificate",
  label: "Certify the deletion",
  topic: "deletions",
  clauses: ["DPA-10c", "DPA-10d"],
  askers: ["partner", "vendor"],
  asks: {
    through: askDay("Nothing is left through", { hint: "The day of which the certificate speaks." }),
    receivedAt: optional(askMoment("When it reached us", { deskOnly: true })),
    words: askWords("Who signs, in which function"),
    file: optional(askPaper("The signed certificate")),
  },
  against: ({ through }, history, at) => {
    const stores = storesOf(history, at);
    const left = stores.filter((store) => uncleared(store) && !store.isHeld);
    const late = stores.filter(({ clearedOn }) => clearedOn !== undefined && clearedOn > through);
    const { ended } = standingOf(history, at);
    const cleared = stores.filter((store) => !uncleared(store));
    return [
      ...(stores.length > 0 && left.length === 0 && cleared.length === 0
        ? [refuse("DPA-10d", "ONLY_HELD", "Every store is held: there is nothing yet to certify. Certify when the first one is cleared.")]
        : []),
      ...(stores.length === 0
        ? [refuse("DPA-10d", "NO_STORE", "A certificate names the stores that were cleared, backups included, and none is on record. Name them first.")]
        : []),
      ...left.map(({ store }) => refuse("DPA-10d", "NOT_CLEARED", `The store ${store} is neither cleared nor held. Clear it, or show what holds it.`)),
      ...late.map(({ store, clearedOn }) =>
        refuse(
          "DPA-10d",
          "WRONG_PERIOD",
          `The store ${store} was cleared on ${dayWords(clearedOn ?? through)}, after the day of which the certificate speaks. Certify through that day or later.`,
        ),
      ),
      ...(ended !== undefined && through < ended.on
        ? [
            refuse(
              "DPA-10d",
              "WRONG_PERIOD",
              `The agreement ended on ${dayWords(ended.on)}: a certificate through ${dayWords(through)} says nothing about what came in after it. Certify a later day.`,
            ),
          ]
        : []),
    ];
  },
  facts: ({ through, receivedAt: said }, history, at) => {
    const stores = storesOf(history, at);
    return [
      {
        type: "CertificateGiven",
        certificate: at.fresh,
        at: receivedAt(said, at),
        through,
        stores: stores.filter((store) => !uncleared(store)).map(({ store }) => store),
        held: stores.filter((store) => uncleared(store)).map(({ store }) => store),
        ...maybeSealed(at),
      },
    ];
  },
});

export function deletionDuties(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  return [...clearingDuties(history, at), ...certificateDuties(history, at)];
}

/** What makes the data go: the end of an agreement, or a written request. */
interface Trigger {
  readonly id: string;
  readonly clause: "DPA-10a" | "DPA-10b";
  readonly on: Day;
  /** What was cleared before this moment was cleared for something else. */
  readonly from: Instant;
  readonly lastDay: Day;
  readonly derivation: string;
}

function triggersOf(history: PartnerHistory, at: PartnerCircumstances): readonly Trigger[] {
  const zone = zoneOf(history, at);
  const counted = (clause: "DPA-10a" | "DPA-10b", on: Day) => {
    const due = deletionDue({
      zone,
      ...(clause === "DPA-10a" ? { terminatedOn: on } : {}),
      requestsReceivedOn: clause === "DPA-10b" ? [on] : [],
      holds: [],
    });
    return { clause, on, lastDay: due.lastDay, derivation: due.derivation };
  };
  return [
    ...termsOf(history).flatMap(({ ended }) =>
      ended === undefined ? [] : [{ ...counted("DPA-10a", ended.on), id: `DPA-10a:${ended.on}`, from: startOfDay(addDays(ended.on, 1), zone) }],
    ),
    ...all(history, "DeletionAsked").map(({ fact: { request, receivedOn } }) => ({
      ...counted("DPA-10b", receivedOn),
      id: `DPA-10b:${request}`,
      from: startOfDay(receivedOn, zone),
    })),
  ];
}

/** How each store stands towards one trigger. */
interface Going {
  readonly store: string;
  readonly namedAt: Instant;
  readonly clearedAt?: Instant;
  readonly isHeld: boolean;
  /** Held in time and free again: from then on it has a time of its own. */
  readonly freeAt?: Instant;
  /** A hold that came in time keeps it out of what is due; one that came too late excuses nothing. */
  readonly wasHeldInTime: boolean;
}

function goingOf({ from, lastDay }: Trigger, history: PartnerHistory, at: PartnerCircumstances): readonly Going[] {
  const dueAt = endOfDay(lastDay, zoneOf(history, at));
  const clearings = clearingsOf(history, at);
  const holds = holdsOf(history, at);
  return all(history, "StoreNamed").map(({ fact: { store }, at: recorded }): Going => {
    const clearedAt = clearings.find((each) => each.store === store && each.at >= from)?.at;
    const own = holds.filter(
      (hold) =>
        hold.store === store && hold.from !== undefined && (clearedAt === undefined || hold.from < clearedAt) && (hold.to === undefined || hold.to >= from),
    );
    const isHeld = clearedAt === undefined && own.some(({ to }) => to === undefined);
    const freeAt = own
      .flatMap(({ to }) => (to === undefined ? [] : [to]))
      .toSorted()
      .at(-1);
    const namedAt = clearedAt !== undefined && clearedAt < recorded ? clearedAt : recorded;
    return {
      store,
      namedAt,
      isHeld,
      wasHeldInTime: own.some((hold) => hold.from !== undefined && hold.from <= dueAt),
      ...(clearedAt === undefined ? {} : { clearedAt }),
      ...(freeAt === undefined ? {} : { freeAt }),
    };
  });
}

/** When the last of them was cleared; absent while one is left. */
function doneAt(stores: readonly Going[]): Instant | undefined {
  const cleared = stores.flatMap(({ clearedAt }) => (clearedAt === undefined ? [] : [clearedAt]));
  return stores.length > 0 && cleared.length === stores.length ? cleared.toSorted().at(-1) : undefined;
}

/** Those that were on record before the others were all cleared; what comes after has a time of its own, so that what was kept stays kept. */
function together(stores: readonly Going[]): readonly Going[] {
  const named = stores.filter(({ wasHeldInTime }) => !wasHeldInTime).toSorted((one, other) => (one.namedAt < other.namedAt ? -1 : 1));
  const after = named.findIndex(({ namedAt }, index) => {
    const done = doneAt(named.slice(0, index));
    return done !== undefined && namedAt > done;
  });
  return after < 0 ? named : named.slice(0, after);
}

/** One duty for each end and each request; a store that was held or found later has one of its own. */
function clearingDuties(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  const triggers = triggersOf(history, at).filter(({ from, clause }) => clause === "DPA-10b" || from <= at.now);
  const settled = new Map(triggers.map((trigger) => [trigger.id, doneAt(together(goingOf(trigger, history, at)))]));
  return triggers.flatMap((trigger) => {
    const stores = goingOf(trigger, history, at);
    const main = together(stores);
    const own = stores.filter((store) => !main.includes(store) && isFree(store));
    const shortening = shorterOf(trigger, triggers, settled);
    return [mainDuty({ trigger, stores, main, shortening }, history, at), ...own.map((store) => ownDuty(trigger, store, history, at))];
  });
}

/** Held before and free now, or named when everything else was cleared. */
const isFree = ({ wasHeldInTime, freeAt }: Going): boolean => !wasHeldInTime || freeAt !== undefined;

/** Between an end and a request that is not settled yet, the earlier day binds both: a request shortens and never extends (W-7). */
function shorterOf(trigger: Trigger, triggers: readonly Trigger[], settled: ReadonlyMap<string, Instant | undefined>): Trigger | undefined {
  const isOpenAt = ({ id }: Trigger, moment: Instant): boolean => {
    const done = settled.get(id);
    return done === undefined || done >= moment;
  };
  return triggers
    .filter(
      (other) =>
        other.clause !== trigger.clause &&
        other.lastDay < trigger.lastDay &&
        other.lastDay >= trigger.on &&
        isOpenAt(other, trigger.from) &&
        isOpenAt(trigger, other.from),
    )
    .toSorted((one, other) => (one.lastDay < other.lastDay ? -1 : 1))[0];
}

interface Owed {
  readonly trigger: Trigger;
  readonly stores: readonly Going[];
  readonly main: readonly Going[];
  readonly shortening: Trigger | undefined;
}

function mainDuty({ trigger, stores, main, shortening }: Owed, history: PartnerHistory, at: PartnerCircumstances): Duty {
  const { id, clause, derivation } = trigger;
  const dueAt = endOfDay(shortening?.lastDay ?? trigger.lastDay, zoneOf(history, at));
  const left = stores.filter(({ clearedAt }) => clearedAt === undefined);
  const isSuspended = left.length > 0 && left.every(({ isHeld }) => isHeld);
  const settledAt = isSuspended ? undefined : doneAt(main);
  // Every store was held in time: each has a duty of its own since it is free.
  const isPassedOn = stores.length > 0 && main.length === 0 && !isSuspended;
  const freeAt = stores.flatMap(({ freeAt: free }) => (free === undefined ? [] : [free])).toSorted()[0];
  return {
    id,
    clause,
    label: "Return or delete the company's data",
    owedBy: "partner",
    began: trigger.from,
    dueAt,
    state: isPassedOn ? "excused" : stateOf({ dueAt, settledAt, now: at.now, isSuspended }),
    ...(isPassedOn && freeAt !== undefined ? { settledAt: freeAt } : settledAt === undefined ? {} : { settledAt }),
    derivation: `${derivation}${shortening === undefined ? "" : `; the earlier of two: ${shortening.derivation}: a request shortens and never extends`}${isPassedOn ? "; each store has a time of its own since its hold ended" : ""}`,
    basis: "document",
    findings: [
      ...(stores.length === 0 ? [refuse("DPA-10a", "NO_STORE", "No store is on record. Name each that holds the company's data, backups included.")] : []),
      ...left.flatMap(({ store, isHeld }) => (isHeld ? [] : [refuse(clause, "NOT_CLEARED", `The store ${store} is not cleared.`)])),
      ...heldFindings(left, history, at),
    ],
    report: { step: "ClearStore", values: {} },
  };
}

function heldFindings(left: readonly Going[], history: PartnerHistory, at: PartnerCircumstances): readonly Reason[] {
  return openHolds(history, at)
    .filter(({ store }) => left.some((each) => each.store === store))
    .map(({ store, ground, until, from }) =>
      from === undefined
        ? refuse("DPA-10a", "HOLD_NOT_CONFIRMED", `${store}: the partner's hold does not count until counsel has confirmed it.`)
        : refuse(
            "DPA-10a",
            "HELD",
            `${store}: it is kept under ${holdGrounds[ground].toLowerCase()}${until === undefined ? ", whose end is not on record" : ` through ${dayWords(until)}`}; everything else is deleted in time.`,
          ),
    );
}

const daysAfterHold = 30;

/** A store that was held, or found when the others were gone: thirty days of its own by house default, and never fewer than the others had. */
function ownDuty(trigger: Trigger, { store, freeAt, namedAt, clearedAt, isHeld }: Going, history: PartnerHistory, at: PartnerCircumstances): Duty {
  const zone = zoneOf(history, at);
  const began = freeAt ?? namedAt;
  const fresh = dueBy(
    { n: daysAfterHold, unit: "days", clause: trigger.clause },
    { event: freeAt === undefined ? `store ${store} named` : `hold of ${store} ended`, at: began },
    { zone, holidays: [] },
  );
  const first = endOfDay(trigger.lastDay, zone);
  const dueAt = first > fresh.due ? first : fresh.due;
  return {
    id: `${trigger.id}:${store}`,
    clause: trigger.clause,
    label: `Return or delete the company's data in ${store}`,
    owedBy: "partner",
    began,
    dueAt,
    state: stateOf({ dueAt, settledAt: clearedAt, now: at.now, isSuspended: isHeld }),
    ...(clearedAt === undefined ? {} : { settledAt: clearedAt }),
    derivation: first > fresh.due ? trigger.derivation : `${fresh.derivation} (house default)`,
    basis: first > fresh.due ? "document" : "house",
    findings: clearedAt === undefined ? [refuse(trigger.clause, "NOT_CLEARED", `The store ${store} is not cleared.`)] : [],
    report: { step: "ClearStore", values: { store } },
  };
}

function certificateDuties(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  const rule = ruleOf(at.contract, "DPA-10d");
  return all(history, "CertificateAsked").map(({ fact: { asked, receivedAt: received } }): Duty => {
    const { due, derivation } = dueBy(rule, { event: "written request received", at: received }, { zone: zoneOf(history, at), holidays: at.holidays });
    const settledAt = all(history, "CertificateGiven").find(({ fact }) => fact.at >= received && fact.stores.length > 0)?.fact.at;
    return {
      id: `DPA-10d:${asked}`,
      clause: "DPA-10d",
      label: "Certify the deletion",
      owedBy: "partner",
      began: received,
      dueAt: due,
      state: stateOf({ dueAt: due, settledAt, now: at.now }),
      ...(settledAt === undefined ? {} : { settledAt }),
      derivation: `${derivation} (house default)`,
      basis: "house",
      findings: [],
      report: { step: "GiveCertificate", values: {} },
    };
  });
}
