// The frame of the auditor's pages: where to go, who is reading, and the way out.
import type { Child } from "hono/jsx";
import { frame, type WebContext } from "../web.tsx";

const ways = [
  { label: "Ledger", href: "/auditor" },
  { label: "Checkpoint", href: "/auditor/checkpoint" },
  { label: "Verify", href: "/auditor/verify" },
  { label: "Random sample", href: "/auditor/sample" },
  { label: "Exports", href: "/auditor/export" },
] as const;

export interface AuditorPage {
  readonly title: string;
  readonly way: (typeof ways)[number]["href"];
  readonly alert?: Child;
  readonly children?: Child;
}

export function auditorFrame(c: WebContext, { title, way, alert, children }: AuditorPage, status: 200 | 404 | 422 = 200) {
  return frame(
    c,
    {
      title,
      face: "auditor",
      signedInAs: c.get("staff")?.email,
      signOut: { action: "/auditor/sign-out" },
      navigation: ways.map((each) => ({ ...each, current: each.href === way })),
      children,
      ...(alert === undefined ? {} : { alert }),
    },
    status,
  );
}
