// What one document says of a case: the members of a case description, without those that only the desk can know.
import { z } from "zod";
import { caseDescription } from "../assessment/description.ts";
import type { CaseDescription } from "../assessment/description.ts";
import type { Problem, Problems } from "./read-xml.ts";

type Paper = CaseDescription["paper"];
type Line = CaseDescription["lines"][number];
type Subject = CaseDescription["subjects"][number];

/** What a paper says and nothing else; when it was served, and how far the desk has come, is not in it. */
export interface CasePart {
  readonly paper: Readonly<Partial<Paper>>;
  readonly lines: readonly Readonly<Line>[];
  readonly subjects: readonly Readonly<Subject>[];
  readonly authority: Readonly<CaseDescription["authority"]>;
  readonly places: Readonly<CaseDescription["places"]>;
  /** The paper wishes that somebody is not told. */
  readonly gagWish?: boolean;
}

/** What the desk adds: the moment of the question, its zone, and how and when the paper reached it. Moments carry an offset. */
export interface DeskKnowledge {
  readonly asked: string;
  readonly zone: string;
  readonly servedAt: string;
  readonly servedBy?: NonNullable<Paper["servedBy"]>;
}

export type CaseReading = { readonly kind: "case"; readonly description: CaseDescription } | { readonly kind: "refused"; readonly problems: Problems };

/** A whole case from what a document said and what the desk knows; everything else stays at its default, which is unknown. */
export function caseOf(part: CasePart, desk: DeskKnowledge): CaseReading {
  const { asked, zone, servedAt, servedBy } = desk;
  const paper = { ...part.paper, servedAt, ...(servedBy === undefined ? {} : { servedBy }) };
  return readCase({ format: "portcullis-case/1", asked, zone, ...part, paper });
}

/** A case from a value of unknown shape, with every problem at once. */
export function readCase(value: unknown): CaseReading {
  const read = caseDescription.safeParse(value);
  if (read.success) return { kind: "case", description: read.data };
  const [first, ...rest] = read.error.issues.slice(0, 50).map(problemOf);
  return { kind: "refused", problems: [first ?? { path: "/", what: "It is not a case.", remedy: seeSchema }, ...rest] };
}

const seeSchema = "Compare it with the JSON Schema of the case format.";

function problemOf(issue: z.core.$ZodIssue): Problem {
  return { path: `/${issue.path.map(String).join("/")}`, what: `${issue.message}.`, remedy: seeSchema };
}
