// What the steps around the law ask: a clarification, an emergency, a challenge, another authority, another country's law.
import type { CaseView } from "../../app/case-view.ts";
import { challengeGrounds } from "../../requests/challenge/events.ts";
import type { Choice } from "../look/forms.tsx";
import { dayWords } from "../look/moment.tsx";
import { broughtWords, challengeStepWords, groundWords } from "./law-words.ts";
import { linesOfCase, openGag, type StepField, type StepForm } from "./step-fields.ts";

/** Pending ones first: an appeal can still follow one that was decided. */
function challengesOf({ challenges }: CaseView, which: "pending" | "all"): readonly Choice[] {
  return challenges
    .map(({ challenge, brought, openedAt, outcome }, index) => ({
      value: challenge,
      label: `Challenge ${index + 1}, brought by the ${broughtWords[brought]} on ${dayWords(openedAt.slice(0, 10))}${outcome === undefined ? "" : `, ${outcome}`}`,
      isOver: outcome !== undefined,
    }))
    .filter(({ isOver }) => which === "all" || !isOver)
    .toSorted((a, b) => Number(a.isOver) - Number(b.isOver))
    .map(({ value, label }) => ({ value, label }));
}

/** The routes that the paper's own law names; another one can be put into words under the grounds. */
function routesOf({ paper }: CaseView): readonly Choice[] {
  return (paper?.routes ?? []).map(({ route, citation, basis }) => ({
    value: route,
    label: `${route} (${citation}${basis === "memory" ? "; from memory, counsel confirms" : ""})`,
  }));
}

function pendingConflicts({ conflicts }: CaseView): readonly Choice[] {
  return conflicts
    .filter(({ upheld }) => upheld === undefined)
    .map(({ conflict, raisedAt, law }) => ({
      value: conflict,
      label: `Raised on ${dayWords(raisedAt.slice(0, 10))}${law === undefined ? "" : `: ${cut(law)}`}`,
    }));
}

