/* Shows uploads on their way: a row for each file with its name, its progress and what became of it. */

import { uploadFiles, words } from "./requests.js";

/** Let files be dropped on, chosen in or pasted into a place. onFiles gets a list of files. */
export function takeFiles(place, onFiles) {
  const input = place.querySelector("input[type=file]");
  input.addEventListener("change", () => {
    if (input.files.length) onFiles([...input.files]);
    input.value = "";
  });
  for (const name of ["dragenter", "dragover"]) {
    place.addEventListener(name, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      place.classList.add("is-over");
    });
  }
  place.addEventListener("dragleave", (event) => {
    if (!place.contains(event.relatedTarget)) place.classList.remove("is-over");
  });
  place.addEventListener("drop", (event) => {
    place.classList.remove("is-over");
    const files = [...(event.dataTransfer?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    onFiles(files);
  });
}

/** Upload files with a row of `list` for each, telling `status` of the whole; resolves as uploadFiles
does, with the row of each file beside its result. */
export async function showUploads(files, list, status, onProgress = () => {}) {
  const rows = new Map(files.map((file) => [file, rowFor(file)]));
  list.append(...rows.values());
  list.hidden = false;
  let done = 0;
  const tell = () => { status.textContent = words("count", done, files.length); };
  tell();
  const results = await uploadFiles(files, (file, part, result) => {
    const row = rows.get(file);
    const bar = row.querySelector("progress");
    bar.value = part;
    onProgress(file, part, result);
    if (result) {
      finish(row, result);
      done += 1;
      tell();
    } else if (part === 1) {
      row.querySelector(".image-upload-state").textContent = words("reading");
    }
  });
  return results.map((result) => ({ ...result, row: rows.get(result.file) }));
}

function rowFor(file) {
  const row = document.createElement("li");
  const name = document.createElement("span");
  name.className = "image-upload-name";
  name.textContent = file.name;
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  const state = document.createElement("span");
  state.className = "image-upload-state";
  state.textContent = words("waiting");
  row.append(name, bar, state);
  return row;
}

function finish(row, { image, error }) {
  const state = row.querySelector(".image-upload-state");
  row.querySelector("progress").hidden = true;
  row.classList.add(error ? "is-refused" : "is-done");
  if (error) {
    state.setAttribute("role", "alert");
    state.textContent = error;
  } else {
    state.textContent = words(image.existing ? "existing" : "added");
  }
}
