// Every pack on the shelf: which law it describes, from when to when, who has read it, and how much of it rests on memory.
import type { Desk } from "../../app/desk.ts";
import type { JurisdictionPack, PolicyPack } from "../../policy/pack.ts";
import { Prose } from "../look/page.tsx";
import { Day } from "../look/moment.tsx";
import { EmptyState, Table } from "../look/records.tsx";
import type { WebContext } from "../web.tsx";
import { inForceToday, lawFrame, openPointsOf, versionsOf } from "./law-frame.tsx";

export function lawListPage(c: WebContext) {
  const desk = c.get("desk");
  return lawFrame(
    c,
    "The law this desk works by",
    <>
      <Prose>
        <p>
          Each pack is the law of one country as data, and every rule in it has a source. This desk works by{" "}
          {desk.laws.map(({ pack }) => pack.title).join(", ")}: it decides each line of each request by their tables and by nothing else. The others stand on
          the shelf. A rule that was written from memory says so until counsel has confirmed it. <a href="#policies">The policies</a> are packs of the same
          kind.
        </p>
      </Prose>
      <h2 id="laws">Laws</h2>
      <PackTable desk={desk} packs={desk.shelf.laws} caption="Laws on the shelf, one line a pack" />
      <h2 id="policies">Policies</h2>
      <PackTable desk={desk} packs={desk.shelf.policies} caption="Policies on the shelf, one line a pack" />
    </>,
  );
}

interface PackTableProps {
  readonly desk: Desk;
  readonly packs: readonly (JurisdictionPack | PolicyPack)[];
  readonly caption: string;
}

function PackTable({ desk, packs, caption }: PackTableProps) {
  const inForce = inForceToday(desk, packs);
  return (
    <Table
      caption={caption}
      quietCaption
      columns={[
        { key: "title", head: "Pack" },
        { key: "versions", head: "Version", figures: true },
        { key: "valid", head: "Valid" },
        { key: "reviewed", head: "Reviewed" },
        { key: "memory", head: "Rules from memory", figures: true },
        { key: "points", head: "Open points", figures: true },
      ]}
      rows={[...new Set(packs.map(({ pack }) => pack.id))].flatMap((id) => {
        const [newest, ...older] = versionsOf(packs, id);
        const shown = inForce.find(({ pack }) => pack.id === id) ?? newest;
        return shown === undefined ? [] : [packRow(shown, 1 + older.length)];
      })}
      empty={<EmptyState title="No pack is on the shelf" />}
    />
  );
}

function packRow(shown: JurisdictionPack | PolicyPack, versions: number) {
  const { fromMemory, points } = openPointsOf(shown);
  const { id, title, version, validFrom, validTo, reviewedBy, reviewedOn } = shown.pack;
  return {
    href: shown.kind === "jurisdiction" ? `/law/${id}` : `/promises#${id}`,
    cells: {
      title: shown.kind === "jurisdiction" ? `${title} (${shown.country})` : title,
      versions: versions === 1 ? version : <VersionsLink id={id} version={version} versions={versions} />,
      valid: <Valid from={validFrom} to={validTo} />,
      reviewed: (
        <>
          {reviewedBy}, <Day day={reviewedOn} />
        </>
      ),
      memory: String(fromMemory),
      points: String(points),
    },
  };
}

function VersionsLink({ id, version, versions }: { readonly id: string; readonly version: string; readonly versions: number }) {
  return (
    <>
      {version}, <a href={`/law/${id}/compare`}>compare all {versions}</a>
    </>
  );
}

/** From when to when; a pack without an end stays in force until a newer one begins. */
export function Valid({ from, to }: { readonly from: string; readonly to: string | undefined }) {
  return (
    <>
      from <Day day={from} />
      {to === undefined ? (
        ""
      ) : (
        <>
          {" "}
          to <Day day={to} />
        </>
      )}
    </>
  );
}
