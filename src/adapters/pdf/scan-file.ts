// Walks through every byte of a finished copy, object by object and unpacked, for what must be gone and for keys a copy may not have.
import type { Leak } from "../../app/redaction-port.ts";
import type { GoneCheck } from "../../production/redact/check-gone.ts";
import { decodeStream } from "./decode-stream.ts";
import { giveBack } from "../give-back.ts";
import { type PdfValue, type Reader, nextValue, readerOf } from "./pdf-values.ts";

export interface ScanLimits {
  /** What one stream may unpack to. */
  readonly streamBytes: number;
  readonly objects: number;
}

export const scanLimits: ScanLimits = { streamBytes: 256 * 1024 * 1024, objects: 200_000 };

function wordsOf(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/));
}

/** What carries text, programs or earlier states beside the pages. */
const forbidden = wordsOf(`
  JavaScript JS AA OpenAction Launch SubmitForm ImportData GoToR GoToE URI RichMedia Rendition Movie Sound EmbeddedFile
  EmbeddedFiles Filespec FileAttachment AF Collection Names Dests ActualText Alt StructTreeRoot StructParents PieceInfo Metadata
  Info Outlines Thumb PageLabels Threads SpiderInfo Prev XRefStm Encrypt AcroForm XFA Annots Annot OCProperties OCG Perms DSS Sig ID
  PS
`);

type Found = Omit<Leak, "engine">;

