// Writes our case as a TS 103 120 message: the paper as an authorisation, each line as a task, each letter as a document.
import type { CaseDescription } from "../assessment/description.ts";
import { isZone } from "../kernel/instant.ts";
import type { CasePart } from "./case-part.ts";
import { given } from "./given-member.ts";
import {
  etsi,
  formats,
  hi1Namespaces,
  legalTypes,
  listMembers,
  ourMark,
  ourRolePrefix,
  ours,
  requestTypeOf,
  roles,
  unknownCountry,
  unknownOwner,
  wordMembers,
  workspaceFormat,
  xsiNamespace,
  yesNoMembers,
} from "./hi1-words.ts";
import type { Endpoint, Entry, Hi1Document, Hi1Outcome } from "./hi1-words.ts";
import { identifierShapes } from "./epoc-words.ts";
import { xmlLimits } from "./read-xml.ts";
import type { Problem, Problems } from "./read-xml.ts";
import { element, filled, isUnwritable, optional, writeXml } from "./write-xml.ts";
import type { XmlOut } from "./write-xml.ts";

export interface Hi1Message {
  readonly description: CaseDescription;
  readonly sender: Endpoint;
  readonly receiver: Endpoint;
  /** When the message is written, a moment with an offset. */
  readonly at: string;
  /** A fresh UUID at each call: the message and every object in it take one. */
  readonly newId: () => string;
  /** The paper asks to keep data, not to produce it: each line becomes a preservation task. */
  readonly preserves: boolean;
  /** Moment with an offset until which the data is kept. */
  readonly preserveUntil?: string;
  readonly documents: readonly Hi1Document[];
  readonly outcome?: Hi1Outcome;
}

export type Hi1Writing = { readonly kind: "written"; readonly xml: string } | { readonly kind: "refused"; readonly problems: Problems };

const realTime = new Set(["realtime-metadata", "realtime-content"]);
const largestDocumentBytes = 500_000;

/** Members come in the order of the schema, as far as public parsers show it. The message is not checked against the official schema. */
export function write103120(message: Hi1Message): Hi1Writing {
  const [first, ...rest] = problemsOf(message);
  if (first !== undefined) return { kind: "refused", problems: [first, ...rest] };
  const xml = writeXml(hi1Message(message));
  if (xml.length <= xmlLimits.bytes) return { kind: "written", xml };
  return {
    kind: "refused",
    problems: [{ path: "/documents", what: "The message would be larger than 1 MiB.", remedy: "Send the documents in messages of their own." }],
  };
}

/** The members of a case that a message carries; everything else is the desk's own. */
export function carriedBy103120({ paper, places, authority, gagWish, lines, subjects }: CaseDescription): CasePart {
  const used = [...new Set(lines.map((line) => line.subject ?? subjects[0]?.id))];
  const { shows, lacks, ...single } = paper;
  return {
    paper: { ...single, ...(shows.length === 0 ? {} : { shows }), ...(lacks.length === 0 ? {} : { lacks }) },
    places,
    authority,
    ...(gagWish ? { gagWish } : {}),
    lines: lines.map(({ id, dataType, from, to, subject, onlyToIdentify }) => ({
      id,
      dataType,
      ...given("from", from),
      ...given("to", to),
      ...given("subject", subject ?? subjects[0]?.id),
      ...(onlyToIdentify === true ? { onlyToIdentify } : {}),
    })),
    subjects: used.flatMap((id) => subjects.filter((subject) => subject.id === id).map((subject) => ({ ...subject, resolved: false }))),
  };
}

function problemsOf({ description: { zone, lines, subjects, ...rest }, documents, outcome }: Hi1Message): readonly Problem[] {
  const ids = subjects.map(({ id }) => id);
  const lineIds = lines.map(({ id }) => id);
  return [
    ...(isZone(zone) ? [] : [{ path: "/zone", what: "The time zone does not exist.", remedy: "Use an IANA name such as Europe/Berlin." }]),
    ...(new Set(ids).size === ids.length ? [] : [{ path: "/subjects", what: "Two subjects have the same id.", remedy: "Give each its own." }]),
    ...(new Set(lineIds).size === lineIds.length ? [] : [{ path: "/lines", what: "Two lines have the same id.", remedy: "Give each its own." }]),
    ...lines.flatMap(({ subject, dataType }, index) => [
      ...(ids.includes(subject ?? ids[0] ?? "")
        ? []
        : [{ path: `/lines/${index}`, what: "The line names a subject that the case does not have.", remedy: "Add the subject or take the line out." }]),
      ...(realTime.has(dataType)
        ? [
            {
              path: `/lines/${index}`,
              what: "The line asks for live collection, which a disclosure task cannot say.",
              remedy: "It goes to counsel and is not exchanged.",
            },
          ]
        : []),
    ]),
    ...documents.flatMap(({ bytes }, index) =>
      bytes.length <= largestDocumentBytes
        ? []
        : [{ path: `/documents/${index}`, what: "The document is larger than 500 kB.", remedy: "Send it by another way and name it in the letter." }],
    ),
    ...unwritable({ rest, lines, subjects, names: documents.map(({ name, contentType, checksum }) => [name, contentType, checksum ?? ""]), outcome }, ""),
  ];
}

