// The agencies of the rehearsal: invented, with mail domains whose keys and DNS answers are made afresh for each play.
import { generateKeyPairSync } from "node:crypto";
import { createTransport, type SendMailOptions } from "nodemailer";

export interface Agency {
  readonly domain: string;
  readonly privateKey: string;
}

export interface Mail {
  readonly from: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly messageId: string;
  readonly date: string;
  readonly replyTo?: string;
  readonly papers?: readonly { readonly name: string; readonly pdf: Buffer }[];
  readonly forms?: readonly { readonly name: string; readonly xml: string }[];
}

const selector = "desk2026";

export function foundAgency(domain: string): Agency & { readonly publicKey: string } {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "der" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  return { domain, privateKey, publicKey: publicKey.toString("base64") };
}

/** DNS answers in the shape of dns.promises.resolve: what is absent does not exist. */
export function zoneOf(agencies: readonly (Agency & { readonly publicKey: string })[]): string {
  const entries = agencies.flatMap(({ domain, publicKey }) => [
    [`${selector}._domainkey.${domain}`, { TXT: [[`v=DKIM1; k=rsa; p=${publicKey}`]] }],
    [`_dmarc.${domain}`, { TXT: [["v=DMARC1; p=reject"]] }],
    [domain, { TXT: [["v=spf1 -all"]], MX: [{ priority: 10, exchange: `mx.${domain}` }] }],
  ]);
  return JSON.stringify(Object.fromEntries(entries));
}

/** Signs the mail with the agency's key and hands it to the desk's own mailbox over SMTP. Returns the raw bytes that were sent. */
export async function sendAsAgency(agency: Agency, mail: Mail, to: string, smtp: { readonly host: string; readonly port: number }): Promise<Buffer> {
  const options: SendMailOptions = {
    from: { ...mail.from },
    to,
    subject: mail.subject,
    text: mail.text,
    messageId: mail.messageId,
    date: mail.date,
    ...(mail.replyTo === undefined ? {} : { replyTo: mail.replyTo }),
    attachments: [
      ...(mail.papers ?? []).map(({ name, pdf }) => ({ filename: name, content: pdf, contentType: "application/pdf" })),
      ...(mail.forms ?? []).map(({ name, xml }) => ({ filename: name, content: xml, contentType: "application/xml" })),
    ],
    dkim: { domainName: agency.domain, keySelector: selector, privateKey: agency.privateKey },
  };
  const built = await createTransport({ streamTransport: true, buffer: true, newline: "windows" }).sendMail(options);
  const raw = built.message as Buffer;
  const carrier = createTransport({ host: smtp.host, port: smtp.port, secure: false, ignoreTLS: true });
  try {
    await carrier.sendMail({ envelope: { from: mail.from.address, to }, raw });
  } finally {
    carrier.close();
  }
  return raw;
}
