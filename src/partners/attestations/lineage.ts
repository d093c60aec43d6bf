// Where each set of data and each model comes from: what was made with the vendor's AI data stays out of every other product (AI-2, DPA-2.2.2(2)).
import { askChoice, askCurrency, askKey, askDay, askSome, askSum, askYesNo, askOne, optional, type AskedChoice } from "../asks.ts";
import { exactly } from "../../kernel/money.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { all, partnerStep, type PartnerHistory } from "../partner.ts";

export interface DataSet {
  readonly dataSet: string;
  readonly kind: "data" | "model";
  /** It is the vendor's AI data, or was made with some: inputs, outputs, models and their weights alike. */
  readonly isTagged: boolean;
  /** The sets it goes back to that are the vendor's own. */
  readonly because: readonly string[];
}

/** In order of record: a set can only be made from sets that are on record before it, so that no circle can arise. */
function dataSetsOf(history: PartnerHistory): readonly DataSet[] {
  const found = new Map<string, DataSet>();
  for (const { fact } of all(history, "DataSetRecorded")) {
    const because = new Set([...(fact.isVendorData ? [fact.dataSet] : []), ...fact.madeFrom.flatMap((from) => found.get(from)?.because ?? [])]);
    found.set(fact.dataSet, { dataSet: fact.dataSet, kind: fact.kind, isTagged: because.size > 0, because: [...because] });
  }
  return [...found.values()];
}

const sets = (history: PartnerHistory): readonly AskedChoice[] =>
  dataSetsOf(history).map(({ dataSet, isTagged }) => ({ value: dataSet, label: isTagged ? `${dataSet} (AI-2)` : dataSet }));

export const recordDataSet = partnerStep({
  name: "RecordDataSet",
  label: "Record a data set or model",
  topic: "attestations",
  clauses: ["AI-2", "DPA-2.2.2(2)", "USP-4(c)"],
  askers: ["partner", "vendor"],
  asks: {
    dataSet: askKey("Its name", { hint: "A code of yours, without anybody's name." }),
    kind: askChoice("What it is", { data: "A set of data", model: "A model or its weights" }),
    isVendorData: askYesNo("It holds inputs or outputs from the vendor"),
    madeFrom: askSome("What it was made from", sets),
  },
  against: ({ dataSet, madeFrom }, history) => {
    const known = dataSetsOf(history).map((each) => each.dataSet);
    return [
      ...(known.includes(dataSet) ? [{ clause: "AI-2", code: "KNOWN", because: "A set of this name is on record. Give the new one another name." }] : []),
      ...madeFrom
        .filter((each) => !known.includes(each))
        .map((each) => ({ clause: "AI-2", code: "UNKNOWN_SOURCE", because: `“${each}” is not on record. Record first what it was made from.` })),
    ];
  },
  facts: ({ dataSet, kind, isVendorData, madeFrom }) => [{ type: "DataSetRecorded", dataSet, kind, isVendorData, madeFrom }],
});

export const useDataSet = partnerStep({
  name: "UseDataSet",
  label: "Use a data set or model",
  topic: "attestations",
  clauses: ["AI-2", "DPA-2.2.2(2)", "USP-4(b)"],
  askers: ["partner"],
  offered: (history) => sets(history).length > 0,
  asks: {
    dataSet: askOne("Which one", sets),
    purpose: askChoice("For what", {
      partnership: "For the Partnership only",
      "own-product": "For a product of the partner's",
      "other-product": "For somebody else's product",
    }),
    on: askDay("From which day", { mayLieAhead: true }),
  },
  against: ({ dataSet, purpose }, history): readonly Reason[] => {
    const found = dataSetsOf(history).find((each) => each.dataSet === dataSet);
    if (found === undefined) return [{ clause: "AI-2", code: "UNKNOWN_SOURCE", because: "It is not on record. Record it first, with what it was made from." }];
    if (!found.isTagged || purpose === "partnership") return [];
    return [
      {
        clause: "AI-2",
        code: "VENDOR_AI_DATA",
        because: `“${dataSet}” goes back to ${found.because.join(", ")}, which is the vendor's: it serves the Partnership and nothing else. A set made without it would do.`,
      },
    ];
  },
  facts: ({ dataSet, purpose, on }) => [{ type: "DataSetUsed", dataSet, purpose, on }],
});

const threshold = exactly("10000");

export const recordSubcontract = partnerStep({
  name: "RecordSubcontract",
  label: "Record a subcontract",
  topic: "attestations",
  clauses: ["CMP-3(iv)"],
  askers: ["partner", "vendor"],
  asks: {
    subcontract: askKey("Its number"),
    on: askDay("Signed on"),
    currency: askCurrency(),
    amount: askSum("Its amount"),
    inDollars: optional(askSum("The same in US dollars", { hint: "Where it is in another currency." })),
    flowsDown: askYesNo("It holds the clauses on a drug-free workplace"),
  },
  against: ({ currency, amount, inDollars, flowsDown, subcontract }, history) => {
    const dollars = currency === "USD" ? amount : inDollars;
    return [
      ...(all(history, "SubcontractSigned").some(({ fact }) => fact.subcontract === subcontract)
        ? [{ clause: "CMP-3(iv)", code: "KNOWN", because: "A subcontract of this number is on record. Give another number." }]
        : []),
      ...(dollars === undefined
        ? [{ clause: "CMP-3(iv)", code: "NO_DOLLARS", because: "The clause speaks of 10,000 US dollars. Say what the amount is in dollars." }]
        : []),
      ...(dollars !== undefined && exactly(dollars).greaterThan(threshold) && !flowsDown
        ? [
            {
              clause: "CMP-3(iv)",
              code: "NO_FLOW_DOWN",
              because: "Above 10,000 US dollars the clauses on a drug-free workplace go into the subcontract. Put them in, then record it.",
            },
          ]
        : []),
    ];
  },
  facts: ({ subcontract, on, currency, amount, flowsDown }) => [{ type: "SubcontractSigned", subcontract, on, currency, amount, flowsDown }],
});
