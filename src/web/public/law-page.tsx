// The law of one country as the desk reads it, for a lawyer to hold against the statute: every table of the pack, every rule with its source.
import type { Desk } from "../../app/desk.ts";
import { answererWords, checkCaseWords, classWords, consequenceWords, effectWords, listAnd, listOr, whenWords } from "../../policy/pack-words.ts";
import type { Basis, JurisdictionPack, Override } from "../../policy/pack.ts";
import { SummaryList } from "../look/forms.tsx";
import { dayWords } from "../look/moment.tsx";
import { Prose } from "../look/page.tsx";
import { EmptyState, Table } from "../look/records.tsx";
import type { WebContext } from "../web.tsx";
import { BasisMark, inForceToday, lawFrame, lawHref, noSuchPack, openPointsOf, sentence, Source, versionsOf } from "./law-frame.tsx";
import { Items, labelIn, LawInstrument, Tellings } from "./law-instrument.tsx";
import { Valid } from "./law-list.tsx";
import { ReachTable } from "./law-reach.tsx";
import { capital } from "./report-words.ts";

/** Without a version: the one in force today, or the newest where none is. */
export function lawPage(c: WebContext) {
  const desk = c.get("desk");
  const versions = versionsOf(desk.shelf.laws, c.req.param("id") ?? "");
  const asked = c.req.param("version");
  const law = asked === undefined ? (inForceToday(desk, versions)[0] ?? versions[0]) : versions.find(({ pack }) => pack.version === asked);
  if (law === undefined) return noSuchPack(c);
  return lawFrame(c, `The law: ${law.pack.title}`, <LawBody desk={desk} law={law} versions={versions} />);
}

interface LawProps {
  readonly law: JurisdictionPack;
}

function LawBody({ desk, law, versions }: LawProps & { readonly desk: Desk; readonly versions: readonly JurisdictionPack[] }) {
  return (
    <>
      <Header law={law} versions={versions} />
      <JumpList law={law} />
      <h2 id="classes">Kinds of data and their class</h2>
      <ClassTable desk={desk} law={law} />
      <h2 id="reach">Which paper reaches what</h2>
      <Prose>
        <p>
          What the law's own tables say before a case is known. A paper from anybody else than its line names reaches nothing. “In part” means some kinds of
          data of the class only; “unless” and “rule” lead to the rule that takes the class away.
        </p>
      </Prose>
      <ReachTable law={law} />
      <h2 id="papers">The papers, one by one</h2>
      {law.instruments.map((instrument) => (
        <LawInstrument law={law} instrument={instrument} />
      ))}
      <h2 id="overrides">Rules that narrow or stop</h2>
      {law.overrides.length === 0 ? (
        <EmptyState title="This pack has none" />
      ) : (
        law.overrides.map((override) => <OverrideSection law={law} override={override} />)
      )}
      <h2 id="checks">The validity checklist</h2>
      <CheckTable law={law} />
      <Offences law={law} />
      <Bands law={law} />
      <h2 id="holidays">Days that are no working days</h2>
      <HolidayTable law={law} />
      <DayZones law={law} />
      <h2 id="zones">Where an authority's mailbox may lie</h2>
      <Zones law={law} />
      <h2 id="open">Open points for counsel</h2>
      <Prose>
        <p>Here stand the points a pack names and the rows that are from memory as a whole. Every other rule from memory wears its mark where it stands.</p>
      </Prose>
      <OpenPoints law={law} />
    </>
  );
}

function Header({ law, versions }: LawProps & { readonly versions: readonly JurisdictionPack[] }) {
  const { id, version, validFrom, validTo, sources, reviewedBy, reviewedOn } = law.pack;
  const { fromMemory, points } = openPointsOf(law);
  return (
    <SummaryList
      answers={[
        { label: "Country", value: `${law.country}; covers ${listAnd(law.territory)}` },
        { label: "Pack and version", value: versions.length === 1 ? `${id} ${version}` : <Versions law={law} versions={versions} /> },
        { label: "Valid", value: <Valid from={validFrom} to={validTo} /> },
        { label: "Read by", value: `${sentence(reviewedBy)} ${sentence(dayWords(reviewedOn))}` },
        { label: "Sources", value: <Items items={sources} /> },
        { label: "Languages", value: listOr(law.languages) },
        {
          label: "To confirm",
          value: (
            <>
              {fromMemory} rules rest on memory; <a href="#open">{points} open points</a> for counsel.
            </>
          ),
        },
        { label: "Marks", value: <Items items={markMeanings.map(({ basis, means }) => [<BasisMark basis={basis} />, ` ${means}`])} /> },
      ]}
    />
  );
}

const markMeanings: readonly { readonly basis: Basis; readonly means: string }[] = [
  { basis: "law", means: "read in the source that is named." },
  { basis: "memory", means: "written from memory; nobody may rely on it before counsel has confirmed it." },
  { basis: "house", means: "our own rule, stricter than the law or where the law is silent." },
];

