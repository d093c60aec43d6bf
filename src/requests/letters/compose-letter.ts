// Letters, written from the same reasons as the pages and the JSON: what happened, why, what to do.
import { challengeGrounds, gagLiftRequest } from "./challenge-letters.ts";
import type { LetterKind } from "./events.ts";
import { form3 } from "./form-3.ts";
import { invoice } from "./invoice.ts";
import type { Block, Letter } from "./letter.ts";
import type { LetterMatter, MatterOf } from "./letter-matter.ts";
import { lateNotice, ownerNotice } from "./owner-letters.ts";
import { preservationConfirmed, preservationEnded } from "./preservation-letters.ts";
import {
  acknowledgement,
  clarification,
  emergencyAnswer,
  gagWishAnswer,
  missingContents,
  productionReady,
  recall,
  referral,
  rejection,
} from "./request-letters.ts";
import { narrowing } from "./review-letters.ts";

/** One letter in its parts; `letterText` and the printer make what is read from it. */
export function composeLetter<Kind extends LetterKind>(kind: Kind, matter: MatterOf<Kind> & LetterMatter): Letter {
  const { readers, title, write } = kinds[kind] as KindOfLetter<MatterOf<Kind> & LetterMatter>;
  const { caseId, company, mailbox } = matter;
  const reader = typeof readers === "function" ? readers(matter) : readers;
  // The matter number is the agency's own; the customer never gave one.
  const yours = reader === "owner" ? undefined : matter.matter;
  return {
    subject: `${caseId}: ${title}`,
    title: `${title.slice(0, 1).toUpperCase()}${title.slice(1)}`,
    to: namesOf(reader, matter),
    greeting: greeting(reader, matter),
    blocks: write(matter),
    closing: { company, mailbox },
    reference: { caseId, ...(yours === undefined ? {} : { yours }) },
  };
}

type Reader = "agency" | "owner" | "court" | "issuer";

interface KindOfLetter<Matter> {
  readonly readers: Reader | ((matter: Matter) => Reader);
  /** Stands in the subject too, which travels in the clear: it says the kind and nothing else. */
  readonly title: string;
  readonly write: (matter: Matter) => readonly Block[];
}

const kinds: { readonly [Kind in LetterKind]: KindOfLetter<MatterOf<Kind>> } = {
  acknowledgement: { readers: "agency", title: "your request has arrived", write: acknowledgement },
  "missing-contents": { readers: "agency", title: "what your request still needs", write: missingContents },
  clarification: { readers: "agency", title: "what is unclear in your request", write: clarification },
  rejection: { readers: "agency", title: "your request cannot be answered", write: rejection },
  referral: { readers: "agency", title: "please turn to our customer", write: referral },
  "owner-notice": { readers: "owner", title: "a request for your workspace's data", write: ownerNotice },
  "late-notice": { readers: "owner", title: "a request for your workspace's data that we could not tell you about before", write: lateNotice },
  "gag-wish-answer": { readers: "agency", title: "your wish that the customer is not told", write: gagWishAnswer },
  narrowing: { readers: "agency", title: "how far your paper reaches", write: narrowing },
  "form-3": { readers: "agency", title: "why your certificate is not carried out", write: form3 },
  "challenge-grounds": { readers: "agency", title: "why the order is challenged", write: challengeGrounds },
  "gag-lift-request": { readers: ({ addressee }) => addressee, title: "please lift the secrecy order", write: gagLiftRequest },
  "preservation-confirmed": { readers: "agency", title: "what is kept at your request", write: preservationConfirmed },
  "preservation-ended": { readers: "agency", title: "what was kept at your request is kept no longer", write: preservationEnded },
  "emergency-answer": { readers: "agency", title: "your emergency request", write: emergencyAnswer },
  invoice: { readers: "agency", title: "the cost of your request", write: invoice },
  "production-ready": { readers: "agency", title: "the production is ready", write: productionReady },
  recall: { readers: "agency", title: "a production is taken back", write: recall },
};

function namesOf(reader: Reader, { officer, agency, owner, workspace }: LetterMatter): readonly string[] {
  const names = { agency: [officer, agency], owner: [owner, workspace], court: [], issuer: [] } as const;
  return names[reader].flatMap((name) => (name === undefined ? [] : [name]));
}

function greeting(reader: Reader, { officer, owner }: LetterMatter): string {
  if (reader === "court") return "To the court:";
  if (reader === "issuer") return "To the authority that issued the order:";
  const name = reader === "owner" ? owner : officer;
  return name === undefined ? "Good day," : `Good day ${name},`;
}
