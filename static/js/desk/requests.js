/* What is asked of the site, and what its answers mean. */

const PATIENCE_MS = 20000;

const desk = document.getElementById("desk");
const tokenField = () => document.querySelector("[name=csrfmiddlewaretoken]");

/** Send a decision. Returns what came of it, and the answer's data where there is one:

`done`; `conflict`: somebody was faster; `refused`; `login`: nobody, or somebody else, is logged in;
`token`: the page's token is of another login; `away`: no connection, or a site in trouble. */
export async function send(url, fields) {
  const response = await fetch(url, {
    method: "POST",
    body: fields,
    headers: { Accept: "application/json", "X-CSRFToken": tokenField().value },
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch(() => null);
  const data = await jsonOf(response);
  return { is: meaning(response, data), data: data ?? {} };
}

function meaning(response, data) {
  if (!response || response.status >= 500 || [408, 425, 429].includes(response.status)) return "away";
  if (response.type === "opaqueredirect" || response.status === 401) return "login";
  if (response.ok) return data ? "done" : "away";
  if (response.status === 403 && !data) return "token";
  return response.status === 409 && data?.conflict ? "conflict" : "refused";
}

/** Ask for JSON. Returns null where none came. */
export async function ask(url) {
  const response = await get(url, "application/json");
  return response?.ok ? jsonOf(response) : null;
}

/** Ask for rows. Returns the document's body, or null where none came. */
export async function askRows(url) {
  const response = await get(url, "text/html");
  if (!response?.ok || response.type === "opaqueredirect") return null;
  const text = await response.text().catch(() => null);
  return text === null ? null : new DOMParser().parseFromString(text, "text/html").body;
}

/** Take the token of a fresh page. Returns `away`, `login` (somebody else is logged in, too) or `done`. */
export async function renewToken() {
  const response = await get(location.href, "text/html");
  if (!response || response.status >= 500) return "away";
  if (!response.ok) return "login";
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const token = page.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (!token || page.getElementById("desk")?.dataset.user !== desk.dataset.user) return "login";
  for (const input of document.getElementsByName("csrfmiddlewaretoken")) input.value = token;
  return "done";
}

function get(url, accept) {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  return fetch(url, { headers: { Accept: accept }, redirect: "manual", signal }).catch(() => null);
}

async function jsonOf(response) {
  if (!response?.headers.get("Content-Type")?.startsWith("application/json")) return null;
  return response.json().catch(() => null);
}
