// Finds documents of the exchange formats in a message and turns what they say into what a person confirms.
import type { CaseDescription } from "../assessment/description.ts";
import { compareParts, importDocument, recogniseDocument, type CasePart, type Contradiction, type Imported } from "../exchange/module.ts";
import { instant } from "../kernel/instant.ts";
import type { Json } from "../ledger/canonical-json.ts";
import type { Claim } from "../ledger/port.ts";
import type { CaseId } from "../kernel/ids.ts";
import type { History } from "../requests/decision.ts";
import type { DateRange, Proposed, ProposedInstrument, ProposedSubject, RequestReading, Span } from "../requests/intake/details.ts";
import type { FormRead } from "../requests/intake/events.ts";
import { intakeOf } from "../requests/intake/module.ts";
import { standing } from "../requests/open-case.ts";
import { plain } from "./directory.ts";
import { findSealed, type Desk } from "./desk.ts";
import { readCase } from "./handle.ts";
import type { RawMessage, ReadAttachment, ReadMessage, ReadingProblem } from "./reading-port.ts";

type Read = Extract<Imported, { readonly kind: "epoc" | "103120" }>["reading"];
type Problem = Extract<Imported, { readonly kind: "refused" }>["problems"][number];
type Identifier = CasePart["subjects"][number]["identifiers"][number];

/** One document of an exchange format as the vault keeps it: everything it says is in here, and nothing of it is judged. */
export interface KeptForm {
  /** `attachment-1` or `body`: the source its text stands under. */
  readonly source: string;
  /** Counted from 1; absent for the body. */
  readonly attachment?: number;
  readonly fileName: string;
  readonly kind: FormRead["kind"];
  /** What becomes a member of the case once a person confirms it; absent where nothing could be read. */
  readonly part?: CasePart;
  /** What the case has no member for: deadline, addressee, delivery, the earlier order. */
  readonly said?: { readonly [member: string]: Json };
  readonly mapped: Read["mapped"];
  readonly forPerson: Read["forPerson"];
  readonly findings: Read["findings"];
  /** Where it and the PDF of the same message contradict each other. */
  readonly contradictions: readonly Contradiction[];
  /** Why it could not be read; empty when it was. */
  readonly problems: readonly Problem[];
}

/** What the vault holds of a reading: the forms lie beside it. */
export type SealedReading = RequestReading & { readonly forms?: readonly KeptForm[] };

/** Each costs up to 1 MiB of reading; more are left to a person. */
const mostForms = 20;

/** Every document of an exchange format in the message, in its order. Bad input gives a form of the kind `refused`. */
export async function importForms(desk: Desk, raw: RawMessage, read: ReadMessage): Promise<readonly KeptForm[]> {
  const forms: KeptForm[] = recogniseDocument(read.text) === undefined ? [] : [kept(importDocument(read.text, { name: "" }), { source: "body" })];
  for (const { index, fileName } of read.attachments.filter(mayBeForm)) {
    const place = { source: `attachment-${index}`, attachment: index };
    const bytes = forms.length < mostForms ? await desk.ports.reader.extractAttachment(raw, index) : undefined;
    if (forms.length >= mostForms) forms.push(kept({ kind: "refused", name: fileName, problems: [tooMany] }, place));
    else if (bytes !== undefined && recogniseDocument(bytes) !== undefined) forms.push(kept(importDocument(bytes, { name: fileName }), place));
  }
  return forms.map((form, index) => (isOrder(form) && forms.findIndex(isOrder) < index ? withFinding(form, secondOrder) : form));
}

const tooMany: Problem = {
  path: "/",
  what: `The message holds more than ${mostForms} forms.`,
  remedy: "Ask for one message for each order, or take the form in as a file.",
};

/** A paper in words is not opened a second time: only what looks like a form, or claims to be one and could not be read as text. */
function mayBeForm({ text, kind, mediaType, fileName }: ReadAttachment): boolean {
  const [start] = text?.pages ?? [];
  if (start !== undefined) return kind === "text" && recogniseDocument(start) !== undefined;
  return (kind === "other" || kind === "text") && (/[/+](xml|json)$/.test(mediaType) || /\.(xml|json)$/i.test(fileName));
}

