"""Plain text, excerpts, hashtags and slugs. Pure functions; no model knows less than these."""

import html
import re
import unicodedata
from collections.abc import Callable

import nh3
from slugify import slugify
from text_unidecode import unidecode

ELLIPSIS = "…"
SLUG_MAX_LENGTH = 80
# Letters, digits and the apostrophe of Ukrainian words; a number alone is none.
HASHTAG = re.compile(r"(?<![\w&/#])#(?P<name>\w*[^\W\d_]\w*(?:[’ʼ']\w+)*)")

_BLOCK_EDGE = re.compile(
    r"<\s*(?:/?\s*(?:p|div|li|h[1-6]|tr|td|th|blockquote|pre|dt|dd|figcaption|caption)|br|hr)\b"
    r"[^>]{0,200}>",
    re.IGNORECASE,
)
# The two ends of a footnote, as static/js/editor/footnotes.js writes and clean_html() keeps them.
_FOOTNOTE_SIGN = re.compile(
    r'<sup><a href="#fn-\d{1,3}"[^>]{0,60}>\d{1,3}</a></sup>|'
    r'<a href="#fnref-\d{1,3}"[^>]{0,60}>↩</a>'
)
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_SPACE = re.compile(r"\s+")
# Bidirectional overrides and isolates: they can turn the words of the neighbours around.
_BIDI = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_MAX_MARKS = 3
_STRAY = frozenset({"Cc", "Cs", "Cn", "Co"})  # control, surrogate, unassigned, private use

# Ukraine, Cabinet of Ministers resolution no. 55 of 27 January 2010.
_UKRAINIAN = dict(
    zip(
        "абвгґдежзиіклмнопрстуфхцчшщ",
        "a b v h g d e zh z y i k l m n o p r s t u f kh ts ch sh shch".split(),
        strict=True,
    )
) | {"є": "ie", "ї": "i", "й": "i", "ю": "iu", "я": "ia", "ь": "", "’": "", "'": "", "ʼ": ""}
_UKRAINIAN_INITIAL = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
# Russian as readers of Latin URLs know it (ICAO 9303 with the usual й, э, ю, я).
_RUSSIAN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщыэюя",
        "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch y e yu ya".split(),
        strict=True,
    )
) | {"ъ": "", "ь": ""}
_UKRAINIAN_ONLY = frozenset("ґєії")


def plain_text(markup: str) -> str:
    """Turn HTML, or text that may hold HTML, into one line of clean text.

    Tags go (with the content of scripts and styles), entities are decoded once, control and
    bidirectional characters go, white space is folded.
    """
    if "<" in markup or "&" in markup:
        markup = nh3.clean(_BLOCK_EDGE.sub(" ", markup), tags=set())
        markup = html.unescape(markup)
    return clean_line(markup)


def words_of(body: str) -> str:
    """Return the plain text of a post's or page's cleaned HTML, without the signs of footnotes."""
    return plain_text(_FOOTNOTE_SIGN.sub("", body))


def clean_line(text: str) -> str:
    """Fold white space and drop the characters that break a line of text or its neighbours."""
    text = unicodedata.normalize("NFC", _SPACE.sub(" ", text))
    return _without_stray_characters(text).strip()


def _without_stray_characters(text: str) -> str:
    text = text.translate(_kept)
    return _without_piled_marks(text) if any(map(unicodedata.combining, text)) else text


class _KeptCharacters(dict[int, int | None]):
    """Which characters stay, learnt one by one: so that most texts are one pass in C."""

    def __missing__(self, code: int) -> int | None:
        character = chr(code)
        is_stray = unicodedata.category(character) in _STRAY or character in _BIDI
        return self.setdefault(code, None if is_stray else code)


_kept = _KeptCharacters()


def _without_piled_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if marks <= _MAX_MARKS:
            kept.append(character)
    return "".join(kept)


def excerpt(text: str, *, max_length: int = 200) -> str:
    """Cut plain text at the last word that fits into ``max_length`` characters, with one ``…``."""
    if len(text) <= max_length:
        return text
    cut = text[: max_length - 1]
    if not text[max_length - 1].isspace():
        head, space, _ = cut.rpartition(" ")
        cut = head if space else _without_split_grapheme(cut, following=text[max_length - 1])
    return cut.rstrip(" ,.;:!?–—-…«“(") + ELLIPSIS


def _without_split_grapheme(cut: str, *, following: str) -> str:
    while cut and (unicodedata.combining(following) or following == "\u200d"):
        cut, following = cut[:-1], cut[-1]
    return cut


def language_tag(code: str) -> str:
    """Return a language's code from outside if it is one (BCP 47), else ""."""
    return code if _LANGUAGE_TAG.fullmatch(code) else ""


def hashtags(title: str) -> list[str]:
    """Return the names of the ``#Hashtags`` in a title, each once, in their order."""
    return list(dict.fromkeys(match["name"] for match in HASHTAG.finditer(title)))


def transliterate(text: str, *, language: str = "") -> str:
    """Write Cyrillic in Latin letters: by the Ukrainian table of 2010, or as Russian.

    ``language`` decides ("uk", "ru"); without it a letter that only Ukrainian has does.
    """
    lowered = unicodedata.normalize("NFC", text).lower()
    is_ukrainian = language == "uk" or (language != "ru" and bool(_UKRAINIAN_ONLY & set(lowered)))
    return _ukrainian(lowered) if is_ukrainian else "".join(_RUSSIAN.get(c, c) for c in lowered)


def _ukrainian(text: str) -> str:
    latin: list[str] = []
    previous = " "
    for position, character in enumerate(text):
        if character == "г" and previous == "з":
            latin.append("gh")
        elif character in _UKRAINIAN_INITIAL and not (previous.isalpha() or previous in "’'ʼ"):
            latin.append(_UKRAINIAN_INITIAL[character])
        elif character in "’'ʼ" and not _is_inside_word(text, position):
            latin.append(" ")
        else:
            # Letters that only Russian has stand in quotations and names.
            latin.append(_UKRAINIAN.get(character, _RUSSIAN.get(character, character)))
        previous = character
    return "".join(latin)


def _is_inside_word(text: str, position: int) -> bool:
    return (
        0 < position < len(text) - 1
        and text[position - 1].isalpha()
        and text[position + 1].isalpha()
    )


def slug_for(text: str, *, language: str = "", fallback: str = "post") -> str:
    """Return a readable ASCII slug for a title in any script, or ``fallback``."""
    latin = unidecode(transliterate(text, language=language))
    slug = slugify(
        # An apostrophe marks a sound (Georgian, Armenian) or a contraction, never a new word.
        re.sub(r"[`'’]", "", latin),
        max_length=SLUG_MAX_LENGTH,
        word_boundary=True,
        save_order=True,
    )
    return slug or fallback


def free_slug(wanted: str, *, is_taken: Callable[[str], bool]) -> str:
    """Return ``wanted``, or the first of ``wanted-2``, ``wanted-3`` … that is not taken."""
    slug, number = wanted, 1
    while is_taken(slug):
        number += 1
        slug = f"{wanted}-{number}"
    return slug
