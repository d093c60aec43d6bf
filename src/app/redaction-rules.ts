// The rules of redaction of one case, as people set them: sealed in the vault, counted in the ledger.
import { z } from "zod";
import type { Actor, CaseId } from "../kernel/ids.ts";
import type { Reason } from "../kernel/outcome.ts";
import { canonicalJson, type Json } from "../ledger/canonical-json.ts";
import { namedPatterns, type NamedPattern } from "../production/redact/patterns.ts";
import type { RecordRedaction } from "../production/redact/redact-records.ts";
import { checkRemovals, removalReasons, type Removal, type RemovalReason } from "../production/redact/removals.ts";
import type { DataMap, MappedCollection } from "../production/shapes.ts";
import type { History } from "../requests/decision.ts";
import { redactionOf } from "../requests/redaction/module.ts";
import { findSealed, type Desk } from "./desk.ts";
import { handle, type Handled } from "./handle.ts";

const reason = z.enum(Object.keys(removalReasons) as [RemovalReason, ...RemovalReason[]]);
const pattern = z.enum(Object.keys(namedPatterns) as [NamedPattern, ...NamedPattern[]]);
const name = z.string().min(1).max(200);

const fieldRule = z.strictObject({
  source: name,
  collection: name,
  field: name,
  action: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("remove") }),
    z.strictObject({ kind: z.literal("replace"), by: z.string().min(1).max(200) }),
    z.strictObject({ kind: z.literal("mask"), keepLast: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(4)]) }),
    z.strictObject({ kind: z.literal("pseudonym") }),
  ]),
  reason,
});

/** Whose copy alone it is taken out of; absent: of both. */
const only = z.enum(["officer", "customer"]).optional();
export type Only = z.output<typeof only>;

const textRule = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("term"), term: z.string().min(2).max(200), anywhere: z.boolean().optional(), reason, only }),
  z.strictObject({ kind: z.literal("pattern"), pattern, reason, only }),
]);

const personRule = z.strictObject({ names: z.tuple([name], name), reason, only });

const rulesSchema = z.strictObject({
  fields: z.array(fieldRule).max(500),
  texts: z.array(textRule).max(1000),
  people: z.array(personRule).max(500),
});
export type RedactionRules = z.output<typeof rulesSchema>;
type TextRule = RedactionRules["texts"][number];

/** What a person may choose from. */
export const reasonChoices = Object.entries(removalReasons).map(([value, { because }]) => ({ value: value as RemovalReason, because }));
export const patternChoices = Object.keys(namedPatterns) as readonly NamedPattern[];

const noRules: RedactionRules = { fields: [], texts: [], people: [] };

/** The rules in force, empty where there are none. Throws when they are in force and cannot be opened: nothing may leave then. */
export async function rulesOf(desk: Desk, history: History): Promise<RedactionRules> {
  const { rules } = redactionOf(history);
  if (rules === undefined) return noRules;
  return rulesSchema.parse(await findSealed(desk.ports, desk.id, rules.sealed));
}

/** Replaces the rules that the person has seen, named `before`: a rule that somebody else added meanwhile is never lost. What was checked, sealed and approved under the earlier ones ends. */
export async function setRedactions(desk: Desk, caseId: CaseId, by: Actor, rules: RedactionRules, before?: string): Promise<Handled> {
  const parsed = rulesSchema.safeParse(rules);
  const against = parsed.success ? againstRemovals(parsed.data) : [{ clause: "IGRP-9", code: "BAD_RULE", because: "A rule is not complete. Write it again." }];
  if (!parsed.success || against.length > 0) return { kind: "refused", reasons: against };
  const { fields, texts, people } = parsed.data;
  return handle(desk, {
    caseId,
    by,
    askers: ["desk"],
    command: {
      type: "SetRedactions",
      // With chance in it, so that equal rules of two cases or days have two digests.
      rules: await desk.ports.vault.digest(
        desk.id,
        "redaction-rules",
        `${desk.ports.chance.id()}${canonicalJson(JSON.parse(JSON.stringify(parsed.data)) as Json)}`,
      ),
      fields: fields.length,
      texts: texts.filter(isForOfficer).length,
      people: people.filter(isForOfficer).length,
      ...customerOnly([...texts, ...people]),
      reasons: countReasons([...fields, ...texts, ...people]),
      ...(before === undefined ? {} : { before }),
      private: parsed.data,
    },
  });
}

