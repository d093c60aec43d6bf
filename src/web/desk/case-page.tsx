// One case, in the order in which a reviewer thinks: the gate, the lines, what is missing, the clocks, people, letters, steps, what happened, the paper.
import { findStep } from "../../app/steps.ts";
import type { CaseView } from "../../app/case-view.ts";
import { Clock } from "../look/clock.tsx";
import { AskedReachedProduced, type RequestLine, type Stage } from "../look/evidence.tsx";
import { Reasons, SummaryList } from "../look/forms.tsx";
import { Gate, type GateBar } from "../look/gate.tsx";
import { Moment } from "../look/moment.tsx";
import { Banner, EmptyState } from "../look/records.tsx";
import type { WebContext } from "../web.tsx";
import { Challenges } from "./case-challenges.tsx";
import { Forms } from "./case-forms.tsx";
import { Keeping } from "./keeping.tsx";
import { KeptElsewhere } from "./kept-elsewhere.tsx";
import { Gags } from "./case-gags.tsx";
import { OpenPoints, PaperLaw, Verdicts, Worksheet } from "./case-law.tsx";
import { Letters } from "./case-letters.tsx";
import { LaterMessages, Message } from "./case-message.tsx";
import { Checks, People } from "./case-people.tsx";
import { NextSteps } from "./case-steps.tsx";
import { CaseTimeline, sealedUpTo } from "./case-timeline.tsx";
import { doorWords, outcomeWords, stageWords } from "./case-words.ts";
import { deskFrame, noSuchCase } from "./desk-frame.tsx";
import { withCitations } from "./law-citations.ts";
import { caseTitle, openCase } from "./open-case.ts";

export async function casePage(c: WebContext) {
  const opened = await openCase(c);
  if (opened === undefined) return noSuchCase(c);
  const { view } = opened;
  const desk = c.get("desk");
  const register = withCitations(c.get("web").register, desk.laws);
  const done = findStep(c.req.query("done") ?? "");
  return deskFrame(c, {
    title: caseTitle(view, "Case"),
    ...(done === undefined ? {} : { alert: <Banner kind="done" title={`${done.label}: recorded.`} /> }),
    children: (
      <>
        <Where view={view} zone={desk.zone} />
        <Gate
          bars={view.gate.bars.map(gateBar)}
          register={register}
          {...(view.gate.open && opened.release.against.length === 0 ? { releaseHref: `/desk/case/${view.caseId}/release` } : {})}
        />
        <h2 id="lines">Lines</h2>
        <Lines view={view} register={register} />
        <Verdicts view={view} register={register} />
        {view.missing.length === 0 ? <></> : <Missing view={view} register={register} />}
        <Forms view={view} />
        <OpenPoints view={view} desk={desk} register={register} />
        <PaperLaw view={view} register={register} />
        <Worksheet view={view} />
        <Challenges view={view} zone={desk.zone} />
        <h2 id="clocks">Clocks</h2>
        {view.clocks.length === 0 ? (
          <EmptyState title="No clock runs">Clocks start when details are confirmed, notice is given or an order is recorded.</EmptyState>
        ) : (
          <></>
        )}
        {view.clocks.map((clock) => (
          <Clock {...clock} {...(isOver(clock) ? { stoppedAt: clock.dueAt } : {})} now={desk.ports.clock.now()} zone={desk.zone} register={register} />
        ))}
        <Keeping view={view} desk={desk} />
        <KeptElsewhere opened={opened} />
        <Gags view={view} desk={desk} />
        <h2 id="people">People and evidence</h2>
        <People view={view} desk={desk} register={register} />
        <Checks view={view} register={register} />
        <h2 id="letters">Letters</h2>
        <Letters view={view} desk={desk} />
        <h2 id="steps">Next steps</h2>
        <NextSteps opened={opened} register={register} />
        <h2 id="timeline">What happened</h2>
        <CaseTimeline view={view} zone={desk.zone} sealedTo={await sealedUpTo(desk, view)} />
        <h2 id="message">The message as it was read</h2>
        <Message view={view} />
        <LaterMessages view={view} zone={desk.zone} />
      </>
    ),
  });
}