function kept(imported: Imported, { source, attachment }: { readonly source: string; readonly attachment?: number }): KeptForm {
  const place = { source, ...(attachment === undefined ? {} : { attachment }), fileName: imported.name };
  const empty = { ...place, mapped: [], forPerson: [], findings: [], contradictions: [], problems: [] };
  switch (imported.kind) {
    case "epoc":
      return announced({ ...empty, kind: imported.reading.form, ...sorted(imported.reading), said: json(imported.reading.said) });
    case "103120": {
      const { documents, ...said } = imported.reading.said;
      const names = documents.map(({ bytes, ...document }) => ({ ...document, bytes: bytes.length }));
      return { ...empty, kind: "103120", ...sorted(imported.reading), said: { ...json(said), documents: names as unknown as Json } };
    }
    case "case":
      return { ...empty, kind: "case", ...partOfCase(imported.description) };
    case "counsel":
      return { ...empty, kind: "counsel", findings: imported.problems.map((problem) => ({ ...problem, code: "INTERCEPTION_ORDER" })) };
    case "refused":
      return { ...empty, kind: "refused", problems: imported.problems };
    default:
      return imported satisfies never;
  }
}

/** What forms 5 and 6 come for: a person takes the step, because anybody can write a form. */
function announced(form: KeptForm): KeptForm {
  if (form.kind === "form-5") return withFinding(form, productionFollows);
  return form.kind === "form-6" ? withFinding(form, preserveLonger) : form;
}

function sorted({ description: part, mapped, forPerson, findings }: Read): Pick<KeptForm, "part" | "mapped" | "forPerson" | "findings"> {
  return { part, mapped, forPerson, findings };
}

/** What the paper says is read; what another desk knew, did or decided is shown to a person and never taken over. */
function partOfCase(description: CaseDescription): Pick<KeptForm, "part" | "mapped" | "forPerson" | "findings"> {
  const { paper, lines, subjects, authority, places, gagWish, format: _, ...theirs } = description;
  const { servedAt, servedBy, seal, addressedTo, ...said } = paper;
  const part: CasePart = { paper: said, lines, subjects: subjects.map((subject) => ({ ...subject, resolved: false })), authority, places, gagWish };
  const left = { ...theirs, paper: present({ servedAt, servedBy, seal, addressedTo }) };
  const members = Object.keys(present({ paper: said, authority, places })).flatMap((member) =>
    Object.keys(part[member as "paper" | "authority" | "places"]).map((name) => `${member}.${name}`),
  );
  return {
    part,
    mapped: [...members, "lines", "subjects"].map((field) => ({ path: `/${field.replace(".", "/")}`, field })),
    forPerson: Object.entries(left).flatMap(([member, value]) =>
      isEmpty(value)
        ? []
        : [{ path: `/${member}`, value: JSON.stringify(value), why: "It says what another desk knew or did: this desk finds that out for itself." }],
    ),
    findings: [
      {
        path: "/",
        code: "FROM_ANOTHER_DESK",
        what: "The file describes a case of another desk. Only what the paper says was read.",
        remedy: "Ask for the paper itself, and confirm each value against it.",
      },
    ],
  };
}

function isEmpty(value: unknown): boolean {
  return value === false || value === "none" || value === "not-tried" || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
}

function present<Value extends object>(value: Value): Partial<Value> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Partial<Value>;
}

function json(value: object): { readonly [member: string]: Json } {
  return JSON.parse(JSON.stringify(value)) as { readonly [member: string]: Json };
}

type Finding = Read["findings"][number];

export function withFinding(form: KeptForm, finding: Finding): KeptForm {
  return { ...form, findings: [...form.findings, finding] };
}

const productionFollows: Finding = {
  path: "/",
  code: "PRODUCTION_FOLLOWS",
  what: "The authority says that a production order follows the order to preserve.",
  remedy: "Keep the data until that order has come and been answered; do not let go of it before.",
};

const preserveLonger: Finding = {
  path: "/",
  code: "PRESERVE_LONGER",
  what: "The authority asks to keep the data longer.",
  remedy: "Record a renewed request to keep, while the time still runs.",
};

const secondOrder: Finding = {
  path: "/",
  code: "SECOND_FORM",
  what: "The message holds more than one form. The details come from the first one.",
  remedy: "Compare the two; where this is an order of its own, take it in as a case of its own.",
};

/** An order that asks for data or for keeping it; forms 5 and 6 speak of one that came before. */
function isOrder({ kind, part }: KeptForm): boolean {
  return part !== undefined && kind !== "form-5" && kind !== "form-6";
}

function isLater({ kind }: KeptForm): boolean {
  return kind === "form-5" || kind === "form-6";
}

