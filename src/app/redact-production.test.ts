// Redaction of one production, with a redactor that fails as it is told: what cannot be shown to be gone stops everything.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { at, checked, compiled, history, reviewed } from "../../tests/a-case.ts";
import { collected, fileRecord, fullScope, record } from "../../tests/fixtures/package.ts";
import { deliveredMap, usClassOf } from "../../tests/fixtures/production.ts";
import type { CaseId } from "../kernel/ids.ts";
import { judgeFor } from "../production/check/judge-record.ts";
import type { Collected, CollectedRecord } from "../production/shapes.ts";
import type { CaseFact } from "../requests/case-facts.ts";
import type { Desk } from "./desk.ts";
import { isRedacted, startRedaction, type RedactionSoFar } from "./redact-production.ts";
import type { Redactor, RedactionOutcome } from "./redaction-port.ts";
import type { RedactionRules } from "./redaction-rules.ts";

const maps = [deliveredMap("workspace-database").map];
const sha256 = (content: string | Uint8Array) => createHash("sha256").update(content).digest("hex");
const pdf = new TextEncoder().encode("%PDF-1.7 of a test");
const name = (purpose: string, value: string) => `${purpose}:${value}`;
const paper = name("redaction-paper", sha256(pdf));
const view = name("redaction-view", "the-view");
const copy = new TextEncoder().encode("%PDF-1.7 the copy");
const log = { audience: "officer", lines: [], totals: [{ reason: "THIRD_PARTY", clause: "IGRP-9", removals: 2 }] } as const;

interface World {
  readonly rules?: RedactionRules;
  readonly facts?: readonly CaseFact[];
  readonly outcome?: RedactionOutcome;
  readonly seenView?: string;
  /** What chance gives, as many bytes as are asked. */
  readonly chance?: number;
}

const set = (texts: number, fields = 0): CaseFact => ({
  type: "RedactionsSet",
  rules: "rules-1",
  fields,
  texts,
  people: 0,
  reasons: {},
  sealed: { vault: "v", commitment: "c" },
});
const check: CaseFact = { ...checked(), rules: "rules-1", papers: [paper] } as CaseFact;
const seen: CaseFact = { type: "PagesApproved", paper, view, pages: [1, 2], of: 2 };
const allowed = (text: number): CaseFact => ({ type: "FilesAllowed", rules: "rules-1", files: { text }, reason: { vault: "v", commitment: "c" } });
const words: RedactionRules = { fields: [], texts: [{ kind: "term", term: "Quillfeather", reason: "THIRD_PARTY" }], people: [] };

async function redaction({
  rules = words,
  facts = [],
  outcome = { kind: "redacted", pdf: copy, pages: 2, log, findings: [] },
  seenView = "the-view",
  chance = 5,
}: World) {
  const redactor: Partial<Redactor> = {
    survey: () => Promise.resolve({ kind: "surveyed", view: seenView, pages: [], findings: [] }),
    redact: () => Promise.resolve(outcome),
  };
  const ports = {
    digest: sha256,
    chance: { bytes: (length: number) => new Uint8Array(length).fill(chance) },
    vault: {
      digest: (_desk: string, purpose: string, value: string) => Promise.resolve(name(purpose, value)),
      open: () => Promise.resolve({ kind: "open", value: rules, commitment: "c" }),
    },
    redactor,
  };
  // Redaction asks nothing else of the desk.
  const desk = { id: "main", ports } as unknown as Desk;
  const judge = judgeFor({ scope: fullScope, maps, classOf: usClassOf });
  const past = history([compiled(), ...facts], at(), reviewed);
  return startRedaction({ desk, caseId: "C-TEST" as CaseId, history: past, at: at(), scope: fullScope, maps, judge, own: [] });
}

async function leaving(world: World, ...records: readonly CollectedRecord[]) {
  const work = await redaction(world);
  const items: Collected[] = await Array.fromAsync(work.redact(collected(records)));
  const out = items.flatMap((item) => (item.kind === "record" ? [item.record] : []));
  return { out, judged: out.map((each) => work.judge(each).kind), stopped: work.refusal(), counts: work.counts(), last: items.at(-1)?.kind };
}

test("a record that did not pass through redaction is outside, whatever it holds", async () => {
  const work = await redaction({});
  const verdict = work.judge(record(1));
  assert.equal(verdict.kind === "outside" && verdict.reasons[0].code, "NOT_REDACTED");
});

