// Every step of the partner program: all doors send these, and pages ask the same list what can be done.
import * as access from "./access-notices/access-steps.ts";
import * as agreements from "./agreements/agreement-steps.ts";
import * as answers from "./answers/answer-duties.ts";
import * as lineage from "./attestations/lineage.ts";
import * as papers from "./attestations/paper-duties.ts";
import * as audits from "./audits/audit-steps.ts";
import * as breaches from "./breaches/breach-steps.ts";
import * as deletions from "./deletions/deletion-steps.ts";
import { raiseDisputeWith, settleDisputeWith } from "./agreements/disputes.ts";
import { dutiesOf } from "./duties.ts";
import { excuseDutyWith } from "./answers/excuse-duty.ts";
import * as leaves from "./leaves/leave-steps.ts";
import type { PartnerStep } from "./partner.ts";
import * as rights from "./rights-requests/rights-steps.ts";
import * as statements from "./statements/statement-steps.ts";
import * as subProcessors from "./sub-processors/sub-processor-steps.ts";
import * as transfers from "./transfers/transfer-steps.ts";

/** In the order in which pages list them, by topic. */
export const partnerSteps: readonly PartnerStep[] = [
  agreements.registerPartner,
  agreements.changePartnerDetails,
  agreements.signAgreement,
  agreements.changeAgreementFacts,
  agreements.signDocument,
  agreements.electReading,
  agreements.reportUsage,
  agreements.issueInvoice,
  agreements.payInvoice,
  agreements.cancelRenewal,
  agreements.takeNotice,
  agreements.reviseTerms,
  agreements.noticeRevision,
  agreements.recordIncident,
  agreements.noticeBreach,
  agreements.showCure,
  agreements.endAgreement,
  raiseDisputeWith(dutiesOf),
  settleDisputeWith(dutiesOf),
  statements.makeStatement,
  statements.correctStatement,
  statements.importSales,
  statements.payShare,
  access.reportAccessRequest,
  access.noteAccessRequest,
  access.tellOfAccessRequest,
  access.forbidTelling,
  access.endProhibition,
  access.tryWaiver,
  access.assessLawfulness,
  access.withdrawGrounds,
  access.correctAccessRequest,
  access.challengeAccess,
  access.ruleOnChallenge,
  access.recordDisclosure,
  access.reportDirectAccess,
  access.tellOfDirectAccess,
  breaches.reportBreach,
  breaches.noteBreach,
  breaches.updateBreach,
  breaches.correctBreach,
  breaches.closeBreach,
  rights.relayRightsRequest,
  rights.noteRightsRequest,
  rights.sendRightsRequest,
  rights.consentToReply,
  rights.recordReply,
  rights.closeRightsRequest,
  subProcessors.listSubProcessor,
  subProcessors.noticeSubProcessor,
  subProcessors.completeNotice,
  subProcessors.objectToSubProcessor,
  subProcessors.withdrawObjection,
  subProcessors.approveSubProcessor,
  subProcessors.showBeforeStart,
  subProcessors.startSubProcessor,
  subProcessors.endSubProcessor,
  subProcessors.askForList,
  subProcessors.giveList,
  transfers.recordFlow,
  transfers.endFlow,
  transfers.approveRegion,
  transfers.signClauses,
  transfers.checkListing,
  transfers.recheckTransfers,
  transfers.addMeasures,
  transfers.tellOfLapse,
  audits.recordRegulatorLetter,
  audits.askAudit,
  audits.holdAudit,
  deletions.nameStore,
  deletions.askDeletion,
  deletions.placeHold,
  deletions.confirmHold,
  deletions.liftHold,
  deletions.clearStore,
  deletions.askCertificate,
  deletions.giveCertificate,
  papers.filePaper,
  papers.rejectPaper,
  lineage.recordDataSet,
  lineage.useDataSet,
  lineage.recordSubcontract,
  answers.recordOccasion,
  answers.giveAnswer,
  answers.giveMoreTime,
  excuseDutyWith(dutiesOf),
  leaves.askLeave,
  leaves.decideLeave,
  leaves.recordActWith(dutiesOf),
  leaves.keepEntry,
];

export function findPartnerStep(name: string): PartnerStep | undefined {
  return partnerSteps.find((step) => step.name === name);
}
