// Draws the small signs that stand beside words, never instead of them; all take the colour of the text they stand in.

/** The word mark's sign: a portcullis with its points down. */
export function PortcullisMark() {
  return (
    <svg class="mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
      <path d="M2 3h20v3H2z" fill="currentColor" />
      <path d="M4 6v12l1.5 4L7 18V6zM10.5 6v12l1.5 4 1.5-4V6zM17 6v12l1.5 4 1.5-4V6z" fill="currentColor" />
      <path d="M4 9h16v1.5H4zM4 14h16v1.5H4z" fill="currentColor" />
    </svg>
  );
}

/** The five states every deadline, step and line is told in. */
export type State = "open" | "due" | "overdue" | "kept" | "held";

/** One outline a state, so that nobody has to see colour: ring, half disc, triangle, ticked disc, two bars in a square. */
const shapes: Readonly<Record<State, string>> = {
  open: "M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13zm0 2a4.5 4.5 0 1 0 0 9a4.5 4.5 0 0 0 0-9z",
  due: "M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13zm0 2v9a4.5 4.5 0 1 0 0-9z",
  overdue: "M8 1l7.5 13.5H.5zM7 6v4h2V6zm0 5v2h2v-2z",
  kept: "M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13zM7 11.2l5-5-1.4-1.4L7 8.4 5.4 6.8 4 8.2z",
  held: "M1.5 1.5h13v13h-13zm3.5 3v7h2v-7zm4 0v7h2v-7z",
};

/** The sign of a state; always beside its word. */
export function StateIcon({ state }: { readonly state: State }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={shapes[state]} fill="currentColor" fill-rule="evenodd" />
    </svg>
  );
}

/** A seal (filled, with a tick) for what a checkpoint covers; an empty ring of dots for what is only recorded. */
export function SealIcon({ sealed }: { readonly sealed: boolean }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      {sealed ? (
        <path
          d="M8 0l1.9 1.6 2.5-.3.9 2.3 2.3 1-.3 2.4L16 8l-.7 1.9.3 2.5-2.3.9-.9 2.3-2.5-.3L8 16l-1.9-.7-2.5.3-.9-2.3-2.3-.9.3-2.5L0 8l.7-1-.3-2.4 2.3-1 .9-2.3 2.5.3zM7 11.2l5-5-1.4-1.4L7 8.4 5.4 6.8 4 8.2z"
          fill="currentColor"
          fill-rule="evenodd"
        />
      ) : (
        <circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="2 2.08" />
      )}
    </svg>
  );
}

/** The hatch that sealed cases, held bars and suspended clocks wear. Page puts it into every document once. */
export function Hatches() {
  return (
    <svg class="defs" width="0" height="0" aria-hidden="true" focusable="false">
      <defs>
        <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect class="hatch-ground" width="6" height="6" />
          <rect class="hatch-line" width="2.5" height="6" />
        </pattern>
      </defs>
    </svg>
  );
}
