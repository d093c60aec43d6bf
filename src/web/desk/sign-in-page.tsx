// Signing in: a one-time link is spent by the button behind it, and a passkey needs no link.
import { linkWorks, spendStaffLink } from "../../app/sign-in.ts";
import { passkeyPlace } from "../../app/passkeys.ts";
import { Button } from "../look/forms.tsx";
import { Prose } from "../look/page.tsx";
import { frame, setSession, type WebContext } from "../web.tsx";

const sessionHours = 12;

export function startSession(c: WebContext, secret: string): void {
  setSession(c, "desk", secret, "/desk", sessionHours);
}

export function signInPage(c: WebContext) {
  const place = passkeyPlace(c.get("desk").profile, c.req.url);
  return frame(c, {
    title: "Sign in to the desk",
    face: "desk",
    navigation: [],
    children: (
      <>
        {place === undefined ? <NoPasskeysHere /> : <PasskeySignIn />}
        <h2>With a one-time link</h2>
        <Prose>
          <p>
            Ask a person with the role admin for a link, under Set-up. Whoever runs the server can make one in the terminal. A link works once, for 15 minutes.
          </p>
        </Prose>
      </>
    ),
  });
}

function PasskeySignIn() {
  return (
    <div data-passkey="sign-in">
      <p>Your device confirms that it is you. There are no passwords here.</p>
      <div class="actions">
        <button class="button button-primary" type="button" hidden data-passkey-button="">
          Sign in with a passkey
        </button>
        <span role="status" data-passkey-said="">
          Passkeys need JavaScript. Use a one-time link.
        </span>
      </div>
      <script type="module" src="/desk/assets/passkey.js"></script>
    </div>
  );
}

export function NoPasskeysHere() {
  return <p>Passkeys work only under a host name with HTTPS (or under localhost). Set the desk's public address to use them.</p>;
}

/** Opening the link spends nothing: mail gateways open links too. */
export async function signInWithLinkPage(c: WebContext) {
  if (!(await linkWorks(c.get("desk"), c.req.param("token") ?? ""))) return linkIsOver(c);
  return frame(c, {
    title: "Sign in to the desk",
    face: "desk",
    navigation: [],
    children: (
      <form method="post">
        <p>This link works once. It opens the desk in this browser for {sessionHours} hours.</p>
        <Button label="Sign in" />
      </form>
    ),
  });
}

export async function signInWithLink(c: WebContext) {
  const secret = await spendStaffLink(c.get("desk"), c.req.param("token") ?? "");
  if (secret === undefined) return linkIsOver(c);
  startSession(c, secret);
  return c.redirect("/desk", 303);
}

function linkIsOver(c: WebContext) {
  return frame(
    c,
    {
      title: "This link does not work any more",
      face: "desk",
      navigation: [],
      children: (
        <p>
          It was used, or its 15 minutes are over. Ask for a new one, or <a href="/desk/sign-in">sign in with a passkey</a>.
        </p>
      ),
    },
    410,
  );
}