function Versions({ law, versions }: LawProps & { readonly versions: readonly JurisdictionPack[] }) {
  return (
    <>
      {law.pack.id}{" "}
      {versions.map((each, nth) => (
        <>
          {nth === 0 ? "" : ", "}
          {each === law ? <strong>{each.pack.version}</strong> : <a href={lawHref(each)}>{each.pack.version}</a>}
        </>
      ))}
      . <a href={`/law/${law.pack.id}/compare`}>Compare two versions</a>
    </>
  );
}

function JumpList({ law }: LawProps) {
  const parts = [
    ["#classes", "Kinds of data and their class"],
    ["#reach", "Which paper reaches what"],
    ["#overrides", "Rules that narrow or stop"],
    ["#checks", "The validity checklist"],
    ["#holidays", "Days that are no working days"],
    ["#zones", "Where an authority's mailbox may lie"],
    ["#open", "Open points for counsel"],
  ] as const;
  const toPapers = (
    <li>
      <a href="#papers">The papers, one by one</a>:{" "}
      {law.instruments.map(({ id, label }, nth) => (
        <>
          {nth === 0 ? "" : ", "}
          <a href={`#${id}`}>{label}</a>
        </>
      ))}
    </li>
  );
  return (
    <nav aria-label="On this page">
      <Prose>
        <ul>
          {parts.map(([href, words], nth) => (
            <>
              {nth === 2 ? toPapers : <></>}
              <li>
                <a href={href}>{words}</a>
              </li>
            </>
          ))}
        </ul>
      </Prose>
    </nav>
  );
}

function ClassTable({ desk, law }: LawProps & { readonly desk: Desk }) {
  const labels = new Map(desk.shelf.policies.flatMap(({ dataTypes }) => dataTypes.map(({ id, label }) => [id, label] as const)));
  return (
    <Table
      caption="Each kind of data of the policies, and what it is under this law"
      quietCaption
      columns={[
        { key: "type", head: "Kind of data" },
        { key: "class", head: "Class" },
        { key: "identify", head: "Asked for only to identify the user" },
      ]}
      rows={Object.entries(law.classOf).map(([type, dataClass]) => ({
        cells: {
          type: labels.get(type) ?? type,
          class: capital(classWords[dataClass]),
          identify: capital(classWords[law.identifyOnly.includes(type) ? "IDENTIFY_ONLY" : dataClass]),
        },
      }))}
      empty={<EmptyState title="This law gives no kind of data a class, so no paper reaches anything" />}
    />
  );
}

function OverrideSection({ law, override }: LawProps & { readonly override: Override }) {
  const { id, when, binds, tells, confirm, code, check, replaces, because, citation, basis } = override;
  return (
    <section aria-labelledby={`override-${id}`}>
      <h3 id={`override-${id}`}>Rule {id}</h3>
      <SummaryList
        answers={[
          { label: "Applies", value: sentence(whenWords(when, labelIn(law))) },
          { label: "Then", value: sentence(effectWords(override, labelIn(law), (content) => law.contents[content]?.ask ?? content)) },
          { label: "Because", value: sentence(because) },
          { label: "Binds", value: binds === "every-paper" ? "Papers of every country." : "Papers of this law." },
          ...(code === undefined ? [] : [{ label: "Reason", value: <Reason code={code} check={check} /> }]),
          ...(replaces === undefined ? [] : [{ label: "Takes the place of", value: <a href={`#override-${replaces}`}>{replaces}</a> }]),
          ...(tells.length === 0 ? [] : [{ label: "Told", value: <Tellings tells={tells} law={law} /> }]),
          { label: "Rests on", value: <Source citation={citation} basis={basis} /> },
          ...(confirm.length === 0 ? [] : [{ label: "Open points for counsel", value: <Items items={confirm.map(sentence)} /> }]),
        ]}
      />
    </section>
  );
}

function Reason({ code, check }: { readonly code: string; readonly check: string | undefined }) {
  if (check === undefined) return <>{code}</>;
  return (
    <>
      {code}, check <a href={`/promises#${check}`}>{check}</a>
    </>
  );
}

function CheckTable({ law }: LawProps) {
  return (
    <Table
      caption="Questions that every paper of this law is held against"
      quietCaption
      columns={[
        { key: "question", head: "Question" },
        { key: "asked", head: "Asked and answered" },
        { key: "no", head: "If not" },
        { key: "source", head: "Rests on" },
      ]}
      rows={law.checks.map(({ id, question, applies, answeredBy, then, ifNo, orCodes, citation, basis }) => ({
        cells: {
          question: `${id}. ${question}`,
          asked: sentence(`${listOr(applies.map((each) => checkCaseWords[each]))}; answered by ${answererWords[answeredBy]}`),
          no: (
            <>
              {sentence(consequenceWords[then])} <Codes codes={[ifNo, ...orCodes]} />
            </>
          ),
          source: (
            <>
              <cite>{citation}</cite> <BasisMark basis={basis} short />
            </>
          ),
        },
      }))}
      empty={<EmptyState title="This pack has no checks" />}
    />
  );
}

