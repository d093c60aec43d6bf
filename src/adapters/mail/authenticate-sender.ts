// Says who vouches for the sender of a message, and keeps every DNS answer that statement rests on.
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { BlockList, isIP } from "node:net";
import { Readable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { arc, dkimVerify, dmarc, spf, type DKIMResult, type DKIMVerifyResult, type DMARCResult, type DNSResolver } from "mailauth";
import { getDomain } from "tldts";
import type {
  Alignment,
  Arrival,
  DkimResult,
  DnsAnswer,
  DnsResolver,
  MailAuthentication,
  MailResult,
  RawMessage,
  ReadingProblem,
} from "../../app/reading-port.ts";
import { fieldsNamed, readAuthor, type Author } from "./read-author.ts";
import { recordAnswers, type Recorder } from "./record-answers.ts";

export interface AuthenticationLimits {
  readonly headerBytes: number;
  readonly signatures: number;
  readonly seals: number;
  readonly questions: number;
  readonly questionMs: number;
  readonly totalMs: number;
}

export const authenticationLimits: AuthenticationLimits = {
  headerBytes: 1024 * 1024,
  signatures: 16,
  seals: 10,
  questions: 80,
  questionMs: 5000,
  totalMs: 30_000,
};

/** Never throws for bad mail or a bad DNS: those become results and findings. Throws when the file of the message cannot be read. */
export async function authenticateSender(
  arrival: Arrival,
  resolver: DnsResolver,
  limits: AuthenticationLimits = authenticationLimits,
): Promise<MailAuthentication> {
  const header = await readHeaderBlock(arrival.raw, limits.headerBytes);
  const recorder = recordAnswers(resolver, limits);
  if (header === undefined) return withoutAuthor([headersTooLong], recorder.answers());
  const reading = readAuthor(header);
  const evaluation = await evaluateInTime(arrival, header, reading.author, recorder, limits);
  const findings = [...reading.findings, ...evaluation.findings];
  const author = evaluation.disputed ? undefined : reading.author;
  const answers = recorder.answers();
  if (author === undefined) return { ...withoutAuthor(findings, answers), spf: evaluation.spf, dkim: evaluation.dkim, arc: evaluation.arc };
  return {
    fromDomain: author.domain,
    fromAddress: author.address,
    displayName: author.displayName,
    spf: evaluation.spf,
    dkim: evaluation.dkim,
    dmarc: evaluation.dmarc,
    arc: evaluation.arc,
    aligned: alignmentOf(author, evaluation),
    dnsAnswers: answers,
    findings,
  };
}

const headersTooLong: ReadingProblem = {
  code: "HEADERS_TOO_LONG",
  because: "The headers of the message are longer than any real message needs, so nobody was found to vouch for it. Ask for a new message.",
};

function withoutAuthor(findings: readonly ReadingProblem[], dnsAnswers: readonly DnsAnswer[]): MailAuthentication {
  return { ...nothing, aligned: { kind: "not-aligned" }, dnsAnswers, findings };
}

interface Evaluation extends Pick<MailAuthentication, "spf" | "dkim" | "dmarc" | "arc" | "findings"> {
  /** Two readers of the message find two different authors. */
  readonly disputed: boolean;
}

const nothing = {
  spf: { result: "none", domain: "" },
  dkim: [],
  dmarc: { result: "none" },
  arc: { result: "none", instances: 0 },
} satisfies Partial<MailAuthentication>;

async function evaluateInTime(
  arrival: Arrival,
  header: string,
  author: Author | undefined,
  recorder: Recorder,
  limits: AuthenticationLimits,
): Promise<Evaluation> {
  const outOfTime = AbortSignal.timeout(limits.totalMs);
  const tooLate = new Promise<Evaluation>((resolve) => {
    outOfTime.addEventListener("abort", () => resolve(unanswered));
  });
  return Promise.race([evaluate(arrival, header, author, recorder.resolve, limits, outOfTime).catch(() => unanswered), tooLate]);
}

const unanswered: Evaluation = {
  spf: { result: "temperror", domain: "" },
  dkim: [],
  dmarc: { result: "temperror" },
  arc: { result: "temperror", instances: 0 },
  findings: [
    { code: "AUTHENTICATION_UNFINISHED", because: "It could not be found out in time who vouches for the sender. Ask again later, before you rely on it." },
  ],
  disputed: false,
};

async function evaluate(
  arrival: Arrival,
  header: string,
  author: Author | undefined,
  resolve: DnsResolver,
  limits: AuthenticationLimits,
  outOfTime: AbortSignal,
): Promise<Evaluation> {
  // The library's type knows only TXT; it hands the other shapes through as node does.
  const resolver = resolve as DNSResolver;
  const findings: ReadingProblem[] = [];
  const sender = await checkPath(arrival, resolver, findings);
  const signed = await checkSignatures(arrival, header, resolver, limits, outOfTime, findings);
  const chain = await checkChain(header, signed, resolver, limits, findings);
  const whole = signed?.results.filter((result) => result.status.result === "pass" && !result.status.underSized) ?? [];
  const policy =
    author === undefined
      ? false
      : await dmarc({
          headerFrom: [author.address],
          fromFields: 1,
          spfDomains: sender.result === "pass" ? [sender.domain] : [],
          dkimDomains: whole.map((result) => ({ domain: result.signingDomain ?? "" })),
          resolver,
        });
  const disputed = author !== undefined && signed !== undefined && !namesOnly(signed, author);
  if (disputed)
    findings.push({
      code: "FROM_AMBIGUOUS",
      because: "Programs differ in whom they take for the author of this message. Do not trust the name you see; ask for a new message.",
    });
  const strict = policy !== false && policy.alignment?.dkim.strict === true;
  return {
    spf: sender,
    dkim: signed?.results.filter((result) => result.signingDomain !== undefined).map((result) => dkimResult(result, author, strict)) ?? [],
    dmarc: dmarcResult(policy),
    arc: chain,
    findings: [...findings, ...aboutSignatures(signed)],
    disputed,
  };
}

function namesOnly(signed: DKIMVerifyResult, author: Author): boolean {
  return signed.headerFrom.length === 1 && signed.headerFrom[0]?.toLowerCase() === author.address.toLowerCase();
}

async function checkPath(arrival: Arrival, resolver: DNSResolver, findings: ReadingProblem[]): Promise<MailAuthentication["spf"]> {
  if (!comesFromOutside(arrival.clientIp)) {
    findings.push({
      code: "CLIENT_NOT_PUBLIC",
      because: "The message reached the desk through a relay inside its own network, so the path it took from the sender says nothing.",
    });
    return nothing.spf;
  }
  const result = await spf({ sender: arrival.mailFrom, ip: arrival.clientIp, helo: arrival.helo, mta: "desk", resolver, strict: true });
  const comment = result.status.comment;
  return {
    result: mailResult(result.status.result),
    domain: result.domain,
    ...(typeof comment === "string" ? { comment: comment.slice(0, 500).toWellFormed() } : {}),
  };
}

const inside = new BlockList();
for (const [network, bits] of [
  ["10.0.0.0", 8],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["100.64.0.0", 10],
  ["0.0.0.0", 8],
] as const)
  inside.addSubnet(network, bits, "ipv4");
for (const [network, bits] of [
  ["::1", 128],
  ["fc00::", 7],
  ["fe80::", 10],
  ["::", 128],
] as const)
  inside.addSubnet(network, bits, "ipv6");

function comesFromOutside(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && !inside.check(address, family === 4 ? "ipv4" : "ipv6");
}

async function checkSignatures(
  arrival: Arrival,
  header: string,
  resolver: DNSResolver,
  limits: AuthenticationLimits,
  outOfTime: AbortSignal,
  findings: ReadingProblem[],
): Promise<DKIMVerifyResult | undefined> {
  // Each signature may ask for the whole body to be hashed again.
  if (fieldsNamed(header, "dkim-signature").length > limits.signatures) {
    findings.push({
      code: "TOO_MANY_SIGNATURES",
      because: "The message carries more signatures than a real one needs, and none was checked. Ask for a new message.",
    });
    return undefined;
  }
  return dkimVerify(Readable.from(withCrlf(arrival.raw, outOfTime), { objectMode: false }), {
    resolver,
    minBitLength: 1024,
    rejectRsaSha1: true,
    sender: arrival.mailFrom,
    curTime: arrival.receivedAt,
  });
}

async function checkChain(
  header: string,
  signed: DKIMVerifyResult | undefined,
  resolver: DNSResolver,
  limits: AuthenticationLimits,
  findings: ReadingProblem[],
): Promise<MailAuthentication["arc"]> {
  const instances = fieldsNamed(header, "arc-seal").length;
  if (signed?.arc === undefined || instances === 0) return nothing.arc;
  if (instances > limits.seals) {
    findings.push({ code: "TOO_MANY_SEALS", because: "The message was sealed by more relays than a real one passes, and their seals were not checked." });
    return { result: "none", instances };
  }
  const result = await arc(signed.arc as Parameters<typeof arc>[0], { resolver, minBitLength: 1024 });
  return { result: mailResult(result.status.result), instances };
}

function aboutSignatures(signed: DKIMVerifyResult | undefined): readonly ReadingProblem[] {
  const findings: ReadingProblem[] = [];
  if (signed?.results.some((result) => result.status.underSized))
    findings.push({
      code: "BODY_PARTLY_SIGNED",
      because: "A signature of the message covers only the beginning of it, so words could have been added. That signature was not counted.",
    });
  if (signed?.results.some((result) => result.status.testing && result.status.result === "pass"))
    findings.push({ code: "KEY_IN_TEST", because: "The sender's domain says it is only trying out its signatures. Weigh the signature with care." });
  return findings;
}

function dkimResult(result: DKIMResult, author: Author | undefined, strict: boolean): DkimResult {
  const domain = (result.signingDomain ?? "").toLowerCase();
  const comment = result.status.comment;
  return {
    result: mailResult(result.status.result),
    domain: domain.toWellFormed(),
    selector: (result.selector ?? "").toWellFormed(),
    algorithm: (result.algo ?? "").toWellFormed(),
    aligned: author !== undefined && (strict ? domain === author.domain : sameOrganisation(domain, author.domain)),
    unsignedBytes: result.status.underSized ?? 0,
    ...(typeof comment === "string" ? { comment: comment.slice(0, 500).toWellFormed() } : {}),
  };
}

function dmarcResult(policy: DMARCResult | false): MailAuthentication["dmarc"] {
  if (policy === false) return nothing.dmarc;
  const asked = policy.policy;
  return {
    result: mailResult(policy.status.result),
    ...(asked === "none" || asked === "quarantine" || asked === "reject" ? { policy: asked } : {}),
    ...(policy.policyDomain === undefined ? {} : { policyDomain: policy.policyDomain }),
    ...(policy.rr === undefined ? {} : { record: policy.rr.toWellFormed() }),
  };
}

const results: readonly MailResult[] = ["pass", "fail", "softfail", "neutral", "none", "policy", "temperror", "permerror"];

function mailResult(result: string): MailResult {
  return results.find((known) => known === result) ?? "none";
}

/** DMARC decides where it speaks; where it is silent, one organisation must stand behind both domains. */
function alignmentOf(author: Author, evaluation: Evaluation): Alignment {
  const { dmarc: policy, spf: path, dkim } = evaluation;
  const by: ("dkim" | "spf")[] = [];
  if (dkim.some((signature) => signature.result === "pass" && signature.unsignedBytes === 0 && signature.aligned)) by.push("dkim");
  if (path.result === "pass" && sameOrganisation(path.domain, author.domain)) by.push("spf");
  if (policy.result === "pass") return { kind: "aligned", by, policy: policy.policy === "none" ? "monitored" : "enforced" };
  if (policy.result === "temperror") return { kind: "unknown" };
  if (policy.result === "none" && by.length > 0) return { kind: "aligned", by, policy: "no-policy" };
  const open = path.result === "temperror" || dkim.some((signature) => signature.result === "temperror" && signature.aligned);
  return open ? { kind: "unknown" } : { kind: "not-aligned" };
}

function sameOrganisation(one: string, other: string): boolean {
  if (one === other) return true;
  const organisation = getDomain(one, { allowPrivateDomains: true });
  return organisation !== null && organisation === getDomain(other, { allowPrivateDomains: true });
}

async function readHeaderBlock(raw: RawMessage, longest: number): Promise<string | undefined> {
  const start = raw instanceof Uint8Array ? Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.length, longest + 4)) : await readStart(raw.path, longest + 4);
  const end = endOfHeader(start);
  if (end === undefined && start.length > longest) return undefined;
  return start.subarray(0, end ?? start.length).toString("utf8");
}

