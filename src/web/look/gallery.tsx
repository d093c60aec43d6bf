// Puts every shared piece on one page, in its ordinary, empty, long, wrong and right-to-left states, so that people and tests can look at it.
import { ClauseChip } from "./clause-chip.tsx";
import type { ClauseEntry } from "./clause-chip.tsx";
import { Clock } from "./clock.tsx";
import { AskedReachedProduced, AssuranceTable, LetterPreview } from "./evidence.tsx";
import { BarChart, Figures, Progress, SmallNumber } from "./figures.tsx";
import { BlockedStep, Button, ErrorSummary, Field, Reasons, SummaryList, TaskList } from "./forms.tsx";
import { Gate } from "./gate.tsx";
import type { GateBar } from "./gate.tsx";
import { Moment } from "./moment.tsx";
import { Page, Prose } from "./page.tsx";
import type { Face } from "./page.tsx";
import { Banner, Copyable, EmptyState, KeyboardHelp, Pagination, SealMark, Table, Timeline } from "./records.tsx";
import { StateTag } from "./state-tag.tsx";

const entries: readonly ClauseEntry[] = [
  {
    id: "KDRP-11",
    rule: "Content that users made is produced only on a search warrant.",
    quote: "Kutano requires a search warrant to produce such data to law enforcement.",
    basis: "document",
    kept: "A gate for each line: a line that asks for content passes only when its paper is a search warrant.",
  },
  {
    id: "KDRP-13",
    rule: "The workspace owner is told before anything leaves, early enough to object.",
    quote: "",
    basis: "house",
    kept: "A gate and a record: production opens on the eighth day after the notice arrived.",
  },
  {
    id: "DPA-8.1a",
    rule: "A partner that receives a government request tells us within 72 hours.",
    quote: "",
    basis: "memory",
    kept: "A clock that runs in elapsed hours, and the record of the notice.",
  },
  {
    id: "KDRP-3",
    rule: "A request comes from a government mailbox and carries the officer’s full contact details.",
    quote: "",
    basis: "document",
    kept: "A gate: mail check, domain class and call-back must agree.",
  },
  { id: "V07", rule: "The paper shows the signature of a judge.", quote: "", basis: "law", kept: "A check that a person answers." },
  { id: "IGRP-3", rule: "The agency is first referred to the customer.", quote: "", basis: "document", kept: "A gate: referred, or waived with a reason." },
  { id: "IGRP-5", rule: "Each request is reviewed on its own.", quote: "", basis: "document", kept: "A gate: two different people approve." },
  {
    id: "IGRP-8",
    rule: "A request believed unlawful is challenged.",
    quote: "",
    basis: "document",
    kept: "A record, and a gate while a challenge is pending.",
  },
  { id: "IGRP-9", rule: "Only the minimum leaves.", quote: "", basis: "document", kept: "A gate: each record is checked against the scope." },
];

const register = new Map(entries.map((entry) => [entry.id, entry]));
const zone = "America/Denver";
const now = "2026-03-08T20:00:00.000Z";
const unbroken = "Bundesverfassungsgerichtsbeschlussausfertigungsnummer".repeat(3);
const long =
  "Every message, file, reaction, edit history and deleted draft of every member of the workspace and of every guest who was invited to any channel, from the founding of the workspace until the day on which this order is served";

/** What one gallery page shows: the audience's frame and the direction of writing. */
export interface GalleryProps {
  readonly face: Face;
  readonly dir: "ltr" | "rtl";
}

/** One complete document with every shared piece in every state. */
export function Gallery({ face, dir }: GalleryProps) {
  return (
    <Page
      title="C-7F3K-2M9Q"
      face={face}
      lang={dir === "rtl" ? "ar" : "en"}
      dir={dir}
      desk="Kutano"
      signedInAs="duty.clerk@example.com"
      signOut={{ action: "/sign-out" }}
      navigation={queues}
      alert={
        <Banner kind="done" title="Call-back recorded">
          One bar of the gate has risen.
        </Banner>
      }
      footer={
        <p>
          Questions: <a href="mailto:desk@example.com">desk@example.com</a>
        </p>
      }
    >
      <Gate bars={bars} register={register} />
      <Clocks />
      <Lines />
      <Letters />
      <Happened />
      <Lists />
      <Forms />
      <FormsWithErrors />
      <FiguresAndCharts />
      <RunningText />
      <Signs />
      <OtherGates />
      <RightToLeft />
      <KeyboardHelp />
    </Page>
  );
}

