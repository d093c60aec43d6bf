// Answers DNS questions from a file or from the network, in one and the same shape.
import { Resolver } from "node:dns/promises";
import { z } from "zod";
import type { DnsResolver } from "../../app/reading-port.ts";

const answer = z.union([z.string(), z.array(z.string()), z.record(z.string(), z.union([z.string(), z.number()]))]);
const zoneFile = z.record(z.string().min(1), z.record(z.string().regex(/^[A-Za-z]+$/), z.array(answer)));

/** Name → type → answers in the shape of `dns.promises.resolve`. What is absent does not exist. */
export type Zone = Readonly<z.infer<typeof zoneFile>>;

export type ZoneReading = { readonly kind: "zone"; readonly zone: Zone } | { readonly kind: "refused"; readonly problems: readonly string[] };

/** Reads a zone from JSON text; says what is wrong with one that cannot be used. */
export function readZone(text: string): ZoneReading {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: "refused", problems: ["the zone file is not JSON"] };
  }
  const parsed = zoneFile.safeParse(value);
  if (parsed.success) return { kind: "zone", zone: parsed.data };
  return { kind: "refused", problems: parsed.error.issues.map((issue) => `${issue.path.join(" → ") || "the zone file"}: ${issue.message}`) };
}

const mostAliases = 8;

/** Names and types are compared without regard to case or a final dot; an alias (CNAME) is followed as a name server does. */
export function zoneResolver(zone: Zone): DnsResolver {
  const names = new Map<string, Map<string, readonly unknown[]>>();
  for (const [name, types] of Object.entries(zone)) {
    const known = names.get(plainName(name)) ?? new Map<string, readonly unknown[]>();
    for (const [type, answers] of Object.entries(types)) known.set(type.toUpperCase(), answers);
    names.set(plainName(name), known);
  }
  return async (asked, askedType) => {
    const type = askedType.toUpperCase();
    let name = plainName(asked);
    for (let hop = 0; hop <= mostAliases; hop++) {
      const types = names.get(name);
      if (types === undefined) throw dnsError("ENOTFOUND", type, asked);
      const answers = types.get(type);
      if (answers !== undefined && answers.length > 0) return structuredClone(answers) as unknown[];
      const alias = types.get("CNAME")?.[0];
      if (typeof alias !== "string") throw dnsError("ENODATA", type, asked);
      name = plainName(alias);
    }
    throw dnsError("ESERVFAIL", type, asked);
  };
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}

function dnsError(code: string, type: string, hostname: string): Error {
  const syscall = `query${type.charAt(0)}${type.slice(1).toLowerCase()}`;
  return Object.assign(new Error(`${syscall} ${code} ${hostname}`), { code, errno: undefined, syscall, hostname });
}

export interface LiveSettings {
  /** For one try; a question is tried twice. */
  readonly timeoutMs?: number;
  /** `address` or `address:port`; the machine's own servers when absent. */
  readonly servers?: readonly string[];
}

export function liveResolver(settings: LiveSettings = {}): DnsResolver {
  const resolver = new Resolver({ timeout: settings.timeoutMs ?? 2500, tries: 2 });
  if (settings.servers !== undefined) resolver.setServers(settings.servers);
  return async (name, type) => {
    const answers: unknown = await resolver.resolve(name, type);
    return Array.isArray(answers) ? answers : [answers];
  };
}
