// The terminal's side of the exchange formats: read a file without a desk, take one in as a message, write a case for others.
import { basename } from "node:path";
import { z } from "zod";
import { exportCase, exportFormats } from "../app/export-case.ts";
import { wrapDocument } from "../app/import-document.ts";
import type { Installation } from "../app/installation.ts";
import { caseOf, importDocument, type CasePart, type Imported } from "../exchange/module.ts";
import type { CaseId } from "../kernel/ids.ts";
import { need, optionText, refusedAnswer, Usage, type Answer, type Command } from "./command.ts";
import { refusal } from "./schemas.ts";

const problem = z.object({ line: z.int().optional(), column: z.int().optional(), path: z.string(), what: z.string(), remedy: z.string() });

export const exchangeRead: Command = {
  name: "exchange read",
  usage: "exchange read FILE",
  describe:
    "Says what a European order, a TS 103 120 message or a case in our own format holds, without a desk: what becomes a member of a case, what a person must read, what does not fit.",
  options: {
    "served-at": {
      type: "string",
      value: "TIME",
      describe: "ISO 8601 moment of service: also gives the order as a case that assess can judge as of that moment.",
    },
    zone: { type: "string", value: "ZONE", describe: "Time zone of whoever was served (default UTC)." },
  },
  needsDesk: false,
  output: z.union([
    z.object({
      ok: z.literal(true),
      kind: z.enum(["epoc", "103120", "case"]),
      form: z.string().optional(),
      says: z.unknown().describe("The members of a case that the file gives."),
      said: z.unknown().optional().describe("What it says beside them."),
      mapped: z.array(z.object({ path: z.string(), field: z.string() })),
      forPerson: z.array(z.object({ path: z.string(), value: z.string(), why: z.string() })),
      findings: z.array(z.object({ path: z.string(), code: z.string(), what: z.string(), remedy: z.string() })),
      case: z.unknown().optional().describe("A case in our own format, for assess; only with --served-at."),
    }),
    z.object({ ok: z.literal(false), kind: z.enum(["counsel", "refused"]), problems: z.array(problem) }),
  ]),
  run: async (given, terminal) => {
    const file = need(given, 0, "The file");
    const text = await terminal.readText(file);
    const imported: Imported = text.includes("\ufffd")
      ? { kind: "refused", name: file, problems: [lostCharacters] }
      : importDocument(text, { name: basename(file) });
    return readAnswer(imported, optionText(given, "served-at"), optionText(given, "zone"));
  },
};

/** The terminal reads text: where bytes were not UTF-8, this sign stands in their place. */
const lostCharacters = {
  path: "/",
  what: "The file is not written in UTF-8, or it holds the sign for a character that was lost.",
  remedy: "Save it as UTF-8 from where it was written, and read it again.",
};

function readAnswer(imported: Imported, servedAt: string | undefined, zone = "UTC"): Answer {
  switch (imported.kind) {
    case "counsel":
    case "refused": {
      const { kind, problems } = imported;
      const head = kind === "counsel" ? "Counsel answers this: it asks for interception." : "The file cannot be read.";
      return { json: { ok: false, kind, problems }, text: [head, ...problems.map(problemText)].join("\n"), exit: 1 };
    }
    case "case":
      return answerWith({ kind: "case", says: imported.description, mapped: [], forPerson: [], findings: [] });
    case "epoc": {
      const { form, description, said, mapped, forPerson, findings } = imported.reading;
      return answerWith({ kind: "epoc", form, says: description, said, mapped, forPerson, findings, ...asCase(description, servedAt, zone) });
    }
    case "103120": {
      const { description, said, mapped, forPerson, findings } = imported.reading;
      const documents = said.documents.map(({ bytes, ...document }) => ({ ...document, bytes: bytes.length }));
      return answerWith({
        kind: "103120",
        says: description,
        said: { ...said, documents },
        mapped,
        forPerson,
        findings,
        ...asCase(description, servedAt, zone),
      });
    }
    default:
      return imported satisfies never;
  }
}

/** What the paper says, as of the moment it was served; everything that only a desk knows stays unknown. */
function asCase(part: CasePart, servedAt: string | undefined, zone: string): { readonly case?: object } {
  if (servedAt === undefined) return {};
  const read = caseOf(part, { asked: servedAt, zone, servedAt });
  if (read.kind === "case") return { case: read.description };
  throw new Usage(read.problems.map(({ path, what, remedy }) => `${path}: ${what} ${remedy}`).join("\n"));
}

