// What is taken out of a production is gone: from its records, from its PDFs, from everything the desk stores, while counts and reasons remain.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, before, test } from "node:test";
import { noteCrypto } from "../../src/adapters/keys/log-signing.ts";
import { decryptAge } from "../../src/adapters/package/age-payload.ts";
import { verifyPackage } from "../../src/adapters/package/verify-package.ts";
import { startRedactor } from "../../src/adapters/pdf/redactor.ts";
import { approveWithKey } from "../../src/app/approve-package.ts";
import { addApproverKey } from "../../src/app/approver-keys.ts";
import { admitStaff } from "../../src/app/directory.ts";
import { readCase } from "../../src/app/handle.ts";
import { approvePages, giveCustomerCopy, markRegions, openPaper, previewRecords } from "../../src/app/look-through-papers.ts";
import { approverIdentity, approverRecipient } from "../../src/app/package-key.ts";
import { giveNotices } from "../../src/app/owner-notice.ts";
import { copiesFor, openCopy } from "../../src/app/portal.ts";
import { planAndCheck, sealProduction } from "../../src/app/produce.ts";
import { setRedactions, type RedactionRules } from "../../src/app/redaction-rules.ts";
import { openPackage } from "../../src/app/withheld-opening.ts";
import type { CaseId } from "../../src/kernel/ids.ts";
import { verifyProof } from "../../src/ledger/verify-proof.ts";
import type { CaseFact } from "../../src/requests/case-facts.ts";
import { redactionOf } from "../../src/requests/redaction/module.ts";
import { ana, openRedactionCase, paper, removed as gone_, type RedactionCase } from "../desks/redaction-case.ts";
import type { RunningDesk } from "../desks/running-desk.ts";

let opened: RedactionCase;
let running: RunningDesk;
let identity: string;
let caseId: CaseId;

const { person } = gone_;
const removed: readonly string[] = Object.values(gone_);

before(async () => {
  opened = await openRedactionCase();
  ({ running, identity, caseId } = opened);
});
after(() => opened.stop());

async function find<Type extends CaseFact["type"]>(type: Type): Promise<Extract<CaseFact, { readonly type: Type }>> {
  const fact = (await readCase(await running.desk(), caseId)).findLast((each) => each.fact.type === type)?.fact;
  return (fact as Extract<CaseFact, { readonly type: Type }> | undefined) ?? assert.fail(`no ${type}`);
}

async function sets(wanted: RedactionRules) {
  const desk = await running.desk();
  return setRedactions(desk, caseId, ana.by, wanted, redactionOf(await readCase(desk, caseId)).rules?.rules);
}

const codes = (outcome: { readonly kind: string; readonly reasons?: readonly { readonly code: string }[] }) =>
  outcome.reasons?.map(({ code }) => code) ?? [outcome.kind];

/** Stands on the paper's first page and is covered in the customer's copy alone. */
const customersOnly = "weather";

const rules: RedactionRules = {
  fields: [{ source: "workspace-database", collection: "posts", field: "channel_name", action: { kind: "replace", by: "(withheld)" }, reason: "OUTSIDE_LINE" }],
  texts: [
    { kind: "pattern", pattern: "e-mail", reason: "THIRD_PARTY" },
    { kind: "pattern", pattern: "telephone", reason: "THIRD_PARTY" },
    { kind: "term", term: customersOnly, reason: "PRIVILEGE", only: "customer" },
  ],
  people: [{ names: [person], reason: "PROTECTED_PERSON" }],
};

test("the check sees whose records speak of others, and which papers would leave", async () => {
  const handled = await planAndCheck(await running.desk(), caseId, ana.by);
  assert.equal(handled.kind, "done", JSON.stringify(handled));
  const check = await find("RecordsChecked");
  assert.equal(check.others?.["L1"], 3);
  assert.equal(check.papers?.length, 1);
  assert.equal(check.rules, undefined);
});

test("a rule that would take out nothing, or what shows whose record it is, is refused before anything is read", async () => {
  const desk = await running.desk();
  const field = { source: "workspace-database", collection: "posts", action: { kind: "remove" }, reason: "OUTSIDE_LINE" } as const;
  for (const [name, code] of [
    ["bodyy", "RULE_NAMES_NOTHING"],
    ["author_id", "FIELD_SHOWS_OWNER"],
  ] as const) {
    await sets({ fields: [{ ...field, field: name }], texts: [], people: [] });
    assert.deepEqual(codes(await planAndCheck(desk, caseId, ana.by)), [code]);
  }
  const short = await sets({ fields: [], texts: [{ kind: "term", term: "- ", reason: "PRIVILEGE" }], people: [] });
  assert.deepEqual(codes(short), ["TERM_TOO_SHORT"]);
});

