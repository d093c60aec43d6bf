// The register of sub-processors: snapshots, what came and went, and real lists of three years read back as their history.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import fc from "fast-check";
import { registerOf, registerQuestion } from "./register.ts";

const list = (...names: readonly string[]) =>
  `# Sub-processors\n\n*Last updated: a day*\n\n${names.map((name) => `* [${name}](https://example.org/x). Hosting.`).join("\n")}\n`;
const register = (...snapshots: readonly object[]) => registerOf(registerQuestion.parse({ snapshots }));
const issues = (...snapshots: readonly object[]) =>
  registerQuestion.safeParse({ snapshots }).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];

test("between two snapshots the register says who came, who went and whose purpose is another, and each newcomer needed a notice (DPA-6.1, DPA-6.6a)", () => {
  const { changes, duties, names, asOf } = register(
    {
      on: "2026-08-17",
      entries: [
        { name: "alpha", purpose: "Mail" },
        { name: "Gamma", purpose: "Logs" },
      ],
    },
    {
      on: "2026-01-01",
      entries: [
        { name: "Alpha", purpose: "Hosting" },
        { name: "Beta", purpose: "Mail" },
      ],
    },
  );
  assert.deepEqual(changes, [{ on: "2026-08-17", added: ["Gamma"], removed: ["Beta"], changed: ["alpha"] }]);
  assert.deepEqual([names, asOf], [["alpha", "Gamma"], "2026-08-17"]);
  assert.deepEqual(
    duties.map(({ clause, because }) => `${clause} ${because.split(":")[1]?.split(" for ")[0]?.trim()}`),
    ["DPA-6.6a a complete notice was owed by Fri 17 Jul 2026"],
  );
});

test("a list that is silent about a place changes nothing, and one that names another place does", () => {
  const at = (on: string, place?: string) => ({ on, entries: [{ name: "Alpha", purpose: "Hosting", ...(place === undefined ? {} : { place }) }] });
  const moved = [{ on: "2026-03-01", added: [], removed: [], changed: ["Alpha"] }];
  assert.deepEqual(register(at("2026-01-01", "IE"), at("2026-02-01"), at("2026-03-01", "US")).changes, moved);
  assert.deepEqual(register(at("2026-01-01", "IE"), at("2026-02-01"), at("2026-03-01", "IE")).changes, []);
  assert.deepEqual(register(at("2026-01-01"), at("2026-02-01", "IE")).changes, [], "a place that was never said has not changed");
  assert.deepEqual(register(at("2026-01-01", "IE"), at("2026-02-01", "US")).changes, [{ on: "2026-02-01", added: [], removed: [], changed: ["Alpha"] }]);
});

test("a published list is read line by line; what looks like an entry and is none is refused with its line, and so is a name that stands twice", () => {
  assert.deepEqual(register({ on: "2026-01-01", published: list("Alpha", "Beta Inc.") }).names, ["Alpha", "Beta Inc."]);
  assert.match(issues({ on: "2026-01-01", published: "* Alpha, hosting\n" }).join(), /snapshots\.0\.published: Line 1 looks like an entry/);
  assert.match(issues({ on: "2026-01-01", published: list("Alpha", "ALPHA") }).join(), /ALPHA stands in the list twice/);
  assert.match(issues({ on: "2026-01-01" }).join(), /has entries or the list/);
  assert.match(issues({ on: "2026-02-30", entries: [] }).join(), /No such day/);
});

test("the changes of a register, taken one after the other, lead from its first snapshot to its last", () => {
  const some = fc.array(fc.uniqueArray(fc.constantFrom("A", "B", "C", "D", "E"), { maxLength: 5 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(some, (states) => {
      const { changes, names } = register(...states.map((state, index) => ({ on: `2026-0${index + 1}-01`, published: list(...state) })));
      const present = new Set<string>(states[0]);
      for (const { added, removed } of changes) {
        for (const name of removed) assert.ok(present.delete(name), name);
        for (const name of added) {
          assert.ok(!present.has(name), name);
          present.add(name);
        }
      }
      assert.deepEqual([...present].toSorted(), names.toSorted());
    }),
  );
});

const folder = fileURLToPath(new URL("../../../../shared/data/subprocessors/37signals/history", import.meta.url));

test(
  "fifteen real lists of three years are read whole, and their history is found again as additions and removals",
  { skip: existsSync(folder) ? false : "the real lists are not here" },
  () => {
    const files = readdirSync(folder).toSorted();
    const snapshots = files.map((file) => ({ on: /\d{4}-\d\d-\d\d/.exec(file)?.[0], published: readFileSync(join(folder, file), "utf8") }));
    const lines = snapshots.map(({ published }) => published.split("\n").filter((each) => each.startsWith("* [")).length);
    const parsed = registerQuestion.parse({ snapshots });
    assert.deepEqual(
      parsed.snapshots.map(({ entries }) => entries.length),
      lines,
    );
    const { changes, names } = registerOf(parsed);
    const balance = changes.reduce((sum, { added, removed }) => sum + added.length - removed.length, lines[0] ?? 0);
    assert.equal(balance, lines.at(-1));
    assert.equal(names.length, lines.at(-1));
    assert.ok(changes.some(({ added }) => added.includes("Cloudflare")) && changes.some(({ removed }) => removed.includes("Customer.io")));
  },
);
