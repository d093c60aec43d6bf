import assert from "node:assert/strict";
import { test } from "node:test";
import { record } from "../../../tests/fixtures/package.ts";
import { fileKindOf } from "./file-kind.ts";
import { speaksOfOthers } from "./other-people.ts";

const keeps = new Set(["author_id", "sent_at", "workspace_id"]);
const speaks = (body: string): boolean =>
  speaksOfOthers({ ...record(1), fields: { ...record(1).fields, body } }, ["M-HARBOR-00", "celia@harbor.example", "U100"], keeps);

test("a text with somebody else's address, number or mention speaks of others", () => {
  for (const text of ["write to ben@mail.example", "call +1 303 555 0100", "ask <@U200> about it", "<@U200|ben> knows"]) assert.ok(speaks(text), text);
});

test("a text that names only its own author, a day or a sum speaks of nobody else", () => {
  for (const text of ["I am Celia@Harbor.example", "<@U100> said so", "until 2026-03-01", "2026-02-01T08:00:00.000Z", "17.50", ""])
    assert.ok(!speaks(text), text);
});

test("a file's kind is told by what it is and not by its name", () => {
  const bytes = (text: string) => Uint8Array.from(text, (sign) => sign.charCodeAt(0));
  const kinds: readonly (readonly [string, string])[] = [
    ["%PDF-1.7\n", "pdf"],
    ["\r\n\r\n%PDF-1.4", "pdf"],
    ["\x89PNG\r\n", "image"],
    ["\xff\xd8\xff\xe0", "image"],
    ["PK\x03\x04....[Content_Types].xml", "office"],
    ["PK\x03\x04....photo.jpg", "archive"],
    ["Dear Sir,\n", "text"],
    ["\x00\x01\x02\x03", "other"],
    ["", "text"],
  ];
  for (const [content, kind] of kinds) assert.equal(fileKindOf(bytes(content)), kind, JSON.stringify(content));
});
