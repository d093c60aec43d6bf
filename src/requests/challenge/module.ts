// The door of challenges.
export { openChallenge, resolveChallenge } from "./challenge-steps.ts";
export { challengesOf, linesLeftByRulings, type Challenge } from "./pending-challenges.ts";
