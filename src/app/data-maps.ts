// Reads, checks and drafts the data maps of a desk: what its connected sources hold, as people have described it.
import type { DataType } from "../policy/pack.ts";
import { draftDataMap, draftOnto, type Drafted } from "../production/plan/draft-data-map.ts";
import { readDataMap, type DataMapReading } from "../production/plan/read-data-map.ts";
import { surveyDataMaps, type MapFinding } from "../production/plan/survey-data-maps.ts";
import type { LiveSchema } from "../production/shapes.ts";
import type { Desk, Shelf } from "./desk.ts";
import { sourcesOf } from "./directory.ts";
import type { Holdings } from "./ports.ts";
import { withHoldings } from "./produce.ts";
import { policyInForce } from "../policy/policy-in-force.ts";
import type { Source } from "./production-port.ts";

/** The maps of all connected sources, as they were given; no source is opened for it. */
export async function readMapsOf(desk: Desk): Promise<readonly DataMapReading[]> {
  const entries = await sourcesOf(desk);
  return entries.map((entry) => readDataMap(fileOf(entry.name), entry.dataMap, desk.policy.dataTypes));
}

function fileOf(source: string): string {
  return `${source}.yaml`;
}

/** Holds the maps of all connected sources against each other and against the columns that are there now. */
export async function checkMapsOf(desk: Desk): Promise<readonly MapFinding[]> {
  const names = (await sourcesOf(desk)).map(({ name }) => name);
  const readings = await readMapsOf(desk);
  return withHoldings(desk, async (holdings) => {
    const looks = await Promise.all(names.map((name) => lookAt(name, holdings)));
    const survey = surveyDataMaps({
      readings,
      live: looks.flatMap(({ schema }) => schema ?? []),
      dataTypes: desk.policy.dataTypes,
      categories: desk.shelf.dataCategories,
    });
    return [...looks.flatMap(({ findings }) => findings), ...survey, ...toldBySources(holdings, names)];
  });
}

interface Look {
  readonly schema?: LiveSchema;
  readonly findings: readonly MapFinding[];
}

async function lookAt(name: string, { sources }: Holdings): Promise<Look> {
  const source = sources.find((each) => each.name === name);
  const schema = source === undefined ? undefined : await schemaOf(source);
  return schema === undefined ? { findings: [notOpen(name)] } : { schema, findings: [] };
}

/** A source that went away since it was opened is as one that could not be opened. */
async function schemaOf(source: Source): Promise<LiveSchema | undefined> {
  try {
    return (await source.describe()).schema;
  } catch {
    return undefined;
  }
}

function notOpen(name: string): MapFinding {
  return {
    severity: "fault",
    code: "NOT_OPEN",
    what: `The source ${name} could not be opened, so its data map was not held against its columns.`,
    remedy: "Repair the connection and check again.",
  };
}

/** What the sources say of themselves; what is wrong with a map is told with its line and column already. */
function toldBySources({ findings }: Holdings, names: readonly string[]): readonly MapFinding[] {
  return findings
    .filter(({ where }) => !names.some((name) => where.startsWith(`${fileOf(name)}:`)))
    .map(({ where, what }) => ({ severity: "note", code: "SOURCE", what: `${where}: ${what}`, remedy: "See whether the source is whole." }));
}

/** One file alone, by every policy on the shelf: no desk and no source is needed. */
export function checkMapFile(file: string, text: string, shelf: Shelf): readonly MapFinding[] {
  return surveyDataMaps({ readings: [readDataMap(file, text, typesOn(shelf))], live: [], dataTypes: typesOn(shelf), categories: shelf.dataCategories });
}

function typesOn({ policies: [first, ...rest] }: Shelf): readonly DataType[] {
  return first === undefined ? [] : policyInForce([first, ...rest]).dataTypes;
}

type DraftAnswer =
  | Drafted
  | { readonly kind: "no-source"; readonly connected: readonly string[] }
  | { readonly kind: "not-open"; readonly findings: readonly string[] };

/** A map of what the source has now; `onto` is a map that people have worked on, which is kept and added to. */
export async function draftMapOf(desk: Desk, name: string, onto?: { readonly file: string; readonly text: string }): Promise<DraftAnswer> {
  const connected = (await sourcesOf(desk)).map((entry) => entry.name);
  if (!connected.includes(name)) return { kind: "no-source", connected };
  const reading = onto === undefined ? undefined : readDataMap(onto.file, onto.text, desk.policy.dataTypes);
  if (reading?.kind === "refused") return reading;
  return withHoldings(desk, async ({ sources, findings }) => {
    const source = sources.find((each) => each.name === name);
    const schema = source === undefined ? undefined : await schemaOf(source);
    if (schema === undefined) return { kind: "not-open", findings: findings.map(({ where, what }) => `${where}: ${what}`) };
    return onto === undefined ? draftDataMap(schema) : draftOnto(onto.file, onto.text, schema);
  });
}
