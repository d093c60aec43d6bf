// The approver's own half of a package's key, used in this browser and never sent: from a passkey's secret, or from a recovery phrase.
//
// Hooks in the markup: [data-approval="approve"] with data-case, or [data-approval="key"]; inside, [data-by-passkey] and
// [data-by-phrase] are buttons, [data-phrase] is where a new phrase is shown, #phrase where one is typed, and [data-said] says what happens.
import { approverIdentity, approverRecipient, base64, handOver, joinOpening, newRecoveryPhrase, OtherPackage, seedOfPhrase } from "../../../app/package-key.ts";

const prfSalt = new TextEncoder().encode("portcullis/approver/prf/v1");

async function ask(path, body) {
  const response = await fetch(path, body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.because ?? "The desk did not answer. Try again in a minute.");
  return answer;
}

/** The secret that a passkey gives to this site for this purpose; the authenticator asks its owner first. */
async function seedOfPasskey(credentials) {
  const assertion = await navigator.credentials.get({
    publicKey: {
      challenge: crypto.getRandomValues(new Uint8Array(32)),
      allowCredentials: credentials.map((id) => ({ type: "public-key", id: Uint8Array.fromBase64(id, { alphabet: "base64url" }) })),
      userVerification: "required",
      extensions: { prf: { eval: { first: prfSalt } } },
    },
  });
  const secret = assertion?.getClientExtensionResults().prf?.results?.first;
  if (secret === undefined) throw new Error("This passkey or this browser gives no secret of its own. Use a recovery phrase.");
  return { seed: new Uint8Array(secret), credential: assertion.id };
}

function seedOf(phrase) {
  const seed = seedOfPhrase(phrase);
  if (seed === undefined) throw new Error("This is no recovery phrase: it has 24 words, and the last one checks the others. Look for a misspelt word.");
  return seed;
}

/** `name` is what the approver has on the page: the share itself must say the same. */
async function partOf(identity, { due, share, handed, opening }, name) {
  if (due === "share") return { gives: "share", private: { shares: await handOver(identity, share, name) } };
  if (handed === undefined) throw new Error("The first approver handed you no share: your key is newer than their approval. Seal the package anew.");
  const withheld = await joinOpening(identity, share, handed, opening, name);
  return { gives: "opening", private: { opening: base64(withheld.opening) }, passphrase: withheld.passphrase };
}

async function approve(place, seedFor, said) {
  const path = `/desk/case/${place.dataset.case}/approve`;
  const material = await ask(`${path}/material`);
  said.textContent = "Opening your share…";
  const identity = await approverIdentity(await seedFor(material));
  const name = { caseId: place.dataset.case, sha256: place.dataset.sha256 };
  const part = await partOf(identity, material, name).catch((error) => {
    if (error instanceof OtherPackage) throw new Error("The desk gave a share of another package than the one on this page. Do not approve; tell counsel.");
    throw error.message.startsWith("The first approver")
      ? error
      : new Error("Your key does not open this share. It was sealed for another passkey or phrase of yours.");
  });
  const { passphrase, ...given } = part;
  await ask(path, { package: material.package, ...given });
  if (passphrase === undefined) location.assign(`/desk/case/${place.dataset.case}?done=ApproveRelease`);
  else showPassphrase(place, passphrase, said);
}

/** Told to the agency by another way than the package: by a call to a number that the desk found itself. */
function showPassphrase(place, passphrase, said) {
  const shown = part(place, "passphrase");
  shown.textContent = passphrase;
  shown.hidden = false;
  for (const button of place.querySelectorAll("button")) button.hidden = true;
  said.textContent = "Approved. Tell the officer this passphrase by telephone, at the number of the call-back. It is shown here once and kept nowhere.";
}

async function addKey(kind, seed, credential) {
  const recipient = await approverRecipient(await approverIdentity(seed));
  await ask("/desk/passkeys/approval-key", { kind, recipient, ...(credential === undefined ? {} : { credential }) });
  location.assign("/desk/passkeys?done=key");
}

function guarded(said, act) {
  return async () => {
    said.textContent = "One moment…";
    try {
      await act();
    } catch (error) {
      said.textContent = error.name === "NotAllowedError" ? "The device did not confirm. Try again." : error.message;
    }
  };
}

function part(place, name) {
  return place.querySelector(`[data-${name}]`);
}

/** A phrase is shown once; the key is added when its owner says that it is written down. */
function offerPhrase(place, said) {
  const [button, shown] = [part(place, "by-phrase"), part(place, "phrase")];
  part(place, "by-passkey").hidden = true;
  const phrase = newRecoveryPhrase();
  shown.textContent = phrase;
  shown.hidden = false;
  button.textContent = "I have written the words down";
  said.textContent = "Write these 24 words down, in this order, where only you find them. Nobody can show them again.";
  button.addEventListener(
    "click",
    guarded(said, () => addKey("phrase", seedOf(phrase))),
  );
}

function openKeyPlace(place, said) {
  const credentials = JSON.parse(place.dataset.credentials);
  if (credentials.length > 0 && "PublicKeyCredential" in window) {
    part(place, "by-passkey").hidden = false;
    part(place, "by-passkey").addEventListener(
      "click",
      guarded(said, async () => {
        const { seed, credential } = await seedOfPasskey(credentials);
        await addKey("passkey", seed, credential);
      }),
    );
  }
  part(place, "by-phrase").hidden = false;
  part(place, "by-phrase").addEventListener("click", () => offerPhrase(place, said), { once: true });
}

function openApprovalPlace(place, said) {
  const byPasskey = part(place, "by-passkey");
  byPasskey?.addEventListener(
    "click",
    guarded(said, () => approve(place, async ({ credentials }) => (await seedOfPasskey(credentials)).seed, said)),
  );
  if (byPasskey !== null) byPasskey.hidden = false;
  const byPhrase = part(place, "by-phrase");
  if (byPhrase === null) return;
  byPhrase.hidden = false;
  byPhrase.addEventListener(
    "click",
    guarded(said, () => approve(place, () => Promise.resolve(seedOf(place.querySelector("#phrase").value)), said)),
  );
}

for (const place of document.querySelectorAll("[data-approval]")) {
  const said = part(place, "said");
  said.textContent = "";
  (place.dataset.approval === "key" ? openKeyPlace : openApprovalPlace)(place, said);
}
