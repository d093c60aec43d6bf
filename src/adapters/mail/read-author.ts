// Finds the one author a message names, and says so when a reader could be shown another one.
import { domainToASCII } from "node:url";
import { addressParser } from "postal-mime";
import type { ReadingProblem } from "../../app/reading-port.ts";

export interface Author {
  readonly address: string;
  /** A-labels, lower case. */
  readonly domain: string;
  readonly displayName: string;
}

export interface AuthorReading {
  /** Present only when the message names exactly one author and leaves no doubt about it. */
  readonly author?: Author;
  readonly findings: readonly ReadingProblem[];
}

const longestFrom = 4096;
const domainName = /^(?=.{4,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/;

/** `header` is the header block as sent. Programs differ in how they read a broken one, so doubt names no author. */
export function readAuthor(header: string): AuthorReading {
  const fields = fieldsNamed(header, "from");
  if (fields.length === 0) return nobody("FROM_MISSING", "The message names no author. Ask the sender to send it from the agency's own mailbox.");
  if (fields.length > 1 || hiddenFields(header) > fields.length)
    return nobody(
      "FROM_SEVERAL_FIELDS",
      "The message names its author more than once, and programs differ in which one they show. Do not trust the name you see; ask for a new message.",
    );
  const field = fields[0] ?? "";
  if (field.length > longestFrom) return nobody("FROM_TOO_LONG", "The line that names the author is longer than any real one. Ask for a new message.");
  const entries = addressParser(field);
  if (entries.some((entry) => entry.group !== undefined))
    return nobody("FROM_GROUP", "The message names a group as its author instead of a person. Ask for a message from the officer's own mailbox.");
  const mailboxes = entries.filter((entry) => entry.address !== undefined && entry.address !== "");
  if (mailboxes.length > 1) return nobody("FROM_SEVERAL_AUTHORS", "The message names several authors. Ask for a message from one officer's own mailbox.");
  const [mailbox] = mailboxes;
  const domain = mailbox === undefined ? undefined : domainOfAddress(mailbox.address ?? "");
  if (mailbox === undefined || domain === undefined || entries.length > 1)
    return nobody("FROM_INVALID", "The line that names the author holds no address that could be answered. Ask for a new message.");
  const author: Author = { address: mailbox.address ?? "", domain, displayName: mailbox.name };
  return { author, findings: aboutName(author) };
}

function nobody(code: string, because: string): AuthorReading {
  return { findings: [{ code, because }] };
}

function aboutName(author: Author): readonly ReadingProblem[] {
  const found = /[^\s<>"'(),;:]+@[^\s<>"'(),;:]+\.[^\s<>"'(),;:.]{2,}/.exec(author.displayName)?.[0];
  if (found === undefined || found.toLowerCase() === author.address.toLowerCase()) return [];
  return [
    {
      code: "DISPLAY_NAME_HOLDS_ADDRESS",
      because:
        "The name of the sender is written like an e-mail address, and another one than the message comes from. Do not answer to the address in the name.",
    },
  ];
}

/** The domain in A-labels; none when the address is not one that mail could reach. */
function domainOfAddress(address: string): string | undefined {
  const at = address.lastIndexOf("@");
  const local = address.slice(0, at);
  if (at <= 0 || local.startsWith("@") || /[\s<>()\\,;\p{Cc}]/u.test(address)) return undefined;
  if (local.includes("@") && !/^"[^"]*"$/.test(local)) return undefined;
  const domain = domainToASCII(address.slice(at + 1).replace(/\.$/, "")).toLowerCase();
  return domainName.test(domain) ? domain : undefined;
}

/** Values of a header field, unfolded, in order. */
export function fieldsNamed(header: string, name: string): readonly string[] {
  const unfolded = header.replace(/\r?\n(?=[ \t])/g, "");
  return unfolded
    .split(/\r?\n/)
    .filter(
      (line) =>
        line
          .slice(0, name.length + 20)
          .toLowerCase()
          .match(/^([^\s:]+)[ \t]*:/)?.[1] === name,
    )
    .map((line) => line.slice(line.indexOf(":") + 1).trim());
}

/** Lines that some program might take for a From field: after a lone carriage return, or with invisible characters around the word. */
function hiddenFields(header: string): number {
  const lines = header.split(/\r\n|\n|\r/);
  return lines.filter((line) => /^(?!\t)[\p{Cc}\u00a0\u200b\ufeff]*from[\s\p{Cc}\u200b]*:/iu.test(line)).length;
}
