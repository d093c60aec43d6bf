// What the ledger says about the desk itself: its place and packs, its customers' workspaces, known officers, its staff.
import type { Day, Instant } from "../../kernel/instant.ts";
import type { Vaulted } from "../../kernel/vaulted.ts";
import type { ProviderFacts } from "../decision.ts";

export interface DeskSetUp {
  readonly type: "DeskSetUp";
  readonly country: string;
  readonly state?: string;
  readonly zone: string;
  readonly policies: readonly string[];
  readonly laws: readonly string[];
  /** What the company is, where rules of the law depend on it. */
  readonly provider?: ProviderFacts;
  /** The structure in which orders of national security are reported (50 USC 1874); absent: none was chosen. */
  readonly bandOption?: 1 | 2 | 3 | 4;
  /** Legal entity, mailboxes, public address, mail relay. */
  readonly profile: Vaulted;
}

/** A named person chose how a defect of the documents is read (X-01 …). */
interface ElectionMade {
  readonly type: "ElectionMade";
  readonly defect: string;
  readonly choice: string;
}

interface WorkspaceRegistered {
  readonly type: "WorkspaceRegistered";
  readonly workspace: string;
  readonly details: Vaulted;
}

interface AccountsRegistered {
  readonly type: "AccountsRegistered";
  readonly workspace: string;
  readonly count: number;
  readonly accounts: Vaulted;
}

export interface OfficerCalledBack {
  readonly type: "OfficerCalledBack";
  /** Keyed digest of the officer's mailbox. */
  readonly officer: string;
  /** The agency's mail domain, in A-labels: an agency's name in the DNS is nobody's personal data. */
  readonly domain: string;
  readonly on: Day;
  readonly numberSource: string;
  readonly details: Vaulted;
}

export interface StaffAdmitted {
  readonly type: "StaffAdmitted";
  readonly staff: string;
  readonly roles: readonly StaffRole[];
  readonly details: Vaulted;
}
export type StaffRole = "analyst" | "counsel" | "approver" | "auditor" | "admin";

interface PasskeyAdded {
  readonly type: "PasskeyAdded";
  readonly staff: string;
  /** Keyed digest of the credential id. */
  readonly credential: string;
  readonly passkey: Vaulted;
}

/** Somebody who approves has a new key of their own: its public half, to which shares of packages are sealed. */
export interface ApproverKeyAdded {
  readonly type: "ApproverKeyAdded";
  readonly staff: string;
  /** Where the other half comes from. */
  readonly kind: "passkey" | "phrase";
  /** Its public half. */
  readonly key: Vaulted;
  /** Keyed digest of the passkey's credential id. */
  readonly credential?: string;
}

/** Somebody made a one-time sign-in link for a member of staff; the maker is the fact's author. */
interface StaffLinkMade {
  readonly type: "StaffLinkMade";
  readonly staff: string;
}

interface StaffSignedIn {
  readonly type: "StaffSignedIn";
  readonly staff: string;
  readonly how: "passkey" | "one-time-link";
}

type SourceKind = "workspace-database" | "mysql-database" | "json-api" | "table-files" | "canvas-data" | "mail-archive" | "slack-export";

interface SourceConnected {
  readonly type: "SourceConnected";
  readonly source: string;
  readonly kind: SourceKind;
  /** Where it is, its credentials and its data map. */
  readonly details: Vaulted;
}

/** A public body reached customer data without a request (IGRP-2). */
interface DirectAccessRecorded {
  readonly type: "DirectAccessRecorded";
  readonly access: string;
  readonly knownAt: Instant;
  readonly details: Vaulted;
}

interface DirectAccessNoticed {
  readonly type: "DirectAccessNoticed";
  readonly access: string;
  readonly at: Instant;
  readonly details: Vaulted;
}

export interface ReportPublished {
  readonly type: "ReportPublished";
  readonly year: number;
  readonly edition: number;
  /** SHA-256 of the figures in canonical JSON, hexadecimal. */
  readonly figures: string;
  /** The size of the tree the figures were counted from. */
  readonly treeSize: number;
  readonly countedAt: Instant;
  /** The report as printed. */
  readonly document: Vaulted;
  readonly correction?: string;
}

/** Bands of national-security process, published between two yearly reports; its document knows no count. */
export interface BandsPublished {
  readonly type: "BandsPublished";
  /** The day the periods are counted back from; an edition that corrects them keeps it. */
  readonly publishedOn: Day;
  readonly edition: number;
  /** SHA-256 of the report in canonical JSON, hexadecimal. */
  readonly figures: string;
  readonly treeSize: number;
  readonly countedAt: Instant;
  readonly document: Vaulted;
  readonly correction?: string;
}

/** Somebody asked to be told by a signed message what happens; where, and with which secrets, lies in the vault. */
interface WebhookSet {
  readonly type: "WebhookSet";
  readonly endpoint: string;
  /** `desk`, or the id of the partner it belongs to. */
  readonly audience: string;
  readonly details: Vaulted;
}

/** A new secret; the one before signs beside it for a day. */
interface WebhookRotated {
  readonly type: "WebhookRotated";
  readonly endpoint: string;
  readonly details: Vaulted;
}

/** Taken away by a person, or by the desk because the receiver said that the place is gone. */
interface WebhookRemoved {
  readonly type: "WebhookRemoved";
  readonly endpoint: string;
}

/** A message that was tried as often as promised and given up. */
interface WebhookFailed {
  readonly type: "WebhookFailed";
  readonly endpoint: string;
  readonly message: string;
  /** What the last try met: `TIMEOUT`, `STATUS_500`. */
  readonly code: string;
  readonly attempts: number;
}

export type DirectoryFact =
  | DeskSetUp
  | ElectionMade
  | WorkspaceRegistered
  | AccountsRegistered
  | OfficerCalledBack
  | StaffAdmitted
  | PasskeyAdded
  | ApproverKeyAdded
  | StaffLinkMade
  | StaffSignedIn
  | SourceConnected
  | DirectAccessRecorded
  | DirectAccessNoticed
  | ReportPublished
  | BandsPublished
  | WebhookSet
  | WebhookRotated
  | WebhookRemoved
  | WebhookFailed;
