// The shape of a contract as data: every clause with who owes whom, what starts it and by when; and the contract's own defects, each with its readings.
import { z } from "zod";
import { basis, clause, header } from "./pack.ts";
import type { Finding } from "./pack-findings.ts";

/** The part of the program that keeps a clause. `requests` is the desk's main job; `none`: nobody can enforce it by program, and it is shown. */
const contractTopics = [
  "agreements",
  "statements",
  "access-notices",
  "breaches",
  "rights-requests",
  "sub-processors",
  "transfers",
  "audits",
  "deletions",
  "attestations",
  "requests",
  "none",
] as const;

const deadline = z.strictObject({
  /** "72 hours from receipt", "promptly". */
  words: z.string().min(3),
  n: z.int().min(0).optional(),
  unit: z.enum(["hours", "days", "business-days", "months"]).optional(),
  /** What starts the count: "receipt". */
  from: z.string().min(3).optional(),
  basis,
});

/** Something that must be shown: one of eight policies, one part of an answer. */
const shown = z.strictObject({ id: z.string().regex(/^[a-z][a-z0-9-]*$/), words: z.string().min(3) });

const side = z.enum(["vendor", "partner"]);
export type Side = z.infer<typeof side>;

/** How the program keeps a clause that needs no part of its own: the pack says it, and clocks, gates and papers follow. */
const works = z.discriminatedUnion("as", [
  /** A paper confirms it and is renewed while the agreement runs. `least`: a figure the paper must state, and its least value. */
  z.strictObject({
    as: z.literal("paper"),
    paper: z.string(),
    shows: z.array(shown).default([]),
    least: z.strictObject({ words: z.string().min(3), n: z.int().positive() }).optional(),
  }),
  /** Somebody asks or something happens, and an answer is owed by the clause's deadline. */
  z.strictObject({
    as: z.literal("answer"),
    /** Completes "when …": "the vendor asks for the list". */
    when: z.string().min(5),
    /** Who may put the occasion on record; both may when absent. */
    seenBy: side.optional(),
    owedBy: side,
    shows: z.array(shown).default([]),
  }),
  /** An act that is recorded only when what it needs is on record. */
  z.strictObject({
    as: z.literal("gate"),
    act: z.string().min(5),
    actBy: side,
    /** Whose written leave it needs. */
    leaveOf: side.optional(),
    needs: z.array(shown).default([]),
    /** Nothing may be overdue under these clauses. */
    after: z.array(z.string()).default([]),
  }),
  /** A register with dated entries. */
  z.strictObject({ as: z.literal("record"), entry: z.string().min(5) }),
]);
export type Works = z.infer<typeof works>;

/** One paper that confirms several clauses at once. */
const paper = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  title: z.string().min(5),
  /** How long one counts; absent: for as long as it says itself, or for the term. */
  fresh: z.strictObject({ n: z.int().positive(), unit: z.enum(["days", "months"]), basis }).optional(),
  /** Days after the start of the agreement in which the first one is owed. */
  firstDays: z.int().min(0),
  /** For whom it is owed: a partner with an AI Product, with data under a US state's law, with staff in the US, or one that relies on the framework. */
  applies: z.enum(["always", "ai-product", "us-state-data", "us-staff", "framework"]).default("always"),
  /** The kinds of proof that it may be, where one of several is enough. */
  oneOf: z.array(shown).default([]),
});
export type Paper = z.infer<typeof paper>;

const contractClause = clause.extend({
  /** As the document prints it, also where its numbering is broken. */
  printedNo: z.string().min(1),
  /** As the document means it; absent where both are the same. */
  logicalNo: z.string().min(1).optional(),
  trigger: z.string().min(3),
  action: z.string().min(5),
  deadline: deadline.optional(),
  exceptions: z.array(z.string().min(3)).default([]),
  evidence: z.string().min(3).optional(),
  topic: z.enum(contractTopics),
  /** Absent: a part of the program of its own keeps it, or nobody can. */
  works: works.optional(),
});
export type ContractClause = Readonly<z.infer<typeof contractClause>>;

const reading = z.strictObject({ id: z.string().regex(/^[a-z][a-z0-9-]*$/), words: z.string().min(5) });

const defect = z.strictObject({
  id: z.string().regex(/^X-\d\d$/),
  says: z.string().min(10),
  /** Clauses it touches, of this contract or of a policy. */
  clauses: z.array(z.string()).min(1),
  readings: z.array(reading).min(1),
  /** The reading in force until a named person elects another: the stricter one. */
  inForce: z.string(),
  why: z.string().min(5),
  /** What stays shut until somebody elects; absent where nothing does. */
  blocks: z.string().min(5).optional(),
  counsel: z.boolean().default(true),
});

