// Direct access to customer data at the desk: what was recorded, whether the customers were told in a day, and the forms for both.
import { readDirectAccess, recordAccessNotice, recordDirectAccess } from "../../app/direct-access.ts";
import type { Reason } from "../../kernel/outcome.ts";
import { Clock } from "../look/clock.tsx";
import { Button, Field } from "../look/forms.tsx";
import { EmptyState } from "../look/records.tsx";
import { formText, Refusal, staffActor, type WebContext } from "../web.tsx";
import { deskFrame, getStaff } from "./desk-frame.tsx";

export async function directAccessPage(c: WebContext, reasons: readonly Reason[] = [], values: Readonly<Record<string, string>> = {}) {
  const desk = c.get("desk");
  const { register } = c.get("web");
  const found = await readDirectAccess(desk);
  const now = desk.ports.clock.now();
  return deskFrame(
    c,
    {
      title: "Direct access",
      current: "direct-access",
      alert: reasons.length === 0 ? <></> : <Refusal reasons={reasons} register={register} title="This was not recorded" />,
      children: (
        <>
          <p class="desk-lead">
            A public body reached customer data without a request. It is a record of its own, and the customers are told within a day unless the law explicitly
            forbids it.
          </p>
          <h2>On record</h2>
          {found.length === 0 ? <EmptyState title="Nothing is on record">That a public body reached data directly has not been recorded.</EmptyState> : <></>}
          {found.map(({ access, knownAt, dueAt, derivation, state, toldAt }) => (
            <>
              <Clock
                label="Tell the customers whose data was reached"
                startedAt={knownAt}
                dueAt={dueAt}
                now={now}
                zone={desk.zone}
                derivation={derivation}
                clause="IGRP-2"
                register={register}
                state={state}
                stoppedAt={toldAt}
              />
              {toldAt === undefined ? (
                <form method="post" action="/desk/direct-access/told">
                  <input type="hidden" name="access" value={access} />
                  <Field id={`told-${access}`} name="words" kind="textarea" rows={3} label="Who was told, and what" autocomplete="off" />
                  <Button kind="secondary" label="Record the notice" />
                </form>
              ) : (
                <></>
              )}
            </>
          ))}
          <h2>Record direct access</h2>
          <form method="post" novalidate>
            <Field
              id="knownAt"
              name="knownAt"
              kind="datetime-local"
              label="When it became known"
              hint={`Time in ${desk.zone.replaceAll("_", " ")}.`}
              value={values["knownAt"]}
              autocomplete="off"
            />
            <Field
              id="words"
              name="words"
              kind="textarea"
              label="Which body reached which data"
              hint="As far as it is known. It lies in the vault."
              value={values["words"]}
              autocomplete="off"
            />
            <Button label="Record direct access" />
          </form>
        </>
      ),
    },
    reasons.length === 0 ? 200 : 422,
  );
}

export async function recordAccess(c: WebContext) {
  const form = await formText(c);
  const desk = c.get("desk");
  const { by } = staffActor(getStaff(c));
  const done = await recordDirectAccess(desk, by, { knownAt: momentIn(form["knownAt"] ?? "", desk.zone), words: form["words"] ?? "" });
  return done.kind === "refused" ? directAccessPage(c, done.reasons, form) : c.redirect("/desk/direct-access", 303);
}

export async function recordTold(c: WebContext) {
  const form = await formText(c);
  const { by } = staffActor(getStaff(c));
  const done = await recordAccessNotice(c.get("desk"), by, { access: form["access"] ?? "", words: form["words"] ?? "" });
  return done.kind === "refused" ? directAccessPage(c, done.reasons) : c.redirect("/desk/direct-access", 303);
}

/** A time that the clock showed twice is read as the earlier one; what is no time stays as it is and is refused. */
function momentIn(text: string, zone: string): string {
  try {
    return Temporal.PlainDateTime.from(text).toZonedDateTime(zone, { disambiguation: "earlier" }).toInstant().toString();
  } catch {
    return text;
  }
}
