"""The words that somebody meets on a page, whether seen or read out."""

import re

from lxml import html

SAID = ("title", "alt", "aria-label", "placeholder", "label")
SILENT = {"script", "style", "code", "pre", "kbd", "svg", "option"}
ADDRESS = re.compile(r"https?:\S+|\S+@\S+|\b[\w-]+(?:\.[\w-]+)+\b|/\w[\w/-]*")
ENGLISH = re.compile(r"[A-Za-z]{2,}")


def words_on(page):
    """Return the texts of a page of bytes; what is marked as of another language is left out."""
    root = html.fromstring(page.decode())
    language = root.get("lang")
    texts = []
    for element in root.iter(html.etree.Element):
        if element.tag in SILENT or _is_foreign(element, language):
            continue
        texts += [element.get(name) for name in SAID]
        texts.append(element.text)
        if element.tag == "input" and element.get("type") in {"submit", "button"}:
            texts.append(element.get("value"))
        texts += [child.tail for child in element]
    return [" ".join(text.split()) for text in texts if text and text.strip()]


def latin_words(texts):
    """Return the words in Latin letters, addresses left out."""
    return {word for text in texts for word in ENGLISH.findall(ADDRESS.sub(" ", text))}


def _is_foreign(element, language):
    chain = [element, *element.iterancestors()]
    return any(one.tag in SILENT or (one.get("lang") or language) != language for one in chain)
