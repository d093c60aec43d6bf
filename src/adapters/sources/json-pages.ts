// Turns the pages of an HTTP API's list, one after another, and never beyond the place the list was asked of.
import { createHash } from "node:crypto";
import { type Answer, Stopped } from "./json-answer.ts";

/** How a list goes on. Field names are dotted paths in the answer. */
export type Paging =
  | { readonly kind: "one-page" }
  /** The answer holds the next page's address. */
  | { readonly kind: "next-in-body"; readonly field: string }
  /** The header `Link` holds it, with `rel="next"`. */
  | { readonly kind: "next-in-header" }
  | { readonly kind: "cursor"; readonly field: string; readonly parameter: string }
  /** Until a page is empty: a short page may only be a filtered one. */
  | { readonly kind: "page-number"; readonly parameter: string; readonly first: number }
  | { readonly kind: "offset"; readonly offset: string; readonly limit: string; readonly size: number };

export interface Page {
  readonly kind: "page";
  readonly number: number;
  readonly url: URL;
  readonly items: readonly unknown[];
  readonly answer: Answer;
  /** Digest of its bytes. */
  readonly body: string;
  /** The very bytes of an earlier page of this list. */
  readonly isRepeated: boolean;
}

/** A page that is not asked for yet. */
export interface PageAhead {
  readonly url: string;
  readonly number: number;
  /** Records on the pages before it. */
  readonly offset: number;
  /** How many pages right before it were repeated ones. */
  readonly repeated: number;
}

interface List {
  readonly first: URL;
  /** Everything must lie below it. */
  readonly base: URL;
  readonly paging: Paging;
  /** Where the records lie in an answer; absent when the answer is the list. */
  readonly records: string | undefined;
  readonly mostPages: number;
  /** Where a list goes on that was cut off, with what its pages before were. */
  readonly from?: { readonly ahead: PageAhead; readonly addresses: readonly string[]; readonly bodies: readonly string[] };
  ask(url: URL): Promise<Answer>;
}

const mostRepeated = 3;

/** The pages, and between any two of them where the list goes on. Throws `Stopped`. */
export async function* pagesOf(list: List): AsyncGenerator<Page | { readonly kind: "turn"; readonly ahead: PageAhead }> {
  const addresses = new Set(list.from?.addresses);
  const bodies = new Set(list.from?.bodies);
  let ahead: PageAhead = list.from?.ahead ?? { url: startOf(list).href, number: 1, offset: 0, repeated: 0 };
  for (;;) {
    const { number } = ahead;
    if (number > list.mostPages) throw new Stopped("TOO_MANY_PAGES");
    if (addresses.has(ahead.url)) throw new Stopped("ENDLESS_PAGING");
    addresses.add(ahead.url);
    const url = new URL(ahead.url);
    const answer = await list.ask(url);
    const items = itemsIn(answer.value, list.records);
    const body = createHash("sha256").update(answer.bytes).digest("base64");
    const isRepeated = items.length > 0 && bodies.has(body);
    bodies.add(body);
    const repeated = isRepeated ? ahead.repeated + 1 : 0;
    if (repeated >= mostRepeated) throw new Stopped("ENDLESS_PAGING");
    yield { kind: "page", number, url, items, answer, body, isRepeated };
    const offset = ahead.offset + items.length;
    const next = nextOf(list, { url, answer, items, number, offset });
    if (next === undefined) return;
    ahead = { url: next.href, number: number + 1, offset, repeated };
    yield { kind: "turn", ahead };
  }
}

function startOf({ first, paging }: List): URL {
  if (paging.kind === "page-number") return withParameters(first, { [paging.parameter]: String(paging.first) });
  if (paging.kind === "offset") return withParameters(first, { [paging.offset]: "0", [paging.limit]: String(paging.size) });
  return first;
}

interface Turned {
  readonly url: URL;
  readonly answer: Answer;
  readonly items: readonly unknown[];
  readonly number: number;
  readonly offset: number;
}

function nextOf(list: List, { url, answer, items, number, offset }: Turned): URL | undefined {
  const { paging } = list;
  switch (paging.kind) {
    case "one-page":
      return undefined;
    case "next-in-body":
      return addressBelow(list, url, wordAt(answer.value, paging.field));
    case "next-in-header":
      return addressBelow(list, url, nextLink(answer.link ?? ""));
    case "cursor": {
      const cursor = wordAt(answer.value, paging.field);
      return cursor === undefined ? undefined : withParameters(url, { [paging.parameter]: cursor });
    }
    case "page-number":
      return items.length === 0 ? undefined : withParameters(url, { [paging.parameter]: String(paging.first + number) });
    case "offset":
      return items.length === 0 ? undefined : withParameters(url, { [paging.offset]: String(offset) });
  }
}

function withParameters(url: URL, parameters: { readonly [name: string]: string }): URL {
  const changed = new URL(url);
  for (const [name, value] of Object.entries(parameters)) changed.searchParams.set(name, value);
  return changed;
}

/** Our headers carry a secret: it goes nowhere but where the settings send it. */
function addressBelow({ base }: List, from: URL, address: string | undefined): URL | undefined {
  if (address === undefined) return undefined;
  const next = URL.parse(address, from);
  if (next === null || next.origin !== base.origin || next.username !== "" || next.password !== "" || !next.pathname.startsWith(base.pathname))
    throw new Stopped("OTHER_ORIGIN");
  next.hash = "";
  return next;
}

/** The address with `rel="next"` of a `Link` header. */
function nextLink(header: string): string | undefined {
  for (const [, address, parameters = ""] of header.matchAll(/<([^>]*)>((?:\s*;\s*[^\s=,;]+\s*=\s*(?:"[^"]*"|[^",;\s]*))*)/g)) {
    const [, quoted, plain] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^",;\s]*))/i.exec(parameters) ?? [];
    if ((quoted ?? plain ?? "").toLowerCase().split(/\s+/).includes("next")) return address;
  }
  return undefined;
}

/** A cursor or an address; none when it is absent, null or empty. Anything else is not what the settings say. */
function wordAt(value: unknown, path: string): string | undefined {
  const found = valueAt(value, path);
  if (found === undefined || found === null || found === "" || found === false) return undefined;
  if (typeof found !== "string" && typeof found !== "number") throw new Stopped("NOT_THE_SHAPE");
  return String(found);
}

export function itemsIn(value: unknown, path: string | undefined): readonly unknown[] {
  const items = path === undefined ? value : valueAt(value, path);
  if (!Array.isArray(items)) throw new Stopped("NOT_THE_SHAPE");
  return items;
}

/** What lies at a dotted path of objects. */
export function valueAt(value: unknown, path: string): unknown {
  let at = value;
  for (const name of path.split(".")) {
    if (typeof at !== "object" || at === null || Array.isArray(at) || !Object.hasOwn(at, name)) return undefined;
    at = (at as { readonly [name: string]: unknown })[name];
  }
  return at;
}
