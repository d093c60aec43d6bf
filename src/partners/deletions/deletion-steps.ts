// Return and deletion on record: by when, which stores, what is held back and why, and a certificate that says no more than was done (DPA-10).
import { endOfDay, startOfDay, type Day } from "../../kernel/instant.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { dayWords, dueBy } from "../../policy/deadline-rule.ts";
import { askChoice, askCode, askDay, askMoment, askOne, askPaper, askWords, optional, type AskedChoice } from "../asks.ts";
import { ruleOf, stateOf, type Duty } from "../duty.ts";
import { all, maybeSealed, partnerStep, receivedAt, zoneOf, type PartnerCircumstances, type PartnerHistory } from "../partner.ts";
import { standingOf } from "../standing.ts";
import { deletionDue, type DeletionDue } from "./deletion-due.ts";
import { holdGrounds, storeKinds } from "./events.ts";

const refuse = (clause: string, code: string, because: string): Reason => ({ clause, code, because });
const howWords = { return: "Return", delete: "Delete", both: "Return and delete" } as const;

export function openHolds(history: PartnerHistory) {
  const lifted = new Set(all(history, "HoldLifted").map(({ fact }) => fact.hold));
  return all(history, "HoldPlaced")
    .map(({ fact }) => fact)
    .filter(({ hold }) => !lifted.has(hold));
}

export interface Store {
  readonly store: string;
  readonly kind: keyof typeof storeKinds;
  readonly clearedOn?: Day;
  readonly isHeld: boolean;
}

export function storesOf(history: PartnerHistory): readonly Store[] {
  const holds = openHolds(history);
  return all(history, "StoreNamed").map(({ fact: { store, kind } }) => {
    const clearedOn = all(history, "StoreCleared").findLast(({ fact }) => fact.store === store)?.fact.on;
    return { store, kind, ...(clearedOn === undefined ? {} : { clearedOn }), isHeld: holds.some((hold) => hold.store === store) };
  });
}

