// The desk that a command works on, and who works on it when nobody is named.
import type { Desk } from "../app/desk.ts";
import type { Installation } from "../app/installation.ts";
import type { Actor } from "../kernel/ids.ts";
import { Usage } from "./command.ts";

export const operator = "staff:operator" as Actor;

export async function getDesk(installation: Installation): Promise<Desk> {
  const desk = await installation.desk();
  if (desk === undefined) throw new Usage("This folder holds no desk yet. Set it up first: portcullis --data DIR setup FILE.");
  return desk;
}
