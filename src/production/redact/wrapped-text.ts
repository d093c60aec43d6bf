// Reads text that lies inside a text as Base64, as mails and web addresses carry it: a name in it is read by any program that opens it.
import { textOfBytes } from "./escapes.ts";

export interface WrappedText {
  readonly text: string;
  /** Where it lies, in UTF-16 units of the text around it; the end is exclusive. */
  readonly from: number;
  readonly to: number;
}

/** Signs of either alphabet, and of each alone: a sign of the other one parts them, as `/` does in a web address. Lines that follow one another are one. */
const runs = ["[A-Za-z0-9+/_-]", "[A-Za-z0-9+/]", "[A-Za-z0-9_-]"].map((sign) => new RegExp(`${sign}+(?:\\r?\\n${sign}+)*={0,2}`, "g"));
/** Shorter ones are words. */
const shortest = 12;
/** A line with more after it on the next is at least so long. */
const shortestLine = 16;
/** A word on the next line may have been taken for a part of it: so much may be garbled. */
const mostGarbled = 0.3;

/** Every stretch that is text in Base64, of either alphabet, wrapped or not. What decodes to anything but UTF-8 is none, but for a garbled end. */
export function wrappedIn(source: string): readonly WrappedText[] {
  const found = new Map<string, WrappedText | undefined>();
  for (const run of runs)
    for (const { 0: all, index } of source.matchAll(run)) {
      if (all.length < shortest) continue;
      for (const [start, end] of stretchesOf(all)) {
        const place = `${index + start} ${index + end}`;
        if (end - start < shortest || found.has(place)) continue;
        const text = decoded(all.slice(start, end));
        found.set(place, text === undefined ? undefined : { text, from: index + start, to: index + end });
      }
    }
  return [...found.values()].filter((each) => each !== undefined);
}

type Stretch = readonly [number, number];

/** A word on a line before or behind may have been taken for a part of it: each way to read it counts. */
function stretchesOf(all: string): readonly Stretch[] {
  const lines = linesOf(all);
  const [first, last] = [lines[0], lines.at(-1)];
  if (first === undefined || last === undefined || lines.length === 1) return [[0, all.length]];
  const [second, butLast] = [lines[1]?.[0] ?? 0, lines.at(-2)?.[1] ?? 0];
  const whole: readonly Stretch[] = [[0, all.length], [0, butLast], [second, all.length], ...(second < butLast ? [[second, butLast] as const] : [])];
  return [...whole, ...lines, ...groupsOf(lines)];
}

function linesOf(all: string): readonly Stretch[] {
  const lines: Stretch[] = [];
  for (const { 0: text, index } of all.matchAll(/[^\r\n]+/g)) lines.push([index, index + text.length]);
  return lines;
}

/** Lines that are put together from the first on that is long enough to be gone on with. */
function groupsOf(lines: readonly Stretch[]): readonly Stretch[] {
  const groups: Stretch[] = [];
  let start: number | undefined;
  for (const [from, to] of lines) {
    start ??= from;
    if (to - from >= shortestLine) continue;
    groups.push([start, to]);
    start = undefined;
  }
  const end = lines.at(-1)?.[1];
  return start === undefined || end === undefined ? groups : [...groups, [start, end]];
}

function decoded(wrapped: string): string | undefined {
  const signs = wrapped
    .replaceAll(/[\r\n=]/g, "")
    .replaceAll("-", "+")
    .replaceAll("_", "/");
  // One sign alone at the end holds no byte.
  const whole = signs.length % 4 === 1 ? signs.slice(0, -1) : signs;
  try {
    const text = textOfBytes(Uint8Array.fromBase64(whole, { lastChunkHandling: "loose" }));
    return isReadable(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

function isReadable(text: string): boolean {
  let garbled = 0;
  for (const sign of text) if (sign === "\ufffd") garbled += 1;
  return garbled <= text.length * mostGarbled;
}
