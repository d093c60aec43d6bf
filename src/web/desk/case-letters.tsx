// Every letter of a case as it was or will be read, beside the facts it was written from.
import type { CaseView, LetterView } from "../../app/case-view.ts";
import type { Desk } from "../../app/desk.ts";
import { LetterPreview } from "../look/evidence.tsx";
import { Moment } from "../look/moment.tsx";
import { EmptyState } from "../look/records.tsx";
import { StateTag } from "../look/state-tag.tsx";
import { letterWords } from "./case-words.ts";

const states = { waiting: ["open", "Waits to be sent"], sent: ["kept", "Sent"], failed: ["overdue", "Not delivered"] } as const;

export function Letters({ view, desk }: { readonly view: CaseView; readonly desk: Desk }) {
  if (view.letters.length === 0)
    return <EmptyState title="No letter has been written">Letters follow from steps: each is written with the step it belongs to.</EmptyState>;
  return (
    <>
      {view.letters.toReversed().map((letter) => (
        <details class="desk-fold" name="letter">
          <summary>
            {`${letterWords[letter.kind] ?? letter.kind}, to the ${letter.to === "owner" ? "customer" : "agency"} `}
            <StateTag state={states[letter.state][0]} word={states[letter.state][1]} />
          </summary>
          <Letter letter={letter} view={view} desk={desk} />
        </details>
      ))}
    </>
  );
}

function Letter({ letter, view, desk }: { readonly letter: LetterView; readonly view: CaseView; readonly desk: Desk }) {
  if (letter.content === undefined) return <p>This letter was forgotten with its case.</p>;
  const { to, subject, text } = letter.content;
  return (
    <LetterPreview
      subject={subject}
      to={to}
      from={desk.profile.relay?.from ?? desk.profile.mailboxes[0] ?? desk.profile.legalEntity}
      lang="en"
      dir="ltr"
      facts={factsOf(letter, view, desk)}
    >
      {text.split(/\n{2,}/).map((paragraph) => (
        <p>{paragraph.split("\n").flatMap((line, index) => (index === 0 ? [line] : [<br />, line]))}</p>
      ))}
    </LetterPreview>
  );
}

function factsOf({ writtenAt, state }: LetterView, { caseId, receivedAt, packs, lines }: CaseView, { zone }: Desk) {
  return [
    { label: "Case", value: caseId },
    { label: "Received", value: <Moment at={receivedAt} zone={zone} /> },
    { label: "Written", value: <Moment at={writtenAt} zone={zone} /> },
    { label: "State", value: states[state][1] },
    { label: "Lines", value: lines.length === 0 ? "none" : lines.map(({ id, words }) => `${id}: ${words}`).join("; ") },
    { label: "Rules", value: packs.join(", ") },
  ];
}
