import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import fc from "fast-check";
import PostalMime from "postal-mime";
import { read, readBody, root, statementsOf, writtenMessages } from "../../../tests/fixtures/requests/written-messages.ts";
import type { RequestReading, Span } from "./details.ts";
import { readLimits, readRequest } from "./read-request.ts";

const ids = (reading: RequestReading) => reading.instruments.map(({ value, certainty }) => (certainty === "inferred" ? `${value.id} ?` : value.id));
const types = (reading: RequestReading) => reading.dataTypes.map(({ value }) => value);
const accounts = (reading: RequestReading) => reading.subjects.filter(({ value }) => value.kind === "account").map(({ value }) => value.value);
const range = (reading: RequestReading) => statementsOf(reading)["dateRanges"] ?? [];

function spansOf(reading: RequestReading): Span[] {
  const { agency, matter, officer, dateRange, everything, emergency, realTime, deliveryKey } = reading;
  const single = [agency, matter, officer, dateRange, everything, emergency, realTime, deliveryKey];
  const lists = [reading.instruments, reading.subjects, reading.workspaces, reading.otherDateRanges, reading.dataTypes, reading.gags];
  return [...single, ...lists.flat()].flatMap((proposed) => {
    if (proposed === undefined) return [];
    assert.ok(proposed.spans.length > 0, `${JSON.stringify(proposed.value)} was read from nowhere`);
    return proposed.spans;
  });
}

/** What is in one list and not in the other. */
function changed(found: readonly string[], known: readonly string[] = []): string[] {
  return [...found.filter((text) => !known.includes(text)), ...known.filter((text) => !found.includes(text))];
}

describe("the written messages", () => {
  const messages = writtenMessages();

  test("every message is read as a careful person reads it but for the faults we know, and the figures are printed", (context) => {
    const score = new Map<string, { right: number; missed: number; invented: number }>();
    const wrong: string[] = [];
    for (const { name, material, expected, knownMisses, knownInventions } of messages) {
      const actual = statementsOf(readRequest(material));
      for (const field of Object.keys(actual)) {
        const want = new Set([...(expected[field] ?? []), ...(knownMisses[field] ?? [])]);
        const got = new Set(actual[field]);
        const tally = score.get(field) ?? { right: 0, missed: 0, invented: 0 };
        const missed = [...want].filter((text) => !got.has(text));
        const invented = [...got].filter((text) => !want.has(text));
        score.set(field, { right: tally.right + want.size - missed.length, missed: tally.missed + missed.length, invented: tally.invented + invented.length });
        wrong.push(...changed(missed, knownMisses[field]).map((text) => `${name} ${field}: missed, or missed no longer: ${text}`));
        wrong.push(...changed(invented, knownInventions[field]).map((text) => `${name} ${field}: invented, or invented no longer: ${text}`));
      }
    }
    for (const [field, { right, missed, invented }] of score) {
      context.diagnostic(`${field.padEnd(12)} right ${right}, missed ${missed}, invented ${invented}`);
    }
    assert.ok(messages.length >= 45);
    assert.deepEqual(wrong, []);
  });

  test("everything that is proposed carries a span inside its source, and literal values stand there", () => {
    for (const { material } of messages) {
      const reading = readRequest(material);
      const textOf = (source: string) => material.sources.find(({ id }) => id === source)?.text ?? "";
      for (const { source, start, end } of spansOf(reading)) assert.ok(start < end && end <= textOf(source).length);
      for (const { value, spans } of [...reading.subjects.map(({ value, spans }) => ({ value: value.value, spans })), ...reading.workspaces]) {
        for (const { source, start, end } of spans) assert.equal(textOf(source).slice(start, end).toLowerCase(), value.toLowerCase());
      }
    }
  });

  test("without its packs no message is a request", () => {
    for (const { material } of messages) assert.equal(readRequest({ ...material, readingPacks: [] }).sort, "unclear");
  });

  test("a message that asks for nothing proposes nothing, until a person says that it is a request", () => {
    const text = "This is not a request. Det. Ann Poe, Marsh Police. Please provide login history for account a.b@c.example.";
    assert.deepEqual([readBody(text).subjects.length, readBody(text).dataTypes.length], [0, 0]);
    assert.deepEqual(types(readBody(text, { readAs: "request" })), ["sign-in-history"]);
  });
});

