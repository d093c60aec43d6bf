// The clocks of the agreement itself: fees, the last day to cancel, cures, notices of revisions, and the twelve months without hiring.
import { endOfDay, startOfDay, addDays, type Instant } from "../../kernel/instant.ts";
import { dayWords } from "../../policy/deadline-rule.ts";
import { stateOf, type Duty } from "../duty.ts";
import { all, zoneOf, zoneOfObligor, type PartnerCircumstances, type PartnerHistory } from "../partner.ts";
import { nextRenewal, standingOf, termsOf } from "../standing.ts";
import { curesOf, overLimit } from "./agreement-steps.ts";
import { lastDayToCancel, nonSolicitationEnds, upgradeFeeDue } from "./cure.ts";

export function agreementDuties(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  return [
    ...feeDuties(history, at),
    ...renewalRight(history, at),
    ...cureDuties(history, at),
    ...revisionDuties(history, at),
    ...hiringBar(history, at),
    ...usageDuties(history, at),
    ...noticeRights(history, at),
  ];
}

/** Every prohibited use is a material breach (PPT-2.2z): an incident opens the company's right to give notice of it, which then can be cured. */
function noticeRights(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  return all(history, "IncidentRecorded").flatMap(({ fact: { incident, clause, on }, at: recorded, version }): Duty[] => {
    if (!clause.startsWith("PPT-2.2")) return [];
    const noticed = all(history, "BreachNoticed").find((each) => each.fact.clause === clause && each.fact.from === "vendor" && each.version > version)?.at;
    const ended = termsOf(history).findLast(({ signed }) => signed.startsOn <= on)?.ended;
    const ends = ended === undefined ? undefined : startOfDay(addDays(ended.on, 1), zoneOf(history, at));
    const isOver = noticed === undefined && ends !== undefined && ends <= at.now;
    const settledAt = noticed ?? (isOver ? ends : undefined);
    return [
      {
        id: `PPT-2.2z:${incident}`,
        clause: "PPT-2.2z",
        label: `Give notice of the breach of ${clause}`,
        owedBy: "vendor",
        began: recorded,
        state: noticed !== undefined ? "met" : isOver ? "excused" : "open",
        ...(settledAt === undefined ? {} : { settledAt }),
        derivation: `incident of ${dayWords(on)} against ${clause}: a material breach, and thirty days to cure it from the notice, PPT-2.2z`,
        basis: "document",
        findings: [],
        report: { step: "NoticeBreach", values: { clause } },
        isRight: true,
      },
    ];
  });
}

function feeDuties(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  const zone = zoneOf(history, at);
  return all(history, "InvoiceIssued").map(({ fact, at: recorded }) => {
    const { dueOn, derivation } = upgradeFeeDue(fact.datedOn);
    const paidOn = all(history, "InvoicePaid").find((each) => each.fact.invoice === fact.invoice)?.fact.on;
    const dueAt = endOfDay(dueOn, zone);
    // A payment has a day and no hour: one on the last day is in time.
    const settledAt = paidOn === undefined ? undefined : startOfDay(paidOn, zone);
    return {
      id: `PPT-5a:${fact.invoice}`,
      clause: "PPT-5a",
      label: `Pay invoice ${fact.number} with its taxes`,
      owedBy: "partner",
      began: recorded,
      dueAt,
      state: stateOf({ dueAt, settledAt, now: at.now }),
      ...(settledAt === undefined ? {} : { settledAt }),
      derivation,
      basis: "document",
      findings: [],
    };
  });
}

/** A right of the partner's that ends: it owes nothing by this day, and pays for the next term afterwards. */
function renewalRight(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  const { signed, ended, runs, today, begins } = standingOf(history, at);
  if (signed === undefined || !runs || begins === undefined) return [];
  const renewsOn = nextRenewal(signed, today);
  // What ends before does not renew.
  if (ended !== undefined && ended.on < addDays(renewsOn, -1)) return [];
  const cancelled = all(history, "RenewalCancelled").find(({ fact }) => fact.renewsOn === renewsOn)?.fact;
  const { lastDay, derivation } = lastDayToCancel(renewsOn);
  const dueAt = endOfDay(lastDay, zoneOf(history, at));
  const settledAt = cancelled?.receivedAt;
  const state = settledAt !== undefined ? "met" : at.now > dueAt ? "excused" : "open";
  return [
    {
      id: `PPT-5b:${renewsOn}`,
      clause: "PPT-5b",
      label: `Last day to cancel the renewal of ${dayWords(renewsOn)}`,
      owedBy: "partner",
      began: begins,
      dueAt,
      state,
      ...(settledAt === undefined ? {} : { settledAt }),
      derivation,
      basis: "document",
      findings: [],
      report: { step: "CancelRenewal", values: {} },
      isRight: true,
    },
  ];
}

