// What the lists promise about kept copies: found by their workspaces, each once, and gone when the case says so.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { deskMigrations } from "../../src/adapters/postgres/desk-tables.ts";
import { openViews } from "../../src/adapters/postgres/views.ts";
import type { ProjectedCase, Views } from "../../src/app/ports.ts";
import type { CaseId, DeskId } from "../../src/kernel/ids.ts";
import { instant } from "../../src/kernel/instant.ts";
import { openTestDatabase, type TestDatabase } from "./database.ts";

let database: TestDatabase;
let views: Views;

before(async () => {
  database = await openTestDatabase({ migrations: deskMigrations });
  views = openViews(database.app);
});
after(() => database.close());

const newDesk = () => randomUUID() as DeskId;

function keeping(caseId: string, ...kept: ProjectedCase["kept"]): ProjectedCase {
  return { row: { caseId: caseId as CaseId, receivedAt: instant("2026-03-02T17:00:00Z"), door: "mail", stage: "review", secret: false }, due: [], kept };
}

async function found(desk: DeskId, workspaces: readonly string[], limit = 10): Promise<readonly string[]> {
  return (await views.keptOf(desk, workspaces, limit)).map(({ caseId, preservation }) => `${caseId} ${preservation}`);
}

test("a copy is found by any of its workspaces and named once, in the order of case and copy", async () => {
  const desk = newDesk();
  await views.advance(desk, 0, 3, [
    keeping("C-2", { workspace: "acme", preservation: "P3" }),
    keeping("C-1", { workspace: "acme", preservation: "P1" }, { workspace: "bolt", preservation: "P1" }, { workspace: "bolt", preservation: "P2" }),
    keeping("C-3"),
  ]);
  assert.deepEqual(await found(desk, ["acme"]), ["C-1 P1", "C-2 P3"]);
  assert.deepEqual(await found(desk, ["acme", "bolt"]), ["C-1 P1", "C-1 P2", "C-2 P3"]);
  assert.deepEqual(await found(desk, ["acme", "bolt"], 2), ["C-1 P1", "C-1 P2"]);
  assert.deepEqual(await found(desk, ["other"]), []);
  assert.deepEqual(await found(desk, []), []);
});

test("a case that keeps a copy no longer is found no longer, and no other case's copy goes with it", async () => {
  const desk = newDesk();
  await views.advance(desk, 0, 2, [keeping("C-1", { workspace: "acme", preservation: "P1" }), keeping("C-2", { workspace: "acme", preservation: "P2" })]);
  await views.advance(desk, 2, 3, [keeping("C-1")]);
  assert.deepEqual(await found(desk, ["acme"]), ["C-2 P2"]);
});

test("no desk sees what another one keeps, and rows of a projector that came too late are not taken", async () => {
  const [one, other] = [newDesk(), newDesk()];
  await views.advance(one, 0, 1, [keeping("C-1", { workspace: "acme", preservation: "P1" })]);
  assert.deepEqual(await found(other, ["acme"]), []);
  assert.equal(await views.advance(one, 0, 1, [keeping("C-1")]), false);
  assert.deepEqual(await found(one, ["acme"]), ["C-1 P1"]);
});

test("views that are thrown away forget every copy until they are filled again", async () => {
  const desk = newDesk();
  await views.advance(desk, 0, 1, [keeping("C-1", { workspace: "acme", preservation: "P1" })]);
  await views.clear(desk);
  assert.deepEqual(await found(desk, ["acme"]), []);
  assert.equal(await views.advance(desk, 0, 1, [keeping("C-1", { workspace: "acme", preservation: "P1" })]), true);
  assert.deepEqual(await found(desk, ["acme"]), ["C-1 P1"]);
});
