// Goes through JSON text and changes only the values that are told to change; every other character stays as the source wrote it.

interface JsonText {
  /** Names of the members on the way here; a list adds nothing. */
  readonly path: readonly string[];
  readonly kind: "string" | "number" | "name";
  readonly value: string;
}

/** What to write instead; none to leave it. What is written is always a string. */
export type ChangeJson = (found: JsonText) => string | undefined;

type Rewriting = { readonly kind: "rewritten"; readonly text: string } | { readonly kind: "not-json" } | { readonly kind: "too-deep" };

const deepest = 64;
const token = /\s+|[{}[\],:]|"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null/sy;

interface Level {
  readonly isObject: boolean;
  /** The member that is being read. */
  name?: string;
  expectsName: boolean;
}

export function rewriteJson(source: string, change: ChangeJson): Rewriting {
  if (!/^\s*[{["]/.test(source) || !isJson(source)) return { kind: "not-json" };
  const levels: Level[] = [];
  let text = "";
  for (let at = 0; at < source.length;) {
    token.lastIndex = at;
    const found = token.exec(source)?.[0];
    if (found === undefined) return { kind: "not-json" };
    // What is told to change may itself hold JSON that is read by the same expression, so its place is not relied on.
    at += found.length;
    if (levels.length > deepest) return { kind: "too-deep" };
    text += rewriteToken(found, levels, change);
  }
  return { kind: "rewritten", text };
}

function isJson(source: string): boolean {
  try {
    JSON.parse(source);
    return true;
  } catch {
    return false;
  }
}

function rewriteToken(found: string, levels: Level[], change: ChangeJson): string {
  const level = levels.at(-1);
  const first = found.charAt(0);
  if (first === "{" || first === "[") levels.push({ isObject: first === "{", expectsName: first === "{" });
  else if (first === "}" || first === "]") levels.pop();
  else if (first === "," && level !== undefined) level.expectsName = level.isObject;
  else if (first === '"') return rewriteString(found, level, levels, change);
  else if (/[-\d]/.test(first)) return rewritten(found, change({ path: pathOf(levels), kind: "number", value: found }));
  return found;
}

function rewriteString(found: string, level: Level | undefined, levels: readonly Level[], change: ChangeJson): string {
  const value = JSON.parse(found) as string;
  if (level?.expectsName !== true) return rewritten(found, change({ path: pathOf(levels), kind: "string", value }));
  level.name = value;
  level.expectsName = false;
  return rewritten(found, change({ path: pathOf(levels), kind: "name", value }));
}

function rewritten(found: string, changed: string | undefined): string {
  return changed === undefined ? found : JSON.stringify(changed);
}

function pathOf(levels: readonly Level[]): string[] {
  return levels.flatMap((level) => (level.isObject && level.name !== undefined ? [level.name] : []));
}
