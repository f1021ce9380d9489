/* The cursor: one row is the current one, and Tab leads to it and to its buttons alone. */

import { allRows, isWaiting } from "./rows.js";

let current = null;
let onMove = () => {};

/** The current row, or null where the list is empty. */
export function currentRow() {
  if (!current?.isConnected) current = document.querySelector("#desk-rows > .is-current");
  return current;
}

/** Begin with the first row; `listener(row)` hears of each move. */
export function startCursor(listener) {
  onMove = listener;
  document.getElementById("desk-rows").addEventListener("focusin", ({ target }) => {
    const row = target.closest(".desk-row");
    if (row) settle(row);
  });
  document.getElementById("desk-rows").addEventListener("click", ({ target }) => {
    const row = target.closest(".desk-row");
    if (row) settle(row);
  });
  begin();
}

/** Make the first waiting row the current one, without taking the focus from where it is. */
export function begin() {
  const rows = allRows();
  for (const row of rows) row.tabIndex = -1;
  const places = location.hash.slice(1).split(","); // see changes.js
  const named = document.getElementById(places.find((id) => document.getElementById(id)) ?? "");
  const first = named ?? rows.find(isWaiting) ?? rows[0];
  if (first) settle(first);
  first?.scrollIntoView({ block: "nearest" });
}

/** Make a row the current one and bring the focus to it. */
export function goTo(row) {
  settle(row);
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

/** Go to the next row (1) or the one before (-1); returns whether there is one. */
export function step(way) {
  const rows = allRows();
  const target = rows[rows.indexOf(currentRow()) + way];
  return goToAny(target);
}

/** Go on to the next waiting row below; returns whether there is one. */
export function goOn() {
  const rows = allRows();
  return goToAny(rows.slice(rows.indexOf(currentRow()) + 1).find(isWaiting));
}

/** Go back to the nearest waiting row above; returns whether there is one. */
export function goBack() {
  const rows = allRows();
  return goToAny(rows.slice(0, Math.max(rows.indexOf(currentRow()), 0)).findLast(isWaiting));
}

function goToAny(row) {
  if (row) goTo(row);
  return Boolean(row);
}

function settle(row) {
  const before = currentRow();
  if (before !== row) {
    before?.classList.remove("is-current");
    before?.setAttribute("tabindex", "-1");
    row.classList.add("is-current");
  }
  row.tabIndex = 0;
  current = row;
  onMove(row);
}