async function readStart(path: string, length: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await file.read(buffer, 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function endOfHeader(start: Buffer): number | undefined {
  if (start[0] === 10 || (start[0] === 13 && start[1] === 10)) return 0;
  const ends = [start.indexOf("\n\r\n"), start.indexOf("\n\n")].filter((at) => at >= 0);
  return ends.length === 0 ? undefined : Math.min(...ends) + 1;
}

const chunkBytes = 256 * 1024;

/** Line ends as they travel. The verifier mends lone line feeds one by one, which a message full of them would make it pay for. */
async function* withCrlf(raw: RawMessage, outOfTime: AbortSignal): AsyncGenerator<Buffer> {
  let last = 0;
  for await (const chunk of chunksOf(raw)) {
    if (outOfTime.aborted) return;
    yield mendLineEnds(chunk, last);
    last = chunk.at(-1) ?? last;
    await nextTurn();
  }
}

async function* chunksOf(raw: RawMessage): AsyncGenerator<Buffer> {
  if (!(raw instanceof Uint8Array)) {
    yield* createReadStream(raw.path, { highWaterMark: chunkBytes });
    return;
  }
  for (let at = 0; at < raw.length; at += chunkBytes) yield Buffer.from(raw.buffer, raw.byteOffset + at, Math.min(chunkBytes, raw.length - at));
}

function mendLineEnds(chunk: Buffer, last: number): Buffer {
  let lone = 0;
  for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) if ((at === 0 ? last : chunk[at - 1]) !== 13) lone++;
  if (lone === 0) return chunk;
  const mended = Buffer.allocUnsafe(chunk.length + lone);
  let to = 0;
  for (let at = 0; at < chunk.length; at++) {
    const byte = chunk[at] ?? 0;
    if (byte === 10 && (at === 0 ? last : chunk[at - 1]) !== 13) mended[to++] = 13;
    mended[to++] = byte;
  }
  return mended;
}
