"""One spelling for all: the stem of a word in Latin letters, whichever alphabet it is written in.

Readers look for Київ, Kyiv and Киев and mean one city. Words of the index and of a query go through
the same folding, so it need not be right, only the same for what is meant to meet: letters of
Ukrainian and Russian become Latin, transliterations of one sound become one letter, doubled letters
one, and the endings of nouns and adjectives fall. Words of other scripts are transliterated.
"""

import re
import unicodedata

from text_unidecode import unidecode

VERSION = 1
"""Another one has every index built anew."""
LONGEST_WORD = 64
"""So many characters of a word count."""

_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_LETTER = rf"[^\W_{_IDEOGRAPHS}]"
WORD = re.compile(rf"{_LETTER}+(?:['’ʼ`′]{_LETTER}+)*|[{_IDEOGRAPHS}]")
"""A word as it is written: letters and digits, apostrophes within. An ideograph is one."""

_APOSTROPHES = str.maketrans("", "", "'’ʼ`′ьъ")
_POSSESSIVE = re.compile(r"['’ʼ]s$")
_CYRILLIC = str.maketrans(
    dict(
        zip(
            "абвгґдеёєжзиіїйклмнопрстуфхцчшщыэюяўј",
            "a b v g g d e e ie z z i i i i k l m n o p r s t u f kh ts ch sh sh i e iu ia u "
            "i".split(),
            strict=True,
        )
    )
)
_LETTERS = str.maketrans({"w": "v", "q": "k", "y": "i", "j": "i", "x": "ks"})
_WITH_H = (
    # Several letters for one sound; kh is x until g and h are told apart.
    (re.compile("shch|sch"), "sh"),
    (re.compile("zh"), "z"),
    (re.compile("kh"), "x"),
    (re.compile("gh"), "g"),
    (re.compile("ph"), "f"),
    # Ukrainian г is h in Latin letters, Russian г is g; not where h belongs to the letter before.
    (re.compile("(?<=[aeiouvlmndb])h"), "g"),
    (re.compile("x"), "h"),
)
_DOUBLED = re.compile(r"(.)\1+")
_SOFT = re.compile("[ie]{2,}")  # Київ, Киев, Kyiv, Kiev; -ий, -ый, -y, -yi, -iy
_ENDING = re.compile("(?<=...)(?:ami|imi|ogo|ego|omu|emu|am|ah|om|em|im|ih|[aeiou]+)$")
_SHORTEST = 4
_STRAY = re.compile("[^a-z0-9]+")

_MOST_KNOWN = 300_000
_known: dict[str, str] = {}


def fold(word: str) -> str:
    """Return the stem of one word in ``[a-z0-9]``; empty for a word without a letter or digit."""
    stem = _known.get(word)
    if stem is None:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        stem = _known[word] = _fold(word)
    return stem


def _fold(word: str) -> str:
    word = word[:LONGEST_WORD].casefold()
    if not word.isalnum():
        word = _POSSESSIVE.sub("", word)
    latin = _in_latin(word.translate(_APOSTROPHES))
    if latin.isdigit():
        return latin
    latin = latin.translate(_LETTERS).replace("ck", "k")
    if "h" in latin:
        for spelling, letters in _WITH_H:
            latin = spelling.sub(letters, latin)
    latin = _DOUBLED.sub(r"\1", latin)
    if latin.startswith("ie"):
        latin = latin[1:]
    return _stem(_SOFT.sub("i", latin))


def _in_latin(word: str) -> str:
    latin = word if word.isascii() else word.translate(_CYRILLIC)
    if latin.isascii():
        return latin
    decomposed = unicodedata.normalize("NFKD", latin).translate(_CYRILLIC)
    return _STRAY.sub("", unidecode(decomposed).casefold())


def _stem(latin: str) -> str:
    if latin.endswith("s") and len(latin) > _SHORTEST:
        latin = latin[:-1]
    stem = _ENDING.sub("", latin)
    # Харьков, Харків, Харкова
    is_place = stem.endswith(("ov", "ev")) and len(stem) >= _SHORTEST
    return f"{stem[:-2]}iv" if is_place else stem


def stems_of(text: str, *, most: int) -> list[str]:
    """Return the stems of the first ``most`` words of a text, in their order."""
    stems = map(fold, WORD.findall(text)[:most])
    return [stem for stem in stems if stem]


def other_spelling(word: str) -> str:
    """Return the stem of a Cyrillic word whose first letter is h elsewhere: Гамбург, Hamburg.

    Empty for all others. Latin words keep g and h apart at their beginning: gold is not hold.
    """
    if word[:1] not in {"г", "Г"}:
        return ""
    stem = fold(word)
    return f"h{stem[1:]}" if stem.startswith("g") else ""
