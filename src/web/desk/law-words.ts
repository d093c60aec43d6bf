// The desk's words for what the law's rows and facts are coded in: ranks, ways of service, grounds, kinds of clock.
import type { Instrument, PaperClock, Protection, Rank, ServiceRoute } from "../../policy/pack.ts";
import type { ChallengeGround, ChallengeStepTaken } from "../../requests/challenge/events.ts";

export const rankWords: Readonly<Record<Rank, string>> = {
  judge: "A judge",
  court: "A court",
  "investigating-judge": "An investigating judge",
  prosecutor: "A prosecutor",
  clerk: "A clerk of the court",
  agency: "The agency itself",
  official: "An official whom the statute names",
  minister: "A minister",
  "grand-jury": "A grand jury",
  litigant: "A party to the case, or its lawyer",
  customer: "The customer",
  "foreign-authority": "An authority of another state",
  nobody: "Nobody: it bears no signature",
};

export const serviceWords: Readonly<Record<ServiceRoute, string>> = {
  "legal-process-mailbox": "Our mailbox for legal process",
  portal: "The portal",
  "registered-agent": "The registered agent",
  "in-person": "In person",
  post: "Post",
  "decentralised-it-system": "The decentralised IT system of the Union",
  "electronic-contact-point": "The electronic point of contact",
  "secretary-of-state": "The Secretary of State",
  "lord-advocate": "The Lord Advocate",
  "designated-authority": "The designated authority",
  "classified-channel": "A classified channel",
  "police-direct": "The police, directly",
};

export const groundWords: Readonly<Record<ChallengeGround, string>> = {
  "wrong-issuer": "The wrong person issued it",
  "insufficient-process": "The paper does not reach what it asks for",
  overbroad: "It asks for too much",
  "undue-burden": "It is an undue burden",
  vague: "It is vague",
  privilege: "It reaches privileged matter",
  "free-expression": "It strikes at free expression",
  "conflict-of-laws": "The law of another country forbids the answer",
  comity: "Comity between states",
  "secrecy-unlawful": "Its secrecy is unlawful",
  "not-held": "We do not hold the data",
  "wrong-entity": "It is addressed to the wrong entity",
  "human-rights": "Human rights",
  "customer-objects": "The customer objects",
  other: "Another ground, in words below",
};

export const challengeStepWords: Readonly<Record<ChallengeStepTaken["step"], string>> = {
  filed: "It was filed",
  "interim-measures-asked": "Interim measures were asked for",
  "interim-measures-granted": "Interim measures were granted",
  "interim-measures-refused": "Interim measures were refused",
  "hearing-set": "A hearing was set",
  "hearing-held": "The hearing was held",
  appealed: "An appeal was brought",
};

export const broughtWords = { owner: "customer", desk: "desk" } as const;

/** A delayed-notice order is none: it lets the government wait and forbids the desk nothing. */
export function forbidsNotice({ id, compulsory, gagBy }: Instrument): boolean {
  return compulsory && gagBy.includes(id);
}

/** What a clock is to the desk. */
export const clockKindWords: Readonly<Record<PaperClock["kind"], string>> = {
  duty: "We act by then",
  hold: "Nothing leaves before",
  keep: "Data is kept until then",
  option: "A right of ours ends",
  theirs: "The other side acts by then",
};

export const beneficiaryWords = { customer: "the customer", "data-protection-authority": "the data-protection authority" } as const;

export const protectionWords: Readonly<Record<Protection, string>> = {
  privilege: "Privileged: between a lawyer, doctor or priest and those they serve",
  journalism: "Journalistic",
  health: "About health",
  minors: "About minors",
  education: "Education records",
  "public-authority": "The customer is a public authority",
};
