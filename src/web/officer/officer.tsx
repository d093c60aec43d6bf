// The officer's face: prove the mailbox, send a request, follow it, answer us, and fetch what was produced.
import { Hono } from "hono";
import type { WebEnv } from "../web.tsx";
import {
  answerReferral,
  attestRecall,
  casePage,
  checkpointFile,
  forOwnCase,
  lookUp,
  lookUpPage,
  proofFile,
  receiptPage,
  withdraw,
  withdrawPage,
} from "./case.tsx";
import { downloadPage, fetchProduction, productionFile, receiptFile } from "./download.tsx";
import { linkLimits } from "../rate-limit.ts";
import { askForLink, linkPage, mailboxPage, signOut, spendLink, startPage } from "./mailbox.tsx";
import { moveOn, openForm } from "./request-form.tsx";
import { sendRequest, submissionLimit } from "./send-request.ts";

export function officerFace(): Hono<WebEnv> {
  const face = new Hono<WebEnv>();
  const links = linkLimits();
  const submissions = submissionLimit();
  face.use(async (c, next) => {
    await next();
    if (!c.res.headers.has("Cache-Control")) c.header("Cache-Control", "no-store");
  });
  face.get("/", startPage);
  face.get("/mailbox", (c) => mailboxPage(c));
  face.post("/mailbox", (c) => askForLink(c, links));
  face.get("/link/:token", linkPage);
  face.post("/link/:token", spendLink);
  face.post("/sign-out", signOut);
  face.get("/request", openForm);
  face.post("/request", moveOn);
  face.post("/request/send", (c) => sendRequest(c, submissions));
  face.get("/cases", (c) => lookUpPage(c));
  face.post("/cases", lookUp);
  face.get(
    "/case/:id",
    forOwnCase((c, visit) => casePage(c, visit)),
  );
  face.get("/case/:id/receipt", forOwnCase(receiptPage));
  face.get("/case/:id/proof.json", forOwnCase(proofFile));
  face.get("/case/:id/checkpoint.txt", forOwnCase(checkpointFile));
  face.get("/case/:id/withdraw", forOwnCase(withdrawPage));
  face.post("/case/:id/withdraw", forOwnCase(withdraw));
  face.post("/case/:id/referral", forOwnCase(answerReferral));
  face.post("/case/:id/recall", forOwnCase(attestRecall));
  face.get("/:case/download/:token", downloadPage);
  face.post("/:case/download/:token", fetchProduction);
  face.get("/:case/download/:token/file/:ticket", productionFile);
  face.get("/:case/download/:token/receipt.json", receiptFile);
  return face;
}
