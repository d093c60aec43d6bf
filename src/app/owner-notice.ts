// Gives the owner of every affected workspace notice, each with a link of its own.
import type { Actor, CaseId } from "../kernel/ids.ts";
import type { Reason } from "../kernel/outcome.ts";
import type { Asker } from "../requests/decision.ts";
import { intakeOf } from "../requests/intake/module.ts";
import { untoldWorkspaces } from "../requests/notice/module.ts";
import type { Desk } from "./desk.ts";
import { handle, readCase } from "./handle.ts";

export interface NoticesGiven {
  /** Links by workspace: shown once in a rehearsal, otherwise only in the letters. */
  readonly links: ReadonlyMap<string, string>;
  readonly reasons: readonly Reason[];
}

export async function giveNotices(desk: Desk, caseId: CaseId, by: Actor, askers: readonly Asker[]): Promise<NoticesGiven> {
  const links = new Map<string, string>();
  const untold = untoldWorkspaces(await readCase(desk, caseId));
  for (const workspace of untold.length === 0 ? [""] : untold) {
    const token = desk.ports.chance.token();
    const link = await desk.ports.vault.digest(desk.id, "owner-link", token);
    const url = faceUrl(desk, `/owner/${caseId}/${token}`);
    const handled = await handle(desk, { caseId, by, askers, command: { type: "GiveNotice", workspace, link }, link: url });
    if (handled.kind === "refused") return { links, reasons: handled.reasons };
    links.set(workspace, url);
  }
  return { links, reasons: [] };
}

export function faceUrl(desk: Pick<Desk, "profile">, path: string): string {
  return `${desk.profile.publicUrl ?? ""}${path}`;
}

/** The workspace whose owner holds this token; undefined for a token of another case or none. */
export async function workspaceOfLink(desk: Desk, caseId: CaseId, token: string): Promise<string | undefined> {
  const digest = await desk.ports.vault.digest(desk.id, "owner-link", token);
  const history = await readCase(desk, caseId);
  const { details } = intakeOf(history);
  const given = history.map(({ fact }) => fact).find((fact) => fact.type === "NoticeGiven" && fact.link === digest);
  // A workspace that corrected details took out of the case has no business with it any more.
  return given?.type === "NoticeGiven" && details?.subjects.some(({ workspace }) => workspace === given.workspace) === true ? given.workspace : undefined;
}
