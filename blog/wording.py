"""Two texts word by word: which words went, which came. Pure."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from blog.text import plain_text

_BLOCK_END = re.compile(r"</(?:p|h[1-6]|li|blockquote|figcaption|tr|pre|dd|dt)>|<(?:br|hr)\s*/?>")
_WORD = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_LONG = 200_000
_SHOWN_AROUND = 60
"""Of what both texts share, so many words are shown before and after a difference."""


@dataclass(frozen=True, slots=True)
class Marked:
    """Both texts with the words marked by <del> and <ins>, safe to show; […] where they agree."""

    before: SafeString
    after: SafeString


def paragraphs(markup: str) -> str:
    """Return the text of HTML, a line for each paragraph."""
    blocks = (plain_text(block) for block in _BLOCK_END.split(markup))
    return "\n".join(block for block in blocks if block)


def marked_words(before: str, after: str) -> Marked:
    """Mark what differs between two plain texts; very long ones are marked by the line."""
    pattern = _WORD if len(before) + len(after) < _LONG else _LINE
    old, new = pattern.findall(before), pattern.findall(after)
    left: list[SafeString] = []
    right: list[SafeString] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            shared = format_html("{}", _shortened(old[a:b]))
            left.append(shared)
            right.append(shared)
        else:
            left.append(_piece("".join(old[a:b]), "del"))
            right.append(_piece("".join(new[c:d]), "ins"))
    return Marked(_joined(left), _joined(right))


def _shortened(words: list[str]) -> str:
    """Return what both texts share; of a long piece its two ends."""
    if len(words) <= 3 * _SHOWN_AROUND:
        return "".join(words)
    return "".join([*words[:_SHOWN_AROUND], "\n[…]\n", *words[-_SHOWN_AROUND:]])


def _piece(text: str, tag: str) -> SafeString:
    return format_html(f"<{tag}>{{}}</{tag}>", text) if text else SafeString("")


def _joined(pieces: list[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((piece,) for piece in pieces))
