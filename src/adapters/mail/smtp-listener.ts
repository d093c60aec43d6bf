// Takes mail for the desk's mailboxes at the door: bytes are kept as they came, and nobody is told yes before they are safe.
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, open, rm } from "node:fs/promises";
import { isIP, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { SMTPServer, type SMTPServerAddress, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import type { TakeMessage } from "../../app/reading-port.ts";

export interface ListenerSettings {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** PEM. With it STARTTLS is offered, TLS 1.2 or better. */
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer; readonly minVersion?: "TLSv1.2" | "TLSv1.3" };
  /** Addresses the desk answers for; anything else is refused. */
  readonly mailboxes: readonly string[];
  readonly maxBytes?: number;
  /** What the server calls itself. */
  readonly name?: string;
  /** A relay of the same operator stands in front and keeps TLS to the outside. */
  readonly behindRelay?: boolean;
  /** Where messages wait while they come in; made when absent, and only readable by the desk. */
  readonly spoolFolder?: string;
  readonly maxConnections?: number;
  readonly maxRecipients?: number;
  /** Of silence. */
  readonly idleMs?: number;
  /** For one message to come in, however slowly it drips. */
  readonly messageMs?: number;
  readonly maxMessagesPerConnection?: number;
  readonly now?: () => Date;
  readonly onMessage: TakeMessage;
  /** Ids and counts only; never a name or an address. */
  readonly log?: (entry: ListenerLogEntry) => void;
}

export interface ListenerLogEntry {
  readonly event: "message-taken" | "message-refused" | "message-failed" | "listener-error";
  readonly session: string;
  readonly sizeBytes?: number;
  readonly code?: string;
}

export interface SmtpListener {
  readonly host: string;
  readonly port: number;
  /** Takes no more connections, and waits for messages under way for up to five seconds. */
  close(): Promise<void>;
}

const mebi = 1024 * 1024;
const ordinary = {
  maxBytes: 64 * mebi,
  maxConnections: 50,
  maxRecipients: 20,
  idleMs: 60_000,
  messageMs: 10 * 60_000,
  maxMessagesPerConnection: 50,
  name: "legal-process-desk",
};

type Chosen = ListenerSettings & typeof ordinary & { readonly spoolFolder: string; readonly mailboxSet: ReadonlySet<string> };

/** Throws when the address is beyond loopback and there is neither a certificate nor a relay in front, or when it cannot be bound. */
export async function startSmtpListener(settings: ListenerSettings): Promise<SmtpListener> {
  refuseOpenDoor(settings);
  const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as unknown as ListenerSettings;
  const spoolFolder = await makeSpool(settings.spoolFolder);
  const mailboxSet = new Set(settings.mailboxes.map((mailbox) => mailbox.toLowerCase()));
  const chosen: Chosen = { ...ordinary, ...given, spoolFolder, mailboxSet };
  const server = serverFor(chosen);
  const address = await listen(server, chosen);
  server.on("error", (error: Error) => chosen.log?.({ event: "listener-error", session: "", code: codeOf(error) }));
  return {
    host: address.address,
    port: address.port,
    close: async () => {
      await new Promise<void>((resolve) => server.close(resolve));
      if (settings.spoolFolder === undefined) await rm(spoolFolder, { recursive: true, force: true });
    },
  };
}

function refuseOpenDoor(settings: ListenerSettings): void {
  if (settings.mailboxes.length === 0) throw new Error("the mail listener needs at least one mailbox of the desk");
  if (settings.tls !== undefined || settings.behindRelay === true || isLoopback(settings.host)) return;
  throw new Error(
    "the mail listener may not listen beyond this machine without a certificate: give it one, or say that a relay with TLS stands in front of it",
  );
}

function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith("127.");
  return host === "::1" || host === "localhost";
}