/** A form that could not be read is told like any other attachment that could not: what is wrong, where, and what to do. */
export function withFormProblems(read: ReadMessage, forms: readonly KeptForm[]): ReadMessage {
  const told = new Map(
    forms.flatMap((form) => (form.problems.length === 0 ? [] : [[form.attachment, form.problems.map((problem) => problemOf(problem, form))] as const])),
  );
  return {
    ...read,
    attachments: read.attachments.map((attachment) => ({ ...attachment, problems: [...attachment.problems, ...(told.get(attachment.index) ?? [])] })),
    problems: [...read.problems, ...(told.get(undefined) ?? [])],
  };
}

function problemOf({ line, column, path, what, remedy }: Problem, { attachment }: KeptForm): ReadingProblem {
  const place = line === undefined ? path : `line ${line}, column ${column ?? 1}, ${path}`;
  return {
    code: "FORM_REFUSED",
    because: `${attachment === undefined ? "The form in the message" : `The form in attachment ${attachment}`} was kept and not read (${place}): ${what} ${remedy}`,
    ...(attachment === undefined ? {} : { attachment }),
  };
}

/** A form is read as a form: its markup is no text, and the words of an order stand in its PDF. */
export function textsWithoutForms({ sources }: ReadMessage, forms: readonly KeptForm[]): ReadMessage["sources"] {
  return sources.filter(({ id }) => forms.every(({ source }) => source !== id));
}

export function pdfTexts({ sources, attachments }: ReadMessage): ReadMessage["sources"] {
  const pdfs = new Set(attachments.flatMap(({ kind, index }) => (kind === "pdf" ? [`attachment-${index}`] : [])));
  return sources.filter(({ id }) => pdfs.has(id));
}

/** The first order held against what was read in the PDFs of its message. */
export function heldAgainst(forms: readonly KeptForm[], pdf: RequestReading | undefined): readonly KeptForm[] {
  const order = forms.find(isOrder);
  if (order?.part === undefined || pdf === undefined) return forms;
  const contradictions = compareParts(order.part, partOfPaper(pdf, order.part));
  return forms.map((form) => (form === order ? { ...form, contradictions } : form));
}

/** What the paper states in so many words; a value that was only inferred contradicts nobody. */
function partOfPaper(pdf: RequestReading, xml: CasePart): CasePart {
  const instruments = statedValues(pdf.instruments);
  const [instrument] = instruments;
  const { agency, matter } = pdf;
  return {
    paper: instrument === undefined || new Set(instruments.map(({ id }) => id)).size > 1 ? {} : paperOf(instrument),
    authority: {
      ...(agency?.certainty === "stated" ? { name: agency.value } : {}),
      ...(matter?.certainty === "stated" ? { reference: matter.value.reference } : {}),
    },
    places: {},
    subjects: [{ id: "S1", resolved: false, identifiers: statedValues(pdf.subjects).flatMap((subject) => identifierOf(subject, xml)) }],
    lines: linesOfPaper(pdf, xml),
  };
}

function statedValues<Value>(proposed: readonly Proposed<Value>[]): readonly Value[] {
  return proposed.every(({ certainty }) => certainty === "stated") ? proposed.map(({ value }) => value) : [];
}

function paperOf({ id, issuedOn, expiresOn, returnOn, signedBy }: ProposedInstrument): CasePart["paper"] {
  return {
    ...(/^[A-Z]{2}-/.test(id) ? { instrument: id } : {}),
    ...present({ issuedOn, expiresOn, returnOn }),
    ...(signedBy === undefined || signedBy === "nobody" ? {} : { signedBy }),
  };
}

const kindOf: Readonly<Partial<Record<ProposedSubject["identifier"], Identifier["kind"]>>> = {
  email: "email",
  phone: "phone",
  "user-id": "user-id",
  "user-name": "user-name",
};

/** A text cannot tell a user's name from a user's id: where the XML has the same value, it is the same identifier. */
function identifierOf({ kind, value, identifier }: ProposedSubject, xml: CasePart): readonly Identifier[] {
  if (kind !== "account") return [];
  const same = xml.subjects.flatMap(({ identifiers }) => identifiers).find((each) => plain(each.value) === plain(value));
  const own = identifier === "ip-address" ? (value.includes(":") ? "ipv6" : "ipv4") : kindOf[identifier];
  const found = same?.kind ?? own;
  return found === undefined ? [] : [{ kind: found, value: value.slice(0, 300) }];
}