test("without rules every record leaves as it came, and is still judged", async () => {
  const { out, judged, counts } = await leaving({}, record(1), record(2, { line: "L-other" }));
  assert.deepEqual(out, [record(1), record(2, { line: "L-other" })]);
  assert.deepEqual([judged, counts], [["inside", "outside"], {}]);
});

test("what shows whose record it is stays, and a removed word that stands in it stops the production", async () => {
  const facts = [set(1), check];
  const body = "Quillfeather wrote +1 303 555 0188";
  const { out, judged, counts } = await leaving({ facts }, record(1, { fields: { ...record(1).fields, body } }));
  assert.equal(out[0]?.fields["body"], "[removed: THIRD_PARTY] wrote +1 303 555 0188");
  assert.deepEqual([judged, counts], [["inside"], { THIRD_PARTY: 1 }]);
  const owner: RedactionRules = { ...words, texts: [{ kind: "term", term: "M-HARBOR-00", reason: "THIRD_PARTY" }] };
  const { stopped, last } = await leaving({ facts, rules: owner }, record(1));
  assert.deepEqual([stopped?.code, last], ["TERM_SHOWS_OWNER", "failed"]);
});

test("a paper leaves as its redacted copy alone, and its removals are counted", async () => {
  const { out, judged, counts } = await leaving({ facts: [set(1), check, seen] }, fileRecord(1, pdf));
  assert.deepEqual(out[0]?.fields["content"], copy);
  assert.deepEqual([judged, counts], [["inside"], { THIRD_PARTY: 2 }]);
});

test("a redaction that fails stops the production, by the number of the paper and its page, and never by a word", async () => {
  const facts = [set(1), check, seen];
  const leaks: RedactionOutcome = { kind: "leaks", leaks: [{ code: "TERM_IN_PAGE_TEXT", engine: "pdf.js", page: 2 }] };
  const refused: RedactionOutcome = { kind: "refused", findings: [{ code: "PDF_TOO_COSTLY", weight: "refuses", because: "It takes too long." }] };
  for (const [outcome, told] of [
    [leaks, /copy of PDF 1 still held .* on page 2/],
    [refused, /PDF 1 could not be redacted/],
  ] as const) {
    const { out, stopped } = await leaving({ facts, outcome }, fileRecord(1, pdf));
    assert.deepEqual([out, stopped?.code], [[], "REDACTION_FAILED"]);
    assert.match(stopped?.because ?? "", told);
    assert.ok(!JSON.stringify(stopped).includes("Quillfeather"));
  }
});

test("rules for the customer's copies alone leave the officer's records and papers as they are, sign for sign", async () => {
  const customers: CaseFact = {
    type: "RedactionsSet",
    rules: "rules-1",
    fields: 0,
    texts: 0,
    people: 0,
    customer: 1,
    reasons: {},
    sealed: { vault: "v", commitment: "c" },
  };
  const rules: RedactionRules = { fields: [], texts: [{ kind: "term", term: "Quillfeather", reason: "THIRD_PARTY", only: "customer" }], people: [] };
  const deep = '{ "a": "{\\"b\\": \\"{}\\"}", "who": "Quillfeather" }';
  const original = record(1, { fields: { ...record(1).fields, body: deep } });
  const { out, stopped, counts } = await leaving({ rules, facts: [customers, check] }, original, fileRecord(2, pdf));
  assert.deepEqual([out[0]?.fields["body"], out[1]?.fields["content"], stopped, counts], [deep, pdf, undefined, {}]);
  assert.equal(isRedacted(history([compiled(), customers], at(), reviewed)), false);
});

test("pages approved for another copy, pages not approved and papers the check did not see all stop the production", async () => {
  const stop = async (world: World, bytes = pdf) => (await leaving(world, fileRecord(1, bytes))).stopped?.code;
  assert.equal(await stop({ facts: [set(1), check, seen], seenView: "another-view" }), "STALE_APPROVAL");
  assert.equal(await stop({ facts: [set(1), check] }), "PAGES_NOT_APPROVED");
  assert.equal(await stop({ facts: [set(1), check, seen] }, new TextEncoder().encode("%PDF-1.7 another")), "PAPER_CHANGED");
});

