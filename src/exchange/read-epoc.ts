// Reads a European Production or Preservation Order from its XML: what our case can hold, what a person must read, what does not fit.
import type { CasePart } from "./case-part.ts";
import { deadlines, formOf, namespacesOf, rankOfType, recipients, whySections } from "./epoc-words.ts";
import type { EpocDeadline, EpocForm, Recipient } from "./epoc-words.ts";
import { FormReader } from "./form-reader.ts";
import { given } from "./given-member.ts";
import { readEvidence } from "./read-epoc-evidence.ts";
import type { Problems, XmlElement } from "./read-xml.ts";
import { shownContents } from "./shown-contents.ts";
import type { Sorting } from "./sorted-elements.ts";
import { momentOf, readWrittenDate } from "./written-date.ts";

/** What the form says and a case description has no member for. Names and ids in it are personal. */
interface EpocSaid {
  readonly deadline?: EpocDeadline;
  readonly delivery: readonly Recipient[];
  readonly addressee: { readonly name?: string; readonly technicalId?: string };
  /** Section H names conditions for telling the person later. */
  readonly delaysInforming: boolean;
  /** Issued in an emergency before anybody validated it; the validation is owed within 48 hours. */
  readonly withoutValidation: boolean;
  /** The day beside the validating signature, when it has no time and therefore is no moment. */
  readonly validatedOn?: string;
  /** Forms 5 and 6 speak of an EPOC-PR that came before. */
  readonly earlier?: { readonly what: "production-follows" | "preserve-longer"; readonly reference?: string };
}

export interface EpocReading extends Sorting {
  readonly kind: "read";
  readonly form: Exclude<EpocForm, "form-3">;
  readonly description: CasePart;
  readonly said: EpocSaid;
}

/** Every element is either in `mapped` or in `forPerson`. */
export function readEpoc(root: XmlElement): EpocReading | { readonly kind: "refused"; readonly problems: Problems } {
  const form = formOf(root.namespace);
  if (form === undefined)
    return refused(
      root,
      "The document is none of the European forms: its namespace is not one of theirs.",
      "Send the XML that the decentralised IT system wrote.",
    );
  if (form === "form-3") return refused(root, "This is Form 3, which an addressee writes to an authority.", "Send Form 1, 2, 5 or 6.");
  const reader = explained(new FormReader(root, namespacesOf(root.namespace)), form);
  const { description, said } = form === "epoc" || form === "epoc-pr" ? readOrder(reader, form) : readLaterForm(reader, form);
  return { kind: "read", form, description, said, ...reader.sorter.sorted(root) };
}

function refused(root: XmlElement, what: string, remedy: string): { kind: "refused"; problems: Problems } {
  return { kind: "refused", problems: [{ line: root.line, column: root.column, path: root.path, what, remedy }] };
}

function explained(reader: FormReader, form: EpocForm): FormReader {
  for (const [section, why] of Object.entries(whySections[form] ?? {})) for (const element of reader.all(`//${section}`)) reader.sorter.leave(element, why);
  return reader;
}

const answers: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);

function readOrder(reader: FormReader, form: "epoc" | "epoc-pr"): Pick<EpocReading, "description" | "said"> {
  const sections = form === "epoc" ? { issuing: "SectionI", validating: "SectionJ" } : { issuing: "SectionF", validating: "SectionG" };
  const { paper, ...timing } = form === "epoc" ? readTiming(reader) : readPreservationTiming(reader);
  const signatures = readSignatures(reader, sections);
  const delaysInforming = readDelay(reader);
  const issuedIn = readIssuingState(reader);
  const description: CasePart = {
    paper: { instrument: form === "epoc" ? "EU-EPOC" : "EU-EPOC-PR", nature: "criminal", ...paper, ...signatures.paper, ...given("issuedIn", issuedIn) },
    authority: readAuthority(reader),
    places: {},
    ...(delaysInforming ? { gagWish: true } : {}),
    ...readEvidence(reader),
  };
  const namesEnforcingAuthority = reader.all("//SectionK/EnforcingAuthority//NameOfAuthority").some(({ text }) => text !== "");
  const shows = shownContents(description, { namesEnforcingAuthority });
  return {
    description: { ...description, paper: { ...description.paper, ...(shows.length === 0 ? {} : { shows }) } },
    said: { ...timing, ...signatures.said, delaysInforming, delivery: readDelivery(reader), addressee: readAddressee(reader) },
  };
}

