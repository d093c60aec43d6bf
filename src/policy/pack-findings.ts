// What a well-formed pack can still get wrong: ids that repeat, references that lead nowhere, rules that contradict each other.
import type { JurisdictionPack, Override, PolicyPack } from "./pack.ts";

/** Steps from the top of a pack to the place that must change. */
export type Path = readonly PropertyKey[];

export interface Finding {
  readonly path: Path;
  readonly what: string;
  readonly remedy: string;
}

export function findingsIn(pack: PolicyPack | JurisdictionPack): readonly Finding[] {
  const own = pack.kind === "policy" ? findingsInPolicy(pack) : findingsInLaw(pack);
  return [...validity(pack), ...own];
}

/** A policy and the law of one country: data types and clauses the law refers to must exist in the policy. */
export function findingsAcross(policy: PolicyPack, law: JurisdictionPack): readonly Finding[] {
  return [...unknownDataTypes(policy, law), ...unclassifiedDataTypes(policy, law), ...unknownCheckClauses(policy, law)];
}

function validity({ pack: { validFrom, validTo } }: PolicyPack | JurisdictionPack): Finding[] {
  if (validTo === undefined || validTo >= validFrom) return [];
  const what = `The pack ends on ${validTo}, before it begins on ${validFrom}.`;
  return [{ path: ["pack", "validTo"], what, remedy: "Correct one of the two days, or leave validTo out while no end is known." }];
}

function findingsInPolicy(pack: PolicyPack): Finding[] {
  return [
    ...repeated(
      "clauses",
      pack.clauses.map(({ id }) => id),
      "id",
    ),
    ...repeated(
      "dataTypes",
      pack.dataTypes.map(({ id }) => id),
      "id",
    ),
    ...repeated(
      "requiredContents",
      pack.requiredContents.map(({ id }) => id),
      "id",
    ),
    ...unknownClauses(pack),
    ...missingQuotes(pack),
  ];
}

function findingsInLaw(pack: JurisdictionPack): Finding[] {
  return [
    ...repeated(
      "instruments",
      pack.instruments.map(({ id }) => id),
      "id",
    ),
    ...repeated(
      "overrides",
      pack.overrides.map(({ id }) => id),
      "id",
    ),
    ...repeated(
      "checks",
      pack.checks.map(({ id }) => id),
      "id",
    ),
    ...repeated("holidays", pack.holidays),
    ...repeatedNames(pack),
    ...unknownInstruments(pack),
    ...deadlinesWithoutCount(pack),
    ...overridesThatNeverApply(pack),
    ...contradictions(pack),
  ];
}

function repeated(list: string, values: readonly string[], member?: string): Finding[] {
  const seen = new Set<string>();
  return values.flatMap((value, index) => {
    const first = !seen.has(value);
    seen.add(value);
    if (first) return [];
    const path = member === undefined ? [list, index] : [list, index, member];
    return [{ path, what: `"${value}" stands twice under "${list}".`, remedy: "Give one of them another id, or take out the second." }];
  });
}

/** The same words on two papers would let intake pick either. */
function repeatedNames({ instruments }: JurisdictionPack): Finding[] {
  const owners = new Map<string, string>();
  return instruments.flatMap(({ id, names }, instrument) =>
    names.flatMap((name, index) => {
      const owner = owners.get(name.toLowerCase());
      if (owner === undefined) owners.set(name.toLowerCase(), id);
      if (owner === undefined) return [];
      const what = `The name "${name}" of ${id} already belongs to ${owner}.`;
      return [{ path: ["instruments", instrument, "names", index], what, remedy: "Keep it with the paper that prints it, or make one of the two more exact." }];
    }),
  );
}

function unknownClauses(pack: PolicyPack): Finding[] {
  const known = new Set(pack.clauses.map(({ id }) => id));
  const inList = (list: "dataTypes" | "requiredContents") =>
    pack[list].flatMap(({ clause }, index) => (known.has(clause) ? [] : [noSuchClause([list, index, "clause"], clause)]));
  return [...inList("dataTypes"), ...inList("requiredContents")];
}

function noSuchClause(path: Path, clause: string): Finding {
  return { path, what: `Clause ${clause} does not exist in the policy.`, remedy: 'Add the clause under "clauses" of the policy, or name one that is there.' };
}

function missingQuotes({ clauses }: PolicyPack): Finding[] {
  return clauses.flatMap(({ id, basis, quote }, index) => {
    if (basis !== "document" || quote.trim() !== "") return [];
    const what = `Clause ${id} rests on the document but does not quote it.`;
    return [{ path: ["clauses", index, "quote"], what, remedy: "Copy the document's own sentence, or change the basis." }];
  });
}

function unknownInstruments({ instruments, overrides }: JurisdictionPack): Finding[] {
  const known = new Set(instruments.map(({ id }) => id));
  const remedy = `Use the id of an instrument of this pack: ${[...known].join(", ")}.`;
  const unknown = (path: Path, ids: readonly string[]): Finding[] =>
    ids.flatMap((id, index) => (known.has(id) ? [] : [{ path: [...path, index], what: `There is no instrument ${id}.`, remedy }]));
  return [
    ...overrides.flatMap(({ requires }, index) => unknown(["overrides", index, "requires"], requires)),
    ...instruments.flatMap(({ gagBy }, index) => unknown(["instruments", index, "gagBy"], gagBy)),
  ];
}

