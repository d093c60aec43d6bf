// Tells anybody how to check this desk without asking it: what can be checked, how, and what each check proves.
import { momentWords } from "../look/moment.tsx";
import { SummaryList } from "../look/forms.tsx";
import { Prose } from "../look/page.tsx";
import { Copyable, EmptyState } from "../look/records.tsx";
import { tilePath, tileWidth } from "../../ledger/tiles.ts";
import type { WebContext } from "../web.tsx";
import { publicFrame } from "./public-frame.tsx";

export async function checkPage(c: WebContext) {
  const { installation } = c.get("web");
  const { profile, zone } = c.get("desk");
  const checkpoint = await installation.newestCheckpoint();
  const site = profile.publicUrl ?? new URL(c.req.url).origin;
  return publicFrame(c, {
    title: "Check this yourself",
    way: "/check",
    children: (
      <>
        <Prose>
          <p>
            Everything this desk does becomes one line in a record. The lines are sealed into a tree of digests, and the desk signs the tree's tip: the
            checkpoint. Change, remove or insert one old line, and no later checkpoint fits an earlier one any more. So a checkpoint you keep today is a witness
            against us tomorrow.
          </p>
          <p>The public log holds digests only. It proves that a line stands there and when, and tells nothing about whom it is.</p>
        </Prose>
        <h2 id="checkpoint">The newest checkpoint</h2>
        {checkpoint === undefined ? (
          <EmptyState title="Nothing is sealed yet">The first checkpoint follows with the first thing this desk does.</EmptyState>
        ) : (
          <SummaryList
            answers={[
              { label: "Signed", value: momentWords(checkpoint.at, zone) },
              { label: "Lines it covers", value: checkpoint.size.toLocaleString("en") },
              { label: "Root", value: <Copyable id="root" label="root" value={checkpoint.root} /> },
            ]}
          />
        )}
        <SummaryList answers={[{ label: "The desk's log key", value: <Copyable id="key" label="log key" value={installation.logKey} /> }]} />
        <h2 id="steps">What you can check</h2>
        <Prose>
          <ol>
            <li>
              <strong>The record only grows.</strong> Keep a checkpoint. Later, fetch the tiles and compute the older root from them; it must be the one you
              kept. Any client for C2SP tlog-tiles does it. <br />
              <code>curl -s {site}/log/checkpoint</code> <br />
              <code>
                curl -s {site}/log/{firstTile(checkpoint?.size ?? tileWidth)}
              </code>
            </li>
            <li>
              <strong>The checkpoint is ours.</strong> It is a signed note (Ed25519). The key is at <a href="/log/key">/log/key</a>; compare it with one you got
              another way or kept earlier. <br />
              <code>curl -s {site}/log/key</code>
            </li>
            <li>
              <strong>The published figures were not changed.</strong> Each <a href="/report">yearly report, and each table of bands,</a> prints the digest of
              its figures and a command that computes it anew.
            </li>
            <li>
              <strong>A package is what the desk released.</strong> An officer or a court checks it offline, with the log key above: <br />
              <code>portcullis production verify PACKAGE --log-key KEY</code>
            </li>
            <li>
              <strong>The figures follow from the record.</strong> This needs the record itself, so an auditor does it on the desk's own machine: <br />
              <code>portcullis ledger verify --known CHECKPOINT --data DIR</code>
            </li>
          </ol>
        </Prose>
        <h2 id="limits">What this cannot show</h2>
        <Prose>
          <p>
            That something was never written down. The record proves that what stands in it was not changed. Whether all that happened stands in it is for
            auditors, who draw cases at random, and for the officers and owners whose receipts name their request.
          </p>
          <p>
            One check needs more than one person: a desk could show two different records to two readers. Compare the checkpoint you hold with somebody else's.
          </p>
        </Prose>
        <h2 id="files">The files of the log</h2>
        <SummaryList
          answers={[
            { label: "Checkpoint", value: <a href="/log/checkpoint">/log/checkpoint</a> },
            { label: "Key", value: <a href="/log/key">/log/key</a> },
            { label: "Tiles", value: <code>/log/tile/LEVEL/INDEX</code> },
            { label: "Entries", value: <code>/log/tile/entries/INDEX</code> },
          ]}
        />
      </>
    ),
  });
}

/** The first tile as it lies there now: a young log's is still partial. */
function firstTile(size: number): string {
  return tilePath({ level: 0, index: 0, width: Math.min(size, tileWidth) });
}
