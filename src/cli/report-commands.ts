// The reports beside the yearly one: the European orders of a year, and the bands of national-security process for a day.
import { z } from "zod";
import {
  countDsaOrders,
  countEvidenceStatistics,
  readEuropeanOrders,
  reportsEuropeanOrders,
  type DsaSheetOfCases,
  type EvidenceStatisticsOfCases,
} from "../app/european-statistics.ts";
import type { Desk } from "../app/desk.ts";
import { countBandReport, publishBands } from "../app/publish-bands.ts";
import type { Actor } from "../kernel/ids.ts";
import { day, type Day } from "../kernel/instant.ts";
import { bandCsv, type BandReport } from "../reporting/module.ts";
import { optionText, refusedAnswer, Usage, type Answer, type Command, type Given } from "./command.ts";
import { refusal } from "./schemas.ts";

const operator = "staff:operator" as Actor;

export const statisticsOptions = {
  statistics: {
    type: "string",
    value: "e-evidence|dsa",
    describe:
      "Counts European orders instead: e-evidence for the Commission's statistics (EU-EEV-28-4), dsa for the sheet 3_member_states_orders. Orders that cannot be placed are named, and the exit code is then 1.",
  },
  service: { type: "string", value: "NAME", describe: "With --statistics dsa: the service the sheet is about (default: the legal entity)." },
  "with-production-orders": { type: "boolean", describe: "With --statistics dsa: counts European Production Orders among the orders to provide information." },
} as const satisfies Command["options"];

const byCase = {
  findings: z.array(z.object({ caseId: z.string(), code: z.string(), because: z.string() })),
  gaps: z.array(z.object({ about: z.string(), because: z.string(), caseIds: z.array(z.string()) })),
};

export const statisticsOutput = z.union([
  z.object({ template: z.literal("EU-EEV-28-4"), year: z.number(), dueOn: z.string(), rows: z.array(z.unknown()), csv: z.string(), ...byCase }),
  z.object({ name: z.literal("3_member_states_orders"), dueOn: z.string(), publicUntil: z.string(), keep: z.string(), csv: z.string(), ...byCase }),
]);

/** Undefined when no statistics were asked for. */
export async function statisticsAnswer(desk: Desk, year: number, given: Given): Promise<Answer | undefined> {
  const which = optionText(given, "statistics");
  if (which !== "dsa") refuseSheetOptions(given);
  if (which === undefined) return undefined;
  if (which !== "e-evidence" && which !== "dsa") throw new Usage("--statistics is e-evidence or dsa.");
  if (given.options["publish"] === true)
    throw new Usage("Statistics are not published by the desk: give them to the Commission, or publish the sheet, yourself.");
  if (!reportsEuropeanOrders(desk)) throw new Usage("No pack of this desk has European orders. Name the pack eu among its jurisdictions first.");
  const orders = await readEuropeanOrders(desk, await sealedSize(desk));
  const service = optionText(given, "service");
  const withProductionOrders = given.options["with-production-orders"] === true;
  const counted = which === "dsa" ? countDsaOrders(desk, orders, { year, service, withProductionOrders }) : countEvidenceStatistics(desk, orders, year);
  return { json: counted, text: given.options["csv"] === true ? counted.csv.trimEnd() : statisticsText(counted), exit: counted.findings.length > 0 ? 1 : 0 };
}

function refuseSheetOptions({ options }: Given): void {
  if (options["service"] !== undefined || options["with-production-orders"] !== undefined)
    throw new Usage("--service and --with-production-orders go with --statistics dsa.");
}

async function sealedSize({ id, ports }: Desk): Promise<number> {
  return (await ports.ledger.seal(id, ports.clock.now()))?.size ?? 0;
}

function statisticsText({ csv, dueOn, findings, gaps }: EvidenceStatisticsOfCases | DsaSheetOfCases): string {
  return [
    csv.trimEnd(),
    "",
    `Due on ${dueOn}.`,
    ...findings.map(({ caseId, because, code }) => `  ✗ ${caseId} is counted nowhere: ${because} [${code}]`),
    ...gaps.map(({ because, caseIds }) => `  • ${because} Cases: ${caseIds.join(", ")}`),
  ].join("\n");
}

export const bandsReport: Command = {
  name: "report national-security",
  usage: "report national-security",
  describe:
    "Counts the bands of national-security process as they may be published today, under the structure that the set-up names, over the periods of 50 USC 1874; with --publish they become a fact and stand on the public page. Bands are printed also when nothing was received; a count is printed nowhere.",
  options: {
    "published-on": {
      type: "string",
      value: "DAY",
      describe: "The day of publication the periods are counted back from (default: today); an earlier one only where its bands are corrected.",
    },
    publish: { type: "boolean", describe: "Publishes them: their digest goes into the ledger." },
    correction: { type: "string", value: "WHY", describe: "Why a later edition corrects the bands of that day." },
    csv: { type: "boolean", describe: "Prints CSV instead of words." },
  },
  needsDesk: true,
  output: z.union([z.object({ company: z.string(), edition: z.number(), treeSize: z.number(), bands: z.unknown() }), refusal]),
  run: async (given, _terminal, installation) => {
    const desk = await installation.desk();
    if (desk === undefined) throw new Usage("This folder holds no desk yet. Set it up first: portcullis --data DIR setup FILE.");
    const publishedOn = dayGiven(given);
    const correction = optionText(given, "correction");
    if (correction !== undefined && given.options["publish"] !== true) throw new Usage("--correction goes with --publish.");
    const done =
      given.options["publish"] === true
        ? await publishBands(desk, { by: operator, publishedOn, correction })
        : await countBandReport(desk, await sealedSize(desk), publishedOn);
    if (done.kind === "refused") return refusedAnswer(done.reasons);
    return { json: done.report, text: given.options["csv"] === true ? bandCsv(done.report).trimEnd() : bandsText(done.report), exit: 0 };
  },
};

function dayGiven(given: Given): Day | undefined {
  const text = optionText(given, "published-on");
  if (text === undefined) return undefined;
  if (!z.iso.date().safeParse(text).success) throw new Usage("The day of publication is written 2027-01-15.");
  return day(text);
}

function bandsText({ bands }: BandReport): string {
  return [
    `Option ${bands.option}: ${bands.title} (${bands.citation}), for publication on ${bands.publishedOn}`,
    ...bands.rows.map(({ label, from, to, band }) => `  ${from} to ${to}  ${band.low}–${band.high}  ${label}`),
  ].join("\n");
}
