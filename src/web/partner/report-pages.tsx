// Report what happened: every step a partner may take, by topic; each form keeps its answers when something is missing.
import { partnerStepsFor, takePartnerStep } from "../../app/partners.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { zoneOf, type PartnerStep } from "../../partners/partner.ts";
import { findPartnerStep } from "../../partners/steps.ts";
import { ErrorSummary, type FormError } from "../look/forms.tsx";
import { answersOf, chooseAgain, knownAnswers, readStepForm, StepFormFields, withPaper, type Answered, type PartnerForm } from "../partner-form.tsx";
import { byTopic, topicWords } from "../partner-words.ts";
import { Refusal, type WebContext } from "../web.tsx";
import { facePath, nothingHere, partnerPage, type PartnerVisit } from "./visit.tsx";

const askers = ["partner"] as const;

export function reportList(c: WebContext, visit: PartnerVisit) {
  const { view } = visit;
  const topics = byTopic(partnerStepsFor(askers, view.history, view.at));
  return partnerPage(c, {
    title: "Report",
    current: "Report",
    visit,
    children: (
      <>
        {topics.map(([topic, steps]) => (
          <section>
            <h2>{topicWords[topic] ?? topic}</h2>
            <ul class="plain-links">
              {steps.map(({ name, label }) => (
                <li>
                  <a href={`${facePath}/report/${name}`}>{label}</a>
                </li>
              ))}
              {topic === "statements" ? (
                <li>
                  <a href={`${facePath}/sales`}>Make statements from a sales ledger</a>
                </li>
              ) : (
                <></>
              )}
            </ul>
          </section>
        ))}
      </>
    ),
  });
}

function theirStep(c: WebContext): PartnerStep | undefined {
  const step = findPartnerStep(c.req.param("step") ?? "");
  return step?.askers.includes("partner") === true && Object.keys(step.asks).length > 0 ? step : undefined;
}

function formOf(step: PartnerStep, { view }: PartnerVisit): PartnerForm {
  return { step, history: view.history, at: view.at, zone: zoneOf(view.history, view.at), isDesk: false };
}

export function reportPage(c: WebContext, visit: PartnerVisit) {
  const step = theirStep(c);
  return step === undefined
    ? nothingHere(c, visit)
    : formPage(c, visit, { form: formOf(step, visit), values: answersOf(knownAnswers(c)), errors: [], reasons: [] });
}

export async function takeReport(c: WebContext, visit: PartnerVisit) {
  const step = theirStep(c);
  if (step === undefined) return nothingHere(c, visit);
  const desk = c.get("desk");
  const { partner } = visit.view;
  const form = formOf(step, visit);
  const { values, command, errors, object } = await readStepForm(c, form, partner);
  if (errors.length > 0) return formPage(c, visit, { form, values, errors, reasons: [] });
  const handled = await withPaper(desk, partner, object, () => takePartnerStep(desk, { partner, by: visit.by, askers, command }));
  if (handled.kind === "refused") return formPage(c, visit, { form, values, errors: chooseAgain(object), reasons: handled.reasons });
  c.get("web").nudge();
  return c.redirect(`${facePath}/receipt/${handled.version}`, 303);
}

interface Shown {
  readonly form: PartnerForm;
  readonly values: Answered;
  readonly errors: readonly FormError[];
  readonly reasons: readonly Reason[];
}

function formPage(c: WebContext, visit: PartnerVisit, { form, values, errors, reasons }: Shown) {
  const { register } = c.get("web");
  return partnerPage(
    c,
    {
      title: form.step.label,
      current: "Report",
      visit,
      hasErrors: errors.length > 0,
      alert: (
        <>
          <ErrorSummary errors={errors} />
          {reasons.length === 0 ? <></> : <Refusal reasons={reasons} register={register} title="This cannot be recorded as it is" />}
        </>
      ),
      children: (
        <>
          <StepFormFields form={form} known={knownAnswers(c)} values={values} errors={errors} />
          <p>
            <a href={`${facePath}/report`}>Something else</a>
          </p>
        </>
      ),
    },
    errors.length > 0 ? 422 : reasons.length > 0 ? 409 : 200,
  );
}
