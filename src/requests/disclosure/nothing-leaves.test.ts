// The product's first promise, proved on random lives of a case: a second, naive reading of the facts agrees with the gate at every moment.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { live, obey, releaseOfPlan, runs, someLife } from "../../../tests/random-case.ts";
import { us, without } from "../../../tests/a-case.ts";
import type { CaseFact } from "../case-facts.ts";
import type { Circumstances, History } from "../decision.ts";
import { gateReasons } from "./gate.ts";

type Of<Type extends CaseFact["type"]> = Extract<CaseFact, { readonly type: Type }>;
interface Found<Type extends CaseFact["type"]> {
  readonly fact: Of<Type>;
  readonly index: number;
  readonly by: string;
  readonly day: string;
}

const localDays = new Map<string, string>();

/** The desk of these lives stands in Denver. */
function localDay(moment: string): string {
  const known = localDays.get(moment);
  if (known !== undefined) return known;
  const found = Temporal.Instant.from(moment).toZonedDateTimeISO("America/Denver").toPlainDate().toString();
  localDays.set(moment, found);
  return found;
}

/** Everything the policy asks before data may leave, read from the bare facts without the code under test. */
function missing(history: History, on: Circumstances): string[] {
  const today = localDay(on.now);
  const all = <Type extends CaseFact["type"]>(type: Type): Found<Type>[] =>
    history.flatMap(({ fact, by, at }, index) => (fact.type === type ? [{ fact: fact as Of<Type>, index, by, day: localDay(at) }] : []));
  const wrong: string[] = [];
  const demand = (holds: boolean, what: string) => void (holds || wrong.push(what));

  const details = all("DetailsConfirmed").at(-1)?.fact;
  if (details === undefined) return ["details"];
  const { revision } = details;
  demand(all("CaseClosed").length === 0 && all("RequestWithdrawn").length === 0, "the case is open");

  for (const name of ["mail-authentication", "domain-class", "look-alike", "reply-to", "display-name", "contact-details", "call-back"]) {
    const newest = all("AssuranceRecorded")
      .filter(({ fact }) => fact.fact === name)
      .at(-1)?.fact;
    demand(newest?.verdict === "met" && (newest.validTo === undefined || newest.validTo >= today), `assured: ${name}`);
  }

  const review = all("ReviewSigned")
    .filter(({ fact }) => fact.revision === revision)
    .at(-1);
  const rulings = all("ChallengeResolved").filter(({ fact }) => fact.outcome === "narrowed");
  const mayGo = (line: string) =>
    review?.fact.lines.some((verdict) => verdict.line === line && verdict.decision === "allow") === true &&
    rulings.every(({ fact }) => fact.lines?.includes(line) === true);
  demand(review !== undefined, "a signed review of the newest revision");
  demand(
    details.lines.some(({ id }) => mayGo(id)),
    "an allowed line",
  );
  for (const { id, then } of us.checks) {
    const said = all("CheckAnswered").filter(({ fact }) => fact.check === id && fact.revision === revision);
    const isNo = said.at(-1)?.fact.answer === "no";
    const stops = ["hold", "reject", "refer", "counsel", "ask"].includes(then);
    const isUnweighed = said.some(({ fact, index }) => fact.answer === "no" && index > (all("ReviewSigned").at(-1)?.index ?? -1));
    demand(!isNo || !(stops || isUnweighed), `no objection: ${id}`);
  }
  demand(!details.missing.includes("agency") && !details.missing.includes("matter"), "an agency and a matter");
  demand(
    us.instruments.some(({ id, compulsory }) => id === details.instrument?.id && compulsory),
    "a compulsory instrument",
  );

  if (on.policy.settings.referralFirst) {
    const last = [...all("ReferralMade"), ...all("ReferralAnswered"), ...all("ReferralWaived")].toSorted((a, b) => a.index - b.index).at(-1)?.fact;
    demand(last?.type === "ReferralWaived" || (last?.type === "ReferralAnswered" && last.answer === "agency-declines"), "the customer tried first");
  }

  demand(all("OwnerWillAnswer").length === 0, "the owner does not answer itself");
  const workspaces = new Set(details.subjects.flatMap(({ workspace }) => (workspace === undefined ? [] : [workspace])));
  demand(workspaces.size > 0, "a customer to tell");
  for (const workspace of workspaces) demand(toldAndWaited(workspace) || silenceIsLawful(workspace), `told: ${workspace}`);

  demand(
    all("ChallengeOpened").every(({ fact }) => all("ChallengeResolved").some(({ fact: end }) => end.challenge === fact.challenge && end.outcome !== "upheld")),
    "no challenge",
  );

  const settled = Math.max(-1, ...all("ReviewSigned").map(({ index }) => index), ...all("ChallengeResolved").map(({ index }) => index));
  const plan = all("PlanCompiled")
    .filter(({ fact, index }) => fact.revision === revision && index > settled)
    .at(-1);
  demand(plan !== undefined, "a plan for the settled lines");
  demand(plan?.fact.reads.every(({ line }) => mayGo(line)) === true, "no read outside the lines");
  const check = all("RecordsChecked")
    .filter(({ fact, index }) => fact.plan === plan?.fact.plan && index > plan.index)
    .at(-1);
  demand(check?.fact.passed === true && check.fact.outside === 0, "a passed check of that plan");
  const newestPlan = all("PlanCompiled").at(-1)?.index ?? -1;
  // A plan that is missing or not passed is said already.
  const isChecked = check?.fact.passed === true;
  demand(!isChecked || all("KeptCopyLinked").every(({ index }) => index < newestPlan), "every linked copy was there for the check");
  const setting = all("RedactionsSet").at(-1);
  const setAt = setting?.index ?? -1;
  const hasRules = setting !== undefined && setting.fact.fields + setting.fact.texts + setting.fact.people + (setting.fact.customer ?? 0) > 0;
  const readsText = setting !== undefined && setting.fact.texts + setting.fact.people > 0;
  demand(!isChecked || check.index > setAt, "the check came after the rules of redaction");
  demand(!isChecked || check.fact.rules === (hasRules ? setting.fact.rules : undefined), "the check was of these rules");
  const marks = (paper: string) =>
    all("PaperMarked")
      .filter(({ fact }) => fact.paper === paper)
      .at(-1);
  for (const paper of isChecked ? (check.fact.papers ?? []) : [])
    demand(!(readsText || (marks(paper)?.fact.regions ?? 0) > 0) || everyPageSeen(paper), "every page of a redacted paper was approved as it is redacted now");
  const marked = new Set(all("PaperMarked").map(({ fact }) => fact.paper));
  for (const paper of marked)
    demand(!isChecked || (marks(paper)?.fact.regions ?? 0) === 0 || (check.fact.papers ?? []).includes(paper), "no marked paper was lost");
  for (const [kind, count] of Object.entries(isChecked && readsText ? (check.fact.files ?? {}) : {})) {
    const allowances = all("FilesAllowed").flatMap(({ fact, index }) =>
      index > setAt && fact.rules === setting?.fact.rules ? Object.entries(fact.files).filter(([each]) => each === kind) : [],
    );
    demand(count <= (allowances.at(-1)?.[1] ?? 0), "counsel allowed as many files as nobody looked into");
  }
  const lastMark = all("PaperMarked").at(-1)?.index ?? -1;
  const sealing = all("PackageSealed")
    .filter(({ fact, index }) => fact.plan === plan?.fact.plan && check !== undefined && index > check.index && index > lastMark)
    .at(-1);
  const approvers = all("ReleaseApproved").filter(({ fact, index }) => sealing !== undefined && fact.package === sealing.fact.package && index > sealing.index);
  demand(new Set(approvers.map(({ by }) => by)).size >= 2, "two different approvers of the package of that plan");
  return wrong;

  function everyPageSeen(paper: string): boolean {
    const seen = all("PagesApproved").filter(
      ({ fact, index }) => fact.paper === paper && fact.audience === undefined && index > setAt && index > (marks(paper)?.index ?? -1),
    );
    const last = seen.at(-1)?.fact;
    const pages = new Set(seen.filter(({ fact }) => fact.view === last?.view).flatMap(({ fact }) => fact.pages));
    return last !== undefined && Array.from({ length: last.of }, (_, page) => page + 1).every((page) => pages.has(page));
  }

  function lastNotice(workspace: string) {
    return all("NoticeGiven")
      .filter(({ fact }) => fact.workspace === workspace && fact.revision === revision)
      .at(-1);
  }

  function fateOf(letter: string | undefined) {
    return [...all("LetterSent"), ...all("LetterFailed")]
      .filter(({ fact }) => fact.letter === letter && (fact.type === "LetterSent" || fact.permanent))
      .toSorted((a, b) => a.index - b.index)
      .at(-1);
  }

  function toldAndWaited(workspace: string): boolean {
    const notice = lastNotice(workspace);
    const last = fateOf(notice?.fact.letter);
    if (notice === undefined || last?.fact.type !== "LetterSent") return false;
    return Temporal.PlainDate.from(last.day).until(today, { largestUnit: "days" }).days > notice.fact.noticeDays;
  }

  function silenceIsLawful(workspace: string): boolean {
    const notice = lastNotice(workspace);
    if (notice !== undefined && fateOf(notice.fact.letter)?.fact.type !== "LetterFailed") return false;
    const ended = all("LateNoticeFellDue").at(-1)?.index ?? -1;
    return all("NoticeWithheld")
      .filter(({ index }) => index > ended)
      .some((ground) => groundHolds(ground, workspace));
  }

  function groundHolds({ fact, index, by }: Found<"NoticeWithheld">, workspace: string): boolean {
    if (!on.policy.settings.noticeExceptions.includes(fact.ground)) return false;
    if (fact.ground === "gag") return gagBinds(fact.gag);
    const proposal = all("WithholdingProposed")
      .filter((earlier) => earlier.index < index)
      .at(-1);
    // A person weighed the risk for the customers that were known then, and for nobody a revision names later.
    const known = all("DetailsConfirmed")
      .filter((earlier) => earlier.index < (proposal?.index ?? -1))
      .at(-1)
      ?.fact.subjects.map((subject) => subject.workspace);
    const isMeant = known?.includes(workspace) === true;
    return fact.reviewOn !== undefined && fact.reviewOn >= today && proposal !== undefined && proposal.by !== by && isMeant;
  }

  function gagBinds(id: string | undefined): boolean {
    const order = all("GagRecorded").find(({ fact }) => fact.gag === id)?.fact;
    const end =
      all("GagRenewed")
        .filter(({ fact }) => fact.gag === id)
        .at(-1)?.fact.end ?? order?.end;
    return order !== undefined && order.start <= today && (end === undefined || today <= end) && !all("GagEnded").some(({ fact }) => fact.gag === id);
  }
}