describe("mail that is no request", () => {
  const notices = `${root}../shared/data/court-notice-emails/`;
  const oddMail = `${root}../shared/data/mime/stalwart-mail-parser/`;

  test("notices of electronic filing are never requests", { skip: existsSync(notices) ? false : "The court notices are not here." }, async () => {
    const files = readdirSync(notices).filter((file) => file.endsWith(".eml"));
    assert.ok(files.length > 0);
    for (const file of files) assert.ok(["court-notice", "not-a-request"].includes((await readMail(notices + file)).sort), file);
  });

  test("broken and exotic mail asks for nothing", { skip: existsSync(oddMail) ? false : "The odd mail is not here." }, async () => {
    for (const folder of ["rfc", "malformed"]) {
      for (const file of readdirSync(oddMail + folder).filter((name) => name.endsWith(".eml"))) {
        const reading = await readMail(`${oddMail}${folder}/${file}`);
        assert.ok(reading.sort === "unclear" || reading.sort === "not-a-request", file);
        assert.equal(reading.instruments.length + reading.dataTypes.length + reading.subjects.length, 0, file);
      }
    }
  });

  async function readMail(path: string): Promise<RequestReading> {
    const mail = await PostalMime.parse(readFileSync(path));
    const body = mail.text ?? (mail.html ?? "").replace(/<[^>]*>/g, " ");
    return read([
      { id: "subject", text: mail.subject ?? "" },
      { id: "body", text: body },
    ]);
  }
});

describe("which paper it is", () => {
  test("a subpoena that quotes a search warrant in its boilerplate is a subpoena", () => {
    for (const boilerplate of [
      "Content may only be obtained with a search warrant.",
      "Absent a search warrant, no content is compelled.",
      "We will obtain a search warrant if needed.",
      "A search warrant would be required for content.",
    ]) {
      assert.deepEqual(
        ids(readBody(`You are commanded by this administrative subpoena to produce login history for the account a.b@c.example. ${boilerplate}`)),
        ["US-SUBP-ADMIN"],
        boilerplate,
      );
    }
  });

  test("a letter and the title of its attachment contradict each other: both are seen, the title is what is stated", () => {
    const reading = read([
      { id: "body", text: "Please find attached a search warrant for the account a.b@c.example. Please provide login history." },
      { id: "attachment-1", text: "GRAND JURY SUBPOENA\n\nYou are commanded to produce login history for the account a.b@c.example." },
    ]);
    assert.deepEqual(ids(reading).sort(), ["US-SUBP-GJ", "US-SW ?"]);
  });

  test("a paper of another country is not taken for ours because it bears the same name", () => {
    const text = "Please find attached a search warrant. Please provide login history for the account a.b@c.example.\n\nRegards,\nPC Al Moss\nMarsh Police\n";
    assert.deepEqual(ids(readBody(`${text}al.moss@marsh.police.uk`)), ["search-warrant"]);
    assert.deepEqual(ids(readBody(`${text}al.moss@marsh.example.gov`)), ["US-SW"]);
  });

  test("a section makes a court order exact", () => {
    assert.deepEqual(
      ids(readBody("Please find attached a court order under 18 U.S.C. § 2703(d). Please provide message headers for the account a.b@c.example.")),
      ["US-D"],
    );
  });
});

