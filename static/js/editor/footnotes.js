/* Footnotes: a number in the text, a list at the end, each leading to the other.

Stored as <sup><a href="#fn-1" id="fnref-1">1</a></sup> and, as the last thing of the text,
<ol><li id="fn-1"><p>…</p><a href="#fnref-1">↩</a></li></ol>. The order of the numbers in the text
rules: whatever is inserted, moved or deleted, the list follows at once. */

import { Document as BaseDocument, Node, Plugin, pm } from "django-prose-editor/editor";
import { word } from "editor/words";

const { TextSelection } = pm.state;
const { Fragment } = pm.model;
const NUMBER = /^#?fn(?:ref)?-(\d{1,3})$/;
const numberOf = (text) => Number(NUMBER.exec(text ?? "")?.[1] ?? 0);

export const Document = BaseDocument.extend({ content: "block+ footnotes?" });

export const FootnoteMark = Node.create({
  name: "footnoteMark",
  group: "inline",
  inline: true,
  atom: true,

  addAttributes() {
    return { number: { default: 0, rendered: false } };
  },

  parseHTML() {
    return [
      {
        tag: "sup",
        priority: 70,
        getAttrs: (sup) => {
          const link = sup.children.length === 1 ? sup.querySelector(':scope > a[href^="#fn-"]') : null;
          const number = numberOf(link?.getAttribute("href"));
          return number ? { number } : false;
        },
      },
    ];
  },

  renderHTML({ node, HTMLAttributes }) {
    const { number } = node.attrs;
    return ["sup", HTMLAttributes, ["a", { href: `#fn-${number}`, id: `fnref-${number}`, rel: "noopener" }, String(number)]];
  },

  renderText() {
    return "";
  },

  addKeyboardShortcuts() {
    return {
      "Mod-Alt-f": () => insertFootnote(this.editor),
      // From the number to the note, and from the note back behind the number.
      "Mod-Enter": () => goAcross(this.editor),
    };
  },

  addProseMirrorPlugins() {
    return [
      new Plugin({
        appendTransaction: (transactions, before, after) =>
          transactions.some((transaction) => transaction.docChanged) ? follow(before.doc, after) : null,
        props: {
          handleClickOn: (view, pos, node) => {
            if (node.type.name !== "footnoteMark") return false;
            return goTo(view, noteWith(view.state.doc, node.attrs.number));
          },
        },
      }),
    ];
  },
});

export const Footnotes = Node.create({
  name: "footnotes",
  content: "footnote+",
  isolating: true,

  parseHTML() {
    const isList = (list) => list.children.length > 0 && [...list.children].every((item) => numberOf(item.id));
    return [{ tag: "ol", priority: 70, getAttrs: (list) => (isList(list) ? null : false) }];
  },

  renderHTML({ HTMLAttributes }) {
    return ["ol", HTMLAttributes, 0];
  },
});

export const Footnote = Node.create({
  name: "footnote",
  content: "(text | hardBreak)*",
  isolating: true,

  addAttributes() {
    return { number: { default: 0, rendered: false, parseHTML: (item) => numberOf(item.id) } };
  },

  parseHTML() {
    return [
      { tag: 'li[id^="fn-"]', priority: 70 },
      { tag: 'li[id^="fn-"] > p', priority: 70, skip: true },
      { tag: 'li[id^="fn-"] a[href^="#fnref-"]', priority: 90, ignore: true },
    ];
  },

  renderHTML({ node, HTMLAttributes }) {
    const { number } = node.attrs;
    const back = ["a", { href: `#fnref-${number}`, rel: "noopener" }, "↩"];
    return ["li", { ...HTMLAttributes, id: `fn-${number}` }, ["p", 0], back];
  },

  addNodeView() {
    return ({ node, editor }) => {
      const dom = document.createElement("li");
      const contentDOM = document.createElement("p");
      const back = document.createElement("button");
      back.type = "button";
      back.contentEditable = "false";
      back.textContent = "↩";
      back.setAttribute("aria-label", word("Back to the text"));
      let { number } = node.attrs;
      back.addEventListener("click", () => goTo(editor.view, markWith(editor.state.doc, number)));
      dom.append(contentDOM, back);
      return {
        dom,
        contentDOM,
        ignoreMutation: (mutation) => mutation.type !== "selection" && !contentDOM.contains(mutation.target),
        stopEvent: (event) => event.target === back,
        update: (next) => {
          if (next.type !== node.type) return false;
          ({ number } = next.attrs);
          return true;
        },
      };
    };
  },

  addKeyboardShortcuts() {
    return { Enter: ({ editor }) => inNote(editor.state) && editor.commands.insertContent({ type: "hardBreak" }) };
  },
});

