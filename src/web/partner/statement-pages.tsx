// Statements on the partner's pages: each month with its account, as PDF and CSV, and made from a sales ledger.
import { importSalesLedger } from "../../app/import-sales.ts";
import { correctionOf, findStatement } from "../../app/statement-document.ts";
import { Button, ErrorSummary, Field } from "../look/forms.tsx";
import { Prose } from "../look/page.tsx";
import { StatementList } from "../partner-pieces.tsx";
import { readSalesForm, SalesFaults, type SalesFaultList } from "../partner-sales.tsx";
import { StatementSheet, statementResponse } from "../partner-statement.tsx";
import { Refusal, type WebContext } from "../web.tsx";
import { facePath, nothingHere, partnerPage, type PartnerVisit } from "./visit.tsx";

export function statementsPage(c: WebContext, visit: PartnerVisit) {
  return partnerPage(c, {
    title: "Statements",
    current: "Statements",
    visit,
    children: (
      <>
        <StatementList view={visit.view} hrefOf={(statement) => `${facePath}/statement/${statement}`} />
        <div class="actions">
          <Button label="Make a statement" href={`${facePath}/report/MakeStatement`} />
          <Button kind="secondary" label="From a sales ledger" href={`${facePath}/sales`} />
        </div>
      </>
    ),
  });
}

export function statementPage(c: WebContext, visit: PartnerVisit) {
  const statement = findStatement(visit.view, c.req.param("statement") ?? "");
  if (statement === undefined) return nothingHere(c, visit);
  const href = `${facePath}/statement/${statement.statement}`;
  const correction = correctionOf(visit.view, statement.statement);
  return partnerPage(c, {
    title: `Statement of ${statement.month}`,
    current: "Statements",
    visit,
    children: (
      <>
        <StatementSheet
          view={visit.view}
          statement={statement}
          register={c.get("web").register}
          correctedBy={correction === undefined ? undefined : `${facePath}/statement/${correction.statement}`}
        />
        <div class="actions">
          <Button kind="secondary" label="Download PDF" href={`${href}/statement.pdf`} />
          <Button kind="secondary" label="Download CSV" href={`${href}/statement.csv`} />
          {correction === undefined ? (
            <Button kind="secondary" label="Correct it" href={`${facePath}/report/CorrectStatement?statement=${statement.statement}`} />
          ) : (
            <></>
          )}
        </div>
      </>
    ),
  });
}

export async function statementFile(c: WebContext, visit: PartnerVisit) {
  const statement = findStatement(visit.view, c.req.param("statement") ?? "");
  const response =
    statement === undefined ? undefined : await statementResponse(c, visit.view, statement, c.req.param("file") === "statement.pdf" ? "pdf" : "csv");
  return response ?? nothingHere(c, visit);
}

export function salesPage(
  c: WebContext,
  visit: PartnerVisit,
  failed?: { readonly error?: string; readonly list?: SalesFaultList; readonly reasons?: Parameters<typeof Refusal>[0]["reasons"] },
) {
  const errors = failed?.error === undefined ? [] : [{ field: "file", text: failed.error }];
  return partnerPage(
    c,
    {
      title: "Make statements from a sales ledger",
      current: "Statements",
      visit,
      hasErrors: errors.length > 0 || failed?.list !== undefined,
      alert: (
        <>
          <ErrorSummary errors={errors} />
          {failed?.reasons === undefined ? <></> : <Refusal reasons={failed.reasons} register={c.get("web").register} title="No statement was made" />}
          {failed?.list === undefined ? <></> : <SalesFaults list={failed.list} />}
        </>
      ),
      children: (
        <>
          <Prose>
            <p>
              A CSV file with the columns date, product, currency, kind and amount. Every row is checked; when one is wrong, all wrong rows are listed and
              nothing is recorded. A month that is on record with other sums is corrected by a new statement.
            </p>
          </Prose>
          <form method="post" enctype="multipart/form-data" novalidate>
            <Field
              id="file"
              name="file"
              kind="file"
              label="Sales ledger"
              accept=".csv,text/csv"
              error={failed?.error}
              hint="At most 80 MB here; larger ones at the terminal."
            />
            <div class="actions">
              <Button label="Check and make statements" />
            </div>
          </form>
        </>
      ),
    },
    failed === undefined ? 200 : failed.reasons === undefined ? 422 : 409,
  );
}

export async function importSales(c: WebContext, visit: PartnerVisit) {
  const form = await readSalesForm(c);
  if (form.kind === "missing") return salesPage(c, visit, { error: form.error });
  const imported = await importSalesLedger(c.get("desk"), {
    partner: visit.view.partner,
    by: visit.by,
    askers: ["partner"],
    bytes: form.bytes,
    onFault: form.onFault,
  });
  if (imported.kind === "faulty") return salesPage(c, visit, { list: { rows: imported.rows, faults: imported.faults, shown: form.shown } });
  if (imported.kind === "refused") return salesPage(c, visit, { reasons: imported.reasons });
  c.get("web").nudge();
  return c.redirect(`${facePath}/statements`, 303);
}
