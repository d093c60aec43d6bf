// Says what an attachment is from its bytes; what its label claims counts only where bytes cannot tell.
import type { AttachmentKind } from "../../app/reading-port.ts";

const archives = [
  "PK\u0003\u0004",
  "PK\u0005\u0006",
  "PK\u0007\u0008",
  "7z\u00bc\u00af\u0027\u001c",
  "Rar!\u001a\u0007",
  "\u001f\u008b",
  "BZh",
  "\u00fd7zXZ\u0000",
  "\u0028\u00b5\u002f\u00fd",
  "MSCF",
];
const images = ["\u0089PNG", "\u00ff\u00d8\u00ff", "GIF8", "II*\u0000", "MM\u0000*", "BM"];
const oldOffice = "\u00d0\u00cf\u0011\u00e0";
const tnef = "\u0078\u009f\u003e\u0022";
const headerLine = /^[!-9;-~]{1,76}:[ \t]?[^\r\n]*\r?\n/;

/** `mediaType` and `fileName` are the sender's claims. */
export function detectKind(bytes: Buffer, mediaType: string, fileName: string): AttachmentKind {
  const start = bytes.subarray(0, 16).toString("latin1");
  if (bytes.subarray(0, 1024).includes("%PDF-")) return "pdf";
  if (archives.some((mark) => start.startsWith(mark))) return isOfficeArchive(bytes) ? "office" : "archive";
  if (start.startsWith(oldOffice) || start.startsWith(tnef) || start.startsWith("{\\rtf")) return "office";
  if (images.some((mark) => start.startsWith(mark)) || isNewerImage(start)) return "image";
  if (claimsMessage(mediaType, fileName) && headerLine.test(bytes.subarray(0, 1200).toString("latin1").trimStart())) return "message";
  return looksLikeText(bytes, mediaType) ? "text" : "other";
}

function isOfficeArchive(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 8192);
  return (
    head.includes("[Content_Types].xml") ||
    head.includes("mimetypeapplication/vnd.oasis") ||
    head.includes("word/") ||
    head.includes("xl/") ||
    head.includes("ppt/")
  );
}

function isNewerImage(start: string): boolean {
  return (start.startsWith("RIFF") && start.slice(8, 12) === "WEBP") || /^....ftyp(heic|heix|avif|mif1)/s.test(start);
}

function claimsMessage(mediaType: string, fileName: string): boolean {
  return mediaType === "message/rfc822" || mediaType === "message/global" || /\.eml$/i.test(fileName);
}

/** Calendar, signatures and keys are text too, but nothing a request is written in. */
const textOfOtherSort = /^(text\/(calendar|vcard|x-vcard)|application\/(pgp-signature|pgp-keys|ics)|message\/(delivery-status|disposition-notification))/;

function looksLikeText(bytes: Buffer, mediaType: string): boolean {
  if (bytes.length === 0 || textOfOtherSort.test(mediaType)) return false;
  const head = bytes.subarray(0, 65_536);
  const wide = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  if (wide) return mediaType.startsWith("text/");
  if (head.subarray(0, 2).toString("latin1") === "MZ" || head.subarray(0, 4).toString("latin1") === "\u007fELF") return false;
  let strange = 0;
  for (const byte of head) if (byte === 0 || (byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13 && byte !== 27)) strange++;
  return mediaType.startsWith("text/") ? strange / head.length < 0.02 : strange === 0 && isUtf8(bytes, head.length);
}

function isUtf8(bytes: Buffer, length: number): boolean {
  // The cut may fall inside a character; three bytes less cannot start one that ends beyond it.
  for (let end = length; end >= Math.max(0, length - 3); end--) {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, end));
      return true;
    } catch {
      // One byte less.
    }
  }
  return false;
}
