/* Known names under a field of names between commas: a combobox as ARIA describes it. */

const PAUSE_MS = 150;

for (const field of document.querySelectorAll("input[data-suggest-url]")) start(field);

function start(field) {
  const list = document.createElement("ul");
  list.id = `${field.id}_names`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.hidden = true;
  field.after(list);
  field.parentElement.classList.add("suggesting");
  const told = { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" };
  for (const [name, value] of Object.entries(told)) field.setAttribute(name, value);
  list.setAttribute("aria-label", field.labels?.[0]?.textContent.replace(/:\s*$/, "") ?? "");
  let chosen = -1;
  let timer = 0;
  let asked = 0;

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  });
  field.addEventListener("keydown", (event) => {
    const { key } = event;
    if (list.hidden) return;
    if (key === "ArrowDown") mark(chosen + 1);
    else if (key === "ArrowUp") mark(chosen - 1);
    else if (key === "Enter" && chosen >= 0) take(list.children[chosen].textContent);
    else if (key === "Escape") close();
    else return;
    event.preventDefault();
  });
  field.addEventListener("blur", close);

  async function ask() {
    const own = ++asked;
    const typed = current().trim();
    if (!typed) return close();
    const address = `${field.dataset.suggestUrl}?${new URLSearchParams({ q: typed })}`;
    const response = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
    if (own !== asked || !response?.ok || response.redirected) return;
    const given = names().map((name) => name.toLowerCase());
    show((await response.json()).names.filter((name) => !given.includes(name.toLowerCase())));
  }

  function show(found) {
    chosen = -1;
    field.removeAttribute("aria-activedescendant");
    list.replaceChildren(...found.map((name, index) => {
      const option = document.createElement("li");
      option.id = `${list.id}_${index}`;
      option.setAttribute("role", "option");
      option.textContent = name;
      // Not click: the field would have lost the focus, and the list be gone, before it.
      option.addEventListener("mousedown", (event) => {
        event.preventDefault();
        take(name);
      });
      return option;
    }));
    list.hidden = found.length === 0 || document.activeElement !== field;
    field.setAttribute("aria-expanded", String(!list.hidden));
  }

  function mark(index) {
    const count = list.children.length;
    chosen = (index + count) % count;
    for (const [at, option] of [...list.children].entries()) option.setAttribute("aria-selected", String(at === chosen));
    field.setAttribute("aria-activedescendant", list.children[chosen].id);
  }

  function take(name) {
    const before = field.value.slice(0, beginning());
    const after = field.value.slice(ending()).replace(/^\s*,\s*/, "");
    const put = `${before}${before && !/\s$/.test(before) ? " " : ""}${name.includes(",") ? `"${name}"` : name}, `;
    field.value = put + after;
    field.setSelectionRange(put.length, put.length);
    field.dispatchEvent(new Event("change", { bubbles: true }));
    close();
  }

  function close() {
    asked += 1;
    clearTimeout(timer);
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  /* The name in which the cursor stands. */
  function beginning() {
    return field.value.lastIndexOf(",", field.selectionStart - 1) + 1;
  }

  function ending() {
    const comma = field.value.indexOf(",", field.selectionStart);
    return comma < 0 ? field.value.length : comma;
  }

  function current() {
    return field.value.slice(beginning(), ending());
  }

  function names() {
    const others = field.value.slice(0, beginning()) + field.value.slice(ending());
    return others.split(",").map((name) => name.trim()).filter(Boolean);
  }
}