function cut(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79).toWellFormed()}…`;
}

const linesLeft: StepField = {
  path: "lines",
  kind: "checkboxes",
  label: "Lines it leaves standing",
  optional: true,
  choices: linesOfCase,
};

const reviewForms: Readonly<Record<string, StepForm>> = {
  AskClarification: { asks: [], shows: "open-points" },
  RecordClarification: {
    asks: [
      {
        path: "private.answer",
        kind: "textarea",
        rows: 6,
        label: "The agency's answer",
        hint: "As it reached you. Then confirm the details anew with what it says.",
      },
    ],
  },
  RecordTransferGround: {
    asks: [
      {
        path: "ground",
        kind: "radios",
        label: "Ground",
        choices: [
          { value: "agreement", label: "An agreement between the states", hint: "A treaty or executive agreement that is in force and covers this paper." },
          { value: "derogation", label: "A derogation that the law allows", hint: "Narrow, for this case alone, with reasons that two people found." },
        ],
      },
      { path: "private.reasoning", kind: "textarea", rows: 6, label: "Reasoning", hint: "It stays sealed with the case." },
    ],
  },
  DecideEmergency: {
    confirm: "Two different people must each decide. Say only what the officer and the supervisor have told you, not what you suppose.",
    asks: [
      {
        path: "supervisorAttests",
        kind: "yes-no",
        label: "Has the officer's supervisor vouched for the facts?",
        hint: "Called back on a number found independently of the request.",
        yes: "Yes, the supervisor was called back and vouches for them",
        no: "No, or nobody was reached",
      },
      { path: "private.danger", kind: "textarea", rows: 3, label: "Who is in danger, and of what" },
      { path: "private.whyNow", kind: "textarea", rows: 3, label: "Why it cannot wait for a compulsory paper" },
      { path: "private.whyThisData", kind: "textarea", rows: 3, label: "Why this data helps, and no less would" },
      { path: "private.supervisor", kind: "text", label: "The supervisor", hint: "Name, function and the number called. “Nobody” when nobody was reached." },
    ],
  },
};

const challengeForms: Readonly<Record<string, StepForm>> = {
  OpenChallenge: {
    asks: [
      { path: "route", kind: "select", label: "Route of the paper's law", optional: true, choices: routesOf },
      {
        path: "on",
        kind: "checkboxes",
        label: "It rests on",
        optional: true,
        choices: challengeGrounds.map((ground) => ({ value: ground, label: groundWords[ground] })),
      },
      { path: "private.grounds", kind: "textarea", rows: 6, label: "Grounds" },
      { path: "private.forum", kind: "text", label: "Where it is brought" },
      { path: "private.interimMeasures", kind: "textarea", rows: 3, label: "Interim measures asked for", optional: true },
    ],
  },
  TakeChallengeStep: {
    asks: [
      { path: "challenge", kind: "select", label: "Challenge", choices: (view) => challengesOf(view, "all") },
      {
        path: "step",
        kind: "radios",
        label: "What happened",
        choices: Object.entries(challengeStepWords).map(([value, label]) => ({ value, label })),
      },
      { path: "on", kind: "date", label: "Day", hint: "The day it happened; for a hearing that is set, the day of the hearing." },
      { path: "private.papers", kind: "textarea", label: "In words", hint: "What was filed, asked, granted, refused or said. It stays sealed with the case." },
    ],
  },
  ResolveChallenge: {
    confirm: "A challenge that succeeds closes the case. One that narrows the request leaves only the lines ticked here.",
    asks: [
      { path: "challenge", kind: "select", label: "Challenge", choices: (view) => challengesOf(view, "pending") },
      {
        path: "outcome",
        kind: "radios",
        label: "Outcome",
        choices: [
          { value: "upheld", label: "Upheld: nothing may be disclosed" },
          { value: "narrowed", label: "Narrowed to some lines" },
          { value: "dismissed", label: "Dismissed" },
          { value: "withdrawn", label: "Withdrawn" },
        ],
      },
      { ...linesLeft, hint: "Only for an outcome that narrows the request." },
      { path: "private.ruling", kind: "textarea", label: "The ruling" },
      {
        path: "appeal",
        kind: "radios",
        label: "Appeal",
        optional: true,
        choices: [
          { value: "brought", label: "One was brought" },
          { value: "none", label: "None was brought" },
        ],
      },
      { path: "private.appeal", kind: "textarea", rows: 3, label: "The appeal that was brought, or why none was" },
    ],
  },
};

const authorityForms: Readonly<Record<string, StepForm>> = {
  ObjectToGag: {
    asks: [
      openGag,
      {
        path: "private.objection",
        kind: "textarea",
        label: "The objection",
        hint: "As it was sent. The order binds until a court decides or the government lets it go.",
      },
    ],
  },
  RecordAuthorityAnswer: {
    asks: [
      {
        path: "answer",
        kind: "radios",
        label: "What the authority answered",
        choices: [
          { value: "cleared", label: "It will not refuse", hint: "The time in which nothing may leave ends with this answer." },
          { value: "refused", label: "It refuses the order", hint: "Nothing is transferred." },
          { value: "partial", label: "It refuses a part of it", hint: "Tick the lines it leaves standing." },
        ],
      },
      { ...linesLeft, hint: "Only for a refusal of a part." },
      { path: "private.words", kind: "textarea", label: "Its answer in words" },
    ],
  },
  RaiseConflict: {
    asks: [
      { path: "private.law", kind: "textarea", rows: 3, label: "The law of the other country", hint: "The provision, and where it stands." },
      { path: "private.whyItApplies", kind: "textarea", rows: 4, label: "Why it applies to this case" },
      { path: "private.conflict", kind: "textarea", rows: 4, label: "Why answering would break it" },
    ],
  },
  DecideConflict: {
    confirm: "An objection that the court upholds closes the case: nothing is disclosed on this request.",
    asks: [
      { path: "conflict", kind: "select", label: "Objection", choices: pendingConflicts },
      { path: "upheld", kind: "yes-no", label: "Did the court uphold it?", yes: "Yes: the other law forbids the answer", no: "No: the order stands" },
      { path: "private.decision", kind: "textarea", label: "The court's decision" },
    ],
  },
};

const costForms: Readonly<Record<string, StepForm>> = {
  RecordCosts: {
    confirm: "The invoice goes to the agency.",
    asks: [
      { path: "hours", kind: "text", label: "Hours", hint: "With at most two decimals: 1.25." },
      { path: "ratePerHour", kind: "text", label: "Rate per hour" },
      { path: "expenses", kind: "text", label: "Expenses", optional: true },
      { path: "currency", kind: "text", label: "Currency", hint: "Three letters: USD." },
      { path: "private.work", kind: "textarea", rows: 3, label: "What was done" },
      { path: "private.expenses", kind: "textarea", rows: 3, label: "What the expenses were for", optional: true },
      { path: "private.payTo", kind: "textarea", rows: 3, label: "To be paid to", hint: "Name and account, one line each." },
      {
        path: "replaces",
        kind: "yes-no",
        label: "Does it replace an earlier invoice?",
        yes: "Yes: the earlier one was wrong, and this one takes its place",
        no: "No",
      },
    ],
  },
};

export const lawStepForms: Readonly<Record<string, StepForm>> = { ...reviewForms, ...challengeForms, ...authorityForms, ...costForms };