function unwritable(value: unknown, path: string): readonly Problem[] {
  if (typeof value === "string")
    return isUnwritable(value) ? [{ path, what: "The text holds a character that XML cannot carry.", remedy: "Take the character out." }] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => unwritable(each, `${path}/${key}`));
}

interface Ids {
  readonly authorisation: string;
  readonly tasks: ReadonlyMap<string, string>;
}

function hi1Message(message: Hi1Message): XmlOut {
  const { description, documents, outcome, newId } = message;
  const transaction = newId();
  const ids: Ids = { authorisation: newId(), tasks: new Map(description.lines.map(({ id }) => [id, newId()])) };
  const objects = [
    authorisation(message, ids),
    ...description.lines.map((line) => task(message, ids, line)),
    ...documents.map((document) => documentObject(message, ids, document)),
    ...(outcome === undefined ? [] : [notification(message, ids, outcome)]),
  ];
  return element(
    "HI1Message",
    [header(message, transaction), element("Payload", [element("RequestPayload", [element("ActionRequests", objects.map(action))])])],
    declarations,
  );
}

const declarations = {
  xmlns: hi1Namespaces.core,
  "xmlns:xsi": xsiNamespace,
  ...Object.fromEntries(
    Object.entries(hi1Namespaces)
      .filter(([prefix]) => prefix !== "core")
      .map(([prefix, uri]) => [`xmlns:${prefix}`, uri]),
  ),
};

function header({ sender, receiver, at }: Hi1Message, transaction: string): XmlOut {
  return element("Header", [
    element("SenderIdentifier", endpoint(sender)),
    element("ReceiverIdentifier", endpoint(receiver)),
    element("TransactionIdentifier", transaction),
    element("Timestamp", at),
    element("Version", [element("ETSIVersion", "V1.22.1"), element("NationalProfileOwner", ours("", "").owner), element("NationalProfileVersion", "v1")]),
  ]);
}

function endpoint({ country, id }: Endpoint): readonly XmlOut[] {
  return [element("CountryCode", country), element("UniqueIdentifier", id)];
}

function action(object: XmlOut, index: number): XmlOut {
  return element("ActionRequest", [element("ActionIdentifier", String(index)), element("CREATE", [object])]);
}

interface ObjectHead {
  readonly type: string;
  readonly id: string;
  readonly owner: Endpoint;
  readonly external?: string;
  readonly associated?: readonly string[];
}

function hi1Object({ type, id, owner, external, associated = [] }: ObjectHead, members: readonly (XmlOut | undefined)[]): XmlOut {
  const head = [
    element("ObjectIdentifier", id),
    element("CountryCode", owner.country),
    element("OwnerIdentifier", owner.id),
    optional("ExternalIdentifier", external),
    filled(
      "AssociatedObjects",
      associated.map((each) => element("AssociatedObject", each)),
    ),
  ];
  return element("HI1Object", [...head, ...members], { "xsi:type": type });
}

function entry(tag: string, { owner, name, value }: Entry): XmlOut {
  return element(tag, [element("common:Owner", owner), element("common:Name", name), element("common:Value", value)]);
}

/** `DE-DE0001` is a country and an id; an id without a country stands under the country nobody named. */
function ownerOf({ authority: { technicalId } }: CaseDescription): Endpoint {
  const [, country, id] = /^([A-Z]{2})-(\S.*)$/s.exec(technicalId ?? "") ?? [];
  if (country !== undefined && id !== undefined && country !== unknownCountry && id !== unknownOwner) return { country, id };
  return { country: unknownCountry, id: technicalId ?? unknownOwner };
}

