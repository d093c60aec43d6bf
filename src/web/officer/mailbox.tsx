// The officer's way in: what a request must contain, and the proof that somebody holds a government mailbox.
import { mailboxLinkWorks, offerMailboxLink, officerSessionHours, spendMailboxLink } from "../../app/portal.ts";
import { ClauseChip } from "../look/clause-chip.tsx";
import { Button, ErrorSummary, Field } from "../look/forms.tsx";
import { Prose } from "../look/page.tsx";
import { Banner } from "../look/records.tsx";
import { endSession, setSession, type WebContext } from "../web.tsx";
import type { LinkLimits } from "../rate-limit.ts";
import { askedMailbox } from "../asked-mailbox.ts";
import { facePath, officerPage, provenMailbox } from "./visit.tsx";

export async function startPage(c: WebContext) {
  const { profile, policy } = c.get("desk");
  const { register } = c.get("web");
  const mailbox = await provenMailbox(c);
  const address = profile.mailboxes[0] ?? "";
  return officerPage(c, {
    title: "Ask for customer data",
    mailbox,
    children: (
      <>
        <Prose>
          <p>
            This is the desk of {profile.legalEntity} for requests from public authorities. It checks who asks, what the paper compels and what the law allows,
            tells the customer unless the law forbids it, and hands over no more than the paper reaches.
          </p>
        </Prose>
        <h2>What a request must contain</h2>
        <ul class="reasons">
          {policy.requiredContents.map(({ ask, clause }) => (
            <li>
              <span dir="auto">{ask}</span> <ClauseChip clause={clause} register={register} />
            </li>
          ))}
        </ul>
        <h2>Two ways, one desk</h2>
        <Prose>
          <p>
            By e-mail: send the request and the paper from your government mailbox to <a href={`mailto:${address}`}>{address}</a>.
          </p>
          <p>
            On this site: a form asks for everything the desk needs, one question at a time, and gives you a receipt that you can prove. Both ways are treated
            alike.
          </p>
        </Prose>
        <div class="actions">
          {mailbox === undefined ? (
            <Button label="Start the form" href={`${facePath}/mailbox`} />
          ) : (
            <Button label="Start the form" href={`${facePath}/request`} />
          )}
          <Button kind="secondary" label="Look up your case" href={mailbox === undefined ? `${facePath}/mailbox` : `${facePath}/cases`} />
        </div>
      </>
    ),
  });
}

export function mailboxPage(c: WebContext, given = "", error?: string) {
  const errors = error === undefined ? [] : [{ field: "mailbox", text: error }];
  return officerPage(
    c,
    {
      title: "Show that you hold your mailbox",
      hasErrors: errors.length > 0,
      alert: <ErrorSummary errors={errors} />,
      children: (
        <form method="post" novalidate>
          <Field
            id="mailbox"
            name="mailbox"
            label="Your government mailbox"
            kind="email"
            autocomplete="email"
            value={given}
            error={error}
            hint="A mailbox that your government issued to you (KDRP-3). We send a link to it; there is no password."
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
  if (asked.kind === "no-mailbox") return mailboxPage(c, asked.given, "Enter an e-mail address such as name@agency.gov");
  return (await offerMailboxLink(c.get("desk"), asked.given, asked)) === "no-mail" ? noMail(c) : linkSent(c);
}

function tooMany(c: WebContext) {
  c.header("Retry-After", "900");
  return officerPage(
    c,
    {
      title: "Too many attempts",
      children: <p>Too many attempts came from your network. Wait a quarter of an hour and try again, or send the request by e-mail.</p>,
    },
    429,
  );
}

function noMail(c: WebContext) {
  const address = c.get("desk").profile.mailboxes[0] ?? "";
  return officerPage(
    c,
    {
      title: "This desk cannot send mail yet",
      children: (
        <p>
          No mail server is set up here, so no link can reach you. Send your request to <a href={`mailto:${address}`}>{address}</a>.
        </p>
      ),
    },
    503,
  );
}

/** The same words whatever the address was. */
function linkSent(c: WebContext) {
  return officerPage(c, {
    title: "Look into your mailbox",
    children: (
      <>
        <p>If the address can receive mail, a letter with a link is on its way to it. The link works once, for 30 minutes.</p>
        <p>
          Nothing there after five minutes? Look into the folder for unwanted mail, or <a href={`${facePath}/mailbox`}>ask again</a>.
        </p>
      </>
    ),
  });
}

/** Opening the link spends nothing: mail gateways open links to look behind them. */
export async function linkPage(c: WebContext) {
  const token = c.req.param("token") ?? "";
  if (!(await mailboxLinkWorks(c.get("desk"), token))) return linkGone(c);
  return officerPage(c, {
    title: "You hold this mailbox",
    children: (
      <form method="post">
        <p>Press the button on the device you want to work on. The link is used up by it, and you stay signed in for {officerSessionHours} hours.</p>
        <div class="actions">
          <Button label="Sign in" />
        </div>
      </form>
    ),
  });
}

function linkGone(c: WebContext) {
  return officerPage(
    c,
    {
      title: "This link does not work any more",
      alert: <Banner kind="caution" title="A link works once, for 30 minutes." />,
      children: (
        <p>
          <a href={`${facePath}/mailbox`}>Ask for a new link</a>.
        </p>
      ),
    },
    410,
  );
}

export async function spendLink(c: WebContext) {
  const secret = await spendMailboxLink(c.get("desk"), c.req.param("token") ?? "");
  if (secret === undefined) return linkGone(c);
  setSession(c, "officer", secret, facePath, officerSessionHours);
  return c.redirect(facePath, 303);
}

export async function signOut(c: WebContext) {
  await endSession(c, "officer", facePath);
  return c.redirect(facePath, 303);
}
