/* An address alone on a line: a video, or a link that can become a card of its page. */

import { glance } from "editor/glance";
import { tell } from "editor/notes";
import { videoAt } from "editor/videos";
import { word } from "editor/words";

/** Return the address if `text` is one and nothing else, and the cursor stands in an empty line. */
export function loneAddress(state, text) {
  const { $from, empty } = state.selection;
  const isAlone = empty && $from.parent.type.name === "paragraph" && $from.parent.content.size === 0;
  const address = text.trim();
  return isAlone && /^https?:\/\/[^\s<>"]+$/i.test(address) && URL.canParse(address) ? address : "";
}

/** Put in what an address leads to: at once what is known of it, the rest when it is found out. */
export function insertAddress(editor, address) {
  const video = videoAt(address);
  if (video && canHold(editor, "video")) {
    editor.chain().focus().insertVideo(video).run();
    nameVideo(editor, video);
    return true;
  }
  const link = { type: "text", text: address, marks: [{ type: "link", attrs: { href: address } }] };
  editor.chain().focus().insertContent(link).unsetMark("link").run();
  if (canHold(editor, "figureOfBlocks")) offerCard(editor, address);
  return true;
}

function canHold(editor, name) {
  const { $from } = editor.state.selection;
  const around = $from.node(-1);
  return around?.canReplaceWith($from.index(-1), $from.indexAfter(-1), editor.schema.nodes[name]) ?? false;
}

async function nameVideo(editor, video) {
  const found = await glance(video.page);
  const title = found?.title?.replace(/\s+[-–—|]\s+YouTube$|\s+on Vimeo$/, "");
  if (!title) return;
  const given = word("Video on %s", video.site);
  change(editor, (node) => node.type.name === "video" && node.attrs.href === video.page && node.textContent === given, (node) =>
    node.type.create(node.attrs, editor.schema.text(title)),
  );
}

async function offerCard(editor, address) {
  const found = await glance(address);
  if (!found?.title || !lineWith(editor, address)) return;
  tell(editor, word("Show “%s” as a card?", found.title), {
    [word("Make a card")]: () => {
      change(editor, isLine(address), () => card(editor.schema, address, found));
      editor.commands.focus();
    },
    [word("Leave it a link")]: () => editor.commands.focus(),
  });
}

function card(schema, address, { title, excerpt, outlet }) {
  const { nodes, marks } = schema;
  const link = marks.link.create({ href: address });
  const lines = [nodes.paragraph.create(null, schema.text(title, [link]))];
  if (excerpt) lines.push(nodes.paragraph.create(null, schema.text(excerpt)));
  const parts = [nodes.blockquote.create({ cite: address }, lines)];
  if (outlet) parts.push(nodes.caption.create(null, schema.text(outlet)));
  return nodes.figureOfBlocks.create(null, parts);
}

const isLine = (address) => (node) =>
  node.type.name === "paragraph" &&
  node.childCount === 1 &&
  node.textContent === address &&
  node.firstChild.marks.some((mark) => mark.type.name === "link");

function lineWith(editor, address) {
  let isThere = false;
  editor.state.doc.descendants((node) => {
    isThere ||= isLine(address)(node);
  });
  return isThere;
}

/* Replace the first node that `isMeant`, wherever it is by now. */
function change(editor, isMeant, replacement) {
  const { state, view } = editor;
  let at = null;
  state.doc.descendants((node, pos) => {
    if (at === null && isMeant(node)) at = { node, pos };
    return at === null;
  });
  if (at) view.dispatch(state.tr.replaceWith(at.pos, at.pos + at.node.nodeSize, replacement(at.node)));
}
