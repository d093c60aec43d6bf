// The desk looks at itself: each line of the checklist tests something and says what to do; and people are admitted here.
import { z } from "zod";
import { admitStaff, findStaff, findWorkspace, sourcesOf } from "../../app/directory.ts";
import type { Desk } from "../../app/desk.ts";
import type { Holdings } from "../../app/ports.ts";
import { offerStaffLink } from "../../app/sign-in.ts";
import type { Child } from "hono/jsx";
import type { Actor } from "../../kernel/ids.ts";
import { Button, ErrorSummary, Field, TaskList, type FormError, type Task } from "../look/forms.tsx";
import { Banner, Copyable } from "../look/records.tsx";
import { formValues, noValues, staffActor, type FormValues, type WebContext } from "../web.tsx";
import { deskFrame, getStaff } from "./desk-frame.tsx";

interface Shown {
  readonly values: FormValues;
  readonly errors: readonly FormError[];
  readonly alert?: Child;
}

export async function setUpPage(c: WebContext) {
  return isAdmin(c) ? setUpFrame(c, { values: noValues, errors: [] }) : notYours(c);
}

function isAdmin(c: WebContext): boolean {
  return getStaff(c).roles.includes("admin");
}

function notYours(c: WebContext) {
  return deskFrame(c, { title: "Set-up is for the role admin", children: <p>Ask a person with that role, or for that role.</p> }, 403);
}

async function setUpFrame(c: WebContext, { values, errors, alert }: Shown) {
  const error = (field: string) => errors.find((each) => each.field === field)?.text;
  return deskFrame(
    c,
    {
      title: "Set-up",
      current: "set-up",
      hasErrors: errors.length > 0,
      alert: (
        <>
          {alert ?? <></>}
          <ErrorSummary errors={errors} />
        </>
      ),
      children: (
        <>
          <h2>Is everything in place?</h2>
          <TaskList tasks={await tasks(c)} />
          <h2>Admit a person</h2>
          <form method="post" action="/desk/set-up/staff">
            <Field
              id="id"
              name="id"
              kind="text"
              width="medium"
              label="Id"
              hint="Short, such as ana. It stands in the ledger and cannot be forgotten: choose nothing that names the person in full."
              value={values.one("id")}
              error={error("id")}
              autocomplete="off"
            />
            <Field id="name" name="name" kind="text" width="medium" label="Name" value={values.one("name")} error={error("name")} autocomplete="off" />
            <Field id="email" name="email" kind="email" width="medium" label="E-mail" value={values.one("email")} error={error("email")} autocomplete="off" />
            <Field id="roles" name="roles" kind="checkboxes" label="Roles" values={[...values.many("roles")]} error={error("roles")} choices={roleChoices} />
            <Button label="Admit" />
          </form>
          <h2>One-time link</h2>
          <form method="post" action="/desk/set-up/link">
            <Field
              id="staff"
              name="staff"
              kind="text"
              width="medium"
              label="Id of the person"
              hint="The link works once, for 15 minutes."
              value={values.one("staff")}
              error={error("staff")}
              autocomplete="off"
            />
            <Button label="Make a link" kind="secondary" />
          </form>
        </>
      ),
    },
    errors.length > 0 ? 422 : 200,
  );
}

const roleChoices = [
  { value: "analyst", label: "Analyst", hint: "Confirms details, verifies senders, gives notice." },
  { value: "counsel", label: "Counsel", hint: "Signs reviews, rejects, challenges, publishes the report." },
  { value: "approver", label: "Approver", hint: "Approves a release. Two different people must." },
  { value: "auditor", label: "Auditor", hint: "Reads the audit pages and changes nothing." },
  { value: "admin", label: "Admin", hint: "Sets up and admits people." },
];

async function tasks(c: WebContext): Promise<readonly Task[]> {
  const desk = c.get("desk");
  return [mailbox(desk), relay(desk), tls(c), address(desk, c.req.url), ...(await dataSources(desk)), await owners(desk), packs(desk)];
}

