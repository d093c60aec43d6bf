// Where governments keep their e-mail: zones of the DNS that only public bodies are given names in, and what is known about each.

export interface GovernmentZone {
  /** Lower case, without a leading dot. The zone itself and every name below it belong to it. */
  readonly suffix: string;
  /** ISO 3166-1 alpha-2, or `EU` or `INT` for bodies of several states. */
  readonly country: string;
  readonly kind: "government" | "police" | "military" | "justice" | "prosecution";
  /** `public-suffix`: the registry keeps the zone for government; `own-domain`: a government's or one body's own name, noted by hand; `hint`: mixed use, a person must look. */
  readonly source: "public-suffix" | "own-domain" | "hint";
}

// The table was last gone through on 2026-11-21.

/** Government is not law enforcement: `gov` holds a city's liquor shop, `gov.uk` parish councils. A zone is never enough by itself (KDRP-3). */
export const governmentZones: readonly GovernmentZone[] = [
  ...zones("public-suffix", "government", [
    ["gov", "US"],
    ["gov.uk", "GB"],
    ["gc.ca", "CA"],
    ["gov.au", "AU"],
    ["govt.nz", "NZ"],
    ["gouv.fr", "FR"],
    ["gob.es", "ES"],
    ["gov.it", "IT"],
    ["gov.pt", "PT"],
    ["gov.pl", "PL"],
    ["gov.gr", "GR"],
    ["gov.ie", "IE"],
    ["gov.cy", "CY"],
    ["gov.lv", "LV"],
    ["gov.lt", "LT"],
    ["gv.at", "AT"],
    ["gov.br", "BR"],
    ["gob.mx", "MX"],
    ["gob.ar", "AR"],
    ["gov.ar", "AR"],
    ["gob.cl", "CL"],
    ["gov.co", "CO"],
    ["gob.pe", "PE"],
    ["go.jp", "JP"],
    ["lg.jp", "JP"],
    ["go.kr", "KR"],
    ["gov.in", "IN"],
    ["gov.sg", "SG"],
    ["gov.hk", "HK"],
    ["gov.tw", "TW"],
    ["gov.my", "MY"],
    ["gov.ph", "PH"],
    ["go.th", "TH"],
    ["go.id", "ID"],
    ["gov.vn", "VN"],
    ["gov.il", "IL"],
    ["gov.tr", "TR"],
    ["gov.za", "ZA"],
    ["gov.ng", "NG"],
    ["go.ke", "KE"],
    ["gov.gh", "GH"],
    ["gov.eg", "EG"],
    ["gov.ae", "AE"],
    ["gov.sa", "SA"],
    ["gov.ua", "UA"],
  ]),
  ...zones("public-suffix", "police", [["police.uk", "GB"]]),
  ...zones("public-suffix", "military", [["mil", "US"]]),
  ...zones("public-suffix", "justice", [["jus.br", "BR"]]),
  ...zones("public-suffix", "prosecution", [["mp.br", "BR"]]),
  ...zones("own-domain", "military", [["mod.uk", "GB"]]),
  ...zones("own-domain", "government", [
    ["gov.mt", "MT"],
    ["gov.ro", "RO"],
    ["europa.eu", "EU"],
    ["bund.de", "DE"],
    ["admin.ch", "CH"],
    ["canada.ca", "CA"],
    ["fgov.be", "BE"],
    ["rijksoverheid.nl", "NL"],
    ["etat.lu", "LU"],
    ["interno.it", "IT"],
  ]),
  ...zones("own-domain", "police", [
    ["garda.ie", "IE"],
    ["politie.nl", "NL"],
    ["polisen.se", "SE"],
    ["politi.dk", "DK"],
    ["politiet.no", "NO"],
    ["poliisi.fi", "FI"],
    ["police.be", "BE"],
    ["policia.es", "ES"],
    ["guardiacivil.es", "ES"],
    ["poliziadistato.it", "IT"],
    ["carabinieri.it", "IT"],
    ["gdf.it", "IT"],
    ["politsei.ee", "EE"],
    ["policie.cz", "CZ"],
    ["interpol.int", "INT"],
  ]),
  ...zones("own-domain", "justice", [
    ["giustizia.it", "IT"],
    ["justice.cz", "CZ"],
    ["judiciary.uk", "GB"],
    ["scotcourts.gov.uk", "GB"],
  ]),
  ...zones("own-domain", "prosecution", [
    ["om.nl", "NL"],
    ["aklagare.se", "SE"],
    ["anklagemyndigheden.dk", "DK"],
  ]),
  ...zones("hint", "government", [
    ["nic.in", "IN"],
    ["dep.no", "NO"],
    ["regeringskansliet.se", "SE"],
    ["bayern.de", "DE"],
    ["nrw.de", "DE"],
    ["hessen.de", "DE"],
    ["berlin.de", "DE"],
    ["ca.us", "US"],
    ["ny.us", "US"],
    ["tx.us", "US"],
    ["fl.us", "US"],
  ]),
  ...zones("hint", "police", [
    ["polizei.de", "DE"],
    ["police.gov.au", "AU"],
  ]),
];

function zones(source: GovernmentZone["source"], kind: GovernmentZone["kind"], names: readonly (readonly [string, string])[]): readonly GovernmentZone[] {
  return names.map(([suffix, country]) => ({ suffix, country, kind, source }));
}

/** The zone a domain lies in, on label boundaries only; the longest one when several hold it. */
export function findZone(domain: string, known: readonly GovernmentZone[] = governmentZones): GovernmentZone | undefined {
  const holding = known.filter((zone) => domain === zone.suffix || domain.endsWith(`.${zone.suffix}`));
  return holding.sort((one, other) => other.suffix.length - one.suffix.length)[0];
}