export const contractPack = z.strictObject({
  pack: header,
  kind: z.literal("contract"),
  /** What the arrows of the clauses mean: `V` the vendor, `P` the partner. */
  parties: z.record(z.string().min(1).max(2), z.string().min(3)),
  clauses: z.array(contractClause).min(1),
  papers: z.array(paper).default([]),
  /** Countries without a restricted transfer, by whose decision, as they stand when the pack is reviewed. */
  adequate: z
    .strictObject({ EEA: z.array(z.string().length(2)), UK: z.array(z.string().length(2)), CH: z.array(z.string().length(2)) })
    .default({ EEA: [], UK: [], CH: [] }),
  /** Mechanisms that nobody may rely on since a day. */
  switchedOff: z
    .array(z.strictObject({ mechanism: z.enum(["dpf", "scc", "jurisdiction-terms", "other"]), since: z.iso.date(), citation: z.string().min(3) }))
    .default([]),
  /** What a law lets somebody take as interest at most: simple, in per cent a year, as text; `none` where it sets no maximum. */
  legalMaxima: z
    .array(
      z.strictObject({
        law: z.string().min(3),
        percentPerYear: z.string().regex(/^(\d{1,3}(\.\d{1,4})?|none)$/, "A percentage such as 10 or 8.25, or none where the law sets no maximum."),
        from: z.iso.date().optional(),
        to: z.iso.date().optional(),
        citation: z.string().min(3),
      }),
    )
    .default([]),
  defects: z.array(defect),
});
/** A contract pack as the program uses it: validated, every default filled in. */
export type ContractPack = Readonly<z.infer<typeof contractPack>>;

/** What a schema cannot say: ids that stand twice, readings that are none, parties that nobody named. */
export function contractFindings({ clauses, defects, parties, papers }: ContractPack): readonly Finding[] {
  const finding = (path: readonly (string | number)[], what: string, remedy: string): Finding => ({ path, what, remedy });
  return [
    ...clauses.flatMap(({ id }, index) =>
      clauses.findIndex((other) => other.id === id) === index
        ? []
        : [finding(["clauses", index, "id"], `The clause ${id} stands here for the second time.`, "Give each clause one entry.")],
    ),
    ...clauses.flatMap(({ parties: owes }, index) =>
      [...owes.matchAll(/[A-Z]/g)].every(([party]) => party in parties)
        ? []
        : [finding(["clauses", index, "parties"], `${owes} names a party that the contract does not name.`, `Use ${Object.keys(parties).join(", ")}.`)],
    ),
    ...clauses.flatMap(({ deadline: due }, index) =>
      (due?.n === undefined) === (due?.unit === undefined)
        ? []
        : [finding(["clauses", index, "deadline"], "The deadline has a number without a unit, or a unit without a number.", "Give both, or neither.")],
    ),
    ...clauses.flatMap(({ id, works: how, deadline: due }, index) => {
      const path = ["clauses", index, "works"] as const;
      if (how?.as === "paper" && !papers.some((each) => each.id === how.paper))
        return [
          finding(
            path,
            `${id} is confirmed by a paper ${how.paper}, which the contract does not have.`,
            `Use one of ${papers.map((each) => each.id).join(", ")}.`,
          ),
        ];
      if (how?.as === "answer" && due?.n === undefined)
        return [finding(path, `${id} is a clock without a number.`, "Give the deadline a number and a unit; where the document has none, a house default.")];
      if (how?.as === "gate" && how.after.some((other) => !clauses.some((each) => each.id === other)))
        return [finding(path, `${id} comes after a clause that the contract does not have.`, "Name clauses of this contract.")];
      return [];
    }),
    ...papers.flatMap(({ id }, index) =>
      clauses.some(({ works: how }) => how?.as === "paper" && how.paper === id)
        ? []
        : [finding(["papers", index, "id"], `No clause is confirmed by the paper ${id}.`, "Name it in a clause, or leave it out.")],
    ),
    ...defects.flatMap(({ id, inForce, readings }, index) => [
      ...(readings.some((each) => each.id === inForce)
        ? []
        : [finding(["defects", index, "inForce"], `${inForce} is no reading of ${id}.`, `Use one of ${readings.map((each) => each.id).join(", ")}.`)]),
      ...(defects.findIndex((other) => other.id === id) === index
        ? []
        : [finding(["defects", index, "id"], `The defect ${id} stands here for the second time.`, "Give each defect one entry.")]),
    ]),
    ...clauses.flatMap(({ id, defects: touched }, index) =>
      touched
        .filter((each) => !defects.some((other) => other.id === each && other.clauses.includes(id)))
        .map((each) =>
          finding(["clauses", index, "defects"], `${id} says that ${each} touches it, and the defect does not say so.`, `Add ${id} to the clauses of ${each}.`),
        ),
    ),
  ];
}