describe("whose data, which and from when", () => {
  const asking = (rest: string) => readBody(`Please find attached a search warrant. Please provide login history for the account a.b@c.example ${rest}`);

  test("dates are read in the styles of many desks", () => {
    const styles: readonly (readonly [string, string])[] = [
      ["from 2026-03-03 to 2026-03-09", "2026-03-03 to 2026-03-09"],
      ["from 3 March 2026 to 9 March 2026", "2026-03-03 to 2026-03-09"],
      ["between March 3, 2026 and March 9, 2026", "2026-03-03 to 2026-03-09"],
      ["from March 3rd, 2026 through March 9th, 2026", "2026-03-03 to 2026-03-09"],
      ["from March 3 to March 9, 2026", "2026-03-03 to 2026-03-09"],
      ["March 3–9, 2026", "2026-03-03 to 2026-03-09"],
      ["from 3 to 9 March 2026", "2026-03-03 to 2026-03-09"],
      ["from 3.3.2026 to 9.3.2026", "2026-03-03 to 2026-03-09"],
      ["from 03/03/2026 through 03/29/2026", "2026-03-03 to 2026-03-29"],
      ["2026-03-03T00:00:00Z – 2026-03-09T23:59:59Z", "2026-03-03 to 2026-03-09"],
      ["from 12:00 AM UTC on March 3, 2026 through 11:59 PM UTC on March 9, 2026", "2026-03-03 to 2026-03-09"],
      ["from January 2026 to February 2026", "2026-01-01 to 2026-02-28"],
      ["from January 1, 2026 through present", "2026-01-01 to present"],
      ["from January 1, 2026 to the date of this warrant", "2026-01-01 to present"],
      ["since January 1, 2026", "2026-01-01 to present"],
    ];
    for (const [text, expected] of styles) assert.deepEqual(range(asking(`${text}.`)), [expected], text);
  });

  test("day and month that may be exchanged give both readings, the sender's country first", () => {
    const text = "for the period 03/04/2026 to 05/06/2026.";
    assert.deepEqual(range(asking(text)), ["2026-03-04 to 2026-05-06 ?", "2026-04-03 to 2026-06-05 ?"]);
    assert.deepEqual(range(readBody(`Please provide login history for the account a.b@c.example ${text}`, { sender: "x@marsh.police.uk" })), [
      "2026-04-03 to 2026-06-05 ?",
      "2026-03-04 to 2026-05-06 ?",
    ]);
  });

  test("a reading that would run backwards is none", () => {
    assert.deepEqual(range(asking("from 12/01/2025 to 03/02/2025.")), ["2025-01-12 to 2025-02-03"]);
  });

  test("the last ninety days follow from the day of the message, and stay a count without it", () => {
    const text = "Please find attached a search warrant. Please provide login history for the account a.b@c.example for the last 90 days.";
    assert.deepEqual(range(readBody(text, { messageDate: "2026-11-20" })), ["2026-08-22 to 2026-11-20 (last 90 days) ?"]);
    assert.deepEqual(range(readBody(text)), ["… to … (last 90 days)"]);
  });

  test("dates of issue, signature, birth and return are no range", () => {
    for (const text of [
      "issued on March 3, 2026.",
      "by March 9, 2026.",
      "dated 3 March 2026, return date 9 March 2026.",
      "whose date of birth is 3 March 1980.",
    ])
      assert.deepEqual(range(asking(text)), [], text);
  });

  test("two ranges that contradict each other are both returned, inferred", () => {
    assert.deepEqual(range(asking("from 2026-01-01 to 2026-01-31. The records requested run from 2026-02-01 to 2026-02-28.")), [
      "2026-01-01 to 2026-01-31 ?",
      "2026-02-01 to 2026-02-28 ?",
    ]);
  });

  test("what is expressly not sought is not proposed", () => {
    const texts = [
      "We do not seek the content of communications, only login history",
      "Please provide login history, excluding message content",
      "Please provide login history; message content is not requested",
    ];
    for (const text of texts) assert.deepEqual(types(readBody(`${text} for the account a.b@c.example. The subpoena is attached.`)), ["sign-in-history"], text);
  });

  test("'including but not limited to' negates nothing", () => {
    assert.deepEqual(
      types(
        readBody("The attached subpoena: please provide records including but not limited to billing records and login history for account a.b@c.example."),
      ),
      ["billing", "sign-in-history"],
    );
  });

  test("the group 'basic subscriber information' is its six items, telephone numbers apart from addresses", () => {
    assert.deepEqual(types(readBody("Under the attached subpoena please provide basic subscriber information for account a.b@c.example.")), [
      "name",
      "contact",
      "phone",
      "account-id",
      "registration",
      "sign-in-history",
      "billing",
    ]);
  });

  test("mailboxes of the officer, of a victim and of the company are not accounts", () => {
    const text =
      "The victim (vic@mail.example) was threatened by the user bad@fox.example. Under the attached subpoena please provide billing records for this account. Send the records to det@marshpd.example. Copy: legal@kutano.example.\n\nSincerely,\nDet. Ann Poe\nann@marshpd.example";
    assert.deepEqual(accounts(readBody(text, { ownDomains: ["kutano.example"] })), ["bad@fox.example"]);
  });

  test("quoted mail, signature and disclaimer are not read as a request", () => {
    const quoted =
      "Thanks, received.\n\nOn 3 March 2026, Ann Poe wrote:\n> Under the attached search warrant please provide message content for a.b@c.example.\n";
    const disclaimer =
      "Lunch on Friday?\n\nThis e-mail may be confidential. If you have received this message in error, do not disclose its content or attachments.\n";
    const inline = "See the lines below.\n\n> Under the attached search warrant please provide message content for a.b@c.example.\n";
    for (const text of [quoted, inline, disclaimer]) {
      const reading = readBody(text);
      assert.notEqual(reading.sort, "request");
      assert.deepEqual([reading.gags.length, reading.dataTypes.length, reading.subjects.length], [0, 0, 0]);
    }
  });

  test("a letter that opens with thanks is read to its end", () => {
    assert.deepEqual(types(readBody("Thanks for your call.\n\nUnder the attached subpoena please provide billing records for account a.b@c.example.")), [
      "billing",
    ]);
    assert.deepEqual(types(readBody("Thanks!\n\nUnder the attached subpoena please provide billing records for account a.b@c.example.")), ["billing"]);
  });

  test("a workspace that the desk knows is found without a label", () => {
    const reading = readBody("Under the attached subpoena please provide the member list of Rusty Anchor.", { knownWorkspaces: ["Rusty Anchor", "Other"] });
    assert.deepEqual(
      reading.workspaces.map(({ value }) => value),
      ["Rusty Anchor"],
    );
  });

  test("an age recipient counts only with its check sum", () => {
    const key = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";
    assert.equal(readBody(`Please encrypt the records to ${key}.`, { readAs: "request" }).deliveryKey?.value, key);
    assert.equal(readBody(`Please encrypt the records to ${key.replace("zvk", "zvq")}.`, { readAs: "request" }).deliveryKey, undefined);
  });
});

