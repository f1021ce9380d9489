/* What keys and buttons do. Every decision is a button of its row: keys press it. */

import { mayAct } from "../single_keys.js";
import { currentRow, step } from "./cursor.js";
import { decide, undo } from "./decisions.js";
import { buttonOf } from "./folding.js";
import { pressed } from "./keys.js";
import { fetchMore } from "./more.js";
import { showNew } from "./news.js";
import { closePanels, openPanel } from "./panels.js";
import { rowOf } from "./rows.js";
import { pick, pickChosen } from "./picking.js";
import { forgetMarked, merge, split } from "./stories.js";
import { speak, words } from "./words.js";

const MAY_REPEAT = new Set(["j", "k", "ArrowDown", "ArrowUp"]);
const OWN_ARROWS = "input, summary, [role=menu]";

const help = document.getElementById("keys");

const ofDesk = {
  u: undo,
  r: showNew,
  n: nextFeed,
  "?": () => help.showModal(),
  "/": () => {
    const field = document.getElementById("desk-search");
    field.closest("details")?.setAttribute("open", "");
    field.focus();
    field.select();
  },
  j: () => move(1),
  ArrowDown: () => move(1),
  k: () => move(-1),
  ArrowUp: () => move(-1),
};

const ofRow = {
  o: (row) => open(row.dataset.url, "_blank", "noopener,noreferrer"),
  e: (row) => openPanel(row, "words"),
  t: (row) => openPanel(row, "translation"),
  m: (row) => openPanel(row, "mute"),
  more: (row) => openPanel(row, "more"),
  g: split,
  G: merge,
  Escape: (row) => closePanels(row) || forgetMarked(),
};

/** Begin to listen. */
export function startCommands() {
  document.addEventListener("keydown", press);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-command]");
    if (!button) return;
    event.preventDefault();
    run(button.dataset.command, button.closest(".desk-row") ?? currentRow());
  });
  document.addEventListener("submit", submit);
  document.addEventListener("keydown", confirm);
}

function press(event) {
  const name = pressed(event);
  const row = currentRow();
  if (!name || (event.repeat && !MAY_REPEAT.has(name))) return;
  if (name === "Escape") return leave(event, row);
  if (!mayAct(event)) return;
  if (name.startsWith("Arrow") && event.target.closest(OWN_ARROWS)) return;
  if (run(name, row)) event.preventDefault();
}

/* Esc leaves a field, too. */
function leave(event, row) {
  if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
  if (row && ofRow.Escape(row)) event.preventDefault();
  else if (event.target.id === "desk-search") row?.focus();
}

/** Do what the key of that name does; returns whether it means anything here. */
function run(name, row) {
  if (Object.hasOwn(ofDesk, name)) {
    ofDesk[name]();
    return true;
  }
  if (!row) return false;
  if (Object.hasOwn(ofRow, name)) {
    ofRow[name](row);
    return true;
  }
  if (name === "s" || /^[1-9]$/.test(name)) return pick(row, name);
  const button = buttonOf(row, name);
  if (button) decide(row, button);
  return Boolean(button);
}

function nextFeed() {
  const link = document.getElementById("desk-next-feed");
  if (link) location.assign(link.href);
  else speak(words("noNextFeed"));
}

async function move(way) {
  if (step(way)) return;
  if (way < 0) speak(words("atTop"));
  else if (!(await fetchMore()) || !step(1)) speak(words("atEnd"));
}

/* Enter in a field means the button of its panel, and not the first one of the row. */
function confirm(event) {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("input, textarea")) return;
  if (event.target.matches("textarea") && !event.ctrlKey && !event.metaKey) return;
  const button = event.target.closest(".desk-row [data-panel]")?.querySelector("[type=submit]");
  if (!button) return;
  event.preventDefault();
  button.click();
}

/* The same by mouse, by touch, and by Enter in a field. */
function submit(event) {
  const row = event.target.closest(".desk-row");
  const button = event.submitter ?? event.target.querySelector("[type=submit]");
  if (!row || !button) return;
  event.preventDefault();
  if (button.dataset.key === "g") return split(row);
  if (button.dataset.key === "G") return merge(row);
  if (button.dataset.key === "s") return pick(row, "s");
  closePanels(row);
  const place = rowOf(row.dataset.headline);
  if (button.value === "pick") pickChosen(place, button);
  else decide(place, button);
}
