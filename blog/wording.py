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


@dataclass(frozen=True, slots=True)
class Marked:
    """Both texts with the words marked by <del> and <ins>, safe to show."""

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
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        left.append(_piece(gone, "del" if kind != "equal" else ""))
        right.append(_piece(come, "ins" if kind != "equal" else ""))
    return Marked(_joined(left), _joined(right))


def _piece(text: str, tag: str) -> SafeString:
    return format_html(f"<{tag}>{{}}</{tag}>", text) if text and tag else format_html("{}", text)


def _joined(pieces: list[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((piece,) for piece in pieces))
