// The partner's face: what we owe, by when and why, where to report it, and receipts. One partner sees nothing of another.
import { Hono } from "hono";
import { linkLimits } from "../rate-limit.ts";
import type { WebEnv } from "../web.tsx";
import { partnerCalendar } from "./calendar.ts";
import { dutyPage } from "./duty-page.tsx";
import { owePage } from "./owe-page.tsx";
import { paperFile, paperPage, proofFile, receiptPage, recordPage } from "./record-pages.tsx";
import { reportList, reportPage, takeReport } from "./report-pages.tsx";
import { addWebhook, giveKey, removeWebhookNow, settingsPage, takeKeyBack } from "./settings-page.tsx";
import { askForLink, linkPage, signInPage, signOut, spendLink } from "./sign-in-pages.tsx";
import { importSales, salesPage, statementFile, statementPage, statementsPage } from "./statement-pages.tsx";
import { forVisit } from "./visit.tsx";

export function partnerFace(): Hono<WebEnv> {
  const face = new Hono<WebEnv>();
  const limits = linkLimits();
  face.use(async (c, next) => {
    await next();
    if (!c.res.headers.has("Cache-Control")) c.header("Cache-Control", "no-store");
  });
  face.get("/sign-in", (c) => signInPage(c));
  face.post("/sign-in", (c) => askForLink(c, limits));
  face.get("/link/:token", linkPage);
  face.post("/link/:token", spendLink);
  face.post("/sign-out", signOut);
  face.get("/subscribed/:token/calendar.ics", partnerCalendar);
  face.get("/", forVisit(owePage));
  face.get("/duty/:duty", forVisit(dutyPage));
  face.get("/report", forVisit(reportList));
  face.get("/report/:step", forVisit(reportPage));
  face.post("/report/:step", forVisit(takeReport));
  face.get("/record", forVisit(recordPage));
  face.get("/receipt/:version{[0-9]{1,9}}", forVisit(receiptPage));
  face.get("/receipt/:version{[0-9]{1,9}}/proof.json", forVisit(proofFile));
  face.get("/paper/:version{[0-9]{1,9}}", forVisit(paperPage));
  face.get("/paper/:version{[0-9]{1,9}}/file", forVisit(paperFile));
  face.get("/statements", forVisit(statementsPage));
  face.get("/statement/:statement/:file{statement\\.(?:pdf|csv)}", forVisit(statementFile));
  face.get("/statement/:statement", forVisit(statementPage));
  face.get("/sales", forVisit(salesPage));
  face.post("/sales", forVisit(importSales));
  face.get("/settings", forVisit(settingsPage));
  face.post("/settings/key", forVisit(giveKey));
  face.post("/settings/key/back", forVisit(takeKeyBack));
  face.post("/settings/webhook", forVisit(addWebhook));
  face.post("/settings/webhook/remove", forVisit(removeWebhookNow));
  return face;
}
