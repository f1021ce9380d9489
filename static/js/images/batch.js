/* Several uploads at once, and the words that each of them still needs. */

import { describe, words } from "./requests.js";
import { showUploads } from "./uploads.js";

/** Upload files into a form with a list, a status and a button; resolves to [{file, image, error}]
once every picture that came has its alternative text. */
export async function takeBatch(form, files, onProgress) {
  const button = form.querySelector("button");
  const list = form.querySelector("ul");
  list.replaceChildren();
  form.hidden = false;
  button.hidden = true;
  const results = await showUploads(files, list, form.querySelector("[role=status]"), onProgress);
  const silent = results.filter((result) => result.image && !result.image.alt);
  if (!silent.length && results.every((result) => result.image)) return results;
  for (const result of silent) ask(result);
  button.hidden = false;
  form.querySelector("textarea")?.focus();
  await everySaved(form, silent);
  return results;
}

function ask(result) {
  const { image, file, row } = result;
  row.classList.add("is-described");
  const picture = document.createElement("img");
  Object.assign(picture, { src: image.thumb, alt: "", width: 80, height: 80 });
  const field = document.createElement("textarea");
  Object.assign(field, { rows: 2, maxLength: 300, required: true });
  field.setAttribute("aria-label", words("altOf", file.name));
  field.placeholder = words("altLabel");
  row.prepend(picture);
  row.append(field);
}

function everySaved(form, silent) {
  return new Promise((resolve) => {
    form.onsubmit = async (event) => {
      event.preventDefault();
      for (const result of silent) {
        if (!await save(result)) return;
      }
      resolve();
    };
  });
}

async function save(result) {
  const { row } = result;
  const field = row.querySelector("textarea");
  const state = row.querySelector(".image-upload-state");
  field.value = field.value.trim();
  if (!field.reportValidity()) return false;
  if (field.value === result.image.alt) return true;
  try {
    result.image = await describe(result.image, { alt: field.value });
    state.textContent = words("saved");
    return true;
  } catch (problem) {
    state.textContent = problem.message;
    return false;
  }
}