function cureDuties(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  return curesOf(history, at).map(({ notice, clause, from, receivedOn, rightArisesAt, curedAt, derivation }) => {
    const owedBy = from === "vendor" ? "partner" : "vendor";
    const began = startOfDay(receivedOn, zoneOfObligor(owedBy, history, at));
    const ended = termsOf(history).findLast(({ signed }) => signed.startsOn <= receivedOn)?.ended;
    const ends = ended === undefined ? undefined : startOfDay(addDays(ended.on, 1), zoneOf(history, at));
    const dueAt = Temporal.Instant.from(rightArisesAt).subtract({ milliseconds: 1 }).toString({ smallestUnit: "millisecond" }) as Instant;
    const isOver = curedAt === undefined && ends !== undefined && ends <= at.now;
    return {
      id: `PPT-4a:${notice}`,
      clause: "PPT-4a",
      label: `Cure the breach of ${clause}`,
      owedBy,
      began,
      dueAt,
      state: isOver ? "excused" : stateOf({ dueAt, settledAt: curedAt, now: at.now }),
      ...(curedAt === undefined ? {} : { settledAt: curedAt }),
      derivation,
      basis: "document",
      findings: [],
      report: { step: "ShowCure", values: { notice } },
    } satisfies Duty;
  });
}

const noticeDays = 30;

function revisionDuties(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  const zone = at.zone;
  return all(history, "TermsRevised").flatMap(({ fact, at: recorded }): Duty[] => {
    if (!fact.isMaterial) return [];
    const lastDay = addDays(fact.effectiveOn, -noticeDays);
    const dueAt = endOfDay(lastDay, zone);
    const settledAt = all(history, "RevisionNoticed").find((each) => each.fact.version === fact.version)?.fact.at;
    return [
      {
        id: `PPT-19b:${fact.version}`,
        clause: "PPT-19b",
        label: `Tell the partner of version ${fact.version} of the Terms`,
        owedBy: "vendor",
        began: recorded,
        dueAt,
        state: stateOf({ dueAt, settledAt, now: at.now }),
        ...(settledAt === undefined ? {} : { settledAt }),
        derivation: `in effect from ${dayWords(fact.effectiveOn)} − ${noticeDays} days = ${dayWords(lastDay)} (house default), PPT-19b`,
        basis: "house",
        findings: [],
        report: { step: "NoticeRevision", values: { version: fact.version } },
      },
    ];
  });
}

/** Runs from the end for twelve months; it is kept when they are over and no hiring stands on record. */
function hiringBar(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  const zone = zoneOf(history, at);
  const { today } = standingOf(history, at);
  return termsOf(history).flatMap(({ signed, ended }): Duty[] => {
    if (ended === undefined || ended.on >= today) return [];
    const { lastDay, freeAt, derivation } = nonSolicitationEnds(ended.on, zone);
    const broken = all(history, "IncidentRecorded").some(({ fact }) => fact.clause === "PPT-10d" && signed.startsOn <= fact.on && fact.on <= lastDay);
    return [
      {
        id: `PPT-10d:${ended.on}`,
        clause: "PPT-10d",
        label: "Recruit and hire none of the company's people",
        owedBy: "partner",
        began: startOfDay(addDays(ended.on, 1), zone),
        dueAt: endOfDay(lastDay, zone),
        state: broken ? "overdue" : at.now >= freeAt ? "met" : "open",
        ...(broken || at.now < freeAt ? {} : { settledAt: endOfDay(lastDay, zone) }),
        derivation,
        basis: "document",
        findings: broken ? [{ clause: "PPT-10d", code: "INCIDENT", because: "An incident against this clause stands on record." }] : [],
      },
    ];
  });
}

/** Use above the limit stands until the company gives notice of it as a breach, or a document raises the limit. */
function usageDuties(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  const zone = zoneOf(history, at);
  return overLimit(history).map(({ month, used, limit, noticedAt }) => {
    const end = endOfDay(addDays(Temporal.PlainYearMonth.from(month).add({ months: 1 }).toPlainDate({ day: 1 }).toString() as never, -1), zone);
    return {
      id: `PPT-2.2(f):${month}`,
      clause: "PPT-2.2(f)",
      label: `Stay within the limit of use in ${month}`,
      owedBy: "partner",
      dueAt: end,
      state: noticedAt === undefined ? "overdue" : noticedAt <= end ? "met" : "late",
      ...(noticedAt === undefined ? {} : { settledAt: noticedAt }),
      derivation: `used ${used} of ${limit} in ${month}, PPT-2.2(f)`,
      basis: "document",
      findings: [
        {
          clause: "PPT-2.2(f)",
          code: "OVER_LIMIT",
          because: `${used} were used in ${month} and ${limit} are allowed. A document with a higher limit, or a notice of the breach, settles it.`,
        },
      ],
    } satisfies Duty;
  });
}
