// Lets an auditor in with a one-time link: opening the link shows a button, and only the button spends it.
import { findStaff, type Staff } from "../../app/directory.ts";
import { findSession, spendStaffLink, tokenDigest } from "../../app/sign-in.ts";
import { Button, Field } from "../look/forms.tsx";
import { Prose } from "../look/page.tsx";
import { Banner } from "../look/records.tsx";
import { endSession, formText, frame, sessionSecret, setSession, type WebContext } from "../web.tsx";

const sessionHours = 12;
const place = "/auditor";

/** The signed-in member of staff, if that is an auditor. */
export async function signedInAuditor(c: WebContext): Promise<Staff | undefined> {
  const secret = sessionSecret(c, "auditor");
  const staff = secret === undefined ? undefined : await findSession(c.get("desk"), secret);
  return staff?.roles.includes("auditor") === true ? staff : undefined;
}

/** Says how to get in. Nothing of the record is on this page. */
export function signInPage(c: WebContext, status: 200 | 401 | 410 | 422 = 200, problem?: string) {
  return frame(
    c,
    {
      title: "Sign in to read the record",
      face: "auditor",
      navigation: [],
      ...(problem === undefined ? {} : { alert: <Banner kind="stop" title={problem} /> }),
      children: (
        <>
          <Prose>
            <p>These pages are for auditors of this desk. There is no password: you get in with a one-time link, good for fifteen minutes.</p>
            <p>
              Ask the desk's administrator for one. The administrator makes it with <code>portcullis staff link YOUR-ID --data DIR</code> and hands it to you.
              You need the role of auditor.
            </p>
          </Prose>
          <form method="post" action={`${place}/sign-in`}>
            <Field id="link" name="link" label="Your one-time link" kind="text" autocomplete="off" hint="Paste the whole link. It works once." />
            <Button label="Sign in" />
          </form>
          <p>
            Everybody else finds <a href="/check">what anyone can check without signing in</a>.
          </p>
        </>
      ),
    },
    status,
  );
}

/** A link pasted by hand works like a link that was opened. */
export async function pasteLink(c: WebContext) {
  const { link = "" } = await formText(c);
  const token = link.trim().split("/").at(-1) ?? "";
  return enter(c, token);
}

export async function linkPage(c: WebContext) {
  const token = c.req.param("token") ?? "";
  const standing = await standingOf(c, token);
  if (standing !== "auditor") return refuse(c, standing);
  return frame(c, {
    title: "Sign in to read the record",
    face: "auditor",
    navigation: [],
    children: (
      <form method="post" action={`${place}/sign-in/${encodeURIComponent(token)}`}>
        <Prose>
          <p>This link works once. You stay signed in for {sessionHours} hours on this device.</p>
        </Prose>
        <Button label="Sign in" />
      </form>
    ),
  });
}

export function spendLink(c: WebContext) {
  return enter(c, c.req.param("token") ?? "");
}

async function enter(c: WebContext, token: string) {
  const standing = await standingOf(c, token);
  if (standing !== "auditor") return refuse(c, standing);
  const secret = await spendStaffLink(c.get("desk"), token);
  if (secret === undefined) return refuse(c, "unknown");
  setSession(c, "auditor", secret, place, sessionHours);
  return c.redirect(place, 303);
}

/** A link of somebody who is no auditor is not spent here: it still opens the desk. */
async function standingOf(c: WebContext, token: string): Promise<"auditor" | "other-role" | "unknown"> {
  const desk = c.get("desk");
  if (!/^[A-Za-z0-9_-]{20,100}$/.test(token)) return "unknown";
  const id = await desk.ports.signIn.peek(desk.id, await tokenDigest(desk, token), "staff", desk.ports.clock.now());
  const staff = id === undefined ? undefined : await findStaff(desk, id);
  if (staff === undefined) return "unknown";
  return staff.roles.includes("auditor") ? "auditor" : "other-role";
}

function refuse(c: WebContext, standing: "other-role" | "unknown") {
  if (standing === "unknown") return signInPage(c, 410, "This link does not work: it was used, it has expired, or it is not whole. Ask for a new one.");
  return signInPage(c, 422, "This link belongs to somebody without the role of auditor. It was not used up; open it as it was sent.");
}

export async function signOut(c: WebContext) {
  await endSession(c, "auditor", place);
  return c.redirect(`${place}/sign-in`, 303);
}
