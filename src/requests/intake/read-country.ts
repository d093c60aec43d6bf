// Guesses from mailboxes and telephone numbers which countries' papers a message may hold, and how its dates are written.
import type { JurisdictionPack } from "../../policy/pack.ts";
import type { ReadingPack } from "../../policy/reading-pack.ts";
import { domainOf } from "./read-addresses.ts";
import type { DateOrder } from "./read-dates.ts";

export interface CountryHints {
  readonly mailboxes: readonly string[];
  readonly phones: readonly string[];
}

const callingCodes: Readonly<Record<string, string>> = {
  US: "1",
  CA: "1",
  GB: "44",
  AU: "61",
  NZ: "64",
  IE: "353",
  IN: "91",
  DE: "49",
  AT: "43",
  CH: "41",
  FR: "33",
  BE: "32",
  NL: "31",
  ES: "34",
  IT: "39",
  PT: "351",
  BR: "55",
  PL: "48",
  MX: "52",
};

/** False when a mailbox or a telephone of the sender belongs to another country; the Union's papers may come from any member. */
export function mayApply({ country, governmentZones }: JurisdictionPack, hints: CountryHints): boolean {
  if (country === "EU" || hints.mailboxes.some((mailbox) => isUnder(mailbox, governmentZones))) return true;
  const endings = countryEndings(hints);
  const own = country === "GB" ? "uk" : country.toLowerCase();
  if (endings.length > 0) return endings.includes(own);
  const foreign = hints.phones.filter((phone) => phone.startsWith("+"));
  const code = callingCodes[country];
  return foreign.length === 0 || code === undefined || foreign.some((phone) => phone.slice(1).replace(/\D/g, "").startsWith(code));
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
