/* The row of buttons over the text: a toolbar as ARIA describes it, one stop of the Tab key.

Alt+F10 leads from the text to it, the arrow keys through it, Escape back to the text. */

import { Extension, Plugin } from "django-prose-editor/editor";
import { pictureAt } from "editor/figure";
import { contextual, groups, styles } from "editor/tools";
import { word } from "editor/words";

export const Menu = Extension.create({
  name: "menu",

  addStorage() {
    return { bar: null };
  },

  addProseMirrorPlugins() {
    const label = document.querySelector(`label[for="${this.editor.options.element.querySelector("textarea")?.id}"]`);
    const attributes = {
      role: "textbox",
      "aria-multiline": "true",
      "aria-label": label?.textContent.replace(/:\s*$/, "") || word("Text"),
      "aria-description": word("Alt+F10 leads to the toolbar."),
    };
    label?.addEventListener("click", () => this.editor.commands.focus());
    return [new Plugin({ props: { attributes } })];
  },

  onCreate() {
    const { editor } = this;
    const bar = this.storage.bar = document.createElement("div");
    bar.className = "prose-toolbar";
    bar.setAttribute("role", "toolbar");
    bar.setAttribute("aria-label", word("Formatting"));
    const controls = [chooser(editor), ...[...groups, ...contextual].map((group) => groupOf(editor, group))];
    bar.append(...controls.map(({ dom }) => dom));
    bar.addEventListener("keydown", (event) => move(editor, bar, event));
    bar.addEventListener("focusin", ({ target }) => rove(bar, target));
    editor.view.dom.before(bar);
    const refresh = () => {
      controls.forEach((control) => control.refresh());
      if (!stops(bar).some((stop) => stop.tabIndex === 0)) rove(bar, stops(bar)[0]);
    };
    editor.on("transaction", refresh);
    refresh();
  },

  onDestroy() {
    this.storage.bar?.remove();
  },

  addKeyboardShortcuts() {
    return {
      "Alt-F10": () => {
        const open = stops(this.storage.bar);
        (open.find((stop) => stop.tabIndex === 0) ?? open[0]).focus();
        return true;
      },
    };
  },
});

function chooser(editor) {
  const dom = document.createElement("select");
  dom.setAttribute("aria-label", word("Style of the paragraph"));
  dom.append(...styles.map(({ label }, index) => new Option(word(label), index)));
  dom.addEventListener("change", () => styles[dom.value].command(editor.chain().focus()).run());
  const refresh = () => {
    const now = styles.findIndex(({ isActive }) => isActive(editor));
    dom.value = Math.max(0, now);
  };
  return { dom, refresh };
}

function groupOf(editor, { label, tools, isShown }) {
  const dom = document.createElement("div");
  dom.setAttribute("role", "group");
  dom.setAttribute("aria-label", word(label));
  const buttons = tools.map((tool) => buttonOf(editor, tool));
  dom.append(...buttons.map((button) => button.dom));
  const refresh = () => {
    dom.hidden = isShown ? !isShown(editor, pictureAt(editor.state.selection)) : false;
    buttons.forEach((button) => button.refresh());
  };
  return { dom, refresh };
}

function buttonOf(editor, { label, icon, sign, keys, run, can, isActive }) {
  const dom = document.createElement("button");
  dom.type = "button";
  const name = word(label);
  if (icon ?? sign) {
    const shown = document.createElement("span");
    shown.className = icon ? "material-icons" : "sign";
    shown.setAttribute("aria-hidden", "true");
    shown.textContent = icon ?? sign;
    dom.append(shown);
    dom.setAttribute("aria-label", name);
    dom.title = keys ? `${name} (${keys})` : name;
  } else {
    dom.textContent = name;
  }
  if (keys) dom.setAttribute("aria-keyshortcuts", keys.replace("Ctrl", "Control"));
  // Dimmed and not disabled: a disabled button could not be found by keyboard.
  const isUsable = () => editor.isEditable && (can ? can(editor) : true);
  dom.addEventListener("mousedown", (event) => event.preventDefault());
  dom.addEventListener("click", () => {
    if (isUsable()) run(editor);
  });
  const refresh = () => {
    dom.setAttribute("aria-disabled", String(!isUsable()));
    if (isActive) dom.setAttribute("aria-pressed", String(Boolean(isActive(editor))));
  };
  return { dom, refresh };
}

function stops(bar) {
  return [...bar.querySelectorAll("select, button")].filter((stop) => !stop.closest("[hidden]"));
}

function rove(bar, to) {
  for (const stop of bar.querySelectorAll("select, button")) stop.tabIndex = stop === to ? 0 : -1;
}

function move(editor, bar, event) {
  const open = stops(bar);
  const at = open.indexOf(document.activeElement);
  const isForward = document.dir !== "rtl";
  const steps = { ArrowRight: isForward ? 1 : -1, ArrowLeft: isForward ? -1 : 1 };
  if (event.key === "Escape") editor.commands.focus();
  else if (event.key === "Home") open[0].focus();
  else if (event.key === "End") open.at(-1).focus();
  else if (event.key in steps) open[(at + steps[event.key] + open.length) % open.length].focus();
  else return;
  event.preventDefault();
}
