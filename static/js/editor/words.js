/* What the editor says, in the editor's language: blog/prose.py sends it along with the field. */

const field = document.querySelector("[data-words]");
const said = JSON.parse(field?.dataset.words ?? "{}");
const places = JSON.parse(field?.dataset.ownPlaces ?? '["/"]');

/** Return a sentence in the page's language, each %s of it replaced by the next of `values`. */
export function word(text, ...values) {
  return values.reduce((line, value) => line.replace("%s", () => value), said[text] ?? text);
}

/** Tell whether a picture lies on this site; the server drops all others. */
export function isOwn(address) {
  // A browser reads over tabs and line breaks.
  const url = (address ?? "").trim().replace(/[\t\r\n]/g, "");
  return !url.startsWith("//") && !url.startsWith("/\\") && places.some((place) => url.startsWith(place));
}

/** Tell whether the server keeps a link to this address. */
export function isKept(address) {
  const bare = (address ?? "").replace(/[\u0000-\u0020\u00a0]/g, "");
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(bare);
  return bare !== "" && (!scheme || ["http", "https", "mailto"].includes(scheme[1].toLowerCase()));
}
