// Reads the packs from their folder, checks all of them against each other, and gives back either a shelf or every problem.
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Shelf } from "../../app/desk.ts";
import { crossCheck, isContract, isJurisdiction, isPolicy, loadPack, type Loaded, type PackProblem } from "../../policy/load-pack.ts";
import type { ContractPack } from "../../policy/contract-pack.ts";
import type { JurisdictionPack, PolicyPack } from "../../policy/pack.ts";
import { loadDataCategories, type CategoriesReading } from "../../policy/data-categories.ts";
import { loadReadingPack, type ReadingPack } from "../../policy/reading-pack.ts";

export type ShelfReading =
  | { readonly kind: "shelf"; readonly shelf: Shelf; readonly versions: readonly string[] }
  | { readonly kind: "problems"; readonly problems: readonly Pick<PackProblem, "file" | "line" | "column" | "what" | "remedy">[] };

const largestPackBytes = 1024 * 1024;

/** `folder` holds `policies`, `jurisdictions` and `reading`. Throws only when the folder cannot be read. */
export async function readShelf(folder: string): Promise<ShelfReading> {
  const packs = (await Promise.all((await filesIn(folder, ["policies", "jurisdictions"])).map(readText))).map(loadPack);
  const policies = packs.filter(isPolicy);
  const laws = packs.filter(isJurisdiction);
  const contracts = packs.filter(isContract);
  const dataTypes = [...new Set(policies.flatMap(({ pack }) => pack.dataTypes.map(({ id }) => id)))];
  const readings = (await Promise.all((await filesIn(folder, ["reading"])).map(readText))).map(({ file, text }) => loadReadingPack(file, text, dataTypes));
  const named = await readCategories(folder);
  const problems: Extract<ShelfReading, { kind: "problems" }>["problems"][number][] = [
    ...packs.flatMap((pack) => (pack.kind === "problems" ? pack.problems : [])),
    ...policies.flatMap((policy: Loaded<PolicyPack>) => crossCheck(policy, laws)),
    ...readings.flatMap((reading) => (reading.kind === "refused" ? reading.problems : [])),
    ...(named.kind === "refused" ? named.problems : []),
  ];
  problems.push(...sameVersions([...policies, ...laws, ...contracts]));
  if (problems.length > 0 || named.kind === "refused") return { kind: "problems", problems };
  const shelf: Shelf = {
    policies: policies.map(({ pack }) => pack),
    laws: laws.map(({ pack }: Loaded<JurisdictionPack>) => pack),
    contracts: contracts.map(({ pack }) => pack),
    proofs: await readProofs(join(folder, "proofs.json")),
    readings: readings.flatMap((reading): readonly ReadingPack[] => (reading.kind === "loaded" ? [reading.pack] : [])),
    dataCategories: named.categories,
  };
  return {
    kind: "shelf",
    shelf,
    versions: [...shelf.policies, ...shelf.laws, ...shelf.contracts, ...shelf.readings].map(({ pack }) => `${pack.id}@${pack.version}`),
  };
}

/** Two files of one id and version would leave open which of them holds. */
function sameVersions(
  packs: readonly (Loaded<PolicyPack> | Loaded<JurisdictionPack> | Loaded<ContractPack>)[],
): Extract<ShelfReading, { kind: "problems" }>["problems"] {
  return packs.flatMap(({ file, pack: { pack } }, index) => {
    const twin = packs.slice(0, index).find((other) => other.pack.pack.id === pack.id && other.pack.pack.version === pack.version);
    if (twin === undefined) return [];
    return [
      {
        file,
        line: 1,
        column: 1,
        what: `${pack.id}@${pack.version} also stands in ${twin.file}.`,
        remedy: "Give the newer file a newer version, or take one away.",
      },
    ];
  });
}

async function filesIn(folder: string, parts: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    parts.map(async (part) =>
      (await readdir(join(folder, part)))
        .filter((name) => name.endsWith(".yaml"))
        .sort()
        .map((name) => join(folder, part, name)),
    ),
  );
  return found.flat();
}

const proofs = z.record(z.string(), z.object({ tests: z.int().min(0), named: z.array(z.object({ file: z.string(), test: z.string() })) }));

/** Written by `scripts/write-proofs.ts`; packs of one's own have none. */
async function readProofs(file: string): Promise<Shelf["proofs"]> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "{}";
    throw error;
  });
  return proofs.parse(JSON.parse(text));
}

/** Packs of one's own may come without. */
async function readCategories(folder: string): Promise<CategoriesReading> {
  const file = join(folder, "data-categories.yaml");
  try {
    return loadDataCategories(file, (await readText(file)).text);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return { kind: "loaded", categories: new Map() };
    throw error;
  }
}

async function readText(file: string): Promise<{ readonly file: string; readonly text: string }> {
  const { size } = await stat(file);
  return { file, text: size > largestPackBytes ? " ".repeat(largestPackBytes + 1) : await readFile(file, "utf8") };
}
