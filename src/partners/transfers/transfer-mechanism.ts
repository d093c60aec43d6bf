// On which lawful ground data leaves for a third country: one mechanism, the first of a fixed order that holds today, with the reasons against the others (EUK-4).
import { z } from "zod";
import type { Reason } from "../../kernel/outcome.ts";
import type { Day } from "../../kernel/instant.ts";
import { dayWords } from "../../policy/deadline-rule.ts";
import { dayText } from "../calculation.ts";

const country = z.string().regex(/^[A-Z]{2}$/, "A country is two capital letters of ISO 3166: DE, US, IN.");

/** Entries of the public list, each with the days between which it was active; without an end it still is. */
const listing = z.strictObject({ from: dayText, to: dayText.optional() });

const mechanisms = ["dpf", "scc", "jurisdiction-terms", "other"] as const;
type Mechanism = (typeof mechanisms)[number];

export const transferQuestion = z.strictObject({
  on: dayText,
  /** Whose law protects the data. */
  origin: z.enum(["EEA", "UK", "CH"]),
  /** Where the partner that receives it is established. */
  destination: country,
  /** The vendor's part in this flow, not in the contract: it names the module. */
  vendorIs: z.enum(["controller", "processor"]),
  /** Countries without a restricted transfer, by whose decision, as they stand on that day. */
  adequate: z.strictObject({ EEA: z.array(country), UK: z.array(country), CH: z.array(country) }),
  dpf: z.strictObject({ euUs: listing.optional(), ukExtension: listing.optional(), swissUs: listing.optional() }).default({}),
  /** Clauses that both sides have signed. */
  signed: z.array(z.enum(["scc", "uk-addendum"])).default([]),
  /** Any other lawful mechanism on record, in words. */
  other: z.string().min(3).max(300).optional(),
  /** Mechanisms that nobody may rely on since a day: a court struck one down. */
  switchedOff: z.array(z.strictObject({ mechanism: z.enum(mechanisms), since: dayText, citation: z.string().min(3).max(300) })).default([]),
});
export type TransferQuestion = z.output<typeof transferQuestion>;

export interface TransferMechanism {
  readonly result: "not-restricted" | Mechanism | "blocked";
  /** "DPF with the UK Extension", "SCC Module Two and the UK Addendum". */
  readonly words: string;
  readonly module?: "two" | "three";
  readonly ukAddendum?: true;
  readonly supplementaryMeasures?: true;
  /** Duties that follow: a lapsed certification is told without undue delay. */
  readonly duties: readonly Reason[];
  /** Why each mechanism before the one in use does not hold. */
  readonly against: readonly (Reason & { readonly mechanism: Mechanism })[];
  readonly derivation: string;
}

const eea = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split(" ");

export function transferMechanism(question: TransferQuestion): TransferMechanism {
  const { origin, destination, on, adequate } = question;
  const home: Readonly<Record<TransferQuestion["origin"], readonly string[]>> = { EEA: eea, UK: ["GB"], CH: ["CH"] };
  if ([...home[origin], ...adequate[origin]].includes(destination))
    return {
      result: "not-restricted",
      words: "No restricted transfer",
      duties: [],
      against: [],
      derivation: `${origin} → ${destination}: the destination protects the data like the origin on ${dayWords(on)}, EUK-4`,
    };
  const against: (Reason & { readonly mechanism: Mechanism })[] = [];
  for (const mechanism of mechanisms) {
    const reason = reasonAgainst(mechanism, question);
    if (reason === undefined) return inUse(mechanism, question, against);
    against.push({ ...reason, mechanism });
  }
  return {
    result: "blocked",
    words: "Blocked: no lawful mechanism is on record",
    duties: duties(question),
    against,
    derivation: derivationOf(question, "none holds"),
  };
}

function inUse(mechanism: Mechanism, question: TransferQuestion, against: TransferMechanism["against"]): TransferMechanism {
  const { origin, vendorIs, other } = question;
  const isScc = mechanism === "scc";
  const module = vendorIs === "controller" ? ("two" as const) : ("three" as const);
  const words = {
    dpf: origin === "UK" ? "DPF with the UK Extension" : origin === "CH" ? "Swiss-US DPF" : "EU-US DPF",
    scc: `SCC Module ${module === "two" ? "Two" : "Three"}${origin === "UK" ? " and the UK Addendum" : ""}`,
    "jurisdiction-terms": "Jurisdiction-specific terms",
    other: other ?? "",
  }[mechanism];
  return {
    result: mechanism,
    words,
    ...(isScc ? { module, supplementaryMeasures: true as const, ...(origin === "UK" ? { ukAddendum: true as const } : {}) } : {}),
    duties: duties(question),
    against,
    derivation: derivationOf(question, words),
  };
}