const good = (label: string, hint: string): Task => ({ label, hint, state: "kept", word: "In place" });
const wrong = (label: string, hint: string): Task => ({ label, hint, state: "overdue", word: "To do" });

function mailbox({ profile }: Desk): Task {
  const label = "Mailbox";
  return profile.mailboxes.length === 0
    ? wrong(label, "No mailbox is set. Name one in the set-up file and apply it.")
    : good(label, `Officers write to ${profile.mailboxes.join(", ")}.`);
}

function relay({ profile }: Desk): Task {
  const label = "Mail relay";
  return profile.relay === undefined
    ? wrong(label, "Letters wait: no relay is set. Add relay with host, port and from to the set-up file and apply it.")
    : good(label, `Letters leave by ${profile.relay.host}, port ${profile.relay.port}.`);
}

function tls(c: WebContext): Task {
  return c.get("web").isSecure
    ? good("TLS", "This page came encrypted.")
    : wrong("TLS", "This page came without TLS. That is allowed on this machine only: give the program a certificate, or put a proxy with TLS before it.");
}

function address({ profile }: Desk, url: string): Task {
  const label = "Public address";
  if (profile.publicUrl === undefined)
    return wrong(label, "No public address is set: links in letters would lead nowhere. Add publicUrl to the set-up file and apply it.");
  const here = new URL(url).host;
  if (new URL(profile.publicUrl).host !== here)
    return wrong(label, `Letters link to ${profile.publicUrl}, but this page was opened under ${here}. One of them should change.`);
  return good(label, `Letters link to ${profile.publicUrl}.`);
}

/** Findings that a person should read and that stop nothing. */
const notes: ReadonlySet<string> = new Set(["MISSING_DAYS", "UNLISTED", "ODD_NAME"]);

/** Opens each source as a production would; closes them again. */
async function dataSources(desk: Desk): Promise<readonly Task[]> {
  const entries = await sourcesOf(desk);
  if (entries.length === 0)
    return [wrong("Data source", "No source is connected. Describe one with its data map under sources in the set-up file and apply it.")];
  const holdings = await desk.ports.sources();
  try {
    const names = entries.map(({ name }) => name);
    const unplaced = holdings.findings.filter((finding) => entries.length > 1 && !names.some((name) => isAbout(finding, name)));
    const shown = unplaced.length === 0 ? [] : [findingsTask("Data sources", unplaced)];
    return [
      ...names.map((name) =>
        sourceTask(
          name,
          holdings,
          holdings.findings.filter((finding) => entries.length === 1 || isAbout(finding, name)),
        ),
      ),
      ...shown,
    ];
  } finally {
    await Promise.all(holdings.sources.map((source) => source.close()));
  }
}

type Finding = Holdings["findings"][number];

function isAbout({ where }: Finding, name: string): boolean {
  return where === name || [".", ":", " ", "/"].some((mark) => where.startsWith(`${name}${mark}`));
}

function sourceTask(name: string, { sources, maps }: Holdings, findings: readonly Finding[]): Task {
  const label = `Data source ${name}`;
  const words = findings.map(({ what }) => what).join(" ");
  if (!sources.some((source) => source.name === name)) return wrong(label, `It does not open. ${words}`.trim());
  if (!maps.some(({ source }) => source === name)) return wrong(label, `It opens, but no data map describes it. ${words}`.trim());
  return findings.length === 0 ? good(label, "It opens, it cannot be written to, and its data map is read.") : findingsTask(label, findings);
}

function findingsTask(label: string, findings: readonly Finding[]): Task {
  const words = findings.map(({ what }) => what).join(" ");
  return findings.every(({ code }) => notes.has(code))
    ? { label, hint: `It opens and its data map is read. ${words}`, state: "kept", word: "In place, with a note" }
    : wrong(label, words);
}

const mostWorkspaces = 1000;

