// What a step asks of a person or a program: one list gives the form its fields, the command its check and the JSON its description.
import { z } from "zod";
import { isCurrency, sumPattern } from "../kernel/money.ts";
import { dayText, moment, zoneName } from "./calculation.ts";
import type { PartnerCircumstances, PartnerHistory } from "./partner.ts";

export interface AskedChoice {
  readonly value: string;
  readonly label: string;
}

/** Answers that are known before the others are asked. */
export type Known = Readonly<Record<string, string>>;

type Choices = readonly AskedChoice[] | ((history: PartnerHistory, at: PartnerCircumstances, known: Known) => readonly AskedChoice[]);

/** `sealed` answers lie in the vault; a decision never sees them. */
export interface Ask<Value = unknown, Optional extends boolean = boolean, Sealed extends boolean = boolean> {
  readonly kind: "text" | "textarea" | "moment" | "date" | "choice" | "choices" | "sum" | "number" | "yes-no" | "file";
  readonly label: string;
  readonly hint?: string;
  readonly choices?: Choices;
  readonly schema: z.ZodType<Value>;
  readonly optional: Optional;
  readonly sealed: Sealed;
  /** Asked only of the company's own people. */
  readonly deskOnly?: true;
  /** A day or moment that may be still to come; any other must have been. */
  readonly mayLieAhead?: true;
  /** A page asks this one first: the others depend on it. */
  readonly leads?: true;
  /** Absent: it is always asked. A command may hold the answer all the same. */
  readonly askedWhen?: (known: Known, at: PartnerCircumstances) => boolean;
}

type More = Pick<Ask, "hint" | "deskOnly" | "mayLieAhead" | "leads" | "askedWhen">;

const longestText = 20_000;

function ask<Value, Sealed extends boolean>(
  kind: Ask["kind"],
  label: string,
  schema: z.ZodType<Value>,
  sealed: Sealed,
  more: object = {},
): Ask<Value, false, Sealed> {
  return { kind, label, schema, optional: false, sealed, ...more };
}

/** It may be left out. */
export function optional<Value, Sealed extends boolean>(asked: Ask<Value, false, Sealed>): Ask<Value, true, Sealed> {
  return { ...asked, optional: true };
}

/** No clock of a contract reaches further; a year with a slip of the pen would compare wrongly for ever. */
const [firstYear, lastYear] = ["1950", "2150"];
const isNear = (text: string): boolean => text >= firstYear && text < `${Number(lastYear) + 1}`;
const nearDay = dayText.refine(isNear, `A day lies between the years ${firstYear} and ${lastYear}.`);
const nearMoment = moment.refine(isNear, `A moment lies between the years ${firstYear} and ${lastYear}.`);

export const askMoment = (label: string, more: More = {}) => ask("moment", label, nearMoment, false, more);
export const askDay = (label: string, more: More = {}) => ask("date", label, nearDay, false, more);
/** Words that may name somebody: they lie in the vault. */
export const askWords = (label: string, more: More = {}) => ask("textarea", label, z.string().trim().min(3).max(longestText), true, more);
export const askName = (label: string, more: More = {}) => ask("text", label, z.string().trim().min(2).max(300), true, more);
export const askMail = (label: string, more: More = {}) => ask("text", label, z.email("Write an e-mail address.").max(254), true, more);
/** A code that stands in a fact: never a name. */
export const askCode = (label: string, more: More = {}) =>
  ask(
    "text",
    label,
    z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,59}$/, "Letters, digits, spaces, dots, slashes and hyphens, at most 60."),
    false,
    more,
  );
/** A code that somebody outside chooses: without blanks, so that it holds no name and no telephone number in words. */
export const askKey = (label: string, more: More = {}) =>
  ask(
    "text",
    label,
    z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$/, "Letters, digits, dots, underscores, slashes and hyphens, at most 40, without blanks."),
    false,
    more,
  );
export const askStates = (label: string, more: More = {}) =>
  ask(
    "text",
    label,
    z
      .string()
      .trim()
      .regex(/^[A-Z]{2}( [A-Z]{2})*$/, "A state is two capital letters: CA VA, separated by blanks."),
    false,
    more,
  );
export const askCountry = (label: string, more: More = {}) =>
  ask(
    "text",
    label,
    z
      .string()
      .trim()
      .regex(/^[A-Z]{2}$/, "A country is two capital letters of ISO 3166: DE, US, IN."),
    false,
    { hint: "Two letters: US, DE, GB.", ...more },
  );
