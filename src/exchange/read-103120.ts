// Reads a TS 103 120 message: one paper, its tasks as lines, its documents, and what the sender says of the state of things.
import { caseDescription } from "../assessment/description.ts";
import type { CasePart } from "./case-part.ts";
import type { EpocDeadline } from "./epoc-words.ts";
import { FormReader } from "./form-reader.ts";
import { given } from "./given-member.ts";
import {
  hi1Namespaces,
  legalTypes,
  listMembers,
  ourMark,
  ourOwner,
  ourRolePrefix,
  roles,
  unknownCountry,
  unknownOwner,
  wordMembers,
  yesNoMembers,
} from "./hi1-words.ts";
import type { Endpoint, Entry, Hi1Document, Hi1Outcome } from "./hi1-words.ts";
import { readDocuments, readOutcome } from "./read-103120-objects.ts";
import { readTasks } from "./read-103120-tasks.ts";
import type { Problems, XmlElement } from "./read-xml.ts";
import type { Sorting } from "./sorted-elements.ts";
import { momentOf, readWrittenDate } from "./written-date.ts";

/** What the message says and a case description has no member for. Names and ids in it are personal. */
interface Hi1Said {
  readonly transaction?: string;
  /** A moment with an offset. */
  readonly at?: string;
  readonly sender?: Endpoint;
  readonly receiver?: Endpoint;
  /** The company the authorisation is for. */
  readonly company?: Endpoint;
  readonly deadline?: EpocDeadline;
  readonly tasks: "disclosure" | "preservation" | "both" | "none";
  /** Moment with an offset; the earliest that a task names. */
  readonly preserveUntil?: string;
  readonly withoutValidation: boolean;
  readonly documents: readonly Hi1Document[];
  readonly outcome?: Hi1Outcome;
}

export interface Hi1Reading extends Sorting {
  readonly kind: "read";
  readonly description: CasePart;
  readonly said: Hi1Said;
}

/** An order to listen in is not ours to read: it goes to counsel and never becomes a case line. */
export type Hi1Result = Hi1Reading | { readonly kind: "counsel" | "refused"; readonly problems: Problems };

/** Every element is either in `mapped` or in `forPerson`. */
export function read103120(root: XmlElement): Hi1Result {
  const reader = new FormReader(root, new Set(Object.values(hi1Namespaces)));
  const objects = reader.all("//HI1Object");
  const interception = findInterception(reader, objects);
  if (interception !== undefined)
    return stopped(
      "counsel",
      interception,
      "The message asks for interception (LITask). The desk collects nothing live.",
      "Counsel answers it; no line is made of it.",
    );
  const [first, second] = objects.filter((object) => isOf(object, "AuthorisationObject"));
  if (second !== undefined) return stopped("refused", second, "The message holds more than one authorisation.", "Send one message for each instrument.");
  if (objects.length === 0)
    return stopped("refused", root, "The message holds no object to read: it only asks for a list or for a state.", "Send the objects themselves (CREATE).");
  const header = readHeader(reader);
  readActions(reader, objects);
  const paper = first === undefined ? noAuthorisation(reader) : readAuthorisation(reader, first);
  const { tasks, preserveUntil, lineOfTask, ...asked } = readTasks(reader, objects);
  const outcome = readOutcome(reader, objects, lineOfTask);
  return {
    kind: "read",
    description: { ...paper.description, ...asked },
    said: {
      ...header,
      ...paper.said,
      tasks,
      ...given("preserveUntil", preserveUntil),
      documents: readDocuments(reader, objects),
      ...given("outcome", outcome),
    },
    ...reader.sorter.sorted(root),
  };
}

function stopped(kind: "counsel" | "refused", { line, column, path }: XmlElement, what: string, remedy: string): Hi1Result {
  return { kind, problems: [{ line, column, path, what, remedy }] };
}

function isOf(object: XmlElement, type: string): boolean {
  return object.type?.name === type;
}

/** By its type, or by members that only an interception task has, whatever type it claims. */
function findInterception(reader: FormReader, objects: readonly XmlElement[]): XmlElement | undefined {
  return objects.find(
    (object) => isOf(object, "LITaskObject") || reader.all("//TargetIdentifier", object).length > 0 || reader.all("/DeliveryType", object).length > 0,
  );
}

