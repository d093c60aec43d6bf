// Turns what was read into the details a person confirms: accounts looked up in the desk's directory, one line for each kind of data and account.
import type { CasePart } from "../exchange/module.ts";
import type { Instant } from "../kernel/instant.ts";
import type { History } from "../requests/decision.ts";
import type { ProposedInstrument, RequestReading } from "../requests/intake/details.ts";
import type { CasePlaces, DetailsConfirmed, InstrumentFacts } from "../requests/intake/events.ts";
import { intakeOf } from "../requests/intake/module.ts";
import { missingContents } from "../requests/intake/read-missing-contents.ts";
import type { CaseSecrets, PrivateDetails } from "./case-secrets.ts";
import type { Desk } from "./desk.ts";
import { findAccount, findWorkspace, type WorkspaceEntry } from "./directory.ts";
import { formsOf, readingWithForms, type SealedReading } from "./import-document.ts";

/** The command a person sends with or without corrections; dates as text, as in a form. */
export interface DetailsProposal {
  readonly type: "ConfirmDetails";
  readonly nature: DetailsConfirmed["nature"];
  readonly instrument?: Omit<InstrumentFacts, Dates> & { readonly [Date in Exclude<Dates, "servedAt">]?: string } & { readonly servedAt: string };
  readonly subjects: readonly { readonly id: string; readonly workspace?: string; readonly resolved: boolean }[];
  readonly lines: readonly {
    readonly id: string;
    readonly subject: string;
    readonly dataType: string;
    readonly from?: string;
    readonly to?: string;
    readonly onlyToIdentify?: boolean;
  }[];
  readonly places?: CasePlaces;
  readonly private: PrivateDetails;
  readonly given: readonly string[];
}

type Dates = "issuedOn" | "servedAt" | "expiresOn" | "returnOn" | "validatedAt";

/** From the first order that came as a form; from the text where none did. */
export async function proposeDetails(desk: Desk, history: History, secrets: CaseSecrets): Promise<DetailsProposal | undefined> {
  const reading: SealedReading | undefined = secrets.reading;
  const { received } = intakeOf(history);
  if (reading === undefined || received === undefined) return undefined;
  const form = (await formsOf(desk, history, reading)).find(({ proposes }) => proposes);
  if (form?.part !== undefined) {
    const whole = form.with === "request" ? reading : readingWithForms(reading, [form], { sources: [] });
    return fromForm(desk, form.part, whole, received.receivedAt);
  }
  const subjects = await subjectsOf(desk, reading);
  const instrument = instrumentOf(desk, reading, received.receivedAt);
  const given = givenContents(desk, reading);
  return {
    type: "ConfirmDetails",
    nature: reading.matter?.value.nature ?? "unknown",
    ...(instrument === undefined ? {} : { instrument }),
    subjects: subjects.map(({ id, workspace, account }) => ({ id, resolved: account !== undefined, ...(workspace === undefined ? {} : { workspace }) })),
    lines: linesOf(desk, reading, subjects, received.receivedAt),
    private: privateOf(reading, subjects),
    given,
  };
}

async function fromForm(desk: Desk, part: CasePart, reading: RequestReading, receivedAt: Instant): Promise<DetailsProposal> {
  const subjects = await subjectsOfPart(desk, part, reading);
  const instrument = instrumentOfPart(desk, part, receivedAt);
  const places = present(part.places);
  return {
    type: "ConfirmDetails",
    nature: part.paper.nature ?? reading.matter?.value.nature ?? "unknown",
    ...(instrument === undefined ? {} : { instrument }),
    subjects: subjects.map(({ id, workspace, account }) => ({ id, resolved: account !== undefined, ...(workspace === undefined ? {} : { workspace }) })),
    lines: linesOfPart(desk, part, subjects),
    ...(Object.keys(places).length === 0 ? {} : { places }),
    private: privateOf(reading, subjects),
    given: givenContents(desk, reading),
  };
}

