// Which mechanism carries a transfer: every row of the table, and that one more safeguard never blocks what was lawful (W-9).
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { transferMechanism, transferQuestion } from "./transfer-mechanism.ts";

const adequate = { EEA: ["CH", "GB", "JP"], UK: ["CH", "DE", "IE", "FR"], CH: ["DE", "FR", "GB"] };
const active = { from: "2025-01-01" };
const lapsed = { from: "2025-01-01", to: "2026-10-31" };
const found = (changes: object = {}) =>
  transferMechanism(
    transferQuestion.parse({ on: "2026-11-01", origin: "EEA", destination: "US", vendorIs: "controller", adequate, signed: ["scc"], ...changes }),
  );

test("W-9 a: a partner that is certified and listed today receives European data under the framework (EUK-4)", () => {
  assert.deepEqual([found({ dpf: { euUs: active } }).words, found({ dpf: { euUs: active } }).duties], ["EU-US DPF", []]);
});

test("W-9 b: a certification that lapsed yesterday gives way to the clauses by itself, and owes its notice (EUK-4.1(ii))", () => {
  const { result, words, duties, against } = found({ dpf: { euUs: lapsed } });
  assert.deepEqual([result, words], ["scc", "SCC Module Two"]);
  assert.deepEqual(
    duties.map(({ clause, code }) => `${clause} ${code}`),
    ["EUK-4.1(ii) LAPSE_NOTICE_OWED"],
  );
  assert.deepEqual(
    against.map(({ mechanism, code }) => `${mechanism} ${code}`),
    ["dpf CERTIFICATION_LAPSED"],
  );
  assert.equal(found({ dpf: { euUs: lapsed }, on: "2026-10-31" }).result, "dpf", "its last day counts");
});

test("W-9 c, d: British data needs the UK Extension, or the clauses with the UK Addendum (X-14)", () => {
  assert.equal(found({ origin: "UK", dpf: { euUs: active, ukExtension: active } }).words, "DPF with the UK Extension");
  const without = found({ origin: "UK", dpf: { euUs: active }, signed: ["scc", "uk-addendum"], vendorIs: "processor" });
  assert.deepEqual([without.words, without.ukAddendum, without.against[0]?.code], ["SCC Module Three and the UK Addendum", true, "NO_UK_EXTENSION"]);
  assert.equal(found({ origin: "UK", dpf: { euUs: active } }).result, "blocked");
});

test("W-9 e, f: Swiss data has a framework of its own, and what stays among equals is no restricted transfer", () => {
  assert.equal(found({ origin: "CH", dpf: { swissUs: active } }).words, "Swiss-US DPF");
  assert.equal(found({ origin: "CH", dpf: { euUs: active }, signed: [] }).result, "blocked");
  for (const destination of ["FR", "NO", "CH", "JP"]) assert.equal(found({ destination }).result, "not-restricted");
  assert.equal(found({ origin: "UK", destination: "JP", signed: [] }).result, "blocked");
});

test("W-9 g, h: India receives European data under the module of the vendor's part, with supplementary measures (EUK-4.2(a), EUK-4.2(b))", () => {
  const controller = found({ destination: "IN" });
  assert.deepEqual([controller.words, controller.module, controller.supplementaryMeasures], ["SCC Module Two", "two", true]);
  assert.equal(found({ destination: "IN", vendorIs: "processor" }).words, "SCC Module Three");
  assert.equal(found({ destination: "IN", dpf: { euUs: active } }).against[0]?.code, "DPF_ELSEWHERE");
});

test("W-9 i: without certification and clauses the empty slot is skipped, and another mechanism carries it or nothing does (X-13)", () => {
  const blocked = found({ signed: [] });
  assert.deepEqual([blocked.result, blocked.against.map(({ code }) => code)], ["blocked", ["NOT_CERTIFIED", "SCC_NOT_SIGNED", "EMPTY_SLOT", "NO_OTHER"]]);
  assert.deepEqual(found({ signed: [], other: "Binding corporate rules of 2024" }).words, "Binding corporate rules of 2024");
});

test("a mechanism that was struck down carries nothing from that day on", () => {
  const switchedOff = [{ mechanism: "dpf", since: "2026-11-01", citation: "a judgment of the example" }];
  const struck = found({ dpf: { euUs: active }, switchedOff });
  assert.deepEqual([struck.result, struck.against[0]?.code], ["scc", "SWITCHED_OFF"]);
  assert.equal(found({ dpf: { euUs: active }, switchedOff, on: "2026-10-31" }).result, "dpf");
});

test("one safeguard more never blocks a transfer that was lawful", () => {
  const some = fc.record({
    origin: fc.constantFrom("EEA", "UK", "CH"),
    destination: fc.constantFrom("US", "IN", "FR", "GB"),
    signed: fc.subarray(["scc", "uk-addendum"]),
    dpf: fc.record({ euUs: fc.constantFrom(active, lapsed), ukExtension: fc.constant(active), swissUs: fc.constant(active) }, { requiredKeys: [] }),
  });
  fc.assert(
    fc.property(some, (facts) => {
      if (found(facts).result === "blocked") return;
      assert.notEqual(found({ ...facts, signed: ["scc", "uk-addendum"] }).result, "blocked");
      assert.notEqual(found({ ...facts, other: "another ground" }).result, "blocked");
    }),
  );
});
