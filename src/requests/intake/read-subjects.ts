// Reads whose data is asked for: accounts and workspaces, and not the officer's own mailbox or a victim's.
import type { Proposed, ProposedSubject, Span } from "./details.ts";
import type { Asked } from "./read-asking.ts";
import { domainOf, emailsIn, ipAddressesIn, phonesIn } from "./read-addresses.ts";
import { looksLikeName } from "./read-bodies.ts";
import { contactUnits } from "./read-officer.ts";
import { isAttachment, isCommaRow, lastMentionBefore, mentionsWithin, unitAt, type SourceText, type Unit } from "./read-parts.ts";
import { findPhrases, phrasesOf } from "./read-words.ts";

export interface SubjectContext {
  readonly source: SourceText;
  readonly asked: Asked;
  /** Domains of the sender and of officers, in small letters: mailboxes there are not accounts unless labelled so. */
  readonly officerDomains: ReadonlySet<string>;
  /** Domains of the company itself: its mailboxes are where the request was sent. */
  readonly ownDomains: readonly string[];
}

export type SubjectReading = Proposed<ProposedSubject>;

interface AccountWords {
  readonly contact: ReadonlySet<number>;
  /** Units under a heading such as "Target accounts:". */
  readonly listed: ReadonlySet<number>;
}

export function readSubjects(context: SubjectContext): SubjectReading[] {
  const words: AccountWords = { contact: new Set(contactUnits(context.source).map(({ index }) => index)), listed: accountLists(context.source) };
  return [
    ...emailSubjects(context, words),
    ...labelledSubjects(context),
    ...bareListSubjects(context.source, words),
    ...columnValues(context.source, accountColumns).map((cell) => accountIn(context.source, cell)),
    ...handleSubjects(context, words),
    ...addressSubjects(context, words),
  ];
}

export function mergeSubjects(readings: readonly SubjectReading[]): SubjectReading[] {
  const merged = new Map<string, SubjectReading>();
  for (const reading of readings) {
    const key = `${reading.value.kind} ${reading.value.value.toLowerCase()}`;
    const before = merged.get(key);
    const certainty = before?.certainty === "stated" ? "stated" : reading.certainty;
    merged.set(key, before ? { ...before, certainty, spans: [...before.spans, ...reading.spans] } : reading);
  }
  return [...merged.values()];
}

const accountLabels = ["label.account", "label.userName", "label.userId", "subject.account"];

function accountLists(source: SourceText): ReadonlySet<number> {
  const listed = new Set<number>();
  let open = false;
  for (const unit of source.units) {
    const text = source.text.slice(unit.start, unit.end).trimEnd();
    const cue = accountLabels.some((kind) => mentionsWithin(source, kind, unit).length > 0);
    const heads = unit.shape !== "prose" ? text.length <= 90 : text.endsWith(":");
    if (cue && heads) open = true;
    else if (unit.shape === "prose" || (unit.shape === "field" && !cue && !isBareList(text))) open = false;
    else if (open) listed.add(unit.index);
  }
  return listed;
}

function isBareList(text: string): boolean {
  return emailsIn(text).length > 0;
}

function emailSubjects(context: SubjectContext, words: AccountWords): SubjectReading[] {
  const { source } = context;
  return emailsIn(source.text).flatMap((email) => {
    const unit = unitAt(source, email.start);
    if (!unit || unit.region !== "main" || isOwn(context, email.value)) return [];
    const role = emailRole(context, words, unit, email.start);
    if (role === "other") return [];
    const value: ProposedSubject = { kind: "account", value: email.value, identifier: "email" };
    return [{ value, spans: [{ source: source.id, start: email.start, end: email.end }], certainty: role }];
  });
}

function isOwn({ ownDomains }: SubjectContext, email: string): boolean {
  const domain = domainOf(email);
  return ownDomains.some((own) => domain === own.toLowerCase() || domain.endsWith(`.${own.toLowerCase()}`));
}

