/* What the text editor is made of beside the library's own parts; blog/prose.py names each. */

export * from "editor/beyond";
export * from "editor/count";
export * from "editor/figure";
export * from "editor/footnotes";
export * from "editor/inline";
export * from "editor/link";
export * from "editor/lists";
export * from "editor/paste";
export * from "editor/quote";
export * from "editor/source";
export * from "editor/table";
export * from "editor/toolbar";
export * from "editor/video";
