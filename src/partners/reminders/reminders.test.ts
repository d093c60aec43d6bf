// Reminders at half, three quarters and nine tenths of a clock; what was missed and what fell overdue is written down once.
import assert from "node:assert/strict";
import { test } from "node:test";
import { APartner } from "../../../tests/a-partner.ts";
import { instant } from "../../kernel/instant.ts";
import { dueReminders, plannedReminders } from "./reminder-steps.ts";

const asked = "2026-03-02T16:00:00Z";

function withQuestion() {
  const partner = APartner.signed();
  partner.take(asked, "RecordOccasion", { clause: "PPT-3(d)", at: asked }, "partner:P-0000-0001");
  const duty = (now: string) => partner.duty(now, "PPT-3(d):");
  const due = (now: string) => dueReminders([duty(now)], partner.history, instant(now));
  return { partner, duty, due };
}

test("a clock of twenty-four hours reminds after twelve, eighteen, and twenty-one hours and thirty-six minutes", () => {
  const { duty } = withQuestion();
  assert.deepEqual(
    plannedReminders(duty(asked)).map(({ percent, at }) => [percent, at]),
    [
      [50, "2026-03-03T04:00:00.000Z"],
      [75, "2026-03-03T10:00:00.000Z"],
      [90, "2026-03-03T13:36:00.000Z"],
    ],
  );
});

test("a reminder is given in its six hours; found later it was missed, and only the newest of several is given", () => {
  const { due } = withQuestion();
  const percents = (now: string) => ({
    give: due(now).give.map(({ percent }) => percent),
    missed: due(now).missed.map((fact) => (fact.type === "ReminderMissed" ? fact.percent : 0)),
  });
  assert.deepEqual(percents("2026-03-03T03:59:59Z"), { give: [], missed: [] });
  assert.deepEqual(percents("2026-03-03T04:00:00Z"), { give: [50], missed: [] });
  assert.deepEqual(percents("2026-03-03T10:00:00Z"), { give: [75], missed: [50] });
  assert.deepEqual(percents("2026-03-03T15:59:00Z"), { give: [90], missed: [50, 75] });
  assert.deepEqual(percents("2026-03-03T17:00:00Z"), { give: [], missed: [50, 75, 90] });
});

test("a duty that was not kept falls overdue once, with its clause and its end", () => {
  const { due } = withQuestion();
  assert.deepEqual(due("2026-03-03T16:00:00Z").overdue, []);
  assert.deepEqual(
    due("2026-03-03T16:00:00.001Z").overdue.map((fact) => fact.type === "DutyFellOverdue" && [fact.clause, fact.dueAt]),
    [["PPT-3(d)", "2026-03-03T16:00:00.000Z"]],
  );
});

test("of what came on record late nobody could be reminded before, and nothing was missed", () => {
  const partner = APartner.signed();
  const recorded = "2026-03-03T12:00:00Z";
  partner.take(recorded, "RecordOccasion", { clause: "DPA-6.5", at: "2026-02-22T16:00:00Z" });
  const { give, missed } = dueReminders([partner.duty(recorded, "DPA-6.5:")], partner.history, instant("2026-03-04T06:00:00Z"));
  // Half and three quarters had run before anybody could know.
  assert.deepEqual([give.map(({ percent }) => percent), missed], [[90], []]);
});

test("what one paper confirms is one reminder, not one for each clause", () => {
  const partner = APartner.signed();
  const now = "2026-01-16T19:00:00Z";
  const statements = partner.duties(now).filter(({ paper }) => paper === "security-standards");
  assert.ok(statements.length > 5);
  assert.equal(dueReminders(statements, partner.history, instant(now)).give.length, 1);
});
