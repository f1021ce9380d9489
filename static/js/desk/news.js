/* What others decide, and what is new: asked every few seconds. */

import { currentRow, goTo } from "./cursor.js";
import { isListStale, movesOthers, offerAnew, startAnew } from "./changes.js";
import { isConnected, isShown, reconnected, remark } from "./decisions.js";
import { takeLink } from "./more.js";
import { ask, askRows } from "./requests.js";
import { adopt, allRows, replace, restart, rowOf } from "./rows.js";
import { speak, words, wordsFor } from "./words.js";

const EVERY_MS = 3000;
const HIDDEN_MS = 30000;

const desk = document.getElementById("desk");
const left = document.getElementById("desk-left");
const button = document.getElementById("desk-new");
const progress = document.getElementById("desk-progress");
let last = desk.dataset.last;
let top = allRows()[0]?.dataset.cursor ?? "";
let timer = 0;

/** Begin to ask. */
export function startNews() {
  button.addEventListener("click", showNew);
  document.addEventListener("visibilitychange", () => schedule(document.hidden ? HIDDEN_MS : 0));
  schedule(EVERY_MS);
}

function schedule(wait_ms) {
  clearTimeout(timer);
  timer = setTimeout(look, wait_ms);
}

async function look() {
  const url = new URL(desk.dataset.newsUrl, location.href);
  url.search = location.search;
  url.searchParams.set("since", last);
  url.searchParams.set("top", top);
  const news = await ask(url);
  schedule(document.hidden ? HIDDEN_MS : EVERY_MS);
  if (!news) return;
  if (!isConnected()) reconnected();
  last = news.last;
  if (news.left !== undefined) left.textContent = news.left;
  tellProgress(news.going_on);
  tellNew(news.new);
  news.decisions.forEach(take);
}

function take({ id, headline, by, kind, said, row: html, is_own: isOwn }) {
  const key = String(headline);
  const row = rowOf(key);
  if (isOwn && isShown(key, id)) return;
  if (row && html) {
    replace(html);
    remark(key);
  }
  if (movesOthers(kind)) offerAnew();
  if (!isOwn && (row || movesOthers(kind))) speak(words("othersDid", by, said));
}

function tellProgress(goingOn) {
  const text = goingOn.map(({ said, count }) => words("progress", said, count)).join(" ");
  if (progress.textContent !== text) progress.textContent = text;
  progress.hidden = !text;
}

function tellNew(count) {
  if (isListStale()) return;
  const text = count ? wordsFor("new", count) : "";
  if (button.textContent === text) return;
  button.textContent = text;
  button.hidden = !count;
  speak(text);
}

/** Put what is new above the rows, or begin anew where it is more than a screen of them. */
export async function showNew() {
  if (isListStale()) return startAnew();
  const url = new URL(desk.dataset.rowsUrl, location.href);
  url.search = location.search;
  url.searchParams.delete("after");
  const body = await askRows(url);
  if (!body) return undefined;
  const isJoined = [...body.querySelectorAll(".desk-row")].some((row) => rowOf(row.dataset.headline));
  if (isJoined && !url.searchParams.has("order")) {
    adopt(body, allRows()[0]);
  } else {
    restart(body);
    takeLink(body);
  }
  top = allRows()[0]?.dataset.cursor ?? top;
  button.hidden = true;
  for (const row of allRows()) remark(row.dataset.headline);
  if (currentRow() !== allRows()[0] && allRows().length) goTo(allRows()[0]);
  scrollTo({ top: 0 });
  return undefined;
}
