// The commands with which anybody checks published figures without asking the desk: the same for every kind of report.
import { Prose } from "../look/page.tsx";

export interface CheckCommandsProps {
  /** Address of the public pages without a final slash; undefined when the page cannot know it. */
  readonly site: string | undefined;
  /** Where the figures lie as JSON, from the site's root. */
  readonly json: string;
  /** False in a file that must not lead anywhere. */
  readonly linked?: boolean;
}

export function CheckCommands({ site, json, linked = false }: CheckCommandsProps) {
  const address = site ?? "ADDRESS";
  return (
    <Prose>
      <p>
        Three commands show that these figures are the ones that were published. Nothing here asks you to trust us.
        {site === undefined ? " ADDRESS stands for the desk's public address." : ""}
      </p>
      <ol>
        <li>
          Compute the digest of the figures. It must be the SHA-256 above: <br />
          <code>
            curl -s {address}
            {json} | jq -cjS .report | sha256sum
          </code>
        </li>
        <li>
          Fetch the desk's newest signed checkpoint, and keep it. Whoever holds it can later show that the record was cut or rewritten: <br />
          <code>curl -s {address}/log/checkpoint</code>
        </li>
        <li>
          Fetch the key that must have signed it, and compare it with one you kept earlier: <br />
          <code>curl -s {address}/log/key</code>
        </li>
      </ol>
      <p>
        An auditor with access to the desk recomputes the whole record and every figure ever published: <br />
        <code>portcullis ledger verify --known CHECKPOINT --data DIR</code>
      </p>
      {linked ? (
        <p>
          <a href="/check">How the record is kept, and what each check proves</a>
        </p>
      ) : (
        <></>
      )}
    </Prose>
  );
}
