/* The line beneath the text in which the editor speaks, and asks without standing in the way. */

const lines = new WeakMap();

/** Say `text` beneath the editor, with buttons for `answers` ({label: what to do}); "" is silence. */
export function tell(editor, text, answers = {}) {
  const line = lineOf(editor);
  line.replaceChildren();
  line.hidden = !text;
  if (!text) return;
  const words = document.createElement("span");
  words.textContent = text;
  line.append(words);
  for (const [label, act] of Object.entries(answers)) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => {
      tell(editor, "");
      act();
    });
    line.append(button);
  }
}

function lineOf(editor) {
  if (!lines.has(editor)) {
    const line = document.createElement("p");
    line.className = "prose-notes";
    line.setAttribute("role", "status");
    line.hidden = true;
    editor.view.dom.after(line);
    lines.set(editor, line);
  }
  return lines.get(editor);
}
