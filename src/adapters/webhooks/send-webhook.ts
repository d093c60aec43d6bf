// Posts a signed message to a receiver's server, and can be led neither into the desk's own network nor into waiting.
import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import type { OutgoingWebhook, WebhookFate, WebhookSender } from "../../app/ports.ts";
import { isLoopbackAddress, isPublicAddress } from "./public-address.ts";
import { signatureHeaders } from "./webhook-signature.ts";

export interface SenderSettings {
  /** This machine may be called, and then without TLS: rehearsals and tests only. */
  readonly allowLoopback?: boolean;
  /** For the whole try, from the name to the end of the answer. */
  readonly timeoutMs?: number;
  /** What a name stands for; the machine's own resolver when absent. */
  readonly resolve?: (host: string) => Promise<readonly LookupAddress[]>;
}

const defaultTimeoutMs = 10_000;
const answerBytes = 8192;

export function openWebhookSender(settings: SenderSettings = {}): WebhookSender {
  const reachesLoopback = settings.allowLoopback === true;
  return {
    reachesLoopback,
    refusesHost: (host) => {
      const [address] = literalOf(host);
      return address !== undefined && !mayCall(address, "https:", reachesLoopback);
    },
    send: (webhook) => send(webhook, settings),
  };
}

/** The address that a host writes out instead of naming it; `localhost` is one by another name. */
function literalOf(host: string): readonly string[] {
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  if (isIP(bare) !== 0) return [bare];
  return /^(.*\.)?localhost\.?$/i.test(bare) ? ["127.0.0.1"] : [];
}

/** Without TLS nothing leaves this machine. */
function mayCall(address: string, protocol: string, reachesLoopback: boolean): boolean {
  return (reachesLoopback && isLoopbackAddress(address)) || (protocol === "https:" && isPublicAddress(address));
}

async function send(webhook: OutgoingWebhook, settings: SenderSettings): Promise<WebhookFate> {
  const url = URL.parse(webhook.url);
  if (url === null || !["https:", "http:"].includes(url.protocol)) return failed("URL_NOT_READ");
  const deadline = AbortSignal.timeout(settings.timeoutMs ?? defaultTimeoutMs);
  try {
    const found = await beforeDeadline(addressesOf(url, settings), deadline);
    const callable = found.filter(({ address }) => mayCall(address, url.protocol, settings.allowLoopback === true));
    if (callable.length === 0) return failed("REFUSED_ADDRESS");
    return fateOf(await post(url, webhook, callable, deadline));
  } catch (error) {
    return failed(deadline.aborted ? "TIMEOUT" : codeOf(error));
  }
}

function failed(code: string): WebhookFate {
  return { kind: "failed", code };
}

function fateOf(status: number): WebhookFate {
  if (status >= 200 && status < 300) return { kind: "delivered" };
  return status === 410 ? { kind: "gone" } : failed(`STATUS_${status}`);
}

async function addressesOf({ hostname }: URL, { resolve }: SenderSettings): Promise<readonly LookupAddress[]> {
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family }];
  return resolve === undefined ? lookup(host, { all: true }) : resolve(host);
}

/** The resolver cannot be told to stop; it can be left waiting. */
function beforeDeadline<Value>(work: Promise<Value>, deadline: AbortSignal): Promise<Value> {
  const over = new Promise<never>((_, reject) => deadline.addEventListener("abort", () => reject(new Error("too late")), { once: true }));
  return Promise.race([work, over]);
}

/** The status of the answer; redirects are answers like any other. Rejects when none came. */
function post(url: URL, webhook: OutgoingWebhook, addresses: readonly LookupAddress[], signal: AbortSignal): Promise<number> {
  const start = url.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    let status: number | undefined;
    const request = start(url, {
      method: "POST",
      headers: headersOf(webhook),
      agent: false,
      lookup: pinnedTo(addresses),
      signal,
      minVersion: "TLSv1.2",
      rejectUnauthorized: true,
    });
    request.on("response", (response) => {
      status = response.statusCode;
      drop(response);
    });
    request.on("error", (error) => {
      if (status === undefined) reject(error);
    });
    request.on("close", () => (status === undefined ? reject(new Error("the connection ended without an answer")) : resolve(status)));
    request.end(webhook.body);
  });
}

function headersOf(webhook: OutgoingWebhook): Readonly<Record<string, string | number>> {
  return {
    "user-agent": "Portcullis",
    "content-type": "application/json",
    "content-length": Buffer.byteLength(webhook.body),
    ...signatureHeaders(webhook),
  };
}

/** The connection goes to the addresses that were looked at: a name that changes its meaning in between changes nothing. */
function pinnedTo(addresses: readonly LookupAddress[]): LookupFunction {
  const [first] = addresses;
  return (_host, { all }, callback) => {
    if (all === true) callback(null, [...addresses]);
    else callback(null, first?.address ?? "", first?.family);
  };
}

/** The answer's words are nobody's business; a little is read so that an honest server can finish. */
function drop(response: IncomingMessage): void {
  let bytes = 0;
  response.on("error", () => undefined);
  response.on("data", (chunk: Uint8Array) => {
    bytes += chunk.length;
    if (bytes > answerBytes) response.destroy();
  });
}

const tlsCodes = /^(ERR_TLS|ERR_SSL|EPROTO|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH_)/;
const nameCodes = /^(ENOTFOUND|EAI_|ENODATA|ESERVFAIL)/;

/** Only the kind of trouble: an error's words can hold the address. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (tlsCodes.test(code)) return "TLS";
  return nameCodes.test(code) ? "UNKNOWN_HOST" : "CONNECTION";
}
