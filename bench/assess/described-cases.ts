// A thousand described cases of every country, the same in every run: papers in time and expired, rightly and wrongly signed, gagged and open.
import { addDays, addHours, day, dayOf, instant, zone, type Day, type Instant } from "../../src/kernel/instant.ts";
import { ranks, serviceRoutes, type Instrument, type JurisdictionPack, type PolicyPack } from "../../src/policy/pack.ts";

const firstService = instant("2026-11-02T08:00:00Z");
const denver = zone("America/Denver");
const everyYes = Object.fromEntries(Array.from({ length: 27 }, (_, index) => [`V${String(index + 1).padStart(2, "0")}`, "yes"]));

/** Companies as desks know them: a seat here, a seat there, and one that has recorded nothing. */
const providers: readonly object[] = [
  {
    incorporatedIn: "US-DE",
    headquarteredIn: "US-CO",
    kinds: ["processor", "hosting"],
    languages: ["en"],
  },
  { incorporatedIn: "US-CA", headquarteredIn: "US-CA", kinds: ["hosting", "online-platform"] },
  {
    incorporatedIn: "IE",
    headquarteredIn: "IE",
    designatedIn: "IE",
    kinds: ["hosting"],
    languages: ["en", "de"],
  },
  {
    incorporatedIn: "US-DE",
    headquarteredIn: "US-NY",
    designatedIn: "DE",
    kinds: ["hosting", "processor"],
  },
  { incorporatedIn: "CA-ON", headquarteredIn: "CA-ON", kinds: ["processor"] },
  {},
];

/** Draws as a fair die would, from a number that fixes every draw. */
class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0 to 1, 1 left out: mulberry32. */
  roll(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    const mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    const folded = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((folded ^ (folded >>> 14)) >>> 0) / 4_294_967_296;
  }

  whole(from: number, to: number): number {
    return from + Math.floor(this.roll() * (to - from + 1));
  }

  chance(percent: number): boolean {
    return this.roll() * 100 < percent;
  }

  /** From a list that is not empty. */
  pick<Item>(items: readonly Item[]): Item {
    if (items.length === 0) throw new Error("nothing to draw from");
    return items[Math.floor(this.roll() * items.length)] as Item;
  }

  /** The usual value so often, one of the others otherwise. */
  mostly<Item>(percent: number, usual: Item, others: readonly Item[]): Item {
    return this.chance(percent) ? usual : this.pick(others);
  }
}

/** Values in the JSON case format (`portcullis-case/1`), not yet parsed; countries take turns. */
export function describedCases(count: number, laws: readonly JurisdictionPack[], policy: PolicyPack): readonly object[] {
  const dice = new Dice(20_261_102);
  return Array.from({ length: count }, (_, nth) => present(caseOf(nth, laws[nth % laws.length], policy, dice)));
}

function caseOf(nth: number, law: JurisdictionPack | undefined, policy: PolicyPack, dice: Dice): object {
  if (law === undefined) throw new Error("no country on the shelf");
  const instrument = paperOf(law, dice);
  const servedAt = addHours(firstService, nth % 200);
  const subjects = subjectsOf(dice);
  return {
    format: "portcullis-case/1",
    asked: addHours(servedAt, dice.whole(1, 24 * 40)),
    zone: denver,
    provider: dice.pick(providers),
    paper: present(faceOf(instrument, law, servedAt, dice)),
    places: placesIn(law, dice),
    protection: dice.mostly<readonly string[] | undefined>(70, [], [undefined, ["privilege"], ["public-authority"], ["journalism"]]),
    subjects,
    lines: Array.from({ length: dice.whole(2, 6) }, (_, index) => present(lineOf(`L${index + 1}`, subjects.length, policy, dice))),
    missing: dice.mostly<readonly string[]>(90, [], [["matter"], ["date-range", "account"]]),
    assured: dice.mostly<unknown>(80, "all", [["domain-class"], []]),
    checks: dice.mostly<object>(70, everyYes, [{ ...everyYes, V19: "no" }, {}]),
    referral: dice.mostly(60, "waived", ["not-tried", "made", "declined"]),
    ...course(dayOf(servedAt, denver), servedAt, instrument, dice),
  };
}

/** Mostly papers of the ordinary queue that compel something. */
function paperOf(law: JurisdictionPack, dice: Dice): Instrument {
  const likely = law.instruments.filter(({ compulsory, route, compels }) => compulsory && route === "desk" && compels.length > 0);
  return dice.pick(dice.chance(85) && likely.length > 0 ? likely : law.instruments);
}

