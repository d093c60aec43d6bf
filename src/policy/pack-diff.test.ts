// Holds the comparison of packs to its promise: nothing for equal packs, and every single change at its place, in words, with its weight.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, test } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { isJurisdiction, isPolicy, loadPack } from "./load-pack.ts";
import { jurisdictionPack, policyPack, type JurisdictionPack, type PolicyPack } from "./pack.ts";
import { statements } from "./pack-change-words.ts";
import { comparePacks } from "./pack-diff.ts";

const folder = fileURLToPath(new URL("../../packs", import.meta.url));
const loaded = globSync("{policies,jurisdictions}/*.yaml", { cwd: folder }).map((file) =>
  loadPack({ file: basename(file), text: readFileSync(`${folder}/${file}`, "utf8") }),
);
const packs = loaded.flatMap((result) => (isPolicy(result) || isJurisdiction(result) ? [result.pack as JurisdictionPack | PolicyPack] : []));
const us = packs.find(({ pack }) => pack.id === "us") as JurisdictionPack;
const workplace = packs.find(({ pack }) => pack.id === "data-request") as PolicyPack;

// Drafts are plain copies that a test may change as it likes.
// oxlint-disable-next-line typescript/no-explicit-any
type Free = any;

function changed<Pack extends JurisdictionPack | PolicyPack>(pack: Pack, change: (draft: Free) => void): Pack {
  const draft = structuredClone(pack);
  change(draft);
  return draft;
}

const instrument = (draft: Free, id: string): Free => draft.instruments.find((each: Free) => each.id === id);
const clause = (draft: Free, id: string): Free => draft.clauses.find((each: Free) => each.id === id);

/** A US pack that uses every part of the language, whatever the pack in the folder happens to use. */
const rich: JurisdictionPack = changed(us, (draft) => {
  Object.assign(instrument(draft, "US-SW"), {
    expires: { n: 14, unit: "days", counts: "after", rolls: false, citation: "Rule 41", basis: "memory" },
    only: ["messages", "files"],
    servedBy: ["portal", "post"],
    grounds: ["a danger to somebody's life"],
    mayTell: ["a lawyer"],
    costs: { rule: "We are paid for what it takes.", citation: "18 USC 2706", basis: "law" },
    tiers: [
      { classes: ["SUBSCRIBER", "TRAFFIC"], issuers: ["judge", "prosecutor"], validators: [], emergencyIssuers: [], citation: "Act, s. 1", basis: "law" },
      {
        classes: ["CONTENT"],
        issuers: ["judge"],
        validators: ["court"],
        offence: { minYears: 3, orListed: false },
        emergencyIssuers: ["agency"],
        validatedWithinHours: 48,
        form: "search-warrant",
        citation: "Act, s. 2",
        basis: "law",
      },
    ],
    clocks: [
      {
        id: "hold",
        label: "Notice to the other state",
        kind: "hold",
        lasts: { n: 10, unit: "days", counts: "after", rolls: true },
        from: "served",
        when: { emergency: false },
        suspendedBy: ["clarification"],
        endedBy: ["authority-cleared"],
        citation: "Act, s. 3",
        basis: "law",
      },
      {
        id: "theirs",
        label: "Validation afterwards",
        kind: "theirs",
        lasts: { n: 48, unit: "hours", counts: "after", rolls: false },
        from: "issued",
        suspendedBy: [],
        endedBy: ["lapse"],
        renewal: { lasts: { n: 2, unit: "months", counts: "after", rolls: false }, times: 1, citation: "Act, s. 4" },
        onEnd: "The duty lapses.",
        citation: "Act, s. 4",
        basis: "memory",
      },
    ],
    duties: [{ says: "Keep it confidential.", citation: "Act, s. 5", basis: "law" }],
    tells: [
      { who: "customer", by: "us", when: "before anything leaves", paperMayForbid: false, citation: "Act, s. 6", basis: "law" },
      { who: "user", by: "authority", when: "without undue delay", paperMayForbid: true, citation: "Act, s. 6", basis: "law" },
    ],
    challenge: [
      {
        route: "motion to quash",
        within: { n: 14, unit: "days", counts: "after", rolls: false, from: "served", basis: "law" },
        when: { dataClass: "CONTENT" },
        suspends: true,
        citation: "Act, s. 7",
        basis: "law",
      },
    ],
  });
  draft.overrides.push({
    id: "transfer",
    when: { anyPlace: { of: ["customer", "person"], in: ["here"] } },
    binds: "every-paper",
    then: "counsel",
    unless: { shows: ["signature"], agreements: ["US-GB"], transferGround: false },
    code: "CONFLICT",
    check: "V20",
    tells: [
      {
        who: "controller",
        by: "us",
        when: "before anything is answered",
        applies: { providerIs: ["processor"] },
        paperMayForbid: false,
        citation: "Act, s. 8",
        basis: "law",
      },
    ],
    confirm: ["Whether the agreement is in force."],
    because: "Another law may forbid it.",
    citation: "Act, s. 8",
    basis: "house",
  });
  draft.listedOffences = ["terrorism", "abuse of children"];
});
const emergency: PolicyPack = changed(workplace, (draft) => {
  draft.settings.emergency = { dataTypes: ["name"], paperWithinDays: 2 };
});