/** One subject for each of the form; it is resolved when every identifier that the directory knows leads to the same account. */
async function subjectsOfPart(desk: Desk, { subjects }: CasePart, reading: RequestReading): Promise<readonly Subject[]> {
  const workspaces = await workspacesOf(desk, reading);
  return Promise.all(
    subjects.map(async ({ id, workspace, identifiers }): Promise<Subject> => {
      const asWritten = identifiers.map(({ value }) => value).join(", ") || (workspace ?? id);
      const found = await Promise.all(identifiers.map(({ value }) => subjectIn(desk, workspaces, { id, asWritten }, value)));
      const known = found.filter(({ account }) => account !== undefined);
      const isOne = new Set(known.map((each) => `${each.workspace}\n${each.account}`)).size === 1;
      return (isOne ? known[0] : undefined) ?? withWorkspace({ id, asWritten }, workspaces);
    }),
  );
}

/** What the form says of the paper. It never says when or how the paper reached this desk, nor whether its seal holds. */
function instrumentOfPart(desk: Desk, { paper }: CasePart, receivedAt: Instant): DetailsProposal["instrument"] {
  const { instrument: id, nature: _, servedAt: __, servedBy: ___, seal: ____, addressedTo: _____, shows = [], lacks = [], offence, ...said } = paper;
  const law = desk.laws.find(({ instruments }) => instruments.some((each) => each.id === id));
  if (id === undefined || law === undefined) return undefined;
  const known = (contents: readonly string[]) => contents.filter((content) => law.contents[content] !== undefined);
  return {
    ...present(said),
    id,
    servedAt: receivedAt,
    ...(known(shows).length === 0 ? {} : { shows: known(shows) }),
    ...(known(lacks).length === 0 ? {} : { lacks: known(lacks) }),
    ...(offence === undefined ? {} : { offence: present(offence) }),
  };
}

/** Dates only where the kind of data has them, as for a request in words. */
function linesOfPart(desk: Desk, { lines }: CasePart, subjects: readonly Subject[]): DetailsProposal["lines"] {
  return lines.map(({ id, subject, dataType, from, to, onlyToIdentify }) => ({
    id,
    subject: subject ?? subjects[0]?.id ?? "",
    dataType,
    ...(isDated(desk, dataType) ? present({ from, to }) : {}),
    ...(onlyToIdentify === true ? { onlyToIdentify } : {}),
  }));
}

type Present<Value> = { [Member in keyof Value]: Exclude<Value[Member], undefined> };

function present<Value extends object>(value: Value): Present<Value> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Present<Value>;
}

interface Subject {
  readonly id: string;
  readonly asWritten: string;
  readonly workspace?: string;
  readonly workspaceName?: string;
  readonly account?: string;
}

/** Every account, looked up in every workspace the paper names; an account without a workspace stays unresolved. */
async function subjectsOf(desk: Desk, reading: RequestReading): Promise<readonly Subject[]> {
  const workspaces = await workspacesOf(desk, reading);
  const named = reading.subjects.filter(({ value }) => value.kind === "account" && value.identifier !== "person-name");
  const people = named.length > 0 ? named : reading.subjects.filter(({ value }) => value.kind === "account");
  const asked = people.length > 0 ? people.map(({ value }) => value.value) : reading.workspaces.map(({ value }) => value);
  return Promise.all(asked.map((asWritten, index) => subjectIn(desk, workspaces, { id: `s${index + 1}`, asWritten }, asWritten)));
}

async function subjectIn(desk: Desk, workspaces: readonly WorkspaceEntry[], base: Subject, identifier: string): Promise<Subject> {
  for (const workspace of workspaces) {
    const account = await findAccount(desk, workspace.id, identifier);
    if (account !== undefined) return { ...base, workspace: workspace.id, workspaceName: workspace.name, account: account.id };
  }
  return withWorkspace(base, workspaces);
}

function withWorkspace(base: Subject, [only]: readonly WorkspaceEntry[]): Subject {
  return only === undefined ? base : { ...base, workspace: only.id, workspaceName: only.name };
}

/** As the paper names them; where it names none that the desk knows, the mail domain of an account may be a workspace's name too. */
async function workspacesOf(desk: Desk, reading: RequestReading): Promise<readonly WorkspaceEntry[]> {
  const named = await findAll(
    desk,
    reading.workspaces.map(({ value }) => value),
  );
  if (named.length > 0) return named;
  return findAll(
    desk,
    reading.subjects.flatMap(({ value }) => (value.identifier === "email" ? value.value.split("@").slice(-1) : [])),
  );
}

async function findAll(desk: Desk, names: readonly string[]): Promise<readonly WorkspaceEntry[]> {
  const found = (await Promise.all([...new Set(names)].map((name) => findWorkspace(desk, name)))).filter((entry) => entry !== undefined);
  return [...new Map(found.map((entry) => [entry.id, entry])).values()];
}