function emailRole(context: SubjectContext, words: AccountWords, unit: Unit, at: number): "stated" | "inferred" | "other" {
  const { source, officerDomains } = context;
  const last = (kinds: readonly string[]) => Math.max(...kinds.map((kind) => lastMentionBefore(source, kind, unit.start, at)?.start ?? -1));
  const account = last(accountLabels);
  const contact = last(["subject.contact", "label.recipient", "label.officer"]);
  const others = last(["subject.others"]);
  if (others > account || contact > account) return "other";
  const domain = domainOf(source.text.slice(at, at + 320).split(/[\s>)\],;|]/)[0] ?? "");
  const official = officerDomains.has(domain);
  if (account >= 0) return official && lastMentionBefore(source, "label.account", unit.start, at) === undefined ? "other" : "stated";
  if (official || words.contact.has(unit.index)) return "other";
  if (words.listed.has(unit.index)) return "stated";
  if (accountLabels.some((kind) => mentionsWithin(source, kind, { start: at, end: Math.min(unit.end, at + 120) }).length > 0)) return "stated";
  return context.asked.units.has(unit.index) ? "stated" : "inferred";
}

type Identifier = ProposedSubject["identifier"];

const labelKinds: readonly (readonly [string, Identifier])[] = [
  ["label.userName", "user-name"],
  ["label.userId", "user-id"],
  ["label.account", "user-name"],
  ["label.personName", "person-name"],
  ["subject.account", "user-name"],
];

function labelledSubjects({ source }: SubjectContext): SubjectReading[] {
  return labelKinds.flatMap(([kind, identifier]) =>
    (source.mentions.get(kind) ?? []).flatMap((label) => {
      const unit = unitAt(source, label.start);
      if (!unit || unit.region !== "main") return [];
      const found = valuesBehind(source, unit, label.end, kind);
      return found.map(({ value, start, firm }): SubjectReading => ({
        value: { kind: "account", value, identifier: identifierOf(source, value, identifier) },
        spans: [{ source: source.id, start, end: start + value.length }],
        certainty: firm ? "stated" : "inferred",
      }));
    }),
  );
}

function identifierOf(source: SourceText, value: string, fallback: Identifier): Identifier {
  if (/^\S+@\S+\.\S+$/.test(value)) return "email";
  if (ipAddressesIn(value).length > 0) return "ip-address";
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-/i.test(value) || (/^[A-Z0-9]{7,}$/.test(value) && /\d/.test(value)) || /^\d{4,}$/.test(value)) return "user-id";
  return value.includes(" ") && looksLikeName(source, value) ? "person-name" : fallback;
}

interface Value {
  readonly value: string;
  readonly start: number;
  readonly firm: boolean;
}

