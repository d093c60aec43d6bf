// Tells what a file is by its first bytes, since its name and its declared type are only what somebody wrote.

export type FileKind = "pdf" | "image" | "office" | "archive" | "text" | "other";

/** Readers of PDF look for its mark in the first kilobyte, so something may stand before it. */
const pdfMarkWithin = 1024;
const sample = 4096;

export function fileKindOf(bytes: Uint8Array): FileKind {
  const head = latin(bytes.subarray(0, pdfMarkWithin));
  if (head.includes("%PDF-")) return "pdf";
  if (/^(?:\x89PNG|\xff\xd8\xff|GIF8|BM|II\*\0|MM\0\*|RIFF[^]{4}WEBP)/.test(head) || /^[^]{4}ftyp(?:heic|heif|avif|mif1)/.test(head)) return "image";
  if (head.startsWith("\xd0\xcf\x11\xe0") || (head.startsWith("PK") && /word\/|xl\/|ppt\/|\[Content_Types\]\.xml|mimetypeapplication\/vnd\.oasis/.test(head)))
    return "office";
  if (/^(?:PK|\x1f\x8b|7z\xbc\xaf|Rar!|BZh|\xfd7zXZ)/.test(head)) return "archive";
  return isText(bytes.subarray(0, sample)) ? "text" : "other";
}

function isText(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte < 9 || (byte > 13 && byte < 27)) return false;
  return true;
}

function latin(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
