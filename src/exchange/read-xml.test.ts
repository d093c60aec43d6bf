// Hostile XML: every attack is a refusal with a place and a remedy, and nothing that is given makes the reader throw.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { readXml, xmlLimits } from "./read-xml.ts";
import type { Problem, XmlElement } from "./read-xml.ts";
import { textFromUtf8 } from "./text-from-utf8.ts";

const fixture = (name: string) => readFileSync(new URL(`../../tests/fixtures/exchange/${name}`, import.meta.url));

function problemsOf(input: Uint8Array | string): readonly Problem[] {
  const reading = readXml(input);
  assert.equal(reading.kind, "refused");
  return reading.kind === "refused" ? reading.problems : [];
}

function treeOf(input: Uint8Array | string): XmlElement {
  const reading = readXml(input);
  assert.equal(reading.kind, "tree", JSON.stringify(reading));
  if (reading.kind !== "tree") throw new Error("refused");
  return reading.root;
}

const refusals: readonly { readonly title: string; readonly xml: string | Uint8Array; readonly what: RegExp }[] = [
  { title: "a bomb of entities", xml: fixture("dtd-bomb.xml"), what: /DOCTYPE/ },
  { title: "an entity that fetches a file", xml: fixture("external-entity.xml"), what: /DOCTYPE/ },
  { title: "a document type without entities", xml: "<!DOCTYPE a><a/>", what: /DOCTYPE/ },
  { title: "an entity beyond the five", xml: "<a>&nbsp;</a>", what: /undefined entity/ },
  { title: "an entity named like a member of every object", xml: "<a>&constructor;&__proto__;</a>", what: /undefined entity/ },
  { title: "elements nested too deep", xml: fixture("deep-nesting.xml"), what: /more than 40 deep/ },
  { title: "one element deeper than the limit", xml: `${"<a>".repeat(xmlLimits.depth + 1)}${"</a>".repeat(xmlLimits.depth + 1)}`, what: /more than 40 deep/ },
  { title: "a stylesheet instruction", xml: '<?xml version="1.0"?><?xml-stylesheet href="a.xsl"?><a/>', what: /processing instruction/ },
  { title: "an instruction inside", xml: "<a><?php echo 1 ?></a>", what: /processing instruction/ },
  { title: "a file that was cut off", xml: "<a><b>text", what: /unclosed tag/ },
  { title: "a tag that was cut off", xml: "<a><b", what: /unclosed tag|unexpected end/ },
  { title: "two roots", xml: "<a/><b/>", what: /well-formed/ },
  { title: "text after the end", xml: "<a/>more", what: /text data outside/ },
  { title: "the same attribute twice", xml: '<a b="1" b="2"/>', what: /duplicate attribute/ },
  { title: "the same attribute under two prefixes", xml: '<a xmlns:x="u" xmlns:y="u" x:b="1" y:b="2"/>', what: /duplicate attribute/ },
  { title: "a prefix nobody declared", xml: "<x:a/>", what: /unbound namespace prefix/ },
  {
    title: "a type with a prefix nobody declared",
    xml: '<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="t:B"/>',
    what: /prefix that the document does not declare/,
  },
  { title: "XML 1.1", xml: '<?xml version="1.1"?><a/>', what: /not XML 1\.0/ },
  { title: "another encoding in the declaration", xml: '<?xml version="1.0" encoding="ISO-8859-1"?><a/>', what: /not written in UTF-8/ },
  { title: "UTF-16", xml: new Uint8Array([0xff, 0xfe, 0x3c, 0, 0x61, 0, 0x2f, 0, 0x3e, 0]), what: /not written in UTF-8/ },
  { title: "an overlong slash", xml: new Uint8Array([0x3c, 0x61, 0x3e, 0xc0, 0xaf, 0x3c, 0x2f, 0x61, 0x3e]), what: /not written in UTF-8/ },
  { title: "half a surrogate pair", xml: "<?xml\ud800", what: /not written in UTF-8/ },
  { title: "a zero character", xml: "<a>\u0000</a>", what: /well-formed/ },
  { title: "a reference to the zero character", xml: "<a>&#0;</a>", what: /malformed character entity/ },
  { title: "nothing at all", xml: "", what: /root element/ },
  { title: "a text", xml: "Dear company, please send the data.", what: /well-formed/ },
  { title: "more than 1 MiB", xml: new Uint8Array(xmlLimits.bytes + 1).fill(0x20), what: /larger than 1 MiB/ },
  { title: "too many elements", xml: `<a>${"<b/>".repeat(xmlLimits.elements)}</a>`, what: /more than 20000 elements/ },
  {
    title: "too many attributes",
    xml: `<a ${Array.from({ length: xmlLimits.attributes + 1 }, (_, index) => `b${index}="1"`).join(" ")}/>`,
    what: /more than 200 attributes/,
  },
  { title: "too much text in an element", xml: `<a>${"x".repeat(xmlLimits.textCharacters + 1)}</a>`, what: /more than 65536 characters/ },
  { title: "too much text, in pieces", xml: `<a>${"<!-- -->".concat("x".repeat(1000)).repeat(66)}</a>`, what: /more than 65536 characters/ },
  { title: "too much text in an attribute", xml: `<a b="${"x".repeat(xmlLimits.textCharacters + 1)}"/>`, what: /attribute holds more/ },
];