test("nothing leaves, in any life of a case, unless every promise was kept at that moment", () => {
  let left = 0;
  fc.assert(
    fc.property(someLife, (life) => {
      let gone = false;
      live(life, ({ past, on }) => {
        if (gone) return past;
        const after = obey(releaseOfPlan(past), past, on);
        gone = after.length > past.length;
        if (gone) assert.deepEqual(missing(past, on), []);
        left += gone ? 1 : 0;
        return after;
      });
    }),
    runs,
  );
  assert.ok(left > runs.numRuns / 10, `too few releases to prove anything: ${left} of ${runs.numRuns}`);
});

test("the gate opens exactly when the naive reading finds nothing missing, at every moment of every life", () => {
  fc.assert(
    fc.property(someLife, (life) => {
      live(life, ({ past, on }) => {
        const reasons = gateReasons(past, on);
        const wrong = missing(past, on);
        assert.equal(reasons.length === 0, wrong.length === 0, JSON.stringify({ gate: reasons.map(({ code }) => code), wrong }));
        return past;
      });
    }),
    runs,
  );
});

/** Facts that speak for disclosure and replace no earlier one: a second plan or review also ends the first, so it speaks against. */
function speaksFor(history: History, index: number): boolean {
  const fact = history[index]?.fact;
  const first = (same: (earlier: CaseFact) => boolean) => !history.slice(0, index).some(({ fact: earlier }) => same(earlier));
  switch (fact?.type) {
    case "AssuranceRecorded":
      return fact.verdict === "met" && first((earlier) => earlier.type === "AssuranceRecorded" && earlier.fact === fact.fact && earlier.verdict === "met");
    case "ReferralAnswered":
      return fact.answer === "agency-declines";
    case "ReviewSigned":
      return first((earlier) => earlier.type === "ReviewSigned" && earlier.revision === fact.revision);
    case "PlanCompiled":
      return first((earlier) => earlier.type === "PlanCompiled" && earlier.revision === fact.revision);
    case "RecordsChecked":
      return fact.passed && first((earlier) => earlier.type === "RecordsChecked" && earlier.plan === fact.plan && earlier.passed);
    case "PackageSealed":
      return first((earlier) => earlier.type === "PackageSealed" && earlier.plan === fact.plan);
    case "NoticeGiven":
      // A notice that went out although silence was lawful gives the customer its days: it speaks against.
      return !history.some(({ fact: other }) => other.type === "NoticeWithheld");
    case "ChallengeResolved":
    case "ReferralWaived":
    case "LetterSent":
    case "NoticeWithheld":
    case "ReleaseApproved":
      return true;
    default:
      return false;
  }
}

