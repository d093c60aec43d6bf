// Form 3 says in words why an order cannot be executed, and marks every word that is ours.
import assert from "node:assert/strict";
import { test } from "node:test";
import { elementsOf, treeOf } from "../../tests/fixtures/exchange/trees.ts";
import { formThreeReasons, writeFormThree } from "./write-form-3.ts";
import type { FormThree } from "./write-form-3.ts";

const form: FormThree = {
  reference: "123 Js 456/26",
  authority: "Staatsanwaltschaft Musterstadt",
  addressee: "Examplechat Europe Ltd",
  reasons: formThreeReasons.map((id) => ({ id, says: `Reason <${id}> & more.` })),
  isPreserved: true,
  contact: "legal@example.com",
};

const written = (each: FormThree) => {
  const writing = writeFormThree(each);
  if (writing.kind !== "written") throw new Error("refused");
  return treeOf(writing.xml);
};

test("every reason stands in section D as free text under our own namespace, with a notice", () => {
  const root = written({ ...form, conflict: "Law text", clarification: "Which account?" });
  assert.equal(root.namespace, "http://data.europa.eu/edm/1/ns/forms/EPOC-FORM-3#");
  assert.deepEqual(
    root.children.map(({ name }) => name),
    ["SectionA", "SectionB", "SectionC", "SectionD", "SectionE", "SectionF", "SectionG", "SectionH"],
  );
  const reasons = root.children[3]?.children ?? [];
  assert.deepEqual(
    reasons.map(({ text }) => text),
    form.reasons.map(({ says }) => says),
  );
  for (const reason of reasons) assert.match(reason.attributes.find(({ name }) => name === "notice")?.value ?? "", /not the code words of ETSI TS 104 144/);
  for (const { text, namespace } of elementsOf(root)) if (text !== "") assert.equal(namespace, "urn:portcullis:form-3:words-for-a-person");
});

test("a Form 3 without a reason, or with a character that XML cannot carry, is refused", () => {
  assert.equal(writeFormThree({ ...form, reasons: [] }).kind, "refused");
  assert.equal(writeFormThree({ ...form, contact: "a\u0007b" }).kind, "refused");
});
