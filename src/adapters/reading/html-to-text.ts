// Turns a mail written in HTML into the words its reader would see, and says when words were hidden from that reader.

export interface HtmlReading {
  readonly text: string;
  /** Words the markup hides from a reader's eyes; they are left out of `text`. */
  readonly hidden: string;
  /** The `lang` of the document, when it claims one. */
  readonly language?: string;
}

interface Open {
  readonly name: string;
  readonly hides: boolean;
}

const deepest = 256;
const silent = new Set(["script", "style", "template", "title", "noscript", "iframe", "object", "svg", "math", "select", "textarea", "head"]);
const rawText = new Set(["script", "style", "title", "textarea", "iframe", "noscript", "xmp"]);
const alone = new Set(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]);
const closesItself = new Set(["p", "li", "td", "th", "tr", "option", "dt", "dd"]);
const block = new Set([
  "address",
  "article",
  "aside",
  "blockquote",
  "body",
  "center",
  "dd",
  "div",
  "dl",
  "dt",
  "fieldset",
  "footer",
  "form",
  "h1",
  "h2",
  "h3",
  "h4",
  "h5",
  "h6",
  "header",
  "hr",
  "li",
  "main",
  "nav",
  "ol",
  "p",
  "pre",
  "section",
  "table",
  "tbody",
  "tfoot",
  "thead",
  "tr",
  "ul",
]);

/** Never throws, takes time linear in the input, and gives at most `limit` code units of text. */
export function htmlToText(html: string, limit: number): HtmlReading {
  const shown: string[] = [];
  const hidden: string[] = [];
  const open: Open[] = [];
  let hiding = 0;
  let length = 0;
  let language: string | undefined;

  const say = (text: string): void => {
    if (length > limit) return;
    length += text.length;
    (hiding > 0 ? hidden : shown).push(text);
  };
  const close = (name: string): void => {
    const at = open.findLastIndex((element) => element.name === name);
    if (at < 0) return;
    for (const element of open.splice(at)) if (element.hides) hiding--;
  };

  let at = 0;
  while (at < html.length && length <= limit) {
    const start = html.indexOf("<", at);
    if (start < 0) {
      say(plainWords(html.slice(at)));
      break;
    }
    if (start > at) say(plainWords(html.slice(at, start)));
    const markup = readMarkup(html, start);
    at = markup.end;
    if (markup.kind === "text") say(plainWords("<"));
    if (markup.kind === "close") {
      close(markup.name);
      say(spacing(markup.name));
    }
    if (markup.kind === "open") {
      if (markup.name === "html") language ??= attribute(markup.attributes, "lang");
      if (closesItself.has(markup.name) && open.at(-1)?.name === markup.name) close(markup.name);
      say(spacing(markup.name));
      if (alone.has(markup.name)) continue;
      if (rawText.has(markup.name)) {
        at = endOfRawText(html, at, markup.name);
        continue;
      }
      const hides = hidesItsText(markup.name, markup.attributes);
      if (open.length < deepest) {
        open.push({ name: markup.name, hides });
        if (hides) hiding++;
      }
    }
  }
  const reading = { text: tidy(shown.join("")), hidden: tidy(hidden.join("")) };
  return language === undefined ? reading : { ...reading, language };
}

type Markup =
  | { readonly kind: "text" | "skip"; readonly end: number }
  | { readonly kind: "open"; readonly name: string; readonly attributes: string; readonly end: number }
  | { readonly kind: "close"; readonly name: string; readonly end: number };

const tagName = /[a-zA-Z][a-zA-Z0-9:-]{0,40}/y;

function readMarkup(html: string, start: number): Markup {
  if (html.startsWith("<!--", start)) {
    const end = html.indexOf("-->", start + 4);
    return { kind: "skip", end: end < 0 ? html.length : end + 3 };
  }
  const next = html[start + 1];
  if (next === "!" || next === "?") {
    const end = html.indexOf(">", start);
    return { kind: "skip", end: end < 0 ? html.length : end + 1 };
  }
  const closing = next === "/";
  tagName.lastIndex = start + (closing ? 2 : 1);
  const name = tagName.exec(html)?.[0].toLowerCase();
  if (name === undefined) return { kind: "text", end: start + 1 };
  const end = endOfTag(html, tagName.lastIndex);
  if (closing) return { kind: "close", name, end };
  return { kind: "open", name, attributes: html.slice(tagName.lastIndex, Math.max(tagName.lastIndex, end - 1)), end };
}

