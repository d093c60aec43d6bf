import assert from "node:assert/strict";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { keepsSourcePromises } from "../../../tests/contracts/source.contract.ts";
import { deliveredMap, lineOf, scopeOf, usClassOf, warrant } from "../../../tests/fixtures/production.ts";
import type { Source } from "../../app/production-port.ts";
import { instant } from "../../kernel/instant.ts";
import { compileScope } from "../../production/plan/compile-scope.ts";
import type { Collected, FieldValue, PlannedRead } from "../../production/shapes.ts";
import { type MailArchiveSettings, type Mailbox, openMailArchive } from "./mail-archive.ts";
import { type MboxForm, mboxMessages } from "./mbox-messages.ts";
import { momentOfMessage } from "./message-moment.ts";

const home = mkdtempSync(join(tmpdir(), "portcullis-mail-"));
after(() => rmSync(home, { recursive: true, force: true }));

let folders = 0;
function newFolder(files: { readonly [name: string]: string | Uint8Array }): string {
  folders += 1;
  const folder = join(home, String(folders));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const separator = "From sender@example.test Sat Jan  3 01:05:34 2026\n";
const letter = (date: string, body = "Hello\n", more = "") =>
  `From: Bo <bo@example.test>\nTo: ada@example.test\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\n${date === "" ? "" : `Date: ${date}\n`}${more}\n${body}`;
const inRange = "Sat, 03 Jan 2026 09:00:00 +0100";

const withAttachment = letter(
  inRange,
  [
    "--b",
    "Content-Type: text/plain",
    "",
    "See the plan.",
    "--b",
    'Content-Type: application/pdf; name="plan.pdf"',
    'Content-Disposition: attachment; filename="plan.pdf"',
    "Content-Transfer-Encoding: base64",
    "",
    "JVBERi0=",
    "--b--",
    "",
  ].join("\n"),
  "Message-ID: <m1@example.test>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n",
);

const files = {
  "ada/inbox.mbox": [withAttachment, letter("Sun, 01 Mar 2026 09:00:00 +0000", "too late\n"), letter("soon", "undated\n")]
    .map((message) => `${separator}${message}\n`)
    .join(""),
  "ada/Re the merger.eml": letter("Sun, 01 Mar 2026 09:00:00 +0000", "sent later, it says\n", "Received: from a by b; Thu, 1 Jan 2026 00:00:00 +0000 (UTC)\n"),
  "bo/inbox.mbox": `${separator}${letter(inRange, "of somebody else\n")}\n`,
};
const mailboxes: MailArchiveSettings["mailboxes"] = [
  { account: "A-1", files: ["ada/*"] },
  { account: "A-2", files: ["bo/*"] },
];

async function opened(folder: string, changes: Partial<MailArchiveSettings> = {}): Promise<Source> {
  const result = await openMailArchive({ source: "mail-archive", folder, workspace: "W-1", mailboxes, ...changes });
  return result.kind === "open" ? result.source : assert.fail(JSON.stringify(result));
}

const located = deliveredMap("mail-archive");
const january = { accounts: ["A-1"], workspace: "W-1", from: instant("2026-01-01T00:00:00Z"), until: instant("2026-02-01T00:00:00Z") };
const asked = scopeOf([lineOf("messages", january), lineOf("message-metadata", january), lineOf("files", january)], warrant);

keepsSourcePromises("Mail archive", async () => {
  const source = await opened(newFolder(files));
  return { source, located, classOf: usClassOf, scope: asked, expected: { "L-messages": 2, "L-message-metadata": 2, "L-files": 1 } };
});

function readOf(dataType: string, collection: string, changes: Partial<typeof january> = {}): PlannedRead {
  const compiled = compileScope({ scope: scopeOf([lineOf(dataType, { ...january, ...changes })], warrant), maps: [located.map], classOf: usClassOf });
  const read = compiled.kind === "planned" ? compiled.plan.reads.find((candidate) => candidate.collection === collection) : undefined;
  return read ?? assert.fail();
}
const messages = readOf("messages", "messages");
const attachments = readOf("files", "attachments");

function told(items: readonly Collected[]) {
  return {
    fields: items.flatMap((item): { readonly [column: string]: FieldValue }[] => (item.kind === "record" ? [item.record.fields] : [])),
    findings: items.flatMap((item) => (item.kind === "finding" ? [`${item.finding.code} ${item.finding.where}: ${item.finding.what}`] : [])),
    failures: items.flatMap((item) => (item.kind === "failed" ? [item.failure.code] : [])),
  };
}

test("a message is given with its headers, text and bytes, and its attachment under its own moment", async () => {
  const source = await opened(newFolder({ "ada/inbox.mbox": files["ada/inbox.mbox"] }));
  const { fields } = told(await Array.fromAsync(source.read(messages)));
  const [message] = fields;
  assert.deepEqual(
    { ...message, key: "", raw: Buffer.from((message?.["raw"] ?? "") as Uint8Array).toString() },
    {
      key: "",
      account: "A-1",
      workspace: "W-1",
      date: "2026-01-03T08:00:00.000Z",
      dated_by: "sent",
      from: '[{"name":"Bo","address":"bo@example.test"}]',
      to: '[{"name":"","address":"ada@example.test"}]',
      cc: null,
      message_id: "<m1@example.test>",
      attachment_count: 1,
      subject: "Grüße",
      text: "See the plan.\n",
      html: null,
      raw: withAttachment,
    },
  );
  const [attachment] = told(await Array.fromAsync(source.read(attachments))).fields;
  assert.deepEqual(
    { ...attachment, key: "" },
    {
      key: "",
      message: message?.["key"],
      account: "A-1",
      workspace: "W-1",
      date: "2026-01-03T08:00:00.000Z",
      name: "plan.pdf",
      type: "application/pdf",
      size: 5,
      bytes: new Uint8Array(Buffer.from("%PDF-")),
    },
  );
});

test("when a message was received says its own server, not its sender, and a file's name is not given away", async () => {
  const { fields } = told(await Array.fromAsync((await opened(newFolder({ "ada/Re the merger.eml": files["ada/Re the merger.eml"] }))).read(messages)));
  assert.deepEqual(
    fields.map((row) => [row["date"], row["dated_by"]]),
    [["2026-01-01T00:00:00.000Z", "received"]],
  );
  assert.ok(!String(fields[0]?.["key"]).includes("merger"));
});

test("messages without a readable date are in no range, and are told by their number", async () => {
  const { findings } = told(await Array.fromAsync((await opened(newFolder(files))).read(messages)));
  assert.deepEqual(findings, ["UNDATED ada/inbox.mbox: 1 messages have no readable date with a zone; they are in no range and are left out."]);
});

test("a date needs a zone that mail knows, and its old forms are read", () => {
  const at = (date: string) => momentOfMessage(Buffer.from(`Date: ${date}\n\n`))?.at;
  const moment = "2026-01-03T09:00:00.000Z";
  for (const date of [
    "Sat, 3 Jan 2026 09:00:00 +0000",
    "3 Jan 26 09:00 GMT",
    "Sat, 03 Jan 2026 04:00:00 EST",
    "Sat,\n 3 Jan (third) 2026\n\t10:00:00 +0100 (CET)",
    "3 January 2026 09:00:00 -0000",
    "Saturday, 03-Jan-26 09:00:00 UTC",
  ])
    assert.equal(at(date), moment, date);
  for (const date of [
    "",
    "soon",
    "3 Jan 2026 09:00:00",
    "3 Jan 2026 09:00:00 CEST",
    "31 Feb 2026 09:00:00 +0000",
    "2026-01-03T09:00:00Z",
    "3 Jan 2026 25:00:00 +0000",
    "3 Jan 2026 09:00:00 +9999",
  ])
    assert.equal(at(date), undefined, date);
  assert.equal(momentOfMessage(Buffer.from("Subject: x\n\nDate: Sat, 3 Jan 2026 09:00:00 +0000\n")), undefined);
});

async function split(text: string | Buffer, form: MboxForm, pieceBytes = 7): Promise<string[]> {
  const bytes = Buffer.from(text as string);
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  }
  return (await Array.fromAsync(mboxMessages(pieces(), form, 1_000_000))).map((item) => (item.kind === "message" ? item.raw.toString() : item.kind));
}

