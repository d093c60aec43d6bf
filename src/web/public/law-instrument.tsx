// One kind of paper as its pack describes it, every rule beside its source: what it reaches, from whom, by when, and how it is contested.
import type { Child } from "hono/jsx";
import type { Instrument, JurisdictionPack, PaperClock, Telling } from "../../policy/pack.ts";
import {
  classWords,
  clockKindWords,
  countWords,
  endingWords,
  familyWords,
  formWords,
  issuerWords,
  listAnd,
  listOr,
  periodWords,
  routeWords,
  suspendingWords,
  tellingWords,
  tierWords,
  whenWords,
} from "../../policy/pack-words.ts";
import { SummaryList } from "../look/forms.tsx";
import { bucketWords } from "./report-words.ts";
import { sentence, Source } from "./law-frame.tsx";

interface PaperProps {
  readonly law: JurisdictionPack;
  readonly instrument: Instrument;
}

export function LawInstrument({ law, instrument }: PaperProps) {
  const { id, label, expires, costs, duties, confirm, only, citation, basis } = instrument;
  const answers: readonly { readonly label: string; readonly value: Child }[] = [
    { label: "What it is", value: whatItIs(instrument) },
    { label: "Reaches", value: <ReachedBy instrument={instrument} /> },
    ...(only === undefined ? [] : [{ label: "Of those classes only", value: listAnd(only) }]),
    { label: "Must show", value: <Items items={instrument.facial.map((content) => sentence(law.contents[content]?.ask ?? content))} /> },
    { label: "Clocks", value: <Clocks instrument={instrument} law={law} /> },
    ...(expires === undefined ? [] : [{ label: "Expires", value: <Items items={[<Expiry expires={expires} />]} /> }]),
    { label: "Served", value: servedWords(instrument) },
    { label: "Told", value: <Told instrument={instrument} law={law} /> },
    { label: "Secrecy", value: <Secrecy instrument={instrument} law={law} /> },
    { label: "Challenge", value: <Challenges instrument={instrument} law={law} /> },
    ...(costs === undefined ? [] : [{ label: "Costs", value: <Items items={[ruled(sentence(costs.rule), costs)]} /> }]),
    ...(duties.length === 0 ? [] : [{ label: "Duties", value: <Items items={duties.map((duty) => ruled(sentence(duty.says), duty))} /> }]),
    { label: "Counted in the report as", value: bucketWords(instrument.report) },
    { label: "Rests on", value: <Source citation={citation} basis={basis} /> },
    ...(confirm.length === 0 ? [] : [{ label: "Open points for counsel", value: <Items items={confirm.map(sentence)} /> }]),
    { label: "Its names on paper", value: <Names names={instrument.names} /> },
  ];
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>
        {label} <small>({id})</small>
      </h3>
      <SummaryList answers={answers} />
    </section>
  );
}

function whatItIs({ family, compulsory, route, form }: Instrument): string {
  const read = route === "counsel" ? "read by counsel only" : "read in the ordinary queue";
  return sentence(`${familyWords[family]}, ${compulsory ? "compulsory" : "compels nothing"}, ${read}; for the policies: ${formWords[form]}`);
}

function ReachedBy({ instrument }: { readonly instrument: Instrument }) {
  const { compels, tiers } = instrument;
  if (compels.length === 0) return <>{sentence(`no data by itself; ${issuerWords(instrument)}`)}</>;
  if (tiers.length === 0) return <>{sentence(`${listAnd(compels.map((each) => classWords[each]))}; ${issuerWords(instrument)}`)}</>;
  return <Items items={tiers.map((tier) => ruled(sentence(`${listAnd(tier.classes.map((each) => classWords[each]))}: ${tierWords(tier)}`), tier))} />;
}

function Clocks({ instrument: { clocks }, law }: PaperProps) {
  if (clocks.length === 0) return <>None.</>;
  return (
    <Items
      items={clocks.map((clock) =>
        ruled(
          <>
            <strong>{clock.label}</strong>: {clockWords(clock, law)}
          </>,
          clock,
        ),
      )}
    />
  );
}

