// Requests of people about their data that reach a partner: relayed within seventy-two hours, and not answered without consent (DPA-3, USP-4).
import type { Instant } from "../../kernel/instant.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { dueBy } from "../../policy/deadline-rule.ts";
import { askChoice, askChoices, askMoment, askOne, askPaper, askWords, optional } from "../asks.ts";
import { choosing } from "../chosen.ts";
import { ruleOf, stateOf, type Duty } from "../duty.ts";
import { all, maybeSealed, partnerStep, receivedAt, zoneOf, type PartnerCircumstances, type PartnerHistory } from "../partner.ts";
import { rightsWords } from "./events.ts";

const refuse = (clause: string, code: string, because: string): Reason => ({ clause, code, because });
const fromWords = { "data-subject": "A person whose data it is", customer: "A customer of the company" } as const;

const of =
  (request: string) =>
  ({ fact }: { readonly fact: { readonly request: string } }) =>
    fact.request === request;

interface RightsRequest {
  readonly request: string;
  readonly receivedAt: Instant;
  readonly relayedAt?: Instant;
  readonly hasConsent: boolean;
  readonly outcome?: string;
}

function rightsRequestsOf(history: PartnerHistory): readonly RightsRequest[] {
  return all(history, "RightsRequestReceived").map(({ fact: { request, receivedAt: received } }) => {
    const relayedAt = all(history, "RightsRequestRelayed").find(of(request))?.fact.at;
    const outcome = all(history, "RightsOutcome").find(of(request))?.fact.outcome;
    return {
      request,
      receivedAt: received,
      ...(relayedAt === undefined ? {} : { relayedAt }),
      hasConsent: all(history, "ReplyConsented").some(of(request)),
      ...(outcome === undefined ? {} : { outcome }),
    };
  });
}

const { choose, some, find } = choosing(
  rightsRequestsOf,
  ({ request }) => request,
  ({ receivedAt: received }) => `Received ${received.slice(0, 16).replace("T", " ")} UTC`,
);
const unknown = refuse("INPUT", "NO_SUCH_REQUEST", "There is no such request on record. Choose one of the list.");
const open = ({ outcome }: RightsRequest) => outcome === undefined;

export const relayRightsRequest = partnerStep({
  name: "RelayRightsRequest",
  label: "Relay a person's request about their data",
  topic: "rights-requests",
  clauses: ["DPA-3a"],
  askers: ["partner", "vendor"],
  asks: {
    receivedAt: askMoment("When you received it"),
    right: askChoice("Which right", rightsWords),
    from: askChoice("From whom", fromWords),
    relayedAt: optional(askMoment("When it reached us", { deskOnly: true })),
    words: askWords("Who asks for what, and how to reach them"),
    file: optional(askPaper("The request")),
  },
  against: ({ receivedAt: received, relayedAt }) =>
    relayedAt !== undefined && relayedAt < received
      ? [refuse("DPA-3a", "RELAYED_BEFORE", "It cannot have reached us before the partner received it. Correct one of the two.")]
      : [],
  facts: ({ receivedAt: received, right, from, relayedAt }, _, at) => [
    { type: "RightsRequestReceived", request: at.fresh, receivedAt: received, right, from },
    { type: "RightsRequestRelayed", request: at.fresh, at: receivedAt(relayedAt, at), ...maybeSealed(at) },
  ],
});

/** One that the company learned of otherwise: the partner still owes its notice. */
export const noteRightsRequest = partnerStep({
  name: "NoteRightsRequest",
  label: "Note a request that the partner has not relayed",
  topic: "rights-requests",
  clauses: ["DPA-3a"],
  askers: ["vendor"],
  asks: { receivedAt: askMoment("When the partner received it"), right: askChoice("Which right", rightsWords), from: askChoice("From whom", fromWords) },
  facts: ({ receivedAt: received, right, from }, _, at) => [{ type: "RightsRequestReceived", request: at.fresh, receivedAt: received, right, from }],
});

