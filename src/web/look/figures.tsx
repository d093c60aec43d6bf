// Shows counts so that they can be read, checked and not misread: figures, ranges for small ones, bars inside their own table.
import type { Child } from "hono/jsx";

/** A count, or the range published in its place. Both ends of a range are inclusive. */
export type Count = { readonly kind: "exact"; readonly n: number } | { readonly kind: "range"; readonly from: number; readonly to: number };

function number(n: number): string {
  return n.toLocaleString("en");
}

/** "1,204", or "1 to 4". */
export function countWords(count: Count): string {
  return count.kind === "exact" ? number(count.n) : `${number(count.from)} to ${number(count.to)}`;
}

/** A count that may be too small to publish; a range says in words that it is one. */
export function SmallNumber({ count }: { readonly count: Count }) {
  if (count.kind === "exact") return <span class="number">{number(count.n)}</span>;
  return (
    <span class="number number-range">
      <bdi>{countWords(count)}</bdi>
      <span class="sr-only"> (published as a range, so that nobody can be recognised)</span>
    </span>
  );
}

/** The figures a report opens with: at most three. */
export function Figures({ figures }: { readonly figures: readonly { readonly count: Count; readonly label: string; readonly note?: string | undefined }[] }) {
  return (
    <dl class="big-figures">
      {figures.map((figure) => (
        <div>
          <dt>{figure.label}</dt>
          <dd>
            <SmallNumber count={figure.count} />
            {figure.note === undefined ? <></> : <span class="figure-note">{figure.note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

export interface BarChartProps {
  /** Says what is counted, of whom and when: the table's caption. */
  readonly title: string;
  /** Head of the first column: "Kind of request". */
  readonly rowHead: string;
  /** Head of the figures, with their unit: "Requests". */
  readonly countHead: string;
  readonly bars: readonly { readonly label: string; readonly count: Count }[];
  /** Definitions, source, corrections. */
  readonly note?: Child | undefined;
}

/**
 * Bars drawn on the server in the rows of the table that holds their figures, so that picture and number cannot differ.
 * A range is drawn solid up to its lower end and hatched up to its upper end. The bars begin at 0.
 */
export function BarChart({ title, rowHead, countHead, bars, note }: BarChartProps) {
  const longest = Math.max(1, ...bars.map((bar) => upperEnd(bar.count)));
  return (
    <figure class="chart">
      <table class="chart-table">
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col">{rowHead}</th>
            <th scope="col" class="figures">
              {countHead}
            </th>
            <td aria-hidden="true"></td>
          </tr>
        </thead>
        <tbody>
          {bars.map((bar) => (
            <tr>
              <th scope="row">{bar.label}</th>
              <td class="figures">
                <SmallNumber count={bar.count} />
              </td>
              <td class="chart-cell" aria-hidden="true">
                <Bar count={bar.count} longest={longest} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {note === undefined ? <></> : <figcaption>{note}</figcaption>}
    </figure>
  );
}

function upperEnd(count: Count): number {
  return count.kind === "exact" ? count.n : count.to;
}

function Bar({ count, longest }: { readonly count: Count; readonly longest: number }) {
  const share = (n: number) => `${Math.round((n / longest) * 1000) / 10}%`;
  const solid = count.kind === "exact" ? count.n : count.from;
  return (
    <svg class="chart-bar" width="100%" height="20" focusable="false">
      {count.kind === "exact" ? <></> : <rect x={share(count.from)} y="2" width={share(count.to - count.from)} height="16" fill="url(#hatch)" />}
      <rect x="0" y="2" width={share(solid)} height="16" fill="currentColor" />
    </svg>
  );
}

export interface ProgressProps {
  /** What is under way: "Collecting messages". */
  readonly label: string;
  readonly done: number;
  readonly of: number;
  /** Plural: "records". */
  readonly unit: string;
}

/** How far something is, as a bar and in figures. `of` may be 0: nothing to do is done. */
export function Progress({ label, done, of, unit }: ProgressProps) {
  return (
    <div class="progress">
      <span class="progress-label">{label}</span>
      <progress aria-label={label} value={of === 0 ? 1 : done} max={of === 0 ? 1 : of}></progress>
      <span class="number">
        {number(done)} of {number(of)} {unit}
      </span>
    </div>
  );
}
