// The door of deadlines.
export { clocksOf, type RunningClock } from "./clocks.ts";
