// The door of the partner program.
export { calculations } from "./calculations.ts";
export { shareOfSales } from "./statements/sales-ledger.ts";