function authorisation({ description, sender }: Hi1Message, { authorisation: id }: Ids): XmlOut {
  const { paper, authority } = description;
  return hi1Object({ type: "auth:AuthorisationObject", id, owner: ownerOf(description) }, [
    optional("auth:AuthorisationReference", authority.reference),
    paper.instrument === undefined ? undefined : entry("auth:AuthorisationLegalType", legalType(paper.instrument)),
    priority(paper),
    timespan(description),
    element("auth:AuthorisationCSPID", [element("auth:CSPID", endpoint(sender))]),
    element("auth:AuthorisationServedTimestamp", paper.servedAt),
    approval(description, "IssuingAuthority"),
    approval(description, "ValidatingAuthority"),
    element(
      "auth:AuthorisationFlags",
      flags(description).map((each) => entry("auth:AuthorisationFlag", each)),
    ),
  ]);
}

function legalType(instrument: string): Entry {
  const word = Object.hasOwn(legalTypes, instrument) ? legalTypes[instrument] : undefined;
  return word === undefined ? ours("Instrument", instrument) : etsi("EPOCLegalType", word);
}

type Paper = CaseDescription["paper"];

/** Only an order to produce has one, and only when the case knows both what it depends on. */
function priority({ instrument, emergency, authorityNotified }: Paper): XmlOut | undefined {
  if (instrument !== "EU-EPOC") return undefined;
  if (emergency === true) return entry("auth:AuthorisationPriority", etsi("EPOCPriority", "EightHours"));
  if (emergency === undefined || authorityNotified === undefined) return undefined;
  return entry("auth:AuthorisationPriority", etsi("EPOCPriority", authorityNotified ? "TenDaysSubjectToEA" : "TenDaysASAP"));
}

function timespan({ paper: { issuedOn, expiresOn }, zone }: CaseDescription): XmlOut | undefined {
  if (expiresOn === undefined) return undefined;
  return element("auth:AuthorisationTimespan", [
    issuedOn === undefined ? undefined : element("common:StartTime", dayStart(issuedOn, zone)),
    element("common:EndTime", dayEnd(expiresOn, zone)),
  ]);
}

/** The first moment of a day in the desk's zone, with its offset. */
function dayStart(day: string, zone: string): string {
  return onThatDay(day, Temporal.PlainDate.from(day).toZonedDateTime(zone), "00:00:00");
}

function dayEnd(day: string, zone: string): string {
  return onThatDay(day, Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: zone, plainTime: "23:59:59" }), "23:59:59");
}

/** A zone that skipped the whole day (Samoa did, once) must not move the date. */
function onThatDay(day: string, moment: Temporal.ZonedDateTime, time: string): string {
  const written = moment.toString({ timeZoneName: "never", smallestUnit: "second" });
  return written.startsWith(day) ? written : `${day}T${time}Z`;
}

function approval({ paper, authority, zone }: CaseDescription, type: "IssuingAuthority" | "ValidatingAuthority"): XmlOut | undefined {
  const isIssuing = type === "IssuingAuthority";
  const rank = isIssuing ? paper.signedBy : paper.validatedBy;
  const at = isIssuing ? paper.issuedOn && dayStart(paper.issuedOn, zone) : paper.validatedAt;
  if (!isIssuing && rank === undefined && at === undefined) return undefined;
  const contact = isIssuing
    ? [optional("common:Name", authority.officer), optional("common:EmailAddress", authority.email), optional("common:PhoneNumber", authority.phone)]
    : [];
  return element("auth:AuthorisationApprovalDetails", [
    element("common:ApprovalType", type),
    filled("common:ApproverDetails", [
      isIssuing ? optional("common:ApproverName", authority.name) : undefined,
      optional("common:ApproverRole", rank && roleOf(rank)),
      filled("common:ApproverContactDetails", contact),
    ]),
    optional("common:ApprovalTimestamp", at),
  ]);
}

function roleOf(rank: NonNullable<Paper["signedBy"]>): string {
  return [...roles].find(([, each]) => each === rank)?.[0] ?? `${ourRolePrefix}${rank}`;
}

/** The list for flags is the one part of an authorisation that takes words of our own without breaking the schema's shape. */
function flags({ paper, places, gagWish }: CaseDescription): readonly Entry[] {
  const isEpoc = paper.instrument !== undefined && Object.hasOwn(legalTypes, paper.instrument);
  return [
    ourMark,
    ...(paper.emergency === true ? [etsi("AuthorisationFlag", "IsEmergency")] : []),
    ...(isEpoc && paper.authorityNotified === true ? [etsi("EPOCAuthorisationFlag", "EnforcingAuthorityNotified")] : []),
    ...(gagWish ? [isEpoc ? etsi("EPOCAuthorisationFlag", "DelayInformingUser") : ours("gagWish", "yes")] : []),
    ...wordMembers.flatMap((member) => (paper[member] === undefined ? [] : [ours(member, paper[member])])),
    ...yesNoMembers.flatMap((member) => (paper[member] === undefined ? [] : [ours(member, paper[member] ? "yes" : "no")])),
    ...listMembers.flatMap((member) => paper[member].map((each) => ours(member, each))),
    ...(paper.offence === undefined ? [] : [ours("offence", JSON.stringify(paper.offence))]),
    ...Object.entries(places).flatMap(([of, region]) => (region === undefined ? [] : [ours(`place-${of}`, region)])),
  ];
}

