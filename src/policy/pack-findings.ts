// What a well-formed pack can still get wrong: ids that repeat, references that lead nowhere, rules that contradict each other.
import { contractFindings, type ContractPack } from "./contract-pack.ts";
import type { JurisdictionPack, Override, PolicyPack, When } from "./pack.ts";

/** Steps from the top of a pack to the place that must change. */
export type Path = readonly PropertyKey[];

export interface Finding {
  readonly path: Path;
  readonly what: string;
  readonly remedy: string;
}

export function findingsIn(pack: PolicyPack | JurisdictionPack | ContractPack): readonly Finding[] {
  const own = pack.kind === "policy" ? findingsInPolicy(pack) : pack.kind === "contract" ? contractFindings(pack) : findingsInLaw(pack);
  return [...validity(pack), ...own];
}

/** A policy and the law of one country: data types and clauses the law refers to must exist in the policy. */
export function findingsAcross(policy: PolicyPack, law: JurisdictionPack): readonly Finding[] {
  return [...unknownDataTypes(policy, law), ...unclassifiedDataTypes(policy, law), ...unknownCheckClauses(policy, law)];
}

function validity({ pack: { validFrom, validTo } }: PolicyPack | JurisdictionPack | ContractPack): Finding[] {
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
    ...emergencyWithoutMinimum(pack),
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
    ...unknownContents(pack),
    ...missingChecks(pack),
    ...wideZones(pack),
    ...clockFindings(pack),
    ...tierFindings(pack),
    ...overridesWithoutEffect(pack),
    ...replacements(pack),
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

/** Emergency disclosure is off unless a policy switches it on, and then has a minimum of its own. */
function emergencyWithoutMinimum({ settings, dataTypes }: PolicyPack): Finding[] {
  if (!settings.allowVoluntaryEmergency) return [];
  if (settings.emergency === undefined)
    return [
      {
        path: ["settings", "allowVoluntaryEmergency"],
        what: "Emergency disclosure is switched on without saying what may leave.",
        remedy: 'Add "emergency" with "dataTypes" and "paperWithinDays", or set it to false.',
      },
    ];
  const known = dataTypes.map(({ id }) => id);
  return settings.emergency.dataTypes.flatMap((type, index) =>
    known.includes(type)
      ? []
      : [{ path: ["settings", "emergency", "dataTypes", index], what: `The policy knows no data type "${type}".`, remedy: `Use one of: ${known.join(", ")}.` }],
  );
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
    ...overrides.flatMap(({ requires, when }, index) => [
      ...unknown(["overrides", index, "requires"], requires ?? []),
      ...unknown(["overrides", index, "when", "instruments"], index >= 0 && overrides[index]?.binds === "every-paper" ? [] : (when.instruments ?? [])),
    ]),
    ...instruments.flatMap(({ gagBy }, index) => unknown(["instruments", index, "gagBy"], gagBy)),
  ];
}

/** Questions that every paper of every country is asked; a pack words them for its own law. */
const everyCheck = [
  "V01",
  "V02",
  "V03",
  "V04",
  "V05",
  "V06",
  "V07",
  "V08",
  "V09",
  "V10",
  "V11",
  "V12",
  "V13",
  "V14",
  "V15",
  "V16",
  "V17",
  "V18",
  "V19",
  "V20",
  "V25",
];

function missingChecks({ checks }: JurisdictionPack): Finding[] {
  const missing = everyCheck.filter((id) => !checks.some((check) => check.id === id));
  if (missing.length === 0) return [];
  return [
    {
      path: ["checks"],
      what: `The questions ${missing.join(", ")} are not asked.`,
      remedy: "Take them over from another pack and word them for this law: without them counsel would sign unasked.",
    },
  ];
}

const wholeZones = ["gov", "mil"];

/** A zone of one label is a whole country or everybody's: it says nothing about a government. */
function wideZones({ governmentZones }: JurisdictionPack): Finding[] {
  return governmentZones.flatMap((zone, index) =>
    zone.includes(".") || wholeZones.includes(zone)
      ? []
      : [
          {
            path: ["governmentZones", index],
            what: `"${zone}" is no government's zone.`,
            remedy: "Name a zone that only authorities can register under, such as gov.uk.",
          },
        ],
  );
}

/** What a paper must show needs words for the letter that asks for it. */
function unknownContents({ instruments, contents, overrides }: JurisdictionPack): Finding[] {
  const known = Object.keys(contents);
  const unknown = (path: Path, ids: readonly string[]): Finding[] =>
    ids.flatMap((id, index) =>
      known.includes(id)
        ? []
        : [{ path: [...path, index], what: `"${id}" has no words.`, remedy: `Add it under "contents", or use one of: ${known.join(", ")}.` }],
    );
  return [
    ...instruments.flatMap(({ facial }, index) => unknown(["instruments", index, "facial"], facial)),
    ...overrides.flatMap(({ unless }, index) => unknown(["overrides", index, "unless", "shows"], unless?.shows ?? [])),
  ];
}

