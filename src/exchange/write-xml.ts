// Writes a tree as XML text, so that what a value holds can never become markup.

/** An element to write; members that are undefined are left out. */
export interface XmlOut {
  readonly tag: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly content: string | readonly (XmlOut | undefined)[];
}

export function element(tag: string, content: XmlOut["content"], attributes: Readonly<Record<string, string>> = {}): XmlOut {
  return { tag, attributes, content };
}

/** An element, when there is something to say. */
export function optional(tag: string, content: string | undefined): XmlOut | undefined {
  return content === undefined ? undefined : element(tag, content);
}

/** A container, when something stands in it. */
export function filled(tag: string, children: readonly (XmlOut | undefined)[]): XmlOut | undefined {
  return children.some((each) => each !== undefined) ? element(tag, children) : undefined;
}

/** True when XML 1.0 has no way to write a character of it. */
export function isUnwritable(text: string): boolean {
  return !text.isWellFormed() || /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text);
}

export function writeXml(root: XmlOut): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${write(root, "")}\n`;
}

function write({ tag, attributes = {}, content }: XmlOut, indent: string): string {
  const opening = `${indent}<${tag}${Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escape(value)}"`)
    .join("")}>`;
  if (typeof content === "string") return `${opening}${escape(content)}</${tag}>`;
  const inner = content.flatMap((each) => (each === undefined ? [] : [write(each, `${indent}  `)]));
  return inner.length === 0 ? `${opening}</${tag}>` : `${opening}\n${inner.join("\n")}\n${indent}</${tag}>`;
}

/** A carriage return would be read back as a line feed, so it travels as a number. */
const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;" };

function escape(text: string): string {
  return text.replaceAll(/[&<>"\r]/g, (character) => escapes[character] ?? character);
}
