// Nothing that is kept leaves without process: proved on random lives in which letters, warrants, snapshots and releases come in any order.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { at, history, received, us } from "../../../tests/a-case.ts";
import { copyElsewhere, live, obey, releaseOfPlan, runs, someLife, type Moment } from "../../../tests/random-case.ts";
import { addDays, addHours, dayOf } from "../../kernel/instant.ts";
import type { CaseFact } from "../case-facts.ts";
import type { Circumstances, History } from "../decision.ts";
import { gateReasons, releaseOf } from "../disclosure/module.ts";

const given = ["agency", "matter", "workspace", "account", "date-range", "data-type", "officer-contact"];
const ofPreservation: readonly CaseFact["type"][] = [
  "SnapshotBegun",
  "SnapshotAbandoned",
  "SnapshotSealed",
  "SnapshotOpened",
  "PreservationRenewed",
  "PreservationEnded",
  "SnapshotDestroyed",
  "KeptCopyLinked",
  "ProcessLinked",
  "LinkedProcessEnded",
];

type Command = Parameters<typeof obey>[0];
type Choice = (past: History, on: Circumstances) => Command | undefined;

function of<Type extends CaseFact["type"]>(past: History, type: Type): readonly Extract<CaseFact, { readonly type: Type }>[] {
  return past.flatMap(({ fact }) => (fact.type === type ? [fact as Extract<CaseFact, { readonly type: Type }>] : []));
}

function letter(_: History, on: Circumstances): Command {
  return {
    type: "ConfirmDetails",
    nature: "criminal",
    instrument: { id: "US-PRES", signedBy: "official", issuedOn: on.today, servedAt: on.now },
    subjects: [{ id: "S0", workspace: "acme", resolved: true }],
    lines: [{ id: "L0", subject: "S0", dataType: "messages", from: addDays(on.today, -60), to: addDays(on.today, -30) }],
    private: { subjects: {} },
    given,
  };
}

const { zone } = at();
const sha256 = "d".repeat(64);

const choices: Readonly<Record<string, Choice>> = {
  nothing: () => undefined,
  letter,
  begin: () => ({ type: "BeginSnapshot" }),
  seal: (past) => ({ type: "RecordSnapshot", preservation: last(past, "SnapshotBegun"), object: "object", sha256, bytes: 1, records: { messages: 3 } }),
  giveUp: (past) => ({ type: "AbandonSnapshot", preservation: last(past, "SnapshotBegun") }),
  renew: () => ({ type: "RenewPreservation", private: { request: "Asked again." } }),
  release: () => ({ type: "ReleasePreservation", private: { reason: "No longer needed." } }),
  expire: () => ({ type: "ExpirePreservation" }),
  use: (past) => ({ type: "RecordSnapshotUse", preservation: last(past, "SnapshotSealed"), plan: releaseOf(past).plan?.plan ?? "a".repeat(64), records: 3 }),
  link: () => ({ type: "LinkProcess" }),
  linkCopy: (past) => ({ type: "UseKeptCopy", ...copyElsewhere(past.length) }),
  openCopy: (past) => ({ type: "RecordSnapshotUse", ...copyElsewhere(past.length), plan: releaseOf(past).plan?.plan ?? "a".repeat(64), records: 3 }),
  hold: (past, on) => ({ type: "HoldForProcess", case: "C-LATE-CASE", preservation: last(past, "SnapshotSealed"), workspaces: ["acme"], servedOn: on.today }),
  letGo: (past) => ({
    type: "RecordProcessEnd",
    case: "C-LATE-CASE",
    preservation: last(past, "SnapshotSealed"),
    ...(past.length % 2 === 0 ? {} : { records: past.length % 4 }),
  }),
  destroy: (past) => ({ type: "RecordDestruction", preservation: last(past, "PreservationEnded"), object: "object", sha256 }),
};

function last(past: History, type: "SnapshotBegun" | "SnapshotSealed" | "PreservationEnded"): string {
  return of(past, type).at(-1)?.preservation ?? "none";
}

