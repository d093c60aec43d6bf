// Opens a case for the person who asks: what they may see, which steps are theirs, and where production stands.
import { findCaseView, type CaseView } from "../../app/case-view.ts";
import { mayAsk } from "../../app/permissions.ts";
import { findStep, type PossibleStep } from "../../app/steps.ts";
import type { Actor } from "../../kernel/ids.ts";
import type { Asker } from "../../requests/decision.ts";
import { staffActor, type WebContext } from "../web.tsx";
import { caseIdOf, getStaff } from "./desk-frame.tsx";

export interface OpenCase {
  readonly view: CaseView;
  readonly by: Actor;
  readonly askers: readonly Asker[];
  /** Steps this person may take, now or later. */
  readonly steps: readonly PossibleStep[];
  /** What the desk does when a person asks for it: compile and check, seal, release, renew the link. */
  readonly plan: PossibleStep;
  readonly seal: PossibleStep;
  readonly release: PossibleStep;
  readonly renew: PossibleStep;
  readonly keep: PossibleStep;
}

/** Undefined when there is no such case. */
export async function openCase(c: WebContext): Promise<OpenCase | undefined> {
  const caseId = caseIdOf(c);
  if (caseId === undefined) return undefined;
  const { by, askers } = staffActor(getStaff(c));
  const view = await findCaseView(c.get("desk"), caseId, by, [...askers, "desk"]);
  if (view === undefined) return undefined;
  return {
    view,
    by,
    askers,
    steps: view.steps.filter(({ name }) => isTheirs(name, askers)),
    plan: getStep(view, "RecordPlan"),
    seal: getStep(view, "SealPackage"),
    release: getStep(view, "Release"),
    renew: getStep(view, "RenewDownload"),
    keep: getStep(view, "BeginSnapshot"),
  };
}

function isTheirs(name: string, askers: readonly Asker[]): boolean {
  const step = findStep(name);
  return step !== undefined && mayAsk(step, { askers }).length === 0;
}

function getStep({ steps }: CaseView, name: string): PossibleStep {
  const step = steps.find((each) => each.name === name);
  if (step === undefined) throw new Error(`the desk has no step called ${name}`);
  return step;
}

export function stepHref({ caseId }: Pick<CaseView, "caseId">, step: string): string {
  return `/desk/case/${caseId}/step/${step}`;
}

/** The document's title: for a sealed case its number and nothing else. */
export function caseTitle({ caseId, secret }: Pick<CaseView, "caseId" | "secret">, words: string): string {
  return secret ? caseId : `${words} ${caseId}`;
}
