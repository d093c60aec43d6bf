// What a partner sets for its own programs: a key for the API, a calendar link, and addresses that are told by signed messages.
import { givePartnerKey, partnerKeyUntil, takePartnerKeyBack, type PartnerKeyKind } from "../../app/partner-portal.ts";
import { removeWebhook, setWebhook, webhooksOf } from "../../app/webhooks.ts";
import { faceUrl } from "../../app/owner-notice.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { zoneOf } from "../../partners/partner.ts";
import { Button, Field } from "../look/forms.tsx";
import { Moment } from "../look/moment.tsx";
import { Banner, Copyable } from "../look/records.tsx";
import { formText, Refusal, type WebContext } from "../web.tsx";
import { facePath, partnerPage, type PartnerVisit } from "./visit.tsx";

interface Said {
  /** Shown once, never again. */
  readonly secret?: { readonly label: string; readonly value: string };
  readonly reasons?: readonly Reason[];
  readonly url?: string;
}

export async function settingsPage(c: WebContext, visit: PartnerVisit, said: Said = {}) {
  const desk = c.get("desk");
  const { partner, history, at } = visit.view;
  const zone = zoneOf(history, at);
  const [api, calendar, webhooks] = await Promise.all([
    partnerKeyUntil(desk, partner, "api"),
    partnerKeyUntil(desk, partner, "calendar"),
    webhooksOf(desk, partner),
  ]);
  return partnerPage(
    c,
    {
      title: "Settings",
      current: "Settings",
      visit,
      alert: (
        <>
          {said.secret === undefined ? (
            <></>
          ) : (
            <Banner kind="done" title={`${said.secret.label}. It is shown once: keep it now.`}>
              <Copyable id="secret" label={said.secret.label} value={said.secret.value} />
            </Banner>
          )}
          {said.reasons === undefined ? <></> : <Refusal reasons={said.reasons} register={c.get("web").register} title="The address was not taken" />}
        </>
      ),
      children: (
        <>
          <h2>Calendar</h2>
          <p>A calendar program can read your dates by a link. It opens nothing else.</p>
          <KeyForms kind="calendar" until={calendar} zone={zone} label="Make a calendar link" />
          <h2>API</h2>
          <p>
            A program of yours can read what you owe and report, at <code>{faceUrl(desk, "/api/partner")}</code>.{" "}
            <a href="/api/openapi.json">Description of the API</a>
          </p>
          <KeyForms kind="api" until={api} zone={zone} label="Make an API key" />
          <h2>Signed messages</h2>
          <p>An address of yours is told when something falls due, is overdue, was met, or was objected to.</p>
          <ul>
            {webhooks.map(({ endpoint, host }) => (
              <li>
                <form method="post" action={`${facePath}/settings/webhook/remove`}>
                  <bdi>{host}</bdi> <input type="hidden" name="endpoint" value={endpoint} />
                  <Button kind="secondary" label={`Stop telling ${host}`} />
                </form>
              </li>
            ))}
          </ul>
          <form method="post" action={`${facePath}/settings/webhook`} novalidate>
            <Field id="url" name="url" kind="text" label="Address" hint="It begins with https://" value={said.url ?? ""} autocomplete="off" />
            <Button label="Tell this address" />
          </form>
        </>
      ),
    },
    said.reasons === undefined ? 200 : 422,
  );
}

function KeyForms({
  kind,
  until,
  zone,
  label,
}: {
  readonly kind: PartnerKeyKind;
  readonly until: string | undefined;
  readonly zone: string;
  readonly label: string;
}) {
  return (
    <>
      {until === undefined ? (
        <></>
      ) : (
        <p>
          One is in use until <Moment at={until} zone={zone} />. A new one takes its place.
        </p>
      )}
      <form method="post" action={`${facePath}/settings/key`}>
        <input type="hidden" name="kind" value={kind} />
        <div class="actions">
          <Button kind="secondary" label={label} />
          {until === undefined ? <></> : <Button kind="secondary" label="Take it back" formaction={`${facePath}/settings/key/back`} />}
        </div>
      </form>
    </>
  );
}

async function kindOf(c: WebContext): Promise<PartnerKeyKind> {
  return (await formText(c))["kind"] === "calendar" ? "calendar" : "api";
}

export async function giveKey(c: WebContext, visit: PartnerVisit) {
  const desk = c.get("desk");
  const kind = await kindOf(c);
  const key = await givePartnerKey(desk, visit.view.partner, kind, visit.by);
  const secret =
    kind === "api" ? { label: "API key", value: key } : { label: "Calendar link", value: faceUrl(desk, `${facePath}/subscribed/${key}/calendar.ics`) };
  return settingsPage(c, visit, { secret });
}

export async function takeKeyBack(c: WebContext, visit: PartnerVisit) {
  await takePartnerKeyBack(c.get("desk"), visit.view.partner, await kindOf(c));
  return c.redirect(`${facePath}/settings`, 303);
}

export async function addWebhook(c: WebContext, visit: PartnerVisit) {
  const url = ((await formText(c))["url"] ?? "").trim().slice(0, 3000);
  const set = await setWebhook(c.get("desk"), { by: visit.by, audience: visit.view.partner, url });
  if (set.kind === "refused") return settingsPage(c, visit, { reasons: set.reasons, url });
  return settingsPage(c, visit, { secret: { label: "Secret of the messages", value: set.secret } });
}

export async function removeWebhookNow(c: WebContext, visit: PartnerVisit) {
  const endpoint = (await formText(c))["endpoint"] ?? "";
  await removeWebhook(c.get("desk"), { by: visit.by, audience: visit.view.partner, endpoint });
  return c.redirect(`${facePath}/settings`, 303);
}
