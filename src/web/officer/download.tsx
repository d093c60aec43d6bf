// Where the officer fetches a production: the link shows what is inside, and only the button counts and hands over.
import { downloadReceipt, findDownload, isTicketGood, offerTicket, officerActor, type Download } from "../../app/portal.ts";
import { findCaseView } from "../../app/case-view.ts";
import { handle } from "../../app/handle.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { Button, SummaryList } from "../look/forms.tsx";
import { Moment } from "../look/moment.tsx";
import { Refusal, type WebContext } from "../web.tsx";
import { officerPage } from "./visit.tsx";

function found(c: WebContext): Promise<Download | undefined> {
  return findDownload(c.get("desk"), c.req.param("case") ?? "", c.req.param("token") ?? "");
}

function wrongLink(c: WebContext) {
  return officerPage(
    c,
    {
      title: "This link opens nothing",
      children: <p>Copy the whole link from our letter. If it still does not work, write to the desk with your case number.</p>,
    },
    404,
  );
}

export async function downloadPage(c: WebContext) {
  const download = await found(c);
  if (download === undefined) return wrongLink(c);
  const { caseId } = download;
  const view = await findCaseView(c.get("desk"), caseId, officerActor(caseId), ["officer"]);
  const against = view?.steps.find(({ name }) => name === "CountDownload")?.against ?? [];
  return page(c, download, against);
}

function page(c: WebContext, download: Download, against: readonly Reason[], status: 200 | 409 = 200) {
  const { caseId, sealed, released, used } = download;
  const desk = c.get("desk");
  const label = (id: string) => desk.policy.dataTypes.find((type) => type.id === id)?.label ?? id;
  const records = Object.entries(sealed.records);
  return officerPage(
    c,
    {
      title: `The production on case ${caseId}`,
      alert: against.length === 0 ? undefined : <Refusal reasons={against} register={c.get("web").register} title="The production cannot be downloaded now" />,
      children: (
        <>
          <h2>What is inside</h2>
          <SummaryList
            answers={[
              ...records.map(([id, count]) => ({ label: label(id), value: `${count.toLocaleString("en")} ${count === 1 ? "record" : "records"}` })),
              ...(records.length === 0 ? [{ label: "Records", value: "None were held. The package says so for each line." }] : []),
              {
                label: "Also",
                value:
                  "A dictionary of the fields, every line of your paper with what became of it, the custodian's declaration, digests of every file, and a proof that the release stands in our ledger",
              },
              { label: "File", value: `${fileName(download)}, ${sealed.bytes.toLocaleString("en")} bytes` },
              { label: "SHA-256 of the file", value: <code>{sealed.sha256}</code> },
            ]}
          />
          <h2>How often and until when</h2>
          <p>
            The file may be fetched {released.downloads} times, until <Moment at={released.expiresAt} zone={desk.zone} />. So far: {used}. A download that
            breaks off can go on for a day without counting again.
          </p>
          {used === 0 ? (
            <></>
          ) : (
            <p>
              <a href={`${c.req.path}/receipt.json`}>Receipt of the download</a>: the file's digest, the desk's codes of those who approved it, and the proofs
              that all of it stands in our ledger.
            </p>
          )}
          {against.length === 0 ? (
            <form method="post">
              <div class="actions">
                <Button label="Download the production" />
              </div>
            </form>
          ) : (
            <></>
          )}
          <h2>How to open it</h2>
          <p>{opening[sealed.sealedWith].words}</p>
          <SummaryList
            answers={[
              { label: "Check the file", value: <code>sha256sum {fileName(download)}</code> },
              { label: "Decrypt it", value: <code>{opening[sealed.sealedWith].command(caseId)}</code> },
              { label: "Unpack it", value: <code>tar -xf {caseId}.tar</code> },
            ]}
          />
        </>
      ),
    },
    status,
  );
}

interface Opening {
  readonly suffix: string;
  readonly words: string;
  readonly command: (caseId: string) => string;
}