const someChoice = fc.oneof(
  { weight: 40, arbitrary: fc.constantFrom("nothing", "use", "link", "openCopy") },
  { weight: 20, arbitrary: fc.constantFrom("begin", "seal", "link", "expire", "renew", "hold", "letGo", "linkCopy") },
  { weight: 2, arbitrary: fc.constantFrom("letter", "giveUp", "release", "destroy") },
);
const someChoices = fc.array(someChoice, { minLength: 60, maxLength: 60 }).map((chosen) => ["letter", "begin", "seal", ...chosen]);

/** The life of a case, with one step of keeping and one attempt to release at every moment. */
function watched(life: Parameters<typeof live>[0], chosen: readonly string[], look: (before: History, after: History, moment: Moment) => void): History {
  let nth = 0;
  return live(life, ({ past, on }) => {
    const asked = choices[chosen[nth++] ?? "nothing"]?.(past, on);
    const kept = asked === undefined ? past : obey(asked, past, { ...on, fresh: `kept-${past.length}` });
    look(past, kept, { past, on });
    const out = of(kept, "ProductionReleased").length > 0 ? kept : obey(releaseOfPlan(kept), kept, on);
    look(kept, out, { past: kept, on });
    return out;
  }).past;
}

function paperOf(past: History) {
  const confirmed = of(past, "DetailsConfirmed").at(-1);
  return { confirmed, instrument: us.instruments.find(({ id }) => id === confirmed?.instrument?.id) };
}

test("nothing leaves, and nothing that is kept is opened, while the newest paper only asks to keep", () => {
  const seen = { released: 0, releasedBesideKept: 0, opened: 0, openedElsewhere: 0, linked: 0, followed: 0 };
  fc.assert(
    fc.property(someLife, someChoices, (life, chosen) => {
      watched(life, chosen, (before, after) => {
        for (const { fact } of after.slice(before.length)) {
          if (fact.type === "PreservationEnded" && fact.how === "process-followed") seen.followed += 1;
          if (fact.type !== "ProductionReleased" && fact.type !== "SnapshotOpened" && fact.type !== "KeptCopyLinked") continue;
          const { confirmed, instrument } = paperOf(before);
          assert.ok(
            instrument !== undefined && instrument.family !== "preservation" && instrument.compulsory && instrument.compels.length > 0,
            `${fact.type} under ${instrument?.id}`,
          );
          if (fact.type === "KeptCopyLinked") {
            seen.linked += 1;
            continue;
          }
          assert.ok(
            of(before, "ReviewSigned").some(({ revision, lines }) => revision === confirmed?.revision && lines.some(({ decision }) => decision === "allow")),
          );
          if (fact.type === "SnapshotOpened" && fact.from !== undefined) {
            assert.ok(of(before, "KeptCopyLinked").some(({ from, preservation }) => from === fact.from && preservation === fact.preservation));
            seen.openedElsewhere += 1;
          } else if (fact.type === "SnapshotOpened") seen.opened += 1;
          else seen.released += 1;
          if (fact.type === "ProductionReleased" && of(before, "SnapshotSealed").length > 0) seen.releasedBesideKept += 1;
        }
      });
    }),
    runs,
  );
  for (const [what, n] of Object.entries(seen)) assert.ok(n > runs.numRuns / 40, `too few to prove anything: ${what} ${n} of ${runs.numRuns}`);
});

test("what is kept never opens the gate, and closes it only until the plan is checked with a copy that was linked since", () => {
  const seen = { compared: 0, linkedSince: 0 };
  const compare = (past: History, on: Circumstances) => {
    const bare = past.filter(({ fact }) => !ofPreservation.includes(fact.type));
    const reasons = gateReasons(past, on);
    assert.deepEqual(
      reasons.filter(({ code }) => code !== "COPY_LINKED_SINCE"),
      gateReasons(bare, on),
    );
    seen.compared += bare.length < past.length ? 1 : 0;
    seen.linkedSince += reasons.some(({ code }) => code === "COPY_LINKED_SINCE") ? 1 : 0;
  };
  fc.assert(
    fc.property(someLife, someChoices, (life, chosen) => {
      let end: Moment | undefined;
      watched(life, chosen, (before, after, { on }) => {
        if (after.length > before.length && after.at(-1)?.fact.type === "KeptCopyLinked") compare(after, on);
        end = { past: after, on };
      });
      if (end !== undefined) compare(end.past, end.on);
    }),
    runs,
  );
  assert.ok(seen.compared > runs.numRuns / 2 && seen.linkedSince > runs.numRuns / 40, `too few lives to prove anything: ${JSON.stringify(seen)}`);
});

