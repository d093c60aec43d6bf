// Tells a MySQL or MariaDB role that can only look from one that could change something, from the server's own list of its grants.

export interface Grant {
  /** Rights that are more than looking, in the server's words. A grant that is not understood counts as one. */
  readonly beyondLooking: readonly string[];
  /** Roles that are lent by this grant, quoted as the server quotes them: what they may do has to be read too. */
  readonly roles: readonly string[];
}

const looking: ReadonlySet<string> = new Set(["SELECT", "USAGE", "SHOW VIEW"]);

export function onlyLooks(right: string): boolean {
  return looking.has(right.toUpperCase());
}

const notUnderstood: Grant = { beyondLooking: ["A GRANT THAT IS NOT UNDERSTOOD"], roles: [] };

/** One line of `SHOW GRANTS`. What is not known to be harmless is named as a right. */
export function readGrant(line: string): Grant {
  const words = wordsOf(line);
  if (words === undefined) return notUnderstood;
  const start = words.slice(0, 3).join(" ").toUpperCase();
  // Which role is active by default, and what is taken away again: neither gives a right that another line does not name.
  if (start === "SET DEFAULT ROLE" || start.startsWith("REVOKE ")) return { beyondLooking: [], roles: [] };
  if (words[0]?.toUpperCase() !== "GRANT" || words.length < 4) return notUnderstood;
  return isQuoted(words[1] ?? "") ? roleGrant(words) : rightsGrant(words);
}

function roleGrant(words: readonly string[]): Grant {
  const to = words.findIndex((word) => word.toUpperCase() === "TO");
  if (to < 0) return notUnderstood;
  const roles = splitAtCommas(words.slice(1, to)).map((parts) => parts.join(""));
  return { beyondLooking: hasTail(words, to, "ADMIN") ? ["ADMIN OPTION"] : [], roles };
}

function rightsGrant(words: readonly string[]): Grant {
  const on = words.findIndex((word, place) => word.toUpperCase() === "ON" && depthAt(words, place) === 0);
  if (on < 0) return notUnderstood;
  const rights = splitAtCommas(words.slice(1, on)).map(withoutColumns);
  const beyond = rights.filter((right) => !onlyLooks(right));
  return { beyondLooking: hasTail(words, on, "GRANT") ? [...beyond, "GRANT OPTION"] : beyond, roles: [] };
}

/** `INSERT (a, b)` is the right `INSERT`, if only on some columns. */
function withoutColumns(parts: readonly string[]): string {
  const bracket = parts.indexOf("(");
  return (bracket < 0 ? parts : parts.slice(0, bracket)).join(" ").toUpperCase();
}

function hasTail(words: readonly string[], from: number, option: string): boolean {
  return words.some((word, place) => place > from && word.toUpperCase() === option && words[place + 1]?.toUpperCase() === "OPTION");
}

function splitAtCommas(words: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  words.forEach((word, place) => {
    if (word === "," && depthAt(words, place) === 0) parts.push([]);
    else parts.at(-1)?.push(word);
  });
  return parts;
}

function depthAt(words: readonly string[], place: number): number {
  return words.slice(0, place).reduce((depth, word) => depth + (word === "(" ? 1 : word === ")" ? -1 : 0), 0);
}

function isQuoted(word: string): boolean {
  return /^[`'"]/.test(word);
}

const wordPattern = /\s*(`(?:[^`]|``)*`|'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|[(),@]|[^\s,()@`'"]+)/y;

/** Words, brackets, commas and quoted names; nothing when a quote does not close. */
function wordsOf(line: string): string[] | undefined {
  const words: string[] = [];
  const text = line.trim();
  wordPattern.lastIndex = 0;
  while (wordPattern.lastIndex < text.length) {
    const found = wordPattern.exec(text);
    if (found?.[1] === undefined) return undefined;
    words.push(found[1]);
  }
  return words;
}
