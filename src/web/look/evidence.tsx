// Shows why something may be believed: letters beside their facts, assurances with their sources, and what fell away on the way out.
import type { Child } from "hono/jsx";
import { ClauseChip } from "./clause-chip.tsx";
import type { ClauseRegister } from "./clause-chip.tsx";
import type { Because } from "./forms.tsx";
import { Day } from "./moment.tsx";
import { StateTag } from "./state-tag.tsx";

export interface LetterPreviewProps {
  readonly subject: string;
  readonly to: string;
  readonly from: string;
  /** Language and direction of the letter itself, which may differ from the page's. */
  readonly lang: string;
  readonly dir: "ltr" | "rtl";
  /** The letter's own text. Paragraphs are `p`. */
  readonly children?: Child | undefined;
  /** The facts the letter was written from, in the words of the case; each should be findable in the letter. */
  readonly facts: readonly { readonly label: string; readonly value: Child }[];
}

/** A letter as it will be read, beside the facts it says. */
export function LetterPreview({ subject, to, from, lang, dir, children, facts }: LetterPreviewProps) {
  return (
    <div class="letter-pair">
      <article class="letter" lang={lang} dir={dir} aria-label={`Letter: ${subject}`}>
        <dl class="letter-head" lang="en" dir="ltr">
          <div>
            <dt>From</dt>
            <dd>
              <bdi>{from}</bdi>
            </dd>
          </div>
          <div>
            <dt>To</dt>
            <dd>
              <bdi>{to}</bdi>
            </dd>
          </div>
          <div>
            <dt>Subject</dt>
            <dd>
              <bdi>{subject}</bdi>
            </dd>
          </div>
        </dl>
        <div class="letter-body">{children}</div>
      </article>
      <aside class="letter-facts" aria-label="Facts in this letter">
        <h3>Facts in this letter</h3>
        <dl>
          {facts.map((fact) => (
            <div>
              <dt>{fact.label}</dt>
              <dd>{fact.value}</dd>
            </div>
          ))}
        </dl>
      </aside>
    </div>
  );
}

/** One thing we say we know. */
export interface Assurance {
  readonly fact: string;
  /** How we know: "DKIM signature of the agency's domain", "call-back to the published number". */
  readonly how: string;
  /** `YYYY-MM-DD`; left out while we do not know it yet. */
  readonly since?: string | undefined;
  readonly evidence?: { readonly label: string; readonly href?: string | undefined } | undefined;
  /** `kept`: we know it. `open`: nobody has looked. `overdue`: it was looked at and does not hold, or it has lapsed. */
  readonly state: "kept" | "open" | "overdue";
}

/** What we know of a person or a paper: the fact, how we know, since when, and the evidence. */
export function AssuranceTable({ caption, assurances }: { readonly caption: string; readonly assurances: readonly Assurance[] }) {
  return (
    <table class="table" role="table">
      <caption>{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {["Fact", "Standing", "How we know", "Since", "Evidence"].map((head) => (
            <th scope="col" role="columnheader">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {assurances.map((assurance) => (
          <tr role="row">
            <th scope="row" role="rowheader">
              {assurance.fact}
            </th>
            <td role="cell" data-head="Standing">
              <StateTag state={assurance.state} word={standing[assurance.state]} />
            </td>
            <td role="cell" data-head="How we know">
              <div>{assurance.how}</div>
            </td>
            <td role="cell" data-head="Since">
              {assurance.since === undefined ? <Nothing words="Not known" /> : <Day day={assurance.since} />}
            </td>
            <td role="cell" data-head="Evidence">
              <EvidenceLink {...assurance} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const standing: Readonly<Record<Assurance["state"], string>> = { kept: "Known", open: "Not checked", overdue: "Does not hold" };

function EvidenceLink({ evidence }: Assurance) {
  if (evidence === undefined) return <Nothing words="None" />;
  return evidence.href === undefined ? <span>{evidence.label}</span> : <a href={evidence.href}>{evidence.label}</a>;
}

function Nothing({ words }: { readonly words: string }) {
  return <span class="absent">{words}</span>;
}

/** What became of a line at one stage. `fell` gives every reason; `pending` means that the stage has not been reached. */
export type Stage =
  | { readonly kind: "kept"; readonly text: string }
  | { readonly kind: "narrowed"; readonly text: string; readonly fell: string; readonly reasons: readonly Because[] }
  | { readonly kind: "fell"; readonly text: string; readonly reasons: readonly Because[] }
  /** Nobody can tell yet: nothing has fallen away, and the reasons say what is missing. */
  | { readonly kind: "open"; readonly text: string; readonly reasons: readonly Because[] }
  | { readonly kind: "pending" };

/** One line of a request on its way out. */
export interface RequestLine {
  readonly line: string;
  readonly asked: string;
  /** What the instrument reaches. */
  readonly reached: Stage;
  /** What leaves. */
  readonly produced: Stage;
}

export interface AskedReachedProducedProps {
  readonly lines: readonly RequestLine[];
  readonly register: ClauseRegister;
}

/** Three columns a line: what was asked, what the paper reaches, what leaves. What fell away is struck through with its reasons. */
export function AskedReachedProduced({ lines, register }: AskedReachedProducedProps) {
  return (
    <table class="table arp" role="table">
      <caption>Asked, reached, produced</caption>
      <thead role="rowgroup">
        <tr role="row">
          {["Line", "Asked", "Reached by the paper", "Produced"].map((head) => (
            <th scope="col" role="columnheader">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {lines.map((line) => (
          <tr role="row">
            <th scope="row" role="rowheader">
              {line.line}
            </th>
            <td role="cell" data-head="Asked">
              <div>{line.asked}</div>
            </td>
            <td role="cell" data-head="Reached">
              <StageCell stage={line.reached} register={register} />
            </td>
            <td role="cell" data-head="Produced">
              <StageCell stage={line.produced} register={register} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function StageCell({ stage, register }: { readonly stage: Stage; readonly register: ClauseRegister }) {
  switch (stage.kind) {
    case "kept":
      return <div>{stage.text}</div>;
    case "pending":
      return (
        <div>
          <Nothing words="Not yet" />
        </div>
      );
    case "open":
      return (
        <div>
          <p>{stage.text}</p>
          <Whys reasons={stage.reasons} register={register} />
        </div>
      );
    case "narrowed":
      return (
        <div>
          <p>{stage.text}</p>
          <Fallen text={stage.fell} reasons={stage.reasons} register={register} />
        </div>
      );
    case "fell":
      return (
        <div>
          <Fallen text={stage.text} reasons={stage.reasons} register={register} />
        </div>
      );
    default:
      return stage satisfies never;
  }
}

function Fallen({ text, reasons, register }: { readonly text: string; readonly reasons: readonly Because[]; readonly register: ClauseRegister }) {
  return (
    <>
      <p>
        <span class="sr-only">Fell away: </span>
        <del>{text}</del>
      </p>
      <Whys reasons={reasons} register={register} />
    </>
  );
}

function Whys({ reasons, register }: { readonly reasons: readonly Because[]; readonly register: ClauseRegister }) {
  return (
    <>
      {reasons.map((reason) => (
        <div class="fallen-why">
          <span dir="auto">{reason.because}</span> <ClauseChip clause={reason.clause} register={register} />
        </div>
      ))}
    </>
  );
}
