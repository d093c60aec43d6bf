// Sessions and one-time links in PostgreSQL: keyed digests only, and a link is spent exactly once.
import type { Pool } from "pg";
import type { SignIn } from "../../app/ports.ts";
import type { Instant } from "../../kernel/instant.ts";

export function openSignIn(pool: Pool): SignIn {
  return {
    open: async (desk, digest, { subject, expiresAt }) => {
      await pool.query("insert into sessions (desk, digest, subject, expires_at) values ($1, $2, $3, $4)", [desk, digest, subject, expiresAt]);
    },
    find: async (desk, digest, now) => {
      const text = "select subject, expires_at from sessions where desk = $1 and digest = $2 and expires_at > $3";
      const { rows } = await pool.query<{ subject: string; expires_at: string }>({ name: "session", text, values: [desk, digest, now] });
      return rows[0] === undefined ? undefined : { subject: rows[0].subject, expiresAt: rows[0].expires_at as Instant };
    },
    close: async (desk, digest) => {
      await pool.query("delete from sessions where desk = $1 and digest = $2", [desk, digest]);
    },
    offer: async (desk, digest, { purpose, subject, expiresAt }) => {
      await pool.query("insert into one_time_links (desk, digest, purpose, subject, expires_at) values ($1, $2, $3, $4, $5)", [
        desk,
        digest,
        purpose,
        subject,
        expiresAt,
      ]);
    },
    peek: async (desk, digest, purpose, now) => {
      const text = "select subject from one_time_links where desk = $1 and digest = $2 and purpose = $3 and spent_at is null and expires_at > $4";
      return (await pool.query<{ subject: string }>(text, [desk, digest, purpose, now])).rows[0]?.subject;
    },
    spend: async (desk, digest, purpose, now) => {
      const text =
        "update one_time_links set spent_at = $4 where desk = $1 and digest = $2 and purpose = $3 and spent_at is null and expires_at > $4 returning subject";
      return (await pool.query<{ subject: string }>(text, [desk, digest, purpose, now])).rows[0]?.subject;
    },
  };
}
