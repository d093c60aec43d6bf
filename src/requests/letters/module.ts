// The door of letters.
export { composeLetter, type LetterMatter, type LetterText } from "./compose-letter.ts";
export { owedLetter, type OwedLetter } from "./owed-letter.ts";
