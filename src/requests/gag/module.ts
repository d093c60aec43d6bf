// The door of the gag register.
export { lapseGags, noteGagWish, recordGag, recordLiftAttempt, renewGag } from "./gag-steps.ts";
export { bindingGags, gagsOf, type Gag } from "./open-gags.ts";
