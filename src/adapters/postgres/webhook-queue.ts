// Webhooks that wait in PostgreSQL: one row for each message and endpoint, kept after delivery so that none goes out twice.
import type { Pool } from "pg";
import type { QueuedWebhook, WebhookQueue } from "../../app/ports.ts";
import { instant, type Instant } from "../../kernel/instant.ts";

/** Longer than a try may take, and short: after a crash nobody else has the message until it ends. */
const leaseMinutes = 2;

function leaseEnd(now: Instant): Instant {
  return instant(Temporal.Instant.from(now).add({ minutes: leaseMinutes }).toString());
}

interface Row {
  readonly message_id: string;
  readonly endpoint: string;
  readonly body: string;
  readonly attempts: number;
}

export function openWebhookQueue(pool: Pool): WebhookQueue {
  return {
    enqueue: async (desk, messages, now) => {
      const { rowCount } = await pool.query(
        `insert into webhook_queue (desk, message_id, endpoint, body, created_at, next_try_at)
          select $1, message, endpoint, body, $5, $5 from unnest($2::text[], $3::text[], $4::text[]) as given (message, endpoint, body)
          on conflict do nothing`,
        [desk, ...columnsOf(messages), now],
      );
      return rowCount ?? 0;
    },
    waiting: async (desk, now, limit) => {
      const text = `update webhook_queue set next_try_at = $4 where desk = $1 and (message_id, endpoint) in (
          select message_id, endpoint from webhook_queue where desk = $1 and next_try_at <= $2 order by next_try_at limit $3 for update skip locked
        ) and next_try_at <= $2 returning message_id, endpoint, body, attempts`;
      const { rows } = await pool.query<Row>({ name: "webhooks-waiting", text, values: [desk, now, limit, leaseEnd(now)] });
      return rows.map(({ message_id, ...row }) => ({ message: message_id, ...row }));
    },
    markDelivered: async (desk, { message, endpoint }, at) => {
      const set = "delivered_at = $4, next_try_at = null, last_error = null, attempts = attempts + 1";
      await pool.query(`update webhook_queue set ${set} where desk = $1 and message_id = $2 and endpoint = $3`, [desk, message, endpoint, at]);
    },
    markFailed: async (desk, { message, endpoint }, code, nextTryAt) => {
      // A try that ended after its lease does not wake a message that another one delivered.
      await pool.query(
        `update webhook_queue set last_error = $4, next_try_at = $5, attempts = attempts + 1
          where desk = $1 and message_id = $2 and endpoint = $3 and delivered_at is null`,
        [desk, message, endpoint, code, nextTryAt ?? null],
      );
    },
  };
}

function columnsOf(messages: readonly QueuedWebhook[]): readonly (readonly string[])[] {
  return [messages.map(({ message }) => message), messages.map(({ endpoint }) => endpoint), messages.map(({ body }) => body)];
}