function derivationOf({ origin, destination, on }: TransferQuestion, words: string): string {
  return `${origin} → ${destination} on ${dayWords(on)}: DPF, then SCC, then jurisdiction-specific terms, then another mechanism; the first that holds: ${words}, EUK-4`;
}

function reasonAgainst(mechanism: Mechanism, question: TransferQuestion): Reason | undefined {
  const off = question.switchedOff.find((each) => each.mechanism === mechanism && each.since <= question.on);
  if (off !== undefined)
    return {
      clause: "EUK-4",
      code: "SWITCHED_OFF",
      because: `Nobody may rely on it since ${dayWords(off.since)} (${off.citation}). Only a new decision would change this.`,
    };
  switch (mechanism) {
    case "dpf":
      return dpfReason(question);
    case "scc":
      return sccReason(question);
    case "jurisdiction-terms":
      return { clause: "EUK-4", code: "EMPTY_SLOT", because: "The schedule it points to does not exist (X-13). Signed terms of that kind would change this." };
    case "other":
      return question.other === undefined
        ? { clause: "EUK-4", code: "NO_OTHER", because: "No other lawful mechanism is on record. Record it with its ground, or sign the clauses." }
        : undefined;
  }
}

const isActive = (entry: z.output<typeof listing> | undefined, on: Day): boolean =>
  entry !== undefined && entry.from <= on && (entry.to === undefined || on <= entry.to);

function dpfReason({ origin, destination, dpf, on }: TransferQuestion): Reason | undefined {
  const clause = "EUK-4.1";
  if (destination !== "US") return { clause, code: "DPF_ELSEWHERE", because: "The Data Privacy Framework reaches the United States only." };
  const [framework, entry] = origin === "CH" ? (["Swiss-US", dpf.swissUs] as const) : (["EU-US", dpf.euUs] as const);
  if (!isActive(entry, on))
    return {
      clause,
      code: entry === undefined ? "NOT_CERTIFIED" : "CERTIFICATION_LAPSED",
      because:
        entry === undefined
          ? `The partner is not on the list of the ${framework} framework. Its certification would change this.`
          : `Its certification under the ${framework} framework is not active on that day. A renewed one would change this.`,
    };
  if (origin === "UK" && !isActive(dpf.ukExtension, on))
    return {
      clause,
      code: "NO_UK_EXTENSION",
      because: "British data needs the UK Extension, and the partner has none that is active (X-14). It would change this.",
    };
  return undefined;
}

function sccReason({ origin, signed }: TransferQuestion): Reason | undefined {
  if (!signed.includes("scc"))
    return { clause: "EUK-4.2", code: "SCC_NOT_SIGNED", because: "The standard contractual clauses are not signed. Their signature would change this." };
  if (origin === "UK" && !signed.includes("uk-addendum"))
    return {
      clause: "UKA-T2",
      code: "UK_ADDENDUM_NOT_SIGNED",
      because: "British data needs the UK Addendum beside the clauses, and it is not signed. Its signature would change this.",
    };
  return undefined;
}

/** A certification that was there and is not any more is told without undue delay; the clauses take over by themselves. */
function duties({ origin, destination, dpf, on }: TransferQuestion): readonly Reason[] {
  const entries = origin === "CH" ? [dpf.swissUs] : origin === "UK" ? [dpf.euUs, dpf.ukExtension] : [dpf.euUs];
  const lapsed = entries.flatMap((entry) => (entry?.to !== undefined && entry.to < on ? [entry.to] : []));
  if (destination !== "US" || lapsed.length === 0) return [];
  return [
    {
      clause: "EUK-4.1(ii)",
      code: "LAPSE_NOTICE_OWED",
      because: `The certification ended on ${dayWords(lapsed.toSorted()[0] ?? on)}: the partner tells it in writing without undue delay, by house default within 24 hours, and the clauses take over.`,
    },
  ];
}
