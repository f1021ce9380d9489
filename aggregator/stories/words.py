"""What a headline says, in marks that can be compared: words, names, numbers. Pure functions.

A mark is a stem of ``[a-z0-9]``, or ``=`` and a concept of the lexicon, ``#`` and a number, ``~``
and the consonants of a name, by which Трамп and Trump meet.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache

from aggregator.stories import lexicon
from aggregator.stories.titles import MOST_CHARACTERS, body_of, is_live, title_key
from blog.folding import WORD, fold

MOST_WORDS = 40
LONGEST_MARK = 24

_DOTTED = re.compile(r"\b(?:[A-Z]\.){2,}")
_NUMBER = re.compile(r"\d{1,3}(?:[ \u00a0,.]\d{3})+(?!\d)|\d+[.,]\d+|\d+")
_TOKEN = re.compile(rf"{_NUMBER.pattern}(?=[^\W\d]|\W|$)|{WORD.pattern}")
_UPPER = {"US": "usa", "PM": "pm"}
_LATIN_ENDING = re.compile("(?<=...)(?:ing|ed|er|es|e)$")
_CYRILLIC_ENDING = re.compile("(?<=..[aeiou])(?:(?<!i)v|[lt]|[vl]s|ts|l?is|tis)$")
_LONGEST_STEM = 8
_VOWELS = re.compile("[aeiou]")
_SHORTEST_SKELETON = 3
_UKRAINIAN = re.compile("[іїєґ]", re.IGNORECASE)
_RUSSIAN = re.compile("[ыэъё]", re.IGNORECASE)
_CYRILLIC = re.compile("[а-яіїєґё]", re.IGNORECASE)
_LATIN = re.compile("[a-z]", re.IGNORECASE)
_TITLE_CASE_FROM = 0.6


@dataclass(frozen=True, slots=True)
class Marks:
    """What is compared of a headline."""

    language: str = ""
    """``uk`` or ``ru``, else the script, or what the feed says of Latin letters."""
    words: frozenset[str] = frozenset()
    """Stems, concepts and numbers."""
    names: frozenset[str] = frozenset()
    """Those of ``words`` that are certainly names."""
    capitals: frozenset[str] = frozenset()
    """Those of ``words`` that begin with a capital, ``names`` among them."""
    skeletons: dict[str, str] = field(default_factory=dict, hash=False)
    """The consonants of those in ``capitals`` that have enough of them."""
    title_key: str = ""
    is_live: bool = False

    @property
    def numbers(self) -> frozenset[str]:
        """The numbers among the words."""
        return frozenset(word for word in self.words if word[0] == "#")


def marks_of(title: str, *, outlet: str = "", language: str = "") -> Marks:
    """Return what a headline says; nothing of a title without words."""
    body = body_of(title, outlet=outlet)
    tokens = list(_tokens(body))
    names, capitals = _names_among(tokens)
    return Marks(
        language=_language(body, language),
        words=frozenset(token.mark for token in tokens if token.mark),
        names=names,
        capitals=capitals,
        skeletons={one.mark: one.bones for one in tokens if one.bones and one.mark[0] != "="},
        title_key=title_key(title, outlet=outlet),
        is_live=is_live(title),
    )


def spelled(title: str, marks: frozenset[str], *, outlet: str = "") -> list[str]:
    """Return some marks of a title as they are written there, in its order, each once."""
    found: dict[str, str] = {}
    for token in _tokens(body_of(title, outlet=outlet)):
        if token.mark in marks or token.bones in marks:
            found.setdefault(token.mark, token.written)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Token:
    written: str
    mark: str
    """Empty for a word that says nothing."""
    bones: str = ""
    """The consonants of a word with a capital."""


def _tokens(body: str) -> Iterator[_Token]:
    text = _DOTTED.sub(lambda dotted: dotted[0].replace(".", ""), body[:MOST_CHARACTERS])
    for count, match in enumerate(_TOKEN.finditer(text)):
        if count >= MOST_WORDS:
            return
        yield _token(match[0])


@lru_cache(maxsize=20_000)  # the same words come again and again
def _token(written: str) -> _Token:
    mark = _mark(written)
    return _Token(written, mark, _skeleton(written) if mark else "")


def _mark(written: str) -> str:
    if written[0].isdigit() and _NUMBER.fullmatch(written):
        return f"#{_number(written)}"[:LONGEST_MARK]
    word = _UPPER.get(written, written.casefold())
    if (number := lexicon.numbers().get(word)) is not None:
        return f"#{number}"
    if word in lexicon.stop_words():
        return ""
    concept = _concepts().get((fold(word), word.isascii()))
    return concept or _stem(word)


def _number(written: str) -> str:
    """Return 1,200 and 1 200 as 1200, 1,5 and 1.5 as 1.5."""
    parts = re.split(r"[ \u00a0,.]", written)
    if len(parts) > 1 and all(len(part) == 3 for part in parts[1:]):
        return "".join(parts)
    return ".".join(part.lstrip("0") or "0" for part in parts)


def _stem(word: str) -> str:
    stem = fold(word)
    ending = _LATIN_ENDING if word.isascii() else _CYRILLIC_ENDING
    stem = ending.sub("", stem)[:_LONGEST_STEM]
    return stem if len(stem) > 1 else ""


def _names_among(tokens: list[_Token]) -> tuple[frozenset[str], frozenset[str]]:
    """Return which marks are names, and which begin with a capital.

    Where most words do, as in many English headlines, a capital says nothing; nor does that of
    the first word. Places and institutions of the lexicon are names however they are written.
    """
    said = [token for token in tokens if token.mark and token.mark[0] != "#"]
    capital = [token for token in said if token.written[0].isupper()]
    capitals = {token.mark for token in capital}
    words = [token for token in tokens if token.written[0].isalpha()]
    upper = sum(token.written[0].isupper() for token in words)
    is_title_case = len(words) > 2 and upper > _TITLE_CASE_FROM * len(words)
    sure = set() if is_title_case else {token.mark for token in capital if token is not words[0]}
    known = {token.mark for token in said if token.mark[0] == "=" and token.mark[1:].isupper()}
    names = {mark for mark in sure | known if not (mark[0] == "=" and mark not in known)}
    return frozenset(names), frozenset(capitals | known)


def _skeleton(written: str) -> str:
    """Return the consonants of a word with a capital, if it has enough: Трамп and Trump."""
    if not written[0].isupper():
        return ""
    bones = _VOWELS.sub("", fold(written).replace("ts", "z").replace("c", "k"))
    if bones.startswith("g"):  # Горбенко, Horbenko
        bones = f"h{bones[1:]}"
    return f"~{bones}"[:LONGEST_MARK] if len(bones) >= _SHORTEST_SKELETON else ""


def _language(text: str, said: str) -> str:
    """Return what tells languages apart; letters are believed before the feed."""
    said = said[:2].casefold()
    if not _CYRILLIC.search(text):
        return said if said and said not in {"uk", "ru"} else "latin"
    if len(_LATIN.findall(text)) > len(_CYRILLIC.findall(text)):
        return "latin"
    if _UKRAINIAN.search(text):
        return "uk"
    if _RUSSIAN.search(text):
        return "ru"
    return said if said in {"uk", "ru"} else "cyrillic"


@cache
def _concepts() -> dict[tuple[str, bool], str]:
    """Return concepts by the folding of their words, and whether these are in Latin letters."""
    found: dict[tuple[str, bool], str] = {}
    for name, words in lexicon.concepts().items():
        for word in words:
            found.setdefault((fold(word), word.isascii()), f"={name}")
    return found
