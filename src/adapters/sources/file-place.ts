// What reading customer data from files needs of the place that keeps them: a folder here, or a bucket of object storage elsewhere.
import type { SourceFinding } from "../../production/shapes.ts";

export interface FilePlace {
  /** The names that match a pattern, in the order of their text, and what was seen and is not followed. */
  list(patterns: readonly string[], signal?: AbortSignal): Promise<Listing>;
  open(name: string, signal?: AbortSignal): Promise<StoredFile>;
}

export interface Listing {
  readonly names: readonly string[];
  readonly findings: readonly SourceFinding[];
}

/** One file, as it was when it was opened. */
export interface StoredFile {
  readonly bytes: number;
  /** The bytes as they lie there, some at a time. A piece's memory is the reader's. */
  pieces(signal?: AbortSignal): AsyncIterable<Uint8Array>;
  /** A path under which this process sees exactly this file until `close`, whatever becomes of its name. */
  localPath(signal?: AbortSignal): Promise<string>;
  /** Stops with CHANGED when the file is no longer what it was. */
  confirm(): Promise<void>;
  close(): Promise<void>;
}

/** Why a read of files ends before its time. Nothing of it may be released. */
type StopCode =
  | "ABORTED"
  | "CHANGED"
  | "GONE"
  | "INCOMPLETE"
  | "LEADS_OUTSIDE"
  | "NO_COLLECTION"
  | "NO_COLUMN"
  | "NOT_A_FILE"
  | "NO_ANSWER"
  | "REFUSED"
  | "SPOOL"
  | "TOO_LARGE"
  | "TOO_MANY_FILES"
  | "UNREADABLE";

export class Stopped extends Error {
  readonly code: StopCode;

  constructor(code: StopCode, what: string, cause?: unknown) {
    super(what, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** `*` and `?` stay inside one folder, `**` does not. */
export function matcherOf(patterns: readonly string[]): (name: string) => boolean {
  const expressions = patterns.map((pattern) => new RegExp(`^${pattern.replaceAll(/\*\*\/|\*+|\?|[^*?]+/g, (part) => expressionOf(part))}$`, "s"));
  return (name) => expressions.some((expression) => expression.test(name));
}

function expressionOf(part: string): string {
  if (part === "**/") return "(?:.*/)?";
  if (part === "?") return "[^/]";
  if (part.startsWith("*")) return part === "*" ? "[^/]*" : ".*";
  return part.replaceAll(/[\\^$.|+()[\]{}]/g, "\\$&");
}

export function isPlainName(pattern: string): boolean {
  return !/[*?]/.test(pattern);
}

/** A name that could be read as a way out, or that no file of an export has. */
export function isOddName(name: string): boolean {
  return (
    name === "" ||
    name.length > 1024 ||
    name.includes("\\") ||
    hasControls(name) ||
    name.split("/").some((part) => part === "" || part === "." || part === "..")
  );
}

function hasControls(name: string): boolean {
  return [...name].some((sign) => sign < " " || sign === "\u007f");
}

export function printable(name: string): string {
  return name.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 160);
}