test("taking away one fact that speaks for disclosure never opens the gate", () => {
  let tried = 0;
  fc.assert(
    fc.property(someLife, fc.nat({ max: 20 }), (life, fewer) => {
      const { past, on } = live({ ...life, moves: life.moves.slice(0, life.moves.length - fewer) });
      if (gateReasons(past, on).length === 0) return;
      for (const [index, { fact }] of past.entries()) {
        if (!speaksFor(past, index)) continue;
        tried += 1;
        assert.ok(gateReasons(without(past, index), on).length > 0, `without ${fact.type} at ${index} the gate opens`);
      }
    }),
    runs,
  );
  assert.ok(tried > runs.numRuns, "too few facts were taken away");
});

test("two different people approve every release, and nobody approves one package twice", () => {
  fc.assert(
    fc.property(someLife, (life) => {
      const { past } = live(life, ({ past: facts, on }) => obey(releaseOfPlan(facts), facts, on));
      let approved: string[] = [];
      for (const { fact, by } of past) {
        if (
          fact.type === "PlanCompiled" ||
          fact.type === "RecordsChecked" ||
          fact.type === "ReviewSigned" ||
          fact.type === "ChallengeResolved" ||
          fact.type === "RedactionsSet" ||
          fact.type === "PaperMarked" ||
          fact.type === "PackageSealed"
        )
          approved = [];
        if (fact.type === "ReleaseApproved") {
          assert.ok(!approved.includes(by), `${by} approved twice`);
          approved.push(by);
        }
        if (fact.type === "ProductionReleased") assert.ok(new Set(approved).size >= 2, "released on fewer than two people");
      }
    }),
    runs,
  );
});

