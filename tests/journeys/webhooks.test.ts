// Whoever asked to be told what happens is told once, by a signed message, or the desk knows that it did not succeed.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import type { Desk } from "../../src/app/desk.ts";
import { announce, sendWebhooks } from "../../src/app/send-webhooks.ts";
import { removeWebhook, rotateWebhook, setWebhook, webhooksOf } from "../../src/app/webhooks.ts";
import type { Actor } from "../../src/kernel/ids.ts";
import { instant } from "../../src/kernel/instant.ts";
import type { FactBody } from "../../src/ledger/port.ts";
import { startService } from "../../src/serve.ts";
import { startDesk, type RunningDesk } from "../desks/running-desk.ts";

interface Caught {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const caught: Caught[] = [];
/** What the receiver says at a path; 204 where nothing else was agreed. */
const answers = new Map<string, number>();
const receiver = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8").on("data", (text: string) => (body += text));
  request.on("end", () => {
    const path = request.url ?? "";
    caught.push({ path, headers: request.headers, body });
    setTimeout(() => response.writeHead(answers.get(path) ?? 204).end(), 30);
  });
});

let running: RunningDesk;
let desk: Desk;
before(async () => {
  running = await startDesk({ withRelay: false });
  desk = await running.desk();
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
});
after(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await running.stop();
});

const by = "staff:ana" as Actor;
const partner = "P-7F3K-2M9Q";
const host = () => `127.0.0.1:${(receiver.address() as AddressInfo).port}`;
const urlOf = (path: string) => `http://${host()}${path}`;
const arrivedAt = (path: string) => caught.filter((each) => each.path === path);
const overdue = (message: string) => ({
  message,
  type: "duty.overdue" as const,
  at: instant("2026-03-02T17:00:00Z"),
  data: { clause: "DPA-8.1a", partner, dueAt: "2026-03-01T07:00:00.000Z" },
});

async function given(audience: string, path: string): Promise<{ readonly endpoint: string; readonly secret: string }> {
  const answer = await setWebhook(desk, { by, audience, url: urlOf(path) });
  return answer.kind === "given" ? answer : assert.fail(JSON.stringify(answer.reasons));
}

async function codesAgainst(url: string, audience = "desk"): Promise<readonly string[]> {
  const answer = await setWebhook(desk, { by, audience, url });
  return answer.kind === "refused" ? answer.reasons.map(({ code }) => code) : assert.fail("it was set");
}

const factsOf = async () => (await desk.ports.ledger.readStream(desk.id, "webhooks")).map(({ by: author, fact }) => ({ ...fact, author }));

const round = () => sendWebhooks(desk);

function later(seconds: number): void {
  running.clock.set(instant(Temporal.Instant.from(running.clock.now()).add({ seconds }).toString()));
}

/** As a receiver checks it, from the specification's words alone. */
function isSignedWith(secret: string, { headers, body }: Caught): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signed = createHmac("sha256", key)
    .update(`${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${body}`)
    .digest("base64");
  return String(headers["webhook-signature"]).split(" ").includes(`v1,${signed}`);
}

test("an announcement reaches each endpoint of its audience once, signed with that endpoint's own secret, and nobody else's", async () => {
  const [one, two] = [await given("P-ONE", "/one"), await given("P-ONE", "/two")];
  await given("P-OTHER", "/other");
  assert.equal(await announce(desk, "P-ONE", overdue("duties:1")), 2);
  assert.deepEqual(await round(), { sent: 2, failed: 0 });
  assert.deepEqual(await round(), { sent: 0, failed: 0 });
  const [first = assert.fail("nothing came"), ...more] = arrivedAt("/one");
  assert.deepEqual([more.length, arrivedAt("/two").length, arrivedAt("/other").length], [0, 1, 0]);
  assert.deepEqual(JSON.parse(first.body), {
    type: "duty.overdue",
    timestamp: "2026-03-02T17:00:00.000Z",
    data: overdue("duties:1").data,
  });
  assert.match(String(first.headers["webhook-id"]), /^msg_[0-9a-f]{32}$/);
  assert.ok(Math.abs(Number(first.headers["webhook-timestamp"]) - Temporal.Instant.from(running.clock.now()).epochMilliseconds / 1000) < 5);
  assert.deepEqual([isSignedWith(one.secret, first), isSignedWith(two.secret, first)], [true, false]);
});

