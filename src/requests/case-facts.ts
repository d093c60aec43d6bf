// Every fact that may stand in a case's stream.
import type { ChallengeFact } from "./challenge/events.ts";
import type { DisclosureFact } from "./disclosure/events.ts";
import type { GagFact } from "./gag/events.ts";
import type { IntakeFact } from "./intake/events.ts";
import type { LetterFact } from "./letters/events.ts";
import type { NoticeFact } from "./notice/events.ts";
import type { PreservationFact } from "./preservation/events.ts";
import type { RedactionFact } from "./redaction/events.ts";
import type { ReviewFact } from "./review/events.ts";
import type { VerificationFact } from "./verification/events.ts";

export type CaseFact =
  | PreservationFact
  | IntakeFact
  | VerificationFact
  | ReviewFact
  | GagFact
  | NoticeFact
  | ChallengeFact
  | DisclosureFact
  | LetterFact
  | RedactionFact;
