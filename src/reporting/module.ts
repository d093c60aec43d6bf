// The door of reporting.
export { bandTable, nameStructure, secretCases, type BandOption, type BandTable, type Naming, type ReportBands } from "./national-security.ts";
export { type Published } from "./small-numbers.ts";
export { count, emptyTally, receivedIn, type Tally } from "./tally.ts";
export { findBands, reportCsv, transparencyReport, type Measure, type TransparencyReport } from "./transparency-report.ts";
