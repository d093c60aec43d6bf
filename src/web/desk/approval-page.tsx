// Where a person approves a sealed package with the key that only they have, and where they make that key.
import { z } from "zod";
import { addApproverKey, approverKeyOf } from "../../app/approver-keys.ts";
import { approvePackage } from "../../app/approve-package.ts";
import { readCase } from "../../app/handle.ts";
import { credentialDigest, passkeysOf } from "../../app/passkeys.ts";
import { approvalMaterial } from "../../app/withheld-opening.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { Field, SummaryList } from "../look/forms.tsx";
import { Copyable } from "../look/records.tsx";
import { Refusal, type WebContext } from "../web.tsx";
import { deskFrame, getStaff, noSuchCase } from "./desk-frame.tsx";
import { caseTitle, openCase, type OpenCase } from "./open-case.ts";
import { Others } from "./redactions-page.tsx";
import { PlanOfPackage } from "./production-page.tsx";

export async function approvePage(c: WebContext) {
  const opened = await openCase(c);
  return opened === undefined || !opened.askers.includes("approver") ? noSuchCase(c) : approveFrame(c, opened);
}

async function approveFrame(c: WebContext, { view, steps }: OpenCase) {
  const desk = c.get("desk");
  const against: readonly Reason[] = steps.find(({ name }) => name === "ApproveRelease")?.against ?? [];
  const key = await approverKeyOf(desk, getStaff(c).id);
  return deskFrame(c, {
    title: caseTitle(view, "Approval of"),
    heading: "Approve the release",
    ...(against.length === 0 ? {} : { alert: <Refusal reasons={against} register={c.get("web").register} /> }),
    children: (
      <>
        <p>
          <a href={`/desk/case/${view.caseId}`}>Back to case {view.caseId}</a>
        </p>
        <PackageSummary view={view} />
        <Others view={view} />
        <PlanOfPackage view={view} desk={desk} />
        {against.length > 0 ? <></> : <ApproveWith caseId={view.caseId} sha256={view.release.sha256 ?? ""} kind={key?.kind ?? "phrase"} />}
      </>
    ),
  });
}

function PackageSummary({ view: { release } }: Pick<OpenCase, "view">) {
  if (release.sha256 === undefined) return <></>;
  const records = Object.values(release.records).reduce((sum, count) => sum + count, 0);
  return (
    <SummaryList
      answers={[
        { label: "Records", value: records.toLocaleString("en") },
        { label: "File", value: `${(release.bytes ?? 0).toLocaleString("en")} bytes, encrypted to the officer's key` },
        { label: "SHA-256", value: <Copyable id="package-digest" label="SHA-256 of the package" value={release.sha256} /> },
        { label: "Approvals", value: `${release.approvals} of 2` },
      ]}
    />
  );
}

function ApproveWith({ caseId, sha256, kind }: { readonly caseId: string; readonly sha256: string; readonly kind: "passkey" | "phrase" }) {
  return (
    <section data-approval="approve" data-case={caseId} data-sha256={sha256}>
      <h2>Your approval</h2>
      <p>
        You approve exactly this package. Your part of its key is opened here, in your browser, and is never sent to the desk as it is: two people together open
        the package, and neither of you alone, nor the desk.
      </p>
      {kind === "phrase" ? (
        <Field
          kind="textarea"
          id="phrase"
          name="phrase"
          rows={3}
          label="Your recovery phrase"
          hint="Twenty-four words. They stay in this browser."
          autocomplete="off"
        />
      ) : (
        <></>
      )}
      <p class="desk-phrase" hidden data-passphrase=""></p>
      <div class="actions">
        {kind === "passkey" ? (
          <button class="button button-primary" type="button" hidden data-by-passkey="">
            Approve with your passkey
          </button>
        ) : (
          <button class="button button-primary" type="button" hidden data-by-phrase="">
            Approve with your phrase
          </button>
        )}
        <span role="status" data-said="">
          Approving needs JavaScript, for your key must not leave this browser. At the terminal it is <code>portcullis approve {caseId}</code>.
        </span>
      </div>
      <script type="module" src="/desk/assets/approval.js"></script>
    </section>
  );
}

