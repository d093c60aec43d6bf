// Follows the packs' folder while a desk runs: a good change is taken, a bad one is named and the last good packs stay.
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Shelf } from "../../app/desk.ts";
import { readShelf, type ShelfReading } from "./read-shelf.ts";

type Problems = Extract<ShelfReading, { kind: "problems" }>["problems"];

/** What a look at the folder found. `kept`: something changed and cannot be used; the desk goes on with what it has. */
type Freshened = { readonly kind: "same" } | { readonly kind: "taken" } | { readonly kind: "kept"; readonly problems: Problems };

export interface FollowedShelf {
  /** The last good packs. */
  shelf(): Shelf;
  /** Looks once; each change is reported once. Throws only when the folder itself cannot be read. */
  freshen(): Promise<Freshened>;
}

export function followShelf(folder: string, first: Shelf): FollowedShelf {
  let good = first;
  let seen: string | undefined;
  return {
    shelf: () => good,
    freshen: async () => {
      const now = await signature(folder);
      const isNews = seen !== undefined && now !== seen;
      seen = now;
      if (!isNews) return { kind: "same" };
      const reading = await readShelf(folder);
      if (reading.kind === "problems") return { kind: "kept", problems: reading.problems };
      const gone = lostPacks(good, reading.shelf);
      if (gone.length > 0) return { kind: "kept", problems: gone.map((id) => lost(folder, id)) };
      good = reading.shelf;
      return { kind: "taken" };
    },
  };
}

/** A version in use must neither vanish from under the desk nor say something else than before: open cases are judged by it. */
function lostPacks(before: Shelf, after: Shelf): readonly string[] {
  const texts = ({ policies, laws }: Shelf) => new Map([...policies, ...laws].map((pack) => [`${pack.pack.id}@${pack.pack.version}`, JSON.stringify(pack)]));
  const left = texts(after);
  return [...texts(before)].flatMap(([version, text]) => (left.get(version) === text ? [] : [version]));
}

function lost(folder: string, id: string): Problems[number] {
  return {
    file: folder,
    line: 1,
    column: 1,
    what: `The pack ${id} is gone or says something else than before.`,
    remedy: "Put it back as it was, and write changes into a second file with a newer version.",
  };
}

async function signature(folder: string): Promise<string> {
  const parts = await Promise.all(["", "policies", "jurisdictions", "reading"].map((part) => signatureOf(join(folder, part))));
  return parts.flat().join("\n");
}

async function signatureOf(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".yaml")).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(join(folder, name));
      return `${name} ${size} ${mtimeMs}`;
    }),
  );
}
