// Every letter of a case as it was or will be read, beside the facts it was written from.
import type { CaseView, LetterView } from "../../app/case-view.ts";
import type { Desk } from "../../app/desk.ts";
import { openPage, type LetterPage } from "../../app/write-letter.ts";
import { LetterPreview } from "../look/evidence.tsx";
import { Moment } from "../look/moment.tsx";
import { Banner, EmptyState } from "../look/records.tsx";
import { StateTag } from "../look/state-tag.tsx";
import type { WebContext } from "../web.tsx";
import { letterWords } from "./case-words.ts";
import { noSuchCase } from "./desk-frame.tsx";
import { openCase } from "./open-case.ts";

const states = { waiting: ["open", "Waits to be sent"], sent: ["kept", "Sent"], failed: ["overdue", "Not delivered"] } as const;

export function Letters({ view, desk }: { readonly view: CaseView; readonly desk: Desk }) {
  if (view.letters.length === 0)
    return <EmptyState title="No letter has been written">Letters follow from steps: each is written with the step it belongs to.</EmptyState>;
  return (
    <>
      {view.letters.toReversed().map((letter) => (
        <details class="desk-fold" name="letter">
          <summary>
            {`${letterWords[letter.kind] ?? letter.kind}, to the ${letter.to === "owner" ? "customer" : "agency"} `}
            <StateTag state={states[letter.state][0]} word={states[letter.state][1]} />
          </summary>
          <Letter letter={letter} view={view} desk={desk} />
        </details>
      ))}
    </>
  );
}

function Letter({ letter, view, desk }: { readonly letter: LetterView; readonly view: CaseView; readonly desk: Desk }) {
  if (letter.content === undefined) return <p>This letter was forgotten with its case.</p>;
  const { to, subject, text, page } = letter.content;
  return (
    <>
      <PageOfLetter page={page} href={pageHref(view, letter)} />
      <LetterPreview
        subject={subject}
        to={to}
        from={desk.profile.relay?.from ?? desk.profile.mailboxes[0] ?? desk.profile.legalEntity}
        lang="en"
        dir="ltr"
        facts={factsOf(letter, view, desk)}
      >
        {text.split(/\n{2,}/).map((paragraph) => (
          <p>{paragraph.split("\n").flatMap((line, index) => (index === 0 ? [line] : [<br />, line]))}</p>
        ))}
      </LetterPreview>
    </>
  );
}

function PageOfLetter({ page, href }: { readonly page: LetterPage | undefined; readonly href: string }) {
  if (page === undefined) return <p>This letter goes as text alone: the desk had no printer when it was written.</p>;
  if (page.kind === "failed")
    return (
      <Banner kind="caution" title="This letter has no page as PDF and goes as text alone.">
        {unprintedWords[page.code] ?? unprintedWords["PRINT_FAILED"]}
      </Banner>
    );
  const size = `${Math.ceil(page.bytes / 1024).toLocaleString("en")} KiB`;
  return (
    <>
      <p class="actions">
        <a href={href} download={page.fileName}>{`This letter as PDF (${size})`}</a>
      </p>
      {page.replaced === 0 ? <></> : <p>{`Characters of it that print as Unicode numbers, because the type face lacks them: ${page.replaced}`}</p>}
    </>
  );
}

const unprintedWords: Readonly<Record<string, string>> = {
  PRINT_TOO_LARGE: "It is longer than a page run may be.",
  PRINT_TOO_SLOW: "Printing took too long and was stopped.",
  PRINTER_UNAVAILABLE: "The printer could not be started; see whether the installation is complete.",
  PRINT_FAILED: "The printer refused it.",
};

function pageHref({ caseId }: Pick<CaseView, "caseId">, { letter }: Pick<LetterView, "letter">): string {
  return `/desk/case/${caseId}/letter/${letter}`;
}

/** One letter of a case as PDF, for those who may open the case. */
export async function letterPage(c: WebContext) {
  const opened = await openCase(c);
  if (opened === undefined) return noSuchCase(c);
  const content = opened.view.letters.find(({ letter }) => letter === c.req.param("letter"))?.content;
  const pdf = content === undefined ? undefined : await openPage(c.get("desk"), opened.view.caseId, content);
  if (pdf === undefined || content?.page?.kind !== "printed") return c.notFound();
  c.header("Content-Type", "application/pdf");
  c.header("Content-Disposition", `attachment; filename="${content.page.fileName}"`);
  return c.body(pdf.slice().buffer);
}

function factsOf({ writtenAt, state }: LetterView, { caseId, receivedAt, packs, lines }: CaseView, { zone }: Desk) {
  return [
    { label: "Case", value: caseId },
    { label: "Received", value: <Moment at={receivedAt} zone={zone} /> },
    { label: "Written", value: <Moment at={writtenAt} zone={zone} /> },
    { label: "State", value: states[state][1] },
    { label: "Lines", value: lines.length === 0 ? "none" : lines.map(({ id, words }) => `${id}: ${words}`).join("; ") },
    { label: "Rules", value: packs.join(", ") },
  ];
}
