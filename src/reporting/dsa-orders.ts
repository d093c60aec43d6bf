// The sheet of orders from Member States that article 15(1)(a) of the Digital Services Act asks for, in the Commission's template.
import { day, type Day } from "../kernel/instant.ts";
import { dsaCategories } from "./dsa-categories.ts";
import {
  csv,
  gapsOf,
  isUnrecorded,
  median,
  openOfYear,
  stateFinding,
  stateOf,
  type Gap,
  type IllegalContent,
  type RequestRow,
  type RowFinding,
  type Unrecorded,
} from "./request-row.ts";

const sheetName = "3_member_states_orders";

const figures = [
  "Number of orders to act against illegal content received",
  "Number of specific items of information included in the total number of orders to act against illegal content",
  "Median time to inform the authority of the receipt of the order to act against illegal content",
  "Median time to give effect to the order to act against illegal content",
  "Number of orders to provide information",
  "Median time to inform the authority of the receipt of the order to provide information",
  "Median time to give effect to the order to provide information",
] as const;

const headers = [
  "Applicability",
  "Service",
  "Reporting period",
  "Category of illegal content",
  'Description of the sub-category "Other"',
  "Scope",
  ...figures,
  // The template writes the first two of these with a small letter.
  ...figures.map((figure, index) => `Contextual information on ${index < 2 ? figure.replace("Number", "number") : figure}`),
];

export interface DsaOrders {
  /** One report for each service. */
  readonly service: string;
  readonly year: number;
  /** Instrument ids of orders to act against illegal content. */
  readonly toAct: readonly string[];
  /** Of orders to provide information. Counsel decides whether European Production Orders are among them. */
  readonly toInform: readonly string[];
}

export interface DsaOrdersSheet {
  readonly name: typeof sheetName;
  /** Two months after the end of the year. */
  readonly dueOn: Day;
  /** It stays public, every version marked, for five years from its publication: not before this day may it go, when it was published on the last day allowed. */
  readonly publicUntil: Day;
  readonly keep: string;
  readonly csv: string;
  readonly findings: readonly RowFinding[];
  readonly gaps: readonly Gap[];
}

const gapWords = {
  "illegal-content":
    "The desk does not record what an order calls illegal, so these orders stand in the totals and under no category. Read their papers and put them under their categories before the sheet is published.",
  items: "The desk does not record how many items of information an order to act names: the cell stays empty. Count them on the papers.",
  effect: "The desk does not record when content was acted on: the median leaves these orders out. Take the hours from where the content was acted on.",
} as const;

/** Hours are hours; a median of nothing is an empty cell and a number of nothing is 0. */
export function dsaOrdersSheet(requests: readonly RequestRow[], orders: DsaOrders): DsaOrdersSheet {
  const { year, toAct, toInform } = orders;
  const asked = openOfYear(requests, year).filter(({ request }) => [...toAct, ...toInform].includes(request.instrument));
  const findings = asked.flatMap(({ row, request }) => stateFinding(row, request) ?? categoryFinding(row, request) ?? []);
  const flawed = new Set(findings.map(({ row }) => row));
  const placed = asked.filter(({ row }) => !flawed.has(row));
  const counted = placed.map(({ request }) => request);
  const states = [...new Set(counted.map(scopeOf))].toSorted();
  const scopes = ["TOTAL", ...states].map((scope) => ({ scope, these: counted.filter((request) => scope === "TOTAL" || scopeOf(request) === scope) }));
  const dueOn = twoMonthsAfter(year);
  return {
    name: sheetName,
    dueOn,
    publicUntil: Temporal.PlainDate.from(dueOn).add({ years: 5 }).toString() as Day,
    keep: "Keep this report, and keep it public with every version marked, for five years from its publication (Implementing Regulation (EU) 2024/2835).",
    csv: csv([headers, ...scopes.flatMap(({ scope, these }) => scopeRows(these, scope, orders))]),
    findings,
    gaps: gapsOf(placed, gapWords),
  };
}

function twoMonthsAfter(year: number): Day {
  return Temporal.PlainDate.from(day(`${year}-12-31`))
    .add({ months: 2 })
    .toString() as Day;
}

/** Eurostat's letters, which differ from ISO 3166 for Greece. */
function scopeOf(request: RequestRow): string {
  const state = stateOf(request) ?? "";
  return state === "GR" ? "EL" : state;
}

const [categoryPrefix, keywordPrefix, otherKeyword] = ["STATEMENT_CATEGORY_", "KEYWORD_", "KEYWORD_OTHER"] as const;
const noLegalGround: IllegalContent = { category: `${categoryPrefix}NOT_SPECIFIED_ORDER` };