/** Whether data is asked for only to identify somebody no text says in a form we know; there the XML counts for both. */
function linesOfPaper({ dataTypes, dateRange, otherDateRanges }: RequestReading, xml: CasePart): CasePart["lines"] {
  const isClear = dateRange?.certainty === "stated" && otherDateRanges.length === 0;
  const { from, to } = isClear ? dateRange.value : ({} as DateRange);
  return [...new Set(statedValues(dataTypes))].map((dataType, index) => {
    const onlyToIdentify = xml.lines.find((line) => line.dataType === dataType)?.onlyToIdentify;
    return { id: `P${index + 1}`, dataType, ...present({ from, to, onlyToIdentify }) } as CasePart["lines"][number];
  });
}

/** The reading that a person confirms: what the first order says, word for word and stated; the text only where no form has a place for it. */
export function readingWithForms(text: RequestReading, forms: readonly KeptForm[], read: Pick<ReadMessage, "sources">): RequestReading {
  const counsel = forms.find(({ kind }) => kind === "counsel");
  const later = forms.find(isLater);
  const order = forms.find(isOrder) ?? later;
  const live = counsel === undefined ? {} : { realTime: statedIn(counsel, read)("Interception", counsel.findings[0]?.path ?? "/") };
  if (order?.part === undefined) return { ...text, ...live, ...(forms.length > 0 && isNoRequest(text) ? { sort: "unclear" as const } : {}) };
  return {
    ...withPart(text, order, order.part, read),
    ...live,
    sort: order === later ? "follow-up" : "request",
    languageKnown: text.languageKnown || text.language === "und",
  };
}

function isNoRequest({ sort }: RequestReading): boolean {
  return sort !== "request" && sort !== "withdrawal" && sort !== "follow-up";
}

function withPart(text: RequestReading, form: KeptForm, part: CasePart, read: Pick<ReadMessage, "sources">): RequestReading {
  const stated = statedIn(form, read);
  const { authority, paper, lines, subjects } = part;
  const { name, officer, email, phone, reference } = authority;
  const { everything: _, emergency, dateRange: __, ...rest } = text;
  const period = periodOf(part);
  const urgent = paper.emergency === true ? stated("EmergencyCase", pathTo(form, "paper.emergency")) : paper.emergency === false ? undefined : emergency;
  const contact = officer ?? email ?? phone;
  return {
    ...rest,
    ...(name === undefined ? {} : { agency: stated(name, pathTo(form, "authority.name")) }),
    ...(reference === undefined ? {} : { matter: stated({ reference, nature: paper.nature ?? "unknown" }, pathTo(form, "authority.reference"), reference) }),
    ...(contact === undefined ? {} : { officer: stated(present({ name: officer, email, phone }) as ContactRead, pathTo(form, "authority.officer"), contact) }),
    instruments:
      paper.instrument === undefined ? text.instruments : [stated(instrumentRead(part, paper.instrument), pathTo(form, "paper.issuedOn"), paper.issuedOn)],
    subjects: subjects.flatMap(({ identifiers }) => identifiers.flatMap((each) => subjectRead(each, form, stated))),
    workspaces: [...subjects.flatMap(({ workspace }) => (workspace === undefined ? [] : [stated(workspace, pathTo(form, "subjects"))])), ...text.workspaces],
    dataTypes: [...new Set(lines.map(({ dataType }) => dataType))].map((dataType) => stated(dataType, pathTo(form, "lines.dataType"))),
    ...(period === undefined ? {} : { dateRange: stated(period, pathTo(form, "lines.from"), period.from) }),
    otherDateRanges: [],
    gags: [
      ...text.gags.filter(({ value }) => value.kind === "order" || part.gagWish !== true),
      ...(part.gagWish === true ? [stated({ kind: "wish" as const }, pathTo(form, "gagWish"), "DelayConditions")] : []),
    ],
    ...(urgent === undefined ? {} : { emergency: urgent }),
  };
}

type ContactRead = NonNullable<RequestReading["officer"]>["value"];

type Stated = <Value>(value: Value, path: string, words?: string) => Proposed<Value>;

/** A value with the place in its form, and with the words themselves where they stand there as written. */
function statedIn({ source }: KeptForm, { sources }: Pick<ReadMessage, "sources">): Stated {
  const text = sources.find(({ id }) => id === source)?.text ?? "";
  return (value, path, words = typeof value === "string" ? value : "") => {
    const element =
      path
        .split("/")
        .at(-1)
        ?.replace(/\[\d+\]$/, "") ?? "";
    const found = [words, element].find((each) => each !== "" && text.includes(each));
    const start = found === undefined ? 0 : text.indexOf(found);
    const span: Span = { source, start, end: start + (found?.length ?? 0), path };
    return { value, spans: [span], certainty: "stated" };
  };
}

