"""Marks the words of a search in a text."""

import re

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from blog import finding

_WORD = re.compile(r"[^\W_]+")


def marked(text: str, words: str) -> SafeString:
    """Return ``text`` as HTML, what begins with one of the words in ``<mark>``."""
    looked_for = tuple(finding.words_of(words))
    if not looked_for:
        return escape(text)
    parts, at = [], 0
    for found in _WORD.finditer(text):
        if found[0].casefold().startswith(looked_for):
            parts += [escape(text[at : found.start()]), f"<mark>{escape(found[0])}</mark>"]
            at = found.end()
    return mark_safe("".join([*parts, escape(text[at:])]))  # noqa: S308  every part is escaped
