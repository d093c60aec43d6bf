// The door of the desk's mailbox, and the letters that go out of it, over real connections.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { connect as connectPlain, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { connect as connectTls } from "node:tls";
import type { ReceivedMessage, TakeMessage } from "../../app/reading-port.ts";
import { messageIdOf, openLetterSender } from "./send-letters.ts";
import { selfSigned } from "../../../tests/self-signed.ts";
import { startSmtpListener, type ListenerLogEntry, type ListenerSettings } from "./smtp-listener.ts";

interface Kept extends ReceivedMessage {
  readonly bytes: Buffer;
}

interface Door {
  readonly port: number;
  readonly kept: Kept[];
  readonly spool: string;
  readonly log: ListenerLogEntry[];
}

async function openDoor(context: TestContext, settings: Partial<ListenerSettings> = {}): Promise<Door> {
  const spool = mkdtempSync(join(tmpdir(), "door-"));
  const kept: Kept[] = [];
  const log: ListenerLogEntry[] = [];
  const onMessage: TakeMessage = async (message) => {
    kept.push({ ...message, bytes: await readFile(message.raw.path) });
    return { accepted: true, caseId: "C-7F3K-2M9Q" };
  };
  const listener = await startSmtpListener({
    host: "127.0.0.1",
    port: 0,
    mailboxes: ["Legal@desk.example"],
    spoolFolder: spool,
    onMessage,
    log: (entry) => log.push(entry),
    ...settings,
  });
  context.after(async () => {
    await listener.close();
    rmSync(spool, { recursive: true });
  });
  return { port: listener.port, kept, spool, log };
}

interface Line {
  say(text: string | Buffer): Promise<string>;
  readonly socket: Socket;
  end(): void;
}

/** Talks SMTP by hand and hears one whole reply for each thing it says. */
async function call(port: number): Promise<Line & { readonly greeting: string }> {
  const socket = connectPlain(port, "127.0.0.1");
  const line = lineOver(socket);
  return { ...line, greeting: await line.say("") };
}

function lineOver(socket: Socket): Line {
  let heard = "";
  let waiting: ((reply: string) => void) | undefined;
  const pass = (closed: boolean): void => {
    const whole = /^(?:\d{3}-[^\r]*\r\n)*\d{3} [^\r]*\r\n/.exec(heard)?.[0];
    if (waiting === undefined || (whole === undefined && !closed)) return;
    const answer = waiting;
    waiting = undefined;
    heard = heard.slice(whole?.length ?? 0);
    answer(whole ?? "closed");
  };
  socket.on("data", (chunk) => {
    heard += chunk.toString();
    pass(false);
  });
  socket.on("close", () => pass(true));
  socket.on("error", () => {});
  return {
    socket,
    say: (text) =>
      new Promise((resolve) => {
        waiting = resolve;
        if (text.length > 0) socket.write(text);
        pass(socket.destroyed);
      }),
    end: () => socket.destroy(),
  };
}

async function begin(port: number): Promise<Line> {
  const line = await call(port);
  await line.say("EHLO mx.agency.gov\r\n");
  await line.say("MAIL FROM:<jane@agency.gov>\r\n");
  await line.say("RCPT TO:<legal@desk.example>\r\n");
  assert.match(await line.say("DATA\r\n"), /^354/);
  return line;
}

test("a message is kept byte for byte before its sender is told yes", async (context) => {
  const door = await openDoor(context);
  const line = await begin(door.port);
  const raw = Buffer.concat([
    Buffer.from("From: jane@agency.gov\r\n\r\n.hidden dot\r\nlone\nfeed and \u0000 and "),
    Buffer.from([0xff, 0xfe]),
    Buffer.from("\r\n"),
  ]);
  const sent = Buffer.from(raw.toString("latin1").replaceAll(/^\./gm, ".."), "latin1");
  assert.match(await line.say(Buffer.concat([sent, Buffer.from(".\r\n")])), /^250 .*C-7F3K-2M9Q/);
  line.end();
  const [kept] = door.kept;
  assert.deepEqual(kept?.bytes, raw);
  assert.equal(kept?.sha256, createHash("sha256").update(raw).digest("hex"));
  assert.deepEqual(
    [kept?.clientIp, kept?.helo, kept?.mailFrom, kept?.recipients, kept?.secure],
    ["127.0.0.1", "mx.agency.gov", "jane@agency.gov", ["legal@desk.example"], false],
  );
  assert.deepEqual(readdirSync(door.spool), []);
  assert.doesNotMatch(JSON.stringify(door.log), /agency|jane|legal@/);
});

