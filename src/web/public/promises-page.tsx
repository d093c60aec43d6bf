// Every promise in one place: our words, the document's own sentence, what it rests on, what keeps it, and what is wrong with it.
import { clauseRegister, type Citable } from "../../policy/clause-register.ts";
import type { PolicyPack } from "../../policy/pack.ts";
import type { Desk } from "../../app/desk.ts";
import { basisWords } from "../look/clause-chip.tsx";
import { Prose } from "../look/page.tsx";
import type { WebContext } from "../web.tsx";
import { defectWords } from "./defects.ts";
import { LadderTable } from "./ladder-table.tsx";
import { MailboxMissing, mailboxesOf, publicFrame } from "./public-frame.tsx";

export function promisesPage(c: WebContext) {
  const desk = c.get("desk");
  const inForce = policiesInForce(desk);
  const others = desk.shelf.policies.filter((policy) => !inForce.includes(policy));
  const register = clauseRegister([...desk.shelf.policies, ...desk.laws, ...desk.shelf.laws]);
  const checks = register.list().filter(({ kind }) => kind === "check");
  return publicFrame(c, {
    title: "What we promise, and what keeps it",
    way: "/promises",
    ...(mailboxesOf(desk).length === 0 ? { alert: <MailboxMissing /> } : {}),
    children: (
      <>
        <Contents inForce={inForce} others={others} />
        <h2 id="ladder">Which paper reaches what</h2>
        <LadderTable desk={desk} />
        {inForce.map((policy) => (
          <Document policy={policy} clauses={clausesOf(policy, register.find)} mailboxes={mailboxesOf(desk)} />
        ))}
        <h2 id="checks">The validity checklist</h2>
        <Prose>
          <p>
            Every paper is held against these questions. Some are answered from facts; the others wait for a named person, and nothing is accepted before they
            are answered and signed.
          </p>
        </Prose>
        {checks.map((check) => (
          <Entry entry={check} />
        ))}
        {others.map((policy) => (
          <NotInForce policy={policy} clauses={clausesOf(policy, register.find)} />
        ))}
      </>
    ),
  });
}

function policiesInForce({ setUp, shelf }: Desk): readonly PolicyPack[] {
  return shelf.policies.filter(({ pack }) => setUp.policies.includes(pack.id));
}

function clausesOf({ clauses }: PolicyPack, find: (id: string) => Citable | undefined): readonly Citable[] {
  return clauses.flatMap(({ id }) => find(id) ?? []);
}

function Contents({ inForce, others }: { readonly inForce: readonly PolicyPack[]; readonly others: readonly PolicyPack[] }) {
  return (
    <Prose>
      <p>
        Each line below binds this desk. “The document says” quotes the document word for word. “Kept by” says what the desk does so that the promise is kept
        even when somebody forgets it. Where a document contradicts itself or leaves something out, the line names the defect and how we read it.
      </p>
      <ul>
        <li>
          <a href="#ladder">Which paper reaches what</a>
        </li>
        {inForce.map(({ pack, clauses }) => (
          <li>
            <a href={`#${pack.id}`}>{pack.title}</a>, {clauses.length} clauses
          </li>
        ))}
        <li>
          <a href="#checks">The validity checklist</a>
        </li>
        {others.map(({ pack }) => (
          <li>
            <a href={`#${pack.id}`}>{pack.title}</a>, which does not bind this desk
          </li>
        ))}
      </ul>
    </Prose>
  );
}

interface DocumentProps {
  readonly policy: PolicyPack;
  readonly clauses: readonly Citable[];
}

function Document({ policy: { pack }, clauses, mailboxes }: DocumentProps & { readonly mailboxes: readonly string[] }) {
  return (
    <>
      <h2 id={pack.id}>{pack.title}</h2>
      <Prose>
        <p>
          Version {pack.version}. Review of this reading: {pack.reviewedBy}.
        </p>
      </Prose>
      {clauses.map((clause) => (
        <Entry entry={clause} mailboxes={clause.id === "KDRP-1" ? mailboxes : undefined} />
      ))}
    </>
  );
}

function NotInForce({ policy: { pack }, clauses }: DocumentProps) {
  return (
    <>
      <h2 id={pack.id}>{pack.title}: not in force here</h2>
      <Prose>
        <p>The validity checklist cites these clauses too. They belong to a document that does not bind this desk.</p>
      </Prose>
      {clauses.map(({ id, rule }) => (
        <section id={id} class="chip-body">
          <h3>{id}</h3>
          <p>{rule}</p>
        </section>
      ))}
    </>
  );
}

/** One promise or question. Its id is what every clause chip points at. */
function Entry({ entry, mailboxes }: { readonly entry: Citable; readonly mailboxes?: readonly string[] | undefined }) {
  const { id, kind, rule, quote, basis, kept, source, counsel, defects, related } = entry;
  return (
    <section id={id} class="chip-body">
      <h3>{id}</h3>
      <p class="chip-rule">{rule}</p>
      {quote === "" ? (
        <></>
      ) : (
        <figure>
          <figcaption>The document says:</figcaption>
          <blockquote class="chip-quote">{quote}</blockquote>
        </figure>
      )}
      <dl class="chip-facts">
        <dt>Rests on</dt>
        <dd>
          {basisWords[basis]}
          {counsel && basis !== "memory" ? " Counsel must confirm our reading." : ""}
        </dd>
        <dt>Kept by</dt>
        <dd>{kept}</dd>
        {mailboxes === undefined ? (
          <></>
        ) : (
          <>
            <dt>The address</dt>
            <dd>{mailboxes.length === 0 ? "Not set: this clause is not complete (X-04)." : mailboxes.join(", ")}</dd>
          </>
        )}
        {defects.length === 0 ? (
          <></>
        ) : (
          <>
            <dt>Defects</dt>
            {defects.map((defect) => (
              <dd>
                <strong>{defect}</strong>: {defectWords.get(defect) ?? "a known defect of the documents; the desk's administrator can say how it is read."}
              </dd>
            ))}
          </>
        )}
        {related.length === 0 ? (
          <></>
        ) : (
          <>
            <dt>{kind === "check" ? "Keeps" : "Checked by"}</dt>
            <dd>
              <Links ids={related} />
            </dd>
          </>
        )}
        <dt>Source</dt>
        <dd>{source}</dd>
      </dl>
    </section>
  );
}

function Links({ ids }: { readonly ids: readonly string[] }) {
  return (
    <>
      {ids.map((id, index) => (
        <>
          {index === 0 ? "" : ", "}
          <a href={`#${encodeURIComponent(id)}`}>{id}</a>
        </>
      ))}
    </>
  );
}
