/* What the toolbar holds. Each tool: its name, its sign, what it does, when it can, when it is on. */

import { updateAttrsDialog } from "django-prose-editor/editor";
import { insertAddress } from "editor/addresses";
import { insertFootnote } from "editor/footnotes";
import { tell } from "editor/notes";
import { word } from "editor/words";

const chain = (act) => (editor) => act(editor.chain().focus()).run();
const mark = (name) => ({
  run: chain((to) => to.toggleMark(name)),
  can: (editor) => editor.can().toggleMark(name),
  isActive: (editor) => editor.isActive(name),
});
const heading = (level, label) => ({
  label,
  command: (to) => to.setHeading({ level }),
  isActive: (editor) => editor.isActive("heading", { level }),
});
const table = (label, name) => ({ label, run: chain((to) => to[name]()), can: (editor) => editor.can()[name]() });

export const styles = [
  { label: "Paragraph", command: (to) => to.setParagraph(), isActive: (editor) => editor.isActive("paragraph") },
  heading(2, "Heading 2"),
  heading(3, "Heading 3"),
  heading(4, "Heading 4"),
  { label: "Code block", command: (to) => to.setCodeBlock(), isActive: (editor) => editor.isActive("codeBlock") },
];

export const groups = [
  {
    label: "Undo and redo",
    tools: [
      { label: "Undo", icon: "undo", keys: "Ctrl+Z", run: chain((to) => to.undo()), can: (editor) => editor.can().undo() },
      { label: "Redo", icon: "redo", keys: "Ctrl+Shift+Z", run: chain((to) => to.redo()), can: (editor) => editor.can().redo() },
    ],
  },
  {
    label: "Words",
    tools: [
      { label: "Bold", icon: "format_bold", keys: "Ctrl+B", ...mark("bold") },
      { label: "Italic", icon: "format_italic", keys: "Ctrl+I", ...mark("italic") },
      { label: "Struck through", icon: "format_strikethrough", keys: "Ctrl+Shift+S", ...mark("strike") },
      { label: "Subscript", icon: "subscript", keys: "Ctrl+,", ...mark("subscript") },
      { label: "Superscript", icon: "superscript", keys: "Ctrl+.", ...mark("superscript") },
      { label: "Code", icon: "code", keys: "Ctrl+E", ...mark("code") },
    ],
  },
  {
    label: "Links",
    tools: [
      { label: "Link", icon: "insert_link", keys: "Ctrl+K", run: (editor) => editor.commands.addLink(), isActive: (editor) => editor.isActive("link") },
      { label: "Remove link", icon: "link_off", run: chain((to) => to.unsetLink()), can: (editor) => editor.isActive("link") },
    ],
  },
  {
    label: "Paragraphs",
    tools: [
      { label: "List", icon: "format_list_bulleted", keys: "Ctrl+Shift+8", run: chain((to) => to.toggleBulletList()), can: (editor) => editor.can().toggleBulletList(), isActive: (editor) => editor.isActive("bulletList") },
      { label: "Numbered list", icon: "format_list_numbered", keys: "Ctrl+Shift+7", run: chain((to) => to.toggleOrderedList()), can: (editor) => editor.can().toggleOrderedList(), isActive: (editor) => editor.isActive("orderedList") },
      { label: "Quote", icon: "format_quote", keys: "Ctrl+Shift+B", run: chain((to) => to.toggleBlockquote()), can: (editor) => editor.can().toggleBlockquote(), isActive: (editor) => editor.isActive("blockquote") },
    ],
  },
  {
    label: "Insert",
    tools: [
      { label: "Picture", icon: "image", run: choosePicture },
      { label: "Video or card from an address", icon: "smart_display", run: askForAddress },
      { label: "Table", icon: "grid_on", run: chain((to) => to.insertTable({ rows: 3, cols: 3, withHeaderRow: true })), can: (editor) => !editor.isActive("table") },
      { label: "Footnote", sign: "a¹", keys: "Ctrl+Alt+F", run: insertFootnote, can: (editor) => !editor.isActive("footnote") && !editor.isActive("codeBlock") },
      { label: "Line between parts", icon: "horizontal_rule", run: chain((to) => to.setHorizontalRule()), can: (editor) => editor.can().setHorizontalRule() },
    ],
  },
  {
    label: "Whole text",
    tools: [{ label: "HTML", icon: "data_object", run: (editor) => editor.commands.editHTML() }],
  },
];

/* Shown only where they apply, with words in the place of signs. */
export const contextual = [
  {
    label: "Quote",
    isShown: (editor) => editor.isActive("blockquote"),
    tools: [{ label: "Source of the quote", run: chain((to) => to.nameSource()) }],
  },
  {
    label: "Picture",
    isShown: (editor, picture) => Boolean(picture),
    tools: [
      { label: "Describe the picture", run: (editor) => editor.commands.describePicture() },
      { label: "Caption", run: chain((to) => to.captionPicture()) },
    ],
  },
  {
    label: "Table",
    isShown: (editor) => editor.isActive("table"),
    tools: [
      table("Row above", "addRowBefore"),
      table("Row below", "addRowAfter"),
      table("Column before", "addColumnBefore"),
      table("Column after", "addColumnAfter"),
      table("Delete row", "deleteRow"),
      table("Delete column", "deleteColumn"),
      table("Heading row", "toggleHeaderRow"),
      table("Heading column", "toggleHeaderColumn"),
      table("Join or split cells", "mergeOrSplit"),
      { label: "Caption of the table", run: (editor) => editor.commands.editTableCaption() },
      table("Delete table", "deleteTable"),
    ],
  },
];

async function choosePicture(editor) {
  try {
    const { chooseImage } = await import("editor/image_library");
    const picture = await chooseImage();
    if (picture) editor.chain().focus().insertPicture(picture).run();
    else editor.commands.focus();
  } catch {
    tell(editor, word("The image library does not answer. Nothing was taken in."));
  }
}

async function askForAddress(editor) {
  const fields = { address: { type: "string", title: word("Address of a video or a page"), required: true } };
  const dialog = updateAttrsDialog(fields, { title: word("Video or card from an address"), submitText: word("Insert") });
  const typed = await dialog(editor, {});
  const address = typed?.address.trim() ?? "";
  if (/^https?:\/\/\S+$/i.test(address) && URL.canParse(address)) insertAddress(editor, address);
  else if (typed) tell(editor, word("“%s” is no web address: it begins with https:// or http://.", address));
}