type PaperTiming = Pick<CasePart["paper"], "emergency" | "authorityNotified">;

/** Deadline, emergency and the enforcing authority's hold hang together, so what they say of each other is checked. */
function readTiming(reader: FormReader): { readonly paper: PaperTiming; readonly deadline?: EpocDeadline } {
  const deadline = readDeadline(reader);
  const emergency = agreedEmergency(reader, deadline);
  const authorityNotified = readHold(reader, deadline);
  return { paper: { ...given("emergency", emergency), ...given("authorityNotified", authorityNotified) }, ...given("deadline", deadline) };
}

function readPreservationTiming(reader: FormReader): { readonly paper: PaperTiming } {
  return { paper: given("emergency", reader.word("//SectionB/EmergencyCase", "paper.emergency", answers)) };
}

/** The schema lets both ten-day values stand together; then the hold is chosen, because data sent too early cannot be taken back. */
function readDeadline(reader: FormReader): EpocDeadline | undefined {
  const { sorter } = reader;
  const elements = [...reader.all("//DataProductionInRelationToDeadline//WithinTenDays"), ...reader.all("//DataProductionInRelationToDeadline//Value")].filter(
    ({ text }) => text !== "",
  );
  const known = elements.filter(({ text }) => deadlines.has(text));
  for (const element of elements) {
    if (deadlines.has(element.text)) sorter.take(element, "deadline");
    else sorter.tell(element, "UNKNOWN_WORD", "The form names a deadline that is not on its list.", "Ask the authority by when it wants the data.");
  }
  const said = new Set(known.map(({ text }) => deadlines.get(text)));
  const [first] = known;
  if (first === undefined) {
    sorter.tell(
      reader.root,
      "NO_DEADLINE",
      "The order does not say by when the data is to be produced.",
      "Ask the authority; until it answers, ten days run from receipt.",
    );
    return undefined;
  }
  if (said.size === 1) return deadlines.get(first.text);
  const isBothTenDays = !said.has("eight-hours");
  if (isBothTenDays)
    sorter.tell(
      first,
      "BOTH_TEN_DAY_DEADLINES",
      "The order asks for the data at once and also only at the end of ten days.",
      "The desk waits for the enforcing authority. Ask the issuing authority which one it means.",
    );
  else
    sorter.tell(
      first,
      "DEADLINES_CONTRADICT",
      "The order names an emergency deadline and a ten-day deadline.",
      "Ask the authority at once; let the eight hours run until it answers.",
    );
  return isBothTenDays ? "end-of-ten-days" : undefined;
}

function agreedEmergency(reader: FormReader, deadline: EpocDeadline | undefined): boolean | undefined {
  const said = reader.word("//SectionB/EmergencyCase", "paper.emergency", answers);
  if (deadline === undefined) return said;
  const byDeadline = deadline === "eight-hours";
  if (said === undefined || said === byDeadline) return byDeadline;
  const [place = reader.root] = reader.all("//SectionB/EmergencyCase");
  reader.sorter.tell(
    place,
    "EMERGENCY_CONTRADICTS",
    byDeadline
      ? "The order sets the eight-hour deadline but says that it is no emergency."
      : "The order says that it is an emergency but sets a ten-day deadline.",
    "Ask the authority at once; let the eight hours run until it answers.",
  );
  return undefined;
}

