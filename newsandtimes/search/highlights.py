"""Shows in a text where the words stand that were looked for. All text is escaped here."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString

from blog.folding import WORD, fold
from blog.text import ELLIPSIS

BEFORE = 80
LENGTH = 280
LOOKED_THROUGH = 50_000
"""So many characters of a text are looked through for the place to show."""


def marked(text: str, stems: AbstractSet[str]) -> SafeString:
    """Escape a text and put each word whose stem is among ``stems`` into a ``<mark>``."""
    parts: list[tuple[str, str]] = []
    end = 0
    for word in _hits(text, stems):
        parts.append((text[end : word.start()], word[0]))
        end = word.end()
    return format_html_join("", "{}<mark>{}</mark>", parts) + escape(text[end:])


def passage(text: str, stems: AbstractSet[str], *, otherwise: str = "") -> SafeString:
    """Return the part of a text around its first hits, marked; without any ``otherwise``'s."""
    first = next(_hits(text[:LOOKED_THROUGH], stems), None)
    if first is None:
        return marked(_cut(otherwise or text, 0), stems)
    start = max(0, first.start() - BEFORE)
    if start:
        start = text.find(" ", start, first.start()) + 1 or first.start()
    return marked(_cut(text, start), stems)


def _cut(text: str, start: int) -> str:
    """Return what follows from ``start``, up to a word's end, with ``…`` where it was cut."""
    part = text[start : start + LENGTH]
    if len(text) > start + LENGTH:
        head, space, _ = part.rpartition(" ")
        part = (head if space else part).rstrip(" ,.;:!?–—-…«“(") + ELLIPSIS
    return ELLIPSIS + part if start else part


def _hits(text: str, stems: AbstractSet[str]) -> Iterator[re.Match[str]]:
    return filter(lambda word: fold(word[0]) in stems, WORD.finditer(text))
