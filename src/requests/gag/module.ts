// The door of the gag register.
export { lapseGags, noteGagWish, objectToGag, secrecyUndecided, recordGag, recordLiftAttempt, renewGag } from "./gag-steps.ts";
export { bindingGags, gagsOf, type Gag } from "./open-gags.ts";
