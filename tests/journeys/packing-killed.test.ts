// The program dies by SIGKILL while it packs a production, again and again: the package is the one that would have been without it, and nothing else stays.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { chmod, cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { generateKey } from "openpgp";
import { Client } from "pg";
import { rehearsalClock } from "../../src/adapters/clock/clocks.ts";
import { decryptAge } from "../../src/adapters/package/age-payload.ts";
import { decryptOpenPgp } from "../../src/adapters/package/open-openpgp.ts";
import { decryptZip } from "../../src/adapters/package/open-zip.ts";
import { approveWithKey } from "../../src/app/approve-package.ts";
import type { Desk } from "../../src/app/desk.ts";
import { readCase } from "../../src/app/handle.ts";
import { approverIdentity } from "../../src/app/package-key.ts";
import { findCutOffPackings } from "../../src/app/packing-job.ts";
import { packingKey } from "../../src/app/packing-notes.ts";
import { planAndCheck, sealProduction } from "../../src/app/produce.ts";
import { setRedactions } from "../../src/app/redaction-rules.ts";
import { openPackage } from "../../src/app/withheld-opening.ts";
import type { Actor, CaseId } from "../../src/kernel/ids.ts";
import { instant } from "../../src/kernel/instant.ts";
import { openInstallation, type OpenInstallation } from "../../src/main.ts";

const script = fileURLToPath(new URL("packing-until-killed.ts", import.meta.url));
const posts = 40_000;
const byAna = "staff:ana" as Actor;

interface Ended {
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** `killAfterMs`: so long after it began to pack. */
function run(args: readonly string[], killAfterMs?: number): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["--import", "tsx", script, ...args]);
    let [out, err] = ["", ""];
    child.stderr.on("data", (text: Buffer) => (err += text.toString()));
    child.stdout.on("data", (text: Buffer) => {
      if (!out.includes("packing") && killAfterMs !== undefined) setTimeout(() => child.kill("SIGKILL"), killAfterMs);
      out += text.toString();
    });
    child.on("close", (_code, signal) => resolve({ signal, out, err }));
  });
}