const queues = [
  { label: "Overdue", href: "/cases?queue=overdue", count: 2, state: "overdue" },
  { label: "Due today", href: "/cases?queue=due", count: 5, state: "due" },
  { label: "Open", href: "/cases", count: 1204, state: "open", current: true },
  { label: "Held", href: "/cases?queue=held", count: 8, state: "held" },
  { label: "Sealed", href: "/cases?queue=sealed", count: 3, sealed: true },
] as const;

const bars: readonly GateBar[] = [
  { id: "assured", label: "Officer is assured", met: true, clause: "KDRP-3", justRaised: true },
  { id: "valid", label: "Paper is valid", met: true, clause: "V07" },
  {
    id: "reaches",
    label: "Paper reaches each line",
    met: false,
    because: "A subpoena does not reach message content. A search warrant would.",
    clause: "KDRP-11",
  },
  { id: "referred", label: "Referred to the customer", met: true, clause: "IGRP-3" },
  { id: "told", label: "Owner was told", met: true, clause: "KDRP-13" },
  {
    id: "waited",
    label: "Time to object is over",
    met: false,
    held: true,
    because: "The owner may object until Sat 14 Mar 2026 23:59 Denver.",
    clause: "KDRP-13",
  },
  { id: "unchallenged", label: "No challenge pending", met: true, clause: "IGRP-8" },
  { id: "minimum", label: "Smallest scope checked", met: false, because: "Nobody has checked that each record lies inside the scope.", clause: "IGRP-9" },
  { id: "approved", label: "Two people approve", met: false, because: "One approval is here. A second person must give the other.", clause: "IGRP-5" },
];

const seventyTwo = "Received Fri 6 Mar 2026 22:15 Denver + 72 hours = Mon 9 Mar 2026 23:15 Denver (clocks went forward on Sun 8 Mar).";

function Clocks() {
  const partner = { startedAt: "2026-03-07T05:15:00.000Z", dueAt: "2026-03-10T05:15:00.000Z", now, zone, derivation: seventyTwo, clause: "DPA-8.1a", register };
  return (
    <section>
      <h2>Clocks</h2>
      <Clock {...partner} label="Partner tells us of the request" state="open" />
      <Clock {...partner} label="Answer to the agency" state="due" now="2026-03-10T01:00:00.000Z" />
      <Clock {...partner} label="Late notice to the owner" state="overdue" now="2026-03-11T09:15:00.000Z" />
      <Clock {...partner} label="Receipt to the officer" state="kept" stoppedAt="2026-03-07T07:00:00.000Z" />
      <Clock {...partner} label={`Notice to the owner: ${long}`} state="suspended" stoppedAt="2026-03-08T02:00:00.000Z" />
    </section>
  );
}

function Lines() {
  const noWarrant = [{ clause: "KDRP-11", because: "A subpoena does not reach message content. A search warrant would." }];
  return (
    <section>
      <h2>Lines</h2>
      <AskedReachedProduced
        register={register}
        lines={[
          {
            line: "L1",
            asked: "Name and e-mail address of account 4471",
            reached: { kind: "kept", text: "Name and e-mail address" },
            produced: { kind: "kept", text: "2 records" },
          },
          {
            line: "L2",
            asked: "Login history, 1 Jan to 31 Dec 2025",
            reached: {
              kind: "narrowed",
              text: "Login history, 1 Jan to 30 Jun 2025",
              fell: "1 Jul to 31 Dec 2025",
              reasons: [{ clause: "IGRP-9", because: "The paper names the first half of the year." }],
            },
            produced: { kind: "pending" },
          },
          {
            line: "L3",
            asked: long,
            reached: { kind: "fell", text: "All messages", reasons: noWarrant },
            produced: { kind: "fell", text: "Nothing leaves", reasons: noWarrant },
          },
        ]}
      />
      <AssuranceTable
        caption="What we know of the officer"
        assurances={[
          {
            fact: "Mailbox belongs to the agency",
            how: "DKIM signature of the agency’s domain, checked on arrival",
            since: "2026-03-06",
            evidence: { label: "Mail check", href: "#evidence" },
            state: "kept",
          },
          { fact: "Officer works there", how: "Call-back to the number the agency publishes", state: "open" },
          {
            fact: "Domain is a government domain",
            how: `List entry ${unbroken}`,
            since: "2025-11-02",
            evidence: { label: "Entry of 2025-11-02" },
            state: "overdue",
          },
        ]}
      />
    </section>
  );
}

