"""The whole text of a post as a mail may hold it: no pictures, nothing from elsewhere."""

import re

import nh3

from blog.text import words_of

TAGS = frozenset(
    "p br hr h2 h3 h4 strong b em i u s sub sup small mark code pre kbd blockquote q cite "
    "ul ol li dl dt dd a table caption thead tbody tr th td".split()
)
_ATTRIBUTES = {"*": {"lang", "dir"}, "a": {"href"}, "ol": {"start"}}
_FOOTNOTE = re.compile(r'<a href="#[^"]*"[^>]*>(.*?)</a>')
_BLOCK_EDGE = re.compile(r"</?(?:p|h[2-4]|hr|blockquote|pre|[uod]l|li|d[td]|t[hdr]|caption)[^>]*>")

_IN_TEXT = (
    (re.compile(r'<a href="(https?:[^"]+)"[^>]*>(.*?)</a>'), r"\2 (\1)"),
    (re.compile(r"<li[^>]*>\s*(?:<p[^>]*>)?"), "<li>• "),
    (re.compile(r"</t[dh]>\s*<t[dh][^>]*>"), " · "),
)


def mail_html(body: str, *, link: str) -> str:
    """Return the cleaned HTML of the post at ``link`` for its mail: every address absolute."""
    without_notes = _FOOTNOTE.sub(r"\1", body)
    return nh3.clean(
        without_notes,
        tags=set(TAGS),
        clean_content_tags={"figure", "script", "style"},
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
        url_relative=("rewrite_with_base", link),
    ).strip()


def mail_text(markup: str) -> str:
    """Return the same as plain text, a blank line between its paragraphs.

    Where links lead stands behind them; the cells of a row stand beside each other.
    """
    for pattern, words in _IN_TEXT:
        markup = pattern.sub(words, markup)
    blocks = map(words_of, _BLOCK_EDGE.split(markup))
    return "\n\n".join(block for block in blocks if block)