test("mail for anybody else is refused", async (context) => {
  const door = await openDoor(context);
  const line = await call(door.port);
  await line.say("EHLO a\r\n");
  await line.say("MAIL FROM:<>\r\n");
  for (const other of ["someone@else.example", "legal@desk.example.evil", "legal%else.example@relay.example"])
    assert.match(await line.say(`RCPT TO:<${other}>\r\n`), /^550/);
  assert.match(await line.say("RCPT TO:<LEGAL@desk.example>\r\n"), /^250/);
  line.end();
});

test("a desk that cannot keep a message asks for it again later, and one that will not says so", async (context) => {
  const failing = await openDoor(context, { onMessage: async () => Promise.reject(new Error("jane@agency.gov was not stored")) });
  const one = await begin(failing.port);
  assert.match(await one.say("From: a\r\n\r\nx\r\n.\r\n"), /^451 [^\r]*try again later/);
  one.end();
  assert.deepEqual(
    failing.log.map((entry) => entry.event),
    ["message-failed"],
  );
  assert.deepEqual(readdirSync(failing.spool), []);
  const refusing = await openDoor(context, { onMessage: async () => ({ accepted: false, code: 554, text: "not\r\n250 here" }) });
  const other = await begin(refusing.port);
  assert.match(await other.say("From: a\r\n\r\nx\r\n.\r\n"), /^554 (5\.\d\.\d )?not 250 here\r\n$/);
  other.end();
});

test("a message that stops half way is never a message", async (context) => {
  const door = await openDoor(context);
  const line = await begin(door.port);
  line.socket.write("From: a\r\n\r\nhalf a mess");
  await new Promise((resolve) => setTimeout(resolve, 50));
  line.end();
  await new Promise((resolve) => setTimeout(resolve, 150));
  assert.deepEqual(door.kept, []);
  assert.deepEqual(readdirSync(door.spool), []);
});

test("a message over the limit is refused with the limit, announced or not", async (context) => {
  const door = await openDoor(context, { maxBytes: 1024 * 1024 });
  const line = await call(door.port);
  assert.match(await line.say("EHLO a\r\n"), /SIZE 1048576/);
  assert.match(await line.say("MAIL FROM:<a@b.example> SIZE=2000000\r\n"), /^552/);
  line.end();
  const silent = await begin(door.port);
  const large = `From: a\r\n\r\n${`${"x".repeat(76)}\r\n`.repeat(20_000)}.\r\n`;
  assert.match(await silent.say(large), /^552 .*1 MiB/);
  silent.end();
  assert.deepEqual(door.kept, []);
});

test("a 50 MB message is taken in seconds without being held in memory", async (context) => {
  let received: ReceivedMessage | undefined;
  const door = await openDoor(context, {
    onMessage: async (message) => {
      received = message;
      return { accepted: true, caseId: "C-1" };
    },
  });
  const line = await begin(door.port);
  const block = Buffer.from(`${randomBytes(57).toString("base64")}\r\n`.repeat(13_000));
  const before = process.memoryUsage().heapUsed;
  const started = performance.now();
  for (let sent = 0; sent < 50; sent++) if (!line.socket.write(block)) await new Promise((resolve) => line.socket.once("drain", resolve));
  assert.match(await line.say("\r\n.\r\n"), /^250/);
  line.end();
  assert.equal(received?.sizeBytes, block.length * 50 + 2);
  assert.ok(performance.now() - started < 10_000);
  assert.ok(process.memoryUsage().heapUsed - before < 48 * 1024 * 1024);
});

test("junk is answered for a while and then no more", async (context) => {
  const door = await openDoor(context);
  const line = await call(door.port);
  let last = "";
  for (let said = 0; said < 15 && last !== "closed"; said++) last = await line.say("BLAH\r\n");
  assert.equal(last, "closed");
  const long = await call(door.port);
  assert.match(await long.say(`EHLO ${"a".repeat(10_000)}\r\n`), /^(5\d\d|421|closed)/);
  long.end();
});

