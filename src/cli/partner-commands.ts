// The partner program at the terminal: register, record, list, import sales, and count what was kept.
import { z } from "zod";
import { importSalesLedger } from "../app/import-sales.ts";
import { clauseCounts } from "../app/partner-counts.ts";
import {
  findPartnerView,
  partnerAskersOf,
  partnerCircumstances,
  partnerStepsFor,
  registerPartner,
  takePartnerStep,
  type PartnerHandled,
} from "../app/partners.ts";
import type { Desk } from "../app/desk.ts";
import { findStaff } from "../app/directory.ts";
import { askersOf } from "../app/permissions.ts";
import { projectPartners } from "../app/project-partners.ts";
import { readPartnerNumber, type Actor, type PartnerId } from "../kernel/ids.ts";
import { partnerSteps, type PartnerAsker, type SalesFault } from "../partners/module.ts";
import { need, optionText, refusedAnswer, Usage, type Answer, type Command, type Given } from "./command.ts";
import { getDesk, operator } from "./desk-of.ts";
import { refusal } from "./schemas.ts";

const mostShown = 50;

const asOption = { as: { type: "string", value: "STAFF", describe: "Id of the member of staff who takes it (default: the operator)." } } as const;

const done = z.object({ ok: z.literal(true), partner: z.string(), version: z.number(), facts: z.array(z.record(z.string(), z.unknown())) });

function partnerOf(given: Given): PartnerId {
  const partner = readPartnerNumber(need(given, 0, "The partner's number"));
  if (partner === undefined) throw new Usage("A partner's number has the form P-7F3K-2M9Q.");
  return partner;
}

async function personOf(desk: Desk, given: Given): Promise<{ readonly by: Actor; readonly askers: readonly PartnerAsker[] }> {
  const id = optionText(given, "as");
  if (id === undefined) return { by: operator, askers: ["vendor", "counsel", "desk"] };
  const staff = await findStaff(desk, id);
  if (staff === undefined) throw new Usage("--as names nobody of this desk's staff.");
  return { by: `staff:${staff.id}` as Actor, askers: partnerAskersOf(askersOf(staff.roles)) };
}

async function settle(desk: Desk): Promise<void> {
  await desk.ports.ledger.seal(desk.id, desk.ports.clock.now());
  await projectPartners(desk);
}

async function answerOf(desk: Desk, partner: PartnerId, handled: PartnerHandled): Promise<Answer> {
  if (handled.kind === "refused") return refusedAnswer(handled.reasons);
  await settle(desk);
  return {
    json: { ok: true, partner, version: handled.version, facts: handled.facts },
    text: [`${partner}, fact ${handled.version}:`, ...handled.facts.map(({ type }) => `  ${type}`)].join("\n"),
    exit: 0,
  };
}

function readObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below in plain words.
  }
  throw new Usage("The file is not a JSON object.");
}

const register: Command = {
  name: "partner register",
  usage: "partner register FILE.json",
  describe: "Registers a partner: { country, zone, private: { name, notices, security?, privacy? } }. Prints its number.",
  options: asOption,
  needsDesk: true,
  output: z.union([done, refusal]),
  run: async (given, terminal, installation) => {
    const desk = await getDesk(installation);
    const command = readObject(await terminal.readText(need(given, 0, "The file")));
    const handled = await registerPartner(desk, { ...(await personOf(desk, given)), command });
    return answerOf(desk, handled.partner, handled);
  },
};

const step: Command = {
  name: "partner step",
  usage: "partner step PARTNER FILE.json",
  describe: "Takes one step of the partner program: the file holds the command (its type and values), as the pages send it.",
  options: asOption,
  needsDesk: true,
  output: z.union([done, refusal]),
  run: async (given, terminal, installation) => {
    const desk = await getDesk(installation);
    const partner = partnerOf(given);
    const command = readObject(await terminal.readText(need(given, 1, "The command file")));
    if (typeof command["type"] !== "string") throw new Usage('The file is not a command: a JSON object with a "type".');
    return answerOf(desk, partner, await takePartnerStep(desk, { partner, ...(await personOf(desk, given)), command: { ...command, type: command["type"] } }));
  },
};

