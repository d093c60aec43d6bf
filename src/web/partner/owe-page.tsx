// What a partner owes, by when and why: overdue first, then what falls due soon, then the rest; rights that end stand apart.
import type { Duty } from "../../partners/duty.ts";
import { openDisputes } from "../../partners/agreements/disputes.ts";
import { Button } from "../look/forms.tsx";
import { EmptyState } from "../look/records.tsx";
import { DutyTable } from "../partner-pieces.tsx";
import { tagOf } from "../partner-words.ts";
import type { WebContext } from "../web.tsx";
import { facePath, partnerPage, type PartnerVisit } from "./visit.tsx";

export function owePage(c: WebContext, visit: PartnerVisit) {
  const { view } = visit;
  const { register } = c.get("web");
  const disputed = new Set(openDisputes(view.history).map(({ about }) => about));
  const own = view.duties.filter(({ owedBy, isRight }) => owedBy === "partner" && isRight !== true);
  const stands = (word: string) => own.filter((duty) => isOpen(duty) && tagOf(duty, view.at.now).word === word);
  const groups = [
    { title: "Overdue", duties: stands("Overdue") },
    { title: "Due in the next three days", duties: stands("Due soon") },
    { title: "Open", duties: stands("Open") },
    { title: "Suspended", duties: stands("Suspended") },
    { title: "Rights that end", duties: view.duties.filter((duty) => duty.isRight === true && duty.owedBy === "partner" && duty.state === "open") },
    { title: "What the company owes you", duties: view.duties.filter((duty) => duty.owedBy === "vendor" && duty.isRight !== true && isOpen(duty)) },
  ].filter(({ duties }) => duties.length > 0);
  return partnerPage(c, {
    title: "What you owe",
    current: "What you owe",
    visit,
    children: (
      <>
        <div class="actions">
          <Button label="Report something" href={`${facePath}/report`} />
        </div>
        {groups.length === 0 ? (
          <EmptyState title="Nothing is owed">
            When something is asked of you, or happens at your place, it stands here with its date and the reason for it.
          </EmptyState>
        ) : (
          groups.map(({ title, duties }) => (
            <section>
              <h2>{title}</h2>
              <DutyTable caption={title} duties={duties} view={view} register={register} disputed={disputed} hrefOf={dutyHref} />
            </section>
          ))
        )}
      </>
    ),
  });
}

function isOpen({ state }: Duty): boolean {
  return state === "open" || state === "overdue" || state === "suspended";
}

function dutyHref({ id }: Duty): string {
  return `${facePath}/duty/${encodeURIComponent(id)}`;
}
