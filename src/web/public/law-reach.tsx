// The table that a lawyer asks for first: which paper reaches which class of data, from whom, and what narrows it.
import { applies } from "../../policy/circumstance.ts";
import { dataClasses, type DataClass, type Instrument, type JurisdictionPack, type Override, type Tier } from "../../policy/pack.ts";
import { classWords } from "../../policy/pack-words.ts";
import { rankWords, tierOf } from "../../policy/process-ladder.ts";
import { sentence } from "./law-frame.tsx";
import { capital } from "./report-words.ts";

type Reach =
  | { readonly kind: "not"; /** The override that takes it away; absent: the paper does not compel it. */ readonly because?: string }
  | { readonly kind: "reaches"; readonly tier?: Tier; /** Overrides that take it away in some cases. */ readonly sometimes: readonly string[] };

/** What the law's own tables say of a paper and a class, before any case is known; who signed it is not judged here. */
function reachOf(law: JurisdictionPack, instrument: Instrument, dataClass: DataClass): Reach {
  if (!instrument.compulsory || !instrument.compels.includes(dataClass)) return { kind: "not" };
  const situation = { instrument: instrument.id, family: instrument.family, dataClass, places: {} };
  const found = law.overrides.flatMap((override) => {
    const answer = override.requires === undefined || isOfOtherClass(law, override, dataClass) ? "no" : applies(override.when, situation, law.territory);
    return answer === "no" ? [] : [{ ...override, answer }];
  });
  const against = found.filter(({ id, requires }) => requires?.includes(instrument.id) === false && found.every(({ replaces }) => replaces !== id));
  const always = against.find(({ answer }) => answer === "yes");
  if (always !== undefined) return { kind: "not", because: always.id };
  const sometimes = against.map(({ id }) => id);
  const tier = tierOf(instrument, dataClass);
  return { kind: "reaches", sometimes, ...(tier === undefined ? {} : { tier }) };
}

/** A rule about one kind of data says nothing of the classes which that kind never has. */
function isOfOtherClass({ classOf, identifyOnly }: JurisdictionPack, { when: { dataType } }: Override, dataClass: DataClass): boolean {
  if (dataType === undefined || classOf[dataType] === dataClass) return false;
  return !(dataClass === "IDENTIFY_ONLY" && identifyOnly.includes(dataType));
}

/** The classes this law speaks of at all, from least to most intrusive. */
function classesOf(law: JurisdictionPack): readonly DataClass[] {
  const spoken = new Set<DataClass>([...Object.values(law.classOf), ...law.instruments.flatMap(({ compels }) => compels)]);
  return dataClasses.filter((each) => spoken.has(each));
}

/** One line of the table: a paper with one set of issuers. Rows of a paper that ask for the same issuers share a line. */
interface ReachLine {
  readonly instrument: Instrument;
  readonly from: string;
  readonly cells: ReadonlyMap<DataClass, ReachCell>;
}

type ReachCell =
  | { readonly word: "No"; /** The rule that takes it away. */ readonly rule?: string }
  | { readonly word: "Yes" | "In part"; /** Rules that take it away in some cases. */ readonly unless: readonly string[] };

export function reachLines(law: JurisdictionPack): readonly ReachLine[] {
  return law.instruments.flatMap((instrument) => {
    const froms = instrument.tiers.length === 0 ? [fromWords(instrument)] : instrument.tiers.map(fromWords);
    return [...new Set(froms)].map((from) => ({
      instrument,
      from,
      cells: new Map(classesOf(law).map((dataClass) => [dataClass, cellOf(law, { instrument, dataClass, from })])),
    }));
  });
}

/** Short: who, and how grave the offence must be. The paper's own section says the rest, emergencies too. */
function fromWords({ issuers, validators, offence }: Pick<Tier, "issuers" | "validators" | "offence">): string {
  const ofThem = issuers.length === validators.length && validators.every((rank) => issuers.includes(rank));
  const validated = validators.length === 0 ? "" : `, or validated by ${ofThem ? "one of them" : rankWords({ issuers: validators })}`;
  const grave = offence === undefined ? "" : `; offence of ${offence.minYears} years${offence.orListed ? " or listed" : ""}`;
  return `from ${rankWords({ issuers })}${validated}${grave}`;
}

interface CellAsked {
  readonly instrument: Instrument;
  readonly dataClass: DataClass;
  readonly from: string;
}

function cellOf(law: JurisdictionPack, { instrument, dataClass, from }: CellAsked): ReachCell {
  const reach = reachOf(law, instrument, dataClass);
  if (reach.kind === "not") return { word: "No", ...(reach.because === undefined ? {} : { rule: reach.because }) };
  if (reach.tier !== undefined && fromWords(reach.tier) !== from) return { word: "No" };
  return { word: instrument.only === undefined ? "Yes" : "In part", unless: reach.sometimes };
}

export function ReachTable({ law }: { readonly law: JurisdictionPack }) {
  const classes = classesOf(law);
  return (
    <table class="table" role="table">
      <caption>Does the paper reach the class of data?</caption>
      <thead role="rowgroup">
        <tr role="row">
          {["Paper", ...classes.map((dataClass) => capital(classWords[dataClass]))].map((head) => (
            <th scope="col" role="columnheader">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {reachLines(law).map((line) => (
          <tr role="row">
            <th scope="row" role="rowheader">
              <PaperName line={line} />
            </th>
            {classes.map((dataClass) => (
              <td role="cell" data-head={capital(classWords[dataClass])}>
                <div>
                  <Cell cell={line.cells.get(dataClass)} />
                </div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function PaperName({ line: { instrument, from } }: { readonly line: ReachLine }) {
  const { id, label, route, compulsory } = instrument;
  const remarks = [from, ...(route === "counsel" ? ["read by counsel only"] : []), ...(compulsory ? [] : ["compels nothing"])];
  return (
    <>
      <a href={`#${id}`}>{label}</a>
      <p class="field-hint">{sentence(remarks.join("; "))}</p>
    </>
  );
}

function Cell({ cell }: { readonly cell: ReachCell | undefined }) {
  if (cell === undefined || cell.word === "No") return <>No{cell?.rule === undefined ? "" : <RuleLink id={cell.rule} word="rule" />}</>;
  return (
    <>
      <strong>{cell.word}</strong>
      {cell.unless.map((id) => (
        <RuleLink id={id} word="unless" />
      ))}
    </>
  );
}

/** The rule's name is read out, the short word is shown. */
function RuleLink({ id, word }: { readonly id: string; readonly word: string }) {
  return (
    <>
      {", "}
      <a href={`#override-${id}`}>
        {word}
        <span class="sr-only"> {id}</span>
      </a>
    </>
  );
}