/* Return what brings list and numbers in order again, or null where they are. */
function follow(before, { doc, tr, schema }) {
  const { marks, list } = look(doc);
  const was = look(before);
  const notes = notesOf(list);
  // A note that was there and is deleted takes its number in the text along, and the other way round.
  const gone = new Set([...notesOf(was.list).keys()].filter((number) => notes.size && !notes.has(number)));
  const kept = marks.filter(({ node }) => !gone.has(node.attrs.number));
  const numbers = kept.map(({ node }) => node.attrs.number);
  const unmarked = new Set(was.marks.map(({ node }) => node.attrs.number));
  const strays = [...notes.keys()].filter((number) => !numbers.includes(number) && !unmarked.has(number));
  const wanted = [...numbers, ...strays].map((number, index) =>
    schema.nodes.footnote.create({ ...notes.get(number)?.attrs, number: index + 1 }, notes.get(number)?.content),
  );
  const isNumbered = kept.length === marks.length && numbers.every((number, index) => number === index + 1);
  const isListed = wanted.length === 0 ? !list : list?.node.content.eq(Fragment.from(wanted));
  if (isNumbered && isListed) return null;
  if (!isListed) {
    const from = list?.pos ?? doc.content.size;
    const content = wanted.length ? schema.nodes.footnotes.create(list?.node.attrs, wanted) : [];
    tr.replaceWith(from, list ? from + list.node.nodeSize : from, content);
  }
  for (const { node, pos } of [...marks].reverse()) {
    const index = kept.findIndex((mark) => mark.pos === pos);
    if (index < 0) tr.delete(pos, pos + node.nodeSize);
    else if (node.attrs.number !== index + 1) tr.setNodeMarkup(pos, null, { ...node.attrs, number: index + 1 });
  }
  return tr;
}

function notesOf(list) {
  const notes = new Map();
  list?.node.forEach((note) => notes.has(note.attrs.number) || notes.set(note.attrs.number, note));
  return notes;
}

function look(doc) {
  const marks = [];
  let list = null;
  doc.descendants((node, pos) => {
    if (node.type.name === "footnoteMark") marks.push({ node, pos });
    if (node.type.name === "footnotes") list = { node, pos };
    return node.type.name !== "footnotes";
  });
  return { marks, list };
}

function inNote(state) {
  return state.selection.$from.parent.type.name === "footnote";
}

/** Put a number where the cursor stands and go to its note. Not a command: it takes two steps. */
export function insertFootnote(editor) {
  if (inNote(editor.state) || !editor.isEditable) return false;
  const before = look(editor.state.doc).marks.filter(({ pos }) => pos < editor.state.selection.to).length;
  const at = editor.state.selection.to;
  const isDone = editor.chain().focus().insertContentAt(at, { type: "footnoteMark", attrs: { number: 0 } }).run();
  if (isDone) goTo(editor.view, noteWith(editor.state.doc, before + 1));
  return isDone;
}

function goAcross({ state, view }) {
  if (inNote(state)) return goTo(view, markWith(state.doc, state.selection.$from.parent.attrs.number));
  const { nodeBefore, nodeAfter } = state.selection.$from;
  const mark = [nodeBefore, nodeAfter, state.selection.node].find((node) => node?.type.name === "footnoteMark");
  return mark ? goTo(view, noteWith(state.doc, mark.attrs.number)) : false;
}

function markWith(doc, number) {
  const found = look(doc).marks.find(({ node }) => node.attrs.number === number);
  return found ? found.pos + found.node.nodeSize : null;
}

function noteWith(doc, number) {
  const { list } = look(doc);
  let found = null;
  list?.node.forEach((note, offset) => {
    if (note.attrs.number === number) found = list.pos + 1 + offset + note.nodeSize - 1;
  });
  return found;
}

function goTo(view, pos) {
  if (pos === null) return false;
  view.focus();
  view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, pos)).scrollIntoView());
  return true;
}
