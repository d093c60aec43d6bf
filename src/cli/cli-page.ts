// Writes docs/cli.md from the commands themselves, so that the page cannot say anything else than the program.
import { z } from "zod";
import { setUpFile } from "../app/set-up.ts";
import { steps } from "../app/steps.ts";
import { commands } from "./commands.ts";
import type { Command } from "./command.ts";

export function cliPage(): string {
  return `${[
    "# The terminal",
    "",
    "This page is written by the program (`npm run docs`); a test fails when it is out of date.",
    "",
    "Every command takes `--data DIR` (the desk's folder, `./desk` by default), `--database-url URL` (or `DATABASE_URL`; the embedded PostgreSQL otherwise) and `--json`.",
    "With `--json` a command prints one JSON value that follows the schema below it. The exit code is 0 when it was done, 1 when the desk refused it or something is not in order (every reason is printed), 2 when the command's words are off, 3 when the world failed.",
    'A refusal always has the same shape: `{ "ok": false, "reasons": [{ "clause", "code", "because", "line"? }] }`.',
    "",
    "Two more run until they are stopped: `portcullis start [--host H] [--port P] [--smtp-port P] [--tls-key FILE --tls-cert FILE]` and `portcullis demo [--once] [--out DIR] [--port P]`.",
    "",
    ...commands.flatMap(section),
    "## The steps of a case",
    "",
    "`portcullis step CASE FILE.json` takes one of these. `private` values are sealed in the vault before any decision sees them. Steps of the desk itself are taken by `wake`, `plan`, `notice` and `release`.",
    "",
    ...steps
      .filter(({ askers }) => askers.some((asker) => asker !== "desk"))
      .flatMap(({ name, label, askers, schema }) => [`### ${name}`, "", `${label}. For ${askers.join(", ")}.`, "", ...schemaLines(schema, "input")]),
    "## The desk's folder",
    "",
    "`DIR/keys` holds the key that wraps every case key and the secret of the log: keep it apart from backups of the rest. `DIR/objects` holds messages and packages, sealed. `DIR/pg` is the embedded PostgreSQL (or a link to it): while a command or the desk runs it answers on the Unix socket in `DIR/pg/run` (in `/tmp/portcullis-…` when that path is too long for a socket) for the roles `portcullis_owner`, who owns the tables, and `portcullis_app`, who may insert facts and not change them, both in the database `portcullis`.",
    "",
    "## The set-up file",
    "",
    "`portcullis setup FILE` reads YAML or JSON. `dataMap` is a path beside the file, or the map itself. `policyPack: NAME` is understood as `policyPacks: [NAME]`.",
    "",
    ...schemaLines(setUpFile, "input"),
    "## The zone file",
    "",
    '`--dns ZONE.json` answers DNS questions without a network: `{ "agency.gov": { "TXT": [["v=spf1 …"]], "MX": [{ "priority": 10, "exchange": "mx.agency.gov" }] } }`, in the shape of Node\'s `dns.promises.resolve`. What is absent does not exist.',
  ].join("\n")}\n`;
}

function section(command: Command): readonly string[] {
  const options = Object.entries(command.options).map(([name, { value, describe }]) => `- \`--${name}${value === undefined ? "" : ` ${value}`}\`: ${describe}`);
  return [
    `## portcullis ${command.usage}`,
    "",
    command.describe,
    "",
    ...options,
    ...(options.length > 0 ? [""] : []),
    ...schemaLines(command.output, "output"),
  ];
}

function schemaLines(schema: z.ZodType, io: "input" | "output"): readonly string[] {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    override: ({ jsonSchema }) => void delete jsonSchema.additionalProperties,
  });
  return ["<details><summary>JSON schema</summary>", "", "```json", JSON.stringify(rest, null, 1), "```", "", "</details>", ""];
}