/** One for each way in which a package can be sealed. */
const opening: Readonly<Record<Download["sealed"]["sealedWith"], Opening>> = {
  age: {
    suffix: ".tar.age",
    words: "The file is encrypted to the key you gave us. Only the key.txt that belongs to it opens the file; we cannot.",
    command: (caseId) => `age -d -i key.txt -o ${caseId}.tar ${caseId}.tar.age`,
  },
  openpgp: {
    suffix: ".tar.gpg",
    words: "The file is encrypted to the OpenPGP key you gave us. Only its secret half opens the file; we cannot.",
    command: (caseId) => `gpg -o ${caseId}.tar -d ${caseId}.tar.gpg`,
  },
  "passphrase-zip": {
    suffix: ".zip",
    words:
      "The file is a ZIP encrypted with AES-256. A person at our desk tells you its passphrase by telephone; it stands in no letter and we do not keep it.",
    command: (caseId) => `7z x ${caseId}.zip`,
  },
};

function fileName({ caseId, sealed }: Download): string {
  return `${caseId}${opening[sealed.sealedWith].suffix}`;
}

/** What is not there costs nobody an attempt. The file itself comes from an address of its own, where a broken download can go on. */
export async function fetchProduction(c: WebContext) {
  const download = await found(c);
  if (download === undefined) return wrongLink(c);
  const desk = c.get("desk");
  const { caseId } = download;
  if ((await download.open()) === undefined) return gone(c);
  const handled = await handle(desk, { caseId, by: officerActor(caseId), askers: ["officer"], command: { type: "CountDownload" } });
  if (handled.kind === "refused") return page(c, download, handled.reasons, 409);
  c.get("web").nudge();
  return c.redirect(`${c.req.path}/file/${await offerTicket(desk, download)}`, 303);
}

/** The file, or the part of it that is still missing. What came to light since still stops it. */
export async function productionFile(c: WebContext) {
  const download = await found(c);
  if (download === undefined) return wrongLink(c);
  const desk = c.get("desk");
  const { caseId, sealed } = download;
  const view = await findCaseView(desk, caseId, officerActor(caseId), ["desk"]);
  const against = view?.steps.find(({ name }) => name === "RenewDownload")?.against ?? [];
  if (against.length > 0) return page(c, download, against, 409);
  if (!(await isTicketGood(desk, download, c.req.param("ticket") ?? ""))) return wrongLink(c);
  const from = firstByte(c, sealed);
  if (from === undefined) return c.body(null, 416, { "Content-Range": `bytes */${sealed.bytes}` });
  const content = await download.open(from);
  if (content === undefined) return gone(c);
  return c.body(ReadableStream.from(content) as ReadableStream, from === 0 ? 200 : 206, {
    "Content-Type": "application/octet-stream",
    "Content-Length": String(sealed.bytes - from),
    "Content-Disposition": `attachment; filename="${fileName(download)}"`,
    "Accept-Ranges": "bytes",
    ETag: `"${sealed.sha256}"`,
    "Cache-Control": "no-store",
    ...(from === 0 ? {} : { "Content-Range": `bytes ${from}-${sealed.bytes - 1}/${sealed.bytes}` }),
  });
}

/** Where to go on: the whole file for anything else than one open range of this very file. Undefined for a range that lies behind it. */
function firstByte(c: WebContext, { bytes, sha256 }: Download["sealed"]): number | undefined {
  const [, from] = /^bytes=(\d{1,15})-$/.exec(c.req.header("range") ?? "") ?? [];
  const known = c.req.header("if-range");
  if (from === undefined || (known !== undefined && known !== `"${sha256}"`)) return 0;
  return Number(from) < bytes ? Number(from) : undefined;
}

export async function receiptFile(c: WebContext) {
  const download = await found(c);
  if (download === undefined) return wrongLink(c);
  const { installation } = c.get("web");
  const receipt = await downloadReceipt(c.get("desk"), download);
  c.header("Content-Disposition", `attachment; filename="${download.caseId}-receipt.json"`);
  return c.json({ ...receipt, logKey: installation.logKey });
}

function gone(c: WebContext) {
  return officerPage(
    c,
    {
      title: "The production is no longer kept",
      children: <p>The package was destroyed, as it is when a case is forgotten. This attempt was not counted. Write to the desk with your case number.</p>,
    },
    410,
  );
}
