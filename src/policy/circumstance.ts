// Whether a rule applies to a case: yes, no, or unknown because the case does not say.
import type { DataClass, Family, PlaceOf, Protection, ProviderKind, When } from "./pack.ts";

/** What a case says about itself, as far as rules may ask. An absent member is unknown. */
export interface CaseSituation {
  readonly instrument?: string;
  readonly family?: Family;
  readonly dataClass?: DataClass;
  readonly dataType?: string;
  readonly emergency?: boolean;
  readonly authorityNotified?: boolean;
  /** Region of the authority: `US`, `US-TX`, `DE`. */
  readonly authority?: string;
  readonly provider?: readonly ProviderKind[];
  readonly protection?: readonly Protection[];
  readonly places: { readonly [Place in PlaceOf]?: string };
}

export type Applies = "yes" | "no" | "unknown";

/** `territory` is what `here` stands for. `no` wins over `unknown`: a rule that cannot apply asks nothing. */
export function applies(when: When | undefined, situation: CaseSituation, territory: readonly string[]): Applies {
  const answers = when === undefined ? [] : conditionsOf(when, situation, territory);
  if (answers.includes("no")) return "no";
  return answers.includes("unknown") ? "unknown" : "yes";
}

function conditionsOf(when: When, situation: CaseSituation, territory: readonly string[]): readonly Applies[] {
  const { instrument, family, dataClass, dataType, authority } = situation;
  const classes = when.dataClasses ?? (when.dataClass === undefined ? undefined : [when.dataClass]);
  return [
    oneOf(when.instruments, instrument),
    oneOf(when.families, family),
    oneOf(classes, dataClass),
    oneOf(when.dataType === undefined ? undefined : [when.dataType], dataType),
    same(when.emergency, situation.emergency),
    same(when.authorityNotified, situation.authorityNotified),
    lies(when.authorityIn, authority, territory),
    not(lies(when.authorityOutside, authority, territory), when.authorityOutside),
    anyOf(when.providerIs, situation.provider),
    anyOf(when.protected, situation.protection),
    atDesignee(when.authorityAtDesignee, situation),
    placed(when.anyPlace, situation, territory, "any"),
    placed(when.everyPlace, situation, territory, "every"),
  ];
}

function oneOf(allowed: readonly string[] | undefined, value: string | undefined): Applies {
  if (allowed === undefined) return "yes";
  if (value === undefined) return "unknown";
  return allowed.includes(value) ? "yes" : "no";
}

function same(expected: boolean | undefined, value: boolean | undefined): Applies {
  if (expected === undefined) return "yes";
  if (value === undefined) return "unknown";
  return expected === value ? "yes" : "no";
}

function lies(regions: readonly string[] | undefined, value: string | undefined, territory: readonly string[]): Applies {
  if (regions === undefined) return "yes";
  if (value === undefined) return "unknown";
  return regions.some((region) => liesIn(value, region, territory)) ? "yes" : "no";
}

function not(answer: Applies, asked: unknown): Applies {
  if (asked === undefined || answer === "unknown") return asked === undefined ? "yes" : "unknown";
  return answer === "yes" ? "no" : "yes";
}

/** `US-CA` lies in `US`, in `US-*` and in `US-CA`; `US` lies in `US` only. */
export function liesIn(value: string, region: string, territory: readonly string[]): boolean {
  if (region === "here") return territory.some((part) => liesIn(value, part, territory));
  if (region.endsWith("-*")) return value.startsWith(region.slice(0, -1)) && value.length > region.length - 1;
  return value === region || value.startsWith(`${region}-`);
}

function anyOf(wanted: readonly string[] | undefined, known: readonly string[] | undefined): Applies {
  if (wanted === undefined) return "yes";
  if (known === undefined) return "unknown";
  return wanted.some((one) => known.includes(one)) ? "yes" : "no";
}

function atDesignee(expected: boolean | undefined, { authority, places }: CaseSituation): Applies {
  if (expected === undefined) return "yes";
  if (authority === undefined || places.designee === undefined) return "unknown";
  return (authority.slice(0, 2) === places.designee.slice(0, 2)) === expected ? "yes" : "no";
}

function placed(asked: When["anyPlace"], { places }: CaseSituation, territory: readonly string[], how: "any" | "every"): Applies {
  if (asked === undefined) return "yes";
  const answers = asked.of.map((place) => within(asked, places[place], territory));
  const decisive = how === "any" ? "yes" : "no";
  if (answers.includes(decisive)) return decisive;
  if (answers.includes("unknown")) return "unknown";
  return how === "any" ? "no" : "yes";
}

function within(asked: NonNullable<When["anyPlace"]>, value: string | undefined, territory: readonly string[]): Applies {
  const inside = lies(asked.in, value, territory);
  const outside = not(lies(asked.outside, value, territory), asked.outside);
  if (inside === "no" || outside === "no") return "no";
  return inside === "unknown" || outside === "unknown" ? "unknown" : "yes";
}
