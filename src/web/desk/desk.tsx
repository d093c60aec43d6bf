// The desk's face: where analysts, counsel and approvers work. Nothing here decides; every step is asked of the desk's logic.
import { certificatePage, keepNow, keepPage } from "./keeping.tsx";
import { answerFromCopy, keptElsewherePage } from "./kept-elsewhere.tsx";
import { letterPage } from "./case-letters.tsx";
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { endSession, signedInStaff, staffActor, type WebContext, type WebEnv } from "../web.tsx";
import { calendarFile, subscribedCalendar } from "./calendar-file.ts";
import { calendarPage, offerLink as offerCalendarLink, revokeLink as revokeCalendarLink } from "./calendar-page.tsx";
import { casePage } from "./case-page.tsx";
import { addApprovalKey, approvalMaterialFile, approveNow, approvePage } from "./approval-page.tsx";
import { bundleOf, deskAssets } from "./desk-assets.ts";
import { getStaff, notForTheirRole } from "./desk-frame.tsx";
import { confirmDetails, confirmDetailsPage } from "./details-page.tsx";
import { gagsPage } from "./gags-page.tsx";
import { addPasskeyAnswer, passkeyOptions, passkeysPage, signInOptions, signInWithPasskeyAnswer } from "./passkeys-page.tsx";
import { directAccessPage, recordAccess, recordTold } from "./direct-access-page.tsx";
import { partnersPage } from "./partners-page.tsx";
import { partnersCalendar, subscribedPartnersCalendar } from "./partners-calendar.ts";
import {
  newPartnerPage,
  partnerAnnexPage,
  partnerDutyPage,
  partnerFactFile,
  partnerFactPage,
  partnerFactProof,
  partnerLink,
  partnerRecordPage,
  partnerStatementFile,
  partnerStatementPage,
  partnerStepPage,
  registerNow,
  takePartnerStepNow,
} from "./partner-page.tsx";
import { checkPlan, deskStepPage, giveUpHalf, planPage, stopWork, takeDeskStep, workPage } from "./production-page.tsx";
import { changePaper, paperImage, paperPage } from "./paper-page.tsx";
import { changeRedactions, redactionsPage } from "./redactions-page.tsx";
import { proofPage } from "./proof-page.tsx";
import { queuePage } from "./queue-page.tsx";
import { downloadDsaOrders, downloadStatistics, publish, publishTheBands, reportPage } from "./report-page.tsx";
import { admit, offerLink, setUpPage } from "./set-up-page.tsx";
import { signInPage, signInWithLink, signInWithLinkPage } from "./sign-in-page.tsx";
import { stepPage, takeStep } from "./step-page.tsx";

