/* What opens within a row: its words, its translation, muting, the headlines of its story. */

import { unfold } from "./folding.js";
import { catchUp } from "./rows.js";

const FIRST = "input:not([type=hidden]), textarea, select, button";

/** Open a row's panel of that name and go into it; returns whether there is one. */
export function openPanel(row, name) {
  unfold(row);
  const panel = row.querySelector(`[data-panel="${name}"]`);
  if (!panel) return false;
  for (let place = panel; place !== row; place = place.parentElement) {
    if (place instanceof HTMLDetailsElement) place.open = true;
  }
  const field = panel.querySelector(FIRST);
  field?.focus();
  if (field?.matches("[type=text]")) field.select();
  panel.scrollIntoView({ block: "nearest" });
  return true;
}

/** Close what is open in a row; returns whether anything was. The row may be another one now. */
export function closePanels(row) {
  const open = [...row.querySelectorAll("details[open]")];
  const hadFocus = open.some((panel) => panel.contains(document.activeElement));
  if (hadFocus) row.focus({ preventScroll: true });
  for (const panel of open) panel.open = false;
  const fresh = catchUp(row);
  if (hadFocus && fresh !== row) fresh.focus({ preventScroll: true });
  return open.length > 0;
}
