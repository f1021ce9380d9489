/* Words and minutes of reading beneath the text, counted as the site counts them (blog/models/post.py). */

import { Extension } from "django-prose-editor/editor";
import { word } from "editor/words";

const PAUSE_MS = 200;

export const Count = Extension.create({
  name: "count",

  addOptions() {
    return { wordsPerMinute: 220 };
  },

  onCreate() {
    const { editor, options } = this;
    const line = document.createElement("p");
    line.className = "prose-count";
    editor.options.element.append(line);
    let timer = 0;
    const show = () => {
      const words = wordsOf(editor.state.doc);
      const minutes = Math.max(1, roundHalfToEven(words / options.wordsPerMinute));
      line.textContent = word("Words: %s · %s min read", words, minutes);
    };
    editor.on("update", () => {
      clearTimeout(timer);
      timer = setTimeout(show, PAUSE_MS);
    });
    show();
  },
});

export function wordsOf(doc) {
  const text = doc.textBetween(0, doc.content.size, " ", (leaf) => (leaf.type.name === "footnoteMark" ? "" : " "));
  return text.split(/\s+/u).filter(Boolean).length + captionWords(doc);
}

function captionWords(doc) {
  let words = 0;
  doc.descendants((node) => {
    words += (node.attrs.caption ?? "").split(/\s+/u).filter(Boolean).length;
  });
  return words;
}

function roundHalfToEven(value) {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 ? floor + 1 : floor;
}
