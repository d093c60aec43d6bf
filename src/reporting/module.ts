// The door of reporting.
export { words, type Published } from "./small-numbers.ts";
export { count, emptyTally, receivedIn, type Tally } from "./tally.ts";
export { measures, reportCsv, transparencyReport, type Measure, type TransparencyReport } from "./transparency-report.ts";
