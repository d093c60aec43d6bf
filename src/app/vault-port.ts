// What the desk keeps sealed because it may have to be forgotten: values, large objects, and the keys that open them.
import type { DeskId } from "../kernel/ids.ts";
import type { Json } from "../ledger/canonical-json.ts";
import type { Alongside } from "../ledger/port.ts";

/** What a fact carries of a sealed value: where it lies, and a salted digest that proves later what it was. */
export interface SealedValue {
  readonly vault: string;
  /** Base64 of `SHA-256("portcullis/vault/v1\n" || salt || canonical JSON)`; the salt is sealed with the value. */
  readonly commitment: string;
}

export interface PreparedValues {
  /** In the order the values came. */
  readonly values: readonly SealedValue[];
  /** To be written with the facts that carry the references. */
  readonly alongside: Required<Pick<Alongside, "vault" | "caseKeys">>;
}

export type OpenedValue =
  | { readonly kind: "open"; readonly value: Json; readonly commitment: string }
  | { readonly kind: "forgotten" }
  | { readonly kind: "missing" };

/** A case whose key was destroyed takes nothing more. */
export class CaseForgotten extends Error {
  constructor() {
    super("the case was forgotten: its key is destroyed and it takes no new data");
  }
}

/** The case id under which entries of registers are sealed that belong to no case. */
export const deskCase = "desk";

export interface Vault {
  /**
   * Seals values under the case's key and writes nothing. When the append that carries the rows comes back with `conflict`,
   * prepare again: somebody else may have given the case its key. Throws CaseForgotten for a case that was forgotten.
   */
  prepare(desk: DeskId, caseId: string, values: readonly Json[]): Promise<PreparedValues>;
  /** Opens a value; with `commitment`, throws unless the value is the one the fact committed to. Throws on altered ciphertext. */
  open(desk: DeskId, ref: string, commitment?: string): Promise<OpenedValue>;
  /** Destroys the case's key and its ciphertexts; the tree stays whole. Old copies in backups open while they hold the wrapped key. */
  forget(desk: DeskId, caseId: string): Promise<void>;
  /** A keyed digest in Base64url (HMAC-SHA-256, desk secret): equal for equal values, tells nothing without the secret. */
  digest(desk: DeskId, purpose: string, value: string): Promise<string>;
}

/** Wraps data keys with a key that never leaves it: a file, or a key management service. */
export interface KeyProvider {
  /** `context` is bound to the result: it unwraps only with the same one. */
  wrap(key: Uint8Array, context: string): Promise<Uint8Array>;
  /** Throws when the blob was altered, belongs to another context, or its wrapping key is not held. */
  unwrap(wrapped: Uint8Array, context: string): Promise<Uint8Array>;
}

/** Where other stores get the key of a case, so that forgetting the case forgets their contents too. */
export interface CaseKeys {
  /** The case's 32-byte key, made and stored durably when there is none. Throws CaseForgotten. */
  obtain(desk: DeskId, caseId: string): Promise<Uint8Array>;
  /** The case's key; undefined when it was forgotten or never made. */
  find(desk: DeskId, caseId: string): Promise<Uint8Array | undefined>;
}

export type CaseKeyState = { readonly kind: "held"; readonly wrappedKey: Uint8Array } | { readonly kind: "forgotten" };

export interface StoredKey {
  readonly desk: DeskId;
  readonly caseId: string;
  readonly wrappedKey: Uint8Array;
}

/** The vault's rows, wherever they are kept. */
export interface VaultTables {
  findCaseKey(desk: DeskId, caseId: string): Promise<CaseKeyState | undefined>;
  /** Stores the key unless the case has one or was forgotten; returns what holds afterwards. */
  holdCaseKey(desk: DeskId, caseId: string, wrappedKey: Uint8Array): Promise<CaseKeyState>;
  findValue(
    desk: DeskId,
    ref: string,
  ): Promise<{ readonly caseId: string; readonly ciphertext: Uint8Array; readonly key: CaseKeyState | undefined } | undefined>;
  /** Destroys key and ciphertexts in one transaction and leaves a mark; also for a case that never had a key. */
  forgetCase(desk: DeskId, caseId: string): Promise<void>;
  /** Held keys of all desks in order, to wrap them anew; `last` is where the page before ended. */
  keysAfter(last: StoredKey | undefined, limit: number): Promise<readonly StoredKey[]>;
  replaceKey(key: StoredKey, newlyWrapped: Uint8Array): Promise<void>;
}

