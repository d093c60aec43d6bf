// What every face of the desk shares: who is asking, the page frame, how a refusal and an error look.
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { Child } from "hono/jsx";
import { askersOf } from "../app/permissions.ts";
import type { Desk } from "../app/desk.ts";
import type { Staff } from "../app/directory.ts";
import type { Installation } from "../app/installation.ts";
import { closeSession, findSession } from "../app/sign-in.ts";
import type { Actor } from "../kernel/ids.ts";
import type { Reason } from "../kernel/outcome.ts";
import { clauseRegister } from "../policy/clause-register.ts";
import type { Asker } from "../requests/decision.ts";
import type { ClauseRegister } from "./look/clause-chip.tsx";
import type { RateLimit } from "./rate-limit.ts";
import { Page, type PageProps } from "./look/page.tsx";
import { Reasons } from "./look/forms.tsx";
import { Banner } from "./look/records.tsx";

/** What the HTTP layer gives every page. */
export interface Web {
  readonly installation: Installation;
  /** Clauses and checks that chips explain. */
  readonly register: ClauseRegister;
  /** False when plain HTTP on loopback is served: cookies then cannot be Secure. */
  readonly isSecure: boolean;
  /** Shown on every page while a rehearsal's clock runs. */
  readonly rehearsal: boolean;
  /** Asked after a command was taken, so that lists and letters follow at once. */
  readonly nudge: () => void;
  /** By partner: counted over its pages and its API alike. */
  readonly partnerWrites: RateLimit;
}

export type WebEnv = { Variables: { web: Web; desk: Desk; staff?: Staff } };
export type WebContext = Context<WebEnv>;

/** Everything a chip may have to explain: the clauses and checks of every pack on the shelf. */
export function registerOf(installation: Installation): ClauseRegister {
  let shelf = installation.shelf;
  let register = clauseRegister([...shelf.policies, ...shelf.laws, ...shelf.contracts]);
  return {
    get: (id) => {
      if (shelf !== installation.shelf) {
        shelf = installation.shelf;
        register = clauseRegister([...shelf.policies, ...shelf.laws, ...shelf.contracts]);
      }
      return register.find(id);
    },
  };
}

export interface FramedPage extends Omit<PageProps, "lang" | "dir" | "desk" | "children" | "footer"> {
  readonly children?: Child;
}

/** A page in the desk's frame. */
export function frame(c: WebContext, page: FramedPage, status: 200 | 400 | 401 | 403 | 404 | 409 | 410 | 413 | 422 | 429 | 500 | 503 = 200) {
  const desk = c.get("desk") as Desk | undefined;
  const { children, alert, ...rest } = page;
  const rehearsal = c.get("web").rehearsal ? <Banner kind="note" title="A rehearsal on invented data: its clock is set by hand." /> : undefined;
  return c.html(
    <Page
      {...rest}
      lang="en"
      dir="ltr"
      desk={desk?.profile.legalEntity}
      alert={
        <>
          {rehearsal}
          {alert}
        </>
      }
      footer={
        <p>
          Every refusal cites the clause that asks for it. <a href="/promises">All promises</a>
        </p>
      }
    >
      {children}
    </Page>,
    status,
  );
}

/** Every reason at once, with its clause: the same words as in letters, JSON and the terminal. */
export function Refusal({
  reasons,
  register,
  title = "This cannot be done yet",
}: {
  readonly reasons: readonly Reason[];
  readonly register: ClauseRegister;
  readonly title?: string;
}) {
  return (
    <Banner kind="stop" title={title}>
      <Reasons reasons={reasons} register={register} />
    </Banner>
  );
}

const cookie = "portcullis";

export function setSession(c: WebContext, name: string, secret: string, path: string, hours: number): void {
  setCookie(c, `${cookie}-${name}`, secret, {
    httpOnly: true,
    sameSite: "Strict",
    path,
    maxAge: hours * 3600,
    secure: c.get("web").isSecure || c.get("desk").profile.publicUrl?.startsWith("https:") === true,
  });
}

export function sessionSecret(c: WebContext, name: string): string | undefined {
  return getCookie(c, `${cookie}-${name}`);
}

export async function endSession(c: WebContext, name: string, path: string): Promise<void> {
  const secret = sessionSecret(c, name);
  if (secret !== undefined) await closeSession(c.get("desk"), secret);
  deleteCookie(c, `${cookie}-${name}`, { path });
}

export async function signedInStaff(c: WebContext): Promise<Staff | undefined> {
  const secret = sessionSecret(c, "desk");
  return secret === undefined ? undefined : findSession(c.get("desk"), secret);
}

export function staffActor(staff: Staff): { readonly by: Actor; readonly askers: readonly Asker[] } {
  return { by: `staff:${staff.id}` as Actor, askers: askersOf(staff.roles) };
}

/** Text fields of a form post; files are left out. Repeated names keep the last value. */
export async function formText(c: WebContext): Promise<Readonly<Record<string, string>>> {
  const body = await c.req.parseBody();
  return Object.fromEntries(Object.entries(body).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])));
}

/** Every value of a form post by name, trimmed, with line breaks as one character; files are left out. */
export interface FormValues {
  one(name: string): string;
  many(name: string): readonly string[];
}

export async function formValues(c: WebContext): Promise<FormValues> {
  const body = await c.req.parseBody({ all: true });
  const many = (name: string) => [body[name]].flat().flatMap((value) => (typeof value === "string" ? [value.replaceAll("\r\n", "\n").trim()] : []));
  return { many, one: (name) => many(name).at(-1) ?? "" };
}

export const noValues: FormValues = { one: () => "", many: () => [] };
