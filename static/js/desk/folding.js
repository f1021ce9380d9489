/* The fields of a row that nobody is at, put away.

Browsers look through all fields of a page whenever one comes or goes, so as to offer what they have
stored for it. With those of hundreds of rows that takes ten times as long as all else that a decision
needs: so they wait in a template, where they are none. */

const FIELDS = ".desk-panel-grid";

/** Put the fields of a row away. */
export function fold(row) {
  const fields = row.querySelector(FIELDS);
  if (!fields) return;
  const kept = document.createElement("template");
  fields.replaceWith(kept);
  kept.content.append(fields);
}

/** Bring them back. */
export function unfold(row) {
  const kept = row.querySelector(".desk-panels > template");
  kept?.replaceWith(kept.content);
}

/** The row's button with a key, wherever it is; null where there is none. */
export function buttonOf(row, key) {
  const wanted = `button[data-key="${CSS.escape(key)}"]`;
  const found = row.querySelector(wanted);
  if (found) return found;
  unfold(row);
  return row.querySelector(wanted);
}
