// Who is told by signed messages what happens at the desk: endpoints of the desk itself and of its partners, each with its own secret.
import type { Actor } from "../kernel/ids.ts";
import { addHours, type Instant } from "../kernel/instant.ts";
import type { Reason } from "../kernel/outcome.ts";
import type { FactBody, Recorded } from "../ledger/port.ts";
import { base64 } from "../ledger/text-bytes.ts";
import type { DirectoryFact } from "../requests/directory/events.ts";
import { findSealed, type Desk } from "./desk.ts";
import { recordEntryAt } from "./directory.ts";
import type { WebhookSender } from "./ports.ts";
import type { SealedValue } from "./vault-port.ts";

export type WebhookPlace = Pick<Desk, "id" | "ports">;

/** Nobody reaches an endpoint of somebody else: `audience` is `desk` or the id of the partner who asks. */
interface Asked {
  readonly by: Actor;
  readonly audience: string;
}

/** The secret is shown once, to whoever asked for it. */
interface SecretGiven {
  readonly kind: "given";
  readonly endpoint: string;
  readonly secret: string;
}

interface Refused {
  readonly kind: "refused";
  readonly reasons: readonly Reason[];
}

interface Webhook {
  readonly endpoint: string;
  readonly audience: string;
  readonly details: SealedValue;
}

/** What lies in the vault: an address can hold a key, and a secret is one. */
type WebhookDetails = {
  readonly url: string;
  /** Newest first. */
  readonly secrets: readonly { readonly secret: string; readonly until?: Instant }[];
};

type History = readonly Recorded<DirectoryFact>[];

const webhookStream = "webhooks";
const secretBytes = 32;
const oldSecretHours = 24;
const mostSecrets = 4;
const mostWebhooks = 10;
const longestUrl = 2000;

export async function setWebhook(desk: WebhookPlace, { by, audience, url: text }: Asked & { readonly url: string }): Promise<SecretGiven | Refused> {
  const url = text.length > longestUrl ? null : URL.parse(text);
  const reasons = againstUrl(desk.ports.webhookSender, url);
  if (url === null || reasons.length > 0) return { kind: "refused", reasons };
  const given = { kind: "given", endpoint: desk.ports.chance.id(), secret: newSecret(desk) } as const;
  for (;;) {
    const history = await readWebhooks(desk);
    const barred = await againstAnother(desk, webhooksIn(history, audience), url.href);
    if (barred.length > 0) return { kind: "refused", reasons: barred };
    const details: WebhookDetails = { url: url.href, secrets: [{ secret: given.secret }] };
    const fact = (sealed: SealedValue): DirectoryFact => ({ type: "WebhookSet", endpoint: given.endpoint, audience, details: sealed });
    const answer = await recordEntryAt(desk.ports, desk.id, { stream: webhookStream, by, value: details, fact }, history.length);
    if (answer.kind === "appended") return given;
  }
}

/** Gives a new secret. The one before signs beside it for a day, so that the receiver can change in peace. */
export async function rotateWebhook(desk: WebhookPlace, { by, audience, endpoint }: Asked & { readonly endpoint: string }): Promise<SecretGiven | Refused> {
  const secret = newSecret(desk);
  for (;;) {
    const history = await readWebhooks(desk);
    const found = webhooksIn(history, audience).find((each) => each.endpoint === endpoint);
    if (found === undefined) return unknownEndpoint;
    const details = withSecret(await openWebhook(desk, found), secret, desk.ports.clock.now());
    const fact = (sealed: SealedValue): DirectoryFact => ({ type: "WebhookRotated", endpoint, details: sealed });
    const answer = await recordEntryAt(desk.ports, desk.id, { stream: webhookStream, by, value: details, fact }, history.length);
    if (answer.kind === "appended") return { kind: "given", endpoint, secret };
  }
}

/** What waits for the endpoint is not sent any more. */
export async function removeWebhook(
  desk: WebhookPlace,
  { by, audience, endpoint }: Asked & { readonly endpoint: string },
): Promise<{ readonly kind: "removed" } | Refused> {
  const isThere = (history: History): boolean => webhooksIn(history, audience).some((each) => each.endpoint === endpoint);
  const isRemoved = await recordWebhookFact(desk, by, (history) => (isThere(history) ? { type: "WebhookRemoved", endpoint } : undefined));
  return isRemoved ? { kind: "removed" } : unknownEndpoint;
}

/** For pages: where each leads by its host alone, never its path or its secret. */
export async function webhooksOf(desk: WebhookPlace, audience: string): Promise<readonly { readonly endpoint: string; readonly host: string }[]> {
  const found = webhooksIn(await readWebhooks(desk), audience);
  return Promise.all(found.map(async (each) => ({ endpoint: each.endpoint, host: new URL((await openWebhook(desk, each)).url).host })));
}

