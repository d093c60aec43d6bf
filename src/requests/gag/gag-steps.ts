// The steps around a secrecy order: record the instrument, answer a mere wish, try to lift it, renew it, see it end.
import { z } from "zod";
import { day, type Day } from "../../kernel/instant.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { accept, refuse, unless } from "../../kernel/outcome.ts";
import type { Instrument } from "../../policy/pack.ts";
import { cite } from "../../policy/policy-in-force.ts";
import type { Circumstances, History } from "../decision.ts";
import { decision, evidenceOf } from "../decision.ts";
import { intakeOf } from "../intake/request-details.ts";
import { reasonsUnlessOpen, standing } from "../open-case.ts";
import { findInstrument } from "../review/line-verdicts.ts";
import { binds, gagDefects, gagsOf, type Gag } from "./open-gags.ts";

const dayText = z.iso.date().transform((text): Day => day(text));
const order = z.strictObject({ court: z.string().min(2).max(300), number: z.string().max(200), scope: z.string().max(2000) });

export const recordGag = decision({
  name: "RecordGag",
  label: "Record a secrecy order",
  askers: ["analyst", "counsel"],
  schema: z.strictObject({
    type: z.literal("RecordGag"),
    instrument: z.string().max(40),
    /** A court, or the officer a statute names; a wish in a cover letter has no issuer. */
    issuedBy: z.enum(["judge", "court", "statute", "requester"]),
    start: dayText,
    end: dayText.optional(),
    private: order,
  }),
  // An order can come after the case was closed, and then forbids the notice that is still owed.
  against: (history) => (standing(history) === "closed" ? [] : reasonsUnlessOpen(history)),
  decide: (command, history, at) => {
    const paper = findInstrument(intakeOf(history).details?.instrument, at.laws)?.instrument;
    const known = findInstrument({ id: command.instrument } as never, at.laws);
    const reasons: Reason[] = [];
    if (command.issuedBy === "requester") reasons.push(noLegalGag(at));
    if (known === undefined || !forbidsNotice(known.instrument))
      reasons.push({
        clause: "V18",
        code: "NOT_A_GAG",
        because: "This instrument cannot forbid notice. Choose the order that does, or record that the sender only wishes for silence.",
      });
    if (
      paper !== undefined &&
      known !== undefined &&
      forbidsNotice(known.instrument) &&
      paper.id !== command.instrument &&
      !paper.gagBy.includes(command.instrument)
    )
      reasons.push({
        clause: "V18",
        code: "GAG_OF_ANOTHER_PAPER",
        because: `This order cannot forbid to speak of ${paper.phrase}. Choose the order that can, or ask the issuer what it covers.`,
      });
    if (command.end !== undefined && command.end < command.start)
      reasons.push({ clause: "V18", code: "GAG_ENDS_BEFORE_START", because: "The order ends before it starts. Ask the issuer which date is right." });
    return unless(reasons, () => [
      {
        type: "GagRecorded",
        gag: at.fresh,
        instrument: command.instrument,
        start: command.start,
        ...(command.end === undefined ? {} : { end: command.end }),
        defects: gagDefects(command.start, command.end, known?.instrument.maxGagDays),
        order: evidenceOf(at),
      },
    ]);
  },
});

/** A delayed-notice order is none: it lets the government wait and forbids the desk nothing. */
function forbidsNotice({ id, compulsory, gagBy }: Instrument): boolean {
  return compulsory && gagBy.includes(id);
}

function noLegalGag({ policy }: Circumstances): Reason {
  return {
    clause: cite(policy, "IGRP-1", "KDRP-13"),
    code: "NO_LEGAL_GAG",
    because: "A wish for silence in a letter is not a secrecy order (V18). The customer is told unless a court order or a statute forbids it.",
  };
}

export const noteGagWish = decision({
  name: "NoteGagWish",
  label: "Answer the wish for silence",
  askers: ["analyst", "counsel"],
  schema: z.strictObject({ type: z.literal("NoteGagWish") }),
  against: (history) => [
    ...reasonsUnlessOpen(history),
    ...(history.some(({ fact }) => fact.type === "GagWishNoted")
      ? [{ clause: "V18", code: "WISH_ANSWERED", because: "The sender has been told that a wish for silence is not an order." }]
      : []),
  ],
  decide: () => accept({ type: "GagWishNoted" }),
});

