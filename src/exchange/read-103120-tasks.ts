// Reads the tasks of a TS 103 120 message: whose data, which data, and whether it is to be produced or only kept.
import type { CasePart } from "./case-part.ts";
import { identifierShapes, typesOfCategory, typesOfOption } from "./epoc-words.ts";
import type { EpocCategory } from "./epoc-words.ts";
import type { FormReader } from "./form-reader.ts";
import { formats, optionOfSubtype, ourOwner, requestTypes, workspaceFormat } from "./hi1-words.ts";
import type { XmlElement } from "./read-xml.ts";
import { tellTimeOfDay } from "./time-of-day.ts";
import { momentOf, readWrittenDate } from "./written-date.ts";

type Subject = CasePart["subjects"][number];
type Identifier = Subject["identifiers"][number];
type Line = CasePart["lines"][number];

export interface ReadTasks {
  readonly tasks: "disclosure" | "preservation" | "both" | "none";
  readonly preserveUntil: string | undefined;
  readonly subjects: readonly Subject[];
  readonly lines: readonly Line[];
  /** Object id of a task → the lines made of it. */
  readonly lineOfTask: ReadonlyMap<string, readonly string[]>;
}

const mostSubjects = 500;
const mostLines = 5000;

export function readTasks(reader: FormReader, objects: readonly XmlElement[]): ReadTasks {
  const all = objects.filter(({ type }) => type?.name === "LDTaskObject" || type?.name === "LPTaskObject");
  const gathering: Gathering = { subjects: new Map(), sameSubject: new Map(), lines: [], lineIds: new Set(), lineOfTask: new Map() };
  const preserving = all.filter(({ type }) => type?.name === "LPTaskObject");
  for (const task of all) readTask(reader, task, gathering);
  const until = preserving.flatMap((task) => readExpiration(reader, task)).toSorted((a, b) => Temporal.Instant.compare(a, b));
  return {
    tasks: all.length === 0 ? "none" : preserving.length === 0 ? "disclosure" : preserving.length === all.length ? "preservation" : "both",
    preserveUntil: until[0],
    subjects: [...gathering.subjects.values()],
    lines: gathering.lines,
    lineOfTask: gathering.lineOfTask,
  };
}

interface Gathering {
  readonly subjects: Map<string, Subject>;
  /** Identifiers as one text → the subject that has them. */
  readonly sameSubject: Map<string, string>;
  readonly lines: Line[];
  readonly lineIds: Set<string>;
  readonly lineOfTask: Map<string, readonly string[]>;
}

function readTask(reader: FormReader, task: XmlElement, gathering: Gathering): void {
  if (gathering.subjects.size >= mostSubjects || gathering.lines.length >= mostLines)
    return reader.sorter.tell(
      task,
      "TOO_MANY",
      "The message holds more tasks than the desk reads at once; this one is for a person.",
      "Ask the authority to split the request.",
    );
  for (const path of ["CountryCode", "OwnerIdentifier"]) reader.single(`/${path}`, "authority.technicalId", task);
  takeDesiredStatus(reader, task);
  const subject = readSubject(reader, task, gathering);
  const range = readRange(reader, task);
  const asked = readAsked(reader, task).slice(0, mostLines - gathering.lines.length);
  const ids = asked.map(() => lineId(reader, task, gathering, { isOnly: asked.length === 1 }));
  gathering.lines.push(
    ...asked.map(({ dataType, onlyToIdentify }, index) => ({
      id: ids[index] ?? "",
      dataType,
      subject,
      ...range,
      ...(onlyToIdentify ? { onlyToIdentify } : {}),
    })),
  );
  const object = reader.all("/ObjectIdentifier", task)[0]?.text;
  if (object !== undefined) gathering.lineOfTask.set(object, ids);
}

function takeDesiredStatus(reader: FormReader, task: XmlElement): void {
  const parts = reader
    .all("/DesiredStatus", task)
    .flatMap((holder) => [...reader.all("/Owner", holder), ...reader.all("/Name", holder), ...reader.all("/Value", holder)]);
  const value = parts.at(-1)?.text;
  if (value === "SubsequentProductionRequest")
    reader.sorter.tell(
      task,
      "PRODUCTION_FOLLOWS",
      "The task says that a production order follows what is preserved.",
      "Find the earlier preservation, and keep it until the order is here.",
    );
  if (["AwaitingDisclosure", "AwaitingPreservation", "SubsequentProductionRequest"].includes(value ?? ""))
    for (const part of parts) reader.sorter.take(part, "task status");
}

function lineId(reader: FormReader, task: XmlElement, { lineIds }: Gathering, { isOnly }: { isOnly: boolean }): string {
  const [reference] = reader.all("/Reference", task);
  if (isOnly && reference !== undefined && reference.text !== "" && reference.text.length <= 20 && !lineIds.has(reference.text)) {
    lineIds.add(reference.text);
    return reader.sorter.take(reference, "lines.id");
  }
  let number = lineIds.size + 1;
  while (lineIds.has(`L${number}`)) number++;
  lineIds.add(`L${number}`);
  return `L${number}`;
}

