// Which paper reaches which data, computed from the packs in force by the rule that decides every line of every request.
import type { Desk } from "../../app/desk.ts";
import type { DataType, Instrument, JurisdictionPack } from "../../policy/pack.ts";
import { climb, type Verdict } from "../../policy/process-ladder.ts";
import { Prose } from "../look/page.tsx";
import { Table } from "../look/records.tsx";

export function LadderTable({ desk }: { readonly desk: Desk }) {
  return (
    <>
      <Prose>
        <p>
          A paper has to satisfy the law and the documents below. Each line of a request is held against it on its own: a line it does not reach is refused, and
          the others stand. “Counsel” means that a lawyer answers and nothing goes the ordinary way.
        </p>
      </Prose>
      {desk.laws.map((law) => (
        <LawTable desk={desk} law={law} />
      ))}
    </>
  );
}

/** Papers that reach exactly the same data share a column. */
export interface LadderColumn {
  readonly papers: readonly Instrument[];
  readonly verdicts: ReadonlyMap<string, Verdict>;
}

export function ladder(desk: Pick<Desk, "policy">, law: JurisdictionPack): readonly LadderColumn[] {
  const columns = new Map<string, { papers: Instrument[]; verdicts: ReadonlyMap<string, Verdict> }>();
  for (const paper of law.instruments) {
    const verdicts = new Map(desk.policy.dataTypes.map(({ id }) => [id, climb({ policy: desk.policy, law, instrument: paper.id, dataType: id })]));
    const shape = [...verdicts.values()].map(({ kind }) => kind).join();
    const column = columns.get(shape) ?? { papers: [], verdicts };
    column.papers.push(paper);
    columns.set(shape, column);
  }
  return [...columns.values()];
}

function reachesSomething({ verdicts }: LadderColumn): boolean {
  return [...verdicts.values()].some(({ kind }) => kind === "reaches");
}

function LawTable({ desk, law }: { readonly desk: Desk; readonly law: JurisdictionPack }) {
  const columns = ladder(desk, law);
  const useful = columns.filter(reachesSomething);
  return (
    <>
      <Table
        caption={`${law.pack.title}: kind of data by paper, pack ${law.pack.id} ${law.pack.version}`}
        columns={[
          { key: "type", head: "Kind of data" },
          ...useful.map((column, index) => ({ key: `paper-${index}`, head: headOf(column) })),
          { key: "clause", head: "Clause", figures: true },
        ]}
        rows={desk.policy.dataTypes.map((type) => ({
          cells: {
            type: type.label,
            clause: <ClauseLink type={type} />,
            ...Object.fromEntries(useful.map((column, index) => [`paper-${index}`, <VerdictWord verdict={column.verdicts.get(type.id)} />])),
          },
        }))}
        empty={<></>}
      />
      <Unreaching columns={columns.filter((column) => !reachesSomething(column))} />
    </>
  );
}

function headOf({ papers }: LadderColumn): string {
  return papers.map(({ label }) => label).join("; ");
}

function ClauseLink({ type: { clause } }: { readonly type: DataType }) {
  return <a href={`#${encodeURIComponent(clause)}`}>{clause}</a>;
}

function VerdictWord({ verdict }: { readonly verdict: Verdict | undefined }) {
  if (verdict?.kind === "reaches") return <strong>Reaches</strong>;
  return <>{verdict?.kind === "counsel" ? "Counsel" : "Does not reach"}</>;
}

/** Papers that reach nothing by themselves: silence orders, requests that compel nothing, and what only counsel reads. */
function Unreaching({ columns }: { readonly columns: readonly LadderColumn[] }) {
  const answer = (column: LadderColumn) => ([...column.verdicts.values()].every(({ kind }) => kind === "counsel") ? "Counsel, always" : "Reaches nothing");
  const rows = columns.flatMap((column) => column.papers.map(({ label, citation }) => ({ cells: { paper: label, answer: answer(column), citation } })));
  return (
    <Table
      caption="Papers that reach no data by themselves"
      columns={[
        { key: "paper", head: "Paper" },
        { key: "answer", head: "Answer" },
        { key: "citation", head: "Source" },
      ]}
      rows={rows}
      empty={<></>}
    />
  );
}