/** What is due and by when; undefined while nothing makes it due. */
export function deletionOf(history: PartnerHistory, at: PartnerCircumstances): DeletionDue | undefined {
  const { ended } = standingOf(history, at);
  const requests = all(history, "DeletionAsked").map(({ fact }) => fact.receivedOn);
  if (ended === undefined && requests.length === 0) return undefined;
  return deletionDue({
    zone: zoneOf(history, at),
    ...(ended === undefined ? {} : { terminatedOn: ended.on }),
    requestsReceivedOn: requests,
    holds: openHolds(history).map(({ store, ground, until }) => ({ item: store, ground, ...(until === undefined ? {} : { until }) })),
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
  (history: PartnerHistory): readonly AskedChoice[] =>
    storesOf(history)
      .filter(which)
      .map(({ store, kind }) => ({ value: store, label: `${store} (${storeKinds[kind].toLowerCase()})` }));
const uncleared = ({ clearedOn }: Store) => clearedOn === undefined;

export const nameStore = partnerStep({
  name: "NameStore",
  label: "Name a store that holds the company's data",
  topic: "deletions",
  clauses: ["DPA-10a", "DPA-10e"],
  askers: ["partner", "vendor"],
  asks: { store: askCode("Its name", { hint: "A code of yours, without anybody's name." }), kind: askChoice("What it is", storeKinds) },
  against: ({ store }, history) =>
    storesOf(history).some((each) => each.store === store) ? [refuse("DPA-10a", "KNOWN", "A store of this name is on record.")] : [],
  facts: ({ store, kind }) => [{ type: "StoreNamed", store, kind }],
});

export const placeHold = partnerStep({
  name: "PlaceHold",
  label: "Hold a store back from deletion",
  topic: "deletions",
  clauses: ["DPA-10a"],
  askers: ["counsel", "partner"],
  offered: (history) => storesOf(history).some(uncleared),
  asks: {
    store: askOne("Which store", storeChoices(uncleared)),
    ground: askChoice("On which ground", holdGrounds),
    until: optional(askDay("Its last day", { mayLieAhead: true })),
    words: askWords("The paper it rests on, and exactly what it names"),
  },
  against: ({ store }, history) =>
    storesOf(history).some((each) => each.store === store && uncleared(each))
      ? []
      : [refuse("DPA-10a", "NOTHING_TO_HOLD", "There is no such store, or it is cleared. Name it first.")],
  facts: ({ store, ground, until }, _, at) => [
    { type: "HoldPlaced", hold: at.fresh, store, ground, ...(until === undefined ? {} : { until }), ...maybeSealed(at) },
  ],
});

const holdChoices = (history: PartnerHistory): readonly AskedChoice[] =>
  openHolds(history).map(({ hold, store, ground }) => ({ value: hold, label: `${store}: ${holdGrounds[ground].toLowerCase()}` }));

export const liftHold = partnerStep({
  name: "LiftHold",
  label: "Lift a hold",
  topic: "deletions",
  clauses: ["DPA-10a"],
  askers: ["counsel", "partner"],
  offered: (history) => holdChoices(history).length > 0,
  asks: { hold: askOne("Which hold", holdChoices), on: askDay("Lifted on") },
  against: ({ hold }, history) =>
    holdChoices(history).some(({ value }) => value === hold) ? [] : [refuse("DPA-10a", "NO_SUCH_HOLD", "There is no such open hold. Choose one of the list.")],
  facts: ({ hold, on }) => [{ type: "HoldLifted", hold, on }],
});

export const clearStore = partnerStep({
  name: "ClearStore",
  label: "Record that a store was cleared",
  topic: "deletions",
  clauses: ["DPA-10a", "DPA-10b"],
  askers: ["partner", "vendor"],
  offered: (history) => storesOf(history).some(uncleared),
  asks: {
    store: askOne("Which store", storeChoices(uncleared)),
    on: askDay("On which day"),
    how: askChoice("How", { returned: "Returned", deleted: "Deleted", overwritten: "Overwritten in its cycle" }),
    words: optional(askWords("How it was done")),
    file: optional(askPaper("The log")),
  },
  against: ({ store }, history) => {
    const found = storesOf(history).find((each) => each.store === store);
    if (found === undefined) return [refuse("DPA-10a", "NO_SUCH_STORE", "There is no such store. Name it first.")];
    return [
      ...(found.isHeld ? [refuse("DPA-10a", "HELD", "A hold keeps this store. Lift it first; everything else is cleared in time.")] : []),
      ...(found.clearedOn === undefined ? [] : [refuse("DPA-10a", "CLEARED", "It was cleared before.")]),
    ];
  },
  facts: ({ store, on, how }, _, at) => [{ type: "StoreCleared", store, on, how, ...maybeSealed(at) }],
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
    const stores = storesOf(history);
    const left = stores.filter((store) => uncleared(store) && !store.isHeld);
    const late = stores.filter(({ clearedOn }) => clearedOn !== undefined && clearedOn > through);
    const { ended } = standingOf(history, at);
    return [
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
    const stores = storesOf(history);
    return [
      {
        type: "CertificateGiven",
        certificate: at.fresh,
        at: receivedAt(said, at),
        through,
        stores: stores.filter(({ isHeld }) => !isHeld).map(({ store }) => store),
        held: stores.filter(({ isHeld }) => isHeld).map(({ store }) => store),
        ...maybeSealed(at),
      },
    ];
  },
});

export function deletionDuties(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  return [...clearingDuties(history, at), ...certificateDuties(history, at)];
}

/** One duty for the end and one for each request; each is kept when every store that is not held is cleared. */
function clearingDuties(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  const due = deletionOf(history, at);
  if (due === undefined) return [];
  const zone = zoneOf(history, at);
  const stores = storesOf(history);
  const left = stores.filter((store) => uncleared(store) && !store.isHeld);
  const newest = stores
    .flatMap(({ clearedOn }) => (clearedOn === undefined ? [] : [clearedOn]))
    .toSorted()
    .at(-1);
  const doneOn = stores.length > 0 && left.length === 0 ? newest : undefined;
  return [...Map.groupBy(due.counted, ({ clause }) => clause)].flatMap(([clause, counted]) =>
    counted.map(({ lastDay, derivation }, turn): Duty => {
      const dueAt = endOfDay(lastDay < due.lastDay ? lastDay : due.lastDay, zone);
      const settledAt = doneOn === undefined ? undefined : startOfDay(doneOn, zone);
      return {
        id: `${clause}:${turn}`,
        clause,
        label: "Return or delete the company's data",
        owedBy: "partner",
        dueAt,
        state: stateOf({ dueAt, settledAt, now: at.now }),
        ...(settledAt === undefined ? {} : { settledAt }),
        derivation: lastDay > due.lastDay ? `${derivation}; ${due.derivation}` : derivation,
        basis: "document",
        findings: [
          ...(stores.length === 0 ? [refuse("DPA-10a", "NO_STORE", "No store is on record. Name each that holds the company's data, backups included.")] : []),
          ...left.map(({ store }) => refuse(clause, "NOT_CLEARED", `The store ${store} is not cleared.`)),
          ...due.held.map(({ item, because }) => refuse("DPA-10a", "HELD", `${item}: ${because}`)),
        ],
        report: { step: "ClearStore", values: {} },
      };
    }),
  );
}

function certificateDuties(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  const rule = ruleOf(at.contract, "DPA-10d");
  return all(history, "CertificateAsked").map(({ fact: { asked, receivedAt: received } }): Duty => {
    const { due, derivation } = dueBy(rule, { event: "written request received", at: received }, { zone: zoneOf(history, at), holidays: at.holidays });
    const settledAt = all(history, "CertificateGiven").find(({ fact }) => fact.at >= received)?.fact.at;
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