function endOfTag(html: string, from: number): number {
  let quote = "";
  // A tag longer than this is an attempt to make us search; what follows counts as text again.
  const last = Math.min(html.length, from + 100_000);
  for (let at = from; at < last; at++) {
    const char = html[at];
    if (quote !== "") {
      if (char === quote) quote = "";
    } else if (char === ">") {
      return at + 1;
    } else if ((char === '"' || char === "'") && html[at - 1] === "=") {
      quote = char;
    }
  }
  return last;
}

function endOfRawText(html: string, from: number, name: string): number {
  const closing = new RegExp(`</${name}[\\s/>]`, "gi");
  closing.lastIndex = from;
  const found = closing.exec(html);
  return found === null ? html.length : found.index;
}

function attribute(attributes: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|[\\s"'])${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, "i").exec(attributes);
  return found?.[1] ?? found?.[2] ?? found?.[3];
}

const hidingStyle =
  /display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$|!)|font-size\s*:\s*(?:0|0?\.\d+)(?:px|pt|em|rem|%)?\s*(?:;|$|!)|font-size\s*:\s*1px|mso-hide\s*:\s*all|max-height\s*:\s*0(?:px)?\s*(?:;|$|!)|(?:left|top|text-indent)\s*:\s*-\d{3,}/i;

function hidesItsText(name: string, attributes: string): boolean {
  if (silent.has(name) && name !== "head") return true;
  if (/(?:^|\s)hidden(?:\s|=|\/|$)/i.test(attributes.replace(/"[^"]*"|'[^']*'/g, '""'))) return true;
  const style = attribute(attributes, "style");
  return style !== undefined && hidingStyle.test(decodeEntities(style));
}

function spacing(name: string): string {
  if (name === "br") return "\n";
  if (name === "td" || name === "th") return "\t";
  if (name === "p" || /^h[1-6]$/.test(name)) return "\n\n";
  return block.has(name) ? "\n" : "";
}

function plainWords(markup: string): string {
  return decodeEntities(markup.replace(/[ \t\r\n\f]+/g, " "));
}

function tidy(text: string): string {
  return text
    .replace(/[ \t\u00a0]*\t[ \t\u00a0]*/g, "\t")
    .replace(/[ \u00a0]{2,}/g, " ")
    .replaceAll("\u00a0", " ")
    .replace(/[ \t]*\n[ \t]*/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

const latinNames =
  "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml".split(
    " ",
  );
const named = new Map<string, string>([
  ...latinNames.map((name, index): [string, string] => [name, String.fromCharCode(0xa0 + index)]),
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["euro", "€"],
  ["ndash", "–"],
  ["mdash", "—"],
  ["lsquo", "‘"],
  ["rsquo", "’"],
  ["sbquo", "‚"],
  ["ldquo", "“"],
  ["rdquo", "”"],
  ["bdquo", "„"],
  ["bull", "•"],
  ["hellip", "…"],
  ["trade", "™"],
  ["ensp", " "],
  ["emsp", " "],
  ["thinsp", " "],
  ["zwnj", ""],
  ["zwj", ""],
  ["lrm", ""],
  ["rlm", ""],
  ["OElig", "Œ"],
  ["oelig", "œ"],
  ["Scaron", "Š"],
  ["scaron", "š"],
  ["prime", "′"],
  ["check", "✓"],
  ["rarr", "→"],
  ["larr", "←"],
  ["minus", "−"],
  ["le", "≤"],
  ["ge", "≥"],
  ["ne", "≠"],
]);

function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z][a-z0-9]{1,8}));?/gi,
    (whole, hex: string | undefined, decimal: string | undefined, name: string | undefined) => {
      if (name !== undefined) return named.get(name) ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : "\ufffd";
    },
  );
}
