// The public's face: what the desk promises, what it published, and how anybody checks both without asking us.
import { Hono } from "hono";
import type { WebEnv } from "../web.tsx";
import { bandsCsvFile, bandsJsonFile, bandsPage } from "./band-pages.tsx";
import { checkPage } from "./check-page.tsx";
import { lawComparePage } from "./law-compare.tsx";
import { lawListPage } from "./law-list.tsx";
import { lawPage } from "./law-page.tsx";
import { logCheckpoint, logKey, logTile } from "./log-files.ts";
import { promisesPage } from "./promises-page.tsx";
import { reportCsvFile, reportJsonFile, reportPage, reportsPage } from "./report-pages.tsx";
import { startPage } from "./start-page.tsx";
import { whatWeHoldPage } from "./what-we-hold-page.tsx";

export function publicFace(): Hono<WebEnv> {
  const face = new Hono<WebEnv>();
  face.get("/", startPage);
  face.get("/promises", promisesPage);
  face.get("/what-we-hold", whatWeHoldPage());
  face.get("/law", lawListPage);
  face.get("/law/:id", lawPage);
  face.get("/law/:id/compare", lawComparePage);
  face.get("/law/:id/:version", lawPage);
  face.get("/report", reportsPage);
  face.get("/report/:year{[0-9]{4}}", reportPage);
  face.get("/report/:year{[0-9]{4}}/report.csv", reportCsvFile);
  face.get("/report/:year{[0-9]{4}}/report.json", reportJsonFile);
  face.get("/report/:year{[0-9]{4}}/edition/:edition{[1-9][0-9]{0,3}}", reportPage);
  face.get("/report/:year{[0-9]{4}}/edition/:edition{[1-9][0-9]{0,3}}/report.csv", reportCsvFile);
  face.get("/report/:year{[0-9]{4}}/edition/:edition{[1-9][0-9]{0,3}}/report.json", reportJsonFile);
  const bands = "/report/bands/:day{[0-9]{4}-[0-9]{2}-[0-9]{2}}";
  for (const edition of [bands, `${bands}/edition/:edition{[1-9][0-9]{0,3}}`]) {
    face.get(edition, bandsPage);
    face.get(`${edition}/bands.csv`, bandsCsvFile);
    face.get(`${edition}/bands.json`, bandsJsonFile);
  }
  face.get("/check", checkPage);
  face.get("/log", (c) => c.redirect("/check", 302));
  face.get("/log/checkpoint", logCheckpoint);
  face.get("/log/key", logKey);
  face.get("/log/tile/*", logTile);
  return face;
}
