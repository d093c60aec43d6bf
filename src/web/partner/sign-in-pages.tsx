// The partner's way in: a link to a mailbox that the company has on record; there is no password.
import { offerPartnerLink, partnerLinkWorks, partnerSessionHours, spendPartnerLink } from "../../app/partner-portal.ts";
import { Button, ErrorSummary, Field } from "../look/forms.tsx";
import { askedMailbox } from "../asked-mailbox.ts";
import type { LinkLimits } from "../rate-limit.ts";
import { endSession, setSession, type WebContext } from "../web.tsx";
import { facePath, partnerPage } from "./visit.tsx";

export function signInPage(c: WebContext, given = "", error?: string) {
  const errors = error === undefined ? [] : [{ field: "mailbox", text: error }];
  return partnerPage(
    c,
    {
      title: "Sign in for your partnership",
      hasErrors: errors.length > 0,
      alert: <ErrorSummary errors={errors} />,
      children: (
        <form method="post" novalidate>
          <Field
            id="mailbox"
            name="mailbox"
            label="Your mailbox"
            kind="email"
            autocomplete="email"
            value={given}
            error={error}
            hint={`The mailbox for notices, security or privacy that ${c.get("desk").profile.legalEntity} has on record. We send a link to it; there is no password.`}
          />
          <Button label="Send the link" />
        </form>
      ),
    },
    errors.length > 0 ? 422 : 200,
  );
}

export async function askForLink(c: WebContext, limits: LinkLimits) {
  const asked = await askedMailbox(c, limits);
  if (asked.kind === "too-many") return tooMany(c);
  if (asked.kind === "no-mailbox") return signInPage(c, asked.given, "Enter an e-mail address such as notices@example.com");
  return offerPartnerLink(c.get("desk"), asked.given, asked) === "no-mail" ? noMail(c) : linkSent(c);
}

function tooMany(c: WebContext) {
  c.header("Retry-After", "900");
  return partnerPage(
    c,
    { title: "Too many attempts", children: <p>Too many attempts came from your network. Wait a quarter of an hour and try again.</p> },
    429,
  );
}

function noMail(c: WebContext) {
  return partnerPage(
    c,
    {
      title: "This desk cannot send mail yet",
      children: <p>No mail server is set up here, so no link can reach you. Ask {c.get("desk").profile.legalEntity} for one.</p>,
    },
    503,
  );
}

/** The same words whatever the address was. */
function linkSent(c: WebContext) {
  return partnerPage(c, {
    title: "Look into your mailbox",
    children: (
      <>
        <p>If the mailbox is on record for a partner, a letter with a link is on its way to it. The link works once, for 30 minutes.</p>
        <p>
          Nothing there after five minutes? Look into the folder for unwanted mail, or <a href={`${facePath}/sign-in`}>ask again</a>.
        </p>
      </>
    ),
  });
}

export async function linkPage(c: WebContext) {
  if (!(await partnerLinkWorks(c.get("desk"), c.req.param("token") ?? ""))) return wrongLink(c);
  return partnerPage(c, {
    title: "Sign in for your partnership",
    children: (
      <form method="post">
        <p>The button opens your pages for {partnerSessionHours} hours.</p>
        <div class="actions">
          <Button label="Sign in" />
        </div>
      </form>
    ),
  });
}

export async function spendLink(c: WebContext) {
  const secret = await spendPartnerLink(c.get("desk"), c.req.param("token") ?? "");
  if (secret === undefined) return wrongLink(c);
  setSession(c, "partner", secret, facePath, partnerSessionHours);
  return c.redirect(facePath, 303);
}

function wrongLink(c: WebContext) {
  return partnerPage(
    c,
    {
      title: "This link opens nothing",
      children: (
        <p>
          It was used, has run out, or was not copied whole. <a href={`${facePath}/sign-in`}>Ask for a new one</a>.
        </p>
      ),
    },
    410,
  );
}

export async function signOut(c: WebContext) {
  await endSession(c, "partner", facePath);
  return c.redirect(`${facePath}/sign-in`, 303);
}
