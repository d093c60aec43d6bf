// Every promise in one place: our words, the document's own sentence, what it rests on, what keeps it, and what is wrong with it.
import { clauseRegister, type Citable } from "../../policy/clause-register.ts";
import type { ContractClause, ContractPack } from "../../policy/contract-pack.ts";
import type { PolicyPack } from "../../policy/pack.ts";
import type { ClauseProof, Desk } from "../../app/desk.ts";
import { enforcedBy } from "../../app/enforced-by.ts";
import { clauseCounts } from "../../app/partner-counts.ts";
import type { ClauseCount } from "../../app/ports.ts";
import { readElections, type Election } from "../../app/elections.ts";
import { basisWords } from "../look/clause-chip.tsx";
import { Moment } from "../look/moment.tsx";
import { Prose } from "../look/page.tsx";
import type { WebContext } from "../web.tsx";
import { LadderTable } from "./ladder-table.tsx";
import { MailboxMissing, mailboxesOf, publicFrame } from "./public-frame.tsx";

export async function promisesPage(c: WebContext) {
  const desk = c.get("desk");
  const elections = await readElections(desk);
  const counts = await clauseCounts(desk);
  const inForce = policiesInForce(desk);
  const others = desk.shelf.policies.filter((policy) => !inForce.includes(policy));
  const { contracts } = desk.shelf;
  const register = clauseRegister([...desk.shelf.policies, ...desk.laws, ...desk.shelf.laws, ...contracts]);
  const checks = register.list().filter(({ kind }) => kind === "check");
  return publicFrame(c, {
    title: "What we promise, and what keeps it",
    way: "/promises",
    ...(mailboxesOf(desk).length === 0 ? { alert: <MailboxMissing /> } : {}),
    children: (
      <>
        <Contents inForce={inForce} others={others} contracts={contracts} />
        <h2 id="ladder">Which paper reaches what</h2>
        <LadderTable desk={desk} />
        {inForce.map((policy) => (
          <Document policy={policy} clauses={clausesOf(policy, register.find)} desk={desk} />
        ))}
        <h2 id="checks">The validity checklist</h2>
        <Prose>
          <p>
            Every paper is held against these questions. Some are answered from facts; the others wait for a named person, and nothing is accepted before they
            are answered and signed.
          </p>
        </Prose>
        {checks.map((check) => (
          <Entry entry={check} desk={desk} />
        ))}
        {contracts.map((contract) => (
          <Contract contract={contract} desk={desk} find={register.find} counts={counts} />
        ))}
        <Defects desk={desk} elections={elections} />
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

interface ContentsProps {
  readonly inForce: readonly PolicyPack[];
  readonly others: readonly PolicyPack[];
  readonly contracts: readonly ContractPack[];
}

function Contents({ inForce, others, contracts }: ContentsProps) {
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
        {contracts.map(({ pack, clauses }) => (
          <li>
            <a href={`#${pack.id}`}>{pack.title}</a>, what we and our partners owe each other, {clauses.length} clauses
          </li>
        ))}
        <li>
          <a href="#defects">What is wrong with the documents</a>
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

function Document({ policy: { pack }, clauses, desk }: DocumentProps & { readonly desk: Desk }) {
  return (
    <>
      <h2 id={pack.id}>{pack.title}</h2>
      <Reviewed pack={pack} />
      {clauses.map((clause) => (
        <Entry entry={clause} desk={desk} />
      ))}
    </>
  );
}

function Reviewed({ pack }: Pick<PolicyPack, "pack">) {
  return (
    <Prose>
      <p>
        Version {pack.version}. Review of this reading: {pack.reviewedBy}.
      </p>
    </Prose>
  );
}

interface ContractProps {
  readonly contract: ContractPack;
  readonly desk: Desk;
  readonly find: (id: string) => Citable | undefined;
  readonly counts: ReadonlyMap<string, ClauseCount>;
}

function Contract({ contract: { pack, clauses, parties }, desk, find, counts }: ContractProps) {
  return (
    <>
      <h2 id={pack.id}>{pack.title}</h2>
      <Reviewed pack={pack} />
      <Prose>
        <p>What we and our partners owe each other. “Today” counts over all partners: what was kept, kept late, is open, overdue, or was excused.</p>
      </Prose>
      {clauses.map((clause) => {
        const entry = find(clause.id);
        return entry === undefined ? <></> : <Entry entry={entry} desk={desk} more={[...dutyFacts(clause, parties), ...countFacts(clause, counts)]} />;
      })}
    </>
  );
}

type Fact = readonly [name: string, words: string];

function dutyFacts(
  { parties: owes, trigger, action, deadline, exceptions, evidence, printedNo, logicalNo, topic, works }: ContractClause,
  parties: ContractPack["parties"],
): readonly Fact[] {
  return [
    ["In the document", logicalNo === undefined ? printedNo : `printed as ${printedNo}, meant as ${logicalNo}`],
    ["Who owes whom", owesWords(owes, parties)],
    ["When", trigger],
    ["What", action],
    ...(deadline === undefined ? [] : ([["By when", `${sentence(deadline.words)} ${basisWords[deadline.basis]}`]] as const)),
    ...(exceptions.length === 0 ? [] : ([["Unless", exceptions.join(" ")]] as const)),
    ...(evidence === undefined ? [] : ([["Shown by", evidence]] as const)),
    ["Enforced by", enforcedBy({ topic, works }) ?? "nothing can enforce it by program: an incident against it is recorded and shown"],
  ];
}

function sentence(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1).replace(/\.$/, "")}.`;
}

/** Over all partners, now. What only a gate or a register keeps has no clock of its own, and says so. */
function countFacts({ id, enforce }: ContractClause, counts: ReadonlyMap<string, ClauseCount>): readonly Fact[] {
  if (enforce.length === 0) return [];
  const count = counts.get(id);
  if (count === undefined)
    return [["Today", enforce.includes("CLOCK") ? "no duty under it yet" : "no duty under it; its gate, register or calculation has no clock"]];
  const { kept, late, open, overdue, excused } = count;
  return [
    [
      "Today",
      `${kept.toLocaleString("en")} kept, ${late.toLocaleString("en")} kept late, ${open.toLocaleString("en")} open, ${overdue.toLocaleString("en")} overdue, ${excused.toLocaleString("en")} excused`,
    ],
  ];
}

/** `P→V` as "the partner to the vendor". */
function owesWords(owes: string, parties: ContractPack["parties"]): string {
  return owes
    .replaceAll(/[A-Z]/g, (party) => parties[party] ?? party)
    .replaceAll("→", " to ")
    .replaceAll("↔", " and ");
}

/** The conflict register: every reading of every defect, the one in force, and who chose it. */
function Defects({ desk, elections }: { readonly desk: Desk; readonly elections: ReadonlyMap<string, Election> }) {
  const defects = desk.shelf.contracts.flatMap((contract) => contract.defects);
  if (defects.length === 0) return <></>;
  return (
    <>
      <h2 id="defects">What is wrong with the documents</h2>
      <Prose>
        <p>
          Where the documents contradict themselves or leave something out, each reading stands here. The stricter one is in force until a named person elects
          another, and the election is a fact of the ledger.
        </p>
      </Prose>
      {defects.map(({ id, says, readings, inForce, why, blocks, clauses }) => (
        <section id={id} class="chip-body">
          <h3>{id}</h3>
          <p class="chip-rule">{says}</p>
          <dl class="chip-facts">
            {readings
              .toSorted((one, other) => Number(other.id === inForce) - Number(one.id === inForce))
              .map((reading) => (
                <>
                  <dt>{reading.id === inForce ? "Reading in force" : "Another reading"}</dt>
                  <dd>{reading.words}</dd>
                </>
              ))}
            <dt>Why</dt>
            <dd>{why}</dd>
            <Elected election={elections.get(id)} zone={desk.zone} />
            {blocks === undefined ? (
              <></>
            ) : (
              <>
                <dt>Stays shut</dt>
                <dd>{blocks}</dd>
              </>
            )}
            <dt>Touches</dt>
            <dd>
              <Links ids={clauses} />
            </dd>
          </dl>
        </section>
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

function Elected({ election, zone }: { readonly election: Election | undefined; readonly zone: Desk["zone"] }) {
  if (election === undefined) return <></>;
  return (
    <>
      <dt>Elected</dt>
      <dd>
        {election.choice} <Moment at={election.at} zone={zone} />
      </dd>
    </>
  );
}

interface EntryProps {
  readonly entry: Citable;
  readonly desk: Desk;
  readonly more?: readonly Fact[];
}

/** One promise or question. Its id is what every clause chip points at. */
function Entry({ entry, desk, more = [] }: EntryProps) {
  const { id, kind, rule, quote, basis, kept, source, counsel, defects, related } = entry;
  const mailboxes = mailboxesOf(desk);
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
        {more.map(([name, words]) => (
          <>
            <dt>{name}</dt>
            <dd>{words}</dd>
          </>
        ))}
        <dt>Rests on</dt>
        <dd>
          {basisWords[basis]}
          {counsel && basis !== "memory" ? " Counsel must confirm our reading." : ""}
        </dd>
        <dt>{isBuilt(desk.shelf.proofs[id]) ? "Kept by" : "To be kept by"}</dt>
        <dd>{kept}</dd>
        {kind === "clause" ? <Proved proof={desk.shelf.proofs[id]} /> : <></>}
        {id === "KDRP-1" ? (
          <>
            <dt>The address</dt>
            <dd>{mailboxes.length === 0 ? "Not set: this clause is not complete (X-04)." : mailboxes.join(", ")}</dd>
          </>
        ) : (
          <></>
        )}
        {defects.length === 0 ? (
          <></>
        ) : (
          <>
            <dt>Defects</dt>
            {defects.map((defect) => (
              <dd>
                <strong>{defect}</strong>: {defectWords(defect, desk)}
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

/** What no test names is a plan, and the page says so. */
function isBuilt(proof: ClauseProof | undefined): boolean {
  return proof === undefined || proof.tests > 0;
}

function Proved({ proof }: { readonly proof: ClauseProof | undefined }) {
  if (proof === undefined) return <></>;
  const [first] = proof.named;
  return (
    <>
      <dt>Proved by</dt>
      <dd>
        {first === undefined
          ? "no test yet: the program does not keep it so far"
          : `“${first.test}” (${first.file})${proof.tests > 1 ? `, and ${proof.tests - 1} more ${proof.tests === 2 ? "test" : "tests"}` : ""}`}
      </dd>
    </>
  );
}

/** What is wrong, and how the desk reads it. */
function defectWords(id: string, { shelf }: Desk): string {
  const defect = shelf.contracts.flatMap(({ defects }) => defects).find((each) => each.id === id);
  const reading = defect?.readings.find((each) => each.id === defect.inForce);
  return defect === undefined || reading === undefined
    ? "a known defect of the documents; the desk's administrator can say how it is read."
    : `${defect.says} In force: ${reading.words}`;
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