test("the same event announced again is not sent again, even after it was delivered, and an audience without endpoints is told nothing", async () => {
  await given("P-TWICE", "/twice");
  assert.equal(await announce(desk, "P-TWICE", overdue("duties:2")), 1);
  assert.equal(await announce(desk, "P-TWICE", overdue("duties:2")), 0);
  await round();
  assert.equal(await announce(desk, "P-TWICE", overdue("duties:2")), 0);
  await round();
  assert.equal(arrivedAt("/twice").length, 1);
  assert.equal(await announce(desk, "P-NOBODY", overdue("duties:2")), 0);
});

test("neither addresses nor secrets stand in the ledger, and a page shows the host alone", async () => {
  const { endpoint, secret } = await given("P-QUIET", "/quiet?key=4711");
  const text = JSON.stringify(await factsOf());
  for (const word of [secret, secret.slice(6), "127.0.0.1", "/quiet", "4711"]) assert.ok(!text.includes(word), word);
  assert.deepEqual(await webhooksOf(desk, "P-QUIET"), [{ endpoint, host: host() }]);
  assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
});

test("two senders at work at the same time never send the same message twice", async () => {
  await given("P-CROWD", "/crowd");
  for (let nth = 0; nth < 12; nth++) await announce(desk, "P-CROWD", overdue(`crowd:${nth}`));
  const rounds = await Promise.all([round(), round(), round()]);
  assert.equal(
    rounds.reduce((sum, { sent }) => sum + sent, 0),
    12,
  );
  const ids = arrivedAt("/crowd").map(({ headers }) => headers["webhook-id"]);
  assert.deepEqual([ids.length, new Set(ids).size], [12, 12]);
});

test("a message whose sender died is sent by another one when its time with the first is over, and not before", async () => {
  await given("P-KILLED", "/killed");
  await announce(desk, "P-KILLED", overdue("killed:1"));
  assert.equal((await desk.ports.webhookQueue.waiting(desk.id, running.clock.now(), 20)).length, 1);
  later(110);
  assert.deepEqual(await round(), { sent: 0, failed: 0 });
  later(20);
  assert.deepEqual(await round(), { sent: 1, failed: 0 });
  assert.equal(arrivedAt("/killed").length, 1);
});

test("a receiver that fails is tried again at the promised delays, under the same id, and then given up, which is a fact", async () => {
  const { endpoint, secret } = await given("P-BROKEN", "/broken");
  answers.set("/broken", 500);
  await announce(desk, "P-BROKEN", overdue("broken:1"));
  assert.deepEqual(await round(), { sent: 0, failed: 1 });
  const [minute, hour] = [60, 3600];
  const delays = [5, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour];
  for (const [index, seconds] of delays.entries()) {
    later(seconds - 2);
    assert.deepEqual(await round(), { sent: 0, failed: 0 }, `two seconds before ${seconds}`);
    assert.equal((await factsOf()).filter(({ type }) => type === "WebhookFailed").length, 0);
    later(2);
    assert.deepEqual(await round(), { sent: 0, failed: 1 }, `after ${seconds} seconds`);
    assert.equal(arrivedAt("/broken").length, index + 2);
  }
  const tries = arrivedAt("/broken");
  const message = String(tries[0]?.headers["webhook-id"]);
  assert.deepEqual([...new Set(tries.map(({ headers }) => headers["webhook-id"]))], [message]);
  assert.equal(new Set(tries.map(({ headers }) => headers["webhook-timestamp"])).size, 10, "each try says when it was made");
  assert.ok(tries.every((each) => isSignedWith(secret, each)));
  const failures = (await factsOf()).filter(({ type }) => type === "WebhookFailed");
  assert.deepEqual(failures, [{ author: "desk", type: "WebhookFailed", endpoint, message, code: "STATUS_500", attempts: 10 }]);
  later(48 * hour);
  answers.delete("/broken");
  assert.deepEqual(await round(), { sent: 0, failed: 0 });
  assert.equal(await announce(desk, "P-BROKEN", overdue("broken:2")), 1, "the endpoint itself stays");
  assert.deepEqual(await round(), { sent: 1, failed: 0 });
});

