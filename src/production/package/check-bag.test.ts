import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { type Dirent, existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type BagFinding, checkBag, manifestAlgorithm, readBagDeclaration, tagEncoding } from "./check-bag.ts";

const suite = new URL("../../../../shared/data/bagit-conformance-suite/", import.meta.url).pathname;
const skip = existsSync(suite) ? false : "the shared test data is not here";

function findingsIn(folder: string): BagFinding[] {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const algorithms = new Set(names.flatMap((name) => manifestAlgorithm(name) ?? []));
  const bytesOf = (name: string) => readFileSync(join(folder, name));
  const digests = (name: string) =>
    Object.fromEntries([...algorithms].map((algorithm) => [algorithm, createHash(algorithm).update(bytesOf(name)).digest("hex")]));
  const files = new Map(names.map((name) => [name, { bytes: bytesOf(name).length, digests: digests(name) }]));
  const text = (name: string, encoding: string) => new TextDecoder(tagEncoding(encoding, bytesOf(name)), { ignoreBOM: true }).decode(bytesOf(name));
  const encoding = names.includes("bagit.txt") ? (readBagDeclaration(text("bagit.txt", "utf-8"))?.encoding ?? "utf-8") : "utf-8";
  const isTag = (name: string) => ["bagit.txt", "bag-info.txt", "fetch.txt"].includes(name) || manifestAlgorithm(name) !== undefined;
  return checkBag({ files, tags: new Map(names.filter(isTag).map((name) => [name, text(name, name === "bagit.txt" ? "utf-8" : encoding)])) });
}

/** One bag lists a hidden file that copies of the suite tend to lose. */
function isWhole(bag: Dirent): boolean {
  return bag.name !== "special-system-files" || existsSync(join(bag.parentPath, bag.name, "data/.DS_Store"));
}

/** Every bag of the suite, in the folder that says what it must be. */
const expected = { valid: "valid", warning: "valid", invalid: "invalid", "linux-only": "invalid", "windows-only": "invalid" } as const;
for (const version of skip === false ? ["v1.0", "v0.97"] : []) {
  for (const kind of readdirSync(join(suite, version))) {
    const verdict = expected[kind as keyof typeof expected];
    for (const bag of readdirSync(join(suite, version, kind), { withFileTypes: true }).filter((entry) => entry.isDirectory() && isWhole(entry))) {
      test(`the conformance suite's ${version} bag ${kind}/${bag.name} is ${verdict}`, () => {
        const findings = findingsIn(join(suite, version, kind, bag.name));
        assert.equal(findings.some((finding) => finding.severity === "fault") ? "invalid" : "valid", verdict, JSON.stringify(findings));
        if (kind === "warning" && bag.name !== "special-system-files") assert.ok(findings.length > 0);
      });
    }
  }
}

test("the conformance suite of BagIt is here", { skip }, () => assert.ok(existsSync(suite)));

test("a folder without bagit.txt is no bag", () => {
  assert.deepEqual(
    checkBag({ files: new Map(), tags: new Map() }).map((finding) => finding.code),
    ["NO_DECLARATION"],
  );
});

test("a Payload-Oxum that does not fit the payload is a fault", () => {
  const sum = "ab".repeat(32);
  const tags = new Map([
    ["bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"],
    ["manifest-sha256.txt", `${sum}  data/x\n`],
    ["bag-info.txt", "Payload-Oxum: 4.1\n"],
  ]);
  const files = new Map([["data/x", { bytes: 3, digests: { sha256: sum } }]]);
  assert.deepEqual(
    checkBag({ files, tags }).map((finding) => finding.code),
    ["WRONG_SUM"],
  );
  assert.deepEqual(checkBag({ files: new Map([["data/x", { bytes: 4, digests: { sha256: sum } }]]), tags }), []);
});
