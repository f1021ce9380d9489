/* Word's clipboard: lists are paragraphs there, and everything carries styles of its own. */

const LIST = /mso-list:\s*l(\d+)\s+level(\d+)/i;
const NUMBERED = /^\(?(?:\d{1,4}|[a-z]{1,4}|[A-Z]{1,4})[.)]/;

/** Turn what Word means into plain elements, within `body`. */
export function tidyWord(body) {
  const remarks = document.createTreeWalker(body, NodeFilter.SHOW_COMMENT);
  const found = [];
  while (remarks.nextNode()) found.push(remarks.currentNode);
  for (const remark of found) remark.remove();
  makeFootnotes(body);
  makeLists(body);
  joinLists(body);
  for (const title of body.querySelectorAll("p.MsoTitle")) become(title, "h1");
  for (const quote of body.querySelectorAll("p.MsoQuote, p.MsoIntenseQuote")) {
    const around = document.createElement("blockquote");
    quote.before(around);
    around.append(quote);
  }
  for (const element of [...body.querySelectorAll("*")]) {
    if (!element.tagName.includes(":")) continue;
    if (element.textContent.trim() === "") element.remove();
    else element.replaceWith(...element.childNodes);
  }
}

function makeLists(body) {
  let open = [];
  let previous = null;
  for (const line of [...body.querySelectorAll("p, h1, h2, h3, h4, h5, h6")]) {
    const found = LIST.exec(line.getAttribute("style") ?? "");
    if (!found || /^H\d/.test(line.tagName)) {
      open = [];
      continue;
    }
    const [, list, level] = found;
    const depth = Math.min(9, Number(level));
    if (line.previousElementSibling !== previous && !previous?.contains(line.previousElementSibling)) open = [];
    if (open[0]?.name !== list && open.length && depth === 1) open = [];
    const tag = markerOf(line);
    open = open.slice(0, depth);
    while (open.length < depth) {
      const made = document.createElement(tag);
      const around = open.at(-1)?.list;
      if (!around) line.before(made);
      else (around.lastElementChild ?? around.appendChild(document.createElement("li"))).append(made);
      open.push({ name: list, list: made });
    }
    const item = document.createElement("li");
    const text = document.createElement("p");
    text.append(...line.childNodes);
    item.append(text);
    open.at(-1).list.append(item);
    line.remove();
    previous = open[0].list;
  }
}

/* Take the marker, which Word writes as text, off the line; return the kind of list it belongs to. */
function markerOf(line) {
  const marker = [...line.querySelectorAll("span")].find((span) => /mso-list:\s*ignore/i.test(span.getAttribute("style") ?? ""));
  const text = marker?.textContent.trim() ?? "";
  marker?.remove();
  return NUMBERED.test(text) ? "ol" : "ul";
}

/* Word on the web makes a list of each line. */
function joinLists(body) {
  for (const wrapper of body.querySelectorAll(".ListContainerWrapper")) wrapper.replaceWith(...wrapper.childNodes);
  for (const list of [...body.querySelectorAll("ul[role=list], ol[role=list]")]) {
    const before = list.previousElementSibling;
    if (before?.matches(`${list.tagName}[role=list]`)) {
      before.append(...list.childNodes);
      list.remove();
    }
  }
}

/* [1] in the text and a list of paragraphs behind it: the site's own form of footnotes. */
function makeFootnotes(body) {
  const notes = [...body.querySelectorAll("div[style*='mso-element:footnote'], div[style*='mso-element: footnote']")].filter((note) => /^ftn\d+$/.test(note.id));
  if (!notes.length) return;
  for (const link of body.querySelectorAll('a[href^="#_ftn"]')) {
    const number = /^#_ftn(\d{1,3})$/.exec(link.getAttribute("href"))?.[1];
    if (!number) continue;
    const mark = document.createElement("sup");
    mark.innerHTML = `<a href="#fn-${number}">${number}</a>`;
    const outer = link.parentElement.matches("sup") && link.parentElement.children.length === 1 ? link.parentElement : link;
    outer.replaceWith(mark);
  }
  const list = document.createElement("ol");
  for (const note of notes) {
    note.querySelector('a[href^="#_ftnref"]')?.remove();
    const item = document.createElement("li");
    item.id = `fn-${note.id.slice(3)}`;
    const text = document.createElement("p");
    text.innerHTML = [...note.querySelectorAll("p")].map((line) => line.innerHTML.trim()).join("<br>") || note.innerHTML;
    item.append(text);
    list.append(item);
    note.remove();
  }
  for (const frame of body.querySelectorAll("div[style*='mso-element:footnote-list']")) frame.remove();
  body.append(list);
}

function become(element, name) {
  const made = document.createElement(name);
  made.append(...element.childNodes);
  element.replaceWith(made);
}