/** Tasks with the same external id, or with the same identifiers, are about the same subject. */
function readSubject(reader: FormReader, task: XmlElement, { subjects, sameSubject }: Gathering): string {
  const { identifiers, workspace } = readIdentifiers(reader, task);
  const [external] = reader.all("/ExternalIdentifier", task);
  const isShort = external !== undefined && external.text !== "" && external.text.length <= 20;
  const key = JSON.stringify([identifiers, workspace]);
  const id = isShort ? reader.sorter.take(external, "subjects.id") : (sameSubject.get(key) ?? freeSubjectId(subjects));
  if (!sameSubject.has(key)) sameSubject.set(key, id);
  const known = subjects.get(id);
  const merged = [
    ...(known?.identifiers ?? []),
    ...identifiers.filter((each) => known?.identifiers.some(({ kind, value }) => kind === each.kind && value === each.value) !== true),
  ];
  if (known !== undefined && merged.length > known.identifiers.length)
    reader.sorter.tell(task, "SUBJECT_GROWS", "Two tasks name the same subject with different identifiers.", "See whether it is one subject or two.");
  const name = known?.workspace ?? workspace;
  subjects.set(id, { id, resolved: false, ...(name === undefined ? {} : { workspace: name }), identifiers: merged.slice(0, 100) });
  return id;
}

function freeSubjectId(subjects: ReadonlyMap<string, Subject>): string {
  let number = subjects.size + 1;
  while (subjects.has(`S${number}`)) number++;
  return `S${number}`;
}

function readIdentifiers(
  reader: FormReader,
  task: XmlElement,
): { readonly identifiers: readonly Identifier[] & Subject["identifiers"]; readonly workspace: string | undefined } {
  const identifiers: Identifier[] = [];
  let workspace: string | undefined;
  for (const holder of reader.all("/RequestDetails/RequestValues/RequestValue", task)) {
    const format = ["/FormatType/FormatOwner", "/FormatType/FormatName"].flatMap((path) => reader.all(path, holder).slice(0, 1));
    const [value] = reader.all("/Value", holder);
    const [owner, name] = format.map(({ text }) => text);
    const isReadable = value !== undefined && value.text !== "" && value.text.length <= 300 && identifiers.length < 100;
    if (!isReadable)
      reader.sorter.tell(
        holder,
        "NO_IDENTIFIER",
        "An identifier has no value, or one that is too long, or there are too many.",
        "Ask the authority for the identifier.",
      );
    else if (owner === ourOwner && name === workspaceFormat) workspace = takeAll(reader, [...format, value], "subjects.workspace").at(-1);
    else identifiers.push(readIdentifier(reader, { owner, name, format, value }));
  }
  return { identifiers, workspace };
}

interface WrittenIdentifier {
  readonly owner: string | undefined;
  readonly name: string | undefined;
  readonly format: readonly XmlElement[];
  readonly value: XmlElement;
}

const ownKinds = [
  "email",
  "phone",
  "ipv4",
  "ipv6",
  "imei",
  "mac",
  "user-id",
  "user-name",
  "workspace",
  "url",
  "other",
] as const satisfies readonly Identifier["kind"][];

function readIdentifier(reader: FormReader, { owner, name, format, value }: WrittenIdentifier): Identifier {
  const standard = owner === ourOwner ? undefined : formats.get(name ?? "");
  const kind = standard ?? (owner === ourOwner ? ownKinds.find((each) => each === name) : undefined);
  if (kind === undefined) {
    reader.sorter.tell(
      value,
      "IDENTIFIER_UNKNOWN",
      "The kind of identifier is not one the desk can look up.",
      "Read it, and match it to an account by hand or ask for another one.",
    );
    return { kind: "other", value: reader.sorter.take(value, "subjects.identifiers.value") };
  }
  const [text = ""] = takeAll(reader, [value, ...format], "subjects.identifiers");
  if (standard !== undefined && identifierShapes[standard]?.test(text) === false)
    reader.sorter.tell(
      value,
      "IDENTIFIER_MALFORMED",
      "The value does not look like the kind of identifier that it is said to be.",
      "Ask the authority to confirm the identifier.",
    );
  return { kind, value: standard === "phone" && /^[1-9]\d{6,14}$/.test(text) ? `+${text}` : text };
}

function takeAll(reader: FormReader, elements: readonly XmlElement[], field: string): readonly string[] {
  return elements.map((element) => reader.sorter.take(element, field));
}

type End = { readonly element: XmlElement; readonly day: string };

/** Whole days, as written; an impossible day takes the whole period with it, so that a mistake never widens a line. */
function readRange(reader: FormReader, task: XmlElement): Pick<Line, "from" | "to"> {
  const [start, end] = [readEnd(reader, task, "StartTime"), readEnd(reader, task, "EndTime")];
  if (start === "impossible" || end === "impossible") return {};
  if (start !== undefined && end !== undefined && start.day > end.day) {
    reader.sorter.tell(start.element, "RANGE_BACKWARDS", "The period ends before it begins.", "Ask the authority for the period.");
    return {};
  }
  if (start !== undefined) reader.sorter.take(start.element, "lines.from");
  if (end !== undefined) reader.sorter.take(end.element, "lines.to");
  return { ...(start === undefined ? {} : { from: start.day }), ...(end === undefined ? {} : { to: end.day }) };
}

