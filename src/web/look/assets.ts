// Lists every file a page may load, so that the server hands out these and nothing else.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fontFiles } from "./fonts.ts";

/** One file the server hands out under a fixed path. */
export interface Asset {
  /** Absolute path on disk. */
  readonly file: string;
  readonly type: "text/css; charset=utf-8" | "text/javascript; charset=utf-8" | "font/woff2";
}

const own = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const script = (name: string): Asset => ({ file: own(`./assets/${name}`), type: "text/javascript; charset=utf-8" });
const font = ([path, file]: readonly [string, string]): readonly [string, Asset] => [path, { file, type: "font/woff2" }];

/** Path on this server (without query) → file. Anything else below `/look/` is not there. */
export const lookAssets: ReadonlyMap<string, Asset> = new Map([
  ["/look/stylesheet.css", { file: own("./stylesheet.css"), type: "text/css; charset=utf-8" } as const],
  ["/look/desk-keys.js", script("desk-keys.js")],
  ["/look/time-left.js", script("time-left.js")],
  ...[...fontFiles].map(font),
]);

/** The path with a digest of the content, so that it may be cached for ever and a new version is asked for anew. */
export function assetHref(path: string): string {
  const asset = lookAssets.get(path);
  if (asset === undefined) throw new Error(`no such look asset: ${path}`);
  const digest = createHash("sha256").update(readFileSync(asset.file)).digest("hex");
  return `${path}?v=${digest.slice(0, 12)}`;
}
