// The sheet on which everything is written that an owner reads.
import type { Child } from "hono/jsx";
import type { OwnerVisit } from "../../app/portal.ts";
import type { Actor } from "../../kernel/ids.ts";
import { frame, type WebContext } from "../web.tsx";

export function ownerPage(c: WebContext, title: string, children: Child, status: 200 | 401 | 404 = 200) {
  return frame(c, { title, face: "owner", navigation: [], children }, status);
}

/** UTF-16 code units: what the step takes. */
export const longestObjection = 20_000;

/** Who answers: the workspace, never the person. */
export function ownerActor({ workspace }: OwnerVisit): Actor {
  return `owner:${workspace}` as Actor;
}
