// The door of letters.
export { groundWords } from "./challenge-letters.ts";
export { composeLetter } from "./compose-letter.ts";
export { compulsoryWays } from "./compulsory-ways.ts";
export type { Form3Matter } from "./form-3.ts";
export { inWords, type Letter } from "./letter.ts";
export type { LetterMatter, RefusedLine } from "./letter-matter.ts";
export { letterText } from "./letter-text.ts";
export { deniedLines, owedLetter, type OwedLetter } from "./owed-letter.ts";
