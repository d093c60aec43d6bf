// The owner's face: a letter about a legal request for their workspace, and the two answers they can give.
import { Hono } from "hono";
import { handle } from "../../app/handle.ts";
import { findOwnerVisit, openCopy, openOwnerVisit, ownerSessionHours, readCaseNumber, type OwnerVisit } from "../../app/portal.ts";
import { Button } from "../look/forms.tsx";
import { Prose } from "../look/page.tsx";
import { formText, sessionSecret, setSession, type WebContext, type WebEnv } from "../web.tsx";
import { letterPage } from "./letter.tsx";
import { longestObjection, ownerActor, ownerPage } from "./owner-page.tsx";

const facePath = "/owner";

export function ownerFace(): Hono<WebEnv> {
  const face = new Hono<WebEnv>();
  face.use(async (c, next) => {
    await next();
    c.header("Cache-Control", "no-store");
  });
  face.get(
    "/:case",
    forVisit((c, visit) => letterPage(c, visit)),
  );
  face.post("/:case", forVisit(answer));
  face.get("/:case/copy/:number", forVisit(copyFile));
  face.get("/:case/:token", doorPage);
  face.post("/:case/:token", enter);
  return face;
}

/** Says the same whether the link is right or not: nothing is looked up before the button. */
function doorPage(c: WebContext) {
  if (readCaseNumber(c.req.param("case") ?? "") === undefined) return wrongLink(c);
  return ownerPage(
    c,
    "A message about a legal request",
    <form method="post">
      <Prose>
        <p>
          {c.get("desk").profile.legalEntity} has a message for you about a legal request for data of your workspace. It is for the person who answers for the
          workspace.
        </p>
      </Prose>
      <div class="actions">
        <Button label="Read the message" />
      </div>
    </form>,
  );
}

async function enter(c: WebContext) {
  const caseId = readCaseNumber(c.req.param("case") ?? "");
  const secret = caseId === undefined ? undefined : await openOwnerVisit(c.get("desk"), caseId, c.req.param("token") ?? "");
  if (secret === undefined) return wrongLink(c);
  setSession(c, "owner", secret, facePath, ownerSessionHours);
  return c.redirect(`${facePath}/${caseId}`, 303);
}

function wrongLink(c: WebContext) {
  const mailbox = c.get("desk").profile.mailboxes[0] ?? "";
  return ownerPage(c, "This link opens nothing", <p>Copy the whole link from our letter. If it still does not work, write to {mailbox}.</p>, 404);
}

function forVisit(show: (c: WebContext, visit: OwnerVisit) => Promise<Response> | Response) {
  return async (c: WebContext): Promise<Response> => {
    const secret = sessionSecret(c, "owner");
    const visit = secret === undefined ? undefined : await findOwnerVisit(c.get("desk"), c.req.param("case") ?? "", secret);
    return visit === undefined ? openLetterFirst(c) : show(c, visit);
  };
}

function openLetterFirst(c: WebContext) {
  return ownerPage(
    c,
    "Open the link in our letter",
    <p>This page opens with the link in the letter that we sent to you. Your visit ends after {ownerSessionHours} hours; the link opens a new one.</p>,
    401,
  );
}

async function copyFile(c: WebContext, visit: OwnerVisit) {
  const number = Number(c.req.param("number"));
  const content = Number.isSafeInteger(number) ? await openCopy(c.get("desk"), visit, number) : undefined;
  if (content === undefined) return ownerPage(c, "There is no such paper", <p>Go back to our letter: it lists the papers that you can read.</p>, 404);
  return c.body(ReadableStream.from(content) as ReadableStream, 200, {
    "Content-Type": "application/pdf",
    "Content-Disposition": `attachment; filename="${visit.caseId}-paper-${number}.pdf"`,
    "X-Content-Type-Options": "nosniff",
  });
}

async function answer(c: WebContext, visit: OwnerVisit) {
  const form = await formText(c);
  const text = (form["text"] ?? "").toWellFormed().trim();
  if (form["answer"] === "object" && text.length > longestObjection) return letterPage(c, visit, { text, tooLong: true });
  const command =
    form["answer"] === "object" ? { type: "OwnerObjects", private: { text } } : form["answer"] === "ourselves" ? { type: "OwnerAnswersItself" } : undefined;
  if (command === undefined) return letterPage(c, visit);
  const handled = await handle(c.get("desk"), { caseId: visit.caseId, by: ownerActor(visit), askers: ["owner"], command });
  if (handled.kind === "refused") return letterPage(c, visit, { text, reasons: handled.reasons });
  c.get("web").nudge();
  return c.redirect(`${facePath}/${visit.caseId}`, 303);
}
