// What a webhook's sender promises: a signature anybody can check, and no way into the desk's own network.
import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { instant } from "../../kernel/instant.ts";
import { isLoopbackAddress, isPublicAddress } from "./public-address.ts";
import { openWebhookSender, type SenderSettings } from "./send-webhook.ts";
import { selfSigned } from "../../../tests/self-signed.ts";
import { signatureHeaders } from "./webhook-signature.ts";

const secret = `whsec_${randomBytes(32).toString("base64")}`;
const webhook = {
  id: "msg_1",
  at: instant("2026-03-02T17:00:00.900Z"),
  body: '{"type":"duty.overdue","timestamp":"2026-03-02T17:00:00.000Z","data":{"clause":"DPA-8.1a","note":"§"}}',
  secrets: [secret],
};

async function listening(context: TestContext, server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const receiver = (context: TestContext, listener: RequestListener): Promise<number> => listening(context, createServer(listener));

/** To a server on this machine. */
function sendTo(port: number, settings: SenderSettings = {}, url = `http://127.0.0.1:${port}/hooks?key=of-the-receiver`) {
  return openWebhookSender({ allowLoopback: true, ...settings }).send({ url, ...webhook });
}

/** As the specification words it: HMAC-SHA256 of `id.timestamp.body` under the decoded secret. */
function expected(of: string, { id, timestamp, body }: { readonly id: string; readonly timestamp: string; readonly body: string }): string {
  const key = Buffer.from(of.replace("whsec_", ""), "base64");
  return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
}

test("the specification's own example is signed as its libraries sign it", () => {
  const headers = signatureHeaders({
    id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
    at: instant("2021-02-25T15:02:10Z"),
    body: '{"test": 2432232314}',
    secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
  });
  assert.deepEqual(headers, {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  });
});

test("what arrives is the signed text to the byte, with its three headers and the name of the program", async (context) => {
  const caught: { readonly headers: NodeJS.Dict<string | string[]>; readonly method: string | undefined; readonly url: string | undefined; body: string }[] =
    [];
  const port = await receiver(context, (request, response) => {
    const { headers, method, url } = request;
    const arrival = { headers, method, url, body: "" };
    caught.push(arrival);
    request.setEncoding("utf8").on("data", (text: string) => (arrival.body += text));
    request.on("end", () => response.writeHead(204).end());
  });
  assert.deepEqual(await sendTo(port), { kind: "delivered" });
  const [{ headers, method, url, body } = assert.fail("nothing came")] = caught;
  assert.deepEqual([method, url, body], ["POST", "/hooks?key=of-the-receiver", webhook.body]);
  assert.deepEqual([headers["user-agent"], headers["content-type"]], ["Portcullis", "application/json"]);
  const timestamp = "1772470800";
  assert.deepEqual([headers["webhook-id"], headers["webhook-timestamp"]], [webhook.id, timestamp]);
  assert.equal(headers["webhook-signature"], expected(secret, { id: webhook.id, timestamp, body }));
});

test("while a secret is being changed, the new and the old one sign, divided by a space", () => {
  const old = `whsec_${randomBytes(24).toString("base64")}`;
  const { "webhook-timestamp": timestamp = "", "webhook-signature": signature } = signatureHeaders({ ...webhook, secrets: [secret, old] });
  assert.equal(signature, [secret, old].map((each) => expected(each, { id: webhook.id, timestamp, body: webhook.body })).join(" "));
});

test("any 2xx is a delivery, 410 ends the webhook, and everything else is a failure by its number", async (context) => {
  const port = await receiver(context, (request, response) => response.writeHead(Number(request.url?.slice(1))).end("words"));
  const fateOf = async (status: number) => {
    const fate = await sendTo(port, {}, `http://127.0.0.1:${port}/${status}`);
    return fate.kind === "failed" ? fate.code : fate.kind;
  };
  for (const status of [200, 201, 202, 204, 299]) assert.equal(await fateOf(status), "delivered", String(status));
  assert.equal(await fateOf(410), "gone");
  for (const status of [300, 304, 400, 401, 404, 429, 500, 502, 503]) assert.equal(await fateOf(status), `STATUS_${status}`);
});

test("a redirect is not followed", async (context) => {
  const seen: (string | undefined)[] = [];
  const port = await receiver(context, (request, response) => {
    seen.push(request.url);
    response.writeHead(307, { location: "/elsewhere" }).end();
  });
  assert.deepEqual(await sendTo(port), { kind: "failed", code: "STATUS_307" });
  assert.deepEqual(seen, ["/hooks?key=of-the-receiver"]);
});

test("a server that does not answer in time is left, and so is one whose headers never end", { timeout: 9000 }, async (context) => {
  const silent = await receiver(context, () => {});
  assert.deepEqual(await sendTo(silent, { timeoutMs: 200 }), { kind: "failed", code: "TIMEOUT" });
  const trickling = await receiver(context, ({ socket }) => {
    socket.write("HTTP/1.1 200 OK\r\n");
    const timer = setInterval(() => socket.write("x-more: 1\r\n"), 20);
    socket.on("close", () => clearInterval(timer));
    socket.on("error", () => clearInterval(timer));
  });
  assert.deepEqual(await sendTo(trickling, { timeoutMs: 200 }), { kind: "failed", code: "TIMEOUT" });
});

test("a name that is not answered in time is left as well, and one that nobody knows is said to be unknown", { timeout: 9000 }, async () => {
  const url = "https://receiver.example/";
  const never = openWebhookSender({ timeoutMs: 100, resolve: () => new Promise(() => {}) });
  const alive = setTimeout(() => {}, 5000);
  assert.deepEqual(await never.send({ url, ...webhook }), { kind: "failed", code: "TIMEOUT" });
  clearTimeout(alive);
  const unknown = openWebhookSender({ resolve: () => Promise.reject(Object.assign(new Error("getaddrinfo receiver.example"), { code: "ENOTFOUND" })) });
  assert.deepEqual(await unknown.send({ url, ...webhook }), { kind: "failed", code: "UNKNOWN_HOST" });
});

test("an answer without end is cut, long before the time is up", { timeout: 9000 }, async (context) => {
  const closed = Promise.withResolvers<void>();
  const port = await receiver(context, (_request, response) => {
    response.writeHead(200);
    const more = (): void => void (response.destroyed || (response.write("x".repeat(4096)), setTimeout(more, 5)));
    more();
    response.on("close", closed.resolve);
  });
  assert.deepEqual(await sendTo(port), { kind: "delivered" });
  await closed.promise;
});

test("a server that hangs up, and a port where nobody listens, are failures without any words of the other side", async (context) => {
  const port = await receiver(context, ({ socket }) => socket.destroy());
  assert.deepEqual(await sendTo(port), { kind: "failed", code: "CONNECTION" });
  const garbled = await receiver(context, ({ socket }) => socket.end("hello, who is there?\r\n\r\n"));
  assert.deepEqual(await sendTo(garbled), { kind: "failed", code: "CONNECTION" });
  const switching = await receiver(context, ({ socket }) => socket.end("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n"));
  assert.deepEqual(await sendTo(switching), { kind: "failed", code: "CONNECTION" });
  assert.deepEqual(await sendTo(1), { kind: "failed", code: "CONNECTION" });
  for (const url of ["not an address", "ftp://127.0.0.1/", "file:///etc/passwd"])
    assert.deepEqual(await sendTo(port, {}, url), { kind: "failed", code: "URL_NOT_READ" });
});

const reserved = {
  "this machine": ["127.0.0.1", "127.255.255.254", "::1"],
  "no address at all": ["0.0.0.0", "0.1.2.3", "::"],
  "private networks": ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fd00:ec2::254"],
  "one link": ["169.254.169.254", "fe80::1", "fe80::1%lo"],
  "a provider's shared space": ["100.64.0.1", "100.127.255.255"],
  "many at once": ["224.0.0.1", "239.255.255.255", "255.255.255.255", "ff02::1"],
  "IPv4 in another dress": ["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1::", "::127.0.0.1"],
  "examples and measurements": ["192.0.2.1", "198.51.100.1", "203.0.113.5", "198.18.0.1", "2001:db8::1", "3fff::1"],
  "what is reserved": ["192.0.0.1", "192.88.99.1", "240.0.0.1", "100::1", "4000::1"],
} as const;

for (const [words, addresses] of Object.entries(reserved))
  test(`a webhook never calls ${words}, whether the address is written out or a name stands for it`, async () => {
    for (const address of addresses) {
      assert.equal(isPublicAddress(address), false, address);
      const family = address.includes(":") ? 6 : 4;
      const named = openWebhookSender({ resolve: async () => [{ address, family }] });
      assert.deepEqual(await named.send({ url: "https://receiver.example/", ...webhook }), { kind: "failed", code: "REFUSED_ADDRESS" }, address);
      if (address.includes("%")) continue;
      const host = family === 6 ? `[${address}]` : address;
      assert.equal(named.refusesHost(new URL(`https://${host}/`).hostname), true, address);
      assert.deepEqual(await named.send({ url: `https://${host}/`, ...webhook }), { kind: "failed", code: "REFUSED_ADDRESS" }, address);
    }
  });

test("neighbours of what is refused are public, and a name is not judged before it is looked up", () => {
  const publicOnes = ["8.8.8.8", "9.255.255.255", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "223.255.255.255", "2606:4700::1111"];
  for (const address of publicOnes) assert.equal(isPublicAddress(address), true, address);
  assert.deepEqual(
    [isLoopbackAddress("127.1.2.3"), isLoopbackAddress("::1"), isLoopbackAddress("128.0.0.1"), isLoopbackAddress("fe80::1%lo")],
    [true, true, false, false],
  );
  const sender = openWebhookSender();
  assert.deepEqual(
    ["receiver.example", "8.8.8.8", "[2606:4700::1111]", "localhost", "x.localhost", new URL("https://0x7f.1/").hostname].map((host) =>
      sender.refusesHost(host),
    ),
    [false, false, false, true, true, true],
  );
});

test("a server on this machine is not even connected to, unless a rehearsal allows it", async (context) => {
  let connections = 0;
  const server = createServer((_request, response) => response.end());
  server.on("connection", () => (connections += 1));
  const port = await listening(context, server);
  for (const host of ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
    for (const scheme of ["http", "https"])
      assert.deepEqual(await openWebhookSender().send({ url: `${scheme}://${host}:${port}/`, ...webhook }), { kind: "failed", code: "REFUSED_ADDRESS" });
  assert.equal(connections, 0);
  assert.deepEqual(await sendTo(port), { kind: "delivered" });
  assert.equal(connections, 1);
});

test("without TLS nothing leaves this machine, not even in a rehearsal", async () => {
  const sender = openWebhookSender({ allowLoopback: true, resolve: async () => [{ address: "8.8.8.8", family: 4 }] });
  assert.deepEqual(await sender.send({ url: "http://receiver.example/", ...webhook }), { kind: "failed", code: "REFUSED_ADDRESS" });
  assert.deepEqual(await sender.send({ url: "http://8.8.8.8/", ...webhook }), { kind: "failed", code: "REFUSED_ADDRESS" });
});

test("a name is looked up once, and only an address that was found good is called", async (context) => {
  const hosts: (string | undefined)[] = [];
  const port = await receiver(context, (request, response) => {
    hosts.push(request.headers.host);
    response.end();
  });
  let asked = 0;
  const resolve = async () => {
    asked += 1;
    return [
      { address: "10.0.0.1", family: 4 },
      { address: "127.0.0.1", family: 4 },
    ];
  };
  assert.deepEqual(await sendTo(port, { resolve }, `http://receiver.example:${port}/`), { kind: "delivered" });
  assert.equal(asked, 1);
  assert.deepEqual(hosts, [`receiver.example:${port}`]);
});

test("a server without TLS, or with a certificate that nobody vouches for or that names another host, gets nothing", async (context) => {
  let requests = 0;
  const answer: RequestListener = (_request, response) => {
    requests += 1;
    response.end();
  };
  const plain = await receiver(context, answer);
  assert.deepEqual(await sendTo(plain, {}, `https://127.0.0.1:${plain}/`), { kind: "failed", code: "TLS" });
  const tls = selfSigned("receiver.example");
  if (tls === undefined) return context.skip("openssl is not here to make a certificate");
  const port = await listening(context, createTlsServer(tls, answer));
  const resolve = async () => [{ address: "127.0.0.1", family: 4 }];
  const fateAt = (host: string) => sendTo(port, { resolve }, `https://${host}:${port}/`);
  assert.deepEqual(await fateAt("receiver.example"), { kind: "failed", code: "TLS" });
  const before = getCACertificates("default");
  setDefaultCACertificates([...before, tls.cert.toString()]);
  context.after(() => setDefaultCACertificates(before));
  assert.deepEqual(await fateAt("other.example"), { kind: "failed", code: "TLS" });
  assert.equal(requests, 0);
  assert.deepEqual(await fateAt("receiver.example"), { kind: "delivered" });
  assert.equal(requests, 1);
});
