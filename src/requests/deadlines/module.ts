// The door of deadlines.
export { clocksOf, type RunningClock } from "./clocks.ts";
export { calendarOf } from "./paper-clocks.ts";
