// Which changes to a pack let more leave, leave sooner, or with fewer people told: a reviewer reads those first.
import { dataClasses, type DataClass, type Instrument, type JurisdictionPack, type Override, type PaperClock } from "./pack.ts";
import type { PlacedChange } from "./pack-diff.ts";

/** True also where it cannot be ruled out, such as another condition on an override. Texts are not judged. */
export function weakens(change: PlacedChange): boolean {
  const rule = rules[change.place];
  return rule !== undefined && !isOnlyOrder(change) && rule(change);
}

/** The same entries in another order bind as before. */
function isOnlyOrder({ kind, before, after }: PlacedChange): boolean {
  return kind === "changed" && Array.isArray(before) && Array.isArray(after);
}

type Rule = (change: PlacedChange) => boolean;

const always: Rule = () => true;
const added: Rule = ({ kind }) => kind === "added";
const removed: Rule = ({ kind }) => kind === "removed";
const switchedOn: Rule = ({ after }) => after === true;
const switchedOff: Rule = ({ before, after }) => before === true && after !== true;
/** A limit that ends more cases when it is low: none at all is the highest. */
const rises: Rule = ({ before, after }) => (after === undefined ? true : before !== undefined && Number(after) > Number(before));
const falls: Rule = ({ before, after }) => (before === undefined ? false : after === undefined || Number(after) < Number(before));

/** A list that narrows: naming one more lets more through, and so does dropping the whole list. */
const narrowingList: Rule = ({ kind, before, after }) => (Array.isArray(before ?? after) ? kind === "removed" : kind === "added");

/** A period that protects somebody by being short: without it, or longer, the protection is weaker. */
const lengthens: Rule = ({ kind, before, after }) => kind === "removed" || (kind === "changed" && mayEndSooner(before, after));
/** A period that protects by being long. */
const shortens: Rule = ({ kind, before, after }) => kind === "removed" || (kind === "changed" && mayEndSooner(after, before));

/** The one period may end before the other would have; periods in different units cannot be compared, so they may. */
function mayEndSooner(one: unknown, other: unknown): boolean {
  const [is, was] = [one, other] as readonly [PeriodRead, PeriodRead];
  if (was.unit !== is.unit || is.n < was.n) return true;
  return (was.rolls === true && is.rolls !== true) || (was.counts !== is.counts && is.counts === "beginning-with" && is.n <= was.n);
}

interface PeriodRead {
  readonly n: number;
  readonly unit: string;
  readonly counts?: string;
  readonly rolls?: boolean;
}

/** The kind of the clock a change lies in: an older hold stays a hold while its kind is changed. */
function clockKind({ holders }: PlacedChange): PaperClock["kind"] | undefined {
  return holders.find(({ place }) => place === "instruments.clocks")?.before["kind"] as PaperClock["kind"] | undefined;
}

function inClock(kinds: readonly PaperClock["kind"][], rule: Rule): Rule {
  return (change) => kinds.some((kind) => kind === clockKind(change)) && rule(change);
}

const either =
  (...several: readonly Rule[]): Rule =>
  (change) =>
    several.some((rule) => rule(change));

/** Clocks whose end, or whose running, stands between the paper and the data. */
const protecting: readonly PaperClock["kind"][] = ["hold", "option", "theirs"];

/** A hold that goes away, or a time limit that now ends a right of ours. */
const clock: Rule = ({ kind, before, after }) => {
  if (kind === "added") return (after as PaperClock).kind === "option";
  return protecting.includes((before as PaperClock).kind);
};

/** A paper that compels something, or that can silence us. */
const newInstrument: Rule = (change) => {
  if (change.kind !== "added") return false;
  const { compels, family } = change.after as Instrument;
  return compels.length > 0 || family === "gag" || family === "emergency";
};

/** A kind of data that some paper now reaches and did not, or that moved to a less intrusive class. */
const classOfType: Rule = ({ before, after, packs }) => {
  const was = before as DataClass | undefined;
  const is = after as DataClass | undefined;
  if (is === undefined) return false;
  if (was === undefined || dataClasses.indexOf(is) < dataClasses.indexOf(was)) return true;
  const { instruments } = packs.after as JurisdictionPack;
  return instruments.some(({ compels }) => compels.includes(is) && !compels.includes(was));
};

/** Everything on this list must be shown together, so one more asks for more; a first one opens the way. */
const shownTogether: Rule = ({ kind, holders }) => {
  const override = holders.find(({ place }) => place === "overrides");
  return kind === "added" ? shownIn(override?.before) === 0 : shownIn(override?.after) !== 0;
};

function shownIn(override: unknown): number {
  return (override as Override | undefined)?.unless?.shows.length ?? 0;
}

const effectStrength: Readonly<Record<string, number>> = { ask: 1, counsel: 2, deny: 3 };
const consequenceStrength: Readonly<Record<string, number>> = { note: 0, narrow: 1, ask: 2, refer: 2, hold: 3, counsel: 4, "deny-line": 4, reject: 5 };
const answererStrength: Readonly<Record<string, number>> = { machine: 0, both: 1, person: 2 };

