// Draws the gate: one bar for each condition of release, raised when it is met, down when it is not.
import { ClauseChip } from "./clause-chip.tsx";
import type { ClauseRegister } from "./clause-chip.tsx";
import { StateIcon } from "./icons.tsx";
import type { State } from "./icons.tsx";

/** One condition of release. */
export interface GateBar {
  readonly id: string;
  /** Two to five words, sentence case: "Owner was told". */
  readonly label: string;
  readonly met: boolean;
  /** Not met, and nobody can hurry it: a waiting time runs or somebody outside must answer. Such a bar is hatched. */
  readonly held?: boolean | undefined;
  /** One line: what is missing and what would change the answer. */
  readonly because?: string | undefined;
  /** The clause that asks for it. */
  readonly clause?: string | undefined;
  /** The bar was raised by the step the reader just took: it is seen to rise, unless motion is unwanted. */
  readonly justRaised?: boolean | undefined;
}

export interface GateProps {
  /** Only needed when a page shows more than one gate. */
  readonly id?: string | undefined;
  /** In the order a person would clear them. */
  readonly bars: readonly GateBar[];
  readonly register: ClauseRegister;
  /** Where release is asked for. Left out for readers who may not release: an open gate then only says that it is open. */
  readonly releaseHref?: string | undefined;
  /** The verb on the release step. */
  readonly releaseLabel?: string | undefined;
}

/**
 * The picture and, beneath it, the same as an ordered list. The picture is hidden from screen readers, so nothing is
 * said twice. Each line's id is `gate-` and its bar's id. A gate without bars is shut: no conditions were asked, so nothing may leave.
 */
export function Gate({ id = "gate", bars, register, releaseHref, releaseLabel = "Go to release" }: GateProps) {
  const isOpen = bars.length > 0 && bars.every((bar) => bar.met);
  return (
    <section class={isOpen ? "gate gate-open" : "gate"} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`} class="gate-title">
        {gateWords(bars)}
      </h2>
      <div class="gate-frame">
        <Picture bars={bars} />
        {isOpen ? <Release href={releaseHref} label={releaseLabel} /> : <></>}
      </div>
      <ol class="gate-list">
        {bars.map((bar) => (
          <BarLine id={`${id}-${bar.id}`} bar={bar} register={register} />
        ))}
      </ol>
    </section>
  );
}

/** The gate in one sentence. */
export function gateWords(bars: readonly GateBar[]): string {
  const down = bars.filter((bar) => !bar.met).length;
  if (bars.length === 0) return "The gate is shut: its conditions have not been asked yet";
  if (down > 0) return `The gate is shut: ${down} of ${bars.length} ${bars.length === 1 ? "condition" : "conditions"} not met`;
  return bars.length === 1 ? "The gate is open: its one condition is met" : `The gate is open: all ${bars.length} conditions are met`;
}

function stateOf(bar: GateBar): { readonly state: State; readonly word: string } {
  if (bar.met) return { state: "kept", word: "met" };
  return bar.held === true ? { state: "held", word: "waiting" } : { state: "open", word: "not met" };
}

function BarLine({ id, bar, register }: { readonly id: string; readonly bar: GateBar; readonly register: ClauseRegister }) {
  const { state, word } = stateOf(bar);
  return (
    <li id={id} class={`gate-line gate-line-${state}`}>
      <span class="gate-line-label">
        <bdi>{bar.label}</bdi>
      </span>
      <span class={`gate-line-state state-${state}`}>
        <StateIcon state={state} />
        {word}
      </span>
      <div class="gate-line-why">
        {bar.because === undefined ? (
          <></>
        ) : (
          <span class="gate-line-because">
            <bdi>{bar.because}</bdi>
          </span>
        )}
        {bar.clause === undefined ? <></> : <ClauseChip clause={bar.clause} register={register} />}
      </div>
    </li>
  );
}

function Picture({ bars }: { readonly bars: readonly GateBar[] }) {
  return (
    <div class={bars.length > mostLabels ? "gate-picture gate-crowded" : "gate-picture"} aria-hidden="true">
      {bars.length === 0 ? unasked.map(() => <UnaskedColumn />) : <></>}
      {bars.map((bar, index) => (
        <div class={`gate-column ${bar.met ? "gate-column-met" : "gate-column-down"}`}>
          <span class="gate-number">{index + 1}</span>
          <Bar bar={bar} before={isDown(bars[index - 1])} after={isDown(bars[index + 1])} />
          <span class="gate-label">{bar.label}</span>
        </div>
      ))}
    </div>
  );
}

/** Above this number the labels under the bars are left to the list: they would break inside words. */
const mostLabels = 11;

/** A gate nobody has asked yet looks as shut as it is. */
const unasked = [1, 2, 3, 4, 5] as const;

function UnaskedColumn() {
  return (
    <div class="gate-column">
      <span class="gate-number" />
      <Bar bar={{ id: "", label: "", met: false, held: true }} before={true} after={true} />
    </div>
  );
}

function isDown(bar: GateBar | undefined): boolean {
  return bar !== undefined && !bar.met;
}

/** Lengths in CSS pixels; the stylesheet's `.gate-bar` has the same height. */
const downLength = 168;
const raisedLength = 40;
const point = 18;
const tieHeights = [36, 80, 124] as const;

interface BarProps {
  readonly bar: GateBar;
  /** Whether the neighbour on that side is down too. */
  readonly before: boolean;
  readonly after: boolean;
}

/** Widths are per cent, so a row of any number of bars fills its gate at any width and in both directions of writing. */
function Bar({ bar, before, after }: BarProps) {
  const end = bar.met ? raisedLength : downLength;
  const fill = !bar.met && bar.held === true ? "url(#hatch)" : "currentColor";
  return (
    <svg class="gate-bar" width="100%" height={downLength} focusable="false">
      {bar.met ? <></> : tieHeights.map((y) => <Tie y={y} before={before} after={after} />)}
      <svg x="50%" overflow="visible">
        <path
          class={bar.met && bar.justRaised === true ? "gate-iron gate-iron-rising" : "gate-iron"}
          d={`M-7 0H7V${end - point}L0 ${end}L-7 ${end - point}Z`}
          fill={fill}
          stroke="currentColor"
          stroke-width="2"
        />
      </svg>
    </svg>
  );
}

/** Neighbouring bars that are down join into a lattice; beside a raised one only a stub is left. */
function Tie({ y, before, after }: { readonly y: number; readonly before: boolean; readonly after: boolean }) {
  return (
    <>
      {before ? <rect x="0" y={y} width="50%" height="6" fill="currentColor" /> : <></>}
      {after ? <rect x="50%" y={y} width="50.5%" height="6" fill="currentColor" /> : <></>}
      <svg x="50%" overflow="visible">
        <rect x="-12" y={y} width="24" height="6" fill="currentColor" />
      </svg>
    </>
  );
}

function Release({ href, label }: { readonly href: string | undefined; readonly label: string }) {
  return (
    <div class="gate-release">
      {href === undefined ? (
        <p>Nothing stands against release.</p>
      ) : (
        <a class="button button-primary" href={href}>
          {label}
        </a>
      )}
    </div>
  );
}
