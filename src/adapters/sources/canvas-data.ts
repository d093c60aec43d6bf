// Reads the tables of Canvas Data 2, which schools take out of their learning platform: one JSON object a line, below `key`, `value` and `meta`.
import type { Opened } from "../../app/production-port.ts";
import { type TableFilesSettings, type TableSettings, openTableFiles } from "./table-files.ts";

export interface CanvasDataSettings {
  /** The source's name: the `fides_key` of its data map. */
  readonly source: string;
  /** A folder or a bucket with `users.json…` files, or a folder `users` with the parts of that table, for each table that was taken. */
  readonly place: TableFilesSettings["place"];
  /** The institution, confirmed by a person: no table says it of a row. */
  readonly workspace: string;
  /**
   * `nested` as Canvas gives them; `flat` where somebody took `key` and `value` away. Both are shown as `key.id` and `value.name`.
   * A snapshot shows each key once; a folder that mixes it with later changes would give records twice.
   */
  readonly shape: "nested" | "flat";
  /** The IANA zone of moments that do not say theirs. Canvas itself always says it. */
  readonly zone?: string;
  readonly limits?: TableFilesSettings["limits"];
}

type Kind = NonNullable<TableSettings["columns"]>[string]["kind"];

/** What Canvas documents and the data map knows; a table may hold more, which is shown as never produced. Where addresses lie: not with the users. */
const tables: { readonly [table: string]: { readonly [column: string]: Kind } } = {
  users: {
    name: "text",
    sortable_name: "text",
    created_at: "moment",
    workflow_state: "text",
    school_name: "text",
    school_position: "text",
    time_zone: "text",
    locale: "text",
  },
  pseudonyms: {
    user_id: "text",
    unique_id: "text",
    sis_user_id: "text",
    created_at: "moment",
    last_login_at: "moment",
    last_login_ip: "text",
    crypted_password: "text",
  },
  communication_channels: { user_id: "text", path: "text", path_type: "text", workflow_state: "text" },
  enrollments: { user_id: "text", course_section_id: "text", type: "text", workflow_state: "text", last_activity_at: "moment" },
  conversation_messages: { author_id: "text", created_at: "moment", conversation_id: "text", body: "text" },
  discussion_entries: { user_id: "text", created_at: "moment", discussion_topic_id: "text", parent_id: "text", message: "text" },
  submission_comments: { author_id: "text", created_at: "moment", submission_id: "text", comment: "text" },
  submissions: {
    user_id: "text",
    submitted_at: "moment",
    assignment_id: "text",
    submission_type: "text",
    body: "text",
    url: "text",
    score: "number",
    grade: "text",
  },
  attachments: { user_id: "text", created_at: "moment", display_name: "text", filename: "text", content_type: "text", size: "number" },
  web_logs: { user_id: "text", timestamp: "moment", remote_ip: "text", http_method: "text", user_agent: "text", url: "text" },
};

/** What Canvas writes in place of a value that was too large for the export. */
const cutMarks = ["__CD2_oversized_truncated__", "__cd2_oversized_truncated__"];

export function openCanvasData(settings: CanvasDataSettings): Promise<Opened> {
  const collections = Object.fromEntries(Object.entries(tables).map(([table, columns]) => [table, tableOf(table, columns, settings)]));
  const { source, place, limits } = settings;
  return openTableFiles({ source, place, collections, ...(limits === undefined ? {} : { limits }) });
}

function tableOf(table: string, columns: { readonly [column: string]: Kind }, { workspace, shape, zone }: CanvasDataSettings): TableSettings {
  const typed = Object.entries(columns).map(([column, kind]) => [`value.${column}`, kind === "moment" && zone !== undefined ? { kind, zone } : { kind }]);
  return {
    files: [`${table}.json*`, `${table}/**/*.json*`],
    format: { kind: "json-lines" },
    workspace,
    columns: Object.fromEntries([["key.id", { kind: "text" }], ...typed]),
    cutMarks,
    ...(shape === "flat" ? { nameOf: (column: string) => (column === "id" ? "key.id" : `value.${column}`) } : {}),
  };
}
