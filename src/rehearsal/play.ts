// Plays the main job step by step, through the same doors and decisions as a day at the desk, and writes down what came of it.
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { RehearsalClock } from "../adapters/clock/clocks.ts";
import { findCaseView, type CaseView } from "../app/case-view.ts";
import { openSecrets } from "../app/case-secrets.ts";
import type { Desk } from "../app/desk.ts";
import { findStaff } from "../app/directory.ts";
import { handle, readCase } from "../app/handle.ts";
import type { Installation } from "../app/installation.ts";
import { giveNotices } from "../app/owner-notice.ts";
import { askersOf } from "../app/permissions.ts";
import { approveWithKey } from "../app/approve-package.ts";
import { addApproverKey } from "../app/approver-keys.ts";
import { approverIdentity, approverRecipient, newRecoveryPhrase, seedOfPhrase } from "../app/package-key.ts";
import { planAndCheck, releaseProduction, sealProduction } from "../app/produce.ts";
import { openPackage } from "../app/withheld-opening.ts";
import { takeSnapshot } from "../app/preserve.ts";
import { proposeDetails } from "../app/propose-details.ts";
import { checkReports, publishReport, type PublishedReport } from "../app/publish-report.ts";
import type { Actor, CaseId } from "../kernel/ids.ts";
import { instant } from "../kernel/instant.ts";
import type { Reason } from "../kernel/outcome.ts";
import { reportCsv } from "../reporting/module.ts";
import type { Asker } from "../requests/decision.ts";
import { renderReportFile } from "../web/public/report-file.tsx";
import { sendAsAgency, type Agency, type Mail } from "./agencies.ts";
import { mailbox, people } from "./company.ts";
import * as stories from "./stories.ts";

export interface Stage {
  readonly installation: Installation;
  readonly clock: RehearsalClock;
  readonly smtpPort: number;
  /** One round of lists, clocks and letters. */
  readonly round: () => Promise<void>;
  readonly out: string;
  readonly say: (text: string) => void;
}

interface StoryResult {
  readonly story: string;
  readonly case: string;
  readonly outcome: string;
  readonly stage: string;
  readonly reasons: readonly Reason[];
  readonly package?: string;
  readonly letters: readonly string[];
}

export interface Played {
  readonly stories: readonly StoryResult[];
  readonly report: PublishedReport;
  readonly ledger: unknown;
  readonly ownerLink: string | undefined;
  readonly downloadLink: string | undefined;
}

class Play {
  readonly stage: Stage;
  readonly key: string;
  readonly results: StoryResult[] = [];
  private readonly keys = new Map<string, CryptoKey>();
  ownerLink: string | undefined;
  downloadLink: string | undefined;

  constructor(stage: Stage, key: string) {
    this.stage = stage;
    this.key = key;
  }

  async desk(): Promise<Desk> {
    const desk = await this.stage.installation.desk();
    if (desk === undefined) throw new Error("the rehearsal has no desk");
    return desk;
  }

  at(moment: string): void {
    this.stage.clock.set(instant(moment));
  }

  /** What has been written is sealed first: lists and clocks know sealed facts only, and the rehearsal's day jumps. */
  async settles(): Promise<void> {
    const desk = await this.desk();
    await desk.ports.ledger.seal(desk.id, desk.ports.clock.now());
    await this.stage.round();
  }

  /** The mail goes over SMTP to the desk's own mailbox; the case is the newest one. */
  async arrives(agency: Agency, mail: Mail, moment: string): Promise<CaseId> {
    this.at(moment);
    await sendAsAgency(agency, mail, mailbox, { host: "127.0.0.1", port: this.stage.smtpPort });
    await this.stage.round();
    await this.settles();
    const desk = await this.desk();
    const [newest] = await desk.ports.views.list(desk.id, { queue: "all", limit: 1, now: desk.ports.clock.now() });
    if (newest === undefined) throw new Error("the message opened no case");
    return newest.caseId;
  }