/** Two clocks of one name must never run together; working days need a calendar; a paper can set an answer's day and nothing else. */
function clockFindings({ instruments, holidays }: JurisdictionPack): Finding[] {
  return instruments.flatMap(({ clocks }, place) =>
    clocks.flatMap((clock, index): Finding[] => {
      const path = ["instruments", place, "clocks", index];
      const twin = clocks.slice(0, index).find(({ id, when }) => id === clock.id && !exclude(when, clock.when));
      const counted = [clock.lasts, clock.renewal?.lasts].some((lasts) => lasts?.unit === "business-days" || lasts?.rolls === true);
      return [
        ...(twin === undefined
          ? []
          : [
              {
                path: [...path, "id"],
                what: `Two clocks called "${clock.id}" can run at once.`,
                remedy: 'Give one another id, or let their "when" exclude each other.',
              },
            ]),
        ...(clock.lasts === undefined && clock.kind !== "duty"
          ? [
              {
                path,
                what: `The clock "${clock.id}" does not say how long it lasts.`,
                remedy: 'Add "lasts" with "n" and "unit"; only a duty may leave its day to the paper.',
              },
            ]
          : []),
        ...(counted && holidays.length === 0
          ? [{ path, what: `The clock "${clock.id}" counts working days and the pack has no holidays.`, remedy: 'List the public holidays under "holidays".' }]
          : []),
      ];
    }),
  );
}

/** One says yes where the other says no. */
function exclude(one: When | undefined, other: When | undefined): boolean {
  return (["emergency", "authorityNotified"] as const).some((name) => one?.[name] !== undefined && other?.[name] !== undefined && one[name] !== other[name]);
}

/** The rows of a table of issuers cover what the paper compels, each class once. */
function tierFindings({ instruments }: JurisdictionPack): Finding[] {
  return instruments.flatMap(({ id, tiers, compels }, place) => {
    if (tiers.length === 0) return [];
    const classes = tiers.flatMap((tier, index) => tier.classes.map((dataClass) => ({ dataClass, index })));
    const twice = classes.filter(({ dataClass }, index) => classes.findIndex((one) => one.dataClass === dataClass) < index);
    const missing = compels.filter((dataClass) => !classes.some((one) => one.dataClass === dataClass));
    const beyond = classes.filter(({ dataClass }) => !compels.includes(dataClass));
    const path = (index: number) => ["instruments", place, "tiers", index, "classes"];
    return [
      ...twice.map(({ dataClass, index }) => ({
        path: path(index),
        what: `Two rows of ${id} speak of ${dataClass}.`,
        remedy: "Leave each class in one row: the rows must not overlap.",
      })),
      ...missing.map((dataClass) => ({
        path: ["instruments", place, "tiers"],
        what: `No row of ${id} speaks of ${dataClass}, which it compels.`,
        remedy: "Add the class to a row, or take it out of compels.",
      })),
      ...beyond.map(({ dataClass, index }) => ({
        path: path(index),
        what: `A row of ${id} speaks of ${dataClass}, which it does not compel.`,
        remedy: "Add the class to compels, or take it out of the row.",
      })),
    ];
  });
}

function overridesWithoutEffect({ overrides }: JurisdictionPack): Finding[] {
  return overrides.flatMap(({ id, requires, then, code, check, tells }, index): Finding[] => {
    const path = ["overrides", index];
    if (requires === undefined && then === undefined && tells.length > 0) return [];
    if ((requires === undefined) === (then === undefined))
      return [{ path, what: `Override ${id} has ${requires === undefined ? "no effect" : "two effects"}.`, remedy: 'Give it either "requires" or "then".' }];
    if (then !== undefined && (code === undefined || check === undefined))
      return [
        {
          path,
          what: `Override ${id} stops a line without a code or a check.`,
          remedy: 'Add "code" and "check", so that the letter and the report can name it.',
        },
      ];
    return [];
  });
}

function replacements({ overrides }: JurisdictionPack): Finding[] {
  return overrides.flatMap(({ id, replaces }, index): Finding[] => {
    if (replaces === undefined) return [];
    const path = ["overrides", index, "replaces"];
    if (!overrides.some((other) => other.id === replaces))
      return [{ path, what: `There is no override ${replaces} to replace.`, remedy: `Use one of: ${overrides.map((other) => other.id).join(", ")}.` }];
    const circle = circleFrom(id, overrides);
    if (circle === undefined) return [];
    return [
      {
        path,
        what: `The overrides replace each other in a circle: ${circle.join(" → ")}.`,
        remedy: "Let the more special rule replace the general one, and never back.",
      },
    ];
  });
}

function circleFrom(start: string, overrides: readonly Override[]): readonly string[] | undefined {
  const chain = [start];
  for (let next = replacedBy(start, overrides); next !== undefined && chain.length <= overrides.length; next = replacedBy(next, overrides)) {
    if (next === start) return [...chain, start];
    chain.push(next);
  }
  return undefined;
}

function replacedBy(id: string, overrides: readonly Override[]): string | undefined {
  return overrides.find((one) => one.id === id)?.replaces;
}

function overridesThatNeverApply({ overrides, classOf }: JurisdictionPack): Finding[] {
  return overrides.flatMap(({ id, when: { dataClass, dataType } }, index) => {
    const path = ["overrides", index, "when"];
    if (dataClass !== undefined && overrides[index]?.when.dataClasses !== undefined)
      return [{ path, what: `Override ${id} names one class and several.`, remedy: 'Keep "dataClasses" and take out "dataClass".' }];
    if (Object.keys(overrides[index]?.when ?? {}).length === 0) {
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
      if (later.requires === undefined || earlier.requires === undefined || later.replaces === earlier.id || earlier.replaces === later.id) return [];
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
  return !namesOf(narrow).every((id) => namesOf(wide).includes(id));
}

function classUnder({ when }: Override, classOf: JurisdictionPack["classOf"]): string | undefined {
  return when.dataType === undefined ? when.dataClass : classOf[when.dataType];
}

function sameIds(one: Override, other: Override): boolean {
  return new Set(namesOf(one)).symmetricDifference(new Set(namesOf(other))).size === 0;
}

function namesOf({ requires = [] }: Override): readonly string[] {
  return requires;
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
