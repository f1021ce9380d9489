/* Links with the schemes that the site keeps; the dialog for one. */

import { Link as BaseLink, updateAttrsDialog } from "django-prose-editor/editor";
import { isKept, word } from "editor/words";

export const Link = BaseLink.extend({
  addOptions() {
    return {
      ...this.parent?.(),
      defaultProtocol: "https",
      protocols: [],
      HTMLAttributes: {},
      isAllowedUri: isKept,
    };
  },

  addAttributes() {
    return { href: { default: null }, title: { default: null }, hreflang: { default: null } };
  },

  renderHTML({ HTMLAttributes }) {
    return ["a", { ...HTMLAttributes, rel: "noopener" }, 0];
  },

  addCommands() {
    return {
      ...this.parent?.(),
      addLink: () => ({ editor }) => {
        openDialog(editor);
        return true;
      },
    };
  },
});

async function openDialog(editor) {
  const before = editor.getAttributes("link");
  const isEmpty = editor.state.selection.empty && !editor.isActive("link");
  const fields = { href: { type: "string", title: word("Address"), required: true } };
  if (isEmpty) fields.text = { type: "string", title: word("Text") };
  fields.title = { type: "string", title: word("Title (shown on hover)") };
  const dialog = updateAttrsDialog(fields, { title: word("Link"), submitText: word("Apply") });
  const typed = await dialog(editor, before);
  if (!typed) return;
  const href = whole(typed.href.trim());
  const chain = editor.chain().focus();
  if (!isKept(href)) return;
  const attrs = { href, title: typed.title.trim() || null };
  if (isEmpty) {
    const text = typed.text.trim() || href;
    chain.insertContent({ type: "text", text, marks: [{ type: "link", attrs }] }).unsetMark("link").run();
  } else {
    chain.extendMarkRange("link").setLink(attrs).run();
  }
}

/* What people type for an address: a bare host, an address of mail. */
function whole(address) {
  if (/^[\w.+-]+@[\w-]+\.[\w.-]+$/.test(address)) return `mailto:${address}`;
  return /^[\w-]+(\.[\w-]+)+([/?#:]|$)/.test(address) ? `https://${address}` : address;
}
