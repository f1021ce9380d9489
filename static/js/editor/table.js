/* Tables with what the site keeps: captions, spans and scopes, and neither widths nor alignment. */

import {
  Table as BaseTable,
  TableCell as BaseTableCell,
  TableHeader as BaseTableHeader,
  updateAttrsDialog,
} from "django-prose-editor/editor";
import { word } from "editor/words";

const spans = {
  colspan: { default: 1, parseHTML: (cell) => spanOf(cell, "colspan") },
  rowspan: { default: 1, parseHTML: (cell) => spanOf(cell, "rowspan") },
};

export const TableCell = BaseTableCell.extend({
  addAttributes() {
    return spans;
  },
});

export const TableHeader = BaseTableHeader.extend({
  addAttributes() {
    return { ...spans, scope: { default: null } };
  },

  parseHTML() {
    return [...this.parent(), { tag: "thead > tr > td", priority: 60 }];
  },
});

export const Table = BaseTable.extend({
  addAttributes() {
    return {
      caption: {
        default: null,
        rendered: false,
        parseHTML: (table) => table.querySelector(":scope > caption")?.textContent.trim() || null,
      },
    };
  },

  parseHTML() {
    return [{ tag: "table" }, { tag: "table > caption", ignore: true }];
  },

  renderHTML({ node, HTMLAttributes }) {
    const rows = ["tbody", 0];
    const { caption } = node.attrs;
    return caption ? ["table", HTMLAttributes, ["caption", caption], rows] : ["table", HTMLAttributes, rows];
  },

  addNodeView() {
    const { View, cellMinWidth } = this.options;
    return ({ node, view }) => {
      const shown = new View(node, cellMinWidth, view);
      const caption = document.createElement("caption");
      caption.contentEditable = "false";
      const showCaption = (table) => {
        caption.textContent = table.attrs.caption ?? "";
        if (!table.attrs.caption) caption.remove();
        else if (!caption.isConnected || caption.parentNode !== shown.table) shown.table.prepend(caption);
      };
      const update = shown.update.bind(shown);
      shown.update = (table) => {
        if (!update(table)) return false;
        showCaption(table);
        return true;
      };
      showCaption(node);
      return shown;
    };
  },

  addCommands() {
    return {
      ...this.parent?.(),
      editTableCaption: () => ({ editor }) => {
        askForCaption(editor);
        return true;
      },
    };
  },
});

async function askForCaption(editor) {
  const fields = { caption: { type: "string", title: word("Caption of the table") } };
  const dialog = updateAttrsDialog(fields, { title: word("Table"), submitText: word("Apply") });
  const typed = await dialog(editor, editor.getAttributes("table"));
  if (typed) editor.chain().focus().updateAttributes("table", { caption: typed.caption.trim() || null }).run();
}

function spanOf(cell, name) {
  return Math.max(1, Math.min(100, Number.parseInt(cell.getAttribute(name) ?? "1", 10) || 1));
}