test("the rules end the check; the preview shows before and after; the new check counts what they take", async () => {
  const desk = await running.desk();
  assert.equal((await sets(rules)).kind, "done");
  assert.deepEqual(
    codes(await sealProduction(desk, caseId, ana.by)).filter((code) => code !== "TOO_FEW_KEYS"),
    ["NOT_CHECKED"],
  );
  const preview = await previewRecords(desk, caseId, ana.by, { most: 500, shown: 400 });
  assert.ok(preview.kind === "preview", JSON.stringify(preview));
  const written = preview.samples.find(({ before: { fields } }) => String(fields["body"]).includes(person));
  assert.match(String(written?.after.fields["body"]), /^Ask Person 1 \(\[removed: THIRD_PARTY\], \[removed: THIRD_PARTY\]\) about the rent$/);
  const handled = await planAndCheck(desk, caseId, ana.by);
  assert.equal(handled.kind, "done", JSON.stringify(handled));
  const check = await find("RecordsChecked");
  assert.equal(check.passed, true);
  assert.equal(check.redactions?.["PROTECTED_PERSON"], 4);
  assert.equal(check.redactions?.["THIRD_PARTY"], 6);
  assert.equal(check.others, undefined);
});

async function holdKeys(): Promise<ReadonlyMap<string, CryptoKey>> {
  const desk = await running.desk();
  const keys = new Map<string, CryptoKey>();
  for (const [index, id] of ["ben", "cleo"].entries()) {
    await admitStaff(desk.ports, desk.id, ana.by, { id, name: id, email: `${id}@kutano.example`, roles: ["approver"] });
    const key = await approverIdentity(new Uint8Array(32).fill(index + 7));
    keys.set(id, key);
    await addApproverKey(desk, id, { kind: "phrase", recipient: await approverRecipient(key) });
  }
  return keys;
}

test("nothing is sealed until a person has looked at every page of the PDF as it is redacted", async () => {
  const desk = await running.desk();
  await holdKeys();
  assert.deepEqual(codes(await sealProduction(desk, caseId, ana.by)), ["PAGES_NOT_APPROVED"]);
  const [name = ""] = (await find("RecordsChecked")).papers ?? [];
  const first = await openPaper(desk, caseId, ana.by, { paper: name, audience: "officer" });
  assert.ok(first.kind === "open", JSON.stringify(first));
  assert.equal(first.pages.length, 2);
  await approvePages(desk, caseId, ana.by, { paper: name, audience: "officer", view: first.view, pages: [1] });
  assert.deepEqual(codes(await sealProduction(desk, caseId, ana.by)), ["PAGES_NOT_APPROVED"]);
  const region = {
    target: { kind: "region", page: 2, box: { left: 60, top: 100, width: 300, height: 20 } },
    reason: "TRADE_SECRET",
    audiences: ["officer"],
  } as const;
  assert.equal((await markRegions(desk, caseId, ana.by, name, [region])).kind, "done");
  assert.deepEqual(codes(await approvePages(desk, caseId, ana.by, { paper: name, audience: "officer", view: first.view, pages: [1, 2] })), ["OTHER_VIEW"]);
  const marked = await openPaper(desk, caseId, ana.by, { paper: name, audience: "officer" });
  const seen = (await readCase(desk, caseId)).flatMap(({ fact, by }) => (fact.type === "OriginalsSeen" ? [[by, fact.paper]] : []));
  assert.deepEqual(
    seen,
    [
      [ana.by, undefined],
      [ana.by, name],
    ],
    "who saw records and who saw the paper, once each",
  );
  assert.ok(marked.kind === "open" && marked.approved.size === 0);
  assert.equal((await approvePages(desk, caseId, ana.by, { paper: name, audience: "officer", view: marked.view, pages: [1, 2] })).kind, "done");
});