function Letters() {
  return (
    <section>
      <h2>Letters</h2>
      <LetterPreview
        subject="Your request C-7F3K-2M9Q: what is missing"
        from="Legal process desk, Kutano"
        to="officer@agency.example"
        lang="en"
        dir="ltr"
        facts={[
          { label: "Received", value: "Fri 6 Mar 2026 22:15 Denver" },
          { label: "Paper", value: "Subpoena" },
          { label: "Missing", value: "Search warrant for line L3" },
          { label: "Rests on", value: <ClauseChip clause="KDRP-11" register={register} /> },
        ]}
      >
        <p>Dear Officer,</p>
        <p>Thank you for your request of 6 March 2026. We can answer lines L1 and L2 of it. For line L3 you ask for messages that users wrote.</p>
        <p>A subpoena does not reach message content (KDRP-11). A search warrant would. Nothing of line L3 is disclosed until a warrant is here.</p>
        <p>Legal process desk</p>
      </LetterPreview>
    </section>
  );
}

function Happened() {
  return (
    <section>
      <h2>What happened</h2>
      <Timeline
        zone={zone}
        items={[
          { at: "2026-03-08T19:58:00.000Z", what: "Call-back recorded", by: "duty clerk", seal: { status: "recorded" } },
          {
            at: "2026-03-07T15:02:00.000Z",
            what: "Line L3 refused",
            seal: { status: "sealed", position: 1204, proofHref: "#proof" },
            detail: (
              <Reasons register={register} reasons={[{ clause: "KDRP-11", because: "A subpoena does not reach message content. A search warrant would." }]} />
            ),
          },
          { at: "2026-03-07T05:15:00.000Z", what: "Request received by mail", seal: { status: "sealed", position: 1198 } },
        ]}
      />
      <h3>Before anything</h3>
      <Timeline zone={zone} items={[]} />
    </section>
  );
}

function Lists() {
  const columns = [
    { key: "case", head: "Case" },
    { key: "state", head: "State" },
    { key: "due", head: "Next due" },
    { key: "what", head: "What waits" },
    { key: "lines", head: "Lines", figures: true },
  ] as const;
  return (
    <section>
      <h2>Lists</h2>
      <Table
        caption="Open cases"
        columns={columns}
        queue
        empty={<></>}
        rows={[
          {
            href: "#c1",
            cells: {
              case: "C-7F3K-2M9Q",
              state: <StateTag state="overdue" />,
              due: <Moment at="2026-03-10T05:15:00.000Z" zone={zone} />,
              what: "Late notice to the owner",
              lines: "3",
            },
          },
          {
            href: "#c2",
            cells: { case: "C-0A1B-22CD", state: <StateTag state="due" />, due: <Moment at="2026-03-10T15:00:00.000Z" zone={zone} />, what: long, lines: "12" },
          },
          {
            href: "#c3",
            sealed: true,
            cells: {
              case: "C-88XY-ZW01",
              state: <StateTag state="held" />,
              due: <Moment at="2026-04-02T05:59:00.000Z" zone={zone} />,
              what: "Attempt to lift the order",
              lines: "1,024",
            },
          },
          { href: "#c4", cells: { case: "C-5555-0001", state: <StateTag state="kept" />, due: "None", what: unbroken, lines: "1" } },
        ]}
      />
      <Pagination of="cases" newerHref="#newer" olderHref="#older" />
      <Table
        caption="Cases of counsel"
        columns={columns}
        rows={[]}
        empty={
          <EmptyState title="No case waits for counsel" action={<Button kind="secondary" label="Show all cases" href="#all" />}>
            A case comes here when a paper asks for real-time data or comes from another country.
          </EmptyState>
        }
      />
    </section>
  );
}

