// What the pages of the law share: which packs and versions are on the shelf, their frame, and the mark that says what a rule rests on.
import type { Child } from "hono/jsx";
import type { Desk } from "../../app/desk.ts";
import { dayOf } from "../../kernel/instant.ts";
import type { Basis, JurisdictionPack, PolicyPack } from "../../policy/pack.ts";
import { inForceOn } from "../../policy/pack-versions.ts";
import { basisMarks } from "../../policy/pack-words.ts";
import type { State } from "../look/icons.tsx";
import { StateTag } from "../look/state-tag.tsx";
import type { WebContext } from "../web.tsx";
import { publicFrame } from "./public-frame.tsx";
import { capital } from "./report-words.ts";

type Pack = JurisdictionPack | PolicyPack;

export function lawFrame(c: WebContext, title: string, children: Child, status: 200 | 404 = 200) {
  return publicFrame(c, { title, way: "/law", children }, status);
}

export function noSuchPack(c: WebContext) {
  return lawFrame(
    c,
    "There is no such pack",
    <p>
      The shelf of this desk holds no pack and no version with that name. <a href="/law">See the packs it holds</a>.
    </p>,
    404,
  );
}

/** Every version of one pack, newest first; empty when the shelf has none. */
export function versionsOf<Each extends Pack>(packs: readonly Each[], id: string): readonly Each[] {
  return packs.filter(({ pack }) => pack.id === id).toSorted((a, b) => b.pack.version.localeCompare(a.pack.version, "en", { numeric: true }));
}

/** Of each pack the version that is in force today, in the order of the shelf. */
export function inForceToday<Each extends Pack>(desk: Desk, packs: readonly Each[]): readonly Each[] {
  return inForceOn(packs, dayOf(desk.ports.clock.now(), desk.zone));
}

export function lawHref({ pack }: Pack): string {
  return `/law/${pack.id}/${pack.version}`;
}

/** How many rules of a pack rest on memory, and how many open points it names for counsel. */
export function openPointsOf(pack: Pack): { readonly fromMemory: number; readonly points: number } {
  const rows = pack.kind === "jurisdiction" ? [...pack.instruments, ...pack.overrides] : [];
  const points = rows.reduce((sum, { confirm }) => sum + confirm.length, 0);
  return { fromMemory: countFromMemory(pack), points };
}

function countFromMemory(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const own = "basis" in value && value.basis === "memory" ? 1 : 0;
  return Object.values(value).reduce((sum: number, each) => sum + countFromMemory(each), own);
}

const basisStates: Readonly<Record<Basis, State>> = { law: "kept", document: "kept", house: "open", memory: "due" };

/** What a rule rests on, by shape and word; `short` for the narrow cells of a table, where a mark keeps to one line. */
export function BasisMark({ basis, short }: { readonly basis: Basis; readonly short?: boolean }) {
  return <StateTag state={basisStates[basis]} word={short === true && basis === "memory" ? "Memory: to confirm" : basisMarks[basis]} />;
}

/** A rule's source with what it rests on. */
export function Source({ citation, basis }: { readonly citation: string; readonly basis: Basis }) {
  return (
    <>
      <cite>{citation}</cite> <BasisMark basis={basis} />
    </>
  );
}

export function sentence(text: string): string {
  return `${capital(text)}${/[.!?]$/.test(text) ? "" : "."}`;
}
