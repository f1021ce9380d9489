/* Beside the address of a source: what the page there says of itself, to be taken over by a click.

Only what is empty is filled; what somebody has typed stays. Where the address says so (data-fill),
it is looked at right away if title or outlet are missing, and these are filled in without a click. */

import { glance } from "./editor/glance.js";

const FIELDS = { title: "title", outlet: "outlet", standfirst: "excerpt", quote: "excerpt" };
const FILLED = ["title", "outlet"];

const address = document.getElementById("id_source_url");
const words = document.getElementById("source-words")?.dataset;
if (address && words) start();

function start() {
  const panel = document.createElement("div");
  panel.className = "source-offer";
  panel.setAttribute("role", "status");
  panel.hidden = true;
  address.closest(".form-row").append(panel);
  const isOffered = "fill" in address.dataset;
  let asked = isOffered && FILLED.some((name) => !document.getElementById(`id_${name}`).value) ? "" : address.value.trim();

  const look = async () => {
    const url = address.value.trim();
    if (url === asked) return;
    asked = url;
    panel.hidden = true;
    if (!/^https?:\/\/\S+\.\S+$/i.test(url) || !URL.canParse(url)) return;
    say(panel, words.looking);
    const found = await glance(url);
    if (asked !== url) return;
    if (!found) say(panel, words.silent);
    else if (found.state !== "found") say(panel, found.sentence || words.silent);
    else offer(panel, found);
    makeLinkPost(panel);
  };
  address.addEventListener("change", look);
  address.addEventListener("paste", () => setTimeout(look));
  if (isOffered) look();
}

function say(panel, text) {
  const line = document.createElement("p");
  line.textContent = text;
  panel.replaceChildren(line);
  panel.hidden = false;
}

function offer(panel, found) {
  say(panel, words.heading);
  const list = document.createElement("dl");
  for (const [name, key] of Object.entries(FIELDS)) {
    const field = document.getElementById(`id_${name}`);
    if (!field || !found[key]) continue;
    if ("fill" in address.dataset && FILLED.includes(name) && !field.value.trim()) set(field, found[key]);
    row(list, words[name], found[key], () => !field.value.trim(), field, found[key]);
  }
  const language = document.getElementById("id_language");
  const code = found.language?.split("-")[0].toLowerCase();
  const option = [...(language?.options ?? [])].find(({ value }) => value === code);
  if (option && language.value !== code) row(list, words.language, option.text, () => true, language, code);
  panel.append(list);
}

/* A post that has no text of its own yet is about its source; of another that is for its editor to say. */
function makeLinkPost(panel) {
  const kind = document.getElementById("id_kind");
  if (!kind || kind.value === "link") return;
  const isEmpty = !document.getElementById("id_body")?.value.trim();
  if (isEmpty && kind.value === "article") return set(kind, "link");
  const list = panel.querySelector("dl") ?? panel.appendChild(document.createElement("dl"));
  row(list, words.kind, words.link, () => true, kind, "link");
}

function row(list, label, shown, mayFill, field, value) {
  const name = document.createElement("dt");
  name.textContent = label;
  const text = document.createElement("dd");
  const said = document.createElement("span");
  said.textContent = shown;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words.use;
  button.setAttribute("aria-label", `${words.use}: ${label}`);
  const note = document.createElement("small");
  note.textContent = words.yours;
  const refresh = () => {
    const isUsed = field.value === value;
    button.hidden = isUsed || !mayFill();
    note.hidden = isUsed || mayFill();
  };
  button.addEventListener("click", () => {
    if (!mayFill()) return refresh();
    set(field, value);
    field.focus();
  });
  field.addEventListener("input", refresh);
  field.addEventListener("change", refresh);
  text.append(said, " ", button, note);
  list.append(name, text);
  refresh();
}

function set(field, value) {
  field.value = field.maxLength > 0 ? value.slice(0, field.maxLength) : value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}
