// The door of the partner program.
export { calculations } from "./calculations.ts";
export { shareOfSales } from "./statements/sales-ledger.ts";
export { partnerSteps } from "./steps.ts";
export type { PartnerAsker } from "./partner.ts";
export type { SalesFault } from "./statements/sales-ledger.ts";
