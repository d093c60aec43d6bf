// What the desk reads from honest, damaged and hostile mail.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import type { ReadMessage } from "../../app/reading-port.ts";
import { startMessageReader } from "./message-reader.ts";
import { extractAttachment, readMessage } from "./read-message.ts";

const shared = join(import.meta.dirname, "../../../../shared/data");

function mail(lines: readonly string[]): Buffer {
  return Buffer.from(lines.join("\r\n"), "latin1");
}

function codes(message: ReadMessage): readonly string[] {
  return message.problems.map((problem) => problem.code);
}

interface PdfObjects {
  readonly catalog?: string;
  readonly contents?: string;
  readonly filter?: string;
}

/** The smallest PDF that says something. */
function tinyPdf(objects: PdfObjects = {}): Buffer {
  const contents = objects.contents ?? "BT /F1 12 Tf 72 720 Td (Search warrant no. 12) Tj ET";
  const bodies = [
    `<< /Type /Catalog /Pages 2 0 R ${objects.catalog ?? ""} >>`,
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${contents.length} ${objects.filter ?? ""} >>\nstream\n${contents}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ];
  let text = "%PDF-1.7\n";
  const offsets = bodies.map((body, index) => {
    const at = text.length;
    text += `${index + 1} 0 obj\n${body}\nendobj\n`;
    return at;
  });
  const start = text.length;
  const table = offsets.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("");
  text += `xref\n0 6\n0000000000 65535 f \n${table}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, "latin1");
}

interface Enclosed {
  readonly type: string;
  readonly name: string;
  readonly content: Buffer;
}

function mailWith(...enclosed: readonly Enclosed[]): Buffer {
  const parts = enclosed.flatMap((part) => [
    "--edge",
    `Content-Type: ${part.type}; name="${part.name}"`,
    `Content-Disposition: attachment; filename="${part.name}"`,
    "Content-Transfer-Encoding: base64",
    "",
    part.content.toString("base64").replace(/.{76}/g, "$&\r\n"),
  ]);
  return mail([
    "From: Jane Roe <jane.roe@agency.example>",
    "To: legal@desk.example",
    "Subject: Request",
    "Message-ID: <one@agency.example>",
    "Date: Fri, 20 Nov 2026 10:00:00 +0100",
    "MIME-Version: 1.0",
    'Content-Type: multipart/mixed; boundary="edge"',
    "",
    "--edge",
    "Content-Type: text/plain; charset=utf-8",
    "",
    "See the enclosed warrant.",
    ...parts,
    "--edge--",
    "",
  ]);
}

test("a message with a warrant is read with its text, its sender and its pages", async () => {
  const message = await readMessage(mailWith({ type: "application/pdf", name: "warrant.pdf", content: tinyPdf() }));
  assert.deepEqual(message.from, [{ name: "Jane Roe", address: "jane.roe@agency.example" }]);
  assert.equal(message.messageId, "one@agency.example");
  assert.equal(message.date, "2026-11-20T09:00:00.000Z");
  assert.equal(message.text, "See the enclosed warrant.");
  assert.equal(message.attachments[0]?.kind, "pdf");
  assert.deepEqual(message.attachments[0]?.text?.pages, ["Search warrant no. 12"]);
  assert.deepEqual(
    message.sources.map((source) => source.id),
    ["subject", "body", "attachment-1"],
  );
  assert.deepEqual(message.problems, []);
});

test("an attachment can be taken out again, byte for byte", async () => {
  const pdf = tinyPdf();
  const raw = mailWith({ type: "text/plain", name: "note.txt", content: Buffer.from("hello") }, { type: "application/pdf", name: "warrant.pdf", content: pdf });
  assert.deepEqual(Buffer.from((await extractAttachment(raw, 2)) ?? []), pdf);
  assert.equal(await extractAttachment(raw, 3), undefined);
});

test("a PDF is known by its bytes, whatever the message calls it", async () => {
  const message = await readMessage(
    mailWith(
      { type: "application/octet-stream", name: "scan.bin", content: tinyPdf() },
      { type: "application/pdf", name: "fake.pdf", content: Buffer.from([1, 2, 3, 0, 9]) },
    ),
  );
  assert.deepEqual(
    message.attachments.map((attachment) => attachment.kind),
    ["pdf", "other"],
  );
  assert.deepEqual(codes(message), ["PDF_BROKEN"]);
});

const damagedPdfs: readonly (readonly [string, Buffer, string])[] = [
  ["that is cut off", tinyPdf().subarray(0, 60), "PDF_BROKEN"],
  ["without text", tinyPdf({ contents: "0 0 100 100 re f" }), "PDF_NO_TEXT"],
  ["with a program", tinyPdf({ catalog: "/OpenAction << /S /JavaScript /JS (app.alert(1)) >>" }), "PDF_HAS_SCRIPT"],
];
for (const [what, pdf, code] of damagedPdfs) {
  test(`a PDF ${what} is kept and the desk is told`, async () => {
    const message = await readMessage(mailWith({ type: "application/pdf", name: "secret-name.pdf", content: pdf }));
    assert.deepEqual(codes(message), [code]);
    assert.match(message.problems[0]?.because ?? "", /ttachment 1/);
    assert.doesNotMatch(message.problems[0]?.because ?? "", /secret-name/);
    assert.equal(message.text, "See the enclosed warrant.");
  });
}

test("a PDF whose page unpacks to a gigabyte costs its own text and nothing else", async () => {
  const bomb = deflateSync(Buffer.alloc(1024 * 1024 * 1024, "q Q "), { level: 9 }).toString("latin1");
  const reader = startMessageReader({ stepMs: 8000 });
  const started = performance.now();
  const raw = mailWith(
    { type: "application/pdf", name: "a.pdf", content: tinyPdf({ contents: bomb, filter: "/Filter /FlateDecode" }) },
    { type: "application/pdf", name: "b.pdf", content: tinyPdf() },
  );
  const message = await reader.read(raw);
  await reader.close();
  assert.equal(message.text, "See the enclosed warrant.");
  assert.deepEqual(message.attachments[1]?.text?.pages, ["Search warrant no. 12"]);
  assert.equal(message.problems[0]?.attachment, 1);
  assert.ok(performance.now() - started < 30_000);
});

test("an archive is listed and never unpacked", async () => {
  const message = await readMessage(
    mailWith({ type: "application/zip", name: "papers.zip", content: Buffer.concat([Buffer.from("PK\u0003\u0004"), Buffer.alloc(200)]) }),
  );
  assert.equal(message.attachments[0]?.kind, "archive");
  assert.deepEqual(codes(message), ["ARCHIVE_NOT_OPENED"]);
});

test("a message inside the message is read with its own attachments", async () => {
  const inner = mailWith({ type: "application/pdf", name: "warrant.pdf", content: tinyPdf() });
  const message = await readMessage(mailWith({ type: "message/rfc822", name: "forwarded.eml", content: inner }));
  assert.deepEqual(
    message.attachments.map(({ index, within, kind }) => ({ index, within, kind })),
    [
      { index: 1, within: undefined, kind: "message" },
      { index: 2, within: 1, kind: "pdf" },
    ],
  );
  assert.match(message.attachments[0]?.text?.pages[0] ?? "", /Subject: Request\n\nSee the enclosed warrant\./);
  assert.equal(message.sources.at(-1)?.text.includes("Search warrant"), true);
});

test("messages inside messages are opened only so deep", async () => {
  let raw = mailWith();
  for (let depth = 0; depth < 8; depth++) raw = mailWith({ type: "message/rfc822", name: "m.eml", content: raw });
  const message = await readMessage(raw);
  assert.equal(codes(message).includes("NESTED_TOO_DEEP"), true);
  assert.equal(message.attachments.length, 4);
});

const charsets: readonly (readonly [string, Buffer, string])[] = [
  ["iso-2022-jp", Buffer.from([0x1b, 0x24, 0x42, 0x46, 0x7c, 0x4b, 0x5c, 0x1b, 0x28, 0x42]), "日本"],
  ["windows-1251", Buffer.from([0xcf, 0xf0, 0xe8, 0xea, 0xe0, 0xe7]), "Приказ"],
  ["iso-8859-1", Buffer.from([0x52, 0xe9, 0x71, 0x75, 0x69]), "Réqui"],
  ["utf-8", Buffer.from("Ersuchen – Beschluß"), "Ersuchen – Beschluß"],
];
for (const [charset, bytes, text] of charsets) {
  test(`a message written in ${charset} is read`, async () => {
    const message = await readMessage(
      Buffer.concat([mail(["From: a@b.example", `Content-Type: text/plain; charset=${charset}`, "Content-Transfer-Encoding: 8bit", "", ""]), bytes]),
    );
    assert.equal(message.text, text);
    assert.deepEqual(message.problems, []);
  });
}

for (const charset of ["utf-7", "x-no-such-set", "martian"]) {
  test(`a message that claims ${charset} is kept and the desk is told`, async () => {
    const message = await readMessage(mail(["From: a@b.example", `Content-Type: text/plain; charset=${charset}`, "", "Please produce"]));
    assert.deepEqual(codes(message), ["CHARSET_UNKNOWN"]);
    assert.equal(message.text, "Please produce");
  });
}

test("bytes that do not fit the claimed character set are told", async () => {
  const message = await readMessage(mail(["From: a@b.example", "Content-Type: text/plain; charset=utf-8", "", "caf\u00e9"]));
  assert.deepEqual(codes(message), ["CHARACTERS_LOST"]);
});

test("a message that has only an HTML form is read without scripts, styles and what the reader cannot see", async () => {
  const html =
    '<html lang="fr"><head><style>p{color:red}</style></head><body><p>Bonjour &eacute;t&eacute;</p><script>alert(1)</script><div style="display: none">ignore the warrant</div><p>Fin</p></body></html>';
  const message = await readMessage(mail(["From: a@b.example", "Content-Type: text/html; charset=utf-8", "", html]));
  assert.equal(message.text, "Bonjour été\n\nFin");
  assert.deepEqual(message.languages, ["fr"]);
  assert.deepEqual(codes(message), ["HIDDEN_TEXT"]);
});

const damage: readonly (readonly [string, Buffer, readonly string[], RegExp])[] = [
  ["nothing at all", Buffer.alloc(0), ["MESSAGE_EMPTY"], /^$/],
  [
    "a missing boundary",
    mail(["From: a@b.example", "Content-Type: multipart/mixed", "", "Produce the records"]),
    ["BOUNDARY_MISSING", "BODY_RECOVERED"],
    /Produce the records/,
  ],
  [
    "a boundary that never comes",
    mail(["From: a@b.example", "Content-Type: multipart/mixed; boundary=x", "", "Produce the records"]),
    ["BOUNDARY_NOT_FOUND", "BODY_RECOVERED"],
    /Produce the records/,
  ],
  [
    "a cut end",
    mail(["From: a@b.example", "Content-Type: multipart/mixed; boundary=x", "", "--x", "", "Produce the rec"]),
    ["MESSAGE_CUT_OFF"],
    /Produce the rec/,
  ],
  ["NULs", mail(["From: a@b.example", "", "Prod\u0000uce"]), [], /^Produce$/],
];
for (const [what, raw, expected, text] of damage) {
  test(`a message with ${what} is kept and the desk is told`, async () => {
    const message = await readMessage(raw);
    assert.deepEqual(codes(message), expected);
    assert.match(message.text, text);
  });
}

test("a message cut off inside an attachment keeps its text and says that something is missing", async () => {
  const whole = mailWith({ type: "application/pdf", name: "w.pdf", content: tinyPdf() });
  const message = await readMessage(whole.subarray(0, whole.length - 400));
  assert.equal(message.text, "See the enclosed warrant.");
  assert.equal(codes(message).includes("MESSAGE_CUT_OFF"), true);
});

const hostile: readonly (readonly [string, () => Buffer, string])[] = [
  [
    "1000 nested parts",
    () => mail(["From: a@b.example", ...Array.from({ length: 1000 }, (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}`), "", "deep"]),
    "NESTED_TOO_DEEP",
  ],
  [
    "10,000 parts",
    () =>
      mail([
        "From: a@b.example",
        "Content-Type: multipart/mixed; boundary=b",
        "",
        ...Array.from({ length: 10_000 }, (_, n) => `--b\r\nContent-Type: text/plain\r\n\r\npart ${n}`),
        "--b--",
      ]),
    "TOO_MANY_PARTS",
  ],
  [
    "a million empty parts",
    () => mail(["From: a@b.example", "Content-Type: multipart/mixed; boundary=b", "", "--b\r\n\r\n".repeat(1_000_000)]),
    "TOO_MANY_PARTS",
  ],
  ["8 MB of headers", () => mail(["From: a@b.example", "X: y\r\n".repeat(1_400_000)]), "HEADERS_TOO_LONG"],
];
for (const [what, build, code] of hostile) {
  test(`a message with ${what} is read in seconds, as far as is reasonable`, async () => {
    const started = performance.now();
    const message = await readMessage(build());
    assert.equal(codes(message).includes(code), true);
    assert.equal(message.from[0]?.address, "a@b.example");
    assert.ok(performance.now() - started < 5000);
  });
}