test("who says nothing, or drips, is hung up on", async (context) => {
  const impatient = await openDoor(context, { idleMs: 150 });
  assert.match(await (await call(impatient.port)).say(""), /^(421|closed)/);
  const door = await openDoor(context, { idleMs: 60_000, messageMs: 300 });
  const slow = await begin(door.port);
  const dripping = setInterval(() => slow.socket.write("x"), 30);
  context.after(() => clearInterval(dripping));
  for (let tries = 0; tries < 100 && readdirSync(door.spool).length > 0; tries++) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(readdirSync(door.spool), []);
  clearInterval(dripping);
  slow.end();
  assert.deepEqual(door.kept, []);
});

test("more recipients and more connections than the limit are refused", async (context) => {
  const door = await openDoor(context, { maxRecipients: 2, maxConnections: 2, mailboxes: ["a@d.example", "b@d.example", "c@d.example"] });
  const line = await call(door.port);
  await line.say("EHLO a\r\n");
  await line.say("MAIL FROM:<x@y.example>\r\n");
  const replies = [];
  for (const name of ["a", "b", "c"]) replies.push((await line.say(`RCPT TO:<${name}@d.example>\r\n`)).slice(0, 3));
  assert.deepEqual(replies, ["250", "250", "452"]);
  const second = await call(door.port);
  const third = await call(door.port);
  assert.match(third.greeting, /^421/);
  for (const each of [line, second, third]) each.end();
});

test("listening beyond this machine without a certificate or a relay is refused", async () => {
  const onMessage: TakeMessage = async () => ({ accepted: true, caseId: "C-1" });
  for (const host of ["0.0.0.0", "::", "192.0.2.1", "desk.example"])
    await assert.rejects(startSmtpListener({ host, port: 0, mailboxes: ["a@d.example"], onMessage }), /certificate/);
  await assert.rejects(startSmtpListener({ host: "127.0.0.1", port: 0, mailboxes: [], onMessage }), /mailbox/);
});

test("with a certificate the line turns secret, and an old TLS is refused (KDRP-9)", async (context) => {
  const tls = selfSigned("localhost");
  if (tls === undefined) return context.skip("openssl is not here to make a certificate");
  const door = await openDoor(context, { tls: { ...tls, minVersion: "TLSv1.2" } });
  const line = await call(door.port);
  assert.match(await line.say("EHLO a\r\n"), /STARTTLS/);
  assert.match(await line.say("STARTTLS\r\n"), /^220/);
  line.socket.removeAllListeners();
  const secret = connectTls({ socket: line.socket, ca: tls.cert, servername: "localhost" });
  await new Promise((resolve, reject) => secret.once("secureConnect", resolve).once("error", reject));
  const safe = lineOver(secret);
  assert.match(await safe.say("EHLO a\r\n"), /^250(?![\s\S]*STARTTLS)/);
  await safe.say("MAIL FROM:<a@b.example>\r\n");
  await safe.say("RCPT TO:<legal@desk.example>\r\n");
  await safe.say("DATA\r\n");
  assert.match(await safe.say("From: a\r\n\r\nx\r\n.\r\n"), /^250/);
  assert.equal(door.kept[0]?.secure, true);
  safe.end();
  const old = await call(door.port);
  await old.say("EHLO a\r\n");
  await old.say("STARTTLS\r\n");
  old.socket.removeAllListeners();
  const weak = connectTls({
    socket: old.socket,
    ca: tls.cert,
    servername: "localhost",
    minVersion: "TLSv1.1",
    maxVersion: "TLSv1.1",
    ciphers: "DEFAULT@SECLEVEL=0",
  });
  await assert.rejects(
    new Promise((resolve, reject) =>
      weak
        .once("secureConnect", resolve)
        .once("error", reject)
        .once("close", () => reject(new Error("closed"))),
    ),
  );
});

const letter = { id: "L-0001", to: "legal@desk.example", subject: "We received your request – C-7F3K", text: "Dear officer,\n.\nWe received it.\n" };