const somePatience = fc.array(
  fc.record({
    what: fc.constantFrom(...Object.keys(choices), "warrant", "expire", "destroy", "nothing", "hold", "hold"),
    days: fc.constantFrom(0, 0, 1, 20, 88, 89, 90, 91),
  }),
  { minLength: 5, maxLength: 25 },
);

const warrant: Choice = (past, on) => ({ ...letter(past, on), instrument: { id: "US-SW", signedBy: "judge", issuedOn: on.today, servedAt: on.now } });

test("every snapshot is sealed once, renewed at most once, ended before it is destroyed, and never expires on or before its last day or while another case waits", () => {
  const seen = { sealed: 0, renewed: 0, expired: 0, released: 0, destroyed: 0, underWarrant: 0, waited: 0, outlived: 0 };
  fc.assert(
    fc.property(somePatience, (moves) => {
      let on = at("2026-09-01T15:00:00Z");
      let past = history([received(on.now)], on);
      for (const { what, days } of [{ what: "letter", days: 0 }, { what: "begin", days: 0 }, { what: "seal", days: 1 }, ...moves]) {
        const asked = (what === "warrant" ? warrant : choices[what])?.(past, on);
        if (asked !== undefined) past = obey(asked, past, { ...on, fresh: `id-${past.length}` });
        on = at(addHours(on.now, 24 * days));
        if (obey({ type: "ExpirePreservation" }, past, on) === past && paperOf(past).instrument?.id === "US-SW") seen.underWarrant += 1;
      }
      for (const { preservation, revision } of of(past, "SnapshotSealed")) {
        const own = past.filter(({ fact }) => "preservation" in fact && fact.preservation === preservation);
        const order = own.flatMap(({ fact }) => (fact.type === "ProcessLinked" || fact.type === "LinkedProcessEnded" ? [] : [fact.type])).join(" ");
        assert.match(order, /^SnapshotBegun SnapshotSealed( PreservationRenewed)?( PreservationEnded( SnapshotDestroyed)?)?$/);
        const renewals = own.filter(({ fact }) => fact.type === "PreservationRenewed").length;
        const served = of(past, "DetailsConfirmed").find((each) => each.revision === revision)?.instrument?.servedAt;
        assert.ok(served !== undefined);
        const lastDay = addDays(dayOf(served, zone), 90 * (1 + renewals));
        const ended = own.find(({ fact }) => fact.type === "PreservationEnded");
        const waits = own.filter(({ fact }) => fact.type === "ProcessLinked").length - own.filter(({ fact }) => fact.type === "LinkedProcessEnded").length;
        seen.waited += waits;
        if (waits > 0 && dayOf(on.now, zone) > lastDay && ended === undefined) seen.outlived += 1;
        if (waits > 0) assert.ok(ended?.fact.type !== "PreservationEnded" || ended.fact.how === "released", "it ended while another case waited");
        if (ended?.fact.type === "PreservationEnded" && ended.fact.how === "expired") {
          assert.ok(dayOf(ended.at, zone) > lastDay, `expired on ${ended.at}, kept through ${lastDay}`);
          seen.expired += 1;
        }
        seen.released += ended?.fact.type === "PreservationEnded" && ended.fact.how === "released" ? 1 : 0;
        seen.sealed += 1;
        seen.renewed += renewals;
        if (order.endsWith("SnapshotDestroyed")) seen.destroyed += 1;
      }
    }),
    runs,
  );
  for (const [what, n] of Object.entries(seen)) assert.ok(n > runs.numRuns / 20, `too seldom to prove anything: ${what} ${n}`);
});