function weaker(strengths: Readonly<Record<string, number>>): Rule {
  return ({ kind, before, after }) => kind === "removed" || (kind === "changed" && (strengths[String(after)] ?? 0) < (strengths[String(before)] ?? 0));
}

/** By place; a place that is not here never weakens. */
const rules: Readonly<Record<string, Rule>> = {
  "settings.noticeDays": falls,
  "settings.noticeExceptions": added,
  "settings.lateNoticeBusinessDays": rises,
  "settings.referralFirst": switchedOff,
  "settings.allowVoluntaryEmergency": switchedOn,
  "settings.emergency": added,
  "settings.emergency.dataTypes": added,
  "settings.emergency.paperWithinDays": rises,
  "settings.callBackValidDays": rises,
  "settings.gagLiftAttemptDays": removed,
  "settings.smallNumber": falls,
  "settings.downloadDays": rises,
  "settings.downloads": rises,
  dataTypes: added,
  "dataTypes.kind": ({ before, after }) => before === "real-time" || after === "non-content",
  "dataTypes.accepts": added,
  "dataTypes.dated": switchedOff,
  requiredContents: removed,
  clauses: removed,
  "clauses.enforce": removed,
  "clauses.counsel": switchedOff,

  listedOffences: always,
  languages: added,
  territory: always,
  "classOf.*": classOfType,
  identifyOnly: added,
  instruments: newInstrument,
  "instruments.form": always,
  "instruments.family": always,
  "instruments.compulsory": switchedOn,
  "instruments.issuers": added,
  "instruments.validators": added,
  "instruments.emergencyIssuers": added,
  "instruments.compels": added,
  "instruments.only": narrowingList,
  "instruments.tiers": either(added, removed),
  "instruments.tiers.classes": always,
  "instruments.tiers.issuers": added,
  "instruments.tiers.validators": added,
  "instruments.tiers.offence": removed,
  "instruments.tiers.offence.minYears": falls,
  "instruments.tiers.offence.orListed": switchedOn,
  "instruments.tiers.emergencyIssuers": added,
  "instruments.tiers.validatedWithinHours": rises,
  "instruments.tiers.form": always,
  "instruments.facial": removed,
  "instruments.clocks": clock,
  "instruments.clocks.kind": ({ before }) => protecting.some((kind) => kind === before),
  "instruments.clocks.lasts": either(inClock(["hold", "option"], shortens), inClock(["option"], added), inClock(["theirs"], lengthens)),
  "instruments.clocks.from": inClock(protecting, always),
  "instruments.clocks.when": inClock(protecting, always),
  "instruments.clocks.suspendedBy": either(inClock(["duty", "hold", "option"], removed), inClock(["theirs"], added)),
  "instruments.clocks.endedBy": either(inClock(["hold", "option"], added), inClock(["duty"], removed)),
  "instruments.clocks.renewal": either(inClock(["hold", "option"], removed), inClock(["theirs"], added)),
  "instruments.clocks.renewal.lasts": inClock(protecting, always),
  "instruments.clocks.renewal.times": inClock(protecting, always),
  "instruments.expires": lengthens,
  "instruments.servedBy": narrowingList,
  "instruments.tells": removed,
  "instruments.tells.who": always,
  "instruments.tells.by": always,
  "instruments.tells.applies": always,
  "instruments.tells.paperMayForbid": switchedOn,
  "instruments.gagBy": added,
  "instruments.maxGagDays": rises,
  "instruments.mayTell": removed,
  "instruments.grounds": added,
  "instruments.challenge": removed,
  "instruments.challenge.within": either(added, ({ kind, before, after }) => kind === "changed" && mayEndSooner(after, before)),
  "instruments.challenge.within.from": always,
  "instruments.challenge.when": always,
  "instruments.challenge.suspends": switchedOff,
  "instruments.route": ({ after }) => after === "desk",
  overrides: removed,
  "overrides.when": always,
  "overrides.binds": ({ after }) => after === "own-papers",
  "overrides.requires": narrowingList,
  "overrides.then": weaker(effectStrength),
  "overrides.unless": added,
  "overrides.unless.shows": shownTogether,
  "overrides.unless.agreements": added,
  "overrides.unless.transferGround": switchedOn,
  "overrides.tells": removed,
  "overrides.tells.who": always,
  "overrides.tells.by": always,
  "overrides.tells.applies": always,
  "overrides.tells.paperMayForbid": switchedOn,
  "overrides.replaces": either(added, ({ kind }) => kind === "changed"),
  checks: removed,
  "checks.answeredBy": weaker(answererStrength),
  "checks.applies": removed,
  "checks.then": weaker(consequenceStrength),
  "reportBands.structures.width": falls,
  holidays: removed,
  "zones.*": either(removed, ({ kind }) => kind === "changed"),
  governmentZones: added,
};