function isForOfficer({ only: whose }: { readonly only?: Only }): boolean {
  return whose !== "customer";
}

/** Rules and regions that the officer's copy knows nothing of, as facts count them. */
function customerOnly(all: readonly { readonly only?: Only }[]): { readonly customer?: number } {
  const customer = all.length - all.filter(isForOfficer).length;
  return customer === 0 ? {} : { customer };
}

export function countReasons(rules: readonly { readonly reason: RemovalReason }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const each of rules) counts[each.reason] = (counts[each.reason] ?? 0) + 1;
  return counts;
}

function againstRemovals(rules: RedactionRules): readonly Reason[] {
  return checkRemovals(inText(rules));
}

/** What is looked for in text and inside papers, for whichever copy: words, forms and every name of a person. */
export function inText({ texts, people }: RedactionRules): readonly Removal[] {
  return [
    ...texts.map(removalOf),
    ...people.flatMap(({ names, reason: why, only: whose }) =>
      names.map((term): Removal => ({ target: { kind: "term", term }, reason: why, ...audiencesOf(whose) })),
    ),
  ];
}

function removalOf(rule: TextRule): Removal {
  const rest = { reason: rule.reason, ...audiencesOf(rule.only) };
  if (rule.kind === "pattern") return { target: { kind: "pattern", pattern: rule.pattern }, ...rest };
  return { target: { kind: "term", term: rule.term, ...(rule.anywhere === true ? { anywhere: true } : {}) }, ...rest };
}

export function audiencesOf(whose: Only): Pick<Removal, "audiences"> {
  return whose === undefined ? {} : { audiences: [whose] };
}

export function recordRedactionOf({ fields, texts, people }: RedactionRules, digest: RecordRedaction["digest"]): RecordRedaction {
  return { audience: "officer", fields, text: texts.map(removalOf), people: people.map((person) => ({ ...person, ...audiencesOf(person.only) })), digest };
}

/** Columns that say whose record it is, where and when: a receiver could not check a record without them. */
export function keptColumns({ fields }: MappedCollection): ReadonlySet<string> {
  const roles = new Set(["subject", "workspace", "moment", "owner"]);
  return new Set(fields.flatMap((field) => (field.role !== undefined && roles.has(field.role) ? [field.name] : [])));
}

/** Columns by which records refer to each other: their values stand in the chains of what belongs to them. */
function linkColumns(maps: readonly DataMap[]): ReadonlySet<string> {
  return new Set(
    maps.flatMap(({ source, collections }) =>
      collections.flatMap(({ name, fields }) =>
        fields.flatMap(({ name: column, references = [] }) =>
          references.flatMap((there) => [`${source}\n${name}\n${column}`, `${there.source}\n${there.collection}\n${there.column}`]),
        ),
      ),
    ),
  );
}

/** A rule that takes out nothing would be believed and not kept, and one for a column that shows whose record it is would break the check. */
export function againstFields({ fields }: RedactionRules, maps: readonly DataMap[], clause: string): readonly Reason[] {
  const linked = linkColumns(maps);
  return fields.flatMap(({ source, collection, field }) => {
    const place = maps.find((map) => map.source === source)?.collections.find((each) => each.name === collection);
    const where = `${source}: ${collection}.${field}`;
    if (place?.fields.some((each) => each.name === field) !== true)
      return [
        { clause, code: "RULE_NAMES_NOTHING", because: `A rule of redaction is for ${where}, which no data map describes. Remove the rule or correct it.` },
      ];
    if (linked.has(`${source}\n${collection}\n${field}`))
      return [
        {
          clause,
          code: "FIELD_SHOWS_OWNER",
          because: `${where} says to which record another belongs, and leaves with those records to show whose they are. Remove the rule, or leave the line out.`,
        },
      ];
    if (keptColumns(place).has(field))
      return [
        { clause, code: "FIELD_SHOWS_OWNER", because: `${where} shows whose record it is and when it happened, so it leaves as it is. Remove the rule.` },
      ];
    return [];
  });
}