function Forms() {
  return (
    <section>
      <h2>Questions and answers</h2>
      <TaskList
        tasks={[
          { label: "Who you are", href: "#t1", state: "kept", word: "Completed" },
          { label: "The legal paper", href: "#t2", hint: "A scan of the signed paper, PDF, up to 50 MB", state: "due", word: "In progress" },
          { label: "What you ask for", href: "#t3", state: "open", word: "Not started" },
          { label: "Check your answers", state: "held", word: "Cannot start yet" },
        ]}
      />
      <form method="post" action="#sent">
        <Field
          kind="text"
          id="matter"
          name="matter"
          label="Matter or docket number"
          hint="As it stands on the paper, for example 26-CR-0117"
          autocomplete="off"
          width="medium"
        />
        <Field kind="email" id="mail" name="mail" label="Official e-mail address" autocomplete="email" />
        <Field kind="date" id="issued" name="issued" label="Date the paper was issued" />
        <Field
          kind="select"
          id="paper"
          name="paper"
          label="Kind of paper"
          placeholder="Choose one"
          choices={[
            { value: "w", label: "Search warrant" },
            { value: "s", label: "Subpoena" },
          ]}
        />
        <Field
          kind="radios"
          id="gag"
          name="gag"
          label="Does a court order secrecy?"
          choices={[
            { value: "yes", label: "Yes", hint: "Attach the order. A wish in a cover letter is not one." },
            { value: "no", label: "No" },
          ]}
          value="no"
        />
        <Field
          kind="checkboxes"
          id="types"
          name="types"
          label="Data asked for"
          optional
          choices={[
            { value: "name", label: "Name" },
            { value: "log", label: "Login history" },
          ]}
          values={["name"]}
        />
        <Field kind="textarea" id="why" name="why" label="Anything else we should know" optional rows={3} />
        <Field kind="file" id="scan" name="scan" label="Scan of the paper" accept="application/pdf" />
        <Field kind="checkbox" id="true" name="true" value="yes" label="What I entered is what the paper says" />
        <Field kind="search" id="find" name="find" label="Find a case" />
        <div class="actions">
          <Button label="Save and continue" />
          <Button kind="secondary" label="Save and come back later" name="later" value="yes" />
          <Button kind="danger" label="Withdraw the request" />
        </div>
      </form>
      <SummaryList
        answers={[
          { label: "Agency", value: "Office of the Attorney General", changeHref: "#agency" },
          { label: "Matter", value: unbroken, changeHref: "#matter" },
          { label: "Dates asked for", changeHref: "#dates" },
        ]}
      />
    </section>
  );
}

function FormsWithErrors() {
  return (
    <section>
      <h2>When something is missing</h2>
      <ErrorSummary
        errors={[
          { field: "wrong-day", text: "Enter the date the warrant was issued" },
          { field: "wrong-paper", text: "Choose the kind of paper" },
        ]}
      />
      <Field
        kind="date"
        id="wrong-day"
        name="wrong-day"
        label="Date the warrant was issued"
        hint="It stands beside the judge’s signature"
        error="Enter the date the warrant was issued"
      />
      <Field
        kind="radios"
        id="wrong-paper"
        name="wrong-paper"
        label="Kind of paper"
        error="Choose the kind of paper"
        choices={[
          { value: "w", label: "Search warrant" },
          { value: "s", label: "Subpoena" },
        ]}
      />
      <BlockedStep
        id="release"
        label="Release the package"
        register={register}
        reasons={[
          { clause: "KDRP-11", because: "A subpoena does not reach message content. A search warrant would." },
          { clause: "X-99", because: long },
        ]}
      />
    </section>
  );
}

function FiguresAndCharts() {
  return (
    <section>
      <h2>Figures</h2>
      <Figures
        figures={[
          { count: { kind: "exact", n: 1204 }, label: "requests received", note: "1 Jan to 31 Dec 2025" },
          { count: { kind: "exact", n: 310 }, label: "answered in part or in full", note: "26 in every 100" },
          { count: { kind: "range", from: 1, to: 4 }, label: "challenged in court" },
        ]}
      />
      <BarChart
        title="Requests by kind of paper, 2025"
        rowHead="Paper"
        countHead="Requests"
        bars={[
          { label: "Subpoena", count: { kind: "exact", n: 804 } },
          { label: "Search warrant", count: { kind: "exact", n: 372 } },
          { label: "Emergency disclosure request that named no paper at all", count: { kind: "range", from: 0, to: 49 } },
          { label: "Court order", count: { kind: "exact", n: 0 } },
        ]}
        note="A hatched end is a range: the count lies somewhere in it."
      />
      <BarChart title="Requests by country, 2024" rowHead="Country" countHead="Requests" bars={[]} note="There were none." />
      <Progress label="Collecting login history" done={3120} of={12000} unit="records" />
      <Progress label="Collecting messages" done={0} of={0} unit="records" />
    </section>
  );
}

