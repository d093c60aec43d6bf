// The words of one language by which intake recognises what a letter asks for: data, so that a lawyer can add a language.
import { isNode, LineCounter, parseDocument } from "yaml";
import { z } from "zod";

/** What a paper is when no jurisdiction pack names it more closely. The second word says which job it does. */
export const instrumentFamilies = {
  "search-warrant": "production",
  "court-order": "production",
  subpoena: "production",
  "production-order": "production",
  "european-production-order": "production",
  "european-preservation-order": "preservation",
  "preservation-request": "preservation",
  "secrecy-order": "gag",
  "emergency-request": "emergency",
  "real-time-order": "realtime",
  "national-security-letter": "national-security",
  "mutual-assistance": "mla",
  "civil-subpoena": "civil",
  "information-request": "voluntary",
  consent: "voluntary",
} as const;
export type InstrumentFamily = keyof typeof instrumentFamilies;

const families = Object.keys(instrumentFamilies) as [InstrumentFamily, ...InstrumentFamily[]];
const slug = z.string().regex(/^[a-z][a-z0-9-]*$/);
/** Words apart by spaces; a word that ends in `*` stands for every word that begins so (at least three letters before it). */
const phrase = z
  .string()
  .regex(/[\p{L}\p{N}§°]/u, "A phrase needs a letter or a digit")
  .refine(hasSafeStems, "A stem before * needs three letters or more");
const phrases = z.array(phrase);
const number = z.record(z.string(), z.int().min(1));

function hasSafeStems(text: string): boolean {
  return text.split(/\s+/).every((word) => !word.includes("*") || /^[^*]{3,}\*$/.test(word));
}

const readingPack = z.strictObject({
  pack: z.strictObject({
    id: slug,
    title: z.string().min(3),
    version: z.string().regex(/^\d{4}\.\d+$/),
    sources: z.array(z.string().min(3)).min(1),
    reviewedBy: z.string(),
    reviewedOn: z.iso.date(),
  }),
  kind: z.literal("reading"),
  /** ISO 639-1. */
  language: z.string().regex(/^[a-z]{2}$/),
  recognise: z.strictObject({
    /** The commonest words: a text in which few of them stand is not in this language. */
    common: z.array(z.string().min(1)).min(40),
    /** Letters that this language does not use and a neighbour does. */
    foreignLetters: z.string(),
  }),
  dates: z.strictObject({
    /** How 03/04/2026 is read; `either` when writers of this language disagree. */
    slashOrder: z.enum(["dmy", "mdy", "either"]),
    months: z.array(phrases.min(1)).length(12),
    /** Month words that are also ordinary words count only with a capital letter. */
    monthsNeedCapital: z.boolean(),
    numbers: number,
    units: z.strictObject({ days: phrases, weeks: phrases, months: phrases, years: phrases }),
    /** Words inside a date: "3rd day of March". */
    glue: phrases,
    /** Words that may stand between the two ends of a range beside its connector. */
    filler: phrases,
    from: phrases,
    to: phrases,
    between: phrases,
    and: phrases,
    present: phrases,
    since: phrases,
    onward: phrases,
    before: phrases,
    on: phrases,
    during: phrases,
    year: phrases,
    last: phrases,
    openStart: phrases,
  }),
  instrument: z.strictObject({
    families: z.partialRecord(z.enum(families), phrases),
    /** Words by which the writer serves the paper: "attached", "pursuant to". */
    served: phrases,
    /** Words by which a paper is only talked about: "requires a", "without a". */
    talkedAbout: phrases,
    /** Words that the names of papers stand among but that are no paper: "warranty". */
    not: phrases,
  }),
  data: z.strictObject({
    types: z.record(slug, z.strictObject({ words: phrases, weak: phrases })),
    groups: z.array(z.strictObject({ words: phrases.min(1), means: z.array(slug).min(1) })),
    everything: phrases,
    /** Phrases that hold a data word but ask for nothing: "mailing list", "file number". */
    not: phrases,
  }),
  asking: z.strictObject({
    asks: phrases,
    /** Headings under which a list of data stands. */
    headings: phrases,
    following: phrases,
    /** Whose data: "your name" is the reader's, "my account" the writer's. */
    readersOwn: phrases,
    writersOwn: phrases,
    attachment: phrases,
  }),
  negation: z.strictObject({ before: phrases, after: phrases, not: phrases, ends: phrases }),
  secrecy: z.strictObject({ wishes: phrases, commands: phrases, courts: phrases, citations: phrases, not: phrases }),
  urgency: z.strictObject({ emergency: phrases, realTime: phrases, not: phrases }),
  sort: z.strictObject({
    automaticReply: phrases,
    courtNotice: phrases,
    bulk: phrases,
    denial: phrases,
    /** After a denial these words narrow it to one kind of data: "this is not a request *for* content". */
    denialNarrows: phrases,
    withdrawal: phrases,
    followUp: phrases,
    thanks: phrases,
    not: phrases,
  }),
  label: z.strictObject({
    agency: phrases,
    matter: phrases,
    weakMatter: phrases,
    workspace: phrases,
    account: phrases,
    userName: phrases,
    userId: phrases,
    personName: phrases,
    officer: phrases,
    rank: phrases,
    badge: phrases,
    phone: phrases,
    email: phrases,
    address: phrases,
    dateRange: phrases,
    rangeStart: phrases,
    rangeEnd: phrases,
    issued: phrases,
    expires: phrases,
    returns: phrases,
    otherDate: phrases,
    issuer: phrases,
    instrument: phrases,
    recipient: phrases,
  }),
  people: z.strictObject({
    officers: phrases,
    judges: phrases,
    prosecutors: phrases,
    clerks: phrases,
    signs: phrases,
    /** Words that may stand inside a name in small letters: "van", "de la". */
    nameJoints: phrases,
    closings: phrases,
    introductions: phrases,
  }),
  bodies: z.strictObject({
    agencies: phrases,
    courts: phrases,
    not: phrases,
    /** Small words inside the name of a body: "of", "for the". */
    joints: phrases,
  }),
  matter: z.strictObject({ criminal: phrases, civil: phrases, investigations: phrases }),
  subject: z.strictObject({
    account: phrases,
    contact: phrases,
    others: phrases,
    workspace: phrases,
    named: phrases,
  }),
  law: z.strictObject({ codes: phrases, sections: phrases }),
  layout: z.strictObject({
    quoteHeaders: phrases,
    mailFrom: phrases,
    mailSent: phrases,
    mailTo: phrases,
    mailSubject: phrases,
    disclaimers: phrases,
    abbreviations: phrases,
    streets: phrases,
  }),
});
export type ReadingPack = Readonly<z.infer<typeof readingPack>>;

