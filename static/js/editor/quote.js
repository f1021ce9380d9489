/* Quotes, and where they are from: a last paragraph in <cite>. */

import { Blockquote as BaseBlockquote, pm } from "django-prose-editor/editor";

const { TextSelection } = pm.state;

export const Blockquote = BaseBlockquote.extend({
  addAttributes() {
    return { cite: { default: null } };
  },

  addCommands() {
    return {
      ...this.parent?.(),
      /* Go to the source of the quote in which the cursor stands; make its paragraph first. */
      nameSource: () => ({ state, tr, dispatch }) => {
        const quote = quoteAround(state.selection.$from);
        if (!quote) return false;
        if (!dispatch) return true;
        const { cite } = state.schema.marks;
        const last = quote.node.lastChild;
        let end = quote.pos + quote.node.nodeSize - 1;
        if (!isSource(last)) {
          tr.insert(end, state.schema.nodes.paragraph.create());
          end += 2;
        }
        tr.setSelection(TextSelection.create(tr.doc, end - 1));
        tr.addStoredMark(cite.create());
        return true;
      },
    };
  },

  addKeyboardShortcuts() {
    return {
      ...this.parent?.(),
      // Behind the source the quote is over.
      Enter: ({ editor }) => {
        const { $from, empty } = editor.state.selection;
        const quote = quoteAround($from);
        const isEnd = empty && $from.parentOffset === $from.parent.content.size;
        if (!quote || !isEnd || quote.node.lastChild !== $from.parent || !isSource($from.parent)) return false;
        return editor
          .chain()
          .insertContentAt(quote.pos + quote.node.nodeSize, { type: "paragraph" })
          .setTextSelection(quote.pos + quote.node.nodeSize + 1)
          .unsetMark("cite")
          .run();
      },
    };
  },
});

function quoteAround($pos) {
  for (let depth = $pos.depth; depth > 0; depth--) {
    const node = $pos.node(depth);
    if (node.type.name === "blockquote") return { node, pos: $pos.before(depth) };
  }
  return null;
}

function isSource(node) {
  if (!node?.isTextblock || node.childCount === 0) return false;
  let isCited = true;
  node.forEach((child) => {
    isCited &&= child.marks.some((mark) => mark.type.name === "cite");
  });
  return isCited;
}
