// The field dictionary for people: the same as dictionary.json, as a table and as plain words.
import type { DataMap, MappedField } from "../shapes.ts";
import { csvRules } from "./csv.ts";

const columns = ["source", "collection", "field", "kind", "data types", "categories", "role"] as const;

/** `data/dictionary.csv`, by the same rules as the records' CSV. */
export function dictionaryCsv(maps: readonly DataMap[]): string {
  const rows = maps.flatMap((map) =>
    map.collections.flatMap((collection) => collection.fields.map((field) => [map.source, collection.name, field.name, ...fieldWords(field)])),
  );
  return [columns, ...rows].map((row) => `${row.map(quoted).join(",")}\r\n`).join("");
}

/** `data/dictionary.txt`. */
export function dictionaryText(maps: readonly DataMap[]): string {
  return [
    "WHAT THE FIELDS MEAN",
    "",
    ...maps.flatMap((map) => [
      `${map.title} (${map.source})`,
      ...map.collections.flatMap((collection) => ["", `  ${collection.name}`, ...fieldLines(collection.fields)]),
      "",
    ]),
    "HOW THE FILES ARE WRITTEN",
    "",
    ...csvRules,
    "",
  ].join("\n");
}

function fieldLines(fields: readonly MappedField[]): string[] {
  return fields.map((field) => {
    const [kind, types, , role] = fieldWords(field);
    return `    ${field.name}: ${kind}${role === "" ? "" : `; ${role}`}${types === "" ? "" : `; for ${types}`}`;
  });
}

function fieldWords(field: MappedField): readonly [string, string, string, string] {
  const kind = field.class === "content" ? "made by people (content)" : "made by the system (not content)";
  return [kind, field.dataTypes.join(" "), field.categories.join(" "), field.role === undefined ? "" : roleWords[field.role]];
}

const roleWords = {
  subject: "whose record it is",
  workspace: "which workspace it belongs to",
  moment: "when it happened",
  key: "tells this record from others",
  owner: "refers to the record it belongs to",
} as const satisfies { readonly [role in NonNullable<MappedField["role"]>]: string };

function quoted(text: string): string {
  const safe = /^[=+\-@'\t\r\n]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
