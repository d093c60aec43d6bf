// What the desk needs from the outside world: each adapter keeps one of these promises.
import type { NoteSigner } from "../ledger/signed-note.ts";
import type { KeyRefusal } from "../production/package/delivery-key.ts";
import type { CaseId, DeskId, PartnerId } from "../kernel/ids.ts";
import type { Day, Instant } from "../kernel/instant.ts";
import type { Ledger } from "../ledger/port.ts";
import type { DataMap, SourceFinding } from "../production/shapes.ts";
import type { SalesFault, SalesReading } from "../partners/statements/sales-ledger.ts";
import type { Letter } from "../requests/letters/letter.ts";
import type { Packager, Source } from "./production-port.ts";
import type { InspectionOutcome, Redactor } from "./redaction-port.ts";
import type { AuthenticateSender, LetterSender, MessageReader } from "./reading-port.ts";
import type { Journals, Objects, Turns, Vault } from "./vault-port.ts";

/** The only place time comes from. A rehearsal brings a clock of its own. */
export interface Clock {
  now(): Instant;
}

/** The only place chance comes from. */
export interface Chance {
  /** A fresh id of 22 characters (128 bits, Base64url). */
  id(): string;
  bytes(length: number): Uint8Array;
  /** A fresh secret for a link, 256 bits in Base64url. */
  token(): string;
}

/** SHA-256 of bytes, or of text as UTF-8; lower-case hexadecimal. */
export type Digest = (content: string | Uint8Array) => string;

/** Which stream holds a claimed key. */
export interface Claims {
  find(desk: DeskId, key: string): Promise<string | undefined>;
}

export interface WaitingLetter {
  readonly letter: string;
  readonly stream: string;
  readonly content: string;
  readonly attempts: number;
}

/** Letters that wait. At least once: what was sent but not marked is sent again under the same Message-ID. */
export interface Outbox {
  /** Letters due by now, taken for ten minutes: until then no other sender gets them. */
  waiting(desk: DeskId, now: Instant, limit: number): Promise<readonly WaitingLetter[]>;
  /** The stream a letter belongs to; undefined for a letter this desk never wrote. */
  streamOf(desk: DeskId, letter: string): Promise<string | undefined>;
  markSent(desk: DeskId, letter: string, at: Instant): Promise<void>;
  markFailed(desk: DeskId, letter: string, code: string, nextTryAt: Instant | undefined): Promise<void>;
}

/** One message for one endpoint. The body is the text that is signed and sent: never a name, only ids, codes and moments. */
export interface QueuedWebhook {
  readonly message: string;
  readonly endpoint: string;
  readonly body: string;
}

type WebhookRow = Pick<QueuedWebhook, "message" | "endpoint">;

/** Webhooks that wait. At least once: what was sent but not marked is sent again under the same id. */
export interface WebhookQueue {
  /** How many are new: what waits for an endpoint, or once did, is never put in line for it again. */
  enqueue(desk: DeskId, messages: readonly QueuedWebhook[], now: Instant): Promise<number>;
  /** Messages due by now, taken for two minutes: until then no other sender gets them. */
  waiting(desk: DeskId, now: Instant, limit: number): Promise<readonly (QueuedWebhook & { readonly attempts: number })[]>;
  markDelivered(desk: DeskId, row: WebhookRow, at: Instant): Promise<void>;
  /** Without a next try it waits no longer. */
  markFailed(desk: DeskId, row: WebhookRow, code: string, nextTryAt: Instant | undefined): Promise<void>;
}

/** `gone`: the receiver wants nothing more. A code holds neither an address nor words of the other side. */
export type WebhookFate = { readonly kind: "delivered" } | { readonly kind: "gone" } | { readonly kind: "failed"; readonly code: string };

export interface OutgoingWebhook {
  readonly url: string;
  readonly id: string;
  /** The moment of this try. */
  readonly at: Instant;
  readonly body: string;
  /** `whsec_…`, newest first: each signs. */
  readonly secrets: readonly string[];
}

/** Signs and posts by the Standard Webhooks specification; reaches public addresses only. */
export interface WebhookSender {
  /** Whether this machine itself may be called, and then without TLS: rehearsals and tests only. */
  readonly reachesLoopback: boolean;
  /** Whether the host of a URL is one that is never called, as far as can be said without asking the DNS. */
  refusesHost(host: string): boolean;
  /** Never rejects. Ends within ten seconds. */
  send(webhook: OutgoingWebhook): Promise<WebhookFate>;
}

