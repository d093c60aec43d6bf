// The desk's log over HTTP as C2SP tlog-tiles asks for it, so that any log client can read it and compute every proof alone.
import { parseTilePath } from "../../ledger/tiles.ts";
import type { WebContext } from "../web.tsx";

/** The newest signed checkpoint. It changes with every seal, so no cache may keep it unasked. */
export async function logCheckpoint(c: WebContext) {
  const { installation } = c.get("web");
  const checkpoint = await installation.log.findCheckpoint(installation.deskId);
  if (checkpoint === undefined) return notThere(c);
  open(c, "text/plain; charset=utf-8", "no-cache");
  return c.body(checkpoint.note);
}

/** The verifier key, as signed notes write it, with a final newline. */
export function logKey(c: WebContext) {
  open(c, "text/plain; charset=utf-8", "no-cache");
  return c.body(`${c.get("web").installation.logKey}\n`);
}

/** A tile or an entry bundle. What it is named after never changes, partial ones included: their name holds their width. */
export async function logTile(c: WebContext) {
  const { installation } = c.get("web");
  const name = parseTilePath(askedPath(c));
  const tile = name === undefined ? undefined : await installation.log.findTile(installation.deskId, name);
  if (tile === undefined) return notThere(c);
  open(c, "application/octet-stream", "public, max-age=31536000, immutable");
  return c.body(new Uint8Array(tile));
}

/** The path as it was written, so that no second spelling of a name is understood. */
function askedPath(c: WebContext): string {
  return new URL(c.req.url).pathname.slice("/log/".length);
}

function open(c: WebContext, type: string, caching: string): void {
  c.header("Content-Type", type);
  c.header("Cache-Control", caching);
  c.header("Access-Control-Allow-Origin", "*");
}

/** It may be there after the next seal, so the answer is not kept either. */
function notThere(c: WebContext) {
  open(c, "text/plain; charset=utf-8", "no-store");
  return c.body("not found\n", 404);
}
