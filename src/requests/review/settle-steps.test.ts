// The steps that settle what a paper leaves open: who may take each, what stands against it, and what it writes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { at, details, history, learning, line, onDay, people, received, sealed, take, told, workplace } from "../../../tests/a-case.ts";
import { instant } from "../../kernel/instant.ts";
import type { Decision, History } from "../decision.ts";
import { askClarification, decideEmergency, recordClarification, recordTransferGround } from "./settle-steps.ts";

const warrant = { id: "US-SW", signedBy: "judge" as const, issuedOn: onDay("2026-10-30"), servedAt: instant("2026-11-02T17:00:00Z") };
const confirmed = history([received(), details()]);
const { issuedOn: _, ...undated } = warrant;
const unclear = history([received(), details({ instrument: undated, lines: [line("L1"), line("L2")] })]);
const asked = take(unclear, askClarification, {}, at());
const emergency = history([received(), details({ instrument: { ...warrant, id: "US-EDR" } })]);
const { instrument: __, ...noPaper } = details();

const answer = { private: { answer: "The paper is dated 30 October 2026." } };
const ground = { ground: "agreement", private: { reasoning: "Article 49 does not apply; the treaty does." } };
const danger = {
  supervisorAttests: true,
  private: { danger: "A child is missing.", whyNow: "Every hour counts.", whyThisData: "The last sign-in says where.", supervisor: "Sergeant" },
};
const open = { ...workplace, settings: { ...workplace.settings, allowVoluntaryEmergency: true, emergency: { dataTypes: ["name"], paperWithinDays: 7 } } };

test("each step is offered to the people whose word it needs and to nobody else", () => {
  const table: readonly (readonly [Decision, string, readonly string[]])[] = [
    [askClarification, "AskClarification", ["analyst", "counsel"]],
    [recordClarification, "RecordClarification", ["analyst", "counsel", "officer"]],
    [recordTransferGround, "RecordTransferGround", ["counsel"]],
    [decideEmergency, "DecideEmergency", ["counsel", "approver"]],
  ];
  for (const [step, name, askers] of table) assert.deepEqual([step.name, step.askers], [name, askers]);
});

test("nothing is settled about a paper before it is confirmed (KDRP-4), nor in a case that is not open (KDRP-1)", () => {
  const closed = history([{ type: "CaseClosed", outcome: "rejected" }], at(), confirmed);
  for (const step of [askClarification, recordClarification, recordTransferGround, decideEmergency]) {
    for (const [past, reason] of [
      [history([received()]), "KDRP-4 DETAILS_NOT_CONFIRMED"],
      [history([received(), noPaper]), "KDRP-4 DETAILS_NOT_CONFIRMED"],
      [closed, "KDRP-1 CASE_NOT_OPEN"],
      [history([received(), { type: "CaseClosed", outcome: "rejected" }]), "KDRP-1 CASE_NOT_OPEN"],
    ] as const) {
      const [first, ...rest] = step.against(past, at()).map(({ clause, code }) => `${clause} ${code}`);
      assert.equal(first, reason, step.name);
      assert.ok(!rest.includes("KDRP-4 DETAILS_NOT_CONFIRMED"), step.name);
    }
    assert.ok(!step.against(confirmed, at()).some(({ code }) => ["DETAILS_NOT_CONFIRMED", "CASE_NOT_OPEN"].includes(code)), step.name);
  }
});

test("the agency is asked every open point once, whichever lines it concerns (KDRP-5)", () => {
  const because = "The paper shows no date of issue (V08). The date, or a dated copy, would change this.";
  told(unclear, askClarification)
    .when({}, at())
    .then({ type: "ClarificationAsked", points: [{ clause: "V08", code: "UNDATED", because, line: "L1" }] });
});

test("a clear paper is not asked about, nor is one twice before the answer is here (KDRP-5)", () => {
  const clear = told(confirmed, askClarification).when({}, at()).refused("NOTHING_UNCLEAR");
  const pending = told(asked, askClarification).when({}, at()).refused("CLARIFICATION_PENDING");
  assert.deepEqual(
    [...clear, ...pending].map(({ clause }) => clause),
    ["KDRP-5", "KDRP-5"],
  );
});

test("an answer is recorded where one is awaited, and after it the agency may be asked again", () => {
  const none = told(unclear, recordClarification).when(answer, at()).refused("NO_CLARIFICATION_PENDING");
  assert.deepEqual(
    none.map(({ clause }) => clause),
    ["KDRP-5"],
  );
  told(asked, recordClarification)
    .when(answer, at())
    .then({ type: "ClarificationAnswered", answer: sealed(`evidence-${asked.length}`) });
  const answered = take(asked, recordClarification, answer, at());
  told(answered, askClarification).when({}, at()).then({ type: "ClarificationAsked" });
  told(answered, recordClarification).when(answer, at()).refused("NO_CLARIFICATION_PENDING");
});

