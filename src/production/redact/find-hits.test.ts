import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { manyCases } from "../../../tests/fixtures/production.ts";
import { goneCheck } from "./check-gone.ts";
import { hitFinder } from "./find-hits.ts";
import { type NamedPattern, checkCustomPattern, findCustom, namedPatterns } from "./patterns.ts";
import { type Target, checkRemovals, removalsFor } from "./removals.ts";

function found(text: string, ...targets: Target[]): string[] {
  const find = hitFinder(targets.map((target) => ({ target, reason: "THIRD_PARTY" })));
  return find(text).map(({ from, to }) => text.slice(from, to));
}

const term = (text: string): Target => ({ kind: "term", term: text });
const pattern = (name: NamedPattern): Target => ({ kind: "pattern", pattern: name });

test("a name is found whatever its case, accents and ligatures", () => {
  assert.deepEqual(found("Dear JOSÉ GRÜNFELD,", term("jose grunfeld")), ["JOSÉ GRÜNFELD"]);
  assert.deepEqual(found("the oﬃce of Straße", term("office"), term("STRASSE")), ["oﬃce", "Straße"]);
});

test("a name is found over the end of a line, with and without a hyphen that breaks it", () => {
  assert.deepEqual(found("by Anna\nSmith today", term("Anna Smith")), ["Anna\nSmith"]);
  assert.deepEqual(found("by Mr Schwarzen-\nbacher today", term("Schwarzenbacher")), ["Schwarzen-\nbacher"]);
  assert.deepEqual(found("by Mr Schwarzen\u0002\nbacher", term("Schwarzenbacher")), ["Schwarzen\u0002\nbacher"]);
  assert.deepEqual(found("Smith-\nJones came", term("Smith-Jones"), term("Jones")), ["Smith-\nJones", "Jones"]);
});

test("a name is found when its letters are spaced out or turned round", () => {
  assert.deepEqual(found("for S M I T H and others", term("Smith")), ["S M I T H"]);
  assert.deepEqual(found("read htimS there", term("Smith")), ["htimS"]);
});

test("a name inside another word is left, unless it is asked for anywhere", () => {
  assert.deepEqual(found("Anna annually and Ann", term("Ann")), ["Ann"]);
  assert.deepEqual(found("Ottokar", { kind: "term", term: "tok", anywhere: true }), ["tok"]);
});

test("a name in a script without spaces is found inside its line", () => {
  assert.deepEqual(found("昨日张伟说", term("张伟")), ["张伟"]);
});

test("each form is found where it stands, also beside other numbers", () => {
  const cases: readonly (readonly [NamedPattern, string, string])[] = [
    ["e-mail", "write to anna.b@mail.example.org now", "anna.b@mail.example.org"],
    ["telephone", "12 13 14 (212) 565-7228", "(212) 565-7228"],
    ["telephone", "call +49 30 1234567, please", "+49 30 1234567"],
    ["ip", "from 203.0.113.9 on", "203.0.113.9"],
    ["ip", "from 2001:db8::17 on", "2001:db8::17"],
    ["iban", "to DE89 3704 0044 0532 0130 00 Berlin", "DE89 3704 0044 0532 0130 00"],
    ["card", "paid with 7 4111 1111 1111 1111 in May", "4111 1111 1111 1111"],
    ["us-ssn", "SSN 123-45-6789.", "123-45-6789"],
  ];
  for (const [name, text, expected] of cases)
    assert.ok(found(text, pattern(name)).includes(expected), `${name} in ${text}: ${found(text, pattern(name)).join("|")}`);
});

test("a name is found when a program wrote its letters as escapes, also escapes of escapes", () => {
  const cases = [
    String.raw`by \u0041nna Sm\u0069th today`,
    String.raw`by \\u0041nna Sm\\x69th today`,
    String.raw`by Anna\nSmith today`,
    String.raw`by \u{41}nna Smith today`,
    "by %41nna%20Smith today",
    "by Anna+Sm%2569th today",
    "by &#65;nna&nbsp;Sm&#x69;th today",
    "by =41nna Sm=\r\nith today",
    "by %u0041nna&#32;Smith today",
  ];
  for (const text of cases) {
    const [hit = ""] = found(text, term("Anna Smith"));
    assert.ok(hit !== "" && hit.endsWith("th") && !hit.includes("by") && !hit.includes("today"), `${text}: ${hit}`);
    assert.ok(goneCheck([term("Anna Smith")]).inText(text), text);
  }
  assert.deepEqual(found("Dear Gr%C3%BCnfeld", term("Grünfeld")), ["Gr%C3%BCnfeld"]);
  assert.deepEqual(found("Dear Gr&uuml;nfeld", term("Grünfeld")), ["Gr&uuml;nfeld"]);
  assert.deepEqual(found("mail anna&commat;mail&period;example", pattern("e-mail")), ["anna&commat;mail&period;example"]);
  assert.deepEqual(found("mailto:anna%40mail.example", pattern("e-mail")).at(-1)?.endsWith("anna%40mail.example"), true);
  assert.deepEqual(found("100% of A&B = C\\D", term("Anna")), []);
});

