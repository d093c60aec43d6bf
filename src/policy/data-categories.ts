// The kinds of data that a data map may name, in plain words: loaded from a pack file, so that a page can say what is held without naming a column.
import { LineCounter, isMap, isScalar, parseDocument } from "yaml";
import type { Pair } from "yaml";

/** Key of a category (`user.contact.email`) → what it is in plain words. */
export type DataCategories = ReadonlyMap<string, string>;

interface CategoryProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly what: string;
  readonly remedy: string;
}

export type CategoriesReading =
  | { readonly kind: "loaded"; readonly categories: DataCategories }
  | { readonly kind: "refused"; readonly problems: readonly [CategoryProblem, ...CategoryProblem[]] };

const largestTextLength = 200_000;
const longestLabel = 80;
const keyShape = /^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$/;

/** `categories:` with a key and its words on each line. Every problem is told at once. */
export function loadDataCategories(file: string, text: string): CategoriesReading {
  const lines = new LineCounter();
  const problemAt = (offset: number, what: string, remedy: string): CategoryProblem => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), what, remedy };
  };
  if (text.length > largestTextLength) return { kind: "refused", problems: [problemAt(0, "The file is too long.", "Keep to 200,000 characters.")] };
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const [broken, ...more] = document.errors.map((error) => problemAt(error.pos[0], `This is not YAML: ${error.message}`, "Repair the line."));
  if (broken !== undefined) return { kind: "refused", problems: [broken, ...more] };
  const list = isMap(document.contents) ? document.contents.get("categories", true) : undefined;
  if (!isMap(list)) return { kind: "refused", problems: [problemAt(0, "The file holds no categories.", "Begin with `categories:` and one key a line.")] };
  const categories = new Map(list.items.map((pair) => [wordOf(pair.key) ?? "", wordOf(pair.value) ?? ""] as const));
  const [first, ...rest] = list.items.flatMap((pair) => faultsOf(pair, categories).map(([what, remedy]) => problemAt(offsetOf(pair), what, remedy)));
  return first === undefined ? { kind: "loaded", categories } : { kind: "refused", problems: [first, ...rest] };
}

function faultsOf(pair: Pair, categories: DataCategories): (readonly [what: string, remedy: string])[] {
  const [key, label] = [wordOf(pair.key) ?? "", wordOf(pair.value) ?? ""];
  if (!keyShape.test(key)) return [[`\`${key}\` is no key of a category.`, "Write small letters, digits and underscores, with dots between the levels."]];
  const parent = parentOf(key);
  return [
    ...(label.trim().length < 3 || label.length > longestLabel
      ? [[`\`${key}\` has no words, or too many.`, `Write 3 to ${longestLabel} characters.`] as const]
      : []),
    ...(parent !== undefined && !categories.has(parent) ? [[`\`${key}\` stands without \`${parent}\`.`, "Add the parent too."] as const] : []),
  ];
}

/** The words of a category or, where it is not known, of its nearest parent; undefined when not even that is known. */
export function categoryWords(categories: DataCategories, key: string): string | undefined {
  for (let each: string | undefined = key; each !== undefined; each = parentOf(each)) {
    const label = categories.get(each);
    if (label !== undefined) return label;
  }
  return undefined;
}

function parentOf(key: string): string | undefined {
  const dot = key.lastIndexOf(".");
  return dot < 0 ? undefined : key.slice(0, dot);
}

function wordOf(node: unknown): string | undefined {
  return isScalar(node) && typeof node.value === "string" ? node.value : undefined;
}

function offsetOf({ key }: Pair): number {
  return isScalar(key) ? (key.range?.[0] ?? 0) : 0;
}
