// One server for all faces: strict headers, same-origin posts only, calm errors, nothing about people in the log.
import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { csrf } from "hono/csrf";
import { HTTPException } from "hono/http-exception";
import { secureHeaders } from "hono/secure-headers";
import type { Installation } from "../app/installation.ts";
import { auditorFace } from "./auditor/auditor.tsx";
import { deskFace } from "./desk/desk.tsx";
import { lookAssets } from "./look/assets.ts";
import { officerFace } from "./officer/officer.tsx";
import { ownerFace } from "./owner/owner.tsx";
import { apiFace } from "./api/api.ts";
import { partnerFace } from "./partner/partner.tsx";
import { partnerWrites, rateLimit } from "./rate-limit.ts";
import { publicFace } from "./public/public.tsx";
import { setupFace } from "./setup/setup.tsx";
import { frame, registerOf, type Web, type WebContext, type WebEnv } from "./web.tsx";

export interface WebSettings {
  readonly installation: Installation;
  readonly isSecure: boolean;
  readonly rehearsal: boolean;
  readonly nudge: () => void;
  /** Secret of the first-run set-up page; absent once the desk is set up. */
  readonly setUpToken?: string;
  /** Ids and counts only. */
  readonly log: (entry: { readonly reference: string; readonly method: string; readonly route: string; readonly error: unknown }) => void;
}

/** Papers come in through few forms; every other post is words. */
const largestPapers = 80 * 1024 * 1024;
const largestWords = 2 * 1024 * 1024;
const papersPath = "/officer/request/send";
/** Steps of the partner program may carry a paper or a sales ledger. */
const partnerPapers = /^\/(partner\/(report\/\w+|sales)|desk\/partners\/[\w-]+\/step\/\w+|api\/partner\/sales)$/;

export function createWeb(settings: WebSettings): Hono<WebEnv> {
  const web: Web = {
    installation: settings.installation,
    register: registerOf(settings.installation),
    isSecure: settings.isSecure,
    rehearsal: settings.rehearsal,
    nudge: settings.nudge,
    partnerWrites: rateLimit(partnerWrites),
  };
  const app = new Hono<WebEnv>();
  app.use(async (c, next) => {
    c.set("web", web);
    await next();
  });
  app.use(headers(settings.isSecure));
  // The API knows its caller by a header that no browser sends by itself.
  const sameOrigin = csrf();
  app.use((c, next) => (isApi(c.req.path) ? next() : sameOrigin(c, next)));
  const limited = (maxSize: number) => bodyLimit({ maxSize, onError: (c) => tooLarge(c as WebContext) });
  const [papers, words] = [limited(largestPapers), limited(largestWords)];
  app.use((c, next) => (isUnmeasured(c) ? Promise.resolve(unmeasured(c)) : next()));
  app.use((c, next) => (c.req.path === papersPath || partnerPapers.test(c.req.path) ? papers(c, next) : words(c, next)));
  app.get("/look/*", (c) => asset(c));
  app.use(async (c, next) => {
    const desk = await settings.installation.desk();
    if (desk !== undefined) c.set("desk", desk);
    else if (!c.req.path.startsWith("/set-up") && !c.req.path.startsWith("/api")) return notSetUp(c);
    await next();
    return undefined;
  });
  app.route("/set-up", setupFace(settings.setUpToken));
  app.route("/desk", deskFace());
  app.route("/officer", officerFace());
  app.route("/owner", ownerFace());
  app.route("/partner", partnerFace());
  app.route("/api", apiFace());
  app.route("/auditor", auditorFace());
  app.route("/", publicFace());
  app.notFound((c) =>
    frame(
      c,
      {
        title: "There is nothing here",
        face: "public",
        navigation: [],
        children: (
          <p>
            The address may be mistyped, or the page belongs to somebody else. <a href="/">Go to the start</a>.
          </p>
        ),
      },
      404,
    ),
  );
  app.onError((error, c) => failed(error, c, settings));
  return app;
}

function headers(isSecure: boolean) {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      fontSrc: ["'self'"],
      imgSrc: ["'self'", "data:"],
      scriptSrc: ["'self'"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
    referrerPolicy: "no-referrer",
    xFrameOptions: "DENY",
    crossOriginOpenerPolicy: "same-origin",
    crossOriginResourcePolicy: "same-origin",
    strictTransportSecurity: isSecure ? "max-age=63072000; includeSubDomains" : false,
    permissionsPolicy: { camera: [], microphone: [], geolocation: [], publickeyCredentialsGet: ["self"] },
  });
}

function asset(c: WebContext) {
  const found = lookAssets.get(c.req.path);
  if (found === undefined) return c.notFound();
  c.header("Content-Type", found.type);
  c.header("Cache-Control", c.req.query("v") === undefined ? "no-cache" : "public, max-age=31536000, immutable");
  return c.body(Readable.toWeb(createReadStream(found.file)) as ReadableStream);
}

const isApi = (path: string): boolean => path.startsWith("/api/");

/** A body whose length nobody says would be held in memory to its limit before anybody is asked who they are. */
function isUnmeasured(c: WebContext): boolean {
  return partnerPapers.test(c.req.path) && c.req.method === "POST" && c.req.header("content-length") === undefined;
}

function unmeasured(c: WebContext) {
  return c.json({ ok: false, reasons: [{ clause: "INPUT", code: "NO_LENGTH", because: "Say how long the body is with a Content-Length header." }] }, 411);
}

function tooLarge(c: WebContext) {
  if (isApi(c.req.path))
    return c.json({ ok: false, reasons: [{ clause: "INPUT", code: "TOO_LARGE", because: "The body is larger than this address takes." }] }, 413);
  return frame(
    c,
    {
      title: "That is too large",
      face: "public",
      navigation: [],
      children: <p>One submission may hold 80 MB. Send the rest in a second one, or by e-mail.</p>,
    },
    413,
  );
}

function notSetUp(c: WebContext) {
  return frame(
    c,
    {
      title: "This desk is not set up yet",
      face: "setup",
      navigation: [],
      children: <p>The terminal in which it was started shows a one-time link to the set-up page.</p>,
    },
    503,
  );
}

function failed(error: unknown, c: WebContext, { log }: WebSettings) {
  if (error instanceof HTTPException && error.status === 403)
    return frame(
      c,
      {
        title: "This form came from somewhere else",
        face: "public",
        navigation: [],
        children: <p>Forms are taken only from this desk's own pages. Open the page here and send it again.</p>,
      },
      403,
    );
  const reference = randomBytes(5).toString("hex");
  log({ reference, method: c.req.method, route: c.req.routePath, error });
  if (isApi(c.req.path))
    return c.json(
      {
        ok: false,
        reasons: [{ clause: "INPUT", code: "FAILED", because: `Something went wrong on our side. Nothing was half done. Reference: ${reference}.` }],
      },
      500,
    );
  return frame(
    c,
    {
      title: "Something went wrong on our side",
      face: "public",
      navigation: [],
      children: (
        <p>
          Nothing was half done. Try again in a minute. If it goes on, give the desk this reference: <strong>{reference}</strong>.
        </p>
      ),
    },
    500,
  );
}