type Lists = Pick<Extract<Imported, { readonly kind: "epoc" }>["reading"], "mapped" | "forPerson" | "findings">;
type Told = Lists & {
  readonly kind: "epoc" | "103120" | "case";
  readonly form?: string;
  readonly says: object;
  readonly said?: object;
  readonly case?: object;
};

function answerWith(told: Told): Answer {
  const { kind, form, says, said, mapped, forPerson, findings } = told;
  const parts = [
    `${kind}${form === undefined ? "" : `, ${form}`}`,
    `Says\n${indented(says)}`,
    ...(said === undefined ? [] : [`Beside the case\n${indented(said)}`]),
    ...section(
      "Where it was read",
      mapped.map(({ path, field }) => `  ${field}: ${path}`),
    ),
    ...section(
      "For a person",
      forPerson.map(({ path, value, why }) => `  ${path}: ${value}\n    ${why}`),
    ),
    ...section(
      "Findings",
      findings.map(({ path, code, what, remedy }) => `  ! ${what} ${remedy} [${code}]\n    ${path}`),
    ),
    ...(told.case === undefined ? [] : [`As a case\n${indented(told.case)}`]),
  ];
  return { json: { ok: true, ...told }, text: parts.join("\n\n"), exit: 0 };
}

function indented(value: object): string {
  return JSON.stringify(value, null, 2).replaceAll(/^/gm, "  ");
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [[title, ...lines].join("\n")];
}

function problemText({ line, column, path, what, remedy }: z.infer<typeof problem>): string {
  return `  ✗ ${line === undefined ? "" : `${line}:${column ?? 1} `}${path}: ${what}\n    ${remedy}`;
}

export const caseExport: Command = {
  name: "case export",
  usage: "case export CASE",
  describe:
    "Writes a confirmed case for other systems: our own JSON, a TS 103 120 message with its state, or a draft of Form 3 with the reasons of the review.",
  options: {
    format: { type: "string", value: "FORMAT", describe: "json, 103120 or form-3 (default json)." },
    out: { type: "string", value: "FILE", describe: "Writes to a file instead of the terminal. The text names people: keep it as you keep the case." },
  },
  needsDesk: true,
  output: z.union([
    z.object({
      ok: z.literal(true),
      format: z.enum(exportFormats),
      characters: z.int(),
      left: z.array(z.string()).describe("Codes of the review's reasons that the format has no place for."),
      document: z.string().optional().describe("The text itself, unless --out is given."),
    }),
    refusal,
  ]),
  run: async (given, terminal, installation) => {
    const desk = await installation.desk();
    if (desk === undefined) throw new Usage("This folder holds no desk yet. Set it up first: portcullis --data DIR setup FILE.");
    const format = z.enum(exportFormats).safeParse(optionText(given, "format") ?? "json");
    if (!format.success) throw new Usage(`--format is one of ${exportFormats.join(", ")}.`);
    const exported = await exportCase(desk, need(given, 0, "The case number") as CaseId, format.data);
    if (exported.kind === "refused") return refusedAnswer(exported.reasons);
    const { text, left } = exported;
    const out = optionText(given, "out");
    if (out !== undefined) await terminal.writeStream(out, piecesOf(Buffer.from(text)));
    const json = { ok: true, format: format.data, characters: text.length, left, ...(out === undefined ? { document: text } : {}) };
    const note = left.length === 0 ? "" : ` Not in it: ${left.join(", ")}.`;
    return { json, text: out === undefined ? text.trimEnd() : `Written: ${text.length} characters.${note}`, exit: 0 };
  },
};

type MessageFile = ReturnType<Installation["fileMessage"]>;

const largestDocumentBytes = 16 << 20;

/** A raw message as it is; an XML or JSON file wrapped as a message that nobody sent. */
export async function fileToTakeIn(installation: Installation, path: string): Promise<MessageFile> {
  const file = installation.fileMessage(path);
  if (!/\.(xml|json)$/i.test(path)) return file;
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of file.bytes()) {
    bytes += piece.length;
    if (bytes > largestDocumentBytes) throw new Usage("The file is larger than 16 MiB: no order is. Send it as an attachment of a message.");
    pieces.push(piece);
  }
  const raw = wrapDocument(Buffer.concat(pieces), basename(path));
  return { raw, bytes: () => piecesOf(raw) };
}

async function* piecesOf(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