function faceOf(instrument: Instrument, law: JurisdictionPack, servedAt: Instant, dice: Dice): Record<string, unknown> {
  const servedOn = dayOf(servedAt, denver);
  const issuedOn = addDays(servedOn, -dice.mostly(94, dice.whole(0, 13), [-2, 14, 15, 93, 120]));
  const issuers = [...instrument.issuers, ...instrument.tiers.flatMap((tier) => tier.issuers)];
  return {
    instrument: instrument.id,
    nature: instrument.family === "civil" ? "civil" : "criminal",
    signedBy: dice.mostly(92, dice.pick(issuers), [...ranks, undefined]),
    validatedBy: dice.mostly(85, undefined, ["judge", "prosecutor", "agency"]),
    issuedIn: dice.mostly(80, home(law, dice), ["US-TX", "US-CA", "DK", "DE", "GB", undefined]),
    issuedOn: dice.mostly<Day | undefined>(96, issuedOn, [undefined]),
    servedAt,
    servedBy: dice.mostly(92, dice.pick(instrument.servedBy ?? serviceRoutes), [undefined, ...serviceRoutes]),
    addressedTo: dice.mostly(96, "us", ["controller", "other", undefined]),
    // The last day itself is among them: it still counts.
    expiresOn: dice.mostly<Day | undefined>(88, undefined, [addDays(issuedOn, 60), servedOn, servedOn, addDays(issuedOn, 2), addDays(issuedOn, -1)]),
    returnOn: dice.mostly<Day | undefined>(90, addDays(issuedOn, 30), [undefined, undefined, addDays(issuedOn, -3)]),
    shows: ["processor-addressing", "legal-basis", "attestation"].filter(() => dice.chance(70)),
    lacks: dice.mostly<readonly string[]>(93, [], [instrument.facial.slice(0, 1), instrument.facial.slice(-2)]),
    language: dice.mostly<string | undefined>(50, "en", [undefined, law.languages[0]]),
    translation: dice.mostly<boolean | undefined>(50, true, [false, undefined]),
    offence: dice.mostly<object | undefined>(75, { maxYears: 5, listed: false }, [
      { maxYears: 1, listed: false },
      { maxYears: 1, listed: true },
      { maxYears: 1 },
      undefined,
    ]),
    emergency: dice.mostly<boolean | undefined>(60, false, [true, undefined]),
    authorityNotified: dice.mostly<boolean | undefined>(60, true, [false, undefined]),
    agreement: dice.mostly(70, { GB: "US-GB", AU: "US-AU", US: "EU-US", EU: "EU-US" }[law.country], ["EU-GB", undefined]),
    seal: dice.mostly<string | undefined>(80, "valid", [undefined, undefined, undefined, "invalid"]),
  };
}

/** A place of this law: one of its members for a union, the country or one of its parts otherwise. */
function home({ territory }: JurisdictionPack, dice: Dice): string {
  return dice.pick(territory);
}

function placesIn(law: JurisdictionPack, dice: Dice): object {
  const [customer, person, data] = [1, 2, 3].map(() => dice.mostly<string | undefined>(75, home(law, dice), ["US", "DE", "GB", "IE", undefined]));
  return present({ customer, person, data });
}

function subjectsOf(dice: Dice): readonly object[] {
  return Array.from({ length: dice.whole(1, 2) }, (_, index) => ({
    id: `S${index + 1}`,
    workspace: `customer-${dice.whole(1, 9)}`,
    resolved: dice.chance(97),
    identifiers: [{ kind: "email", value: `user-${index + 1}@customer.example` }],
  }));
}

function lineOf(id: string, subjects: number, { dataTypes }: PolicyPack, dice: Dice): Record<string, unknown> {
  const from = day("2026-01-01");
  const asked = dice.pick(dataTypes.filter(({ kind }) => kind !== "real-time" || dice.chance(10)));
  return {
    id,
    dataType: asked.id,
    subject: `S${dice.whole(1, subjects)}`,
    from: dice.mostly<Day | undefined>(96, from, [undefined, day("2026-12-01")]),
    to: dice.mostly<Day | undefined>(96, addDays(from, 180), [undefined, addDays(from, -1)]),
    onlyToIdentify: dice.mostly<boolean | undefined>(70, undefined, [true, false]),
  };
}

/** How far the desk has come: secrecy, notice, objections, review, plan, approvals. */
function course(servedOn: Day, servedAt: Instant, { gagBy }: Instrument, dice: Dice): object {
  const gagged = dice.chance(25);
  const later = addHours(servedAt, 1);
  const order = {
    instrument: gagBy[0] ?? "US-NDO",
    issuedBy: "judge",
    start: servedOn,
    ...(dice.chance(80) ? { end: addDays(servedOn, dice.whole(10, 400)) } : {}),
  };
  return present({
    gagWish: dice.chance(20),
    gags: gagged ? [order] : [],
    notice: gagged
      ? { withheld: { ground: "gag", at: later } }
      : dice.mostly<object>(70, { sentAt: later }, [{}, { withheld: { ground: "risk-of-harm", reviewOn: addDays(servedOn, 30), at: later } }]),
    clarification: dice.mostly<object | undefined>(90, undefined, [{ askedAt: later }, { askedAt: later, answeredAt: later }]),
    conflict: dice.mostly<object | undefined>(85, undefined, [{ raisedAt: later }, { raisedAt: later, transferGround: "derogation" }]),
    challenge: dice.mostly<object | undefined>(92, undefined, [{ openedAt: later }, { openedAt: later, outcome: "dismissed" }]),
    reviewSigned: dice.chance(75),
    plan: dice.mostly(70, "checked", ["none", "compiled", "outside"]),
    approvals: dice.mostly<readonly string[]>(70, ["ben", "cleo"], [["ben"], []]),
  });
}

function present(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}
