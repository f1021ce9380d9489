/* The outlets of the usual collection: fetched when they are looked at, and after what changes them. */

import { askRows } from "./requests.js";

const KEPT_AS = "desk-outlets"; // in this browser: whether they are looked at
const CHANGING = new Set(["pick", "breaking"]);

const fold = document.getElementById("desk-balance");
const link = fold.querySelector("a");
const place = fold.querySelector("div");

/** Fill the fold when it is opened, and open it where it was left open. */
export function startBalance() {
  fold.addEventListener("toggle", () => {
    keep(fold.open);
    if (fold.open) fill();
  });
  fold.open = wasOpen();
}

/** Count anew after a decision that moves picks, or whose kind this page does not know. */
export function recount(kind = "") {
  if (fold.open && (!kind || CHANGING.has(kind))) fill();
}

async function fill() {
  const page = await askRows(link.href);
  const found = page?.querySelector("#desk-outlets");
  if (found) place.replaceChildren(...found.childNodes);
}

function wasOpen() {
  try {
    return localStorage.getItem(KEPT_AS) === "1";
  } catch {
    return false;
  }
}

function keep(isOpen) {
  try {
    localStorage.setItem(KEPT_AS, isOpen ? "1" : "");
  } catch {
    // It is asked for anew on the next visit.
  }
}
