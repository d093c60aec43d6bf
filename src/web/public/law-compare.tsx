// Two versions of one pack side by side: what lets more leave first, then everything else, in plain words.
import { comparePacks, type PackChange } from "../../policy/pack-diff.ts";
import type { JurisdictionPack, PolicyPack } from "../../policy/pack.ts";
import { Button, Field } from "../look/forms.tsx";
import { Prose } from "../look/page.tsx";
import { Banner, EmptyState, Table } from "../look/records.tsx";
import type { WebContext } from "../web.tsx";
import { lawFrame, lawHref, noSuchPack, versionsOf } from "./law-frame.tsx";
import { capital } from "./report-words.ts";

type Pack = JurisdictionPack | PolicyPack;

/** Without a choice: the newest version against the one before it. */
export function lawComparePage(c: WebContext) {
  const { laws, policies } = c.get("desk").shelf;
  const versions: readonly Pack[] = versionsOf<Pack>([...laws, ...policies], c.req.param("id") ?? "");
  const [newest, previous] = versions;
  if (newest === undefined) return noSuchPack(c);
  const choose = (version: string | undefined, otherwise: Pack | undefined) =>
    version === undefined || version === "" ? otherwise : versions.find(({ pack }) => pack.version === version);
  const before = choose(c.req.query("from"), previous ?? newest);
  const after = choose(c.req.query("to"), newest);
  if (before === undefined || after === undefined) return noSuchPack(c);
  return lawFrame(c, `What changed: ${after.pack.title}`, <Comparison before={before} after={after} versions={versions} />);
}

interface ComparisonProps {
  readonly before: Pack;
  readonly after: Pack;
  readonly versions: readonly Pack[];
}

function Comparison({ before, after, versions }: ComparisonProps) {
  const { id } = after.pack;
  if (versions.length < 2)
    return (
      <EmptyState title={`The shelf holds one version of this pack: ${after.pack.version}`}>
        A second version, put beside it, can be compared here before it comes into force. <a href={packHref(after)}>Read the pack</a>
      </EmptyState>
    );
  return (
    <>
      <form method="get" action={`/law/${id}/compare`}>
        <VersionField name="from" label="From version" versions={versions} chosen={before} />
        <VersionField name="to" label="To version" versions={versions} chosen={after} />
        <div class="actions">
          <Button label="Compare the versions" kind="secondary" />
        </div>
      </form>
      <Changes before={before} after={after} />
    </>
  );
}

function packHref(pack: Pack): string {
  return pack.kind === "jurisdiction" ? lawHref(pack) : `/promises#${pack.pack.id}`;
}

interface VersionFieldProps {
  readonly name: "from" | "to";
  readonly label: string;
  readonly versions: readonly Pack[];
  readonly chosen: Pack;
}

function VersionField({ name, label, versions, chosen }: VersionFieldProps) {
  const choices = versions.map(({ pack }) => ({ value: pack.version, label: `${pack.version}, valid from ${pack.validFrom}` }));
  return <Field kind="select" id={name} name={name} label={label} choices={choices} value={chosen.pack.version} />;
}

function Changes({ before, after }: Pick<ComparisonProps, "before" | "after">) {
  const changes = comparePacks(before, after);
  const weakening = changes.filter(({ weakens }) => weakens);
  const others = changes.filter(({ weakens }) => !weakens);
  const pair = `${before.pack.version} to ${after.pack.version}`;
  if (changes.length === 0) return <EmptyState title={`Nothing differs: ${pair}`}>Both versions say the same in every rule.</EmptyState>;
  return (
    <>
      <Prose>
        <p>
          From <a href={packHref(before)}>{before.pack.version}</a> to <a href={packHref(after)}>{after.pack.version}</a>: {changesWords(changes.length)}, of
          which {weakening.length} {weakening.length === 1 ? "lets" : "let"} more leave, or may. Texts such as reasons and sources are shown and not judged.
        </p>
      </Prose>
      <h2 id="weakening">What lets more leave</h2>
      {weakening.length === 0 ? (
        <Banner kind="note" title="No change lets more leave, leave sooner, or with fewer people told." />
      ) : (
        <ChangeTable caption={`${pair}: what lets more leave, leave sooner, or with fewer people told, or may do so`} changes={weakening} />
      )}
      <h2 id="others">Everything else</h2>
      {others.length === 0 ? <EmptyState title="There is no other change" /> : <ChangeTable caption={`${pair}: every other change`} changes={others} />}
    </>
  );
}

function changesWords(count: number): string {
  return count === 1 ? "1 change" : `${count.toLocaleString("en")} changes`;
}

function ChangeTable({ caption, changes }: { readonly caption: string; readonly changes: readonly PackChange[] }) {
  return (
    <Table
      caption={caption}
      quietCaption
      columns={[
        { key: "line", head: "Change" },
        { key: "path", head: "Place in the pack" },
      ]}
      rows={changes.map(({ line, path }) => ({ cells: { line: capital(line), path } }))}
      empty={<></>}
    />
  );
}