function deadlinesWithoutCount({ instruments }: JurisdictionPack): Finding[] {
  const check = (path: Path, { kind, n, unit, from }: JurisdictionPack["instruments"][number]["deadline"]): Finding[] => {
    if (kind !== "statutory" || (n !== undefined && unit !== undefined && from !== undefined)) return [];
    return [
      {
        path,
        what: "A statutory deadline does not say how long it is.",
        remedy: 'Add "n", "unit" and "from", or write "kind: on-document" when the paper sets the day.',
      },
    ];
  };
  return instruments.flatMap(({ deadline, challenge }, index) => [
    ...check(["instruments", index, "deadline"], deadline),
    ...challenge.flatMap(({ within }, route) => (within === undefined ? [] : check(["instruments", index, "challenge", route, "within"], within))),
  ]);
}

function overridesThatNeverApply({ overrides, classOf }: JurisdictionPack): Finding[] {
  return overrides.flatMap(({ id, when: { dataClass, dataType } }, index) => {
    const path = ["overrides", index, "when"];
    if (dataClass === undefined && dataType === undefined) {
      return [{ path, what: `Override ${id} does not say what it is about.`, remedy: "Name a dataClass or a dataType." }];
    }
    if (dataType === undefined) return [];
    const actual = classOf[dataType];
    if (actual === undefined) {
      return [
        {
          path,
          what: `Override ${id} is about the data type "${dataType}", which has no class here.`,
          remedy: 'Add the data type under "classOf", or correct the name.',
        },
      ];
    }
    if (dataClass === undefined || dataClass === actual) return [];
    return [{ path, what: `Override ${id} never applies: "${dataType}" is ${actual}, not ${dataClass}.`, remedy: "Take out the dataClass, or correct it." }];
  });
}

/** Two overrides of one thing must agree; one on a data type may only narrow the one on its class. */
function contradictions({ overrides, classOf }: JurisdictionPack): Finding[] {
  return overrides.flatMap((later, index) =>
    overrides.slice(0, index).flatMap((earlier) => {
      if (!contradicts(earlier, later, classOf)) return [];
      const what = `Overrides ${earlier.id} and ${later.id} speak of the same data and name different instruments.`;
      const remedy = "Let both name the same instruments; the one on a single data type may name fewer than the one on its class, never others.";
      return [{ path: ["overrides", index, "requires"], what, remedy }];
    }),
  );
}

function contradicts(one: Override, other: Override, classOf: JurisdictionPack["classOf"]): boolean {
  const [oneType, otherType] = [one.when.dataType, other.when.dataType];
  if (classUnder(one, classOf) !== classUnder(other, classOf)) return false;
  if (oneType !== undefined && otherType !== undefined) return oneType === otherType && !sameIds(one, other);
  if (oneType === undefined && otherType === undefined) return !sameIds(one, other);
  const [narrow, wide] = oneType === undefined ? [other, one] : [one, other];
  return !narrow.requires.every((id) => wide.requires.includes(id));
}

function classUnder({ when }: Override, classOf: JurisdictionPack["classOf"]): string | undefined {
  return when.dataType === undefined ? when.dataClass : classOf[when.dataType];
}

function sameIds(one: Override, other: Override): boolean {
  return new Set(one.requires).symmetricDifference(new Set(other.requires)).size === 0;
}

function unknownDataTypes(policy: PolicyPack, law: JurisdictionPack): Finding[] {
  const known = new Set(policy.dataTypes.map(({ id }) => id));
  const remedy = `Use one of its data types: ${[...known].join(", ")}.`;
  const unknown = (path: Path, type: string): Finding[] =>
    known.has(type) ? [] : [{ path, what: `The policy "${policy.pack.title}" knows no data type "${type}".`, remedy }];
  return [
    ...Object.keys(law.classOf).flatMap((type) => unknown(["classOf", type], type)),
    ...law.instruments.flatMap(({ only }, index) => (only ?? []).flatMap((type, place) => unknown(["instruments", index, "only", place], type))),
    ...law.overrides.flatMap(({ when }, index) => (when.dataType === undefined ? [] : unknown(["overrides", index, "when", "dataType"], when.dataType))),
  ];
}

/** A data type without a class reaches nobody: safe, but never what the author wanted. */
function unclassifiedDataTypes(policy: PolicyPack, law: JurisdictionPack): Finding[] {
  return policy.dataTypes.flatMap(({ id }) => {
    if (law.classOf[id] !== undefined) return [];
    const what = `The data type "${id}" of the policy "${policy.pack.title}" has no class under this law, so no instrument reaches it.`;
    return [{ path: ["classOf"], what, remedy: `Add "${id}" under "classOf" with its class.` }];
  });
}

/** Only clauses of this policy's own family are looked for: a check may keep clauses of several policies. */
function unknownCheckClauses(policy: PolicyPack, law: JurisdictionPack): Finding[] {
  const known = new Set(policy.clauses.map(({ id }) => id));
  const families = new Set(policy.clauses.map(({ id }) => familyOf(id)));
  return law.checks.flatMap(({ clauses }, index) =>
    clauses.flatMap((clause, place) =>
      families.has(familyOf(clause)) && !known.has(clause) ? [noSuchClause(["checks", index, "clauses", place], clause)] : [],
    ),
  );
}

function familyOf(clause: string): string {
  return clause.slice(0, clause.indexOf("-"));
}