/** One row of the desk's list: no names, and for a sealed case nothing but its number. */
export interface CaseRow {
  readonly caseId: CaseId;
  readonly receivedAt: Instant;
  readonly door: string;
  readonly stage: string;
  readonly instrument?: string;
  readonly secret: boolean;
  readonly nextDueAt?: Instant;
  readonly nextDue?: string;
}

/** A copy that is kept for an agency, under one workspace whose data it holds. */
interface KeptRow {
  readonly workspace: string;
  readonly preservation: string;
}

export interface DueRow {
  readonly stream: string;
  readonly clock: string;
  readonly dueAt: Instant;
  readonly wakes?: string;
}

export interface CaseListQuery {
  readonly queue: "overdue" | "due" | "open" | "held" | "closed" | "all";
  /** Keyset: the last row of the page before. */
  readonly after?: { readonly sort: string; readonly caseId: string };
  readonly limit: number;
  readonly now: Instant;
}

/** Every row that the views hold of one case. */
export interface ProjectedCase {
  readonly row: CaseRow;
  readonly due: readonly DueRow[];
  readonly kept: readonly KeptRow[];
}

/** Tables that can be thrown away and filled again from position zero. */
export interface Views {
  /** The position after the last fact the views have seen. */
  position(desk: DeskId): Promise<number>;
  /** Writes the rows and the new position in one transaction; refuses when another projector was faster. */
  advance(desk: DeskId, from: number, to: number, cases: readonly ProjectedCase[]): Promise<boolean>;
  /** The position after the last fact that reactions have seen; they keep their own, so that no page can swallow one. */
  reactedTo(desk: DeskId): Promise<number>;
  markReacted(desk: DeskId, to: number): Promise<void>;
  list(desk: DeskId, query: CaseListQuery): Promise<readonly CaseRow[]>;
  /** Copies that cases keep of these workspaces, each once. */
  keptOf(desk: DeskId, workspaces: readonly string[], limit: number): Promise<readonly { readonly caseId: CaseId; readonly preservation: string }[]>;
  counts(desk: DeskId, now: Instant): Promise<Readonly<Record<CaseListQuery["queue"], number>>>;
  /** Clocks that should have woken somebody by now. */
  due(desk: DeskId, now: Instant, limit: number): Promise<readonly DueRow[]>;
  /** Forgets everything, so that the next projection starts from position zero. */
  clear(desk: DeskId): Promise<void>;
}

/** One row of the list of partners: a number and counts, no name. */
export interface PartnerRow {
  readonly partner: PartnerId;
  readonly country: string;
  readonly state: "registered" | "in-force" | "ended";
  /** Duties of the partner's that are open or overdue, each line once. */
  readonly open: number;
  readonly disputed: number;
  /** The earliest end of an open duty of the partner's. */
  readonly nextDueAt?: Instant;
  readonly nextDue?: string;
}

/** One duty as the lists hold it: whether it is overdue follows from its end and the clock. */
export interface DutyRow {
  readonly partner: PartnerId;
  readonly duty: string;
  readonly clause: string;
  readonly label: string;
  readonly owedBy: "vendor" | "partner";
  readonly state: "open" | "suspended" | "met" | "late" | "excused";
  readonly dueAt?: Instant;
  readonly isRight: boolean;
  readonly isDisputed: boolean;
  /** How many more clauses the same paper confirms; lists hold the first of them only. Absent: another row speaks for this one. */
  readonly also?: number;
}

export interface ProjectedPartner {
  readonly row: PartnerRow;
  readonly duties: readonly Omit<DutyRow, "partner">[];
  /** When something changes by time alone. */
  readonly nextChangeAt?: Instant;
}

export type DutyQueue = "overdue" | "due" | "open" | "disputed";

export interface DutyListQuery {
  readonly queue: DutyQueue;
  readonly owedBy?: "vendor" | "partner";
  /** Keyset: the last row of the page before. */
  readonly after?: { readonly dueAt: string; readonly partner: string; readonly duty: string };
  readonly limit: number;
  readonly now: Instant;
}

/** How often a clause was kept, is open, overdue or excused, over all partners. */
export interface ClauseCount {
  readonly clause: string;
  readonly kept: number;
  readonly late: number;
  readonly open: number;
  readonly overdue: number;
  readonly excused: number;
}