test("what looks like an escape and is none hides no name, and what is nested in another is found too", () => {
  const cases: readonly (readonly [Target, string])[] = [
    [term("edward@mail.example"), "?email=edward%40mail.example"],
    [term("Edward Jones"), "?name=Edward%20Jones"],
    [term("Deborah Smith"), "?name=Deborah%20Smith&x=1"],
    [term("Ben Miller"), "name=Ben&nbsp;Miller"],
    [term("Rüdiger"), String.raw`CORP\R\u00fcdiger`],
    [term("Björn"), String.raw`CORP\Bj\u00f6rn`],
    [term("Adèle"), String.raw`user=Ad\u00e8le`],
    [term("Jörg Smith"), "Dear J&#2=\n46;rg Smith, and J&#xF=\r\n6;rg Smith"],
    [term("Adèle"), "user=3DAd=C3=\r\n=A8le"],
    [term("Adèle"), String.raw`"user Ad=C3=\r\n=A8le"`],
    [term("Anna Smith"), String.raw`"SGVsbG8gQW5uYSBT\r\nbWl0aCwgYnll"`],
    [term("Xaver"), String.raw`CORP\\Xav%65r`],
    [term("Xaaéü"), String.raw`CORP\\XAa\u00e9%C3%BC`],
    [term("xaaéü"), String.raw`CORP\\xaa\u00e9%C3%BC`],
    [term("xaaéü"), String.raw`CORP\xaa&#233;ü`],
    [term("udeaßen"), String.raw`CORP\\udeaßen and CORP\\\\udea\\u00dfen`],
    [term("Robert Smith"), String.raw`C:\Users\Robert%20Smith`],
    [term("Nathan Smith"), String.raw`C:\users\nathan%20smith`],
    [term("Adèle"), "user=Ad%E8le"],
    [term("Edward Jones"), '<a href=3D"/u?name=3DEdward=20Jones">'],
    [term("Edward Jones"), "next=%2Fu%3Fname%3DEdward%20Jones"],
    [term("Anna Smith"), "Anna &middot; Smith, Anna&bull;Smith"],
    [pattern("card"), "card=4111%201111%201111%201111"],
    [pattern("card"), "?card%3D4111%201111%201111%201111"],
    [pattern("iban"), "iban=DE89%203704%200044%200532%200130%2000"],
    [pattern("us-ssn"), "ssn=123%2045%206789"],
    [pattern("telephone"), "call 303&middot;555&middot;0188 now"],
    [pattern("e-mail"), "continue=%2Fprofile%3Femail%3Ddeborah%40mail.example"],
  ];
  for (const [target, text] of cases) {
    const check = goneCheck([target]);
    const hits = hitFinder([{ target, reason: "THIRD_PARTY" }])(text);
    assert.ok(hits.length > 0, `not found: ${text}`);
    assert.ok(check.inText(text), `not seen by the check: ${text}`);
    const rest = [...text].map((sign, at) => (hits.some(({ from, to }) => at >= from && at < to) ? "\ue000" : sign)).join("");
    assert.equal(check.inText(rest), false, rest);
  }
  const hits = hitFinder([{ target: pattern("telephone"), reason: "THIRD_PARTY" }])("tel=0301%20234567");
  assert.ok(
    hits.some(({ from }) => from === 4),
    "no digit of the number is left",
  );
});

