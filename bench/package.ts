// Measures making a package (checker on every record, bag with a digest for each file, CSV, tar, age, digest of the whole) against `tar | age` on the same files, with peak memory of both.
// Usage: node --import tsx bench/package.ts [bytes, default 4000000000]
//        node --import tsx bench/package.ts memory [bytes, default 100000000000]: the peak memory of one package that is stored nowhere, since no disk need hold it
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { packageFile } from "../src/adapters/package/package-file.ts";
import type { PackageSink } from "../src/app/production-port.ts";
import { packager } from "../src/adapters/package/write-package.ts";
import { instant, type Zone } from "../src/kernel/instant.ts";
import { judgeFor } from "../src/production/check/judge-record.ts";
import { compileScope } from "../src/production/plan/compile-scope.ts";
import type { Collected, DataMap, FieldValue, MappedField, Scope } from "../src/production/shapes.ts";

const moment = instant("2026-02-01T08:00:00Z");
const base = (type: string): MappedField[] => [
  { name: "author", categories: [], class: "non-content", dataTypes: [type], role: "subject" },
  { name: "workspace", categories: [], class: "non-content", dataTypes: [type], role: "workspace" },
  { name: "at", categories: [], class: "non-content", dataTypes: [type], role: "moment" },
];
const map: DataMap = {
  source: "bench",
  title: "Bench",
  collections: [
    { name: "files", undated: false, fields: [...base("files"), { name: "content", categories: [], class: "content", dataTypes: ["files"] }] },
    { name: "posts", undated: false, fields: [...base("messages"), { name: "body", categories: [], class: "content", dataTypes: ["messages"] }] },
  ],
};
const line = (dataType: string) => ({
  line: dataType,
  dataType,
  dataClass: "CONTENT" as const,
  accounts: ["A"],
  workspace: "W",
  from: instant("2026-01-01T00:00:00Z"),
  until: instant("2026-03-01T00:00:00Z"),
});
const scope: Scope = {
  caseId: "C-BENCH",
  instrument: "US-WARRANT",
  reach: ["CONTENT"],
  servedAt: instant("2026-04-01T00:00:00Z"),
  zone: "UTC" as Zone,
  lines: [line("files"), line("messages")],
};

const fileBytes = 1_000_000;
const postBytes = 1_000;
/** Nine tenths are files, one tenth is posts of a kilobyte. */
const fileShare = 0.9;

function* records(bytes: number): Generator<Collected> {
  const content = new Uint8Array(fileBytes);
  for (let i = 0; i < fileBytes; i++) content[i] = (i * 31 + (i >> 8) * 17) & 255;
  const text = "The tide table for March, as agreed. ".repeat(40).slice(0, postBytes - 200);
  const item = (collection: string, of: string, key: number, field: { readonly [name: string]: FieldValue }): Collected => ({
    kind: "record",
    record: {
      source: "bench",
      collection,
      line: of,
      key: String(key),
      fields: { author: "A", workspace: "W", at: moment, ...field },
      witness: { subject: "A", workspace: "W", moment },
    },
  });
  for (let i = 0; i < (bytes * fileShare) / fileBytes; i++) yield item("files", "files", i, { content });
  for (let i = 0; i < (bytes * (1 - fileShare)) / postBytes; i++) yield item("posts", "messages", i, { body: text });
}

async function* asCollected(bytes: number): AsyncGenerator<Collected> {
  yield* records(bytes);
}

async function packInto(sink: PackageSink, bytes: number, recipient: string, resumable: boolean): Promise<void> {
  const compiled = compileScope({ scope, maps: [map], classOf: () => "CONTENT" });
  if (compiled.kind !== "planned") throw new Error("the bench's own scope is refused");
  const result = await packager.pack(
    {
      scope,
      plan: compiled.plan,
      maps: [map],
      asked: scope.lines.map((asked) => ({ verdict: "produced", line: asked.line, asked: asked.dataType, why: `Line ${asked.line}` })),
      declaration: { custodian: "Bench", organisation: "Bench", declaredAt: moment },
      recipients: [recipient],
      packagedAt: moment,
      judge: judgeFor({ scope, maps: [map], classOf: () => "CONTENT" }),
      ...(resumable ? { onCheckpoint: leave } : {}),
    },
    asCollected(bytes),
    sink,
  );
  if (result.kind !== "packed") throw new Error(`not packed: ${JSON.stringify(result)}`);
}