/** Workspaces are found in the sealed ledger; the newest entry of each must name an owner. */
async function owners(desk: Desk): Promise<Task> {
  const label = "Owner contacts";
  const workspaces = await workspaceIds(desk);
  if (workspaces.length === 0)
    return wrong(label, "No customer workspace is registered yet: nobody can be told. Add workspaces to the set-up file and apply it.");
  const entries = await Promise.all(workspaces.slice(0, mostWorkspaces).map((id) => findWorkspace(desk, id)));
  const without = entries.filter((entry) => entry === undefined || entry.owners.length === 0).length;
  return without === 0
    ? good(label, `Every registered workspace (${workspaces.length.toLocaleString("en")}) has an owner to tell.`)
    : wrong(label, `Workspaces without an owner to tell: ${without}. Add one for each.`);
}

async function workspaceIds(desk: Desk): Promise<readonly string[]> {
  const ids = new Set<string>();
  for (let from = 0; ; from += 2000) {
    const facts = await desk.ports.ledger.readSealed(desk.id, from, 2000);
    for (const { stream } of facts) if (stream.startsWith("workspace:")) ids.add(stream.slice("workspace:".length));
    if (facts.length < 2000 || ids.size >= mostWorkspaces) return [...ids];
  }
}

function packs({ policy, laws }: Desk): Task {
  return good("Policy and law", `In force: ${[...policy.versions, ...laws.map(({ pack }) => `${pack.id}@${pack.version}`)].join(", ")}.`);
}

const admission = z.object({
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "Enter an id of letters, digits, dots, dashes and underscores"),
  name: z.string().min(1, "Enter the person's name").max(300),
  email: z.email("Enter an e-mail address such as ana@example.org").max(254),
  roles: z.array(z.enum(["analyst", "counsel", "approver", "auditor", "admin"])).min(1, "Choose at least one role"),
});

export async function admit(c: WebContext) {
  if (!isAdmin(c)) return notYours(c);
  const desk = c.get("desk");
  const values = await formValues(c);
  const parsed = admission.safeParse({ id: values.one("id"), name: values.one("name"), email: values.one("email"), roles: values.many("roles") });
  if (!parsed.success)
    return setUpFrame(c, { values, errors: parsed.error.issues.map(({ path, message }) => ({ field: String(path[0] ?? "id"), text: message })) });
  const isKnown = (await findStaff(desk, parsed.data.id)) !== undefined;
  if ((await admitStaff(desk.ports, desk.id, staffActor(getStaff(c)).by, parsed.data)) !== "recorded")
    return setUpFrame(c, {
      values,
      errors: [{ field: "email", text: "This mailbox or id already belongs to another member of staff. One person has one entry" }],
    });
  c.get("web").nudge();
  return setUpFrame(c, {
    values: noValues,
    errors: [],
    alert: (
      <Banner kind="done" title={isKnown ? "The person's entry was renewed." : "The person was admitted."}>
        {await linkFor(desk, parsed.data.id, staffActor(getStaff(c)).by)}
      </Banner>
    ),
  });
}

export async function offerLink(c: WebContext) {
  if (!isAdmin(c)) return notYours(c);
  const values = await formValues(c);
  const link = await linkFor(c.get("desk"), values.one("staff"), staffActor(getStaff(c)).by);
  if (link === undefined) return setUpFrame(c, { values, errors: [{ field: "staff", text: "Nobody has this id. Admit the person first" }] });
  return setUpFrame(c, {
    values: noValues,
    errors: [],
    alert: (
      <Banner kind="done" title="The link is ready.">
        {link}
      </Banner>
    ),
  });
}

/** Shown once, to the admin: who holds it signs in as that person. So nobody gets one here for a person who approves: two approvals would be one. */
async function linkFor(desk: Desk, staff: string, by: Actor): Promise<Child | undefined> {
  const person = await findStaff(desk, staff);
  if (person?.roles.includes("approver") === true && by !== `staff:${staff}`)
    return (
      <p>
        This person approves releases. Their link is made in the terminal, <code>portcullis staff link {staff}</code>, so that nobody can approve in somebody
        else's name.
      </p>
    );
  const link = await offerStaffLink(desk, staff, by);
  return link === undefined ? undefined : (
    <p>
      Give this link to the person; it works once, for 15 minutes: <Copyable id="link" label="One-time link" value={link} />
    </p>
  );
}
