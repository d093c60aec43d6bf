// Whose a record is when it does not say so itself: what the maps leave open is not followed, and the reason is told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { field, mapOf, refers, undated } from "../../../tests/fixtures/small-map.ts";
import type { MappedCollection, MappedField } from "../shapes.ts";
import { ownersIn, type Way } from "./find-owners.ts";

const posts = undated("posts", field("id", { role: "key" }), field("author", { role: "subject" }), field("channel"), field("cover"));

function wayTo(name: string, ...collections: MappedCollection[]): Way {
  return ownersIn([mapOf(posts, ...collections)])({ source: "s", collection: collections.find((each) => each.name === name) ?? assert.fail() });
}

const because = (way: Way): string => (way.kind === "none" ? way.because : assert.fail("a way was found"));

test("one reference to a key is followed, with and without a direction, and one that leads on is followed from the other side", () => {
  for (const direction of ["from", undefined] as const)
    assert.equal(wayTo("files", undated("files", field("post", refers("posts", "id", direction)))).kind, "way");
  const covers = undated("covers", field("id", { role: "key" }));
  const leading = { ...posts, fields: posts.fields.map((each) => (each.name === "cover" ? { ...each, ...refers("covers", "id", "to") } : each)) };
  const way = ownersIn([mapOf(leading, covers)])({ source: "s", collection: covers });
  assert.equal(way.kind, "none");
  const marked = { ...covers, fields: [field("id", { role: "owner" }), field("key", { role: "key" })] };
  assert.equal(ownersIn([mapOf(leading, marked)])({ source: "s", collection: marked }).kind, "way");
});

test("a reference to a value that several people may share is followed only where the map says that it makes an owner", () => {
  const links = (more: Partial<MappedField>) => undated("links", field("id", { role: "key" }), field("channel", { ...refers("posts", "channel"), ...more }));
  assert.match(because(wayTo("links", links({}))), /which is no key: several people's records may share its value/);
  assert.equal(wayTo("links", links({ role: "owner" })).kind, "way");
});

test("two references and no mark are left open; marks on both follow both, and then a key is needed", () => {
  const both = (more: Partial<MappedField>, id: Partial<MappedField> = { role: "key" }) =>
    undated("notes", field("id", id), field("post", { ...refers("posts", "id"), ...more }), field("parent", { ...refers("notes", "id"), ...more }));
  assert.match(because(wayTo("notes", both({}))), /refers to more than one record/);
  const way = wayTo("notes", both({ role: "owner" }));
  assert.ok(way.kind === "way" && way.through.links.length === 2 && !way.through.once);
  assert.match(because(wayTo("notes", both({ role: "owner" }, {}))), /no field is marked as their key/);
});

test("references that no map describes, that lead to nobody, or that are not there are told", () => {
  assert.match(because(wayTo("files", undated("files", field("post", refers("letters", "id"))))), /`letters\.id`, which no data map describes/);
  assert.match(
    because(wayTo("loops", undated("loops", field("id", { role: "key" }), field("up", { ...refers("loops", "id"), role: "owner" })))),
    /never reach a record that names an account/,
  );
  assert.match(because(wayTo("plain", undated("plain", field("id")))), /does not say whose its records are/);
});
