// What the law asks about a case and nobody has recorded: a machine that cannot know asks, and never guesses.
import type { JurisdictionPack } from "../policy/pack.ts";
import type { Circumstances, History } from "../requests/decision.ts";
import { checkStates, findInstrument, worksheetOf } from "../requests/review/module.ts";
import { intakeOf } from "../requests/intake/module.ts";
import type { CaseDescription } from "./description.ts";

export interface OpenQuestion {
  /** Where the answer belongs in the description: `paper.shows`, `places`, `checks.V05`. */
  readonly about: string;
  readonly question: string;
}

export function openQuestions(description: CaseDescription, history: History, at: Circumstances): readonly OpenQuestion[] {
  return [...paperQuestions(description, at), ...faceQuestions(history, at), ...worksheetQuestions(history, at), ...checkQuestions(history, at)];
}

function paperQuestions({ paper }: CaseDescription, at: Circumstances): readonly OpenQuestion[] {
  if (paper.instrument === undefined) return [{ about: "paper.instrument", question: "What kind of paper is it?" }];
  const known = findInstrument({ id: paper.instrument }, at.laws);
  if (known === undefined) return [{ about: "paper.instrument", question: `No pack knows the paper ${paper.instrument}. Which one is it?` }];
  const { instrument, law } = known;
  return [
    ...(paper.signedBy === undefined ? [{ about: "paper.signedBy", question: "Who signed the paper?" }] : []),
    ...(paper.issuedIn === undefined && !law.territory.includes(law.country)
      ? [{ about: "paper.issuedIn", question: "Authorities of which state issued it?" }]
      : []),
    ...(paper.issuedIn === undefined && rulesOnParts(law)
      ? [{ about: "paper.issuedIn", question: "Which part of the country issued it, or the whole? It is taken for a paper of the whole." }]
      : []),
    ...(paper.servedBy === undefined && instrument.servedBy !== undefined ? [{ about: "paper.servedBy", question: "By which way was it served?" }] : []),
    ...(asks(instrument.clocks, "emergency") && paper.emergency === undefined ? [{ about: "paper.emergency", question: "Does it invoke an emergency?" }] : []),
    ...(asks(instrument.clocks, "authorityNotified") && paper.authorityNotified === undefined
      ? [{ about: "paper.authorityNotified", question: "Was the authority of the addressee's state told of it?" }]
      : []),
  ];
}

function rulesOnParts({ overrides, country }: JurisdictionPack): boolean {
  return overrides.some(({ when }) => when.authorityIn?.some((region) => region.startsWith(`${country}-`)) === true);
}

function asks(
  clocks: readonly { readonly when?: { readonly [Member in "emergency" | "authorityNotified"]?: boolean | undefined } | undefined }[],
  member: "emergency" | "authorityNotified",
): boolean {
  return clocks.some(({ when }) => when?.[member] !== undefined);
}

/** What the paper's face must show and nobody has looked for. */
function faceQuestions(history: History, at: Circumstances): readonly OpenQuestion[] {
  const facts = intakeOf(history).details?.instrument;
  const known = findInstrument(facts, at.laws);
  if (facts === undefined || known === undefined) return [];
  const seen = new Set([...(facts.shows ?? []), ...(facts.lacks ?? []), ...answeredByFacts(facts)]);
  return known.instrument.facial
    .filter((id) => !seen.has(id))
    .map((id) => ({ about: "paper.shows", question: `Does the paper show ${known.law.contents[id]?.ask ?? id}? (${id})` }));
}

function answeredByFacts({
  signedBy,
  issuedOn,
  expiresOn,
  returnOn,
  seal,
}: { readonly [Member in "signedBy" | "issuedOn" | "expiresOn" | "returnOn" | "seal"]?: unknown }): readonly string[] {
  return [
    ...(signedBy === undefined ? [] : ["signature", "signature-of-judge"]),
    ...(issuedOn === undefined ? [] : ["issued-on"]),
    ...(expiresOn === undefined ? [] : ["expiry"]),
    ...(returnOn === undefined ? [] : ["return-date"]),
    ...(seal === undefined ? [] : ["seal"]),
  ];
}

function worksheetQuestions(history: History, at: Circumstances): readonly OpenQuestion[] {
  return worksheetOf(history, at)
    .filter(({ answer }) => answer === "open")
    .map(({ pack, rule, because }) => ({
      about: "places",
      question: `Whether ${pack} ${rule} applies is open: a place, the provider or the issuing state is not recorded. ${because}`,
    }));
}

function checkQuestions(history: History, at: Circumstances): readonly OpenQuestion[] {
  return checkStates(history, at)
    .filter(({ answer }) => answer === "waiting")
    .map(({ check: { id, question } }) => ({ about: `checks.${id}`, question }));
}
