// Writes why an order cannot be executed as Form 3, as far as its element names are publicly known: the reasons stand in words.
import { formThreeNamespace } from "./epoc-words.ts";
import type { Problems } from "./read-xml.ts";
import { element, isUnwritable, optional, writeXml } from "./write-xml.ts";
import type { XmlOut } from "./write-xml.ts";

/**
 * Our own ids for the reasons of articles 10 to 12, 16 and 17 of Regulation (EU) 2023/1543. They are not the code words of
 * ETSI TS 104 144, which are taken from that standard before anybody writes them into a form.
 */
export const formThreeReasons = [
  "incomplete-certificate",
  "manifest-errors",
  "not-enough-information",
  "data-not-held",
  "impossible",
  "wrong-issuer",
  "offence-not-covered",
  "service-not-covered",
  "immunity-or-privilege",
  "third-country-law",
] as const;
type FormThreeReason = (typeof formThreeReasons)[number];

export interface FormThree {
  /** The certificate it answers. */
  readonly reference: string;
  readonly authority: string;
  readonly addressee: string;
  readonly reasons: readonly { readonly id: FormThreeReason; readonly says: string }[];
  /** Text of the other country's law, why it applies, and in what the conflict lies. */
  readonly conflict?: string;
  readonly clarification?: string;
  readonly isPreserved: boolean;
  readonly contact: string;
}

/** Marks what is ours: no system of the Union knows this namespace, so the words are read by a person. */
const ourNamespace = "urn:portcullis:form-3:words-for-a-person";
const notice = "Free text and reason ids of Portcullis. These are not the code words of ETSI TS 104 144. A person must read them.";

/** A draft for a person to transfer: it is not valid against the official schema and is never sent by itself. */
export function writeFormThree(
  form: FormThree,
): { readonly kind: "written"; readonly xml: string } | { readonly kind: "refused"; readonly problems: Problems } {
  const texts = [
    form.reference,
    form.authority,
    form.addressee,
    form.contact,
    form.conflict ?? "",
    form.clarification ?? "",
    ...form.reasons.map(({ says }) => says),
  ];
  if (texts.some(isUnwritable))
    return { kind: "refused", problems: [{ path: "/", what: "A text holds a character that XML cannot carry.", remedy: "Take the character out." }] };
  if (form.reasons.length === 0)
    return { kind: "refused", problems: [{ path: "/reasons", what: "Form 3 gives no reason.", remedy: "Name at least one reason." }] };
  return { kind: "written", xml: writeXml(element("Form3", sections(form), { xmlns: formThreeNamespace, "xmlns:portcullis": ourNamespace })) };
}

function sections(form: FormThree): readonly (XmlOut | undefined)[] {
  const { reference, authority, addressee, reasons, conflict, clarification, isPreserved, contact } = form;
  return [
    element("SectionA", [words(reference)]),
    element("SectionB", [words(authority)]),
    element("SectionC", [words(addressee)]),
    element(
      "SectionD",
      reasons.map(({ id, says }) => element("portcullis:FreeText", says, { notice, reason: id })),
    ),
    conflict === undefined ? undefined : element("SectionE", [words(conflict)]),
    clarification === undefined ? undefined : element("SectionF", [words(clarification)]),
    element("SectionG", [words(isPreserved ? "The data is preserved." : "The data is not preserved.")]),
    element("SectionH", [words(contact)]),
  ];
}

function words(text: string): XmlOut | undefined {
  return optional("portcullis:FreeText", text);
}
