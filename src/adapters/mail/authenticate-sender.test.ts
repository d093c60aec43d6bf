// Who vouches for a sender, and what the answer rests on.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { dkimSign } from "mailauth";
import { parse as parseYaml } from "yaml";
import type { DnsResolver, MailAuthentication } from "../../app/reading-port.ts";
import { authenticateSender, authenticationLimits } from "./authenticate-sender.ts";
import { zoneResolver, type Zone } from "./zone-resolver.ts";

const shared = join(import.meta.dirname, "../../../../shared/data/mail-auth");
const keys = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "der" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const keyRecord = [[`v=DKIM1; k=rsa; p=${keys.publicKey.toString("base64")}`]];
const receivedAt = "2026-11-20T10:00:00.000Z";
const clientIp = "192.0.2.10";

function message(from: string, body = "Please see the enclosed warrant."): string {
  return [
    `From: ${from}`,
    "To: legal@desk.example",
    "Subject: Request",
    "Date: Fri, 20 Nov 2026 10:00:00 +0000",
    "Message-ID: <1@agency.gov>",
    "",
    body,
    "",
  ].join("\r\n");
}

async function signed(text: string, domain: string, extra: object = {}): Promise<string> {
  const signature = { signingDomain: domain, selector: "s1", privateKey: keys.privateKey };
  const { signatures } = await dkimSign(text, { ...signature, signTime: new Date(receivedAt), signatureData: [{ ...signature, ...extra }] });
  return signatures + text;
}

function zoneOf(domain: string, dmarc?: string, spf?: string): Zone {
  return {
    [`s1._domainkey.${domain}`]: { TXT: keyRecord },
    [domain]: spf === undefined ? { A: ["192.0.2.1"] } : { TXT: [[spf]] },
    ...(dmarc === undefined ? {} : { [`_dmarc.${domain}`]: { TXT: [[dmarc]] } }),
  };
}

function ask(raw: string | Buffer, zone: Zone | DnsResolver, mailFrom = "officer@agency.gov"): Promise<MailAuthentication> {
  const resolver = typeof zone === "function" ? zone : zoneResolver(zone);
  return authenticateSender({ raw: Buffer.from(raw), clientIp, helo: "mx.agency.gov", mailFrom, receivedAt }, resolver);
}

function codes(result: MailAuthentication): readonly string[] {
  return result.findings.map((finding) => finding.code);
}

const reject = "v=DMARC1; p=reject";

test("a message signed by the domain it comes from is aligned, and the answers are kept", async () => {
  const result = await ask(await signed(message("Jane Roe <jane@agency.gov>"), "agency.gov"), zoneOf("agency.gov", reject));
  assert.deepEqual(result.aligned, { kind: "aligned", by: ["dkim"], policy: "enforced" });
  assert.equal(result.fromDomain, "agency.gov");
  assert.equal(result.dmarc.result, "pass");
  assert.deepEqual(
    result.dnsAnswers.find((answer) => answer.name === "_dmarc.agency.gov"),
    { name: "_dmarc.agency.gov", type: "TXT", answers: [[reject]] },
  );
  assert.deepEqual(
    result.dnsAnswers.find((answer) => answer.name === "agency.gov"),
    { name: "agency.gov", type: "TXT", error: "ENODATA" },
  );
});

test("a message from a server the domain designates is aligned", async () => {
  const result = await ask(message("jane@agency.gov"), zoneOf("agency.gov", reject, "v=spf1 ip4:192.0.2.10 -all"));
  assert.deepEqual(result.aligned, { kind: "aligned", by: ["spf"], policy: "enforced" });
});

test("a domain that only monitors is told apart from one that enforces", async () => {
  const result = await ask(await signed(message("jane@agency.gov"), "agency.gov"), zoneOf("agency.gov", "v=DMARC1; p=none"));
  assert.deepEqual(result.aligned, { kind: "aligned", by: ["dkim"], policy: "monitored" });
});