const signers = ["judge", "prosecutor", "clerk", "agency", "nobody"] as const;

function instrumentOf(desk: Desk, reading: RequestReading, receivedAt: Instant): DetailsProposal["instrument"] {
  const known = reading.instruments.flatMap(({ value }) => {
    const id = instrumentId(desk, value);
    return id === undefined ? [] : [{ ...value, id }];
  })[0];
  if (known === undefined) return undefined;
  return {
    id: known.id,
    signedBy: signerOf(known),
    ...(known.issuedOn === undefined ? {} : { issuedOn: known.issuedOn }),
    servedAt: receivedAt,
    ...(known.expiresOn === undefined ? {} : { expiresOn: known.expiresOn }),
    ...(known.returnOn === undefined ? {} : { returnOn: known.returnOn }),
  };
}

/** The law's own instrument; where only a family was read ("court order"), the one that alone answers to the section cited. */
function instrumentId(desk: Desk, { id, legalBasis }: ProposedInstrument): string | undefined {
  const papers = desk.laws.flatMap(({ instruments }) => instruments).filter(({ family }) => family !== "gag");
  if (papers.some((paper) => paper.id === id)) return id;
  const section = /\d{3,5}(?:\([a-z0-9]+\))+/i.exec(legalBasis ?? "")?.[0].toLowerCase();
  const cited = section === undefined ? [] : papers.filter(({ names }) => names.some((name) => name.toLowerCase().includes(section)));
  return cited.length === 1 ? cited[0]?.id : undefined;
}

function signerOf({ signedBy }: ProposedInstrument): (typeof signers)[number] {
  return signedBy ?? "nobody";
}

function linesOf(desk: Desk, reading: RequestReading, subjects: readonly Subject[], receivedAt: Instant): DetailsProposal["lines"] {
  const range = reading.dateRange?.value;
  const to = range?.to ?? (range?.openEnd === true ? receivedAt.slice(0, 10) : undefined);
  const dates = { ...(range?.from === undefined ? {} : { from: range.from }), ...(to === undefined ? {} : { to }) };
  const types = [...new Set(reading.dataTypes.map(({ value }) => value))];
  const pairs = subjects.flatMap((subject) => types.map((dataType) => ({ subject: subject.id, dataType })));
  return pairs.map((pair, index) => ({ id: `L${index + 1}`, ...pair, ...(isDated(desk, pair.dataType) ? dates : {}) }));
}

function isDated(desk: Desk, dataType: string): boolean {
  return desk.policy.dataTypes.find(({ id }) => id === dataType)?.dated ?? true;
}

function privateOf(reading: RequestReading, subjects: readonly Subject[]): PrivateDetails {
  const officer = reading.officer?.value;
  return {
    ...(reading.agency === undefined ? {} : { agency: cut(reading.agency.value) }),
    ...(reading.matter === undefined ? {} : { matter: cut(reading.matter.value.reference) }),
    ...(officer === undefined
      ? {}
      : {
          officer: Object.fromEntries(
            Object.entries(officer)
              .filter(([, value]) => !isTarget(value, subjects))
              .map(([name, value]) => [name, cut(value)]),
          ),
        }),
    subjects: Object.fromEntries(
      subjects.map(({ id, asWritten, account, workspaceName }) => [
        id,
        { asWritten: cut(asWritten), ...(account === undefined ? {} : { account }), ...(workspaceName === undefined ? {} : { workspaceName }) },
      ]),
    ),
    ...(reading.deliveryKey === undefined ? {} : { deliveryKey: reading.deliveryKey.value }),
  };
}

/** The address of an account that is asked for is never the officer's own. */
function isTarget(value: string, subjects: readonly Subject[]): boolean {
  return subjects.some(({ asWritten }) => asWritten.toLowerCase() === value.toLowerCase());
}

/** Never in the middle of a character. */
function cut(text: string): string {
  return text.slice(0, 300).toWellFormed();
}

function givenContents(desk: Desk, reading: RequestReading): readonly string[] {
  const missing = new Set(missingContents(reading, desk.policy.requiredContents, true).map(({ id }) => id));
  return desk.policy.requiredContents.map(({ id }) => id).filter((id) => id !== "government-mailbox" && !missing.has(id));
}
