// One answer of an HTTP API, taken in with caps on size, time and depth, and read as JSON without losing a digit.

export interface AnswerLimits {
  readonly bytesPerAnswer: number;
  readonly depth: number;
  /** From sending a request to the last byte of its answer. */
  readonly requestMs: number;
  /** A server may ask for patience this long, and no longer. */
  readonly longestWaitMs: number;
  readonly attempts: number;
}

/** Time as tests can give it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export type StopCode =
  | `HTTP_${number}`
  | "UNREACHABLE"
  | "REDIRECTED"
  | "ANSWER_TOO_LARGE"
  | "ANSWER_TOO_SLOW"
  | "ANSWER_CUT_OFF"
  | "TOO_DEEP"
  | "NOT_JSON"
  | "NOT_UTF8"
  | "BYTE_ORDER_MARK"
  | "OTHER_CHARSET"
  | "WAIT_TOO_LONG"
  | "NO_COLLECTION"
  | "NO_COLUMN"
  | "ODD_ACCOUNT"
  | "NO_RANGE"
  | "NOT_THE_SHAPE"
  | "NO_ID"
  | "MOMENT_WITHOUT_ZONE"
  | "OTHER_ORIGIN"
  | "ENDLESS_PAGING"
  | "TOO_MANY_PAGES"
  | "TOO_MANY_RECORDS"
  | "READ_TOO_LONG"
  | "CHANGED_SINCE";

/** Ends a read. Carries a code alone: an address or a message of the server may quote a person. */
export class Stopped extends Error {
  readonly code: StopCode;

  constructor(code: StopCode) {
    super(code);
    this.code = code;
  }
}

export interface Answer {
  readonly value: unknown;
  readonly bytes: Uint8Array;
  readonly etag: string | undefined;
  readonly link: string | undefined;
}

interface Asking {
  readonly headers: { readonly [name: string]: string };
  readonly limits: AnswerLimits;
  readonly clock: Clock;
  /** Keeps to our own pace: settles when the next request may go. */
  readonly turn: (signal?: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal | undefined;
}

const passing: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

/** A GET, tried again after what may pass. Never follows a redirect. Throws `Stopped`. */
export async function ask(url: URL, asking: Asking): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    await asking.turn(asking.signal);
    const tried = await tryOnce(url, asking);
    asking.signal?.throwIfAborted();
    if (tried.kind === "answer") return tried.answer;
    if (attempt >= asking.limits.attempts) throw new Stopped(tried.code);
    const wait = tried.waitMs ?? Math.min(asking.limits.longestWaitMs, 500 * 2 ** (attempt - 1));
    if (wait > asking.limits.longestWaitMs) throw new Stopped("WAIT_TOO_LONG");
    await asking.clock.sleep(wait, asking.signal);
  }
}

type Tried = { readonly kind: "answer"; readonly answer: Answer } | { readonly kind: "again"; readonly code: StopCode; readonly waitMs?: number };

async function tryOnce(url: URL, { headers, limits, clock, signal }: Asking): Promise<Tried> {
  const late = AbortSignal.timeout(limits.requestMs);
  const ending = signal === undefined ? late : AbortSignal.any([signal, late]);
  const response = await fetch(url, { headers, redirect: "manual", signal: ending }).catch(() => undefined);
  if (response === undefined) return { kind: "again", code: late.aborted ? "ANSWER_TOO_SLOW" : "UNREACHABLE" };
  if (!response.ok) {
    await response.body?.cancel().catch(() => undefined);
    if (response.status >= 300 && response.status < 400) throw new Stopped("REDIRECTED");
    if (!passing.has(response.status)) throw new Stopped(`HTTP_${response.status}`);
    const waitMs = patience(response.headers.get("retry-after"), clock);
    return { kind: "again", code: `HTTP_${response.status}`, ...(waitMs === undefined ? {} : { waitMs }) };
  }
  const bytes = await bodyOf(response, limits.bytesPerAnswer);
  if (bytes === undefined) return { kind: "again", code: late.aborted ? "ANSWER_TOO_SLOW" : "ANSWER_CUT_OFF" };
  const value = jsonOf(textOf(bytes, response.headers.get("content-type") ?? ""), limits.depth);
  return { kind: "answer", answer: { value, bytes, etag: response.headers.get("etag") ?? undefined, link: response.headers.get("link") ?? undefined } };
}

/** `Retry-After`: seconds, or a date. */
function patience(header: string | null, clock: Clock): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - clock.now());
}

/** Counted after unpacking, so that a small packed answer cannot grow without end. Nothing when it broke off. */
async function bodyOf(response: Response, most: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength;
      if (size > most) throw new Stopped("ANSWER_TOO_LARGE");
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof Stopped) throw error;
    return undefined;
  }
  return Buffer.concat(chunks);
}

function textOf(bytes: Uint8Array, contentType: string): string {
  const [, charset = "utf-8"] = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType) ?? [];
  if (!["utf-8", "utf8", "us-ascii"].includes(charset.toLowerCase())) throw new Stopped("OTHER_CHARSET");
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!text.startsWith("\uFEFF")) return text;
  } catch {
    throw new Stopped("NOT_UTF8");
  }
  throw new Stopped("BYTE_ORDER_MARK");
}

/** Numbers that JavaScript cannot hold exactly become their own digits as text. */
export function jsonOf(text: string, depth: number): unknown {
  if (isDeeper(text, depth)) throw new Stopped("TOO_DEEP");
  try {
    return JSON.parse(text, (_name, value: unknown, context?: { readonly source?: string }) =>
      typeof value === "number" && context?.source !== undefined && !isExact(value, context.source) ? context.source : value,
    );
  } catch {
    throw new Stopped("NOT_JSON");
  }
}

function isExact(value: number, source: string): boolean {
  if (/^-?\d+$/.test(source)) return Number.isSafeInteger(value);
  // Fifteen digits always survive; more of them do when the number writes itself so again.
  const digits = source.replace(/e.*$/i, "").replace(/[-.]/g, "").replace(/^0+/, "");
  return Number.isFinite(value) && (digits.length <= 15 || String(value) === source);
}

const [quote, backslash] = [0x22, 0x5c];

/** Looks at brackets outside of texts only; the parser says later whether they fit. */
function isDeeper(text: string, most: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign === quote) at = endOfText(text, at);
    else if (sign === 0x5b || sign === 0x7b) {
      if (++depth > most) return true;
    } else if (sign === 0x5d || sign === 0x7d) depth -= 1;
  }
  return false;
}

function endOfText(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === backslash) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return text.length;
}
