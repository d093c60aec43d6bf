// Describes our own case format as JSON Schema, so that other programs can write and check a case without reading ours.
import { z } from "zod";
import { caseDescription } from "../assessment/description.ts";

/** The text of `docs/formats/case.schema.json`: what may be given, with everything that has a default left optional. */
export function caseSchemaText(): string {
  const schema = z.toJSONSchema(caseDescription, { io: "input", target: "draft-2020-12" });
  return `${JSON.stringify({ ...schema, $id: "urn:portcullis:case:1", title: "Portcullis case, format 1" }, null, 2)}\n`;
}