const steps: Command = {
  name: "partner steps",
  usage: "partner steps [STEP]",
  describe: "Lists every step of the partner program with who may take it; with a step's name, prints the JSON Schema of its command.",
  options: {},
  needsDesk: false,
  output: z.union([
    z.object({
      steps: z.array(z.object({ name: z.string(), label: z.string(), topic: z.string(), askers: z.array(z.string()), clauses: z.array(z.string()) })),
    }),
    z.record(z.string(), z.unknown()),
  ]),
  run: async (given) => {
    const [name] = given.positionals;
    if (name === undefined) {
      const listed = partnerSteps.map(({ name: each, label, topic, askers, clauses }) => ({
        name: each,
        label,
        topic,
        askers: [...askers],
        clauses: [...clauses],
      }));
      return {
        json: { steps: listed },
        text: listed.map((each) => `${each.name.padEnd(24)} ${each.label} (${each.askers.join(", ")}; ${each.clauses.join(", ")})`).join("\n"),
        exit: 0,
      };
    }
    const found = partnerSteps.find((each) => each.name === name);
    if (found === undefined) throw new Usage(`There is no step ${name}. portcullis partner steps lists them.`);
    const schema = z.toJSONSchema(found.schema, { io: "input", unrepresentable: "any" });
    return { json: schema, text: JSON.stringify(schema, undefined, 2), exit: 0 };
  },
};

const shownDuty = z.object({
  id: z.string(),
  clause: z.string(),
  label: z.string(),
  owedBy: z.string(),
  state: z.string(),
  dueAt: z.string().optional(),
  settledAt: z.string().optional(),
  derivation: z.string(),
  basis: z.string(),
});

const show: Command = {
  name: "partner show",
  usage: "partner show PARTNER",
  describe: "Prints what one partner and the company owe each other, by when and why, and what can be recorded next.",
  options: { all: { type: "boolean", describe: "Also what is settled." } },
  needsDesk: true,
  output: z.union([z.object({ partner: z.string(), asOf: z.string(), duties: z.array(shownDuty), steps: z.array(z.string()) }), refusal]),
  run: async (given, _terminal, installation) => {
    const desk = await getDesk(installation);
    const partner = partnerOf(given);
    const view = await findPartnerView(desk, partner, operator);
    if (view === undefined) return refusedAnswer([{ clause: "INPUT", code: "NO_SUCH_PARTNER", because: "There is no partner of this number." }]);
    const wanted = view.duties.filter(({ state }) => given.options["all"] === true || state === "open" || state === "overdue" || state === "suspended");
    const duties = wanted.map(({ id, clause, label, owedBy, state, dueAt, settledAt, derivation, basis }) => ({
      id,
      clause,
      label,
      owedBy,
      state,
      ...(dueAt === undefined ? {} : { dueAt }),
      ...(settledAt === undefined ? {} : { settledAt }),
      derivation,
      basis,
    }));
    const possible = partnerStepsFor(["vendor", "counsel"], view.history, await partnerCircumstances(desk, operator)).map(({ name }) => name);
    return {
      json: { partner, asOf: view.at.now, duties, steps: possible },
      text:
        duties.length === 0
          ? "Nothing is open."
          : duties
              .map(
                ({ clause, label, state, dueAt, derivation }) =>
                  `${state.padEnd(9)} ${dueAt ?? "no end".padEnd(24)} ${label} [${clause}]\n          ${derivation}`,
              )
              .join("\n"),
      exit: 0,
    };
  },
};

const list: Command = {
  name: "partner list",
  usage: "partner list",
  describe: "Lists partners by what falls due next; names stay in the vault.",
  options: { late: { type: "boolean", describe: "Only those who are late." } },
  needsDesk: true,
  output: z.object({
    partners: z.array(
      z.object({
        partner: z.string(),
        country: z.string(),
        state: z.string(),
        open: z.number(),
        disputed: z.number(),
        nextDueAt: z.string().optional(),
        nextDue: z.string().optional(),
      }),
    ),
  }),
  run: async (given, _terminal, installation) => {
    const desk = await getDesk(installation);
    await settle(desk);
    const partners = await desk.ports.partnerViews.partners(desk.id, { late: given.options["late"] === true, limit: 1000, now: desk.ports.clock.now() });
    return {
      json: { partners },
      text:
        partners.length === 0
          ? "No partner."
          : partners
              .map(
                ({ partner, state, nextDueAt, nextDue, open }) =>
                  `${partner}  ${state.padEnd(10)} ${String(open).padStart(4)} open  ${nextDueAt ?? "nothing due"}  ${nextDue ?? ""}`,
              )
              .join("\n"),
      exit: 0,
    };
  },
};