test("a letter goes out once under a name that a second copy shares", async (context) => {
  const door = await openDoor(context);
  const sender = openLetterSender({ host: "127.0.0.1", port: door.port, from: { name: "Legal desk", address: "desk@desk.example" } });
  context.after(() => sender.close());
  const first = await sender.sendLetter({
    ...letter,
    inReplyTo: "one@agency.gov",
    attachments: [{ fileName: "receipt.txt", mediaType: "text/plain", content: Buffer.from("hi") }],
  });
  const again = await sender.sendLetter(letter);
  assert.ok(first.kind === "sent" && again.kind === "sent");
  assert.equal(first.messageId, again.messageId);
  assert.equal(first.messageId, messageIdOf("L-0001", "desk@desk.example"));
  assert.match(first.transcriptSha256, /^[0-9a-f]{64}$/);
  const raw = door.kept[0]?.bytes.toString() ?? "";
  assert.match(raw, new RegExp(`^Message-ID: <${first.messageId}>\r$`, "m"));
  assert.match(raw, /^Auto-Submitted: auto-generated\r$/m);
  assert.match(raw, /^In-Reply-To: <one@agency.gov>\r$/m);
});

test("a letter cannot carry a header or an address of somebody's making", async (context) => {
  const door = await openDoor(context);
  const sender = openLetterSender({ host: "127.0.0.1", port: door.port, from: { name: "Legal desk", address: "desk@desk.example" } });
  context.after(() => sender.close());
  const made = [
    [{ ...letter, subject: "x\r\nBcc: all@evil.example" }, "SUBJECT_INVALID"],
    [{ ...letter, to: "legal@desk.example\r\nBcc: all@evil.example" }, "ADDRESS_INVALID"],
    [{ ...letter, to: "legal@desk.example, other@evil.example" }, "ADDRESS_INVALID"],
    [{ ...letter, to: "Legal <legal@desk.example>" }, "ADDRESS_INVALID"],
    [{ ...letter, id: "x>\r\nBcc: a@b.c" }, "LETTER_ID_INVALID"],
    [{ ...letter, attachments: [{ fileName: "a\r\nX: y", mediaType: "text/plain", content: Buffer.from("") }] }, "ATTACHMENT_INVALID"],
  ] as const;
  for (const [each, code] of made) assert.deepEqual(await sender.sendLetter(each), { kind: "failed", permanent: true, code });
  assert.deepEqual(door.kept, []);
});

test("a refusal for good is told from one for now", async (context) => {
  const door = await openDoor(context, { onMessage: async () => Promise.reject(new Error("full")) });
  const sender = openLetterSender({ host: "127.0.0.1", port: door.port, from: { name: "", address: "desk@desk.example" } });
  context.after(() => sender.close());
  const later = await sender.sendLetter(letter);
  assert.ok(later.kind === "failed" && !later.permanent && later.code.endsWith("_451"), JSON.stringify(later));
  const never = await sender.sendLetter({ ...letter, to: "nobody@desk.example" });
  assert.ok(never.kind === "failed" && never.permanent && never.code.endsWith("_550"), JSON.stringify(never));
  assert.doesNotMatch(JSON.stringify(never), /nobody@/);
  const closed = openLetterSender({ host: "127.0.0.1", port: 1, from: { name: "", address: "desk@desk.example" }, timeoutMs: 1000 });
  const away = await closed.sendLetter(letter);
  assert.ok(away.kind === "failed" && !away.permanent);
  closed.close();
});

test("an odd reference to the agency's message is left out of the letter, and the letter goes", async (context) => {
  const door = await openDoor(context);
  const sender = openLetterSender({ host: "127.0.0.1", port: door.port, from: { name: "Desk", address: "legal@desk.example" } });
  context.after(() => sender.close());
  for (const inReplyTo of ["x>\r\nBcc: a@b.c", "a b@agency.gov", "x".repeat(1500)]) {
    const fate = await sender.sendLetter({
      id: `letter-${inReplyTo.length}`,
      to: "legal@desk.example",
      subject: "C-7F3K-2M9Q: it has arrived",
      text: "Good day",
      inReplyTo,
    });
    assert.equal(fate.kind, "sent");
  }
  assert.equal(door.kept.length, 3);
  for (const { bytes } of door.kept) assert.doesNotMatch(bytes.toString(), /In-Reply-To|Bcc/i);
});
