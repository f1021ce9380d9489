/* Single keys in the newsroom: whether this browser's editor wants them, and when they must rest. */

const STORED = "newsroom-keys";
const FIELDS =
  "input:not([type=checkbox], [type=radio], [type=submit], [type=button]), textarea, select, " +
  "[contenteditable], [role=textbox], [role=combobox], [role=listbox]";

/** Whether single keys are switched on in this browser. */
export function areKeysOn() {
  try {
    return localStorage.getItem(STORED) !== "off";
  } catch {
    return true;
  }
}

/** Remember the choice for this browser. */
export function switchKeys(on) {
  try {
    localStorage.setItem(STORED, on ? "on" : "off");
  } catch {
    // A browser that keeps nothing has its keys on, as before.
  }
}

/** Whether what is pressed there is text, or chooses something of a list. */
export function isTyping(target) {
  return Boolean(target.isContentEditable || target.closest?.(FIELDS));
}

/** Whether a single key may act now: nothing is typed, no dialog is open, no modifier is held. */
export function mayAct(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  if (event.defaultPrevented || event.getModifierState("AltGraph")) return false;
  return areKeysOn() && !isTyping(event.target) && !document.querySelector("dialog[open]");
}
