// Reads text that lies inside a text as Base64, as mails and web addresses carry it: a name in it is read by any program that opens it.
import { textOfBytes } from "./escapes.ts";

export interface WrappedText {
  readonly text: string;
  /** Where it lies, in UTF-16 units of the text around it; the end is exclusive. */
  readonly from: number;
  readonly to: number;
}

/** Lines that follow one another are one. */
const run = /[A-Za-z0-9+/_-]+(?:\r?\n[A-Za-z0-9+/_-]+)*={0,2}/g;
/** Shorter ones are words. */
const shortestRun = 16;
const longestRun = 4_000_000;
/** A word on the next line may have been taken for a part of it: so much may be garbled. */
const mostGarbled = 0.3;

/** Every stretch that is text in Base64, of either alphabet, wrapped or not. What decodes to anything but UTF-8 is none, but for a garbled end. */
export function wrappedIn(source: string): readonly WrappedText[] {
  const found: WrappedText[] = [];
  for (const { 0: all, index } of source.matchAll(run)) {
    if (all.length < shortestRun || all.length > longestRun) continue;
    for (const [start, end] of stretchesOf(all)) {
      const text = decoded(all.slice(start, end));
      if (text !== undefined) found.push({ text, from: index + start, to: index + end });
    }
  }
  return found;
}

/** A word on the line before or behind may have been taken for a part of it: each way to read it counts. */
function stretchesOf(all: string): readonly (readonly [number, number])[] {
  const [second, last] = [all.indexOf("\n") + 1, all.lastIndexOf("\n")];
  if (second === 0) return [[0, all.length]];
  return [[0, all.length], [0, all[last - 1] === "\r" ? last - 1 : last], [second, all.length], ...(second <= last ? [[second, last] as const] : [])];
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