export const recordLiftAttempt = decision({
  name: "RecordLiftAttempt",
  label: "Record an attempt to lift the order",
  askers: ["counsel", "analyst"],
  schema: z.strictObject({
    type: z.literal("RecordLiftAttempt"),
    gag: z.string(),
    addressee: z.enum(["issuer", "court", "agency"]),
    beneficiary: z.enum(["customer", "data-protection-authority"]),
    answer: z.enum(["pending", "granted", "refused"]),
    private: z.strictObject({ argument: z.string().min(1).max(10_000), answer: z.string().max(10_000).optional() }),
  }),
  against: (history) => (gagsOf(history).some(({ ended }) => ended === undefined) ? [] : [noOpenGag()]),
  decide: (command, history, at) => {
    const gag = findOpen(history, command.gag);
    if (gag === undefined) return refuse(noOpenGag());
    const { type: _, ...attempt } = command;
    const lifted = command.answer === "granted" && command.beneficiary === "customer";
    return accept(
      { type: "GagLiftAttempted", on: at.today, ...attempt, argument: evidenceOf(at) },
      ...(lifted ? [{ type: "GagEnded" as const, gag: gag.gag, how: "lifted" as const, on: at.today }] : []),
    );
  },
});

/** Where the law makes the government go to court once it is told of an objection, this starts its days; the order binds meanwhile. */
export const objectToGag = decision({
  name: "ObjectToGag",
  label: "Tell the government that we object to the secrecy",
  askers: ["counsel"],
  schema: z.strictObject({ type: z.literal("ObjectToGag"), gag: z.string(), private: z.strictObject({ objection: z.string().min(1).max(10_000) }) }),
  against: (history) => (gagsOf(history).some(({ ended: over }) => over === undefined) ? [] : [noOpenGag()]),
  decide: ({ gag }, history, at) =>
    findOpen(history, gag) === undefined ? refuse(noOpenGag()) : accept({ type: "GagObjected", gag, objection: evidenceOf(at) }),
});

export const renewGag = decision({
  name: "RenewGag",
  label: "Record a renewal",
  askers: ["analyst", "counsel"],
  schema: z.strictObject({ type: z.literal("RenewGag"), gag: z.string(), end: dayText, private: order }),
  against: (history) => (gagsOf(history).some(({ ended }) => ended === undefined) ? [] : [noOpenGag()]),
  decide: (command, history, at) => {
    const gag = findOpen(history, command.gag);
    if (gag === undefined) return refuse(noOpenGag());
    if (gag.end !== undefined && command.end <= gag.end)
      return refuse({ clause: "V18", code: "RENEWAL_NOT_LATER", because: "A renewal must end after the order it renews." });
    return accept({ type: "GagRenewed", gag: gag.gag, end: command.end, order: evidenceOf(at) });
  },
});

/** Asked by the clock on the day after an order's last day; a case that is closed still owes the notice. */
export const lapseGags = decision({
  name: "LapseGags",
  label: "Let ended orders lapse",
  askers: ["desk"],
  schema: z.strictObject({ type: z.literal("LapseGags") }),
  against: (history, at) => [
    ...(standing(history) === "unknown" ? reasonsUnlessOpen(history) : []),
    ...(ended(history, at).length > 0 ? [] : [{ clause: "V18", code: "NO_GAG_ENDED", because: "No secrecy order has passed its last day." }]),
  ],
  decide: (_command, history, at) =>
    accept(...ended(history, at).map(({ gag, end }) => ({ type: "GagEnded" as const, gag, how: "lapsed" as const, on: end ?? at.today }))),
});

function ended(history: History, at: Circumstances): readonly Gag[] {
  return gagsOf(history).filter((gag) => gag.ended === undefined && gag.end !== undefined && gag.start <= at.today && !binds(gag, at.today));
}

function findOpen(history: History, id: string): Gag | undefined {
  return gagsOf(history).find(({ gag, ended: over }) => gag === id && over === undefined);
}

function noOpenGag(): Reason {
  return { clause: "V18", code: "NO_OPEN_GAG", because: "No secrecy order is open in this case." };
}

/** The wish that intake read and nobody has answered. */
export function wishUnanswered(history: History): boolean {
  return (intakeOf(history).reading?.marks.includes("gag-wish") ?? false) && !history.some(({ fact }) => fact.type === "GagWishNoted");
}

/**
 * True while the message seems to forbid notice, by an order in its papers or because its kind is secret by statute, and nobody
 * has said what it is: recorded as an instrument, or answered as a wish.
 */
export function secrecyUndecided(history: History, at: Pick<Circumstances, "laws">): boolean {
  if (history.some(({ fact }) => fact.type === "GagRecorded")) return false;
  const { details, reading } = intakeOf(history);
  const instrument = findInstrument(details?.instrument, at.laws)?.instrument;
  // What a law keeps secret is no wish: only the order itself, on record, says since when and until when.
  if (instrument?.secrecy === "always") return true;
  if (history.some(({ fact }) => fact.type === "GagWishNoted")) return false;
  const { family, secrecy } = instrument ?? {};
  return (
    reading?.marks.includes("gag-order") === true ||
    (secrecy === "may-carry" && details?.instrument?.carriesSecrecy !== false) ||
    family === "realtime" ||
    family === "national-security"
  );
}
