/* Picking into a collection by its key. The page says which collections there are. */

import { decide } from "./decisions.js";
import { speak, words } from "./words.js";

const collections = document.getElementById("desk-collections");

/** Pick into the collection of a key; `s` is the usual one, by key or else the first. */
export function pick(row, key) {
  const button = row.querySelector('button[data-key="s"]');
  if (!button) return false;
  const offered = [...collections.options];
  const chosen = offered.find((option) => option.dataset.key === key);
  if (!chosen && key !== "s") {
    speak(words("noCollection", key));
    return true;
  }
  const text = words("picked", (chosen ?? offered[0])?.text ?? "");
  decide(row, button, { collection: chosen?.value ?? "", text });
  return true;
}

/** Pick into the collection that is chosen in the row's list. */
export function pickChosen(row, button) {
  const list = button.form.elements.collection;
  if (!list.value) return pick(row, "s");
  return decide(row, button, { text: words("picked", list.selectedOptions[0].text) });
}