const categories: readonly { readonly category: string; readonly keywords: readonly string[] }[] = Object.entries(dsaCategories).map(
  ([category, keywords]) => ({
    category: `${categoryPrefix}${category}`,
    keywords: keywords.map((keyword) => `${keywordPrefix}${keyword}`),
  }),
);

/** Undefined where the desk does not know it: that is not an order without a legal ground. */
function contentOf(request: RequestRow): IllegalContent | undefined {
  return isUnrecorded(request, "illegal-content") ? undefined : (request.illegalContent ?? noLegalGround);
}

function categoryFinding(row: number, request: RequestRow): RowFinding | undefined {
  const content = contentOf(request);
  if (content === undefined) return undefined;
  const { category, keyword } = content;
  const known = categories.find((each) => each.category === category);
  if (known !== undefined && (keyword === undefined || known.keywords.includes(keyword))) return undefined;
  return {
    row,
    code: "CATEGORY_UNKNOWN",
    because: `The template has no ${known === undefined ? category : `${keyword} under ${category}`}. Choose one of its categories, or ${otherKeyword} with a description.`,
  };
}

type Cells = readonly (string | number | undefined)[];

function scopeRows(requests: readonly RequestRow[], scope: string, orders: DsaOrders): readonly Cells[] {
  const row = (category: string, described: string, these: readonly RequestRow[]): Cells => [
    "All",
    orders.service,
    `${orders.year}-01-01/${orders.year}-12-31`,
    category,
    described,
    scope,
    ...figuresOf(these, orders),
    ...contextOf(these, orders),
  ];
  return [
    row("TOTAL", "", requests),
    ...categories.flatMap(({ category, keywords }) => {
      const inIt = requests.filter((request) => contentOf(request)?.category === category);
      return [
        row(category, "", inIt),
        ...keywords.flatMap((keyword) => keywordRows(inIt, category, keyword).map(({ described, these }) => row(keyword, described, these))),
      ];
    }),
  ];
}

interface KeywordRow {
  readonly described: string;
  readonly these: readonly RequestRow[];
}

/** Sub-categories add up to their category, so an order that names none stands under "other", and each description there has a row of its own. */
function keywordRows(requests: readonly RequestRow[], category: string, keyword: string): readonly KeywordRow[] {
  const these = requests.filter(({ illegalContent }) => (illegalContent?.keyword ?? otherKeyword) === keyword);
  if (keyword !== otherKeyword || these.length === 0) return [{ described: "", these }];
  const unnamed = `Sub-category not given by the authority (${category.slice(categoryPrefix.length)})`;
  const describe = ({ illegalContent }: RequestRow) => illegalContent?.described ?? unnamed;
  return [...new Set(these.map(describe))].toSorted().map((described) => ({ described, these: these.filter((request) => describe(request) === described) }));
}

/** In the order of the headers. */
function figuresOf(requests: readonly RequestRow[], { toAct, toInform }: DsaOrders): Cells {
  const act = requests.filter(({ instrument }) => toAct.includes(instrument));
  const inform = requests.filter(({ instrument }) => toInform.includes(instrument));
  const items = act.some((request) => isUnrecorded(request, "items")) ? undefined : act.reduce((sum, request) => sum + (request.items ?? 1), 0);
  return [act.length, items, ...medians(act), inform.length, ...medians(inform)];
}

/** What a reader of the published sheet must know of a figure; in the order of the headers. */
function contextOf(these: readonly RequestRow[], { toAct, toInform }: DsaOrders): Cells {
  const of = (papers: readonly string[], about: Unrecorded) =>
    these.filter((request) => papers.includes(request.instrument) && isUnrecorded(request, about)).length;
  const say = (n: number, words: string) => (n === 0 ? "" : `${n} of these orders: ${words}`);
  const category = "the category of illegal content was not recorded, so they are counted in the totals only";
  const effect = "the time of effect was not recorded, so they are not in the median";
  return [
    say(of(toAct, "illegal-content"), category),
    say(of(toAct, "items"), "the number of items was not recorded"),
    "",
    say(of(toAct, "effect"), effect),
    say(of(toInform, "illegal-content"), category),
    "",
    say(of(toInform, "effect"), effect),
  ];
}

function medians(orders: readonly RequestRow[]): Cells {
  return [
    median(orders.flatMap(({ acknowledgedAfterHours }) => acknowledgedAfterHours ?? [])),
    median(orders.flatMap(({ effectAfterHours }) => effectAfterHours ?? [])),
  ];
}
