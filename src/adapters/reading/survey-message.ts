// Walks over a message once before it is parsed, so that a message built to exhaust the reader is cut short and a damaged one is called damaged.
import type { ReadingProblem } from "../../app/reading-port.ts";

export interface SurveyLimits {
  readonly parts: number;
  readonly depth: number;
  /** Over all parts together. */
  readonly headerBytes: number;
}

interface SurveyedPart {
  readonly mediaType: string;
  readonly charset: string;
  readonly disposition: string;
}

export interface Survey {
  /** The message is read up to here; its length when no limit was met. */
  readonly readableBytes: number;
  /** Leaves in document order. */
  readonly parts: readonly SurveyedPart[];
  /** Where the body of the whole message starts. */
  readonly bodyStart: number;
  readonly problems: readonly ReadingProblem[];
}

interface PartState extends SurveyedPart {
  readonly encoding: string;
  readonly multipart: boolean;
  base64Chars: number;
  base64Strange: number;
  base64Ended: boolean;
}

interface Boundary {
  readonly marker: Buffer;
  seen: boolean;
}

/** Never throws; one pass over the bytes. Nested messages are leaves here: whoever opens one surveys it again. */
export function surveyMessage(raw: Buffer, limits: SurveyLimits): Survey {
  const problems = new Map<string, string>();
  const boundaries: Boundary[] = [];
  const parts: PartState[] = [];
  let header: Buffer[] | undefined = [];
  let headerBytes = 0;
  let bodyStart = -1;
  let part: PartState | undefined;
  let nodes = 1;
  let at = 0;

  const finishPart = (complete: boolean): void => {
    if (part?.encoding === "base64" && (part.base64Strange > 0 || part.base64Chars % 4 === 1 || (!complete && !part.base64Ended && part.base64Chars > 0)))
      problems.set(
        "BASE64_DAMAGED",
        "A part of the message is damaged or cut off, so an attachment may not open. Ask the sender for it again when it cannot be read.",
      );
    part = undefined;
  };
  const openPart = (): void => {
    const fields = readFields(Buffer.concat(header ?? []).toString("latin1"));
    header = undefined;
    if (bodyStart < 0) bodyStart = at;
    part = { ...fields, base64Chars: 0, base64Strange: 0, base64Ended: false };
    if (!fields.multipart) parts.push(part);
    else if (fields.boundary === "")
      problems.set(
        "BOUNDARY_MISSING",
        "The message says it has several parts but not how they are separated. What could be found was read; compare it with the original.",
      );
    else boundaries.push({ marker: Buffer.from(`--${fields.boundary}`, "latin1"), seen: false });
  };
  const stop = (code: string, because: string): Survey => {
    problems.set(code, because);
    return { readableBytes: at, parts, bodyStart: bodyStart < 0 ? at : bodyStart, problems: listed(problems) };
  };

  while (at < raw.length) {
    const newline = raw.indexOf(10, at);
    const lineEnd = newline < 0 ? raw.length : newline;
    const next = newline < 0 ? raw.length : newline + 1;
    const line = raw.subarray(at, lineEnd > at && raw[lineEnd - 1] === 13 ? lineEnd - 1 : lineEnd);

    const mark = line.length > 2 && line[0] === 45 && line[1] === 45 ? findBoundary(boundaries, line) : undefined;
    if (mark !== undefined) {
      finishPart(true);
      boundaries.length = mark.last ? mark.index : mark.index + 1;
      if (!mark.last) {
        if (++nodes > limits.parts)
          return stop("TOO_MANY_PARTS", `The message has more than ${limits.parts} parts. Only the first ones were read; open the original to see the rest.`);
        if (boundaries.length > limits.depth)
          return stop(
            "NESTED_TOO_DEEP",
            `The message nests its parts deeper than ${limits.depth} levels. The inner ones were not read; open the original with care.`,
          );
      }
      header = mark.last ? undefined : [];
    } else if (header !== undefined) {
      headerBytes += line.length;
      if (headerBytes > limits.headerBytes)
        return stop(
          "HEADERS_TOO_LONG",
          "The headers of the message are longer than any real message needs. It was read only up to there; open the original with care.",
        );
      if (line.length === 0) {
        at = next;
        openPart();
        continue;
      }
      // A copy: pieces are joined later, and only what decides about the body is looked at.
      header.push(line, Buffer.from("\n"));
    } else if (part?.encoding === "base64") {
      countBase64(part, line);
    }
    at = next;
  }
  if (header !== undefined && header.length > 0) openPart();
  finishPart(boundaries.length === 0);
  if (boundaries.some((boundary) => !boundary.seen))
    problems.set(
      "BOUNDARY_NOT_FOUND",
      "The message says how its parts are separated, but no such line is in it. What could be found was read; compare it with the original.",
    );
  else if (boundaries.length > 0)
    problems.set("MESSAGE_CUT_OFF", "The message ends before its last part does, so something may be missing. Ask the sender to send it again.");
  return { readableBytes: raw.length, parts, bodyStart: bodyStart < 0 ? raw.length : bodyStart, problems: listed(problems) };
}

