/* Marks that the site keeps and that have no button: what came in with them goes out with them. */

import { Code as BaseCode, CodeBlock as BaseCodeBlock, Extension, Mark } from "django-prose-editor/editor";

const kept = (name, tag, attributes = []) =>
  Mark.create({
    name,
    addAttributes() {
      return Object.fromEntries(attributes.map((attribute) => [attribute, { default: null }]));
    },
    parseHTML() {
      return [{ tag }];
    },
    renderHTML({ HTMLAttributes }) {
      return [tag, HTMLAttributes, 0];
    },
  });

export const Underline = kept("underline", "u");
export const Small = kept("small", "small");
export const Marked = kept("marked", "mark");
export const Abbreviation = kept("abbreviation", "abbr", ["title"]);
export const Keys = kept("keys", "kbd");
export const InlineQuote = kept("inlineQuote", "q", ["cite"]);
/** The source of a quote, or the title of a work. */
export const Cite = kept("cite", "cite");

export const Code = BaseCode.extend({ excludes: "" });

/** No language: the site has no colours for code, and keeps no classes. */
export const CodeBlock = BaseCodeBlock.extend({
  addAttributes() {
    return {};
  },
  renderHTML({ HTMLAttributes }) {
    return ["pre", HTMLAttributes, ["code", 0]];
  },
});

/** Every element may say in which language it is. */
export const TextLanguage = Extension.create({
  name: "textLanguage",
  addGlobalAttributes() {
    return [{ types: "*", attributes: { lang: { default: null }, dir: { default: null } } }];
  },
});
