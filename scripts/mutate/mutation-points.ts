// Finds every place in a source file where one small lie can be told: the tests must notice each of them.
import { parseSync } from "oxc-parser";

export interface Mutation {
  /** Relative to the root, with forward slashes. */
  readonly file: string;
  /** Offsets in UTF-16 units: `replacement` takes the place of what stands between them. */
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** Where the mutated code is first run: coverage is asked here. */
  readonly reachedAt: number;
  readonly line: number;
  /** What was done, in a word or two. */
  readonly what: string;
  /** What a reader sees: the whole expression before and after. */
  readonly original: string;
  readonly mutated: string;
  /** The named function, method or constant it stands in. */
  readonly within: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  // oxc's tree is read as data: each visitor below names the members that its node type has.
  readonly [member: string]: any;
}

interface Place {
  readonly parent: Node | undefined;
  readonly key: string;
  readonly within: string;
  /** Inside a sentence for people: neither its words nor its letter case decide. */
  readonly prose: boolean;
}

interface Edit {
  readonly what: string;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  readonly reachedAt?: number;
}

/** Throws when the file does not parse. */
export function mutationsOf(file: string, source: string): readonly Mutation[] {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} does not parse: ${errors[0]?.message}`);
  const found = new Map<string, Mutation>();
  walk(program as unknown as Node, { parent: undefined, key: "", within: "", prose: false }, (node, place) => {
    for (const edit of editsAt(node, place, source)) {
      const id = `${edit.start}-${edit.end}-${edit.replacement}`;
      if (!found.has(id)) found.set(id, described({ file, source, node, place, edit }));
    }
  });
  return [...found.values()].toSorted((one, other) => one.start - other.start || one.end - other.end);
}

/** The source with this one lie in it. */
export function told({ start, end, replacement }: Pick<Mutation, "start" | "end" | "replacement">, source: string): string {
  return source.slice(0, start) + replacement + source.slice(end);
}

function described(at: { readonly file: string; readonly source: string; readonly node: Node; readonly place: Place; readonly edit: Edit }): Mutation {
  const { file, source, node, place, edit } = at;
  const shown = { start: Math.min(node.start, edit.start), end: Math.max(node.end, edit.end) };
  return {
    file,
    start: edit.start,
    end: edit.end,
    replacement: edit.replacement,
    reachedAt: edit.reachedAt ?? edit.start,
    line: source.slice(0, edit.start).split("\n").length,
    what: edit.what,
    original: oneLine(source.slice(shown.start, shown.end)),
    mutated: oneLine(source.slice(shown.start, edit.start) + edit.replacement + source.slice(edit.end, shown.end)),
    within: place.within,
  };
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

const typeOnly = new Set(["ImportDeclaration", "ExportAllDeclaration", "TSInterfaceDeclaration", "TSTypeAliasDeclaration", "TSDeclareFunction"]);
const typedExpressions = new Set(["TSAsExpression", "TSSatisfiesExpression", "TSNonNullExpression", "TSInstantiationExpression"]);
const proseMembers = new Set(["because", "label", "question", "message", "description"]);

function walk(node: Node, place: Place, visit: (node: Node, place: Place) => void): void {
  if (typeOnly.has(node.type)) return;
  if (typedExpressions.has(node.type)) return walk(node["expression"], place, visit);
  if (node.type.startsWith("TS")) return;
  visit(node, place);
  const within = nameOf(node) ?? place.within;
  for (const [key, value] of Object.entries(node)) {
    const prose = place.prose || isProse(node, key);
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walk(child, { parent: node, key, within, prose }, visit);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
}

function nameOf(node: Node): string | undefined {
  const named = node.type === "FunctionDeclaration" || node.type === "ClassDeclaration" || node.type === "VariableDeclarator";
  return named && node["id"]?.type === "Identifier" ? node["id"].name : undefined;
}

function isProse(node: Node, key: string): boolean {
  if (node.type === "Property") return key === "value" && proseMembers.has(keyName(node));
  return node.type === "TemplateLiteral" || node.type === "ThrowStatement";
}

function keyName(property: Node): string {
  const key = property["key"] as Node;
  return key.type === "Identifier" ? key["name"] : String(key["value"]);
}

function bare(node: Node): Node {
  return node.type === "ParenthesizedExpression" || typedExpressions.has(node.type) ? bare(node["expression"]) : node;
}

type Finder = (node: Node, place: Place, source: string) => readonly Edit[];

function editsAt(node: Node, place: Place, source: string): readonly Edit[] {
  return [...(finders[node.type]?.(node, place, source) ?? []), ...emptied(node, place), ...negated(node, place, source)];
}

const finders: Readonly<Record<string, Finder>> = {
  BinaryExpression: otherOperator,
  LogicalExpression: otherLogic,
  UnaryExpression: withoutSign,
  UpdateExpression: (node) => [swap(node, "step", node["operator"] === "++" ? ["++", "--"] : ["--", "++"], node)],
  AssignmentExpression: otherAssignment,
  IfStatement: otherBranch,
  WhileStatement: (node) => [put("loop never entered", node["test"], "false")],
  ConditionalExpression: oneBranch,
  Literal: otherLiteral,
  CallExpression: otherCall,
  MemberExpression: withoutQuestion,
  ArrayExpression: withoutSpread,
  ObjectExpression: withoutSpread,
  ExpressionStatement: (node) => (node["directive"] ? [] : [put("statement removed", node, ";")]),
  ThrowStatement: (node, { parent }) => (isGuard(parent) ? [] : [put("statement removed", node, ";")]),
  ForOfStatement: (node) => [put("loop removed", node, ";")],
  ContinueStatement: (node) => [put("statement removed", node, ";")],
  BreakStatement: (node, { parent }) => (parent?.type === "SwitchCase" ? [] : [put("statement removed", node, ";")]),
};

function put(what: string, node: Node, replacement: string): Edit {
  return { what, start: node.start, end: node.end, replacement };
}

function text(node: Node, source: string): string {
  return source.slice(node.start, node.end);
}

function swap(node: Node, what: string, [from, to]: readonly [string, string], around: Node): Edit {
  const prefix = node["prefix"] === true;
  const start = prefix ? around.start : around.end - from.length;
  return { what, start, end: start + from.length, replacement: to, reachedAt: around.start };
}

const operators: Readonly<Record<string, readonly string[]>> = {
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "===": ["!=="],
  "!==": ["==="],
  "==": ["!="],
  "!=": ["=="],
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
  "%": ["*"],
};

/** A comparison that is a whole condition is not negated here: each of its branches is forced instead, which no test for the negation can miss. */
function otherOperator(node: Node, place: Place, source: string): readonly Edit[] {
  const operator = node["operator"] as string;
  if (operator === "+" && [node["left"], node["right"]].some((side) => isText(bare(side)))) return [];
  const negation = operator === "===" || operator === "!==";
  if (negation && isWholeCondition(place)) return [];
  const words = (operators[operator] ?? []).filter(
    (other) => !(isWholeCondition(place) && other.length !== operator.length + 1 && isOpposite(operator, other)),
  );
  const [left, right] = [text(node["left"], source), text(node["right"], source)];
  return words.map((other) => put(negation || isOpposite(operator, other) ? "comparison negated" : "operator", node, `(${left} ${other} ${right})`));
}

function isOpposite(operator: string, other: string): boolean {
  return ["< >=", "<= >", "> <=", ">= <"].includes(`${operator} ${other}`);
}

function isText(node: Node): boolean {
  return node.type === "TemplateLiteral" || (node.type === "Literal" && typeof node["value"] === "string");
}

function isWholeCondition({ parent, key }: Place): boolean {
  return key === "test" && (parent?.type === "IfStatement" || parent?.type === "ConditionalExpression");
}

function otherLogic(node: Node, _place: Place, source: string): readonly Edit[] {
  const [left, right] = [text(node["left"], source), text(node["right"], source)];
  const alone = [put("right side removed", node, `(${left})`), put("left side removed", node, `(${right})`)];
  const reached = alone.map((edit) => ({ ...edit, reachedAt: node.start }));
  if (node["operator"] === "??") return [{ ...put("fallback removed", node, `(${left})`), reachedAt: node["right"].start }, ...reached.slice(1)];
  return [put("and/or", node, `(${left} ${node["operator"] === "&&" ? "||" : "&&"} ${right})`), ...reached];
}

function withoutSign(node: Node, place: Place, source: string): readonly Edit[] {
  if (isWholeCondition(place)) return [];
  const inside = text(node["argument"], source);
  if (node["operator"] === "!") return [put("negation removed", node, `(${inside})`)];
  const counted = place.parent?.type === "CallExpression" && place.parent["callee"].property?.name === "at";
  return node["operator"] === "-" && !counted ? [put("minus removed", node, `(${inside})`)] : [];
}

function otherAssignment(node: Node, _place: Place, source: string): readonly Edit[] {
  const others: Readonly<Record<string, string>> = { "+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=", "??=": "=", "||=": "=", "&&=": "=" };
  const other = others[node["operator"]];
  if (other === undefined || isText(bare(node["right"]))) return [];
  return [put("assignment", node, `${text(node["left"], source)} ${other} ${text(node["right"], source)}`)];
}

/** A guard that only throws is taken away by its condition. */
function isGuard(parent: Node | undefined): boolean {
  return parent?.type === "IfStatement";
}

/** Early returns vanish when their condition is never true. */
function otherBranch(node: Node): readonly Edit[] {
  return [put("if: never", node["test"], "false"), put("if: always", node["test"], "true")];
}

function oneBranch(node: Node, _place: Place, source: string): readonly Edit[] {
  return [
    { ...put("always the first branch", node, `(${text(node["consequent"], source)})`), reachedAt: node["alternate"].start },
    { ...put("always the second branch", node, `(${text(node["alternate"], source)})`), reachedAt: node["consequent"].start },
  ];
}

const codeWord = /^[\w.:#/@-]*$/;

function otherLiteral(node: Node, place: Place): readonly Edit[] {
  const { value } = node as unknown as { readonly value: unknown };
  if (place.prose || isName(place)) return [];
  if (node["regex"] !== undefined && node["regex"] !== null) return looserPattern(node);
  if (typeof value === "boolean") return [put("boolean", node, String(!value))];
  if (typeof value === "number") return place.parent?.type === "UnaryExpression" ? [] : [put("number", node, String(value + 1))];
  if (typeof value === "string" && codeWord.test(value)) return [put("word", node, value === "" ? '"mutated"' : '""')];
  return [];
}

function isName({ parent, key }: Place): boolean {
  return key === "source" || (key === "key" && parent?.["computed"] !== true) || (parent?.type === "ExpressionStatement" && parent["directive"] !== null);
}

function looserPattern(node: Node): readonly Edit[] {
  const { pattern, flags } = node["regex"] as { readonly pattern: string; readonly flags: string };
  const looser = [pattern.startsWith("^") ? pattern.slice(1) : undefined, /(?<!\\)\$$/.test(pattern) ? pattern.slice(0, -1) : undefined];
  return looser.flatMap((other) => (other === undefined || other === "" ? [] : [put("pattern", node, `/${other}/${flags}`)]));
}

const otherNames: ReadonlyMap<string, string> = new Map(
  [
    ["some", "every"],
    ["find", "findLast"],
    ["findIndex", "findLastIndex"],
    ["indexOf", "lastIndexOf"],
    ["startsWith", "endsWith"],
    ["min", "max"],
  ].flatMap(([one = "", other = ""]): [string, string][] => [
    [one, other],
    [other, one],
  ]),
);
const steps = new Set(["filter", "toSorted", "sort", "toReversed", "reverse", "slice", "trim", "toLowerCase", "toUpperCase"]);

function otherCall(node: Node, { prose }: Place, source: string): readonly Edit[] {
  const callee = node["callee"] as Node;
  const question = node["optional"] === true ? [withoutMark(callee.end, node, source)] : [];
  if (callee.type !== "MemberExpression" || callee["computed"] === true) return question;
  const name = callee["property"] as Node;
  const word = name["name"] as string;
  if (steps.has(word) && !prose && callee["object"].type !== "Super")
    return [...question, { ...put(`${word} removed`, node, text(callee["object"], source)), reachedAt: name.start }];
  const other = isBound(callee, word) || isLookUp(node, word) ? undefined : (otherNames.get(word) ?? otherDirection(node, word));
  if (other !== undefined) return [...question, { ...put(`${word}: ${other}`, name, other), reachedAt: name.start }];
  return [...question, ...otherEnd(node, word)];
}

/** Bounds of a schema are mutated in their numbers: `min` and `max` there are not Math's. */
function isBound(callee: Node, word: string): boolean {
  return (word === "min" || word === "max") && !(callee["object"].type === "Identifier" && callee["object"].name === "Math");
}

/** What is looked up by its id is there once: first and last are the same. */
function isLookUp(node: Node, word: string): boolean {
  const question = bare(node["arguments"][0]?.body ?? node);
  if (!word.startsWith("find") || question.type !== "BinaryExpression" || question["operator"] !== "===") return false;
  return [question["left"], question["right"]].some((side: Node) => (side["name"] ?? side["property"]?.name) === "id");
}

function otherDirection(node: Node, word: string): string | undefined {
  if (node["arguments"][0]?.type !== "ObjectExpression") return undefined;
  return word === "add" ? "subtract" : word === "subtract" ? "add" : undefined;
}

function otherEnd(node: Node, word: string): readonly Edit[] {
  const [place] = node["arguments"] as readonly Node[];
  if (word !== "at" || place?.type !== "UnaryExpression") return [];
  return [{ ...put("other end", place, "0"), reachedAt: node.start }];
}

function withoutQuestion(node: Node, _place: Place, source: string): readonly Edit[] {
  return node["optional"] === true ? [withoutMark(node["object"].end, node, source)] : [];
}

function withoutMark(after: number, node: Node, source: string): Edit {
  const start = source.indexOf("?.", after);
  const dotted = node.type === "MemberExpression" && node["computed"] !== true;
  return { what: "question mark removed", start, end: start + 2, replacement: dotted ? "." : "", reachedAt: node.start };
}

/** What a conditional spread leaves out is mutated at its condition, so it is not removed a second time. */
function withoutSpread(node: Node, _place: Place, source: string): readonly Edit[] {
  const members = (node["elements"] ?? node["properties"]) as readonly (Node | null)[];
  return members.flatMap((member) => {
    if (member?.type !== "SpreadElement" || choosesNothing(bare(member["argument"]))) return [];
    const comma = /^\s*,/.exec(source.slice(member.end))?.[0].length ?? 0;
    return [{ what: "spread removed", start: member.start, end: member.end + comma, replacement: "" }];
  });
}

function choosesNothing(node: Node): boolean {
  return node.type === "ConditionalExpression" && [node["consequent"], node["alternate"]].some((branch) => isEmpty(bare(branch)));
}

function isEmpty(node: Node): boolean {
  return (node.type === "ArrayExpression" && node["elements"].length === 0) || (node.type === "ObjectExpression" && node["properties"].length === 0);
}

/** An answer with nothing in it gets something, and an answer with something in it gets nothing. */
function emptied(node: Node, { parent, key }: Place): readonly Edit[] {
  const answer =
    parent?.type === "ReturnStatement" ||
    (parent?.type === "ArrowFunctionExpression" && key === "body") ||
    (parent?.type === "LogicalExpression" && key === "right") ||
    (parent?.type === "ConditionalExpression" && key !== "test" && isEmpty(node));
  if (!answer) return [];
  if (node.type === "ArrayExpression") return [put("answer", node, isEmpty(node) ? '["mutated"]' : "[]")];
  return node.type === "ObjectExpression" && isEmpty(node) ? [put("answer", node, "{ mutated: true }")] : [];
}

const predicates = new Set(["filter", "some", "every", "find", "findLast", "findIndex", "findLastIndex"]);

/** What a filter asks is a condition too; operators in it are mutated by themselves. */
function negated(node: Node, place: Place, source: string): readonly Edit[] {
  if (node.type !== "ArrowFunctionExpression" || node["expression"] !== true || !isPredicate(place)) return [];
  const body = node["body"] as Node;
  if (!["CallExpression", "MemberExpression", "Identifier", "ChainExpression"].includes(bare(body).type)) return [];
  return [put("condition negated", body, `!(${text(body, source)})`)];
}

function isPredicate({ parent, key }: Place): boolean {
  const callee = parent?.["callee"] as Node | undefined;
  return parent?.type === "CallExpression" && key === "arguments" && callee?.type === "MemberExpression" && predicates.has(callee["property"].name);
}
