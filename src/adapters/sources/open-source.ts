// Opens a connected source by its kind: here alone a description in the set-up file becomes an adapter.
import type { Opened } from "../../app/production-port.ts";
import type { SourceEntry } from "../../app/source-settings.ts";
import { openCanvasData } from "./canvas-data.ts";
import { openJsonApi } from "./json-api.ts";
import { openMailArchive } from "./mail-archive.ts";
import { openMysqlDatabase } from "./mysql-database.ts";
import { openSlackExport } from "./slack-export.ts";
import { openTableFiles } from "./table-files.ts";
import { openWorkspaceDatabase } from "./workspace-database.ts";

export function openSource(entry: SourceEntry): Promise<Opened> {
  const { name: source } = entry;
  switch (entry.kind) {
    case "workspace-database":
      return openWorkspaceDatabase({ source, connection: postgresOf(entry) });
    case "mysql-database":
      return openMysqlDatabase({ source, ...set(entry) });
    case "json-api":
      return openJsonApi({ source, ...set(entry) });
    case "table-files":
      return openTableFiles({ source, ...set(entry) });
    case "canvas-data":
      return openCanvasData({ source, ...set(entry) });
    case "mail-archive":
      return openMailArchive({ source, ...set(entry) });
    case "slack-export":
      return openSlackExport({ source, file: entry.file, workspace: entry.workspace });
    default:
      return entry satisfies never;
  }
}

function postgresOf({ url, host = "", port = 5432, user = "", database = "" }: Extract<SourceEntry, { kind: "workspace-database" }>) {
  return url === undefined ? { host, port, user, database } : { connectionString: url };
}

type Given<Value> = Value extends object ? { [Name in keyof Value]: Given<Exclude<Value[Name], undefined>> } : Value;

/** The schema gives `undefined` for what is not said; adapters want it absent. */
function set<Entry extends SourceEntry>(entry: Entry): Given<Entry> {
  return JSON.parse(JSON.stringify(entry)) as Given<Entry>;
}
