// What the company holds about people, kind by kind, and which paper reaches it: from the maps that decide what can be given.
import type { Desk } from "../../app/desk.ts";
import { rememberHoldings, type WhatWeHold } from "../../app/what-we-hold.ts";
import type { DataType, JurisdictionPack } from "../../policy/pack.ts";
import { Prose } from "../look/page.tsx";
import { Banner, EmptyState } from "../look/records.tsx";
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
          cannot be given. This page is made from the same description. It names kinds of data, not people, and says nothing of how much there is.
        </p>
        <p>
          Each paper also has to be lawful, signed by the right authority and no wider than it must be. <a href="/promises">What we promise</a> says what
          happens before anything is given.
        </p>
      </Prose>
      {hasUnread ? <Unread /> : <></>}
      <h2 id="held">What we hold</h2>
      {held.length === 0 ? <EmptyState title="Nothing that a paper could reach is described yet" /> : <></>}
      {held.map((each) => (
        <Held held={each} ladders={ladders} />
      ))}
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

interface HeldProps {
  readonly held: DescribedProps["holdings"]["held"][number];
  readonly ladders: readonly { readonly law: JurisdictionPack; readonly columns: readonly LadderColumn[] }[];
}

function Held({ held: { type, kinds, hasOther, kept, keptUnsaid }, ladders }: HeldProps) {
  return (
    <section id={type.id} class="chip-body">
      <h3>{capital(type.label)}</h3>
      <dl class="chip-facts">
        <dt>Is it content?</dt>
        <dd>{type.kind === "content" ? "Yes: people wrote or uploaded it." : "No: it is about people and what they did, not what they wrote or uploaded."}</dd>
        <dt>Made of</dt>
        <dd>{listed([...kinds, ...(hasOther ? ["other data"] : [])])}</dd>
        <dt>Kept</dt>
        <dd>{keptWords(kept, keptUnsaid)}</dd>
        {ladders.map(({ law, columns }) => (
          <>
            <dt>Reached by, {law.pack.title}</dt>
            <dd>
              <Papers type={type} columns={columns} />
            </dd>
          </>
        ))}
      </dl>
    </section>
  );
}

function keptWords(kept: readonly string[], keptUnsaid: boolean): string {
  if (kept.length === 0) return "The description does not say how long.";
  return [...kept.map((words) => `${capital(words).replace(/\.$/, "")}.`), ...(keptUnsaid ? ["For a part of it the description does not say."] : [])].join(" ");
}

function Papers({ type, columns }: { readonly type: DataType; readonly columns: readonly LadderColumn[] }) {
  const papers = columns.filter(({ verdicts }) => verdicts.get(type.id)?.kind === "reaches").flatMap((column) => column.papers);
  if (papers.length === 0) return <>No paper by itself. Counsel answers.</>;
  return <>{[...new Set(papers.map(({ label }) => label))].join("; ")}</>;
}

function NotHeld({ types }: { readonly types: readonly DataType[] }) {
  if (types.length === 0) return <></>;
  return (
    <>
      <h2 id="not-held">What we do not hold</h2>
      <Prose>
        <p>No connected source holds these. A paper that asks for them is told so.</p>
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
          {live.length === 0 ? <></> : <li>{listed(live.map(({ label }) => label))}. We watch nobody live, and have no means to.</li>}
        </ul>
      </Prose>
    </>
  );
}

function listed(words: readonly string[]): string {
  return capital(words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`);
}
