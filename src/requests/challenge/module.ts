// The door of challenges.
export { openChallenge, resolveChallenge, takeChallengeStep } from "./challenge-steps.ts";
export { challengeReasons, challengesOf, linesLeftByRulings } from "./pending-challenges.ts";
export { authorityAnswer, authorityReasons, conflictsOf, linesLeftByAuthority } from "./authority-hold.ts";
export { decideConflict, raiseConflict, recordAuthorityAnswer } from "./other-authorities.ts";
