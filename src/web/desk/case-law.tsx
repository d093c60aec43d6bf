// What the law says of the case: which rule decided each line, what is still open, which other laws stand in the way, and what rests on memory.
import type { CaseView } from "../../app/case-view.ts";
import type { Desk } from "../../app/desk.ts";
import { ClauseChip, type ClauseRegister } from "../look/clause-chip.tsx";
import { Reasons, SummaryList } from "../look/forms.tsx";
import { Banner, EmptyState, Table } from "../look/records.tsx";
import { StateTag } from "../look/state-tag.tsx";
import type { State } from "../look/icons.tsx";
import { openQuestions } from "./open-questions.ts";

interface LawProps {
  readonly view: CaseView;
  readonly register: ClauseRegister;
}

const verdictWords: Readonly<Record<CaseView["lines"][number]["decision"], readonly [State, string]>> = {
  allow: ["kept", "Reached"],
  deny: ["overdue", "Not reached"],
  ask: ["open", "Cannot be told yet"],
  counsel: ["held", "Counsel decides"],
};

/** One row a line: the verdict, the row of the pack that decided, and what would change it. */
export function Verdicts({ view, register }: LawProps) {
  if (view.lines.length === 0) return <></>;
  return (
    <>
      <h3 id="verdicts">Verdict by line</h3>
      <Table
        caption="Verdict by line"
        quietCaption
        columns={[
          { key: "line", head: "Line" },
          { key: "verdict", head: "Verdict" },
          { key: "why", head: "Reason" },
          { key: "rule", head: "Rule" },
          { key: "change", head: "What would change it" },
        ]}
        empty={<></>}
        rows={view.lines.map((line) => ({ cells: verdictCells(line, openRules(line.id, view), register) }))}
      />
    </>
  );
}

/** Rules of some country that may stand in the way of this line once a fact is known. */
function openRules(line: string, { worksheet }: CaseView): readonly string[] {
  return [...new Set(worksheet.filter(({ answer, lines }) => answer === "open" && lines.includes(line)).map(({ citation }) => citation))];
}

function nothingAgainst(open: readonly string[]): string {
  return open.length === 0 ? "Nothing stands against it." : `The paper reaches it. Still open: ${open.join(", ")}.`;
}

function verdictCells({ id, decision, reasons, notes, citation, rule }: CaseView["lines"][number], open: readonly string[], register: ClauseRegister) {
  const [state, word] = verdictWords[decision];
  const split = reasons.map(({ because, clause }) => ({ clause, ...splitReason(because) }));
  return {
    line: id,
    verdict: <StateTag state={state} word={word} />,
    why:
      split.length === 0 && notes.length === 0 ? (
        nothingAgainst(open)
      ) : (
        <List
          items={[
            ...(split.length === 0 ? [<>{nothingAgainst(open)}</>] : split.map(({ why, clause }) => <Cited words={why} clause={clause} register={register} />)),
            ...notes.map(({ because, clause }) => <Cited words={because} clause={clause} register={register} />),
          ]}
        />
      ),
    rule: rule === undefined ? <span class="absent">No paper is known</span> : <Rule rule={rule} citation={citation} />,
    change:
      split.length === 0 ? (
        open.length === 0 ? (
          "A ruling, a refusal of another authority, or counsel leaving it out."
        ) : (
          "The facts that the worksheet below still lacks."
        )
      ) : (
        <List items={[...new Set(split.map(({ change }) => change))].map((change) => change ?? "The fact that lifts the rule: see other laws below.")} />
      ),
  };
}

function Rule({ rule, citation }: { readonly rule: string; readonly citation: string }) {
  return (
    <span>
      <code>{rule}</code>
      {citation === "" ? "" : `, ${citation}`}
    </span>
  );
}

function Cited({ words, clause, register }: { readonly words: string; readonly clause: string; readonly register: ClauseRegister }) {
  return (
    <>
      <span dir="auto">{words}</span> <ClauseChip clause={clause} register={register} />
    </>
  );
}

function List({ items }: { readonly items: readonly unknown[] }) {
  return (
    <ul class="desk-plain">
      {items.map((item) => (
        <li>{item}</li>
      ))}
    </ul>
  );
}

/** A reason says in its last sentence what would change it; one that ends with its citation says only why. */
export function splitReason(because: string): { readonly why: string; readonly change?: string } {
  const [, why, change] = /^(.*\.)\s+([A-Z][^.]*\.)$/su.exec(because) ?? [];
  return why === undefined || change === undefined ? { why: because } : { why, change };
}

/** The paper's row in the pack, with its marks from memory. */
export function PaperLaw({ view, register }: LawProps) {
  const { paper } = view;
  if (paper === undefined) return <></>;
  return (
    <>
      <h2 id="paper">The paper under its law</h2>
      <SummaryList
        answers={[
          { label: "Paper", value: paper.label },
          { label: "Rule", value: <Rule rule={paper.rule} citation={paper.citation} /> },
        ]}
      />
      <FromMemory points={paper.fromMemory} />
      <WhatItAsks paper={paper} />
      <Emergency view={view} register={register} />
      <Authority view={view} register={register} />
    </>
  );
}

/** The mark stands open; a long list of points folds. */
function FromMemory({ points }: { readonly points: readonly string[] }) {
  if (points.length === 0) return <></>;
  return (
    <Banner kind="caution" title="From memory: counsel confirms">
      <details class="desk-fold" open={points.length <= 3}>
        <summary>{points.length === 1 ? "1 point" : `${points.length} points`}</summary>
        <ul class="desk-list">
          {points.map((point) => (
            <li>{point}</li>
          ))}
        </ul>
      </details>
    </Banner>
  );
}

