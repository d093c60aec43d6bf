// The door of reporting.
export { bandCsv, nameBandReport, reasonsAgainstEdition, sharesDays, type BandReport } from "./band-report.ts";
export { dsaOrdersSheet, type DsaOrdersSheet } from "./dsa-orders.ts";
export { evidenceStatistics, evidenceStatisticsCsv, type EvidenceStatistics } from "./e-evidence-statistics.ts";
export { bandTable, nameStructure, secretCases, type BandOption, type BandTable, type Naming, type ReportBands } from "./national-security.ts";
export { emptyTrail, europeanBuckets, findRequestRow, follow, papersReportedAs } from "./request-facts.ts";
export { type Gap, type RequestRow, type RowFinding } from "./request-row.ts";
export { countPartner, emptyPartnerTally, partnerFigures, partnerMeasures } from "./partner-figures.ts";
export { type Published } from "./small-numbers.ts";
export { count, emptyTally, receivedIn, type Tally } from "./tally.ts";
export { findBands, reportCsv, transparencyReport, type Measure, type TransparencyReport } from "./transparency-report.ts";
