// Reads whose data an order asks for and which: one subject an identifier, one line a data type.
import type { CasePart } from "./case-part.ts";
import type { FormReader } from "./form-reader.ts";
import { identifierKinds, identifierShapes, typesOfCategory, typesOfOption } from "./epoc-words.ts";
import type { EpocCategory } from "./epoc-words.ts";
import type { XmlElement } from "./read-xml.ts";
import { tellTimeOfDay } from "./time-of-day.ts";
import { readWrittenDate } from "./written-date.ts";

type Subject = CasePart["subjects"][number];
type Line = CasePart["lines"][number];
type Range = Pick<Line, "from" | "to">;

const mostSubjects = 500;
const mostLines = 5000;
const categories = ["Subscriber", "UserIdentification", "Traffic", "Content"] as const satisfies readonly EpocCategory[];

/** Subjects are not matched to an account: a person does that. */
export function readEvidence(reader: FormReader): { readonly subjects: readonly Subject[]; readonly lines: readonly Line[] } {
  const evidence = reader.all("//Evidence");
  const [first] = evidence;
  if (first === undefined)
    reader.sorter.tell(reader.root, "NO_IDENTIFIER", "The order does not say whose data it asks for.", "Ask the authority for an identifier.");
  else if (evidence.length > mostSubjects)
    reader.sorter.tell(
      first,
      "TOO_MANY",
      `The order names more than ${mostSubjects} identifiers; the rest is for a person.`,
      "Ask the authority to split the order.",
    );
  const names = new Set<string>();
  const lines: Line[] = [];
  const subjects = evidence.slice(0, mostSubjects).map((each, index) => {
    const subject = readSubject(reader, each, { names, number: index + 1 });
    lines.push(...readLines(reader, each, { subject: subject.id, used: lines.length }));
    return subject;
  });
  return { subjects, lines };
}

function readSubject(reader: FormReader, evidence: XmlElement, { names, number }: { names: Set<string>; number: number }): Subject {
  const id = readSubjectId(reader, evidence, { names, number });
  names.add(id);
  const identifiers = reader.all("/Identifier", evidence).flatMap((each) => readIdentifier(reader, each, `subjects.${id}`));
  return { id, resolved: false, identifiers: identifiers.slice(0, 100) };
}

function readSubjectId(reader: FormReader, evidence: XmlElement, { names, number }: { names: ReadonlySet<string>; number: number }): string {
  const written = reader.all("/Identifier/Id", evidence);
  const [first] = written;
  if (written.length === 1 && first !== undefined && /^[\w.-]{1,20}$/.test(first.text) && !names.has(first.text))
    return reader.sorter.take(first, `subjects.${first.text}.id`);
  const own = `S${number}`;
  return names.has(own) ? `S${number}-${names.size}` : own;
}

function readIdentifier(reader: FormReader, identifier: XmlElement, field: string): Subject["identifiers"] {
  const { sorter } = reader;
  const [type] = reader.all("/Type", identifier);
  const [value] = reader.all("/Value", identifier);
  if (value === undefined || value.text === "" || value.text.length > 300) {
    sorter.tell(value ?? identifier, "NO_IDENTIFIER", "An identifier has no value, or one that is too long.", "Ask the authority for the identifier.");
    return [];
  }
  const kind = identifierKinds.get(type?.text ?? "") ?? "other";
  if (kind === "other")
    sorter.tell(
      type ?? identifier,
      "IDENTIFIER_UNKNOWN",
      "The kind of identifier is not one the desk can look up (ranges and blocks of addresses are not).",
      "Read it, and match it to an account by hand or ask for another one.",
    );
  else if (type !== undefined) sorter.take(type, `${field}.identifiers.kind`);
  if (identifierShapes[kind]?.test(value.text) === false)
    sorter.tell(
      value,
      "IDENTIFIER_MALFORMED",
      "The value does not look like the kind of identifier that it is said to be.",
      "Ask the authority to confirm the identifier.",
    );
  return [{ kind, value: sorter.take(value, `${field}.identifiers.value`) }];
}