  async as(person: string): Promise<{ readonly by: Actor; readonly askers: readonly Asker[] }> {
    const staff = await findStaff(await this.desk(), person);
    if (staff === undefined) throw new Error(`the rehearsal has no ${person}`);
    return { by: `staff:${staff.id}` as Actor, askers: askersOf(staff.roles) };
  }

  /** A step that the story expects to be taken. */
  async takes(person: string, caseId: CaseId, command: { readonly type: string; readonly [member: string]: unknown }): Promise<void> {
    const handled = await handle(await this.desk(), { caseId, ...(await this.as(person)), command });
    if (handled.kind === "refused")
      throw new Error(`${command.type} was refused: ${handled.reasons.map(({ because, clause }) => `${because} [${clause}]`).join(" ")}`);
    await this.settles();
  }

  async view(caseId: CaseId): Promise<CaseView> {
    const view = await findCaseView(await this.desk(), caseId, "desk" as Actor, []);
    if (view === undefined) throw new Error("the case is gone");
    return view;
  }

  async confirmsAsRead(caseId: CaseId): Promise<void> {
    const desk = await this.desk();
    const history = await readCase(desk, caseId);
    const proposal = await proposeDetails(desk, history, await openSecrets(desk, caseId, history));
    if (proposal === undefined) throw new Error("nothing was read");
    // Everybody in these stories but the European judge is at home: rules that protect others do not apply.
    await this.takes(people.ana, caseId, { ...proposal, places: { customer: "US", person: "US", data: "US" } });
  }

  /** As read, with what only a person saw on the paper. */
  async confirms(caseId: CaseId, saw: (paper: object) => object): Promise<void> {
    const desk = await this.desk();
    const history = await readCase(desk, caseId);
    const proposal = await proposeDetails(desk, history, await openSecrets(desk, caseId, history));
    if (proposal?.instrument === undefined) throw new Error("no paper was read");
    await this.takes(people.ana, caseId, { ...proposal, instrument: saw(proposal.instrument) });
  }

  /** The gate is shut, and this is among the reasons. */
  async isHeld(caseId: CaseId, code: string): Promise<void> {
    const { gate } = await this.view(caseId);
    if (gate.open || !gate.reasons.some((reason) => reason.code === code)) throw new Error(`the gate does not hold the case with ${code}`);
  }

  async callsBack(caseId: CaseId): Promise<void> {
    await this.takes(people.ana, caseId, {
      type: "RecordCallBack",
      answer: "confirmed",
      numberSource: "government-website",
      private: { number: "+1 303 555 0100", answeredBy: "Switchboard, then the officer" },
    });
  }

  async refersAndIsDeclined(caseId: CaseId): Promise<void> {
    await this.takes(people.ana, caseId, { type: "ReferToCustomer" });
    await this.takes(people.ana, caseId, { type: "RecordReferralAnswer", answer: "agency-declines" });
  }

  /** Counsel answers every open check with yes and signs. */
  async reviews(caseId: CaseId): Promise<void> {
    const waiting = (await this.view(caseId)).checks.filter(({ answer }) => answer === "waiting");
    if (waiting.length > 0)
      await this.takes(people.cole, caseId, {
        type: "AnswerChecks",
        answers: waiting.map(({ id }) => ({ check: id, answer: "yes" })),
        private: { note: "Read with the paper in hand." },
      });
    await this.takes(people.cole, caseId, { type: "SignReview", leaveOut: [], private: { reasoning: "The least that the paper supports." } });
  }

  async tells(caseId: CaseId): Promise<string | undefined> {
    const { links, reasons } = await giveNotices(await this.desk(), caseId, (await this.as(people.ana)).by, (await this.as(people.ana)).askers);
    if (reasons.length > 0) throw new Error(`the notice was refused: ${reasons[0]?.because}`);
    await this.settles();
    return [...links.values()][0];
  }