test("the officer and the customer get two views of one original, each approved on its own, and the customer's only after the notice", async () => {
  const desk = await running.desk();
  const [name = ""] = (await find("RecordsChecked")).papers ?? [];
  const copy = { paper: name, audience: "customer" } as const;
  const opens = async () => {
    const paperNow = await openPaper(desk, caseId, ana.by, copy);
    return paperNow.kind === "open" ? paperNow : assert.fail(JSON.stringify(paperNow));
  };
  const { view, approved } = await opens();
  assert.equal(approved.size, 0, "the officer's approval is not the customer's");
  assert.deepEqual(codes(await giveCustomerCopy(desk, caseId, ana.by, name, view)), ["OTHER_VIEW"]);
  assert.equal((await approvePages(desk, caseId, ana.by, { ...copy, view, pages: [1] })).kind, "done");
  assert.deepEqual(codes(await giveCustomerCopy(desk, caseId, ana.by, name, view)), ["PAGES_NOT_APPROVED"]);
  assert.equal((await approvePages(desk, caseId, ana.by, { ...copy, view, pages: [2] })).kind, "done");
  const officers = await openPaper(desk, caseId, ana.by, { paper: name, audience: "officer" });
  assert.ok(officers.kind === "open" && officers.approved.size === 2 && officers.view !== view, "the customer's approval left the officer's alone");
  assert.deepEqual(codes(await giveCustomerCopy(desk, caseId, ana.by, name, view)), ["NOT_TOLD_YET"]);
  const visit = { caseId, workspace: "W-HARBOR" };
  assert.deepEqual(await copiesFor(desk, visit), []);
  await giveNotices(desk, caseId, ana.by, ana.askers);
  assert.equal((await giveCustomerCopy(desk, caseId, ana.by, name, view)).kind, "done");
  assert.ok((await opens()).isGiven);
  const [given, ...more] = await copiesFor(desk, visit);
  assert.deepEqual([given?.pages, given?.redactions, more], [2, { PRIVILEGE: 1, PROTECTED_PERSON: 1, THIRD_PARTY: 1 }, []]);
  assert.deepEqual(await copiesFor(desk, { ...visit, workspace: "W-OTHER" }), [], "nobody else's paper");
  const pdf = Buffer.concat(await Array.fromAsync((await openCopy(desk, visit, 1)) ?? assert.fail("no copy")));
  assert.equal(await openCopy(desk, visit, 2), undefined);
  const redactor = startRedactor();
  try {
    const holds = async (term: string) => (await redactor.check(pdf, [{ kind: "term", term }])).kind === "leaks";
    assert.deepEqual(await Promise.all([customersOnly, person, gone_.words].map(holds)), [false, false, true]);
  } finally {
    await redactor.close();
  }
});

test("the package that leaves holds none of the words: not in its records, not in its PDF", async () => {
  const desk = await running.desk();
  const keys = await holdKeys();
  const sealed = await sealProduction(desk, caseId, ana.by);
  assert.equal(sealed.kind, "sealed", JSON.stringify(sealed));
  const reason = (await find("PackageSealed")).redactions;
  assert.deepEqual(reason, { OUTSIDE_LINE: reason?.["OUTSIDE_LINE"], PROTECTED_PERSON: 5, THIRD_PARTY: 7, TRADE_SECRET: 1 });
  for (const [staff, key] of keys) assert.equal((await approveWithKey(desk, caseId, staff, key)).kind, "done");
  const sealedFile = Buffer.concat(await Array.fromAsync((await openPackage(desk, caseId)) ?? assert.fail("no package")));
  const plain = Buffer.concat(await Array.fromAsync(decryptAge(identity, Readable.from([sealedFile]))));
  const text = plain.toString("latin1");
  for (const word of removed) assert.ok(!text.includes(word), word);
  assert.ok(text.includes("Ask Person 1 ("));
  assert.match(text, /THIRD_PARTY: 7/);
  const file = join(running.installation.dataDir, "package.age");
  writeFileSync(file, sealedFile);
  const verified = await verifyPackage(file, { identity, verifyProof: (proof, key) => verifyProof(noteCrypto, proof, key), noteCrypto });
  assert.deepEqual(
    verified.findings.filter(({ severity }) => severity === "fault"),
    [],
  );
  const start = text.indexOf("%PDF-", text.indexOf("data/files/"));
  const copy = plain.subarray(start, text.lastIndexOf("%%EOF") + 5);
  const redactor = startRedactor();
  try {
    const gone = removed.map((term) => ({ kind: "term", term }) as const);
    assert.deepEqual(await redactor.check(copy, gone), { kind: "clean", pages: 2 });
    assert.equal((await redactor.check(paper, gone)).kind, "leaks");
    assert.equal((await redactor.check(copy, [{ kind: "term", term: customersOnly }])).kind, "leaks", "what is covered for the customer alone");
  } finally {
    await redactor.close();
  }
});

test("no removed word stands in the ledger or, in plain text, in any stored object", async () => {
  const { rows } = await running.installation.pool.query<{ body: string }>("select body from events");
  const facts = rows.map(({ body }) => body).join("\n");
  const folder = join(running.installation.dataDir, "objects");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  assert.ok(files.length > 0);
  const stored = files.map((entry) => readFileSync(join(entry.parentPath, entry.name)).toString("latin1")).join("\n");
  for (const word of removed) assert.ok(!facts.includes(word) && !stored.includes(word), word);
});