/** The customer's time was kept when it had run out, not when somebody looks. */
function isOver({ id, state }: CaseView["clocks"][number]): boolean {
  return state === "kept" && id.startsWith("waiting:");
}

function gateBar({ id, label, clause, reasons }: CaseView["gate"]["bars"][number]): GateBar {
  const [first, ...rest] = reasons;
  const more = rest.length === 0 ? "" : ` ${rest.map(({ because }) => because).join(" ")}`;
  return {
    id,
    label,
    met: first === undefined,
    held: isWaiting(reasons),
    ...(first === undefined ? {} : { because: `${first.because}${more}` }),
    clause: first?.clause ?? clause,
  };
}

/** Nobody can hurry these: a waiting time runs, a letter is under way, or somebody outside must answer. */
const waitingCodes = new Set(["NOTICE_WAITING", "NOTICE_NOT_SENT", "CHALLENGE_PENDING", "OWNER_ANSWERS"]);

function isWaiting(reasons: CaseView["gate"]["reasons"]): boolean {
  return reasons.length > 0 && reasons.every(({ code }) => waitingCodes.has(code));
}

function Where({ view, zone }: { readonly view: CaseView; readonly zone: string }) {
  const outcome = view.outcome === undefined ? "" : `, ${outcomeWords[view.outcome] ?? view.outcome}`;
  return (
    <SummaryList
      answers={[
        { label: "Stage", value: `${stageWords[view.stage] ?? view.stage}${outcome}` },
        {
          label: "Received",
          value: (
            <span>
              <Moment at={view.receivedAt} zone={zone} />
              {`, ${doorWords[view.door] ?? view.door}${view.duplicates === 0 ? "" : `; ${view.duplicates} more of the same kept`}`}
            </span>
          ),
        },
        ...(view.secret ? [{ label: "Secrecy", value: "A secrecy order binds: lists, titles and mail show the number only." }] : []),
        ...(view.release.released ? [{ label: "Package", value: `Records released: ${recordCount(view)}; downloads: ${view.release.downloads}` }] : []),
        { label: "Rules on the day of service", value: view.packs.join(", ") },
      ]}
    />
  );
}

function recordCount({ release }: CaseView): string {
  return Object.values(release.records)
    .reduce((sum, n) => sum + n, 0)
    .toLocaleString("en");
}

type Register = Parameters<typeof Reasons>[0]["register"];

function Lines({ view, register }: { readonly view: CaseView; readonly register: Register }) {
  if (view.lines.length === 0)
    return (
      <EmptyState title="No line has been read">
        Nothing in the message names an account and a type of data. Read it below and confirm the details by hand.
      </EmptyState>
    );
  return (
    <>
      {view.details === "proposed" ? <Banner kind="caution" title="Proposed from the text: nobody has confirmed these lines yet." /> : <></>}
      <AskedReachedProduced lines={view.lines.map((line) => lineRow(line, view))} register={register} />
    </>
  );
}

function lineRow(line: CaseView["lines"][number], view: CaseView): RequestLine {
  return { line: line.id, asked: line.words, reached: reached(line), produced: produced(line, view) };
}

function reached({ decision, reasons, citation, words }: CaseView["lines"][number]): Stage {
  if (decision === "allow") return { kind: "kept", text: `Reached${citation === "" ? "" : ` (${citation})`}` };
  if (decision === "deny") return { kind: "fell", text: words, reasons };
  return { kind: "open", text: decision === "ask" ? "Cannot be told yet" : "Counsel decides", reasons };
}

function produced(line: CaseView["lines"][number], { release }: CaseView): Stage {
  if (line.decision !== "allow") return line.decision === "deny" ? { kind: "kept", text: "Nothing leaves" } : { kind: "pending" };
  if (!release.released) return { kind: "pending" };
  const records = release.records[line.dataType] ?? 0;
  return { kind: "kept", text: records === 0 ? "Nothing is held" : `Records of this type: ${records.toLocaleString("en")}` };
}

function Missing({ view, register }: { readonly view: CaseView; readonly register: Register }) {
  return (
    <>
      <h2 id="missing">What is missing</h2>
      <Reasons reasons={view.missing.map(({ ask, clause }) => ({ because: ask, clause }))} register={register} />
    </>
  );
}
