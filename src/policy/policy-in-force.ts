// Several policies can bind one desk: of each setting the stricter one is in force.
import type { PolicyPack, RequiredContent, Clause, DataType } from "./pack.ts";

export interface PolicyInForce {
  readonly versions: readonly string[];
  readonly settings: PolicyPack["settings"];
  readonly dataTypes: PolicyPack["dataTypes"];
  readonly requiredContents: readonly RequiredContent[];
  readonly clauses: readonly Clause[];
}

/** Joins at least one pack; data types and required contents keep the first pack's wording for an id. */
export function policyInForce(packs: readonly [PolicyPack, ...PolicyPack[]]): PolicyInForce {
  return {
    versions: packs.map((pack) => `${pack.pack.id}@${pack.pack.version}`),
    settings: packs.map((pack) => pack.settings).reduce(stricter),
    dataTypes: firstOfEach(packs.flatMap((pack) => pack.dataTypes)).map((type) => acceptedByAll(type, packs)),
    requiredContents: firstOfEach(packs.flatMap((pack) => pack.requiredContents)),
    clauses: firstOfEach(packs.flatMap((pack) => pack.clauses)),
  };
}

type Settings = PolicyPack["settings"];

function stricter(a: Settings, b: Settings): Settings {
  return {
    noticeDays: Math.max(a.noticeDays, b.noticeDays),
    noticeExceptions: a.noticeExceptions.filter((ground) => b.noticeExceptions.includes(ground)),
    lateNoticeBusinessDays: Math.min(a.lateNoticeBusinessDays, b.lateNoticeBusinessDays),
    referralFirst: a.referralFirst || b.referralFirst,
    allowVoluntaryEmergency: a.allowVoluntaryEmergency && b.allowVoluntaryEmergency,
    ...strictestEmergency(a, b),
    callBackValidDays: Math.min(a.callBackValidDays, b.callBackValidDays),
    gagLiftAttemptDays: [...new Set([...a.gagLiftAttemptDays, ...b.gagLiftAttemptDays])].sort((x, y) => x - y),
    smallNumber: Math.max(a.smallNumber, b.smallNumber),
    reportDueDays: Math.min(a.reportDueDays, b.reportDueDays),
    downloadDays: Math.min(a.downloadDays, b.downloadDays),
    downloads: Math.min(a.downloads, b.downloads),
  };
}

/** What every policy would let leave in an emergency, and the shortest time for the paper that must follow. */
function strictestEmergency(a: Settings, b: Settings): Pick<Settings, "emergency"> {
  if (a.emergency === undefined || b.emergency === undefined) return {};
  const [one, other] = [a.emergency, b.emergency];
  return {
    emergency: {
      dataTypes: one.dataTypes.filter((type) => other.dataTypes.includes(type)),
      paperWithinDays: Math.min(one.paperWithinDays, other.paperWithinDays),
    },
  };
}

/** A form of paper must satisfy every policy that knows the type of data. */
function acceptedByAll(type: DataType, packs: readonly PolicyPack[]): DataType {
  const others = packs.flatMap((pack) => pack.dataTypes.filter(({ id }) => id === type.id));
  const kinds = others.map(({ kind }) => kind);
  const kind = kinds.includes("real-time") ? "real-time" : kinds.includes("content") ? "content" : type.kind;
  return {
    ...type,
    kind,
    dated: others.some(({ dated }) => dated),
    accepts: type.accepts.filter((form) => others.every(({ accepts }) => accepts.includes(form))),
  };
}

function firstOfEach<Item extends { readonly id: string }>(items: readonly Item[]): Item[] {
  return [...new Map(items.toReversed().map((item) => [item.id, item])).values()].toReversed();
}

/** The first of these clauses that a policy in force contains: each company cites its own document. */
export function cite(policy: PolicyInForce, ...candidates: readonly [string, ...string[]]): string {
  return candidates.find((id) => policy.clauses.some((clause) => clause.id === id)) ?? candidates[0];
}
