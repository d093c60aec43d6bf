// The frame of the public pages: the same ways on from each of them, and the warning that a setting is missing.
import type { Child } from "hono/jsx";
import type { Desk } from "../../app/desk.ts";
import { Banner } from "../look/records.tsx";
import { frame, type WebContext } from "../web.tsx";

const ways = [
  { label: "This desk", href: "/" },
  { label: "Promises", href: "/promises" },
  { label: "What we hold", href: "/what-we-hold" },
  { label: "The law", href: "/law" },
  { label: "Report", href: "/report" },
  { label: "Check this yourself", href: "/check" },
] as const;
type Way = (typeof ways)[number]["href"];

export interface PublicPage {
  readonly title: string;
  readonly way: Way;
  readonly alert?: Child;
  readonly children?: Child;
}

export function publicFrame(c: WebContext, { title, way, alert, children }: PublicPage, status: 200 | 404 = 200) {
  const navigation = ways.map((each) => ({ ...each, current: each.href === way }));
  return frame(c, { title, face: "public", navigation, children, ...(alert === undefined ? {} : { alert }) }, status);
}

/** A published file that other pages' programs may read as well; a correction must reach its readers at once. */
export function dataFile(c: WebContext, type: string, text: string) {
  c.header("Content-Type", type);
  c.header("Cache-Control", "no-cache");
  c.header("Access-Control-Allow-Origin", "*");
  return c.body(text);
}

/** Where papers are sent; empty while the setting is (X-04). */
export function mailboxesOf(desk: Desk): readonly string[] {
  return desk.profile.mailboxes.map((mailbox) => mailbox.trim()).filter((mailbox) => mailbox !== "");
}

/** The policy names one mailbox for legal process and leaves its address out, so a page without it is not the policy (X-04). */
export function MailboxMissing() {
  return (
    <Banner kind="caution" title="This policy is not complete yet, and is not published as complete.">
      <p>
        KDRP-1 names one mailbox for legal process, and its address is not set (X-04). Until it is, do not rely on this page as the whole policy. The desk's
        administrator sets the address; papers that arrive another lawful way are taken in all the same.
      </p>
    </Banner>
  );
}

/** "1 hour", "7 days". */
export function amount(n: number, unit: string): string {
  return `${n.toLocaleString("en")} ${unit}${n === 1 ? "" : "s"}`;
}
