// What the company holds about people, kind by kind, and which paper reaches it: from the maps that decide what can be given.
import type { Desk } from "../../app/desk.ts";
import { rememberHoldings, type WhatWeHold } from "../../app/what-we-hold.ts";
import type { DataType, JurisdictionPack } from "../../policy/pack.ts";
import { Prose } from "../look/page.tsx";
import { Banner, EmptyState, Table } from "../look/records.tsx";
import type { WebContext } from "../web.tsx";
import { ladder, type LadderColumn } from "./ladder-table.tsx";
import { publicFrame } from "./public-frame.tsx";
import { capital } from "./report-words.ts";

export function whatWeHoldPage() {
  const holdingsOf = rememberHoldings();
  return async (c: WebContext) => {
    const desk = c.get("desk");
    const holdings = await holdingsOf(desk);
    return publicFrame(c, {
      title: "What we hold",
      way: "/what-we-hold",
      children: holdings.kind === "nothing-connected" ? <NothingConnected /> : <Described desk={desk} holdings={holdings} />,
    });
  };
}

function NothingConnected() {
  return (
    <EmptyState title="Nothing is described yet">
      <p>
        No source of data is connected to this desk, so nothing can be given from here, whatever a paper says. When one is connected, this page says which kinds
        of data it holds. <a href="/promises#ladder">Which paper would reach what</a> is decided already.
      </p>
    </EmptyState>
  );
}

interface DescribedProps {
  readonly desk: Desk;
  readonly holdings: Extract<WhatWeHold, { kind: "described" }>;
}

function Described({ desk, holdings: { held, notHeld, hasUnread } }: DescribedProps) {
  const ladders = desk.laws.map((law) => ({ law, columns: ladder(desk, law) }));
  return (
    <>
      <Prose>
        <p>
          {desk.profile.legalEntity} describes what it holds field by field, and that description decides what a paper can reach: a field that is not described
          cannot be given. This page is made from the same description. It names kinds of data, not people, and says nothing of how much there is. Each record
          also carries its number, whose it is and its workspace, so that it can be checked.
        </p>
        <p>
          Each paper also has to be lawful, signed by the right authority and no wider than it must be. <a href="/promises">What we promise</a> says what
          happens before anything is given.
        </p>
      </Prose>
      {hasUnread ? <Unread /> : <></>}
      {held.length === 0 ? <EmptyState title="Nothing that a paper could reach is described yet" /> : <></>}
      <HeldTable id="content" title="What people wrote or uploaded" held={held.filter(isContent)} ladders={ladders} />
      <HeldTable id="not-content" title="Data about people that is not content" held={held.filter((each) => !isContent(each))} ladders={ladders} />
      <NotHeld types={notHeld} />
      <Never live={desk.policy.dataTypes.filter(({ kind }) => kind === "real-time")} />
    </>
  );
}

function Unread() {
  return (
    <Banner kind="caution" title="A part of the description is being corrected.">
      <p>What it describes is missing below, and nothing of it is given until it is right.</p>
    </Banner>
  );
}

type Held = DescribedProps["holdings"]["held"][number];

interface Ladder {
  readonly law: JurisdictionPack;
  readonly columns: readonly LadderColumn[];
}

interface HeldTableProps {
  readonly id: string;
  readonly title: string;
  readonly held: readonly Held[];
  readonly ladders: readonly Ladder[];
}

function isContent({ type }: Held): boolean {
  return type.kind === "content";
}

function HeldTable({ id, title, held, ladders }: HeldTableProps) {
  if (held.length === 0) return <></>;
  return (
    <>
      <h2 id={id}>{title}</h2>
      <Table
        caption={`${title}, one line a kind of data`}
        quietCaption
        columns={[
          { key: "type", head: "Kind of data" },
          { key: "kinds", head: "Made of" },
          { key: "kept", head: "Kept" },
          { key: "papers", head: "Reached by" },
        ]}
        rows={held.map((each) => ({
          cells: {
            type: capital(each.type.label),
            kinds: capital([...each.kinds, ...(each.hasOther ? ["other data"] : [])].join("; ")),
            kept: keptWords(each),
            papers: ladders.map((ladder) => <Papers type={each.type} ladder={ladder} />),
          },
        }))}
        empty={<></>}
      />
    </>
  );
}

function keptWords({ kept, keptUnsaid }: Held): string {
  if (kept.length === 0) return "Not stated";
  return [...kept.map((words) => `${capital(words).replace(/\.$/, "")}.`), ...(keptUnsaid ? ["For a part of it, not stated."] : [])].join(" ");
}

function Papers({ type, ladder: { law, columns } }: { readonly type: DataType; readonly ladder: Ladder }) {
  const papers = columns.filter(({ verdicts }) => verdicts.get(type.id)?.kind === "reaches").flatMap((column) => column.papers);
  const words = papers.length === 0 ? "no paper by itself; counsel answers" : [...new Set(papers.map(({ label }) => label))].join("; ");
  return (
    <p>
      {law.pack.title}: {words}
    </p>
  );
}

function NotHeld({ types }: { readonly types: readonly DataType[] }) {
  if (types.length === 0) return <></>;
  return (
    <>
      <h2 id="not-held">What we do not hold</h2>
      <Prose>
        <p>No connected source holds these. Whoever asks for them is told so.</p>
        <ul>
          {types.map(({ label }) => (
            <li>{capital(label)}</li>
          ))}
        </ul>
      </Prose>
    </>
  );
}

function Never({ live }: { readonly live: readonly DataType[] }) {
  return (
    <>
      <h2 id="never">What is never given</h2>
      <Prose>
        <ul>
          <li>Fields that nobody has classed as content or as something else. They may exist; no paper reaches them here.</li>
          {live.map(({ label }) => (
            <li>{capital(label)}: we watch nobody live, and have no means to.</li>
          ))}
        </ul>
      </Prose>
    </>
  );
}
