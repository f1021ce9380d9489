/* The rows of the Desk: found, marked at once, replaced by what the site says. */

import { fold } from "./folding.js";

const list = document.getElementById("desk-rows");
const late = new Map(); // what came for a row while somebody was at work in it

/** All rows, in their order. */
export const allRows = () => [...list.querySelectorAll(":scope > .desk-row")];

/** The row of a headline, or null. */
export const rowOf = (headline) => list.querySelector(`:scope > [data-headline="${headline}"]`);

/** Whether nobody has decided on the row, nor is about to. */
export const isWaiting = (row) => row.dataset.state === "waiting" && !row.dataset.pending;

/** Show at once what the site has yet to hear. `stays` says that the row goes on waiting. */
export function mark(row, text, { stays = false } = {}) {
  row.dataset.pending = stays ? "stays" : "goes";
  row.classList.remove("is-refused");
  note(row.querySelector(".desk-second"), text);
}

/** Take the mark back. */
export function unmark(row) {
  delete row.dataset.pending;
  row.querySelector(".desk-note")?.remove();
}

/** Say in a row that what was wanted has been refused. */
export function refuse(row, text) {
  unmark(row);
  row.classList.add("is-refused");
  note(row, text);
}

function note(place, text) {
  place.closest(".desk-row").querySelector(".desk-note")?.remove();
  const said = document.createElement("p");
  said.className = "desk-note";
  said.textContent = text;
  place.append(said);
}

/** Put what the site says in the place of a row, now or once its panels are closed. Returns the row. */
export function replace(html) {
  const fresh = parsed(html);
  const old = fresh && rowOf(fresh.dataset.headline);
  if (!old) return fresh;
  if (isWorkedIn(old)) {
    late.set(old.dataset.headline, html);
    return old;
  }
  for (const name of ["is-current", "is-merging"]) fresh.classList.toggle(name, old.classList.contains(name));
  fresh.tabIndex = old.tabIndex;
  const path = focusedIn(old);
  fold(fresh);
  old.replaceWith(fresh);
  if (path) (fresh.querySelector(path) ?? fresh).focus({ preventScroll: true });
  return fresh;
}

function isWorkedIn(row) {
  return row.contains(document.activeElement) && Boolean(document.activeElement.closest("details[open]"));
}

/** Put in its place what came for a row while its panels were open. */
export function catchUp(row) {
  const html = late.get(row.dataset.headline);
  late.delete(row.dataset.headline);
  return html ? replace(html) : row;
}

function parsed(html) {
  const place = document.createElement("template");
  place.innerHTML = html;
  return place.content.querySelector(".desk-row");
}

/* How to find what has the focus in the row that replaces this one. */
function focusedIn(row) {
  const { activeElement } = document;
  if (!row.contains(activeElement)) return "";
  const key = activeElement.dataset.key ?? activeElement.dataset.command;
  return key ? `button[data-key="${CSS.escape(key)}"], [data-command="${CSS.escape(key)}"]` : ":scope";
}

/** Put a row before another, unless it is in the list. */
export function insert(row, before) {
  if (rowOf(row.dataset.headline)) return;
  fold(row);
  list.insertBefore(row, before);
}

/** Take over the rows of a fetched fragment that are not here yet, before one of ours or at the end.
Returns them. */
export function adopt(body, before = null) {
  const fresh = [...body.querySelectorAll(".desk-row")].filter((row) => !rowOf(row.dataset.headline));
  for (const row of fresh) {
    fold(row);
    list.insertBefore(row, before);
  }
  return fresh;
}

/** Begin the list anew with the rows of a fetched fragment. */
export function restart(body) {
  late.clear();
  const fresh = [...body.querySelectorAll(".desk-row")];
  fresh.forEach(fold);
  list.replaceChildren(...fresh);
}
