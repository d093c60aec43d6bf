// The door of the partner program.
export { calculations } from "./calculations.ts";
