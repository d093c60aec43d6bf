// Reads the papers and the messages on progress that travel in a TS 103 120 message beside the request itself.
import type { FormReader } from "./form-reader.ts";
import { ourOwner } from "./hi1-words.ts";
import type { Hi1Document, Hi1Outcome } from "./hi1-words.ts";
import type { XmlElement } from "./read-xml.ts";
import { momentOf, readWrittenDate } from "./written-date.ts";

const mostDocuments = 50;

/** The bytes come from a stranger: whoever opens them treats them like any attachment. */
export function readDocuments(reader: FormReader, objects: readonly XmlElement[]): readonly Hi1Document[] {
  const documents = objects.filter(({ type }) => type?.name === "DocumentObject");
  for (const over of documents.slice(mostDocuments))
    reader.sorter.tell(
      over,
      "TOO_MANY",
      `The message holds more than ${mostDocuments} documents; this one is for a person.`,
      "Ask the authority to split the message.",
    );
  return documents.slice(0, mostDocuments).flatMap((document) => readDocument(reader, document));
}

function readDocument(reader: FormReader, document: XmlElement): readonly Hi1Document[] {
  for (const path of ["CountryCode", "OwnerIdentifier"]) reader.single(`/${path}`, "authority.technicalId", document);
  const [contents] = reader.all("/DocumentBody/Contents", document);
  const bytes = contents === undefined ? undefined : bytesOf(contents.text);
  if (contents === undefined || bytes === undefined) {
    reader.sorter.tell(contents ?? document, "DOCUMENT_DAMAGED", "A document in the message cannot be decoded.", "Ask the authority to send it again.");
    return [];
  }
  reader.sorter.take(contents, "documents");
  const checksum = reader.single("/DocumentBody/Checksum", "documents.checksum", document);
  return [
    {
      name: reader.single("/DocumentName", "documents.name", document) ?? "document",
      kind: readKind(reader, document),
      contentType: reader.single("/DocumentBody/ContentType", "documents.contentType", document) ?? "application/octet-stream",
      bytes,
      ...(checksum === undefined ? {} : { checksum }),
    },
  ];
}

/** Line breaks inside Base64 are usual; anything else that is not Base64 is damage. */
function bytesOf(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.fromBase64(text, { lastChunkHandling: "strict" });
  } catch {
    return undefined;
  }
}

function readKind(reader: FormReader, document: XmlElement): Hi1Document["kind"] {
  const parts = ["/Owner", "/Name", "/Value"].flatMap((path) => reader.all(`/DocumentType${path}`, document).slice(0, 1));
  const [owner, name, value] = parts.map(({ text }) => text);
  const isForm = name === "EPOCDocumentType";
  if (!isForm && (owner !== ourOwner || (value !== "letter" && value !== "paper"))) return "paper";
  for (const part of parts) reader.sorter.take(part, "documents.kind");
  return value === "letter" ? "letter" : "paper";
}

/** Only a notification of another Portcullis has codes we know; every other one is for a person. */
export function readOutcome(reader: FormReader, objects: readonly XmlElement[], lineOfTask: ReadonlyMap<string, readonly string[]>): Hi1Outcome | undefined {
  const notifications = objects.filter(({ type }) => type?.name === "NotificationObject");
  const [own] = notifications.filter((each) => reader.all("/NotificationType/Owner", each)[0]?.text === ourOwner);
  for (const each of notifications)
    if (each !== own)
      reader.sorter.tell(
        each,
        "A_NOTIFICATION",
        "The message tells how something stands, in words the desk does not know.",
        "Read it, and record what it changes.",
      );
  if (own === undefined) return undefined;
  const code = reader.all("/NotificationType/Value", own)[0]?.text;
  const at = readMoment(reader, own);
  if (code === undefined || at === undefined) return undefined;
  for (const path of [
    "/CountryCode",
    "/OwnerIdentifier",
    "/NewNotification",
    "/NotificationTimestamp",
    "/NotificationType/Owner",
    "/NotificationType/Name",
    "/NotificationType/Value",
  ])
    reader.single(path, "outcome", own);
  const [details] = reader.all("/NotificationDetails", own);
  const says = details === undefined ? "" : reader.sorter.take(details, "outcome.says");
  return {
    code,
    at,
    says,
    lines: reader.all("/StatusOfAssociatedObjects/AssociatedObjectStatus", own).flatMap((status) => readStatus(reader, status, lineOfTask)),
  };
}

function readMoment(reader: FormReader, notification: XmlElement): string | undefined {
  const [element] = reader.all("/NotificationTimestamp", notification);
  const date = element === undefined ? undefined : readWrittenDate(element.text);
  return date === undefined ? undefined : momentOf(date);
}

function readStatus(reader: FormReader, status: XmlElement, lineOfTask: ReadonlyMap<string, readonly string[]>): Hi1Outcome["lines"] {
  const [object] = reader.all("/AssociatedObject", status);
  const [decision] = reader.all("/Status/Value", status);
  const lines = lineOfTask.get(object?.text ?? "") ?? [];
  if (object === undefined || decision === undefined || lines.length === 0) return [];
  for (const part of [object, decision, ...reader.all("/Status/Owner", status), ...reader.all("/Status/Name", status)])
    reader.sorter.take(part, "outcome.lines");
  const [details] = reader.all("/Details", status);
  const codes = details === undefined ? [] : reader.sorter.take(details, "outcome.lines.codes").split(" ");
  return lines.map((line) => ({ line, decision: decision.text, codes: codes.filter((code) => code !== "") }));
}