test("a crash between the fact that a message was given up and its row sends nothing more and records nothing twice", async () => {
  await given("P-CRASH", "/crash");
  answers.set("/crash", 500);
  await announce(desk, "P-CRASH", overdue("crash:1"));
  for (let nth = 1; nth < 10; nth++) {
    await round();
    later(25 * 3600);
  }
  const markFailed = () => Promise.reject(new Error("the program was killed"));
  const killed = { ...desk, ports: { ...desk.ports, webhookQueue: { ...desk.ports.webhookQueue, markFailed } } };
  await assert.rejects(sendWebhooks(killed), /killed/);
  later(3600);
  assert.deepEqual(await round(), { sent: 0, failed: 1 });
  later(48 * 3600);
  assert.deepEqual(await round(), { sent: 0, failed: 0 });
  const message = arrivedAt("/crash")[0]?.headers["webhook-id"];
  assert.equal(arrivedAt("/crash").length, 10);
  assert.equal((await factsOf()).filter((fact: FactBody) => fact.type === "WebhookFailed" && fact["message"] === message).length, 1);
});

test("a receiver that recovers gets what waited", async () => {
  await given("P-BACK", "/back");
  answers.set("/back", 503);
  await announce(desk, "P-BACK", overdue("back:1"));
  assert.deepEqual(await round(), { sent: 0, failed: 1 });
  answers.delete("/back");
  later(6);
  assert.deepEqual(await round(), { sent: 1, failed: 0 });
});

test("a new secret signs at once, and the old one signs beside it for a day", async () => {
  const { endpoint, secret: old } = await given("P-TURN", "/turn");
  const rotated = await rotateWebhook(desk, { by, audience: "P-TURN", endpoint });
  if (rotated.kind === "refused") assert.fail(JSON.stringify(rotated.reasons));
  const signedWith = async (message: string) => {
    await announce(desk, "P-TURN", overdue(message));
    await round();
    const newest = arrivedAt("/turn").at(-1) ?? assert.fail("nothing came");
    return { count: String(newest.headers["webhook-signature"]).split(" ").length, old: isSignedWith(old, newest), new: isSignedWith(rotated.secret, newest) };
  };
  assert.notEqual(rotated.secret, old);
  assert.deepEqual(await signedWith("turn:1"), { count: 2, old: true, new: true });
  later(24 * 3600 - 60);
  assert.deepEqual(await signedWith("turn:2"), { count: 2, old: true, new: true });
  later(60);
  assert.deepEqual(await signedWith("turn:3"), { count: 1, old: false, new: true });
});

test("an endpoint that was removed gets nothing more, not even what waited", async () => {
  const { endpoint } = await given("P-LEFT", "/left");
  await announce(desk, "P-LEFT", overdue("left:1"));
  assert.deepEqual(await removeWebhook(desk, { by, audience: "P-LEFT", endpoint }), { kind: "removed" });
  assert.equal(await announce(desk, "P-LEFT", overdue("left:2")), 0);
  assert.deepEqual(await round(), { sent: 0, failed: 1 });
  assert.deepEqual(await round(), { sent: 0, failed: 0 });
  assert.equal(arrivedAt("/left").length, 0);
  assert.deepEqual(await webhooksOf(desk, "P-LEFT"), []);
});

test("a receiver that says it is gone is removed by the desk, once, however many messages it turned away", async () => {
  const { endpoint } = await given("P-GONE", "/gone");
  answers.set("/gone", 410);
  for (const nth of [1, 2, 3]) await announce(desk, "P-GONE", overdue(`gone:${nth}`));
  await round();
  const removals = (await factsOf()).filter((fact: FactBody) => fact.type === "WebhookRemoved" && fact["endpoint"] === endpoint);
  assert.deepEqual(removals, [{ author: "desk", type: "WebhookRemoved", endpoint }]);
  later(3600);
  assert.deepEqual(await round(), { sent: 0, failed: 0 });
});

