// The message and its attachments as text, with the words marked from which details were proposed.
import type { Child } from "hono/jsx";
import type { CaseView } from "../../app/case-view.ts";
import type { Span } from "../../requests/intake/details.ts";
import { Moment } from "../look/moment.tsx";
import { Banner, EmptyState } from "../look/records.tsx";

export interface NamedSpan extends Span {
  readonly what: string;
}

export function Message({ view }: { readonly view: CaseView }) {
  const { message, reading } = view;
  if (message === undefined)
    return (
      <EmptyState title="The message cannot be shown">
        It was forgotten with its case, or it could not be read. Its bytes' commitment stays in the ledger.
      </EmptyState>
    );
  const spans = reading === undefined ? [] : spansOf(reading);
  return (
    <>
      {message.problems.length === 0 ? (
        <></>
      ) : (
        <Banner kind="caution" title="Look at these parts of the message yourself">
          <ul>
            {message.problems.map(({ because, attachment }) => (
              <li>{`${attachment === undefined ? "" : `${sourceWords(`attachment-${attachment}`, message.attachments)}: `}${because}`}</li>
            ))}
          </ul>
        </Banner>
      )}
      {message.attachments.length === 0 ? <></> : <Attachments attachments={message.attachments} />}
      {(reading?.unread.length ?? 0) === 0 ? <></> : <Banner kind="caution" title="The message is longer than what is read. A person must look at the rest." />}
      {message.sources.map(({ id, text }) => (
        <section aria-label={sourceWords(id, message.attachments)}>
          <h3>
            <bdi>{sourceWords(id, message.attachments)}</bdi>
          </h3>
          {text.trim() === "" ? (
            <p class="absent">No text</p>
          ) : (
            <div class="desk-paper" dir="auto">
              {marked(
                text,
                spans.filter(({ source }) => source === id),
              )}
            </div>
          )}
        </section>
      ))}
    </>
  );
}

/** What the agency wrote later, on the same case. A person reads it and corrects the details where it changes them. */
export function LaterMessages({ view, zone }: { readonly view: CaseView; readonly zone: string }) {
  if (view.followUps.length === 0) return <></>;
  return (
    <>
      <h2 id="later-messages">Later messages of the agency</h2>
      {view.followUps.map(({ receivedAt, content }) => (
        <section>
          <h3>
            Received <Moment at={receivedAt} zone={zone} />
          </h3>
          {content === undefined ? (
            <p class="absent">Forgotten with its case</p>
          ) : (
            content.sources
              .filter(({ text }) => text.trim() !== "")
              .map(({ id, text }) => <div class="desk-paper" dir="auto">{`${sourceWords(id, content.attachments)}:\n${text}`}</div>)
          )}
        </section>
      ))}
    </>
  );
}

function Attachments({ attachments }: { readonly attachments: NonNullable<CaseView["message"]>["attachments"] }) {
  return (
    <ul>
      {attachments.map(({ fileName, kind, bytes }) => (
        <li>
          <bdi>{fileName}</bdi>
          {`, ${kind}, ${bytes.toLocaleString("en")} bytes`}
        </li>
      ))}
    </ul>
  );
}

function sourceWords(id: string, attachments: NonNullable<CaseView["message"]>["attachments"]): string {
  if (id === "body" || id === "subject") return id === "body" ? "Body" : "Subject";
  const index = Number(/^attachment-(\d+)$/.exec(id)?.[1] ?? Number.NaN);
  return attachments.find((attachment) => attachment.index === index)?.fileName ?? id;
}

const named: Readonly<Record<string, string>> = {
  agency: "agency",
  matter: "matter",
  officer: "officer",
  instruments: "paper",
  subjects: "account",
  workspaces: "workspace",
  dateRange: "date range",
  otherDateRanges: "another date range",
  dataTypes: "type of data",
  everything: "asks for everything",
  gags: "secrecy",
  emergency: "emergency",
  realTime: "real-time",
  deliveryKey: "delivery key",
};

/** Every stretch of text a detail was read from, with the detail's name. */
function spansOf(reading: NonNullable<CaseView["reading"]>): readonly NamedSpan[] {
  return Object.entries(named).flatMap(([member, what]) => {
    const proposed = [(reading as unknown as Record<string, unknown>)[member]].flat() as readonly ({ readonly spans?: readonly Span[] } | undefined)[];
    return proposed.flatMap((one) => (one?.spans ?? []).map((span) => ({ ...span, what })));
  });
}

/** The text cut at every edge of a span; what lies inside at least one is marked. Spans may overlap or reach past the end. */
export function marked(text: string, spans: readonly NamedSpan[]): readonly Child[] {
  const inside = spans.filter(({ start, end }) => start < end && start < text.length);
  const edges = [...new Set([0, text.length, ...inside.flatMap(({ start, end }) => [start, Math.min(end, text.length)])])].sort((a, b) => a - b);
  return edges.slice(0, -1).map((from, index) => {
    const to = edges[index + 1] ?? text.length;
    const over = inside.filter(({ start, end }) => start <= from && end >= to);
    const piece = text.slice(from, to);
    return over.length === 0 ? piece : <mark title={[...new Set(over.map(({ what }) => what))].join(", ")}>{piece}</mark>;
  });
}
