// Tables beside the ledger: the lists pages show, sessions, one-time links and webhooks that wait. All of them can be lost without losing a fact.
import type { Migration } from "./migrations.ts";

export const deskMigrations: readonly Migration[] = [
  {
    id: "101-views",
    sql: `
      create table view_position (
        desk text primary key,
        position bigint not null
      );
      create table reaction_position (
        desk text primary key,
        position bigint not null
      );
      create table case_list (
        desk text not null,
        case_id text not null,
        received_at text not null,
        door text not null,
        stage text not null,
        instrument text,
        secret boolean not null,
        next_due_at text,
        next_due text,
        primary key (desk, case_id)
      );
      create index case_list_newest on case_list (desk, received_at desc, case_id);
      create index case_list_stage on case_list (desk, stage, received_at desc, case_id);
      create index case_list_counts on case_list (desk, stage, next_due_at);
      create index case_list_due on case_list (desk, next_due_at, case_id) where next_due_at is not null;
      create table due_list (
        desk text not null,
        stream text not null,
        clock text not null,
        due_at text not null,
        wakes text,
        primary key (desk, stream, clock)
      );
      create index due_list_waking on due_list (desk, due_at) where wakes is not null;
      grant select, insert, update, delete on view_position, reaction_position, case_list, due_list to "app";
    `,
  },
  {
    id: "102-sign-in",
    sql: `
      create table sessions (
        desk text not null,
        digest text not null,
        subject text not null,
        expires_at text not null,
        primary key (desk, digest)
      );
      create table one_time_links (
        desk text not null,
        digest text not null,
        purpose text not null,
        subject text not null,
        expires_at text not null,
        spent_at text,
        primary key (desk, digest)
      );
      grant select, insert, update, delete on sessions, one_time_links to "app";
    `,
  },
  {
    // The views are filled anew from position zero: what was kept before this table must stand in it too.
    id: "103-kept-list",
    sql: `
      create table kept_list (
        desk text not null,
        workspace text not null,
        case_id text not null,
        preservation text not null,
        primary key (desk, workspace, case_id, preservation)
      );
      create index kept_list_of_case on kept_list (desk, case_id);
      delete from view_position;
      grant select, insert, update, delete on kept_list to "app";
    `,
  },
  {
    id: "104-webhooks",
    sql: `
      create table webhook_queue (
        desk text not null,
        message_id text not null,
        endpoint text not null,
        body text not null,
        created_at text not null,
        attempts integer not null default 0,
        next_try_at text,
        delivered_at text,
        last_error text,
        primary key (desk, message_id, endpoint)
      );
      create index webhook_queue_due on webhook_queue (desk, next_try_at) where next_try_at is not null;
      grant select, insert, update on webhook_queue to "app";
    `,
  },
  {
    // Open duties have an index of their own: at a million of them a page of the due list costs what fifty rows cost.
    id: "105-partner-views",
    sql: `
      create table partner_view_position (
        desk text primary key,
        position bigint not null
      );
      create table partner_list (
        desk text not null,
        partner text not null,
        country text not null,
        state text not null,
        open integer not null,
        disputed integer not null,
        next_due_at text,
        next_due text,
        next_change_at text,
        primary key (desk, partner)
      );
      create index partner_list_due on partner_list (desk, (coalesce(next_due_at, '~')), partner);
      create index partner_list_waking on partner_list (desk, next_change_at) where next_change_at is not null;
      create table partner_duties (
        desk text not null,
        partner text not null,
        duty text not null,
        clause text not null,
        label text not null,
        owed_by text not null,
        state text not null,
        due_at text not null,
        is_right boolean not null,
        is_disputed boolean not null,
        also integer,
        primary key (desk, partner, duty)
      );
      create index partner_duties_due on partner_duties (desk, due_at, partner, duty) where state = 'open' and not is_right and also is not null;
      create index partner_duties_disputed on partner_duties (desk, due_at, partner, duty) where is_disputed;
      create index partner_duties_clause on partner_duties (desk, clause, state);
      grant select, insert, update, delete on partner_view_position, partner_list, partner_duties to "app";
    `,
  },
];
