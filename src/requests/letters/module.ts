// The door of letters.
export { composeLetter } from "./compose-letter.ts";
export type { Letter } from "./letter.ts";
export type { ClarificationMatter } from "./letter-matter.ts";
export { letterText } from "./letter-text.ts";
export { owedLetter, type OwedLetter } from "./owed-letter.ts";
