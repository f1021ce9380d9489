/* Keeps what an editor types before it is saved, and tells who else has the text open.

Each keystroke goes into this browser's storage at once, and to the site (blog/admin/writing.py)
after a short pause. What was saved is forgotten in both places: the site says so in a cookie. */

const PAUSE_MS = 1200;
const LONGEST_WAIT_MS = 4000;
const PRESENCE_MS = 15000;
const PREFIX = "writing:";
const SAVED_COOKIE = "saved_texts";

const place = document.getElementById("writing");
if (place) start(place, place.closest("form"));

function start(place, form) {
  const others = place.querySelector(".writing-others");
  const state = place.querySelector(".writing-state");
  const token = form.elements.writing_token.value;
  const key = keyOf(place.dataset.url, token);
  const isUnsaved = place.dataset.unsaved === "yes";
  let begun = isUnsaved ? "" : contentOf(form);
  let kept = contentOf(form);
  let noted = kept;
  let isTouched = false;
  let isLeaving = false;
  let timer = 0;
  let waitingSince = 0;
  let hasRenewed = false;
  let sent = 0;

  forgetSaved();
  handOverCopies();

  form.addEventListener("input", notice);
  form.addEventListener("change", notice);
  form.addEventListener("submit", () => {
    isLeaving = true;
    clearTimeout(timer);
    // Of the messages on their way the site must know that they come before what is saved now.
    form.elements._writing_number.value = sent;
  });
  // The text editor and the pickers set values without an event of the form's.
  document.addEventListener("prose-editor:ready", () => {
    if (isTouched) return;
    kept = noted = contentOf(form);
    if (!isUnsaved) begun = kept;
  });
  setInterval(notice, 1000);
  setInterval(() => send(false), PRESENCE_MS);
  window.addEventListener("beforeunload", (event) => {
    if (isLeaving || contentOf(form) === begun) return;
    event.preventDefault();
  });
  // Coming back to a page that the browser had kept: it is being written again.
  window.addEventListener("pageshow", () => { isLeaving = false; });
  document.addEventListener("visibilitychange", () => {
    notice();
    if (document.hidden && !isLeaving && kept !== noted) send(true, { keepalive: true });
  });
  send(false);

  function notice() {
    const content = contentOf(form);
    if (isLeaving || content === noted) return;
    noted = content;
    isTouched = true;
    if (content === kept) return;
    store(key, place.dataset.user, content);
    const now = Date.now();
    waitingSince ||= now;
    clearTimeout(timer);
    timer = setTimeout(() => send(true), Math.min(PAUSE_MS, Math.max(0, waitingSince + LONGEST_WAIT_MS - now)));
  }

  async function send(isTyped, options = {}) {
    const content = contentOf(form);
    const body = isTyped ? new URLSearchParams(content) : new URLSearchParams();
    body.set("writing_token", token);
    body.set("_writing_number", ++sent);
    body.set("begun_with", form.elements.begun_with?.value ?? "");
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    if (isTyped) waitingSince = 0;
    try {
      const response = await fetch(place.dataset.url + (isTyped ? "?typed" : ""), {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
        keepalive: options.keepalive && body.toString().length < 60000,
      });
      if (isTyped && response.status === 413) return say(state.dataset.large);
      if (!response.headers.get("Content-Type")?.startsWith("application/json")) {
        if (!hasRenewed && (hasRenewed = await hasFreshToken(form))) return tryAgain(0);
        if (isTyped) say(response.redirected || response.status === 403 ? state.dataset.login : state.dataset.here);
        return tryAgain(PRESENCE_MS);
      }
      hasRenewed = false;
      if (isTyped) {
        kept = content;
        if (contentOf(form) === content) drop(key);
        const time = new Date().toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
        say(content === begun ? "" : state.dataset.kept.replace("%s", time));
      }
      tellOfOthers(await response.json());
    } catch {
      if (isTyped) say(state.dataset.here);
      tryAgain(PRESENCE_MS);
    }
  }

  function tryAgain(wait_ms) {
    if (isLeaving || contentOf(form) === kept) return;
    clearTimeout(timer);
    timer = setTimeout(() => send(true), wait_ms);
  }

  function tellOfOthers(answer) {
    const isNewer = answer.version > Number(place.dataset.version);
    const words = [];
    if (answer.others.length) words.push(others.dataset.here.replace("%s", answer.others.join(", ")));
    if (isNewer) words.push(others.dataset.newer);
    const text = words.join(". ");
    if (others.textContent !== text) others.textContent = text;
    others.hidden = !text;
  }

  function say(text) {
    state.hidden = !text;
    if (state.textContent !== text) state.textContent = text;
  }

  /* What this browser kept and the site never got: hand it over, and let the page offer it. */
  async function handOverCopies() {
    let hasHandedOver = false;
    for (const [name, content] of copies(place.dataset.user, place.dataset.url)) {
      const body = new URLSearchParams(content);
      body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      try {
        const response = await fetch(`${place.dataset.url}?typed`, { method: "POST", body, headers: { Accept: "application/json" } });
        if (!response.ok || response.redirected) continue;
      } catch {
        return;
      }
      drop(name);
      hasHandedOver = true;
    }
    if (hasHandedOver && contentOf(form) === begun) location.reload();
  }
}

/* A login in another tab makes the form's token worthless: take that of a fresh page. */
async function hasFreshToken(form) {
  const response = await fetch(location.href);
  if (!response.ok || response.redirected) return false;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const token = page.querySelector(`#${form.id} [name=csrfmiddlewaretoken]`)?.value;
  if (!token) return false;
  for (const input of document.getElementsByName("csrfmiddlewaretoken")) input.value = token;
  return true;
}

function contentOf(form) {
  const content = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !/^(csrf|_)/.test(name)) content.append(name, value);
  }
  return content.toString();
}

function keyOf(url, token) {
  return `${PREFIX}${url}:${token}`;
}

function store(key, user, content) {
  try {
    localStorage.setItem(key, JSON.stringify({ user, content }));
  } catch { /* storage full or switched off: the site still gets it */ }
}

function drop(key) {
  try { localStorage.removeItem(key); } catch { /* as above */ }
}

function* copies(user, url) {
  const found = [];
  try {
    for (let index = 0; index < localStorage.length; index++) found.push(localStorage.key(index));
  } catch { return; }
  for (const name of found) {
    if (!name.startsWith(`${PREFIX}${url}:`)) continue;
    const copy = JSON.parse(localStorage.getItem(name) ?? "null");
    if (copy && copy.user === user) yield [name, copy.content];
  }
}

function forgetSaved() {
  const cookie = document.cookie.split("; ").find((pair) => pair.startsWith(`${SAVED_COOKIE}=`));
  if (!cookie) return;
  const value = decodeURIComponent(cookie.slice(SAVED_COOKIE.length + 1)).replace(/^"|"$/g, "");
  for (const name of value.split("|")) drop(PREFIX + name);
  const path = location.pathname.replace(/(\/admin\/).*/, "$1");
  document.cookie = `${SAVED_COOKIE}=; path=${path}; max-age=0`;
}
