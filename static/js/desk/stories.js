/* Taking stories apart and putting them together, which needs more than one key. */

import { decide } from "./decisions.js";
import { buttonOf } from "./folding.js";
import { closePanels, openPanel } from "./panels.js";
import { speak, words } from "./words.js";

/** First show the story's headlines; once some are chosen, take these out. */
export function split(row) {
  const button = row.querySelector('button[data-key="g"]');
  if (!button) return speak(words("noStory"));
  if (!button.form.querySelector("[name=members]:checked")) {
    openPanel(row, "story");
  } else {
    decide(row, button);
    closePanels(row);
  }
  return undefined;
}

/** First mark the row; on another one, put the two together. */
export function merge(row) {
  const marked = document.querySelector(".desk-row.is-merging");
  const button = buttonOf(row, "G");
  if (!button) return;
  if (!marked || marked === row) {
    marked?.classList.remove("is-merging");
    row.classList.toggle("is-merging", !marked);
    speak(marked ? words("mergeOff") : words("merge"));
    return;
  }
  marked.classList.remove("is-merging");
  button.form.elements.other.value = marked.dataset.headline;
  decide(row, button);
}

/** Forget the marked row; returns whether there was one. */
export function forgetMarked() {
  const marked = document.querySelector(".desk-row.is-merging");
  marked?.classList.remove("is-merging");
  return Boolean(marked);
}
