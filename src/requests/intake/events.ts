// What the ledger says about a request's arrival and what it asks for.
import type { Instant, Day } from "../../kernel/instant.ts";
import type { Vaulted } from "../../kernel/vaulted.ts";
import type { PlaceOf, Protection, Rank, ServiceRoute } from "../../policy/pack.ts";
import type { RequestReading } from "./details.ts";

export type Door = "mail" | "portal" | "terminal";

/** A message as it lies in the object store, byte for byte. */
export interface KeptMessage {
  readonly object: string;
  readonly bytes: number;
  readonly commitment: string;
}

export interface RequestReceived {
  readonly type: "RequestReceived";
  readonly door: Door;
  readonly receivedAt: Instant;
  readonly message: KeptMessage;
  /** Packs in force on the day of service: `data-request@2026.1`. */
  readonly packs: readonly string[];
}

export interface MessageRead {
  readonly type: "MessageRead";
  readonly attachments: readonly {
    readonly index: number;
    readonly kind: string;
    readonly bytes: number;
    readonly pages: number;
    readonly problems: readonly string[];
  }[];
  readonly problems: readonly string[];
  /** Subject, body and attachment texts. */
  readonly content: Vaulted;
}

export interface ReadingProposed {
  readonly type: "ReadingProposed";
  readonly sort: RequestReading["sort"];
  readonly language: string;
  readonly languageKnown: boolean;
  readonly instruments: readonly string[];
  readonly dataTypes: readonly string[];
  /** Ids of required contents that the text does not give. */
  readonly missing: readonly string[];
  readonly marks: readonly ReadingMark[];
  /** Documents of an exchange format; absent where the message brought none. */
  readonly forms?: readonly FormRead[];
  /** What was read, and what each form says. */
  readonly reading: Vaulted;
}

/** A document of an exchange format, by code only: its words lie in the vault with the reading. */
export interface FormRead {
  /** `attachment-1` or `body`. */
  readonly source: string;
  /** `counsel`: an order to listen in, of which no line is made; `refused`: it is kept and could not be read. */
  readonly kind: "epoc" | "epoc-pr" | "form-5" | "form-6" | "103120" | "case" | "counsel" | "refused";
  /** Codes of what does not fit. */
  readonly findings: readonly string[];
  /** How many of its elements a person must read. */
  readonly forPerson: number;
}
export type ReadingMark = "everything" | "emergency" | "real-time" | "gag-order" | "gag-wish" | "contradiction";

export interface InstrumentFacts {
  /** Instrument id of the jurisdiction pack. */
  readonly id: string;
  /** Absent: nobody has recorded who signed it; `nobody`: it bears no signature. */
  readonly signedBy?: Rank;
  readonly validatedBy?: Rank;
  readonly validatedAt?: Instant;
  /** Region of the authority: `US` (federal), `US-CA`, `DE`. Absent: that of the pack, where it is one country. */
  readonly issuedIn?: string;
  /** Absent when the paper shows no date: it is asked for, never guessed. */
  readonly issuedOn?: Day;
  readonly servedAt: Instant;
  readonly servedBy?: ServiceRoute;
  readonly addressedTo?: "us" | "controller" | "other";
  readonly expiresOn?: Day;
  readonly returnOn?: Day;
  /** Contents of the pack that a person saw on the paper, and contents seen to be missing; the rest is unknown. */
  readonly shows?: readonly string[];
  readonly lacks?: readonly string[];
  /** ISO 639-1. */
  readonly language?: string;
  readonly translation?: boolean;
  readonly offence?: { readonly maxYears?: number; readonly listed?: boolean };
  readonly emergency?: boolean;
  /** The authority of the addressee's state was told of the order and can refuse it. */
  readonly authorityNotified?: boolean;
  /** Executive agreement or treaty it rests on: `US-GB`. */
  readonly agreement?: string;
  readonly seal?: "valid" | "invalid";
  /** Whether the paper itself forbids to speak of it, where its law lets it: a person reads and says so. */
  readonly carriesSecrecy?: boolean;
  /** The first order of its kind on a new platform: reports stay silent about it for a time. */
  readonly newPlatform?: boolean;
}

/** One line of a request as confirmed: whose data (`subject`), which type, which days. */
export interface RequestLine {
  readonly id: string;
  readonly subject: string;
  readonly dataType: string;
  readonly from?: Day;
  readonly to?: Day;
  /** Asked for only to find out who the user is. */
  readonly onlyToIdentify?: boolean;
}

/** Regions: where the customer is established, the person lives and the data lies. */
export type CasePlaces = { readonly [Place in PlaceOf]?: string };

interface RequestSubject {
  readonly id: string;
  /** The workspace's id in the desk's register; absent while nobody could tell which it is. */
  readonly workspace?: string;
  readonly resolved: boolean;
}

export interface DetailsConfirmed {
  readonly type: "DetailsConfirmed";
  /** Counts from 1; a review, a notice or a plan for an earlier revision no longer holds. */
  readonly revision: number;
  readonly instrument?: InstrumentFacts;
  readonly nature: "criminal" | "civil" | "unknown";
  readonly subjects: readonly RequestSubject[];
  readonly lines: readonly RequestLine[];
  readonly places?: CasePlaces;
  /** What makes the data or its owner specially protected; absent: nobody has looked. */
  readonly protection?: readonly Protection[];
  readonly missing: readonly string[];
  /** Agency, matter, officer, account names, delivery key. */
  readonly details: Vaulted;
}

interface MissingContentsAsked {
  readonly type: "MissingContentsAsked";
  readonly missing: readonly string[];
}

interface RequestAcknowledged {
  readonly type: "RequestAcknowledged";
}

interface DuplicateArrived {
  readonly type: "DuplicateArrived";
  readonly door: Door;
  readonly same: "message-id" | "bytes";
  readonly receivedAt: Instant;
  /** Kept too: two messages may share an id and differ in every byte. */
  readonly message: KeptMessage;
}

/** A later message of the same agency that names the case: an answer, a better copy of the paper, a question. */
interface FollowUpReceived {
  readonly type: "FollowUpReceived";
  readonly door: Door;
  readonly receivedAt: Instant;
  readonly sort: RequestReading["sort"];
  readonly message: KeptMessage;
  readonly forms?: readonly FormRead[];
  readonly content: Vaulted;
}

interface RequestWithdrawn {
  readonly type: "RequestWithdrawn";
  readonly by: "agency";
}

interface SetAside {
  readonly type: "SetAside";
  /** It is no request: a newsletter, an automatic reply, a court's notice of filing. */
  readonly as: string;
}

export type IntakeFact =
  | RequestReceived
  | MessageRead
  | ReadingProposed
  | DetailsConfirmed
  | MissingContentsAsked
  | RequestAcknowledged
  | DuplicateArrived
  | FollowUpReceived
  | RequestWithdrawn
  | SetAside;
