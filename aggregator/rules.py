"""What rules say of a headline. Pure: rules and headlines go in, verdicts come out."""

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import regex

PATTERN_TIMEOUT_S = 0.05
_WORD = regex.compile(r"[\w']+")
_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "`": "'", "′": "'"})


class Matchable(Protocol):
    """What is looked at of a headline."""

    title: str
    summary: str
    language: str
    outlet: str


class BadPatternError(ValueError):
    """A pattern is no regular expression; the message says where it goes wrong."""


def compile_pattern(pattern: str) -> "regex.Pattern[str]":
    """Return a compiled pattern; raises BadPatternError."""
    try:
        return regex.compile(pattern, regex.IGNORECASE | regex.UNICODE)
    except (regex.error, OverflowError, RecursionError) as error:
        raise BadPatternError(str(error)) from error


def folded(text: str) -> str:
    """Return ``text`` in the form in which texts are compared: one case, one kind of apostrophe."""
    text = unicodedata.normalize("NFC", text).translate(_APOSTROPHES)
    return " ".join(text.casefold().split())


@dataclass(frozen=True, slots=True)
class Text:
    """Title and summary of a headline, prepared once for all rules."""

    plain: str
    folded: str
    words: frozenset[str]

    @classmethod
    def of(cls, headline: Matchable) -> "Text":
        """Prepare a headline's text."""
        plain = f"{headline.title}\n{headline.summary}"
        comparable = folded(plain)
        return cls(plain, comparable, frozenset(_WORD.findall(comparable)))


@dataclass(frozen=True, kw_only=True)
class CompiledRule:
    """A rule that is ready to be asked. Empty conditions match everything."""

    pk: int
    action: str
    feeds: Collection[int] = frozenset()
    words: str = ""
    phrase: str = ""
    pattern: str = ""
    language: str = ""
    outlet: str = ""
    tag: str = ""
    collection_id: int | None = None

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(_WORD.findall(folded(self.words)))

    @cached_property
    def _phrase(self) -> str:
        return folded(self.phrase)

    @cached_property
    def _pattern(self) -> "regex.Pattern[str] | None":
        return compile_pattern(self.pattern) if self.pattern else None

    def matches(self, headline: Matchable, text: Text, *, feed_id: int) -> bool:
        """Whether all conditions hold; raises TimeoutError if the pattern takes too long."""
        return (
            (not self.feeds or feed_id in self.feeds)
            and _speaks(headline.language, self.language)
            and _is_on(headline.outlet, self.outlet)
            and self._words <= text.words
            and self._phrase in text.folded
            and self._pattern_is_in(text.plain)
        )

    def _pattern_is_in(self, plain: str) -> bool:
        if self._pattern is None:
            return True
        return self._pattern.search(plain, timeout=PATTERN_TIMEOUT_S) is not None


def _speaks(language: str, wanted: str) -> bool:
    language, wanted = language.lower(), wanted.strip().lower()
    return not wanted or language == wanted or language.startswith(f"{wanted}-")


def _is_on(outlet: str, wanted: str) -> bool:
    outlet, wanted = outlet.lower(), wanted.strip().lower().removeprefix("www.")
    return not wanted or outlet == wanted or outlet.endswith(f".{wanted}")


@dataclass(slots=True)
class Verdict:
    """What rules say of one headline."""

    dropped_by: int | None = None
    tags: list[str] = field(default_factory=list)
    collections: list[int] = field(default_factory=list)
    runaways: list[int] = field(default_factory=list)
    """Rules whose pattern took too long; they count as not matching."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing follows from it."""
        return not (self.dropped_by or self.tags or self.collections or self.runaways)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All active rules, in their order."""

    rules: tuple[CompiledRule, ...] = ()
    signature: object = None
    """What changes when the stored rules do."""

    def decide(self, headline: Matchable, *, feed_id: int) -> Verdict:
        """Ask the rules by position: the first that keeps or drops decides, the others add up."""
        verdict = Verdict()
        if not self.rules:
            return verdict
        text, is_decided = Text.of(headline), False
        for rule in self.rules:
            if rule.action in {"keep", "drop"} and is_decided:
                continue
            try:
                if not rule.matches(headline, text, feed_id=feed_id):
                    continue
            except TimeoutError:
                verdict.runaways.append(rule.pk)
                continue
            is_decided = is_decided or rule.action in {"keep", "drop"}
            _apply(rule, verdict)
        if verdict.dropped_by:
            verdict.tags, verdict.collections = [], []
        return verdict


NO_RULES = Rulebook()


def _apply(rule: CompiledRule, verdict: Verdict) -> None:
    match rule.action:
        case "drop":
            verdict.dropped_by = rule.pk
        case "tag" if rule.tag not in verdict.tags:
            verdict.tags.append(rule.tag)
        case "pick" if rule.collection_id and rule.collection_id not in verdict.collections:
            verdict.collections.append(rule.collection_id)


def matching(
    rule: CompiledRule, headlines: Iterable[tuple[Matchable, int]]
) -> tuple[list[Matchable], int]:
    """Return the headlines that a rule alone matches, and at how many its pattern took too long.

    Each headline comes with its feed's key. After the third runaway the rest is left out.
    """
    found, runaways = [], 0
    for headline, feed_id in headlines:
        try:
            if rule.matches(headline, Text.of(headline), feed_id=feed_id):
                found.append(headline)
        except TimeoutError:
            runaways += 1
            if runaways == 3:
                break
    return found, runaways