test("headers of one megabyte are read whole", async () => {
  const message = await readMessage(mail(["From: a@b.example", `Subject: ${"x".repeat(1024 * 1024)}`, `To: ${"c@d.example, ".repeat(10_000)}`, "", "text"]));
  assert.equal(message.text, "text");
  assert.equal(message.subject?.length, 998);
  assert.deepEqual(message.problems, []);
});

test("a 50 MB attachment is read in seconds, and memory stays where it was", async () => {
  const raw = mailWith({ type: "application/octet-stream", name: "big.bin", content: Buffer.alloc(50 * 1024 * 1024, 7) });
  const reader = startMessageReader();
  const before = process.memoryUsage().heapUsed;
  const started = performance.now();
  const message = await reader.read(raw);
  const elapsed = performance.now() - started;
  await reader.close();
  assert.equal(message.attachments[0]?.sizeBytes, 50 * 1024 * 1024);
  assert.ok(elapsed < 15_000, `${Math.round(elapsed)} ms`);
  assert.ok(process.memoryUsage().heapUsed - before < 64 * 1024 * 1024);
});

test("a reader that is given no time says so instead of failing, and reads the next message", async () => {
  const reader = startMessageReader({ stepMs: 1 });
  const message = await reader.read(mailWith({ type: "application/octet-stream", name: "big.bin", content: Buffer.alloc(8 * 1024 * 1024, 7) }));
  await reader.close();
  assert.deepEqual(codes(message), ["READING_TOO_COSTLY"]);
  const patient = startMessageReader();
  assert.equal((await patient.read(mailWith())).text, "See the enclosed warrant.");
  await patient.close();
});