async function filesUnder(folder: string): Promise<readonly string[]> {
  if (!existsSync(folder)) return [];
  return (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}

async function leftovers(folder: string): Promise<readonly string[]> {
  const drafts = (await filesUnder(join(folder, "objects"))).filter((name) => /\.(draft|unfinished)$/.test(name));
  return [...drafts, ...(await filesUnder(join(folder, "packing")))];
}

async function assertNothingReadable(folder: string): Promise<void> {
  for (const file of [...(await filesUnder(join(folder, "objects"))), ...(await filesUnder(join(folder, "packing")))])
    assert.ok(!readFileSync(file).includes("PLAINTIDE"), `${file} shows a record`);
}

async function withDesk<Result>(dataDir: string, use: (desk: Desk, open: OpenInstallation) => Promise<Result>): Promise<Result> {
  const open = await openInstallation({ dataDir, zone: "{}" }, { clock: rehearsalClock(instant("2026-03-06T18:00:00Z")) });
  try {
    return await use((await open.desk()) ?? assert.fail("no desk"), open);
  } finally {
    await open.stop();
  }
}

/** A program that was faster than the blow has sealed: the next one would begin a package of its own. */
function isSealed(folder: string, caseId: CaseId): Promise<boolean> {
  return withDesk(folder, async (desk) => (await packingFacts(desk, caseId)).includes("PackageSealed"));
}

/** How the officer opens the file; the passphrase is the one the approvers learn. */
type OpenFile = (sealed: AsyncIterable<Uint8Array>, passphrase: string) => AsyncIterable<Uint8Array>;

interface OfficersKey {
  readonly deliveryKey: string;
  readonly opens: OpenFile;
}

async function ageKey(): Promise<OfficersKey> {
  const identity = await generateX25519Identity();
  return { deliveryKey: await identityToRecipient(identity), opens: (sealed) => decryptAge(identity, sealed) };
}

interface Production {
  /** Of a desk of its own. */
  readonly folder: string;
  readonly caseId: CaseId;
  readonly opens: OpenFile;
}

interface Wanted {
  readonly records?: number;
  /** `redacted`, or the address of an API that gives the records. */
  readonly taking?: string;
  readonly make?: () => Promise<OfficersKey>;
}

/** A production that is checked and not packed yet; all of it is gone at the end. */
async function withProduction({ records = posts, taking, make = ageKey }: Wanted, use: (production: Production) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "portcullis-packing-"));
  try {
    await chmod(folder, 0o711);
    const { deliveryKey, opens } = await make();
    const { out, err } = await run([folder, "prepare", deliveryKey, String(records), taking ?? ""]);
    const caseId = out.trim();
    assert.match(caseId, /^C-/, err);
    await use({ folder, caseId: caseId as CaseId, opens });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function openedText(desk: Desk, caseId: CaseId, opens: OpenFile): Promise<string> {
  let passphrase = "";
  for (const [number, staff] of ["uma", "vic"].entries()) {
    const approved = await approveWithKey(desk, caseId, staff, await approverIdentity(new Uint8Array(32).fill(number + 1)));
    assert.equal(approved.kind, "done", JSON.stringify(approved));
    passphrase = approved.passphrase ?? "";
  }
  let text = "";
  for await (const chunk of opens((await openPackage(desk, caseId)) ?? assert.fail("the package does not open"), passphrase))
    text += Buffer.from(chunk).toString("latin1");
  return text;
}

/** Every record's id as the officer finds it. */
function idsIn(text: string): readonly number[] {
  return [...text.matchAll(/\{"source":"[a-z-]+","collection":"posts","line":"L1",.*?"id":"?(\d+)/g)].map(([, id]) => Number(id));
}

/** Each once, and no other. */
function assertPosts(text: string, expected: readonly number[]): void {
  assert.deepEqual(
    idsIn(text).toSorted((a, b) => a - b),
    expected,
  );
}

async function packingFacts(desk: Desk, caseId: CaseId): Promise<readonly string[]> {
  return (await readCase(desk, caseId)).map(({ fact }) => fact.type).filter((type) => type.startsWith("Pack"));
}

async function assertForgotten(desk: Desk, open: OpenInstallation, caseId: CaseId): Promise<void> {
  const packings = (await readCase(desk, caseId)).flatMap(({ fact }) => (fact.type === "PackingBegun" ? [fact.packing] : []));
  assert.ok(packings.length > 0);
  for (const packing of packings) {
    const { rows } = await open.pool.query("select wrapped_key from case_keys where case_id = $1", [packingKey(caseId, packing)]);
    assert.ok(
      rows.every(({ wrapped_key }) => wrapped_key === null),
      "the key of the notes is still there",
    );
  }
}

test("killed again and again while it packs: the package holds every record once, and no draft, note or key of the packing stays", async () => {
  await withProduction({}, async ({ folder, caseId, opens }) => {
    // The first one lets it come past a checkpoint: from then on nothing is begun again.
    const moments = [10_000_000, 0, 0].map((least) => least + 500_000 + Math.floor(Math.random() * 6_000_000));
    for (const bytes of moments) {
      const died = await run([folder, "seal", caseId, String(bytes)]);
      assert.equal(died.signal, "SIGKILL", `${bytes}: ${died.out}${died.err}`);
      await assertNothingReadable(folder);
    }
    // Moments of the clock hit what no count of bytes does: the start, a note that is half written, the last steps.
    for (let killings = 0; killings < 3 && !(await isSealed(folder, caseId)); killings++) await run([folder, "seal", caseId], Math.floor(Math.random() * 1200));
    await withDesk(folder, async (desk, open) => {
      await findCutOffPackings(desk);
      if (!(await packingFacts(desk, caseId)).includes("PackageSealed")) {
        const sealed = await sealProduction(desk, caseId, byAna);
        assert.ok(sealed.kind === "sealed", JSON.stringify(sealed));
      }
      assert.deepEqual(await packingFacts(desk, caseId), ["PackingBegun", "PackageSealed"], "it went on and never began again");
      assertPosts(await openedText(desk, caseId, opens), await postsInRange(folder));
      assert.deepEqual(await leftovers(folder), []);
      await assertNothingReadable(folder);
      await assertForgotten(desk, open, caseId);
    });
  });
});

test("killed again and again while it packs what is redacted: counts are those of one packing, and each person keeps one number", async () => {
  await withProduction({ taking: "redacted" }, async ({ folder, caseId, opens }) => {
    for (const bytes of [18_000_000, 0, 9_000_000].map((least) => least + 500_000 + Math.floor(Math.random() * 3_000_000))) {
      const died = await run([folder, "seal", caseId, String(bytes)]);
      assert.equal(died.signal, "SIGKILL", `${bytes}: ${died.out}${died.err}`);
      await assertNothingReadable(folder);
    }
    await withDesk(folder, async (desk, open) => {
      await findCutOffPackings(desk);
      const sealed = await sealProduction(desk, caseId, byAna);
      assert.ok(sealed.kind === "sealed" && sealed.restarted === undefined, JSON.stringify(sealed));
      const facts = (await readCase(desk, caseId)).map(({ fact }) => fact);
      assert.deepEqual(await packingFacts(desk, caseId), ["PackingBegun", "PackageSealed"], "it went on and never began again");
      const counted = facts.findLast(({ type }) => type === "RecordsChecked");
      const packed = facts.findLast(({ type }) => type === "PackageSealed");
      assert.ok(counted?.type === "RecordsChecked" && packed?.type === "PackageSealed");
      assert.deepEqual(packed.redactions, counted.redactions, "an uninterrupted reading counted as many");
      assert.ok(
        Object.values(packed.redactions ?? {}).every((times) => times > 1000),
        JSON.stringify(packed.redactions),
      );
      const text = await openedText(desk, caseId, opens);
      assertPosts(text, await postsInRange(folder));
      assert.ok(!/copperfinch|Quillfeather|"room \d/.test(text));
      const numbers = new Map<string, Set<string>>();
      const rooms = new Map<string, Set<string>>();
      for (const [, room = "", person = ""] of text.matchAll(/"channel_id":"(C-\d+)","channel_name":"(Person \d+)"/g)) {
        numbers.set(room, (numbers.get(room) ?? new Set()).add(person));
        rooms.set(person, (rooms.get(person) ?? new Set()).add(room));
      }
      assert.ok(numbers.size > 990, `${numbers.size} rooms`);
      for (const [one, others] of [...numbers, ...rooms]) assert.equal(others.size, 1, `${one}: ${[...others].join(", ")}`);
      assert.deepEqual(await leftovers(folder), []);
      await assertForgotten(desk, open, caseId);
    });
  });
});

test("a source that changed while a redacted packing lay cut off: it begins again, and nothing of what went before is counted", async () => {
  await withProduction({ taking: "redacted" }, async ({ folder, caseId }) => {
    assert.equal((await run([folder, "seal", caseId, "18000000"])).signal, "SIGKILL");
    await withDesk(folder, async (desk) => {
      const client = await product(folder);
      // Packed before the stop, and no longer there: one person's name and one room.
      await client.query("delete from posts where id = 1000010");
      await client.end();
      const sealed = await sealProduction(desk, caseId, byAna);
      assert.ok(sealed.kind === "sealed" && sealed.restarted !== undefined, JSON.stringify(sealed));
      const facts = (await readCase(desk, caseId)).map(({ fact }) => fact);
      const [counted, packed] = [facts.findLast(({ type }) => type === "RecordsChecked"), facts.findLast(({ type }) => type === "PackageSealed")];
      assert.ok(counted?.type === "RecordsChecked" && packed?.type === "PackageSealed");
      const less = (reason: string, by: number) => (counted.redactions?.[reason] ?? 0) - by;
      assert.deepEqual(packed.redactions, { PRIVILEGE: less("PRIVILEGE", 1), THIRD_PARTY: less("THIRD_PARTY", 1), TRADE_SECRET: less("TRADE_SECRET", 0) });
    });
  });
});

test("rules that change while a packing lies cut off: nothing of it is used, and what is packed anew follows them", async () => {
  await withProduction({}, async ({ folder, caseId, opens }) => {
    assert.equal((await run([folder, "seal", caseId, "9000000"])).signal, "SIGKILL");
    await withDesk(folder, async (desk, open) => {
      const set = await setRedactions(desk, caseId, byAna, { fields: [], texts: [{ kind: "term", term: "copperfinch", reason: "TRADE_SECRET" }], people: [] });
      assert.equal(set.kind, "done");
      assert.equal((await planAndCheck(desk, caseId, byAna)).kind, "done");
      assert.equal((await sealProduction(desk, caseId, byAna)).kind, "sealed");
      assert.doesNotMatch(await openedText(desk, caseId, opens), /copperfinch/);
      assert.deepEqual(await leftovers(folder), []);
      await assertForgotten(desk, open, caseId);
    });
  });
});

const user = { date: new Date("2026-01-05T00:00:00Z"), userIDs: [{ name: "Officer" }] };
const otherWays: readonly { readonly way: string; readonly make: () => Promise<OfficersKey> }[] = [
  {
    way: "under an OpenPGP key",
    make: async () => {
      const { privateKey, publicKey } = await generateKey({ ...user, format: "armored" });
      return { deliveryKey: publicKey, opens: (sealed) => decryptOpenPgp(privateKey, undefined, ReadableStream.from(sealed)) };
    },
  },
  {
    way: "in a ZIP",
    make: async () => ({
      deliveryKey: "passphrase",
      opens: async function* (sealed, passphrase) {
        yield* decryptZip(new Blob(await Array.fromAsync(sealed, (piece) => Uint8Array.from(piece))), passphrase);
      },
    }),
  },
];

for (const { way, make } of otherWays) {
  test(`killed while it packs, and while it seals anew: a package ${way} is one package, its sources are asked no more, and no other copy stays`, async () => {
    await withProduction({ make }, async ({ folder, caseId, opens }) => {
      let expected: readonly number[] = [];
      for (const moment of ["10000000", "checkpoint", "packed", "kept", "resealing", "resealed"]) {
        const died = await run([folder, "seal", caseId, moment]);
        assert.equal(died.signal, "SIGKILL", `${moment}: ${died.out}${died.err}`);
        await assertNothingReadable(folder);
        if (moment === "kept") await withDesk(folder, async () => void (expected = await withdrawPosts(folder)));
      }
      await withDesk(folder, async (desk, open) => {
        await findCutOffPackings(desk);
        const sealed = await sealProduction(desk, caseId, byAna);
        assert.ok(sealed.kind === "sealed" && sealed.restarted === undefined, JSON.stringify(sealed));
        assert.deepEqual(await packingFacts(desk, caseId), ["PackingBegun", "PackageSealed"], "it went on and never began again");
        assert.equal((await packagesIn(folder)).length, 1, "what it was packed in first was left");
        assertPosts(await openedText(desk, caseId, opens), expected);
        assert.deepEqual(await leftovers(folder), []);
        await assertForgotten(desk, open, caseId);
      });
    });
  });
}

/** The source loses everything; what was there is said. */
async function withdrawPosts(folder: string): Promise<readonly number[]> {
  const before = await postsInRange(folder);
  const client = await product(folder);
  await client.query("delete from posts");
  await client.end();
  return before;
}

async function packagesIn(folder: string): Promise<readonly string[]> {
  return (await filesUnder(join(folder, "objects"))).filter((file) => readFileSync(file).subarray(0, 20).toString() === "portcullis/object/v2");
}

async function product(folder: string): Promise<Client> {
  const client = new Client(JSON.parse(readFileSync(join(folder, "product.json"), "utf8")) as object);
  await client.connect();
  return client;
}

/** What an uninterrupted reading gives: asked of the database itself. */
async function postsInRange(folder: string): Promise<readonly number[]> {
  const client = await product(folder);
  const { rows } = await client.query<{ id: string }>(
    "select id::text from posts where author_id = 'M-HARBOR-02' and workspace_id = 'W-HARBOR' and sent_at >= '2026-01-01 00:00 America/Denver' and sent_at < '2026-02-16 00:00 America/Denver' order by id",
  );
  await client.end();
  assert.ok(rows.length > 300);
  return rows.map(({ id }) => Number(id)).toSorted((a, b) => a - b);
}

test("a connection that breaks while it packs stops the packing with a reason before anything more is written, and it goes on when the database answers", async () => {
  await withProduction({}, async ({ folder, caseId, opens }) => {
    await withDesk(folder, async (desk, open) => {
      const owner = new Client(open.database.app);
      await owner.connect();
      let broken: Promise<unknown> | undefined;
      const onProgress = ({ bytes }: { readonly bytes: number }): void => {
        if (bytes > 9_000_000)
          broken ??= owner.query(
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and pid <> pg_backend_pid() and database = (select oid from pg_database where datname = current_database())",
          );
      };
      const refused = await sealProduction(desk, caseId, byAna, { onProgress });
      assert.ok(broken !== undefined, "it was packed before its connection broke");
      await broken;
      await owner.end();
      assert.deepEqual(refused.kind === "refused" && refused.reasons.map(({ code }) => code), ["TURN_LOST"]);
      await assertNothingReadable(folder);
      const sealed = await sealProduction(desk, caseId, byAna);
      assert.ok(sealed.kind === "sealed" && sealed.restarted === undefined, JSON.stringify(sealed));
      assertPosts(await openedText(desk, caseId, opens), await postsInRange(folder));
      assert.deepEqual(await leftovers(folder), []);
    });
  });
});

test("a source that changed while the packing lay cut off is not sealed under the old key: it begins again, says so, and holds what is there now", async () => {
  await withProduction({}, async ({ folder, caseId, opens }) => {
    const died = await run([folder, "seal", caseId, "9000000"]);
    assert.equal(died.signal, "SIGKILL", died.err);
    await withDesk(folder, async (desk, open) => {
      assert.deepEqual(
        (await findCutOffPackings(desk)).map((packing) => packing.caseId),
        [caseId],
      );
      const client = await product(folder);
      await client.query("delete from posts where id = 1000010");
      await client.end();
      const sealed = await sealProduction(desk, caseId, byAna);
      assert.ok(sealed.kind === "sealed", JSON.stringify(sealed));
      assert.match(sealed.restarted ?? "", /no longer gives what it gave/);
      const abandoned = (await readCase(desk, caseId)).flatMap(({ fact }) => (fact.type === "PackingAbandoned" ? [fact.ground] : []));
      assert.deepEqual(abandoned, ["changed"]);
      assertPosts(await openedText(desk, caseId, opens), await postsInRange(folder));
      assert.deepEqual(await leftovers(folder), []);
      await assertForgotten(desk, open, caseId);
    });
  });
});

for (const { step, when, ends } of [
  { step: "begun", when: "before anything is sealed", ends: ["PackingBegun", "PackingAbandoned", "PackingBegun", "PackageSealed"] },
  { step: "checkpoint", when: "at the first checkpoint", ends: ["PackingBegun", "PackageSealed"] },
  { step: "packed", when: "when the figures are noted and the draft is no object yet", ends: ["PackingBegun", "PackageSealed"] },
  { step: "kept", when: "when the object is whole and no fact says so", ends: ["PackingBegun", "PackageSealed"] },
  { step: "sealed", when: "when the fact says it is sealed and its key still lies there", ends: ["PackingBegun", "PackageSealed"] },
  { step: "forgotten", when: "when the key is gone and the notes still lie there", ends: ["PackingBegun", "PackageSealed"] },
] as const) {
  test(`killed ${when}: the next start and the next press leave one package, and no notes and no key of the packing`, async () => {
    await withProduction({ records: 300 }, async ({ folder, caseId, opens }) => {
      const died = await run([folder, "seal", caseId, step]);
      assert.equal(died.signal, "SIGKILL", died.out + died.err);
      await withDesk(folder, async (desk, open) => {
        await findCutOffPackings(desk);
        if (!(await packingFacts(desk, caseId)).includes("PackageSealed")) {
          const sealed = await sealProduction(desk, caseId, byAna);
          assert.ok(sealed.kind === "sealed", JSON.stringify(sealed));
        }
        assert.deepEqual(await packingFacts(desk, caseId), ends);
        assert.equal((await packagesIn(folder)).length, 1, "a package that nobody gets was left");
        assertPosts(await openedText(desk, caseId, opens), await postsInRange(folder));
        assert.deepEqual(await leftovers(folder), []);
        await assertForgotten(desk, open, caseId);
      });
    });
  });
}

const onAPage = 500;

/** Posts of one person, and on every page one of somebody else, which must not leave. */
function apiOfPosts(asked: number[]): Server {
  const at = (n: number) => new Date(Date.UTC(2026, 0, 5, 10) + n * 1000).toISOString();
  const post = (n: number, author: string) => ({ id: String(n), workspace: "W-HARBOR", author, at: at(n), body: `PLAINTIDE ${n}${" tide".repeat(80)}` });
  return createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? "/", "http://here.invalid");
    const from = Number(searchParams.get("from") ?? 0);
    if (request.method === "GET") asked.push(from / onAPage);
    const items = [...Array.from({ length: onAPage }, (_, n) => post(from + n, "M-HARBOR-02")), post(1_000_000 + from, "M-HARBOR-03")];
    const next = from + onAPage;
    response.setHeader("content-type", "application/json").end(JSON.stringify({ items, next: next < posts ? String(next) : null }));
  });
}

test("killed again and again while it packs what an API gives by pages: it goes on at the page it was at, and tells what it would have told", async () => {
  const asked: number[] = [];
  const server = apiOfPosts(asked);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await withProduction({ taking: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }, async ({ folder, caseId, opens }) => {
      let earlier = 0;
      for (const bytes of ["10000000", "9000000"]) {
        asked.length = 0;
        assert.equal((await run([folder, "seal", caseId, bytes])).signal, "SIGKILL");
        assert.ok(asked.length > 0 && Math.min(...asked) >= earlier, `pages ${asked.join(", ")} after page ${earlier}`);
        earlier = Math.min(...asked) + 1;
        await assertNothingReadable(folder);
      }
      await withDesk(folder, async (desk, open) => {
        asked.length = 0;
        const sealed = await sealProduction(desk, caseId, byAna);
        assert.ok(sealed.kind === "sealed" && sealed.restarted === undefined, JSON.stringify(sealed));
        assert.ok(Math.min(...asked) >= earlier && earlier > 1, `pages ${asked.join(", ")} after page ${earlier}`);
        assert.deepEqual(await packingFacts(desk, caseId), ["PackingBegun", "PackageSealed"]);
        const text = await openedText(desk, caseId, opens);
        assertPosts(
          text,
          Array.from({ length: posts }, (_, n) => n),
        );
        assert.ok(text.includes(`the server sent ${posts / onAPage} records of other accounts or workspaces`), "what was left out before the stops counts");
        assert.deepEqual(await leftovers(folder), []);
        await assertForgotten(desk, open, caseId);
      });
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

/** Puts a disk of this size under the desk's objects; only the administrator may. */
async function onSmallDisk(objects: string, size: string): Promise<boolean> {
  const aside = `${objects}-aside`;
  await cp(objects, aside, { recursive: true });
  if (spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", objects]).status !== 0) return false;
  await cp(aside, objects, { recursive: true });
  return true;
}

test(
  "a disk that fills up while it packs: it stops, says where, releases nothing, keeps what is sealed, and goes on when there is room",
  { skip: process.getuid?.() === 0 ? false : "only the administrator may mount a small disk" },
  async (t) => {
    await withProduction({}, async ({ folder, caseId, opens }) => {
      const objects = join(folder, "objects");
      try {
        if (!(await onSmallDisk(objects, "24m"))) return t.skip("a small disk cannot be mounted here");
        for (let again = 0; again < 2; again++) {
          const full = await run([folder, "seal", caseId]);
          assert.match(full.out, /NO_ROOM/, full.err);
          assert.ok(full.out.includes(`nothing more can be written to ${objects}`));
        }
        assert.equal(spawnSync("mount", ["-o", "remount,size=200m", objects]).status, 0);
        const { out, err } = await run([folder, "seal", caseId]);
        assert.match(out, /"kind":"sealed"/, err);
        assert.ok(Number(/from (\d+)/.exec(out)?.[1]) > 1000, "it went on from what was sealed");
        await withDesk(folder, async (desk) => {
          assert.deepEqual(await packingFacts(desk, caseId), ["PackingBegun", "PackageSealed"]);
          assertPosts(await openedText(desk, caseId, opens), await postsInRange(folder));
          assert.deepEqual(await leftovers(folder), []);
        });
      } finally {
        spawnSync("umount", [objects]);
      }
    });
  },
);
