// The partner calculations by name, each with its input's schema: what a terminal, a page or a test can ask without a desk.
import type { z } from "zod";
import type { Reason } from "../kernel/outcome.ts";
import { accessRequest, noticeClock } from "./access-notices/notice-clock.ts";
import { breachNotice, cureOf } from "./agreements/cure.ts";
import { liabilityCap, liabilityQuestion } from "./agreements/liability-cap.ts";
import { precedence, precedenceQuestion } from "./agreements/precedence.ts";
import { auditQuestion, auditRight } from "./audits/audit-right.ts";
import { breachClock, suspectedBreach } from "./breaches/breach-clock.ts";
import { deletionDue, deletionQuestion } from "./deletions/deletion-due.ts";
import { latePayment, lateInterest } from "./statements/late-interest.ts";
import { revenueMonth, revenueShare } from "./statements/revenue-share.ts";
import { intendedSubProcessor, objectionWindow } from "./sub-processors/objection-window.ts";
import { registerOf, registerQuestion } from "./sub-processors/register.ts";
import { transferMechanism, transferQuestion } from "./transfers/transfer-mechanism.ts";

export interface Calculation {
  readonly name: string;
  readonly describes: string;
  /** Clauses it carries out. */
  readonly clauses: readonly string[];
  /** Of its input file. */
  readonly schema: z.ZodType;
  /** The answer, or every reason why the input is none. */
  readonly answer: (input: unknown) => Answered;
}

type Answered = { readonly kind: "answered"; readonly answer: object } | { readonly kind: "refused"; readonly reasons: readonly [Reason, ...Reason[]] };

function calculation<Schema extends z.ZodType>(
  about: Omit<Calculation, "answer" | "schema"> & { readonly schema: Schema; readonly run: (input: z.output<Schema>) => object },
): Calculation {
  const { run, ...rest } = about;
  return {
    ...rest,
    answer: (input) => {
      const parsed = about.schema.safeParse(input);
      if (parsed.success) return { kind: "answered", answer: run(parsed.data) };
      const [first, ...others] = parsed.error.issues.map(({ path, message }): Reason => ({
        clause: "INPUT",
        code: "INPUT_NOT_UNDERSTOOD",
        because: `${path.length === 0 ? "The file" : path.join(".")}: ${message}${message.endsWith(".") ? "" : "."}`,
      }));
      if (first === undefined) throw new Error("an input was refused without an issue");
      return { kind: "refused", reasons: [first, ...others] };
    },
  };
}

export const calculations: readonly Calculation[] = [
  calculation({
    name: "precedence",
    describes: "Which document decides a topic, for each kind of data",
    clauses: ["PPT-1.1", "PPT-14", "X-11"],
    schema: precedenceQuestion,
    run: precedence,
  }),
  calculation({
    name: "mechanism",
    describes: "On which lawful ground data goes to a third country",
    clauses: ["EUK-4", "EUK-4.1", "EUK-4.2", "UKA-T2"],
    schema: transferQuestion,
    run: transferMechanism,
  }),
  calculation({ name: "share", describes: "A month's net revenue and the share of it", clauses: ["AI-5a", "AI-5b"], schema: revenueMonth, run: revenueShare }),
  calculation({ name: "interest", describes: "Interest on a share that is paid late", clauses: ["AI-5c"], schema: latePayment, run: lateInterest }),
  calculation({
    name: "cap",
    describes: "How much a party can owe, in both readings",
    clauses: ["PPT-11", "X-27"],
    schema: liabilityQuestion,
    run: liabilityCap,
  }),
  calculation({
    name: "window",
    describes: "When a new sub-processor may start",
    clauses: ["DPA-6.6a", "DPA-6.6b", "DPA-6.6c", "EUK-4.2(c)", "UKA-T2"],
    schema: intendedSubProcessor,
    run: objectionWindow,
  }),
  calculation({
    name: "register",
    describes: "Which sub-processors came and went between dated lists",
    clauses: ["DPA-6.1", "DPA-6.6a"],
    schema: registerQuestion,
    run: registerOf,
  }),
  calculation({
    name: "deletion",
    describes: "By when data is returned or deleted",
    clauses: ["DPA-10a", "DPA-10b"],
    schema: deletionQuestion,
    run: deletionDue,
  }),
  calculation({ name: "audit", describes: "Whether an audit may be held now", clauses: ["DPA-9.1"], schema: auditQuestion, run: auditRight }),
  calculation({ name: "cure", describes: "How long a material breach can be cured", clauses: ["PPT-4a"], schema: breachNotice, run: cureOf }),
  calculation({
    name: "notice",
    describes: "By when a partner tells of a government request",
    clauses: ["DPA-8.1a", "DPA-8.1b"],
    schema: accessRequest,
    run: noticeClock,
  }),
  calculation({
    name: "breach",
    describes: "By when a partner tells of a security breach",
    clauses: ["SEC-2.1a", "SEC-2.1b"],
    schema: suspectedBreach,
    run: breachClock,
  }),
];
