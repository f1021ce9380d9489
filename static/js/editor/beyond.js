/* A way out of what closes itself off: a line above or below a table, a picture, code, where the
text begins or ends with it. */

import { Extension, Plugin, pm } from "django-prose-editor/editor";

const { TextSelection } = pm.state;

export const Beyond = Extension.create({
  name: "beyond",
  priority: 1000, // a table moves the cursor between its cells by the same keys

  addKeyboardShortcuts() {
    return {
      ArrowDown: ({ editor: { view } }) => isOutermost(view, "down") && addLine(view, "down"),
      ArrowUp: ({ editor: { view } }) => isOutermost(view, "up") && addLine(view, "up"),
    };
  },

  addProseMirrorPlugins() {
    return [new Plugin({ props: { handleClick: (view, _, event) => isClickBelow(view, event) && addLine(view, "down") } })];
  },
});

/* Return the block at that edge of the text, and the place beyond it. Footnotes stand apart. */
function edgeOf(doc, direction) {
  if (direction === "up") return { block: doc.firstChild, at: 0 };
  const isNotes = doc.lastChild.type.name === "footnotes";
  const at = doc.content.size - (isNotes ? doc.lastChild.nodeSize : 0);
  return { block: doc.resolve(at).nodeBefore, at };
}

function isClosed({ type }) {
  return Boolean(type.spec.isolating || type.spec.code);
}

/* Whether the cursor stands in the block at that edge, and nothing lies between it and the edge. */
function isOutermost(view, direction) {
  const { doc, selection } = view.state;
  const { $head } = selection;
  const { block, at } = edgeOf(doc, direction);
  const edge = direction === "up" ? at : at - block.nodeSize;
  if (!selection.empty || !isClosed(block) || $head.depth === 0 || $head.before(1) !== edge) return false;
  for (let depth = 1; depth < $head.depth; depth++) {
    const parent = $head.node(depth);
    const outermost = direction === "up" ? 0 : parent.childCount - 1;
    if (parent.type.spec.tableRole !== "row" && $head.index(depth) !== outermost) return false;
  }
  return view.endOfTextblock(direction);
}

function isClickBelow(view, event) {
  const { block, at } = edgeOf(view.state.doc, "down");
  if (!isClosed(block)) return false;
  const box = view.nodeDOM(at - block.nodeSize).getBoundingClientRect();
  const next = view.nodeDOM(at)?.getBoundingClientRect();
  return event.clientY > box.bottom && !(event.clientY > next?.top);
}

function addLine(view, direction) {
  const { state } = view;
  const { at } = edgeOf(state.doc, direction);
  const tr = state.tr.insert(at, state.schema.nodes.paragraph.create());
  view.dispatch(tr.setSelection(TextSelection.create(tr.doc, at + 1)).scrollIntoView());
  return true;
}