/** One thing wrong with a pack file. `line` and `column` count from 1. */
interface PackProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly what: string;
  readonly remedy: string;
}

export type LoadedReadingPack =
  | { readonly kind: "loaded"; readonly pack: ReadingPack }
  | { readonly kind: "refused"; readonly problems: readonly PackProblem[] };

/** Reads one pack from its YAML text. `dataTypeIds`, when given, are the only data types the pack may name. */
export function loadReadingPack(file: string, yaml: string, dataTypeIds?: readonly string[]): LoadedReadingPack {
  const lines = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: lines, uniqueKeys: true });
  const at = (offset: number) => ({ file, line: lines.linePos(offset).line, column: lines.linePos(offset).col });
  if (document.errors.length > 0) {
    return refused(document.errors.map((error) => ({ ...at(error.pos[0]), what: error.message.split("\n")[0] ?? "", remedy: "Correct the YAML." })));
  }
  const place = (path: readonly PropertyKey[]) => at(offsetOf(document, path));
  const parsed = readingPack.safeParse(document.toJS());
  if (!parsed.success) return refused(parsed.error.issues.map((issue) => ({ ...place(issue.path), ...explain(issue) })));
  const problems = [...strangers(parsed.data, dataTypeIds), ...doubles(parsed.data)];
  if (problems.length > 0) return refused(problems.map(({ path, what, remedy }) => ({ ...place(path), what, remedy })));
  return { kind: "loaded", pack: parsed.data };
}

function refused(problems: readonly PackProblem[]): LoadedReadingPack {
  return { kind: "refused", problems };
}

function explain(issue: z.core.$ZodIssue): { what: string; remedy: string } {
  const path = issue.path.join(".") || "the file";
  const missing = issue.code === "invalid_type" && issue.message.includes("undefined");
  const remedy = missing ? `Add ${path}; an empty list is allowed where a language has no such words.` : `Correct ${path}.`;
  return { what: `${path}: ${issue.message}`, remedy };
}

/** The place of the deepest part of the path that the file really has. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

interface Finding {
  readonly path: readonly PropertyKey[];
  readonly what: string;
  readonly remedy: string;
}

function strangers(pack: ReadingPack, known: readonly string[] | undefined): Finding[] {
  if (known === undefined) return [];
  const findings: Finding[] = [];
  const check = (id: string, path: readonly PropertyKey[]) => {
    if (!known.includes(id)) findings.push({ path, what: `The policy has no data type ${id}.`, remedy: `Use one of: ${known.join(", ")}.` });
  };
  for (const id of Object.keys(pack.data.types)) check(id, ["data", "types", id]);
  pack.data.groups.forEach((group, at) => group.means.forEach((id, nth) => check(id, ["data", "groups", at, "means", nth])));
  return findings;
}

/** The same words may not mean two papers or two kinds of data. */
function doubles(pack: ReadingPack): Finding[] {
  const families = Object.entries(pack.instrument.families).map(([id, words]) => ({ path: ["instrument", "families", id], words: words ?? [] }));
  const types = Object.entries(pack.data.types).flatMap(([id, { words, weak }]) => [
    { path: ["data", "types", id, "words"], words },
    { path: ["data", "types", id, "weak"], words: weak },
  ]);
  return [...repeated(families), ...repeated(types)];
}

function repeated(lists: readonly { readonly path: readonly string[]; readonly words: readonly string[] }[]): Finding[] {
  const first = new Map<string, readonly string[]>();
  const findings: Finding[] = [];
  for (const { path, words } of lists) {
    words.forEach((word, at) => {
      const key = word.toLowerCase();
      const before = first.get(key);
      if (before) findings.push({ path: [...path, at], what: `"${word}" stands under ${before.join(".")} too.`, remedy: "Keep it in one place." });
      else first.set(key, path);
    });
  }
  return findings;
}
