// The small steps of intake: acknowledge once, ask once for all that is missing, withdraw, set aside.
import assert from "node:assert/strict";
import { test } from "node:test";
import { at, details, history, received, take, told } from "../../../tests/a-case.ts";
import { reasonsUnlessOpen, standing } from "../open-case.ts";
import { acknowledge, askForMissing, recordWithdrawal, setAside } from "./intake-steps.ts";

const open = history([received()]);
const closed = history([received(), { type: "CaseClosed", outcome: "rejected" }]);
const incomplete = history([received(), details({ missing: ["agency", "date-range"] })]);

test("a request is acknowledged once", () => {
  told(open, acknowledge).when({}, at()).then({ type: "RequestAcknowledged" });
  told(take(open, acknowledge, {}, at()), acknowledge)
    .when({}, at())
    .refused("ALREADY_ACKNOWLEDGED");
});

test("everything that is missing is asked for in one letter, once for each revision", () => {
  told(incomplete, askForMissing)
    .when({}, at())
    .then({ type: "MissingContentsAsked", missing: ["agency", "date-range"] });
  const asked = take(incomplete, askForMissing, {}, at());
  told(asked, askForMissing).when({}, at()).refused("ALREADY_ASKED");
  told(history([details({ revision: 2, missing: ["agency"] })], at(), asked), askForMissing)
    .when({}, at())
    .then({ missing: ["agency"] });
});

test("nothing is asked for before details are confirmed, nor when nothing is missing", () => {
  told(open, askForMissing).when({}, at()).refused("DETAILS_NOT_CONFIRMED");
  told(history([received(), details()]), askForMissing)
    .when({}, at())
    .refused("NOTHING_MISSING");
});

test("a withdrawal closes the case as withdrawn", () => {
  told(open, recordWithdrawal).when({}, at()).then({ type: "RequestWithdrawn", by: "agency" }, { type: "CaseClosed", outcome: "withdrawn" });
});

test("a message is set aside before a person has confirmed that it is a request, and not after", () => {
  told(open, setAside).when({ as: "automatic-reply" }, at()).then({ type: "SetAside", as: "automatic-reply" });
  told(incomplete, setAside).when({ as: "court-notice" }, at()).refused("DETAILS_CONFIRMED");
});

test("no step of intake is taken in a case that is closed, withdrawn, set aside or unknown", () => {
  const aside = take(open, setAside, { as: "not-a-request" }, at());
  for (const past of [closed, history([received(), { type: "RequestWithdrawn", by: "agency" }]), aside, []]) {
    for (const step of [acknowledge, askForMissing, recordWithdrawal, setAside]) assert.equal(step.against(past, at())[0]?.code, "CASE_NOT_OPEN", step.name);
  }
});

test("a case is unknown, open, set aside, open again when its details are confirmed, and closed in the end", () => {
  const life = [
    received(),
    { type: "SetAside", as: "not-a-request" },
    details(),
    { type: "RequestWithdrawn", by: "agency" },
    { type: "CaseClosed", outcome: "withdrawn" },
  ] as const;
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5].map((n) => standing(history(life.slice(0, n)))),
    ["unknown", "open", "set-aside", "open", "withdrawn", "closed"],
  );
});

test("each reason why a case cannot move says what to do", () => {
  const words = [[], closed, history([received(), { type: "SetAside", as: "x" }]), history([received(), { type: "RequestWithdrawn", by: "agency" }])].map(
    (past) => reasonsUnlessOpen(past)[0]?.because,
  );
  assert.equal(new Set(words).size, 4);
  for (const because of words) assert.match(because ?? "", /^[A-Z].*\. .*\.$/);
  assert.deepEqual(reasonsUnlessOpen(open), []);
});