function WhatItAsks({ paper: { duties, tells, routes, costs } }: { readonly paper: NonNullable<CaseView["paper"]> }) {
  const answers = [
    ...duties.map(({ says, citation }) => ({ label: "Duty", value: cited(says, citation) })),
    ...tells.map(({ who, by, when, citation }) => ({
      label: "Who is told",
      value: cited(`${capital(who.replaceAll("-", " "))}, by ${by === "us" ? "us" : "the authority"}: ${when}`, citation),
    })),
    ...routes.map(({ route, citation }) => ({ label: "Way to challenge it", value: cited(capital(route), citation) })),
    ...(costs === undefined ? [] : [{ label: "Costs", value: cited(costs.rule, costs.citation) }]),
  ];
  if (answers.length === 0) return <></>;
  return (
    <details class="desk-fold">
      <summary>Duties, who is told, ways to challenge it, costs</summary>
      <SummaryList answers={answers} />
    </details>
  );
}

function cited(words: string, citation: string): string {
  return `${words.replace(/\.$/, "")} (${citation})`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function Emergency({ view: { emergency }, register }: LawProps) {
  if (emergency === undefined) return <></>;
  if (!emergency.allowed) return <Banner kind="stop" title="Emergency disclosure is off: no policy in force lets data leave in an emergency." />;
  if (emergency.locks.length === 0) return <Banner kind="note" title="Both locks of the emergency are open: two people decided and a supervisor vouched." />;
  return (
    <Banner kind="stop" title="Locks of the emergency that are still shut">
      <Reasons reasons={emergency.locks} register={register} />
    </Banner>
  );
}

const answerWords = { cleared: "It will not refuse", refused: "It refuses the order", partial: "It refuses a part of it" } as const;

function Authority({ view: { authority }, register }: LawProps) {
  if (authority === undefined) return <></>;
  const { told, answer, lines, words, holds } = authority;
  return (
    <>
      <h3 id="authority">The other authority</h3>
      <SummaryList
        answers={[
          { label: "Told of the order", value: told ? "Yes" : "No" },
          { label: "Its answer", value: answer === undefined ? <span class="absent">None yet</span> : answerWords[answer] },
          ...(lines === undefined ? [] : [{ label: "Lines it leaves standing", value: lines.join(", ") || "None" }]),
          ...(words === undefined ? [] : [{ label: "In words", value: <span dir="auto">{words}</span> }]),
        ]}
      />
      {holds.length === 0 ? <></> : <Reasons reasons={holds} register={register} />}
    </>
  );
}

/** What the agency can be asked, and what only somebody who reads the paper can say. */
export function OpenPoints({ view, desk, register }: LawProps & { readonly desk: Desk }) {
  const { facts, contents } = openQuestions(view, desk);
  const questions = facts.length + contents.length;
  if (view.openPoints.length === 0 && questions === 0) return <></>;
  return (
    <>
      <h2 id="open-points">Open points</h2>
      {view.openPoints.length === 0 ? <></> : <Reasons reasons={view.openPoints} register={register} />}
      {questions === 0 ? (
        <></>
      ) : (
        <details class="desk-fold" open={questions <= 6}>
          <summary>{`Questions nobody has answered about the paper: ${questions}`}</summary>
          <p class="field-hint">
            What is unknown is never guessed: it stays open until somebody records it.{" "}
            <a href={`/desk/case/${view.caseId}/step/ConfirmDetails#paper-itself`}>Answer them in the details</a>
          </p>
          {facts.length === 0 ? <></> : <p class="desk-lead">{`Not known: ${facts.join("; ")}.`}</p>}
          {contents.length === 0 ? <></> : <p>Nobody has looked whether the paper shows:</p>}
          <ul class="desk-list">
            {contents.map(({ ask, check }) => (
              <li>{`${ask} (${check})`}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

const rowStates = { applies: ["overdue", "Applies"], open: ["open", "Open: a fact is missing"] } as const;

/** The conflict-of-laws worksheet: rows that meet the case, or could once a fact is known; the rest is counted. */
export function Worksheet({ view }: { readonly view: CaseView }) {
  if (view.details !== "confirmed" || view.worksheet.length === 0) return <></>;
  const rows = view.worksheet.flatMap((row) => (row.answer === "lifted-or-not-applicable" ? [] : [{ ...row, answer: row.answer }]));
  const still = view.worksheet.length - rows.length;
  return (
    <>
      <h2 id="worksheet">Conflict-of-laws worksheet</h2>
      <Table
        caption="Rules of any country that stand in the way, or may"
        columns={[
          { key: "rule", head: "Rule" },
          { key: "answer", head: "Answer" },
          { key: "lines", head: "Lines" },
          { key: "because", head: "What it says" },
        ]}
        empty={<EmptyState title="No other rule meets this case">{`Rules looked at: ${view.worksheet.length}.`}</EmptyState>}
        rows={rows.map(({ pack, rule, answer, lines, because, citation }) => {
          const [state, word] = rowStates[answer];
          return {
            cells: {
              rule: <Rule rule={`${pack} ${rule}`} citation="" />,
              answer: <StateTag state={state} word={word} />,
              lines: lines.join(", "),
              because: `${because} (${citation})`,
            },
          };
        })}
      />
      {rows.length === 0 ? <></> : <p class="field-hint">{`Rules that were looked at and do not apply, or are lifted: ${still}.`}</p>}
    </>
  );
}
