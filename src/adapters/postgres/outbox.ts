// Letters that wait in PostgreSQL: their rows were written with the facts that owe them.
import type { Pool } from "pg";
import type { Claims, Outbox, WaitingLetter } from "../../app/ports.ts";
import type { Instant } from "../../kernel/instant.ts";

const leaseMinutes = 10;

function leaseEnd(now: Instant): string {
  return Temporal.Instant.from(now).add({ minutes: leaseMinutes }).toString({ smallestUnit: "millisecond" });
}

export function openOutbox(pool: Pool): Outbox {
  return {
    waiting: async (desk, now, limit): Promise<readonly WaitingLetter[]> => {
      // Whoever takes a letter has it for a while: two senders at work never send the same one.
      const text = `update outbox set next_try_at = $4 where desk = $1 and letter_id in (
          select letter_id from outbox where desk = $1 and next_try_at <= $2 order by next_try_at limit $3 for update skip locked
        ) and next_try_at <= $2 returning letter_id, stream, content, attempts`;
      const { rows } = await pool.query<{ letter_id: string; stream: string; content: string; attempts: number }>({
        name: "outbox-waiting",
        text,
        values: [desk, now, limit, leaseEnd(now)],
      });
      return rows.map(({ letter_id, ...row }) => ({ letter: letter_id, ...row }));
    },
    streamOf: async (desk, letter) => {
      const { rows } = await pool.query<{ stream: string }>("select stream from outbox where desk = $1 and letter_id = $2", [desk, letter]);
      return rows[0]?.stream;
    },
    markSent: async (desk, letter, at) => {
      await pool.query("update outbox set sent_at = $3, next_try_at = null, attempts = attempts + 1 where desk = $1 and letter_id = $2", [desk, letter, at]);
    },
    markFailed: async (desk, letter, code, nextTryAt) => {
      await pool.query("update outbox set last_error = $3, next_try_at = $4, attempts = attempts + 1 where desk = $1 and letter_id = $2", [
        desk,
        letter,
        code,
        nextTryAt ?? null,
      ]);
    },
  };
}

export function openClaims(pool: Pool): Claims {
  return {
    find: async (desk, key) => {
      const { rows } = await pool.query<{ stream: string }>({
        name: "claim",
        text: "select stream from claims where desk = $1 and key = $2",
        values: [desk, key],
      });
      return rows[0]?.stream;
    },
  };
}
