// Signs a message so that its receiver can tell that the desk sent it, now, and that nobody changed it on the way.
import { createHmac } from "node:crypto";
import type { OutgoingWebhook } from "../../app/ports.ts";

/** The three headers of Standard Webhooks 1.0.0, symmetric: one signature for each secret. */
export function signatureHeaders({ id, at, body, secrets }: Omit<OutgoingWebhook, "url">): Readonly<Record<`webhook-${string}`, string>> {
  const timestamp = String(Math.floor(Temporal.Instant.from(at).epochMilliseconds / 1000));
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": secrets.map((secret) => `v1,${hmac(secret, `${id}.${timestamp}.${body}`)}`).join(" "),
  };
}

function hmac(secret: string, text: string): string {
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  return createHmac("sha256", key).update(text, "utf8").digest("base64");
}
