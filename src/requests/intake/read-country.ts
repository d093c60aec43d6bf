// Guesses from mailboxes and telephone numbers which countries' papers a message may hold, and how its dates are written.
import type { JurisdictionPack } from "../../policy/pack.ts";
import type { ReadingPack } from "../../policy/reading-pack.ts";
import { domainOf } from "./read-addresses.ts";
import type { DateOrder } from "./read-dates.ts";

export interface CountryHints {
  readonly mailboxes: readonly string[];
  readonly phones: readonly string[];
}

/** False when a mailbox or a telephone of the sender belongs to another country; the Union's papers may come from any member. */
export function mayApply({ country, territory, governmentZones, callingCode, domainEnding }: JurisdictionPack, hints: CountryHints): boolean {
  if (!territory.includes(country) || hints.mailboxes.some((mailbox) => isUnder(mailbox, governmentZones))) return true;
  const endings = countryEndings(hints);
  const own = domainEnding ?? country.toLowerCase();
  if (endings.length > 0) return endings.includes(own);
  const foreign = hints.phones.filter((phone) => phone.startsWith("+"));
  return foreign.length === 0 || callingCode === undefined || foreign.some((phone) => phone.slice(1).replace(/\D/g, "").startsWith(callingCode));
}

function isUnder(mailbox: string, zones: readonly string[]): boolean {
  const domain = domainOf(mailbox);
  return zones.some((zone) => domain === zone || domain.endsWith(`.${zone}`));
}

function countryEndings({ mailboxes }: CountryHints): string[] {
  return mailboxes.map((mailbox) => domainOf(mailbox).split(".").at(-1) ?? "").filter((ending) => ending.length === 2);
}

/** English dates with slashes are read both ways; the sender's country decides which reading comes first. */
export function dateOrder(packs: readonly ReadingPack[], hints: CountryHints, jurisdictions: readonly JurisdictionPack[]): DateOrder {
  const orders = new Set(packs.map(({ dates }) => dates.slashOrder));
  if (orders.size === 1 && orders.has("dmy")) return { slash: "dmy", likely: "dmy" };
  if (orders.size === 1 && orders.has("mdy")) return { slash: "mdy", likely: "mdy" };
  const american = jurisdictions.some((pack) => pack.country === "US" && hints.mailboxes.some((mailbox) => isUnder(mailbox, pack.governmentZones)));
  const abroad = countryEndings(hints).some((ending) => ending !== "us") || hints.phones.some((phone) => /^\+(?!1)\d/.test(phone));
  return { slash: "either", likely: american || !abroad ? "mdy" : "dmy" };
}
