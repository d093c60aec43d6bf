// Which domains are a government's, and which only look like one.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { domainToASCII } from "node:url";
import { test } from "node:test";
import fc from "fast-check";
import { getPublicSuffix } from "tldts";
import { findZone, governmentZones } from "./government-zones.ts";
import { skeletonOf, unicodeLabel } from "./look-alike.ts";
import { emptyRegister, readDomain } from "./sender-domain.ts";

const register = { ...emptyRegister, verified: ["police.springfield.example", "sheriff-county.org"], disposable: new Set(["mailinator.com"]) };
const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/);
const zone = fc.constantFrom(...governmentZones);

test("a name in a government zone is a government's, and so is the zone itself", () => {
  for (const [domain, country] of [
    ["fbi.gov", "US"],
    ["a.b.fbi.gov", "US"],
    ["met.police.uk", "GB"],
    ["rcmp-grc.gc.ca", "CA"],
    ["bka.bund.de", "DE"],
    ["europol.europa.eu", "EU"],
    ["interieur.gouv.fr", "FR"],
    ["gov.uk", "GB"],
  ] as const) {
    const reading = readDomain(domain, register);
    assert.deepEqual([reading.class, reading.zone?.country], ["GOV_ZONE", country], domain);
  }
});

test("classes follow what the desk knows best", () => {
  assert.equal(readDomain("police.springfield.example", register).class, "LE_VERIFIED");
  assert.equal(readDomain("mail.police.springfield.example", register).class, "UNKNOWN");
  assert.equal(readDomain("polizei.bayern.de", register).class, "GOV_HINT");
  assert.equal(readDomain("gmail.com", register).class, "FREEMAIL");
  assert.equal(readDomain("x.mailinator.com", register).class, "DISPOSABLE");
  assert.equal(readDomain("acme.example", register).class, "UNKNOWN");
});

const disguises: readonly (readonly [string, string, "likely" | "possible"])[] = [
  ["x.gov.evil.com", "government-word", "likely"],
  ["agency.gov.uk.evil.com", "zone-inside", "likely"],
  ["gov.com", "government-word", "likely"],
  ["evilgov.com", "government-word", "possible"],
  ["fbi-gov.com", "government-word", "likely"],
  ["police-gov.us", "government-word", "likely"],
  ["fbi.g0v.net", "government-word", "likely"],
  ["fbi.gov.com", "longer-name", "likely"],
  ["interpol.com", "same-name-elsewhere", "possible"],
  ["sheriffcounty.org", "hyphen", "likely"],
  ["sherif-county.org", "one-letter-off", "likely"],
  ["sheirff-county.org", "one-letter-off", "likely"],
  ["sher1ff-county.org", "confusable-letters", "likely"],
  ["met.pollce.uk", "confusable-letters", "likely"],
  [domainToASCII("shеriff-county.org"), "confusable-letters", "likely"],
  [domainToASCII("fbі.gov.evil.org"), "mixed-scripts", "likely"],
  [domainToASCII("аcme.example"), "mixed-scripts", "likely"],
];
for (const [domain, trick, strength] of disguises) {
  test(`${unicodeLabel(domain)} (${domain}) is no government's and is found to imitate one`, () => {
    const reading = readDomain(domain, register);
    assert.equal(reading.class, "UNKNOWN");
    assert.deepEqual([reading.lookAlike?.trick, reading.lookAlike?.strength], [trick, strength]);
  });
}

test("another country's zone does not lend a known name", () => {
  const reading = readDomain("justice.gov.co", register);
  assert.deepEqual([reading.class, reading.zone?.country, reading.lookAlike?.trick], ["GOV_ZONE", "CO", "longer-name"]);
});

test("ordinary domains are not suspected", () => {
  for (const domain of ["acme.example", "example.org", "my-company.co.uk", "bücher.example", "lawfirm.com", "milk.com", "university.edu", "sheriffs.net"].map(
    (each) => domainToASCII(each),
  ))
    assert.equal(readDomain(domain, register).lookAlike, undefined, domain);
});