function listed(problems: ReadonlyMap<string, string>): readonly ReadingProblem[] {
  return [...problems].map(([code, because]) => ({ code, because }));
}

function findBoundary(boundaries: readonly Boundary[], line: Buffer): { readonly index: number; readonly last: boolean } | undefined {
  for (let index = boundaries.length - 1; index >= 0; index--) {
    const boundary = boundaries[index] as Boundary; // index runs over the array
    const { marker } = boundary;
    if (line.length < marker.length || line.compare(marker, 0, marker.length, 0, marker.length) !== 0) continue;
    const rest = line.subarray(marker.length).toString("latin1").trimEnd();
    if (rest !== "" && rest !== "--") continue;
    boundary.seen = true;
    return { index, last: rest === "--" };
  }
  return undefined;
}

function countBase64(part: PartState, line: Buffer): void {
  for (const byte of line) {
    const letter = (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || (byte >= 48 && byte <= 57) || byte === 43 || byte === 47;
    if (letter) part.base64Chars++;
    else if (byte === 61) {
      part.base64Ended = true;
      part.base64Chars++;
    } else if (byte !== 32 && byte !== 9 && byte !== 13) part.base64Strange++;
  }
}

interface Fields {
  readonly mediaType: string;
  readonly charset: string;
  readonly disposition: string;
  readonly encoding: string;
  readonly multipart: boolean;
  readonly boundary: string;
}

function readFields(header: string): Fields {
  const contentType = field(header, "content-type");
  const mediaType = (/^\s*([^\s;]+)/.exec(contentType)?.[1] ?? "text/plain").toLowerCase();
  return {
    mediaType,
    charset: parameter(contentType, "charset").toLowerCase(),
    disposition: (/^\s*([\w-]+)/.exec(field(header, "content-disposition"))?.[1] ?? "").toLowerCase(),
    encoding: (/[\w-]+/.exec(field(header, "content-transfer-encoding"))?.[0] ?? "").toLowerCase(),
    multipart: mediaType.startsWith("multipart/"),
    boundary: parameter(contentType, "boundary"),
  };
}

function field(header: string, name: string): string {
  const start = new RegExp(`^${name}[ \\t]*:`, "im").exec(header);
  if (start === null) return "";
  const from = start.index + start[0].length;
  const end = /\n(?![ \t])/.exec(header.slice(from, from + 8192));
  return header.slice(from, end === null ? from + 8192 : from + end.index).replaceAll("\n", "");
}

function parameter(value: string, name: string): string {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;]*))`, "i").exec(value);
  return (found?.[1]?.replace(/\\(.)/g, "$1") ?? found?.[2] ?? "").trimEnd();
}
