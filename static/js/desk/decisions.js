/* Decisions: shown at once, sent in the background, taken back. */

import { recount } from "./balance.js";
import { afterOwn } from "./changes.js";
import { currentRow, goBack, goOn, goTo } from "./cursor.js";
import { fetchMore } from "./more.js";
import { startQueue } from "./queue.js";
import { insert, mark, refuse, replace, rowOf, unmark } from "./rows.js";
import { openStore, uuid } from "./store.js";
import { speak, words, wordsFor } from "./words.js";

const NOT_SENT = new Set(["csrfmiddlewaretoken", "key", "known"]);

const desk = document.getElementById("desk");
const left = document.getElementById("desk-left");
const bar = document.getElementById("desk-connection");
const notice = document.getElementById("desk-notice");
const known = new Map(); // by headline: the last decision that this page has heard of
const done = []; // decisions of this page that can be taken back, the newest last
let queue = null;

/** Take up what an earlier visit has left, and begin to send. */
export function startDecisions() {
  const store = openStore(desk.dataset.user);
  queue = startQueue({ store, prepare, onAnswer, onState });
  for (const { headline } of queue.all()) remark(headline);
  queue.wake();
}

/** Whether what the editor decides gets through, as far as is known. */
export const isConnected = () => queue.isReady();
/** The connection is there again. */
export const reconnected = () => queue.wake();

/** Decide as one of the row's buttons does; `changes` are other fields than those of its form. */
export function decide(row, button, { text = "", ...changes } = {}) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(button.form, button)) {
    if (!NOT_SENT.has(name) && !Object.hasOwn(changes, name)) fields.append(name, value);
  }
  for (const [name, value] of Object.entries(changes)) fields.set(name, value);
  const stays = button.hasAttribute("data-stays");
  // The last row of all, and a key pressed once more before further rows are here.
  if (newestOf(row.dataset.headline)?.fields === fields.toString()) return;
  const said = text || button.dataset.done || button.textContent.trim();
  add({ url: button.getAttribute("formaction") ?? button.form.action, fields, row, text: said, stays });
  mark(row, said, { stays });
  say("");
  speak(said);
  if (!stays) leaveRow();
}

async function leaveRow() {
  if (goOn()) return;
  if (!(await fetchMore()) || !goOn()) goBack();
}

function add({ url, fields, row, text, stays = false }) {
  const headline = row?.dataset.headline ?? "";
  return queue.add({
    key: uuid(),
    url: new URL(url, location.href).pathname,
    fields: fields.toString(),
    headline,
    known: row?.dataset.known ?? "0",
    text,
    stays,
  });
}

/** Take back the newest decision: out of the queue, or by telling the site. */
export function undo() {
  const last = queue.all().at(-1);
  if (last && !isUndo(last) && queue.withdraw(last)) {
    const row = rowOf(last.headline);
    if (row) {
      unmark(row);
      remark(last.headline);
      goTo(row);
    }
    speak(words("withdrawn"));
    return;
  }
  const taken = last && !isUndo(last) ? last : done.findLast((one) => !one.isLeaving);
  if (taken) taken.isLeaving = true;
  const row = taken ? rowOf(taken.headline) : null;
  const back = location.pathname + location.search;
  const url = new URL(desk.dataset.undoUrl, location.href);
  add({ url, fields: new URLSearchParams({ back }), row, text: words("undoing") });
  if (row) {
    mark(row, words("undoing"), { stays: true });
    goTo(row);
  }
  speak(words("undoing"));
}

const isUndo = (item) => item.url === desk.dataset.undoUrl;

function prepare(item) {
  const fields = new URLSearchParams(item.fields);
  fields.set("key", item.key);
  const newest = Math.max(Number(item.known), known.get(item.headline) ?? 0);
  if (!isUndo(item)) fields.set("known", newest);
  return fields;
}

function onAnswer(item, { is, data }) {
  if (data.left !== undefined) left.textContent = data.left;
  if (is === "refused") return onRefused(item, data);
  const fresh = data.row ? replace(data.row) : null;
  if (is === "conflict") {
    speak(data.said);
  } else if (isUndo(item)) {
    onUndone(fresh, data);
  } else {
    onDone(item, data);
  }
  remark(item.headline);
  if (fresh) remark(fresh.dataset.headline);
}

function onDone(item, { decision, kind, said }) {
  known.set(item.headline, Math.max(decision, known.get(item.headline) ?? 0));
  done.push({ headline: item.headline, decision, kind });
  if (said !== item.text) speak(said);
  if (queue.all().length === 0) recount(kind);
  if (kind === "merge") removeMerged(item);
  else afterOwn(kind, queue.all().length === 0);
}

/* One row stands for both from now on. */
function removeMerged(item) {
  const other = rowOf(new URLSearchParams(item.fields).get("other"));
  if (other && other !== currentRow()) other.remove();
}

/** Whether a row shows the decision already, as it was made on this page. */
export const isShown = (headline, decision) => (known.get(headline) ?? 0) >= decision;

function onUndone(fresh, data) {
  const at = done.findIndex(({ decision }) => decision === data.undone);
  const kind = at < 0 ? "" : done.splice(at, 1)[0].kind;
  document.querySelector(`[data-draft-of="${data.undone}"]`)?.remove();
  if (fresh && !fresh.isConnected) insert(fresh, currentRow());
  if (fresh && !queue.all().length) goTo(fresh);
  if (!queue.all().length) recount(kind);
  speak(data.said);
  // Without a row it was a decision on many.
  afterOwn(data.row ? kind : "seen", queue.all().length === 0);
}

function onRefused(item, data) {
  const text = data.error ?? words("refused");
  const row = rowOf(item.headline);
  if (row) refuse(row, text);
  else say(text);
  speak(text);
}

/** Show again, on a row that was replaced or has just come, what is on its way for it. */
export function remark(headline) {
  const row = rowOf(headline);
  const item = newestOf(headline);
  if (row && item) mark(row, item.text, { stays: item.stays || isUndo(item) });
  else if (row?.dataset.pending) unmark(row);
}

const newestOf = (headline) => queue.all().findLast((one) => one.headline === headline);

function onState(state, count) {
  const isQuiet = state === "ready" || count === 0;
  const text = isQuiet ? "" : state === "login" ? wordsFor("login", count) : wordsFor("away", count);
  if (bar.querySelector("span").textContent !== text) bar.querySelector("span").textContent = text;
  bar.querySelector("a").hidden = state !== "login" || isQuiet;
  bar.hidden = isQuiet;
}

/* What belongs to no row that is here. */
function say(text) {
  notice.textContent = text;
  notice.hidden = !text;
}
