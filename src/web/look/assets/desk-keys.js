// Adds keys to the queue, refreshes countdowns and copies references. Every page works without it.
//
// Keys (off unless the reader switches them on in "Keyboard"; the choice stays in this browser):
//   j / k   next / previous row: moves the focus to the link of the row
//   Enter   opens the focused row: the browser's own behaviour of a link
//   /       goes to the search field
//   ?       opens the list of keys
// Hooks in the markup: [data-queue] holds rows with one [data-row-link] each; [data-search]; details[data-keys]
// with [data-keys-toggle]; [data-left][data-now] in milliseconds; button[data-copy="#id-of-the-text"].
import { timeLeft } from "./time-left.js";

const choice = "portcullis-keys";
const everyMs = 30_000;

/** Typing must never trigger a key: fields, selects and editable text keep every letter. */
function isTyping(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
}

function keysAreOn() {
  try {
    return localStorage.getItem(choice) === "on";
  } catch {
    return false;
  }
}

function rememberKeys(on) {
  try {
    localStorage.setItem(choice, on ? "on" : "off");
  } catch {
    // A browser that stores nothing keeps the keys off.
  }
}

function moveInQueue(step) {
  const links = [...document.querySelectorAll("[data-queue] [data-row-link]")];
  if (links.length === 0) return;
  const row = document.activeElement?.closest("tr, li");
  const here = links.findIndex((link) => link === document.activeElement || (row !== null && row?.contains(link)));
  const next = here === -1 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(here + step, 0), links.length - 1);
  links[next].focus();
  links[next].scrollIntoView({ block: "nearest" });
}

function goToSearch() {
  document.querySelector("[data-search]")?.focus();
}

function openKeyList() {
  const list = document.querySelector("details[data-keys]");
  if (list === null) return;
  list.open = true;
  list.querySelector("summary")?.focus();
}

const actions = new Map([
  ["j", () => moveInQueue(1)],
  ["k", () => moveInQueue(-1)],
  ["/", goToSearch],
  ["?", openKeyList],
]);

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
  const action = actions.get(event.key);
  if (action === undefined || !keysAreOn()) return;
  event.preventDefault();
  action();
}

function showToggle() {
  const toggle = document.querySelector("[data-keys-toggle]");
  if (toggle === null) return;
  const show = () => {
    toggle.textContent = keysAreOn() ? "Switch the keys off" : "Switch the keys on";
    toggle.setAttribute("aria-pressed", String(keysAreOn()));
  };
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    rememberKeys(!keysAreOn());
    show();
  });
  show();
}

/** Countdowns move on with the time that has passed since the page came, counted from the server's own clock. */
function refreshCountdowns() {
  const loaded = performance.now();
  setInterval(() => {
    for (const left of document.querySelectorAll("[data-left]")) {
      const now = Number(left.dataset.now) + (performance.now() - loaded);
      left.textContent = timeLeft(now, Number(left.dataset.left));
    }
  }, everyMs);
}

async function copyText(button) {
  const text = document.querySelector(button.dataset.copy)?.textContent ?? "";
  const said = button.nextElementSibling;
  try {
    await navigator.clipboard.writeText(text.trim());
    if (said !== null) said.textContent = "Copied";
  } catch {
    if (said !== null) said.textContent = "This browser did not allow copying. Select the text instead.";
  }
}

function showCopyButtons() {
  if (navigator.clipboard === undefined) return;
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => void copyText(button));
  }
}

document.addEventListener("keydown", onKey);
showToggle();
refreshCountdowns();
showCopyButtons();
