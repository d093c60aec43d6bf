// The door of letters.
export { composeLetter, type LetterMatter } from "./compose-letter.ts";
export { owedLetter, type OwedLetter } from "./owed-letter.ts";
