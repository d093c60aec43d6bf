// Who is asking on the officer's pages, and the frame every page of theirs stands in.
import { findOfficer } from "../../app/portal.ts";
import { frame, sessionSecret, type FramedPage, type WebContext } from "../web.tsx";

export const facePath = "/officer";

/** The mailbox that this visitor has proved to hold. */
export async function provenMailbox(c: WebContext): Promise<string | undefined> {
  const secret = sessionSecret(c, "officer");
  return secret === undefined ? undefined : findOfficer(c.get("desk"), secret);
}

type Status = Parameters<typeof frame>[2];

export type OfficerPage = Omit<FramedPage, "face" | "navigation" | "signedInAs" | "signOut"> & { readonly mailbox?: string | undefined };

export function officerPage(c: WebContext, { mailbox, ...page }: OfficerPage, status: Status = 200) {
  const here = c.req.path;
  const item = (label: string, href: string) => ({ label, href, ...(here === href ? { current: true } : {}) });
  const navigation = mailbox === undefined ? [] : [item("Start", facePath), item("New request", `${facePath}/request`), item("Your case", `${facePath}/cases`)];
  return frame(
    c,
    { ...page, face: "officer", navigation, ...(mailbox === undefined ? {} : { signedInAs: mailbox, signOut: { action: `${facePath}/sign-out` } }) },
    status,
  );
}

export function proveFirst(c: WebContext) {
  return officerPage(
    c,
    {
      title: "First show that you hold your mailbox",
      children: (
        <>
          <p>This page belongs to whoever holds the mailbox that a request came from. Your proof has run out, or you have not given one yet.</p>
          <div class="actions">
            <a class="button button-primary" href={`${facePath}/mailbox`}>
              Get a link to your mailbox
            </a>
          </div>
        </>
      ),
    },
    401,
  );
}

/** One page for what is not there and for what belongs to somebody else: the answer does not tell which. */
export function notYours(c: WebContext, mailbox: string | undefined) {
  return officerPage(
    c,
    {
      title: "We find no such case of yours",
      mailbox,
      children: (
        <p>
          The number may be mistyped, or the case was opened from another mailbox. <a href={`${facePath}/cases`}>Look up a case</a>.
        </p>
      ),
    },
    404,
  );
}