export const askZone = (label: string) => ask("text", label, zoneName, false, { hint: "An IANA name: America/Denver." });
export const askSum = (label: string, more: More = {}) =>
  ask(
    "sum",
    label,
    z
      .string()
      .trim()
      .regex(sumPattern, 'A sum is written with digits and at most one point, such as "18450.00".')
      .refine((text) => !text.startsWith("-"), "Write it without a minus."),
    false,
    more,
  );
export const askCurrency = (label = "Currency") =>
  ask("text", label, z.string().trim().refine(isCurrency, "There is no such currency. Use three letters of ISO 4217: USD."), false, {
    hint: "Three letters: USD, EUR, GBP.",
  });
export const askNumber = (label: string, least = 0, most = 1_000_000_000, more: More = {}) =>
  ask("number", label, z.coerce.number("Write a whole number.").int("Write a whole number.").min(least).max(most), false, more);
export const askYesNo = (label: string, more: More = {}) => ask("yes-no", label, z.boolean(), false, more);

export function askChoice<const Value extends string>(label: string, words: Readonly<Record<Value, string>>, more: More = {}): Ask<Value, false, false> {
  const values = Object.keys(words) as [Value, ...Value[]];
  return ask("choice", label, z.enum(values) as unknown as z.ZodType<Value>, false, {
    choices: values.map((value) => ({ value, label: words[value] })),
    ...more,
  });
}

export function askChoices<const Value extends string>(
  label: string,
  words: Readonly<Record<Value, string>>,
  more: More = {},
): Ask<readonly Value[], false, false> {
  const values = Object.keys(words) as [Value, ...Value[]];
  return ask("choices", label, z.array(z.enum(values)).min(1).max(values.length) as unknown as z.ZodType<readonly Value[]>, false, {
    choices: values.map((value) => ({ value, label: words[value] })),
    ...more,
  });
}

/** What may be chosen now. */
export function choicesOf(
  { choices = [] }: Pick<Ask, "choices">,
  history: PartnerHistory,
  at: PartnerCircumstances,
  known: Known = {},
): readonly AskedChoice[] {
  return typeof choices === "function" ? choices(history, at, known) : choices;
}

const reference = z.string().min(1).max(120);

/** One of what stands on record, such as an open request; which ones is worked out when it is asked. */
export const askOne = (label: string, choices: Choices, more: More = {}) => ask("choice", label, reference, false, { choices, ...more });
/** Several of what stands on record; none is an answer too. */
export const askSome = (label: string, choices: Choices, more: More = {}) => ask("choices", label, z.array(reference).max(200), false, { choices, ...more });

/** A paper that was put into the object store before the step is taken. */
export const storedPaper = z.strictObject({
  object: z.string().min(1).max(100),
  bytes: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  fileName: z.string().min(1).max(200),
});
export type StoredPaper = z.infer<typeof storedPaper>;
export const askPaper = (label: string, more: More = {}) => ask("file", label, storedPaper, true, more);

export type Asks = Readonly<Record<string, Ask>>;

type Given<A> = A extends Ask<infer Value, infer Optional, boolean> ? (true extends Optional ? Value | undefined : Value) : never;

/** What a decision sees of the answers: the sealed ones are gone. */
export type Answers<A extends Asks> = { readonly [Name in keyof A as A[Name]["sealed"] extends true ? never : Name]: Given<A[Name]> };

/** `{ type, …open answers, private: { …sealed answers } }`; unknown members are refused. */
export function commandSchema(name: string, asks: Asks): z.ZodType {
  const members = (sealed: boolean) =>
    Object.fromEntries(
      Object.entries(asks).flatMap(([key, { schema, optional: isOptional, sealed: isSealed }]) =>
        isSealed === sealed ? [[key, isOptional ? schema.optional() : schema]] : [],
      ),
    );
  const hidden = members(true);
  const isNeeded = Object.values(asks).some((each) => each.sealed && !each.optional);
  const inside = z.strictObject(hidden);
  return z.strictObject({
    type: z.literal(name),
    ...members(false),
    ...(Object.keys(hidden).length === 0 ? {} : { private: isNeeded ? inside : inside.optional() }),
  });
}