/** Tables of partners and duties; like the other views they can be thrown away and filled again. */
export interface PartnerViews {
  position(desk: DeskId): Promise<number>;
  /** Writes the rows and the new position in one transaction; refuses when another projector was faster. */
  advance(desk: DeskId, from: number, to: number, partners: readonly ProjectedPartner[]): Promise<boolean>;
  /** Partners in the order of their next end, those without one last; `late`: only those whose next end has passed. */
  partners(
    desk: DeskId,
    query: { readonly late: boolean; readonly after?: { readonly sort: string; readonly partner: string }; readonly limit: number; readonly now: Instant },
  ): Promise<readonly PartnerRow[]>;
  duties(desk: DeskId, query: DutyListQuery): Promise<readonly DutyRow[]>;
  counts(desk: DeskId, now: Instant): Promise<Readonly<Record<DutyQueue, number>>>;
  clauseCounts(desk: DeskId, now: Instant): Promise<readonly ClauseCount[]>;
  /** Partners for whom something has changed by time alone. */
  waking(desk: DeskId, now: Instant, limit: number): Promise<readonly PartnerId[]>;
  clear(desk: DeskId): Promise<void>;
}

interface Session {
  readonly subject: string;
  readonly expiresAt: Instant;
}

/** Sessions and one-time links. Only keyed digests of their secrets are kept. */
export interface SignIn {
  open(desk: DeskId, digest: string, session: Session): Promise<void>;
  find(desk: DeskId, digest: string, now: Instant): Promise<Session | undefined>;
  close(desk: DeskId, digest: string): Promise<void>;
  /** A link for `purpose` that `spend` gives back once. */
  offer(desk: DeskId, digest: string, link: { readonly purpose: string; readonly subject: string; readonly expiresAt: Instant }): Promise<void>;
  /** Without spending it: what a GET may know. */
  peek(desk: DeskId, digest: string, purpose: string, now: Instant): Promise<string | undefined>;
  /** The subject, exactly once however many ask at the same time. */
  spend(desk: DeskId, digest: string, purpose: string, now: Instant): Promise<string | undefined>;
}

/** Reads a partner's sales ledger to its end, whatever is wrong with it; `onFault` is called for every faulty row in order. */
type ReadSales = (bytes: AsyncIterable<Uint8Array>, reading: { readonly onFault: (fault: SalesFault) => void | Promise<void> }) => Promise<SalesReading>;

/** What the company holds, as far as it has connected and described it. */
export interface Holdings {
  readonly sources: readonly Source[];
  readonly maps: readonly DataMap[];
  /** What is wrong with a source: shown at set-up and before a plan. */
  readonly findings: readonly SourceFinding[];
}

/** `replaced` characters were missing from the type face and stand as their Unicode numbers. */
export type Printed = { readonly kind: "printed"; readonly pdf: Uint8Array; readonly replaced: number } | { readonly kind: "failed"; readonly code: string };

/** Makes a letter's page: tagged PDF, the same bytes for the same letter and day. Never rejects; what is too large or too slow fails. */
export interface LetterPrinter {
  print(letter: Letter, on: Day): Promise<Printed>;
  close(): Promise<void>;
}

/** Opens a package while it is made and nothing else: it is destroyed with the packing's notes. */
export interface PackingIdentity {
  readonly identity: string;
  readonly recipient: string;
}

/** What sealing a package for an officer takes beside the packer. */
interface Delivery {
  /** Empty when a package may be sealed to this OpenPGP key at this moment. */
  refusePgpKey(armored: string, at: Instant): Promise<readonly KeyRefusal[]>;
  makePassphrase(): string;
  /** An age key pair for a package that is sealed another way once it is whole. */
  makeIdentity(): Promise<PackingIdentity>;
  /** Signs what says who made a package. */
  signer(desk: DeskId): NoteSigner;
}

export interface DeskPorts {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly digest: Digest;
  readonly ledger: Ledger;
  readonly vault: Vault;
  readonly objects: Objects;
  /** What a packing needs to go on after it was cut off. */
  readonly journals: Journals;
  readonly turns: Turns;
  readonly claims: Claims;
  readonly outbox: Outbox;
  readonly views: Views;
  readonly partnerViews: PartnerViews;
  readonly readSales: ReadSales;
  readonly signIn: SignIn;
  readonly reader: MessageReader;
  readonly authenticate: AuthenticateSender;
  /** Absent while no mail relay is set: letters wait. */
  readonly letters?: LetterSender;
  /** Absent where letters go as text alone. */
  readonly printer?: LetterPrinter;
  /** Absent where no paper can be redacted: a production that needs it is then not sealed. */
  readonly redactor?: Redactor;
  /** Looks in a paper that arrives for redactions that do not hold, within seconds. Absent: nobody looks. */
  readonly inspectPaper?: (paper: Uint8Array) => Promise<InspectionOutcome>;
  readonly webhookQueue: WebhookQueue;
  readonly webhookSender: WebhookSender;
  readonly packager: Packager;
  readonly delivery: Delivery;
  /** The connected sources with their data maps, opened for this use; close them after it. */
  readonly sources: () => Promise<Holdings>;
}
