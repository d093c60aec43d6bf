// The page itself: takes a file and a key, shows how far the check is, and says what it found. Nothing leaves the page.
import { checkFile } from "./check-file.ts";

const at = (id) => document.getElementById(id);
const form = at("check");
const proofWords = {
  absent: "The package carries no proof from the ledger.",
  "not-checked": "The ledger's proof was not checked: give the desk's log key for it.",
  proved: "The ledger proves that this package's plan was approved.",
  refuted: "The ledger's proof does not hold.",
};
const signatureWords = {
  absent: "The manifest is not signed.",
  "not-checked": "The manifest's signature was not checked: give the desk's log key for it.",
  signed: "The manifest is signed with the key you gave.",
  refuted: "The manifest's signature does not hold.",
};

function show(result) {
  const outcome = at("outcome");
  outcome.className = result.ok ? "good" : "bad";
  at("verdict").textContent = result.ok ? "The package is good" : "The package is not good";
  at("summary").textContent = result.ok
    ? `${result.records} records. Every file is the one that was packed, and every record is inside the lines of the paper.`
    : `${result.findings.length === 1 ? "One finding stands" : `${result.findings.length} findings stand`} against it. What is wrong and where:`;
  list("findings", result.findings, ({ severity, where, what, code }) => `${severity === "fault" ? "Fault" : "Note"} in ${where}: ${what} (${code})`);
  list("lines", Object.entries(result.recordsByLine), ([line, records]) => `${line}: ${records} records`);
  at("proof").textContent = proofWords[result.proof.kind];
  at("signature").textContent = signatureWords[result.signature.kind];
  outcome.hidden = false;
  at("verdict").focus();
}

function list(id, items, words) {
  at(id).replaceChildren(
    ...items.map((item) => {
      const line = document.createElement("li");
      line.textContent = words(item);
      return line;
    }),
  );
  at(id).hidden = items.length === 0;
}

let shownTenth = -1;

async function onProgress(share) {
  at("bar").value = share;
  const tenth = Math.floor(share * 10);
  if (tenth !== shownTenth) at("progress").textContent = `${tenth * 10} per cent read`;
  shownTenth = tenth;
  // Lets the page breathe between two pieces.
  await new Promise((resolve) => setTimeout(resolve));
}

function refuse(what) {
  show({
    ok: false,
    records: 0,
    recordsByLine: {},
    findings: [{ severity: "fault", where: "this page", what, code: "NOT_CHECKED" }],
    proof: { kind: "not-checked" },
    signature: { kind: "not-checked" },
  });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void check();
});

async function check() {
  const file = at("file").files[0];
  if (file === undefined) return refuse("No file was chosen. Choose the package.");
  if (globalThis.Temporal === undefined || Uint8Array.fromBase64 === undefined)
    return refuse("This browser is too old for the check. Use a current Chrome, Edge or Firefox.");
  at("button").disabled = true;
  at("outcome").hidden = true;
  at("bar").hidden = false;
  try {
    show(await checkFile({ file, identity: at("identity").value, passphrase: at("passphrase").value, logKey: at("key").value, onProgress }));
  } catch {
    refuse("The file could not be read to its end. Try again.");
  } finally {
    at("button").disabled = false;
    at("bar").hidden = true;
    at("progress").textContent = "";
  }
}
