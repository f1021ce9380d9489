/* Single keys in the newsroom, and results of the search over everything as one types. */

import { areKeysOn, mayAct, switchKeys } from "./single_keys.js";

const dialog = document.getElementById("keys");
const words = document.getElementById("find-all-words");

const actions = {
  n: () => dialog.dataset.newPost && location.assign(dialog.dataset.newPost),
  "/": () => {
    words?.focus();
    words?.select();
  },
  "?": () => dialog.showModal(),
};

function press(event) {
  if (event.repeat || !Object.hasOwn(actions, event.key) || !mayAct(event)) return;
  event.preventDefault();
  actions[event.key]();
}

if (dialog) {
  const box = document.getElementById("keys-on");
  const opener = document.getElementById("keys-open");
  box.checked = areKeysOn();
  box.addEventListener("change", () => switchKeys(box.checked));
  opener.hidden = false;
  opener.addEventListener("click", () => dialog.showModal());
  // The Desk has more keys, and others in the place of these.
  if (!dialog.hasAttribute("data-own-keys")) document.addEventListener("keydown", press);
}

const form = document.getElementById("find-all");
const results = document.getElementById("find-all-results");
const PAUSE_MS = 250;

if (form && results) {
  let timer = 0;
  let asked = null;

  async function ask() {
    asked?.abort();
    asked = new AbortController();
    const url = new URL(form.action, location.href);
    url.searchParams.set("q", words.value);
    const shown = new URL(url);
    url.searchParams.set("part", "");
    try {
      const response = await fetch(url, { signal: asked.signal });
      if (!response.ok || response.redirected) return; // pressing Enter tells what is amiss
      const text = await response.text();
      fill(new DOMParser().parseFromString(text, "text/html").body);
      history.replaceState(null, "", shown);
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  }

  // The line that is read out stays in place: only then is its change announced.
  function fill(found) {
    const line = results.querySelector("[role=status]");
    line.textContent = found.querySelector("[role=status]").textContent;
    for (const old of results.querySelectorAll(".group")) old.remove();
    results.append(...found.querySelectorAll(".group"));
  }

  words.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  });
}