function readHold(reader: FormReader, deadline: EpocDeadline | undefined): boolean | undefined {
  const [authority] = reader.all("//SectionK/EnforcingAuthority");
  if (authority !== undefined) reader.sorter.takePresence(authority, "paper.authorityNotified");
  const isHeld = deadline === "end-of-ten-days";
  if (authority !== undefined && deadline === "as-soon-as-possible")
    reader.sorter.tell(
      authority,
      "HOLD_CONTRADICTS",
      "The order asks for the data at once but names an enforcing authority that was told.",
      "The desk waits for the enforcing authority. Ask the issuing authority which one it means.",
    );
  if (authority === undefined && isHeld)
    reader.sorter.tell(
      reader.root,
      "HOLD_WITHOUT_AUTHORITY",
      "The order asks for the data at the end of ten days but names no enforcing authority.",
      "The desk waits the ten days. Ask the issuing authority whom it told.",
    );
  if (authority !== undefined || isHeld) return true;
  return deadline === undefined ? undefined : false;
}

interface Sections {
  readonly issuing: string;
  readonly validating: string;
}

type Signatures = {
  readonly paper: Pick<CasePart["paper"], "signedBy" | "validatedBy" | "validatedAt" | "issuedOn">;
  readonly said: Pick<EpocSaid, "withoutValidation" | "validatedOn">;
};

function readSignatures(reader: FormReader, { issuing, validating }: Sections): Signatures {
  const signedBy = reader.word(`//${issuing}/Type`, "paper.signedBy", rankOfType);
  const validatedBy = reader.word(`//${validating}/Type`, "paper.validatedBy", rankOfType);
  const issued = readDate(reader, `//${issuing}/SignatureOfAuthority/Date`, "paper.issuedOn");
  const validated = readDate(reader, `//${validating}/Signature/Date`, "paper.validatedAt");
  const validatedAt = validated === undefined ? undefined : momentOf(validated);
  if (signedBy === undefined && reader.all(`//${issuing}/Type`).length === 0)
    reader.sorter.tell(reader.root, "NO_ISSUER", "The order does not say what kind of authority issued it.", "Ask the authority who signed.");
  const withoutValidation = reader.word(`//${issuing}/CaseWithoutValidation`, "withoutValidation", answers) === true;
  if (withoutValidation) tellValidationOwed(reader, { issuing, validating });
  return {
    paper: { ...given("signedBy", signedBy), ...given("validatedBy", validatedBy), ...given("issuedOn", issued?.day), ...given("validatedAt", validatedAt) },
    said: { withoutValidation, ...(validated !== undefined && validatedAt === undefined ? { validatedOn: validated.day } : {}) },
  };
}

function tellValidationOwed(reader: FormReader, { issuing, validating }: Sections): void {
  const [place = reader.root] = reader.all(`//${issuing}/CaseWithoutValidation`);
  const isValidated = reader.all(`//${validating}/Type`).length > 0;
  if (isValidated)
    reader.sorter.tell(
      place,
      "VALIDATION_CONTRADICTS",
      "The order says that nobody has validated it and names a validating authority.",
      "Ask the authority which one holds.",
    );
  else
    reader.sorter.tell(
      place,
      "VALIDATION_OWED",
      "The order was issued in an emergency without validation.",
      "Watch for the validation: it is owed within 48 hours, or the order is withdrawn.",
    );
}

/** The day as written: an offset without a time never moves it. */
function readDate(reader: FormReader, path: string, field: string): ReturnType<typeof readWrittenDate> {
  const [element] = reader.all(path).filter(({ text }) => text !== "");
  const date = element === undefined ? undefined : readWrittenDate(element.text);
  if (element !== undefined && date === undefined) {
    reader.sorter.tell(element, "NO_SUCH_DATE", "This is not a date, or a day that does not exist.", "Ask the authority for the date.");
    return undefined;
  }
  return reader.single(path, field) === undefined ? undefined : date;
}

function readDelay(reader: FormReader): boolean {
  const [delay] = reader.all("//SectionH/DelayConditions").filter(({ text, children }) => text !== "" || children.length > 0);
  if (delay === undefined) return false;
  reader.sorter.takePresence(delay, "gagWish");
  reader.sorter.tell(
    delay,
    "INFORMING_IS_DELAYED",
    "The issuing authority delays informing the person.",
    "Counsel decides whether this also keeps the company from informing the customer.",
  );
  return true;
}

