/* Further rows: fetched before the cursor, or the reader's eye, comes to the end. */

import { askRows } from "./requests.js";
import { adopt, allRows } from "./rows.js";
import { speak, words } from "./words.js";

const AHEAD = 20;
const AGAIN_MS = 3000;
const NEAR = "1200px";

const place = document.getElementById("desk-further");
let asking = null;

/** Begin to watch the end of the list. */
export function startMore() {
  new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) fetchMore();
  }, { rootMargin: NEAR }).observe(place);
}

/** Fetch what follows if the row is near the end. */
export function fetchAhead(row) {
  const rows = allRows();
  if (rows.length - rows.indexOf(row) <= AHEAD) fetchMore();
}

/** Fetch the next rows, or wait for those that are on their way; returns how many came. */
export function fetchMore() {
  asking ??= fetchRows().finally(() => { asking = null; });
  return asking;
}

async function fetchRows() {
  const link = place.querySelector(".desk-more");
  if (!link) return 0;
  const body = await askRows(link.dataset.rows);
  if (!body) {
    // The site did not answer: nobody else may ask again, at the end of the list.
    setTimeout(fetchMore, AGAIN_MS);
    return 0;
  }
  const fresh = adopt(body);
  takeLink(body);
  if (fresh.length) speak(words("further"));
  return fresh.length;
}

/** Take over the link to what follows after the rows of a fragment. */
export function takeLink(body) {
  place.replaceChildren(...body.querySelectorAll(".desk-more"));
}