/** Packs once in this process and says how long it took and how much memory it held. */
async function packOnce(bytes: number, sink: PackageSink, recipient: string, resumable: boolean): Promise<Timed> {
  const from = performance.now();
  const before = process.cpuUsage();
  await packInto(sink, bytes, recipient, resumable);
  const { user, system } = process.cpuUsage(before);
  return {
    seconds: (performance.now() - from) / 1000,
    cpuSeconds: (user + system) / 1e6,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}

interface Timed {
  readonly seconds: number;
  /** Of all threads and programs: what stays comparable on a busy machine. */
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

/** What GNU time wrote for one program: wall, user and system seconds, and the peak in kilobytes. */
function timed(report: string): Timed {
  const [seconds = 0, user = 0, system = 0, kilobytes = 0] = (readFileSync(report, "utf8").trim().split("\n").at(-1) ?? "").split(" ").map(Number);
  return { seconds, cpuSeconds: user + system, peakBytes: kilobytes * 1024 };
}

async function main(bytes: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-bench-"));
  try {
    const identity = await generateX25519Identity();
    const recipient = await identityToRecipient(identity);
    writeFileSync(join(folder, "key.txt"), `${identity}\n`);
    const ours = ownRun(bytes, join(folder, "ours.age"), recipient);
    execFileSync("sh", ["-c", `age -d -i "${folder}/key.txt" "${folder}/ours.age" | tar -x -C "${folder}"`]);
    const rounds = [1, 2, 3].map(() => ({ ours: ownRun(bytes, join(folder, "ours.age"), recipient), rival: rivalRun(folder, recipient) }));
    report(
      bytes,
      [ours, ...rounds.map((round) => round.ours)],
      rounds.map((round) => round.rival),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const leave = async (): Promise<void> => undefined;
const nowhere: PackageSink = { write: leave, keep: leave, drop: leave, flush: leave };

/** Started as the program itself is started. Without a path nothing is stored, and checkpoints are made as a desk asks for them. */
function ownRun(bytes: number, path: string, recipient: string): Timed {
  if (path !== "") rmSync(path, { force: true });
  return JSON.parse(
    execFileSync(
      process.execPath,
      ["--max-semi-space-size=8", "--heap-growing-percent=50", "--import", "tsx", import.meta.filename, "pack", String(bytes), path, recipient],
      {
        encoding: "utf8",
      },
    ),
  ) as Timed;
}

function rivalRun(folder: string, recipient: string): Timed {
  const rival = join(folder, "rival.age");
  rmSync(rival, { force: true });
  const time = (name: string) => `/usr/bin/time -f "%e %U %S %M" -o "${folder}/${name}.time"`;
  const command = `${time("tar")} tar -c -C "${folder}" C-BENCH | ${time("age")} age -r ${recipient} > "${rival}"`;
  const from = performance.now();
  execFileSync("sh", ["-c", `${command} && sync "${rival}"`]);
  const seconds = (performance.now() - from) / 1000;
  const [tar, age] = [timed(join(folder, "tar.time")), timed(join(folder, "age.time"))];
  return { seconds, cpuSeconds: tar.cpuSeconds + age.cpuSeconds, peakBytes: tar.peakBytes + age.peakBytes };
}

function report(bytes: number, ours: readonly Timed[], rival: readonly Timed[]): void {
  const least = (runs: readonly Timed[], of: "seconds" | "cpuSeconds") => Math.min(...runs.map((run) => run[of]));
  const peak = (runs: readonly Timed[]) => Math.max(...runs.map((run) => run.peakBytes));
  const ratio = (of: "seconds" | "cpuSeconds") => (least(ours, of) / least(rival, of)).toFixed(2);
  const row = (name: string, runs: readonly Timed[]) =>
    `${name.padEnd(38)} ${least(runs, "seconds").toFixed(2)} s wall   ${least(runs, "cpuSeconds").toFixed(2)} s processor   ${(bytes / least(runs, "seconds") / 1e6).toFixed(0)} MB/s   peak ${(peak(runs) / 1e6).toFixed(0)} MB`;
  console.log(`${(bytes / 1e6).toFixed(0)} MB, nine tenths files of 1 MB and one tenth posts of 1 kB; best of ${ours.length} and ${rival.length}`);
  console.log(row("Portcullis: check, bag, CSV, age, sync", ours));
  console.log(row("tar | age, sync (no list, no check)", rival));
  console.log(`wall ${ratio("seconds")} x   processor ${ratio("cpuSeconds")} x   peak memory ${(peak(ours) / peak(rival)).toFixed(1)} x`);
}

const [first, size, path = "", given] = process.argv.slice(2);
if (first === "pack") {
  const recipient = given ?? (await identityToRecipient(await generateX25519Identity()));
  console.log(JSON.stringify(await packOnce(Number(size), path === "" ? nowhere : await packageFile(path), recipient, path === "")));
} else if (first === "memory") {
  const bytes = Number(size ?? 100_000_000_000);
  const { seconds, peakBytes } = ownRun(bytes, "", await identityToRecipient(await generateX25519Identity()));
  console.log(
    `${(bytes / 1e6).toFixed(0)} MB packed and stored nowhere: ${seconds.toFixed(0)} s, ${(bytes / seconds / 1e6).toFixed(0)} MB/s, peak ${(peakBytes / 1e6).toFixed(0)} MB`,
  );
} else await main(Number(first ?? 4_000_000_000));