function readHeader(reader: FormReader): Pick<Hi1Said, "transaction" | "at" | "sender" | "receiver"> {
  for (const path of ["ETSIVersion", "NationalProfileOwner", "NationalProfileVersion"]) reader.single(`/Header/Version/${path}`, "format");
  return {
    ...given("transaction", reader.single("/Header/TransactionIdentifier", "transaction")),
    ...given("at", readMoment(reader, "/Header/Timestamp", "at")),
    ...given("sender", readEndpoint(reader, "/Header/SenderIdentifier", "sender")),
    ...given("receiver", readEndpoint(reader, "/Header/ReceiverIdentifier", "receiver")),
  };
}

function readEndpoint(reader: FormReader, path: string, field: string, from: XmlElement = reader.root): Endpoint | undefined {
  const country = reader.single(`${path}/CountryCode`, field, from);
  const id = reader.single(`${path}/UniqueIdentifier`, field, from);
  return country === undefined || id === undefined ? undefined : { country, id };
}

function readMoment(reader: FormReader, path: string, field: string, from: XmlElement = reader.root): string | undefined {
  const written = readDate(reader, path, field, from);
  return written === undefined ? undefined : momentOf(written);
}

function readDate(reader: FormReader, path: string, field: string, from: XmlElement): ReturnType<typeof readWrittenDate> {
  const [element] = reader.all(path, from);
  const date = element === undefined ? undefined : readWrittenDate(element.text);
  if (element !== undefined && date === undefined) {
    reader.sorter.tell(element, "NO_SUCH_DATE", "This is not a date, or a day that does not exist.", "Ask the authority for the date.");
    return undefined;
  }
  return reader.single(path, field, from) === undefined ? undefined : date;
}

/** A new object is read; whatever changes or withdraws an earlier one is read too, and told. */
function readActions(reader: FormReader, objects: readonly XmlElement[]): void {
  const { sorter } = reader;
  for (const identifier of reader.all("//ActionIdentifier")) sorter.take(identifier, "format");
  for (const verb of ["UPDATE", "CANCEL", "DELIVER", "GET", "LIST"] as const)
    for (const element of reader.all(`//ActionRequest/${verb}`)) {
      sorter.takePresence(element, `action: ${verb}`);
      sorter.tell(
        element,
        `ACTION_${verb}`,
        verb === "CANCEL" ? "The message withdraws something." : `The message does not make something new: its action is ${verb}.`,
        "Find what it speaks of, and record what it changes by hand.",
      );
    }
  for (const response of reader.all("//ResponsePayload"))
    sorter.tell(response, "A_RESPONSE", "The message answers one of ours.", "Read it as an answer, not as a request.");
  for (const object of objects) readHead(reader, object);
}

const knownTypes = new Set(["AuthorisationObject", "LDTaskObject", "LPTaskObject", "DocumentObject", "NotificationObject"]);

function readHead(reader: FormReader, object: XmlElement): void {
  const { sorter } = reader;
  const typed = object.attributes.find(({ name }) => name === "type");
  if (knownTypes.has(object.type?.name ?? "") && typed !== undefined) sorter.takeAttribute(object, typed, "format");
  else sorter.tell(object, "UNKNOWN_OBJECT", "The message holds an object of a kind the desk does not know.", "Read it by hand.");
  reader.single("/ObjectIdentifier", "object", object);
  for (const link of reader.all("/AssociatedObjects/AssociatedObject", object)) sorter.take(link, "object links");
}

type Read = {
  readonly description: Pick<CasePart, "paper" | "authority" | "places" | "gagWish">;
  readonly said: Pick<Hi1Said, "deadline" | "withoutValidation" | "company">;
};

function noAuthorisation(reader: FormReader): Read {
  reader.sorter.tell(
    reader.root,
    "NO_AUTHORISATION",
    "The message holds no authorisation, so nobody knows which paper it rests on.",
    "Find the earlier message it belongs to, or ask for the paper.",
  );
  return { description: { paper: {}, authority: {}, places: {} }, said: { withoutValidation: false } };
}

function readAuthorisation(reader: FormReader, object: XmlElement): Read {
  const instrument = readInstrument(reader, object);
  const { isOurs, paper: flagged, places, gagWish, claims } = readFlags(reader, object);
  const deadline = readPriority(reader, object);
  const settled = settle(reader, object, { claims, deadline });
  const owner = readOwner(reader, object);
  const issuedIn = flagged.issuedIn ?? (isOurs ? undefined : inferState(reader, object));
  const { paper: approved, authority, withoutValidation } = readApprovals(reader, object);
  const isEpoc = instrument !== undefined && Object.hasOwn(legalTypes, instrument);
  const company = readEndpoint(reader, "/AuthorisationCSPID/CSPID", "company", object);
  takeDesiredStatus(reader, object);
  const span = readTimespan(reader, object, approved.issuedOn);
  return {
    description: {
      paper: {
        ...given("instrument", instrument),
        ...(isEpoc ? { nature: "criminal" } : {}),
        ...span,
        ...approved,
        ...readServed(reader, object),
        ...flagged,
        ...given("issuedIn", issuedIn),
        ...settled,
      },
      places,
      authority: {
        ...given("reference", reader.single("/AuthorisationReference", "authority.reference", object)),
        ...authority,
        ...given("technicalId", owner),
      },
      ...(gagWish ? { gagWish } : {}),
    },
    said: { ...given("deadline", deadline), ...given("company", company), withoutValidation },
  };
}