const bodyLine = fc.constantFrom(
  "",
  "Hello",
  "From here on",
  "From a@b Sat Jan  3 01:05:34 2026",
  ">From me 10:00",
  ">>From x 10:00",
  "> From",
  "From",
  ">",
  "Grüße 😀",
  "x".repeat(70),
);
const body = fc.array(bodyLine, { maxLength: 6 }).map((lines) => lines.map((line) => `${line}\n`).join(""));
const anyLetter = body.map((text) => `Subject: x\nDate: ${inRange}\n\n${text}`);

test("whatever messages a mailbox holds, in any cut of its bytes, come out as they went in", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyLetter, { maxLength: 5 }), fc.integer({ min: 1, max: 200 }), async (letters, pieceBytes) => {
      const rd = letters.map((text) => `${separator}${text.replaceAll(/^(>*From )/gm, ">$1")}\n`).join("");
      assert.deepEqual(await split(rd, "mboxrd", pieceBytes), letters);
      const stated = letters.map((text) => text.replace("\n\n", `\nContent-Length: ${Buffer.byteLength(text.slice(text.indexOf("\n\n") + 2))}\n\n`));
      assert.deepEqual(await split(stated.map((text) => `${separator}${text}\n`).join(""), "mboxcl2", pieceBytes), stated);
    }),
    { numRuns: 200 },
  );
});

