// A partner of the invented company: registered, signed and at work, so that a visitor finds something owed, kept, late and disputed.
import type { Desk } from "../app/desk.ts";
import { makePartnerLink } from "../app/partner-portal.ts";
import { partnerActor, registerPartner, takePartnerStep } from "../app/partners.ts";
import type { Actor, PartnerId } from "../kernel/ids.ts";
import { people } from "./company.ts";

type Command = { readonly type: string; readonly [member: string]: unknown };

export const partnerMailbox = "notices@pinetutors.example";

const papers: readonly Command[] = [
  { type: "FilePaper", paper: "representations", on: "2027-01-04", confirms: ["PPT-6(a)", "PPT-6(b)", "PPT-6(c)", "PPT-6(d)"], shows: [] },
  { type: "FilePaper", paper: "certification", on: "2026-05-01", until: "2027-04-30", confirms: ["SEC-1.3"], shows: [], proof: "iso-27001" },
];

const notice = ["name", "place", "processing", "data-categories", "transfer-mechanism", "contact"];

const reports: readonly Command[] = [
  {
    type: "ReportAccessRequest",
    receivedAt: "2027-01-24T16:00:00Z",
    servedOn: "partner",
    isBinding: true,
    country: "US",
    private: { words: "A county subpoena for the name behind one account." },
  },
  {
    type: "NoticeSubProcessor",
    country: "US",
    regimes: ["domestic"],
    says: notice,
    private: { words: "Cloudspeak Inc., speech recognition for lessons, in Oregon." },
  },
  { type: "RecordDataSet", dataSet: "lesson-prompts", kind: "data", isVendorData: true, madeFrom: [] },
  { type: "RecordDataSet", dataSet: "tutor-model-1", kind: "model", isVendorData: false, madeFrom: ["lesson-prompts"] },
];

/** Returns the partner's number. Throws when a step is refused: the rehearsal is wrong then. */
export async function playPartner(desk: Desk): Promise<PartnerId> {
  const by = `staff:${people.cole}` as Actor;
  const askers = ["vendor", "counsel"] as const;
  const registered = await registerPartner(desk, {
    by,
    askers,
    command: { country: "US", zone: "America/Denver", private: { name: "Pine Tutors", notices: partnerMailbox } },
  });
  const { partner } = registered;
  const signed = {
    entity: "us-inc",
    signedOn: "2026-12-18",
    startsOn: "2027-01-04",
    renewsOn: "2028-01-04",
    termMonths: 12,
    aiProduct: true,
    usStaff: false,
    apiPolicy: "2026.1",
  };
  await take(desk, partner, by, askers, { type: "SignAgreement", ...signed });
  for (const command of [...papers, ...reports]) await take(desk, partner, partnerActor(partner), ["partner"], command);
  await take(desk, partner, by, askers, {
    type: "RecordOccasion",
    clause: "DPA-6.5",
    at: "2027-01-20T16:00:00Z",
    private: { words: "We ask for the contract with the speech service." },
  });
  return partner;
}

async function take(desk: Desk, partner: PartnerId, by: Actor, askers: readonly ("partner" | "vendor" | "counsel")[], command: Command): Promise<void> {
  const handled = await takePartnerStep(desk, { partner, by, askers, command });
  if (handled.kind === "refused") throw new Error(`${command.type} was refused: ${handled.reasons.map(({ because }) => because).join(" ")}`);
}

/** For the length of a visit. */
export function visitLink(desk: Desk, partner: PartnerId): Promise<string> {
  return makePartnerLink(desk, partner, "staff:operator" as Actor, 24 * 60);
}