for (const { title, xml, what } of refusals)
  test(`${title} is refused, with a place and a remedy`, () => {
    const problems = problemsOf(xml);
    assert.ok(
      problems.some((problem) => what.test(problem.what)),
      JSON.stringify(problems.map((problem) => problem.what)),
    );
    for (const problem of problems)
      assert.ok((problem.line ?? 0) >= 1 && (problem.column ?? 0) >= 1 && problem.path.startsWith("/") && problem.remedy.length > 5);
  });

test("each limit lets through exactly as much as it says", () => {
  assert.equal(treeOf(`<a>${"<b/>".repeat(xmlLimits.elements - 1)}</a>`).children.length, xmlLimits.elements - 1);
  assert.equal(treeOf(`<a>${"x".repeat(xmlLimits.textCharacters)}</a>`).text.length, xmlLimits.textCharacters);
  assert.equal(treeOf(`<a ${Array.from({ length: xmlLimits.attributes }, (_, index) => `b${index}="1"`).join(" ")}/>`).attributes.length, xmlLimits.attributes);
  assert.equal(treeOf(`${"<a>".repeat(xmlLimits.depth)}${"</a>".repeat(xmlLimits.depth)}`).name, "a");
});

test("a bomb is refused before it costs anything", () => {
  const started = process.cpuUsage();
  problemsOf(fixture("dtd-bomb.xml"));
  problemsOf(`<a>${"<b>".repeat(300_000)}`);
  const { user } = process.cpuUsage(started);
  assert.ok(user < 500_000, `${user} microseconds`);
});

test("a document in Base64 may be longer than other text", () => {
  const contents = "QUFB".repeat(40_000);
  const xml = (namespace: string) => `<Contents xmlns="${namespace}">${contents}</Contents>`;
  assert.equal(treeOf(xml("http://uri.etsi.org/03120/common/2020/09/Document")).text, contents);
  problemsOf(xml("http://uri.etsi.org/03120/common/2020/09/Task"));
});

test("the tree keeps names, namespaces, places, types and text", () => {
  const root = treeOf(
    '\ufeff<a xmlns="u:1" xmlns:t="u:2" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n  <b xsi:type="t:Kind" c="&lt;1&gt;">one<!-- no --> &amp; <![CDATA[<two>]]></b>\n  <b/>\n</a>',
  );
  const [first, second] = root.children;
  assert.deepEqual([root.path, root.namespace, first?.path, second?.path, first?.line], ["/a", "u:1", "/a/b", "/a/b[2]", 2]);
  assert.equal(first?.text, "one & <two>");
  assert.deepEqual(first?.type, { namespace: "u:2", name: "Kind" });
  assert.deepEqual(
    first?.attributes.map(({ name, value }) => `${name}=${value}`),
    ["type=t:Kind", "c=<1>"],
  );
});

test("a character of four bytes survives at every place where the reader cuts the text into pieces", () => {
  for (let shift = 0; shift < 4; shift++) {
    const text = `${"x".repeat(shift)}${"😀".repeat(5000)}`;
    assert.equal(treeOf(`<a>${text}</a>`).text, text);
  }
});

test("an element named like a member of every object is an element like any other", () => {
  const root = treeOf('<a><__proto__ constructor="1">x</__proto__><toString/></a>');
  assert.deepEqual(
    root.children.map(({ name }) => name),
    ["__proto__", "toString"],
  );
});

test("whatever bytes arrive, the reader answers", () => {
  const piece = fc.constantFrom(
    "<a>",
    "</a>",
    "<",
    ">",
    "&",
    ";",
    "&#x",
    "<!DOCTYPE",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<?xml",
    "?>",
    '"',
    "'",
    "=",
    "xmlns",
    ":",
    "x",
    "\u0000",
    "\ud800",
    "é",
    "😀",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => void readXml(pieces.join(""))),
    { numRuns: 5000 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readXml(bytes)),
    { numRuns: 2000 },
  );
});

test("every cut and every flipped bit of a real form is answered", () => {
  const form = fixture("epoc-subscriber-prosecutor.xml");
  for (let length = 0; length < form.length - 1; length += 7) assert.equal(readXml(form.subarray(0, length)).kind, "refused");
  fc.assert(
    fc.property(fc.nat(form.length - 1), fc.nat(7), (at, bit) => {
      const bent = Uint8Array.from(form);
      bent[at] = (bent[at] ?? 0) ^ (1 << bit);
      readXml(bent);
    }),
  );
});

test("UTF-8 is read as the platform reads it, and refused where the platform refuses it", () => {
  const strict = new TextDecoder("utf-8", { fatal: true });
  const platform = (bytes: Uint8Array) => {
    try {
      return strict.decode(bytes);
    } catch {
      return undefined;
    }
  };
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => assert.equal(textFromUtf8(bytes), platform(bytes))),
    { numRuns: 20_000 },
  );
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 30 }), (text) => assert.equal(textFromUtf8(Buffer.from(text)), platform(Buffer.from(text)))));
  const long = "añ€😀".repeat(9000);
  assert.equal(textFromUtf8(Buffer.from(long)), long);
});
