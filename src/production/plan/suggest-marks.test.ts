import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { loadDataCategories } from "../../policy/data-categories.ts";
import type { LiveCollection } from "../shapes.ts";
import { suggestCategory, suggestMarks } from "./suggest-marks.ts";

type Kind = LiveCollection["columns"][number]["kind"];

const guesses: readonly (readonly [column: string, category: string | undefined, kind?: Kind])[] = [
  ["email", "user.contact.email"],
  ["EmailAddress", "user.contact.email"],
  ["work-e-mail", "user.contact.email"],
  ["Telefonnummer", "user.contact.phone_number"],
  ["phone", "user.contact.phone_number", "number"],
  ["numéro_téléphone", "user.contact.phone_number"],
  ["first_name", "user.name.first"],
  ["prénom", "user.name.first"],
  ["Imię", "user.name.first"],
  ["achternaam", "user.name.last"],
  ["apellidos", "user.name.last"],
  ["Straße", "user.contact.address.street"],
  ["indirizzo", "user.contact.address"],
  ["ip_address", "user.device.ip_address"],
  ["adresse_ip", "user.device.ip_address"],
  ["Geburtsdatum", "user.demographic.date_of_birth", "moment"],
  ["data_nascimento", "user.demographic.date_of_birth"],
  ["codice_fiscale", "user.government_id.national_identification_number"],
  ["PESEL", "user.government_id.national_identification_number"],
  ["password_hash", "user.authorization.password"],
  ["wachtwoord", "user.authorization.password"],
  ["mot_de_passe", "user.authorization.password"],
  ["treść", "user.content"],
  ["Betreff", "user.content"],
  ["file_content", "user.content", "bytes"],
  ["iban", "user.financial.bank_account"],
  ["author_id", "user.unique_id", "number"],
  ["id_utente", "user.unique_id"],
  ["created_at", "system.operations", "moment"],
  ["last_login_at", "user.behavior", "moment"],
  ["email_verified", undefined, "boolean"],
  ["email_verified_at", undefined, "moment"],
  ["score", undefined, "number"],
  ["name", undefined],
  ["", undefined],
];
for (const [column, category, kind = "text"] of guesses) {
  test(`a column \`${column}\` of kind ${kind} is ${category === undefined ? "not guessed at" : `taken for ${category}`}`, () => {
    assert.equal(suggestCategory({ name: column, kind }, "things"), category);
  });
}

test("a bare name is a person's only where people are listed", () => {
  assert.equal(suggestCategory({ name: "name", kind: "text" }, "members"), "user.name");
  assert.equal(suggestCategory({ name: "name", kind: "text" }, "files"), undefined);
});

test("only kinds of data that Fides knows are suggested", () => {
  const table = new URL("../../../packs/data-categories.yaml", import.meta.url);
  assert.ok(existsSync(table));
  const loaded = loadDataCategories("data-categories.yaml", readFileSync(table, "utf8"));
  assert.ok(loaded.kind === "loaded");
  const source = readFileSync(new URL("suggest-marks.ts", import.meta.url), "utf8");
  const named = [...source.matchAll(/"((?:user|system)\.[a-z_.]+)"/g)].map(([, key]) => key ?? "");
  assert.ok(named.length > 50);
  assert.deepEqual(
    named.filter((key) => !loaded.categories.has(key)),
    [],
  );
});

const column = (name: string, kind: Kind = "text") => ({ name, kind });
const members: LiveCollection = { name: "members", columns: [column("id"), column("workspace_id"), column("full_name"), column("created_at", "moment")] };
const posts: LiveCollection = {
  name: "posts",
  columns: [
    column("id"),
    column("tenant_id"),
    column("authorId"),
    column("reviewer_member_id"),
    column("sent_at", "moment"),
    column("edited_at", "moment"),
    column("body"),
  ],
};
const replies: LiveCollection = { name: "replies", columns: [column("reply_id"), column("post_id"), column("when", "moment"), column("at")] };
const all = [members, posts, replies];
const rolesIn = (collection: LiveCollection) =>
  Object.fromEntries([...suggestMarks(collection, all)].flatMap(([name, { role }]) => (role === undefined ? [] : [[name, role]])));

test("where people are listed their own id says whose the record is; elsewhere the column that names a person does", () => {
  assert.deepEqual(rolesIn(members), { id: "subject", workspace_id: "workspace", created_at: "moment" });
  assert.deepEqual(rolesIn(posts), { id: "key", tenant_id: "workspace", authorId: "subject", sent_at: "moment" });
});

test("a moment is suggested only of columns that hold one", () => {
  assert.deepEqual(rolesIn(replies), { reply_id: "key", when: "moment" });
});

test("a column named after another collection refers to its id, and no collection's own key refers to itself", () => {
  const references = all.flatMap((collection) =>
    [...suggestMarks(collection, all)].flatMap(([name, { refersTo }]) =>
      refersTo === undefined ? [] : [`${name} → ${refersTo.collection}.${refersTo.column}`],
    ),
  );
  assert.deepEqual(references, ["reviewer_member_id → members.id", "post_id → posts.id"]);
  assert.deepEqual(suggestMarks({ name: "x", columns: [column("reply_id")] }, all).get("reply_id")?.refersTo, { collection: "replies", column: "reply_id" });
});

test("where a collection has an `id` and a key of its own name, the `id` is suggested, in whatever order they are told", () => {
  const both: LiveCollection = { name: "members", columns: [column("member_id"), column("id")] };
  for (const columns of [both.columns, both.columns.toReversed()])
    assert.deepEqual(
      [...suggestMarks({ ...both, columns }, [both])].map(([name, { role }]) => [name, role]),
      [
        ["id", "subject"],
        ["member_id", undefined],
      ],
    );
});