test("a ground for a transfer is an agreement or a derogation, with the reasoning and who approved it under seal", () => {
  for (const kind of ["agreement", "derogation"] as const)
    told(confirmed, recordTransferGround)
      .when({ ...ground, ground: kind }, at())
      .then({ type: "TransferGroundRecorded", ground: kind, evidence: sealed(`evidence-${confirmed.length}`) });
  assert.equal(recordTransferGround.schema.safeParse({ type: "RecordTransferGround", ...ground, ground: "consent" }).success, false);
});

test("who has found the ground for a transfer cannot be the second person; anybody else can, and after a change of the details the first one too (V20)", () => {
  const by = (person: keyof typeof people) => at(undefined, { by: people[person] });
  const once = take(confirmed, recordTransferGround, ground, by("ada"));
  const refused = told(once, recordTransferGround)
    .when({ ...ground, ground: "derogation" }, by("ada"))
    .refused("SECOND_PERSON");
  assert.deepEqual(
    refused.map(({ clause }) => clause),
    ["V20"],
  );
  told(once, recordTransferGround).when(ground, by("ben")).then({ type: "TransferGroundRecorded", revision: 1 });
  const changed = history([details({ revision: 2 })], at(), once);
  told(changed, recordTransferGround).when(ground, by("ada")).then({ type: "TransferGroundRecorded", revision: 2 });
});

test("an emergency is decided only on an emergency request (V23) and only where the policy has switched such disclosure on (IGRP-4)", () => {
  const on = at(undefined, { policy: open });
  const reasons = (past: History, circumstances = on) => decideEmergency.against(past, circumstances).map(({ clause, code }) => `${clause} ${code}`);
  assert.deepEqual(reasons(emergency), []);
  assert.deepEqual(reasons(confirmed), ["V23 NO_EMERGENCY"]);
  assert.deepEqual(reasons(history([received(), details({ instrument: { ...warrant, id: "XX-NONE" } })])), ["V23 NO_EMERGENCY"]);
  assert.deepEqual(reasons(emergency, at(undefined, { policy: learning })), ["IGRP-4 EMERGENCY_OFF"]);
  assert.deepEqual(reasons(emergency, at()), ["KDRP-7 EMERGENCY_OFF"]);
});

test("a decision on an emergency is for the details as they stand, says whether a supervisor vouched, and seals the facts", () => {
  const on = at(undefined, { policy: open });
  for (const supervisorAttests of [true, false])
    told(emergency, decideEmergency)
      .when({ ...danger, supervisorAttests }, on)
      .then({ type: "EmergencyDecided", supervisorAttests, revision: 1, facts: sealed(`evidence-${emergency.length}`) });
  const later = history([details({ revision: 2, instrument: { ...warrant, id: "US-EDR" } })], at(), emergency);
  told(later, decideEmergency).when(danger, on).then({ type: "EmergencyDecided", revision: 2 });
});

test("who has decided on an emergency cannot be the second person; anybody else can, and after a change of the details the first one too (V23)", () => {
  const by = (person: keyof typeof people) => at(undefined, { policy: open, by: people[person] });
  const once = take(emergency, decideEmergency, danger, by("ada"));
  const refused = told(once, decideEmergency).when(danger, by("ada")).refused("SECOND_PERSON");
  assert.deepEqual(
    refused.map(({ clause }) => clause),
    ["V23"],
  );
  told(once, decideEmergency).when(danger, by("ben")).then({ type: "EmergencyDecided" });
  const changed = history([details({ revision: 2, instrument: { ...warrant, id: "US-EDR" } })], at(), once);
  told(changed, decideEmergency).when(danger, by("ada")).then({ type: "EmergencyDecided", revision: 2 });
});

test("words under seal are long enough to say something and short enough to be read", () => {
  const fits = (step: Decision, command: object) => step.schema.safeParse({ type: step.name, ...command }).success;
  const bounds: readonly (readonly [Decision, { readonly private: object }, string, number, number])[] = [
    [recordClarification, answer, "answer", 1, 20_000],
    [recordTransferGround, ground, "reasoning", 1, 20_000],
    [decideEmergency, danger, "danger", 10, 5000],
    [decideEmergency, danger, "whyNow", 10, 5000],
    [decideEmergency, danger, "whyThisData", 10, 5000],
    [decideEmergency, danger, "supervisor", 0, 300],
  ];
  for (const [step, command, member, least, most] of bounds) {
    const length = (letters: number) => fits(step, { ...command, private: { ...command.private, [member]: "x".repeat(letters) } });
    assert.deepEqual([length(least), length(most), length(most + 1)], [true, true, false], member);
    if (least > 0) assert.equal(length(least - 1), false, member);
  }
  for (const [step, command] of [
    [askClarification, {}],
    [recordClarification, answer],
    [recordTransferGround, ground],
    [decideEmergency, danger],
  ] as const) {
    assert.ok(fits(step, command), step.name);
    assert.ok(!step.schema.safeParse({ ...command, type: "Other" }).success, step.name);
  }
});

test("a line that is refused waits for nobody: only questions are put to the agency", () => {
  const lines = [line("L1", { dataType: "name" }), line("L2")];
  const denied = history([received(), details({ instrument: { ...warrant, id: "US-SUBP-GJ", signedBy: "clerk" }, lines })]);
  told(denied, askClarification).when({}, at()).refused("NOTHING_UNCLEAR");
});