function pathTo({ mapped }: KeptForm, field: string): string {
  return mapped.find((each) => each.field.startsWith(field))?.path ?? "/";
}

function periodOf({ lines }: CasePart): DateRange | undefined {
  const first = lines.flatMap(({ from }) => from ?? []).toSorted()[0];
  const last = lines
    .flatMap(({ to }) => to ?? [])
    .toSorted()
    .at(-1);
  return first === undefined && last === undefined
    ? undefined
    : { ...(first === undefined ? {} : { from: first }), ...(last === undefined ? {} : { to: last }) };
}

const signers: readonly string[] = ["judge", "prosecutor", "clerk", "agency"];

function instrumentRead({ paper, authority }: CasePart, id: string): ProposedInstrument {
  const { issuedOn, expiresOn, returnOn, signedBy } = paper;
  return {
    id,
    ...(authority.name === undefined ? {} : { issuer: authority.name }),
    ...(issuedOn === undefined ? {} : { issuedOn }),
    ...(expiresOn === undefined ? {} : { expiresOn }),
    ...(returnOn === undefined ? {} : { returnOn }),
    ...(signedBy !== undefined && signers.includes(signedBy) ? { signedBy: signedBy as NonNullable<ProposedInstrument["signedBy"]> } : {}),
  };
}

const readAs: Readonly<Partial<Record<Identifier["kind"], ProposedSubject["identifier"]>>> = {
  email: "email",
  phone: "phone",
  ipv4: "ip-address",
  ipv6: "ip-address",
  "user-id": "user-id",
  "user-name": "user-name",
};

function subjectRead({ kind, value }: Identifier, form: KeptForm, stated: Stated): readonly Proposed<ProposedSubject>[] {
  const identifier = readAs[kind];
  return identifier === undefined ? [] : [stated({ kind: "account", value, identifier }, pathTo(form, "subjects"), value)];
}

/** What the ledger may say of a form: codes and counts. */
export function formRead({ source, kind, findings, contradictions, forPerson, problems }: KeptForm): FormRead {
  const codes = [...findings.map(({ code }) => code), ...contradictions.map(({ code }) => code), ...(problems.length > 0 ? ["FORM_REFUSED"] : [])];
  return { source, kind, findings: [...new Set(codes)], forPerson: forPerson.length };
}

/** A form with the message that brought it, as a person of the desk sees it. */
export interface FormView extends KeptForm {
  readonly receivedAt: string;
  readonly with: "request" | "follow-up";
  /** The details proposed for confirmation come from this form. */
  readonly proposes: boolean;
}

/** Every form that came with the case, in order; empty once the case was forgotten. */
export async function formsOf(desk: Desk, history: History, reading: SealedReading | undefined): Promise<readonly FormView[]> {
  const { received } = intakeOf(history);
  const followUps = history.flatMap(({ fact }) => (fact.type === "FollowUpReceived" && fact.forms !== undefined ? [fact] : []));
  const later = await Promise.all(
    followUps.map(async ({ content, receivedAt }) => {
      const sealed = (await findSealed(desk.ports, desk.id, content)) as { readonly forms?: readonly KeptForm[] } | undefined;
      return (sealed?.forms ?? []).map((form) => ({ ...form, receivedAt, with: "follow-up" as const }));
    }),
  );
  const first = (reading?.forms ?? []).map((form) => ({
    ...form,
    receivedAt: received?.receivedAt ?? instant("1970-01-01T00:00:00Z"),
    with: "request" as const,
  }));
  const all = [...first, ...later.flat()];
  const order = all.findIndex(isOrder);
  return all.map((form, index) => ({ ...form, proposes: index === order }));
}

const preservationOrder = "EU-EPOC-PR";
const orderKey = "order:";
/** More orders under one number than this are never told apart by it. */
const mostOrders = 20;

/** Keys under which forms 5 and 6 find a preservation order again: its reference, and the authority that issued it. */
export async function orderClaims(desk: Desk, reading: RequestReading, forms: readonly KeptForm[]): Promise<readonly Claim[]> {
  if (!reading.instruments.some(({ value }) => value.id === preservationOrder) || forms.some(isLater)) return [];
  const technicalId = forms.find(isOrder)?.part?.authority.technicalId;
  const keys = await orderKeys(desk, { reference: reading.matter?.value.reference, technicalId });
  const free = await Promise.all(keys.map(({ key }) => freePlace(desk, key)));
  return free.flatMap((key) => (key === undefined ? [] : [{ key }]));
}