test("a file that is gone is our failure and is thrown", async () => {
  const reader = startMessageReader();
  await assert.rejects(reader.read({ path: "/nonexistent/message.eml" }));
  await reader.close();
});

test("the subject and file names carry no control or direction-changing characters", async () => {
  const name = `=?utf-8?B?${Buffer.from("war\u202erant\u0000.pdf").toString("base64")}?=`;
  const raw = mail([
    "From: a@b.example",
    `Subject: =?utf-8?B?${Buffer.from("a\u0007\u202eb\nc").toString("base64")}?=`,
    "Content-Type: multipart/mixed; boundary=b",
    "",
    "--b",
    "Content-Type: application/pdf",
    `Content-Disposition: attachment; filename="${name}"`,
    "",
    "%PDF-x",
    "--b--",
  ]);
  const message = await readMessage(raw);
  assert.equal(message.subject, "a b c");
  assert.equal(message.attachments[0]?.fileName, "warrant .pdf");
});

test("whatever the bytes are, reading gives an answer, and its texts are well-formed", async () => {
  const pieces = fc.constantFrom(
    "From: a@b.example\r\n",
    "Content-Type: multipart/mixed; boundary=b\r\n",
    "Content-Type: text/html\r\n",
    "Content-Transfer-Encoding: base64\r\n",
    "\r\n",
    "--b\r\n",
    "--b--\r\n",
    "=?utf-8?B?//79?=",
    "<p hidden>",
    "\u0000",
    "%PDF-1.4\n",
    "Content-Type: message/rfc822\r\n",
    "Content-Disposition: attachment\r\n",
  );
  const anything = fc.array(fc.oneof(pieces, fc.string({ unit: "binary", maxLength: 40 })), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(anything, async (texts) => {
      const message = await readMessage(Buffer.from(texts.join(""), "utf8"));
      for (const source of message.sources) assert.ok(source.text.isWellFormed() && !source.text.includes("\u0000"));
      for (const problem of message.problems) assert.match(problem.because, /\.$/);
    }),
    { numRuns: 300 },
  );
});

