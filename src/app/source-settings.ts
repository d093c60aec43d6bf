// How a data source is described in the set-up file: one schema a kind of source, so that what is written there is what the adapter gets.
import { z } from "zod";

const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "An id has letters, digits, dots, dashes and underscores.");
const text = z.string().min(1).max(2000);
const patterns = z.tuple([text], text);
const port = z.int().min(1).max(65_535);

/** `dataMap` is the map's YAML text here: the door has read the file it named. */
const common = { name: id, dataMap: z.string() };

const postgres = z.strictObject({
  kind: z.literal("workspace-database"),
  ...common,
  url: text.optional(),
  host: text.optional(),
  port: port.optional(),
  user: text.optional(),
  database: text.optional(),
});

const mysql = z.strictObject({
  kind: z.literal("mysql-database"),
  ...common,
  database: text,
  connection: z.strictObject({
    socketPath: text.optional(),
    host: text.optional(),
    port: port.optional(),
    user: text,
    password: z.string().max(2000).optional(),
    tls: z.union([z.literal("off"), z.strictObject({ ca: z.string().max(100_000).optional(), serverName: text.optional() })]).optional(),
  }),
  clockZones: z.record(text, text).optional(),
});

const paging = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("one-page") }),
  z.strictObject({ kind: z.literal("next-in-body"), field: text }),
  z.strictObject({ kind: z.literal("next-in-header") }),
  z.strictObject({ kind: z.literal("cursor"), field: text, parameter: text }),
  z.strictObject({ kind: z.literal("page-number"), parameter: text, first: z.int().min(0) }),
  z.strictObject({ kind: z.literal("offset"), offset: text, limit: text, size: z.int().min(1) }),
]);

const jsonApi = z.strictObject({
  kind: z.literal("json-api"),
  ...common,
  baseUrl: z.url(),
  headers: z.record(text, z.string().max(20_000)).optional(),
  requestsPerSecond: z.number().positive().max(1000).optional(),
  collections: z
    .array(
      z.strictObject({
        name: id,
        path: text,
        records: text.optional(),
        total: text.optional(),
        paging,
        columns: z.array(z.strictObject({ name: text, kind: z.enum(["text", "number", "boolean", "other"]) })).min(1),
        id: text,
        moment: z.strictObject({ column: text, format: z.enum(["iso", "epoch-seconds", "epoch-milliseconds"]) }).optional(),
      }),
    )
    .min(1),
});

const place = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("folder"), folder: text }),
  z.strictObject({
    kind: z.literal("bucket"),
    endpoint: z.url(),
    region: text,
    bucket: text,
    prefix: text.optional(),
    accessKeyId: text,
    secretAccessKey: text,
    sessionToken: z.string().max(20_000).optional(),
    spoolFolder: text.optional(),
  }),
]);

const format = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("csv"),
    delimiter: z.string().length(1).optional(),
    quote: text.optional(),
    encoding: z.enum(["utf-8", "utf-16le", "utf-16be", "windows-1252"]).optional(),
    missing: z.string().max(100).optional(),
    header: z.array(text).optional(),
  }),
  z.strictObject({ kind: z.literal("json-lines") }),
  z.strictObject({ kind: z.literal("parquet") }),
]);

const columnType = z.union([
  z.strictObject({ kind: z.enum(["text", "number", "boolean"]) }),
  z.strictObject({ kind: z.literal("moment"), zone: text.optional() }),
]);

const tableFiles = z.strictObject({
  kind: z.literal("table-files"),
  ...common,
  place,
  collections: z.record(
    id,
    z.strictObject({ files: patterns, format, workspace: id.optional(), columns: z.record(text, columnType).optional(), cutMarks: z.array(text).optional() }),
  ),
});

const canvas = z.strictObject({
  kind: z.literal("canvas-data"),
  ...common,
  place,
  workspace: id,
  shape: z.enum(["nested", "flat"]).default("nested"),
  zone: text.optional(),
});

const mailbox = z.strictObject({
  account: text,
  workspace: id.optional(),
  files: patterns,
  form: z.enum(["mboxrd", "mboxo", "mboxcl", "mboxcl2"]).optional(),
});

const mail = z.strictObject({ kind: z.literal("mail-archive"), ...common, folder: text, workspace: id, mailboxes: z.tuple([mailbox], mailbox) });

const slack = z.strictObject({ kind: z.literal("slack-export"), ...common, file: z.string(), workspace: id });

export const sourceSettings = z.discriminatedUnion("kind", [postgres, mysql, jsonApi, tableFiles, canvas, mail, slack]);

/** A connected source: where it lies, how to reach it, and its data map as YAML. Holds secrets. */
export type SourceEntry = z.output<typeof sourceSettings>;

/** What must be there on this machine before the source can open; undefined for what lies elsewhere. */
export function localPathOf(source: SourceEntry): string | undefined {
  if (source.kind === "slack-export") return source.file;
  if (source.kind === "mail-archive") return source.folder;
  return (source.kind === "table-files" || source.kind === "canvas-data") && source.place.kind === "folder" ? source.place.folder : undefined;
}