test("a second person stands behind every silence that is not a secrecy order", () => {
  fc.assert(
    fc.property(someLife, (life) => {
      let proposer: string | undefined;
      for (const { fact, by } of live(life).past) {
        if (fact.type === "WithholdingProposed") proposer = by;
        if (fact.type === "NoticeWithheld" && fact.ground !== "gag")
          assert.ok(proposer !== undefined && proposer !== by, `${by} withheld on their own proposal`);
      }
    }),
    runs,
  );
});

test("no emergency request and no other paper that compels nothing is ever released", () => {
  fc.assert(
    fc.property(someLife, fc.constantFrom("US-EDR", "US-CONSENT", "US-CLOUD-IN", "US-DELAY"), (life, paper) => {
      let instrument: string | undefined;
      live(life, ({ past, on }) => {
        assert.equal(on.policy.settings.allowVoluntaryEmergency, false);
        const claimed = past.map((entry) =>
          entry.fact.type === "DetailsConfirmed" && entry.fact.instrument !== undefined
            ? { ...entry, fact: { ...entry.fact, instrument: { ...entry.fact.instrument, id: paper } } }
            : entry,
        );
        assert.ok(gateReasons(claimed, on).length > 0, `${paper} opened the gate`);
        for (const { fact } of past) if (fact.type === "DetailsConfirmed") instrument = fact.instrument?.id;
        const after = obey(releaseOfPlan(past), past, on);
        if (after.length > past.length) assert.notEqual(instrument, paper);
        return after;
      });
    }),
    runs,
  );
});
