// Takes the messages of a mailbox file apart, one at a time, in the four ways in which mailbox files mark where a message ends.

/**
 * Lines of a body that begin like a separator are hidden behind `>`: once more for each that is there (`mboxrd`), or once at
 * most (`mboxo`). `mboxcl` states each body's length as well, and `mboxcl2` only that.
 */
export type MboxForm = "mboxrd" | "mboxo" | "mboxcl" | "mboxcl2";

export type MboxItem =
  | { readonly kind: "message"; readonly number: number; readonly raw: Buffer }
  | { readonly kind: "too large"; readonly number: number }
  /** Nothing after this can be told apart. */
  | { readonly kind: "broken"; readonly what: string };

interface Line {
  readonly bytes: Buffer;
  /** Whether a line begins here: a very long one comes in several parts. */
  readonly begins: boolean;
}

interface Growing {
  readonly number: number;
  readonly parts: Buffer[];
  bytes: number;
  inHeader: boolean;
  /** Of the body, as stated and not yet seen; 0 where nothing is stated or all has come. */
  due: number;
  /** All that was stated has come: only an empty line and a separator may follow. */
  isComplete: boolean;
  afterEmpty: boolean;
}

const longestPart = 64 * 1024;
const newLine = 10;

export async function* mboxMessages(pieces: AsyncIterable<Uint8Array>, form: MboxForm, mostBytes: number): AsyncGenerator<MboxItem> {
  let message: Growing | undefined;
  let number = 0;
  for await (const line of linesOf(pieces)) {
    const separates = line.begins && isSeparator(line.bytes) && (message === undefined || mayEnd(message, form));
    if (separates) {
      if (message !== undefined) yield finished(message, mostBytes);
      number += 1;
      message = { number, parts: [], bytes: 0, inHeader: true, due: 0, isComplete: false, afterEmpty: false };
      continue;
    }
    if (message === undefined) {
      if (isEmpty(line.bytes)) continue;
      return yield { kind: "broken", what: "The file does not begin as a mailbox does." };
    }
    const fault = grow(message, line, { form, mostBytes });
    if (fault !== undefined) return yield { kind: "broken", what: fault };
  }
  if (message === undefined) return;
  if (message.due > 0) return yield { kind: "broken", what: untrue(message) };
  yield finished(message, mostBytes);
}

/** Where bodies hide such lines, each that is not hidden ends a message: rather one too many than a message inside another one's record. */
function mayEnd(message: Growing, form: MboxForm): boolean {
  return form === "mboxrd" || form === "mboxo" || (message.due === 0 && message.afterEmpty);
}

function untrue({ number }: Growing): string {
  return `Message ${number} states a length that its file does not bear out; it and what follows are not read. State another form of mailbox.`;
}

function grow(message: Growing, line: Line, how: { readonly form: MboxForm; readonly mostBytes: number }): string | undefined {
  const { bytes } = line;
  if (message.isComplete) return isEmpty(bytes) ? undefined : untrue(message);
  if (message.due > 0) {
    // The line end that closes the body may be counted or may stand behind it.
    if (bytes.length > message.due && !isEmpty(bytes.subarray(message.due))) return untrue(message);
    message.due = Math.max(0, message.due - bytes.length);
    message.isComplete = message.due === 0;
    message.afterEmpty = message.isComplete;
  } else message.afterEmpty = line.begins && isEmpty(bytes);
  add(message, line.begins && !message.inHeader ? unescaped(bytes, how.form) : bytes, how.mostBytes);
  if (message.inHeader && line.begins && isEmpty(bytes)) {
    message.inHeader = false;
    message.due = how.form === "mboxcl" || how.form === "mboxcl2" ? statedLength(Buffer.concat(message.parts)) : 0;
    message.afterEmpty = message.due === 0;
  }
  return undefined;
}

/** What is longer than it may be is counted and not kept. */
function add(message: Growing, bytes: Buffer, mostBytes: number): void {
  message.bytes += bytes.length;
  if (message.bytes > mostBytes) message.parts.length = 0;
  else message.parts.push(bytes);
}

function finished(message: Growing, mostBytes: number): MboxItem {
  if (message.bytes > mostBytes) return { kind: "too large", number: message.number };
  const raw = Buffer.concat(message.parts);
  if (message.isComplete) return { kind: "message", number: message.number, raw };
  // The empty line before a separator belongs to the mailbox and not to the message.
  const end = /\r?\n\r?\n$/.test(raw.toString("latin1", Math.max(0, raw.length - 4))) ? raw.length - (raw.at(-2) === 13 ? 2 : 1) : raw.length;
  return { kind: "message", number: message.number, raw: raw.subarray(0, end) };
}

function isEmpty(line: Buffer): boolean {
  return line[0] === newLine || (line[0] === 13 && line[1] === newLine);
}

/** `From someone Sat Jan  3 01:05:34 2026`: with a time, so that a sentence that begins so does not end a message. */
function isSeparator(line: Buffer): boolean {
  return line.subarray(0, 5).toString("latin1") === "From " && /^From .*\d\d:\d\d/.test(line.toString("latin1", 0, 300));
}

function unescaped(line: Buffer, form: MboxForm): Buffer {
  if (form === "mboxcl2" || line[0] !== 62) return line;
  const depth = /^>+/.exec(line.toString("latin1", 0, 200))?.[0].length ?? 0;
  const isHidden = line.subarray(depth, depth + 5).toString("latin1") === "From ";
  return isHidden && (depth === 1 || form === "mboxrd") ? line.subarray(1) : line;
}

function statedLength(header: Buffer): number {
  const [, digits] = /^content-length:[ \t]*(\d{1,12})[ \t]*\r?$/im.exec(header.toString("latin1")) ?? [];
  return digits === undefined ? 0 : Number(digits);
}

async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let rest: Buffer = Buffer.alloc(0);
  let begins = true;
  for await (const piece of pieces) {
    const bytes = rest.length === 0 ? Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength) : Buffer.concat([rest, piece]);
    let from = 0;
    for (let end = bytes.indexOf(newLine); end >= 0; end = bytes.indexOf(newLine, from)) {
      yield { bytes: bytes.subarray(from, end + 1), begins };
      begins = true;
      from = end + 1;
    }
    rest = bytes.subarray(from);
    if (rest.length > longestPart) {
      yield { bytes: rest, begins };
      [rest, begins] = [Buffer.alloc(0), false];
    }
  }
  if (rest.length > 0) yield { bytes: rest, begins };
}
