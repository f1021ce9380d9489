"""What a reader typed, as a query: words, "phrases" and -words; everything else is taken literally.

Any text is a query, if perhaps an empty one. A query is a tree of the library's own classes, which
each backend writes in its database's language; every leaf holds stems of ``[a-z0-9]`` alone.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property

from modelsearch.query import And, Not, Or, Phrase, PlainText, SearchQuery

from blog.folding import WORD, fold, other_spelling

LONGEST = 200
MOST_WORDS = 10

_CHUNK = re.compile(r'(?P<minus>(?<!\S)[-−])?(?:"(?P<phrase>[^"]*)"?|(?P<words>[^\s"]+))')
_QUOTES = str.maketrans("“”„«»‟", '""""""')


class Marked(SearchQuery):  # type: ignore[misc]  # the library has no types
    """Rows that bear a mark, such as the year ``y2026`` or the section ``c7``."""

    def __init__(self, mark: str) -> None:
        self.mark = mark

    def __repr__(self) -> str:
        return f"<Marked {self.mark}>"


@dataclass(frozen=True, slots=True)
class Clause:
    """Words that must stand together, or must not be there."""

    stems: tuple[str, ...]
    is_excluded: bool = False
    other: str = ""
    """Another stem that a single word may have; see folding.other_spelling."""
    typed: str = field(default="", compare=False)

    @property
    def leaf(self) -> SearchQuery:
        """The clause in the library's terms."""
        if len(self.stems) > 1:
            return Phrase(" ".join(self.stems))
        if self.other:
            return Or([PlainText(self.stems[0]), PlainText(self.other)])
        return PlainText(self.stems[0])


@dataclass(frozen=True)
class Query:
    """What is looked for."""

    text: str
    """What was typed, without what no page can show."""
    clauses: tuple[Clause, ...] = ()

    @cached_property
    def wanted(self) -> list[Clause]:
        """What must be there; without any nothing is found."""
        return [clause for clause in self.clauses if not clause.is_excluded]

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all wanted words, in each of their spellings."""
        return frozenset(
            stem for clause in self.wanted for stem in (*clause.stems, clause.other) if stem
        )

    def without(self, clause: Clause) -> str:
        """Return what would have been typed without a clause."""
        return " ".join(other.typed for other in self.clauses if other != clause)

    def tree(self, *marks: str) -> SearchQuery:
        """Return the query for rows that bear all ``marks``; needs a wanted clause."""
        excluded = [Not(clause.leaf) for clause in self.clauses if clause.is_excluded]
        return And([*(clause.leaf for clause in self.wanted), *map(Marked, marks), *excluded])


def parse(typed: str) -> Query:
    """Return the query for whatever was typed."""
    text = _presentable(typed)
    clauses: dict[Clause, None] = {}
    left = MOST_WORDS
    for chunk in _CHUNK.finditer(text.translate(_QUOTES)):
        words = WORD.findall(chunk["phrase"] or chunk["words"] or "")[:left]
        clause = _clause(words, is_excluded=bool(chunk["minus"]), typed=chunk[0])
        if clause.stems:
            clauses[clause] = None
            left -= len(words)
    return Query(text, tuple(clauses))


def _presentable(typed: str) -> str:
    """Return what may be shown and kept in an address: no control characters, no surrogates."""
    text = typed[:LONGEST].encode("utf-8", "ignore").decode()
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _clause(words: list[str], *, is_excluded: bool, typed: str) -> Clause:
    stems = tuple(stem for stem in map(fold, words) if stem)
    other = other_spelling(words[0]) if len(stems) == 1 else ""
    return Clause(stems, is_excluded=is_excluded, other=other, typed=typed)
