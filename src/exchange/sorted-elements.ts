// Sorts what a document says into what the desk has a field for and what a person must read, so that nothing disappears.
import type { XmlAttribute, XmlElement } from "./read-xml.ts";

/** An element, or an attribute as `path/@name`, and the member of our case it became. */
export interface Mapped {
  readonly path: string;
  readonly field: string;
}

/** What a person must read. `value` is the document's own text and may be personal. */
export interface ForPerson {
  readonly path: string;
  readonly value: string;
  readonly why: string;
}

/** Something in the document that does not fit. Never holds a name or an address. */
export interface Finding {
  readonly path: string;
  readonly code: string;
  readonly what: string;
  readonly remedy: string;
}

export interface Sorting {
  readonly mapped: readonly Mapped[];
  readonly forPerson: readonly ForPerson[];
  readonly findings: readonly Finding[];
}

/** What is gathered while one tree is read. Whatever is neither taken nor left by its end is left for a person. */
export class ElementSorter {
  readonly #mapped: Mapped[] = [];
  readonly #findings: Finding[] = [];
  readonly #taken = new Set<string>();
  readonly #reasons = new Map<string, string>();

  /** The element's text, now accounted for by this field. */
  take(element: XmlElement, field: string): string {
    this.#taken.add(element.path);
    this.#mapped.push({ path: element.path, field });
    return element.text;
  }

  /** The element says something by being there; what stands in it is still to be sorted. */
  takePresence(element: XmlElement, field: string): void {
    if (element.text === "" && element.children.length === 0) this.#taken.add(element.path);
    this.#mapped.push({ path: element.path, field });
  }

  takeAttribute(element: XmlElement, attribute: XmlAttribute, field: string): string {
    const path = `${element.path}/@${attribute.name}`;
    this.#taken.add(path);
    this.#mapped.push({ path, field });
    return attribute.value;
  }

  /** Everything under the element that nobody takes is for a person, and this is why. The nearest reason counts. */
  leave(element: XmlElement, why: string): void {
    this.#reasons.set(element.path, why);
  }

  tell(element: XmlElement, code: string, what: string, remedy: string): void {
    this.#findings.push({ path: element.path, code, what, remedy });
  }

  sorted(root: XmlElement): Sorting {
    return { mapped: this.#mapped, forPerson: [...this.#rest(root, "The desk has no field for it.")], findings: this.#findings };
  }

  *#rest(element: XmlElement, inherited: string): Generator<ForPerson> {
    const why = this.#reasons.get(element.path) ?? inherited;
    const isSaid = element.text !== "" || element.children.length === 0;
    if (isSaid && !this.#taken.has(element.path)) yield { path: element.path, value: element.text, why };
    for (const { name, value } of element.attributes) {
      const path = `${element.path}/@${name}`;
      if (!this.#taken.has(path)) yield { path, value, why };
    }
    for (const child of element.children) yield* this.#rest(child, why);
  }
}

/** The elements on a path: `//` steps over any depth, `/` to a child; a name counts when its namespace is one of these. */
export function select(root: XmlElement, path: string, namespaces: ReadonlySet<string>): readonly XmlElement[] {
  const steps = [...path.matchAll(/(\/\/?)([^/]+)/g)];
  return steps.reduce<readonly XmlElement[]>(
    (from, [, stride, name]) => {
      const candidates = from.flatMap((element) => (stride === "//" ? [...below(element)] : element.children));
      return [...new Set(candidates)].filter((element) => element.name === name && namespaces.has(element.namespace));
    },
    [root],
  );
}

function* below(element: XmlElement): Generator<XmlElement> {
  for (const child of element.children) {
    yield child;
    yield* below(child);
  }
}
