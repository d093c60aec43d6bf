// Loads a desk's facts from one file: legal entity and place, packs, elections, customers, officers, staff, sources.
import { z } from "zod";
import type { Actor, DeskId } from "../kernel/ids.ts";
import { day, isZone } from "../kernel/instant.ts";
import type { Reason } from "../kernel/outcome.ts";
import type { Json } from "../ledger/canonical-json.ts";
import { providerKinds } from "../policy/pack.ts";
import { readDataMap } from "../production/plan/read-data-map.ts";
import { deskStream, type DeskProfile, type Shelf } from "./desk.ts";
import { admitStaff, connectSource, recordEntry, registerAccounts, registerOfficer, registerWorkspace } from "./directory.ts";
import type { DeskPorts } from "./ports.ts";
import { sourceSettings } from "./source-settings.ts";

const email = z.email().max(254);
const name = z.string().min(1).max(300);
const region = z.string().regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/, "A region is a country such as IE, or a part of one such as US-CA.");
const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "An id has letters, digits, dots, dashes and underscores.");

export const setUpFile = z.strictObject({
  desk: z.strictObject({
    legalEntity: name,
    /** ISO 3166-1 alpha-2. */
    country: z.string().regex(/^[A-Z]{2}$/, "Two capital letters, ISO 3166: US, IE, GB."),
    state: z.string().max(60).optional(),
    /** Regions such as US-CA: rules of states ask where the company was founded and where it has its headquarters. */
    incorporatedIn: region.optional(),
    headquarteredIn: region.optional(),
    /** Country of the designated establishment in the Union (Directive (EU) 2023/1544). */
    designatedIn: z
      .string()
      .regex(/^[A-Z]{2}$/, "Two capital letters, ISO 3166: IE, NL, DE.")
      .optional(),
    kinds: z.array(z.enum(providerKinds)).optional(),
    /** Languages declared to authorities, ISO 639-1. */
    languages: z.array(z.string().regex(/^[a-z]{2}$/, "Two small letters for each language, ISO 639-1: en, de.")).optional(),
    nationalSecurityBands: z.literal([1, 2, 3, 4]).optional(),
    timeZone: z.string().refine(isZone, "No such time zone. Use an IANA name such as America/Denver."),
    mailboxes: z.array(email).min(1),
    publicUrl: z.url().optional(),
    custodian: name.optional(),
    relay: z
      .strictObject({ host: z.string(), port: z.int().min(1).max(65535), from: email, user: z.string().optional(), password: z.string().optional() })
      .optional(),
  }),
  policyPacks: z.array(id).min(1).default(["data-request", "government-request"]),
  jurisdictions: z.array(id).min(1, "Choose at least one law.").default(["us"]),
  /** Defect of the documents (X-01 …) → the reading that is in force. */
  elections: z.record(z.string().regex(/^X-\d\d$/), z.string().min(1).max(500)).default({}),
  workspaces: z
    .array(
      z.strictObject({
        id,
        name,
        aliases: z.array(name).default([]),
        owners: z.array(z.strictObject({ name, email })).min(1),
        accounts: z.array(z.strictObject({ id: name, name: name.optional(), email: email.optional(), userName: name.optional() })).default([]),
      }),
    )
    .default([]),
  officers: z
    .array(
      z.strictObject({
        name,
        rank: name.optional(),
        agency: name,
        email,
        phone: z.string().max(60).optional(),
        calledBackOn: z.iso.date(),
        numberSource: z.enum(["agency-directory", "government-website", "court-directory", "earlier-verified-case"]).default("agency-directory"),
      }),
    )
    .default([]),
  staff: z.array(z.strictObject({ id, name, email, roles: z.array(z.enum(["analyst", "counsel", "approver", "auditor", "admin"])).min(1) })).default([]),
  sources: z.array(sourceSettings).default([]),
});
/** `dataMap` is the map's YAML text here: the door has read the file it named. */
export type SetUp = z.output<typeof setUpFile>;

export interface SetUpDone {
  readonly kind: "done";
  readonly workspaces: number;
  readonly accounts: number;
  readonly officers: number;
  readonly staff: number;
  readonly sources: number;
}

type Ports = Pick<DeskPorts, "ledger" | "vault" | "clock" | "claims">;

/** Everything is checked before anything is written. Running it again adds what is new and renews what changed. */
export async function setUpDesk(
  ports: Ports,
  deskId: DeskId,
  shelf: Shelf,
  setUp: SetUp,
  by: Actor,
): Promise<SetUpDone | { readonly kind: "refused"; readonly reasons: readonly Reason[] }> {
  const reasons = [...unknownPacks(setUp, shelf), ...badMaps(setUp, shelf), ...doubles(setUp)];
  if (reasons.length > 0) return { kind: "refused", reasons };
  await recordDesk(ports, deskId, setUp, by);
  const taken = [...(await registerWorkspaces(ports, deskId, setUp, by))];
  for (const officer of setUp.officers) await registerOfficer(ports, deskId, by, { ...officer, calledBackOn: day(officer.calledBackOn) });
  for (const person of setUp.staff)
    if ((await admitStaff(ports, deskId, by, person)) !== "recorded")
      taken.push(refusal("STAFF_TWICE", `The mailbox or id of ${person.id} already belongs to another member of staff. One person has one entry.`));
  for (const source of setUp.sources) await connectSource(ports, deskId, by, source);
  if (taken.length > 0) return { kind: "refused", reasons: taken };
  const accounts = setUp.workspaces.reduce((sum, workspace) => sum + workspace.accounts.length, 0);
  return {
    kind: "done",
    workspaces: setUp.workspaces.length,
    accounts,
    officers: setUp.officers.length,
    staff: setUp.staff.length,
    sources: setUp.sources.length,
  };
}

