// Announces what happened to those who asked to be told, and sends it until it arrives or is given up, which is a fact.
import type { Actor } from "../kernel/ids.ts";
import { instant, type Instant } from "../kernel/instant.ts";
import type { QueuedWebhook, WebhookFate } from "./ports.ts";
import type { Sending } from "./send-letters.ts";
import { openWebhook, readWebhooks, recordWebhookFact, signingSecrets, webhooksIn, type WebhookPlace } from "./webhooks.ts";

/** What receivers can be told of; docs/formats/webhooks.md describes each. */
type WebhookType = "duty.due-soon" | "duty.overdue" | "duty.met" | "partner.reported" | "partner.objected";

interface Announcement {
  /** Names the event for good, such as `<stream>:<version>`: announced again under the same words, nothing more is sent. */
  readonly message: string;
  readonly type: WebhookType;
  /** When it happened. */
  readonly at: Instant;
  /** Ids, clause ids, codes and moments, never a name: who may see more comes and asks. */
  readonly data: Readonly<Record<string, string | number | boolean>>;
}

type Waiting = QueuedWebhook & { readonly attempts: number };

const byDesk = "desk" as Actor;
const atOnce = 20;

/** Before each try, counted from the end of the one before; Standard Webhooks 1.0.0 recommends them. */
const secondsBefore = [0, 5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600] as const;

/** Puts one message in line for each endpoint of the audience; returns how many are new. Throws when the data could hold a name. */
export async function announce(desk: WebhookPlace, audience: string, { message, type, at, data }: Announcement): Promise<number> {
  const wordy = Object.entries(data).find(([, value]) => typeof value === "string" && !/^[\w.:#+()-]{1,120}$/.test(value));
  if (wordy !== undefined) throw new Error(`a webhook carries ids, codes and moments only: ${wordy[0]} is none`);
  const body = JSON.stringify({ type, timestamp: at, data });
  const rows = webhooksIn(await readWebhooks(desk), audience).map(({ endpoint }) => ({ message: messageId(desk, message), endpoint, body }));
  return rows.length === 0 ? 0 : desk.ports.webhookQueue.enqueue(desk.id, rows, desk.ports.clock.now());
}

/** The signature divides its parts by full stops, and a receiver need not know our streams. */
function messageId({ id, ports }: WebhookPlace, message: string): string {
  return `msg_${ports.digest(`${id}\n${message}`).slice(0, 32)}`;
}

/** One round. What cannot be delivered waits for its next try. */
export async function sendWebhooks(desk: WebhookPlace): Promise<Sending> {
  const waiting = await desk.ports.webhookQueue.waiting(desk.id, desk.ports.clock.now(), atOnce);
  const fates = await Promise.all(waiting.map((each) => sendOne(desk, each)));
  const sent = fates.filter(({ kind }) => kind === "delivered").length;
  return { sent, failed: fates.length - sent };
}

async function sendOne(desk: WebhookPlace, waiting: Waiting): Promise<WebhookFate> {
  const history = await readWebhooks(desk);
  const webhook = webhooksIn(history).find(({ endpoint }) => endpoint === waiting.endpoint);
  if (webhook === undefined) return endWith(desk, waiting, "WEBHOOK_REMOVED");
  // A crash between the fact and the row: what was given up stays so.
  if (history.some(({ fact }) => isGivenUp(fact, waiting))) return endWith(desk, waiting, "GIVEN_UP");
  const details = await openWebhook(desk, webhook).catch(() => undefined);
  if (details === undefined) return settle(desk, waiting, { kind: "failed", code: "DETAILS_UNREADABLE" });
  const at = desk.ports.clock.now();
  const { message: id, body } = waiting;
  return settle(desk, waiting, await desk.ports.webhookSender.send({ url: details.url, id, at, body, secrets: signingSecrets(details, at) }));
}

function isGivenUp(fact: { readonly type: string; readonly endpoint?: string; readonly message?: string }, { endpoint, message }: Waiting): boolean {
  return fact.type === "WebhookFailed" && fact.endpoint === endpoint && fact.message === message;
}

async function endWith(desk: WebhookPlace, waiting: Waiting, code: string): Promise<WebhookFate> {
  await desk.ports.webhookQueue.markFailed(desk.id, waiting, code, undefined);
  return { kind: "failed", code };
}

/** The fact first, the row second: a crash between them loses no fate. */
async function settle(desk: WebhookPlace, waiting: Waiting, fate: WebhookFate): Promise<WebhookFate> {
  const { webhookQueue, clock } = desk.ports;
  if (fate.kind === "delivered") {
    await webhookQueue.markDelivered(desk.id, waiting, clock.now());
    return fate;
  }
  if (fate.kind === "gone") return removeGone(desk, waiting);
  const attempts = waiting.attempts + 1;
  const seconds = secondsBefore[attempts];
  if (seconds === undefined) return giveUp(desk, waiting, fate.code, attempts);
  await webhookQueue.markFailed(desk.id, waiting, fate.code, secondsAfter(clock.now(), seconds));
  return fate;
}

async function removeGone(desk: WebhookPlace, waiting: Waiting): Promise<WebhookFate> {
  const { endpoint } = waiting;
  await recordWebhookFact(desk, byDesk, (history) =>
    webhooksIn(history).some((each) => each.endpoint === endpoint) ? { type: "WebhookRemoved", endpoint } : undefined,
  );
  return endWith(desk, waiting, "STATUS_410");
}

async function giveUp(desk: WebhookPlace, waiting: Waiting, code: string, attempts: number): Promise<WebhookFate> {
  const { endpoint, message } = waiting;
  await recordWebhookFact(desk, byDesk, (history) =>
    history.some(({ fact }) => isGivenUp(fact, waiting)) ? undefined : { type: "WebhookFailed", endpoint, message, code, attempts },
  );
  return endWith(desk, waiting, code);
}

function secondsAfter(moment: Instant, seconds: number): Instant {
  return instant(Temporal.Instant.from(moment).add({ seconds }).toString());
}
