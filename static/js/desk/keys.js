/* Which key was pressed, in whatever layout. */

const SIGNS = new Set(["*", "?", "/", "Escape", "ArrowUp", "ArrowDown"]);

/** Return `s`, `G` (with Shift), `1`, `*`, `ArrowDown` …, or an empty text for what means nothing here.

Where a layout has no Latin letters the key is known by its place: `s` is `ы` or `і` there. */
export function pressed({ key, code, shiftKey }) {
  if (SIGNS.has(key) || /^[1-9]$/.test(key)) return key;
  const letter = letterOf(key, code);
  if (letter) return shiftKey ? letter.toUpperCase() : letter;
  // Digits that need Shift in French layouts are taken without it too.
  return (!shiftKey && /^Digit([1-9])$/.exec(code)?.[1]) || "";
}

function letterOf(key, code) {
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  return /^Key([A-Z])$/.exec(code)?.[1].toLowerCase();
}
