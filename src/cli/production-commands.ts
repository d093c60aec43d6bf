// Commands of those who seal, approve and hand over a production.
import { z } from "zod";
import { approveWithKey } from "../app/approve-package.ts";
import { addApproverKey } from "../app/approver-keys.ts";
import { approverIdentity, approverRecipient, newRecoveryPhrase, seedOfPhrase } from "../app/package-key.ts";
import { releaseProduction, renewDownload, sealProduction } from "../app/produce.ts";
import type { Watch } from "../app/watched-work.ts";
import { openPackage } from "../app/withheld-opening.ts";
import type { CaseId } from "../kernel/ids.ts";
import { need, optionText, refusedAnswer, Usage, type Command, type Given, type Terminal } from "./command.ts";
import { answerOf, getDesk, operator } from "./desk-of.ts";
import { done, refusal } from "./schemas.ts";

const released = z.object({ ok: z.literal(true), sha256: z.string(), bytes: z.number(), records: z.number(), link: z.string() });

const approverKey: Command = {
  name: "approver key",
  usage: "approver key --as STAFF --out FILE",
  describe: "Makes a key for somebody who approves. Its recovery phrase is written to FILE and kept nowhere else: it belongs to that person alone.",
  options: {
    as: { type: "string", value: "STAFF", describe: "Id of the member of staff." },
    out: { type: "string", value: "FILE", describe: "Where the phrase goes." },
  },
  needsDesk: true,
  output: z.union([z.object({ ok: z.literal(true), recipient: z.string() }), refusal]),
  run: async (given, terminal, installation) => {
    const desk = await getDesk(installation);
    const staff = required(given, "as", "Whose key it is");
    const out = required(given, "out", "The file for the phrase");
    if (await terminal.exists(out)) throw new Usage("--out names a file that exists. A phrase is never written over another.");
    const phrase = newRecoveryPhrase();
    const recipient = await approverRecipient(await identityOf(phrase));
    const added = await addApproverKey(desk, staff, { kind: "phrase", recipient });
    if (added.kind === "refused") return refusedAnswer([{ clause: "KDRP-4", code: "NO_APPROVER", because: added.because }]);
    await terminal.writeText(out, `${phrase}\n`, "secret");
    return { json: { ok: true, recipient }, text: `Key added: ${recipient}`, exit: 0 };
  },
};

async function identityOf(phrase: string): Promise<CryptoKey> {
  const seed = seedOfPhrase(phrase);
  if (seed === undefined) throw new Usage("The phrase is not one of ours: it has 24 words, and the last one checks the others. Look for a misspelt word.");
  return approverIdentity(seed);
}

function required(given: Given, name: string, what: string): string {
  const value = optionText(given, name);
  if (value === undefined) throw new Usage(`${what} is missing: give --${name}.`);
  return value;
}

/** A line a second at most. */
export function watchAt(terminal: Pick<Terminal, "progress">): Watch {
  let toldAt = performance.now();
  return {
    onProgress: ({ records, bytes }) => {
      if (performance.now() - toldAt < 1000) return;
      toldAt = performance.now();
      terminal.progress(`${records.toLocaleString("en")} records${bytes === 0 ? "" : `, ${(bytes / 1e6).toFixed(0)} MB sealed`} …`);
    },
  };
}

const seal: Command = {
  name: "seal",
  usage: "seal CASE",
  describe: "Packs what was checked and seals it for those who approve: from then on only two of them together can open it.",
  options: {},
  needsDesk: true,
  output: z.union([z.object({ ok: z.literal(true), package: z.string(), sha256: z.string(), bytes: z.number(), records: z.number() }), refusal]),
  run: async (given, terminal, installation) => {
    const sealed = await sealProduction(await getDesk(installation), need(given, 0, "The case number") as CaseId, operator, watchAt(terminal));
    if (sealed.kind === "refused") return refusedAnswer(sealed.reasons);
    const { kind: _, restarted, ...figures } = sealed;
    if (restarted !== undefined) terminal.progress(`The packing began again with a new key. ${restarted}`);
    return { json: { ok: true, ...figures }, text: `Sealed: ${sealed.records} records, ${sealed.bytes} bytes, SHA-256 ${sealed.sha256}`, exit: 0 };
  },
};

const approve: Command = {
  name: "approve",
  usage: "approve CASE --as STAFF --phrase FILE",
  describe: "Approves the sealed package with the approver's own recovery phrase.",
  options: {
    as: { type: "string", value: "STAFF", describe: "Id of the approver." },
    phrase: { type: "string", value: "FILE", describe: "The approver's recovery phrase; - reads it from standard input." },
  },
  needsDesk: true,
  output: z.union([done.extend({ passphrase: z.string().optional() }), refusal]),
  run: async (given, terminal, installation) => {
    const desk = await getDesk(installation);
    const identity = await identityOf(await terminal.readText(required(given, "phrase", "The recovery phrase")));
    const caseId = need(given, 0, "The case number") as CaseId;
    const handled = await approveWithKey(desk, caseId, required(given, "as", "Who approves"), identity).catch(() => undefined);
    if (handled === undefined)
      throw new Usage("The phrase does not open this person's share. It belongs to somebody else, or the package was sealed for an earlier key: seal it anew.");
    const answer = answerOf(handled);
    if (handled.passphrase === undefined) return answer;
    const told = `Tell the officer this passphrase by telephone; it is kept nowhere: ${handled.passphrase}`;
    return { ...answer, json: { ...(answer.json as object), passphrase: handled.passphrase }, text: `${answer.text}\n${told}` };
  },
};

const release: Command = {
  name: "release",
  usage: "release CASE",
  describe: "Hands the approved package over when every bar of the gate is up.",
  options: { out: { type: "string", value: "FILE", describe: "Also writes the encrypted package to a file." } },
  needsDesk: true,
  output: z.union([released, refusal]),
  run: async (given, terminal, installation) => {
    const desk = await getDesk(installation);
    const caseId = need(given, 0, "The case number") as CaseId;
    const gone = await releaseProduction(desk, caseId, operator);
    if (gone.kind === "refused") return refusedAnswer(gone.reasons);
    const out = optionText(given, "out");
    const file = out === undefined ? undefined : await openPackage(desk, caseId);
    if (out !== undefined && file !== undefined) await terminal.writeStream(out, file);
    const { kind: _, ...figures } = gone;
    return { json: { ok: true, ...figures }, text: `Released: ${gone.records} records, ${gone.bytes} bytes, SHA-256 ${gone.sha256}`, exit: 0 };
  },
};

const renew: Command = {
  name: "download renew",
  usage: "download renew CASE",
  describe: "Sends the officer a new link to the released package; the earlier one no longer works.",
  options: {},
  needsDesk: true,
  output: z.union([released, refusal]),
  run: async (given, _terminal, installation) => {
    const renewed = await renewDownload(await getDesk(installation), need(given, 0, "The case number") as CaseId, operator);
    if (renewed.kind === "refused") return refusedAnswer(renewed.reasons);
    const { kind: _, ...figures } = renewed;
    return { json: { ok: true, ...figures }, text: "A new link is on its way to the officer.", exit: 0 };
  },
};

export const productionCommands: readonly Command[] = [approverKey, seal, approve, release, renew];