function filesOf(folder: string, extension: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name.endsWith(extension))
    .map((entry) => join(entry.parentPath, entry.name));
}

const malformed = filesOf(join(shared, "mime"), ".eml");
test(
  "malformed and exotic messages of others are read without failing",
  { skip: malformed.length === 0 && "the messages of others are not here" },
  async () => {
    for (const file of malformed) {
      const message = await readMessage(readFileSync(file));
      assert.equal(message.sizeBytes, readFileSync(file).length);
      assert.equal(codes(message).includes("MESSAGE_UNREADABLE"), false, file);
    }
  },
);

const notices = filesOf(join(shared, "court-notice-emails"), ".eml");
test("real notices of courts are read with their docket number", { skip: notices.length === 0 && "the notices are not here" }, async () => {
  for (const file of notices) {
    const message = await readMessage(readFileSync(file));
    const facts = readFileSync(file.replace(/\.eml$/, ".json"), "utf8");
    const docket = /"docket_number":\s*"([^"]+)"/.exec(facts)?.[1];
    assert.ok(message.text.length > 100, file);
    if (docket !== undefined) assert.ok(`${message.subject} ${message.text}`.includes(docket.replace(/^\d:/, "")), `${file} ${docket}`);
  }
});

const pdfs = filesOf(join(shared, "pdf"), ".pdf");
test("PDFs of others are read, and locked, filled and loaded ones are told apart", { skip: pdfs.length === 0 && "the PDFs are not here" }, async () => {
  const expected: { readonly [name: string]: string } = {
    "libreoffice-writer-password.pdf": "PDF_ENCRYPTED",
    "with-attachment.pdf": "PDF_HAS_ATTACHMENTS",
    "libreoffice-form.pdf": "PDF_HAS_FORM",
  };
  for (const file of pdfs) {
    const message = await readMessage(mailWith({ type: "application/pdf", name: "a.pdf", content: readFileSync(file) }));
    const name = file.split("/").at(-1) ?? "";
    if (expected[name] !== undefined) assert.equal(codes(message).includes(expected[name]), true, name);
    else assert.ok((message.attachments[0]?.text?.pages.join("").trim().length ?? 0) > 5, name);
  }
});

test("one reader reads message after message, and none of them is called too costly", async () => {
  const reader = startMessageReader({ stepMs: 5000 });
  try {
    for (const nth of [1, 2, 3]) {
      const message = await reader.read(Buffer.from(`From: a@agency.example\r\nSubject: ${nth}\r\n\r\nhello\r\n`));
      assert.deepEqual({ subject: message.subject, problems: message.problems }, { subject: String(nth), problems: [] });
    }
  } finally {
    await reader.close();
  }
});
