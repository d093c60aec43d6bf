// A monthly statement on a page and as a file: its five lines, its share, and the account that follows.
import type { PartnerView } from "../app/partners.ts";
import { printStatement, statementCsv } from "../app/statement-document.ts";
import type { StatementMade } from "../partners/statements/events.ts";
import { statementSheet } from "../partners/statements/statement-steps.ts";
import { ClauseChip, type ClauseRegister } from "./look/clause-chip.tsx";
import { SummaryList } from "./look/forms.tsx";
import { Day } from "./look/moment.tsx";
import { Banner, EmptyState, Table } from "./look/records.tsx";
import type { WebContext } from "./web.tsx";

interface StatementSheetProps {
  readonly view: PartnerView;
  readonly statement: StatementMade;
  readonly register: ClauseRegister;
  /** Address of the statement that took its place. */
  readonly correctedBy: string | undefined;
}

export function StatementSheet({ view, statement, register, correctedBy }: StatementSheetProps) {
  const { lines, derivation, notes, account } = statementSheet(statement, view.history, view.at);
  return (
    <>
      {correctedBy === undefined ? (
        <></>
      ) : (
        <Banner kind="caution" title="This statement was corrected and no longer stands.">
          <a href={correctedBy}>See the one that does</a>
        </Banner>
      )}
      <Table
        caption={`Net revenue and share in ${statement.currency}`}
        columns={[
          { key: "line", head: "Line" },
          { key: "sum", head: statement.currency, figures: true },
          { key: "clause", head: "Why" },
        ]}
        empty={<EmptyState title="No line" />}
        rows={lines.map(({ label, sum, clause }) => ({ cells: { line: label, sum, clause: <ClauseChip clause={clause} register={register} /> } }))}
      />
      <p>{derivation}</p>
      {notes.map((note) => (
        <p class="field-hint">{note}</p>
      ))}
      <h2>Account</h2>
      <SummaryList
        answers={[
          { label: "Due", value: <Day day={account.dueOn} /> },
          { label: "Share", value: `${statement.currency} ${account.share}` },
          { label: "Interest", value: `${statement.currency} ${account.interest}` },
          { label: "Paid", value: `${statement.currency} ${account.paid}` },
          ...(account.credit === undefined ? [] : [{ label: "Paid too much", value: `${statement.currency} ${account.credit}` }]),
          { label: "Open", value: <strong>{`${statement.currency} ${account.open}`}</strong> },
        ]}
      />
      <p>{account.derivation}</p>
    </>
  );
}

/** Undefined where no printer is at hand or the sheet could not be printed. */
export async function statementResponse(c: WebContext, view: PartnerView, statement: StatementMade, as: "pdf" | "csv"): Promise<Response | undefined> {
  const send = (type: string, body: string | Uint8Array<ArrayBuffer>) => {
    c.header("Content-Disposition", `attachment; filename="${view.partner}-statement-${statement.month}.${as}"`);
    c.header("Cache-Control", "no-store");
    c.header("Content-Type", type);
    return c.body(body);
  };
  if (as === "csv") return send("text/csv; charset=utf-8", statementCsv(view, statement));
  const printed = await printStatement(c.get("desk"), view, statement);
  return printed?.kind === "printed" ? send("application/pdf", new Uint8Array(printed.pdf)) : undefined;
}