function clockWords({ kind, lasts, from, when, suspendedBy, endedBy, renewal, onEnd }: PaperClock, law: JurisdictionPack): string {
  const sentences = [
    clockKindWords[kind],
    lasts === undefined ? "the paper itself names the day" : countWords(lasts, from),
    ...(when === undefined ? [] : [`it runs ${whenWords(when, labelIn(law))}`]),
    ...(suspendedBy.length === 0 ? [] : [`it stands still while ${listOr(suspendedBy.map((cause) => suspendingWords[cause]))}`]),
    ...(endedBy.length === 0 ? [] : [`it ends early when ${listOr(endedBy.map((cause) => endingWords[cause]))}`]),
    ...(renewal === undefined ? [] : [`it can be lengthened ${timesWords(renewal.times)} by ${periodWords(renewal.lasts)} (${renewal.citation})`]),
    ...(onEnd === undefined ? [] : [onEnd]),
  ];
  return sentences.map(sentence).join(" ");
}

function timesWords(times: number): string {
  return times === 1 ? "once" : `${times} times, each time`;
}

function Expiry({ expires }: { readonly expires: NonNullable<Instrument["expires"]> }) {
  return ruled(`It must be executed within ${countWords(expires, "issued")}.`, expires);
}

function servedWords({ servedBy }: Instrument): string {
  return servedBy === undefined ? "Every lawful way counts." : sentence(listOr(servedBy.map((route) => routeWords[route])));
}

function Told({ instrument: { tells }, law }: PaperProps) {
  if (tells.length === 0) return <>Nobody by this law; the policies' own notice stays due.</>;
  return <Tellings tells={tells} law={law} />;
}

/** Whom a paper or a rule makes us tell, one line each with its source. */
export function Tellings({ tells, law }: { readonly tells: readonly Telling[]; readonly law: JurisdictionPack }) {
  return (
    <Items
      items={tells.map((telling) =>
        ruled(`${sentence(tellingWords(telling, labelIn(law)))}${telling.paperMayForbid ? " The paper may forbid it." : ""}`, telling),
      )}
    />
  );
}

function Secrecy({ instrument: { gagBy, mayTell, grounds, maxGagDays }, law }: PaperProps) {
  if (gagBy.length === 0) return <>Nothing can forbid telling the customer of it.</>;
  return (
    <Items
      items={[
        <>
          Telling the customer can be forbidden by{" "}
          {gagBy.map((id, nth) => (
            <>
              {nth === 0 ? "" : ", "}
              {findLabel(law, id) === undefined ? id : <a href={`#${id}`}>{findLabel(law, id)}</a>}
            </>
          ))}
          .
        </>,
        ...(maxGagDays === undefined ? [] : [`Secrecy longer than ${periodWords({ n: maxGagDays, unit: "days" })} is flagged and chased.`]),
        ...(mayTell.length === 0 ? [] : [`May be told although it binds: ${mayTell.join("; ")}.`]),
        ...(grounds.length === 0 ? [] : [`May be given on these grounds: ${grounds.join("; ")}.`]),
      ]}
    />
  );
}

function Challenges({ instrument: { challenge }, law }: PaperProps) {
  if (challenge.length === 0) return <>None is described here.</>;
  return (
    <Items
      items={challenge.map((each) => {
        const { route, within, when, suspends } = each;
        const limit =
          within === undefined
            ? "No time limit is given."
            : `Within ${countWords(within, within.from)}${within.basis === "memory" && each.basis !== "memory" ? " (the time from memory)" : ""}.`;
        const open = when === undefined ? "" : ` Open ${whenWords(when, labelIn(law))}.`;
        return ruled(`${sentence(route)} ${limit}${open} Production ${suspends ? "waits while it is pending" : "goes on unless a court stops it"}.`, each);
      })}
    />
  );
}

function Names({ names }: { readonly names: readonly string[] }) {
  if (names.length === 0) return <>None: intake does not recognise it by name.</>;
  return (
    <details>
      <summary>{names.length === 1 ? "1 name" : `${names.length} names`} that intake looks for</summary>
      <Items items={names} />
    </details>
  );
}

/** A paper inside a sentence: “Search warrant”. */
export function labelIn(law: JurisdictionPack): (id: string) => string {
  return (id) => `“${findLabel(law, id) ?? id}”`;
}

function findLabel({ instruments }: JurisdictionPack, id: string): string | undefined {
  return instruments.find((each) => each.id === id)?.label;
}

function ruled(words: Child, rule: { readonly citation: string; readonly basis: Instrument["basis"] }): Child {
  return (
    <>
      {words} <Source citation={rule.citation} basis={rule.basis} />
    </>
  );
}

export function Items({ items }: { readonly items: readonly Child[] }) {
  if (items.length < 2) return <>{items[0] ?? "Nothing."}</>;
  return (
    <ul class="reasons">
      {items.map((item) => (
        <li>{item}</li>
      ))}
    </ul>
  );
}
