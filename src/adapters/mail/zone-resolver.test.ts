// The zone file answers as the DNS would.
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { test } from "node:test";
import { liveResolver, readZone, zoneResolver } from "./zone-resolver.ts";

const resolve = zoneResolver({
  "Agency.GOV.": { TXT: [["v=spf1 ", "-all"]], MX: [{ exchange: "mx.agency.gov", priority: 10 }], A: [] },
  "www.agency.gov": { CNAME: ["agency.gov"] },
  "a.loop": { CNAME: ["b.loop"] },
  "b.loop": { CNAME: ["a.loop"] },
});

test("names are found whatever their case or final dot, and an alias is followed", async () => {
  assert.deepEqual(await resolve("agency.gov", "TXT"), [["v=spf1 ", "-all"]]);
  assert.deepEqual(await resolve("AGENCY.gov.", "mx"), [{ exchange: "mx.agency.gov", priority: 10 }]);
  assert.deepEqual(await resolve("www.agency.gov", "TXT"), [["v=spf1 ", "-all"]]);
});

test("what is absent does not exist, and says so as the DNS does", async () => {
  await assert.rejects(resolve("agency.example", "TXT"), { code: "ENOTFOUND", syscall: "queryTxt", hostname: "agency.example" });
  await assert.rejects(resolve("agency.gov", "AAAA"), { code: "ENODATA", syscall: "queryAaaa" });
  await assert.rejects(resolve("agency.gov", "A"), { code: "ENODATA" });
  await assert.rejects(resolve("a.loop", "TXT"), { code: "ESERVFAIL" });
  await assert.rejects(resolve("__proto__", "TXT"), { code: "ENOTFOUND" });
});

test("an answer that a reader changes is not changed for the next one", async () => {
  const first = (await resolve("agency.gov", "TXT")) as string[][];
  first[0]?.push("+all");
  assert.deepEqual(await resolve("agency.gov", "TXT"), [["v=spf1 ", "-all"]]);
});

test("a zone file that cannot be used is refused with all reasons", () => {
  assert.equal(readZone('{"a.example":{"TXT":[["x"]]}}').kind, "zone");
  for (const text of ["", "[]", '{"a":[]}', '{"a":{"TXT":"x"}}', '{"a":{"TXT":[null]}}']) assert.equal(readZone(text).kind, "refused", text);
});

/** Answers every question: with one TXT record for names that start with "yes", otherwise that the name does not exist. */
async function nameServer(): Promise<{ readonly address: string; close(): void }> {
  const socket = createSocket("udp4");
  socket.on("message", (question, peer) => {
    const yes = question.toString("latin1").includes("\u0003yes");
    const head = Buffer.from(question.subarray(0, 12));
    head.writeUInt16BE(yes ? 0x8180 : 0x8183, 2);
    head.writeUInt16BE(yes ? 1 : 0, 6);
    head.writeUInt16BE(0, 10);
    const asked = question.subarray(12, question.indexOf(0, 12) + 5);
    const record = Buffer.from("c00c00100001000000010004036f6b21", "hex");
    socket.send(Buffer.concat(yes ? [head, asked, record] : [head, asked]), peer.port, peer.address);
  });
  await new Promise<void>((resolveBound) => socket.bind(0, "127.0.0.1", resolveBound));
  return { address: `127.0.0.1:${socket.address().port}`, close: () => socket.close() };
}

test("the zone and the network keep one promise", async () => {
  const server = await nameServer();
  try {
    const both = [zoneResolver({ "yes.example": { TXT: [["ok!"]] } }), liveResolver({ servers: [server.address], timeoutMs: 500 })];
    for (const each of both) {
      assert.deepEqual(await each("yes.example", "TXT"), [["ok!"]]);
      await assert.rejects(each("no.example", "TXT"), { code: "ENOTFOUND", syscall: "queryTxt", hostname: "no.example" });
    }
  } finally {
    server.close();
  }
});