export async function readWebhooks({ id, ports }: WebhookPlace): Promise<History> {
  return (await ports.ledger.readStream(id, webhookStream)) as unknown as History;
}

/** Those in use, oldest first; of every audience when none is named. */
export function webhooksIn(history: History, audience?: string): readonly Webhook[] {
  const found = new Map<string, Webhook>();
  for (const { fact } of history) {
    if (fact.type === "WebhookSet") found.set(fact.endpoint, fact);
    const known = fact.type === "WebhookRotated" ? found.get(fact.endpoint) : undefined;
    if (fact.type === "WebhookRotated" && known !== undefined) found.set(fact.endpoint, { ...known, details: fact.details });
    if (fact.type === "WebhookRemoved") found.delete(fact.endpoint);
  }
  return [...found.values()].filter((each) => audience === undefined || each.audience === audience);
}

/** Throws when it cannot be opened. */
export async function openWebhook({ id, ports }: WebhookPlace, { details }: Webhook): Promise<WebhookDetails> {
  const opened = await findSealed(ports, id, details);
  if (opened === undefined) throw new Error("the details of a webhook are missing");
  return opened as unknown as WebhookDetails;
}

/** The secrets that sign at this moment, newest first. */
export function signingSecrets(details: WebhookDetails, now: Instant): readonly string[] {
  return stillSigning(details, now).map(({ secret }) => secret);
}

function stillSigning({ secrets }: WebhookDetails, now: Instant): WebhookDetails["secrets"] {
  return secrets.filter(({ until }) => until === undefined || now < until);
}

/** Writes the fact that `decide` finds in the newest history; false when it finds none. */
export async function recordWebhookFact(desk: WebhookPlace, by: Actor, decide: (history: History) => DirectoryFact | undefined): Promise<boolean> {
  for (;;) {
    const history = await readWebhooks(desk);
    const fact = decide(history);
    if (fact === undefined) return false;
    const at = desk.ports.clock.now();
    const facts = [fact as unknown as FactBody];
    const answer = await desk.ports.ledger.append({ desk: desk.id, stream: webhookStream, expectedVersion: history.length, at, by, facts });
    if (answer.kind === "appended") return true;
  }
}

function newSecret({ ports }: WebhookPlace): string {
  return `whsec_${base64(ports.chance.bytes(secretBytes))}`;
}

/** A secret that is ending already keeps its end. */
function withSecret(details: WebhookDetails, secret: string, now: Instant): WebhookDetails {
  const old = stillSigning(details, now).map((each) => ({ until: addHours(now, oldSecretHours), ...each }));
  return { url: details.url, secrets: [{ secret }, ...old].slice(0, mostSecrets) };
}

const unknownEndpoint: Refused = {
  kind: "refused",
  reasons: [{ clause: "INPUT", code: "UNKNOWN_WEBHOOK", because: "There is no such webhook, or it was removed. The list shows those in use." }],
};

function againstUrl(sender: WebhookSender, url: URL | null): readonly Reason[] {
  if (url === null)
    return [reason("URL_NOT_READ", `This is not a web address of at most ${longestUrl} characters. Write it in full, beginning with https://.`)];
  return [
    ...(isProtected(sender, url) ? [] : [reason("NOT_HTTPS", "A webhook goes over TLS only. Give an address that begins with https://.")]),
    ...(url.username === "" && url.password === ""
      ? []
      : [reason("URL_WITH_CREDENTIALS", "The address holds a user name or a password. Take it out: the signature proves who sends.")]),
    ...(url.href.includes("#") ? [reason("URL_WITH_FRAGMENT", "What stands behind # never reaches a server. Take it out.")] : []),
    ...(sender.refusesHost(url.hostname)
      ? [reason("HOST_NOT_PUBLIC", "The address lies on this machine or in a private network, which webhooks never call. Give a public one.")]
      : []),
  ];
}

function reason(code: string, because: string): Reason {
  return { clause: "INPUT", code, because };
}

function isProtected(sender: WebhookSender, { protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && sender.reachesLoopback && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname));
}

async function againstAnother(desk: WebhookPlace, known: readonly Webhook[], url: string): Promise<readonly Reason[]> {
  if (known.length >= mostWebhooks) return [reason("TOO_MANY_WEBHOOKS", `There are ${mostWebhooks} webhooks already. Remove one first.`)];
  const opened = await Promise.all(known.map((each) => openWebhook(desk, each)));
  return opened.some((each) => each.url === url)
    ? [reason("WEBHOOK_ALREADY_SET", "This address is set already. Ask for a new secret if the old one is lost.")]
    : [];
}
