// The auditor's face: the whole record with its proofs, for reading. No page here holds a step of a case.
import { Hono } from "hono";
import type { WebContext, WebEnv } from "../web.tsx";
import { cancelCheck, checkPage, startCheckNow } from "./check-pages.tsx";
import { checkpointPage } from "./checkpoint-page.tsx";
import { exportFacts, exportsPage } from "./export-facts.tsx";
import { factPage, proofFile } from "./fact-page.tsx";
import { ledgerCheck, type RunningCheck } from "./ledger-check.ts";
import { ledgerPage } from "./ledger-page.tsx";
import { samplePage } from "./sample-page.tsx";
import { linkPage, pasteLink, signInPage, signedInAuditor, signOut, spendLink } from "./sign-in-pages.tsx";

export function auditorFace(): Hono<WebEnv> {
  const face = new Hono<WebEnv>();
  face.get("/sign-in", (c) => signInPage(c));
  face.post("/sign-in", pasteLink);
  face.get("/sign-in/:token", linkPage);
  face.post("/sign-in/:token", spendLink);
  face.use(auditorsOnly);
  face.post("/sign-out", signOut);
  face.get("/", ledgerPage);
  face.get("/fact/:position", factPage);
  face.get("/fact/:position/proof.json", proofFile);
  face.get("/checkpoint", checkpointPage);
  face.get("/sample", samplePage);
  face.get("/export", exportsPage);
  face.get("/export/facts.ndjson", exportFacts);
  checkRoutes(face, ledgerCheck());
  return face;
}

function checkRoutes(face: Hono<WebEnv>, check: RunningCheck): void {
  face.get("/verify", (c) => checkPage(c, check));
  face.post("/verify", (c) => startCheckNow(c, check));
  face.post("/verify/cancel", (c) => cancelCheck(c, check));
}

/** Everything behind this needs a signed-in member of staff with the auditor's role. */
async function auditorsOnly(c: WebContext, next: () => Promise<void>) {
  const staff = await signedInAuditor(c);
  if (staff === undefined) return signInPage(c, 401);
  c.set("staff", staff);
  c.header("Cache-Control", "no-store");
  await next();
  return undefined;
}
