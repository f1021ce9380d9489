"""Words that say nothing, and words that say the same in English, Ukrainian and Russian.

``concepts.txt`` has a line for each thing: a name for it, then its words in the three languages, in
any form that folds to another stem. A name in capitals is one of places, people and institutions,
whose spellings no transliteration brings together.
"""

from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


@cache
def stop_words() -> frozenset[str]:
    """Return the words that say nothing of an event, in lower case."""
    return frozenset(_read("stop_words.txt").split())


@cache
def numbers() -> dict[str, str]:
    """Return numbers, in digits, by the words for them."""
    return {word: number for number, words in _lines("numbers.txt") for word in words}


@cache
def concepts() -> dict[str, list[str]]:
    """Return words of three languages by the name of what they mean."""
    return dict(_lines("concepts.txt"))


def _lines(name: str) -> list[tuple[str, list[str]]]:
    lines = (line.replace(";", " ").split() for line in _read(name).splitlines())
    return [(first, rest) for first, *rest in lines]


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
