/* What is asked of the site: list, upload, describe. Every error's message is a sentence to show. */

const AT_ONCE = 2;

const library = () => document.getElementById("image-library");

export const words = (name, ...values) => values.reduce(
  (text, value) => text.replace("%s", () => value),
  library().dataset[name],
);

export async function listImages(query, page) {
  const address = new URL(library().dataset.chooseUrl, location.href);
  address.search = new URLSearchParams({ q: query, page });
  const response = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
  return answerOf(response?.status ?? 0, response?.redirected, await response?.text());
}

export async function describe(image, texts) {
  const address = library().dataset.describeUrl.replace("/0/", `/${image.id}/`);
  const body = new FormData();
  for (const [name, text] of Object.entries(texts)) body.append(name, text);
  const response = await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token() } }).catch(() => null);
  return answerOf(response?.status ?? 0, response?.redirected, await response?.text());
}

/** Upload files, two at a time. onProgress(file, part, result) is told how far each one is, from 0
to 1; the last time with its {file, image, error}. */
export async function uploadFiles(files, onProgress = () => {}) {
  const waiting = [...files].entries();
  const results = [];
  const work = async () => {
    for (const [index, file] of waiting) {
      results[index] = await uploadOne(file, (part) => onProgress(file, part));
      onProgress(file, 1, results[index]);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

async function uploadOne(file, onPart) {
  try {
    if (file.size > Number(library().dataset.maxBytes)) throw new Error(words("tooLarge", file.name));
    return { file, image: await send(file, onPart), error: null };
  } catch (error) {
    return { file, image: null, error: error.message };
  }
}

function send(file, onPart) {
  const body = new FormData();
  body.append("file", file);
  const request = new XMLHttpRequest();
  request.open("POST", library().dataset.uploadUrl);
  request.setRequestHeader("X-CSRFToken", token());
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) onPart(event.loaded / event.total);
  });
  return new Promise((resolve, reject) => {
    request.addEventListener("loadend", () => {
      const isElsewhere = request.responseURL !== new URL(library().dataset.uploadUrl, location.href).href;
      try {
        resolve(answerOf(request.status, request.status !== 0 && isElsewhere, request.responseText));
      } catch (error) {
        reject(error);
      }
    });
    request.send(body);
  });
}

function answerOf(status, isElsewhere, text) {
  if (status === 0) throw new Error(words("noAnswer"));
  if (isElsewhere) throw new Error(words("login"));
  let answer = {};
  try {
    answer = JSON.parse(text);
  } catch {
    throw new Error(words(status === 403 ? "login" : "noAnswer"));
  }
  if (status >= 400) throw new Error(answer.error ?? words("noAnswer"));
  return answer;
}

const token = () => library().querySelector("[name=csrfmiddlewaretoken]").value;
