// The desk that a command works on, and who works on it when nobody is named.
import type { Desk } from "../app/desk.ts";
import type { Installation } from "../app/installation.ts";
import type { Actor } from "../kernel/ids.ts";
import type { Handled } from "../app/handle.ts";
import { refusedAnswer, Usage, type Answer } from "./command.ts";

export const operator = "staff:operator" as Actor;

export async function getDesk(installation: Installation): Promise<Desk> {
  const desk = await installation.desk();
  if (desk === undefined) throw new Usage("This folder holds no desk yet. Set it up first: portcullis --data DIR setup FILE.");
  return desk;
}

/** What became of a step. */
export function answerOf(handled: Handled): Answer {
  if (handled.kind === "refused") return refusedAnswer(handled.reasons);
  return {
    json: { ok: true, facts: handled.facts.map(({ type }) => type), version: handled.version },
    text: handled.facts.map(({ type }) => `  ✓ ${type}`).join("\n"),
    exit: 0,
  };
}
