// Holds the pieces that show what is there: lists, what happened, what is recorded and sealed, and what is not there yet.
import type { Child } from "hono/jsx";
import { SealIcon } from "./icons.tsx";
import { Moment } from "./moment.tsx";

/** One column. Figures stand at the end of their cell, words at the start. */
interface Column<Key extends string = string> {
  readonly key: Key;
  readonly head: string;
  readonly figures?: boolean | undefined;
}

/** One row. With `href` the first cell becomes the row's link, which the keys j and k walk along. */
interface Row<Key extends string = string> {
  readonly cells: Readonly<Record<Key, Child>>;
  readonly href?: string | undefined;
  /** A sealed case wears the hatch and shows a number only. */
  readonly sealed?: boolean | undefined;
}

export interface TableProps<Key extends string> {
  readonly caption: string;
  /** The caption is read out but not shown: for a table directly under its own heading. */
  readonly quietCaption?: boolean | undefined;
  /** The first column names the row. */
  readonly columns: readonly Column<Key>[];
  readonly rows: readonly Row<Key>[];
  /** What stands there when there is no row. */
  readonly empty: Child;
  /** True for the desk's queues: the keys work in it. */
  readonly queue?: boolean | undefined;
}

/** A compact table with a head that stays in sight; at 390 px each row becomes a card with the heads beside its values. */
export function Table<Key extends string>({ caption, quietCaption, columns, rows, empty, queue }: TableProps<Key>) {
  if (rows.length === 0) return <div class="table-empty">{empty}</div>;
  return (
    <table class="table" role="table" data-queue={queue === true ? "" : undefined}>
      <caption class={quietCaption === true ? "sr-only" : undefined}>{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th scope="col" role="columnheader" class={column.figures === true ? "figures" : undefined}>
              {column.head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr role="row" class={row.sealed === true ? "sealed" : undefined}>
            {columns.map((column, index) => (index === 0 ? <RowHead column={column} row={row} /> : <Cell column={column} row={row} />))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface CellProps<Key extends string> {
  readonly column: Column<Key>;
  readonly row: Row<Key>;
}

function RowHead<Key extends string>({ column, row }: CellProps<Key>) {
  const content = row.cells[column.key];
  return (
    <th scope="row" role="rowheader">
      <div class="row-head">
        {row.href === undefined ? (
          content
        ) : (
          <a href={row.href} data-row-link="">
            {content}
          </a>
        )}
        {row.sealed === true ? <span class="sealed-word">Sealed</span> : <></>}
      </div>
    </th>
  );
}

function Cell<Key extends string>({ column, row }: CellProps<Key>) {
  return (
    <td role="cell" data-head={column.head} class={column.figures === true ? "figures" : undefined}>
      <div>{row.cells[column.key]}</div>
    </td>
  );
}

/** Nothing is there: say why and what would bring something here. */
export function EmptyState({ title, children, action }: { readonly title: string; readonly children?: Child; readonly action?: Child }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children === undefined ? <></> : <div class="empty-text">{children}</div>}
      {action ?? <></>}
    </div>
  );
}

export interface BannerProps {
  /** `done` is a receipt, `caution` needs care, `stop` says that something was refused or failed. */
  readonly kind: "note" | "done" | "caution" | "stop";
  readonly title: string;
  readonly children?: Child | undefined;
}

/** What just happened or what one must know first. `done` is announced, the others are read where they stand. */
export function Banner({ kind, title, children }: BannerProps) {
  return (
    <div class={`banner banner-${kind}`} role={kind === "done" ? "status" : undefined}>
      <p class="banner-title">
        <span class="banner-kind">{bannerWords[kind]}</span> {title}
      </p>
      {children === undefined ? <></> : <div>{children}</div>}
    </div>
  );
}

const bannerWords: Readonly<Record<BannerProps["kind"], string>> = { note: "Note", done: "Done", caution: "Caution", stop: "Stopped" };

/** Recorded at commit; sealed once a checkpoint covers it, at a position that never changes. */
export type Seal = { readonly status: "recorded" } | { readonly status: "sealed"; readonly position: number; readonly proofHref?: string | undefined };

/** Whether a fact is only recorded or already sealed, and where in the ledger. */
export function SealMark({ seal }: { readonly seal: Seal }) {
  if (seal.status === "recorded") {
    return (
      <span class="seal seal-recorded">
        <SealIcon sealed={false} />
        <span>Recorded, not sealed yet</span>
      </span>
    );
  }
  const words = `Sealed, position ${seal.position.toLocaleString("en")}`;
  return (
    <span class="seal seal-sealed">
      <SealIcon sealed={true} />
      {seal.proofHref === undefined ? <span>{words}</span> : <a href={seal.proofHref}>{words}</a>}
    </span>
  );
}

/** One thing that happened. */
export interface TimelineItem {
  readonly at: string;
  /** Past tense, with who did it when that may be said. */
  readonly what: string;
  readonly by?: string | undefined;
  readonly seal: Seal;
  readonly detail?: Child | undefined;
}

/** What happened, in the order given (newest first on a case). `zone` is the IANA zone the moments are said in. */
export function Timeline({ items, zone }: { readonly items: readonly TimelineItem[]; readonly zone: string }) {
  if (items.length === 0) return <EmptyState title="Nothing has happened yet" />;
  return (
    <ol class="timeline">
      {items.map((item) => (
        <li>
          <div class="timeline-when">
            <Moment at={item.at} zone={zone} />
          </div>
          <div class="timeline-what">
            <p class="timeline-title">
              {item.what}
              {item.by === undefined ? <></> : <span class="timeline-by">, by {item.by}</span>}
            </p>
            {item.detail === undefined ? <></> : <div class="timeline-detail">{item.detail}</div>}
            <SealMark seal={item.seal} />
          </div>
        </li>
      ))}
    </ol>
  );
}

/** Where the neighbouring pages of a long list are. Lists are paged by key, so there are no page numbers. */
export interface PaginationProps {
  /** What is listed: "cases". */
  readonly of: string;
  readonly newerHref?: string | undefined;
  readonly olderHref?: string | undefined;
}

/** Newer and older; nothing is drawn when everything is on one page. */
export function Pagination({ of, newerHref, olderHref }: PaginationProps) {
  if (newerHref === undefined && olderHref === undefined) return <></>;
  return (
    <nav class="pagination" aria-label={`More ${of}`}>
      {newerHref === undefined ? (
        <span />
      ) : (
        <a rel="prev" href={newerHref}>
          Newer {of}
        </a>
      )}
      {olderHref === undefined ? (
        <span />
      ) : (
        <a rel="next" href={olderHref}>
          Older {of}
        </a>
      )}
    </nav>
  );
}

/** A reference a person will need elsewhere: plain text, with a copy button where the browser can copy. */
export function Copyable({ id, label, value }: { readonly id: string; readonly label: string; readonly value: string }) {
  return (
    <span class="copyable">
      <span class="sr-only">{label}: </span>
      <code id={id}>{value}</code>
      <button class="button button-quiet" type="button" hidden data-copy={`#${id}`}>
        Copy<span class="sr-only"> {label}</span>
      </button>
      <span class="copyable-said" role="status"></span>
    </span>
  );
}

/** The desk's keys, and the switch that turns them on: single keys stay off until a reader asks for them (WCAG 2.1.4). */
export function KeyboardHelp() {
  return (
    <details class="keys" data-keys="">
      <summary>Keyboard</summary>
      <dl>
        <div>
          <dt>
            <kbd>j</kbd>
          </dt>
          <dd>Next case</dd>
        </div>
        <div>
          <dt>
            <kbd>k</kbd>
          </dt>
          <dd>Previous case</dd>
        </div>
        <div>
          <dt>
            <kbd>Enter</kbd>
          </dt>
          <dd>Open the case</dd>
        </div>
        <div>
          <dt>
            <kbd>/</kbd>
          </dt>
          <dd>Search</dd>
        </div>
        <div>
          <dt>
            <kbd>?</kbd>
          </dt>
          <dd>Open this list</dd>
        </div>
      </dl>
      <button class="button button-secondary" type="button" hidden data-keys-toggle="">
        Switch the keys on
      </button>
      <noscript>
        <p>These keys need JavaScript. Everything else on the desk works without it.</p>
      </noscript>
    </details>
  );
}