describe("two packs that say the same", () => {
  test("a pack compared with itself or with its copy gives nothing, for every pack on the shelf", () => {
    assert.ok(packs.length >= 3);
    for (const pack of [...packs, rich, emergency]) {
      assert.deepEqual(comparePacks(pack, pack), []);
      assert.deepEqual(comparePacks(pack, structuredClone(pack)), []);
    }
  });

  test("the order in which a member stands says nothing", () => {
    const turned = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(turned);
      return typeof value === "object" && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .toReversed()
              .map(([name, each]) => [name, turned(each)]),
          )
        : value;
    };
    assert.deepEqual(comparePacks(rich, turned(rich) as JurisdictionPack), []);
  });
});

interface Edit {
  readonly path: string;
  readonly kind: "removed" | "changed";
  readonly apply: (draft: Free) => void;
}

type Schema = {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly properties?: Record<string, Schema>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
};
const schemas = { jurisdiction: z.toJSONSchema(jurisdictionPack, { io: "output" }) as Schema, policy: z.toJSONSchema(policyPack, { io: "output" }) as Schema };
const sentences = ["sources", "listedOffences", "confirm", "mayTell", "grounds"];

/** Every single change that can be made to a pack without naming anything anew, with the place where it must be seen: written without the code under test. */
function edits(value: Free, schema: Schema | undefined, keys: readonly (string | number)[], path: readonly string[]): readonly Edit[] {
  const at = (draft: Free): Free => keys.reduce((node, key) => node[key], draft);
  if (Array.isArray(value)) {
    return value.flatMap((entry, nth) => {
      const own = [...path, stepOf(value, nth, path.at(-1) ?? "")];
      const taken: Edit = { path: own.join(" "), kind: "removed", apply: (draft) => void at(draft).splice(nth, 1) };
      return [taken, ...(typeof entry === "object" ? edits(entry, schema?.items, [...keys, nth], own) : [])];
    });
  }
  if (typeof value === "object" && "n" in value) {
    const rest = Object.entries(value).filter(([name]) => !["n", "unit", "counts", "rolls"].includes(name));
    return [
      { path: path.join(" "), kind: "changed", apply: (draft) => void (at(draft).n += 1) },
      { path: path.join(" "), kind: "changed", apply: (draft) => void (at(draft).rolls = !at(draft).rolls) },
      ...rest.flatMap(([name, each]) => edits(each, schema?.properties?.[name], [...keys, name], [...path, name])),
    ];
  }
  if (typeof value === "object") {
    return Object.entries(value).flatMap(([name, each]) => {
      if (name === "id" || name === "option") return [];
      const own = [...path, name];
      const taken: Edit = { path: own.join(" "), kind: "removed", apply: (draft) => void delete at(draft)[name] };
      const inner = schema?.properties?.[name] ?? (typeof schema?.additionalProperties === "object" ? schema.additionalProperties : undefined);
      return [
        ...(isOptional(own) ? [taken] : []),
        ...(["when", "applies"].includes(name) && isCondition(each) ? whenEdits(own, at) : edits(each, inner, [...keys, name], own)),
      ];
    });
  }
  const [name, parent] = [keys.at(-1) ?? "", (draft: Free) => keys.slice(0, -1).reduce((node, key) => node[key], draft)];
  return [{ path: path.join(" "), kind: "changed", apply: (draft) => void (parent(draft)[name] = another(value, schema)) }];
}

function isCondition(value: unknown): boolean {
  return typeof value === "object" && !Array.isArray(value);
}