  async plansChecksApproves(caseId: CaseId): Promise<void> {
    const checked = await planAndCheck(await this.desk(), caseId, (await this.as(people.ana)).by);
    if (checked.kind === "refused") throw new Error(`the plan was refused: ${checked.reasons.map(({ because }) => because).join(" ")}`);
    const sealed = await sealProduction(await this.desk(), caseId, (await this.as(people.ana)).by);
    if (sealed.kind === "refused") throw new Error(`the package was not sealed: ${sealed.reasons.map(({ because }) => because).join(" ")}`);
    for (const who of [people.uma, people.vic]) {
      const approved = await approveWithKey(await this.desk(), caseId, who, await this.keyOf(who));
      if (approved.kind === "refused") throw new Error(`the approval was refused: ${approved.reasons.map(({ because }) => because).join(" ")}`);
    }
  }

  /** Each approver has a phrase of their own; the desk learns only what follows from it. */
  private async keyOf(who: string): Promise<CryptoKey> {
    const known = this.keys.get(who);
    if (known !== undefined) return known;
    const identity = await approverIdentity(seedOfPhrase(newRecoveryPhrase()) ?? new Uint8Array());
    this.keys.set(who, identity);
    return identity;
  }

  /** Before anything is sealed, those who approve make their keys. */
  async makeKeys(): Promise<void> {
    for (const who of [people.uma, people.vic]) {
      const added = await addApproverKey(await this.desk(), who, { kind: "phrase", recipient: await approverRecipient(await this.keyOf(who)) });
      if (added.kind === "refused") throw new Error(added.because);
    }
  }

  async releases(caseId: CaseId): Promise<void> {
    const released = await releaseProduction(await this.desk(), caseId, (await this.as(people.cole)).by);
    if (released.kind === "refused") throw new Error(`the release was refused: ${released.reasons.map(({ because }) => because).join(" ")}`);
    this.downloadLink = released.link;
    await this.settles();
  }

  /** The officer fetches the package once; the file is what left the desk. */
  async isFetched(caseId: CaseId): Promise<string> {
    const desk = await this.desk();
    const counted = await handle(desk, { caseId, by: `officer:${caseId}` as Actor, askers: ["officer"], command: { type: "CountDownload" } });
    if (counted.kind === "refused") throw new Error(`the download was refused: ${counted.reasons[0]?.because}`);
    const object = await openPackage(desk, caseId);
    if (object === undefined) throw new Error("the package is gone");
    const file = join("packages", `${caseId}.tar.age`);
    await pipeline(object, createWriteStream(join(this.stage.out, file)));
    await this.settles();
    return file;
  }

  async ends(story: string, caseId: CaseId, file?: string): Promise<void> {
    const view = await this.view(caseId);
    const lines = view.lines.flatMap(({ reasons }) => reasons);
    const held = view.outcome === undefined || view.stage === "held" || view.stage === "suspended" ? view.gate.reasons : [];
    const missing: readonly Reason[] = view.missing.map(({ clause, code, ask }) => ({ clause, code, because: `The request does not give: ${ask}` }));
    this.results.push({
      story,
      case: caseId,
      outcome: view.outcome ?? view.stage,
      stage: view.stage,
      reasons: distinct([...missing, ...lines, ...held]),
      ...(file === undefined ? {} : { package: file }),
      letters: view.letters.map(({ kind, state }) => `${kind}: ${state}`),
    });
    this.stage.say(`  ${caseId}  ${view.outcome ?? view.stage}`);
  }
}

function distinct(reasons: readonly Reason[]): readonly Reason[] {
  return reasons.filter(
    (reason, index) => reasons.findIndex(({ code, because, line }) => code === reason.code && because === reason.because && line === reason.line) === index,
  );
}