/** A word of a list with its owner; taken only when all three parts are there. */
function readEntry(reader: FormReader, holder: XmlElement): (Entry & { readonly take: (field: string) => void }) | undefined {
  const parts = ["/Owner", "/Name", "/Value"].flatMap((path) => reader.all(path, holder).slice(0, 1));
  const [owner, name, value] = parts;
  if (owner === undefined || name === undefined || value === undefined || parts.length !== 3) return undefined;
  return { owner: owner.text, name: name.text, value: value.text, take: (field) => parts.forEach((part) => reader.sorter.take(part, field)) };
}

/** The one state that says no more than that the paper is now with the company. */
function takeDesiredStatus(reader: FormReader, object: XmlElement): void {
  const [holder] = reader.all("/AuthorisationDesiredStatus", object);
  const entry = holder === undefined ? undefined : readEntry(reader, holder);
  if (entry?.value === "SubmittedToCSP") entry.take("format");
}

function readInstrument(reader: FormReader, object: XmlElement): string | undefined {
  const [holder] = reader.all("/AuthorisationLegalType", object);
  const entry = holder === undefined ? undefined : readEntry(reader, holder);
  if (entry === undefined) return undefined;
  const [european] = Object.entries(legalTypes).find(([, word]) => entry.owner === "ETSI" && entry.name === "EPOCLegalType" && word === entry.value) ?? [];
  const own = entry.owner === ourOwner && entry.name === "Instrument" && entry.value.length <= 40 ? entry.value : undefined;
  const instrument = european ?? own;
  if (instrument === undefined)
    reader.sorter.tell(holder ?? object, "INSTRUMENT_UNKNOWN", "The legal type is not one the desk knows.", "Read the paper, and choose the instrument.");
  else entry.take("paper.instrument");
  return instrument;
}

interface Claims {
  readonly emergency: Set<boolean>;
  readonly authorityNotified: Set<boolean>;
}

interface Flags {
  readonly isOurs: boolean;
  readonly paper: Readonly<Partial<CasePart["paper"]>>;
  readonly places: CasePart["places"];
  readonly gagWish: boolean;
  readonly claims: Claims;
}

const paperShape = caseDescription.shape.paper.shape;
const ourMembers = new Set<string>([...wordMembers, ...yesNoMembers, ...listMembers, "offence"]);

/** Flags of the standard that we know, and flags under our own name; every other flag is for a person. */
function readFlags(reader: FormReader, object: XmlElement): Flags {
  const claims: Claims = { emergency: new Set(), authorityNotified: new Set() };
  const members: Record<string, unknown> = {};
  const places: Record<string, unknown> = {};
  const gagWishes: boolean[] = [];
  const entries = reader.all("/AuthorisationFlags/AuthorisationFlag", object).flatMap((holder) => readEntry(reader, holder) ?? []);
  const isOurs = entries.some(({ owner, name, value }) => owner === ourOwner && name === ourMark.name && value === ourMark.value);
  for (const entry of entries) {
    const known = standardFlag(entry, { claims, gagWishes }) ?? ourFlag(entry, { members, places, gagWishes, claims });
    if (known !== undefined) entry.take(known);
  }
  return { isOurs, paper: sound(reader, object, members), places: soundPlaces(reader, object, places), gagWish: gagWishes.length > 0, claims };
}

function standardFlag({ owner, name, value }: Entry, { claims, gagWishes }: { claims: Claims; gagWishes: boolean[] }): string | undefined {
  const flag = owner === "ETSI" ? `${name}/${value}` : "";
  if (flag === "AuthorisationFlag/IsEmergency") claims.emergency.add(true);
  else if (flag === "EPOCAuthorisationFlag/EnforcingAuthorityNotified") claims.authorityNotified.add(true);
  else if (flag === "EPOCAuthorisationFlag/DelayInformingUser") gagWishes.push(true);
  else return undefined;
  return `paper flag ${value}`;
}

interface OurFlags {
  readonly members: Record<string, unknown>;
  readonly places: Record<string, unknown>;
  readonly gagWishes: boolean[];
  readonly claims: Claims;
}

