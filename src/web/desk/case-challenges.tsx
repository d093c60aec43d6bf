// Challenges and objections of a case: on what they rest, where they are brought, what happened, and what they won.
import type { CaseView } from "../../app/case-view.ts";
import { SummaryList, type Answer } from "../look/forms.tsx";
import { Day, Moment } from "../look/moment.tsx";
import { StateTag } from "../look/state-tag.tsx";
import type { State } from "../look/icons.tsx";
import { broughtWords, challengeStepWords, groundWords } from "./law-words.ts";

interface ChallengesProps {
  readonly view: CaseView;
  readonly zone: string;
}

export function Challenges({ view, zone }: ChallengesProps) {
  if (view.challenges.length === 0 && view.conflicts.length === 0) return <></>;
  return (
    <>
      <h2 id="challenges">Challenges and objections</h2>
      <TimeToAnswer view={view} />
      {view.challenges.map((challenge, index) => (
        <section aria-label={`Challenge ${index + 1}`}>
          <h3>
            {`Challenge ${index + 1}, brought by the ${broughtWords[challenge.brought]} `}
            <StateTag state={outcomeState(challenge.outcome)} word={outcomeWords[challenge.outcome ?? "pending"]} />
          </h3>
          <SummaryList answers={challengeAnswers(challenge, zone)} />
        </section>
      ))}
      {view.conflicts.map((conflict, index) => (
        <section aria-label={`Objection ${index + 1}`}>
          <h3>
            {`Objection ${index + 1}, under the law of another country `}
            <StateTag
              state={conflict.upheld === undefined ? "held" : "kept"}
              word={conflict.upheld === undefined ? "Pending" : conflict.upheld ? "Upheld" : "Dismissed"}
            />
          </h3>
          <SummaryList answers={conflictAnswers(conflict, zone)} />
        </section>
      ))}
    </>
  );
}

/** That nothing leaves is our promise; whether the duty to answer stands still is for the paper's law or a court to say. */
function TimeToAnswer({ view: { challenges, conflicts, clocks } }: Pick<ChallengesProps, "view">) {
  const pending = challenges.some(({ outcome }) => outcome === undefined) || conflicts.some(({ upheld }) => upheld === undefined);
  const duties = clocks.filter(({ kind, state }) => kind === "duty" && state !== "kept");
  if (!pending || duties.length === 0) return <></>;
  return duties.some(({ state }) => state === "suspended") ? (
    <p>While this is pending, the time to answer stands still.</p>
  ) : (
    <p>
      While this is pending nothing leaves, and the time to answer runs on: no route that was taken in time, and no interim measures of a court, have stopped
      it.
    </p>
  );
}

type ChallengeView = CaseView["challenges"][number];

const outcomeWords = { pending: "Pending", upheld: "Upheld", narrowed: "Narrowed", dismissed: "Dismissed", withdrawn: "Withdrawn" } as const;

function outcomeState(outcome: ChallengeView["outcome"]): State {
  return outcome === undefined ? "held" : "kept";
}

const measures = new Set(["interim-measures-asked", "interim-measures-granted", "interim-measures-refused"]);
const hearings = new Set(["hearing-set", "hearing-held"]);

function challengeAnswers(challenge: ChallengeView, zone: string): readonly Answer[] {
  const { openedAt, route, on, grounds, forum, steps, brought } = challenge;
  const filings = steps.filter(({ step }) => !measures.has(step) && !hearings.has(step));
  return [
    { label: "Opened", value: <Moment at={openedAt} zone={zone} /> },
    ...(brought === "owner" ? [] : [{ label: "Route", value: route ?? <span class="absent">None of the paper's own was named</span> }]),
    ...(on.length === 0 ? [] : [{ label: "Rests on", value: on.map((ground) => groundWords[ground]).join("; ") }]),
    { label: "Grounds", value: spoken(grounds) },
    ...(forum === undefined ? [] : [{ label: "Brought before", value: spoken(forum) }]),
    { label: "Steps", value: <Steps steps={filings} none="None is recorded" /> },
    { label: "Hearings", value: <Steps steps={steps.filter(({ step }) => hearings.has(step))} none="None is set" /> },
    { label: "Interim measures", value: <Measures challenge={challenge} /> },
    ...outcomeAnswers(challenge, zone),
  ];
}

function outcomeAnswers({ outcome, decidedAt, lines, ruling, appeal, appealWords }: ChallengeView, zone: string): readonly Answer[] {
  if (outcome === undefined) return [{ label: "Outcome", value: <span class="absent">Pending: nothing leaves</span> }];
  const how = appeal === undefined ? "" : appeal === "brought" ? "Brought. " : "None. ";
  return [
    {
      label: "Outcome",
      value: (
        <span>
          {outcomeWords[outcome]}
          {decidedAt === undefined ? "" : ", "}
          {decidedAt === undefined ? <></> : <Moment at={decidedAt} zone={zone} />}
        </span>
      ),
    },
    { label: "Scope it won", value: scopeWon(outcome, lines) },
    { label: "Ruling", value: spoken(ruling) },
    {
      label: "Appeal, or why none",
      value: (
        <span dir="auto">
          {how}
          {appealWords ?? ""}
        </span>
      ),
    },
  ];
}

function scopeWon(outcome: NonNullable<ChallengeView["outcome"]>, lines: readonly string[] = []): string {
  if (outcome === "upheld") return "Everything: nothing may be disclosed on this request.";
  if (outcome === "narrowed") return `Only these lines may still leave: ${lines.join(", ")}.`;
  return "Nothing: the request stands as it was.";
}

function Steps({ steps, none }: { readonly steps: ChallengeView["steps"]; readonly none: string }) {
  if (steps.length === 0) return <span class="absent">{none}</span>;
  return (
    <ul class="desk-plain">
      {steps.map(({ step, on, papers }) => (
        <li>
          <Day day={on} />
          {`: ${challengeStepWords[step]}`}
          {papers === undefined ? <></> : <div dir="auto">{papers}</div>}
        </li>
      ))}
    </ul>
  );
}

function Measures({ challenge: { interimMeasures, steps } }: { readonly challenge: ChallengeView }) {
  const taken = steps.filter(({ step }) => measures.has(step));
  if (interimMeasures === undefined && taken.length === 0) return <span class="absent">None was asked for</span>;
  return (
    <>
      {interimMeasures === undefined ? <></> : <div dir="auto">{interimMeasures}</div>}
      {taken.length === 0 ? <></> : <Steps steps={taken} none="" />}
    </>
  );
}

function spoken(text: string | undefined) {
  return text === undefined ? <span class="absent">Not kept: the case was forgotten</span> : <span dir="auto">{text}</span>;
}

function conflictAnswers({ raisedAt, law, whyItApplies, words, decision }: CaseView["conflicts"][number], zone: string): readonly Answer[] {
  return [
    { label: "Raised", value: <Moment at={raisedAt} zone={zone} /> },
    { label: "The other law", value: spoken(law) },
    { label: "Why it applies", value: spoken(whyItApplies) },
    { label: "Why answering would break it", value: spoken(words) },
    { label: "Decision", value: decision === undefined ? <span class="absent">Pending: nothing leaves</span> : <span dir="auto">{decision}</span> },
  ];
}
