// What the steps around kept data ask: a renewed request, and letting go of what is kept.
import type { StepForm } from "./step-fields.ts";

export const preservationStepForms: Readonly<Record<string, StepForm>> = {
  RenewPreservation: {
    asks: [{ path: "private.request", kind: "textarea", label: "The renewed request", hint: "Who asked, when, and by what letter or form." }],
  },
  ReleasePreservation: {
    confirm: "What is kept is destroyed, and its certificate says so. A case that waits for it is answered without it. This cannot be taken back.",
    asks: [{ path: "private.reason", kind: "textarea", label: "Why it is let go" }],
  },
};
