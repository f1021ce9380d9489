/* Pictures with caption and credit, from the image library; other figures as they came. */

import { Image as BaseImage, Node, pm, updateAttrsDialog } from "django-prose-editor/editor";
import { isKept, isOwn, word } from "editor/words";

const { TextSelection } = pm.state;
const lone = (element, name) => element.children.length === 1 && element.children[0].matches(name);

export const Image = BaseImage.extend({
  addAttributes() {
    const names = ["src", "alt", "title", "width", "height"];
    return {
      ...Object.fromEntries(names.map((name) => [name, { default: null }])),
      href: {
        default: null,
        rendered: false,
        parseHTML: (image) => {
          const link = image.closest("a[href]");
          const href = link && lone(link, "img") ? link.getAttribute("href") : null;
          return isKept(href) ? href : null;
        },
      },
    };
  },

  parseHTML() {
    const isPictureAlone = (line) => line.textContent.trim() === "" && line.querySelectorAll("img").length === 1;
    return [
      { tag: "img[src]", getAttrs: (image) => (isOwn(image.getAttribute("src")) ? null : false) },
      { tag: "p", priority: 60, skip: true, getAttrs: (line) => (isPictureAlone(line) ? null : false) },
    ];
  },

  renderHTML({ node, HTMLAttributes }) {
    const image = ["img", HTMLAttributes];
    return node.attrs.href ? ["a", { href: node.attrs.href, rel: "noopener" }, image] : image;
  },

  addInputRules() {
    return [];
  },

  addCommands() {
    return {
      insertPicture: (picture) => ({ commands }) => commands.insertContent(figureOf(picture)),
      describePicture: () => ({ editor }) => {
        const found = pictureAt(editor.state.selection);
        if (found) describe(editor, found);
        return Boolean(found);
      },
      captionPicture: () => ({ state, tr, dispatch }) => caption(state, tr, dispatch),
    };
  },
});

export const Figure = Node.create({
  name: "figure",
  group: "block",
  content: "image caption?",
  draggable: true,
  isolating: true,

  parseHTML() {
    return [{ tag: "figure", priority: 60, getAttrs: (figure) => (isPicture(figure) ? null : false) }];
  },

  renderHTML({ HTMLAttributes }) {
    return ["figure", HTMLAttributes, 0];
  },
});

/** A figure of something else than one picture: a quote, a table, several pictures. */
export const FigureOfBlocks = Node.create({
  name: "figureOfBlocks",
  group: "block",
  content: "caption? block+ caption?",
  isolating: true,

  parseHTML() {
    return [{ tag: "figure", priority: 40 }];
  },

  renderHTML({ HTMLAttributes }) {
    return ["figure", HTMLAttributes, 0];
  },
});

export const Caption = Node.create({
  name: "caption",
  content: "inline*",
  isolating: true,

  parseHTML() {
    return [{ tag: "figcaption" }, { tag: "figcaption > p", skip: true, priority: 60 }];
  },

  renderHTML({ HTMLAttributes }) {
    return ["figcaption", HTMLAttributes, 0];
  },
});

/** Return the node of a picture as the image library describes it. */
export function figureOf({ src, alt, caption: words, credit, width, height }) {
  const content = [{ type: "image", attrs: { src, alt: alt ?? "", width: width ?? null, height: height ?? null } }];
  const text = [words, credit].filter(Boolean).join(" · ");
  if (text) content.push({ type: "caption", content: [{ type: "text", text }] });
  return { type: "figure", content };
}

/** Return the picture that is selected, or in whose figure the cursor stands. */
export function pictureAt(selection) {
  if (selection.node?.type.name === "image") return { node: selection.node, pos: selection.from };
  if (selection.node?.type.name === "figure") return { node: selection.node.firstChild, pos: selection.from + 1 };
  const { $from } = selection;
  for (let depth = $from.depth; depth > 0; depth--) {
    if ($from.node(depth).type.name === "figure") return { node: $from.node(depth).firstChild, pos: $from.start(depth) };
  }
  return null;
}

function isPicture(figure) {
  const pictures = figure.querySelectorAll("img");
  const isKnown = (child) => child.matches("img, figcaption") || (child.matches("a") && lone(child, "img"));
  return pictures.length === 1 && isOwn(pictures[0].getAttribute("src")) && [...figure.children].every(isKnown);
}

async function describe(editor, { node, pos }) {
  const fields = {
    alt: { type: "string", title: word("Description for those who do not see the picture") },
    href: { type: "string", title: word("Leads to (an address, or nothing)") },
  };
  const dialog = updateAttrsDialog(fields, { title: word("Picture"), submitText: word("Apply") });
  const typed = await dialog(editor, node.attrs);
  if (!typed) return;
  const href = isKept(typed.href.trim()) ? typed.href.trim() : null;
  const attrs = { alt: typed.alt.trim(), href };
  editor.chain().focus().setNodeSelection(pos).updateAttributes("image", attrs).run();
}

/* Go to the caption of the picture; give it one, and a figure, where it has none. */
function caption(state, tr, dispatch) {
  const found = pictureAt(state.selection);
  if (!found) return false;
  if (!dispatch) return true;
  const { nodes } = state.schema;
  const $pos = state.doc.resolve(found.pos);
  const behind = found.pos + found.node.nodeSize;
  let inside = behind + 1;
  if ($pos.parent.type !== nodes.figure) {
    tr.replaceWith(found.pos, behind, nodes.figure.create(null, [found.node, nodes.caption.create()]));
    inside += 1;
  } else if ($pos.parent.childCount === 1) {
    tr.insert(behind, nodes.caption.create());
  }
  tr.setSelection(TextSelection.near(tr.doc.resolve(inside)));
  return true;
}
