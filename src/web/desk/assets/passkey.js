// Makes and uses passkeys in the browser. Everything else on the desk works without it.
//
// Hook in the markup: a form [data-passkey="add" | "sign-in"] holds a hidden [data-passkey-button] and a [data-passkey-said].
import { startAuthentication } from "/desk/assets/webauthn/methods/startAuthentication.js";
import { startRegistration } from "/desk/assets/webauthn/methods/startRegistration.js";
import { browserSupportsWebAuthn } from "/desk/assets/webauthn/helpers/browserSupportsWebAuthn.js";

const ceremonies = {
  add: { base: "/desk/passkeys", start: (optionsJSON) => startRegistration({ optionsJSON }), next: "/desk/passkeys?done=added" },
  "sign-in": { base: "/desk/sign-in/passkey", start: (optionsJSON) => startAuthentication({ optionsJSON }), next: "/desk" },
};

async function post(path, body) {
  const response = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.because ?? "The desk did not answer. Try again in a minute.");
  return answer;
}

async function run({ base, start, next }, said) {
  said.textContent = "Waiting for your device…";
  try {
    await post(`${base}/verify`, await start(await post(`${base}/options`, {})));
    location.assign(next);
  } catch (error) {
    said.textContent = error.name === "NotAllowedError" ? "The device did not confirm. Try again." : error.message;
  }
}

for (const place of document.querySelectorAll("[data-passkey]")) {
  const button = place.querySelector("[data-passkey-button]");
  const said = place.querySelector("[data-passkey-said]");
  if (!browserSupportsWebAuthn()) {
    said.textContent = "This browser has no passkeys. Use a one-time link.";
    continue;
  }
  button.hidden = false;
  said.textContent = "";
  button.addEventListener("click", () => void run(ceremonies[place.dataset.passkey], said));
}
