// First-run set-up: one link from the terminal, one page, and a desk that its facts describe.
import { timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import { setUpDesk, setUpFile } from "../../app/set-up.ts";
import { offerStaffLink } from "../../app/sign-in.ts";
import type { Actor } from "../../kernel/ids.ts";
import { providerKinds } from "../../policy/pack.ts";
import { providerWords } from "../../policy/pack-words.ts";
import { Button, ErrorSummary, Field } from "../look/forms.tsx";
import type { FormError } from "../look/forms.tsx";
import { Prose } from "../look/page.tsx";
import { formValues, frame, type FormValues, type WebContext, type WebEnv } from "../web.tsx";

export function setupFace(token: string | undefined): Hono<WebEnv> {
  const face = new Hono<WebEnv>();
  face.get("/:token", (c) => (mayEnter(c, token) ? form(c, untouched, []) : gone(c)));
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

const first: Readonly<Record<string, readonly string[]>> = { country: ["US"], timeZone: ["America/Denver"], policyPacks: ["both"], jurisdictions: ["us"] };
const untouched: FormValues = { many: (name) => first[name] ?? [], one: (name) => first[name]?.[0] ?? "" };

function form(c: WebContext, values: FormValues, errors: readonly FormError[]) {
  const of = (name: string) => {
    const error = errors.find(({ field }) => field === name)?.text;
    return { id: name, name, value: values.one(name), ...(error === undefined ? {} : { error }) };
  };
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
          <h2>The company</h2>
          <Field
            {...of("legalEntity")}
            label="Legal entity that receives requests"
            kind="text"
            hint="As papers must address it, for example Kutano, Inc. A paper that names another entity is refused."
          />
          <Field {...of("country")} label="Country" kind="text" width="short" hint="Two letters, ISO 3166." />
          <Field {...of("state")} label="State or province" kind="text" width="short" optional />
          <Field {...of("timeZone")} label="Time zone of the desk" kind="text" width="medium" hint="Days end at midnight there. An IANA name." />
          <Field {...of("mailbox")} label="Legal-process mailbox" kind="email" width="medium" hint="Officers write here." />
          <h2>Policy and law</h2>
          <Field
            {...of("policyPacks")}
            label="Policy"
            kind="select"
            choices={[
              { value: "both", label: "Both documents; the stricter one wins" },
              ...policies.map(({ pack }) => ({ value: pack.id, label: pack.title })),
            ]}
          />
          <Field
            {...of("jurisdictions")}
            label="Laws the desk answers under"
            kind="checkboxes"
            values={values.many("jurisdictions")}
            hint="Papers of a country whose law is not chosen are kept and asked about. Nothing is disclosed under a law the desk does not have."
            choices={laws.map(({ pack }) => ({ value: pack.id, label: pack.title }))}
          />
          <h2>What rules ask about the company</h2>
          <Prose>
            <p>What you leave open stays unknown: where a rule turns on it, the desk says that it is open and holds the data.</p>
          </Prose>
          <Field
            {...of("incorporatedIn")}
            label="Incorporated in"
            kind="text"
            width="short"
            hint="A country, or a part of one: US-CA, IE. California asks papers of other states for an attestation."
            optional
          />
          <Field {...of("headquarteredIn")} label="Headquarters in" kind="text" width="short" hint="US-CA, IE." optional />
          <Field
            {...of("designatedIn")}
            label="Seat in the Union for orders of other Member States"
            kind="text"
            width="short"
            hint="The designated establishment under Directive (EU) 2023/1544: IE, NL."
            optional
          />
          <Field
            {...of("kinds")}
            label="The company is"
            kind="checkboxes"
            values={values.many("kinds")}
            choices={providerKinds.map((kind) => ({ value: kind, label: providerWords[kind] }))}
            optional
          />
          <Field
            {...of("languages")}
            label="Languages declared to authorities"
            kind="text"
            width="medium"
            hint="Two letters each, with commas between them: en, de."
            optional
          />
          <h2>You</h2>
          <Field {...of("name")} label="Your name" kind="text" width="medium" autocomplete="name" />
          <Field
            {...of("email")}
            label="Your e-mail address"
            kind="email"
            width="medium"
            autocomplete="email"
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
  const values = await formValues(c);
  const { installation, nudge } = c.get("web");
  const parsed = setUpFile.safeParse({
    desk: {
      legalEntity: values.one("legalEntity"),
      country: values.one("country"),
      ...answered(values, "state", "incorporatedIn", "headquarteredIn", "designatedIn"),
      ...(values.many("kinds").length === 0 ? {} : { kinds: values.many("kinds") }),
      ...(values.one("languages") === "" ? {} : { languages: values.one("languages").split(/[\s,]+/) }),
      timeZone: values.one("timeZone"),
      mailboxes: [values.one("mailbox")],
      publicUrl: new URL(c.req.url).origin,
    },
    ...(values.one("policyPacks") === "both" ? {} : { policyPacks: [values.one("policyPacks")] }),
    jurisdictions: values.many("jurisdictions"),
    staff: [{ id: "first", name: values.one("name"), email: values.one("email"), roles: ["analyst", "counsel", "approver", "auditor", "admin"] }],
  });
  if (!parsed.success) return form(c, values, errorsOf(parsed.error.issues));
  const done = await setUpDesk(installation.ports, installation.deskId, installation.shelf, parsed.data, "staff:first" as Actor);
  if (done.kind === "refused")
    return form(
      c,
      values,
      done.reasons.map(({ because }) => ({ field: "jurisdictions", text: because })),
    );
  const desk = await installation.desk();
  if (desk === undefined) throw new Error("the desk was set up and is not there");
  nudge();
  const link = await offerStaffLink(desk, "first", "staff:first" as Actor);
  return c.redirect(new URL(link ?? "/desk").pathname, 303);
}

function answered(values: FormValues, ...names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, values.one(name)]).filter(([, value]) => value !== ""));
}

const asked: Readonly<Record<string, string>> = {
  legalEntity: "Enter the name of the legal entity that receives requests",
  mailbox: "Enter the legal-process mailbox, like legal-process@kutano.example",
  name: "Enter your name",
  email: "Enter your e-mail address, like cole@kutano.example",
};

/** One for each field. */
function errorsOf(issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): readonly FormError[] {
  const texts = new Map(issues.toReversed().map(({ path, message }) => [fieldOf(path), asked[fieldOf(path)] ?? message]));
  return [...texts].map(([field, text]) => ({ field, text })).toReversed();
}

function fieldOf(path: readonly PropertyKey[]): string {
  const last = String(path.findLast((part) => typeof part === "string") ?? "legalEntity");
  return last === "mailboxes" ? "mailbox" : last;
}