test("without a policy the same organisation must still stand behind the signature", async () => {
  const zone = { ...zoneOf("mail.agency.gov"), "agency.gov": { A: ["192.0.2.1"] } };
  assert.deepEqual((await ask(await signed(message("jane@agency.gov"), "mail.agency.gov"), zone)).aligned, {
    kind: "aligned",
    by: ["dkim"],
    policy: "no-policy",
  });
  assert.deepEqual((await ask(await signed(message("jane@agency.gov"), "evil.example"), zoneOf("evil.example"), "x@evil.example")).aligned, {
    kind: "not-aligned",
  });
});

test("two authorities below one government zone are not one organisation", async () => {
  const result = await ask(await signed(message("jane@one.gov.uk"), "two.gov.uk"), zoneOf("two.gov.uk"), "x@two.gov.uk");
  assert.deepEqual(result.aligned, { kind: "not-aligned" });
});

test("a relaxed policy lets a subdomain sign, a strict one does not", async () => {
  const raw = await signed(message("jane@agency.gov"), "mail.agency.gov");
  const relaxed = { ...zoneOf("mail.agency.gov"), "_dmarc.agency.gov": { TXT: [[reject]] } };
  const strict = { ...zoneOf("mail.agency.gov"), "_dmarc.agency.gov": { TXT: [["v=DMARC1; p=reject; adkim=s; aspf=s"]] } };
  assert.equal((await ask(raw, relaxed)).aligned.kind, "aligned");
  assert.equal((await ask(raw, strict)).aligned.kind, "not-aligned");
});

test("a changed message is not aligned", async () => {
  const raw = (await signed(message("jane@agency.gov"), "agency.gov")).replace("enclosed", "attached");
  assert.deepEqual((await ask(raw, zoneOf("agency.gov", reject))).aligned, { kind: "not-aligned" });
});

test("a signature that leaves room for more words is not counted", async () => {
  const text = message("jane@agency.gov");
  const raw = `${await signed(text, "agency.gov", { maxBodyLength: 10 })}More words\r\n`;
  const result = await ask(raw, zoneOf("agency.gov", reject));
  assert.deepEqual(result.aligned, { kind: "not-aligned" });
  assert.deepEqual(codes(result), ["BODY_PARTLY_SIGNED"]);
});

const failures: readonly string[] = ["ESERVFAIL", "EREFUSED", "ETIMEOUT", "ECONNREFUSED"];
for (const code of failures) {
  test(`a DNS that answers ${code} leaves the question open and never throws`, async () => {
    const resolver: DnsResolver = async () => {
      throw Object.assign(new Error(code), { code });
    };
    const result = await ask(await signed(message("jane@agency.gov"), "agency.gov"), resolver);
    assert.deepEqual(result.aligned, { kind: "unknown" });
    assert.ok(result.dnsAnswers.every((answer) => "error" in answer && answer.error === code));
  });
}

test("a DNS that never answers ends with the time for a question", async () => {
  const resolver: DnsResolver = () => new Promise(() => {});
  const arrival = { raw: Buffer.from(message("jane@agency.gov")), clientIp, helo: "mx", mailFrom: "a@agency.gov", receivedAt };
  const result = await authenticateSender(arrival, resolver, { ...authenticationLimits, questionMs: 20, totalMs: 2000 });
  assert.deepEqual(result.aligned, { kind: "unknown" });
  const late = await authenticateSender(arrival, resolver, { ...authenticationLimits, questionMs: 5000, totalMs: 50 });
  assert.deepEqual(codes(late), ["AUTHENTICATION_UNFINISHED"]);
});

test("answers that are no answers are refused", async () => {
  for (const answers of [Array.from({ length: 1000 }, () => "x"), [["x".repeat(100_000)]], [null], [42]]) {
    const result = await ask(message("jane@agency.gov"), async () => answers);
    assert.equal(result.aligned.kind, "unknown");
    assert.ok(result.dnsAnswers.every((answer) => "error" in answer && answer.error === "EBADRESP"));
  }
});