/** Somebody else took the same place under an order's number at this moment; there is another one. */
export function isOrderClaim(key: string): boolean {
  return key.startsWith(orderKey);
}

interface OrderName {
  readonly reference?: string | undefined;
  readonly technicalId?: string | undefined;
}

async function orderKeys(desk: Desk, { reference, technicalId }: OrderName): Promise<readonly { readonly of: keyof OrderName; readonly key: string }[]> {
  const names = [
    { of: "reference" as const, value: reference },
    { of: "technicalId" as const, value: technicalId },
  ];
  const keys = names.map(async ({ of, value }) =>
    value === undefined ? [] : [{ of, key: `${orderKey}${await desk.ports.vault.digest(desk.id, `order-${of}`, plain(value))}` }],
  );
  return (await Promise.all(keys)).flat();
}

async function freePlace(desk: Desk, key: string): Promise<string | undefined> {
  for (let nth = 1; nth <= mostOrders; nth++) if ((await desk.ports.claims.find(desk.id, `${key}:${nth}`)) === undefined) return `${key}:${nth}`;
  return undefined;
}

async function casesUnder(desk: Desk, key: string): Promise<readonly CaseId[]> {
  const cases: CaseId[] = [];
  for (let nth = 1; nth <= mostOrders; nth++) {
    const stream = await desk.ports.claims.find(desk.id, `${key}:${nth}`);
    if (stream === undefined) return cases;
    cases.push(stream.slice("case:".length) as CaseId);
  }
  return [];
}

/** The one open case that holds the order which forms 5 and 6 of this message speak of; undefined when there is none, or more than one. */
export async function findEarlierOrder(desk: Desk, forms: readonly KeptForm[]): Promise<CaseId | undefined> {
  const later = forms.find(isLater);
  if (later === undefined || forms.some(isOrder)) return undefined;
  const keys = await orderKeys(desk, later.part?.authority ?? {});
  const found = await Promise.all(keys.map(async ({ of, key }) => [of, await openOnes(desk, await casesUnder(desk, key))] as const));
  const under = new Map(found);
  const [byReference, byAuthority] = [under.get("reference"), under.get("technicalId")];
  // A number that two authorities use is told apart by the authority, and an authority with one order needs no number.
  const both = byReference?.filter((each) => byAuthority?.includes(each) ?? true) ?? byAuthority ?? [];
  const [only, ...others] = both.length === 0 ? await unnamed(desk, byReference ?? []) : both;
  return others.length === 0 ? only : undefined;
}

async function openOnes(desk: Desk, cases: readonly CaseId[]): Promise<readonly CaseId[]> {
  const open = await Promise.all(
    cases.map(async (caseId) => {
      const history = await readCase(desk, caseId);
      const paper = intakeOf(history).details?.instrument?.id;
      return standing(history) === "open" && (paper === undefined || paper === preservationOrder);
    }),
  );
  return cases.filter((_, index) => open[index]);
}

/** An order that came on paper names no technical id: its number alone must do. */
async function unnamed(desk: Desk, cases: readonly CaseId[]): Promise<readonly CaseId[]> {
  const names = await Promise.all(
    cases.map(async (caseId) => {
      const { reading } = intakeOf(await readCase(desk, caseId));
      return reading?.forms !== undefined;
    }),
  );
  return cases.filter((_, index) => names[index] === false);
}

export const noEarlierOrder: Finding = {
  path: "/",
  code: "EARLIER_ORDER_NOT_FOUND",
  what: "No single open case of this desk, sent by the same hand, holds the preservation order that the form speaks of.",
  remedy: "Find the order by its authority and number, and record there what the form asks.",
};

/** A form handed over as a file, wrapped so that it takes the road of every message: no sender, so nothing vouches for it. */
export function wrapDocument(bytes: Uint8Array, fileName: string): Uint8Array {
  const name = /^[\w.-]{1,100}$/.test(fileName) ? fileName : "document";
  const type = /\.json$/i.test(fileName) ? "application/json" : "application/xml";
  const head = [
    "MIME-Version: 1.0",
    `Content-Type: ${type}; name="${name}"`,
    `Content-Disposition: attachment; filename="${name}"`,
    "Content-Transfer-Encoding: base64",
  ];
  const lines = bytes.toBase64().match(/.{1,76}/g) ?? [];
  return new TextEncoder().encode([...head, "", ...lines, ""].join("\r\n"));
}
