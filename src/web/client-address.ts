// Where a request came from, as far as the connection says: for limits on attempts, never for the record.
import { getConnInfo } from "@hono/node-server/conninfo";
import type { WebContext } from "./web.tsx";

/** The other end of the connection; a proxy in front of the desk is one client. */
export function clientAddress(c: WebContext): string {
  const incoming: unknown = (c.env as { readonly incoming?: unknown } | undefined)?.incoming;
  const address = incoming === undefined ? undefined : getConnInfo(c).remote.address;
  return (address ?? "127.0.0.1").replace(/^::ffff:(?=\d+\.)/, "");
}
