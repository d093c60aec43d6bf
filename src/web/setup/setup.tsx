// First-run set-up: one link from the terminal, one page, and a desk that its facts describe.
import { timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import { setUpDesk, setUpFile } from "../../app/set-up.ts";
import { offerStaffLink } from "../../app/sign-in.ts";
import type { Actor } from "../../kernel/ids.ts";
import { Button, ErrorSummary, Field } from "../look/forms.tsx";
import type { FormError } from "../look/forms.tsx";
import { Prose } from "../look/page.tsx";
import { formText, frame, type WebContext, type WebEnv } from "../web.tsx";

type Values = Readonly<Record<string, string>>;

export function setupFace(token: string | undefined): Hono<WebEnv> {
  const face = new Hono<WebEnv>();
  face.get("/:token", (c) => (mayEnter(c, token) ? form(c, {}, []) : gone(c)));
  face.post("/:token", async (c) => (mayEnter(c, token) ? setUp(c) : gone(c)));
  return face;
}

/** Only while no desk exists, and only with the terminal's link. */
function mayEnter(c: WebContext, token: string | undefined): boolean {
  if (token === undefined || c.get("desk") !== undefined) return false;
  const given = Buffer.from(c.req.param("token") ?? "");
  const wanted = Buffer.from(token);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function gone(c: WebContext) {
  return frame(
    c,
    {
      title: "This link does not work",
      face: "setup",
      navigation: [],
      children: <p>The desk is set up, or the link is not the one from the terminal. Start the program again to get a new one.</p>,
    },
    410,
  );
}

function form(c: WebContext, values: Values, errors: readonly FormError[]) {
  const error = (field: string) => errors.find((each) => each.field === field)?.text;
  const { laws, policies } = c.get("web").installation.shelf;
  return frame(
    c,
    {
      title: "Set up the desk",
      face: "setup",
      navigation: [],
      hasErrors: errors.length > 0,
      ...(errors.length > 0 ? { alert: <ErrorSummary errors={errors} /> } : {}),
      children: (
        <form method="post">
          <Prose>
            <p>These facts stand in the ledger from the first entry on. You can change them later; the change is a fact too.</p>
          </Prose>
          <Field
            id="legalEntity"
            name="legalEntity"
            label="Legal entity that receives requests"
            kind="text"
            value={values["legalEntity"]}
            error={error("legalEntity")}
            hint="As papers must address it, for example Kutano, Inc."
          />
          <Field
            id="country"
            name="country"
            label="Country"
            kind="text"
            width="short"
            value={values["country"] ?? "US"}
            error={error("country")}
            hint="Two letters, ISO 3166."
          />
          <Field id="state" name="state" label="State or province" kind="text" width="short" value={values["state"]} optional />
          <Field
            id="timeZone"
            name="timeZone"
            label="Time zone of the desk"
            kind="text"
            width="medium"
            value={values["timeZone"] ?? "America/Denver"}
            error={error("timeZone")}
            hint="Days end at midnight there. An IANA name."
          />
          <Field
            id="mailbox"
            name="mailbox"
            label="Legal-process mailbox"
            kind="email"
            width="medium"
            value={values["mailbox"]}
            error={error("mailbox")}
            hint="Officers write here."
          />
          <Field
            id="policyPacks"
            name="policyPacks"
            label="Policy"
            kind="select"
            value={values["policyPacks"] ?? "both"}
            choices={[
              { value: "both", label: "Both documents; the stricter one wins" },
              ...policies.map(({ pack }) => ({ value: pack.id, label: pack.title })),
            ]}
          />
          <Field
            id="jurisdiction"
            name="jurisdiction"
            label="Jurisdiction pack"
            kind="select"
            value={values["jurisdiction"] ?? "us"}
            choices={laws.map(({ pack }) => ({ value: pack.id, label: pack.title }))}
          />
          <Field id="name" name="name" label="Your name" kind="text" width="medium" autocomplete="name" value={values["name"]} error={error("name")} />
          <Field
            id="email"
            name="email"
            label="Your e-mail address"
            kind="email"
            width="medium"
            autocomplete="email"
            value={values["email"]}
            error={error("email")}
            hint="You become the first member of staff, with every role. Add a second person before anything can be released."
          />
          <Button label="Set up the desk" />
        </form>
      ),
    },
    errors.length > 0 ? 422 : 200,
  );
}

async function setUp(c: WebContext) {
  const values = await formText(c);
  const { installation, nudge } = c.get("web");
  const parsed = setUpFile.safeParse({
    desk: {
      legalEntity: values["legalEntity"],
      country: values["country"],
      ...(values["state"] ? { state: values["state"] } : {}),
      timeZone: values["timeZone"],
      mailboxes: [values["mailbox"]],
      publicUrl: new URL(c.req.url).origin,
    },
    ...(values["policyPacks"] === "both" ? {} : { policyPacks: [values["policyPacks"]] }),
    jurisdictions: [values["jurisdiction"]],
    staff: [{ id: "first", name: values["name"], email: values["email"], roles: ["analyst", "counsel", "approver", "auditor", "admin"] }],
  });
  if (!parsed.success)
    return form(
      c,
      values,
      parsed.error.issues.map(({ path, message }) => ({ field: fieldOf(path), text: message })),
    );
  const done = await setUpDesk(installation.ports, installation.deskId, installation.shelf, parsed.data, "staff:first" as Actor);
  if (done.kind === "refused")
    return form(
      c,
      values,
      done.reasons.map(({ because }) => ({ field: "legalEntity", text: because })),
    );
  const desk = await installation.desk();
  if (desk === undefined) throw new Error("the desk was set up and is not there");
  nudge();
  const link = await offerStaffLink(desk, "first", "staff:first" as Actor);
  return c.redirect(new URL(link ?? "/desk").pathname, 303);
}

function fieldOf(path: readonly PropertyKey[]): string {
  const last = path.findLast((part) => typeof part === "string") ?? "legalEntity";
  return { mailboxes: "mailbox", policyPacks: "policyPacks", jurisdictions: "jurisdiction" }[String(last)] ?? String(last);
}
