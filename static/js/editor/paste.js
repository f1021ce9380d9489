/* What comes in from the clipboard or by dropping: tidied text, pictures, addresses alone on a line. */

import { Extension, Plugin } from "django-prose-editor/editor";
import { insertAddress, loneAddress } from "editor/addresses";
import { figureOf } from "editor/figure";
import { tell } from "editor/notes";
import { tidied } from "editor/tidy";
import { word } from "editor/words";

export const Paste = Extension.create({
  name: "pasting",
  priority: 1100,

  addProseMirrorPlugins() {
    const { editor } = this;
    return [
      new Plugin({
        props: {
          transformPastedHTML: (html) => {
            const { html: tidy, pictures } = tidied(html);
            if (pictures) tell(editor, word("Pictures left out: %s. They lie elsewhere; put them in through the image library.", pictures));
            return tidy;
          },
          handlePaste: (view, event) => takeFiles(editor, event.clipboardData) || takeAddress(editor, event),
          handleDrop: (view, event, slice, isMoved) => {
            if (isMoved) return false;
            const pos = view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos;
            return takeFiles(editor, event.dataTransfer, pos);
          },
        },
      }),
    ];
  },
});

function takeAddress(editor, event) {
  const address = loneAddress(editor.state, event.clipboardData?.getData("text/plain") ?? "");
  return address ? insertAddress(editor, address) : false;
}

/* Office programs put a picture of the text beside the text: text wins. */
function takeFiles(editor, data, pos = null) {
  const files = [...(data?.files ?? [])].filter((file) => file.type.startsWith("image/"));
  if (!files.length || data.getData("text/html").replace(/<img[^>]*>/gi, "").replace(/<[^>]*>/g, "").trim()) return false;
  upload(editor, files, pos);
  return true;
}

/* The library shows how far they are, says what is wrong with them and asks for their descriptions. */
async function upload(editor, files, pos) {
  try {
    const { uploadFiles } = await import("editor/image_library");
    const results = await uploadFiles(files);
    const content = results.filter(({ image }) => image).map(({ image }) => figureOf(image));
    if (content.length) editor.chain().focus().insertContentAt(pos ?? editor.state.selection.to, content).run();
    tell(editor, results.map(({ error }) => error).filter(Boolean).join(" "));
  } catch {
    tell(editor, word("The image library does not answer. Nothing was taken in."));
  }
}
