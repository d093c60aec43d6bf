// The random sample: the auditor brings a public random number, the checkpoint brings the tree, and the cases follow from both.
import type { Checkpoint } from "../../ledger/port.ts";
import { Button, ErrorSummary, Field, type FormError, SummaryList } from "../look/forms.tsx";
import { Moment } from "../look/moment.tsx";
import { Prose } from "../look/page.tsx";
import { EmptyState, Table } from "../look/records.tsx";
import type { WebContext } from "../web.tsx";
import { auditorFrame } from "./auditor-frame.tsx";
import { Note } from "./fact-page.tsx";
import { drawSample, drawText, type Sample } from "./draw-sample.ts";
import { caseOf, secrecy, type ShownFact, wholeNumber } from "./shown-facts.ts";

const mostCases = 50;
const mostDraws = 4000;

interface Values {
  readonly seed: string;
  readonly cases: string;
}

/** A plain GET form: the address of the result repeats the draw, and nothing is stored. */
export async function samplePage(c: WebContext) {
  const values: Values = { seed: (c.req.query("seed") ?? "").trim(), cases: c.req.query("cases") ?? "10" };
  const errors = c.req.query("seed") === undefined ? [] : errorsIn(values);
  const checkpoint = await c.get("web").installation.newestCheckpoint();
  const isAsked = c.req.query("seed") !== undefined && errors.length === 0 && checkpoint !== undefined;
  const sample = isAsked ? await draw(c, checkpoint, values) : undefined;
  return auditorFrame(
    c,
    {
      title: "Random sample",
      way: "/auditor/sample",
      ...(errors.length === 0 ? {} : { alert: <ErrorSummary errors={errors} /> }),
      children: (
        <>
          <Explanation />
          {checkpoint === undefined ? <EmptyState title="Nothing is sealed yet" /> : <Form values={values} errors={errors} />}
          {sample === undefined || checkpoint === undefined ? (
            <></>
          ) : (
            <Result sample={sample} checkpoint={checkpoint} seed={values.seed} zone={c.get("desk").zone} />
          )}
        </>
      ),
    },
    errors.length === 0 ? 200 : 422,
  );
}

function errorsIn({ seed, cases }: Values): readonly FormError[] {
  const wanted = wholeNumber(cases) ?? 0;
  return [
    ...(seed === "" || seed.length > 200 || !/^[\x20-\x7e]+$/.test(seed)
      ? [{ field: "seed", text: "Enter the public random value: up to 200 plain letters, digits and signs." }]
      : []),
    ...(wanted < 1 || wanted > mostCases ? [{ field: "cases", text: `Enter a number of cases from 1 to ${mostCases}.` }] : []),
  ];
}

async function draw(c: WebContext, { root, size }: Checkpoint, { seed, cases }: Values): Promise<Sample<ShownFact>> {
  const desk = c.get("desk");
  const show = secrecy(desk);
  const findOpening = async (position: number) => {
    const [fact] = await desk.ports.ledger.readSealed(desk.id, position, 1);
    return fact === undefined || fact.version !== 1 || caseOf(fact) === undefined ? undefined : (await show([fact]))[0];
  };
  return drawSample({ root, seed, size, wanted: Number(cases), mostDraws, findOpening });
}

function Explanation() {
  return (
    <Prose>
      <p>
        Use a value that nobody could know when the checkpoint was signed and that anybody can look up afterwards: a round of a public randomness beacon, or the
        closing figures of a stock exchange. Write down which one before you draw.
      </p>
    </Prose>
  );
}

function Form({ values, errors }: { readonly values: Values; readonly errors: readonly FormError[] }) {
  const error = (field: string) => errors.find((each) => each.field === field)?.text;
  return (
    <form method="get" action="/auditor/sample">
      <Field id="seed" name="seed" label="Public random value" kind="text" value={values.seed} error={error("seed")} autocomplete="off" />
      <Field
        id="cases"
        name="cases"
        label="How many cases"
        kind="text"
        width="short"
        inputmode="numeric"
        value={values.cases}
        error={error("cases")}
        hint={`At most ${mostCases}.`}
      />
      <Button label="Draw the sample" />
    </form>
  );
}

interface ResultProps {
  readonly sample: Sample<ShownFact>;
  readonly checkpoint: Checkpoint;
  readonly seed: string;
  readonly zone: string;
}

function Result({ sample, checkpoint, seed, zone }: ResultProps) {
  const { cases, draws, short } = sample;
  return (
    <>
      <h2>
        {cases.length} of the desk's cases, after {draws.toLocaleString("en")} draws
      </h2>
      {short ? <p>Fewer cases than you asked for turned up: the desk has no more, or they are rare among its facts.</p> : <></>}
      <Table
        caption="Cases drawn"
        columns={[
          { key: "case", head: "Case" },
          { key: "nth", head: "Draw", figures: true },
          { key: "position", head: "Position", figures: true },
          { key: "at", head: "Opened" },
        ]}
        rows={cases.map(({ nth, position, found }) => ({
          href: `/auditor/fact/${position}`,
          sealed: found.kind === "secret",
          cells: {
            case: found.kind === "secret" ? found.caseId : (caseOf(found.sealed) ?? ""),
            nth: nth.toLocaleString("en"),
            position: position.toLocaleString("en"),
            at: found.kind === "secret" ? "" : <Moment at={found.sealed.at} zone={zone} />,
          },
        }))}
        empty={<EmptyState title="No case was drawn">The desk has no case yet, or cases are rare among its facts.</EmptyState>}
      />
      <HowDrawn checkpoint={checkpoint} seed={seed} />
    </>
  );
}

function HowDrawn({ checkpoint: { root, size, note }, seed }: { readonly checkpoint: Checkpoint; readonly seed: string }) {
  const command = `printf '%s\\n%s\\n%s' ${quoted(root)} ${quoted(seed)} 1 | sha256sum`;
  return (
    <>
      <h2>How it was drawn</h2>
      <Prose>
        <p>
          Draw 1, 2, 3 and so on is the SHA-256 of three lines: the root, your value, and the number of the draw. The digest, read as one number, modulo the{" "}
          {size.toLocaleString("en")} sealed facts gives a position. A position counts when the first fact of a case stands there; each case has exactly one, so
          each is equally likely. For the first draw: <br />
          <code>{command}</code>
        </p>
      </Prose>
      <SummaryList
        answers={[
          { label: "Root, Base64", value: <code>{root}</code> },
          { label: "Your value", value: <code>{seed}</code> },
          { label: "Text of draw 1", value: <code>{JSON.stringify(drawText(root, seed, 1))}</code> },
          { label: "Checkpoint to keep with your papers", value: <Note text={note} /> },
        ]}
      />
    </>
  );
}

/** Safe between single quotes of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