test("nobody changes or removes a webhook of somebody else", async () => {
  const { endpoint } = await given("P-MINE", "/mine");
  const theirs = { by: "partner:P-THEIRS" as Actor, audience: "P-THEIRS", endpoint };
  for (const answer of [await rotateWebhook(desk, theirs), await removeWebhook(desk, theirs)])
    assert.deepEqual(answer.kind === "refused" && answer.reasons.map(({ code }) => code), ["UNKNOWN_WEBHOOK"]);
  assert.equal((await webhooksOf(desk, "P-MINE")).length, 1);
  assert.equal((await webhooksOf(desk, "P-THEIRS")).length, 0);
});

test("an address that is not a public place behind TLS is refused with every reason at once", async () => {
  assert.deepEqual(await codesAgainst("http://receiver.example/"), ["NOT_HTTPS"]);
  assert.deepEqual(await codesAgainst("ftp://me:secret@10.0.0.1/#part"), ["NOT_HTTPS", "URL_WITH_CREDENTIALS", "URL_WITH_FRAGMENT", "HOST_NOT_PUBLIC"]);
  assert.deepEqual(await codesAgainst("https://receiver.example/#"), ["URL_WITH_FRAGMENT"]);
  assert.deepEqual(await codesAgainst("https://169.254.169.254/latest/"), ["HOST_NOT_PUBLIC"]);
  assert.deepEqual(await codesAgainst("receiver.example"), ["URL_NOT_READ"]);
  assert.deepEqual(await codesAgainst(`https://receiver.example/${"x".repeat(2000)}`), ["URL_NOT_READ"]);
  const strict = { ...desk, ports: { ...desk.ports, webhookSender: { ...desk.ports.webhookSender, reachesLoopback: false, refusesHost: () => true } } };
  const answer = await setWebhook(strict, { by, audience: "desk", url: urlOf("/") });
  assert.deepEqual(answer.kind === "refused" && answer.reasons.map(({ code }) => code), ["NOT_HTTPS", "HOST_NOT_PUBLIC"]);
  assert.deepEqual(await webhooksOf(desk, "desk"), []);
});

test("a port is welcome, the same address twice is not, even when it is set twice at the same moment, and ten are enough", async () => {
  const set = (nth: number) => setWebhook(desk, { by, audience: "P-MANY", url: `https://receiver.example:8443/${nth}` });
  const both = await Promise.all([set(0), set(0)]);
  assert.deepEqual(both.map(({ kind }) => kind).toSorted(), ["given", "refused"]);
  assert.deepEqual(await codesAgainst("https://receiver.example:8443/0", "P-MANY"), ["WEBHOOK_ALREADY_SET"]);
  for (let nth = 1; nth < 10; nth++) assert.equal((await set(nth)).kind, "given");
  assert.deepEqual(await codesAgainst("https://receiver.example:8443/10", "P-MANY"), ["TOO_MANY_WEBHOOKS"]);
  assert.equal((await webhooksOf(desk, "P-MANY"))[0]?.host, "receiver.example:8443");
});

test("words of people cannot be announced: a webhook carries ids, codes and moments", async () => {
  for (const value of ["Jo Doe", "jo@acme.example", "Ærøskøbing", "", "https://acme.example"])
    await assert.rejects(announce(desk, "P-ONE", { ...overdue("wordy:1"), data: { who: value } }), /who is none/);
});

test("a desk in service sends what waits with everything else that is due", async () => {
  await given("P-SERVED", "/served");
  await announce(desk, "P-SERVED", overdue("served:1"));
  const door = { host: "127.0.0.1", port: 0, smtpHost: "127.0.0.1", smtpPort: 0 };
  const service = await startService(running.installation, { ...door, rehearsal: true, say: () => {} });
  try {
    await service.round();
  } finally {
    await service.stop();
  }
  assert.equal(arrivedAt("/served").length, 1);
});