/** Throws when a story does not go as a good desk would have it: the rehearsal is a test too. */
export async function play(stage: Stage, options: { readonly leavesOpen: boolean }): Promise<Played> {
  await Promise.all(["packages", "report"].map((folder) => mkdir(join(stage.out, folder), { recursive: true })));
  const identity = await generateX25519Identity();
  await writeFile(join(stage.out, "officer-identity.txt"), `# The rehearsal's officer: opens every package in packages/\n${identity}\n`, { mode: 0o600 });
  const it = new Play(stage, await identityToRecipient(identity));
  await it.makeKeys();
  const scenes = [warrant, subpoena, lookAlike, gag, objection, noDates, slackExport, noRequest, duplicate, preservation, europeanOrder] as const;
  for (const [index, scene] of scenes.entries()) {
    stage.say(`${String(index + 1).padStart(2)}/${scenes.length}  ${scene.title}`);
    await scene(it);
  }
  const played = await closeTheYear(it);
  if (!options.leavesOpen) return played;
  stage.say("Two requests are left open for your visit");
  await leaveOpen(it);
  return { ...played, ownerLink: it.ownerLink, downloadLink: it.downloadLink };
}

interface Scene {
  (it: Play): Promise<void>;
  title: string;
}

function scene(title: string, act: (it: Play) => Promise<void>): Scene {
  return Object.assign(act.bind(undefined), { title });
}

const warrant = scene("A warrant, produced in full after the customer was told", async (it) => {
  const caseId = await it.arrives(stories.police, stories.warrantMail(it.key), "2026-03-02T16:12:30Z");
  await it.confirmsAsRead(caseId);
  await it.callsBack(caseId);
  await it.refersAndIsDeclined(caseId);
  it.at("2026-03-03T17:00:00Z");
  await it.reviews(caseId);
  await it.tells(caseId);
  await it.plansChecksApproves(caseId);
  it.at("2026-03-11T15:00:00Z");
  await it.releases(caseId);
  await it.ends("warrant-produced-in-full", caseId, await it.isFetched(caseId));
});

const subpoena = scene("A subpoena that asks for content: narrowed, the rest produced", async (it) => {
  const caseId = await it.arrives(stories.attorney, stories.subpoenaMail(it.key), "2026-03-11T21:30:30Z");
  await it.confirmsAsRead(caseId);
  await it.refersAndIsDeclined(caseId);
  await it.reviews(caseId);
  await it.tells(caseId);
  await it.plansChecksApproves(caseId);
  it.at("2026-03-19T16:00:00Z");
  await it.releases(caseId);
  await it.ends("subpoena-narrowed", caseId, await it.isFetched(caseId));
});

const lookAlike = scene("A letter from a look-alike domain: held, nobody answers it", async (it) => {
  const caseId = await it.arrives(stories.impostor, stories.lookAlikeMail, "2026-03-19T17:00:00Z");
  await it.ends("look-alike-held", caseId);
});

const gag = scene("A secrecy order that lapses: the customer is told by itself", async (it) => {
  const caseId = await it.arrives(stories.police, stories.gaggedMail(it.key), "2026-03-20T16:05:30Z");
  await it.confirmsAsRead(caseId);
  await it.callsBack(caseId);
  await it.takes(people.cole, caseId, { type: "WaiveReferral", ground: "law-prohibits" });
  await it.takes(people.ana, caseId, {
    type: "RecordGag",
    instrument: "US-NDO",
    issuedBy: "judge",
    start: "2026-03-08",
    end: "2026-04-30",
    private: { court: "District Court, Exampleton County", number: "26-SW-1077", scope: "The existence of the warrant" },
  });
  const [order] = (await it.view(caseId)).gags;
  await it.takes(people.ana, caseId, { type: "WithholdForGag", gag: order?.gag });
  for (const beneficiary of ["customer", "data-protection-authority"])
    await it.takes(people.cole, caseId, {
      type: "RecordLiftAttempt",
      gag: order?.gag,
      addressee: "court",
      beneficiary,
      answer: beneficiary === "customer" ? "refused" : "pending",
      private: { argument: "The customer cannot harm the investigation; we ask for leave to tell it." },
    });
  await it.reviews(caseId);
  await it.plansChecksApproves(caseId);
  await it.releases(caseId);
  const file = await it.isFetched(caseId);
  it.at("2026-05-01T14:00:00Z");
  await it.settles();
  await it.settles();
  await it.ends("gag-lapsed-late-notice", caseId, file);
});

