/* Ctrl+S or Cmd+S saves the form and stays on it. */

document.addEventListener("keydown", (event) => {
  const isSave = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && isLetterS(event);
  const button = isSave && document.querySelector(".submit-row [name=_continue]");
  if (!button) return;
  event.preventDefault();
  if (!document.querySelector("dialog[open]")) button.click();
});

/* In a Cyrillic layout the key bears another letter. */
function isLetterS({ key, code }) {
  return /^[a-z]$/i.test(key) ? key.toLowerCase() === "s" : code === "KeyS";
}
