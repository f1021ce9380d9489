/* What others decide, and what is new: asked every few seconds. */

import { currentRow, goTo } from "./cursor.js";
import { isConnected, reconnected, remark } from "./decisions.js";
import { takeLink } from "./more.js";
import { ask, askRows } from "./requests.js";
import { adopt, allRows, replace, restart, rowOf } from "./rows.js";
import { speak, words, wordsFor } from "./words.js";

const EVERY_MS = 3000;
const HIDDEN_MS = 30000;

const desk = document.getElementById("desk");
const left = document.getElementById("desk-left");
const button = document.getElementById("desk-new");
let last = desk.dataset.last;
let top = allRows()[0]?.dataset.cursor ?? "";
let timer = 0;

/** Begin to ask. */
export function startNews() {
  if (!desk.dataset.newsUrl) return;
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
  news.decisions.forEach(take);
  tellNew(news.new);
}

function take({ headline, by, said, undone, row: html, is_own: isOwn }) {
  const row = rowOf(headline);
  if (row && html) {
    replace(html);
    remark(headline);
  }
  if (row && !isOwn) speak(undone ? words("othersUndid", by, said) : words("othersDid", by, said));
}

function tellNew(count) {
  const text = count ? wordsFor("new", count) : "";
  if (button.textContent === text) return;
  button.textContent = text;
  button.hidden = !count;
  speak(text);
}

/** Put what is new above the rows, or begin anew where it is more than a screen of them. */
export async function showNew() {
  const url = new URL(desk.dataset.rowsUrl, location.href);
  url.search = location.search;
  url.searchParams.delete("after");
  const body = await askRows(url);
  if (!body) return;
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
}
