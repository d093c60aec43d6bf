// A pack's own examples: cases with the verdict they must have. A pack that no longer says so is refused.
import { z } from "zod";
import { instant } from "../kernel/instant.ts";
import { assess, type Assessment, type AssessmentShelf } from "./assess.ts";

const slug = z.string().regex(/^[a-z][a-z0-9-]*$/);
const codes = z.array(z.string().regex(/^[A-Z][A-Z0-9_]+$/));

const expectation = z.strictObject({
  /** Exactly these reason codes, in any order. */
  lines: z
    .record(z.string(), z.strictObject({ decision: z.enum(["allow", "deny", "ask", "counsel"]), codes: codes.optional(), notes: codes.optional() }))
    .optional(),
  /** These codes are among the gate's. */
  gate: z.strictObject({ open: z.boolean().optional(), codes: codes.optional() }).optional(),
  clocks: z
    .record(
      z.string(),
      z.union([
        z.literal("absent"),
        z.strictObject({
          dueDay: z.iso.date().optional(),
          dueAt: z.iso.datetime({ offset: true }).optional(),
          kind: z.string().optional(),
          state: z.string().optional(),
        }),
      ]),
    )
    .optional(),
  notice: z
    .strictObject({ state: z.string().optional(), earliest: z.iso.date().optional(), latest: z.iso.date().optional(), mayTell: z.array(z.string()).optional() })
    .optional(),
  counsel: z.boolean().optional(),
  report: z.string().optional(),
  outcome: z.string().optional(),
  letter: z.string().nullable().optional(),
  worksheet: z.record(z.string(), z.enum(["applies", "open", "lifted-or-not-applicable"])).optional(),
  tells: z.array(z.string()).optional(),
  /** Whether the paper's law makes the government pay. */
  costs: z.boolean().optional(),
  /** Whether the case may be published only in bands. */
  bandsOnly: z.boolean().optional(),
  /** Each is part of a route of challenge. */
  challenge: z.array(z.string()).optional(),
  /** Each is part of a duty that has no day. */
  duties: z.array(z.string()).optional(),
  /** Steps that the desk refuses although the description says they were taken. */
  refused: z.array(z.string()).optional(),
  /** Places of the description that nobody filled in and the law asks for; these are among them. */
  asks: z.array(z.string()).optional(),
  /** The whole description is refused, at these places. */
  impossible: z.array(z.string()).optional(),
});

/** A pack's file of examples: `defaults` lie under every case, member by member. */
export const packFixtures = z.strictObject({
  pack: slug,
  defaults: z.record(z.string(), z.unknown()).default({}),
  cases: z.array(z.strictObject({ name: z.string().min(10), case: z.record(z.string(), z.unknown()), expect: expectation })).min(1),
});
export type PackFixtures = z.infer<typeof packFixtures>;

export interface FixtureResult {
  readonly name: string;
  /** What differs, in words; empty when the pack says what the example expects. */
  readonly differences: readonly string[];
}

export function runFixtures({ defaults, cases }: PackFixtures, shelf: AssessmentShelf): readonly FixtureResult[] {
  return cases.map(({ name, case: own, expect }) => {
    const assessed = assess(mergedCase(defaults, own), shelf);
    if (assessed.kind === "refused") return { name, differences: differsFromRefusal(expect.impossible, assessed.problems) };
    if (expect.impossible !== undefined) return { name, differences: ["expected the description to be refused, and it was assessed"] };
    return { name, differences: differences(expect, assessed.assessment) };
  });
}

