// What a Form 3 says of a European certificate: taken from the confirmed paper, the review, the conflict that was raised and what is kept.
import { dayWords } from "../policy/deadline-rule.ts";
import { rankWords } from "../policy/process-ladder.ts";
import { conflictsOf } from "../requests/challenge/module.ts";
import type { InstrumentFacts } from "../requests/intake/events.ts";
import { intakeOf } from "../requests/intake/module.ts";
import { groundWords, inWords, type Form3Matter, type LetterMatter } from "../requests/letters/module.ts";
import { keepingClock, livingPreservations } from "../requests/preservation/module.ts";
import { findInstrument } from "../requests/review/module.ts";
import { momentDay, openWords, optional, scopeOf, type Writing } from "./letter-matter.ts";

type OwnMatter = Omit<Form3Matter, Exclude<keyof LetterMatter, "reasons">>;

/** What is not on record stays absent, and the form says so. */
export async function form3Matter(writing: Writing): Promise<OwnMatter> {
  const { history, at, fact } = writing;
  const paper = intakeOf(history).details?.instrument;
  const known = findInstrument(paper, at.laws);
  if (paper === undefined || known === undefined) throw new Error("a Form 3 was owed for a paper that is not known");
  const { designatedIn } = at.provider ?? {};
  const conflict = await conflictMatter(writing);
  const preserved = preservedMatter(writing);
  return {
    certificate: {
      kind: known.instrument.family === "preservation" ? "EPOC-PR" : "EPOC",
      ...optional("issuedOn", paper.issuedOn === undefined ? undefined : dayWords(paper.issuedOn)),
      receivedOn: momentDay(paper.servedAt, writing),
    },
    authorities: authorities(paper),
    ...optional("capacity", designatedIn === undefined ? undefined : `designated establishment or legal representative (${designatedIn})`),
    // That an order to keep data hands none over is no reason against keeping it.
    reasons: fact.type === "RequestRejected" ? fact.reasons.filter(({ code }) => code !== "PRESERVATION_ONLY") : [],
    ...reviewed(writing),
    ...(fact.type === "ChallengeOpened"
      ? { objection: { route: fact.route ?? "an objection", grounds: (fact.on ?? []).map((ground) => groundWords[ground]) } }
      : {}),
    ...(conflict === undefined ? {} : { conflict }),
    asked: fact.type === "ClarificationAsked" ? fact.points.map(inWords) : [],
    ...(preserved === undefined ? {} : { preserved }),
  };
}

function authorities({ validatedBy, authorityNotified }: InstrumentFacts): OwnMatter["authorities"] {
  const enforcing = { true: "told of the order; its name is not recorded", false: "not told of the order" } as const;
  return {
    ...optional("validating", validatedBy === undefined ? undefined : `${rankWords({ issuers: [validatedBy] })}; the name is not recorded`),
    ...optional("enforcing", authorityNotified === undefined ? undefined : enforcing[`${authorityNotified}`]),
  };
}

/** After a review: what is left undone, whatever the reason, and what is not. */
function reviewed(writing: Writing): Pick<OwnMatter, "refused" | "reached"> {
  if (writing.fact.type !== "ReviewSigned") return { refused: [], reached: [] };
  const { offered, refused, leftOut } = scopeOf(writing.fact, writing);
  return { refused: [...refused, ...leftOut], reached: offered };
}

interface ConflictWords {
  readonly law: string;
  readonly whyItApplies: string;
  readonly conflict: string;
}

/** The objection under another country's law that is pending, or that this step raises. */
async function conflictMatter(writing: Writing): Promise<OwnMatter["conflict"]> {
  const pending = conflictsOf(writing.history).findLast(({ decided }) => decided === undefined);
  const sealed = pending === undefined ? undefined : await openWords<ConflictWords>(writing, pending.raised.reasons);
  return sealed === undefined ? undefined : { law: sealed.law, applies: sealed.whyItApplies, nature: sealed.conflict };
}

function preservedMatter(writing: Writing): OwnMatter["preserved"] {
  const { history, at } = writing;
  const living = livingPreservations(history).at(-1);
  if (living === undefined) return undefined;
  const clock = keepingClock(living, history, at);
  return { since: momentDay(living.sealedAt, writing), ...optional("until", clock === undefined ? undefined : dayWords(clock.lastDay)) };
}
