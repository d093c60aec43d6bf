// Reads policies and jurisdictions, and keeps what was validated beside a digest of its files, so that a second reading takes milliseconds.
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { parse } from "yaml";
import { packFixtures, type PackFixtures } from "../../assessment/fixtures.ts";
import type { AssessmentShelf } from "../../assessment/assess.ts";
import { readShelf, type ShelfReading } from "./read-shelf.ts";

type LawReading = { readonly kind: "law"; readonly law: AssessmentShelf } | Extract<ShelfReading, { kind: "problems" }>;

/** `rules` are the program's own files that decide what a valid pack is: when they change, nothing kept counts any more. */
export async function readLaw(folder: string, rules: readonly string[], keptIn = keptFolder()): Promise<LawReading> {
  const digest = await digestOf([...(await packFiles(folder)), ...rules]);
  const kept = await findKept(keptIn, digest);
  if (kept !== undefined) return { kind: "law", law: kept };
  const reading = await readShelf(folder);
  if (reading.kind === "problems") return reading;
  const law: AssessmentShelf = { policies: reading.shelf.policies, laws: reading.shelf.laws };
  await keep(keptIn, digest, law);
  return { kind: "law", law };
}

function keptFolder(): string {
  const place = process.env["XDG_CACHE_HOME"];
  return join(place !== undefined && isAbsolute(place) ? place : join(homedir(), ".cache"), "portcullis");
}

async function packFiles(folder: string): Promise<readonly string[]> {
  const parts = ["policies", "jurisdictions"].map((part) => join(folder, part));
  const names = await Promise.all(parts.map(async (part) => (await readdir(part)).filter((name) => name.endsWith(".yaml")).map((name) => join(part, name))));
  return names.flat().toSorted();
}

async function digestOf(files: readonly string[]): Promise<string> {
  const texts = await Promise.all(files.map((file) => readFile(file)));
  const hash = createHash("sha256");
  texts.forEach((text, index) => hash.update(`${files[index]}\0${text.length}\0`).update(text));
  return hash.digest("hex");
}

/** Believed only where nobody but this user can write; anything else is simply read anew. */
async function findKept(folder: string, digest: string): Promise<AssessmentShelf | undefined> {
  try {
    const { uid, mode } = await stat(folder);
    if (uid !== process.getuid?.() || (mode & 0o077) !== 0) return undefined;
    const kept = JSON.parse(await readFile(join(folder, `${digest}.json`), "utf8")) as Partial<AssessmentShelf> | null;
    return Array.isArray(kept?.policies) && Array.isArray(kept.laws) ? { policies: kept.policies, laws: kept.laws } : undefined;
  } catch {
    return undefined;
  }
}

/** Written beside and renamed, so that nobody reads half of it; a folder that cannot be written costs time and nothing else. */
async function keep(folder: string, digest: string, law: AssessmentShelf): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const draft = join(folder, `${randomUUID()}.draft`);
    await writeFile(draft, JSON.stringify(law), { mode: 0o600 });
    await rename(draft, join(folder, `${digest}.json`));
  } catch {
    // The next reading starts from the files again.
  }
}

interface FixtureFile {
  readonly file: string;
  readonly fixtures?: PackFixtures;
  /** Why the file cannot be used, each with its place. */
  readonly problems: readonly { readonly path: string; readonly what: string }[];
}

/** The packs' own examples, a file a pack; a folder without any gives an empty list. */
export async function readFixtures(folder: string): Promise<readonly FixtureFile[]> {
  const place = join(folder, "fixtures");
  const names = await readdir(place).catch(() => []);
  return Promise.all(
    names
      .filter((name) => name.endsWith(".yaml"))
      .toSorted()
      .map(async (name): Promise<FixtureFile> => {
        const file = join(place, name);
        const parsed = packFixtures.safeParse(parse(await readFile(file, "utf8"), { schema: "core", merge: true }));
        if (parsed.success) return { file, fixtures: parsed.data, problems: [] };
        return { file, problems: parsed.error.issues.map(({ path, message }) => ({ path: path.map(String).join("."), what: message })) };
      }),
  );
}