function providerOf({ incorporatedIn, headquarteredIn, designatedIn, kinds, languages }: SetUp["desk"]) {
  const provider = {
    ...(incorporatedIn === undefined ? {} : { incorporatedIn }),
    ...(headquarteredIn === undefined ? {} : { headquarteredIn }),
    ...(designatedIn === undefined ? {} : { designatedIn }),
    ...(kinds === undefined ? {} : { kinds }),
    ...(languages === undefined ? {} : { languages }),
  };
  return Object.keys(provider).length === 0 ? {} : { provider };
}

function refusal(code: string, because: string): Reason {
  return { clause: "SET-UP", code, because };
}

function unknownPacks(setUp: SetUp, shelf: Shelf): readonly Reason[] {
  const known = (packs: readonly { readonly pack: { readonly id: string } }[]) => packs.map(({ pack }) => pack.id);
  const missing = (wanted: readonly string[], there: readonly string[]) =>
    wanted
      .filter((pack) => !there.includes(pack))
      .map((pack) => refusal("UNKNOWN_PACK", `There is no pack called ${pack}. Installed are: ${there.join(", ")}.`));
  return [...missing(setUp.policyPacks, known(shelf.policies)), ...missing(setUp.jurisdictions, known(shelf.laws))];
}

function badMaps({ sources }: SetUp, shelf: Shelf): readonly Reason[] {
  const types = shelf.policies.flatMap(({ dataTypes }) => dataTypes);
  return sources.flatMap((source) => {
    const reading = readDataMap(`data map of ${source.name}`, source.dataMap, types);
    if (reading.kind === "read" && reading.maps.length === 1 && reading.maps[0]?.map.source === source.name) return [];
    return reading.kind === "read"
      ? [
          refusal(
            "SOURCE_NAME",
            `The source ${source.name} has a data map for ${reading.maps.map(({ map }) => map.source).join(", ")}. Call the source by the fides_key of its one map, so that no record is read twice.`,
          ),
        ]
      : reading.problems.map(({ file, line, column, what, remedy }) => refusal("DATA_MAP", `${file}:${line}:${column}: ${what} ${remedy}`));
  });
}

function doubles({ workspaces, staff, sources }: SetUp): readonly Reason[] {
  const twice = (kind: string, ids: readonly string[]) =>
    [...new Set(ids.filter((one, index) => ids.indexOf(one) !== index))].map((one) =>
      refusal("TWICE", `There are two ${kind} called ${one}. Give each an id of its own.`),
    );
  return [
    ...twice(
      "workspaces",
      workspaces.map((each) => each.id),
    ),
    ...twice(
      "members of staff",
      staff.map((each) => each.id),
    ),
    ...twice(
      "sources",
      sources.map((each) => each.name),
    ),
  ];
}

async function recordDesk(ports: Ports, deskId: DeskId, { desk, policyPacks, jurisdictions, elections }: SetUp, by: Actor): Promise<void> {
  const { legalEntity, mailboxes, publicUrl, custodian, relay } = desk;
  const profile: DeskProfile = JSON.parse(JSON.stringify({ legalEntity, mailboxes, publicUrl, custodian, relay })) as DeskProfile;
  await recordEntry(ports, deskId, {
    stream: deskStream,
    by,
    value: profile as unknown as Json,
    fact: (sealed) => ({
      type: "DeskSetUp",
      country: desk.country,
      ...(desk.state === undefined ? {} : { state: desk.state }),
      zone: desk.timeZone,
      policies: policyPacks,
      laws: jurisdictions,
      ...providerOf(desk),
      ...(desk.nationalSecurityBands === undefined ? {} : { bandOption: desk.nationalSecurityBands }),
      profile: sealed,
    }),
  });
  for (const [defect, choice] of Object.entries(elections))
    await recordEntry(ports, deskId, { stream: "elections", by, value: { choice }, fact: () => ({ type: "ElectionMade", defect, choice }) });
}

async function registerWorkspaces(ports: Ports, deskId: DeskId, { workspaces }: SetUp, by: Actor): Promise<readonly Reason[]> {
  const reasons: Reason[] = [];
  for (const { accounts, ...workspace } of workspaces) {
    const answer = await registerWorkspace(ports, deskId, by, workspace);
    if (answer === "recorded") await registerAccounts(ports, deskId, by, workspace.id, accounts);
    else
      reasons.push(refusal("NAME_TAKEN", `A name of the workspace ${workspace.id} already belongs to another workspace. Give it a name or alias of its own.`));
  }
  return reasons;
}
