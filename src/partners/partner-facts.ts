// Every fact of a partner's stream: codes, dates, counts, sums and clause ids; names and words lie in the vault.
import type { AccessNoticeFact } from "./access-notices/events.ts";
import type { AgreementFact } from "./agreements/events.ts";
import type { AnswerFact } from "./answers/events.ts";
import type { AttestationFact } from "./attestations/events.ts";
import type { AuditFact } from "./audits/events.ts";
import type { BreachFact } from "./breaches/events.ts";
import type { DeletionFact } from "./deletions/events.ts";
import type { LeaveFact } from "./leaves/events.ts";
import type { ReminderFact } from "./reminders/events.ts";
import type { RightsRequestFact } from "./rights-requests/events.ts";
import type { StatementFact } from "./statements/events.ts";
import type { SubProcessorFact } from "./sub-processors/events.ts";
import type { TransferFact } from "./transfers/events.ts";

export type PartnerFact =
  | AgreementFact
  | StatementFact
  | AccessNoticeFact
  | BreachFact
  | RightsRequestFact
  | SubProcessorFact
  | TransferFact
  | AuditFact
  | DeletionFact
  | AttestationFact
  | AnswerFact
  | LeaveFact
  | ReminderFact;
