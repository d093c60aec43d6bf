// Turns what was read into the details a person confirms: accounts looked up in the desk's directory, one line for each kind of data and account.
import type { Instant } from "../kernel/instant.ts";
import type { History } from "../requests/decision.ts";
import type { ProposedInstrument, RequestReading } from "../requests/intake/details.ts";
import type { DetailsConfirmed } from "../requests/intake/events.ts";
import { intakeOf } from "../requests/intake/module.ts";
import { missingContents } from "../requests/intake/read-missing-contents.ts";
import type { CaseSecrets, PrivateDetails } from "./case-secrets.ts";
import type { Desk } from "./desk.ts";
import { findAccount, findWorkspace, type WorkspaceEntry } from "./directory.ts";

/** The command a person sends with or without corrections; dates as text, as in a form. */
export interface DetailsProposal {
  readonly type: "ConfirmDetails";
  readonly nature: DetailsConfirmed["nature"];
  readonly instrument?: {
    readonly id: string;
    readonly signedBy: NonNullable<DetailsConfirmed["instrument"]>["signedBy"];
    readonly issuedOn?: string;
    readonly servedAt: string;
    readonly expiresOn?: string;
    readonly returnOn?: string;
  };
  readonly subjects: readonly { readonly id: string; readonly workspace?: string; readonly resolved: boolean }[];
  readonly lines: readonly { readonly id: string; readonly subject: string; readonly dataType: string; readonly from?: string; readonly to?: string }[];
  readonly private: PrivateDetails;
  readonly given: readonly string[];
}

export async function proposeDetails(desk: Desk, history: History, secrets: CaseSecrets): Promise<DetailsProposal | undefined> {
  const { reading } = secrets;
  const { received } = intakeOf(history);
  if (reading === undefined || received === undefined) return undefined;
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
  return Promise.all(
    asked.map(async (asWritten, index): Promise<Subject> => {
      const base = { id: `s${index + 1}`, asWritten };
      for (const workspace of workspaces) {
        const account = await findAccount(desk, workspace.id, asWritten);
        if (account !== undefined) return { ...base, workspace: workspace.id, workspaceName: workspace.name, account: account.id };
      }
      const [only] = workspaces;
      return only === undefined ? base : { ...base, workspace: only.id, workspaceName: only.name };
    }),
  );
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
  const isDated = (dataType: string) => desk.policy.dataTypes.find(({ id }) => id === dataType)?.dated ?? true;
  return pairs.map((pair, index) => ({ id: `L${index + 1}`, ...pair, ...(isDated(pair.dataType) ? dates : {}) }));
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