function whenEdits(path: readonly string[], at: (draft: Free) => Free): readonly Edit[] {
  return [
    {
      path: path.join(" "),
      kind: "changed",
      apply: (draft) => void (at(draft)[path.at(-1) ?? ""].emergency = at(draft)[path.at(-1) ?? ""].emergency !== true),
    },
  ];
}

/** Two clocks of one paper may share their id: the second is `answer 2`. */
function stepOf(entries: readonly Free[], nth: number, list: string): string {
  const entry = entries[nth];
  const name = typeof entry === "object" ? (entry.id ?? entry.option) : sentences.includes(list) ? undefined : entry;
  if (name === undefined) return String(nth + 1);
  const before = entries.slice(0, nth).filter((each) => (each.id ?? each.option ?? each) === name).length;
  return before === 0 ? String(name) : `${name} ${before + 1}`;
}

function isOptional(path: readonly string[]): boolean {
  return (
    [
      "validTo",
      "only",
      "expires",
      "servedBy",
      "maxGagDays",
      "costs",
      "lasts",
      "renewal",
      "onEnd",
      "within",
      "offence",
      "validatedWithinHours",
      "requires",
      "unless",
      "replaces",
      "emergency",
      "reportBands",
      "newPlatformDays",
    ].includes(path.at(-1) ?? "") &&
    path.at(-2) !== "when" &&
    path.at(-2) !== "renewal"
  );
}

function another(value: Free, schema: Schema | undefined): unknown {
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  return schema?.enum === undefined ? `${value} x` : schema.enum[(schema.enum.indexOf(value) + 1) % schema.enum.length];
}

/** `kind` would make it another pack altogether. */
const editsOf = (pack: JurisdictionPack | PolicyPack) => edits(pack, schemas[pack.kind], [], []).filter(({ path }) => path !== "kind");

