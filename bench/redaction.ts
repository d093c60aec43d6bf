// Measures redacting a paper (search, boxes, pictures, words, and the check by a second engine) against programs that only draw or only read it.
// Usage: node --import tsx bench/redaction.ts [pages, default 100]
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRedactor } from "../src/adapters/pdf/redactor.ts";
import type { View } from "../src/app/redaction-port.ts";

const view: View = {
  audience: "officer",
  removals: [
    { target: { kind: "term", term: "Anna Smith" }, reason: "THIRD_PARTY" },
    { target: { kind: "pattern", pattern: "e-mail" }, reason: "THIRD_PARTY" },
  ],
};

/** Fifty lines a page, a name or an address on every tenth. */
function paperOf(pages: number): Uint8Array {
  const objects: string[] = [];
  const add = (number: number, body: string): void => void (objects[number] = body);
  add(1, "<< /Type /Catalog /Pages 2 0 R >>");
  add(2, `<< /Type /Pages /Count ${pages} /Kids [${Array.from({ length: pages }, (_, page) => `${4 + page * 2} 0 R`).join(" ")}] >>`);
  add(3, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
  for (let page = 0; page < pages; page++) {
    const lines = Array.from({ length: 50 }, (_, line) => {
      const who = line % 10 === 0 ? "Anna Smith" : line % 10 === 5 ? "anna@mail.example" : "the harbour office";
      return `1 0 0 1 60 ${750 - line * 14} Tm (${page}.${line} A note of the tide table as it was agreed with ${who} in the spring of that year) Tj`;
    });
    const content = `BT /F 10 Tf ${lines.join("\n")} ET`;
    add(4 + page * 2, `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F 3 0 R >> >> /Contents ${5 + page * 2} 0 R >>`);
    add(5 + page * 2, `<< /Length ${content.length} >>\nstream\n${content}\nendstream`);
  }
  let text = "%PDF-1.7\n";
  const offsets = objects.map((body, number) => {
    const at = text.length;
    text += `${number} 0 obj\n${body}\nendobj\n`;
    return at;
  });
  const rows = offsets.slice(1).map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`);
  text += `xref\n0 ${objects.length}\n0000000000 65535 f \n${rows.join("")}trailer\n<< /Size ${objects.length} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
  return Buffer.from(text, "latin1");
}

interface Timed {
  readonly seconds: number;
  readonly peakBytes: number;
  readonly bytes: number;
}

/** Redacts once in this process, from its start. */
async function redactOnce(path: string, copy: string): Promise<void> {
  const redactor = startRedactor();
  const original = readFileSync(path);
  const survey = await redactor.survey(original, view);
  if (survey.kind !== "surveyed") throw new Error(`not surveyed: ${JSON.stringify(survey)}`);
  const outcome = await redactor.redact(original, view, { view: survey.view, pages: survey.pages.map(({ page }) => page) });
  if (outcome.kind !== "redacted") throw new Error(`not redacted: ${JSON.stringify(outcome)}`);
  writeFileSync(copy, outcome.pdf);
  await redactor.close();
}

/** Wall time from before the program is started, and its peak memory as the system saw it. */
function run(folder: string, copy: string, program: string, given: readonly string[]): Timed | undefined {
  if (spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0) return undefined;
  const report = join(folder, "time.txt");
  const from = performance.now();
  execFileSync("/usr/bin/time", ["-f", "%M", "-o", report, program, ...given], { stdio: ["ignore", "ignore", "inherit"] });
  const seconds = (performance.now() - from) / 1000;
  const kilobytes = Number(readFileSync(report, "utf8").trim().split("\n").at(-1));
  return { seconds, peakBytes: kilobytes * 1024, bytes: statSync(copy).size };
}

function main(pages: number): void {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-bench-"));
  try {
    const [paper, copy, drawn, text] = ["paper.pdf", "copy.pdf", "drawn.pdf", "text.txt"].map((name) => join(folder, name)) as [string, string, string, string];
    writeFileSync(paper, paperOf(pages));
    const runs = [
      ["Portcullis: survey, redact, check", run(folder, copy, process.execPath, ["--import", "tsx", import.meta.filename, "redact", paper, copy])],
      ["mutool draw to pictures, 150 dpi", run(folder, drawn, "mutool", ["draw", "-q", "-r", "150", "-F", "pclm", "-o", drawn, paper])],
      ["pdftotext", run(folder, text, "pdftotext", ["-q", paper, text])],
    ] as const;
    console.log(`${pages} pages of fifty lines, start-up included; one run each`);
    const own = runs[0][1]?.seconds ?? 0;
    for (const [name, timed] of runs) {
      if (timed === undefined) console.log(`${name.padEnd(36)} not installed`);
      else
        console.log(
          `${name.padEnd(36)} ${timed.seconds.toFixed(2)} s   ${(pages / timed.seconds).toFixed(1)} pages/s   peak ${(timed.peakBytes / 1e6).toFixed(0)} MB   ${(timed.bytes / pages / 1000).toFixed(0)} kB a page   ours takes ${(own / timed.seconds).toFixed(1)} x`,
        );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [first, paper, copy] = process.argv.slice(2);
if (first === "redact" && paper !== undefined && copy !== undefined) await redactOnce(paper, copy);
else main(Number(first ?? 100));
