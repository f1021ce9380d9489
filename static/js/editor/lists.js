/* Numbered lists with what the site keeps of them, and lists of terms. */

import { Node, OrderedList as BaseOrderedList } from "django-prose-editor/editor";

export const OrderedList = BaseOrderedList.extend({
  addOptions() {
    return { ...this.parent?.(), enableListAttributes: false };
  },

  addAttributes() {
    return {
      start: {
        default: 1,
        parseHTML: (element) => Number.parseInt(element.getAttribute("start") ?? "1", 10) || 1,
        renderHTML: ({ start }) => (start === 1 ? {} : { start }),
      },
      reversed: {
        default: false,
        parseHTML: (element) => element.hasAttribute("reversed"),
        renderHTML: ({ reversed }) => (reversed ? { reversed: "" } : {}),
      },
    };
  },

  renderHTML({ HTMLAttributes }) {
    return ["ol", HTMLAttributes, 0];
  },

  addNodeView() {
    return null;
  },
});

const part = (name, tag, content, group) =>
  Node.create({
    name,
    content,
    group,
    parseHTML() {
      return [{ tag }];
    },
    renderHTML({ HTMLAttributes }) {
      return [tag, HTMLAttributes, 0];
    },
  });

export const Terms = part("terms", "dl", "(term | description)+", "block");
export const Term = part("term", "dt", "inline*", "");
export const Description = part("description", "dd", "block+", "");