/** What the browser needs to open this person's share: all of it is sealed for somebody. */
export async function approvalMaterialFile(c: WebContext) {
  const opened = await openCase(c);
  const staff = getStaff(c);
  const desk = c.get("desk");
  if (opened === undefined || !opened.askers.includes("approver")) return c.json({ because: "There is no such case for you." }, 404);
  const material = await approvalMaterial(desk, await readCase(desk, opened.view.caseId), staff.id);
  if (material === undefined)
    return c.json({ because: "You hold no share of this package. Make a key under “Your keys”, then have the package sealed anew." }, 409);
  const credential = (await approverKeyOf(desk, staff.id))?.credential;
  const known = await Promise.all((await passkeysOf(desk, staff)).map(async ({ id }) => ({ id, digest: await credentialDigest(desk, id) })));
  return c.json({ ...material, credentials: known.filter(({ digest }) => digest === credential).map(({ id }) => id) });
}

export async function approveNow(c: WebContext) {
  const opened = await openCase(c);
  if (opened === undefined || !opened.askers.includes("approver")) return c.json({ because: "There is no such case for you." }, 404);
  const body: unknown = await c.req.json().catch(() => undefined);
  const command = { ...(typeof body === "object" && body !== null ? body : {}), type: "ApproveRelease" };
  const handled = await approvePackage(c.get("desk"), { caseId: opened.view.caseId, by: opened.by, askers: opened.askers, command });
  if (handled.kind === "refused") return c.json({ because: handled.reasons.map(({ because, clause }) => `${because} (${clause})`).join(" ") }, 409);
  c.get("web").nudge();
  return c.json({ approved: true });
}

/** The part of “Your keys” that people who approve see. */
export async function ApprovalKey({ c }: { readonly c: WebContext }) {
  const staff = getStaff(c);
  if (!staff.roles.includes("approver")) return <></>;
  const desk = c.get("desk");
  const key = await approverKeyOf(desk, staff.id);
  const credentials = (await passkeysOf(desk, staff)).map(({ id }) => id);
  return (
    <section data-approval="key" data-credentials={JSON.stringify(credentials)}>
      <h2>Your approval key</h2>
      <p>
        A package is sealed so that only two people who approve can open it together. For that each of you has a key. Its other half is a secret of your
        passkey, or a phrase of 24 words; the desk never has it.
      </p>
      <p>
        {key === undefined
          ? "You have no approval key yet: packages are sealed without you."
          : `You have one, from ${key.kind === "passkey" ? "a passkey" : "a recovery phrase"}. A new one takes its place for packages sealed from then on.`}
      </p>
      <p class="desk-phrase" hidden data-phrase=""></p>
      <div class="actions">
        <button class="button button-secondary" type="button" hidden data-by-passkey="">
          Make the key from a passkey
        </button>
        <button class="button button-secondary" type="button" hidden data-by-phrase="">
          Make the key with a recovery phrase
        </button>
        <span role="status" data-said="">
          Making a key needs JavaScript. At the terminal it is <code>portcullis approver key</code>.
        </span>
      </div>
      <script type="module" src="/desk/assets/approval.js"></script>
    </section>
  );
}

const keyBody = z.strictObject({ kind: z.enum(["passkey", "phrase"]), recipient: z.string().max(100), credential: z.string().max(2000).optional() });

export async function addApprovalKey(c: WebContext) {
  const parsed = keyBody.safeParse(await c.req.json().catch(() => undefined));
  if (!parsed.success) return c.json({ because: "The browser sent no key. Open this page again." }, 422);
  const { kind, recipient, credential } = parsed.data;
  const added = await addApproverKey(c.get("desk"), getStaff(c).id, {
    kind,
    recipient,
    ...(credential === undefined ? {} : { credential: await credentialDigest(c.get("desk"), credential) }),
  });
  return added.kind === "added" ? c.json({ added: true }) : c.json({ because: added.because }, 422);
}