function RunningText() {
  return (
    <section>
      <h2>Running text</h2>
      <Prose>
        <p>On Friday 6 March 2026 an agency asked us for data of your workspace. You can object until Saturday 14 March 2026.</p>
        <p>If you do nothing, we send what the paper reaches and nothing else.</p>
        <ul>
          <li>Names and e-mail addresses of two accounts</li>
          <li>{unbroken}</li>
        </ul>
      </Prose>
    </section>
  );
}

function Signs() {
  return (
    <section>
      <h2>Signs</h2>
      <div class="actions">
        {(["open", "due", "overdue", "kept", "held"] as const).map((state) => (
          <StateTag state={state} />
        ))}
      </div>
      <div class="actions">
        <SealMark seal={{ status: "recorded" }} />
        <SealMark seal={{ status: "sealed", position: 1204, proofHref: "#p" }} />
        <SmallNumber count={{ kind: "range", from: 1, to: 4 }} />
        <Copyable id="reference" label="case number" value="C-7F3K-2M9Q" />
      </div>
      <div class="actions">
        <ClauseChip clause="KDRP-11" register={register} /> <ClauseChip clause="DPA-8.1a" register={register} />{" "}
        <ClauseChip clause="X-99" register={register} />
      </div>
      <Banner kind="note" title="The agency’s time zone is Berlin" />
      <Banner kind="caution" title="This order has no end date">
        Ask the court for one. A reminder runs.
      </Banner>
      <Banner kind="stop" title="Nothing was disclosed">
        The independent check found 2 records outside the scope.
      </Banner>
    </section>
  );
}

function OtherGates() {
  const open = bars.map((bar) => ({ ...bar, met: true, because: undefined, justRaised: undefined }));
  const many = Array.from({ length: 14 }, (_, index) => ({
    id: `m${index}`,
    label: index === 3 ? unbroken.slice(0, 53) : `Condition ${index + 1}`,
    met: index % 3 === 0,
    because: index === 4 ? long : undefined,
    clause: "KDRP-13",
  }));
  return (
    <section>
      <Gate id="open-gate" bars={open} register={register} releaseHref="#release" releaseLabel="Release to the officer" />
      <Gate id="open-for-reader" bars={open.slice(0, 1)} register={register} />
      <Gate id="empty-gate" bars={[]} register={register} />
      <Gate id="long-gate" bars={many} register={register} />
    </section>
  );
}

function RightToLeft() {
  return (
    <section dir="rtl" lang="ar">
      <h2>من اليمين إلى اليسار</h2>
      <Gate
        id="rtl-gate"
        register={register}
        bars={[
          { id: "a", label: "هوية الموظف مؤكدة", met: true },
          { id: "b", label: "الأمر صادر عن قاضٍ", met: false, because: "لم يوقّع قاضٍ هذا الأمر. طلبنا نسخة موقّعة.", clause: "KDRP-11" },
          { id: "c", label: "أُبلغ المالك", met: false, held: true, because: "تنتهي مهلة الاعتراض يوم السبت.", clause: "KDRP-13" },
        ]}
      />
      <Clock
        label="إبلاغ المالك"
        startedAt="2026-03-07T05:15:00.000Z"
        dueAt="2026-03-10T05:15:00.000Z"
        now={now}
        zone={zone}
        derivation="ورد الطلب يوم الجمعة، والمهلة 72 ساعة."
        clause="DPA-8.1a"
        register={register}
        state="due"
      />
      <BarChart
        title="الطلبات حسب النوع"
        rowHead="النوع"
        countHead="العدد"
        bars={[
          { label: "أمر تفتيش", count: { kind: "exact", n: 12 } },
          { label: "استدعاء", count: { kind: "range", from: 1, to: 4 } },
        ]}
      />
      <Field kind="text" id="rtl-name" name="rtl-name" label="رقم القضية" error="اكتب رقم القضية كما هو في الأمر" />
    </section>
  );
}