test("text that lies in a text as Base64 is searched too, and goes as a whole where something is found in it", () => {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const mail = "Subject: Rent\r\n\r\nAsk Anna Sm=69th about the rent of the Grünfeld house, and do not tell anybody.\r\n";
  const wrapped = base64(mail).replaceAll(/.{40}/g, "$&\r\n");
  const cases: readonly (readonly [Target, string, string])[] = [
    [term("Anna Smith"), `body: ${base64("told by Anna Smith today")}.`, base64("told by Anna Smith today")],
    [term("Anna Smith"), `Content-Transfer-Encoding: base64\r\n\r\n${wrapped}\r\n`, wrapped],
    [term("Grünfeld"), `?state=${Buffer.from(mail).toString("base64url")}&x=1`, Buffer.from(mail).toString("base64url")],
    [term("Grünfeld"), `x ${base64("name=Gr%C3%BCnfeld&next=1 and more")}`, base64("name=Gr%C3%BCnfeld&next=1 and more")],
    [term("Anna Smith"), `utf-16: ${Buffer.from("by Anna Smith", "utf16le").toString("base64")}`, Buffer.from("by Anna Smith", "utf16le").toString("base64")],
    [term("Anna Smith"), `https://mail.example/unsub/${base64("Hello Anna Smith, bye")}/x`, base64("Hello Anna Smith, bye")],
    [term("Anna Smith"), `user-${base64("Hello Anna Smith, bye")}`, base64("Hello Anna Smith, bye")],
    [term("Anna Smith"), `id_${base64("Hello Anna Smith, bye")}`, base64("Hello Anna Smith, bye")],
    [term("Anna Smith"), "to =?utf-8?B?QW5uYSBTbWl0aA?= <", "QW5uYSBTbWl0aA"],
    [term("Anna Smith"), `?d=3D${base64("Hello Anna Smith, bye")}`, base64("Hello Anna Smith, bye")],
    [term("Anna Smith"), `x=${base64(base64("Hello Anna Smith, bye"))}.`, base64(base64("Hello Anna Smith, bye"))],
    [term("Anna Smith"), `Hello\nJack1\n${wrapped}`, wrapped],
    [pattern("e-mail"), `data:text/plain;base64,${base64("write to anna@mail.example")}`, base64("write to anna@mail.example")],
  ];
  for (const [target, text, expected] of cases) {
    const longest = found(text, target).toSorted((one, other) => other.length - one.length)[0];
    assert.equal(longest, expected, text);
    const check = goneCheck([target]);
    assert.ok(check.inText(text), `not seen by the check: ${text}`);
    assert.ok(!check.inText(text.replace(expected, "[removed: THIRD_PARTY]")));
  }
  const others = [base64("told by Ben Miller today"), "AnnaSmithAnnaSmithAnnaSmith", "a".repeat(5000)];
  for (const text of others) assert.deepEqual([found(text, term("Anna Smith")), goneCheck([term("Anna Smith")]).inText(text)], [[], false], text.slice(0, 60));
});

test("the search takes time with the length of a text and not with its square", () => {
  const took = (words: number): number => {
    const text = "some words ".repeat(words);
    const from = performance.now();
    found(text, term("Anna Smith"));
    return performance.now() - from;
  };
  took(1000);
  assert.ok(took(64_000) < 100 * Math.max(took(4000), 2), "sixteen times the length");
});

test("what only resembles a form is left", () => {
  const cases: readonly (readonly [NamedPattern, string])[] = [
    ["telephone", "1 2 3 4 5 6 7 8 9 10 11 12 13"],
    ["telephone", "on 2026-03-14 and 12.11.2026"],
    ["card", "4111 1111 1111 1112"],
    ["ip", "999.1.1.1 and 12:30:45"],
    ["iban", "DE89 3704 0044 0532 0130 01"],
    ["us-ssn", "000-12-3456"],
  ];
  for (const [name, text] of cases) assert.deepEqual(found(text, pattern(name)), [], `${name} in ${text}`);
});

test("a form of the desk's own has bounded signs, and anything else is refused", () => {
  assert.deepEqual(findCustom("see AC-12345 and ac-7", { form: "AC-#{2,6}" }), [{ from: 4, to: 12 }]);
  assert.equal(checkCustomPattern({ form: "AC-#{2,6}" }), undefined);
  for (const form of ["", "#", "(a+)+$".repeat(30), "a{999}", "{2}a", "a{5,2}", "abc}"]) assert.notEqual(checkCustomPattern({ form }), undefined, form);
});

test("no form makes the search run away, however hostile the text", () => {
  const hostile = [
    "a".repeat(20_000),
    "1 ".repeat(20_000),
    "a.".repeat(20_000),
    "a@".repeat(20_000),
    ":".repeat(20_000),
    "DE12 ".repeat(8000),
    "- ".repeat(20_000),
    "\\".repeat(40_000),
    "%25".repeat(20_000),
    "&#".repeat(20_000),
    "= ".repeat(20_000),
    `${"QUJD".repeat(20)}\n`.repeat(500),
    "A".repeat(40_000),
  ];
  const started = performance.now();
  for (const text of hostile) for (const find of Object.values(namedPatterns)) find(text);
  for (const text of hostile) {
    found(text, term("Anna"));
    goneCheck([term("Anna")]).inText(text);
  }
  findCustom("a".repeat(20_000), { form: "@{0,9}@{0,9}@{0,9}@{0,9}@{0,9}#{3}" });
  assert.ok(performance.now() - started < 20_000);
});

test("a removal needs a reason from the list, a sound place and a term that is long enough", () => {
  const bad: readonly Target[] = [
    term("a"),
    term("x".repeat(300)),
    { kind: "region", page: 0, box: { left: 0, top: 0, width: 1, height: 1 } },
    { kind: "custom", pattern: { form: "#" } },
  ];
  assert.equal(checkRemovals(bad.map((target) => ({ target, reason: "PRIVILEGE" }))).length, bad.length);
  assert.deepEqual(checkRemovals([{ target: term("Anna"), reason: "PRIVILEGE" }]), []);
});