/** A public parser takes the issuing State from the addressee's block; so do we where nothing closer is there, and say so. */
function readIssuingState(reader: FormReader): string | undefined {
  const close = reader.all("//IssuingAndContactAuthority/IssuingAuthority//Country").find(({ text }) => /^[A-Z]{2}$/.test(text));
  if (close !== undefined) return reader.sorter.take(close, "paper.issuedIn");
  const [far] = reader.all("//Addressee//AuthorityTechnicalIdentifier/Country").filter(({ text }) => /^[A-Z]{2}$/.test(text));
  if (far === undefined) return undefined;
  reader.sorter.tell(
    far,
    "ISSUING_STATE_INFERRED",
    "The issuing State is taken from the technical identifier beside the addressee.",
    "Confirm which State issued the order.",
  );
  return reader.sorter.take(far, "paper.issuedIn");
}

const issuer = "//IssuingAndContactAuthority/IssuingAuthority";

function readAuthority(reader: FormReader): CasePart["authority"] {
  return {
    ...given("name", reader.single(`${issuer}/NameOfAuthority`, "authority.name")),
    ...given("officer", reader.single(`${issuer}/NameOfRepresentative`, "authority.officer")),
    ...given("email", reader.single(`${issuer}/Email`, "authority.email")),
    ...given("phone", reader.single(`${issuer}/TelNo`, "authority.phone")),
    ...given("reference", reader.single(`${issuer}/FileReference`, "authority.reference")),
    ...given("technicalId", readTechnicalId(reader, "//Addressee//AuthorityTechnicalIdentifier", "authority.technicalId")),
  };
}

/** `DE-DE0001`: the country and the national id. */
function readTechnicalId(reader: FormReader, path: string, field: string): string | undefined {
  const [holder] = reader.all(path);
  if (holder === undefined) return undefined;
  const country = reader.single("/Country", field, holder);
  const id = reader.single("/NationalId", field, holder);
  return country === undefined || id === undefined ? undefined : `${country}-${id}`;
}

function readAddressee(reader: FormReader): EpocSaid["addressee"] {
  return {
    ...given("name", reader.single("//SectionB/Addressee/Authority/NameOfAuthority", "addressee.name")),
    ...given("technicalId", readTechnicalId(reader, "//Addressee//ServiceProviderConcerned/TechnicalIdentifier", "addressee.technicalId")),
  };
}

function readDelivery(reader: FormReader): readonly Recipient[] {
  const elements = reader.all("//ToWhomTransferTheData/AuthorityCompetences");
  for (const element of elements) {
    if (recipients.has(element.text)) reader.sorter.take(element, "delivery");
    else
      reader.sorter.tell(element, "UNKNOWN_WORD", "The form names a recipient that is not on its list.", "Ask the authority to whom the data is to be sent.");
  }
  return [...new Set(elements.flatMap(({ text }) => recipients.get(text) ?? []))];
}

/** Forms 5 and 6 name no account and no data: they speak of an EPOC-PR that the desk already has. */
function readLaterForm(reader: FormReader, form: "form-5" | "form-6"): Pick<EpocReading, "description" | "said"> {
  const reference = reader.single("//FileReference", "earlier.reference");
  const technicalId = readTechnicalId(reader, "//SectionA//AuthorityTechnicalIdentifier", "authority.technicalId");
  if (reference === undefined)
    reader.sorter.tell(
      reader.root,
      "NO_EARLIER_ORDER",
      "The form does not say in a way the desk can read which EPOC-PR it belongs to.",
      "Find the earlier order by its authority and its certificate number.",
    );
  const what = form === "form-5" ? "production-follows" : "preserve-longer";
  return {
    description: {
      paper: { instrument: "EU-EPOC-PR", nature: "criminal" },
      lines: [],
      subjects: [],
      places: {},
      authority: { ...given("reference", reference), ...given("technicalId", technicalId) },
    },
    said: { delivery: [], addressee: {}, delaysInforming: false, withoutValidation: false, earlier: { what, ...given("reference", reference) } },
  };
}