test("a file that is no paper stops the production until counsel let its kind go, and one more than were let go stops it again", async () => {
  const text = new TextEncoder().encode("Quillfeather was here");
  const facts = [set(1), check];
  assert.equal((await leaving({ facts }, fileRecord(1, text))).stopped?.code, "FILES_NOT_LOOKED_INTO");
  const one = allowed(1);
  assert.deepEqual((await leaving({ facts: [...facts, one] }, fileRecord(1, text))).out[0]?.fields["content"], text);
  const { out, stopped } = await leaving({ facts: [...facts, one] }, fileRecord(1, text), fileRecord(2, text));
  assert.deepEqual([out.length, stopped?.code], [1, "FILES_NOT_LOOKED_INTO"]);
});

test("a check looks at what is left: who is still named, which papers and files would leave", async () => {
  const work = await redaction({ facts: [set(1)] });
  const looked = await work.look(record(1, { fields: { ...record(1).fields, body: "Quillfeather, ben@mail.example" } }));
  assert.ok(looked.kind === "looked" && looked.others);
  const file = await work.look(fileRecord(2, pdf));
  assert.deepEqual(file.kind === "looked" && [file.papers, file.files, file.others], [[paper], [], false]);
});

test("a redaction that goes on where another stood takes out, counts and numbers as one that was never stopped", async () => {
  const people: RedactionRules = {
    fields: [{ source: "workspace-database", collection: "posts", field: "channel_name", action: { kind: "pseudonym" }, reason: "OUTSIDE_LINE" }],
    texts: [...words.texts],
    people: [{ names: ["Wendelin Moss"], reason: "PRIVILEGE" }],
  };
  const world: World = { rules: people, facts: [set(1, 1), check, allowed(20)] };
  const file = new TextEncoder().encode("a text");
  const records = Array.from({ length: 12 }, (_, n) =>
    n % 4 === 3
      ? fileRecord(n, file)
      : record(n, { fields: { ...record(n).fields, channel_name: `room ${n % 5}`, body: `Quillfeather met Wendelin Moss ${n}` } }),
  );
  const whole = await redaction(world);
  const fields = async (work: typeof whole, given: readonly CollectedRecord[]) =>
    (await Array.fromAsync(work.redact(collected(given)))).map((item) => (item.kind === "record" ? item.record.fields : item.kind));
  const expected = await fields(whole, records);
  assert.deepEqual(whole.counts(), { OUTSIDE_LINE: 9, PRIVILEGE: 9, THIRD_PARTY: 9 });
  for (let first = 0; first <= records.length; first++)
    for (let second = first; second <= records.length; second++) {
      const parts = [records.slice(0, first), records.slice(first, second), records.slice(second)];
      const notes: RedactionSoFar[] = [];
      const out: unknown[] = [];
      let matter = (await redaction(world)).startAnew();
      for (const [life, part] of parts.entries()) {
        const work = await redaction({ ...world, chance: life + 1 });
        if (life > 0) await fields(work, records.slice(0, 3));
        if (life === 0) matter = work.startAnew();
        else assert.ok(work.goOnFrom(matter, notes));
        out.push(...(await fields(work, part)));
        notes.push(work.soFar());
      }
      assert.deepEqual([out.length, notes.at(-1)?.counts, notes.at(-1)?.unread], [records.length, whole.counts(), { text: 3 }]);
      assert.deepEqual(rooms(out), rooms(expected), "the same rooms are the same people");
    }
});

/** For each record with a room, the first record that has the same one: keys differ, and so do numbers. */
function rooms(fields: readonly unknown[]): readonly number[] {
  const names = fields.map((each) => (each as { readonly channel_name?: string }).channel_name);
  return names.map((name) => names.indexOf(name));
}

test("a redaction does not go on from one with other rules or marks", async () => {
  const before = (await redaction({ facts: [set(1), check] })).startAnew();
  assert.ok((await redaction({ facts: [set(1), check] })).goOnFrom(before, []));
  assert.ok(!(await redaction({})).goOnFrom(before, []), "without rules");
  assert.ok(!(await redaction({ facts: [set(1), check] })).goOnFrom({ ...before, rules: "rules-2" }, []));
  assert.ok(!(await redaction({ facts: [set(1), check] })).goOnFrom({ ...before, marks: 1 }, []));
});

test("a redaction that starts anew has counted nothing and gives nobody the number of before", async () => {
  const world: World = { facts: [set(1), check] };
  const work = await redaction(world);
  const told = record(1, { fields: { ...record(1).fields, body: "Quillfeather" } });
  await Array.fromAsync(work.redact(collected([told])));
  assert.deepEqual(work.counts(), { THIRD_PARTY: 1 });
  work.startAnew();
  assert.deepEqual([work.counts(), work.soFar()], [{}, { counts: {}, unread: {}, newlyMet: [] }]);
});
