// The door of challenges.
export { openChallenge, resolveChallenge } from "./challenge-steps.ts";
export { challengesOf } from "./pending-challenges.ts";