export const sendRightsRequest = partnerStep({
  name: "SendRightsRequest",
  label: "Relay a request that is on record",
  topic: "rights-requests",
  clauses: ["DPA-3a"],
  askers: ["partner", "vendor"],
  offered: some(({ relayedAt }) => relayedAt === undefined),
  asks: {
    request: askOne(
      "Which request",
      choose(({ relayedAt }) => relayedAt === undefined),
    ),
    receivedAt: optional(askMoment("When it reached us", { deskOnly: true })),
    words: askWords("Who asks for what, and how to reach them"),
    file: optional(askPaper("The request")),
  },
  against: ({ request, receivedAt: said }, history) => {
    const found = find(request, history);
    if (found === undefined) return [unknown];
    return [
      ...(found.relayedAt === undefined ? [] : [refuse("DPA-3a", "RELAYED", "It has been relayed.")]),
      ...(said !== undefined && said < found.receivedAt
        ? [refuse("DPA-3a", "RELAYED_BEFORE", "It cannot have reached us before the partner received it. Correct the moment.")]
        : []),
    ];
  },
  facts: ({ request, receivedAt: said }, _, at) => [{ type: "RightsRequestRelayed", request, at: receivedAt(said, at), ...maybeSealed(at) }],
});

export const consentToReply = partnerStep({
  name: "ConsentToReply",
  label: "Consent to the partner's answer",
  topic: "rights-requests",
  clauses: ["DPA-3b"],
  askers: ["vendor"],
  offered: some(({ hasConsent }) => !hasConsent),
  asks: {
    request: askOne(
      "Which request",
      choose(({ hasConsent }) => !hasConsent),
    ),
    words: askWords("What the partner may answer"),
  },
  against: ({ request }, history) => (find(request, history) === undefined ? [unknown] : []),
  facts: ({ request }, _, at) => [{ type: "ReplyConsented", request, ...maybeSealed(at) }],
});

export const recordReply = partnerStep({
  name: "RecordReply",
  label: "Record what was said to the person",
  topic: "rights-requests",
  clauses: ["DPA-3b", "USP-4.1c"],
  askers: ["partner"],
  offered: some(open),
  asks: {
    request: askOne("Which request", choose(open)),
    says: askChoices("What it says", {
      confirms: "That the request concerns the company",
      redirects: "That the person may turn to the company",
      answers: "An answer to the request itself",
    }),
    words: askWords("The words"),
  },
  against: ({ request, says }, history) => {
    const found = find(request, history);
    if (found === undefined) return [unknown];
    return says.includes("answers") && !found.hasConsent
      ? [
          refuse(
            "DPA-3b",
            "NO_CONSENT",
            "Without the company's written consent a partner only confirms that the request concerns the company, and redirects the person to it (X-26). Ask for the consent, or say only that.",
          ),
        ]
      : [];
  },
  facts: ({ request, says }, _, at) => [{ type: "RightsReplied", request, at: at.now, says, ...maybeSealed(at) }],
});

export const closeRightsRequest = partnerStep({
  name: "CloseRightsRequest",
  label: "Record the outcome of a person's request",
  topic: "rights-requests",
  clauses: ["DPA-3c", "USP-4.3"],
  askers: ["vendor"],
  offered: some(open),
  asks: {
    request: askOne("Which request", choose(open)),
    outcome: askChoice("Outcome", { fulfilled: "Fulfilled", refused: "Refused", "not-ours": "Not about the company" }),
    words: optional(askWords("In words")),
  },
  against: ({ request }, history) => {
    const found = find(request, history);
    if (found === undefined) return [unknown];
    return found.outcome === undefined ? [] : [refuse("DPA-3c", "CLOSED", "Its outcome is on record.")];
  },
  facts: ({ request, outcome }, _, at) => [{ type: "RightsOutcome", request, outcome, ...maybeSealed(at) }],
});

export function rightsDuties(history: PartnerHistory, at: PartnerCircumstances): readonly Duty[] {
  const rule = ruleOf(at.contract, "DPA-3a");
  return rightsRequestsOf(history).map(({ request, receivedAt: received, relayedAt }): Duty => {
    const { due, derivation } = dueBy(rule, { event: "request received", at: received }, { zone: zoneOf(history, at), holidays: [] });
    return {
      id: `DPA-3a:${request}`,
      clause: "DPA-3a",
      label: "Relay a person's request about their data",
      owedBy: "partner",
      began: received,
      dueAt: due,
      state: stateOf({ dueAt: due, settledAt: relayedAt, now: at.now }),
      ...(relayedAt === undefined ? {} : { settledAt: relayedAt }),
      derivation: `${derivation} (the document says “in no less than 72 hours”; read as at most, X-02)`,
      basis: "document",
      findings: [],
      report: { step: "SendRightsRequest", values: { request } },
    };
  });
}
