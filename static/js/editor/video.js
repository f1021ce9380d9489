/* A video by its address: a figure with nothing but a link, which readers' pages can play. */

import { Node } from "django-prose-editor/editor";
import { videoAt } from "editor/videos";
import { word } from "editor/words";

export const Video = Node.create({
  name: "video",
  group: "block",
  content: "text*",
  marks: "",
  isolating: true,
  draggable: true,

  addAttributes() {
    return { href: { default: "", rendered: false, parseHTML: (figure) => linkOf(figure)?.page ?? "" } };
  },

  parseHTML() {
    return [
      {
        tag: "figure",
        priority: 70,
        contentElement: "a",
        getAttrs: (figure) => (linkOf(figure) ? null : false),
      },
    ];
  },

  renderHTML({ node, HTMLAttributes }) {
    return ["figure", HTMLAttributes, ["a", { href: node.attrs.href, rel: "noopener" }, 0]];
  },

  addNodeView() {
    return ({ node }) => {
      const dom = document.createElement("figure");
      dom.className = "prose-video";
      const site = document.createElement("span");
      site.contentEditable = "false";
      site.textContent = `▶ ${videoAt(node.attrs.href)?.site ?? ""}`;
      site.title = node.attrs.href;
      const contentDOM = document.createElement("p");
      dom.append(site, contentDOM);
      return { dom, contentDOM };
    };
  },

  addCommands() {
    return {
      insertVideo: (video, title) => ({ commands }) => {
        const text = title || word("Video on %s", video.site);
        return commands.insertContent({
          type: "video",
          attrs: { href: video.page },
          content: [{ type: "text", text }],
        });
      },
    };
  },
});

function linkOf(figure) {
  const [link] = figure.children;
  const isLone = figure.children.length === 1 && link.matches("a[href]") && !link.querySelector("img");
  return isLone && figure.textContent.trim() === link.textContent.trim() ? videoAt(link.href) : null;
}
