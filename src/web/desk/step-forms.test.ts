// Holds the forms against the steps they serve: nothing a step needs goes unasked, and nothing is asked that no step takes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { steps } from "../../app/steps.ts";
import { challengeGrounds } from "../../requests/challenge/events.ts";
import type { StepField } from "./step-fields.ts";
import { stepForms } from "./step-forms.ts";

/** These have pages of their own. */
const ownPage = new Set(["ConfirmDetails", "AnswerChecks", "ApproveRelease", "GiveNotice", "UseKeptCopy"]);
const staff = new Set(["analyst", "counsel", "approver"]);
const theirs = steps.filter(({ name, askers }) => !ownPage.has(name) && askers.some((asker) => staff.has(asker)));

type Member = { readonly path: string; readonly schema: z.ZodType };

/** `private.number` and the like: commands are two levels deep. */
function membersOf(schema: z.ZodType): readonly Member[] {
  assert.ok(schema instanceof z.ZodObject);
  return Object.entries(schema.shape as Record<string, z.ZodType>).flatMap(([name, member]) =>
    name === "type"
      ? []
      : member instanceof z.ZodObject
        ? Object.entries(member.shape as Record<string, z.ZodType>).map(([inner, of]) => ({ path: `${name}.${inner}`, schema: of }))
        : [{ path: name, schema: member }],
  );
}

function asksOf(name: string): readonly StepField[] {
  return stepForms[name]?.asks ?? [];
}

test("every answer a step cannot do without is asked, and none that it does not take", () => {
  assert.ok(theirs.length > 15, "the steps were read");
  for (const { name, schema } of theirs) {
    const members = membersOf(schema);
    const asked = asksOf(name);
    for (const member of members) {
      const field = asked.find(({ path }) => path === member.path);
      assert.ok(field !== undefined, `${name} needs ${member.path}`);
      if (field.optional === true) assert.ok(member.schema.safeParse(undefined).success, `${name}: ${member.path} is not optional`);
    }
    for (const { path } of asked)
      assert.ok(
        members.some((member) => member.path === path),
        `${name} takes no ${path}`,
      );
  }
});

test("every choice a form offers is one that the step understands, and none is left out", () => {
  for (const { name, schema } of theirs) {
    for (const field of asksOf(name)) {
      const member = membersOf(schema).find(({ path }) => path === field.path)?.schema;
      const closed = member instanceof z.ZodOptional ? member.unwrap() : member;
      if (!("choices" in field) || typeof field.choices === "function" || !(closed instanceof z.ZodEnum)) continue;
      assert.deepEqual(field.choices.map(({ value }) => value).toSorted(), [...closed.options].map(String).toSorted(), `${name}: ${field.path}`);
    }
  }
});

test("a question that takes true or false is asked as yes or no, and the others are not", () => {
  for (const { name, schema } of theirs) {
    for (const { path, kind } of asksOf(name)) {
      const member = membersOf(schema).find((each) => each.path === path)?.schema;
      assert.equal(kind === "yes-no", member instanceof z.ZodBoolean, `${name}: ${path}`);
    }
  }
});

test("several answers of a closed list are each one that the step understands, and none is left out", () => {
  const grounds = asksOf("OpenChallenge").find(({ path }) => path === "on");
  assert.ok(grounds !== undefined && "choices" in grounds && typeof grounds.choices !== "function");
  assert.deepEqual(grounds.choices.map(({ value }) => value).toSorted(), challengeGrounds.toSorted());
});

test("a form belongs to a step that exists", () => {
  for (const name of Object.keys(stepForms))
    assert.ok(
      steps.some((step) => step.name === name),
      name,
    );
});