/** A case with the file's defaults under it, member by member. */
export function mergedCase(under: Readonly<Record<string, unknown>>, over: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const names = [...new Set([...Object.keys(under), ...Object.keys(over)])];
  return Object.fromEntries(
    names.map((name) => {
      const [below, above] = [under[name], over[name]];
      return [name, isRecord(below) && isRecord(above) ? mergedCase(below, above) : Object.hasOwn(over, name) ? above : below];
    }),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function differsFromRefusal(expected: readonly string[] | undefined, problems: readonly { readonly path: string; readonly what: string }[]): readonly string[] {
  const found = problems.map(({ path }) => path);
  if (expected === undefined) return problems.map(({ path, what }) => `the description is refused at ${path}: ${what}`);
  return expected.filter((path) => !found.includes(path)).map((path) => `expected a problem at ${path}, found ${found.join(", ")}`);
}

type Expectation = PackFixtures["cases"][number]["expect"];

function differences(expect: Expectation, found: Assessment): readonly string[] {
  return [
    ...lineDifferences(expect.lines ?? {}, found),
    ...gateDifferences(expect.gate ?? {}, found),
    ...clockDifferences(expect.clocks ?? {}, found),
    ...noticeDifferences(expect.notice ?? {}, found),
    ...differs("counsel", expect.counsel, found.counsel.length > 0),
    ...differs("report", expect.report, found.report.bucket),
    ...differs("outcome", expect.outcome, found.report.outcome),
    ...differs("letter", expect.letter, expect.letter === null ? (found.letter ?? null) : found.letter),
    ...Object.entries(expect.worksheet ?? {}).flatMap(([rule, answer]) =>
      differs(`worksheet ${rule}`, answer, found.worksheet.find((row) => row.rule === rule)?.answer),
    ),
    ...differs("costs", expect.costs, found.costs !== undefined),
    ...differs("bands only", expect.bandsOnly, found.report.bandsOnly),
    ...(expect.challenge ?? [])
      .filter((part) => !found.challenge.some(({ route }) => route.includes(part)))
      .map((part) => `no route of challenge says "${part}"`),
    ...(expect.duties ?? []).filter((part) => !found.duties.some(({ says }) => says.includes(part))).map((part) => `no duty says "${part}"`),
    ...differs("tells", sorted(expect.tells), sorted(found.tells.filter(({ by }) => by === "us").map(({ who }) => who))),
    ...differs("refused steps", sorted(expect.refused), sorted(found.refused.map(({ step }) => step))),
    ...(expect.asks ?? []).filter((about) => !found.questions.some((question) => question.about === about)).map((about) => `does not ask about ${about}`),
  ];
}

function sorted(values: readonly string[] | undefined): string | undefined {
  return values === undefined ? undefined : [...new Set(values)].toSorted().join(", ");
}

type Plain = string | boolean | null | undefined;

function differs(what: string, expected: Plain, found: Plain): readonly string[] {
  return expected === undefined || expected === found ? [] : [`${what}: expected ${String(expected)}, found ${String(found)}`];
}

function lineDifferences(expected: NonNullable<Expectation["lines"]>, found: Assessment): readonly string[] {
  return Object.entries(expected).flatMap(([id, { decision, codes: wanted, notes }]) => {
    const line = found.lines.find((one) => one.id === id);
    return [
      ...differs(`line ${id}`, decision, line?.decision),
      ...differs(`line ${id} codes`, sorted(wanted), sorted(line?.reasons.map(({ code }) => code) ?? [])),
      ...differs(`line ${id} notes`, sorted(notes), sorted(line?.notes?.map(({ code }) => code) ?? [])),
    ];
  });
}

function gateDifferences({ open, codes: wanted = [] }: NonNullable<Expectation["gate"]>, { gate }: Assessment): readonly string[] {
  const found = gate.reasons.map(({ code }) => code);
  return [
    ...differs("gate open", open, gate.open),
    ...wanted.filter((code) => !found.includes(code)).map((code) => `gate: ${code} is not among ${found.join(", ")}`),
  ];
}

function clockDifferences(expected: NonNullable<Expectation["clocks"]>, { clocks }: Assessment): readonly string[] {
  return Object.entries(expected).flatMap(([id, wanted]): readonly string[] => {
    const clock = clocks.find((one) => one.id === id);
    if (wanted === "absent") return clock === undefined ? [] : [`clock ${id} runs until ${clock.dueAt}, and should not run`];
    if (clock === undefined) return [`clock ${id} does not run; running: ${clocks.map((one) => one.id).join(", ")}`];
    return [
      ...differs(`clock ${id} kind`, wanted.kind, clock.kind),
      ...differs(`clock ${id} state`, wanted.state, clock.state),
      ...differs(`clock ${id} due`, wanted.dueAt === undefined ? undefined : instant(wanted.dueAt), clock.dueAt as string),
      ...differs(`clock ${id} due day`, wanted.dueDay, clock.dueDay),
    ];
  });
}

function noticeDifferences(expected: NonNullable<Expectation["notice"]>, { notice }: Assessment): readonly string[] {
  return [
    ...differs("notice", expected.state, notice.state),
    ...differs("notice earliest", expected.earliest, notice.earliest),
    ...differs("notice latest", expected.latest, notice.latest),
    ...differs("may tell", sorted(expected.mayTell), sorted(notice.mustNotTell.flatMap(({ mayTell }) => mayTell))),
  ];
}