describe("secrecy", () => {
  const gags = (text: string) =>
    (statementsOf(readBody(`Under the attached search warrant please provide login history for the account a.b@c.example. ${text}`))["gags"] ?? []).join();

  test("a plea for silence is a wish, a court's command with its ground is an order", () => {
    assert.equal(gags("Please do not notify the user."), "wish");
    assert.equal(gags("You must not disclose this request to anybody."), "wish");
    assert.equal(gags("We intend to obtain a non-disclosure order under 18 U.S.C. § 2705(b). Please do not notify the user."), "wish");
    assert.equal(gags("IT IS ORDERED under 18 U.S.C. § 2705(b) that you shall not disclose this warrant for a period of one year."), "order 365 days");
    assert.equal(gags("The court orders that you shall not notify the subscriber until March 3, 2027."), "order 2027-03-03 ?");
  });
});

describe("languages without a pack", () => {
  test("a script names its language, nothing else is invented", () => {
    const texts: readonly (readonly [string, string])[] = [
      ["ru", "Просим предоставить сведения о пользователе"],
      ["uk", "Просимо надати відомості про користувача її облікового запису"],
      ["el", "Παρακαλούμε να μας παράσχετε τα στοιχεία"],
      ["ar", "نطلب تزويدنا بمعلومات المستخدم"],
      ["he", "נבקש לקבל את פרטי המשתמש"],
      ["zh", "请提供该用户的注册信息"],
      ["ja", "利用者の登録情報を照会します"],
      ["ko", "사용자 정보를 제공해 주십시오"],
      ["hi", "कृपया उपयोगकर्ता की जानकारी दें"],
      ["und", "Vi ber er lämna ut uppgifter om användaren och hans inloggningar"],
      ["und", "Kérjük, adja meg a felhasználó nevét és bejelentkezési adatait"],
    ];
    for (const [language, text] of texts) {
      const reading = readBody(`${text} x.y@z.example 2026-01-01 - 2026-01-31`);
      assert.deepEqual(
        [reading.language, reading.languageKnown, reading.sort, reading.dataTypes.length, reading.instruments.length],
        [language, false, "unclear", 0, 0],
      );
      assert.deepEqual(accounts(reading), ["x.y@z.example"]);
      assert.deepEqual(range(reading), ["2026-01-01 to 2026-01-31 ?"]);
    }
  });
});

