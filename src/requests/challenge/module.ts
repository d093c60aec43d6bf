// The door of challenges.
export { openChallenge, resolveChallenge, takeChallengeStep } from "./challenge-steps.ts";
export { challengesOf } from "./pending-challenges.ts";
export { authorityAnswer, conflictsOf } from "./authority-hold.ts";
export { decideConflict, raiseConflict, recordAuthorityAnswer } from "./other-authorities.ts";
