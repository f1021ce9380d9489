/* The text as HTML, to look at and to write. What the site does not keep goes at once. */

import { HTML as BaseHTML, updateAttrsDialog } from "django-prose-editor/editor";
import { word } from "editor/words";

export const HTML = BaseHTML.extend({
  addCommands() {
    return {
      editHTML: () => ({ editor }) => {
        open(editor);
        return true;
      },
    };
  },
});

async function open(editor) {
  const fields = { html: { type: "string", title: "HTML", format: "textarea" } };
  const dialog = updateAttrsDialog(fields, { title: word("The text as HTML"), submitText: word("Apply") });
  const typed = await dialog(editor, { html: lines(editor.getHTML()) });
  if (typed) editor.chain().focus().setContent(typed.html, { emitUpdate: true }).run();
}

/* A new line before each block outside of code: white space between blocks means nothing. */
function lines(html) {
  return html
    .split(/(<pre[\s>][^]*?<\/pre>)/)
    .map((part, index) => (index % 2 ? part : part.replace(/(<\/(?:p|h[2-4]|ul|ol|li|dl|dt|dd|blockquote|figure|table|tr|pre)>|<hr>)(?=<)/g, "$1\n")))
    .join("");
}
