// Loads the packs and the written messages that the tests of reading share.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isJurisdiction, loadPack } from "../../policy/load-pack.ts";
import { loadReadingPack, type ReadingPack } from "../../policy/reading-pack.ts";
import type { JurisdictionPack } from "../../policy/pack.ts";
import type { RequestReading } from "./details.ts";
import { readRequest, type MessageSource, type ReadingMaterial } from "./read-request.ts";

export const root = fileURLToPath(new URL("../../../", import.meta.url));

export const readingPacks: readonly ReadingPack[] = readdirSync(`${root}packs/reading`)
  .filter((file) => file.endsWith(".yaml"))
  .map((file) => {
    const loaded = loadReadingPack(file, readFileSync(`${root}packs/reading/${file}`, "utf8"));
    if (loaded.kind === "refused") throw new Error(`${file}: ${JSON.stringify(loaded.problems[0])}`);
    return loaded.pack;
  });

export const jurisdictions: readonly JurisdictionPack[] = ["us"].map((name) => {
  const loaded = loadPack({ file: `${name}.yaml`, text: readFileSync(`${root}packs/jurisdictions/${name}.yaml`, "utf8") });
  if (!isJurisdiction(loaded)) throw new Error(`${name}.yaml is no jurisdiction pack.`);
  return loaded.pack;
});

export interface WrittenMessage {
  readonly name: string;
  readonly material: ReadingMaterial;
  /** What a careful person reads; absent while nobody has written it down. */
  readonly expected: unknown;
}

const folder = `${root}tests/fixtures/requests/`;

export function writtenMessages(): WrittenMessage[] {
  return readdirSync(folder).filter((file) => file.endsWith(".txt")).map((file) => {
    const json = readFileSync(`${folder}${file.replace(".txt", ".json")}`, "utf8");
    return { name: file.replace(".txt", ""), material: materialOf(readFileSync(folder + file, "utf8")), expected: JSON.parse(json) };
  });
}

export function materialOf(file: string): ReadingMaterial {
  const parts = file.split(/^=== (.+)\n/m).slice(1);
  const named = parts.flatMap((name, at) => (at % 2 === 0 ? [{ id: name.trim(), text: parts[at + 1] ?? "" }] : []));
  const extra = (id: string) => named.find((part) => part.id === id)?.text.trim();
  const sources = named.filter(({ id }) => id === "subject" || id === "body" || id.startsWith("attachment"));
  const [date, sender, known, own] = ["date", "sender", "known", "own"].map(extra);
  return {
    sources,
    readingPacks,
    jurisdictions,
    ...(date ? { messageDate: date } : {}),
    ...(sender ? { sender } : {}),
    ...(known ? { knownWorkspaces: known.split("\n") } : {}),
    ...(own ? { ownDomains: own.split("\n") } : {}),
  };
}

export function read(sources: readonly MessageSource[], more: Partial<ReadingMaterial> = {}): RequestReading {
  return readRequest({ sources, readingPacks, jurisdictions, ...more });
}

export function readBody(text: string, more: Partial<ReadingMaterial> = {}): RequestReading {
  return read([{ id: "body", text }], more);
}

/** What a reading says, one line a statement, with a question mark where it is inferred. */
export function statementsOf(reading: RequestReading): Record<string, readonly string[]> {
  const mark = (certainty: "stated" | "inferred", text: string) => (certainty === "inferred" ? `${text} ?` : text);
  const one = (value: { readonly value: unknown; readonly certainty: "stated" | "inferred" } | undefined) => (value ? [mark(value.certainty, typeof value.value === "string" ? value.value : JSON.stringify(value.value))] : []);
  const ranges = reading.dateRange ? [reading.dateRange, ...reading.otherDateRanges] : [];
  return {
    sort: [`${reading.sort} ${reading.language}`],
    agency: one(reading.agency),
    matter: reading.matter ? [mark(reading.matter.certainty, `${reading.matter.value.reference} (${reading.matter.value.nature})`)] : [],
    officer: Object.entries(reading.officer?.value ?? {}).map(([part, value]) => `${part}: ${value}`).sort(),
    instruments: reading.instruments.flatMap(({ value: { id, ...facts }, certainty }) => [mark(certainty, id), ...Object.entries(facts).map(([name, value]) => `${id} ${name}: ${value}`).sort()]),
    subjects: reading.subjects.map(({ value, certainty }) => mark(certainty, `${value.identifier} ${value.value}`)),
    workspaces: reading.workspaces.flatMap(one),
    dateRanges: ranges.map(({ value, certainty }) => mark(certainty, `${value.from ?? "…"} to ${value.openEnd ? "present" : (value.to ?? "…")}${value.lastDays ? ` (last ${value.lastDays} days)` : ""}`)),
    dataTypes: reading.dataTypes.flatMap(one),
    everything: one(reading.everything),
    gags: reading.gags.map(({ value, certainty }) => mark(certainty, [value.kind, value.days ? `${value.days} days` : "", value.endsOn ?? ""].filter(Boolean).join(" "))),
    emergency: one(reading.emergency),
    realTime: one(reading.realTime),
    deliveryKey: one(reading.deliveryKey),
  };
}