describe("one change", () => {
  const cases = [rich, emergency, ...packs].map((pack) => ({ pack, places: editsOf(pack) }));

  test("any single change is seen once, exactly at its place", () => {
    assert.ok(cases.reduce((sum, { places }) => sum + places.length, 0) > 3000);
    const all = cases.flatMap(({ pack, places }) => places.map((edit) => ({ pack, edit })));
    fc.assert(
      fc.property(fc.nat(all.length - 1), (nth) => {
        const { pack, edit } = all[nth] ?? assert.fail();
        const [change, ...more] = comparePacks(pack, changed(pack, edit.apply));
        assert.deepEqual([pack.pack.id, change?.path, change?.kind, more], [pack.pack.id, edit.path, edit.kind, []]);
      }),
      { numRuns: 400 },
    );
  });

  /** Without the long lists whose entries are all of one shape. */
  const whole = [
    [rich, editsOf(rich).filter(({ path }) => !/^(checks V0[2-9]|checks V[12]|governmentZones|holidays|instruments (?!US-SW))/.test(path))],
    [emergency, editsOf(emergency).filter(({ path }) => !/^clauses (?!KDRP-11)/.test(path))],
  ] as const;

  test("every single change to a pack that uses the whole language is seen at its place, and the way back as its reverse", () => {
    const reverse = { removed: "added", changed: "changed" } as const;
    for (const [pack, places] of whole)
      for (const { path, kind, apply } of places) {
        const after = changed(pack, apply);
        assert.deepEqual(
          comparePacks(pack, after).map((change) => [change.path, change.kind]),
          [[path, kind]],
        );
        assert.deepEqual(
          comparePacks(after, pack).map((change) => [change.path, change.kind]),
          [[path, reverse[kind]]],
        );
      }
  });

  test("every line names what it is about, in words: no code of ours, nothing empty", () => {
    for (const [pack, places] of whole)
      for (const { apply } of places)
        for (const { line } of [...comparePacks(pack, changed(pack, apply)), ...comparePacks(changed(pack, apply), pack)])
          assert.doesNotMatch(line, /undefined|\[object|NaN|: $|→ $|^ /, line);
  });

  test("every place of the pack language has its words", () => {
    const known = new Set(Object.keys(statements));
    const missing = [...placesOf(schemas.jurisdiction, ""), ...placesOf(schemas.policy, "")].filter((place) => !known.has(place));
    assert.deepEqual(missing, []);
  });
});

/** Where a change can be seen: leaves, lists, and members that may be absent; what lies inside a condition is seen as the condition. */
function placesOf(schema: Schema & { readonly required?: readonly string[] }, place: string): readonly string[] {
  const inner = (name: string) => (place === "" ? name : `${place}.${name}`);
  if (/[.](when|applies)$/.test(place) && schema.type === "object") return [place];
  if (schema.type === "array") return [place, ...(schema.items === undefined ? [] : placesOf(schema.items as never, place))];
  if (schema.properties !== undefined) {
    const isPeriod = "n" in schema.properties && "unit" in schema.properties;
    const names = Object.keys(schema.properties).filter(
      (name) => name !== "id" && name !== "option" && !(isPeriod && ["n", "unit", "counts", "rolls"].includes(name)),
    );
    const absent = names.filter((name) => schema.required?.includes(name) !== true).map(inner);
    return [...(isPeriod ? [place] : []), ...absent, ...names.flatMap((name) => placesOf(schema.properties?.[name] as never, inner(name)))];
  }
  if (typeof schema.additionalProperties === "object") return [inner("*"), ...placesOf(schema.additionalProperties as never, inner("*"))];
  return [place];
}

describe("several changes", () => {
  test("they come in the order of the pack, and what is gone stands where it stood", () => {
    const after = changed(us, (draft) => {
      draft.governmentZones.push("example.us");
      draft.checks = draft.checks.filter(({ id }: Free) => id !== "V12");
      draft.checks.find(({ id }: Free) => id === "V13").kept = "Another sentence.";
      draft.checks.find(({ id }: Free) => id === "V11").kept = "Another sentence.";
      draft.pack.version = "2027.1";
    });
    assert.deepEqual(
      comparePacks(us, after).map(({ path }) => path),
      ["pack version", "checks V11 kept", "checks V12", "checks V13 kept", "governmentZones example.us"],
    );
  });

  test("an entry with a new id is one that went and one that came", () => {
    const after = changed(us, (draft) => void (draft.overrides[0].id = "content-by-warrant"));
    assert.deepEqual(
      comparePacks(us, after).map(({ path, kind }) => `${kind} ${path}`),
      ["removed overrides content-needs-a-warrant", "added overrides content-by-warrant"],
    );
  });

  test("the same entries in another order are one change, and it weakens nothing", () => {
    const [change, ...more] = comparePacks(
      us,
      changed(us, (draft) => void draft.instruments.reverse()),
    );
    assert.deepEqual([change?.path, change?.line, change?.weakens, more], ["instruments", "the same entries in another order", false, []]);
  });

  test("a new first row of a table without ids does not move the others", () => {
    const after = changed(
      rich,
      (draft) =>
        void instrument(draft, "US-SW").tells.unshift({
          who: "controller",
          by: "us",
          when: "at once and first",
          paperMayForbid: false,
          citation: "Act",
          basis: "law",
        }),
    );
    assert.deepEqual(
      comparePacks(rich, after).map(({ line, weakens }) => [line, weakens]),
      [["US-SW: we tell the controller of the data at once and first (new)", false]],
    );
  });

  test("two versions that share nothing but the id are compared all the same", () => {
    for (const one of packs) for (const other of packs) if (one.kind === other.kind && one !== other) assert.ok(comparePacks(one, other).length > 0);
  });
});

const sw = (draft: Free) => instrument(draft, "US-SW");

/** Each change as one would make it, the line a reviewer reads, and whether it and its reverse let more leave. */
const weighed: readonly {
  readonly line: string;
  readonly weakens: boolean;
  readonly back: boolean;
  readonly from?: JurisdictionPack | PolicyPack;
  readonly change: (draft: Free) => void;
}[] = [
  { line: "US-SW: must be executed within 14 days → 10 days", weakens: false, back: true, change: (draft) => void (sw(draft).expires.n = 10) },
  { line: "US-SW: must be executed within 14 days (dropped)", weakens: true, back: false, change: (draft) => void delete sw(draft).expires },
  {
    line: "US-SW: must be executed within 14 days, the first day not counted; never rolls → 14 days, the first day not counted; a last day on a weekend or holiday moves to the next working day",
    weakens: true,
    back: false,
    change: (draft) => void (sw(draft).expires.rolls = true),
  },
  {
    line: "US-SW: must be executed within 14 days → 2 months",
    weakens: true,
    back: true,
    change: (draft) => void Object.assign(sw(draft).expires, { n: 2, unit: "months" }),
  },
  { line: "US-SUBP-GJ: reaches content (new)", weakens: true, back: false, change: (draft) => void instrument(draft, "US-SUBP-GJ").compels.push("CONTENT") },
  {
    line: "US-SUBP-GJ: may be issued by a party to the case (new)",
    weakens: true,
    back: false,
    change: (draft) => void instrument(draft, "US-SUBP-GJ").issuers.push("litigant"),
  },
  {
    line: "US-SW: must show the signature of a judge (dropped)",
    weakens: true,
    back: false,
    change: (draft) => void (sw(draft).facial = sw(draft).facial.filter((id: string) => id !== "signature-of-judge")),
  },
  {
    line: "US-SW: clock hold “Notice to the other state”: nothing leaves before, 10 days after the day of service; a last day on a weekend or holiday moves to the next working day (dropped)",
    weakens: true,
    back: false,
    change: (draft) => void sw(draft).clocks.shift(),
  },
  { line: "US-SW, clock hold: lasts 10 days → 9 days", weakens: true, back: false, change: (draft) => void (sw(draft).clocks[0].lasts.n = 9) },
  { line: "US-SW, clock theirs: lasts 48 hours → 72 hours", weakens: true, back: false, change: (draft) => void (sw(draft).clocks[1].lasts.n = 72) },
  {
    line: "US-SW, clock hold: ends early when the duty lapses (new)",
    weakens: true,
    back: false,
    change: (draft) => void sw(draft).clocks[0].endedBy.push("lapse"),
  },
  { line: "US-SW, clock hold: runs when it is no emergency → always", weakens: true, back: true, change: (draft) => void (sw(draft).clocks[0].when = {}) },
  {
    line: "US-SW, table of issuers, content: for an offence punishable with at least 3 years → 2 years",
    weakens: true,
    back: false,
    change: (draft) => void (sw(draft).tiers[1].offence.minYears = 2),
  },
  {
    line: "US-SW, table of issuers, content: issued by a prosecutor (new)",
    weakens: true,
    back: false,
    change: (draft) => void sw(draft).tiers[1].issuers.push("prosecutor"),
  },
  { line: "US-SW: reaches of those classes only drafts (new)", weakens: true, back: false, change: (draft) => void sw(draft).only.push("drafts") },
  { line: "US-SW: reaches of those classes only messages and files (dropped)", weakens: true, back: false, change: (draft) => void delete sw(draft).only },
  { line: "US-SW: may be served by post (dropped)", weakens: false, back: true, change: (draft) => void sw(draft).servedBy.pop() },
  { line: "US-SW: we tell the customer before anything leaves (dropped)", weakens: true, back: false, change: (draft) => void sw(draft).tells.shift() },
  { line: "US-SW: can be kept secret by US-DELAY (new)", weakens: true, back: false, change: (draft) => void sw(draft).gagBy.push("US-DELAY") },
  {
    line: "US-NDO: secrecy is chased when it is longer than 365 days (dropped)",
    weakens: true,
    back: false,
    change: (draft) => void delete instrument(draft, "US-NDO").maxGagDays,
  },
  {
    line: "US-SW, challenge “motion to quash”: must be made within 14 days → 7 days",
    weakens: true,
    back: false,
    change: (draft) => void (sw(draft).challenge[0].within.n = 7),
  },
  {
    line: "US-SW, challenge “motion to quash”: must be made within 14 days (dropped)",
    weakens: false,
    back: true,
    change: (draft) => void delete sw(draft).challenge[0].within,
  },
  {
    line: "US-SW, challenge “motion to quash”: while it is pending production waits → goes on",
    weakens: true,
    back: false,
    change: (draft) => void (sw(draft).challenge[0].suspends = false),
  },
  {
    line: "US-CIVIL: read by counsel only → the ordinary queue",
    weakens: true,
    back: false,
    change: (draft) => void (instrument(draft, "US-CIVIL").route = "desk"),
  },
  {
    line: "the override content-needs-a-warrant: when the data is content, only US-SW reaches it (dropped)",
    weakens: true,
    back: false,
    change: (draft) => void draft.overrides.shift(),
  },
  {
    line: "override content-needs-a-warrant: reached by US-D (new)",
    weakens: true,
    back: false,
    change: (draft) => void draft.overrides[0].requires.push("US-D"),
  },
  { line: "override transfer: effect: counsel → ask", weakens: true, back: false, change: (draft) => void (draft.overrides.at(-1).then = "ask") },
  {
    line: "override transfer: binds papers of every country → papers of its own country",
    weakens: true,
    back: false,
    change: (draft) => void (draft.overrides.at(-1).binds = "own-papers"),
  },
  {
    line: "override transfer: lifted when the paper shows the day it was issued (new)",
    weakens: false,
    back: true,
    change: (draft) => void draft.overrides.at(-1).unless.shows.push("issued-on"),
  },
  {
    line: "override transfer: lifted by the agreement US-AU (new)",
    weakens: true,
    back: false,
    change: (draft) => void draft.overrides.at(-1).unless.agreements.push("US-AU"),
  },
  {
    line: "override transfer: applies when the customer or the person asked about is in this law's territory → always",
    weakens: true,
    back: true,
    change: (draft) => void (draft.overrides.at(-1).when = {}),
  },
  {
    line: "override transfer: we tell the controller of the data before anything is answered, when we are a processor (dropped)",
    weakens: true,
    back: false,
    change: (draft) => void draft.overrides.at(-1).tells.pop(),
  },
  {
    line: "override transfer, telling the controller of the data: the paper may forbid it: no → yes",
    weakens: true,
    back: false,
    change: (draft) => void (draft.overrides.at(-1).tells[0].paperMayForbid = true),
  },
  { line: "data type messages: counts as content → other records", weakens: true, back: false, change: (draft) => void (draft.classOf.messages = "RECORDS") },
  {
    line: "V07: answered by a named person → the desk, from facts",
    weakens: true,
    back: false,
    change: (draft) => void (draft.checks.find(({ id }: Free) => id === "V07").answeredBy = "machine"),
  },
  {
    line: "V07: if not, the paper is refused → it is noted and chased",
    weakens: true,
    back: false,
    change: (draft) => void (draft.checks.find(({ id }: Free) => id === "V07").then = "note"),
  },
  {
    line: "an authority's mailbox may lie under example.us (new)",
    weakens: true,
    back: false,
    change: (draft) => void draft.governmentZones.push("example.us"),
  },
  { line: "US-SW: basis law → memory: counsel must confirm", weakens: false, back: false, change: (draft) => void (sw(draft).basis = "memory") },
  { line: "US-SW: called “Search warrant” → “Warrant”", weakens: false, back: false, change: (draft) => void (sw(draft).label = "Warrant") },
  {
    line: "KDRP-11: kept as GATE (dropped)",
    weakens: true,
    back: false,
    from: emergency,
    change: (draft) => void (clause(draft, "KDRP-11").enforce = clause(draft, "KDRP-11").enforce.filter((each: string) => each !== "GATE")),
  },
  {
    line: "days between notice and production: 7 days → 5 days",
    weakens: true,
    back: false,
    from: emergency,
    change: (draft) => void (draft.settings.noticeDays = 5),
  },
  {
    line: "voluntary disclosure in an emergency: not allowed → allowed",
    weakens: true,
    back: false,
    from: emergency,
    change: (draft) => void (draft.settings.allowVoluntaryEmergency = true),
  },
  {
    line: "in an emergency may leave contact (new)",
    weakens: true,
    back: false,
    from: emergency,
    change: (draft) => void draft.settings.emergency.dataTypes.push("contact"),
  },
  {
    line: "data type messages: let through on a paper of the form subpoena (new)",
    weakens: true,
    back: false,
    from: emergency,
    change: (draft) => void draft.dataTypes.find(({ id }: Free) => id === "messages").accepts.push("subpoena"),
  },
];

describe("what lets more leave is marked", () => {
  for (const { line, weakens, back, from = rich, change } of weighed)
    test(line, () => {
      const after = changed(from, change);
      assert.deepEqual(
        comparePacks(from, after).map((each) => [each.line, each.weakens]),
        [[line, weakens]],
      );
      assert.deepEqual(
        comparePacks(after, from).map((each) => each.weakens),
        [back],
      );
    });

  test("taking any paper, class or rank away never counts as letting more leave", () => {
    const lists = ["compels", "issuers", "gagBy"] as const;
    for (const [nth, { id }] of us.instruments.entries()) {
      assert.deepEqual(
        comparePacks(
          us,
          changed(us, (draft) => void draft.instruments.splice(nth, 1)),
        ).map((each) => each.weakens),
        [false],
        id,
      );
      for (const list of lists)
        for (const each of comparePacks(
          us,
          changed(us, (draft) => void (draft.instruments[nth][list] = [])),
        ))
          assert.equal(each.weakens, false, `${id} ${list}`);
    }
  });
});