function readLines(reader: FormReader, evidence: XmlElement, { subject, used }: { subject: string; used: number }): readonly Line[] {
  const range = readRange(reader, evidence);
  const asked = categories.flatMap((category) => reader.all(`/DataCategories/${category}`, evidence).map((element) => ({ category, element })));
  if (asked.length === 0)
    reader.sorter.tell(evidence, "NO_CATEGORY", "The order does not say which data it asks for.", "Ask the authority for the category of data.");
  const types = asked.flatMap(({ category, element }) => typesAsked(reader, category, element).map((dataType) => ({ dataType, category })));
  const room = types.slice(0, mostLines - used);
  if (room.length < types.length)
    reader.sorter.tell(
      evidence,
      "TOO_MANY",
      `The order asks for more than ${mostLines} lines; the rest is for a person.`,
      "Ask the authority to split the order.",
    );
  return room.map(({ dataType, category }, index) => ({
    id: `L${used + index + 1}`,
    dataType,
    subject,
    ...range,
    ...(category === "UserIdentification" ? { onlyToIdentify: true } : {}),
  }));
}

/** What the options mean; the whole category where it has none, or none that we know. */
function typesAsked(reader: FormReader, category: EpocCategory, element: XmlElement): readonly string[] {
  const { sorter } = reader;
  sorter.takePresence(element, `lines.dataType of ${category}`);
  const options = [...reader.all("//Option", element), ...reader.all("//Selection", element)].filter(({ text }) => text !== "");
  const meanings = options.map((option) => meaningOf(category, option.text));
  const known = meanings.flatMap((types) => types ?? []);
  options.forEach((option, index) => tellOption(reader, option, meanings[index]));
  if (known.length > 0) return [...new Set(known)];
  if (options.length > 0 && !meanings.includes(undefined)) return [];
  if (category === "Subscriber" || options.length > 0)
    sorter.tell(
      element,
      "WHOLE_CATEGORY",
      "The desk could not read which part of this category is asked for, so it proposes the whole category.",
      "Take out the lines that the order does not ask for.",
    );
  return typesOfCategory[category];
}

/** Options are known for subscriber data; elsewhere only that `OTHER` has no meaning of its own. */
function meaningOf(category: EpocCategory, option: string): readonly string[] | undefined {
  return category === "Subscriber" || option === "OTHER" ? typesOfOption.get(option) : undefined;
}

function tellOption({ sorter }: FormReader, option: XmlElement, types: readonly string[] | undefined): void {
  if (types === undefined)
    return sorter.tell(option, "OPTION_UNKNOWN", "The option is not one the desk knows for this category.", "Read it, and choose the data types it means.");
  if (types.length === 0)
    return sorter.tell(
      option,
      "OPTION_FOR_A_PERSON",
      "The option has no data type in the policy.",
      "Read what it asks for, and choose a data type or ask the authority.",
    );
  sorter.take(option, `lines.dataType: ${types.join(", ")}`);
}

/** Whole days, as written; an impossible day takes the whole period with it, so that a mistake never widens a line. A time of day is narrower than a line can say, so it becomes a finding. */
function readRange(reader: FormReader, evidence: XmlElement): Range {
  const ranges = reader.all("/Identifier/DateTimeRange", evidence);
  const read = ranges.map((range) => readOneRange(reader, range));
  const [first = {}] = read;
  if (read.every(({ from, to }) => from === first.from && to === first.to)) return first;
  reader.sorter.tell(evidence, "RANGES_DIFFER", "Identifiers that stand together have different periods.", "Enter the period of each line by hand.");
  return {};
}

function readOneRange(reader: FormReader, range: XmlElement): Range {
  const [from, to] = [readEnd(reader, range, "Start"), readEnd(reader, range, "End")];
  if (from === "impossible" || to === "impossible") return {};
  if (from === undefined || to === undefined || from.day <= to.day) {
    for (const end of [from, to]) if (end !== undefined) reader.sorter.take(end.element, `lines.${end === from ? "from" : "to"}`);
    return { ...(from === undefined ? {} : { from: from.day }), ...(to === undefined ? {} : { to: to.day }) };
  }
  reader.sorter.tell(range, "RANGE_BACKWARDS", "The period ends before it begins.", "Ask the authority for the period.");
  return {};
}

function readEnd(
  reader: FormReader,
  range: XmlElement,
  name: "Start" | "End",
): { readonly day: string; readonly element: XmlElement } | "impossible" | undefined {
  const [element] = reader.all(`/${name}`, range);
  if (element === undefined) return undefined;
  const date = readWrittenDate(element.text);
  if (date === undefined) {
    reader.sorter.tell(element, "NO_SUCH_DATE", "This is not a date, or a day that does not exist.", "Ask the authority for the period.");
    return "impossible";
  }
  tellTimeOfDay(reader.sorter, element, { date, isStart: name === "Start" });
  return { day: date.day, element };
}