describe("hostile text", () => {
  const hostile: Readonly<Record<string, (length: number) => string>> = {
    spaces: (length) => " ".repeat(length),
    letters: (length) => "a".repeat(length),
    ats: (length) => "@a.".repeat(length / 3),
    digits: (length) => "1".repeat(length),
    dates: (length) => "2026-01-01 to ".repeat(length / 14),
    months: (length) => "March 3 to ".repeat(length / 11),
    warrants: (length) => "SEARCH WARRANT\n".repeat(length / 15),
    labels: (length) => "account: case no. from: ".repeat(length / 24),
    courts: (length) => "United States District Court of the ".repeat(length / 36),
    lines: (length) => "a\n".repeat(length / 2),
    quotes: (length) => 'workspace "'.repeat(length / 11),
    disclaimers: (length) => "intended recipient\n".repeat(length / 19),
    citations: (length) => "18 U.S.C. § 2703(f) please provide ".repeat(length / 35),
    asks: (length) => "please provide message content, ".repeat(length / 32),
    dashes: (length) => "-".repeat(length),
    pipes: (length) => "account | from | to\n".repeat(length / 20),
    dots: (length) => "1.1.".repeat(length / 4),
  };

  for (const [name, build] of Object.entries(hostile)) {
    test(`two mebibytes of ${name} are read to the limit and the rest is named`, () => {
      const text = build(2 * 1024 * 1024);
      const reading = readBody(text);
      assert.deepEqual(reading.unread, [{ source: "body", start: readLimits.source, end: text.length }]);
    });
  }

  test("no text makes it throw, and no span leaves its source", () => {
    const words = fc.constantFrom(
      "search warrant",
      "subpoena",
      "from",
      "to",
      "2026-01-01",
      "3 March 2026",
      "account:",
      "a@b.example",
      "\n",
      "\n\n",
      "|",
      ">",
      "case no.",
      "please provide",
      "login history",
      "§ 2703(d)",
      "Court",
      "ATTACHMENT A",
      ":",
      "Sincerely,",
      "\u0000",
      "é",
      "😀",
      "Det. Ann Poe",
      "not",
      "workspace",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string({ maxLength: 6 })), { maxLength: 60 }), (parts) => {
        const text = parts.join(" ");
        for (const { start, end } of spansOf(readBody(text, { readAs: "request" }))) assert.ok(start >= 0 && start <= end && end <= text.length);
      }),
      { numRuns: 150 },
    );
  });
});