/** Large things, sealed under the key of their case: mail, attachments, packages. */
export interface StoredObject {
  /** Random; says nothing about the content. */
  readonly objectId: string;
  /** Length of the content. */
  readonly bytes: number;
  /** SHA-256 of the content in hex: for the vault and manifests, not for facts. */
  readonly sha256: string;
  /** Base64 of `SHA-256("portcullis/object/v1\n" || salt || SHA-256(content))`; the salt is sealed with the content. */
  readonly commitment: string;
}

/** How far a draft is durable: whole pieces, and what came behind the last of them, which its writer keeps sealed elsewhere. */
export interface DraftMark {
  readonly pieces: number;
  /** Less than a piece. */
  readonly rest: Uint8Array;
}

/** An object that is written over more than one life of the program. Nobody finds it before `keep`. */
export interface Draft {
  readonly objectId: string;
  /** The chunk's memory may be used again when it returns. Throws NoRoom. */
  append(chunk: Uint8Array): Promise<void>;
  /** Makes every whole piece durable and says how far that is. */
  flush(): Promise<DraftMark>;
  /** Makes the object of it, durable when it returns. */
  keep(): Promise<StoredObject>;
  /** Lets go of the draft and leaves it where it is. May be repeated. */
  close(): Promise<void>;
}

export interface ResumedDraft extends Draft {
  /** All content that is there, up to the first piece that was written by halves. To be read to its end before anything is appended. */
  stored(): AsyncIterable<Uint8Array>;
}

/** The disk takes nothing more. `where` is the folder that is full. */
export class NoRoom extends Error {
  readonly where: string;
  constructor(where: string, cause: unknown) {
    super(`there is no room left in ${where}`, { cause });
    this.where = where;
  }
}

export interface Objects {
  /** Stores the bytes under a new id, with memory that does not grow with them; durable when it returns. Throws CaseForgotten. */
  put(desk: DeskId, caseId: string, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<StoredObject>;
  /**
   * The content from this byte on (0 unless told), each piece checked before it comes; undefined when it is missing or forgotten.
   * Throws in the middle on an altered or cut object.
   */
  get(desk: DeskId, caseId: string, objectId: string, from?: number): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Begins a draft under a new id. Throws CaseForgotten. */
  begin(desk: DeskId, caseId: string): Promise<Draft>;
  /** Goes on with a draft from this mark or behind it; undefined when it is gone or shorter than the mark. One writer at a time. */
  resume(desk: DeskId, caseId: string, objectId: string, mark: DraftMark): Promise<ResumedDraft | undefined>;
  /** Removes the case's drafts but those that are named. Returns how many there were. */
  sweep(desk: DeskId, caseId: string, named: readonly string[]): Promise<number>;
  /** Removes one object; nothing happens when it is not there. */
  remove(desk: DeskId, caseId: string, objectId: string): Promise<void>;
  /** Removes every object of the case. Destroying the case's key already made them unreadable. */
  forget(desk: DeskId, caseId: string): Promise<void>;
}

/** Sealed notes of work that may be cut off, each durable when it was added. A journal is destroyed as soon as its work has ended. */
export interface Journals {
  /** Behind the last whole entry: one that was written by halves is cut away. Throws CaseForgotten and NoRoom. */
  add(desk: DeskId, name: string, entry: Json): Promise<void>;
  /** The whole entries in their order; none when there is no such journal or its key is destroyed. Throws on an altered one. */
  entries(desk: DeskId, name: string): AsyncIterable<Json>;
  /** Overwrites and removes it. The key is the vault's: whoever destroys a journal lets the vault forget `name` first. */
  remove(desk: DeskId, name: string): Promise<void>;
  names(desk: DeskId): Promise<readonly string[]>;
}

/** What only one may do at a time, in whatever process and on whatever machine. */
export interface Turns {
  /** Undefined when somebody else has it. */
  take(name: string): Promise<Turn | undefined>;
}

/** Ends with `end`, with the death of the process, and when the database is lost: somebody else may have it then. */
export interface Turn {
  /** Aborted, with `TurnLost`, as soon as it is known that the turn is not held any more. */
  readonly lost: AbortSignal;
  /** Asks the database. Throws `TurnLost` when the turn is not held: nothing may be made durable then. */
  confirm(): Promise<void>;
  end(): Promise<void>;
}

export class TurnLost extends Error {
  constructor(options?: ErrorOptions) {
    super("the turn was lost", options);
  }
}