test("the older form hides a line once only, and gives back what was hidden", async () => {
  const hidden = `${separator}A: b\n\n>From me 10:00\n>>From you 10:00\n\n`;
  assert.deepEqual(await split(hidden, "mboxo"), ["A: b\n\nFrom me 10:00\n>>From you 10:00\n"]);
  assert.deepEqual(await split(hidden, "mboxrd"), ["A: b\n\nFrom me 10:00\n>From you 10:00\n"]);
});

test("a stated length that is not true ends the reading, so that no message hides inside another", async () => {
  const lying = `${separator}Content-Length: 60\n\nshort\n\n${separator}A: b\n\nhidden, and out of range\n\n`;
  assert.deepEqual(await split(lying, "mboxcl2"), ["broken"]);
  assert.deepEqual(await split(`${separator}Content-Length: 6\n\nshort\nand more\n`, "mboxcl2"), ["broken"]);
  assert.deepEqual(await split(`${separator}Content-Length: 9999\n\nshort\n`, "mboxcl"), ["broken"]);
  assert.equal((await split(lying, "mboxrd")).length, 2);
});

test("a separator without an empty line before it still ends a message", async () => {
  assert.equal((await split(`${separator}A: b\n\none\n${separator}A: b\n\ntwo\n`, "mboxrd")).length, 2);
});

test("a file that is no mailbox, one that is cut short in its packing, and a message that is too large are told", async () => {
  const packed = gzipSync(`${separator}${letter(inRange)}\n`);
  const folder = newFolder({
    "ada/1.mbox": "PK no mailbox",
    "ada/2.mbox.gz": packed.subarray(0, packed.length - 12),
    "ada/3.mbox": `${separator}${letter(inRange, "x".repeat(5000))}\n\n${separator}${letter(inRange)}\n`,
    "ada/4.eml": letter(inRange, "x".repeat(5000)),
  });
  const { fields, findings, failures } = told(await Array.fromAsync((await opened(folder, { limits: { messageBytes: 4000 } })).read(messages)));
  assert.equal(fields.length, 1);
  assert.deepEqual(
    findings.map((line) => line.split(":")[0]),
    ["UNREADABLE ada/1.mbox", "UNREADABLE ada/2.mbox.gz", "TOO_LARGE ada/3.mbox", "TOO_LARGE ada/4.eml"],
  );
  assert.deepEqual(failures, []);
});