/** What stands behind a label: after a colon one or more names, in quotation marks anything, otherwise only what looks like an identifier. */
function valuesBehind(source: SourceText, unit: Unit, from: number, kind: string): Value[] {
  const line = source.text.slice(from, Math.min(unit.end, from + 300)).split("\n")[0] ?? "";
  const quoted = /^[\s:=*_(]{0,4}(?:\p{L}{2,9} )?["“”„«']([^"“”„«»'\n]{2,60})["“”»']/u.exec(line);
  if (quoted?.[1] && (kind !== "subject.account" || !/\s/.test(quoted[1].trim())))
    return [{ value: quoted[1].trim(), start: from + line.indexOf(quoted[1], quoted[0].length - quoted[1].length - 1) + leadOf(quoted[1]), firm: true }];
  if (kind === "subject.account") return [];
  const colon = /^[*_)\s]{0,3}(?:\(s\))?[:=|\t][*_\s]{0,4}/.exec(line);
  if (colon) return listedValues(source, line.slice(colon[0].length), from + colon[0].length, kind);
  if (kind === "label.personName") return [];
  const direct = /^\s{1,2}(?:\(s\) )?(?:is |was |are |of |named |called |#|no\. ?)?(@?[\p{L}\p{N}][\p{L}\p{N}._@-]{1,60})/u.exec(line);
  const value = direct?.[1]?.replace(/[.,]$/, "");
  const slug = kind === "label.userName" && /^\p{Ll}+(?:-\p{Ll}+)+$/u.test(value ?? "");
  if (!direct || !value || !(isIdentifier(value) || slug)) return [];
  const start = direct[0].length - (direct[1]?.length ?? 0);
  const head = { value: value.replace(/^@/, ""), start: from + start + (value.startsWith("@") ? 1 : 0), firm: true };
  return [head, ...furtherValues(line.slice(start + value.length), from + start + value.length)];
}

/** "user IDs U88 and U99": more identifiers right behind the first. */
function furtherValues(rest: string, from: number): Value[] {
  const match = /^(?:, (?:and )?| (?:and|und|et|y|e|i|en|o) |,? & )(@?[\p{L}\p{N}][\p{L}\p{N}._@-]{1,60})/u.exec(rest);
  const value = match?.[1]?.replace(/[.,]$/, "");
  if (!match || !value || !isIdentifier(value)) return [];
  const start = from + match[0].length - (match[1]?.length ?? 0);
  return [{ value, start, firm: true }, ...furtherValues(rest.slice(match[0].length), from + match[0].length)];
}

/** Blanks inside the quotation marks, as French writes them. */
function leadOf(text: string): number {
  return text.length - text.trimStart().length;
}

function isIdentifier(value: string): boolean {
  if (/^\d{1,3}$/.test(value) || /^(?:19|20)\d\d$/.test(value)) return false;
  return /[\d_]/.test(value) || value.startsWith("@") || /\p{L}\.\p{L}/u.test(value);
}

function listedValues(source: SourceText, line: string, from: number, kind: string): Value[] {
  const cell = line.split(/[|\t]| {3,}/)[0] ?? "";
  const values: Value[] = [];
  let at = 0;
  for (const raw of cell.split(/[,;/]| and | und | et | y | e | i | en | & /)) {
    const start = cell.indexOf(raw, at);
    at = start + raw.length;
    const lead = raw.length - raw.replace(/^[\s@*_("'<]+/, "").length;
    const value = (raw.slice(lead).split(/\s\(|[<>]/)[0] ?? "").trim().replace(/[.*_)"'>]+$/, "");
    if (isAccountValue(source, value, kind))
      values.push({
        value,
        start: from + start + lead,
        firm: kind !== "label.account" || isIdentifier(value) || looksLikeName(source, value) || !value.includes(" "),
      });
  }
  return values;
}

function isAccountValue(source: SourceText, value: string, kind: string): boolean {
  if (value.length < 2 || value.length > 80) return false;
  if (!/\s/.test(value))
    return (
      /^[\p{L}\p{N}][\p{L}\p{N}._@+:-]*$/u.test(value) &&
      (isIdentifier(value) || (kind !== "label.account" && value.length > 2) || /@/.test(value) || /^\p{Ll}{4,}$/u.test(value))
    );
  return looksLikeName(source, value);
}

/** A table with a column of accounts: the cells under its heading. */
/** A list under "the following accounts": an item of one word that looks like an identifier. */
function bareListSubjects(source: SourceText, { listed }: AccountWords): SubjectReading[] {
  return [...listed].flatMap((index) => {
    const unit = source.units[index];
    const match = unit && /^\s*(?:[-*•·–▪◦]|\(?\w{1,3}[.)])?\s*(@?[\p{L}\p{N}][\p{L}\p{N}._-]{2,60})[;,.]?\s*$/u.exec(source.text.slice(unit.start, unit.end));
    const value = match?.[1]?.replace(/[.;,]$/, "").replace(/^@/, "");
    if (!unit || !match || !value || unit.region !== "main" || !isIdentifier(value) || /^[\d./-]+$/.test(value)) return [];
    const start = unit.start + match[0].lastIndexOf(value);
    return [accountIn(source, { value, start, end: start + value.length })];
  });
}

const accountColumns = ["label.account", "label.userName", "label.userId"];

function accountIn(source: SourceText, { value, start, end }: Cell): SubjectReading {
  return {
    value: { kind: "account", value, identifier: identifierOf(source, value, "user-name") },
    spans: [{ source: source.id, start, end }],
    certainty: "stated",
  };
}

interface Cell {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

function columnValues(source: SourceText, kinds: readonly string[]): Cell[] {
  let column = -1;
  return source.units.flatMap((unit): Cell[] => {
    const cells = cellsOf(source, unit);
    if (unit.region !== "main" || cells.length < 2) {
      column = -1;
      return [];
    }
    const headed = cells.findIndex((cell) =>
      kinds.some((kind) => mentionsWithin(source, kind, cell).some(({ end }) => source.text.slice(end, cell.end).trim() === "")),
    );
    if (headed >= 0 && column < 0 && cells.filter((cell) => isHeadingCell(source, cell)).length > 1) {
      column = headed;
      return [];
    }
    const cell = cells[column];
    const value = cell ? source.text.slice(cell.start, cell.end) : "";
    if (!cell || /^-+$/.test(value) || (kinds === accountColumns && (!/^[^\s@]+$/.test(value) || !isIdentifier(value)))) return [];
    return [{ value, ...cell }];
  });
}

const headingKinds = [
  "label.account",
  "label.userName",
  "label.userId",
  "label.personName",
  "label.workspace",
  "label.dateRange",
  "label.rangeStart",
  "label.rangeEnd",
  "asking.headings",
];

function isHeadingCell(source: SourceText, cell: { readonly start: number; readonly end: number }): boolean {
  return headingKinds.some((kind) => mentionsWithin(source, kind, cell).some(({ start, end }) => start === cell.start && end === cell.end));
}

function cellsOf({ text }: SourceText, unit: Unit): { start: number; end: number }[] {
  const row = text.slice(unit.start, unit.end);
  if (isCommaRow(row.trim()))
    return [...row.matchAll(/[^,\s][^,]*/g)].map((match) => ({ start: unit.start + match.index, end: unit.start + match.index + match[0].trimEnd().length }));
  if (!/[|\t]| {3}/.test(row)) return [];
  return [...row.matchAll(/[^|\t\s](?:[^|\t\s]| (?! {2}))*/g)].map((match) => ({
    start: unit.start + match.index,
    end: unit.start + match.index + match[0].trimEnd().length,
  }));
}

/** "@jdoe" where the sentence speaks of accounts. */
function handleSubjects({ source, asked }: SubjectContext, words: AccountWords): SubjectReading[] {
  return [...source.text.matchAll(/(?<![\p{L}\p{N}._%+@/-])@([\p{L}\p{N}_][\p{L}\p{N}_.-]{1,40})/gu)].flatMap((match): SubjectReading[] => {
    const unit = unitAt(source, match.index);
    const value = match[1]?.replace(/[.-]+$/, "") ?? "";
    if (!unit || unit.region !== "main" || value.length < 2) return [];
    const cue = words.listed.has(unit.index) || asked.units.has(unit.index) || accountLabels.some((kind) => mentionsWithin(source, kind, unit).length > 0);
    const start = match.index + 1;
    return cue
      ? [{ value: { kind: "account", value, identifier: "user-name" }, spans: [{ source: source.id, start, end: start + value.length }], certainty: "stated" }]
      : [];
  });
}

/** IP addresses and telephone numbers that tell whose account is meant. */
function addressSubjects({ source, asked }: SubjectContext, words: AccountWords): SubjectReading[] {
  const reading =
    (identifier: Identifier) =>
    (found: { readonly value: string; readonly start: number; readonly end: number }): SubjectReading[] => {
      const unit = unitAt(source, found.start);
      if (!unit || unit.region !== "main" || words.contact.has(unit.index)) return [];
      const cue = accountLabels.some((kind) => mentionsWithin(source, kind, { start: unit.start, end: found.start }).length > 0);
      const contact =
        mentionsWithin(source, "subject.contact", unit).length > 0 || mentionsWithin(source, "label.phone", unit).some(({ start }) => start === unit.start);
      if (contact || (identifier === "phone" ? !cue : !cue && !asked.units.has(unit.index) && !words.listed.has(unit.index))) return [];
      return [
        {
          value: { kind: "account", value: found.value, identifier },
          spans: [{ source: source.id, start: found.start, end: found.end }],
          certainty: cue ? "stated" : "inferred",
        },
      ];
    };
  return [
    ...ipAddressesIn(source.text).flatMap(reading("ip-address")),
    ...phonesIn(source.text)
      .filter(({ value }) => value.startsWith("+"))
      .flatMap(reading("phone")),
  ];
}

/** Workspaces: by their label, beside the word, in quotation marks, as a subdomain of the company, or as a name we know. */
export function readWorkspaces({ source, ownDomains }: SubjectContext, known: readonly string[]): Proposed<string>[] {
  const labelled = [...(source.mentions.get("label.workspace") ?? [])].flatMap((label) => labelledWorkspace(source, label));
  const beside = [...(source.mentions.get("subject.workspace") ?? [])].flatMap((word) => besideWorkspace(source, word));
  const columns = columnValues(source, ["label.workspace"]).map(({ value, start }) => workspace(source, value, start, "stated"));
  const hosts = ownDomains.flatMap((domain) => subdomains(source, domain));
  return mergeWorkspaces([...labelled, ...beside, ...columns, ...hosts, ...knownWorkspaces(source, known)]);
}

/** Guesses from a capital letter give way to names that the text states; the company's own name is no workspace. */
export function settleWorkspaces(
  readings: readonly Proposed<string>[],
  { knownWorkspaces = [], ownDomains = [] }: { readonly knownWorkspaces?: readonly string[]; readonly ownDomains?: readonly string[] },
): Proposed<string>[] {
  const own = ownDomains.map((domain) => domain.toLowerCase().split(".").at(-2) ?? domain);
  const merged = mergeWorkspaces(readings).filter(({ value }) => !own.includes(value.toLowerCase()));
  const stated = merged.some(({ certainty }) => certainty === "stated");
  return merged.filter(({ value, certainty }) => !stated || certainty === "stated" || knownWorkspaces.includes(value));
}

function mergeWorkspaces(readings: readonly Proposed<string>[]): Proposed<string>[] {
  const merged = new Map<string, Proposed<string>>();
  for (const reading of readings) {
    const key = reading.value.toLowerCase();
    const before = merged.get(key);
    const certainty = before?.certainty === "stated" ? "stated" : reading.certainty;
    const fresh = reading.spans.filter((span) => !before?.spans.some(({ source, start }) => source === span.source && start === span.start));
    merged.set(key, before ? { ...before, certainty, spans: [...before.spans, ...fresh] } : reading);
  }
  return [...merged.values()];
}

function workspace(source: SourceText, value: string, start: number, certainty: "stated" | "inferred"): Proposed<string> {
  const span: Span = { source: source.id, start, end: start + value.length };
  return { value, spans: [span], certainty };
}

function isMain(source: SourceText, at: number): boolean {
  return unitAt(source, at)?.region === "main";
}

function labelledWorkspace(source: SourceText, label: { readonly start: number; readonly end: number }): Proposed<string>[] {
  if (!isMain(source, label.start)) return [];
  const line = source.text.slice(label.end, label.end + 160).split("\n")[0] ?? "";
  const match = /^[*_)\s]{0,3}(?:\(s\))?[:=|\t][*_\s|]{0,4}["“„«']?([^\n|\t;"“”»]{2,60})/.exec(line);
  const value = match?.[1]
    ?.split(/ {2,}|, | \(|\)|\. /)[0]
    ?.trim()
    .replace(/[.'*_)]+$/, "");
  if (!match?.[1] || !value || value.split(" ").length > 6) return [];
  return [workspace(source, value, label.end + match[0].length - match[1].length, "stated")];
}

/** "the workspace acme-corp", "workspace named “Acme”", "the Acme Corp workspace". */
function besideWorkspace(
  source: SourceText,
  word: { readonly start: number; readonly end: number; readonly first: number; readonly last: number },
): Proposed<string>[] {
  if (!isMain(source, word.start)) return [];
  const text = source.text;
  const named = mentionsWithin(source, "subject.named", { start: word.end, end: word.end + 20 })[0];
  const from = named && named.start - word.end <= 3 ? named.end : word.end;
  const quoted = /^[\s(:]{0,2}["“„«'‘]([^"“”„«»'’\n]{2,60})["”“»'’]/.exec(text.slice(from, from + 70));
  if (quoted?.[1]) return [workspace(source, quoted[1].trim(), from + quoted[0].indexOf(quoted[1]) + leadOf(quoted[1]), "stated")];
  const slug = /^ ([\p{L}\p{N}]+(?:[-_.][\p{L}\p{N}]+)+|\p{L}+\d[\p{L}\p{N}]*)/u.exec(text.slice(from, from + 60));
  if (slug?.[1]) return [workspace(source, slug[1], from + 1, "stated")];
  const capital = /^ (\p{Lu}[\p{L}\p{N}'’&]*(?: (?:& )?\p{Lu}[\p{L}\p{N}'’&]*){0,4})/u.exec(text.slice(from, from + 80));
  if (capital?.[1] && (named || from === word.end) && !mentionsWithin(source, "date.month", { start: from, end: from + capital[0].length }).length)
    return [workspace(source, capital[1], from + 1, "stated")];
  if (named) {
    const plain = /^ ([\p{L}\p{N}_-]{3,40})/u.exec(text.slice(from, from + 50));
    return plain?.[1] ? [workspace(source, plain[1], from + 1, "stated")] : [];
  }
  return beforeWorkspace(source, word);
}

function beforeWorkspace(source: SourceText, word: { readonly start: number }): Proposed<string>[] {
  const before = source.text.slice(Math.max(0, word.start - 70), word.start);
  const quoted = /["“„«'‘]([^"“”„«»'’\n]{2,60})["”“»'’] $/.exec(before);
  if (quoted?.[1]) return [workspace(source, quoted[1].trim(), word.start - before.length + quoted.index + 1 + leadOf(quoted[1]), "stated")];
  const slug = /(?:^|\s)([\p{L}\p{N}]+(?:[-_.][\p{L}\p{N}]+)+) $/u.exec(before);
  if (slug?.[1] && /[-_.]/.test(slug[1]) && slug[1].length > 4) return [workspace(source, slug[1], word.start - 1 - slug[1].length, "inferred")];
  const names = /(?:^|\s)((?:\p{Lu}[\p{L}\p{N}'’&-]+ ){1,4})$/u.exec(before)?.[1]?.trimEnd();
  const common = new Set(source.packs.flatMap(({ recognise }) => recognise.common));
  const value = names
    ?.split(" ")
    .filter((name, at) => at > 0 || !common.has(name.toLowerCase()))
    .join(" ");
  return value && !isAttachment(source) ? [workspace(source, value, word.start - 1 - value.length, "inferred")] : [];
}

function subdomains(source: SourceText, domain: string): Proposed<string>[] {
  const found: Proposed<string>[] = [];
  const text = source.text.toLowerCase();
  const tail = `.${domain.toLowerCase()}`;
  for (let at = text.indexOf(tail); at >= 0; at = text.indexOf(tail, at + 1)) {
    const name = /(?<![\w@.-])([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)$/.exec(text.slice(Math.max(0, at - 64), at))?.[1];
    if (name && name !== "www" && isMain(source, at)) found.push(workspace(source, source.text.slice(at - name.length, at), at - name.length, "stated"));
  }
  return found;
}

function knownWorkspaces(source: SourceText, known: readonly string[]): Proposed<string>[] {
  const phrases = phrasesOf(known.filter((name) => name.length > 2).map((name) => [name, name] as const));
  return findPhrases(source.words, phrases).flatMap(({ value, first, last }) => {
    const start = source.words[first]?.start ?? 0;
    const end = source.words[last]?.end ?? start;
    const unit = unitAt(source, start);
    if (!unit || unit.region !== "main") return [];
    const near = mentionsWithin(source, "subject.workspace", unit).length > 0 || mentionsWithin(source, "label.workspace", unit).length > 0;
    if (/[@.]/.test(source.text[start - 1] ?? "") || source.text[end] === "@") return [];
    return [{ value, spans: [{ source: source.id, start, end }], certainty: near ? "stated" : "inferred" } as const];
  });
}
