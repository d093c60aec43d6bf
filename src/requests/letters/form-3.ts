// Form 3 of the European e-evidence Regulation: why a certificate is not carried out, or what it would take.
import { heading, inWords, list, paragraph, type Block } from "./letter.ts";
import type { LetterMatter, RefusedLine } from "./letter-matter.ts";
import { refusedLine } from "./review-letters.ts";

/** What is absent was not recorded, and the form says so. The reasons of section D are `reasons`, `refused` and `objection`. */
export interface Form3Matter extends LetterMatter {
  readonly certificate: { readonly kind: "EPOC" | "EPOC-PR"; readonly issuedOn?: string; readonly receivedOn: string };
  readonly authorities: { readonly validating?: string; readonly enforcing?: string };
  /** The capacity in which the company was addressed. */
  readonly capacity?: string;
  /** Lines that are not carried out although others are, and the lines that the certificate reaches. */
  readonly refused: readonly RefusedLine[];
  readonly reached: readonly string[];
  /** The route of the Regulation that is taken, and its grounds in words. */
  readonly objection?: { readonly route: string; readonly grounds: readonly string[] };
  /** The conflicting law of a third country (art. 17); absent where there is none. */
  readonly conflict?: { readonly law: string; readonly applies: string; readonly nature: string };
  /** What the issuing authority is asked to add or to clear up. */
  readonly asked: readonly string[];
  readonly preserved?: { readonly since: string; /** Absent: until the certificate is answered. */ readonly until?: string };
}

const unknown = "not recorded";

const fromMemory =
  "The sections follow Annex III of Regulation (EU) 2023/1543; their letters are given from memory and must be compared with the Official Journal before this form is relied on.";

export function form3(matter: Form3Matter): readonly Block[] {
  return [
    paragraph("This is Form 3, the answer to a European Order Certificate. What is not carried out, and why, stands in sections D to F."),
    ...certificate(matter),
    ...authorities(matter),
    heading("C. The addressee"),
    list([matter.company, `in its capacity as: ${matter.capacity ?? unknown}`]),
    ...reasons(matter),
    ...conflict(matter),
    ...clarificationAsked(matter),
    ...preservation(matter),
    heading("H. Contact"),
    list([`${matter.company}, legal requests`, matter.mailbox]),
  ];
}

function certificate({ certificate: { kind, issuedOn, receivedOn }, matter }: Form3Matter): readonly Block[] {
  const name = kind === "EPOC" ? "European Production Order Certificate" : "European Preservation Order Certificate";
  return [
    heading("A. The certificate", fromMemory),
    list([`${name} (${kind})`, `number: ${matter ?? unknown}`, `issued on: ${issuedOn ?? unknown}`, `received on: ${receivedOn}`]),
  ];
}

function authorities({ agency, authorities: { validating, enforcing } }: Form3Matter): readonly Block[] {
  return [
    heading("B. The authorities"),
    list([`issuing authority: ${agency ?? unknown}`, `validating authority: ${validating ?? unknown}`, `enforcing authority: ${enforcing ?? unknown}`]),
  ];
}

function reasons({ reasons: all, refused, reached, objection }: Form3Matter): readonly Block[] {
  const items = [...all.map(inWords), ...(objection === undefined ? [] : [{ text: objection.route, under: objection.grounds }]), ...refused.map(refusedLine)];
  return [
    heading("D. Reasons for not carrying out the certificate"),
    ...(items.length === 0 ? [paragraph("None beside sections E and F.")] : [list(items)]),
    ...(reached.length === 0 ? [] : [paragraph("The certificate reaches these lines, and we go on with them:"), list(reached)]),
  ];
}

function conflict({ conflict: found }: Form3Matter): readonly Block[] {
  const title = heading("E. Conflict with the law of a third country (article 17)");
  if (found === undefined) return [title, paragraph("None is raised.")];
  return [
    title,
    list([`the law: ${found.law}`, `why it applies here: ${found.applies}`, `the nature of the conflict: ${found.nature}`]),
    paragraph(
      "Such an objection may rest neither on the data being stored outside the Union alone, nor on the third country having no such order (article 17(2)).",
    ),
  ];
}

function clarificationAsked({ asked, certificate: { kind } }: Form3Matter): readonly Block[] {
  const title = heading("F. What we ask you to add or to clear up");
  if (asked.length === 0) return [title, paragraph("Nothing is asked.")];
  const effect =
    kind === "EPOC"
      ? "Our time limits stand still until you answer (article 10(6))."
      : "If no answer comes within five days, the duty to preserve ends (article 11(5)).";
  return [title, list(asked), paragraph(`Please answer within five days of this form. ${effect}`)];
}

function preservation({ preserved }: Form3Matter): readonly Block[] {
  const words =
    preserved === undefined
      ? "No copy is on record so far."
      : `Yes: the data asked for, as far as we hold it, is kept since ${preserved.since} and until ${preserved.until ?? "the certificate is answered"}.`;
  return [heading("G. Is the data preserved?"), paragraph(words)];
}