test("a message of parts within parts without end is given as its bytes, and told", async () => {
  const deep = Array.from({ length: 80 }, (_, level) => `Content-Type: multipart/mixed; boundary=b${level}\n\n--b${level}\n`).join("");
  const { fields, findings } = told(await Array.fromAsync((await opened(newFolder({ "ada/1.eml": `Date: ${inRange}\n${deep}` }))).read(messages)));
  assert.deepEqual(
    fields.map((row) => [row["text"], (row["raw"] as Uint8Array).length > 1000]),
    [[null, true]],
  );
  assert.match(findings.join(), /^UNREADABLE ada\/1\.eml: 1 messages cannot be taken apart/);
});

test("more attachments than a message may have are told", async () => {
  const { fields, findings } = told(await Array.fromAsync((await opened(newFolder(files), { limits: { attachments: 0 } })).read(attachments)));
  assert.deepEqual(fields, []);
  assert.match(findings.join(), /TOO_LARGE ada\/inbox\.mbox: 1 attachments are more/);
});

test("a mailbox that changes while it is read, and one that leads outside, stop the production", async () => {
  const folder = newFolder(files);
  const items: Collected[] = [];
  for await (const item of (await opened(folder)).read(messages)) {
    if (item.kind === "record" && items.length === 0)
      for (const name of ["ada/inbox.mbox", "ada/Re the merger.eml"]) appendFileSync(join(folder, name), "more");
    items.push(item);
  }
  assert.deepEqual(told(items).failures, ["CHANGED"]);
  const outside = newFolder({ "ada/1.eml": letter(inRange) });
  symlinkSync(join(newFolder({ "secret.eml": letter(inRange) }), "secret.eml"), join(outside, "ada/0.eml"));
  assert.deepEqual(told(await Array.fromAsync((await opened(outside)).read(messages))), { fields: [], findings: [], failures: ["LEADS_OUTSIDE"] });
});

test("a file said to be two people's mailbox, a path that leads outside and a folder without mail are refused", async () => {
  const refused = async (folder: string, boxes: readonly [Mailbox, ...Mailbox[]]) => {
    const result = await openMailArchive({ source: "mail-archive", folder, workspace: "W-1", mailboxes: boxes });
    return result.kind === "refused" ? result.findings[0].code : "open";
  };
  const folder = newFolder(files);
  assert.equal(
    await refused(folder, [
      { account: "A-1", files: ["**"] },
      { account: "A-2", files: ["bo/*"] },
    ]),
    "SETTINGS",
  );
  assert.equal(await refused(folder, [{ account: "A-1", files: ["../x.eml"] }]), "SETTINGS");
  assert.equal(await refused(folder, [{ account: "A-1", files: ["none/*"] }]), "NO_TABLES");
  assert.equal(await refused(join(home, "nowhere"), mailboxes), "UNREACHABLE");
});

const shared = new URL("../../../../shared/data/mime/stalwart-mail-parser", import.meta.url).pathname;
test(
  "messages broken in every way that others have collected are records or findings, and never an accident",
  { skip: existsSync(shared) ? false : "the shared test data is not here" },
  async () => {
    const names = ["malformed", "rfc"].flatMap((part) => readdirSync(join(shared, part)).filter((name) => name.endsWith(".eml")));
    assert.ok(names.length > 20);
    const source = await opened(shared, { mailboxes: [{ account: "A-1", files: ["malformed/*.eml", "rfc/*.eml"] }] });
    const undatedToo = {
      source: "mail-archive",
      collection: "messages",
      line: "L",
      dataType: "messages",
      columns: ["key", "subject", "text", "raw"],
      witness: { subject: "account", workspace: "workspace" },
      accounts: ["A-1"],
      workspace: "W-1",
    };
    const { fields, failures } = told(await Array.fromAsync(source.read(undatedToo)));
    assert.equal(fields.length, names.length);
    assert.deepEqual(failures, []);
    const everything = told(await Array.fromAsync(source.read({ ...messages, from: instant("1970-01-01T00:00:00Z"), until: instant("2026-11-01T00:00:00Z") })));
    assert.ok(everything.fields.length > 0 && everything.fields.length < names.length);
    const undated = everything.findings.filter((line) => line.startsWith("UNDATED")).length;
    assert.ok(undated > 0 && everything.fields.length + undated <= names.length);
  },
);