test("each audience has its own removals, and one that names no audience is for all", () => {
  const removals = [
    { target: term("Anna"), reason: "THIRD_PARTY" as const },
    { target: term("Ben"), reason: "TRADE_SECRET" as const, audiences: ["public", "auditor"] as const },
  ];
  assert.equal(removalsFor("officer", removals).length, 1);
  assert.equal(removalsFor("public", removals).length, 2);
});

test("Base64 in Base64 is opened also behind a text that holds it once deeper", () => {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const twice = base64(base64("Hello Anna Smith, bye"));
  assert.deepEqual(found(`x=${base64(twice)} y=${twice}`, term("Anna Smith")), [twice]);
});

test("whatever is written in Base64 beside other text, the search takes it out and the check sees it before and not after", () => {
  const letters = fc.stringMatching(/^[a-zA-Z éüß.,]{0,60}$/);
  fc.assert(
    fc.property(
      letters,
      fc.stringMatching(/^[A-Z][a-zéüß]{4,9}$/),
      letters,
      fc.constantFrom("told ", "body=", "base64,", "\n", "Dear all\n"),
      fc.constantFrom("", "\n", "\r\n"),
      fc.constantFrom(" so", "\nRegards", "\r\n\r\nRegards"),
      (before, name, after, lead, wrap, end) => {
        const wrapped = Buffer.from(`${before} ${name} ${after} and so on`).toString("base64");
        const text = `${lead}${wrap === "" ? wrapped : wrapped.replaceAll(/.{24}/g, `$&${wrap}`)}${end}`;
        const check = goneCheck([term(name)]);
        const hits = hitFinder([{ target: term(name), reason: "THIRD_PARTY" }])(text);
        assert.ok(check.inText(text), text);
        const rest = [...text].map((sign, at) => (hits.some(({ from, to }) => at >= from && at < to) ? "\ue000" : sign)).join("");
        assert.equal(check.inText(rest), false, rest);
      },
    ),
    { numRuns: Math.min(manyCases, 20_000) },
  );
});

const escapes: readonly ((sign: string) => string)[] = [
  (sign) => sign,
  (sign) => encodeURIComponent(sign).replaceAll(/^[a-z]$/gi, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
  (sign) => String.raw`\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  (sign) => `&#${sign.codePointAt(0)};`,
  (sign) => `&#x${sign.codePointAt(0)?.toString(16)};`,
];

test("however each letter of a name is written, the search takes it out and the check sees it before and not after", () => {
  const writings = fc.array(fc.nat({ max: escapes.length - 1 }), { minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(
      fc.oneof(fc.stringMatching(/^[a-zA-Zéüß]{4,12}$/), fc.stringMatching(/^(?:[xX][a-fA-F]{2}|[uU][a-f]{4}|[ntrbfv])[a-fnéüß]{2,7}$/)),
      writings,
      fc.constantFrom("told ", "name=", String.raw`CORP\\`, "?q=", "50% ", "&"),
      (name, chosen, before) => {
        const written = [...name].map((sign, at) => escapes[chosen[at] ?? 0]?.(sign) ?? sign).join("");
        const text = `${before}${written} so`;
        const check = goneCheck([term(name)]);
        const hits = hitFinder([{ target: term(name), reason: "THIRD_PARTY" }])(text);
        assert.ok(check.inText(text), text);
        assert.ok(
          hits.some(({ from, to }) => from <= before.length && to >= text.length - 3),
          `${text} ${JSON.stringify(hits)}`,
        );
        const rest = [...text].map((sign, at) => (hits.some(({ from, to }) => at >= from && at < to) ? "\ue000" : sign)).join("");
        assert.equal(check.inText(rest), false, rest);
      },
    ),
    { numRuns: manyCases },
  );
});

const word = fc.stringMatching(/^[a-zA-Zéüßñ]{2,9}$/);

test("what the search takes out, the check no longer finds; what it leaves in, the check sees", () => {
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 30 }), fc.nat(), fc.constantFrom(" ", "\n", "-\n", ", "), (words, nth, gap) => {
      const wanted = words[nth % words.length] ?? "";
      const text = words.join(gap);
      const target = term(wanted);
      const hits = hitFinder([{ target, reason: "THIRD_PARTY" }])(text);
      const check = goneCheck([target]);
      assert.ok(check.inText(text) || gap === "-\n");
      const rest = [...text].map((sign, at) => (hits.some(({ from, to }) => at >= from && at < to) ? "\ue000" : sign)).join("");
      assert.equal(check.inText(rest), false, rest);
    }),
    { numRuns: manyCases },
  );
});
