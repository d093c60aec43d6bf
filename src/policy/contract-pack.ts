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
  defects: z.array(defect),
});
/** A contract pack as the program uses it: validated, every default filled in. */
export type ContractPack = Readonly<z.infer<typeof contractPack>>;

/** What a schema cannot say: ids that stand twice, readings that are none, parties that nobody named. */
export function contractFindings({ clauses, defects, parties }: ContractPack): readonly Finding[] {
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