function ourFlag({ owner, name, value }: Entry, { members, places, gagWishes, claims }: OurFlags): string | undefined {
  if (owner !== ourOwner) return undefined;
  if (name === ourMark.name) return "format";
  if (name === "gagWish") gagWishes.push(true);
  else if (name.startsWith("place-")) places[name.slice("place-".length)] = value;
  else if (!ourMembers.has(name)) return undefined;
  else if (name === "emergency" || name === "authorityNotified") claims[name].add(value === "yes");
  else if ((listMembers as readonly string[]).includes(name)) members[name] = [...((members[name] as unknown[] | undefined) ?? []), value];
  else if (name === "translation") members[name] = value === "yes";
  else members[name] = name === "offence" ? parsed(value) : value;
  return name.startsWith("place-") ? `places.${name.slice("place-".length)}` : `paper.${name}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Members whose value a case can hold; the others become findings. */
function sound(reader: FormReader, object: XmlElement, members: Readonly<Record<string, unknown>>): Readonly<Partial<CasePart["paper"]>> {
  const kept = Object.entries(members).filter(([name, value]) => {
    const isSound = Object.hasOwn(paperShape, name) && paperShape[name as keyof typeof paperShape].safeParse(value).success;
    if (!isSound) reader.sorter.tell(object, "VALUE_UNKNOWN", `The value of ${name} is not one that a case can hold.`, "Read the paper, and enter it by hand.");
    return isSound;
  });
  // Each member has just been checked by its own schema.
  return Object.fromEntries(kept) as Partial<CasePart["paper"]>;
}

function soundPlaces(reader: FormReader, object: XmlElement, places: Readonly<Record<string, unknown>>): CasePart["places"] {
  const read = caseDescription.shape.places.safeParse(places);
  if (read.success) return read.data;
  reader.sorter.tell(object, "VALUE_UNKNOWN", "A place is not one that a case can hold.", "Read the paper, and enter it by hand.");
  return {};
}

const priorities: ReadonlyMap<string, EpocDeadline> = new Map<string, EpocDeadline>([
  ["TenDaysASAP", "as-soon-as-possible"],
  ["TenDaysSubjectToEA", "end-of-ten-days"],
  ["EightHours", "eight-hours"],
]);

function readPriority(reader: FormReader, object: XmlElement): EpocDeadline | undefined {
  const [holder] = reader.all("/AuthorisationPriority", object);
  const entry = holder === undefined ? undefined : readEntry(reader, holder);
  const deadline = entry?.name === "EPOCPriority" ? priorities.get(entry.value) : undefined;
  if (deadline !== undefined) entry?.take("deadline");
  return deadline;
}

/** Flags and deadline must say the same. Where they do not, the hold is kept and the emergency is asked about. */
function settle(
  reader: FormReader,
  object: XmlElement,
  { claims, deadline }: { claims: Claims; deadline: EpocDeadline | undefined },
): Pick<CasePart["paper"], "emergency" | "authorityNotified"> {
  const emergency = new Set([...claims.emergency, ...(deadline === undefined ? [] : [deadline === "eight-hours"])]);
  const held = new Set([...claims.authorityNotified, ...(deadline === undefined || deadline === "eight-hours" ? [] : [deadline === "end-of-ten-days"])]);
  if (emergency.size > 1)
    reader.sorter.tell(
      object,
      "EMERGENCY_CONTRADICTS",
      "The deadline and the flags disagree on whether it is an emergency.",
      "Ask the authority at once; let the eight hours run until it answers.",
    );
  if (held.size > 1)
    reader.sorter.tell(
      object,
      "HOLD_CONTRADICTS",
      "The deadline and the flags disagree on whether the enforcing authority was told.",
      "The desk waits for the enforcing authority. Ask the issuing authority which one it means.",
    );
  return {
    ...given("emergency", emergency.size === 1 ? emergency.has(true) : undefined),
    ...given("authorityNotified", held.size === 0 ? undefined : held.has(true)),
  };
}

function readOwner(reader: FormReader, object: XmlElement): string | undefined {
  const country = reader.single("/CountryCode", "authority.technicalId", object);
  const id = reader.single("/OwnerIdentifier", "authority.technicalId", object);
  if (id === undefined || id === unknownOwner) return undefined;
  return country === undefined || country === unknownCountry ? id : `${country}-${id}`.slice(0, 300);
}

function inferState(reader: FormReader, object: XmlElement): string | undefined {
  const country = reader.all("/CountryCode", object).find(({ text }) => /^[A-Z]{2}$/.test(text) && text !== unknownCountry);
  if (country === undefined) return undefined;
  reader.sorter.tell(
    country,
    "ISSUING_STATE_INFERRED",
    "The issuing State is taken from the owner of the authorisation.",
    "Confirm which State issued the paper.",
  );
  return reader.sorter.take(country, "paper.issuedIn");
}

interface Approvals {
  readonly paper: Pick<CasePart["paper"], "signedBy" | "validatedBy" | "issuedOn" | "validatedAt">;
  readonly authority: CasePart["authority"];
  readonly withoutValidation: boolean;
}

function readApprovals(reader: FormReader, object: XmlElement): Approvals {
  const all = reader.all("/AuthorisationApprovalDetails", object);
  const typeOf = (each: XmlElement) => reader.all("/ApprovalType", each)[0]?.text;
  const [issuing, ...more] = all.filter((each) => typeOf(each) === "IssuingAuthority");
  const [validating, ...others] = all.filter((each) => typeOf(each) === "ValidatingAuthority");
  for (const each of [...more, ...others])
    reader.sorter.tell(each, "TWO_ANSWERS", "The message names more than one authority in the same role.", "Ask which one holds.");
  const issued = issuing === undefined ? undefined : readIssuing(reader, issuing);
  return {
    paper: { ...issued?.paper, ...(validating === undefined ? {} : readValidating(reader, validating)) },
    authority: issued?.authority ?? {},
    withoutValidation: issued?.withoutValidation ?? false,
  };
}

function readIssuing(reader: FormReader, details: XmlElement): Omit<Approvals, "paper"> & { readonly paper: Approvals["paper"] } {
  reader.single("/ApprovalType", "paper.signedBy", details);
  const issued = readDate(reader, "/ApprovalTimestamp", "paper.issuedOn", details);
  const contact = "/ApproverDetails/ApproverContactDetails";
  const withoutValidation = reader.single("/ApprovalIsEmergency", "withoutValidation", details) === "true";
  if (withoutValidation)
    reader.sorter.tell(
      details,
      "VALIDATION_OWED",
      "The order was issued in an emergency without validation.",
      "Watch for the validation: it is owed within 48 hours, or the order is withdrawn.",
    );
  return {
    paper: { ...given("signedBy", readRole(reader, details, "paper.signedBy")), ...given("issuedOn", issued?.day) },
    authority: {
      ...given("name", reader.single("/ApproverDetails/ApproverName", "authority.name", details)),
      ...given("officer", reader.single(`${contact}/Name`, "authority.officer", details)),
      ...given("email", reader.single(`${contact}/EmailAddress`, "authority.email", details)),
      ...given("phone", reader.single(`${contact}/PhoneNumber`, "authority.phone", details)),
    },
    withoutValidation,
  };
}

function readValidating(reader: FormReader, details: XmlElement): Approvals["paper"] {
  reader.single("/ApprovalType", "paper.validatedBy", details);
  return {
    ...given("validatedBy", readRole(reader, details, "paper.validatedBy")),
    ...given("validatedAt", readMoment(reader, "/ApprovalTimestamp", "paper.validatedAt", details)),
  };
}

function readRole(reader: FormReader, details: XmlElement, field: string): CasePart["paper"]["signedBy"] {
  const [element] = reader.all("/ApproverDetails/ApproverRole", details);
  if (element === undefined) return undefined;
  const own = element.text.startsWith(ourRolePrefix) ? paperShape.signedBy.safeParse(element.text.slice(ourRolePrefix.length)).data : undefined;
  const rank = roles.get(element.text) ?? own;
  if (rank === undefined) reader.sorter.tell(element, "UNKNOWN_WORD", "The role of the authority is not one the desk knows.", "Read it, and enter who signed.");
  else reader.sorter.take(element, field);
  return rank;
}

function readServed(reader: FormReader, object: XmlElement): Pick<CasePart["paper"], "servedAt"> {
  return given("servedAt", readMoment(reader, "/AuthorisationServedTimestamp", "paper.servedAt", object));
}

/** The start is taken when it repeats the day of issue; another start is for a person. */
function readTimespan(reader: FormReader, object: XmlElement, issuedOn: string | undefined): Pick<CasePart["paper"], "expiresOn"> {
  const [start] = reader.all("/AuthorisationTimespan/StartTime", object);
  if (start !== undefined && readWrittenDate(start.text)?.day === issuedOn) reader.sorter.take(start, "paper.issuedOn");
  return given("expiresOn", readDate(reader, "/AuthorisationTimespan/EndTime", "paper.expiresOn", object)?.day);
}
