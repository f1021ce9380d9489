/* Asks the site what stands at an outside address. The site's poller looks; we wait for its answer. */

const PAUSE_MS = 600;
const PATIENCE_MS = 40000;

/** Return {state, sentence, title, outlet, excerpt, language, url}, or null where nobody can look. */
export async function glance(address) {
  const form = document.querySelector("[data-glance-url]");
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  if (!form?.dataset.glanceUrl) return null;
  const body = new URLSearchParams({ address, csrfmiddlewaretoken: token });
  try {
    let answer = await json(fetch(form.dataset.glanceUrl, { method: "POST", body, headers: { Accept: "application/json" } }));
    const until = Date.now() + PATIENCE_MS;
    while (answer?.state === "waiting" && Date.now() < until) {
      await new Promise((go) => setTimeout(go, PAUSE_MS));
      answer = await json(fetch(answer.look, { headers: { Accept: "application/json" } }));
    }
    return answer;
  } catch {
    return null;
  }
}

async function json(request) {
  const response = await request;
  return response.headers.get("Content-Type")?.startsWith("application/json") ? response.json() : null;
}
