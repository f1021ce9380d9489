/* What another program puts on the clipboard, as plain HTML with its meaning and without its dirt. */

import { isOwn } from "editor/words";
import { tidyWord } from "editor/tidy_word";
import { videoAt } from "editor/videos";

const USELESS = "script, style, link, meta, title, template, noscript, object, embed, svg, math, canvas, audio, video, button, input, select, textarea, nav, dialog, [hidden]";
const BLOCKS = "p, div, h1, h2, h3, h4, h5, h6, ul, ol, dl, table, blockquote, pre, figure, hr";

/** Return {html, pictures}: `pictures` counts those that lie elsewhere and were left out. */
export function tidied(html) {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  if (body.querySelector("[data-pm-slice]")) return { html, pictures: 0 };
  tidyWord(body);
  for (const frame of body.querySelectorAll("iframe")) becomeVideo(frame);
  for (const element of body.querySelectorAll(USELESS)) element.remove();
  const pictures = dropForeignPictures(body);
  renameHeadings(body);
  nameStyles(body);
  for (const link of body.querySelectorAll("a")) tidyLink(link);
  for (const element of body.querySelectorAll("*")) dropDirt(element);
  dropEmptyLines(body);
  return { html: body.innerHTML, pictures };
}

function becomeVideo(frame) {
  const video = videoAt(frame.getAttribute("src")?.replace(/^\/\//, "https://") ?? "");
  if (!video) return frame.remove();
  const figure = document.createElement("figure");
  const link = document.createElement("a");
  link.href = video.page;
  link.textContent = frame.title || video.page;
  figure.append(link);
  frame.replaceWith(figure);
}

function dropForeignPictures(body) {
  let pictures = 0;
  for (const image of body.querySelectorAll("img, picture")) {
    const source = image.matches("img") ? image : image.querySelector("img");
    if (isOwn(source?.getAttribute("src"))) continue;
    const isSeen = !(Number(image.getAttribute("width")) === 1 || Number(image.getAttribute("height")) === 1);
    if (isSeen && image.isConnected) pictures += 1;
    const figure = image.closest("figure");
    image.remove();
    if (figure && !figure.querySelector("img, table, blockquote, pre")) figure.replaceWith(...figure.childNodes);
  }
  for (const caption of body.querySelectorAll("figcaption")) {
    if (!caption.closest("figure")) rename(caption, "p");
  }
  return pictures;
}

/* The title of a post is its h1; below h4 there is nothing. */
function renameHeadings(body) {
  for (const heading of body.querySelectorAll("[role=heading][aria-level]")) {
    if (!/^H\d$/.test(heading.tagName)) rename(heading, `h${Math.min(6, Math.max(1, Number(heading.getAttribute("aria-level")) || 2))}`);
  }
  const hasTop = body.querySelector("h1");
  for (const heading of [...body.querySelectorAll("h1, h2, h3, h4, h5, h6")]) {
    const level = Math.min(4, Number(heading.tagName[1]) + (hasTop ? 1 : 0));
    const renamed = rename(heading, `h${level}`);
    for (const bold of renamed.querySelectorAll("b, strong")) bold.replaceWith(...bold.childNodes);
  }
}

function tidyLink(link) {
  const href = link.getAttribute("href") ?? "";
  const url = URL.canParse(href) ? new URL(href) : null;
  const isWrapped = url && /(^|\.)google\.[a-z.]{2,6}$/.test(url.hostname) && url.pathname === "/url";
  const target = isWrapped ? (url.searchParams.get("q") ?? url.searchParams.get("url") ?? "") : href;
  // What leads to a place within the other page leads nowhere here.
  const isInside = href.startsWith("#") && !/^#fn(ref)?-\d+$/.test(href);
  if (!target || isInside || url?.protocol === "file:") return link.replaceWith(...link.childNodes);
  link.setAttribute("href", target);
}

const KEPT = new Set(["href", "title", "hreflang", "src", "alt", "width", "height", "cite", "start", "reversed", "colspan", "rowspan", "scope", "id"]);

function dropDirt(element) {
  for (const { name } of [...element.attributes]) {
    const isFootnote = name === "id" && /^fn(ref)?-\d{1,3}$/.test(element.id);
    const isSpan = /^(col|row)span$/.test(name) && element.getAttribute(name) === "1";
    if (!KEPT.has(name) || isSpan || (name === "id" && !isFootnote)) element.removeAttribute(name);
  }
}

/* What is meant by a style becomes an element. */
const MEANINGS = [
  ["strong", /(?:^|;)\s*font-weight:\s*(?:bold|[5-9]00)/i, "b, strong, h1, h2, h3, h4, h5, h6, th"],
  ["em", /(?:^|;)\s*font-style:\s*italic/i, "i, em, blockquote, cite"],
  ["s", /(?:^|;)\s*text-decoration(?:-line)?:[^;]*line-through/i, "s, del, strike"],
  ["sup", /(?:^|;)\s*vertical-align:\s*super/i, "sup"],
  ["sub", /(?:^|;)\s*vertical-align:\s*sub(?!\w)/i, "sub"],
];

function nameStyles(body) {
  for (const element of [...body.querySelectorAll("span, font, a, p, li, u, b, i, em, strong, td")]) {
    const style = element.getAttribute("style") ?? "";
    if (element.matches("b, strong") && /(?:^|;)\s*font-weight:\s*(?:normal|[1-4]00)/i.test(style)) {
      element.replaceWith(...element.childNodes);
      continue;
    }
    for (const [name, pattern, besides] of MEANINGS) {
      if (!pattern.test(style) || element.closest(besides)) continue;
      const meaning = document.createElement(name);
      meaning.append(...element.childNodes);
      element.append(meaning);
    }
  }
}

function dropEmptyLines(body) {
  for (const breaking of body.querySelectorAll("br")) {
    const isBetween = [breaking.previousElementSibling, breaking.nextElementSibling].some((next) => next?.matches(BLOCKS));
    if (isBetween && breaking.parentElement.matches("body, div, b, section, article, main")) breaking.remove();
  }
  for (const block of body.querySelectorAll("p, div, h2, h3, h4, span")) {
    const isEmpty = block.textContent.replace(/[\s\u00a0\u200b]/g, "") === "" && !block.querySelector("img, br, hr, table, figure");
    const isLoneBreak = block.matches("p, div") && block.childNodes.length === 1 && block.firstElementChild?.matches("br");
    if ((isEmpty && !block.matches("span")) || isLoneBreak) block.remove();
  }
}

function rename(element, name) {
  const renamed = document.createElement(name);
  renamed.append(...element.childNodes);
  element.replaceWith(renamed);
  return renamed;
}