const objection = scene("A customer objects: everything is suspended", async (it) => {
  const caseId = await it.arrives(stories.federal, stories.objectedMail(it.key), "2026-05-04T14:40:30Z");
  await it.confirmsAsRead(caseId);
  await it.callsBack(caseId);
  await it.refersAndIsDeclined(caseId);
  await it.reviews(caseId);
  it.ownerLink = await it.tells(caseId);
  it.at("2026-05-06T20:00:00Z");
  const objected = await handle(await it.desk(), {
    caseId,
    by: "owner:W-LANTERN" as Actor,
    askers: ["owner"],
    command: { type: "OwnerObjects", private: { text: "The order covers the sources of a newspaper. We have filed a motion to quash." } },
  });
  if (objected.kind === "refused") throw new Error("the objection was refused");
  await it.settles();
  await it.ends("objection-suspended", caseId);
});

const noDates = scene("A request without a date range, and a wish for silence", async (it) => {
  const caseId = await it.arrives(stories.police, stories.noDatesMail, "2026-05-08T17:15:30Z");
  await it.confirmsAsRead(caseId);
  await it.takes(people.ana, caseId, { type: "AskForMissing" });
  await it.takes(people.ana, caseId, { type: "NoteGagWish" });
  await it.ends("no-date-range-asked", caseId);
});

const slackExport = scene("A warrant for a workspace that lives in a Slack export", async (it) => {
  const caseId = await it.arrives(stories.attorney, stories.slackMail(it.key), "2026-05-11T15:00:30Z");
  await it.confirmsAsRead(caseId);
  await it.refersAndIsDeclined(caseId);
  await it.reviews(caseId);
  await it.tells(caseId);
  await it.plansChecksApproves(caseId);
  it.at("2026-05-19T15:00:00Z");
  // The earlier call-back ran out while the customer had time to object: the gate asks for a new one.
  await it.callsBack(caseId);
  await it.releases(caseId);
  await it.ends("slack-export-produced", caseId, await it.isFetched(caseId));
});

const europeanOrder = scene("A European order: held ten days for the enforcing authority, then produced", async (it) => {
  const caseId = await it.arrives(stories.tribunal, stories.europeanOrderMail(it.key), "2026-09-07T08:00:30Z");
  await it.confirms(caseId, (paper) => ({
    ...paper,
    offence: { maxYears: 10 },
    carriesSecrecy: false,
    servedBy: "decentralised-it-system",
    addressedTo: "us",
  }));
  await it.callsBack(caseId);
  await it.refersAndIsDeclined(caseId);
  await it.reviews(caseId);
  await it.tells(caseId);
  await it.plansChecksApproves(caseId);
  it.at("2026-09-17T20:00:00Z");
  await it.isHeld(caseId, "AUTHORITY_HOLD");
  it.at("2026-09-18T15:00:00Z");
  await it.releases(caseId);
  await it.ends("european-order-held-then-produced", caseId, await it.isFetched(caseId));
});

const preservation = scene("A letter to keep data: a sealed copy, destroyed on its last day", async (it) => {
  const caseId = await it.arrives(stories.police, stories.preservationMail, "2026-05-22T15:00:30Z");
  await it.confirmsAsRead(caseId);
  const taken = await takeSnapshot(await it.desk(), caseId, (await it.as(people.ana)).by);
  if (taken.kind === "refused") throw new Error(`the snapshot was refused: ${taken.reasons[0]?.because}`);
  await it.settles();
  it.at("2026-08-21T15:00:00Z");
  await it.settles();
  await it.settles();
  const [kept] = (await it.view(caseId)).preservations;
  if (kept?.ended !== "expired" || kept.destroyedAt === undefined) throw new Error("the copy outlived its last day");
  await it.ends("preserved-then-destroyed", caseId);
});

