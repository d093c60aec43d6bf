// Looks up the parts of one form, and notes where it contradicts itself.
import type { XmlElement } from "./read-xml.ts";
import { ElementSorter, select } from "./sorted-elements.ts";

const longestShortText = 300;

/** One form while it is read. Names count only in the namespaces given. */
export class FormReader {
  readonly sorter = new ElementSorter();
  readonly root: XmlElement;
  readonly #namespaces: ReadonlySet<string>;

  constructor(root: XmlElement, namespaces: ReadonlySet<string>) {
    this.root = root;
    this.#namespaces = namespaces;
  }

  all(path: string, from: XmlElement = this.root): readonly XmlElement[] {
    return select(from, path, this.#namespaces);
  }

  /** The one text the form gives for this; nothing, and a finding, when it gives two that differ. */
  single(path: string, field: string, from: XmlElement = this.root): string | undefined {
    const found = this.all(path, from).filter(({ text }) => text !== "");
    const [first] = found;
    if (first === undefined) return undefined;
    if (found.some(({ text }) => text !== first.text)) {
      this.sorter.tell(first, "TWO_ANSWERS", "The form answers the same question twice, and the answers differ.", "Ask the authority which one holds.");
      return undefined;
    }
    if (first.text.length > longestShortText) {
      this.sorter.tell(first, "TOO_LONG", `The answer is longer than ${longestShortText} characters.`, "Read it and enter what belongs into the field.");
      return undefined;
    }
    for (const element of found) this.sorter.take(element, field);
    return first.text;
  }

  /** A word of a closed list; a word that is not on it is a finding. */
  word<Meaning>(path: string, field: string, words: ReadonlyMap<string, Meaning>): Meaning | undefined {
    const before = this.all(path).filter(({ text }) => text !== "" && !words.has(text));
    for (const element of before)
      this.sorter.tell(element, "UNKNOWN_WORD", "The form uses a word that is not on the list for this element.", "Read it, and enter what it means.");
    if (before.length > 0) return undefined;
    const text = this.single(path, field);
    return text === undefined ? undefined : words.get(text);
  }
}
