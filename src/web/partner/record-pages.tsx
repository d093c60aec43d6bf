// The partner's record: every fact, its receipt with the proof that it stands in the ledger, and the papers that went with it.
import { openPaper } from "../../app/partners.ts";
import { partnerProof } from "../../app/partner-portal.ts";
import { partnerStream } from "../../kernel/ids.ts";
import { zoneOf, type PartnerRecorded } from "../../partners/partner.ts";
import type { PartnerFact } from "../../partners/partner-facts.ts";
import { storedPaper } from "../../partners/asks.ts";
import { Button, SummaryList } from "../look/forms.tsx";
import { Moment } from "../look/moment.tsx";
import { Banner, Copyable, SealMark } from "../look/records.tsx";
import { RecordList } from "../partner-pieces.tsx";
import { PaperWords, paperResponse } from "../partner-papers.tsx";
import { factSentence } from "../partner-words.ts";
import type { WebContext } from "../web.tsx";
import { facePath, nothingHere, partnerPage, type PartnerVisit } from "./visit.tsx";

export function recordPage(c: WebContext, visit: PartnerVisit) {
  const { view } = visit;
  return partnerPage(c, {
    title: "Record",
    current: "Record",
    visit,
    children: <RecordList history={view.history} zone={zoneOf(view.history, view.at)} hrefOf={(version) => `${facePath}/receipt/${version}`} />,
  });
}

function factOf(c: WebContext, { view }: PartnerVisit) {
  const version = Number(c.req.param("version"));
  return view.history.find((each) => each.version === version);
}

/** Words of the company's own people that speak to the partner; what they note for themselves stays with the company. */
const toThePartner: readonly PartnerFact["type"][] = [
  "ObjectionMade",
  "BreachNoticed",
  "LeaveDecided",
  "ReplyConsented",
  "AuditAsked",
  "AuditHeld",
  "PaperRejected",
  "OccasionArose",
  "NoticeTaken",
  "DisputeRaised",
  "DisputeSettled",
];

function isTheirs({ by, fact }: PartnerRecorded): boolean {
  return by.startsWith("partner:") || toThePartner.includes(fact.type);
}

export async function receiptPage(c: WebContext, visit: PartnerVisit) {
  const recorded = factOf(c, visit);
  if (recorded === undefined) return nothingHere(c, visit);
  const { view } = visit;
  const { version, at, fact } = recorded;
  const desk = c.get("desk");
  const proof = await desk.ports.ledger.findProof(desk.id, partnerStream(view.partner), version);
  const isFresh = version === view.history.at(-1)?.version;
  return partnerPage(c, {
    title: `Receipt ${version}`,
    current: "Record",
    visit,
    alert: isFresh ? <Banner kind="done" title="It is on record." /> : <></>,
    children: (
      <>
        <SummaryList
          answers={[
            { label: "What", value: factSentence(fact) },
            { label: "Recorded", value: <Moment at={at} zone={zoneOf(view.history, view.at)} /> },
            { label: "Reference", value: <Copyable id="reference" label="Reference" value={`${view.partner}/${version}`} /> },
            { label: "Ledger", value: <SealMark seal={proof === undefined ? { status: "recorded" } : { status: "sealed", position: proof.position }} /> },
          ]}
        />
        <div class="actions">
          <Button kind="secondary" label="Download the proof" href={`${facePath}/receipt/${version}/proof.json`} />
          {isTheirs(recorded) ? <Button kind="secondary" label="See the words and papers" href={`${facePath}/paper/${version}`} /> : <></>}
        </div>
        <p>
          <a href={facePath}>What you owe now</a>
        </p>
      </>
    ),
  });
}

export async function proofFile(c: WebContext, visit: PartnerVisit) {
  const recorded = factOf(c, visit);
  const proof = recorded === undefined ? undefined : await partnerProof(c.get("desk"), visit.view.partner, recorded.version);
  if (proof === undefined) return nothingHere(c, visit);
  c.header("Content-Disposition", `attachment; filename="${visit.view.partner}-${recorded?.version}-proof.json"`);
  return c.json(proof);
}

export async function paperPage(c: WebContext, visit: PartnerVisit) {
  const recorded = factOf(c, visit);
  if (recorded === undefined) return nothingHere(c, visit);
  const words = isTheirs(recorded) ? await openPaper(c.get("desk"), visit.view.history, recorded.version) : undefined;
  return partnerPage(c, {
    title: `Words and papers of receipt ${recorded.version}`,
    current: "Record",
    visit,
    children: (
      <>
        <p>{factSentence(recorded.fact)}.</p>
        {isTheirs(recorded) ? <></> : <p>The company keeps its words on this to itself.</p>}
        <PaperWords words={words} fileHref={`${facePath}/paper/${recorded.version}/file`} />
        <p>
          <a href={`${facePath}/receipt/${recorded.version}`}>Back to the receipt</a>
        </p>
      </>
    ),
  });
}

export async function paperFile(c: WebContext, visit: PartnerVisit) {
  const recorded = factOf(c, visit);
  const words = recorded === undefined || !isTheirs(recorded) ? undefined : await openPaper(c.get("desk"), visit.view.history, recorded.version);
  const stored = storedPaper.safeParse((words as { readonly file?: unknown } | undefined)?.file);
  const response = stored.success ? await paperResponse(c, visit.view.partner, stored.data) : undefined;
  return response ?? nothingHere(c, visit);
}
