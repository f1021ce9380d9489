/* What changes many rows at once: the list is made anew, where the editor wants it or did it. */

import { currentRow } from "./cursor.js";
import { allRows } from "./rows.js";
import { speak, words } from "./words.js";

const NEXT = 10;
const OF_MANY = new Set(["seen", "mute"]);
const OF_STORIES = new Set(["split", "merge"]);

const button = document.getElementById("desk-new");
let isStale = false;

/** Whether the list as it stands may show what is no longer so. */
export const isListStale = () => isStale;

/** Whether a decision of that kind moves other rows than its own. */
export const movesOthers = (kind) => OF_MANY.has(kind) || OF_STORIES.has(kind);

/** Offer to make the list anew, because of what somebody else has done. */
export function offerAnew() {
  showOffer();
  speak(words("changed"));
}

function showOffer() {
  isStale = true;
  button.textContent = words("changed");
  button.hidden = false;
}

/** After a decision of the editor's own: begin anew at once if it was on many rows. */
export function afterOwn(kind, isLast) {
  if (OF_MANY.has(kind) && isLast) startAnew();
  else if (movesOthers(kind)) showOffer();
}

/** Load the page anew, the cursor where it is, or at the next row that is still there. */
export function startAnew() {
  const rows = allRows();
  const at = Math.max(rows.indexOf(currentRow()), 0);
  const places = rows.slice(at, at + NEXT).map((row) => row.id).join(",");
  history.replaceState(null, "", `${location.pathname}${location.search}#${places}`);
  location.reload();
}