async function makeSpool(folder: string | undefined): Promise<string> {
  if (folder === undefined) return mkdtemp(join(tmpdir(), "portcullis-mail-"));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

function serverFor(chosen: Chosen): SMTPServer {
  const taken = new WeakMap<SMTPServerSession, number>();
  return new SMTPServer({
    name: chosen.name,
    banner: "",
    logger: false,
    authOptional: true,
    disabledCommands: chosen.tls === undefined ? ["AUTH", "STARTTLS"] : ["AUTH"],
    ...(chosen.tls === undefined ? {} : { key: chosen.tls.key, cert: chosen.tls.cert, minVersion: chosen.tls.minVersion ?? "TLSv1.2" }),
    disableReverseLookup: true,
    size: chosen.maxBytes,
    maxClients: chosen.maxConnections,
    maxRecipients: chosen.maxRecipients,
    maxCommandLength: 4096,
    socketTimeout: chosen.idleMs,
    closeTimeout: 5000,
    onRcptTo: (address, _session, callback) => callback(chosen.mailboxSet.has(address.address.toLowerCase()) ? null : refusal(550, "no such mailbox here")),
    onMailFrom: (_address, session, callback) =>
      callback((taken.get(session) ?? 0) < chosen.maxMessagesPerConnection ? null : refusal(421, "enough messages for one connection, come again")),
    onData: (stream, session, callback) => {
      taken.set(session, (taken.get(session) ?? 0) + 1);
      takeMessage(stream, session, chosen).then(
        (text) => callback(null, text),
        (error: unknown) => callback(asRefusal(error, session, chosen)),
      );
    },
  });
}

/** What the sender's server is told; everything else that goes wrong is ours and means "try again later". */
class Refusal extends Error {
  override readonly name = "Refusal";
  readonly responseCode: number;
  constructor(responseCode: number, text: string) {
    super(text);
    this.responseCode = responseCode;
  }
}

function refusal(code: number, text: string): Refusal {
  return new Refusal(code, text.replaceAll(/[^\x20-\x7e]+/g, " ").slice(0, 400));
}

function asRefusal(error: unknown, session: SMTPServerSession, chosen: Chosen): Refusal {
  if (error instanceof Refusal) {
    chosen.log?.({ event: "message-refused", session: session.id, code: String(error.responseCode) });
    return error;
  }
  chosen.log?.({ event: "message-failed", session: session.id, code: codeOf(error) });
  return refusal(451, "the desk could not keep the message, try again later");
}

async function takeMessage(stream: SMTPServerDataStream, session: SMTPServerSession, chosen: Chosen): Promise<string> {
  // The transaction's envelope is gone once the connection is: it is read before anything waits.
  const envelope = { mailFrom: addressOf(session.envelope.mailFrom), recipients: session.envelope.rcptTo.map((each) => each.address.toLowerCase()) };
  const receivedAt = (chosen.now?.() ?? new Date()).toISOString();
  const folder = await mkdtemp(join(chosen.spoolFolder, "message-"));
  try {
    const path = join(folder, "raw.eml");
    const spooled = await spool(stream, path, chosen);
    const answer = await chosen.onMessage({
      raw: { path },
      ...spooled,
      clientIp: session.remoteAddress,
      helo: String(session.hostNameAppearsAs || ""),
      ...envelope,
      receivedAt,
      secure: session.secure,
    });
    if (!answer.accepted) throw refusal(answer.code, answer.text);
    chosen.log?.({ event: "message-taken", session: session.id, sizeBytes: spooled.sizeBytes });
    return `OK: message kept as ${answer.caseId.replaceAll(/[^\w-]/g, "")}`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function addressOf(address: SMTPServerAddress | false): string {
  return address === false ? "" : address.address;
}

/** Writes the message as it comes, so that memory stays flat. A message over the limit is swallowed to its end and refused. */
async function spool(stream: SMTPServerDataStream, path: string, chosen: Chosen): Promise<{ readonly sizeBytes: number; readonly sha256: string }> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  const watch = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length;
      if (sizeBytes > chosen.maxBytes) return done();
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(stream, watch, createWriteStream(path, { mode: 0o600, flags: "wx" }), { signal: AbortSignal.timeout(chosen.messageMs) });
  if (stream.sizeExceeded || sizeBytes > chosen.maxBytes)
    throw refusal(552, `the message is larger than the ${Math.floor(chosen.maxBytes / mebi)} MiB this desk takes; send large papers another way`);
  await flush(path);
  return { sizeBytes, sha256: hash.digest("hex") };
}

async function flush(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^\w{1,40}$/.test(code) ? code : "UNKNOWN";
}

function listen(server: SMTPServer, chosen: Chosen): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(chosen.port, chosen.host, () => {
      server.removeListener("error", reject);
      const address = server.server.address();
      if (address === null || typeof address === "string") reject(new Error("the mail listener has no address"));
      else resolve(address);
    });
  });
}
