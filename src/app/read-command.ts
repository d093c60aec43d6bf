// What every step has in common before it is decided: its command is read by its own schema, and what is private is sealed first.
import type { z } from "zod";
import type { Reason } from "../kernel/outcome.ts";
import type { Json } from "../ledger/canonical-json.ts";
import type { Desk } from "./desk.ts";

type ReadCommand =
  | { readonly kind: "read"; readonly open: unknown; readonly secret: Json | undefined }
  | { readonly kind: "refused"; readonly reasons: readonly Reason[] };

/** The open part of the command as the step's schema reads it, and its `private` values apart. */
export function readCommand(step: { readonly name: string; readonly schema: z.ZodType }, command: unknown): ReadCommand {
  const parsed = step.schema.safeParse(command);
  if (!parsed.success)
    return {
      kind: "refused",
      reasons: parsed.error.issues.map(({ path, message }) => ({
        clause: "INPUT",
        code: "INPUT_NOT_UNDERSTOOD",
        because: `${path.length === 0 ? step.name : path.join(".")}: ${message.replace(/\.$/, "")}.`,
      })),
    };
  const { private: secret, ...open } = parsed.data as { readonly private?: Json };
  return { kind: "read", open, secret };
}

/** Seals under the key of a case or a partner; undefined when there is nothing to seal. */
export async function sealPrivate(desk: Desk, keyOf: string, secret: Json | undefined) {
  if (secret === undefined) return undefined;
  const { values, alongside } = await desk.ports.vault.prepare(desk.id, keyOf, [secret]);
  const [sealed] = values;
  if (sealed === undefined) throw new Error("the vault sealed nothing");
  return { sealed, alongside, value: secret };
}