const doubtful: readonly (readonly [string, string, string])[] = [
  ["no From line", message("jane@agency.gov").replace(/^From.*\r\n/, ""), "FROM_MISSING"],
  ["two From lines", `From: x@evil.example\r\n${message("jane@agency.gov")}`, "FROM_SEVERAL_FIELDS"],
  ["a From line behind a lone carriage return", `X: y\rFrom: x@evil.example\r\n${message("jane@agency.gov")}`, "FROM_SEVERAL_FIELDS"],
  ["a From line behind an invisible character", `\ufeffFrom: x@evil.example\r\n${message("jane@agency.gov")}`, "FROM_SEVERAL_FIELDS"],
  ["two authors", message("jane@agency.gov, x@evil.example"), "FROM_SEVERAL_AUTHORS"],
  ["a group as author", message("Team: jane@agency.gov;"), "FROM_GROUP"],
  ["an author without address", message("Jane Roe"), "FROM_INVALID"],
  ["an address with two at signs", message("<jane@agency.gov@evil.example>"), "FROM_INVALID"],
  ["an empty From line", message(""), "FROM_INVALID"],
];
for (const [what, raw, code] of doubtful) {
  test(`a message with ${what} has no author anybody vouches for`, async () => {
    const result = await ask(await signed(raw, "agency.gov"), zoneOf("agency.gov", reject, "v=spf1 +all"));
    assert.equal(result.fromDomain, undefined);
    assert.deepEqual(result.aligned, { kind: "not-aligned" });
    assert.ok(codes(result).includes(code), codes(result).join());
  });
}

test("a name that is written like another address is told, also when it is encoded", async () => {
  const name = `=?utf-8?B?${Buffer.from("director@agency.gov").toString("base64")}?=`;
  for (const from of [`"director@agency.gov" <x@evil.example>`, `${name} <x@evil.example>`]) {
    const result = await ask(await signed(message(from), "evil.example"), zoneOf("evil.example", reject), "x@evil.example");
    assert.deepEqual(codes(result), ["DISPLAY_NAME_HOLDS_ADDRESS"]);
    assert.equal(result.fromDomain, "evil.example");
  }
});

test("an international domain is compared in its ASCII form", async () => {
  const raw = await signed(message("x@b\u00fcro.example"), "xn--bro-hoa.example");
  assert.equal((await ask(raw, zoneOf("xn--bro-hoa.example", reject), "x@b.example")).fromDomain, "xn--bro-hoa.example");
});

test("a message with hundreds of signatures is not hashed hundreds of times", async () => {
  const one = (await signed(message("jane@agency.gov"), "agency.gov")).split("From:")[0] ?? "";
  const result = await ask(one.repeat(300) + message("jane@agency.gov"), zoneOf("agency.gov", reject));
  assert.deepEqual(codes(result), ["TOO_MANY_SIGNATURES"]);
  assert.equal(result.aligned.kind, "not-aligned");
});

test("headers without end are not searched for an author", async () => {
  assert.deepEqual(codes(await ask(`From: jane@agency.gov\r\nX: ${"y".repeat(2_000_000)}`, {})), ["HEADERS_TOO_LONG"]);
});

test("a relay of our own says nothing about the path", async () => {
  const raw = Buffer.from(await signed(message("jane@agency.gov"), "agency.gov"));
  const result = await authenticateSender(
    { raw, clientIp: "127.0.0.1", helo: "relay", mailFrom: "jane@agency.gov", receivedAt },
    zoneResolver(zoneOf("agency.gov", reject, "v=spf1 +all")),
  );
  assert.equal(result.spf.result, "none");
  assert.deepEqual(codes(result), ["CLIENT_NOT_PUBLIC"]);
  assert.deepEqual(result.aligned, { kind: "aligned", by: ["dkim"], policy: "enforced" });
});

