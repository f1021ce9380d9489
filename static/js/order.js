/* The order of a collection: by dragging, by Alt and the arrows; what the buttons do, without a new page. */

const list = document.getElementById("order-list");
const line = document.getElementById("order-said");
const PATIENCE_MS = 20000;
const WAYS = { ArrowUp: "up", ArrowDown: "down" };

let last = Promise.resolve();

if (list) {
  list.classList.add("has-script");
  list.addEventListener("submit", (event) => {
    if (!event.submitter) return;
    event.preventDefault();
    const form = event.target;
    ask(new FormData(form, event.submitter));
  });
  list.addEventListener("keydown", (event) => {
    const row = event.target.closest?.(".order-row");
    const way = row && event.altKey && WAYS[event.key];
    if (!way || event.target.matches("input, textarea, select")) return;
    event.preventDefault();
    row.querySelector(`[name=deed][value=${way}]`)?.click();
  });
  list.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest(".order-handle");
    if (handle && event.button === 0) drag(handle, event);
  });
}

/** Have one thing done after the other; each answer is the whole list as it is then. */
function ask(fields) {
  last = last.then(() => send(fields));
}

async function send(fields) {
  const response = await fetch(list.dataset.url, {
    method: "POST",
    body: fields,
    headers: { Accept: "application/json" },
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch(() => null);
  const isJson = response?.headers.get("Content-Type")?.startsWith("application/json");
  const data = isJson ? await response.json().catch(() => null) : null;
  if (!data) {
    const isLogin = response && (response.type === "opaqueredirect" || response.status === 403);
    tell(isLogin ? line.dataset.login : line.dataset.away, true);
    return;
  }
  tell(data.said, !response.ok);
  show(data.list, fields.get("deed"), fields.get("pick"));
}

function tell(words, isWrong) {
  line.textContent = words;
  line.classList.toggle("is-wrong", isWrong);
}

/** Put the new list in the place of the old one; words that somebody is just writing stay. */
function show(html, deed, key) {
  const fresh = new DOMParser().parseFromString(html, "text/html").body;
  for (const open of list.querySelectorAll(".order-edit[open]")) {
    const row = open.closest(".order-row");
    const place = fresh.querySelector(`#${row.id} .order-edit`);
    if (place && !(deed === "words" && row.dataset.pick === key)) place.replaceWith(open);
  }
  list.replaceChildren(...fresh.childNodes);
  document.getElementById(`pick-${key}`)?.focus();
}

/** Let a row follow the pointer among those of its group; where it is let go it stays. */
function drag(handle, start) {
  const row = handle.closest(".order-row");
  const group = row.parentElement;
  const home = row.nextElementSibling;
  start.preventDefault();
  handle.setPointerCapture(start.pointerId);
  row.classList.add("is-dragged");

  const follow = (event) => {
    const others = [...group.children].filter((one) => one !== row);
    const next = others.find((one) => {
      const box = one.getBoundingClientRect();
      return event.clientY < box.top + box.height / 2;
    });
    if ((next ?? null) !== row.nextElementSibling) group.insertBefore(row, next ?? null);
    // insertBefore() ends the capture in some browsers.
    if (!handle.hasPointerCapture(event.pointerId)) handle.setPointerCapture(event.pointerId);
  };
  const stop = (event) => {
    handle.removeEventListener("pointermove", follow);
    handle.removeEventListener("pointerup", stop);
    handle.removeEventListener("pointercancel", stop);
    row.classList.remove("is-dragged");
    if (event.type === "pointercancel") group.insertBefore(row, home);
    else if (row.nextElementSibling !== home) ask(fieldsOf(row));
  };
  handle.addEventListener("pointermove", follow);
  handle.addEventListener("pointerup", stop);
  handle.addEventListener("pointercancel", stop);
}

function fieldsOf(row) {
  const fields = new FormData(row.querySelector("form"));
  fields.set("deed", "move");
  fields.set("before", row.nextElementSibling?.dataset.pick ?? "");
  return fields;
}
