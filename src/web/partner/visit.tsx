// Who is asking on the partner's face: the session names one partner, and every page is asked for that one alone.
import { findPartnerSession } from "../../app/partner-portal.ts";
import { findPartnerView, partnerActor, type PartnerView } from "../../app/partners.ts";
import type { Actor } from "../../kernel/ids.ts";
import { frame, sessionSecret, type FramedPage, type WebContext } from "../web.tsx";

export const facePath = "/partner";

export interface PartnerVisit {
  readonly view: PartnerView;
  readonly by: Actor;
}

type Show = (c: WebContext, visit: PartnerVisit) => Promise<Response> | Response;

export function forVisit(show: Show) {
  return async (c: WebContext): Promise<Response> => {
    const secret = sessionSecret(c, "partner");
    const partner = secret === undefined ? undefined : await findPartnerSession(c.get("desk"), secret);
    if (partner === undefined) return c.req.method === "POST" ? signedOut(c) : c.redirect(`${facePath}/sign-in`, 303);
    if (c.req.method === "POST" && !c.get("web").partnerWrites.allows(partner, performance.now())) return tooMuch(c);
    const by = partnerActor(partner);
    const view = await findPartnerView(c.get("desk"), partner, by);
    return view === undefined ? c.redirect(`${facePath}/sign-in`, 303) : show(c, { view, by });
  };
}

/** Nothing of the form is kept: who signed it is no longer known. Going back shows it again as it was filled in. */
function signedOut(c: WebContext) {
  return partnerPage(
    c,
    {
      title: "You were signed out",
      children: (
        <p>
          Nothing was recorded. <a href={`${facePath}/sign-in`}>Sign in again</a> in another window, then come back to this one, go one page back and send the
          form again.
        </p>
      ),
    },
    401,
  );
}

function tooMuch(c: WebContext) {
  c.header("Retry-After", "900");
  return partnerPage(
    c,
    {
      title: "That is too much at once",
      children: (
        <p>
          Nothing of it was recorded. Your company sent more than 600 forms in a quarter of an hour. Wait a quarter of an hour, go one page back and send the
          form again.
        </p>
      ),
    },
    429,
  );
}

const places = [
  { label: "What you owe", href: facePath },
  { label: "Report", href: `${facePath}/report` },
  { label: "Statements", href: `${facePath}/statements` },
  { label: "Record", href: `${facePath}/record` },
  { label: "Settings", href: `${facePath}/settings` },
] as const;

type PartnerPage = Omit<FramedPage, "face" | "navigation" | "signedInAs" | "signOut"> & {
  readonly current?: (typeof places)[number]["label"];
  readonly visit?: PartnerVisit;
};

export function partnerPage(c: WebContext, { visit, current, ...page }: PartnerPage, status: Parameters<typeof frame>[2] = 200) {
  return frame(
    c,
    {
      ...page,
      face: "partner",
      navigation: visit === undefined ? [] : places.map((place) => ({ ...place, current: place.label === current })),
      ...(visit === undefined ? {} : { signedInAs: visit.view.details?.name ?? visit.view.partner, signOut: { action: `${facePath}/sign-out` } }),
    },
    status,
  );
}

export function nothingHere(c: WebContext, visit: PartnerVisit) {
  return partnerPage(
    c,
    {
      title: "There is nothing here",
      visit,
      children: (
        <p>
          It may have been settled or never was. <a href={facePath}>See what you owe</a>.
        </p>
      ),
    },
    404,
  );
}
