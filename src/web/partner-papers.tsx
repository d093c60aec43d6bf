// The words and papers that one fact sealed, for those who may read the partner's record; a paper leaves as a download, never as a page.
import type { PartnerId } from "../kernel/ids.ts";
import type { Json } from "../ledger/canonical-json.ts";
import type { StoredPaper } from "../partners/asks.ts";
import { Button, SummaryList } from "./look/forms.tsx";
import { EmptyState } from "./look/records.tsx";
import type { WebContext } from "./web.tsx";

const labels: Readonly<Record<string, string>> = {
  words: "In words",
  name: "Name",
  notices: "Mailbox for notices",
  security: "Mailbox for security",
  privacy: "Mailbox for privacy",
};

export function PaperWords({ words, fileHref }: { readonly words: Json | undefined; readonly fileHref: string }) {
  if (words === undefined || words === null || typeof words !== "object" || Array.isArray(words))
    return <EmptyState title="Nothing lies with it">This fact has no words or papers of its own, or they were forgotten.</EmptyState>;
  const texts = Object.entries(words).flatMap(([name, value]) =>
    typeof value === "string" ? [{ label: labels[name] ?? name, value: <span class="prewrap">{value}</span> }] : [],
  );
  const file = (words as { readonly file?: { readonly fileName?: string; readonly bytes?: number } }).file;
  return (
    <>
      <SummaryList answers={texts} />
      {file === undefined ? <></> : <Button kind="secondary" label={`Download ${file.fileName ?? "the paper"}`} href={fileHref} />}
    </>
  );
}

/** Undefined when the paper was forgotten. Never shown in the browser: a paper may hold anything. */
export async function paperResponse(c: WebContext, partner: PartnerId, { object, fileName, bytes }: StoredPaper): Promise<Response | undefined> {
  const desk = c.get("desk");
  const content = await desk.ports.objects.get(desk.id, partner, object);
  if (content === undefined) return undefined;
  const stream = ReadableStream.from(content) as ReadableStream<Uint8Array>;
  return new Response(stream, {
    headers: {
      "Content-Type": "application/octet-stream",
      "Content-Length": String(bytes),
      "Content-Disposition": `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`,
      "X-Content-Type-Options": "nosniff",
      "Cache-Control": "no-store",
    },
  });
}
