// Draws a deadline as a line from the fact that started it to the moment it is due, and says how the moment was derived.
import { timeLeft } from "./assets/time-left.js";
import { ClauseChip } from "./clause-chip.tsx";
import type { ClauseRegister } from "./clause-chip.tsx";
import type { State } from "./icons.tsx";
import { Moment } from "./moment.tsx";
import { StateTag } from "./state-tag.tsx";

export interface ClockProps {
  /** What is owed: "Tell the workspace owner". */
  readonly label: string;
  /** The moment of the fact that started it, UTC. */
  readonly startedAt: string;
  /** The moment it is due, UTC. */
  readonly dueAt: string;
  /** The server's moment, UTC: never the browser's. */
  readonly now: string;
  /** IANA zone in which the moments are said. */
  readonly zone: string;
  /** The derivation in words: "received … + 72 hours = …". */
  readonly derivation: string;
  readonly clause: string;
  readonly register: ClauseRegister;
  readonly state: "open" | "due" | "overdue" | "kept" | "suspended";
  /** When it was kept or suspended, UTC: the mark stands there instead of at now. */
  readonly stoppedAt?: string | undefined;
}

/** Everything the line shows is also in the words around it, so the line itself is hidden from screen readers. */
export function Clock(props: ClockProps) {
  const { label, startedAt, dueAt, now, zone, derivation, clause, register, state, stoppedAt } = props;
  return (
    <section class={`clock clock-${state}`} aria-label={`Clock: ${label}`}>
      <div class="clock-head">
        <h3 class="clock-label">{label}</h3>
        <StateTag state={tagOf[state]} word={wordOf[state]} />
        <StandsAt {...props} />
      </div>
      <Line {...shareOfLine({ startedAt, dueAt, mark: stoppedAt ?? now })} state={state} />
      <div class="clock-ends">
        <span dir="auto">
          <span class="clock-end-word">Started </span>
          <Moment at={startedAt} zone={zone} />
        </span>
        <span class="clock-due-end" dir="auto">
          <span class="clock-end-word">Due </span>
          <Moment at={dueAt} zone={zone} />
        </span>
      </div>
      <div class="clock-derivation">
        <span dir="auto">{derivation}</span> <ClauseChip clause={clause} register={register} />
      </div>
    </section>
  );
}

const tagOf: Readonly<Record<ClockProps["state"], State>> = { open: "open", due: "due", overdue: "overdue", kept: "kept", suspended: "held" };
const wordOf: Readonly<Record<ClockProps["state"], string>> = {
  open: "Open",
  due: "Due soon",
  overdue: "Overdue",
  kept: "Kept",
  suspended: "Suspended",
};

function StandsAt({ state, now, dueAt, stoppedAt, zone }: ClockProps) {
  if (state === "kept" || state === "suspended") {
    if (stoppedAt === undefined) return <></>;
    return (
      <span class="clock-left">
        <bdi>
          {state === "kept" ? "Kept " : "Suspended "}
          <Moment at={stoppedAt} zone={zone} />
        </bdi>
      </span>
    );
  }
  const [nowMs, dueMs] = [msOf(now), msOf(dueAt)];
  return (
    <span class="clock-left">
      <bdi data-left={dueMs} data-now={nowMs}>
        {timeLeft(nowMs, dueMs)}
      </bdi>
    </span>
  );
}

function msOf(moment: string): number {
  return Temporal.Instant.from(moment).epochMilliseconds;
}

/** Where the mark and the due moment stand on the line, in per cent; a mark past due pushes the due moment inwards. */
export function shareOfLine(line: { readonly startedAt: string; readonly dueAt: string; readonly mark: string }): {
  readonly mark: number;
  readonly due: number;
} {
  const start = msOf(line.startedAt);
  const due = Math.max(msOf(line.dueAt) - start, 1);
  const mark = Math.max(msOf(line.mark) - start, 0);
  const whole = Math.max(due, mark);
  return { mark: percent(mark / whole), due: percent(due / whole) };
}

function percent(share: number): number {
  return Math.round(share * 1000) / 10;
}

function Line({ mark, due, state }: { readonly mark: number; readonly due: number; readonly state: ClockProps["state"] }) {
  const isPast = mark > due;
  return (
    <svg class="clock-line" width="100%" height="36" aria-hidden="true" focusable="false">
      <rect
        class="clock-rest"
        x={`${Math.min(mark, due)}%`}
        y="15"
        width={`${Math.abs(due - mark)}%`}
        height="6"
        fill={state === "suspended" || isPast ? "url(#hatch)" : "none"}
      />
      <rect class="clock-run" x="0" y="15" width={`${Math.min(mark, due)}%`} height="6" />
      <rect class="clock-tick" x="0" y="8" width="2" height="20" />
      <svg x={`${due}%`} overflow="visible">
        <path class="clock-flag" d="M-2 4H0V32H-2ZM-2 4H-14V14H-2Z" />
      </svg>
      <svg x={`${mark}%`} overflow="visible">
        <path class="clock-mark" d="M0 11L7 18L0 25L-7 18Z" />
      </svg>
    </svg>
  );
}