type Line = CaseDescription["lines"][number];

function task({ description, preserves, preserveUntil }: Hi1Message, { authorisation: parent, tasks }: Ids, line: Line): XmlOut {
  const { subjects, zone } = description;
  const subject = subjects.find(({ id }) => id === line.subject) ?? subjects[0];
  const head = {
    type: preserves ? "task:LPTaskObject" : "task:LDTaskObject",
    id: tasks.get(line.id) ?? "",
    owner: ownerOf(description),
    associated: [parent],
    ...given("external", subject?.id),
  };
  const identifiers = subject?.identifiers ?? [];
  return hi1Object(head, [
    element("task:Reference", line.id),
    entry("task:DesiredStatus", etsi("LDTaskDesiredStatus", preserves ? "AwaitingPreservation" : "AwaitingDisclosure")),
    element("task:RequestDetails", [
      entry("task:Type", line.onlyToIdentify === true ? etsi("RequestType", "UserIdentifyingData") : requestTypeOf(line.dataType)),
      line.from === undefined ? undefined : element("task:StartTime", dayStart(line.from, zone)),
      line.to === undefined ? undefined : element("task:EndTime", dayEnd(line.to, zone)),
      filled("task:RequestValues", [
        ...identifiers.map(requestValue),
        ...(subject?.workspace === undefined ? [] : [valueOf(ours(workspaceFormat, subject.workspace))]),
      ]),
      element("task:Subtype", [entry("task:RequestSubtype", ours("DataType", line.dataType))]),
    ]),
    preserves ? optional("task:DesiredPreservationExpiration", preserveUntil) : undefined,
  ]);
}

type Identifier = CaseDescription["subjects"][number]["identifiers"][number];

/** The standard's format where the value fits it; otherwise our own word for its kind, so that nothing is bent to fit. */
function requestValue({ kind, value }: Identifier): XmlOut {
  const format = [...formats].find(([, each]) => each === kind)?.[0];
  const fits = kind === "phone" ? /^\+[1-9]\d{6,14}$/.test(value) : (identifierShapes[kind]?.test(value) ?? true);
  if (format === undefined || !fits) return valueOf(ours(kind, value));
  return valueOf({ owner: "ETSI", name: format, value: kind === "phone" ? value.slice(1) : value });
}

function valueOf({ owner, name, value }: Entry): XmlOut {
  return element("task:RequestValue", [
    element("task:FormatType", [element("task:FormatOwner", owner), element("task:FormatName", name)]),
    element("task:Value", value),
  ]);
}

function documentObject({ description, newId }: Hi1Message, { authorisation: parent }: Ids, { name, kind, contentType, bytes, checksum }: Hi1Document): XmlOut {
  return hi1Object({ type: "doc:DocumentObject", id: newId(), owner: ownerOf(description), associated: [parent] }, [
    element("doc:DocumentName", name),
    entry("doc:DocumentType", ours("DocumentKind", kind)),
    element("doc:DocumentBody", [element("doc:Contents", bytes.toBase64()), element("doc:ContentType", contentType), optional("doc:Checksum", checksum)]),
  ]);
}

function notification({ description, newId }: Hi1Message, { authorisation: parent, tasks }: Ids, { code, at, says, lines }: Hi1Outcome): XmlOut {
  const statuses = lines.map(({ line, decision, codes }) =>
    element("notif:AssociatedObjectStatus", [
      element("notif:AssociatedObject", tasks.get(line) ?? line),
      entry("notif:Status", ours("LineDecision", decision)),
      element("notif:Details", codes.join(" ")),
    ]),
  );
  return hi1Object({ type: "notif:NotificationObject", id: newId(), owner: ownerOf(description), associated: [parent, ...tasks.values()] }, [
    element("notif:NotificationDetails", says),
    entry("notif:NotificationType", ours("Outcome", code)),
    element("notif:NewNotification", "true"),
    element("notif:NotificationTimestamp", at),
    filled("notif:StatusOfAssociatedObjects", statuses),
  ]);
}
