// Says what kind of domain a message comes from: known to the desk, a government's, anybody's, or one made to deceive.
import { extendsKnownDomain, findLookAlike, type LookAlike } from "./look-alike.ts";
import { findZone, governmentZones, type GovernmentZone } from "./government-zones.ts";

/** From most to least trusted. */
const domainClasses = ["LE_VERIFIED", "GOV_ZONE", "GOV_HINT", "UNKNOWN", "FREEMAIL", "DISPOSABLE"] as const;
export type DomainClass = (typeof domainClasses)[number];

/** What the desk knows about domains. All names in A-labels, lower case. */
export interface DomainRegister {
  /** Exact domains of law-enforcement bodies a person of this desk has verified. */
  readonly verified: readonly string[];
  readonly zones: readonly GovernmentZone[];
  /** Domains worth imitating beside the verified ones. */
  readonly imitable: readonly string[];
  readonly disposable: ReadonlySet<string>;
}

export const emptyRegister: DomainRegister = {
  verified: [],
  zones: governmentZones,
  imitable: [
    "fbi.gov",
    "justice.gov",
    "usdoj.gov",
    "dhs.gov",
    "uscourts.gov",
    "europol.europa.eu",
    "eurojust.europa.eu",
    "interpol.int",
    "nationalcrimeagency.gov.uk",
    "met.police.uk",
    "bka.bund.de",
    "justice.gouv.fr",
  ],
  disposable: new Set(),
};

export interface DomainReading {
  readonly class: DomainClass;
  readonly zone?: GovernmentZone;
  readonly lookAlike?: LookAlike;
}

/** Anybody gets an address here within a minute. */
const freemail: ReadonlySet<string> = new Set(
  "gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk hotmail.fr live.com msn.com yahoo.com yahoo.co.uk yahoo.fr yahoo.de yahoo.co.jp ymail.com rocketmail.com icloud.com me.com mac.com aol.com proton.me protonmail.com protonmail.ch pm.me tutanota.com tuta.io tuta.com gmx.com gmx.net gmx.de gmx.at gmx.ch web.de t-online.de freenet.de mail.com mail.ru bk.ru inbox.ru list.ru yandex.ru yandex.com rambler.ru zoho.com zohomail.com fastmail.com fastmail.fm hey.com orange.fr wanadoo.fr free.fr laposte.net sfr.fr libero.it virgilio.it tiscali.it terra.com.br uol.com.br bol.com.br qq.com 163.com 126.com sina.com sohu.com naver.com daum.net hanmail.net rediffmail.com wp.pl o2.pl onet.pl interia.pl seznam.cz centrum.cz ukr.net bigpond.com shaw.ca rogers.com comcast.net verizon.net att.net btinternet.com sky.com telenet.be skynet.be ziggo.nl kpnmail.nl xs4all.nl bluewin.ch hushmail.com mailfence.com posteo.de mailbox.org disroot.org riseup.net duck.com".split(
    " ",
  ),
);

/** `domain` in A-labels, lower case, without a final dot. */
export function readDomain(domain: string, register: DomainRegister): DomainReading {
  if (register.verified.includes(domain)) return { class: "LE_VERIFIED", ...zoneOf(domain, register) };
  const known = [...register.verified, ...register.imitable];
  const zone = findZone(domain, register.zones);
  if (zone !== undefined) {
    const longer = extendsKnownDomain(domain, known);
    return {
      class: zone.source === "hint" ? "GOV_HINT" : "GOV_ZONE",
      zone,
      ...(longer === undefined ? {} : { lookAlike: { ...longer, strength: "possible" } }),
    };
  }
  if (isOrBelow(domain, freemail)) return { class: "FREEMAIL" };
  if (isOrBelow(domain, register.disposable)) return { class: "DISPOSABLE" };
  const lookAlike = findLookAlike(domain, { domains: known, suffixes: register.zones.map((each) => each.suffix) });
  return lookAlike === undefined ? { class: "UNKNOWN" } : { class: "UNKNOWN", lookAlike };
}

function zoneOf(domain: string, register: DomainRegister): { readonly zone?: GovernmentZone } {
  const zone = findZone(domain, register.zones);
  return zone === undefined ? {} : { zone };
}

function isOrBelow(domain: string, names: ReadonlySet<string>): boolean {
  const labels = domain.split(".");
  return labels.some((_, start) => names.has(labels.slice(start).join(".")));
}
