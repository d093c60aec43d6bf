// The secrecy orders of one case: since when and until when they bind, what is wrong with them, and what was tried to lift them.
import type { CaseView } from "../../app/case-view.ts";
import type { Desk } from "../../app/desk.ts";
import { findInstrument } from "../../requests/review/module.ts";
import { SummaryList } from "../look/forms.tsx";
import { Day, dayWords } from "../look/moment.tsx";
import { StateTag } from "../look/state-tag.tsx";
import { instrumentWords } from "./case-words.ts";
import { Who } from "./gags-page.tsx";
import { beneficiaryWords } from "./law-words.ts";

export function Gags({ view, desk }: { readonly view: CaseView; readonly desk: Desk }) {
  if (view.gags.length === 0) return <></>;
  return (
    <>
      <h2 id="gags">Secrecy orders</h2>
      {view.gags.map((gag) => (
        <section aria-label={instrumentWords(gag.instrument, desk.laws)}>
          <h3>
            {`${instrumentWords(gag.instrument, desk.laws)} `}
            <StateTag state={gag.ended === undefined ? "held" : "kept"} word={gag.ended === undefined ? "Recorded as binding" : endedWords[gag.ended]} />
          </h3>
          <SummaryList
            answers={[
              { label: "First day", value: <Day day={gag.start} /> },
              { label: "Last day", value: gag.end === undefined ? "None: a defect, and its end is chased" : <Day day={gag.end} /> },
              ...(gag.endedOn === undefined ? [] : [{ label: "Bound until", value: <Day day={gag.endedOn} /> }]),
              ...gag.defects.map((defect) => ({ label: "Defect", value: defectWords[defect] ?? defect })),
              { label: "Attempts to lift it", value: <Attempts attempts={gag.attempts} /> },
              { label: "May be told", value: <Who mayTell={findInstrument({ id: gag.instrument }, desk.laws)?.instrument.mayTell ?? []} /> },
            ]}
          />
        </section>
      ))}
    </>
  );
}

const endedWords = { lapsed: "Lapsed", lifted: "Lifted" } as const;

const defectWords: Readonly<Record<string, string>> = {
  NDO_WITHOUT_END: "It has no end.",
  NDO_TOO_LONG: "It lasts longer than the yard-stick of its law.",
};

function Attempts({ attempts }: { readonly attempts: CaseView["gags"][number]["attempts"] }) {
  if (attempts.length === 0) return <span class="absent">None is on record</span>;
  return (
    <ul class="desk-plain">
      {attempts.map(({ on, beneficiary, answer }) => (
        <li>{`${dayWords(on)}, for ${beneficiaryWords[beneficiary]}: ${answer === "pending" ? "no answer yet" : answer}`}</li>
      ))}
    </ul>
  );
}
