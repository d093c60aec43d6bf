// Shows which clause asks for something and lets the reader open it: our words, the document's words, and what it rests on.

/** What a chip shows of a clause. A clause of a policy pack has this shape as it stands. */
export interface ClauseEntry {
  readonly id: string;
  /** The rule in our words. */
  readonly rule: string;
  /** The document's own sentence; empty when there is none. */
  readonly quote: string;
  readonly basis: "document" | "law" | "memory" | "house";
  /** What keeps it: which gate, clock, record or document. */
  readonly kept: string;
  /** Where it stands in full, when that is not among the promises: a page of a pack. */
  readonly href?: string;
}

/** Finds a clause by its id; a `Map` from id to clause is one. */
export interface ClauseRegister {
  get(id: string): ClauseEntry | undefined;
}

/** What each basis means to a reader who must decide how far to rely on it. */
export const basisWords: Readonly<Record<ClauseEntry["basis"], string>> = {
  document: "The document says so.",
  law: "The law says so.",
  memory: "From memory. Counsel must confirm it.",
  house: "House default. Neither the document nor the law gives it.",
};

/** The page that holds every promise, at the line of one clause: `/promises#KDRP-11`. */
function promiseHref(clause: string): string {
  return `/promises#${encodeURIComponent(clause)}`;
}

/**
 * A clause id that opens, with JavaScript off as well. It is a block of its own (`details`), so it stands in a `div`,
 * `li`, `dd` or `td`, never inside a `p`. An id that the register does not hold is shown as plain text and says so.
 */
export function ClauseChip({ clause, register }: { readonly clause: string; readonly register: ClauseRegister }) {
  const entry = register.get(clause);
  if (entry === undefined) return <UnknownChip clause={clause} />;
  return (
    <details class="chip">
      <summary>
        <span class="chip-id">
          <bdi>{entry.id}</bdi>
        </span>
      </summary>
      <div class="chip-body">
        <p class="chip-rule">{entry.rule}</p>
        {entry.quote === "" ? <></> : <blockquote class="chip-quote">{entry.quote}</blockquote>}
        <dl class="chip-facts">
          <dt>Rests on</dt>
          <dd>{basisWords[entry.basis]}</dd>
          <dt>Kept by</dt>
          <dd>{entry.kept}</dd>
        </dl>
        {entry.href === undefined ? <a href={promiseHref(entry.id)}>{entry.id} among all promises</a> : <a href={entry.href}>The whole pack</a>}
      </div>
    </details>
  );
}

function UnknownChip({ clause }: { readonly clause: string }) {
  return (
    <span class="chip chip-unknown">
      <span class="chip-id">
        <bdi>{clause}</bdi>
      </span>
      <span class="chip-note">not in the loaded register</span>
    </span>
  );
}