test("a file gives the same answer as its bytes, with any line ends, and 20 million lone line feeds cost seconds", async () => {
  const folder = mkdtempSync(join(tmpdir(), "authenticate-"));
  try {
    const raw = await signed(message("jane@agency.gov", "line\r\n".repeat(100_000)), "agency.gov");
    const path = join(folder, "message.eml");
    writeFileSync(path, raw.replaceAll("\r\n", "\n"));
    const arrival = { clientIp, helo: "mx", mailFrom: "jane@agency.gov", receivedAt };
    const resolver = zoneResolver(zoneOf("agency.gov", reject));
    assert.deepEqual(
      await authenticateSender({ ...arrival, raw: { path } }, resolver),
      await ask(raw, zoneOf("agency.gov", reject)).then((result) => ({ ...result, spf: { ...result.spf } })),
    );
    const started = performance.now();
    await authenticateSender({ ...arrival, raw: Buffer.from((await signed(message("jane@agency.gov"), "agency.gov")) + "\n".repeat(20_000_000)) }, resolver);
    assert.ok(performance.now() - started < 10_000);
    await assert.rejects(authenticateSender({ ...arrival, raw: { path: join(folder, "gone.eml") } }, resolver));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const football = join(shared, "mailauth-fixtures/dkim/ec/fixtures");
test("a message signed by others with an Ed25519 key is aligned", { skip: !existsSync(football) && "the messages of others are not here" }, async () => {
  const zone = JSON.parse(readFileSync(join(football, "dns.json"), "utf8")) as Zone;
  const result = await ask(readFileSync(join(football, "signed.eml")), zone, "joe@football.example.com");
  assert.deepEqual(result.aligned, { kind: "aligned", by: ["dkim"], policy: "no-policy" });
});

interface SpfSuite {
  readonly description: string;
  readonly tests: {
    readonly [name: string]: { readonly helo: string; readonly host: string; readonly mailfrom: string; readonly result: string | readonly string[] };
  };
  readonly zonedata: { readonly [name: string]: readonly ({ readonly [type: string]: unknown } | string)[] };
}

/** The suite gives TXT answers for SPF records unless a name lists its own, and marks servers that do not answer. */
function spfZone(suite: SpfSuite): DnsResolver {
  const zone: { [name: string]: { [type: string]: (string | string[] | { exchange: string; priority: number })[] } } = {};
  const silent = new Set<string>();
  for (const [name, records] of Object.entries(suite.zonedata)) {
    const types: (typeof zone)[string] = (zone[name.toLowerCase()] = {});
    const listsTxt = records.some((record) => typeof record !== "string" && "TXT" in record);
    for (const record of records) {
      if (typeof record === "string") {
        silent.add(name.toLowerCase());
        continue;
      }
      for (const [type, value] of Object.entries(record)) {
        if (value === "NONE") continue;
        const as = type === "SPF" ? "TXT" : type;
        if (type === "SPF" && listsTxt) continue;
        const list = (types[as] ??= []);
        if (as === "TXT") list.push(Array.isArray(value) ? value.map(String) : [String(value)]);
        else if (as === "MX" && Array.isArray(value)) list.push({ priority: Number(value[0]), exchange: String(value[1]) });
        else list.push(String(value));
      }
    }
  }
  const resolver = zoneResolver(zone);
  return async (name, type) => {
    try {
      return await resolver(name, type);
    } catch (error) {
      if (silent.has(name.toLowerCase())) throw Object.assign(new Error("timeout"), { code: "ETIMEOUT" });
      throw error;
    }
  };
}

const suiteFile = join(shared, "mailauth-fixtures/fixtures/spf/rfc7208-tests.yml");
test("the published test suite of RFC 7208 is answered as it asks", { skip: !existsSync(suiteFile) && "the suite is not here" }, async () => {
  const suites = readFileSync(suiteFile, "utf8")
    .split(/^---$/m)
    .slice(1)
    .map((text) => parseYaml(text) as SpfSuite);
  let asked = 0;
  const wrong: string[] = [];
  for (const suite of suites) {
    const resolver = spfZone(suite);
    for (const [name, each] of Object.entries(suite.tests)) {
      // The desk takes a client inside its own network for its own relay and does not ask about it.
      if (each.host.startsWith("192.168.")) continue;
      asked++;
      const arrival = { raw: Buffer.from(message("a@b.example")), clientIp: each.host, helo: each.helo, mailFrom: each.mailfrom, receivedAt };
      const result = await authenticateSender(arrival, resolver);
      if (![each.result].flat().includes(result.spf.result))
        wrong.push(`${suite.description}/${name}: ${result.spf.result} instead of ${[each.result].flat().join(" or ")}`);
    }
  }
  assert.ok(asked > 150);
  assert.deepEqual(wrong, []);
});
