/* Small pictures beside the rows of the Desk: asked for, and put in as they come. */

import { send } from "./requests.js";

const AT_ONCE = 100;
const LATER_MS = [2000, 4000, 8000, 16000, 32000];
const list = document.getElementById("desk-rows");
const { url } = document.getElementById("desk-pictures").dataset;
const asked = new Set();
const there = new Map();

/** Put in what has come, also into rows that were written anew since. */
function show() {
  for (const row of list.querySelectorAll(".desk-row")) {
    const picture = there.get(row.dataset.headline);
    if (!picture || row.querySelector(".desk-picture")) continue;
    const image = new Image(picture.width, picture.height);
    Object.assign(image, { className: "desk-picture", alt: "", src: picture.src });
    row.querySelector(".desk-text").prepend(image);
  }
}

/** Ask for the pictures of some headlines, and again a little later for those still to come. */
async function want(keys, turn = 0) {
  const fields = new FormData();
  for (const key of keys) fields.append("headline", key);
  const { is, data } = await send(url, fields);
  if (is !== "done") return;
  for (const [key, picture] of Object.entries(data.pictures)) there.set(key, picture);
  show();
  if (data.coming.length && turn < LATER_MS.length) {
    setTimeout(() => want(data.coming, turn + 1), LATER_MS[turn]);
  }
}

function look() {
  show();
  const rows = [...list.querySelectorAll(".desk-row:not(:has(.desk-picture))")];
  const keys = rows.map((row) => row.dataset.headline).filter((key) => !asked.has(key));
  for (const key of keys) asked.add(key);
  for (let at = 0; at < keys.length; at += AT_ONCE) want(keys.slice(at, at + AT_ONCE));
}

new MutationObserver(look).observe(list, { childList: true });
look();