const noRequest = scene("A newsletter: kept, set aside, not counted", async (it) => {
  const caseId = await it.arrives(stories.bookshop, stories.newsletterMail, "2026-05-20T13:00:30Z");
  await it.ends("newsletter-set-aside", caseId);
});

const duplicate = scene("The first request once more: one case, nothing lost", async (it) => {
  it.at("2026-05-21T16:00:00Z");
  const before = it.results[0]?.case;
  await sendAsAgency(stories.police, stories.warrantMail(it.key), mailbox, { host: "127.0.0.1", port: it.stage.smtpPort });
  await it.settles();
  const view = await it.view(before as CaseId);
  if (view.duplicates !== 1) throw new Error("the duplicate was not recognised");
  await it.ends("duplicate-recognised", before as CaseId);
});

/** Left open for visitors: one request whose customer may still object, and one package that waits for its officer. */
async function leaveOpen(it: Play): Promise<void> {
  const fetched = await it.arrives(
    stories.attorney,
    stories.visitMail(it.key, "26-SW-2210", "Harbor Works", "hugo@harborworks.example"),
    "2027-01-18T16:00:30Z",
  );
  await it.confirmsAsRead(fetched);
  await it.callsBack(fetched);
  await it.refersAndIsDeclined(fetched);
  await it.reviews(fetched);
  await it.tells(fetched);
  await it.plansChecksApproves(fetched);
  const waiting = await it.arrives(
    stories.attorney,
    stories.visitMail(it.key, "26-SW-2214", "Orchard Street School", "ines@orchardstreet.example"),
    "2027-01-25T17:10:30Z",
  );
  await it.confirmsAsRead(waiting);
  await it.callsBack(waiting);
  await it.refersAndIsDeclined(waiting);
  await it.reviews(waiting);
  it.ownerLink = await it.tells(waiting);
  it.at("2027-01-26T16:00:00Z");
  await it.releases(fetched);
}

async function closeTheYear(it: Play): Promise<Played> {
  const { out, installation, say } = it.stage;
  it.at("2027-01-15T16:00:00Z");
  await it.settles();
  say("The year's report");
  const desk = await it.desk();
  const published = await publishReport(desk, 2026, (await it.as(people.cole)).by);
  if (published.kind === "refused") throw new Error(published.reasons.map(({ because }) => because).join(" "));
  await desk.ports.ledger.seal(desk.id, desk.ports.clock.now());
  await Promise.all([
    writeFile(join(out, "report", "report.json"), `${JSON.stringify({ ...published.report, published: published.fact }, null, 2)}\n`),
    writeFile(join(out, "report", "report.csv"), reportCsv(published.report)),
    writeFile(join(out, "report", "index.html"), await renderReportFile(desk, published)),
  ]);
  say("The ledger, verified");
  const check = await installation.verifyLedger({});
  const figures = check.ok ? await checkReports(desk) : [];
  const ledger = { ...check, ok: check.ok && figures.length === 0, logKey: installation.logKey, figures };
  await writeFile(join(out, "ledger-verification.json"), `${JSON.stringify(ledger, null, 2)}\n`);
  if (!ledger.ok) throw new Error("the ledger of the rehearsal does not verify");
  await writeFile(
    join(out, "summary.json"),
    `${JSON.stringify({ company: desk.profile.legalEntity, year: 2026, logKey: installation.logKey, stories: it.results }, null, 2)}\n`,
  );
  return { stories: it.results, report: published, ledger, ownerLink: it.ownerLink, downloadLink: it.downloadLink };
}