const due: Command = {
  name: "partner due",
  usage: "partner due",
  describe: "Lists duties of the partner program over all partners, the first end first.",
  options: { queue: { type: "string", value: "QUEUE", describe: "overdue, due, open or disputed (default open)." } },
  needsDesk: true,
  output: z.object({
    duties: z.array(
      z.object({
        partner: z.string(),
        duty: z.string(),
        clause: z.string(),
        label: z.string(),
        owedBy: z.string(),
        state: z.string(),
        dueAt: z.string().optional(),
        isRight: z.boolean(),
        isDisputed: z.boolean(),
        also: z.number().optional(),
      }),
    ),
  }),
  run: async (given, _terminal, installation) => {
    const desk = await getDesk(installation);
    await settle(desk);
    const queue = z.enum(["overdue", "due", "open", "disputed"]).safeParse(optionText(given, "queue") ?? "open");
    if (!queue.success) throw new Usage("--queue is one of overdue, due, open, disputed.");
    const duties = await desk.ports.partnerViews.duties(desk.id, { queue: queue.data, limit: 1000, now: desk.ports.clock.now() });
    return {
      json: { duties },
      text:
        duties.length === 0
          ? "Nothing."
          : duties.map(({ partner, dueAt, label, clause, owedBy }) => `${dueAt ?? "no end"}  ${partner}  ${owedBy.padEnd(7)}  ${label} [${clause}]`).join("\n"),
      exit: 0,
    };
  },
};

const counts: Command = {
  name: "partner counts",
  usage: "partner counts",
  describe: "Prints for every clause of the partner program how often it was kept, kept late, is open, overdue or excused today.",
  options: {},
  needsDesk: true,
  output: z.object({
    clauses: z.array(z.object({ clause: z.string(), kept: z.number(), late: z.number(), open: z.number(), overdue: z.number(), excused: z.number() })),
  }),
  run: async (_given, _terminal, installation) => {
    const desk = await getDesk(installation);
    await settle(desk);
    const found = [...(await clauseCounts(desk)).values()];
    return {
      json: { clauses: found },
      text:
        found.length === 0
          ? "No duty yet."
          : found
              .map(
                ({ clause, kept, late, open, overdue, excused }) =>
                  `${clause.padEnd(14)} kept ${kept}  late ${late}  open ${open}  overdue ${overdue}  excused ${excused}`,
              )
              .join("\n"),
      exit: 0,
    };
  },
};

const importSales: Command = {
  name: "partner import-sales",
  usage: "partner import-sales PARTNER FILE.csv",
  describe: "Makes the partner's monthly statements from a sales ledger: every row is checked first, and either all statements are made or none (AI-5b).",
  options: asOption,
  needsDesk: true,
  output: z.union([done.extend({ rows: z.number() }), refusal]),
  run: async (given, terminal, installation) => {
    const desk = await getDesk(installation);
    const partner = partnerOf(given);
    const shown: SalesFault[] = [];
    const imported = await importSalesLedger(desk, {
      partner,
      ...(await personOf(desk, given)),
      bytes: terminal.readBytes(need(given, 1, "The sales ledger")),
      onFault: (fault) => void (shown.length < mostShown && shown.push(fault)),
    });
    if (imported.kind === "faulty")
      return refusedAnswer([
        {
          clause: "AI-5b",
          code: "FAULTY_LEDGER",
          because: `There are ${imported.faults} faults in ${imported.rows} rows, and nothing was recorded. portcullis calc sales FILE --faults LIST writes them all.`,
        },
        ...shown.map(({ line, column, what }) => ({ clause: "INPUT", code: "FAULTY_ROW", because: `Line ${line}, ${column ?? "row"}: ${what}` })),
      ]);
    const answer = await answerOf(desk, partner, imported);
    return { ...answer, json: { ...(answer.json as object), ...(imported.kind === "done" ? { rows: imported.rows } : {}) } };
  },
};

export const partnerCommands: readonly Command[] = [register, step, steps, show, list, due, counts, importSales];
