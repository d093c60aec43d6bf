// Form 3 of the European e-evidence Regulation: why a certificate is not carried out, or what it would take.
import { heading, list, paragraph, reasonList, type Block } from "./letter.ts";
import type { LetterMatter } from "./letter-matter.ts";

export interface Form3Matter extends LetterMatter {
  readonly certificate: { readonly kind: "EPOC" | "EPOC-PR"; readonly number: string; readonly issuedOn?: string; readonly receivedOn: string };
  readonly authorities: { readonly issuing: string; readonly validating?: string; readonly enforcing?: string };
  readonly addressee: { readonly name: string; readonly capacity: "designated establishment" | "legal representative" };
  /** The conflicting law of a third country (art. 17); absent where there is none. */
  readonly conflict?: { readonly law: string; readonly applies: string; readonly nature: string };
  /** What the issuing authority is asked to add or to clear up. */
  readonly asked: readonly string[];
  readonly preserved: { readonly kind: "kept"; readonly since: string; readonly until: string } | { readonly kind: "not-kept"; readonly because: string };
  readonly contact: { readonly name: string; readonly telephone?: string };
}

const fromMemory =
  "The sections follow Annex III of Regulation (EU) 2023/1543; their letters are given from memory and must be compared with the Official Journal before this form is relied on.";

/** The reasons of section D are `reasons`; section E and F say so where there is nothing to say. */
export function form3(matter: Form3Matter): readonly Block[] {
  return [
    paragraph("This is Form 3, the answer to a European Order Certificate. What is not carried out, and why, stands in section D."),
    ...certificate(matter),
    ...authorities(matter),
    ...addressee(matter),
    heading("D. Reasons for not carrying out the certificate"),
    matter.reasons.length === 0 ? paragraph("None: the certificate is carried out as soon as section F is answered.") : reasonList(matter.reasons),
    ...conflict(matter),
    ...clarificationAsked(matter),
    ...preservation(matter),
    ...contact(matter),
  ];
}

function certificate({ certificate: { kind, number, issuedOn, receivedOn } }: Form3Matter): readonly Block[] {
  const name = kind === "EPOC" ? "European Production Order Certificate" : "European Preservation Order Certificate";
  return [
    heading("A. The certificate", fromMemory),
    list([`${name} (${kind}), number ${number}`, ...(issuedOn === undefined ? [] : [`issued on ${issuedOn}`]), `received on ${receivedOn}`]),
  ];
}

function authorities({ authorities: { issuing, validating, enforcing } }: Form3Matter): readonly Block[] {
  return [
    heading("B. The authorities"),
    list([
      `issuing authority: ${issuing}`,
      ...(validating === undefined ? [] : [`validating authority: ${validating}`]),
      `enforcing authority: ${enforcing ?? "not notified, as far as the certificate says"}`,
    ]),
  ];
}

function addressee({ addressee: { name, capacity } }: Form3Matter): readonly Block[] {
  return [heading("C. The addressee"), paragraph(`${name}, as ${capacity} of the service provider.`)];
}

function conflict({ conflict: found }: Form3Matter): readonly Block[] {
  const title = heading("E. Conflict with the law of a third country (article 17)");
  if (found === undefined) return [title, paragraph("None is raised.")];
  return [
    title,
    list([`the law: ${found.law}`, `why it applies here: ${found.applies}`, `the nature of the conflict: ${found.nature}`]),
    paragraph("The objection does not rest on the data being stored outside the Union alone, nor on the third country having no such order."),
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
    preserved.kind === "kept"
      ? `Yes: the data asked for, as far as we hold it, is kept since ${preserved.since} and until ${preserved.until}.`
      : `No: ${inSentence(preserved.because)}`;
  return [heading("G. Is the data preserved?"), paragraph(words)];
}

function contact({ contact: { name, telephone }, mailbox }: Form3Matter): readonly Block[] {
  return [heading("H. Contact"), list([name, mailbox, ...(telephone === undefined ? [] : [telephone])])];
}

function inSentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}
