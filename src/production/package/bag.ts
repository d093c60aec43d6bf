// The tag files of a bag (BagIt 1.0, RFC 8493): what a receiver's own tools use to see that nothing is missing and nothing was changed.
export interface BagFile {
  /** Inside the bag, with forward slashes: `data/declaration.txt`. */
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** In their order; gone through more than once. */
export interface BagFiles extends Iterable<BagFile> {
  readonly count: number;
  /** Of all of them. */
  readonly bytes: number;
}

export const bagDeclaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

const linesInPart = 1000;

/** The lines of a manifest, many at a time: a package may hold more files than one text should name. */
export function* manifestParts(files: Iterable<BagFile>): Generator<string> {
  let lines: string[] = [];
  for (const file of files) {
    lines.push(`${file.sha256}  ${encodePath(file.path)}\n`);
    if (lines.length < linesInPart) continue;
    yield lines.join("");
    lines = [];
  }
  yield lines.join("");
}

/** Percent, carriage return and line feed are the three characters a manifest line cannot hold. */
function encodePath(path: string): string {
  return path.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

export interface BagInfo {
  readonly organisation: string;
  readonly caseId: string;
  readonly instrument: string;
  /** Calendar day, `YYYY-MM-DD`. */
  readonly day: string;
  readonly payload: BagFiles;
}

export function bagInfoText(info: BagInfo): string {
  const { bytes, count } = info.payload;
  return [
    `Source-Organization: ${oneLine(info.organisation)}`,
    `External-Identifier: ${oneLine(info.caseId)}`,
    `External-Description: Records produced under ${oneLine(info.instrument)}`,
    `Bagging-Date: ${info.day}`,
    `Bag-Size: ${bytes} bytes`,
    `Payload-Oxum: ${bytes}.${count}`,
    "Bag-Software-Agent: Portcullis",
    "",
  ].join("\n");
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, " ").trim();
}
