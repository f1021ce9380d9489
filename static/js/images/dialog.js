/* The dialog in which a picture is found or uploaded, described and chosen. */

import { describe, listImages, words } from "./requests.js";
import { takeBatch } from "./batch.js";
import { showUploads, takeFiles } from "./uploads.js";

const TYPING_PAUSE_MS = 250;
const WORDS = ["alt", "caption", "credit"];

/** Open the dialog; resolves to the chosen picture, or to null where it is closed without one. */
export function chooseImage() {
  return dialog().open();
}

/** Upload files that were pasted or dropped, and ask for the words of those that have none. Resolves
to [{file, image, error}] in the order of the files: a picture, or the sentence why there is none, or
neither where the dialog was closed. */
export function uploadFiles(files, onProgress) {
  return dialog().take([...files], onProgress);
}

function dialog() {
  const element = document.getElementById("image-dialog");
  // On the element: a page may have loaded this module from two addresses.
  element.library ??= makeDialog(element);
  return element.library;
}

function makeDialog(element) {
  const find = (selector) => element.querySelector(selector);
  const search = find("input[type=search]");
  const status = find(".image-shelf .image-status");
  const uploads = find(".image-shelf .image-uploads");
  const grid = find(".image-grid");
  const more = find(".image-more");
  const form = find(".image-words");
  const error = find(".image-error");
  const shelf = find(".image-dialog-body");
  const batch = find(".image-batch");
  let page = 1;
  let asked = 0;
  let chosen = null;
  let answer = () => {};

  async function list(number) {
    const own = ++asked;
    page = number;
    try {
      const found = await listImages(search.value, page);
      if (own !== asked) return;
      if (page === 1) grid.replaceChildren();
      grid.append(...found.images.map(cardFor));
      more.hidden = !found.more;
      status.textContent = grid.children.length ? "" : words("none");
    } catch (problem) {
      if (own === asked) status.textContent = problem.message;
    }
  }

  function cardFor(image) {
    const card = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-pressed", "false");
    const picture = document.createElement("img");
    Object.assign(picture, { src: image.thumb, alt: "", loading: "lazy", width: 160, height: 120 });
    const name = document.createElement("span");
    name.textContent = image.alt || image.name;
    button.append(picture, name);
    if (!image.alt) {
      const mark = document.createElement("span");
      mark.className = "image-mark";
      mark.textContent = words("withoutAlt");
      button.append(mark);
    }
    button.addEventListener("click", () => select(image, button));
    card.append(button);
    return card;
  }

  function select(image, button) {
    chosen = image;
    for (const other of grid.querySelectorAll("[aria-pressed=true]")) other.setAttribute("aria-pressed", "false");
    button?.setAttribute("aria-pressed", "true");
    form.hidden = false;
    error.hidden = true;
    find(".image-shown").src = image.thumb;
    for (const name of WORDS) form.elements[name].value = image[name];
    form.elements.alt.focus();
  }

  async function upload(files) {
    const results = await showUploads(files, uploads, status);
    const added = results.filter((result) => result.image);
    const cards = added.map((result) => cardFor(result.image));
    grid.prepend(...cards);
    for (const result of added) result.row.remove();
    uploads.hidden = !uploads.children.length;
    if (added.length) select(added[0].image, cards[0].querySelector("button"));
  }

  async function insert(event) {
    event.preventDefault();
    const texts = Object.fromEntries(WORDS.map((name) => [name, form.elements[name].value.trim()]));
    if (!texts.alt) {
      form.elements.alt.value = "";
      form.reportValidity();
      return;
    }
    const changed = Object.fromEntries(Object.entries(texts).filter(([name, text]) => text !== chosen[name]));
    try {
      const image = Object.keys(changed).length ? await describe(chosen, changed) : chosen;
      answer(image);
      element.close();
    } catch (problem) {
      error.textContent = problem.message;
      error.hidden = false;
    }
  }

  let typing = 0;
  search.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => list(1), TYPING_PAUSE_MS);
  });
  more.querySelector("button").addEventListener("click", () => list(page + 1));
  form.addEventListener("submit", insert);
  element.addEventListener("close", () => answer(null));
  takeFiles(find(".image-shelf"), upload);

  return {
    open() {
      chosen = null;
      form.hidden = true;
      form.reset();
      search.value = "";
      uploads.replaceChildren();
      shelf.hidden = false;
      batch.hidden = true;
      element.showModal();
      search.focus();
      list(1);
      return new Promise((resolve) => { answer = resolve; });
    },

    async take(files, onProgress) {
      shelf.hidden = true;
      element.showModal();
      const closed = new Promise((resolve) => { answer = () => resolve(null); });
      const results = await Promise.race([closed, takeBatch(batch, files, onProgress)]);
      element.close();
      return results ?? files.map((file) => ({ file, image: null, error: null }));
    },
  };
}