/** Long codes break after an underscore and nowhere else. */
function Codes({ codes }: { readonly codes: readonly string[] }) {
  return (
    <code>
      {codes
        .join(", ")
        .split("_")
        .map((part, nth) => (
          <>
            {nth === 0 ? (
              ""
            ) : (
              <>
                _<wbr />
              </>
            )}
            {part}
          </>
        ))}
    </code>
  );
}

function Offences({ law: { listedOffences } }: LawProps) {
  if (listedOffences.length === 0) return <></>;
  return (
    <>
      <h2 id="offences">Offences the law names one by one</h2>
      <Prose>
        <ul>
          {listedOffences.map((offence) => (
            <li>{sentence(offence)}</li>
          ))}
        </ul>
      </Prose>
    </>
  );
}

function Bands({ law: { reportBands } }: LawProps) {
  if (reportBands === undefined) return <></>;
  return (
    <>
      <h2 id="bands">Bands for publishing secret orders</h2>
      <Table
        caption="Structures among which a report chooses one"
        quietCaption
        columns={[
          { key: "title", head: "Structure" },
          { key: "width", head: "Numbers in a band", figures: true },
          { key: "counts", head: "Counts" },
          { key: "source", head: "Rests on" },
        ]}
        rows={reportBands.structures.map(({ option, title, width, start, categories, citation }) => ({
          cells: {
            title: `${option}. ${title}`,
            width: `${width.toLocaleString("en")}, from ${start}`,
            counts: categories.map(({ label }) => sentence(label)).join(" "),
            source: citation,
          },
        }))}
        empty={<></>}
      />
    </>
  );
}

function HolidayTable({ law: { holidays } }: LawProps) {
  const years = [...new Set(holidays.map((day) => day.slice(0, 4)))];
  return (
    <Table
      caption="Public holidays by year; Saturdays and Sundays never count"
      columns={[
        { key: "year", head: "Year" },
        { key: "days", head: "Holidays" },
      ]}
      rows={years.map((year) => ({
        cells: {
          year,
          days: holidays
            .filter((day) => day.startsWith(year))
            .map((day) => dayWords(day).replace(` ${year}`, ""))
            .join(", "),
        },
      }))}
      empty={<EmptyState title="No holiday is known">A count over working days leaves out Saturdays and Sundays only, and says so.</EmptyState>}
    />
  );
}

/** Where the law's days begin and end. */
function DayZones({ law: { zones } }: LawProps) {
  const listed = Object.entries(zones);
  return (
    <Prose>
      {listed.length === 0 ? (
        <p>Days begin and end where the desk is.</p>
      ) : (
        <p>
          Days are counted in {listed.map(([country, zone]) => `${zone} (${country})`).join(", ")} and at the desk, and the stricter end holds
          {listed.length === 1 ? "" : "; of several States, in the one of our designated establishment"}.
        </p>
      )}
    </Prose>
  );
}

function Zones({ law: { governmentZones } }: LawProps) {
  if (governmentZones.length === 0)
    return <EmptyState title="No government zone is known">No domain proves that a sender is an authority of this country.</EmptyState>;
  return (
    <>
      <Prose>
        <p>A mailbox outside these zones is no government's. One inside them still has to be checked.</p>
      </Prose>
      <details>
        <summary>{governmentZones.length === 1 ? "1 zone" : `${governmentZones.length} zones`}</summary>
        <p>{governmentZones.join(", ")}</p>
      </details>
    </>
  );
}

function OpenPoints({ law }: LawProps) {
  const rows = [
    ...law.instruments.map(({ id, label, confirm, basis }) => ({ label, href: `#${id}`, confirm, basis })),
    ...law.overrides.map(({ id, confirm, basis }) => ({ label: `Rule ${id}`, href: `#override-${id}`, confirm, basis })),
  ].filter(({ confirm, basis }) => confirm.length > 0 || basis === "memory");
  if (rows.length === 0) return <EmptyState title="Nothing waits for counsel" />;
  return (
    <SummaryList
      answers={rows.map(({ label, href, confirm, basis }) => ({
        label,
        value: (
          <>
            <Items items={[...(basis === "memory" ? ["It is from memory as a whole."] : []), ...confirm.map(sentence)]} />{" "}
            <a href={href}>
              Where it stands<span class="sr-only">: {label}</span>
            </a>
          </>
        ),
      }))}
    />
  );
}
