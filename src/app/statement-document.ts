// A monthly statement as a document: a sheet to print, and rows to read by a program. Both show all five lines (AI-5b).
import type { Letter } from "../requests/letters/letter.ts";
import { heading, list, paragraph } from "../requests/letters/letter.ts";
import { statementSheet, standingStatements } from "../partners/statements/statement-steps.ts";
import type { StatementMade } from "../partners/statements/events.ts";
import { all, zoneOf } from "../partners/partner.ts";
import { dayWords } from "../policy/deadline-rule.ts";
import { dayOf, type Day } from "../kernel/instant.ts";
import type { Desk } from "./desk.ts";
import type { PartnerView } from "./partners.ts";
import type { Printed } from "./ports.ts";

/** The statement, also one that was corrected since; undefined for any other id. */
export function findStatement({ history }: PartnerView, id: string): StatementMade | undefined {
  return all(history, "StatementMade").find(({ fact }) => fact.statement === id)?.fact;
}

/** The statement that took its place; undefined while it stands. */
export function correctionOf({ history }: PartnerView, id: string): StatementMade | undefined {
  return all(history, "StatementMade").find(({ fact }) => fact.replaces === id)?.fact;
}

function statementLetter(desk: Desk, view: PartnerView, statement: StatementMade): Letter {
  const sheet = statementSheet(statement, view.history, view.at);
  const isStanding = standingStatements(view.history).some((each) => each.statement === statement.statement);
  const made = all(view.history, "StatementMade").find(({ fact }) => fact.statement === statement.statement);
  const { account } = sheet;
  return {
    subject: `${view.partner} statement ${statement.month}`,
    title: `Statement of ${statement.month}`,
    to: [view.details?.name ?? view.partner],
    greeting: isStanding
      ? "This is the statement of net revenues under AI-5 of the AI Addendum."
      : "This statement was corrected by a later one and no longer stands.",
    blocks: [
      {
        kind: "table",
        columns: [{ label: "Line" }, { label: statement.currency, figures: true }, { label: "Clause" }],
        rows: sheet.lines.map(({ label, sum, clause }) => [label, sum, clause]),
      },
      paragraph(sheet.derivation),
      ...sheet.notes.map((note) => paragraph(note)),
      heading("Account"),
      {
        kind: "table",
        columns: [{ label: "Account" }, { label: statement.currency, figures: true }],
        rows: [
          ["Share", account.share],
          ["Interest", account.interest],
          ["Paid", account.paid],
          ...(account.credit === undefined ? [] : [["Paid too much", account.credit]]),
        ],
        total: ["Open", account.open],
      },
      paragraph(`Due ${dayWords(account.dueOn)}: ${account.derivation}.`),
      list([
        ...(statement.replaces === undefined ? [] : ["It takes the place of an earlier statement of this month."]),
        ...(statement.ledger === undefined
          ? []
          : [`Counted from a sales ledger of ${statement.ledger.rows.toLocaleString("en")} rows, SHA-256 ${statement.ledger.sha256}.`]),
        ...(made === undefined ? [] : [`Recorded ${dayWords(dayOf(made.at, zoneOf(view.history, view.at)))}.`]),
      ]),
    ],
    closing: { company: desk.profile.legalEntity, mailbox: desk.profile.mailboxes[0] ?? "" },
    reference: { caseId: view.partner },
  };
}

export async function printStatement(desk: Desk, view: PartnerView, statement: StatementMade): Promise<Printed | undefined> {
  const on: Day = dayOf(desk.ports.clock.now(), desk.zone);
  return desk.ports.printer?.print(statementLetter(desk, view, statement), on);
}

/** RFC 4180; every sum as text with a point, and no name. */
export function statementCsv({ partner, history, at }: PartnerView, statement: StatementMade): string {
  const sheet = statementSheet(statement, history, at);
  const rows = [
    ["partner", "month", "currency", "line", "amount", "clause"],
    ...sheet.lines.map(({ label, sum, clause }) => [partner, statement.month, statement.currency, label, sum, clause]),
  ];
  return rows.map((row) => `${row.map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(",")}\r\n`).join("");
}
