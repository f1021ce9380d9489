"""What was typed becomes a query: words, phrases, minus words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.folding import fold
from newsandtimes.search.query import LONGEST, MOST_WORDS, parse


def parts(typed):
    """Return the clauses, as what was typed for each would be written plainly."""
    return [("-" * c.is_excluded) + " ".join(c.stems) for c in parse(typed).clauses]


def stems(*clauses):
    """Return clauses of plain words, as parts() does."""
    return [
        "-" * c.startswith("-") + " ".join(fold(word) for word in c.lstrip("-").split())
        for c in clauses
    ]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("harbour lights", ["harbour", "lights"]),
        ('"harbour lights" night', ["harbour lights", "night"]),
        ("harbour -lights", ["harbour", "-lights"]),
        ('harbour -"night lights"', ["harbour", "-night lights"]),
        ("harbour −lights", ["harbour", "-lights"]),
        ("«harbour lights»", ["harbour lights"]),
        ('harbour "lights at', ["harbour", "lights at"]),
        ("night-time", ["night time"]),
        ("well - known", ["well", "known"]),
        ("harbour harbour Harbour", ["harbour"]),
        ("AND OR NOT NEAR(", ["and", "or", "not", "near"]),
        ("title: har* ^x {a} (b)", ["title", "har", "x", "a", "b"]),
        ("", []),
        ("   ", []),
        ('"" - "', []),
        ("😀 !!! %%%", []),
        ("-only -minus", ["-only", "-minus"]),
    ],
)
def test_typed_text_becomes_clauses(typed, expected):
    assert parts(typed) == stems(*expected)


def test_only_a_part_of_endless_text_counts():
    query = parse("слово й " * 2_000)
    assert len(query.text) <= LONGEST
    many = parse(" ".join(f"w{n}" for n in range(100)))
    assert [c.stems for c in many.clauses] == [(f"v{n}",) for n in range(MOST_WORDS)]


def test_what_is_shown_again_has_no_control_characters_and_no_surrogates():
    assert parse("a\x00b\u202e c\ud800\x1f d").text == "a b c d"


def test_a_clause_can_be_taken_out():
    query = parse('harbour "night lights" -fog')
    assert [query.without(clause) for clause in query.clauses] == [
        '"night lights" -fog',
        "harbour -fog",
        'harbour "night lights"',
    ]


@given(st.text(alphabet=st.characters(), max_size=300))
def test_every_text_is_a_query_of_plain_stems(typed):
    query = parse(typed)
    query.text.encode()
    for clause in query.clauses:
        assert clause.stems
        assert all(re.fullmatch("[a-z0-9]+", stem) for stem in clause.stems)