export function scanFile(bytes: Uint8Array, gone: GoneCheck, limits: ScanLimits, onObject: () => void): Leak[] {
  const leaks = new Map<string, Leak>();
  const report = (found: Found): void => void leaks.set(JSON.stringify(found), { ...found, engine: "scan" });
  const reader = readerOf(bytes);
  const outside: string[] = [];
  const numbers: number[] = [];
  let [ends, objects] = [0, 0];
  let lastEnd = 0;
  for (let value = nextValue(reader); value !== undefined; value = nextValue(reader)) {
    if (value.kind === "word" && value.word === "obj") {
      if (++objects > limits.objects) {
        report({ code: "TOO_LARGE_TO_CHECK" });
        break;
      }
      scanObject(reader, numbers.at(-2) ?? 0, gone, limits, report);
      onObject();
    } else if (value.kind === "word" && value.word === "startxref") ends++;
    else if (value.kind === "comment" && text(value.bytes).startsWith("%EOF")) lastEnd = reader.at;
    else outside.push(...judgeValue(value, undefined, gone, report));
    if (value.kind !== "number") continue;
    numbers.push(value.value);
    if (numbers.length > 2) numbers.shift();
  }
  if (gone.inText(outside.join(" ")) || gone.inWords(outside.join(""))) report({ code: "TERM_OUTSIDE_OBJECTS" });
  if (ends > 1) report({ code: "EARLIER_REVISION" });
  if (ends === 0 || objects === 0) report({ code: "UNREADABLE" });
  if (bytes.subarray(lastEnd).some((byte) => byte > 32)) report({ code: "TRAILING_BYTES" });
  return [...leaks.values()];
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

type Report = (found: Found) => void;

function scanObject(reader: Reader, object: number, gone: GoneCheck, limits: ScanLimits, report: Report): void {
  const value = nextValue(reader);
  if (value === undefined) return;
  judgeText(judgeValue(value, object, gone, report), object, gone, report);
  if (value.kind !== "dictionary") return;
  const here = reader.at;
  const next = nextValue(reader);
  if (next?.kind === "word" && next.word === "stream") scanStream(reader, value.entries, object, gone, limits, report);
  else reader.at = here;
}

const streamEnd = Buffer.from("endstream");

function scanStream(reader: Reader, dictionary: ReadonlyMap<string, PdfValue>, object: number, gone: GoneCheck, limits: ScanLimits, report: Report): void {
  if (reader.bytes[reader.at] === 13) reader.at++;
  if (reader.bytes[reader.at] === 10) reader.at++;
  const all = Buffer.from(reader.bytes.buffer, reader.bytes.byteOffset, reader.bytes.byteLength);
  const claimed = dictionary.get("Length");
  const length = claimed?.kind === "number" ? claimed.value : 0;
  // The claim is believed only where the end really stands behind it.
  const closes = all.indexOf(streamEnd, reader.at + Math.max(0, length));
  const honest = closes >= 0 && closes - (reader.at + length) <= 2;
  const end = honest ? closes : all.indexOf(streamEnd, reader.at);
  const raw = reader.bytes.subarray(reader.at, end < 0 ? reader.end : end);
  reader.at = end < 0 ? reader.end : end + streamEnd.length;
  if (end < 0) report({ code: "UNREADABLE", object });
  const decoded = decodeStream(raw, dictionary, limits.streamBytes);
  if (decoded.kind === "too-large") return report({ code: "TOO_LARGE_TO_CHECK", object });
  if (decoded.kind === "broken" || (!isOf(dictionary, "Subtype", "Image") && isMasked(decoded.kind, dictionary))) report({ code: "UNREADABLE", object });
  scanBytes(decoded.bytes, dictionary, object, gone, report);
  if (decoded.kind === "decoded") giveBack(decoded.bytes);
}

function isOf(dictionary: ReadonlyMap<string, PdfValue>, key: string, name: string): boolean {
  const value = dictionary.get(key);
  return value?.kind === "name" && value.name === name;
}

/** Packed in a way that is not undone here, so that nothing could be found in it. */
function isMasked(decoded: "decoded" | "opaque" | "broken", dictionary: ReadonlyMap<string, PdfValue>): boolean {
  return decoded === "opaque" || (dictionary.has("DecodeParms") && !isOf(dictionary, "Type", "XRef"));
}

function scanBytes(bytes: Uint8Array, dictionary: ReadonlyMap<string, PdfValue>, object: number, gone: GoneCheck, report: Report): void {
  if (isOf(dictionary, "Subtype", "Image") || !looksWritten(bytes)) {
    if (gone.inLetters(lettersIn(bytes))) report({ code: "TERM_IN_STREAM", object });
    return;
  }
  const isTable = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes("begincmap");
  const reader = readerOf(bytes);
  const written: string[] = [];
  for (let value = nextValue(reader); value !== undefined; value = nextValue(reader))
    if (!(isTable && isCode(value))) written.push(...judgeValue(value, object, gone, report));
  judgeText(written, object, gone, report, "TERM_IN_STREAM");
}

const longestCode = 4;

/** In a table of characters a short string is a number: two of them side by side are no word. */
function isCode(value: PdfValue): boolean {
  return value.kind === "string" && value.bytes.length <= longestCode;
}

/** Strings of one object, side by side and run together: a word may be split over many of them. */
function judgeText(strings: readonly string[], object: number, gone: GoneCheck, report: Report, code: Leak["code"] = "TERM_IN_STRING"): void {
  if (strings.length > 0 && (gone.inText(strings.join("\n")) || gone.inWords(strings.join("")))) report({ code, object });
}

/** Words of the format that stand in every copy. */
const ordinary = wordsOf(`
  Type Catalog Pages Page Parent Count Kids MediaBox Contents Resources XObject Font Size Root Length Filter FlateDecode Subtype
  Image Width Height ColorSpace DeviceRGB DeviceGray BitsPerComponent Type0 Type1 BaseFont Courier Encoding WinAnsiEncoding
  Identity-H DescendantFonts ToUnicode CIDFontType2 CIDSystemInfo Registry Ordering Supplement DW FontDescriptor FontName Flags
  FontBBox ItalicAngle Ascent Descent CapHeight StemV CIDInit ProcSet CMapName Itself CMapType obj endobj stream endstream xref
  trailer startxref findresource dict begin def end begincmap endcmap begincodespacerange endcodespacerange beginbfrange endbfrange
  Do cm Tr Tm Tf Tj TJ BT ET true false null
`);
const ordinaryStrings: ReadonlySet<string> = new Set(["Adobe", "Identity", "UCS"]);

/** Reports keys and names on the way and gives back the text of every string, in each encoding it may have. */
function judgeValue(value: PdfValue, object: number | undefined, gone: GoneCheck, report: Report): string[] {
  const where = object === undefined ? {} : { object };
  switch (value.kind) {
    case "name":
      if (forbidden.has(value.name)) report({ code: "FORBIDDEN_KEY", key: value.name, ...where });
      else if (!ordinary.has(value.name) && gone.inWords(value.name)) report({ code: "TERM_IN_NAME", ...where });
      return [];
    case "string":
      return ordinaryStrings.has(text(value.bytes)) ? [] : judgeString(value.bytes, where, gone, report);
    case "comment":
      return judgeString(value.bytes, where, gone, report);
    case "word":
      return ordinary.has(value.word) || !/\p{L}{2}/u.test(value.word) ? [] : [value.word];
    case "list": {
      const parts = value.items.map((item) => judgeValue(item, object, gone, report));
      const joined = parts.flat().join("");
      if (gone.inText(joined)) report({ code: "TERM_IN_STRING", ...where });
      return joined === "" ? [] : [joined];
    }
    case "dictionary":
      return [...value.entries].flatMap(([key, entry]) => [
        ...judgeValue({ kind: "name", name: key.replace(/\?\d+$/, "") }, object, gone, report),
        ...judgeValue(entry, object, gone, report),
      ]);
    default:
      return [];
  }
}

function judgeString(bytes: Uint8Array, where: { readonly object?: number }, gone: GoneCheck, report: Report): string[] {
  const wide = wideText(bytes);
  const readings = [text(bytes), Buffer.from(bytes).toString("utf8"), ...(wide === undefined ? [] : [wide])];
  if (readings.some((reading) => gone.inText(reading))) report({ code: "TERM_IN_STRING", ...where });
  return [(wide !== undefined && saysWide(bytes) ? wide : readings[0]) ?? ""];
}

function wideText(bytes: Uint8Array): string | undefined {
  return bytes.length < 2 || bytes.length % 2 === 1 ? undefined : new TextDecoder("utf-16be").decode(bytes);
}

/** Two bytes a sign: it is marked so, or read as one byte a sign it would hold what no text holds. */
function saysWide(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xfe && bytes[1] === 0xff) || bytes.some((byte) => byte < 9 || (byte > 13 && byte < 32));
}

const sampleBytes = 4096;

/** Whether bytes are a text of the format (a page's content, a table) rather than a picture or a font. */
function looksWritten(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, sampleBytes);
  let odd = 0;
  for (const byte of sample) if (byte < 9 || (byte > 13 && byte < 32)) odd++;
  return odd <= sample.length / 10;
}

const shortestRun = 6;

/** Runs of letters among any bytes, also with a zero after each, as two-byte text has them. */
function lettersIn(bytes: Uint8Array): string {
  const runs: string[] = [];
  let run = "";
  let gap = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    const lower = byte | 32;
    if (lower >= 97 && lower <= 122) {
      run += String.fromCharCode(byte);
      gap = false;
    } else if (run !== "") {
      if (byte === 0 && !gap) gap = true;
      else {
        if (run.length >= shortestRun) runs.push(run);
        run = "";
        gap = false;
      }
    }
  }
  if (run.length >= shortestRun) runs.push(run);
  return runs.join(" ");
}