function readEnd(reader: FormReader, task: XmlElement, name: "StartTime" | "EndTime"): End | "impossible" | undefined {
  const [element] = reader.all(`/RequestDetails/${name}`, task);
  if (element === undefined) return undefined;
  const date = readWrittenDate(element.text);
  if (date === undefined) {
    reader.sorter.tell(element, "NO_SUCH_DATE", "This is not a date, or a day that does not exist.", "Ask the authority for the period.");
    return "impossible";
  }
  tellTimeOfDay(reader.sorter, element, { date, isStart: name === "StartTime" });
  return { element, day: date.day };
}

interface Asked {
  readonly dataType: string;
  readonly onlyToIdentify: boolean;
}

/** Our own subtype names the data type; the standard's subtypes and types are translated as those of the European form. */
function readAsked(reader: FormReader, task: XmlElement): readonly Asked[] {
  const categories = readCategories(reader, task);
  const identifies = categories.length === 1 && categories[0] === "UserIdentification";
  const subtypes = reader
    .all("/RequestDetails/Subtype/RequestSubtype", task)
    .map((holder) => ({ holder, parts: ["/Owner", "/Name", "/Value"].flatMap((path) => reader.all(path, holder).slice(0, 1)) }));
  const own = subtypes.filter(
    ({ parts: [owner, name, value] }) => owner?.text === ourOwner && name?.text === "DataType" && /^[a-z][a-z0-9-]{0,59}$/.test(value?.text ?? ""),
  );
  for (const { parts } of own) for (const part of parts) reader.sorter.take(part, "lines.dataType");
  if (own.length > 0) return own.map(({ parts }) => ({ dataType: parts[2]?.text ?? "", onlyToIdentify: identifies }));
  const meant = subtypes.flatMap(({ holder, parts }) => subtypeTypes(reader, holder, parts));
  if (meant.length > 0) return [...new Set(meant)].map((dataType) => ({ dataType, onlyToIdentify: false }));
  if (subtypes.length > 0 || categories.includes("Subscriber"))
    reader.sorter.tell(
      task,
      "WHOLE_CATEGORY",
      "The desk could not read which part of this category is asked for, so it proposes the whole category.",
      "Take out the lines that the task does not ask for.",
    );
  if (categories.length === 0)
    reader.sorter.tell(
      task,
      "NO_CATEGORY",
      "The task does not say in a way the desk can read which data it asks for.",
      "Read it, and enter the lines by hand.",
    );
  return categories.flatMap((category) => typesOfCategory[category].map((dataType) => ({ dataType, onlyToIdentify: category === "UserIdentification" })));
}

function readCategories(reader: FormReader, task: XmlElement): readonly EpocCategory[] {
  const [holder] = reader.all("/RequestDetails/Type", task);
  if (holder === undefined) return [];
  const parts = ["/Owner", "/Name", "/Value"].flatMap((path) => reader.all(path, holder).slice(0, 1));
  const [, name, value] = parts.map(({ text }) => text);
  const categories = requestTypes.get(name ?? "") ?? requestTypes.get(value ?? "");
  const isOwn = parts[0]?.text === ourOwner && name === "RequestType";
  if (categories !== undefined || isOwn) for (const part of parts) reader.sorter.take(part, "lines.dataType");
  return categories ?? [];
}

function subtypeTypes(reader: FormReader, holder: XmlElement, parts: readonly XmlElement[]): readonly string[] {
  const types = typesOfOption.get(optionOfSubtype.get(parts.at(-1)?.text ?? "") ?? "");
  if (types === undefined)
    reader.sorter.tell(holder, "OPTION_UNKNOWN", "The subtype is not one the desk knows.", "Read it, and choose the data types it means.");
  else if (types.length === 0)
    reader.sorter.tell(
      holder,
      "OPTION_FOR_A_PERSON",
      "The subtype has no data type in the policy.",
      "Read what it asks for, and choose a data type or ask the authority.",
    );
  else for (const part of parts) reader.sorter.take(part, "lines.dataType");
  return types ?? [];
}

function readExpiration(reader: FormReader, task: XmlElement): readonly string[] {
  const [element] = reader.all("/DesiredPreservationExpiration", task);
  const date = element === undefined ? undefined : readWrittenDate(element.text);
  const moment = date === undefined ? undefined : momentOf(date);
  if (element !== undefined && moment !== undefined) reader.sorter.take(element, "preserveUntil");
  else if (element !== undefined)
    reader.sorter.tell(element, "NO_SUCH_DATE", "This is not a moment with a time zone.", "Ask the authority until when the data is to be kept.");
  return moment === undefined ? [] : [moment];
}
