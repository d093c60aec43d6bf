// The door of reporting.
export { type Published } from "./small-numbers.ts";
export { count, emptyTally, receivedIn, type Tally } from "./tally.ts";
export { reportCsv, transparencyReport, type Measure, type TransparencyReport } from "./transparency-report.ts";
