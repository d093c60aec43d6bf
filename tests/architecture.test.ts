// Holds the real imports of the program against the arrows of its design, and fails when it has read no file.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { parseSync } from "oxc-parser";

const root = fileURLToPath(new URL("..", import.meta.url));

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

/** The room a file belongs to: the finest folder that the arrows speak of. */
function roomOf(file: string): string {
  const [, first = "", second = ""] = file.split("/");
  if (!file.startsWith("src/")) return first;
  if (["portcullis.ts", "main.ts", "serve.ts", "rehearse.ts"].includes(first) || first === "rehearsal") return "main";
  if (first === "adapters" || first === "web") return `${first}/${second.includes(".") ? "" : second}`.replace(/\/$/, "");
  if (first === "requests") return second.includes(".") ? "requests" : `requests/${second}`;
  return first;
}

const files = globSync("src/**/*.{ts,tsx}", { cwd: root }).filter((file) => !/\.test\.tsx?$/.test(file));

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(join(root, file), "utf8");
  const { program, module: parsed } = parseSync(file, text);
  assert.ok(program.body.length > 0, `${file} could not be read`);
  const statics = parsed.staticImports.map((found) => ({
    target: found.moduleRequest.value,
    typeOnly: found.entries.length > 0 && found.entries.every((entry) => entry.isType),
  }));
  const exports = parsed.staticExports.flatMap(({ entries }) =>
    entries.flatMap((entry) => (entry.moduleRequest === null ? [] : [{ target: entry.moduleRequest.value, typeOnly: entry.isType }])),
  );
  const dynamic = parsed.dynamicImports.map(({ moduleRequest }) => ({
    target: text.slice(moduleRequest.start, moduleRequest.end).replaceAll(/["']/g, ""),
    typeOnly: false,
  }));
  return [...statics, ...exports, ...dynamic]
    .filter(({ target }) => target.startsWith("."))
    .map(({ target, typeOnly }) => ({ from: file, to: relative(root, join(root, dirname(file), target)), typeOnly }));
}

const all = files.flatMap(importsOf);

const requestsRooms = [
  "intake",
  "verification",
  "review",
  "gag",
  "notice",
  "challenge",
  "disclosure",
  "deadlines",
  "letters",
  "directory",
  "preservation",
  "redaction",
];

/** Which room may import which; `type` allows types only. What is not here is not allowed. */
const arrows: Readonly<Record<string, Readonly<Record<string, "all" | "type" | "door">>>> = {
  kernel: {},
  policy: { kernel: "all" },
  ledger: { kernel: "all" },
  requests: { kernel: "all", policy: "all", ledger: "type", ...Object.fromEntries(requestsRooms.map((room) => [`requests/${room}`, "type"])) },
  "requests/*": { kernel: "all", policy: "all", ledger: "type", requests: "all", production: "type", "requests/*": "all" },
  production: { kernel: "all", policy: "all", ledger: "all" },
  reporting: { kernel: "all", policy: "all", requests: "type", "requests/*": "type", partners: "type" },
  assessment: { kernel: "all", policy: "all", ledger: "type", requests: "all", "requests/*": "door" },
  exchange: { kernel: "all", policy: "all", assessment: "all" },
  partners: { kernel: "all", policy: "all" },
  app: {
    kernel: "all",
    policy: "all",
    ledger: "all",
    requests: "all",
    "requests/*": "all",
    production: "all",
    reporting: "door",
    assessment: "all",
    exchange: "door",
    partners: "all",
  },
  adapters: {},
  "adapters/*": {
    adapters: "all",
    kernel: "all",
    policy: "all",
    partners: "all",
    assessment: "all",
    ledger: "all",
    production: "all",
    app: "all",
    requests: "all",
    "requests/*": "type",
  },
  "web/*": {
    kernel: "all",
    policy: "all",
    ledger: "all",
    app: "all",
    requests: "all",
    "requests/*": "all",
    production: "type",
    reporting: "door",
    assessment: "all",
    partners: "all",
    web: "all",
    "web/look": "all",
  },
  web: { kernel: "all", policy: "all", ledger: "type", app: "all", requests: "all", "requests/*": "type", partners: "all", "web/*": "all" },
  cli: { kernel: "all", policy: "all", ledger: "type", app: "all", requests: "type", reporting: "door", assessment: "all", exchange: "door", partners: "door" },
  main: { "*": "all" },
};

function ruleFor(from: string, to: string): "all" | "type" | "door" | undefined {
  const row = arrows[from] ?? arrows[`${from.split("/")[0]}/*`] ?? {};
  return row["*"] ?? row[to] ?? row[`${to.split("/")[0]}/*`];
}

function isAllowed({ from, to, typeOnly }: Import): boolean {
  const [source, target] = [roomOf(from), roomOf(to)];
  if (source === target || (source === "main" && target === "main")) return true;
  const rule = ruleFor(source, target);
  return rule === "all" || (rule === "type" && typeOnly) || (rule === "door" && (typeOnly || to.endsWith("/module.ts")));
}

test("the test has read the program: its files and their imports", () => {
  assert.ok(files.length > 100, `only ${files.length} files were found`);
  assert.ok(all.length > 300, `only ${all.length} imports were found`);
});

test("every import follows an arrow of the design", () => {
  const strays = all.filter((each) => !isAllowed(each)).map(({ from, to, typeOnly }) => `${from} → ${to}${typeOnly ? " (types)" : ""}`);
  assert.deepEqual(strays, []);
});

test("adapters never meet each other", () => {
  const meetings = all.filter(({ from, to }) => roomOf(from).startsWith("adapters/") && roomOf(to).startsWith("adapters/") && roomOf(from) !== roomOf(to));
  assert.deepEqual(
    meetings.map(({ from, to }) => `${from} → ${to}`),
    [],
  );
});

test("an arrow that is not allowed is seen", () => {
  assert.equal(isAllowed({ from: "src/kernel/ids.ts", to: "src/app/desk.ts", typeOnly: true }), false);
  assert.equal(isAllowed({ from: "src/requests/notice/notice-state.ts", to: "src/adapters/postgres/views.ts", typeOnly: false }), false);
  assert.equal(isAllowed({ from: "src/web/owner/owner.tsx", to: "src/adapters/postgres/views.ts", typeOnly: false }), false);
  assert.equal(isAllowed({ from: "src/policy/pack.ts", to: "src/requests/decision.ts", typeOnly: true }), false);
});

test("the checker of production shares no code with the compiler", () => {
  const shared = all.filter(({ from, to }) => from.includes("production/check/") && !to.includes("production/check/") && !to.endsWith("shapes.ts"));
  assert.deepEqual(
    shared.filter(({ typeOnly, to }) => !typeOnly && !to.startsWith("src/kernel/")).map(({ from, to }) => `${from} → ${to}`),
    [],
  );
});
