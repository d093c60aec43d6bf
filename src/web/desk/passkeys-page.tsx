// A member of staff adds a passkey; afterwards no link is needed to sign in.
import { dayOf } from "../../kernel/instant.ts";
import { addPasskey, offerPasskey, offerPasskeySignIn, passkeyPlace, passkeysOf, signInWithPasskey } from "../../app/passkeys.ts";
import { openSession } from "../../app/sign-in.ts";
import { Day } from "../look/moment.tsx";
import { Banner, EmptyState, Table } from "../look/records.tsx";
import type { WebContext } from "../web.tsx";
import { ApprovalKey } from "./approval-page.tsx";
import { deskFrame, getStaff } from "./desk-frame.tsx";
import { NoPasskeysHere, startSession } from "./sign-in-page.tsx";

const elsewhere = { because: "Passkeys work only under the desk's own host name. Open the desk under its public address." };

export async function passkeysPage(c: WebContext) {
  const desk = c.get("desk");
  const known = await passkeysOf(desk, getStaff(c));
  const place = passkeyPlace(desk.profile, c.req.url);
  return deskFrame(c, {
    title: "Your keys",
    current: "passkeys",
    ...doneAlert(c.req.query("done")),
    children: (
      <>
        <Table
          caption="Passkeys you can sign in with"
          quietCaption
          columns={[
            { key: "name", head: "Passkey" },
            { key: "added", head: "Added" },
            { key: "kept", head: "Kept" },
          ]}
          rows={known.map(({ addedAt, synced }, index) => ({
            cells: { name: `Passkey ${index + 1}`, added: <Day day={dayOf(addedAt, desk.zone)} />, kept: synced ? "On several devices" : "On one device" },
          }))}
          empty={<EmptyState title="You have no passkey yet">Until you have one, every sign-in needs a one-time link.</EmptyState>}
        />
        {place === undefined ? <NoPasskeysHere /> : <AddPasskey />}
        <ApprovalKey c={c} />
      </>
    ),
  });
}

const doneWords: Readonly<Record<string, string>> = {
  added: "The passkey was added. You can sign in with it from now on.",
  key: "The key was added. Packages that are sealed from now on have a share for you.",
};

function doneAlert(done: string | undefined) {
  const words = done === undefined ? undefined : doneWords[done];
  return words === undefined ? {} : { alert: <Banner kind="done" title={words} /> };
}

function AddPasskey() {
  return (
    <div data-passkey="add">
      <div class="actions">
        <button class="button button-primary" type="button" hidden data-passkey-button="">
          Add a passkey
        </button>
        <span role="status" data-passkey-said="">
          Adding a passkey needs JavaScript. One-time links work without it.
        </span>
      </div>
      <script type="module" src="/desk/assets/passkey.js"></script>
    </div>
  );
}

export async function passkeyOptions(c: WebContext) {
  const desk = c.get("desk");
  const place = passkeyPlace(desk.profile, c.req.url);
  return place === undefined ? c.json(elsewhere, 409) : c.json(await offerPasskey(desk, getStaff(c), place));
}

export async function addPasskeyAnswer(c: WebContext) {
  const desk = c.get("desk");
  const place = passkeyPlace(desk.profile, c.req.url);
  if (place === undefined) return c.json(elsewhere, 409);
  const answer = await addPasskey(desk, getStaff(c), place, await bodyOf(c));
  return answer.kind === "added" ? c.json({ added: true }) : c.json({ because: answer.because }, 422);
}

export async function signInOptions(c: WebContext) {
  const desk = c.get("desk");
  const place = passkeyPlace(desk.profile, c.req.url);
  return place === undefined ? c.json(elsewhere, 409) : c.json(await offerPasskeySignIn(desk, place));
}

export async function signInWithPasskeyAnswer(c: WebContext) {
  const desk = c.get("desk");
  const place = passkeyPlace(desk.profile, c.req.url);
  if (place === undefined) return c.json(elsewhere, 409);
  const answer = await signInWithPasskey(desk, place, await bodyOf(c));
  if (answer.kind === "refused") return c.json({ because: answer.because }, 422);
  startSession(c, await openSession(desk, answer.staff, "passkey"));
  return c.json({ signedIn: true });
}

/** Undefined for a body that is no JSON: the checks then refuse it. */
function bodyOf(c: WebContext): Promise<unknown> {
  return c.req.json().catch(() => undefined);
}