export function deskFace(): Hono<WebEnv> {
  const face = new Hono<WebEnv>();
  face.get("/assets/*", asset);
  face.get("/sign-in", signInPage);
  face.post("/sign-in/passkey/options", signInOptions);
  face.post("/sign-in/passkey/verify", signInWithPasskeyAnswer);
  face.get("/sign-in/:token", signInWithLinkPage);
  face.post("/sign-in/:token", signInWithLink);
  face.post("/sign-out", signOut);
  face.get("/subscribed/:token/calendar.ics", subscribedCalendar);
  face.get("/subscribed/:token/partners.ics", subscribedPartnersCalendar);
  face.use(onlySignedIn);
  face.get("/passkeys", passkeysPage);
  face.post("/passkeys/options", passkeyOptions);
  face.post("/passkeys/verify", addPasskeyAnswer);
  face.post("/passkeys/approval-key", addApprovalKey);
  face.use(onlyDeskRoles);
  face.get("/", queuePage);
  face.get("/calendar", calendarPage);
  face.get("/calendar.ics", calendarFile);
  face.post("/calendar/link", offerCalendarLink);
  face.post("/calendar/link/revoke", revokeCalendarLink);
  face.get("/gags", gagsPage);
  face.get("/case/:id", casePage);
  face.get("/case/:id/proof/:version{[0-9]+}", proofPage);
  face.get("/case/:id/letter/:letter", letterPage);
  face.get("/case/:id/plan", planPage);
  face.post("/case/:id/plan", checkPlan);
  face.get("/case/:id/keep", keepPage);
  face.post("/case/:id/keep", keepNow);
  face.get("/case/:id/kept/:preservation", certificatePage);
  face.get("/case/:id/kept-elsewhere", keptElsewherePage);
  face.post("/case/:id/kept-elsewhere", answerFromCopy);
  face.get("/case/:id/approve", approvePage);
  face.get("/case/:id/approve/material", approvalMaterialFile);
  face.post("/case/:id/approve", approveNow);
  face.get("/case/:id/redactions", redactionsPage);
  face.post("/case/:id/redactions", changeRedactions);
  face.get("/case/:id/redactions/:paper", paperPage);
  face.post("/case/:id/redactions/:paper", changePaper);
  face.get("/case/:id/redactions/:paper/page/:page{[0-9]{1,5}}/:as{(?:original|redacted)\\.png}", paperImage);
  face.get("/case/:id/:act{seal|release|renew}", deskStepPage);
  face.post("/case/:id/:act{seal|release|renew}", takeDeskStep);
  face.get("/case/:id/work/:kind{check|seal}", workPage);
  face.post("/case/:id/work/:kind{check|seal}/stop", stopWork);
  face.post("/case/:id/work/seal/give-up", giveUpHalf);
  face.get("/case/:id/step/ConfirmDetails", confirmDetailsPage);
  face.post("/case/:id/step/ConfirmDetails", confirmDetails);
  face.get("/case/:id/step/:step", stepPage);
  face.post("/case/:id/step/:step", takeStep);
  face.get("/direct-access", (c) => directAccessPage(c));
  face.post("/direct-access", recordAccess);
  face.post("/direct-access/told", recordTold);
  face.get("/partners", partnersPage);
  face.get("/partners/calendar.ics", partnersCalendar);
  face.get("/partners/new", newPartnerPage);
  face.post("/partners/new", registerNow);
  face.get("/partners/:partner", partnerRecordPage);
  face.get("/partners/:partner/annex", partnerAnnexPage);
  face.get("/partners/:partner/duty/:duty", partnerDutyPage);
  face.get("/partners/:partner/step/:step", partnerStepPage);
  face.post("/partners/:partner/step/:step", takePartnerStepNow);
  face.post("/partners/:partner/link", partnerLink);
  face.get("/partners/:partner/fact/:version{[0-9]{1,9}}", partnerFactPage);
  face.get("/partners/:partner/fact/:version{[0-9]{1,9}}/file", partnerFactFile);
  face.get("/partners/:partner/fact/:version{[0-9]{1,9}}/proof.json", partnerFactProof);
  face.get("/partners/:partner/statement/:statement", partnerStatementPage);
  face.get("/partners/:partner/statement/:statement/:file{statement\\.(?:pdf|csv)}", partnerStatementFile);
  face.get("/set-up", setUpPage);
  face.post("/set-up/staff", admit);
  face.post("/set-up/link", offerLink);
  face.get("/report", reportPage);
  face.post("/report", publish);
  face.post("/report/bands", publishTheBands);
  face.get("/report/:year{20[0-9]{2}}/e-evidence.csv", downloadStatistics);
  face.get("/report/:year{20[0-9]{2}}/dsa-orders.csv", downloadDsaOrders);
  return face;
}

async function asset(c: WebContext) {
  const found = deskAssets.get(c.req.path.replace(/^\/desk\/assets\//, ""));
  if (found === undefined) return c.notFound();
  c.header("Content-Type", found.type);
  c.header("Cache-Control", "no-cache");
  if (found.bundled === true) return c.body(await bundleOf(found.file));
  return c.body(Readable.toWeb(createReadStream(found.file)) as ReadableStream);
}

const onlySignedIn = createMiddleware<WebEnv>(async (c, next) => {
  const staff = await signedInStaff(c);
  if (staff === undefined) return c.redirect("/desk/sign-in", 303);
  c.set("staff", staff);
  c.header("Cache-Control", "no-store");
  await next();
  return undefined;
});

/** An auditor reads another face: here steps are taken. An admin without another role sets up, and sees no case. */
const onlyDeskRoles = createMiddleware<WebEnv>(async (c, next) => {
  const staff = getStaff(c);
  const isSetUp = c.req.path === "/desk/set-up" || c.req.path.startsWith("/desk/set-up/");
  if (staffActor(staff).askers.length === 0 && !(staff.roles.includes("admin") && isSetUp)) {
    if (staff.roles.includes("admin") && c.req.path === "/desk") return c.redirect("/desk/set-up", 303);
    return notForTheirRole(c);
  }
  await next();
  return undefined;
});

async function signOut(c: WebContext) {
  await endSession(c, "desk", "/desk");
  return c.redirect("/desk/sign-in", 303);
}
