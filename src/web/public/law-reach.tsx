// The table that a lawyer asks for first: which paper reaches which class of data, from whom, and what narrows it.
import { applies } from "../../policy/circumstance.ts";
import { dataClasses, type DataClass, type Instrument, type JurisdictionPack, type Tier } from "../../policy/pack.ts";
import { classWords } from "../../policy/pack-words.ts";
import { rankWords, tierOf } from "../../policy/process-ladder.ts";
import { Table } from "../look/records.tsx";
import { capital } from "./report-words.ts";

export type Reach =
  | { readonly kind: "not"; /** The override that takes it away; absent: the paper does not compel it. */ readonly because?: string }
  | { readonly kind: "reaches"; readonly tier?: Tier; /** Overrides that take it away in some cases. */ readonly sometimes: readonly string[] };

/** What the law's own tables say of a paper and a class, before any case is known; who signed it is not judged here. */
export function reachOf(law: JurisdictionPack, instrument: Instrument, dataClass: DataClass): Reach {
  if (!instrument.compulsory || !instrument.compels.includes(dataClass)) return { kind: "not" };
  const situation = { instrument: instrument.id, family: instrument.family, dataClass, places: {} };
  const found = law.overrides.filter(({ requires }) => requires !== undefined && !requires.includes(instrument.id));
  const always = found.filter(({ when }) => applies(when, situation, law.territory) === "yes");
  const [first] = always.filter(({ id }) => law.overrides.every(({ replaces }) => replaces !== id));
  if (first !== undefined) return { kind: "not", because: first.id };
  const sometimes = found.filter(({ when }) => applies(when, situation, law.territory) !== "no").map(({ id }) => id);
  const tier = tierOf(instrument, dataClass);
  return { kind: "reaches", sometimes, ...(tier === undefined ? {} : { tier }) };
}

/** The classes this law speaks of at all, from least to most intrusive. */
export function classesOf(law: JurisdictionPack): readonly DataClass[] {
  const spoken = new Set<DataClass>([...Object.values(law.classOf), ...law.instruments.flatMap(({ compels }) => compels)]);
  return dataClasses.filter((each) => spoken.has(each));
}

export function ReachTable({ law }: { readonly law: JurisdictionPack }) {
  const classes = classesOf(law);
  return (
    <Table
      caption="Paper by class of data"
      columns={[{ key: "paper", head: "Paper" }, ...classes.map((dataClass) => ({ key: dataClass, head: capital(classWords[dataClass]) }))]}
      rows={law.instruments.map((instrument) => ({
        cells: {
          paper: <PaperName instrument={instrument} />,
          ...Object.fromEntries(
            classes.map((dataClass) => [dataClass, <ReachWords reach={reachOf(law, instrument, dataClass)} only={instrument.only !== undefined} />]),
          ),
        },
      }))}
      empty={<></>}
    />
  );
}

function PaperName({ instrument }: { readonly instrument: Instrument }) {
  const { id, label, issuers, route, compulsory } = instrument;
  const remarks = [`from ${rankWords({ issuers })}`, ...(route === "counsel" ? ["read by counsel only"] : []), ...(compulsory ? [] : ["compels nothing"])];
  return (
    <div>
      <a href={`#${id}`}>{label}</a>
      <p class="field-hint">{remarks.join("; ")}</p>
    </div>
  );
}

function ReachWords({ reach, only }: { readonly reach: Reach; readonly only: boolean }) {
  if (reach.kind === "not")
    return (
      <>
        Not
        {reach.because === undefined ? (
          <></>
        ) : (
          <>
            : <a href={`#override-${reach.because}`}>rule</a>
          </>
        )}
      </>
    );
  return (
    <>
      <strong>Reached</strong>
      {only ? ", some kinds" : ""}
      {reach.tier === undefined ? "" : `, from ${rankWords(reach.tier)}`}
      {reach.sometimes.map((id) => (
        <>
          {" "}
          <a href={`#override-${id}`}>with a condition</a>
        </>
      ))}
    </>
  );
}