test("no words before or after a foreign domain make it a government's", () => {
  fc.assert(
    fc.property(zone, fc.array(label, { maxLength: 3 }), fc.array(label, { minLength: 1, maxLength: 2 }), (each, before, after) => {
      const domain = [...before, each.suffix, ...after].join(".");
      fc.pre(findZone(after.join(".")) === undefined && findZone(domain.split(".").slice(1).join(".")) === undefined);
      const { class: known } = readDomain(domain, register);
      assert.ok(known !== "GOV_ZONE" && known !== "LE_VERIFIED" && known !== "GOV_HINT", domain);
    }),
  );
});

test("a zone holds on label boundaries only", () => {
  fc.assert(
    fc.property(zone, fc.stringMatching(/^[a-z0-9-]{1,8}$/), label, (each, glued, before) => {
      fc.pre(findZone(glued + each.suffix) === undefined || findZone(glued + each.suffix)?.suffix === each.suffix);
      assert.equal(findZone(glued + each.suffix)?.suffix === each.suffix, false);
      assert.equal(findZone(`${before}.${each.suffix}`)?.suffix.endsWith(each.suffix), true);
    }),
  );
});

test("a letter swapped for one that looks the same is always found", () => {
  const swaps: readonly (readonly [string, string])[] = [
    ["o", "0"],
    ["e", "е"],
    ["a", "а"],
    ["i", "1"],
    ["l", "1"],
    ["c", "с"],
    ["p", "р"],
  ];
  fc.assert(
    fc.property(fc.constantFrom(...swaps), ([letter, other]) => {
      const imitated = "policeoffice.org";
      const domain = domainToASCII(imitated.replace(letter, other));
      fc.pre(domain !== imitated);
      const reading = readDomain(domain, { ...register, verified: [imitated] });
      assert.equal(reading.class, "UNKNOWN");
      assert.equal(reading.lookAlike?.trick, "confusable-letters");
    }),
  );
});

test("labels are decoded as the standard asks", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-zà-ÿα-ωа-я]{1,12}$/u), (text) => {
      const ascii = domainToASCII(text);
      fc.pre(ascii.startsWith("xn--"));
      assert.equal(unicodeLabel(ascii), text.normalize("NFC"));
    }),
  );
  for (const broken of ["xn--", "xn--!!!", `xn--${"9".repeat(59)}`]) assert.equal(typeof unicodeLabel(broken), "string");
});

test("a skeleton of a skeleton is the same skeleton", () => {
  fc.assert(
    fc.property(fc.domain(), (domain) => assert.equal(skeletonOf(skeletonOf(domain)), skeletonOf(domain))),
    { examples: [["rnrn.com"], ["vvv.org"], ["clcl.net"]] },
  );
});

test("zones said to be kept by a registry are in the public suffix list", () => {
  const missing = governmentZones
    .filter((each) => each.source === "public-suffix" && getPublicSuffix(`a.${each.suffix}`) !== each.suffix)
    .map((each) => each.suffix);
  assert.deepEqual(missing, []);
  assert.equal(new Set(governmentZones.map((each) => each.suffix)).size, governmentZones.length);
});

const list = join(import.meta.dirname, "../../../../shared/data/gov-domains/us-dotgov-current-full-2026-08-22.csv");
test("every domain on the list of the US registry is in a government zone", { skip: !existsSync(list) && "the list is not here" }, () => {
  const domains = readFileSync(list, "utf8")
    .split("\n")
    .slice(1)
    .map((line) => (line.split(",")[0] ?? "").trim().toLowerCase())
    .filter((domain) => domain !== "");
  assert.ok(domains.length > 10_000);
  for (const domain of domains) assert.equal(readDomain(domain, register).class, "GOV_ZONE", domain);
});

const throwAway = join(import.meta.dirname, "../../../../shared/data/mail-domains/disposable_email_blocklist.conf");
test("no throw-away domain passes for a government's", { skip: !existsSync(throwAway) && "the list is not here" }, () => {
  const domains = readFileSync(throwAway, "utf8")
    .split("\n")
    .filter((domain) => domain !== "" && !domain.startsWith("#"));
  assert.ok(domains.length > 1000);
  for (const domain of domains) assert.equal(findZone(domain), undefined, domain);
});
